"""The 28 `k4a_playback_*` functions and the handles of a recording that is read and of a data block.

Output pointers of C leave the parameter list and come back after the result code; they are None on failure.
"""

import os
from typing import overload

from typing_extensions import disjoint_base

from ._capture import CaptureHandle
from ._handle import Handle
from ._provider import Provider
from .enums import BufferResult, ImageFormat, Result, SeekOrigin, StreamResult
from .structs import k4a_calibration_t, k4a_imu_sample_t, k4a_record_configuration_t, k4a_record_video_settings_t

@disjoint_base
class PlaybackHandle(Handle):
    """An open recording. Calls of several threads on one handle take turns."""

class DataBlockHandle(Handle):
    """One block of a custom track."""

def k4a_playback_open(
    path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, PlaybackHandle | None]:
    """Open a recording for reading.

    Parameters
    ----------
    path : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        The file.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who reads it; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the file cannot be opened or is not a recording.
    playback_handle : PlaybackHandle | None
        The recording; None on failure.
    """

def k4a_playback_close(playback_handle: PlaybackHandle | None) -> None:
    """Close a recording. None and released handles are left alone.

    Captures, images and data blocks that were read stay valid.

    Parameters
    ----------
    playback_handle : PlaybackHandle | None
        The recording.
    """

@overload
def k4a_playback_get_raw_calibration(
    playback_handle: PlaybackHandle, size: None = None
) -> tuple[BufferResult, bytes | None]:
    """Get the calibration of the device that recorded, as JSON text.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when the recording has none; TOO_SMALL only when `size` was given.
    data : bytes | None
        The text without its closing NUL; None unless SUCCEEDED.
    data_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def k4a_playback_get_raw_calibration(
    playback_handle: PlaybackHandle, size: int
) -> tuple[BufferResult, bytes | None, int]: ...
def k4a_playback_get_calibration(playback_handle: PlaybackHandle) -> tuple[Result, k4a_calibration_t | None]:
    """Get the calibration for the depth mode and color resolution of the recording.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED when the recording has none, or one that cannot be read.
    calibration : k4a_calibration_t | None
        The calibration; None on failure.
    """

def k4a_playback_get_record_configuration(
    playback_handle: PlaybackHandle,
) -> tuple[Result, k4a_record_configuration_t | None]:
    """Get what the recording contains.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED for a released handle.
    config : k4a_record_configuration_t | None
        The configuration; None on failure.
    """

@overload
def k4a_playback_get_tag(
    playback_handle: PlaybackHandle, name: str | bytes, size: None = None
) -> tuple[BufferResult, str | None]:
    """Get the value of a tag, of the first one if several have that name.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    name : str | bytes
        Name of the tag.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such tag; TOO_SMALL only when `size` was given.
    value : str | None
        The value; None unless SUCCEEDED. Bytes that are not UTF-8 become surrogates (`surrogateescape`).
    value_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def k4a_playback_get_tag(
    playback_handle: PlaybackHandle, name: str | bytes, size: int
) -> tuple[BufferResult, str | None, int]: ...
@overload
def k4a_playback_get_attachment(
    playback_handle: PlaybackHandle, file_name: str | bytes, size: None = None
) -> tuple[BufferResult, bytes | None]:
    """Get an attached file, the first one if several have that name.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    file_name : str | bytes
        Name of the attachment.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such attachment; TOO_SMALL only when `size` was given.
    data : bytes | None
        The bytes as stored; None unless SUCCEEDED.
    data_size : int
        Only when `size` was given: what C left there, the bytes written or needed.
    """

@overload
def k4a_playback_get_attachment(
    playback_handle: PlaybackHandle, file_name: str | bytes, size: int
) -> tuple[BufferResult, bytes | None, int]: ...
def k4a_playback_get_recording_length_usec(playback_handle: PlaybackHandle) -> int:
    """Get the length of the recording.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    int
        Microseconds from its start to its last data; 0 on failure.
    """

def k4a_playback_get_last_timestamp_usec(playback_handle: PlaybackHandle) -> int:
    """Get the length of the recording. Deprecated: use `k4a_playback_get_recording_length_usec`.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    int
        Microseconds from its start to its last data; 0 on failure.
    """

def k4a_playback_check_track_exists(playback_handle: PlaybackHandle, track_name: str | bytes) -> bool:
    """Ask whether the recording has a track.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track, `K4A_TRACK_NAME_COLOR` for example.

    Returns
    -------
    bool
        Whether it has; False on failure.
    """

def k4a_playback_get_track_count(playback_handle: PlaybackHandle) -> int:
    """Count the tracks.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    int
        Number of tracks; 0 on failure.
    """

@overload
def k4a_playback_get_track_name(
    playback_handle: PlaybackHandle, track_index: int, size: None = None
) -> tuple[BufferResult, str | None]:
    """Get the name of a track.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_index : int
        Number of the track, in the order of their names.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such track; TOO_SMALL only when `size` was given.
    track_name : str | None
        The name; None unless SUCCEEDED.
    track_name_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def k4a_playback_get_track_name(
    playback_handle: PlaybackHandle, track_index: int, size: int
) -> tuple[BufferResult, str | None, int]: ...
def k4a_playback_track_is_builtin(playback_handle: PlaybackHandle, track_name: str | bytes) -> bool:
    """Ask whether a track is one of color, depth, infrared and IMU.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.

    Returns
    -------
    bool
        Whether it is; False for custom tracks, unknown tracks and on failure.
    """

def k4a_playback_track_get_video_settings(
    playback_handle: PlaybackHandle, track_name: str | bytes
) -> tuple[Result, k4a_record_video_settings_t | None]:
    """Get size and rate of a video track.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.

    Returns
    -------
    result : Result
        FAILED when there is no such track, or it is not a video track.
    video_settings : k4a_record_video_settings_t | None
        The settings; None on failure.
    """

@overload
def k4a_playback_track_get_codec_id(
    playback_handle: PlaybackHandle, track_name: str | bytes, size: None = None
) -> tuple[BufferResult, str | None]:
    """Get the codec of a track.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such track; TOO_SMALL only when `size` was given.
    codec_id : str | None
        The Matroska codec id; None unless SUCCEEDED.
    codec_id_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def k4a_playback_track_get_codec_id(
    playback_handle: PlaybackHandle, track_name: str | bytes, size: int
) -> tuple[BufferResult, str | None, int]: ...
@overload
def k4a_playback_track_get_codec_context(
    playback_handle: PlaybackHandle, track_name: str | bytes, size: None = None
) -> tuple[BufferResult, bytes | None]:
    """Get the private data of a track's codec.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED when there is no such track; TOO_SMALL only when `size` was given.
    codec_context : bytes | None
        The bytes as stored, none when the track has no such data; None unless SUCCEEDED.
    codec_context_size : int
        Only when `size` was given: what C left there, the bytes written or needed.
    """

@overload
def k4a_playback_track_get_codec_context(
    playback_handle: PlaybackHandle, track_name: str | bytes, size: int
) -> tuple[BufferResult, bytes | None, int]: ...
def k4a_playback_set_color_conversion(playback_handle: PlaybackHandle, target_format: ImageFormat) -> Result:
    """Choose the format in which color images are read from now on.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    target_format : ImageFormat
        COLOR_MJPG, COLOR_NV12, COLOR_YUY2 or COLOR_BGRA32.

    Returns
    -------
    Result
        FAILED when the stored format cannot be converted to it, or there is no color track.
    """

def k4a_playback_get_next_capture(playback_handle: PlaybackHandle) -> tuple[StreamResult, CaptureHandle | None]:
    """Read the capture after the position.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    result : StreamResult
        EOF after the last capture; FAILED when it cannot be read.
    capture_handle : CaptureHandle | None
        The capture; None unless SUCCEEDED.
    """

def k4a_playback_get_previous_capture(playback_handle: PlaybackHandle) -> tuple[StreamResult, CaptureHandle | None]:
    """Read the capture before the position.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    result : StreamResult
        EOF before the first capture; FAILED when it cannot be read.
    capture_handle : CaptureHandle | None
        The capture; None unless SUCCEEDED.
    """

def k4a_playback_get_next_imu_sample(playback_handle: PlaybackHandle) -> tuple[StreamResult, k4a_imu_sample_t | None]:
    """Read the IMU sample after the position.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    result : StreamResult
        EOF after the last sample and without an IMU track; FAILED when it cannot be read.
    imu_sample : k4a_imu_sample_t | None
        The sample, with a temperature of NaN; None unless SUCCEEDED.
    """

def k4a_playback_get_previous_imu_sample(
    playback_handle: PlaybackHandle,
) -> tuple[StreamResult, k4a_imu_sample_t | None]:
    """Read the IMU sample before the position.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.

    Returns
    -------
    result : StreamResult
        EOF before the first sample and without an IMU track; FAILED when it cannot be read.
    imu_sample : k4a_imu_sample_t | None
        The sample, with a temperature of NaN; None unless SUCCEEDED.
    """

def k4a_playback_get_next_data_block(
    playback_handle: PlaybackHandle, track_name: str | bytes
) -> tuple[StreamResult, DataBlockHandle | None]:
    """Read the block of a custom track after the position.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.

    Returns
    -------
    result : StreamResult
        EOF after the last block; FAILED when there is no such custom track.
    data_block_handle : DataBlockHandle | None
        The block; None unless SUCCEEDED.
    """

def k4a_playback_get_previous_data_block(
    playback_handle: PlaybackHandle, track_name: str | bytes
) -> tuple[StreamResult, DataBlockHandle | None]:
    """Read the block of a custom track before the position.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    track_name : str | bytes
        Name of the track.

    Returns
    -------
    result : StreamResult
        EOF before the first block; FAILED when there is no such custom track.
    data_block_handle : DataBlockHandle | None
        The block; None unless SUCCEEDED.
    """

def k4a_playback_data_block_get_device_timestamp_usec(data_block_handle: DataBlockHandle) -> int:
    """Get the device time of a data block.

    Parameters
    ----------
    data_block_handle : DataBlockHandle
        The block.

    Returns
    -------
    int
        Microseconds of the device's clock; 0 on failure.
    """

def k4a_playback_data_block_get_buffer_size(data_block_handle: DataBlockHandle) -> int:
    """Get the size of a data block.

    Parameters
    ----------
    data_block_handle : DataBlockHandle
        The block.

    Returns
    -------
    int
        Bytes; 0 on failure.
    """

def k4a_playback_data_block_get_buffer(data_block_handle: DataBlockHandle) -> memoryview | None:
    """Get the bytes of a data block, without a copy.

    Parameters
    ----------
    data_block_handle : DataBlockHandle
        The block.

    Returns
    -------
    memoryview | None
        A writable view of all bytes, valid also after the block has been released; None on failure, and possibly for
        an empty block.
    """

def k4a_playback_data_block_release(data_block_handle: DataBlockHandle | None) -> None:
    """Free a data block. None and released handles are left alone.

    Parameters
    ----------
    data_block_handle : DataBlockHandle | None
        The block.
    """

def k4a_playback_seek_timestamp(playback_handle: PlaybackHandle, offset_usec: int, origin: SeekOrigin) -> Result:
    """Move the position of all tracks.

    Afterwards "next" reads the first data at or after the time, "previous" the last data before it.

    Parameters
    ----------
    playback_handle : PlaybackHandle
        The recording.
    offset_usec : int
        Microseconds from `origin`.
    origin : SeekOrigin
        BEGIN, END (with an offset of zero or less) or DEVICE_TIME.

    Returns
    -------
    Result
        FAILED when there is no such origin; the position stays then. A time outside the recording is no failure.
    """
