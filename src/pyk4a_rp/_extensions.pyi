"""The table of the engine's own: what the 105 functions of the ABI cannot say.

Functions of `k4a_rp/k4a_rp.h` under the names they have in the table, in the style of the flat layer: output pointers
come back after the result code and are None on failure. Where the provider of a handle has no such table they raise
`NotSupportedError`; `available` says so beforehand.
"""

from typing import NamedTuple, overload

from ._capture import CaptureHandle
from ._handle import Handle
from ._k4arecord import PlaybackHandle
from ._provider import Provider
from .enums import BufferResult, Result

class Damage(NamedTuple):
    """What is known to be wrong with a recording. C: ``k4a_rp_damage_t``.

    Attributes
    ----------
    kinds : int
        Bits: 1 not closed, 2 truncated, 4 corrupt, 8 start offset lost; 0 when no damage is known.
    start_offset_restored : int
        1 when the start offset was recovered from the IMU payload.
    offset : int
        Where in the file the first damage is, bytes from its beginning.
    lost_bytes : int
        Bytes of the file that could not be used, as far as known.
    """

    kinds: int
    start_offset_restored: int
    offset: int
    lost_bytes: int

def available(handle: Handle) -> bool:
    """Ask whether the provider of a handle has these functions.

    Parameters
    ----------
    handle : Handle
        Any handle.

    Returns
    -------
    bool
        Whether it has.
    """

def get_version(provider: Provider) -> str | None:
    """Get the version of the engine.

    Parameters
    ----------
    provider : Provider
        The provider.

    Returns
    -------
    str | None
        "0.1.0" for example; None where the provider has no such table.
    """

def get_features(provider: Provider) -> str | None:
    """Get facts about the build of the engine.

    Parameters
    ----------
    provider : Provider
        The provider.

    Returns
    -------
    str | None
        Words like "jpeg=off", separated by spaces; None where the provider has no such table.
    """

def playback_get_tag_count(playback: PlaybackHandle) -> int:
    """Count the tags.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    int
        Number of tags; 0 on failure.
    """

@overload
def playback_get_tag_name(playback: PlaybackHandle, index: int, size: None = None) -> tuple[BufferResult, str | None]:
    """Get the name of a tag.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    index : int
        Number of the tag, in the order of the file.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such tag; TOO_SMALL only when `size` was given.
    name : str | None
        The name; None unless SUCCEEDED.
    name_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def playback_get_tag_name(playback: PlaybackHandle, index: int, size: int) -> tuple[BufferResult, str | None, int]: ...
@overload
def playback_get_tag_value(playback: PlaybackHandle, index: int, size: None = None) -> tuple[BufferResult, str | None]:
    """Get the value of a tag.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    index : int
        Number of the tag, in the order of the file.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such tag; TOO_SMALL only when `size` was given.
    value : str | None
        The value; None unless SUCCEEDED.
    value_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def playback_get_tag_value(playback: PlaybackHandle, index: int, size: int) -> tuple[BufferResult, str | None, int]: ...
def playback_get_attachment_count(playback: PlaybackHandle) -> int:
    """Count the attachments.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    int
        Number of attachments; 0 on failure.
    """

@overload
def playback_get_attachment_name(
    playback: PlaybackHandle, index: int, size: None = None
) -> tuple[BufferResult, str | None]:
    """Get the name of an attachment.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    index : int
        Number of the attachment, in the order of the file.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such attachment; TOO_SMALL only when `size` was given.
    name : str | None
        The name; None unless SUCCEEDED.
    name_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def playback_get_attachment_name(
    playback: PlaybackHandle, index: int, size: int
) -> tuple[BufferResult, str | None, int]: ...
def playback_get_start_offset_nsec(playback: PlaybackHandle) -> int:
    """Get the device time at which the recording begins, all 64 bits of it.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    int
        Nanoseconds of the device's clock; 0 on failure.
    """

def playback_get_capture_count(playback: PlaybackHandle) -> tuple[Result, int | None]:
    """Count the captures that `k4a_playback_get_next_capture` would give from the beginning to the end.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED when the file cannot be read.
    count : int | None
        Number of captures; None on failure.
    """

def playback_get_capture_at(playback: PlaybackHandle, index: int) -> tuple[Result, CaptureHandle | None]:
    """Read a capture by its number.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    index : int
        Number of the capture, from 0 on.

    Returns
    -------
    result : Result
        FAILED when there is no such capture or it cannot be read.
    capture_handle : CaptureHandle | None
        The capture; None on failure.
    """

def playback_get_capture_timestamps(
    playback: PlaybackHandle, first: int, count: int
) -> tuple[Result, bytearray | None]:
    """Get the device times of the images of captures, without reading pixels.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    first : int
        Number of the first capture.
    count : int
        How many captures; the range must lie inside the recording.

    Returns
    -------
    result : Result
        FAILED when there are not so many captures, or the file cannot be read.
    timestamps : bytearray | None
        Three uint64 for each capture, microseconds: color, depth, infrared; all ones where there is no image. None on
        failure.
    """

def playback_get_track_frame_count(playback: PlaybackHandle, track_name: str | bytes) -> tuple[Result, int | None]:
    """Count the frames of a track (of the IMU track: the samples).

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.

    Returns
    -------
    result : Result
        FAILED when there is no such track, or the file cannot be read.
    count : int | None
        Number of frames; None on failure.
    """

def playback_read_imu_samples(
    playback: PlaybackHandle, first: int = 0, capacity: int | None = None
) -> tuple[Result, bytearray | None]:
    """Read IMU samples in one pass, without moving the cursor.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    first : int, optional
        Number of the first sample.
    capacity : int | None, optional
        At most so many; None reads all to the end.

    Returns
    -------
    result : Result
        FAILED when the file cannot be read. Single samples that cannot be read are left out.
    samples : bytearray | None
        Structures `k4a_imu_sample_t` of 48 bytes, one after the other; None on failure.
    """

def playback_get_damage(playback: PlaybackHandle) -> tuple[Result, Damage | None]:
    """Get what is known so far to be wrong with the file. It grows as the file is read.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED for a released handle.
    damage : Damage | None
        What is wrong, with `kinds` 0 when nothing is; None on failure.
    """

@overload
def playback_get_damage_text(playback: PlaybackHandle, size: None = None) -> tuple[BufferResult, str | None]:
    """Get what is wrong with the file in words.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED for a released handle; TOO_SMALL only when `size` was given.
    text : str | None
        One line, empty when nothing is known to be wrong; None unless SUCCEEDED.
    text_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def playback_get_damage_text(playback: PlaybackHandle, size: int) -> tuple[BufferResult, str | None, int]: ...
