"""Captures: the images that were taken together."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Self

from . import k4a as _k
from .errors import fail
from .image import Image
from .k4a import CaptureHandle, ImageHandle

if TYPE_CHECKING:
    from ._provider import Provider

__all__ = ["Capture", "CaptureTimestamps"]


class CaptureTimestamps(NamedTuple):
    """When the images of a capture were taken: microseconds of device time, None where there is no image."""

    color_usec: int | None
    depth_usec: int | None
    ir_usec: int | None


class Capture(CaptureHandle):
    """Up to one color, one depth and one IR image that belong together. Stands on ``k4a_capture_create``.

    Images stay valid when their capture is gone. A capture is a handle of the flat layer, too: the functions of
    `pyk4a_rp.k4a` take it.

    Parameters
    ----------
    color, depth, ir
        The images, None for those that are missing.
    temperature_c
        Temperature of the device in degrees Celsius; None when unknown.
    provider
        Name, path or `Provider` of the library whose capture it is; None for that of the images, else the default one.

    Examples
    --------
    >>> from pyk4a_rp import Capture, Image, ImageFormat
    >>> Capture(depth=Image(ImageFormat.DEPTH16, 640, 576), temperature_c=25.0)
    <Capture: depth at 0 us>
    """

    __slots__ = ("__weakref__", "_color", "_depth", "_ir")
    _color: Image | None
    _depth: Image | None
    _ir: Image | None

    def __init__(
        self,
        color: ImageHandle | None = None,
        depth: ImageHandle | None = None,
        ir: ImageHandle | None = None,
        *,
        temperature_c: float | None = None,
        provider: Provider | str | os.PathLike[str] | None = None,
    ) -> None:
        self._color = self._depth = self._ir = None
        if provider is None:
            provider = next((image.provider for image in (color, depth, ir) if isinstance(image, ImageHandle)), None)
        result, handle = _k.k4a_capture_create(provider=provider)
        if handle is None:
            fail("cannot create a capture", "k4a_capture_create", code=result)
        self._adopt(handle)
        if color is not None:
            self.color = color
        if depth is not None:
            self.depth = depth
        if ir is not None:
            self.ir = ir
        if temperature_c is not None:
            self.temperature_c = temperature_c

    @classmethod
    def _wrap(cls, handle: CaptureHandle) -> Self:
        """A capture that takes the C object out of a handle of the flat layer."""
        capture = cls.__new__(cls)
        capture._color = capture._depth = capture._ir = None
        capture._adopt(handle)
        return capture

    def _require(self) -> Self:
        if self.released:
            raise ValueError("the capture has been released")
        return self

    # The image objects are kept, so that `capture.depth is capture.depth`; the address tells whether the C capture
    # still holds that image, since functions of the flat layer may have replaced it.

    @property
    def color(self) -> Image | None:
        """The color image, None if there is none. Can be set.

        Stands on ``k4a_capture_get_color_image`` and ``k4a_capture_set_color_image``.
        """
        self._color = _current(self._color, _k.k4a_capture_get_color_image(self._require()))
        return self._color

    @color.setter
    def color(self, image: ImageHandle | None) -> None:
        _k.k4a_capture_set_color_image(self._require(), _image_or_none(image, "color"))
        self._color = image if isinstance(image, Image) else None

    @property
    def depth(self) -> Image | None:
        """The depth image (millimetres, 0 means no data), None if there is none. Can be set.

        Stands on ``k4a_capture_get_depth_image`` and ``k4a_capture_set_depth_image``.
        """
        self._depth = _current(self._depth, _k.k4a_capture_get_depth_image(self._require()))
        return self._depth

    @depth.setter
    def depth(self, image: ImageHandle | None) -> None:
        _k.k4a_capture_set_depth_image(self._require(), _image_or_none(image, "depth"))
        self._depth = image if isinstance(image, Image) else None

    @property
    def ir(self) -> Image | None:
        """The infrared image, None if there is none. Can be set.

        Stands on ``k4a_capture_get_ir_image`` and ``k4a_capture_set_ir_image``.
        """
        self._ir = _current(self._ir, _k.k4a_capture_get_ir_image(self._require()))
        return self._ir

    @ir.setter
    def ir(self, image: ImageHandle | None) -> None:
        _k.k4a_capture_set_ir_image(self._require(), _image_or_none(image, "ir"))
        self._ir = image if isinstance(image, Image) else None

    @property
    def temperature_c(self) -> float:
        """Temperature of the device in degrees Celsius; NaN when unknown, as in recordings. Can be set, but not to NaN.

        Stands on ``k4a_capture_get_temperature_c`` and ``k4a_capture_set_temperature_c``.
        """
        return _k.k4a_capture_get_temperature_c(self._require())

    @temperature_c.setter
    def temperature_c(self, value: float) -> None:
        if value != value:
            raise ValueError("the temperature of a capture cannot be set to NaN")
        _k.k4a_capture_set_temperature_c(self._require(), value)

    @property
    def timestamps(self) -> CaptureTimestamps:
        """When the images were taken, microseconds of device time. Reads no pixels."""
        return CaptureTimestamps(*(None if image is None else image.device_timestamp_usec for image in self._images()))

    @property
    def device_timestamp_usec(self) -> int | None:
        """When the earliest of the images was taken, microseconds of device time; None without images."""
        return min((image.device_timestamp_usec for image in self._images() if image is not None), default=None)

    def _images(self) -> tuple[Image | None, Image | None, Image | None]:
        return self.color, self.depth, self.ir

    def __repr__(self) -> str:
        if self.released:
            return "<Capture, released>"
        names = zip(("color", "depth", "ir"), self._images(), strict=True)
        there = ", ".join(f"{name} at {image.device_timestamp_usec} us" for name, image in names if image is not None)
        return f"<Capture: {there or 'no images'}>"


def _current(image: Image | None, handle: ImageHandle | None) -> Image | None:
    if handle is None:
        return None
    return image if image is not None and image.address == handle.address else Image._wrap(handle)


def _image_or_none(image: ImageHandle | None, name: str) -> ImageHandle | None:
    if image is not None and not isinstance(image, ImageHandle):
        raise TypeError(f"{name} must be an Image or None, not {type(image).__name__}")
    if image is not None and image.released:
        raise ValueError(f"the {name} image has been released")
    return image
