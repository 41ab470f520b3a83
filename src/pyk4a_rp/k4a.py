"""The C functions of the k4a ABI under their own names: 65 of libk4a, 40 of libk4arecord, and every `K4A_*` constant.

    from pyk4a_rp.k4a import *

and C code moves over line by line. What changes:

- Output pointers leave the parameter list and come back after the result code, in C's order; on failure they are None.
- `char *` with its size becomes one `str`, `uint8_t *` with its size one `bytes`, both without the closing NUL of C.
  Buffers are made as large as needed; with `size=` a call behaves as in C, TOO_SMALL included, and the size that C left
  there comes back last.
- Structures are mutable classes with the names and fields of C. `K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()` makes a new one.
- Handles release themselves when they are forgotten, at the latest. A released handle is what NULL is in C; the
  functions that release also take None.
- Callbacks run when a flat function is called, in that thread, never in a native thread.
- Functions that take no handle have a keyword `provider`: name, path or `Provider`.

Results are members of the enumerations in `pyk4a_rp.enums` and equal to the numbers of C. TypeError, ValueError and
OverflowError say that an argument could not be handed to C at all.
"""

from __future__ import annotations

from typing import Final

from ._capture import (
    CaptureHandle,
    k4a_capture_create,
    k4a_capture_get_color_image,
    k4a_capture_get_depth_image,
    k4a_capture_get_ir_image,
    k4a_capture_get_temperature_c,
    k4a_capture_reference,
    k4a_capture_release,
    k4a_capture_set_color_image,
    k4a_capture_set_depth_image,
    k4a_capture_set_ir_image,
    k4a_capture_set_temperature_c,
)
from ._geometry import (
    TransformationHandle,
    k4a_calibration_2d_to_2d,
    k4a_calibration_2d_to_3d,
    k4a_calibration_3d_to_2d,
    k4a_calibration_3d_to_3d,
    k4a_calibration_color_2d_to_depth_2d,
    k4a_calibration_get_from_raw,
    k4a_transformation_color_image_to_depth_camera,
    k4a_transformation_create,
    k4a_transformation_depth_image_to_color_camera,
    k4a_transformation_depth_image_to_color_camera_custom,
    k4a_transformation_depth_image_to_point_cloud,
    k4a_transformation_destroy,
)
from ._image import (
    ImageHandle,
    k4a_image_create,
    k4a_image_create_from_buffer,
    k4a_image_get_buffer,
    k4a_image_get_device_timestamp_usec,
    k4a_image_get_exposure_usec,
    k4a_image_get_format,
    k4a_image_get_height_pixels,
    k4a_image_get_iso_speed,
    k4a_image_get_size,
    k4a_image_get_stride_bytes,
    k4a_image_get_system_timestamp_nsec,
    k4a_image_get_timestamp_usec,
    k4a_image_get_white_balance,
    k4a_image_get_width_pixels,
    k4a_image_reference,
    k4a_image_release,
    k4a_image_set_device_timestamp_usec,
    k4a_image_set_exposure_time_usec,
    k4a_image_set_exposure_usec,
    k4a_image_set_iso_speed,
    k4a_image_set_system_timestamp_nsec,
    k4a_image_set_timestamp_usec,
    k4a_image_set_white_balance,
)
from ._k4a import (
    DeviceHandle,
    k4a_device_close,
    k4a_device_get_calibration,
    k4a_device_get_capture,
    k4a_device_get_color_control,
    k4a_device_get_color_control_capabilities,
    k4a_device_get_imu_sample,
    k4a_device_get_installed_count,
    k4a_device_get_raw_calibration,
    k4a_device_get_serialnum,
    k4a_device_get_sync_jack,
    k4a_device_get_version,
    k4a_device_open,
    k4a_device_set_color_control,
    k4a_device_start_cameras,
    k4a_device_start_imu,
    k4a_device_stop_cameras,
    k4a_device_stop_imu,
    k4a_set_allocator,
    k4a_set_debug_message_handler,
)
from ._k4arecord import (
    DataBlockHandle,
    PlaybackHandle,
    k4a_playback_check_track_exists,
    k4a_playback_close,
    k4a_playback_data_block_get_buffer,
    k4a_playback_data_block_get_buffer_size,
    k4a_playback_data_block_get_device_timestamp_usec,
    k4a_playback_data_block_release,
    k4a_playback_get_attachment,
    k4a_playback_get_calibration,
    k4a_playback_get_last_timestamp_usec,
    k4a_playback_get_next_capture,
    k4a_playback_get_next_data_block,
    k4a_playback_get_next_imu_sample,
    k4a_playback_get_previous_capture,
    k4a_playback_get_previous_data_block,
    k4a_playback_get_previous_imu_sample,
    k4a_playback_get_raw_calibration,
    k4a_playback_get_record_configuration,
    k4a_playback_get_recording_length_usec,
    k4a_playback_get_tag,
    k4a_playback_get_track_count,
    k4a_playback_get_track_name,
    k4a_playback_open,
    k4a_playback_seek_timestamp,
    k4a_playback_set_color_conversion,
    k4a_playback_track_get_codec_context,
    k4a_playback_track_get_codec_id,
    k4a_playback_track_get_video_settings,
    k4a_playback_track_is_builtin,
)
from ._provider import Provider, default_provider, load_provider
from ._record import (
    RecordHandle,
    k4a_record_add_attachment,
    k4a_record_add_custom_subtitle_track,
    k4a_record_add_custom_video_track,
    k4a_record_add_imu_track,
    k4a_record_add_tag,
    k4a_record_close,
    k4a_record_create,
    k4a_record_flush,
    k4a_record_write_capture,
    k4a_record_write_custom_track_data,
    k4a_record_write_header,
    k4a_record_write_imu_sample,
)
from .enums import (
    BufferResult,
    CalibrationModelType,
    CalibrationType,
    ColorControlCommand,
    ColorControlMode,
    ColorResolution,
    DepthMode,
    FirmwareBuild,
    FirmwareSignature,
    FramesPerSecond,
    ImageFormat,
    InterpolationType,
    LogLevel,
    Result,
    SeekOrigin,
    StreamResult,
    WaitResult,
    WiredSyncMode,
)
from .structs import (
    k4a_calibration_camera_t,
    k4a_calibration_extrinsics_t,
    k4a_calibration_intrinsic_parameters_t,
    k4a_calibration_intrinsics_t,
    k4a_calibration_t,
    k4a_device_configuration_t,
    k4a_float2_t,
    k4a_float3_t,
    k4a_hardware_version_t,
    k4a_imu_sample_t,
    k4a_record_configuration_t,
    k4a_record_subtitle_settings_t,
    k4a_record_video_settings_t,
    k4a_version_t,
)

__all__ = [
    "K4A_BUFFER_RESULT_FAILED",
    "K4A_BUFFER_RESULT_SUCCEEDED",
    "K4A_BUFFER_RESULT_TOO_SMALL",
    "K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY",
    "K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K",
    "K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT",
    "K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA",
    "K4A_CALIBRATION_LENS_DISTORTION_MODEL_UNKNOWN",
    "K4A_CALIBRATION_TYPE_ACCEL",
    "K4A_CALIBRATION_TYPE_COLOR",
    "K4A_CALIBRATION_TYPE_DEPTH",
    "K4A_CALIBRATION_TYPE_GYRO",
    "K4A_CALIBRATION_TYPE_NUM",
    "K4A_CALIBRATION_TYPE_UNKNOWN",
    "K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY",
    "K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION",
    "K4A_COLOR_CONTROL_BRIGHTNESS",
    "K4A_COLOR_CONTROL_CONTRAST",
    "K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE",
    "K4A_COLOR_CONTROL_GAIN",
    "K4A_COLOR_CONTROL_MODE_AUTO",
    "K4A_COLOR_CONTROL_MODE_MANUAL",
    "K4A_COLOR_CONTROL_POWERLINE_FREQUENCY",
    "K4A_COLOR_CONTROL_SATURATION",
    "K4A_COLOR_CONTROL_SHARPNESS",
    "K4A_COLOR_CONTROL_WHITEBALANCE",
    "K4A_COLOR_RESOLUTION_720P",
    "K4A_COLOR_RESOLUTION_1080P",
    "K4A_COLOR_RESOLUTION_1440P",
    "K4A_COLOR_RESOLUTION_1536P",
    "K4A_COLOR_RESOLUTION_2160P",
    "K4A_COLOR_RESOLUTION_3072P",
    "K4A_COLOR_RESOLUTION_OFF",
    "K4A_DEPTH_MODE_NFOV_2X2BINNED",
    "K4A_DEPTH_MODE_NFOV_UNBINNED",
    "K4A_DEPTH_MODE_OFF",
    "K4A_DEPTH_MODE_PASSIVE_IR",
    "K4A_DEPTH_MODE_WFOV_2X2BINNED",
    "K4A_DEPTH_MODE_WFOV_UNBINNED",
    "K4A_DEVICE_CONFIG_INIT_DISABLE_ALL",
    "K4A_DEVICE_DEFAULT",
    "K4A_FAILED",
    "K4A_FIRMWARE_BUILD_DEBUG",
    "K4A_FIRMWARE_BUILD_RELEASE",
    "K4A_FIRMWARE_SIGNATURE_MSFT",
    "K4A_FIRMWARE_SIGNATURE_TEST",
    "K4A_FIRMWARE_SIGNATURE_UNSIGNED",
    "K4A_FRAMES_PER_SECOND_5",
    "K4A_FRAMES_PER_SECOND_15",
    "K4A_FRAMES_PER_SECOND_30",
    "K4A_IMAGE_FORMAT_COLOR_BGRA32",
    "K4A_IMAGE_FORMAT_COLOR_MJPG",
    "K4A_IMAGE_FORMAT_COLOR_NV12",
    "K4A_IMAGE_FORMAT_COLOR_YUY2",
    "K4A_IMAGE_FORMAT_CUSTOM",
    "K4A_IMAGE_FORMAT_CUSTOM8",
    "K4A_IMAGE_FORMAT_CUSTOM16",
    "K4A_IMAGE_FORMAT_DEPTH16",
    "K4A_IMAGE_FORMAT_IR16",
    "K4A_LOG_LEVEL_CRITICAL",
    "K4A_LOG_LEVEL_ERROR",
    "K4A_LOG_LEVEL_INFO",
    "K4A_LOG_LEVEL_OFF",
    "K4A_LOG_LEVEL_TRACE",
    "K4A_LOG_LEVEL_WARNING",
    "K4A_PLAYBACK_SEEK_BEGIN",
    "K4A_PLAYBACK_SEEK_DEVICE_TIME",
    "K4A_PLAYBACK_SEEK_END",
    "K4A_RESULT_FAILED",
    "K4A_RESULT_SUCCEEDED",
    "K4A_STREAM_RESULT_EOF",
    "K4A_STREAM_RESULT_FAILED",
    "K4A_STREAM_RESULT_SUCCEEDED",
    "K4A_SUCCEEDED",
    "K4A_TRACK_NAME_COLOR",
    "K4A_TRACK_NAME_DEPTH",
    "K4A_TRACK_NAME_IMU",
    "K4A_TRACK_NAME_IR",
    "K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR",
    "K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST",
    "K4A_VERSION_BUILD_METADATA",
    "K4A_VERSION_MAJOR",
    "K4A_VERSION_MINOR",
    "K4A_VERSION_PATCH",
    "K4A_VERSION_PRERELEASE",
    "K4A_VERSION_STR",
    "K4A_WAIT_INFINITE",
    "K4A_WAIT_RESULT_FAILED",
    "K4A_WAIT_RESULT_SUCCEEDED",
    "K4A_WAIT_RESULT_TIMEOUT",
    "K4A_WIRED_SYNC_MODE_MASTER",
    "K4A_WIRED_SYNC_MODE_STANDALONE",
    "K4A_WIRED_SYNC_MODE_SUBORDINATE",
    "BufferResult",
    "CalibrationModelType",
    "CalibrationType",
    "CaptureHandle",
    "ColorControlCommand",
    "ColorControlMode",
    "ColorResolution",
    "DataBlockHandle",
    "DepthMode",
    "DeviceHandle",
    "FirmwareBuild",
    "FirmwareSignature",
    "FramesPerSecond",
    "ImageFormat",
    "ImageHandle",
    "InterpolationType",
    "LogLevel",
    "PlaybackHandle",
    "Provider",
    "RecordHandle",
    "Result",
    "SeekOrigin",
    "StreamResult",
    "TransformationHandle",
    "WaitResult",
    "WiredSyncMode",
    "default_provider",
    "k4a_buffer_result_t",
    "k4a_calibration_2d_to_2d",
    "k4a_calibration_2d_to_3d",
    "k4a_calibration_3d_to_2d",
    "k4a_calibration_3d_to_3d",
    "k4a_calibration_camera_t",
    "k4a_calibration_color_2d_to_depth_2d",
    "k4a_calibration_extrinsics_t",
    "k4a_calibration_get_from_raw",
    "k4a_calibration_intrinsic_parameters_t",
    "k4a_calibration_intrinsics_t",
    "k4a_calibration_model_type_t",
    "k4a_calibration_t",
    "k4a_calibration_type_t",
    "k4a_capture_create",
    "k4a_capture_get_color_image",
    "k4a_capture_get_depth_image",
    "k4a_capture_get_ir_image",
    "k4a_capture_get_temperature_c",
    "k4a_capture_reference",
    "k4a_capture_release",
    "k4a_capture_set_color_image",
    "k4a_capture_set_depth_image",
    "k4a_capture_set_ir_image",
    "k4a_capture_set_temperature_c",
    "k4a_capture_t",
    "k4a_color_control_command_t",
    "k4a_color_control_mode_t",
    "k4a_color_resolution_t",
    "k4a_depth_mode_t",
    "k4a_device_close",
    "k4a_device_configuration_t",
    "k4a_device_get_calibration",
    "k4a_device_get_capture",
    "k4a_device_get_color_control",
    "k4a_device_get_color_control_capabilities",
    "k4a_device_get_imu_sample",
    "k4a_device_get_installed_count",
    "k4a_device_get_raw_calibration",
    "k4a_device_get_serialnum",
    "k4a_device_get_sync_jack",
    "k4a_device_get_version",
    "k4a_device_open",
    "k4a_device_set_color_control",
    "k4a_device_start_cameras",
    "k4a_device_start_imu",
    "k4a_device_stop_cameras",
    "k4a_device_stop_imu",
    "k4a_device_t",
    "k4a_firmware_build_t",
    "k4a_firmware_signature_t",
    "k4a_float2_t",
    "k4a_float3_t",
    "k4a_fps_t",
    "k4a_hardware_version_t",
    "k4a_image_create",
    "k4a_image_create_from_buffer",
    "k4a_image_format_t",
    "k4a_image_get_buffer",
    "k4a_image_get_device_timestamp_usec",
    "k4a_image_get_exposure_usec",
    "k4a_image_get_format",
    "k4a_image_get_height_pixels",
    "k4a_image_get_iso_speed",
    "k4a_image_get_size",
    "k4a_image_get_stride_bytes",
    "k4a_image_get_system_timestamp_nsec",
    "k4a_image_get_timestamp_usec",
    "k4a_image_get_white_balance",
    "k4a_image_get_width_pixels",
    "k4a_image_reference",
    "k4a_image_release",
    "k4a_image_set_device_timestamp_usec",
    "k4a_image_set_exposure_time_usec",
    "k4a_image_set_exposure_usec",
    "k4a_image_set_iso_speed",
    "k4a_image_set_system_timestamp_nsec",
    "k4a_image_set_timestamp_usec",
    "k4a_image_set_white_balance",
    "k4a_image_t",
    "k4a_imu_sample_t",
    "k4a_log_level_t",
    "k4a_playback_check_track_exists",
    "k4a_playback_close",
    "k4a_playback_data_block_get_buffer",
    "k4a_playback_data_block_get_buffer_size",
    "k4a_playback_data_block_get_device_timestamp_usec",
    "k4a_playback_data_block_release",
    "k4a_playback_data_block_t",
    "k4a_playback_get_attachment",
    "k4a_playback_get_calibration",
    "k4a_playback_get_last_timestamp_usec",
    "k4a_playback_get_next_capture",
    "k4a_playback_get_next_data_block",
    "k4a_playback_get_next_imu_sample",
    "k4a_playback_get_previous_capture",
    "k4a_playback_get_previous_data_block",
    "k4a_playback_get_previous_imu_sample",
    "k4a_playback_get_raw_calibration",
    "k4a_playback_get_record_configuration",
    "k4a_playback_get_recording_length_usec",
    "k4a_playback_get_tag",
    "k4a_playback_get_track_count",
    "k4a_playback_get_track_name",
    "k4a_playback_open",
    "k4a_playback_seek_origin_t",
    "k4a_playback_seek_timestamp",
    "k4a_playback_set_color_conversion",
    "k4a_playback_t",
    "k4a_playback_track_get_codec_context",
    "k4a_playback_track_get_codec_id",
    "k4a_playback_track_get_video_settings",
    "k4a_playback_track_is_builtin",
    "k4a_record_add_attachment",
    "k4a_record_add_custom_subtitle_track",
    "k4a_record_add_custom_video_track",
    "k4a_record_add_imu_track",
    "k4a_record_add_tag",
    "k4a_record_close",
    "k4a_record_configuration_t",
    "k4a_record_create",
    "k4a_record_flush",
    "k4a_record_subtitle_settings_t",
    "k4a_record_t",
    "k4a_record_video_settings_t",
    "k4a_record_write_capture",
    "k4a_record_write_custom_track_data",
    "k4a_record_write_header",
    "k4a_record_write_imu_sample",
    "k4a_result_t",
    "k4a_set_allocator",
    "k4a_set_debug_message_handler",
    "k4a_stream_result_t",
    "k4a_transformation_color_image_to_depth_camera",
    "k4a_transformation_create",
    "k4a_transformation_depth_image_to_color_camera",
    "k4a_transformation_depth_image_to_color_camera_custom",
    "k4a_transformation_depth_image_to_point_cloud",
    "k4a_transformation_destroy",
    "k4a_transformation_interpolation_type_t",
    "k4a_transformation_t",
    "k4a_version_t",
    "k4a_wait_result_t",
    "k4a_wired_sync_mode_t",
    "load_provider",
]

# ---- types under their names in C ----

k4a_device_t = DeviceHandle
k4a_capture_t = CaptureHandle
k4a_image_t = ImageHandle
k4a_transformation_t = TransformationHandle
k4a_record_t = RecordHandle
k4a_playback_t = PlaybackHandle
k4a_playback_data_block_t = DataBlockHandle
k4a_result_t = Result
k4a_buffer_result_t = BufferResult
k4a_wait_result_t = WaitResult
k4a_stream_result_t = StreamResult
k4a_log_level_t = LogLevel
k4a_depth_mode_t = DepthMode
k4a_color_resolution_t = ColorResolution
k4a_image_format_t = ImageFormat
k4a_transformation_interpolation_type_t = InterpolationType
k4a_fps_t = FramesPerSecond
k4a_color_control_command_t = ColorControlCommand
k4a_color_control_mode_t = ColorControlMode
k4a_wired_sync_mode_t = WiredSyncMode
k4a_calibration_type_t = CalibrationType
k4a_calibration_model_type_t = CalibrationModelType
k4a_firmware_build_t = FirmwareBuild
k4a_firmware_signature_t = FirmwareSignature
k4a_playback_seek_origin_t = SeekOrigin

# ---- constants ----

K4A_RESULT_SUCCEEDED: Final = Result.SUCCEEDED
K4A_RESULT_FAILED: Final = Result.FAILED

K4A_BUFFER_RESULT_SUCCEEDED: Final = BufferResult.SUCCEEDED
K4A_BUFFER_RESULT_FAILED: Final = BufferResult.FAILED
K4A_BUFFER_RESULT_TOO_SMALL: Final = BufferResult.TOO_SMALL

K4A_WAIT_RESULT_SUCCEEDED: Final = WaitResult.SUCCEEDED
K4A_WAIT_RESULT_FAILED: Final = WaitResult.FAILED
K4A_WAIT_RESULT_TIMEOUT: Final = WaitResult.TIMEOUT

K4A_STREAM_RESULT_SUCCEEDED: Final = StreamResult.SUCCEEDED
K4A_STREAM_RESULT_FAILED: Final = StreamResult.FAILED
K4A_STREAM_RESULT_EOF: Final = StreamResult.EOF

K4A_LOG_LEVEL_CRITICAL: Final = LogLevel.CRITICAL
K4A_LOG_LEVEL_ERROR: Final = LogLevel.ERROR
K4A_LOG_LEVEL_WARNING: Final = LogLevel.WARNING
K4A_LOG_LEVEL_INFO: Final = LogLevel.INFO
K4A_LOG_LEVEL_TRACE: Final = LogLevel.TRACE
K4A_LOG_LEVEL_OFF: Final = LogLevel.OFF

K4A_DEPTH_MODE_OFF: Final = DepthMode.OFF
K4A_DEPTH_MODE_NFOV_2X2BINNED: Final = DepthMode.NFOV_2X2BINNED
K4A_DEPTH_MODE_NFOV_UNBINNED: Final = DepthMode.NFOV_UNBINNED
K4A_DEPTH_MODE_WFOV_2X2BINNED: Final = DepthMode.WFOV_2X2BINNED
K4A_DEPTH_MODE_WFOV_UNBINNED: Final = DepthMode.WFOV_UNBINNED
K4A_DEPTH_MODE_PASSIVE_IR: Final = DepthMode.PASSIVE_IR

K4A_COLOR_RESOLUTION_OFF: Final = ColorResolution.OFF
K4A_COLOR_RESOLUTION_720P: Final = ColorResolution.RES_720P
K4A_COLOR_RESOLUTION_1080P: Final = ColorResolution.RES_1080P
K4A_COLOR_RESOLUTION_1440P: Final = ColorResolution.RES_1440P
K4A_COLOR_RESOLUTION_1536P: Final = ColorResolution.RES_1536P
K4A_COLOR_RESOLUTION_2160P: Final = ColorResolution.RES_2160P
K4A_COLOR_RESOLUTION_3072P: Final = ColorResolution.RES_3072P

K4A_IMAGE_FORMAT_COLOR_MJPG: Final = ImageFormat.COLOR_MJPG
K4A_IMAGE_FORMAT_COLOR_NV12: Final = ImageFormat.COLOR_NV12
K4A_IMAGE_FORMAT_COLOR_YUY2: Final = ImageFormat.COLOR_YUY2
K4A_IMAGE_FORMAT_COLOR_BGRA32: Final = ImageFormat.COLOR_BGRA32
K4A_IMAGE_FORMAT_DEPTH16: Final = ImageFormat.DEPTH16
K4A_IMAGE_FORMAT_IR16: Final = ImageFormat.IR16
K4A_IMAGE_FORMAT_CUSTOM8: Final = ImageFormat.CUSTOM8
K4A_IMAGE_FORMAT_CUSTOM16: Final = ImageFormat.CUSTOM16
K4A_IMAGE_FORMAT_CUSTOM: Final = ImageFormat.CUSTOM

K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST: Final = InterpolationType.NEAREST
K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR: Final = InterpolationType.LINEAR

K4A_FRAMES_PER_SECOND_5: Final = FramesPerSecond.FPS_5
K4A_FRAMES_PER_SECOND_15: Final = FramesPerSecond.FPS_15
K4A_FRAMES_PER_SECOND_30: Final = FramesPerSecond.FPS_30

K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE: Final = ColorControlCommand.EXPOSURE_TIME_ABSOLUTE
K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY: Final = ColorControlCommand.AUTO_EXPOSURE_PRIORITY
K4A_COLOR_CONTROL_BRIGHTNESS: Final = ColorControlCommand.BRIGHTNESS
K4A_COLOR_CONTROL_CONTRAST: Final = ColorControlCommand.CONTRAST
K4A_COLOR_CONTROL_SATURATION: Final = ColorControlCommand.SATURATION
K4A_COLOR_CONTROL_SHARPNESS: Final = ColorControlCommand.SHARPNESS
K4A_COLOR_CONTROL_WHITEBALANCE: Final = ColorControlCommand.WHITEBALANCE
K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION: Final = ColorControlCommand.BACKLIGHT_COMPENSATION
K4A_COLOR_CONTROL_GAIN: Final = ColorControlCommand.GAIN
K4A_COLOR_CONTROL_POWERLINE_FREQUENCY: Final = ColorControlCommand.POWERLINE_FREQUENCY

K4A_COLOR_CONTROL_MODE_AUTO: Final = ColorControlMode.AUTO
K4A_COLOR_CONTROL_MODE_MANUAL: Final = ColorControlMode.MANUAL

K4A_WIRED_SYNC_MODE_STANDALONE: Final = WiredSyncMode.STANDALONE
K4A_WIRED_SYNC_MODE_MASTER: Final = WiredSyncMode.MASTER
K4A_WIRED_SYNC_MODE_SUBORDINATE: Final = WiredSyncMode.SUBORDINATE

K4A_CALIBRATION_TYPE_UNKNOWN: Final = CalibrationType.UNKNOWN
K4A_CALIBRATION_TYPE_DEPTH: Final = CalibrationType.DEPTH
K4A_CALIBRATION_TYPE_COLOR: Final = CalibrationType.COLOR
K4A_CALIBRATION_TYPE_GYRO: Final = CalibrationType.GYRO
K4A_CALIBRATION_TYPE_ACCEL: Final = CalibrationType.ACCEL
K4A_CALIBRATION_TYPE_NUM: Final = CalibrationType.NUM

K4A_CALIBRATION_LENS_DISTORTION_MODEL_UNKNOWN: Final = CalibrationModelType.UNKNOWN
K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA: Final = CalibrationModelType.THETA
K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K: Final = CalibrationModelType.POLYNOMIAL_3K
K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT: Final = CalibrationModelType.RATIONAL_6KT
K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY: Final = CalibrationModelType.BROWN_CONRADY

K4A_FIRMWARE_BUILD_RELEASE: Final = FirmwareBuild.RELEASE
K4A_FIRMWARE_BUILD_DEBUG: Final = FirmwareBuild.DEBUG

K4A_FIRMWARE_SIGNATURE_MSFT: Final = FirmwareSignature.MSFT
K4A_FIRMWARE_SIGNATURE_TEST: Final = FirmwareSignature.TEST
K4A_FIRMWARE_SIGNATURE_UNSIGNED: Final = FirmwareSignature.UNSIGNED

K4A_PLAYBACK_SEEK_BEGIN: Final = SeekOrigin.BEGIN
K4A_PLAYBACK_SEEK_END: Final = SeekOrigin.END
K4A_PLAYBACK_SEEK_DEVICE_TIME: Final = SeekOrigin.DEVICE_TIME

K4A_DEVICE_DEFAULT: Final = 0
K4A_WAIT_INFINITE: Final = -1

K4A_TRACK_NAME_COLOR: Final = "COLOR"
K4A_TRACK_NAME_DEPTH: Final = "DEPTH"
K4A_TRACK_NAME_IR: Final = "IR"
K4A_TRACK_NAME_IMU: Final = "IMU"

# The version of the ABI that the functions here follow, not that of a library.
K4A_VERSION_MAJOR: Final = 1
K4A_VERSION_MINOR: Final = 4
K4A_VERSION_PATCH: Final = 2
K4A_VERSION_PRERELEASE: Final = ""
K4A_VERSION_BUILD_METADATA: Final = ""
K4A_VERSION_STR: Final = "1.4.2"


def K4A_DEVICE_CONFIG_INIT_DISABLE_ALL() -> k4a_device_configuration_t:
    """Make a configuration with everything off, to start from. C has a constant; here each call gives a new one.

    Returns
    -------
    k4a_device_configuration_t
        MJPG, both cameras OFF, 30 frames per second, STANDALONE, everything else 0.
    """
    return k4a_device_configuration_t()


def K4A_SUCCEEDED(result: int) -> bool:
    """Tell whether a call succeeded.

    Parameters
    ----------
    result
        A result of any of the functions.

    Returns
    -------
    bool
        Whether it is 0.
    """
    return result == 0


def K4A_FAILED(result: int) -> bool:
    """Tell whether a call did not succeed.

    Parameters
    ----------
    result
        A result of any of the functions; of those that wait or read, also TIMEOUT and EOF count as failed.

    Returns
    -------
    bool
        Whether it is not 0.
    """
    return result != 0
