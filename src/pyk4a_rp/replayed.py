"""What a camera is to be told so that it streams as a recording was made."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from .device_configuration import DeviceConfiguration
from .enums import ColorResolution, DepthMode
from .errors import RecordingError
from .playback import Playback

__all__ = ["Replayed", "replayed"]


class Replayed(NamedTuple):
    """How a recording was made, as far as a device can be told to do that again."""

    configuration: DeviceConfiguration
    imu: bool


def replayed(path: str | os.PathLike[str], **changes: Any) -> Replayed:
    """Read how a recording was made.

    Parameters
    ----------
    path
        The recording. It may be one that no camera makes, as 1080P in NV12.
    **changes
        Fields of `DeviceConfiguration` that are to be otherwise.

    Raises
    ------
    FileNotFoundError, RecordingError
        It cannot be read, or has neither color nor depth.
    """
    with Playback(path, provider="bundled") as playback:
        recorded = playback.configuration
    if not recorded.color_track_enabled and not (recorded.depth_track_enabled or recorded.ir_track_enabled):
        raise RecordingError(f"{os.fsdecode(path)} has neither color nor depth: there is nothing for a camera to show")
    values: dict[str, Any] = {
        "color_resolution": recorded.color_resolution,
        "depth_mode": recorded.depth_mode,
        "camera_fps": recorded.camera_fps,
    }
    if recorded.color_track_enabled:
        values["color_format"] = recorded.color_format
    values.update(changes)
    if values["color_resolution"] != ColorResolution.OFF and values["depth_mode"] != DepthMode.OFF:
        values.setdefault("depth_delay_off_color_usec", recorded.depth_delay_off_color_usec)
    return Replayed(DeviceConfiguration._of_recording(**values), recorded.imu_track_enabled)
