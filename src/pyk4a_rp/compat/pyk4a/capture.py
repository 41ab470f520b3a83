"""pyk4a's capture: arrays and timestamps."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...capture import Capture
from ...enums import ImageFormat
from ...image import Image
from .calibration import Calibration
from .errors import K4AException, translated
from .transformation import (
    color_image_to_depth_camera,
    depth_image_to_color_camera,
    depth_image_to_color_camera_custom,
    depth_image_to_point_cloud,
)

__all__ = ["PyK4ACapture"]

Pixels = npt.NDArray[Any]

_PRIVATE_NUMBERS = {f"_{camera}_{kind}" for camera in ("color", "depth", "ir")
                    for kind in ("timestamp_usec", "system_timestamp_nsec")}  # fmt: skip
_PRIVATE_NUMBERS |= {"_color_exposure_usec", "_color_iso_speed", "_color_white_balance"}


class PyK4ACapture:
    """The images of one capture as arrays: views, not copies, that stay valid when everything else is gone.

    Images that are missing are None, their timestamps 0. What is computed is computed once.

    Parameters
    ----------
    calibration
        The calibration, or why there is none: raised when something needs it.
    capture_handle
        Our capture.
    color_format
        Format of its color image.
    thread_safe
        Accepted for programs that pass it.

    Attributes
    ----------
    capture : pyk4a_rp.Capture
        What it stands on.
    """

    def __init__(
        self,
        calibration: Calibration | K4AException,
        capture_handle: Capture,
        color_format: ImageFormat,
        thread_safe: bool = True,
    ) -> None:
        self.capture = capture_handle
        self.thread_safe = thread_safe
        self._calibration_or_reason = calibration
        self._color_format = color_format
        self._replaced: dict[str, Pixels] = {}
        self._seen: dict[str, tuple[Image, Pixels]] = {}
        self._computed: dict[str, Pixels] = {}

    @property
    def _calibration(self) -> Calibration:
        if isinstance(self._calibration_or_reason, K4AException):
            raise copy(self._calibration_or_reason)  # of which no traceback leads back here
        return self._calibration_or_reason

    # ---- what the cameras saw ----

    def _pixels(self, name: str) -> Pixels | None:
        if name in self._replaced:
            return self._replaced[name]
        image: Image | None = getattr(self.capture, name)
        if image is None:
            return None
        known = self._seen.get(name)
        if known is None or known[0] is not image:
            with translated():
                pixels = image.array
            if name == "color" and pixels.ndim == 2:
                pixels = pixels[..., None]  # NV12, of which pyk4a has three dimensions
            # Kept, since a program may have changed the array's flags.
            known = self._seen[name] = image, pixels
        return known[1]

    def _replace(self, name: str, pixels: Pixels) -> None:
        self._replaced[name] = pixels
        self._computed.clear()

    @property
    def color(self) -> npt.NDArray[np.uint8] | None:
        """The color image: BGRA (H, W, 4), YUY2 (H, W, 2), NV12 (H * 3 / 2, W, 1), or a JPEG file (size,); uint8."""
        return self._pixels("color")

    @property
    def depth(self) -> npt.NDArray[np.uint16] | None:
        """The depth image: (H, W) uint16, millimetres, 0 means no data."""
        return self._pixels("depth")

    @property
    def ir(self) -> npt.NDArray[np.uint16] | None:
        """The infrared image: (H, W) uint16, active brightness."""
        return self._pixels("ir")

    # Programs put a decoded picture there, so that everything that follows finds BGRA.
    _color = property(lambda self: self.color, lambda self, pixels: self._replace("color", pixels))
    _depth = property(lambda self: self.depth, lambda self, pixels: self._replace("depth", pixels))
    _ir = property(lambda self: self.ir, lambda self, pixels: self._replace("ir", pixels))

    if not TYPE_CHECKING:  # where it would make every misspelt name a known one

        def __getattr__(self, name: str) -> Any:
            # Programs read `_depth_timestamp_usec` and its kin, which pyk4a has beside the public ones.
            if name in _PRIVATE_NUMBERS:
                return getattr(self, name[1:])
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def color_timestamp_usec(self) -> int:
        """When the color image was taken, microseconds of device time."""
        return _number(self.capture.color, "device_timestamp_usec")

    @property
    def depth_timestamp_usec(self) -> int:
        """When the depth image was taken, microseconds of device time."""
        return _number(self.capture.depth, "device_timestamp_usec")

    @property
    def ir_timestamp_usec(self) -> int:
        """When the infrared image was taken, microseconds of device time."""
        return _number(self.capture.ir, "device_timestamp_usec")

    @property
    def color_system_timestamp_nsec(self) -> int:
        """When the color image came to the host, nanoseconds of its monotonic clock; 0 where unknown."""
        return _number(self.capture.color, "system_timestamp_nsec")

    @property
    def depth_system_timestamp_nsec(self) -> int:
        """When the depth image came to the host, nanoseconds of its monotonic clock; 0 where unknown."""
        return _number(self.capture.depth, "system_timestamp_nsec")

    @property
    def ir_system_timestamp_nsec(self) -> int:
        """When the infrared image came to the host, nanoseconds of its monotonic clock; 0 where unknown."""
        return _number(self.capture.ir, "system_timestamp_nsec")

    @property
    def color_exposure_usec(self) -> int:
        """Exposure time of the color image, microseconds. K4AException when unknown, as in Microsoft's recordings."""
        return _known(self.capture.color, "exposure_usec")

    @property
    def color_white_balance(self) -> int:
        """White balance of the color image, kelvin. K4AException when unknown, as in Microsoft's recordings."""
        return _known(self.capture.color, "white_balance")

    @property
    def color_iso_speed(self) -> int:
        """ISO speed of the color image. K4AException when unknown, as in Microsoft's recordings."""
        return _known(self.capture.color, "iso_speed")

    # ---- in the geometry of the other camera ----

    @property
    def transformed_color(self) -> npt.NDArray[np.uint8] | None:
        """The color image as the depth camera would see it: (H, W, 4) uint8 BGRA. None without color or depth.

        Any color format will do.
        """
        color, depth = self.color, self.depth
        if color is None or depth is None:
            return None
        return self._once("transformed_color", color, lambda color, c: color_image_to_depth_camera(color, depth, c))

    @property
    def transformed_depth(self) -> npt.NDArray[np.uint16] | None:
        """The depth image as the color camera would see it: (H, W) uint16, millimetres. None without depth."""
        return self._once("transformed_depth", self.depth, depth_image_to_color_camera)

    @property
    def transformed_ir(self) -> npt.NDArray[np.uint16] | None:
        """The infrared image as the color camera would see it: (H, W) uint16. None without depth or infrared."""
        ir = self.ir
        if ir is None:
            return None
        return self._once(
            "transformed_ir",
            self.depth,
            lambda depth, calibration: depth_image_to_color_camera_custom(depth, ir, calibration)[0],
        )

    @property
    def depth_point_cloud(self) -> npt.NDArray[np.int16] | None:
        """The points of the depth image: (H, W, 3) int16, millimetres, all 0 means no data. None without depth."""
        return self._once("depth_point_cloud", self.depth, depth_image_to_point_cloud)

    @property
    def transformed_depth_point_cloud(self) -> npt.NDArray[np.int16] | None:
        """The points of `transformed_depth`, as `depth_point_cloud`, of the color camera's size and coordinates."""
        return self._once(
            "transformed_depth_point_cloud",
            self.transformed_depth,
            lambda depth, calibration: depth_image_to_point_cloud(depth, calibration, calibration_type_depth=False),
        )

    def _once(
        self, name: str, pixels: Pixels | None, compute: Callable[[Pixels, Calibration], Pixels]
    ) -> Pixels | None:
        if pixels is None:
            return None
        if name not in self._computed:
            self._computed[name] = compute(pixels, self._calibration)
        return self._computed[name]


def _number(image: Image | None, name: str) -> int:
    return 0 if image is None else int(getattr(image, name))


def _known(image: Image | None, name: str) -> int:
    value = _number(image, name)
    if not value:
        why = "there is no color image" if image is None else "the recording, or the camera, does not say"
        raise K4AException(f"{name} of the color image is not known: {why}")
    return value
