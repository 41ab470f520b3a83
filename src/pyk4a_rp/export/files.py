"""Writing a file so that it is there completely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
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
        The file. A link is followed; a file that is replaced hands on its mode.
    parts
        What to write, one after the other.

    Raises
    ------
    OSError
        It cannot be written; nothing is left of it then. The error names `path`.
    """
    try:
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            # A pipe, say, which nothing can take the place of; the real path of /dev/stdout may be none that opens.
            with open(path, "wb") as file:
                file.writelines(parts)
            return
        target = os.path.realpath(path)
        # Without the name of the file, which may be as long as a name can be.
        beside = os.path.join(os.path.dirname(target), f".{secrets.token_hex(8)}.part")
        try:
            with open(beside, "xb") as file:
                if mode is not None:
                    os.chmod(beside, stat.S_IMODE(mode))
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


def _mode(path: str | os.PathLike[str]) -> int | None:
    """Kind and permissions of what is there, None where nothing is."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None
