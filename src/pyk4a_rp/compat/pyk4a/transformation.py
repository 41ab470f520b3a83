"""pyk4a's functions on images. All take ``thread_safe`` for programs that pass it, and do without."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...enums import CalibrationType, ImageFormat, InterpolationType
from ...errors import K4AError
from ...image import Image
from .calibration import Calibration
from .errors import check_type, translated

__all__ = [
    "color_image_to_depth_camera",
    "depth_image_to_color_camera",
    "depth_image_to_color_camera_custom",
    "depth_image_to_point_cloud",
]

Pixels = npt.NDArray[Any]


def depth_image_to_color_camera(
    depth: npt.NDArray[np.uint16], calibration: Calibration, thread_safe: bool = True
) -> npt.NDArray[np.uint16]:
    """See the depth image from the color camera. Stands on ``k4a_transformation_depth_image_to_color_camera``.

    Parameters
    ----------
    depth
        (H, W) uint16, millimetres.
    calibration
        For the modes of the images.
    thread_safe
        Accepted, not needed.

    Returns
    -------
    numpy.ndarray
        (H, W) uint16 of the color camera's size: millimetres, 0 means no data.

    Raises
    ------
    TypeError, ValueError
        The array is not one of the depth camera.
    K4AException
        A camera is off.
    """
    _require(calibration, CalibrationType.DEPTH, CalibrationType.COLOR)
    with translated(K4AError):
        return calibration.transformation.depth_to_color(_array(depth, "depth"))


def depth_image_to_color_camera_custom(
    depth: npt.NDArray[np.uint16],
    custom: Pixels,
    calibration: Calibration,
    thread_safe: bool = True,
    interp_nearest: bool = True,
) -> tuple[Pixels, npt.NDArray[np.uint16]]:
    """See the depth image and what belongs to it from the color camera.

    Stands on ``k4a_transformation_depth_image_to_color_camera_custom``.

    Parameters
    ----------
    depth
        (H, W) uint16, millimetres.
    custom
        (H, W) uint16 or uint8: values that go with the depth pixels.
    calibration
        For the modes of the images.
    thread_safe
        Accepted, not needed.
    interp_nearest
        The nearest value, not the mean of the neighbours.

    Returns
    -------
    custom : numpy.ndarray
        (H, W) of the color camera's size, of the dtype of `custom`; 0 where there is no depth.
    depth : numpy.ndarray
        As of `depth_image_to_color_camera`.

    Raises
    ------
    TypeError, ValueError, K4AException
        As of `depth_image_to_color_camera`.
    """
    _require(calibration, CalibrationType.DEPTH, CalibrationType.COLOR)
    values = _array(custom, "custom")
    if values.dtype not in (np.uint8, np.uint16):
        raise TypeError(f"custom has the dtype {values.dtype} instead of uint8 or uint16")
    with translated(K4AError):
        found_depth, found = calibration.transformation.depth_to_color_custom(
            _array(depth, "depth"),
            values,
            interpolation=InterpolationType.NEAREST if interp_nearest else InterpolationType.LINEAR,
            invalid_value=0,
        )
    return found, found_depth


def depth_image_to_point_cloud(
    depth: npt.NDArray[np.uint16],
    calibration: Calibration,
    thread_safe: bool = True,
    calibration_type_depth: bool = True,
) -> npt.NDArray[np.int16]:
    """Make points of a depth image. Stands on ``k4a_transformation_depth_image_to_point_cloud``.

    Parameters
    ----------
    depth
        (H, W) uint16, millimetres.
    calibration
        For the modes of the images.
    thread_safe
        Accepted, not needed.
    calibration_type_depth
        Whether the image is seen from the depth camera; False for one that `depth_image_to_color_camera` made.

    Returns
    -------
    numpy.ndarray
        (H, W, 3) int16: x, y, z in millimetres, all 0 means no data.

    Raises
    ------
    TypeError, ValueError, K4AException
        As of `depth_image_to_color_camera`.
    """
    camera = CalibrationType.DEPTH if calibration_type_depth else CalibrationType.COLOR
    _require(calibration, camera)
    with translated(K4AError):
        return calibration.transformation.depth_to_point_cloud(_array(depth, "depth"), camera)


def color_image_to_depth_camera(
    color: npt.NDArray[np.uint8], depth: npt.NDArray[np.uint16], calibration: Calibration, thread_safe: bool = True
) -> npt.NDArray[np.uint8]:
    """See the color image from the depth camera. Stands on ``k4a_transformation_color_image_to_depth_camera``.

    Parameters
    ----------
    color
        BGRA pixels (H, W, 4) uint8; or as captures have them: a JPEG file (size,), YUY2 (H, W, 2), NV12 (H * 3 / 2, W)
        or (H * 3 / 2, W, 1).
    depth
        (H, W) uint16, millimetres.
    calibration
        For the modes of the images.
    thread_safe
        Accepted, not needed.

    Returns
    -------
    numpy.ndarray
        (H, W, 4) uint8 of the depth camera's size: blue, green, red, alpha; all 0 means no data.

    Raises
    ------
    TypeError, ValueError, K4AException
        As of `depth_image_to_color_camera`; the picture cannot be decoded.
    """
    _require(calibration, CalibrationType.DEPTH, CalibrationType.COLOR)
    pixels = _array(color, "color")
    bgra = pixels.ndim == 3 and pixels.shape[2] == 4
    with translated(K4AError):
        picture = pixels if bgra else _picture(pixels, calibration).to_bgra()
        return calibration.transformation.color_to_depth(_array(depth, "depth"), picture)


def _picture(pixels: Pixels, calibration: Calibration) -> Image:
    """An image of pixels of which the shape tells the format."""
    if pixels.ndim == 1:
        width, height = calibration.calibration.camera(CalibrationType.COLOR).size
        return Image.from_array(
            pixels, ImageFormat.COLOR_MJPG, width_pixels=width, height_pixels=height, copy=not pixels.flags.writeable
        )
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    if pixels.ndim == 2:
        return Image.from_array(pixels, ImageFormat.COLOR_NV12, copy=True)
    if pixels.shape[2:] == (2,):
        return Image.from_array(pixels, ImageFormat.COLOR_YUY2, copy=True)
    raise ValueError(f"color has the shape {pixels.shape}, which no color format has: BGRA is (H, W, 4)")


def _array(value: object, name: str) -> Pixels:
    """An array, for sure: the classes would take an Image and return one."""
    if value is None:
        raise TypeError(f"{name} is None: the capture has no such image")
    return np.asarray(value)


def _require(calibration: Calibration, *cameras: CalibrationType) -> None:
    check_type("calibration", calibration, Calibration)
    with translated():
        for camera in cameras:
            calibration.calibration.camera(camera)
