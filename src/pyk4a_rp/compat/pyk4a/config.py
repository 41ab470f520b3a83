"""pyk4a's configuration of a camera, and its enumerations, which are ours."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass

from ...device_configuration import DeviceConfiguration
from ...enums import (
    ColorControlCommand,
    ColorControlMode,
    ColorResolution,
    DepthMode,
    ImageFormat,
    WiredSyncMode,
)
from ...enums import FramesPerSecond as FPS

__all__ = [
    "FPS",
    "ColorControlCommand",
    "ColorControlMode",
    "ColorResolution",
    "Config",
    "DepthMode",
    "ImageFormat",
    "WiredSyncMode",
]


@dataclass(eq=False)
class Config:
    """How a camera streams, with pyk4a's defaults. What does not go together is found when the camera starts.

    Parameters
    ----------
    color_resolution, color_format, depth_mode, camera_fps, synchronized_images_only, depth_delay_off_color_usec
        As of `pyk4a_rp.DeviceConfiguration`.
    wired_sync_mode, subordinate_delay_off_master_usec, disable_streaming_indicator
        Likewise.
    """

    color_resolution: ColorResolution = ColorResolution.RES_720P
    color_format: ImageFormat = ImageFormat.COLOR_BGRA32
    depth_mode: DepthMode = DepthMode.NFOV_UNBINNED
    camera_fps: FPS = FPS.FPS_30
    synchronized_images_only: bool = True
    depth_delay_off_color_usec: int = 0
    wired_sync_mode: WiredSyncMode = WiredSyncMode.STANDALONE
    subordinate_delay_off_master_usec: int = 0
    disable_streaming_indicator: bool = False

    def unpack(self) -> tuple[ImageFormat, ColorResolution, DepthMode, FPS, bool, int, WiredSyncMode, int, bool]:
        """Return the values, the color format first."""
        resolution, color_format, *others = astuple(self)
        return (color_format, resolution, *others)

    def to_device_configuration(self) -> DeviceConfiguration:
        """Return the same as our class; ValueError says what does not go together."""
        return DeviceConfiguration(**asdict(self))

    def to_recorded_configuration(self) -> DeviceConfiguration:
        """Return the same for a recorder: a file can hold what no camera can do. ValueError for what nothing is."""
        values = asdict(self)
        if self.color_resolution == ColorResolution.OFF:
            values["color_format"] = ImageFormat.COLOR_MJPG  # of no image; recordings without color have CUSTOM there
        return _RecordedConfiguration(**values)


class _RecordedConfiguration(DeviceConfiguration):
    """What is in a file, of which the captures need not come from a camera; pyk4a and C ask for no more either."""

    __slots__ = ()

    def _check_rates(self) -> None:
        pass

    def _check_times(self) -> None:
        pass
