# cython: language_level=3, auto_pickle=False
"""The 28 `k4a_playback_*` functions and the handles of a recording that is read and of a data block.

Output pointers of C leave the parameter list and come back after the result code; they are None on failure.
"""

from libc.stddef cimport size_t
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset
from libcpp cimport bool as cbool

from pyk4a_rp._abi cimport (
    K4A_BUFFER_RESULT_SUCCEEDED,
    K4A_BUFFER_RESULT_TOO_SMALL,
    K4A_RESULT_SUCCEEDED,
    K4A_STREAM_RESULT_SUCCEEDED,
    k4a_api,
    k4a_buffer_result_t,
    k4a_calibration_t,
    k4a_capture_t,
    k4a_image_format_t,
    k4a_imu_sample_t,
    k4a_playback_data_block_t,
    k4a_playback_seek_origin_t,
    k4a_playback_t,
    k4a_record_configuration_t,
    k4a_record_video_settings_t,
    k4a_result_t,
    k4a_stream_result_t,
)
from pyk4a_rp._capture cimport new_capture
from pyk4a_rp._convert cimport (
    Query,
    as_int,
    as_int64,
    as_path,
    as_size,
    as_text,
    from_calibration,
    from_imu_sample,
    from_record_configuration,
    from_video_settings,
    get_bytes,
    get_text,
    result,
    stream_result,
)
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, table, view_of
from pyk4a_rp._provider cimport Provider, poll_mailbox, provider_of

cdef class PlaybackHandle(Handle):
    """An open recording. Calls of several threads on one handle take turns."""

    cdef void destroy(self, void *ptr) noexcept nogil:
        self.api.k4a_playback_close(<k4a_playback_t>ptr)
        free(self.path)
        self.path = NULL

    cdef str kind(self):
        return "playback"

    cdef int give(self, Handle target) except -1:
        Handle.give(self, target)
        (<PlaybackHandle>target).path = self.path
        self.path = NULL
        return 0


cdef class DataBlockHandle(Handle):
    """One block of a custom track."""

    cdef void destroy(self, void *ptr) noexcept nogil:
        self.api.k4a_playback_data_block_release(<k4a_playback_data_block_t>ptr)

    cdef str kind(self):
        return "data block"


# ---- opening ----


def k4a_playback_open(path, *, provider=None):
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
    cdef bytes name = as_path(path, "path")
    cdef const k4a_api *api = choose_provider(provider, "files").api
    cdef size_t size = <size_t>len(name) + 1
    cdef char *kept = <char *>malloc(size)
    if kept is NULL:
        raise MemoryError("no memory for a path")
    memcpy(kept, <const char *>name, size)
    cdef k4a_playback_t playback = NULL
    cdef k4a_result_t code
    with nogil:
        code = api.k4a_playback_open(kept, &playback)
    cdef PlaybackHandle handle = None
    if code == K4A_RESULT_SUCCEEDED:
        handle = PlaybackHandle.__new__(PlaybackHandle)
        handle.ptr = playback
        handle.api = api
        handle.path = kept
    else:
        free(kept)
    poll_mailbox()
    return result(code), handle


def k4a_playback_close(PlaybackHandle playback_handle):
    """Close a recording. None and released handles are left alone.

    Captures, images and data blocks that were read stay valid.

    Parameters
    ----------
    playback_handle : PlaybackHandle | None
        The recording.
    """
    if playback_handle is not None:
        playback_handle.release()


# ---- about the recording ----


cdef k4a_buffer_result_t ask_raw_calibration(const Query *query, char *data, size_t *size) noexcept nogil:
    cdef size_t stored = 0
    if query.index != 0:
        # Microsoft's library crashes when the attachment is empty. All there is then is the closing NUL.
        if query.api.k4a_playback_get_attachment(
            <k4a_playback_t>query.handle, b"calibration.json", NULL, &stored
        ) == K4A_BUFFER_RESULT_TOO_SMALL and stored == 0:
            if data is NULL or size[0] < 1:
                size[0] = 1
                return K4A_BUFFER_RESULT_TOO_SMALL
            size[0] = 1
            data[0] = 0
            return K4A_BUFFER_RESULT_SUCCEEDED
    return query.api.k4a_playback_get_raw_calibration(<k4a_playback_t>query.handle, <uint8_t *>data, size)


def k4a_playback_get_raw_calibration(PlaybackHandle playback_handle not None, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(playback_handle)
    query.index = provider_of(query.api).extensions is NULL
    return get_bytes(ask_raw_calibration, &query, playback_handle, &playback_handle.lock, size, True)


def k4a_playback_get_calibration(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_calibration_t calibration
    cdef k4a_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        memset(&calibration, 0, sizeof(calibration))
        playback_handle.lock.lock()
        code = api.k4a_playback_get_calibration(playback, &calibration)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return result(code), from_calibration(&calibration) if code == K4A_RESULT_SUCCEEDED else None


def k4a_playback_get_record_configuration(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef uint64_t[8] config  # 64 bytes: one implementation of the ABI writes more than the structure has
    cdef k4a_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        memset(config, 0, sizeof(config))
        playback_handle.lock.lock()
        code = api.k4a_playback_get_record_configuration(playback, <k4a_record_configuration_t *>config)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None
    return result(code), from_record_configuration(config, provider_of(api))


cdef k4a_buffer_result_t ask_tag(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_playback_get_tag(<k4a_playback_t>query.handle, query.name, data, size)


def k4a_playback_get_tag(PlaybackHandle playback_handle not None, name, size=None):
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
    cdef bytes c_name = as_text(name, "name")
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(playback_handle)
    query.name = c_name
    return get_text(ask_tag, &query, playback_handle, &playback_handle.lock, size)


cdef k4a_buffer_result_t ask_attachment(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_playback_get_attachment(<k4a_playback_t>query.handle, query.name, <uint8_t *>data, size)


def k4a_playback_get_attachment(PlaybackHandle playback_handle not None, file_name, size=None):
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
    cdef bytes c_name = as_text(file_name, "file_name")
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(playback_handle)
    query.name = c_name
    return get_bytes(ask_attachment, &query, playback_handle, &playback_handle.lock, size, False)


def k4a_playback_get_recording_length_usec(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef uint64_t length
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        length = api.k4a_playback_get_recording_length_usec(playback)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return length


def k4a_playback_get_last_timestamp_usec(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef uint64_t length
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        length = api.k4a_playback_get_last_timestamp_usec(playback)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return length


# ---- tracks ----


def k4a_playback_check_track_exists(PlaybackHandle playback_handle not None, track_name):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef const k4a_api *api = table(playback_handle)
    cdef cbool answer
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        answer = api.k4a_playback_check_track_exists(playback, c_name)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return bool(answer)


def k4a_playback_get_track_count(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef size_t count
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        count = api.k4a_playback_get_track_count(playback)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return count


cdef k4a_buffer_result_t ask_track_name(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_playback_get_track_name(<k4a_playback_t>query.handle, query.index, data, size)


def k4a_playback_get_track_name(PlaybackHandle playback_handle not None, track_index, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.index = as_size(track_index, "track_index")
    query.api = table(playback_handle)
    return get_text(ask_track_name, &query, playback_handle, &playback_handle.lock, size)


def k4a_playback_track_is_builtin(PlaybackHandle playback_handle not None, track_name):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef const k4a_api *api = table(playback_handle)
    cdef cbool answer
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        answer = api.k4a_playback_track_is_builtin(playback, c_name)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return bool(answer)


def k4a_playback_track_get_video_settings(PlaybackHandle playback_handle not None, track_name):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_record_video_settings_t settings
    cdef k4a_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        memset(&settings, 0, sizeof(settings))
        playback_handle.lock.lock()
        code = api.k4a_playback_track_get_video_settings(playback, c_name, &settings)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return result(code), from_video_settings(&settings) if code == K4A_RESULT_SUCCEEDED else None


cdef k4a_buffer_result_t ask_codec_id(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_playback_track_get_codec_id(<k4a_playback_t>query.handle, query.name, data, size)


def k4a_playback_track_get_codec_id(PlaybackHandle playback_handle not None, track_name, size=None):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(playback_handle)
    query.name = name
    return get_text(ask_codec_id, &query, playback_handle, &playback_handle.lock, size)


cdef k4a_buffer_result_t ask_codec_context(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_playback_track_get_codec_context(
        <k4a_playback_t>query.handle, query.name, <uint8_t *>data, size
    )


def k4a_playback_track_get_codec_context(PlaybackHandle playback_handle not None, track_name, size=None):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(playback_handle)
    query.name = name
    return get_bytes(ask_codec_context, &query, playback_handle, &playback_handle.lock, size, False)


# ---- reading ----


def k4a_playback_set_color_conversion(PlaybackHandle playback_handle not None, target_format):
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
    cdef int format = as_int(target_format, "target_format")
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        code = api.k4a_playback_set_color_conversion(playback, <k4a_image_format_t>format)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return result(code)


def k4a_playback_get_next_capture(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_capture_t capture = NULL
    cdef k4a_stream_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        code = api.k4a_playback_get_next_capture(playback, &capture)
        playback_handle.lock.unlock()
    leave(playback_handle)
    cdef object handle = new_capture(api, capture) if code == K4A_STREAM_RESULT_SUCCEEDED else None
    poll_mailbox()
    return stream_result(code), handle


def k4a_playback_get_previous_capture(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_capture_t capture = NULL
    cdef k4a_stream_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        code = api.k4a_playback_get_previous_capture(playback, &capture)
        playback_handle.lock.unlock()
    leave(playback_handle)
    cdef object handle = new_capture(api, capture) if code == K4A_STREAM_RESULT_SUCCEEDED else None
    poll_mailbox()
    return stream_result(code), handle


def k4a_playback_get_next_imu_sample(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_imu_sample_t sample
    cdef k4a_stream_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        memset(&sample, 0, sizeof(sample))
        playback_handle.lock.lock()
        code = api.k4a_playback_get_next_imu_sample(playback, &sample)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return stream_result(code), from_imu_sample(&sample) if code == K4A_STREAM_RESULT_SUCCEEDED else None


def k4a_playback_get_previous_imu_sample(PlaybackHandle playback_handle not None):
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
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_imu_sample_t sample
    cdef k4a_stream_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        memset(&sample, 0, sizeof(sample))
        playback_handle.lock.lock()
        code = api.k4a_playback_get_previous_imu_sample(playback, &sample)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return stream_result(code), from_imu_sample(&sample) if code == K4A_STREAM_RESULT_SUCCEEDED else None


cdef object new_data_block(const k4a_api *api, k4a_playback_data_block_t block):
    if block is NULL:
        return None
    cdef DataBlockHandle handle = DataBlockHandle.__new__(DataBlockHandle)
    handle.ptr = block
    handle.api = api
    return handle


def k4a_playback_get_next_data_block(PlaybackHandle playback_handle not None, track_name):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_playback_data_block_t block = NULL
    cdef k4a_stream_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        code = api.k4a_playback_get_next_data_block(playback, c_name, &block)
        playback_handle.lock.unlock()
    leave(playback_handle)
    cdef object handle = new_data_block(api, block) if code == K4A_STREAM_RESULT_SUCCEEDED else None
    poll_mailbox()
    return stream_result(code), handle


def k4a_playback_get_previous_data_block(PlaybackHandle playback_handle not None, track_name):
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
    cdef bytes name = as_text(track_name, "track_name")
    cdef const char *c_name = name
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_playback_data_block_t block = NULL
    cdef k4a_stream_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        code = api.k4a_playback_get_previous_data_block(playback, c_name, &block)
        playback_handle.lock.unlock()
    leave(playback_handle)
    cdef object handle = new_data_block(api, block) if code == K4A_STREAM_RESULT_SUCCEEDED else None
    poll_mailbox()
    return stream_result(code), handle


def k4a_playback_data_block_get_device_timestamp_usec(DataBlockHandle data_block_handle not None):
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
    cdef uint64_t value = table(data_block_handle).k4a_playback_data_block_get_device_timestamp_usec(
        <k4a_playback_data_block_t>data_block_handle.ptr
    )
    poll_mailbox()
    return value


def k4a_playback_data_block_get_buffer_size(DataBlockHandle data_block_handle not None):
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
    cdef size_t value = table(data_block_handle).k4a_playback_data_block_get_buffer_size(
        <k4a_playback_data_block_t>data_block_handle.ptr
    )
    poll_mailbox()
    return value


def k4a_playback_data_block_get_buffer(DataBlockHandle data_block_handle not None):
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
    cdef const k4a_api *api = table(data_block_handle)
    cdef k4a_playback_data_block_t block = <k4a_playback_data_block_t>data_block_handle.ptr
    cdef void *data = api.k4a_playback_data_block_get_buffer(block)
    cdef size_t size = api.k4a_playback_data_block_get_buffer_size(block) if data is not NULL else 0
    cdef object view = None
    if data is not NULL:
        view = view_of(data_block_handle, data, size)
    poll_mailbox()
    return view


def k4a_playback_data_block_release(DataBlockHandle data_block_handle):
    """Free a data block. None and released handles are left alone.

    Parameters
    ----------
    data_block_handle : DataBlockHandle | None
        The block.
    """
    if data_block_handle is not None:
        data_block_handle.release()


def k4a_playback_seek_timestamp(PlaybackHandle playback_handle not None, offset_usec, origin):
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
    cdef int64_t offset = as_int64(offset_usec, "offset_usec")
    cdef int c_origin = as_int(origin, "origin")
    cdef const k4a_api *api = table(playback_handle)
    cdef k4a_result_t code
    cdef k4a_playback_t playback = <k4a_playback_t>enter(playback_handle)
    with nogil:
        playback_handle.lock.lock()
        code = api.k4a_playback_seek_timestamp(playback, offset, <k4a_playback_seek_origin_t>c_origin)
        playback_handle.lock.unlock()
    leave(playback_handle)
    poll_mailbox()
    return result(code)
