# cython: language_level=3, auto_pickle=False
"""The 12 `k4a_record_*` functions and the handle of a recording that is being written."""

from libc.stddef cimport size_t
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from pyk4a_rp._abi cimport (
    K4A_RESULT_FAILED,
    K4A_RESULT_SUCCEEDED,
    k4a_api,
    k4a_capture_t,
    k4a_device_configuration_t,
    k4a_device_t,
    k4a_imu_sample_t,
    k4a_record_subtitle_settings_t,
    k4a_record_t,
    k4a_record_video_settings_t,
    k4a_result_t,
)
from pyk4a_rp._capture cimport CaptureHandle
from pyk4a_rp._convert cimport (
    Argument,
    as_path,
    as_text,
    as_uint64,
    bytes_of,
    result,
    to_device_configuration,
    to_imu_sample,
    to_video_settings,
)
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, same_provider, table
from pyk4a_rp._k4a cimport DeviceHandle, device_of
from pyk4a_rp._provider cimport poll_mailbox

from pyk4a_rp.structs import k4a_record_subtitle_settings_t as _SubtitleSettings


cdef class RecordHandle(Handle):
    """A recording that is being written. Released, it is flushed and closed."""

    cdef void destroy(self, void *ptr) noexcept nogil:
        self.api.k4a_record_close(<k4a_record_t>ptr)
        free(self.path)
        self.path = NULL

    cdef str kind(self):
        return "recording"

    cdef int give(self, Handle target) except -1:
        Handle.give(self, target)
        (<RecordHandle>target).path = self.path
        self.path = NULL
        return 0


def k4a_record_create(path, DeviceHandle device, device_config, *, provider=None):
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
    cdef bytes name = as_path(path, "path")
    cdef k4a_device_configuration_t config
    to_device_configuration(device_config, "device_config", &config)
    cdef const k4a_api *api = NULL
    if device is None or provider is not None:
        api = choose_provider(provider, "files").api
    if device is not None and device.ptr is not NULL:
        if api is not NULL and api != device.api:
            raise ValueError(
                f"k4a_record_create: device of provider {device.provider.name!r} cannot be used with provider "
                f"{choose_provider(provider, 'files').name!r}"
            )
        api = device.api
    if api is NULL:
        api = table(device)
    cdef size_t size = <size_t>len(name) + 1
    cdef char *kept = <char *>malloc(size)
    if kept is NULL:
        raise MemoryError("no memory for a path")
    memcpy(kept, <const char *>name, size)
    cdef k4a_record_t recording = NULL
    cdef k4a_device_t c_device = device_of(device)
    cdef k4a_result_t code
    if device is not None:
        enter(device)
    with nogil:
        code = api.k4a_record_create(kept, c_device, config, &recording)
    if device is not None:
        leave(device)
    cdef RecordHandle handle = None
    if code == K4A_RESULT_SUCCEEDED:
        handle = RecordHandle.__new__(RecordHandle)
        handle.ptr = recording
        handle.api = api
        handle.path = kept
    else:
        free(kept)
    poll_mailbox()
    return result(code), handle


def k4a_record_close(RecordHandle recording_handle):
    """Flush and close a recording. None and released handles are left alone.

    C does not say whether everything could be written; call `k4a_record_flush` first to know.

    Parameters
    ----------
    recording_handle : RecordHandle | None
        The recording.
    """
    if recording_handle is not None:
        recording_handle.release()


# ---- before the header ----


def k4a_record_add_tag(RecordHandle recording_handle not None, name, value):
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
    cdef bytes name_bytes = as_text(name, "name")
    cdef bytes value_bytes = as_text(value, "value")
    cdef const char *c_name = name_bytes
    cdef const char *c_value = value_bytes
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_add_tag(recording, c_name, c_value)
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_add_imu_track(RecordHandle recording_handle not None):
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
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_add_imu_track(recording)
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_add_attachment(RecordHandle recording_handle not None, attachment_name, buffer):
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
    cdef bytes name = as_text(attachment_name, "attachment_name")
    cdef const char *c_name = name
    cdef Argument data = bytes_of(buffer, "buffer")
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_add_attachment(recording, c_name, data.data, data.size)
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_add_custom_video_track(
    RecordHandle recording_handle not None, track_name, codec_id, codec_context, track_settings
):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef bytes codec = as_text(codec_id, "codec_id")
    cdef const char *c_name = name
    cdef const char *c_codec = codec
    cdef Argument context = bytes_of(codec_context, "codec_context")
    cdef k4a_record_video_settings_t settings
    to_video_settings(track_settings, "track_settings", &settings)
    if settings.frame_rate == 0:
        return result(K4A_RESULT_FAILED)
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_add_custom_video_track(
            recording, c_name, c_codec, context.data, context.size, &settings
        )
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_add_custom_subtitle_track(
    RecordHandle recording_handle not None, track_name, codec_id, codec_context, track_settings
):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef bytes codec = as_text(codec_id, "codec_id")
    cdef const char *c_name = name
    cdef const char *c_codec = codec
    cdef Argument context = bytes_of(codec_context, "codec_context")
    cdef k4a_record_subtitle_settings_t settings
    cdef const k4a_record_subtitle_settings_t *c_settings = NULL
    if track_settings is not None:
        if not isinstance(track_settings, _SubtitleSettings):
            raise TypeError(
                f"track_settings must be k4a_record_subtitle_settings_t or None, not {type(track_settings).__name__}"
            )
        settings.high_freq_data = bool(track_settings.high_freq_data)
        c_settings = &settings
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_add_custom_subtitle_track(
            recording, c_name, c_codec, context.data, context.size, c_settings
        )
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_write_header(RecordHandle recording_handle not None):
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
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_write_header(recording)
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)


# ---- data: may be written from several threads at once ----


def k4a_record_write_capture(RecordHandle recording_handle not None, CaptureHandle capture_handle):
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
    same_provider(recording_handle, capture_handle, "k4a_record_write_capture")
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_capture_t capture = NULL
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    if capture_handle is not None:
        capture = <k4a_capture_t>enter(capture_handle)
    with nogil:
        code = api.k4a_record_write_capture(recording, capture)
    if capture_handle is not None:
        leave(capture_handle)
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_write_imu_sample(RecordHandle recording_handle not None, imu_sample):
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
    cdef k4a_imu_sample_t sample
    to_imu_sample(imu_sample, "imu_sample", &sample)
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        code = api.k4a_record_write_imu_sample(recording, sample)
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_write_custom_track_data(
    RecordHandle recording_handle not None, track_name, device_timestamp_usec, custom_data
):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef uint64_t timestamp = as_uint64(device_timestamp_usec, "device_timestamp_usec")
    cdef Argument data = bytes_of(custom_data, "custom_data")
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        code = api.k4a_record_write_custom_track_data(recording, c_name, timestamp, data.data, data.size)
    leave(recording_handle)
    poll_mailbox()
    return result(code)


def k4a_record_flush(RecordHandle recording_handle not None):
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
    cdef const k4a_api *api = table(recording_handle)
    cdef k4a_result_t code
    cdef k4a_record_t recording = <k4a_record_t>enter(recording_handle)
    with nogil:
        recording_handle.lock.lock()
        code = api.k4a_record_flush(recording)
        recording_handle.lock.unlock()
    leave(recording_handle)
    poll_mailbox()
    return result(code)
