"""What the classes raise, and the one place where a result code becomes an exception.

The flat layer returns codes; every class method that calls it hands the code to `check`. Beside the exceptions below
the classes raise what Python code expects: `FileNotFoundError` and its kin for files, `ValueError` for closed objects
and impossible values, `TypeError` for wrong types.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from ._provider import Provider

__all__ = [
    "EndOfRecording",
    "K4AError",
    "K4ATimeoutError",
    "NotSupportedError",
    "ProviderError",
    "RecordingError",
    "check",
    "fail",
    "take_messages",
]


class K4AError(RuntimeError):
    """A call into a native library failed.

    Parameters
    ----------
    message
        What was tried, on what, and why it failed.
    call
        Name of the C function, None if there was none.
    code
        What it returned, None if it returns no code.
    native_messages
        What the library logged meanwhile, oldest first.

    Attributes
    ----------
    call : str or None
    code : int or None
    native_messages : tuple of str
    """

    def __init__(
        self,
        message: str = "",
        *,
        call: str | None = None,
        code: int | None = None,
        native_messages: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.call = call
        self.code = code
        self.native_messages = tuple(native_messages)


class K4ATimeoutError(K4AError, TimeoutError):
    """Nothing arrived in the time given."""


class EndOfRecording(K4AError, EOFError):
    """There is nothing after (before) the current position of the recording."""


class RecordingError(K4AError, ValueError):
    """A recording, or something in it, cannot be read."""


class ProviderError(K4AError, ImportError):
    """A native library was not found or could not be loaded."""


class NotSupportedError(K4AError, NotImplementedError):
    """The provider cannot do this."""


def take_messages(provider: Provider) -> tuple[str, ...]:
    """Return what the library had to say in this thread's last call, for `fail` after other calls."""
    from ._provider import _take_messages  # the loader raises our ProviderError, so not at the top

    return tuple(text for _, text in _take_messages(provider))


def fail(
    message: str,
    call: str,
    *,
    provider: Provider | None = None,
    code: int | None = None,
    error: type[K4AError] = K4AError,
    messages: tuple[str, ...] | None = None,
) -> NoReturn:
    """Raise `error`: the message, then what the library itself had to say about it.

    Parameters
    ----------
    message
        What was tried, and on what.
    call
        Name of the C function that failed.
    provider
        Whose function it was; its pending log messages go with the exception.
    code
        What it returned.
    error
        What to raise.
    messages
        What the library said, where it was called again since; None takes what there is.
    """
    if messages is None:
        messages = () if provider is None else take_messages(provider)
    lines = [f"{message} ({call})" if provider is None else f"{message} ({call}, provider {provider.name!r})"]
    lines += [text for text in dict.fromkeys(messages) if text not in message]
    raise error("\n  ".join(lines), call=call, code=code, native_messages=messages)


def check(
    code: int,
    call: str,
    message: str,
    *,
    provider: Provider | None = None,
    error: type[K4AError] = K4AError,
) -> None:
    """Return if `code` says success (0 in every result type of the ABI), else raise `error`. Parameters as `fail`."""
    if code:
        fail(message, call, provider=provider, code=int(code), error=error)
