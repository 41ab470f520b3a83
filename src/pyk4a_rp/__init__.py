"""Azure Kinect recordings and cameras.

The names below are imported when they are first used, so that `pyk4a-rp --help` does not wait for numpy and the native
modules. The C functions under their own names are in `pyk4a_rp.k4a`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import k4a as k4a
    from ._provider import Provider as Provider
    from ._provider import load_provider as load_provider
    from .calibration import Calibration as Calibration
    from .calibration import CameraCalibration as CameraCalibration
    from .capture import Capture as Capture
    from .capture import CaptureTimestamps as CaptureTimestamps
    from .captures import Captures as Captures
    from .color import colorize as colorize
    from .device import Device as Device
    from .device import DeviceLostError as DeviceLostError
    from .device_configuration import DeviceConfiguration as DeviceConfiguration
    from .devices import DeviceInfo as DeviceInfo
    from .devices import list_devices as list_devices
    from .devices import start_synchronized as start_synchronized
    from .enums import CalibrationType as CalibrationType
    from .enums import ColorControlCommand as ColorControlCommand
    from .enums import ColorControlMode as ColorControlMode
    from .enums import ColorResolution as ColorResolution
    from .enums import DepthMode as DepthMode
    from .enums import FramesPerSecond as FramesPerSecond
    from .enums import ImageFormat as ImageFormat
    from .enums import InterpolationType as InterpolationType
    from .enums import SeekOrigin as SeekOrigin
    from .enums import WiredSyncMode as WiredSyncMode
    from .errors import EndOfRecording as EndOfRecording
    from .errors import K4AError as K4AError
    from .errors import K4ATimeoutError as K4ATimeoutError
    from .errors import NotSupportedError as NotSupportedError
    from .errors import ProviderError as ProviderError
    from .errors import RecordingError as RecordingError
    from .image import Image as Image
    from .imu import ImuSample as ImuSample
    from .maintenance import RecordingReport as RecordingReport
    from .maintenance import VerifyReport as VerifyReport
    from .maintenance import copy as copy
    from .maintenance import repair as repair
    from .maintenance import verify as verify
    from .playback import Playback as Playback
    from .prefetch import Prefetch as Prefetch
    from .recorder import Recorder as Recorder
    from .recorder import RecorderError as RecorderError
    from .recorder import RecorderState as RecorderState
    from .recording import Damage as Damage
    from .recording import DamageKind as DamageKind
    from .recording import RecordConfiguration as RecordConfiguration
    from .threads import get_thread_count as get_thread_count
    from .threads import set_thread_count as set_thread_count
    from .tracks import DataBlock as DataBlock
    from .tracks import Track as Track
    from .tracks import VideoSettings as VideoSettings
    from .transformation import Transformation as Transformation

    __version__: str

_HOME = {
    "Calibration": "calibration",
    "CalibrationType": "enums",
    "CameraCalibration": "calibration",
    "Capture": "capture",
    "CaptureTimestamps": "capture",
    "Captures": "captures",
    "ColorControlCommand": "enums",
    "ColorControlMode": "enums",
    "ColorResolution": "enums",
    "Damage": "recording",
    "DamageKind": "recording",
    "DataBlock": "tracks",
    "DepthMode": "enums",
    "Device": "device",
    "DeviceConfiguration": "device_configuration",
    "DeviceInfo": "devices",
    "DeviceLostError": "device",
    "EndOfRecording": "errors",
    "FramesPerSecond": "enums",
    "Image": "image",
    "ImageFormat": "enums",
    "ImuSample": "imu",
    "InterpolationType": "enums",
    "K4AError": "errors",
    "K4ATimeoutError": "errors",
    "NotSupportedError": "errors",
    "Playback": "playback",
    "Prefetch": "prefetch",
    "Provider": "_provider",
    "ProviderError": "errors",
    "RecordConfiguration": "recording",
    "Recorder": "recorder",
    "RecorderError": "recorder",
    "RecorderState": "recorder",
    "RecordingError": "errors",
    "RecordingReport": "maintenance",
    "SeekOrigin": "enums",
    "Track": "tracks",
    "Transformation": "transformation",
    "VerifyReport": "maintenance",
    "VideoSettings": "tracks",
    "WiredSyncMode": "enums",
    "colorize": "color",
    "copy": "maintenance",
    "get_thread_count": "threads",
    "list_devices": "devices",
    "load_provider": "_provider",
    "repair": "maintenance",
    "set_thread_count": "threads",
    "start_synchronized": "devices",
    "verify": "maintenance",
}

# Spelt out, and not taken from _HOME, for type checkers.
__all__ = [
    "Calibration",
    "CalibrationType",
    "CameraCalibration",
    "Capture",
    "CaptureTimestamps",
    "Captures",
    "ColorControlCommand",
    "ColorControlMode",
    "ColorResolution",
    "Damage",
    "DamageKind",
    "DataBlock",
    "DepthMode",
    "Device",
    "DeviceConfiguration",
    "DeviceInfo",
    "DeviceLostError",
    "EndOfRecording",
    "FramesPerSecond",
    "Image",
    "ImageFormat",
    "ImuSample",
    "InterpolationType",
    "K4AError",
    "K4ATimeoutError",
    "NotSupportedError",
    "Playback",
    "Prefetch",
    "Provider",
    "ProviderError",
    "RecordConfiguration",
    "Recorder",
    "RecorderError",
    "RecorderState",
    "RecordingError",
    "RecordingReport",
    "SeekOrigin",
    "Track",
    "Transformation",
    "VerifyReport",
    "VideoSettings",
    "WiredSyncMode",
    "__version__",
    "colorize",
    "copy",
    "get_thread_count",
    "k4a",
    "list_devices",
    "load_provider",
    "repair",
    "set_thread_count",
    "start_synchronized",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("pyk4a-rp")
    elif name == "k4a":
        value = importlib.import_module(".k4a", __name__)
    elif name in _HOME:
        value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
