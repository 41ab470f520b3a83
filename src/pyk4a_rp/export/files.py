"""Writing a file so that it is there completely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["write_whole"]


def write_whole(path: str | os.PathLike[str], parts: Iterable[Buffer]) -> None:
    """Write a file beside its place and move it there when it is complete; an older file stays until then.

    Parameters
    ----------
    path
        The file. A link is followed.
    parts
        What to write, one after the other.

    Raises
    ------
    OSError
        It cannot be written; nothing is left of it then. The error names `path`.
    """
    target = os.path.realpath(path)
    try:
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as file:  # a pipe, say, which nothing can take the place of
                file.writelines(parts)
            return
        folder, name = os.path.split(target)
        beside = os.path.join(folder, f".{name[:100]}.{secrets.token_hex(4)}.part")
        try:
            with open(beside, "xb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())  # some systems say only now that the disk is full
            os.replace(beside, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise
    except OSError as error:
        if error.errno is None:
            raise
        raise type(error)(error.errno, error.strerror, os.fspath(path)) from error
