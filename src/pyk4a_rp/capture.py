"""Captures: the images that were taken together."""

from __future__ import annotations

import operator
import os
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

from . import _extensions
from . import k4a as _k
from .errors import fail
from .image import Image
from .k4a import CaptureHandle, ImageHandle

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ._provider import Provider
    from .calibration import Calibration

__all__ = ["Capture", "CaptureTimestamps"]

Owner = TypeVar("Owner")


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

    __slots__ = ("__weakref__", "_calibration", "_color", "_computed", "_depth", "_ir")
    _calibration: Calibration | Callable[[], Calibration] | None
    _computed: dict[str, tuple[tuple[Image, ...], Any]] | None
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
        self._calibration = self._computed = None
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
    def _wrap(cls, handle: CaptureHandle, calibration: Callable[[], Calibration] | None = None) -> Self:
        """A capture that takes the C object out of a handle of the flat layer; its calibration is asked for later."""
        capture = cls.__new__(cls)
        capture._color = capture._depth = capture._ir = None
        capture._calibration = calibration
        capture._computed = None
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
        self._computed = None

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
        self._computed = None

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
        self._computed = None

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
        """When the images were taken, microseconds of device time.

        With provider `bundled` no pixels are read or decoded, so that an image which turns out to be damaged has a time
        here, too (`Playback.damaged_color_count`).
        """
        if _extensions.available(self._require()):
            _result, times = _extensions.capture_get_timestamps(self)
            if times is not None:
                return CaptureTimestamps(*times)
        images = (self.color, self.depth, self.ir)
        return CaptureTimestamps(*(None if image is None else image.device_timestamp_usec for image in images))

    @property
    def device_timestamp_usec(self) -> int | None:
        """The earliest of `timestamps`; None without images."""
        return min((time for time in self.timestamps if time is not None), default=None)

    # ---- in the geometry of the other camera: computed when first asked for, and kept until an image or the
    # calibration is set. Pixels changed in place change nothing here, and what is changed here stays changed. ----

    @property
    def calibration(self) -> Calibration | None:
        """The calibration, which captures of a recording know; None when unknown. Can be set.

        Raises
        ------
        RecordingError
            The recording has no calibration, or one that cannot be read.
        ValueError
            The recording is closed, and nobody asked for its calibration before.
        """
        if callable(self._calibration):
            self._calibration = self._calibration()
        return self._calibration

    @calibration.setter
    def calibration(self, calibration: Calibration | None) -> None:
        from .calibration import Calibration

        if calibration is not None and not isinstance(calibration, Calibration):
            raise TypeError(f"calibration must be a Calibration or None, not {type(calibration).__name__}")
        self._calibration = calibration
        self._computed = None

    @property
    def transformed_depth(self) -> Image | None:
        """The depth image as the color camera would see it, None without a depth image.

        `Transformation.depth_to_color`, computed once for an image and kept; ValueError when the calibration is not
        known.
        """
        depth = self.depth
        if depth is None:
            return None
        image: Image = self._once("transformed_depth", lambda t: t.depth_to_color(depth), depth)
        return image

    @property
    def transformed_color(self) -> Image | None:
        """The color image as the depth camera would see it (BGRA32), None without a color or depth image.

        `Transformation.color_to_depth`, computed once for the images and kept; ValueError when the calibration is not
        known.
        """
        depth, color = self.depth, self.color
        if depth is None or color is None:
            return None
        image: Image = self._once("transformed_color", lambda t: t.color_to_depth(depth, color), depth, color)
        return image

    @property
    def point_cloud(self) -> npt.NDArray[np.int16] | None:
        """The points of the depth image: (H, W, 3) int16 in millimetres, all 0 means no data. None without depth.

        `Transformation.depth_to_point_cloud`, computed once for an image and kept: change a copy. ValueError when the
        calibration is not known.
        """
        depth = self.depth
        if depth is None:
            return None
        points: npt.NDArray[np.int16] = self._once("point_cloud", lambda t: t.depth_to_point_cloud(depth), depth)
        return points

    def _once(self, name: str, compute: Callable[[Any], Any], *images: Image) -> Any:
        calibration = self.calibration
        if calibration is None:
            raise ValueError(f"the capture's calibration is not known, which {name} needs: set capture.calibration")
        known = self._computed or {}
        # The images are kept with the result: the address of one that is gone may be that of another one later.
        if name not in known or not all(map(operator.is_, known[name][0], images)):
            known[name] = images, compute(calibration._transformation)
            self._computed = known
        return known[name][1]

    def __repr__(self) -> str:
        if self.released:
            return "<Capture, released>"
        times = zip(("color", "depth", "ir"), self.timestamps, strict=True)
        there = ", ".join(f"{name} at {time} us" for name, time in times if time is not None)
        return f"<Capture: {there or 'no images'}>"


class LateCalibration(Generic[Owner]):
    """Asks the device or playback of captures for their calibration when one needs it, without keeping it alive."""

    def __init__(self, owner: Owner, read: Callable[[Owner], Calibration]) -> None:
        self._owner = weakref.ref(owner)
        self._read = read
        self._what = type(owner).__name__.lower()
        self._known: Calibration | None = None

    def __call__(self) -> Calibration:
        if self._known is None:
            owner = self._owner()
            if owner is None:
                raise ValueError(f"the calibration of the capture is not known: its {self._what} is gone")
            self._known = self._read(owner)
        return self._known


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
