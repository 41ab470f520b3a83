# The C ABI as Cython sees it: types of vendor/k4a/include and the table of one provider's 105 functions.
# tests/test_abi.py holds it against the headers and abi/k4a_functions.inc.
#
# Import names from here (`from pyk4a_rp._abi cimport k4a_image_t`), never the module itself: Cython leaves
# `from pyk4a_rp cimport _abi` out of its dependency files, and an edit here would then rebuild nothing.

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libcpp cimport bool as cbool


cdef extern from "<k4a/k4atypes.h>" nogil:
    ctypedef struct _k4a_device_t
    ctypedef struct _k4a_capture_t
    ctypedef struct _k4a_image_t
    ctypedef struct _k4a_transformation_t

    ctypedef _k4a_device_t *k4a_device_t
    ctypedef _k4a_capture_t *k4a_capture_t
    ctypedef _k4a_image_t *k4a_image_t
    ctypedef _k4a_transformation_t *k4a_transformation_t

    ctypedef enum k4a_result_t:
        K4A_RESULT_SUCCEEDED
        K4A_RESULT_FAILED

    ctypedef enum k4a_buffer_result_t:
        K4A_BUFFER_RESULT_SUCCEEDED
        K4A_BUFFER_RESULT_FAILED
        K4A_BUFFER_RESULT_TOO_SMALL

    ctypedef enum k4a_wait_result_t:
        K4A_WAIT_RESULT_SUCCEEDED
        K4A_WAIT_RESULT_FAILED
        K4A_WAIT_RESULT_TIMEOUT

    ctypedef enum k4a_log_level_t:
        K4A_LOG_LEVEL_CRITICAL
        K4A_LOG_LEVEL_ERROR
        K4A_LOG_LEVEL_WARNING
        K4A_LOG_LEVEL_INFO
        K4A_LOG_LEVEL_TRACE
        K4A_LOG_LEVEL_OFF

    ctypedef enum k4a_depth_mode_t:
        K4A_DEPTH_MODE_OFF
        K4A_DEPTH_MODE_NFOV_2X2BINNED
        K4A_DEPTH_MODE_NFOV_UNBINNED
        K4A_DEPTH_MODE_WFOV_2X2BINNED
        K4A_DEPTH_MODE_WFOV_UNBINNED
        K4A_DEPTH_MODE_PASSIVE_IR

    ctypedef enum k4a_color_resolution_t:
        K4A_COLOR_RESOLUTION_OFF
        K4A_COLOR_RESOLUTION_720P
        K4A_COLOR_RESOLUTION_1080P
        K4A_COLOR_RESOLUTION_1440P
        K4A_COLOR_RESOLUTION_1536P
        K4A_COLOR_RESOLUTION_2160P
        K4A_COLOR_RESOLUTION_3072P

    ctypedef enum k4a_image_format_t:
        K4A_IMAGE_FORMAT_COLOR_MJPG
        K4A_IMAGE_FORMAT_COLOR_NV12
        K4A_IMAGE_FORMAT_COLOR_YUY2
        K4A_IMAGE_FORMAT_COLOR_BGRA32
        K4A_IMAGE_FORMAT_DEPTH16
        K4A_IMAGE_FORMAT_IR16
        K4A_IMAGE_FORMAT_CUSTOM8
        K4A_IMAGE_FORMAT_CUSTOM16
        K4A_IMAGE_FORMAT_CUSTOM

    ctypedef enum k4a_transformation_interpolation_type_t:
        K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST
        K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR

    ctypedef enum k4a_fps_t:
        K4A_FRAMES_PER_SECOND_5
        K4A_FRAMES_PER_SECOND_15
        K4A_FRAMES_PER_SECOND_30

    ctypedef enum k4a_color_control_command_t:
        K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE
        K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY
        K4A_COLOR_CONTROL_BRIGHTNESS
        K4A_COLOR_CONTROL_CONTRAST
        K4A_COLOR_CONTROL_SATURATION
        K4A_COLOR_CONTROL_SHARPNESS
        K4A_COLOR_CONTROL_WHITEBALANCE
        K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION
        K4A_COLOR_CONTROL_GAIN
        K4A_COLOR_CONTROL_POWERLINE_FREQUENCY

    ctypedef enum k4a_color_control_mode_t:
        K4A_COLOR_CONTROL_MODE_AUTO
        K4A_COLOR_CONTROL_MODE_MANUAL

    ctypedef enum k4a_wired_sync_mode_t:
        K4A_WIRED_SYNC_MODE_STANDALONE
        K4A_WIRED_SYNC_MODE_MASTER
        K4A_WIRED_SYNC_MODE_SUBORDINATE

    ctypedef enum k4a_calibration_type_t:
        K4A_CALIBRATION_TYPE_UNKNOWN
        K4A_CALIBRATION_TYPE_DEPTH
        K4A_CALIBRATION_TYPE_COLOR
        K4A_CALIBRATION_TYPE_GYRO
        K4A_CALIBRATION_TYPE_ACCEL
        K4A_CALIBRATION_TYPE_NUM

    ctypedef enum k4a_calibration_model_type_t:
        K4A_CALIBRATION_LENS_DISTORTION_MODEL_UNKNOWN
        K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA
        K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K
        K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT
        K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY

    ctypedef enum k4a_firmware_build_t:
        K4A_FIRMWARE_BUILD_RELEASE
        K4A_FIRMWARE_BUILD_DEBUG

    ctypedef enum k4a_firmware_signature_t:
        K4A_FIRMWARE_SIGNATURE_MSFT
        K4A_FIRMWARE_SIGNATURE_TEST
        K4A_FIRMWARE_SIGNATURE_UNSIGNED

    ctypedef void k4a_logging_message_cb_t(void *context, k4a_log_level_t level, const char *file, int line,
                                           const char *message) noexcept nogil
    ctypedef void k4a_memory_destroy_cb_t(void *buffer, void *context) noexcept nogil
    ctypedef uint8_t *k4a_memory_allocate_cb_t(int size, void **context) noexcept nogil

    ctypedef struct k4a_device_configuration_t:
        k4a_image_format_t color_format
        k4a_color_resolution_t color_resolution
        k4a_depth_mode_t depth_mode
        k4a_fps_t camera_fps
        cbool synchronized_images_only
        int32_t depth_delay_off_color_usec
        k4a_wired_sync_mode_t wired_sync_mode
        uint32_t subordinate_delay_off_master_usec
        cbool disable_streaming_indicator

    ctypedef struct k4a_calibration_extrinsics_t:
        float rotation[9]
        float translation[3]

    ctypedef struct _k4a_intrinsic_parameter_names "k4a_calibration_intrinsic_parameters_t::_param":
        float cx
        float cy
        float fx
        float fy
        float k1
        float k2
        float k3
        float k4
        float k5
        float k6
        float codx
        float cody
        float p2
        float p1
        float metric_radius

    ctypedef union k4a_calibration_intrinsic_parameters_t:
        _k4a_intrinsic_parameter_names param
        float v[15]

    ctypedef struct k4a_calibration_intrinsics_t:
        k4a_calibration_model_type_t type
        unsigned int parameter_count
        k4a_calibration_intrinsic_parameters_t parameters

    ctypedef struct k4a_calibration_camera_t:
        k4a_calibration_extrinsics_t extrinsics
        k4a_calibration_intrinsics_t intrinsics
        int resolution_width
        int resolution_height
        float metric_radius

    ctypedef struct k4a_calibration_t:
        k4a_calibration_camera_t depth_camera_calibration
        k4a_calibration_camera_t color_camera_calibration
        k4a_calibration_extrinsics_t extrinsics[4][4]
        k4a_depth_mode_t depth_mode
        k4a_color_resolution_t color_resolution

    ctypedef struct k4a_version_t:
        uint32_t major
        uint32_t minor
        uint32_t iteration

    ctypedef struct k4a_hardware_version_t:
        k4a_version_t rgb
        k4a_version_t depth
        k4a_version_t audio
        k4a_version_t depth_sensor
        k4a_firmware_build_t firmware_build
        k4a_firmware_signature_t firmware_signature

    ctypedef struct _k4a_float2_names "k4a_float2_t::_xy":
        float x
        float y

    ctypedef union k4a_float2_t:
        _k4a_float2_names xy
        float v[2]

    ctypedef struct _k4a_float3_names "k4a_float3_t::_xyz":
        float x
        float y
        float z

    ctypedef union k4a_float3_t:
        _k4a_float3_names xyz
        float v[3]

    ctypedef struct k4a_imu_sample_t:
        float temperature
        k4a_float3_t acc_sample
        uint64_t acc_timestamp_usec
        k4a_float3_t gyro_sample
        uint64_t gyro_timestamp_usec

    const int K4A_DEVICE_DEFAULT
    const int K4A_WAIT_INFINITE
    const k4a_device_configuration_t K4A_DEVICE_CONFIG_INIT_DISABLE_ALL


cdef extern from "<k4a/k4aversion.h>" nogil:
    const int K4A_VERSION_MAJOR
    const int K4A_VERSION_MINOR
    const int K4A_VERSION_PATCH
    const char *K4A_VERSION_PRERELEASE
    const char *K4A_VERSION_BUILD_METADATA
    const char *K4A_VERSION_STR


cdef extern from "<k4arecord/types.h>" nogil:
    ctypedef struct _k4a_record_t
    ctypedef struct _k4a_playback_t
    ctypedef struct _k4a_playback_data_block_t

    ctypedef _k4a_record_t *k4a_record_t
    ctypedef _k4a_playback_t *k4a_playback_t
    ctypedef _k4a_playback_data_block_t *k4a_playback_data_block_t

    const char *K4A_TRACK_NAME_COLOR
    const char *K4A_TRACK_NAME_DEPTH
    const char *K4A_TRACK_NAME_IR
    const char *K4A_TRACK_NAME_IMU

    ctypedef enum k4a_playback_seek_origin_t:
        K4A_PLAYBACK_SEEK_BEGIN
        K4A_PLAYBACK_SEEK_END
        K4A_PLAYBACK_SEEK_DEVICE_TIME

    ctypedef enum k4a_stream_result_t:
        K4A_STREAM_RESULT_SUCCEEDED
        K4A_STREAM_RESULT_FAILED
        K4A_STREAM_RESULT_EOF

    ctypedef struct k4a_record_configuration_t:
        k4a_image_format_t color_format
        k4a_color_resolution_t color_resolution
        k4a_depth_mode_t depth_mode
        k4a_fps_t camera_fps
        cbool color_track_enabled
        cbool depth_track_enabled
        cbool ir_track_enabled
        cbool imu_track_enabled
        int32_t depth_delay_off_color_usec
        k4a_wired_sync_mode_t wired_sync_mode
        uint32_t subordinate_delay_off_master_usec
        uint32_t start_timestamp_offset_usec

    ctypedef struct k4a_record_video_settings_t:
        uint64_t width
        uint64_t height
        uint64_t frame_rate

    ctypedef struct k4a_record_subtitle_settings_t:
        cbool high_freq_data


cdef extern from "abi/k4a_api.h" nogil:
    ctypedef struct k4a_api:
        # k4a/k4a.h
        uint32_t (*k4a_device_get_installed_count)() noexcept nogil
        k4a_result_t (*k4a_set_debug_message_handler)(k4a_logging_message_cb_t *message_cb, void *message_cb_context,
            k4a_log_level_t min_level) noexcept nogil
        k4a_result_t (*k4a_set_allocator)(k4a_memory_allocate_cb_t *allocate, k4a_memory_destroy_cb_t *free
            ) noexcept nogil
        k4a_result_t (*k4a_device_open)(uint32_t index, k4a_device_t *device_handle) noexcept nogil
        void (*k4a_device_close)(k4a_device_t device_handle) noexcept nogil
        k4a_wait_result_t (*k4a_device_get_capture)(k4a_device_t device_handle, k4a_capture_t *capture_handle,
            int32_t timeout_in_ms) noexcept nogil
        k4a_wait_result_t (*k4a_device_get_imu_sample)(k4a_device_t device_handle, k4a_imu_sample_t *imu_sample,
            int32_t timeout_in_ms) noexcept nogil
        k4a_result_t (*k4a_device_start_cameras)(k4a_device_t device_handle, const k4a_device_configuration_t *config
            ) noexcept nogil
        void (*k4a_device_stop_cameras)(k4a_device_t device_handle) noexcept nogil
        k4a_result_t (*k4a_device_start_imu)(k4a_device_t device_handle) noexcept nogil
        void (*k4a_device_stop_imu)(k4a_device_t device_handle) noexcept nogil
        k4a_buffer_result_t (*k4a_device_get_serialnum)(k4a_device_t device_handle, char *serial_number,
            size_t *serial_number_size) noexcept nogil
        k4a_result_t (*k4a_device_get_version)(k4a_device_t device_handle, k4a_hardware_version_t *version
            ) noexcept nogil
        k4a_result_t (*k4a_device_get_color_control_capabilities)(k4a_device_t device_handle,
            k4a_color_control_command_t command, cbool *supports_auto, int32_t *min_value, int32_t *max_value,
            int32_t *step_value, int32_t *default_value, k4a_color_control_mode_t *default_mode) noexcept nogil
        k4a_result_t (*k4a_device_get_color_control)(k4a_device_t device_handle, k4a_color_control_command_t command,
            k4a_color_control_mode_t *mode, int32_t *value) noexcept nogil
        k4a_result_t (*k4a_device_set_color_control)(k4a_device_t device_handle, k4a_color_control_command_t command,
            k4a_color_control_mode_t mode, int32_t value) noexcept nogil
        k4a_buffer_result_t (*k4a_device_get_raw_calibration)(k4a_device_t device_handle, uint8_t *data,
            size_t *data_size) noexcept nogil
        k4a_result_t (*k4a_device_get_calibration)(k4a_device_t device_handle, k4a_depth_mode_t depth_mode,
            k4a_color_resolution_t color_resolution, k4a_calibration_t *calibration) noexcept nogil
        k4a_result_t (*k4a_device_get_sync_jack)(k4a_device_t device_handle, cbool *sync_in_jack_connected,
            cbool *sync_out_jack_connected) noexcept nogil
        k4a_result_t (*k4a_capture_create)(k4a_capture_t *capture_handle) noexcept nogil
        void (*k4a_capture_release)(k4a_capture_t capture_handle) noexcept nogil
        void (*k4a_capture_reference)(k4a_capture_t capture_handle) noexcept nogil
        k4a_image_t (*k4a_capture_get_color_image)(k4a_capture_t capture_handle) noexcept nogil
        k4a_image_t (*k4a_capture_get_depth_image)(k4a_capture_t capture_handle) noexcept nogil
        k4a_image_t (*k4a_capture_get_ir_image)(k4a_capture_t capture_handle) noexcept nogil
        void (*k4a_capture_set_color_image)(k4a_capture_t capture_handle, k4a_image_t image_handle) noexcept nogil
        void (*k4a_capture_set_depth_image)(k4a_capture_t capture_handle, k4a_image_t image_handle) noexcept nogil
        void (*k4a_capture_set_ir_image)(k4a_capture_t capture_handle, k4a_image_t image_handle) noexcept nogil
        void (*k4a_capture_set_temperature_c)(k4a_capture_t capture_handle, float temperature_c) noexcept nogil
        float (*k4a_capture_get_temperature_c)(k4a_capture_t capture_handle) noexcept nogil
        k4a_result_t (*k4a_image_create)(k4a_image_format_t format, int width_pixels, int height_pixels,
            int stride_bytes, k4a_image_t *image_handle) noexcept nogil
        k4a_result_t (*k4a_image_create_from_buffer)(k4a_image_format_t format, int width_pixels, int height_pixels,
            int stride_bytes, uint8_t *buffer, size_t buffer_size, k4a_memory_destroy_cb_t *buffer_release_cb,
            void *buffer_release_cb_context, k4a_image_t *image_handle) noexcept nogil
        void (*k4a_image_reference)(k4a_image_t image_handle) noexcept nogil
        void (*k4a_image_release)(k4a_image_t image_handle) noexcept nogil
        uint8_t *(*k4a_image_get_buffer)(k4a_image_t image_handle) noexcept nogil
        size_t (*k4a_image_get_size)(k4a_image_t image_handle) noexcept nogil
        k4a_image_format_t (*k4a_image_get_format)(k4a_image_t image_handle) noexcept nogil
        int (*k4a_image_get_width_pixels)(k4a_image_t image_handle) noexcept nogil
        int (*k4a_image_get_height_pixels)(k4a_image_t image_handle) noexcept nogil
        int (*k4a_image_get_stride_bytes)(k4a_image_t image_handle) noexcept nogil
        uint64_t (*k4a_image_get_device_timestamp_usec)(k4a_image_t image_handle) noexcept nogil
        uint64_t (*k4a_image_get_system_timestamp_nsec)(k4a_image_t image_handle) noexcept nogil
        uint64_t (*k4a_image_get_exposure_usec)(k4a_image_t image_handle) noexcept nogil
        uint32_t (*k4a_image_get_white_balance)(k4a_image_t image_handle) noexcept nogil
        uint32_t (*k4a_image_get_iso_speed)(k4a_image_t image_handle) noexcept nogil
        void (*k4a_image_set_device_timestamp_usec)(k4a_image_t image_handle, uint64_t timestamp_usec) noexcept nogil
        void (*k4a_image_set_system_timestamp_nsec)(k4a_image_t image_handle, uint64_t timestamp_nsec) noexcept nogil
        void (*k4a_image_set_exposure_usec)(k4a_image_t image_handle, uint64_t exposure_usec) noexcept nogil
        void (*k4a_image_set_white_balance)(k4a_image_t image_handle, uint32_t white_balance) noexcept nogil
        void (*k4a_image_set_iso_speed)(k4a_image_t image_handle, uint32_t iso_speed) noexcept nogil
        uint64_t (*k4a_image_get_timestamp_usec)(k4a_image_t image_handle) noexcept nogil
        void (*k4a_image_set_timestamp_usec)(k4a_image_t image_handle, uint64_t timestamp_usec) noexcept nogil
        void (*k4a_image_set_exposure_time_usec)(k4a_image_t image_handle, uint64_t exposure_usec) noexcept nogil
        k4a_result_t (*k4a_calibration_get_from_raw)(char *raw_calibration, size_t raw_calibration_size,
            k4a_depth_mode_t depth_mode, k4a_color_resolution_t color_resolution, k4a_calibration_t *calibration
            ) noexcept nogil
        k4a_result_t (*k4a_calibration_3d_to_3d)(const k4a_calibration_t *calibration,
            const k4a_float3_t *source_point3d_mm, k4a_calibration_type_t source_camera,
            k4a_calibration_type_t target_camera, k4a_float3_t *target_point3d_mm) noexcept nogil
        k4a_result_t (*k4a_calibration_2d_to_3d)(const k4a_calibration_t *calibration,
            const k4a_float2_t *source_point2d, float source_depth_mm, k4a_calibration_type_t source_camera,
            k4a_calibration_type_t target_camera, k4a_float3_t *target_point3d_mm, int *valid) noexcept nogil
        k4a_result_t (*k4a_calibration_3d_to_2d)(const k4a_calibration_t *calibration,
            const k4a_float3_t *source_point3d_mm, k4a_calibration_type_t source_camera,
            k4a_calibration_type_t target_camera, k4a_float2_t *target_point2d, int *valid) noexcept nogil
        k4a_result_t (*k4a_calibration_2d_to_2d)(const k4a_calibration_t *calibration,
            const k4a_float2_t *source_point2d, float source_depth_mm, k4a_calibration_type_t source_camera,
            k4a_calibration_type_t target_camera, k4a_float2_t *target_point2d, int *valid) noexcept nogil
        k4a_result_t (*k4a_calibration_color_2d_to_depth_2d)(const k4a_calibration_t *calibration,
            const k4a_float2_t *source_point2d, k4a_image_t depth_image, k4a_float2_t *target_point2d, int *valid
            ) noexcept nogil
        k4a_transformation_t (*k4a_transformation_create)(const k4a_calibration_t *calibration) noexcept nogil
        void (*k4a_transformation_destroy)(k4a_transformation_t transformation_handle) noexcept nogil
        k4a_result_t (*k4a_transformation_depth_image_to_color_camera)(k4a_transformation_t transformation_handle,
            k4a_image_t depth_image, k4a_image_t transformed_depth_image) noexcept nogil
        k4a_result_t (*k4a_transformation_depth_image_to_color_camera_custom)(
            k4a_transformation_t transformation_handle, k4a_image_t depth_image, k4a_image_t custom_image,
            k4a_image_t transformed_depth_image, k4a_image_t transformed_custom_image,
            k4a_transformation_interpolation_type_t interpolation_type, uint32_t invalid_custom_value) noexcept nogil
        k4a_result_t (*k4a_transformation_color_image_to_depth_camera)(k4a_transformation_t transformation_handle,
            k4a_image_t depth_image, k4a_image_t color_image, k4a_image_t transformed_color_image) noexcept nogil
        k4a_result_t (*k4a_transformation_depth_image_to_point_cloud)(k4a_transformation_t transformation_handle,
            k4a_image_t depth_image, k4a_calibration_type_t camera, k4a_image_t xyz_image) noexcept nogil

        # k4arecord/record.h
        k4a_result_t (*k4a_record_create)(const char *path, k4a_device_t device,
            k4a_device_configuration_t device_config, k4a_record_t *recording_handle) noexcept nogil
        k4a_result_t (*k4a_record_add_tag)(k4a_record_t recording_handle, const char *name, const char *value
            ) noexcept nogil
        k4a_result_t (*k4a_record_add_imu_track)(k4a_record_t recording_handle) noexcept nogil
        k4a_result_t (*k4a_record_add_attachment)(k4a_record_t recording_handle, const char *attachment_name,
            const uint8_t *buffer, size_t buffer_size) noexcept nogil
        k4a_result_t (*k4a_record_add_custom_video_track)(k4a_record_t recording_handle, const char *track_name,
            const char *codec_id, const uint8_t *codec_context, size_t codec_context_size,
            const k4a_record_video_settings_t *track_settings) noexcept nogil
        k4a_result_t (*k4a_record_add_custom_subtitle_track)(k4a_record_t recording_handle, const char *track_name,
            const char *codec_id, const uint8_t *codec_context, size_t codec_context_size,
            const k4a_record_subtitle_settings_t *track_settings) noexcept nogil
        k4a_result_t (*k4a_record_write_header)(k4a_record_t recording_handle) noexcept nogil
        k4a_result_t (*k4a_record_write_capture)(k4a_record_t recording_handle, k4a_capture_t capture_handle
            ) noexcept nogil
        k4a_result_t (*k4a_record_write_imu_sample)(k4a_record_t recording_handle, k4a_imu_sample_t imu_sample
            ) noexcept nogil
        k4a_result_t (*k4a_record_write_custom_track_data)(k4a_record_t recording_handle, const char *track_name,
            uint64_t device_timestamp_usec, uint8_t *custom_data, size_t custom_data_size) noexcept nogil
        k4a_result_t (*k4a_record_flush)(k4a_record_t recording_handle) noexcept nogil
        void (*k4a_record_close)(k4a_record_t recording_handle) noexcept nogil

        # k4arecord/playback.h
        k4a_result_t (*k4a_playback_open)(const char *path, k4a_playback_t *playback_handle) noexcept nogil
        void (*k4a_playback_close)(k4a_playback_t playback_handle) noexcept nogil
        k4a_buffer_result_t (*k4a_playback_get_raw_calibration)(k4a_playback_t playback_handle, uint8_t *data,
            size_t *data_size) noexcept nogil
        k4a_result_t (*k4a_playback_get_calibration)(k4a_playback_t playback_handle, k4a_calibration_t *calibration
            ) noexcept nogil
        k4a_result_t (*k4a_playback_get_record_configuration)(k4a_playback_t playback_handle,
            k4a_record_configuration_t *config) noexcept nogil
        k4a_buffer_result_t (*k4a_playback_get_tag)(k4a_playback_t playback_handle, const char *name, char *value,
            size_t *value_size) noexcept nogil
        k4a_buffer_result_t (*k4a_playback_get_attachment)(k4a_playback_t playback_handle, const char *file_name,
            uint8_t *data, size_t *data_size) noexcept nogil
        uint64_t (*k4a_playback_get_recording_length_usec)(k4a_playback_t playback_handle) noexcept nogil
        uint64_t (*k4a_playback_get_last_timestamp_usec)(k4a_playback_t playback_handle) noexcept nogil
        cbool (*k4a_playback_check_track_exists)(k4a_playback_t playback_handle, const char *track_name) noexcept nogil
        size_t (*k4a_playback_get_track_count)(k4a_playback_t playback_handle) noexcept nogil
        k4a_buffer_result_t (*k4a_playback_get_track_name)(k4a_playback_t playback_handle, size_t track_index,
            char *track_name, size_t *track_name_size) noexcept nogil
        cbool (*k4a_playback_track_is_builtin)(k4a_playback_t playback_handle, const char *track_name) noexcept nogil
        k4a_result_t (*k4a_playback_track_get_video_settings)(k4a_playback_t playback_handle, const char *track_name,
            k4a_record_video_settings_t *video_settings) noexcept nogil
        k4a_buffer_result_t (*k4a_playback_track_get_codec_id)(k4a_playback_t playback_handle, const char *track_name,
            char *codec_id, size_t *codec_id_size) noexcept nogil
        k4a_buffer_result_t (*k4a_playback_track_get_codec_context)(k4a_playback_t playback_handle,
            const char *track_name, uint8_t *codec_context, size_t *codec_context_size) noexcept nogil
        k4a_result_t (*k4a_playback_set_color_conversion)(k4a_playback_t playback_handle,
            k4a_image_format_t target_format) noexcept nogil
        k4a_stream_result_t (*k4a_playback_get_next_capture)(k4a_playback_t playback_handle,
            k4a_capture_t *capture_handle) noexcept nogil
        k4a_stream_result_t (*k4a_playback_get_previous_capture)(k4a_playback_t playback_handle,
            k4a_capture_t *capture_handle) noexcept nogil
        k4a_stream_result_t (*k4a_playback_get_next_imu_sample)(k4a_playback_t playback_handle,
            k4a_imu_sample_t *imu_sample) noexcept nogil
        k4a_stream_result_t (*k4a_playback_get_previous_imu_sample)(k4a_playback_t playback_handle,
            k4a_imu_sample_t *imu_sample) noexcept nogil
        k4a_stream_result_t (*k4a_playback_get_next_data_block)(k4a_playback_t playback_handle, const char *track_name,
            k4a_playback_data_block_t *data_block_handle) noexcept nogil
        k4a_stream_result_t (*k4a_playback_get_previous_data_block)(k4a_playback_t playback_handle,
            const char *track_name, k4a_playback_data_block_t *data_block_handle) noexcept nogil
        uint64_t (*k4a_playback_data_block_get_device_timestamp_usec)(k4a_playback_data_block_t data_block_handle
            ) noexcept nogil
        size_t (*k4a_playback_data_block_get_buffer_size)(k4a_playback_data_block_t data_block_handle) noexcept nogil
        uint8_t *(*k4a_playback_data_block_get_buffer)(k4a_playback_data_block_t data_block_handle) noexcept nogil
        void (*k4a_playback_data_block_release)(k4a_playback_data_block_t data_block_handle) noexcept nogil
        k4a_result_t (*k4a_playback_seek_timestamp)(k4a_playback_t playback_handle, int64_t offset_usec,
            k4a_playback_seek_origin_t origin) noexcept nogil


cdef extern from "<k4a_rp/k4a_rp.h>" nogil:
    const uint32_t K4A_RP_EXTENSIONS_VERSION
    const uint64_t K4A_RP_NO_TIMESTAMP

    ctypedef enum k4a_rp_damage_kind_t:
        K4A_RP_DAMAGE_NOT_CLOSED
        K4A_RP_DAMAGE_TRUNCATED
        K4A_RP_DAMAGE_CORRUPT
        K4A_RP_DAMAGE_START_OFFSET_LOST

    ctypedef struct k4a_rp_damage_t:
        uint32_t kinds
        uint32_t start_offset_restored
        uint64_t offset
        uint64_t lost_bytes

    ctypedef struct k4a_rp_capture_timestamps_t:
        uint64_t color_usec
        uint64_t depth_usec
        uint64_t ir_usec

    ctypedef struct k4a_rp_record_options_t:
        uint64_t queue_limit_bytes
        uint32_t sort_window_usec
        uint32_t keep_metadata

    ctypedef struct k4a_rp_record_state_t:
        uint64_t bytes_on_disk
        uint64_t frames_on_disk
        uint64_t pending_bytes
        uint64_t peak_pending_bytes
        uint64_t late_frames
        uint64_t refused_late
        uint64_t replaced_bytes
        uint32_t failed
        int32_t error_code

    ctypedef enum k4a_rp_pixels_t:
        K4A_RP_PIXELS_BGRA
        K4A_RP_PIXELS_RGB
        K4A_RP_PIXELS_BGR
        K4A_RP_PIXELS_GRAY

    ctypedef enum k4a_rp_prefetch_images_t:
        K4A_RP_PREFETCH_COLOR
        K4A_RP_PREFETCH_DEPTH
        K4A_RP_PREFETCH_IR

    ctypedef struct k4a_rp_prefetch_options_t:
        uint32_t depth
        uint32_t threads
        uint32_t images
        uint32_t indexed
        uint64_t first
        int64_t step
        uint64_t count

    ctypedef enum k4a_rp_prefetch_result_t:
        K4A_RP_PREFETCH_SUCCEEDED
        K4A_RP_PREFETCH_FAILED
        K4A_RP_PREFETCH_EOF
        K4A_RP_PREFETCH_TIMEOUT

    ctypedef struct _k4a_rp_prefetch_t
    ctypedef _k4a_rp_prefetch_t *k4a_rp_prefetch_t

    ctypedef struct k4a_rp_copy_options_t:
        uint64_t begin_usec
        uint64_t end_usec
        const char *const *tracks
        size_t track_count
        uint32_t overwrite

    ctypedef int k4a_rp_go_on_cb_t(void *context) noexcept nogil

    ctypedef struct k4a_rp_recording_report_t:
        uint64_t frames
        uint64_t clusters
        uint64_t bytes
        uint64_t lost_bytes
        uint64_t problems
        uint32_t damage_kinds
        uint32_t start_offset_restored

    ctypedef enum k4a_rp_sync_jacks_t:
        K4A_RP_SYNC_JACKS_SET
        K4A_RP_SYNC_JACK_IN
        K4A_RP_SYNC_JACK_OUT

    ctypedef struct k4a_rp_simulated_options_t:
        double speed
        uint32_t on_demand
        uint32_t repeat
        uint32_t lose_depth_every
        uint32_t sync_jacks
        const char *serial_number

    ctypedef struct k4a_rp_extensions_t:
        uint32_t version
        uint32_t size
        const char *(*get_version)() noexcept nogil
        const char *(*get_features)() noexcept nogil
        size_t (*playback_get_tag_count)(k4a_playback_t playback) noexcept nogil
        k4a_buffer_result_t (*playback_get_tag_name)(k4a_playback_t playback, size_t index, char *name, size_t *size
            ) noexcept nogil
        k4a_buffer_result_t (*playback_get_tag_value)(k4a_playback_t playback, size_t index, char *value, size_t *size
            ) noexcept nogil
        size_t (*playback_get_attachment_count)(k4a_playback_t playback) noexcept nogil
        k4a_buffer_result_t (*playback_get_attachment_name)(k4a_playback_t playback, size_t index, char *name,
            size_t *size) noexcept nogil
        uint64_t (*playback_get_start_offset_nsec)(k4a_playback_t playback) noexcept nogil
        k4a_result_t (*playback_get_capture_count)(k4a_playback_t playback, size_t *count) noexcept nogil
        k4a_result_t (*playback_get_capture_at)(k4a_playback_t playback, size_t index, k4a_capture_t *capture_handle
            ) noexcept nogil
        k4a_result_t (*playback_get_capture_timestamps)(k4a_playback_t playback, size_t first, size_t count,
            k4a_rp_capture_timestamps_t *timestamps) noexcept nogil
        k4a_result_t (*capture_get_timestamps)(k4a_capture_t capture_handle, k4a_rp_capture_timestamps_t *timestamps
            ) noexcept nogil
        k4a_result_t (*playback_get_track_frame_count)(k4a_playback_t playback, const char *track_name, size_t *count
            ) noexcept nogil
        k4a_result_t (*playback_read_imu_samples)(k4a_playback_t playback, size_t first, size_t capacity,
            k4a_imu_sample_t *samples, size_t *count, size_t *total) noexcept nogil
        k4a_result_t (*playback_get_damage)(k4a_playback_t playback, k4a_rp_damage_t *damage) noexcept nogil
        k4a_buffer_result_t (*playback_get_damage_text)(k4a_playback_t playback, char *text, size_t *size
            ) noexcept nogil
        k4a_result_t (*calibration_points_3d_to_3d)(const k4a_calibration_t *calibration,
            k4a_calibration_type_t source_camera, k4a_calibration_type_t target_camera, size_t count,
            const float *source_points3d_mm, float *target_points3d_mm) noexcept nogil
        k4a_result_t (*calibration_points_2d_to_3d)(const k4a_calibration_t *calibration,
            k4a_calibration_type_t source_camera, k4a_calibration_type_t target_camera, size_t count,
            const float *source_points2d, const float *source_depths_mm, float *target_points3d_mm, uint8_t *valid
            ) noexcept nogil
        k4a_result_t (*calibration_points_3d_to_2d)(const k4a_calibration_t *calibration,
            k4a_calibration_type_t source_camera, k4a_calibration_type_t target_camera, size_t count,
            const float *source_points3d_mm, float *target_points2d, uint8_t *valid) noexcept nogil
        k4a_result_t (*calibration_points_2d_to_2d)(const k4a_calibration_t *calibration,
            k4a_calibration_type_t source_camera, k4a_calibration_type_t target_camera, size_t count,
            const float *source_points2d, const float *source_depths_mm, float *target_points2d, uint8_t *valid
            ) noexcept nogil
        k4a_result_t (*calibration_points_color_2d_to_depth_2d)(const k4a_calibration_t *calibration, size_t count,
            const float *source_points2d, k4a_image_t depth_image, float *target_points2d, uint8_t *valid
            ) noexcept nogil
        k4a_result_t (*calibration_get_rays)(const k4a_calibration_t *calibration, k4a_calibration_type_t camera,
            float *rays, size_t count) noexcept nogil
        k4a_result_t (*transformation_depth_image_to_points)(k4a_transformation_t transformation_handle,
            k4a_image_t depth_image, k4a_calibration_type_t camera, float *points_m, size_t count) noexcept nogil
        uint32_t (*get_thread_count)() noexcept nogil
        void (*set_thread_count)(uint32_t count) noexcept nogil
        k4a_result_t (*record_get_options)(k4a_record_t recording, k4a_rp_record_options_t *options) noexcept nogil
        k4a_result_t (*record_set_options)(k4a_record_t recording, const k4a_rp_record_options_t *options
            ) noexcept nogil
        k4a_result_t (*record_set_device)(k4a_record_t recording, const k4a_hardware_version_t *version,
            const char *serial_number, const uint8_t *calibration, size_t calibration_size) noexcept nogil
        k4a_result_t (*record_get_state)(k4a_record_t recording, k4a_rp_record_state_t *state) noexcept nogil
        k4a_buffer_result_t (*record_get_error_text)(k4a_record_t recording, char *text, size_t *size) noexcept nogil
        k4a_result_t (*record_finish)(k4a_record_t recording) noexcept nogil
        k4a_result_t (*playback_get_damaged_color_count)(k4a_playback_t playback, uint64_t *count) noexcept nogil
        k4a_result_t (*image_convert)(k4a_image_t image_handle, k4a_image_format_t format, k4a_image_t *converted_handle
            ) noexcept nogil
        k4a_result_t (*image_encode_jpeg)(k4a_image_t image_handle, int quality, k4a_image_t *jpeg_handle
            ) noexcept nogil
        k4a_result_t (*image_read_pixels)(k4a_image_t image_handle, k4a_rp_pixels_t layout, uint8_t *pixels,
            size_t size, size_t stride_bytes) noexcept nogil
        k4a_result_t (*image_colorize)(k4a_image_t image_handle, uint16_t low, uint16_t high, const uint8_t *color_map,
            uint8_t *pixels, size_t size, size_t stride_bytes) noexcept nogil
        k4a_result_t (*prefetch_create)(k4a_playback_t playback, const k4a_rp_prefetch_options_t *options,
            k4a_rp_prefetch_t *prefetch_handle) noexcept nogil
        k4a_rp_prefetch_result_t (*prefetch_next)(k4a_rp_prefetch_t prefetch_handle, int32_t timeout_in_ms,
            k4a_capture_t *capture_handle) noexcept nogil
        void (*prefetch_destroy)(k4a_rp_prefetch_t prefetch_handle) noexcept nogil
        k4a_result_t (*recording_copy)(const char *source, const char *target, const k4a_rp_copy_options_t *options,
            k4a_rp_go_on_cb_t *go_on, void *context, k4a_rp_recording_report_t *report) noexcept nogil
        k4a_result_t (*recording_repair)(const char *source, const char *target, uint32_t overwrite,
            k4a_rp_go_on_cb_t *go_on, void *context, k4a_rp_recording_report_t *report) noexcept nogil
        k4a_result_t (*recording_verify)(const char *path, k4a_rp_go_on_cb_t *go_on, void *context,
            k4a_rp_recording_report_t *report, char *text, size_t *size) noexcept nogil
        k4a_result_t (*simulated_device_open)(const char *source, const k4a_rp_simulated_options_t *options,
            k4a_device_t *device_handle) noexcept nogil
        k4a_result_t (*simulated_device_unplug)(k4a_device_t device_handle) noexcept nogil
        k4a_result_t (*simulated_device_has_ended)(k4a_device_t device_handle, cbool *captures, cbool *imu_samples
            ) noexcept nogil
