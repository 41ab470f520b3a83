"""The enumerations of the k4a ABI, with the names of C less the prefix.

A number that the ABI does not know (other makers have members of their own) is kept: ``FramesPerSecond(25)`` has the
name ``UNKNOWN_25`` and the value 25.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

__all__ = [
    "BufferResult",
    "CalibrationModelType",
    "CalibrationType",
    "ColorControlCommand",
    "ColorControlMode",
    "ColorResolution",
    "DepthMode",
    "FirmwareBuild",
    "FirmwareSignature",
    "FramesPerSecond",
    "ImageFormat",
    "InterpolationType",
    "K4AEnum",
    "LogLevel",
    "Result",
    "SeekOrigin",
    "StreamResult",
    "WaitResult",
    "WiredSyncMode",
]


class K4AEnum(IntEnum):
    """An enumeration of the ABI: an int that keeps members it does not know."""

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = f"UNKNOWN_{value}" if value >= 0 else f"UNKNOWN_MINUS_{-value}"
        unknown._value_ = value
        # Found again by value, so that equal numbers are the same object; not listed as a member.
        return cls._value2member_map_.setdefault(value, unknown)

    # By value: CPython 3.11.2 goes by name otherwise, which unknown values are not found by.

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self._value_,)

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    @property
    def known(self) -> bool:
        """Whether the ABI declares this value."""
        return self._name_ in type(self).__members__


class Result(K4AEnum):
    """Outcome of most calls. C: ``k4a_result_t``, ``K4A_RESULT_*``."""

    SUCCEEDED = 0
    FAILED = 1


class BufferResult(K4AEnum):
    """Outcome of a call that fills a buffer. C: ``k4a_buffer_result_t``, ``K4A_BUFFER_RESULT_*``."""

    SUCCEEDED = 0
    FAILED = 1
    TOO_SMALL = 2


class WaitResult(K4AEnum):
    """Outcome of a call that waits for a device. C: ``k4a_wait_result_t``, ``K4A_WAIT_RESULT_*``."""

    SUCCEEDED = 0
    FAILED = 1
    TIMEOUT = 2


class LogLevel(K4AEnum):
    """How bad a native message is. C: ``k4a_log_level_t``, ``K4A_LOG_LEVEL_*``."""

    CRITICAL = 0
    ERROR = 1
    WARNING = 2
    INFO = 3
    TRACE = 4
    OFF = 5


class DepthMode(K4AEnum):
    """Mode of the depth camera. C: ``k4a_depth_mode_t``, ``K4A_DEPTH_MODE_*``."""

    OFF = 0
    NFOV_2X2BINNED = 1
    NFOV_UNBINNED = 2
    WFOV_2X2BINNED = 3
    WFOV_UNBINNED = 4
    PASSIVE_IR = 5


class ColorResolution(K4AEnum):
    """Resolution of the color camera. C: ``k4a_color_resolution_t``, ``K4A_COLOR_RESOLUTION_*``."""

    OFF = 0
    RES_720P = 1
    RES_1080P = 2
    RES_1440P = 3
    RES_1536P = 4
    RES_2160P = 5
    RES_3072P = 6


class ImageFormat(K4AEnum):
    """What the bytes of an image are. C: ``k4a_image_format_t``, ``K4A_IMAGE_FORMAT_*``."""

    COLOR_MJPG = 0
    COLOR_NV12 = 1
    COLOR_YUY2 = 2
    COLOR_BGRA32 = 3
    DEPTH16 = 4
    IR16 = 5
    CUSTOM8 = 6
    CUSTOM16 = 7
    CUSTOM = 8


class InterpolationType(K4AEnum):
    """How values between pixels are found.

    C: ``k4a_transformation_interpolation_type_t``, ``K4A_TRANSFORMATION_INTERPOLATION_TYPE_*``.
    """

    NEAREST = 0
    LINEAR = 1


class FramesPerSecond(K4AEnum):
    """Frame rate; `rate` is the number. C: ``k4a_fps_t``, ``K4A_FRAMES_PER_SECOND_*``."""

    FPS_5 = 0
    FPS_15 = 1
    FPS_30 = 2

    @property
    def rate(self) -> int | None:
        """Frames per second; None where the ABI does not say."""
        return {0: 5, 1: 15, 2: 30}.get(self._value_)


class ColorControlCommand(K4AEnum):
    """A setting of the color camera. C: ``k4a_color_control_command_t``, ``K4A_COLOR_CONTROL_*``."""

    EXPOSURE_TIME_ABSOLUTE = 0
    AUTO_EXPOSURE_PRIORITY = 1
    BRIGHTNESS = 2
    CONTRAST = 3
    SATURATION = 4
    SHARPNESS = 5
    WHITEBALANCE = 6
    BACKLIGHT_COMPENSATION = 7
    GAIN = 8
    POWERLINE_FREQUENCY = 9


class ColorControlMode(K4AEnum):
    """Who decides about a setting of the color camera.

    C: ``k4a_color_control_mode_t``, ``K4A_COLOR_CONTROL_MODE_*``.
    """

    AUTO = 0
    MANUAL = 1


class WiredSyncMode(K4AEnum):
    """Part of a camera among several that are wired together.

    C: ``k4a_wired_sync_mode_t``, ``K4A_WIRED_SYNC_MODE_*``.
    """

    STANDALONE = 0
    MASTER = 1
    SUBORDINATE = 2


class CalibrationType(K4AEnum):
    """A camera or sensor: whose coordinates are meant. C: ``k4a_calibration_type_t``, ``K4A_CALIBRATION_TYPE_*``."""

    UNKNOWN = -1
    DEPTH = 0
    COLOR = 1
    GYRO = 2
    ACCEL = 3
    NUM = 4


class CalibrationModelType(K4AEnum):
    """Model of a lens. C: ``k4a_calibration_model_type_t``, ``K4A_CALIBRATION_LENS_DISTORTION_MODEL_*``."""

    UNKNOWN = 0
    THETA = 1
    POLYNOMIAL_3K = 2
    RATIONAL_6KT = 3
    BROWN_CONRADY = 4


class FirmwareBuild(K4AEnum):
    """How firmware was built. C: ``k4a_firmware_build_t``, ``K4A_FIRMWARE_BUILD_*``."""

    RELEASE = 0
    DEBUG = 1


class FirmwareSignature(K4AEnum):
    """Who signed firmware. C: ``k4a_firmware_signature_t``, ``K4A_FIRMWARE_SIGNATURE_*``."""

    MSFT = 0
    TEST = 1
    UNSIGNED = 2


class SeekOrigin(K4AEnum):
    """What the offset of a seek is counted from. C: ``k4a_playback_seek_origin_t``, ``K4A_PLAYBACK_SEEK_*``."""

    BEGIN = 0
    END = 1
    DEVICE_TIME = 2


class StreamResult(K4AEnum):
    """Outcome of a call that reads a recording. C: ``k4a_stream_result_t``, ``K4A_STREAM_RESULT_*``."""

    SUCCEEDED = 0
    FAILED = 1
    EOF = 2
