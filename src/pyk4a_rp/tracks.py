"""The tracks of a recording, and the data blocks of custom tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import _extensions
from . import k4a as _k
from .enums import StreamResult
from .errors import EndOfRecording, NotSupportedError
from .tags import is_name

if TYPE_CHECKING:
    from .k4a import DataBlockHandle, PlaybackHandle
    from .playback import Playback

__all__ = ["DataBlock", "Track", "Tracks", "VideoSettings"]


@dataclass(frozen=True, slots=True)
class DataBlock:
    """One frame of a custom track.

    Attributes
    ----------
    device_timestamp_usec
        When it was recorded, microseconds of device time
        (``k4a_playback_data_block_get_device_timestamp_usec``).
    data
        The bytes (``k4a_playback_data_block_get_buffer``).
    """

    device_timestamp_usec: int
    data: bytes

    @classmethod
    def _of(cls, handle: DataBlockHandle, offset_correction_usec: int) -> DataBlock:
        timestamp = _k.k4a_playback_data_block_get_device_timestamp_usec(handle) + offset_correction_usec
        view = _k.k4a_playback_data_block_get_buffer(handle)
        block = cls(timestamp, b"" if view is None else bytes(view))
        del view
        handle.release()
        return block


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """Size and rate of a video track. C: ``k4a_record_video_settings_t``.

    Attributes
    ----------
    width, height
        Size in pixels.
    frame_rate
        Frames per second.
    """

    width: int
    height: int
    frame_rate: int


class Track:
    """A track of a recording; found in `Playback.tracks`.

    Examples
    --------
    >>> from pyk4a_rp import Playback
    >>> with Playback("session.mkv") as playback:
    ...     playback.tracks["DEPTH"].video_settings
    ...     list(playback.tracks["EVENTS"].data_blocks())
    VideoSettings(width=320, height=288, frame_rate=30)
    [DataBlock(device_timestamp_usec=1000500, data=b'an event')]
    """

    __slots__ = ("_playback", "name")

    def __init__(self, playback: Playback, name: str) -> None:
        self._playback = playback
        self.name = name

    @property
    def is_builtin(self) -> bool:
        """Whether this is one of COLOR, DEPTH, IR and IMU. Stands on ``k4a_playback_track_is_builtin``."""
        handle = self._playback.handle
        answer = _k.k4a_playback_track_is_builtin(handle, self.name)
        self._playback._require_open(handle)
        return answer

    @property
    def codec_id(self) -> str:
        """What the frames are, in the words of Matroska. Stands on ``k4a_playback_track_get_codec_id``."""
        handle = self._playback.handle
        result, text = _k.k4a_playback_track_get_codec_id(handle, self.name)
        self._check(handle, result, "k4a_playback_track_get_codec_id", "has no readable codec id")
        return text or ""

    @property
    def codec_context(self) -> bytes:
        """What a decoder needs to know, empty if nothing. Stands on ``k4a_playback_track_get_codec_context``."""
        handle = self._playback.handle
        result, data = _k.k4a_playback_track_get_codec_context(handle, self.name)
        self._check(handle, result, "k4a_playback_track_get_codec_context", "has no readable codec context")
        return data or b""

    @property
    def video_settings(self) -> VideoSettings | None:
        """Size and rate, None if this is not a video track. Stands on ``k4a_playback_track_get_video_settings``."""
        handle = self._playback.handle
        _, settings = _k.k4a_playback_track_get_video_settings(handle, self.name)
        self._playback._require_open(handle)
        return None if settings is None else VideoSettings(settings.width, settings.height, settings.frame_rate)

    @property
    def frame_count(self) -> int:
        """How many frames (IMU: samples) are stored.

        Raises
        ------
        NotSupportedError
            The provider cannot count.
        """
        handle = self._playback.handle
        if not _extensions.available(handle):
            raise NotSupportedError(f"provider {handle.provider.name!r} cannot count the frames of a track")
        result, count = _extensions.playback_get_track_frame_count(handle, self.name)
        self._check(handle, result, "k4a_rp playback_get_track_frame_count", "cannot be counted")
        return count or 0

    def data_blocks(self) -> Iterator[DataBlock]:
        """All blocks of a custom track, from the first to the last.

        Moves no cursor of the playback: the blocks are read with a handle of their own.
        Stands on ``k4a_playback_get_next_data_block``.

        Yields
        ------
        DataBlock

        Raises
        ------
        RecordingError
            A block cannot be read, or this is not a custom track.
        """
        with self._playback._open_another() as handle:
            while (block := self._step(handle, forwards=True)) is not None:
                yield block

    def next_data_block(self) -> DataBlock:
        """The block after the current position of this track. Stands on ``k4a_playback_get_next_data_block``.

        Raises
        ------
        EndOfRecording
            There is none.
        RecordingError
            It cannot be read, or this is not a custom track.
        """
        block = self._step(self._playback.handle, forwards=True)
        if block is None:
            raise EndOfRecording(
                f"no more blocks in track {self.name!r}", call="k4a_playback_get_next_data_block", code=2
            )
        return block

    def previous_data_block(self) -> DataBlock:
        """The block before the current position of this track. Stands on ``k4a_playback_get_previous_data_block``.

        Raises
        ------
        EndOfRecording
            There is none.
        RecordingError
            It cannot be read, or this is not a custom track.
        """
        block = self._step(self._playback.handle, forwards=False)
        if block is None:
            raise EndOfRecording(
                f"no block before this one in track {self.name!r}", call="k4a_playback_get_previous_data_block", code=2
            )
        return block

    def _step(self, handle: PlaybackHandle, *, forwards: bool) -> DataBlock | None:
        if forwards:
            call = "k4a_playback_get_next_data_block"
            result, block = _k.k4a_playback_get_next_data_block(handle, self.name)
        else:
            call = "k4a_playback_get_previous_data_block"
            result, block = _k.k4a_playback_get_previous_data_block(handle, self.name)
        if result == StreamResult.EOF:
            return None
        if block is None:
            self._playback._require_open(handle)
            why = "is not a custom track: read it with the playback" if self.is_builtin else "has an unreadable block"
            self._playback._fail(handle, self._says(why), call, result)
        return DataBlock._of(block, self._playback._offset_correction_usec)

    def _says(self, what: str) -> str:
        return f": track {self.name!r} {what}"

    def _check(self, handle: PlaybackHandle, result: int, call: str, what: str) -> None:
        if result:
            self._playback._fail(handle, self._says(what), call, int(result))

    def __repr__(self) -> str:
        return f"<Track {self.name!r} of {self._playback!r}>"


class Tracks(Mapping[str, Track]):
    """The tracks of a recording by name, in the order of the names.

    Stands on ``k4a_playback_get_track_count``, ``k4a_playback_get_track_name`` and ``k4a_playback_check_track_exists``.
    """

    def __init__(self, playback: Playback) -> None:
        self._playback = playback

    def __getitem__(self, name: str) -> Track:
        handle = self._playback.handle
        if not is_name(name) or not _k.k4a_playback_check_track_exists(handle, name):
            self._playback._require_open(handle)
            raise KeyError(name)
        return Track(self._playback, name)

    def __iter__(self) -> Iterator[str]:
        handle = self._playback.handle
        for index in range(_k.k4a_playback_get_track_count(handle)):
            result, name = _k.k4a_playback_get_track_name(handle, index)
            if name is None:
                what = f": the name of track {index} cannot be read"
                self._playback._fail(handle, what, "k4a_playback_get_track_name", result)
            yield name

    def __len__(self) -> int:
        handle = self._playback.handle
        count = _k.k4a_playback_get_track_count(handle)
        self._playback._require_open(handle)
        return count

    def __repr__(self) -> str:
        if self._playback.closed:
            return f"<tracks of {self._playback!r}>"
        return f"<tracks of {self._playback!r}: {', '.join(self)}>"
