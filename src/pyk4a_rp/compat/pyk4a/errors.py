"""pyk4a's exceptions, which are ours too: they carry the C function, its code and what the library logged."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from ...errors import EndOfRecording, K4AError, K4ATimeoutError

__all__ = ["K4AException", "K4ATimeoutException"]

RAISED = (K4AError, ValueError, OSError)


class K4AException(K4AError):
    """Something failed; the message says what, and why.

    Parameters
    ----------
    *args
        What it is about, as of any exception.
    call, code, native_messages
        As of `pyk4a_rp.K4AError`.
    """

    def __init__(
        self, *args: object, call: str | None = None, code: int | None = None, native_messages: Iterable[str] = ()
    ) -> None:
        super().__init__(call=call, code=code, native_messages=native_messages)
        self.args = args


class K4ATimeoutException(K4AException, K4ATimeoutError):
    """Nothing arrived in time."""


def check_type(name: str, value: object, kind: type, words: str = "") -> None:
    """Raise TypeError with a message that names what is wrong.

    Parameters
    ----------
    name, value
        What was given.
    kind
        What it must be.
    words
        What to call that; a kind's name, if nothing.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {words or f'a {kind.__name__}'}, not {value!r}")


class translated:
    """Let what our classes raise arrive as pyk4a's exceptions. The end of a recording is an EOFError in both.

    Parameters
    ----------
    kinds
        What to translate; all that our classes raise, but for wrong types.
    """

    # Not a generator: contextlib keeps what was caught in a frame that what was caught refers to (CPython 3.13), and
    # with it cameras and files until the garbage is collected.

    def __init__(self, kinds: type[Exception] | tuple[type[Exception], ...] = RAISED) -> None:
        self._kinds = kinds

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not isinstance(error, self._kinds) or isinstance(error, EndOfRecording | K4AException):
            return
        kind = K4ATimeoutException if isinstance(error, K4ATimeoutError) else K4AException
        known = error if isinstance(error, K4AError) else K4AError()
        try:
            raise kind(str(error), call=known.call, code=known.code, native_messages=known.native_messages) from error
        finally:
            del error, known, traceback  # this frame is in the traceback of what is raised
