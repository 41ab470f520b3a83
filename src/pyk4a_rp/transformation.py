"""Transformations: images in the geometry of the other camera, and points."""

from __future__ import annotations

import operator
import os
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar, overload

import numpy as np
import numpy.typing as npt

from . import _points
from . import k4a as _k
from ._provider import Provider, load_provider
from .calibration import Calibration, Sensor, sensor_of
from .enums import CalibrationType, ImageFormat, InterpolationType, Result
from .errors import fail
from .image import Image
from .k4a import TransformationHandle
from .pixels import AnyPixels, Output, checked_out, checked_pixels, empty, is_aligned, pixels_of
from .points import Floats

__all__ = ["Transformation"]

Pixels = TypeVar("Pixels", Image, npt.NDArray[Any])
# Microsoft's engine loses some calls that come fast one after the other: they succeed and change nothing.
_SURE = ("bundled",)  # providers that do not
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.02
_ROWS = 64  # of a map at a time: what is needed meanwhile is eight times as large


class Transformation:
    """Transforms the images of one pair of modes. Stands on ``k4a_transformation_create``.

    Methods take images or arrays: depth (H, W) uint16 in millimetres, color (H, W, 4) uint8 blue, green, red, alpha.
    Those that make images return what they are given, an `Image` for an `Image` (with its device timestamp, and no
    other of its numbers), else an array; points are always arrays. `out` receives the result instead of a new image or
    array: it has the shape and dtype of the result, any strides, and no memory in common with what is read. On provider
    `bundled` calls may run on several threads at once.

    Parameters
    ----------
    calibration
        For the modes of the images. With one of the cameras off only point clouds of the other can be made.
    provider
        Name, path or `Provider` of the library that transforms; None for that of the calibration.

    Attributes
    ----------
    calibration : Calibration

    Raises
    ------
    K4AError
        The calibration cannot be used; or Microsoft's engine finds no display.

    Examples
    --------
    >>> from pyk4a_rp import Playback, Transformation
    >>> with Playback("session.mkv") as playback:
    ...     transformation = Transformation(playback.calibration)
    ...     points = transformation.depth_to_point_cloud(playback.captures[0].depth.array)
    >>> points.shape, points.dtype
    ((288, 320, 3), dtype('int16'))
    """

    _handle: TransformationHandle | None = None

    def __init__(self, calibration: Calibration, *, provider: Provider | str | os.PathLike[str] | None = None) -> None:
        if not isinstance(calibration, Calibration):
            raise TypeError(f"a transformation is made of a Calibration, not of a {type(calibration).__name__}")
        self.calibration = calibration
        self._provider = calibration.provider if provider is None else load_provider(provider)
        self._handle = _create(calibration, self._provider)

    @classmethod
    def _shared(cls, calibration: Calibration) -> Self:
        """Make one that has its handle in common with all others that were made so of a calibration.

        The calibration keeps the handle, not the transformation: that refers to the calibration, and a circle would
        keep the large tables of both until the garbage collector comes by.
        """
        transformation = cls.__new__(cls)
        transformation.calibration = calibration
        transformation._provider = calibration.provider
        if calibration._transformation_handle is None:
            calibration._transformation_handle = _create(calibration, calibration.provider)
        transformation._handle = calibration._transformation_handle
        return transformation

    @property
    def provider(self) -> Provider:
        """The library that transforms."""
        return self._provider

    @property
    def handle(self) -> TransformationHandle:
        """The handle for functions of the flat layer; ValueError when the transformation is closed."""
        if self._handle is None or self._handle.released:
            raise ValueError("the transformation is closed")
        return self._handle

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle is None or self._handle.released

    def close(self) -> None:
        """Free what the library holds. Does nothing the second time. Stands on ``k4a_transformation_destroy``."""
        if self._handle is not None:
            self._handle.release()

    def __enter__(self) -> Self:
        self.handle  # noqa: B018 - raises when closed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else f"provider {self._provider.name!r}"
        return f"<Transformation of {self.calibration!r}, {state}>"

    # ---- images ----

    @overload
    def depth_to_color(self, depth: Image, *, out: Image | None = None) -> Image: ...
    @overload
    def depth_to_color(self, depth: npt.NDArray[Any], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
    def depth_to_color(self, depth: AnyPixels, *, out: AnyPixels | None = None) -> AnyPixels:
        """See the depth image from the color camera. Stands on ``k4a_transformation_depth_image_to_color_camera``.

        Parameters
        ----------
        depth
            Depth image.
        out
            Receives the result.

        Returns
        -------
        Image or numpy.ndarray
            (H, W) uint16 of the color camera's size: millimetres along its axis, 0 means no data.

        Raises
        ------
        TypeError
            `depth` or `out` is not an image or array, or of another dtype.
        ValueError
            Of another shape, a camera is off, `out` is read-only or overlaps, or the transformation is closed.
        K4AError
            The library failed, or did nothing.
        """
        handle = self.handle
        source = self._input(depth, "depth", CalibrationType.DEPTH, ImageFormat.DEPTH16)
        target = self._output(CalibrationType.COLOR, ImageFormat.DEPTH16, depth, out, "out", depth=depth)
        self._run(
            "k4a_transformation_depth_image_to_color_camera",
            lambda: _k.k4a_transformation_depth_image_to_color_camera(handle, source, target.image),
            target,
        )
        result: AnyPixels = target.finish()
        return result

    def depth_to_color_custom(
        self,
        depth: Pixels,
        custom: Pixels,
        *,
        interpolation: InterpolationType | str = InterpolationType.LINEAR,
        invalid_value: int = 0,
        out: tuple[Pixels, Pixels] | None = None,
    ) -> tuple[Pixels, Pixels]:
        """See the depth image and what belongs to it from the color camera.

        Stands on ``k4a_transformation_depth_image_to_color_camera_custom``.

        Parameters
        ----------
        depth
            Depth image.
        custom
            Values that go with the depth pixels: (H, W) uint8 or uint16, an IR image or labels for example.
        interpolation
            LINEAR, or NEAREST for values like labels that have no mean; or their names in any case.
        invalid_value
            The custom value of pixels without data.
        out
            Receive the results: depth and custom.

        Returns
        -------
        depth : Image or numpy.ndarray
            As of `depth_to_color`.
        custom : Image or numpy.ndarray
            (H, W) of the color camera's size, of the dtype of `custom`.

        Raises
        ------
        TypeError
            `depth`, `custom` or `out` is not an image or array, or of another dtype.
        ValueError
            Of another shape, `invalid_value` does not fit the dtype,
             a camera is off, `out` is read-only or overlaps, or the transformation is closed.
        K4AError
            The library failed, or did nothing.
        """
        handle = self.handle
        how = _interpolation(interpolation)
        kind = ImageFormat.CUSTOM16 if pixels_of(custom, "custom").dtype == np.uint16 else ImageFormat.CUSTOM8
        if not isinstance(invalid_value, int | np.integer):
            raise TypeError(f"invalid_value is an integer, not a {type(invalid_value).__name__}")
        if not 0 <= invalid_value < 1 << (16 if kind == ImageFormat.CUSTOM16 else 8):
            raise ValueError(f"invalid_value {invalid_value} does not fit {kind.name}")
        source = self._input(depth, "depth", CalibrationType.DEPTH, ImageFormat.DEPTH16)
        values = self._input(custom, "custom", CalibrationType.DEPTH, kind)
        outs = (None, None) if out is None else out
        if not isinstance(outs, tuple | list) or len(outs) != 2:
            raise TypeError("out is a pair, for depth and custom")
        inputs: dict[str, AnyPixels] = {"depth": depth, "custom": custom}
        target = self._output(CalibrationType.COLOR, ImageFormat.DEPTH16, depth, outs[0], "out[0]", **inputs)
        if outs[0] is not None:
            inputs["out[0]"] = outs[0]
        target_values = self._output(CalibrationType.COLOR, kind, custom, outs[1], "out[1]", **inputs)
        self._run(
            "k4a_transformation_depth_image_to_color_camera_custom",
            lambda: _k.k4a_transformation_depth_image_to_color_camera_custom(
                handle, source, values, target.image, target_values.image, how, invalid_value
            ),
            target,
        )
        return target.finish(), target_values.finish()

    @overload
    def color_to_depth(self, depth: Image, color: Image, *, out: Image | None = None) -> Image: ...
    @overload
    def color_to_depth(
        self, depth: npt.NDArray[Any], color: AnyPixels, *, out: npt.NDArray[Any] | None = None
    ) -> npt.NDArray[Any]: ...
    def color_to_depth(self, depth: AnyPixels, color: AnyPixels, *, out: AnyPixels | None = None) -> AnyPixels:
        """See the color image from the depth camera. Stands on ``k4a_transformation_color_image_to_depth_camera``.

        Parameters
        ----------
        depth
            Depth image.
        color
            Color image: an `Image` of any color format, or BGRA pixels.
        out
            Receives the result.

        Returns
        -------
        Image or numpy.ndarray
            (H, W, 4) uint8 of the depth camera's size: blue, green, red, alpha; (0, 0, 0, 0) means no data.

        Raises
        ------
        TypeError
            `depth`, `color` or `out` is not an image or array, or of another dtype.
        ValueError
            Of another shape, a camera is off, `out` is read-only or overlaps, or the transformation is closed.
        K4AError
            The library failed, or did nothing.

        Notes
        -----
        What the color camera does not see, because something is in front of it, gets the color of that.
        """
        handle = self.handle
        if isinstance(color, Image) and color.format != ImageFormat.COLOR_BGRA32:
            color = color.to_bgra()
        source = self._input(depth, "depth", CalibrationType.DEPTH, ImageFormat.DEPTH16)
        colors = self._input(color, "color", CalibrationType.COLOR, ImageFormat.COLOR_BGRA32)
        target = self._output(
            CalibrationType.DEPTH, ImageFormat.COLOR_BGRA32, depth, out, "out", depth=depth, color=color
        )
        self._run(
            "k4a_transformation_color_image_to_depth_camera",
            lambda: _k.k4a_transformation_color_image_to_depth_camera(handle, source, colors, target.image),
            target,
        )
        result: AnyPixels = target.finish()
        return result

    # ---- points ----

    def depth_to_point_cloud(
        self, depth: AnyPixels, camera: Sensor = CalibrationType.DEPTH, *, out: npt.NDArray[np.int16] | None = None
    ) -> npt.NDArray[np.int16]:
        """Make points of a depth image. Stands on ``k4a_transformation_depth_image_to_point_cloud``.

        Parameters
        ----------
        depth
            Depth image.
        camera
            From which camera it is seen: DEPTH, or COLOR for a result of `depth_to_color`.
        out
            Receives the result.

        Returns
        -------
        numpy.ndarray
            (H, W, 3) int16: x, y, z in millimetres in the coordinates of `camera`, all 0 means no data. As in the SDK
            the bits of a depth beyond 32767 mm make a negative z, while x and y stop at the ends of int16;
            `depth_to_points` has no such limit.

        Raises
        ------
        TypeError
            `depth` or `out` is not an image or array, or of another dtype.
        ValueError
            Of another shape, a camera is off, `out` is read-only or overlaps, or the transformation is closed.
        K4AError
            The library failed.
        """
        handle = self.handle
        which = sensor_of(camera)
        width, height = self.calibration.camera(which).size
        source = self._input(depth, "depth", which, ImageFormat.DEPTH16)
        shape, dtype = (height, width, 3), np.dtype(np.int16)
        points = empty(shape, dtype) if out is None else checked_out(out, "out", shape, dtype, {"depth": depth})
        if not self._suits(points):
            points = empty(shape, dtype)
        result, image = _k.k4a_image_create_from_buffer(
            ImageFormat.CUSTOM, width, height, 6 * width, points, provider=self._provider
        )
        if image is None:
            fail("cannot make an image of points", "k4a_image_create_from_buffer", code=result)
        self._check(
            _k.k4a_transformation_depth_image_to_point_cloud(handle, source, which, image),
            "k4a_transformation_depth_image_to_point_cloud",
        )
        if out is None or points is out:
            return points
        out[:] = points
        return out

    def depth_to_points(
        self, depth: AnyPixels, camera: Sensor = CalibrationType.DEPTH, *, out: Floats | None = None
    ) -> Floats:
        """Make points of a depth image, in metres and without rounding.

        Stands on ``transformation_depth_image_to_points`` of k4a_rp.h; with other providers on `rays`.

        Parameters
        ----------
        depth
            Depth image.
        camera
            From which camera it is seen: DEPTH, or COLOR for a result of `depth_to_color`.
        out
            Receives the result; written to directly where it is C-contiguous.

        Returns
        -------
        numpy.ndarray
            (H, W, 3) float32: x, y, z in metres in the coordinates of `camera`, NaN means no data.

        Raises
        ------
        TypeError
            `depth` or `out` is not an image or array, or of another dtype.
        ValueError
            Of another shape, the camera is off, `out` is read-only or overlaps, or the transformation is closed.
        K4AError
            The library failed.
        """
        handle = self.handle
        which = sensor_of(camera)
        pixels = checked_pixels(depth, "depth", self.calibration.camera(which).size, ImageFormat.DEPTH16)
        shape, dtype = (*pixels.shape, 3), np.dtype(np.float32)
        points = np.empty(shape, dtype) if out is None else checked_out(out, "out", shape, dtype, {"depth": depth})
        if not (points.flags.c_contiguous and points.flags.aligned):
            points = np.empty(shape, dtype)
        if _points.available(self._provider):
            source = self._input(depth, "depth", which, ImageFormat.DEPTH16)
            code = _points.depth_image_to_points(handle, source, which, points.reshape(-1))
            self._check(code, "k4a_rp transformation_depth_image_to_points")
        else:
            z = pixels.astype(np.float32)
            z *= np.float32(0.001)
            z[pixels == 0] = np.nan
            np.multiply(self.rays(which), z[..., None], out=points[..., :2])
            points[..., 2] = z
            points[np.isnan(points[..., 0])] = np.nan
        if out is None or points is out:
            return points
        out[:] = points
        return out

    def rays(self, camera: Sensor) -> Floats:
        """Return the ray of every pixel of a camera: `Calibration.rays`.

        Parameters
        ----------
        camera
            DEPTH or COLOR.

        Returns
        -------
        numpy.ndarray
            (H, W, 2) float32, X/Z and Y/Z; NaN where a pixel has no ray. Read-only.

        Raises
        ------
        ValueError
            The camera is off.
        """
        return self.calibration.rays(camera)

    def undistort_maps(
        self,
        camera: Sensor,
        *,
        camera_matrix: npt.ArrayLike | None = None,
        size: tuple[int, int] | None = None,
    ) -> tuple[Floats, Floats]:
        """Make the maps with which ``cv2.remap`` takes the distortion out of an image.

        Parameters
        ----------
        camera
            DEPTH or COLOR.
        camera_matrix
            (3, 3), of the camera without distortion; None for that of `camera`.
        size
            Width and height of the image without distortion; None for that of `camera`.

        Returns
        -------
        map_x, map_y : numpy.ndarray
            (H, W) float32: for each pixel without distortion the pixel of the camera; -1 where there is none.

        Raises
        ------
        ValueError
            The camera is off, `camera_matrix` is not one, or `size` is not positive.
        """
        found = self.calibration.camera(camera)
        matrix = np.asarray(found.camera_matrix if camera_matrix is None else camera_matrix, np.float64)
        if matrix.shape != (3, 3):
            raise ValueError(f"camera_matrix has the shape {matrix.shape} instead of (3, 3)")
        if not np.isfinite(matrix).all() or np.linalg.det(matrix) == 0:
            raise ValueError("camera_matrix cannot be inverted")
        width, height = map(operator.index, found.size if size is None else size)
        if width < 1 or height < 1:
            raise ValueError(f"size is {(width, height)}, which is not positive")
        inverse = np.linalg.inv(matrix).T
        maps = np.empty((2, height, width), np.float32)
        for first in range(0, height, _ROWS):
            x, y = np.meshgrid(np.arange(width), np.arange(first, min(first + _ROWS, height)))
            pixels = self.calibration.project(np.stack([x, y, np.ones_like(x)], -1) @ inverse, camera)
            pixels[np.isnan(pixels)] = -1
            maps[:, first : first + _ROWS] = np.moveaxis(pixels, -1, 0)
        return maps[0], maps[1]

    # ---- how ----

    def _input(self, value: AnyPixels, name: str, camera: CalibrationType, format: ImageFormat) -> Image:
        """An image of this provider whose rows have no padding and whose memory suits it."""
        pixels = checked_pixels(value, name, self.calibration.camera(camera).size, format)
        suits = self._suits(pixels)
        if isinstance(value, Image) and suits and value.format == format and value.provider is self._provider:
            return value
        if not suits or not pixels.flags.writeable:
            copy = empty(pixels.shape, pixels.dtype)
            copy[:] = pixels
            pixels = copy
        return Image.from_array(pixels, format, provider=self._provider)

    def _output(
        self,
        camera: CalibrationType,
        format: ImageFormat,
        like: AnyPixels,
        out: AnyPixels | None,
        name: str,
        **inputs: AnyPixels,
    ) -> Output:
        return Output(self._provider, self.calibration.camera(camera).size, format, like, out, name, inputs)

    def _suits(self, pixels: npt.NDArray[Any]) -> bool:
        """Whether the library can work on this memory as it is."""
        return pixels.flags.c_contiguous and (self._provider.name == "bundled" or is_aligned(pixels))

    def _run(self, call: str, body: Callable[[], Result], target: Output) -> None:
        """Call, and with a provider that may not do what it says, call again until it did."""
        if self._provider.name in _SURE:
            self._check(body(), call)
            return
        for _ in range(_ATTEMPTS):
            target.mark()
            self._check(body(), call)
            if target.written():
                return
            time.sleep(_PAUSE_SECONDS)
        fail(f"{self!r} succeeded {_ATTEMPTS} times and wrote nothing", call, provider=self._provider)

    def _check(self, code: Result, call: str) -> None:
        if code != Result.SUCCEEDED:
            fail(f"{self!r} failed", call, provider=self._provider, code=int(code))


def _create(calibration: Calibration, provider: Provider) -> TransformationHandle:
    handle = _k.k4a_transformation_create(calibration.native, provider=provider)
    if handle is not None:
        return handle
    message = f"cannot make a transformation of {calibration!r}"
    both = calibration.depth is not None and calibration.color is not None
    if both and provider.name != "bundled" and sys.platform == "linux":
        display = os.environ.get("DISPLAY")
        state = f"DISPLAY is {display!r}" if display else "DISPLAY is not set"
        message += (
            f"; this provider needs an X display with OpenGL 4.4 (Xvfb will do), {state}; provider 'bundled' needs none"
        )
    fail(message, "k4a_transformation_create", provider=provider)


def _interpolation(value: InterpolationType | str) -> InterpolationType:
    names = {kind.name.lower(): kind for kind in InterpolationType}
    found = names.get(value.lower()) if isinstance(value, str) else value
    if found is None or found not in names.values():
        raise ValueError(f"there is no interpolation {value!r}; there are 'nearest' and 'linear'")
    return found
