# cython: language_level=3, auto_pickle=False
"""Between Python and C: results, numbers, texts, structures and the (data, size) protocol of the flat layer."""

import os

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport INT32_MAX, INT32_MIN, UINT32_MAX, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset
from libcpp.mutex cimport mutex

from pyk4a_rp._abi cimport (
    K4A_BUFFER_RESULT_SUCCEEDED,
    K4A_BUFFER_RESULT_TOO_SMALL,
    k4a_api,
    k4a_buffer_result_t,
    k4a_calibration_t,
    k4a_color_resolution_t,
    k4a_depth_mode_t,
    k4a_device_configuration_t,
    k4a_float2_t,
    k4a_float3_t,
    k4a_firmware_build_t,
    k4a_firmware_signature_t,
    k4a_fps_t,
    k4a_hardware_version_t,
    k4a_image_format_t,
    k4a_imu_sample_t,
    k4a_record_configuration_t,
    k4a_record_video_settings_t,
    k4a_version_t,
    k4a_wired_sync_mode_t,
)
from pyk4a_rp._handle cimport Handle, enter, leave
from pyk4a_rp._provider cimport Provider, poll_mailbox

from pyk4a_rp import enums, structs

cdef extern from "Python.h":
    # Declared without `except`: the callers look for the error themselves, and only when the value says so.
    long long PyLong_AsLongLong(object value)
    unsigned long long PyLong_AsUnsignedLongLong(object value)
    double PyFloat_AsDouble(object value)
    void *PyErr_Occurred()
    void PyErr_Clear()
    bint PyLong_Check(object value)

RESULTS = tuple(enums.Result)
BUFFER_RESULTS = tuple(enums.BufferResult)
WAIT_RESULTS = tuple(enums.WaitResult)
STREAM_RESULTS = tuple(enums.StreamResult)
IMAGE_FORMATS = tuple(enums.ImageFormat)[:9]

cdef object ImageFormat = enums.ImageFormat
cdef object ColorResolution = enums.ColorResolution
cdef object DepthMode = enums.DepthMode
cdef object FramesPerSecond = enums.FramesPerSecond
cdef object WiredSyncMode = enums.WiredSyncMode
cdef object ColorControlMode = enums.ColorControlMode
cdef object FirmwareBuild = enums.FirmwareBuild
cdef object FirmwareSignature = enums.FirmwareSignature
cdef object Float2 = structs.k4a_float2_t
cdef object Float3 = structs.k4a_float3_t
cdef object ImuSample = structs.k4a_imu_sample_t
cdef object Calibration = structs.k4a_calibration_t
cdef object Version = structs.k4a_version_t
cdef object HardwareVersion = structs.k4a_hardware_version_t
cdef object VideoSettings = structs.k4a_record_video_settings_t
cdef object RecordConfiguration = structs.k4a_record_configuration_t
cdef object DeviceConfiguration = structs.k4a_device_configuration_t


# ---- results ----

cdef object image_format(int code):
    return IMAGE_FORMATS[code] if 0 <= code <= 8 else ImageFormat(code)


cdef object color_control_mode(int code):
    return ColorControlMode(code)


# ---- arguments ----

cdef int not_a_number(object value, str name, str kind) except -1:
    """Say in our own words why a conversion failed: which parameter, and whether its type or its value is wrong."""
    PyErr_Clear()
    if not hasattr(value, "__index__") and not (kind == "float" and hasattr(value, "__float__")):
        raise TypeError(f"{name} must be {kind}, not {type(value).__name__}")
    raise OverflowError(f"{name} is out of range for a C {kind}: {value!r}")


cdef int as_int(object value, str name) except? -1:
    cdef long long number = PyLong_AsLongLong(value)
    if number == -1 and PyErr_Occurred() is not NULL or not INT32_MIN <= number <= INT32_MAX:
        not_a_number(value, name, "int")
    return <int>number


cdef uint32_t as_uint32(object value, str name) except? 0xFFFFFFFF:
    cdef long long number = PyLong_AsLongLong(value)
    if number == -1 and PyErr_Occurred() is not NULL or not 0 <= number <= UINT32_MAX:
        not_a_number(value, name, "int")
    return <uint32_t>number


cdef int64_t as_int64(object value, str name) except? -1:
    cdef long long number = PyLong_AsLongLong(value)
    if number == -1 and PyErr_Occurred() is not NULL:
        not_a_number(value, name, "int")
    return number


cdef uint64_t as_uint64(object value, str name) except? 0xFFFFFFFFFFFFFFFF:
    if not PyLong_Check(value) and hasattr(value, "__index__"):
        value = value.__index__()
    cdef unsigned long long number = PyLong_AsUnsignedLongLong(value)
    if number == <unsigned long long>-1 and PyErr_Occurred() is not NULL:
        not_a_number(value, name, "int")
    return number


cdef size_t as_size(object value, str name) except? 0xFFFFFFFF:
    return <size_t>as_uint64(value, name)


cdef float as_float(object value, str name) except? -1:
    cdef double number = PyFloat_AsDouble(value)
    if number == -1 and PyErr_Occurred() is not NULL:
        not_a_number(value, name, "float")
    return <float>number


cdef bytes as_text(object value, str name):
    """A str as UTF-8; what came from C and was not UTF-8 goes back as it was."""
    cdef bytes text
    if isinstance(value, str):
        text = (<str>value).encode("utf-8", "surrogateescape")
    elif isinstance(value, bytes):
        text = <bytes>value
    else:
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    if b"\0" in text:
        raise ValueError(f"{name} has a NUL in it: {value!r}")
    return text


cdef bytes as_path(object value, str name):
    cdef bytes path
    try:
        path = os.fsencode(value)
    except TypeError:
        raise TypeError(f"{name} must be str, bytes or os.PathLike, not {type(value).__name__}") from None
    if b"\0" in path:
        raise ValueError(f"{name} has a NUL in it: {value!r}")
    return path


cdef str from_text(const char *text, Py_ssize_t size):
    cdef Py_ssize_t length = 0
    while length < size and text[length] != 0:
        length += 1
    return PyUnicode_DecodeUTF8(text, length, "surrogateescape")


cdef class Argument:
    """The bytes of an argument, for the time of a call. None has none."""

    def __dealloc__(self):
        if self.held:
            PyBuffer_Release(&self.view)


cdef uint8_t[1] NOTHING


cdef Argument bytes_of(object value, str name):
    cdef Argument taken = Argument.__new__(Argument)
    if value is None:
        return taken
    try:
        PyObject_GetBuffer(value, &taken.view, PyBUF_SIMPLE)
    except TypeError:
        raise TypeError(f"{name} must be bytes or another buffer, not {type(value).__name__}") from None
    except (BufferError, ValueError) as error:
        raise ValueError(f"{name} must be contiguous: {error}") from None
    taken.held = True
    taken.size = taken.view.len
    # An empty buffer is not a NULL pointer: C tells them apart.
    taken.data = <uint8_t *>taken.view.buf if taken.view.buf is not NULL else NOTHING
    return taken


# ---- structures ----

cdef object from_float2(const k4a_float2_t *c):
    return Float2(c.v[0], c.v[1])


cdef object from_float3(const k4a_float3_t *c):
    return Float3(c.v[0], c.v[1], c.v[2])


cdef object from_imu_sample(const k4a_imu_sample_t *c):
    return ImuSample(
        c.temperature,
        Float3(c.acc_sample.v[0], c.acc_sample.v[1], c.acc_sample.v[2]),
        c.acc_timestamp_usec,
        Float3(c.gyro_sample.v[0], c.gyro_sample.v[1], c.gyro_sample.v[2]),
        c.gyro_timestamp_usec,
    )


cdef object from_calibration(const k4a_calibration_t *c):
    return Calibration(PyBytes_FromStringAndSize(<const char *>c, sizeof(k4a_calibration_t)))


cdef object from_version(const k4a_version_t *c):
    return Version(c.major, c.minor, c.iteration)


cdef object from_hardware_version(const k4a_hardware_version_t *c):
    return HardwareVersion(
        from_version(&c.rgb),
        from_version(&c.depth),
        from_version(&c.audio),
        from_version(&c.depth_sensor),
        FirmwareBuild(<int>c.firmware_build),
        FirmwareSignature(<int>c.firmware_signature),
    )


cdef object from_video_settings(const k4a_record_video_settings_t *c):
    return VideoSettings(c.width, c.height, c.frame_rate)


cdef object from_record_configuration(const void *memory, Provider provider):
    """`memory` has at least 64 bytes: what lies behind 32 differs between the implementations of the ABI."""
    cdef const k4a_record_configuration_t *c = <const k4a_record_configuration_t *>memory
    cdef uint64_t start = c.start_timestamp_offset_usec
    if provider.dialect == "orbbec":
        memcpy(&start, <const char *>memory + 32, sizeof(start))
    return RecordConfiguration(
        image_format(c.color_format),
        ColorResolution(<int>c.color_resolution),
        DepthMode(<int>c.depth_mode),
        FramesPerSecond(<int>c.camera_fps),
        c.color_track_enabled,
        c.depth_track_enabled,
        c.ir_track_enabled,
        c.imu_track_enabled,
        c.depth_delay_off_color_usec,
        WiredSyncMode(<int>c.wired_sync_mode),
        c.subordinate_delay_off_master_usec,
        start,
    )


cdef int expect(object value, str name, object kind) except -1:
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {kind.__name__}, not {type(value).__name__}")
    return 0


cdef int to_floats(object values, str name, float *c, Py_ssize_t count) except -1:
    cdef list numbers = list(values)
    if len(numbers) != count:
        raise ValueError(f"{name}.v must have {count} numbers, not {len(numbers)}")
    for i in range(count):
        c[i] = as_float(numbers[i], name)
    return 0


cdef int to_float2(object value, str name, k4a_float2_t *c) except -1:
    expect(value, name, Float2)
    return to_floats(value.v, name, c.v, 2)


cdef int to_float3(object value, str name, k4a_float3_t *c) except -1:
    expect(value, name, Float3)
    return to_floats(value.v, name, c.v, 3)


cdef int to_imu_sample(object value, str name, k4a_imu_sample_t *c) except -1:
    expect(value, name, ImuSample)
    memset(c, 0, sizeof(c[0]))
    c.temperature = as_float(value.temperature, "temperature")
    to_float3(value.acc_sample, "acc_sample", &c.acc_sample)
    c.acc_timestamp_usec = as_uint64(value.acc_timestamp_usec, "acc_timestamp_usec")
    to_float3(value.gyro_sample, "gyro_sample", &c.gyro_sample)
    c.gyro_timestamp_usec = as_uint64(value.gyro_timestamp_usec, "gyro_timestamp_usec")
    return 0


cdef int to_calibration(object value, str name, k4a_calibration_t *c) except -1:
    cdef Py_buffer view
    expect(value, name, Calibration)
    PyObject_GetBuffer(value._memory, &view, PyBUF_SIMPLE)
    memcpy(c, view.buf, sizeof(c[0]))
    PyBuffer_Release(&view)
    return 0


cdef int to_device_configuration(object value, str name, k4a_device_configuration_t *c) except -1:
    expect(value, name, DeviceConfiguration)
    memset(c, 0, sizeof(c[0]))
    c.color_format = <k4a_image_format_t>as_int(value.color_format, "color_format")
    c.color_resolution = <k4a_color_resolution_t>as_int(value.color_resolution, "color_resolution")
    c.depth_mode = <k4a_depth_mode_t>as_int(value.depth_mode, "depth_mode")
    c.camera_fps = <k4a_fps_t>as_int(value.camera_fps, "camera_fps")
    c.synchronized_images_only = bool(value.synchronized_images_only)
    c.depth_delay_off_color_usec = as_int(value.depth_delay_off_color_usec, "depth_delay_off_color_usec")
    c.wired_sync_mode = <k4a_wired_sync_mode_t>as_int(value.wired_sync_mode, "wired_sync_mode")
    c.subordinate_delay_off_master_usec = as_uint32(
        value.subordinate_delay_off_master_usec, "subordinate_delay_off_master_usec"
    )
    c.disable_streaming_indicator = bool(value.disable_streaming_indicator)
    return 0


cdef int to_version(object value, str name, k4a_version_t *c) except -1:
    expect(value, name, Version)
    c.major = as_uint32(value.major, "major")
    c.minor = as_uint32(value.minor, "minor")
    c.iteration = as_uint32(value.iteration, "iteration")
    return 0


cdef int to_hardware_version(object value, str name, k4a_hardware_version_t *c) except -1:
    expect(value, name, HardwareVersion)
    to_version(value.rgb, "rgb", &c.rgb)
    to_version(value.depth, "depth", &c.depth)
    to_version(value.audio, "audio", &c.audio)
    to_version(value.depth_sensor, "depth_sensor", &c.depth_sensor)
    c.firmware_build = <k4a_firmware_build_t>as_int(value.firmware_build, "firmware_build")
    c.firmware_signature = <k4a_firmware_signature_t>as_int(value.firmware_signature, "firmware_signature")
    return 0


cdef int to_video_settings(object value, str name, k4a_record_video_settings_t *c) except -1:
    expect(value, name, VideoSettings)
    c.width = as_uint64(value.width, "width")
    c.height = as_uint64(value.height, "height")
    c.frame_rate = as_uint64(value.frame_rate, "frame_rate")
    return 0


# ---- getters with (data, size) ----

cdef enum:
    SHORT_TEXT = 256  # most texts fit, so that they take one call


cdef k4a_buffer_result_t ask(Getter getter, const Query *query, mutex *lock, char *data, size_t *size) noexcept nogil:
    cdef k4a_buffer_result_t code
    if lock is not NULL:
        lock.lock()
    code = getter(query, data, size)
    if lock is not NULL:
        lock.unlock()
    return code


cdef tuple get_sized(Getter getter, Query *query, mutex *lock, size_t size, bint is_text, bint closing_nul):
    """C's behaviour: a buffer of `size` bytes, NULL when that is 0."""
    cdef k4a_buffer_result_t code
    cdef char *data = NULL
    cdef size_t written = size
    if size > 0:
        data = <char *>malloc(size)
        if data is NULL:
            raise MemoryError(f"no memory for size={size}")
    with nogil:
        code = ask(getter, query, lock, data, &written)
    try:
        if code != K4A_BUFFER_RESULT_SUCCEEDED:
            return buffer_result(code), None, written
        if is_text:
            return buffer_result(code), from_text(data, written), written
        if closing_nul and written > 0 and data[written - 1] == 0:
            return buffer_result(code), PyBytes_FromStringAndSize(data, written - 1), written
        return buffer_result(code), PyBytes_FromStringAndSize(data, written), written
    finally:
        free(data)


cdef tuple get_whole_text(Getter getter, Query *query, mutex *lock):
    cdef char[SHORT_TEXT] short
    cdef char *data = short
    cdef size_t size = SHORT_TEXT
    cdef size_t room = SHORT_TEXT  # a library that never has enough must not hold us here
    cdef k4a_buffer_result_t code
    try:
        with nogil:
            code = ask(getter, query, lock, data, &size)
            while code == K4A_BUFFER_RESULT_TOO_SMALL and size > room:
                room = size
                if data is not short:
                    free(data)
                data = <char *>malloc(size)
                if data is NULL:
                    break
                code = ask(getter, query, lock, data, &size)
        if data is NULL:
            raise MemoryError(f"no memory for a text of {size} bytes")
        return buffer_result(code), from_text(data, size) if code == K4A_BUFFER_RESULT_SUCCEEDED else None
    finally:
        if data is not short:
            free(data)


cdef tuple get_whole_bytes(Getter getter, Query *query, mutex *lock, bint closing_nul):
    cdef size_t size = 0
    cdef size_t written
    cdef k4a_buffer_result_t code
    cdef char *data
    cdef bytes value = None
    with nogil:
        code = ask(getter, query, lock, NULL, &size)
    while code == K4A_BUFFER_RESULT_TOO_SMALL and (value is None or size > <size_t>len(value)):
        value = PyBytes_FromStringAndSize(NULL, size)
        data = value
        written = size
        with nogil:
            code = ask(getter, query, lock, data, &written)
        size = written
    if code != K4A_BUFFER_RESULT_SUCCEEDED or value is None:
        return buffer_result(code), None if code != K4A_BUFFER_RESULT_SUCCEEDED else b""
    if closing_nul and size > 0 and value[size - 1] == 0:
        size -= 1
    return buffer_result(code), value if <size_t>len(value) == size else value[:size]


cdef tuple get_text(Getter getter, Query *query, Handle owner, mutex *lock, object size):
    cdef tuple answer
    query.handle = enter(owner)
    try:
        if size is None:
            answer = get_whole_text(getter, query, lock)
        else:
            answer = get_sized(getter, query, lock, as_size(size, "size"), True, False)
    finally:
        leave(owner)
    poll_mailbox()
    return answer


cdef tuple get_bytes(Getter getter, Query *query, Handle owner, mutex *lock, object size, bint closing_nul):
    cdef tuple answer
    query.handle = enter(owner)
    try:
        if size is None:
            answer = get_whole_bytes(getter, query, lock, closing_nul)
        else:
            answer = get_sized(getter, query, lock, as_size(size, "size"), False, closing_nul)
    finally:
        leave(owner)
    poll_mailbox()
    return answer
