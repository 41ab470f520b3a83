"""The 12 `k4a_record_*` functions and the handle of a recording that is being written."""

import os
from typing import Any

from numpy.typing import NDArray
from typing_extensions import Buffer, disjoint_base

from ._capture import CaptureHandle
from ._handle import Handle
from ._k4a import DeviceHandle
from ._provider import Provider
from .enums import Result
from .structs import (
    k4a_device_configuration_t,
    k4a_imu_sample_t,
    k4a_record_subtitle_settings_t,
    k4a_record_video_settings_t,
)

@disjoint_base
class RecordHandle(Handle):
    """A recording that is being written. Released, it is flushed and closed."""

def k4a_record_create(
    path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    device: DeviceHandle | None,
    device_config: k4a_device_configuration_t,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, RecordHandle | None]:
    """Create a recording.

    Parameters
    ----------
    path : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        The file; an existing one is emptied.
    device : DeviceHandle | None
        The device whose calibration, serial number and firmware versions are stored; None for a recording without.
    device_config : k4a_device_configuration_t
        What will be written.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who writes it, the device's own if there is one; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the file cannot be created or the configuration is not acceptable.
    recording_handle : RecordHandle | None
        The recording; None on failure.
    """

def k4a_record_close(recording_handle: RecordHandle | None) -> None:
    """Flush and close a recording. None and released handles are left alone.

    C does not say whether everything could be written; call `k4a_record_flush` first to know.

    Parameters
    ----------
    recording_handle : RecordHandle | None
        The recording.
    """

def k4a_record_add_tag(recording_handle: RecordHandle, name: str | bytes, value: str | bytes) -> Result:
    """Add a tag. Before the header only.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording.
    name : str | bytes
        Capital letters, digits, underscores and hyphens. With another name C succeeds and drops the tag.
    value : str | bytes
        Any text.

    Returns
    -------
    Result
        FAILED after the header.
    """

def k4a_record_add_imu_track(recording_handle: RecordHandle) -> Result:
    """Add the IMU track. Before the header only.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording.

    Returns
    -------
    Result
        FAILED after the header, and the second time.
    """

def k4a_record_add_attachment(
    recording_handle: RecordHandle, attachment_name: str | bytes, buffer: Buffer | NDArray[Any] | None
) -> Result:
    """Attach a file. Before the header only.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording.
    attachment_name : str | bytes
        Its name.
    buffer : Buffer | None
        Its bytes, which are copied; None is C's NULL. Their number takes the place of C's `buffer_size`.

    Returns
    -------
    Result
        FAILED after the header, and without a buffer.
    """

def k4a_record_add_custom_video_track(
    recording_handle: RecordHandle,
    track_name: str | bytes,
    codec_id: str | bytes,
    codec_context: Buffer | NDArray[Any] | None,
    track_settings: k4a_record_video_settings_t,
) -> Result:
    """Add a video track of your own. Before the header only.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording.
    track_name : str | bytes
        Capital letters, digits, underscores and hyphens; not the name of another track.
    codec_id : str | bytes
        A Matroska codec id.
    codec_context : Buffer | None
        Private data of the codec; None for none. Its size takes the place of C's `codec_context_size`.
    track_settings : k4a_record_video_settings_t
        Size and rate. A rate of 0 fails here; in Microsoft's library it ends the process.

    Returns
    -------
    Result
        FAILED after the header, and with a name that is not acceptable.
    """

def k4a_record_add_custom_subtitle_track(
    recording_handle: RecordHandle,
    track_name: str | bytes,
    codec_id: str | bytes,
    codec_context: Buffer | NDArray[Any] | None,
    track_settings: k4a_record_subtitle_settings_t | None,
) -> Result:
    """Add a data track of your own. Before the header only.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording.
    track_name : str | bytes
        Capital letters, digits, underscores and hyphens; not the name of another track.
    codec_id : str | bytes
        A Matroska codec id.
    codec_context : Buffer | None
        Private data of the codec; None for none. Its size takes the place of C's `codec_context_size`.
    track_settings : k4a_record_subtitle_settings_t | None
        How the data are laid out; None for the defaults.

    Returns
    -------
    Result
        FAILED after the header, and with a name that is not acceptable.
    """

def k4a_record_write_header(recording_handle: RecordHandle) -> Result:
    """Write the header: tracks, tags and attachments are complete.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording.

    Returns
    -------
    Result
        FAILED the second time, and when the file cannot be written.
    """

def k4a_record_write_capture(recording_handle: RecordHandle, capture_handle: CaptureHandle | None) -> Result:
    """Write the images of a capture.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording, after its header.
    capture_handle : CaptureHandle | None
        The capture, of the same provider. Its images are copied. None writes nothing, as NULL in C.

    Returns
    -------
    Result
        FAILED before the header, and when an image has a format without a track or comes too late; the others are
        written.
    """

def k4a_record_write_imu_sample(recording_handle: RecordHandle, imu_sample: k4a_imu_sample_t) -> Result:
    """Write an IMU sample. Its temperature is not stored.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording, after its header.
    imu_sample : k4a_imu_sample_t
        The sample.

    Returns
    -------
    Result
        FAILED before the header, without an IMU track, and when the sample comes too late.
    """

def k4a_record_write_custom_track_data(
    recording_handle: RecordHandle,
    track_name: str | bytes,
    device_timestamp_usec: int,
    custom_data: Buffer | NDArray[Any] | None,
) -> Result:
    """Write a block of a track of your own.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording, after its header.
    track_name : str | bytes
        Name of the track.
    device_timestamp_usec : int
        Device time of the block in microseconds.
    custom_data : Buffer | None
        The bytes, which are copied; None is C's NULL. Their number takes the place of C's `custom_data_size`.

    Returns
    -------
    Result
        FAILED before the header, for an unknown or built-in track, without data, and when the block comes too late.
    """

def k4a_record_flush(recording_handle: RecordHandle) -> Result:
    """Write everything to the file and complete it, so that it can be played even if the process ends now.

    Parameters
    ----------
    recording_handle : RecordHandle
        The recording, after its header.

    Returns
    -------
    Result
        FAILED before the header, and when something could not be written. Older data is refused from now on.
    """
