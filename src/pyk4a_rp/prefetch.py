"""Captures that native threads read and decode ahead of the loop that uses them."""

from __future__ import annotations

import atexit
import operator
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from . import _color, _extensions
from .capture import Capture
from .captures import Captures
from .errors import RecordingError, fail

if TYPE_CHECKING:
    from .playback import Playback

__all__ = ["Prefetch"]

_FAILED, _END = 1, 2  # k4a_rp_prefetch_result_t

# What the engine accepts.
_LIMITS = {"depth": 4096, "threads": 64}

_SLICE_MS = 100  # so that Ctrl-C and close() from another thread are heard

# Native threads must not outlive the interpreter's wish to end.
_running: weakref.WeakSet[Prefetch] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    for prefetch in list(_running):
        prefetch.close()


class Prefetch(Iterator[Capture]):
    """Captures in order, read and decoded ahead on native threads; made by `Playback.prefetch`, `Captures.prefetch`.

    An iterator. It stops its threads when it is exhausted, closed, or no longer used, as after a `break`; the playback
    then stands behind the last capture that was taken, as if there had been no reading ahead. Seeking the playback in
    between is allowed: the next capture is then the one at the new position.

    Memory holds at most `depth` captures beside those in use: for MJPG_1080P converted to BGRA32 with NFOV_UNBINNED
    depth and IR about 10 MB each.

    With providers other than `bundled` captures are read when they are asked for.
    """

    def __init__(
        self,
        playback: Playback,
        *,
        depth: int | None = None,
        threads: int | None = None,
        indices: range | None = None,
    ) -> None:
        depth, threads = _count(depth, "depth"), _count(threads, "threads")
        self._playback = playback
        self._handle: _color.PrefetchHandle | None = None
        self._plain: Iterator[Capture] | None = None
        if not _extensions.available(playback.handle):
            self._plain = iter(playback if indices is None else Captures(playback, indices))
            return
        result, self._handle = _color.prefetch_create(
            playback.handle,
            depth,
            threads,
            indexed=indices is not None,
            first=indices.start if indices else 0,
            step=indices.step if indices else 1,
            count=len(indices) if indices else 0,
        )
        if self._handle is None:
            fail(f"{playback.path}: captures cannot be read ahead", "k4a_rp prefetch_create",
                 provider=playback.provider, code=result)  # fmt: skip
        _running.add(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Prefetch stands for running threads and cannot be pickled or copied")

    @property
    def closed(self) -> bool:
        """Whether the threads have been stopped."""
        return self._handle is None and self._plain is None

    def close(self) -> None:
        """Stop the threads. Does nothing the second time."""
        handle, self._handle, self._plain = self._handle, None, None
        if handle is not None:
            handle.release()
        _running.discard(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Capture:
        # Read once for each turn: another thread may close this.
        if (plain := self._plain) is not None:
            return next(plain)
        while (handle := self._handle) is not None:
            self._playback.handle  # noqa: B018 - raises when the playback is closed
            result, capture = _color.prefetch_next(handle, _SLICE_MS)
            if capture is not None:
                return Capture._wrap(capture, self._playback._get_calibration)
            if result == _END:
                self.close()
            elif result == _FAILED and self._handle is not None:
                self._playback.handle  # noqa: B018
                fail(f"{self._playback.path}: a capture cannot be read", "k4a_rp prefetch_next",
                     provider=self._playback.provider, code=result, error=RecordingError)  # fmt: skip
        raise StopIteration

    def __repr__(self) -> str:
        return f"<Prefetch of {self._playback!r}{', closed' if self.closed else ''}>"


def _count(value: int | None, name: str) -> int:
    """A number that was given, 0 for None."""
    if value is None:
        return 0
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int or None, not {type(value).__name__}") from None
    if not 1 <= number <= _LIMITS[name]:
        raise ValueError(f"{name} must be at least 1 and at most {_LIMITS[name]}, not {number}")
    return number
