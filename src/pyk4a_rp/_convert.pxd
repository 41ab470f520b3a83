# From C to Python and back: results, numbers, texts, structures, and the (data, size) protocol.

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libcpp.mutex cimport mutex

from pyk4a_rp._abi cimport (
    k4a_api,
    k4a_buffer_result_t,
    k4a_calibration_t,
    k4a_device_configuration_t,
    k4a_float2_t,
    k4a_float3_t,
    k4a_hardware_version_t,
    k4a_imu_sample_t,
    k4a_record_configuration_t,
    k4a_record_video_settings_t,
)
from pyk4a_rp._handle cimport Handle
from pyk4a_rp._provider cimport Provider

# ---- results: members of the enumerations; a value that C does not name stays an int ----

cdef tuple RESULTS, BUFFER_RESULTS, WAIT_RESULTS, STREAM_RESULTS, IMAGE_FORMATS

cdef inline object result(int code):
    return RESULTS[code] if 0 <= code <= 1 else code

cdef inline object buffer_result(int code):
    return BUFFER_RESULTS[code] if 0 <= code <= 2 else code

cdef inline object wait_result(int code):
    return WAIT_RESULTS[code] if 0 <= code <= 2 else code

cdef inline object stream_result(int code):
    return STREAM_RESULTS[code] if 0 <= code <= 2 else code

cdef object image_format(int code)
cdef object color_control_mode(int code)

# ---- arguments: errors name the parameter ----

cdef int as_int(object value, str name) except? -1
cdef uint32_t as_uint32(object value, str name) except? 0xFFFFFFFF
cdef int64_t as_int64(object value, str name) except? -1
cdef uint64_t as_uint64(object value, str name) except? 0xFFFFFFFFFFFFFFFF
cdef size_t as_size(object value, str name) except? 0xFFFFFFFF
cdef float as_float(object value, str name) except? -1
cdef bytes as_text(object value, str name)
cdef bytes as_path(object value, str name)
cdef str from_text(const char *text, Py_ssize_t size)

cdef class Argument:
    cdef Py_buffer view
    cdef bint held
    cdef uint8_t *data
    cdef size_t size

cdef Argument bytes_of(object value, str name)

# ---- structures ----

cdef object from_float2(const k4a_float2_t *c)
cdef object from_float3(const k4a_float3_t *c)
cdef object from_imu_sample(const k4a_imu_sample_t *c)
cdef object from_calibration(const k4a_calibration_t *c)
cdef object from_hardware_version(const k4a_hardware_version_t *c)
cdef object from_video_settings(const k4a_record_video_settings_t *c)
cdef object from_record_configuration(const void *c, Provider provider)

cdef int to_float2(object value, str name, k4a_float2_t *c) except -1
cdef int to_float3(object value, str name, k4a_float3_t *c) except -1
cdef int to_imu_sample(object value, str name, k4a_imu_sample_t *c) except -1
cdef int to_calibration(object value, str name, k4a_calibration_t *c) except -1
cdef int to_device_configuration(object value, str name, k4a_device_configuration_t *c) except -1
cdef int to_hardware_version(object value, str name, k4a_hardware_version_t *c) except -1
cdef int to_video_settings(object value, str name, k4a_record_video_settings_t *c) except -1

# ---- getters with (data, size) ----

# What such a getter is asked with; the getters of C differ in their other parameters.
cdef struct Query:
    const k4a_api *api
    void *handle
    const char *name
    size_t index

ctypedef k4a_buffer_result_t (*Getter)(const Query *query, char *data, size_t *size) noexcept nogil

# (result, str) or, with a size that is not None, (result, str, size). `lock` may be NULL.
cdef tuple get_text(Getter getter, Query *query, Handle owner, mutex *lock, object size)
# The same with bytes; closing_nul: drop one NUL from the end.
cdef tuple get_bytes(Getter getter, Query *query, Handle owner, mutex *lock, object size, bint closing_nul)
