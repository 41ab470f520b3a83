"""pyk4a's exceptions, which are ours too: they carry the C function, its code and what the library logged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ...errors import EndOfRecording, K4AError, K4ATimeoutError

__all__ = ["K4AException", "K4ATimeoutException"]


class K4AException(K4AError):
    """Something failed; the message says what, and why."""


class K4ATimeoutException(K4AException, K4ATimeoutError):
    """Nothing arrived in time."""


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Let what our classes raise arrive as pyk4a's exceptions. The end of a recording is an EOFError in both."""
    try:
        yield
    except (EndOfRecording, K4AException):
        raise
    except (K4AError, ValueError, OSError) as error:
        kind = K4ATimeoutException if isinstance(error, K4ATimeoutError) else K4AException
        known = error if isinstance(error, K4AError) else K4AError()
        raise kind(str(error), call=known.call, code=known.code, native_messages=known.native_messages) from error
