"""The table of the engine's own: what the 105 functions of the ABI cannot say.

Functions of `k4a_rp/k4a_rp.h` under the names they have in the table, in the style of the flat layer: output pointers
come back after the result code and are None on failure. Where the provider of a handle has no such table they raise
`NotSupportedError`; `available` says so beforehand.
"""

import os
from typing import Any, NamedTuple, overload

from numpy.typing import NDArray
from typing_extensions import Buffer

from ._capture import CaptureHandle
from ._handle import Handle
from ._k4a import DeviceHandle
from ._k4arecord import PlaybackHandle
from ._provider import Provider
from ._record import RecordHandle
from .enums import BufferResult, Result
from .structs import k4a_hardware_version_t

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

class RecordOptions(NamedTuple):
    """How a recording is written. C: ``k4a_rp_record_options_t``.

    Attributes
    ----------
    queue_limit_bytes : int
        Memory for data that waits to be written; `k4a_record_write_*` waits when it is full. 0: enough for a quarter of
        a second, 32 MiB at least.
    sort_window_usec : int
        How long data waits to be sorted, microseconds.
    keep_metadata : int
        1: keep system timestamps, exposure, white balance, ISO speed and temperatures in a track of their own.
    """

    queue_limit_bytes: int
    sort_window_usec: int
    keep_metadata: int

class RecordState(NamedTuple):
    """How far writing has come. C: ``k4a_rp_record_state_t``.

    Attributes
    ----------
    bytes_on_disk : int
        Size of the recording as readers see it.
    frames_on_disk : int
        Images, samples and custom data in it.
    pending_bytes : int
        Waiting to be written.
    peak_pending_bytes : int
        The most that ever waited.
    late_frames : int
        Came late and were still sorted in.
    refused_late : int
        Came too late and were refused.
    replaced_bytes : int
        Of clusters that were written again for late data.
    failed : int
        1 when writing failed; nothing is accepted any more.
    error_code : int
        `errno` (Windows: `GetLastError()`) of that failure; 0 when it had none.
    """

    bytes_on_disk: int
    frames_on_disk: int
    pending_bytes: int
    peak_pending_bytes: int
    late_frames: int
    refused_late: int
    replaced_bytes: int
    failed: int
    error_code: int

class RecordingReport(NamedTuple):
    """What was found in a recording that was copied, repaired or verified. C: ``k4a_rp_recording_report_t``.

    Attributes
    ----------
    frames : int
        Images, samples and custom data; of a copy those that were written.
    clusters : int
        Clusters they lie in.
    bytes : int
        Size of the file; of a copy that of the new one.
    lost_bytes : int
        Bytes that could not be used, as far as known.
    problems : int
        Problems of a file that was verified.
    damage_kinds : int
        Damage of the source, bits as in `Damage.kinds`.
    start_offset_restored : int
        1 when the start offset was recovered from the IMU payload.
    """

    frames: int
    clusters: int
    bytes: int
    lost_bytes: int
    problems: int
    damage_kinds: int
    start_offset_restored: int

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
    """Read a capture by its number. Images that cannot be read are left out, each with one log line.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    index : int
        Number of the capture, from 0 on.

    Returns
    -------
    result : Result
        FAILED when there is no such capture or no image of it can be read.
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

def capture_get_timestamps(
    capture_handle: CaptureHandle,
) -> tuple[Result, tuple[int | None, int | None, int | None] | None]:
    """Get the device times of the images of a capture, without reading or decoding pixels.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    result : Result
        FAILED for a released handle.
    timestamps : tuple[int | None, int | None, int | None] | None
        Microseconds: color, depth, infrared; None where there is no image. None on failure.
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
def record_get_options(recording: RecordHandle) -> tuple[Result, RecordOptions | None]:
    """Get how a recording is written.

    Parameters
    ----------
    recording : RecordHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED for a released handle.
    options : RecordOptions | None
        The options; None on failure.
    """

def record_set_options(recording: RecordHandle, options: RecordOptions) -> Result:
    """Choose how a recording is written. Before the header only.

    Parameters
    ----------
    recording : RecordHandle
        The recording.
    options : RecordOptions
        The options.

    Returns
    -------
    Result
        FAILED after the header, and with options that are not acceptable.
    """

def record_set_device(
    recording: RecordHandle,
    version: k4a_hardware_version_t,
    serial_number: str | bytes | None,
    calibration: Buffer | NDArray[Any] | None,
) -> Result:
    """Store what `k4a_record_create` stores of its device, for a device of another provider. Right after it.

    Parameters
    ----------
    recording : RecordHandle
        The recording.
    version : k4a_hardware_version_t
        Versions of the firmware.
    serial_number : str | bytes | None
        The serial number, if it is known.
    calibration : Buffer | None
        The calibration as JSON text, if it is known. Its size takes the place of C's `calibration_size`.

    Returns
    -------
    Result
        FAILED after the header.
    """

def record_get_state(recording: RecordHandle) -> tuple[Result, RecordState | None]:
    """Get how far writing has come. At any time, from any thread.

    Parameters
    ----------
    recording : RecordHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED for a released handle.
    state : RecordState | None
        The state; None on failure.
    """

@overload
def record_get_error_text(recording: RecordHandle, size: None = None) -> tuple[BufferResult, str | None]:
    """Get why writing failed. At any time, from any thread.

    Parameters
    ----------
    recording : RecordHandle
        The recording.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        FAILED for a released handle; TOO_SMALL only when `size` was given.
    text : str | None
        One line, empty when nothing failed; None unless SUCCEEDED.
    text_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def record_get_error_text(recording: RecordHandle, size: int) -> tuple[BufferResult, str | None, int]: ...
def record_finish(recording: RecordHandle) -> Result:
    """Complete the file as `k4a_record_close` does, and tell whether all of it was written.

    Parameters
    ----------
    recording : RecordHandle
        The recording. It stays open for `record_get_state` and `record_get_error_text`.

    Returns
    -------
    Result
        FAILED when something could not be written.
    """

def record_write_waiting_imu_samples(recording: RecordHandle, device: DeviceHandle) -> tuple[Result, int]:
    """Write the IMU samples that wait in a device, all in one call: with any provider, and without the GIL.

    Stands on ``k4a_device_get_imu_sample`` and ``k4a_record_write_imu_sample``. A thread that took the GIL for each
    sample would fall behind another one that computes.

    Parameters
    ----------
    recording : RecordHandle
        The recording, after its header.
    device : DeviceHandle
        A device whose IMU runs, of any provider.

    Returns
    -------
    result : Result
        FAILED when a sample was not taken; it is lost.
    count : int
        How many samples were written.
    """

def recording_copy(
    source: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    target: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    begin_usec: int = 0,
    end_usec: int | None = None,
    tracks: list[str] | None = None,
    overwrite: bool = False,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, RecordingReport | None]:
    """Write the frames of a recording into a new one, without decoding anything. Ctrl-C ends it.

    Parameters
    ----------
    source : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        The recording.
    target : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        The new file.
    begin_usec : int, optional
        What is earlier is left out, microseconds from the beginning of the recording.
    end_usec : int | None, optional
        The first moment that is left out; None takes everything to the end.
    tracks : list[str] | None, optional
        Names of the tracks; None takes all.
    overwrite : bool, optional
        Whether an existing target is replaced, in one step when the new one is complete and on the disk.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who does it; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the source cannot be opened or the target cannot be written; what was there is as it was then.
    report : RecordingReport | None
        What was written; None on failure.
    """

def recording_repair(
    source: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    target: str | bytes | os.PathLike[str] | os.PathLike[bytes] | None = None,
    overwrite: bool = False,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, RecordingReport | None]:
    """Write a complete recording of all that can be read of an unfinished or damaged one. Ctrl-C ends it.

    Parameters
    ----------
    source : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        The recording.
    target : str | bytes | os.PathLike[str] | os.PathLike[bytes] | None, optional
        The new file; None repairs in place, by a file that takes the place of the old one when it is complete.
    overwrite : bool, optional
        Whether an existing target is replaced in the same way.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who does it; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the source cannot be opened or the target cannot be written; what was there is as it was then.
    report : RecordingReport | None
        What was written, and what was wrong with the source; None on failure.
    """

def recording_verify(
    path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, RecordingReport | None, list[str] | None]:
    """Read all of a recording: checksums, timestamps, sizes. Ctrl-C ends it.

    Parameters
    ----------
    path : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        The recording.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who does it; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the file cannot be opened at all.
    report : RecordingReport | None
        What was found; None on failure.
    lines : list[str] | None
        A line for each of the first problems; None on failure.
    """
