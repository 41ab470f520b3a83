"""The point functions on arrays: in one call where the provider has that, else one point after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _points
from . import k4a as _k
from ._provider import Provider
from .enums import CalibrationType, Result
from .errors import check
from .image import Image
from .structs import k4a_calibration_t, k4a_float2_t, k4a_float3_t

__all__ = [
    "Floats",
    "color_pixels_to_depth_pixels",
    "pixels_and_depth",
    "pixels_to_pixels",
    "pixels_to_points",
    "pixels_to_rays",
    "points_to_pixels",
    "points_to_points",
    "vectors",
]

Floats = npt.NDArray[np.float32]


def vectors(values: npt.ArrayLike, dimensions: int, name: str) -> Floats:
    """Return values as contiguous float32 (..., dimensions); ValueError, which says `name`, for another shape."""
    array = np.asarray(values, np.float32)
    if array.ndim == 0 or array.shape[-1] != dimensions:
        raise ValueError(f"{name} has the shape {array.shape} instead of (..., {dimensions})")
    return np.ascontiguousarray(array)


def pixels_and_depth(pixels: npt.ArrayLike, depth_mm: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return pixels as (..., 2) and a depth for each of them as (...), both contiguous float32."""
    xy = vectors(pixels, 2, "pixels")
    depth = np.asarray(depth_mm, np.float32)
    try:
        depth = np.broadcast_to(depth, xy.shape[:-1])
    except ValueError:
        raise ValueError(f"depth_mm has the shape {depth.shape}, the pixels {xy.shape[:-1]}") from None
    return xy, depth.copy()


def points_to_points(
    native: k4a_calibration_t, source: CalibrationType, target: CalibrationType, xyz: Floats, provider: Provider
) -> Floats:
    """Bring points (..., 3) from one sensor to another. C: ``k4a_calibration_3d_to_3d``."""
    out = np.empty_like(xyz)
    if _points.available(provider):
        code = _points.points_3d_to_3d(native, source, target, xyz.ravel(), out.reshape(-1), provider=provider)
    else:
        code = _one_by_one(
            lambda i: (
                *_k.k4a_calibration_3d_to_3d(native, k4a_float3_t(*xyz[i]), source, target, provider=provider),
                True,
            ),
            out,
        )
    check(code, "k4a_calibration_3d_to_3d", f"points of {source.name} have no place in {target.name}",
          provider=provider)  # fmt: skip
    return out


def points_to_pixels(
    native: k4a_calibration_t, source: CalibrationType, target: CalibrationType, xyz: Floats, provider: Provider
) -> Floats:
    """Find the pixels (..., 2) that see points (..., 3). C: ``k4a_calibration_3d_to_2d``."""
    out = np.empty((*xyz.shape[:-1], 2), np.float32)
    if _points.available(provider):
        code = _points.points_3d_to_2d(native, source, target, xyz.ravel(), out.reshape(-1), provider=provider)
    else:
        code = _one_by_one(
            lambda i: _k.k4a_calibration_3d_to_2d(native, k4a_float3_t(*xyz[i]), source, target, provider=provider),
            out,
        )
    check(code, "k4a_calibration_3d_to_2d", f"points of {source.name} have no pixels in {target.name}",
          provider=provider)  # fmt: skip
    return out


def pixels_to_points(
    native: k4a_calibration_t,
    source: CalibrationType,
    target: CalibrationType,
    xy: Floats,
    depth: Floats,
    provider: Provider,
) -> Floats:
    """Find the points (..., 3) that pixels (..., 2) see. C: ``k4a_calibration_2d_to_3d``."""
    out = np.empty((*depth.shape, 3), np.float32)
    calls = _points.points_2d_to_3d, _k.k4a_calibration_2d_to_3d
    code = _from_pixels(*calls, native, source, target, xy, depth, out, provider)
    check(code, "k4a_calibration_2d_to_3d", f"pixels of {source.name} have no points in {target.name}",
          provider=provider)  # fmt: skip
    return out


def pixels_to_pixels(
    native: k4a_calibration_t,
    source: CalibrationType,
    target: CalibrationType,
    xy: Floats,
    depth: Floats,
    provider: Provider,
) -> Floats:
    """Find the pixels (..., 2) of one camera that see what pixels of the other see. C: ``k4a_calibration_2d_to_2d``."""
    out = np.empty_like(xy)
    calls = _points.points_2d_to_2d, _k.k4a_calibration_2d_to_2d
    code = _from_pixels(*calls, native, source, target, xy, depth, out, provider)
    check(code, "k4a_calibration_2d_to_2d", f"pixels of {source.name} have no pixels in {target.name}",
          provider=provider)  # fmt: skip
    return out


def color_pixels_to_depth_pixels(native: k4a_calibration_t, xy: Floats, depth: Image, provider: Provider) -> Floats:
    """Find the depth pixels (..., 2) that see what color pixels see. C: ``k4a_calibration_color_2d_to_depth_2d``."""
    out = np.empty_like(xy)
    if _points.available(provider):
        code = _points.points_color_2d_to_depth_2d(native, xy.ravel(), depth, out.reshape(-1))
    else:
        # A pixel without a line to search on fails there, like a camera that is off: this tells them apart.
        pixel = np.zeros((1, 2), np.float32)
        pixels_to_pixels(native, CalibrationType.DEPTH, CalibrationType.COLOR, pixel, np.ones(1, np.float32), provider)
        code = _one_by_one(
            lambda i: (
                Result.SUCCEEDED,
                *_k.k4a_calibration_color_2d_to_depth_2d(native, k4a_float2_t(*xy[i]), depth, provider=provider)[1:],
            ),
            out,
        )
    check(code, "k4a_calibration_color_2d_to_depth_2d", "pixels of COLOR have no pixels in DEPTH", provider=provider)
    return out


def pixels_to_rays(
    native: k4a_calibration_t, camera: CalibrationType, size: tuple[int, int], provider: Provider
) -> Floats:
    """Find the rays (H, W, 2), X/Z and Y/Z, of all pixels of a camera of a size (width, height)."""
    width, height = size
    if not _points.available(provider):
        y, x = np.mgrid[:height, :width].astype(np.float32)
        xy = np.stack([x, y], -1)
        points = pixels_to_points(native, camera, camera, xy, np.ones((height, width), np.float32), provider)
        return np.ascontiguousarray(points[..., :2])
    rays = np.empty((height, width, 2), np.float32)
    code = _points.get_rays(native, camera, rays.reshape(-1), provider=provider)
    check(code, "k4a_rp calibration_get_rays", f"pixels of {camera.name} have no rays", provider=provider)
    return rays


def _from_pixels(
    together: Callable[..., Result],
    single: Callable[..., tuple[Result, Any, Any]],
    native: k4a_calibration_t,
    source: CalibrationType,
    target: CalibrationType,
    xy: Floats,
    depth: Floats,
    out: Floats,
    provider: Provider,
) -> Result:
    """Fill an array with what pixels (..., 2) of a depth (...) give: by one call for all of them, or one for each."""
    if _points.available(provider):
        return together(native, source, target, xy.ravel(), depth.ravel(), out.reshape(-1), provider=provider)
    return _one_by_one(
        lambda i: single(native, k4a_float2_t(*xy[i]), float(depth[i]), source, target, provider=provider), out
    )


def _one_by_one(call: Callable[[tuple[int, ...]], tuple[Result, Any, Any]], out: Floats) -> Result:
    """Fill an array with what a call gives for each index, NaN where it is not valid, until one fails."""
    for index in np.ndindex(out.shape[:-1]):
        code, value, valid = call(index)
        if code != Result.SUCCEEDED:
            return code
        out[index] = list(value) if valid else np.nan
    return Result.SUCCEEDED
