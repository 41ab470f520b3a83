"""Transformations: images in the geometry of the other camera, and points."""

from __future__ import annotations

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
from .points import Floats

__all__ = ["Transformation"]

Pixels = TypeVar("Pixels", Image, npt.NDArray[Any])
AnyPixels = Image | npt.NDArray[Any]

_POINTS = np.dtype(np.int16)
# Microsoft's engine loses some calls that come fast one after the other: they succeed and change nothing.
_SURE = ("bundled",)  # providers that do not
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.02


class Transformation:
    """Transforms the images of one pair of modes. Stands on ``k4a_transformation_create``.

    Methods take images or arrays: depth (H, W) uint16 in millimetres, color (H, W, 4) uint8 blue, green, red, alpha.
    They return what they are given, an `Image` for an `Image` (with its device timestamp), else an array. `out`
    receives the result instead of a new image or array. On provider `bundled` calls may run on several threads at once.

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
        self._handle = _k.k4a_transformation_create(calibration.native, provider=self._provider)
        if self._handle is None:
            message = f"cannot make a transformation of {calibration!r}"
            both = calibration.depth is not None and calibration.color is not None
            if both and self._provider.name != "bundled" and sys.platform == "linux":
                display = os.environ.get("DISPLAY")
                state = f"DISPLAY is {display!r}" if display else "DISPLAY is not set"
                message += (
                    f"; this provider needs an X display with OpenGL 4.4 (Xvfb will do), {state}; "
                    "provider 'bundled' needs none"
                )
            fail(message, "k4a_transformation_create", provider=self._provider)

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
        """
        handle = self.handle
        source = self._input(depth, "depth", CalibrationType.DEPTH, ImageFormat.DEPTH16)
        target = _Output(self, depth, out, "out", CalibrationType.COLOR, ImageFormat.DEPTH16)
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
        """
        handle = self.handle
        how = _interpolation(interpolation)
        kind = ImageFormat.CUSTOM16 if _pixels(custom, "custom").dtype == np.uint16 else ImageFormat.CUSTOM8
        if not 0 <= invalid_value < 1 << (16 if kind == ImageFormat.CUSTOM16 else 8):
            raise ValueError(f"invalid_value {invalid_value} does not fit {kind.name}")
        source = self._input(depth, "depth", CalibrationType.DEPTH, ImageFormat.DEPTH16)
        values = self._input(custom, "custom", CalibrationType.DEPTH, kind)
        outs = out if out is not None else (None, None)
        target = _Output(self, depth, outs[0], "out[0]", CalibrationType.COLOR, ImageFormat.DEPTH16)
        target_values = _Output(self, custom, outs[1], "out[1]", CalibrationType.COLOR, kind)
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

        Notes
        -----
        What the color camera does not see, because something is in front of it, gets the color of that.
        """
        handle = self.handle
        if isinstance(color, Image) and color.format != ImageFormat.COLOR_BGRA32:
            color = color.to_bgra()
        source = self._input(depth, "depth", CalibrationType.DEPTH, ImageFormat.DEPTH16)
        colors = self._input(color, "color", CalibrationType.COLOR, ImageFormat.COLOR_BGRA32)
        target = _Output(self, depth, out, "out", CalibrationType.DEPTH, ImageFormat.COLOR_BGRA32)
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
            (H, W, 3) int16: x, y, z in millimetres in the coordinates of `camera`, all 0 means no data.
        """
        handle = self.handle
        which = sensor_of(camera)
        width, height = self.calibration.camera(which).size
        source = self._input(depth, "depth", which, ImageFormat.DEPTH16)
        shape = (height, width, 3)
        if out is not None and (out.shape != shape or out.dtype != _POINTS):
            raise ValueError(f"out has the shape {out.shape} and the dtype {out.dtype}, not {shape} and int16")
        direct = out is not None and out.flags.c_contiguous and out.flags.writeable and _aligned(out)
        points = out if out is not None and direct else _empty(shape, _POINTS)
        result, image = _k.k4a_image_create_from_buffer(
            ImageFormat.CUSTOM, width, height, 6 * width, points, provider=self._provider
        )
        if image is None:
            fail("cannot make an image of points", "k4a_image_create_from_buffer", code=result)
        self._check(
            _k.k4a_transformation_depth_image_to_point_cloud(handle, source, which, image),
            "k4a_transformation_depth_image_to_point_cloud",
        )
        if out is None or direct:
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
            Receives the result; written to directly where it is C-contiguous. May not overlap `depth`.

        Returns
        -------
        numpy.ndarray
            (H, W, 3) float32: x, y, z in metres in the coordinates of `camera`, NaN means no data.
        """
        handle = self.handle
        which = sensor_of(camera)
        pixels = self._checked(depth, "depth", which, ImageFormat.DEPTH16)
        shape = (*pixels.shape, 3)
        if out is not None:
            _check_out(out, shape, np.dtype(np.float32), pixels)
        direct = out is not None and out.flags.c_contiguous and out.flags.aligned
        points = out if out is not None and direct else np.empty(shape, np.float32)
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
        if out is None or direct:
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
        """
        found = self.calibration.camera(camera)
        matrix = np.asarray(found.camera_matrix if camera_matrix is None else camera_matrix, np.float64)
        if matrix.shape != (3, 3):
            raise ValueError(f"camera_matrix has the shape {matrix.shape} instead of (3, 3)")
        width, height = found.size if size is None else size
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        rays = np.stack([x, y, np.ones_like(x)], -1) @ np.linalg.inv(matrix).T
        pixels = self.calibration.project(rays, camera)
        pixels[np.isnan(pixels)] = -1
        return np.ascontiguousarray(pixels[..., 0]), np.ascontiguousarray(pixels[..., 1])

    # ---- how ----

    def _input(self, value: AnyPixels, name: str, camera: CalibrationType, format: ImageFormat) -> Image:
        """An image of this provider whose rows have no padding and whose memory suits it."""
        pixels = self._checked(value, name, camera, format)
        suits = pixels.flags.c_contiguous and (self._provider.name == "bundled" or _aligned(pixels))
        if isinstance(value, Image) and suits and value.format == format and value.provider is self._provider:
            return value
        if not suits or not pixels.flags.writeable:
            copy = _empty(pixels.shape, pixels.dtype)
            copy[:] = pixels
            pixels = copy
        return Image.from_array(pixels, format, provider=self._provider)

    def _checked(self, value: AnyPixels, name: str, camera: CalibrationType, format: ImageFormat) -> npt.NDArray[Any]:
        """The pixels of an image or array that can be one of this format and camera."""
        pixels = _pixels(value, name)
        if format == ImageFormat.DEPTH16 and isinstance(value, Image) and value.format == ImageFormat.IR16:
            raise ValueError(f"{name} is an infrared image")
        _check_pixels(pixels, name, self.calibration.camera(camera).size, format)
        return pixels

    def _run(self, call: str, body: Callable[[], Result], target: _Output) -> None:
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


class _Output:
    """Where a result goes: the caller's memory where that is possible, else memory of our own that is copied."""

    def __init__(
        self,
        transformation: Transformation,
        like: AnyPixels,
        out: AnyPixels | None,
        name: str,
        camera: CalibrationType,
        format: ImageFormat,
    ) -> None:
        width, height = transformation.calibration.camera(camera).size
        channels = (4,) if format == ImageFormat.COLOR_BGRA32 else ()
        dtype = np.dtype(np.uint16 if format in (ImageFormat.DEPTH16, ImageFormat.CUSTOM16) else np.uint8)
        provider = transformation.provider
        self._out = out
        self._as_image = isinstance(like if out is None else out, Image)
        self._timestamp = like.device_timestamp_usec if isinstance(like, Image) else 0
        direct = False
        if out is not None:
            pixels = _pixels(out, name)
            _check_pixels(pixels, name, (width, height), format)
            if not pixels.flags.writeable:
                raise ValueError(f"{name} is read-only")
            direct = pixels.flags.c_contiguous and (provider.name == "bundled" or _aligned(pixels))
        if isinstance(out, Image) and direct and out.format == format and out.provider is provider:
            self.image = out
        elif out is not None and direct:
            self.image = Image.from_array(_pixels(out), format, provider=provider)
        else:
            self.image = Image.from_array(_empty((height, width, *channels), dtype), format, provider=provider)
        self._copy = out is not None and not direct

    def mark(self) -> None:
        """Fill with what no result is full of: depth is not 65535 everywhere, nor all color 255."""
        self.image.array.fill(0xFFFF if self.image.array.dtype == np.uint16 else 0xFF)

    def written(self) -> bool:
        array = self.image.array
        return bool((array != (0xFFFF if array.dtype == np.uint16 else 0xFF)).any())

    def finish(self) -> Any:
        """What the caller gets."""
        if self._out is None:
            result: AnyPixels = self.image if self._as_image else self.image.array
        else:
            if self._copy:
                _pixels(self._out)[:] = self.image.array
            result = self._out
        if isinstance(result, Image):
            result.device_timestamp_usec = self._timestamp
        return result


def _pixels(value: AnyPixels, name: str = "depth") -> npt.NDArray[Any]:
    if isinstance(value, Image):
        return value.array
    array = np.asarray(value)
    if array.dtype == object:
        raise TypeError(f"{name} is an image or an array, not a {type(value).__name__}")
    return array


def _interpolation(value: InterpolationType | str) -> InterpolationType:
    if not isinstance(value, str):
        return InterpolationType(value)
    try:
        return InterpolationType[value.upper()]
    except KeyError:
        raise ValueError(f"there is no interpolation {value!r}; there are 'nearest' and 'linear'") from None


def _check_pixels(pixels: npt.NDArray[Any], name: str, size: tuple[int, int], format: ImageFormat) -> None:
    width, height = size
    shape: tuple[int, ...] = (height, width, 4) if format == ImageFormat.COLOR_BGRA32 else (height, width)
    wide = format in (ImageFormat.DEPTH16, ImageFormat.CUSTOM16)
    dtype = np.dtype(np.uint16 if wide else np.uint8)
    if pixels.dtype != dtype:
        raise TypeError(f"{name} has the dtype {pixels.dtype} instead of {dtype}")
    if pixels.shape != shape:
        raise ValueError(f"{name} has the shape {pixels.shape} instead of {shape}")


def _check_out(
    out: npt.NDArray[Any], shape: tuple[int, ...], dtype: np.dtype[Any], source: npt.NDArray[Any], name: str = "depth"
) -> None:
    """Raise unless results of this shape and dtype can be written to `out` while `source` is read."""
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out is an array, not a {type(out).__name__}")
    if out.dtype != dtype:
        raise TypeError(f"out has the dtype {out.dtype} instead of {dtype}")
    if out.shape != shape:
        raise ValueError(f"out has the shape {out.shape} instead of {shape}")
    if not out.flags.writeable:
        raise ValueError("out is read-only")
    if np.shares_memory(out, source):
        raise ValueError(f"out overlaps {name}")


def _aligned(array: npt.NDArray[Any]) -> bool:
    """Whether the memory suits Microsoft's library, which crashes otherwise."""
    return array.ctypes.data % 16 == 0


def _empty(shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array on a 64-byte boundary."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)
