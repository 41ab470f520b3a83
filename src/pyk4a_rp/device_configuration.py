"""How a camera is to stream."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields
from typing import Any

from .enums import ColorResolution, DepthMode, FramesPerSecond, ImageFormat, WiredSyncMode
from .structs import k4a_device_configuration_t

__all__ = ["FRAMES_A_SECOND", "DeviceConfiguration", "highest_rate"]

FRAMES_A_SECOND = {FramesPerSecond.FPS_5: 5, FramesPerSecond.FPS_15: 15, FramesPerSecond.FPS_30: 30}
_COLOR_FORMATS = tuple(ImageFormat(value) for value in range(4))


def highest_rate(depth_mode: DepthMode, color_resolution: ColorResolution) -> FramesPerSecond:
    """Return the most frames per second that a pair of modes permits."""
    slow = depth_mode == DepthMode.WFOV_UNBINNED or color_resolution == ColorResolution.RES_3072P
    return FramesPerSecond.FPS_15 if slow else FramesPerSecond.FPS_30


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceConfiguration:
    """How a camera streams. C: ``k4a_device_configuration_t``.

    What no camera can do is refused here already, with the reason.

    Parameters
    ----------
    color_format
        COLOR_MJPG, COLOR_BGRA32 (decoded on the host), or COLOR_NV12 and COLOR_YUY2, which have 720P only.
    color_resolution
        OFF turns the color camera off.
    depth_mode
        OFF turns the depth camera off.
    camera_fps
        Of all cameras. WFOV_UNBINNED and 3072P go up to 15.
    synchronized_images_only
        Deliver only captures that have both a color and a depth image.
    depth_delay_off_color_usec
        Microseconds from the color image to the depth image, at most a frame period either way.
    wired_sync_mode
        Part of this camera among several.
    subordinate_delay_off_master_usec
        Microseconds after the master's images, up to a frame period; 0 unless SUBORDINATE.
    disable_streaming_indicator
        Keep the light on the front of the camera off.

    Raises
    ------
    ValueError
        The values do not go together.
    TypeError
        A time is no whole number.

    Examples
    --------
    >>> from pyk4a_rp import ColorResolution, DepthMode, DeviceConfiguration
    >>> DeviceConfiguration(depth_mode=DepthMode.NFOV_UNBINNED).color_resolution.name
    'RES_1080P'
    >>> DeviceConfiguration(color_resolution=ColorResolution.OFF, depth_mode=DepthMode.OFF)
    Traceback (most recent call last):
    ...
    ValueError: color_resolution and depth_mode are both OFF: one camera must be on
    """

    color_format: ImageFormat = ImageFormat.COLOR_MJPG
    color_resolution: ColorResolution = ColorResolution.RES_1080P
    depth_mode: DepthMode = DepthMode.NFOV_UNBINNED
    camera_fps: FramesPerSecond = FramesPerSecond.FPS_30
    synchronized_images_only: bool = False
    depth_delay_off_color_usec: int = 0
    wired_sync_mode: WiredSyncMode = WiredSyncMode.STANDALONE
    subordinate_delay_off_master_usec: int = 0
    disable_streaming_indicator: bool = False

    def __post_init__(self) -> None:
        known: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
            ("color_format", ImageFormat, _COLOR_FORMATS),
            ("color_resolution", ColorResolution, tuple(ColorResolution)),
            ("depth_mode", DepthMode, tuple(DepthMode)),
            ("camera_fps", FramesPerSecond, tuple(FramesPerSecond)),
            ("wired_sync_mode", WiredSyncMode, tuple(WiredSyncMode)),
        )
        for name, kind, members in known:
            value = getattr(self, name)
            if value not in members:
                raise ValueError(f"{name} is {value!r}: it must be one of {', '.join(m.name for m in members)}")
            object.__setattr__(self, name, kind(value))
        for name in ("depth_delay_off_color_usec", "subordinate_delay_off_master_usec"):
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, operator.index(value))
            except TypeError:
                raise TypeError(f"{name} is {value!r}: it must be a whole number of microseconds") from None
        self._check_rates()
        self._check_times()

    def _check_rates(self) -> None:
        rate = self.frames_per_second
        if not self.color_enabled and not self.depth_enabled:
            raise ValueError("color_resolution and depth_mode are both OFF: one camera must be on")
        if self.depth_mode == DepthMode.WFOV_UNBINNED and rate > 15:
            raise ValueError(f"depth_mode WFOV_UNBINNED goes up to 15 frames per second, not {rate}")
        if self.color_resolution == ColorResolution.RES_3072P and rate > 15:
            raise ValueError(f"color_resolution RES_3072P goes up to 15 frames per second, not {rate}")
        only_720p = self.color_format in (ImageFormat.COLOR_NV12, ImageFormat.COLOR_YUY2)
        if self.color_enabled and only_720p and self.color_resolution != ColorResolution.RES_720P:
            raise ValueError(f"{self.color_format.name} has RES_720P only, not {self.color_resolution.name}")
        if self.wired_sync_mode == WiredSyncMode.MASTER and not self.color_enabled:
            raise ValueError("a MASTER needs its color camera on")

    def _check_times(self) -> None:
        period = self.frame_period_usec
        both = self.color_enabled and self.depth_enabled
        if self.synchronized_images_only and not both:
            raise ValueError("synchronized_images_only needs both cameras on")
        if self.depth_delay_off_color_usec and not both:
            raise ValueError("depth_delay_off_color_usec needs both cameras on")
        if abs(self.depth_delay_off_color_usec) > period:
            delay = self.depth_delay_off_color_usec
            raise ValueError(f"depth_delay_off_color_usec is {delay}: at most {period} (a frame period) either way")
        delay = self.subordinate_delay_off_master_usec
        if delay and self.wired_sync_mode != WiredSyncMode.SUBORDINATE:
            raise ValueError("subordinate_delay_off_master_usec is for a SUBORDINATE only")
        if not 0 <= delay <= period:
            raise ValueError(f"subordinate_delay_off_master_usec is {delay}: from 0 to {period} (a frame period)")

    @classmethod
    def _of_recording(cls, **values: Any) -> DeviceConfiguration:
        """A configuration that nobody checks: recordings hold what no camera can do, and can be replayed."""
        self = object.__new__(cls)
        for field in fields(cls):
            object.__setattr__(self, field.name, values.get(field.name, field.default))
        return self

    @property
    def color_enabled(self) -> bool:
        """Whether the color camera is on."""
        return self.color_resolution != ColorResolution.OFF

    @property
    def depth_enabled(self) -> bool:
        """Whether the depth camera is on, be it for infrared only."""
        return self.depth_mode != DepthMode.OFF

    @property
    def frames_per_second(self) -> int:
        """`camera_fps` as a number."""
        return FRAMES_A_SECOND[self.camera_fps]

    @property
    def frame_period_usec(self) -> int:
        """Microseconds from one frame to the next, rounded down."""
        return 1_000_000 // self.frames_per_second

    def to_native(self) -> k4a_device_configuration_t:
        """Return the structure of C, for the functions of `pyk4a_rp.k4a`."""
        return k4a_device_configuration_t(**{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def from_native(cls, native: k4a_device_configuration_t) -> DeviceConfiguration:
        """Make a configuration of C's structure; ValueError as above.

        Parameters
        ----------
        native
            The structure.
        """
        return cls(**{field.name: getattr(native, field.name) for field in fields(cls)})
