# cython: language_level=3, auto_pickle=False
"""The table of the engine's own: what the 105 functions of the ABI cannot say.

Functions of `k4a_rp/k4a_rp.h` under the names they have in the table, in the style of the flat layer: output pointers
come back after the result code and are None on failure. Where the provider of a handle has no such table they raise
`NotSupportedError`; `available` says so beforehand.
"""

from cpython.bytearray cimport PyByteArray_AsString, PyByteArray_FromStringAndSize, PyByteArray_Resize
from cpython.exc cimport PyErr_CheckSignals
from libc.stddef cimport size_t
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

from pyk4a_rp._abi cimport (
    K4A_RESULT_FAILED,
    K4A_RESULT_SUCCEEDED,
    K4A_RP_NO_TIMESTAMP,
    K4A_WAIT_RESULT_SUCCEEDED,
    k4a_api,
    k4a_buffer_result_t,
    k4a_capture_t,
    k4a_device_t,
    k4a_hardware_version_t,
    k4a_imu_sample_t,
    k4a_playback_t,
    k4a_record_t,
    k4a_result_t,
    k4a_rp_capture_timestamps_t,
    k4a_rp_copy_options_t,
    k4a_rp_damage_t,
    k4a_rp_extensions_t,
    k4a_rp_record_options_t,
    k4a_rp_recording_report_t,
    k4a_rp_record_state_t,
)
from pyk4a_rp._capture cimport CaptureHandle, new_capture
from pyk4a_rp._convert cimport (
    Argument,
    Query,
    as_path,
    as_size,
    as_text,
    as_uint32,
    as_uint64,
    bytes_of,
    get_text,
    result,
    to_hardware_version,
)
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, table
from pyk4a_rp._k4a cimport DeviceHandle
from pyk4a_rp._k4arecord cimport PlaybackHandle
from pyk4a_rp._provider cimport Provider, poll_mailbox, provider_of
from pyk4a_rp._record cimport RecordHandle

from typing import NamedTuple


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


cdef const k4a_rp_extensions_t *extensions(Handle handle, str name) except NULL:
    cdef Provider provider = provider_of(table(handle))
    if provider.extensions is NULL:
        from pyk4a_rp.errors import NotSupportedError

        raise NotSupportedError(f"provider {provider.name!r} has no {name}; provider 'bundled' has")
    return provider.extensions


def available(Handle handle not None):
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
    return provider_of(table(handle)).extensions is not NULL


def get_version(Provider provider not None):
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
    return provider.extensions.get_version().decode() if provider.extensions is not NULL else None


def get_features(Provider provider not None):
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
    return provider.extensions.get_features().decode() if provider.extensions is not NULL else None


# ---- lists ----


def playback_get_tag_count(PlaybackHandle playback not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_tag_count")
    cdef size_t count
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        count = more.playback_get_tag_count(c_playback)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    return count


# A Query has no room for the other table, so it travels in the place of a name.


cdef k4a_buffer_result_t ask_tag_name(const Query *query, char *data, size_t *size) noexcept nogil:
    return (<const k4a_rp_extensions_t *>query.name).playback_get_tag_name(
        <k4a_playback_t>query.handle, query.index, data, size
    )


cdef k4a_buffer_result_t ask_tag_value(const Query *query, char *data, size_t *size) noexcept nogil:
    return (<const k4a_rp_extensions_t *>query.name).playback_get_tag_value(
        <k4a_playback_t>query.handle, query.index, data, size
    )


cdef k4a_buffer_result_t ask_attachment_name(const Query *query, char *data, size_t *size) noexcept nogil:
    return (<const k4a_rp_extensions_t *>query.name).playback_get_attachment_name(
        <k4a_playback_t>query.handle, query.index, data, size
    )


cdef k4a_buffer_result_t ask_damage_text(const Query *query, char *data, size_t *size) noexcept nogil:
    return (<const k4a_rp_extensions_t *>query.name).playback_get_damage_text(
        <k4a_playback_t>query.handle, data, size
    )


def playback_get_tag_name(PlaybackHandle playback not None, index, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.index = as_size(index, "index")
    query.name = <const char *>extensions(playback, "playback_get_tag_name")
    return get_text(ask_tag_name, &query, playback, &playback.lock, size)


def playback_get_tag_value(PlaybackHandle playback not None, index, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.index = as_size(index, "index")
    query.name = <const char *>extensions(playback, "playback_get_tag_value")
    return get_text(ask_tag_value, &query, playback, &playback.lock, size)


def playback_get_attachment_count(PlaybackHandle playback not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_attachment_count")
    cdef size_t count
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        count = more.playback_get_attachment_count(c_playback)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    return count


def playback_get_attachment_name(PlaybackHandle playback not None, index, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.index = as_size(index, "index")
    query.name = <const char *>extensions(playback, "playback_get_attachment_name")
    return get_text(ask_attachment_name, &query, playback, &playback.lock, size)


def playback_get_start_offset_nsec(PlaybackHandle playback not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_start_offset_nsec")
    cdef uint64_t offset
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        offset = more.playback_get_start_offset_nsec(c_playback)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    return offset


# ---- random access: the first of these calls builds an index; none moves a cursor ----


def playback_get_capture_count(PlaybackHandle playback not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_capture_count")
    cdef size_t count = 0
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        code = more.playback_get_capture_count(c_playback, &count)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    return result(code), count if code == K4A_RESULT_SUCCEEDED else None


def playback_get_capture_at(PlaybackHandle playback not None, index):
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
    cdef size_t number = as_size(index, "index")
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_capture_at")
    cdef k4a_capture_t capture = NULL
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        code = more.playback_get_capture_at(c_playback, number, &capture)
        playback.lock.unlock()
    leave(playback)
    cdef object handle = new_capture(playback.api, capture) if code == K4A_RESULT_SUCCEEDED else None
    poll_mailbox()
    return result(code), handle


def playback_get_capture_timestamps(PlaybackHandle playback not None, first, count):
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
    cdef size_t c_first = as_size(first, "first")
    cdef size_t c_count = as_size(count, "count")
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_capture_timestamps")
    cdef size_t known = 0
    cdef k4a_rp_capture_timestamps_t *rows
    cdef bytearray memory = None
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    try:
        with nogil:
            playback.lock.lock()
            code = more.playback_get_capture_count(c_playback, &known)
            playback.lock.unlock()
        if code == K4A_RESULT_SUCCEEDED and (c_first > known or c_count > known - c_first):
            code = K4A_RESULT_FAILED
        if code == K4A_RESULT_SUCCEEDED:
            memory = PyByteArray_FromStringAndSize(NULL, c_count * sizeof(k4a_rp_capture_timestamps_t))
            rows = <k4a_rp_capture_timestamps_t *>PyByteArray_AsString(memory)
            with nogil:
                playback.lock.lock()
                code = more.playback_get_capture_timestamps(c_playback, c_first, c_count, rows)
                playback.lock.unlock()
    finally:
        leave(playback)
    poll_mailbox()
    return result(code), memory if code == K4A_RESULT_SUCCEEDED else None


def capture_get_timestamps(CaptureHandle capture_handle not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(capture_handle, "capture_get_timestamps")
    cdef k4a_rp_capture_timestamps_t t
    # With the GIL, as the getters of images: see there.
    cdef k4a_result_t code = more.capture_get_timestamps(<k4a_capture_t>capture_handle.ptr, &t)
    if code != K4A_RESULT_SUCCEEDED:
        poll_mailbox()
        return result(code), None
    return result(code), (time_or_none(t.color_usec), time_or_none(t.depth_usec), time_or_none(t.ir_usec))


cdef object time_or_none(uint64_t time_usec):
    return None if time_usec == K4A_RP_NO_TIMESTAMP else time_usec


def playback_get_track_frame_count(PlaybackHandle playback not None, track_name):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_track_frame_count")
    cdef size_t count = 0
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        code = more.playback_get_track_frame_count(c_playback, c_name, &count)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    return result(code), count if code == K4A_RESULT_SUCCEEDED else None


def playback_read_imu_samples(PlaybackHandle playback not None, first=0, capacity=None):
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
    cdef size_t c_first = as_size(first, "first")
    cdef size_t wanted = as_size(capacity, "capacity") if capacity is not None else <size_t>-1
    cdef size_t room
    cdef size_t total = 0
    cdef size_t count = 0
    cdef k4a_imu_sample_t *samples
    cdef bytearray memory = None
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_read_imu_samples")
    cdef k4a_result_t code = K4A_RESULT_SUCCEEDED
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    try:
        with nogil:
            # A guess from the length (cameras send 1666 samples a second) saves a pass that only counts. The pages
            # of what is guessed too much are never touched.
            room = <size_t>(playback.api.k4a_playback_get_recording_length_usec(c_playback) / 1000000.0 * 1700)
        room = min(wanted, min(room, <size_t>1 << 24) + 1024)
        while True:
            memory = PyByteArray_FromStringAndSize(NULL, room * sizeof(k4a_imu_sample_t))
            samples = <k4a_imu_sample_t *>PyByteArray_AsString(memory)
            with nogil:
                playback.lock.lock()
                code = more.playback_read_imu_samples(c_playback, c_first, room, samples, &count, &total)
                playback.lock.unlock()
            if code != K4A_RESULT_SUCCEEDED or room == wanted or total <= c_first + room:
                break
            room = min(wanted, total - c_first)
        PyByteArray_Resize(memory, count * sizeof(k4a_imu_sample_t))
    finally:
        leave(playback)
    poll_mailbox()
    return result(code), memory if code == K4A_RESULT_SUCCEEDED else None


# ---- damage ----


def playback_get_damage(PlaybackHandle playback not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_damage")
    cdef k4a_rp_damage_t damage
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        memset(&damage, 0, sizeof(damage))
        playback.lock.lock()
        code = more.playback_get_damage(c_playback, &damage)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None
    return result(code), Damage(damage.kinds, damage.start_offset_restored, damage.offset, damage.lost_bytes)


def playback_get_damage_text(PlaybackHandle playback not None, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.name = <const char *>extensions(playback, "playback_get_damage_text")
    return get_text(ask_damage_text, &query, playback, &playback.lock, size)


# ---- recorder ----


def record_get_options(RecordHandle recording not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(recording, "record_get_options")
    cdef k4a_rp_record_options_t options
    cdef k4a_result_t code
    cdef k4a_record_t c_recording = <k4a_record_t>enter(recording)
    with nogil:
        memset(&options, 0, sizeof(options))
        recording.lock.lock()
        code = more.record_get_options(c_recording, &options)
        recording.lock.unlock()
    leave(recording)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None
    return result(code), RecordOptions(options.queue_limit_bytes, options.sort_window_usec, options.keep_metadata)


def record_set_options(RecordHandle recording not None, options):
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
    cdef k4a_rp_record_options_t c_options
    if not isinstance(options, RecordOptions):
        raise TypeError(f"options must be RecordOptions, not {type(options).__name__}")
    memset(&c_options, 0, sizeof(c_options))
    c_options.queue_limit_bytes = as_uint64(options.queue_limit_bytes, "queue_limit_bytes")
    c_options.sort_window_usec = as_uint32(options.sort_window_usec, "sort_window_usec")
    c_options.keep_metadata = as_uint32(options.keep_metadata, "keep_metadata")
    cdef const k4a_rp_extensions_t *more = extensions(recording, "record_set_options")
    cdef k4a_result_t code
    cdef k4a_record_t c_recording = <k4a_record_t>enter(recording)
    with nogil:
        recording.lock.lock()
        code = more.record_set_options(c_recording, &c_options)
        recording.lock.unlock()
    leave(recording)
    poll_mailbox()
    return result(code)


def record_set_device(RecordHandle recording not None, version, serial_number, calibration):
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
    cdef k4a_hardware_version_t c_version
    to_hardware_version(version, "version", &c_version)
    cdef bytes serial = as_text(serial_number, "serial_number") if serial_number is not None else None
    cdef const char *c_serial = NULL
    if serial is not None:
        c_serial = serial
    cdef Argument text = bytes_of(calibration, "calibration")
    cdef const k4a_rp_extensions_t *more = extensions(recording, "record_set_device")
    cdef k4a_result_t code
    cdef k4a_record_t c_recording = <k4a_record_t>enter(recording)
    with nogil:
        recording.lock.lock()
        code = more.record_set_device(c_recording, &c_version, c_serial, text.data, text.size)
        recording.lock.unlock()
    leave(recording)
    poll_mailbox()
    return result(code)


def record_get_state(RecordHandle recording not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(recording, "record_get_state")
    cdef k4a_rp_record_state_t s
    cdef k4a_result_t code
    cdef k4a_record_t c_recording = <k4a_record_t>enter(recording)
    with nogil:
        memset(&s, 0, sizeof(s))
        code = more.record_get_state(c_recording, &s)
    leave(recording)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None
    return result(code), RecordState(
        s.bytes_on_disk, s.frames_on_disk, s.pending_bytes, s.peak_pending_bytes, s.late_frames, s.refused_late,
        s.replaced_bytes, s.failed, s.error_code,
    )


cdef k4a_buffer_result_t ask_error_text(const Query *query, char *data, size_t *size) noexcept nogil:
    return (<const k4a_rp_extensions_t *>query.name).record_get_error_text(<k4a_record_t>query.handle, data, size)


def record_get_error_text(RecordHandle recording not None, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.name = <const char *>extensions(recording, "record_get_error_text")
    return get_text(ask_error_text, &query, recording, NULL, size)


def record_finish(RecordHandle recording not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(recording, "record_finish")
    cdef k4a_result_t code
    cdef k4a_record_t c_recording = <k4a_record_t>enter(recording)
    with nogil:
        recording.lock.lock()
        code = more.record_finish(c_recording)
        recording.lock.unlock()
    leave(recording)
    poll_mailbox()
    return result(code)


cdef enum:
    MOST_AT_ONCE = 4096  # so that a device that is faster than the disk does not keep a caller for ever


def record_write_waiting_imu_samples(RecordHandle recording not None, DeviceHandle device not None):
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
    cdef const k4a_api *from_api = table(device)
    cdef const k4a_api *to_api = table(recording)
    cdef k4a_imu_sample_t sample
    cdef k4a_result_t code = K4A_RESULT_SUCCEEDED
    cdef size_t count = 0
    cdef k4a_record_t c_recording = <k4a_record_t>enter(recording)
    cdef k4a_device_t c_device = <k4a_device_t>enter(device)
    with nogil:
        while count < MOST_AT_ONCE:
            memset(&sample, 0, sizeof(sample))
            if from_api.k4a_device_get_imu_sample(c_device, &sample, 0) != K4A_WAIT_RESULT_SUCCEEDED:
                break
            code = to_api.k4a_record_write_imu_sample(c_recording, sample)
            if code != K4A_RESULT_SUCCEEDED:
                break
            count += 1
    leave(device)
    leave(recording)
    poll_mailbox()
    return result(code), count


# ---- whole recordings ----


cdef const k4a_rp_extensions_t *extensions_of(object provider, str name) except NULL:
    cdef Provider chosen = choose_provider(provider, "files")
    if chosen.extensions is NULL:
        from pyk4a_rp.errors import NotSupportedError

        raise NotSupportedError(f"provider {chosen.name!r} has no {name}; provider 'bundled' has")
    return chosen.extensions


cdef object from_report(const k4a_rp_recording_report_t *report):
    return RecordingReport(
        report.frames,
        report.clusters,
        report.bytes,
        report.lost_bytes,
        report.problems,
        report.damage_kinds,
        report.start_offset_restored,
    )


# Asked by the engine on the thread of the call. Only the main thread of Python has signals to hear; what their handlers
# raise ends the call, and is raised where it returns.
cdef int go_on(void *context) noexcept with gil:
    try:
        PyErr_CheckSignals()
    except BaseException as error:
        (<list>context).append(error)
        return 0
    return 1


def recording_copy(source, target, begin_usec=0, end_usec=None, tracks=None, overwrite=False, *, provider=None):
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
    cdef bytes c_source = as_path(source, "source")
    cdef bytes c_target = as_path(target, "target")
    cdef k4a_rp_copy_options_t options
    cdef k4a_rp_recording_report_t report
    options.begin_usec = as_uint64(begin_usec, "begin_usec")
    options.end_usec = as_uint64(end_usec, "end_usec") if end_usec is not None else <uint64_t>-1
    options.overwrite = bool(overwrite)
    cdef list names = [as_text(name, "tracks") for name in tracks] if tracks is not None else []
    cdef list raised = []
    cdef const k4a_rp_extensions_t *more = extensions_of(provider, "recording_copy")
    cdef const char *source_text = c_source
    cdef const char *target_text = c_target
    cdef k4a_result_t code
    cdef size_t i
    cdef const char **track_names = NULL
    options.track_count = len(names)
    if tracks is not None:
        track_names = <const char **>malloc((options.track_count + 1) * sizeof(char *))
        if track_names is NULL:
            raise MemoryError("no memory for names of tracks")
        for i in range(options.track_count):
            track_names[i] = <bytes>names[i]
    options.tracks = track_names
    with nogil:
        code = more.recording_copy(source_text, target_text, &options, go_on, <void *>raised, &report)
    free(track_names)
    poll_mailbox()
    if raised:
        raise raised[0]
    return result(code), from_report(&report) if code == K4A_RESULT_SUCCEEDED else None


def recording_repair(source, target=None, overwrite=False, *, provider=None):
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
    cdef bytes c_source = as_path(source, "source")
    cdef bytes c_target = as_path(target, "target") if target is not None else None
    cdef const k4a_rp_extensions_t *more = extensions_of(provider, "recording_repair")
    cdef k4a_rp_recording_report_t report
    cdef const char *source_text = c_source
    cdef const char *target_text = NULL
    cdef uint32_t replaces = bool(overwrite)
    cdef list raised = []
    cdef k4a_result_t code
    if c_target is not None:
        target_text = c_target
    with nogil:
        code = more.recording_repair(source_text, target_text, replaces, go_on, <void *>raised, &report)
    poll_mailbox()
    if raised:
        raise raised[0]
    return result(code), from_report(&report) if code == K4A_RESULT_SUCCEEDED else None


def recording_verify(path, *, provider=None):
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
    cdef bytes c_path = as_path(path, "path")
    cdef const char *path_text = c_path
    cdef const k4a_rp_extensions_t *more = extensions_of(provider, "recording_verify")
    cdef k4a_rp_recording_report_t report
    cdef bytearray text = PyByteArray_FromStringAndSize(NULL, 65536)
    cdef char *room = PyByteArray_AsString(text)
    cdef size_t size = 65536
    cdef list raised = []
    cdef k4a_result_t code
    with nogil:
        room[0] = 0
        code = more.recording_verify(path_text, go_on, <void *>raised, &report, room, &size)
    poll_mailbox()
    if raised:
        raise raised[0]
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), from_report(&report), bytes(text[: size - 1]).decode("utf-8", "replace").splitlines()
