"""All captures of a recording as a sequence, independent of the position of its playback."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt

from . import _extensions
from . import k4a as _k
from .capture import Capture
from .enums import SeekOrigin
from .errors import RecordingError, fail

if TYPE_CHECKING:
    from .k4a import PlaybackHandle
    from .playback import Playback
    from .prefetch import Prefetch

__all__ = ["NO_TIMESTAMP", "TIMESTAMPS_DTYPE", "Captures"]

NO_TIMESTAMP = -1
"""Stands in `Captures.timestamps_usec` where a capture has no such image."""

TIMESTAMPS_DTYPE = np.dtype([("color", "<i8"), ("depth", "<i8"), ("ir", "<i8")])


class Captures(Sequence[Capture]):
    """The captures of a recording, grouped from its beginning to its end; found in `Playback.captures`.

    Indices may be negative, slices are sequences again, and nothing here moves the position of the playback. The first
    access finds out what captures there are: with provider `bundled` from the headers of the frames, with others by
    reading the recording once.

    With provider `bundled` an image that cannot be read is missing in its capture, and one line is logged. Only a
    capture of which nothing can be read raises `RecordingError`; an iterator goes on behind it. Others raise where any
    image cannot be read.

    Examples
    --------
    >>> from pyk4a_rp import Playback
    >>> with Playback("session.mkv") as playback:
    ...     len(playback.captures)
    ...     playback.captures[-1].depth.device_timestamp_usec
    ...     playback.captures[::2].timestamps_usec["color"].tolist()
    3
    1066666
    [1000000, 1066666]
    """

    def __init__(self, playback: Playback, indices: range | None = None) -> None:
        self._playback = playback
        self._indices = indices

    def _range(self) -> range:
        # Looked up when it is needed: counting may take a while.
        if self._indices is None:
            self._indices = range(self._playback._captures.count(self._playback))
        return self._indices

    def __len__(self) -> int:
        return len(self._range())

    @overload
    def __getitem__(self, index: int) -> Capture: ...
    @overload
    def __getitem__(self, index: slice) -> Captures: ...
    def __getitem__(self, index: int | slice) -> Capture | Captures:
        if isinstance(index, slice):
            return Captures(self._playback, self._range()[index])
        indices = self._range()
        try:
            number = indices[index]
        except IndexError:
            raise IndexError(f"capture {index} of {len(indices)}") from None
        return self._playback._captures.capture(self._playback, number)

    def __iter__(self) -> Iterator[Capture]:
        # Not a generator: after a capture that cannot be read the next one can be asked for.
        playback = self._playback
        return map(lambda number: playback._captures.capture(playback, number), self._range())

    def __reversed__(self) -> Iterator[Capture]:
        return iter(self[::-1])

    def prefetch(self, depth: int | None = None, threads: int | None = None) -> Prefetch:
        """These captures, read and decoded ahead on native threads; see `Playback.prefetch`. No position moves.

        When `Playback.color_format` is set meanwhile, the captures that follow have it.
        """
        from .prefetch import Prefetch

        return Prefetch(self._playback, depth=depth, threads=threads, indices=self._range())

    @property
    def timestamps_usec(self) -> npt.NDArray[Any]:
        """When the images were taken.

        Returns
        -------
        numpy.ndarray
            Shape (captures,), structured, fields `color`, `depth` and `ir`: int64 microseconds of device time, -1
            where a capture has no such image. Reads no pixels with provider `bundled`, so that images which turn out
            to be unreadable have a time here, too.

        Raises
        ------
        RecordingError
            The recording cannot be read.
        """
        timestamps = self._playback._captures.timestamps(self._playback)
        indices = self._range()
        return timestamps[np.asarray(indices, np.intp)] if self._indices is not None and indices else timestamps[:0]

    def __repr__(self) -> str:
        count = "" if self._indices is None else f"{len(self._indices)} "
        return f"<{count}captures of {self._playback!r}>"


class NativeSource:
    """Captures by number from a provider that has an index of its own."""

    def count(self, playback: Playback) -> int:
        handle = playback.handle
        result, count = _extensions.playback_get_capture_count(handle)
        if count is None:
            playback._fail(handle, ": the captures cannot be counted", "k4a_rp playback_get_capture_count", result)
        return count

    def capture(self, playback: Playback, index: int) -> Capture:
        handle = playback.handle
        result, found = _extensions.playback_get_capture_at(handle, index)
        if found is None:
            playback._fail(handle, f": capture {index} cannot be read", "k4a_rp playback_get_capture_at", result)
        return Capture._wrap(found, playback._get_calibration)

    def timestamps(self, playback: Playback) -> npt.NDArray[Any]:
        count = self.count(playback)
        handle = playback.handle
        result, timestamps = _extensions.playback_get_capture_timestamps(handle, 0, count)
        if timestamps is None:
            call = "k4a_rp playback_get_capture_timestamps"
            playback._fail(handle, ": the timestamps of the captures cannot be read", call, result)
        # K4A_RP_NO_TIMESTAMP is all ones, which is -1.
        return np.frombuffer(timestamps, TIMESTAMPS_DTYPE)

    def close(self) -> None:
        pass


class CursorSource:
    """Captures by number from a provider that can only step and seek: a second handle does that.

    After a seek a provider may group images otherwise than it did coming from the beginning (they belonged to the
    capture before, say). So what a seek finds is compared with the index, and if it is not the capture wanted, the same
    is tried from further and further back; the beginning is sure to lead there.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: PlaybackHandle | None = None
        self._timestamps: npt.NDArray[Any] | None = None
        self._position: int | None = None  # number of the capture that comes next
        self._color_format: int | None = None

    def count(self, playback: Playback) -> int:
        return len(self.timestamps(playback))

    def timestamps(self, playback: Playback) -> npt.NDArray[Any]:
        with self._lock:
            return self._index(playback)

    def capture(self, playback: Playback, index: int) -> Capture:
        with self._lock:
            self._index(playback)
            handle = self._require(playback)
            playback._convert_color(handle, self._color_format)
            self._color_format = playback.color_format
            if self._position == index and (capture := self._step(playback, handle, index)) is not None:
                return capture
            back = 0
            while True:
                start = max(index - back, 0)
                if (capture := self._seek(playback, handle, start, index)) is not None:
                    return capture
                if start == 0:
                    fail(f"{playback.path}: capture {index} was not found again", "k4a_playback_get_next_capture",
                         provider=playback.provider, error=RecordingError)  # fmt: skip
                back = 2 * back or 1

    def close(self) -> None:
        with self._lock:
            if self._handle is not None:
                self._handle.release()
                self._handle = None

    def _require(self, playback: Playback) -> PlaybackHandle:
        playback.handle  # noqa: B018 - raises when the playback is closed
        if self._handle is None:
            self._handle = playback._open_handle()
            self._color_format = playback.configuration.color_format
        return self._handle

    def _index(self, playback: Playback) -> npt.NDArray[Any]:
        if self._timestamps is None:
            handle = self._require(playback)
            found = []
            while (capture := playback._step_capture(handle, forwards=True)) is not None:
                found.append(_timestamps_of(capture))
                self._require(playback)  # close() waits for us
            self._timestamps = np.array(found, TIMESTAMPS_DTYPE)
            self._timestamps.flags.writeable = False
            self._position = None
        return self._timestamps

    def _step(self, playback: Playback, handle: PlaybackHandle, index: int) -> Capture | None:
        """The next capture if it is the one wanted."""
        assert self._timestamps is not None
        self._position = None
        capture = playback._step_capture(handle, forwards=True)
        if capture is None or _timestamps_of(capture) != self._timestamps[index].item():
            return None
        self._position = index + 1
        return capture

    def _seek(self, playback: Playback, handle: PlaybackHandle, start: int, index: int) -> Capture | None:
        """Capture `index`, reached from where capture `start` begins; None if that does not lead there."""
        assert self._timestamps is not None
        target = 0 if start == 0 else self._file_time_usec(playback, start)
        result = _k.k4a_playback_seek_timestamp(handle, target, SeekOrigin.BEGIN)
        if result:
            fail(f"{playback.path}: cannot seek to capture {start}", "k4a_playback_seek_timestamp",
                 provider=playback.provider, code=result, error=RecordingError)  # fmt: skip
        # A capture that the seek tore in two counts twice.
        for _ in range(index - start + 3):
            if (capture := self._step(playback, handle, index)) is not None:
                return capture
        return None

    def _file_time_usec(self, playback: Playback, index: int) -> int:
        """Where capture `index` begins in the time that seeking goes by: that of the file, delayed tracks shifted."""
        assert self._timestamps is not None
        configuration = playback.configuration
        delay = configuration.depth_delay_off_color_usec
        shifts = (max(delay, 0), max(-delay, 0), max(-delay, 0))
        times = zip(self._timestamps[index].item(), shifts, strict=True)
        first: int = min(time + shift for time, shift in times if time != NO_TIMESTAMP)
        return max(first - configuration.start_timestamp_offset_usec, 0)


def _timestamps_of(capture: Capture) -> tuple[int, ...]:
    return tuple(NO_TIMESTAMP if time is None else time for time in capture.timestamps)
