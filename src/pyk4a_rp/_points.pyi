"""Geometry on arrays: the members of the engine's own table that take many points at once.

Arrays are any objects with a buffer of contiguous float32 (flags: uint8); results are written to arrays that the
caller brings. Functions return the result code.
"""

import os
from typing import Any

from numpy.typing import NDArray
from typing_extensions import Buffer

from ._geometry import TransformationHandle
from ._image import ImageHandle
from ._provider import Provider
from .enums import CalibrationType, Result
from .structs import k4a_calibration_t

def available(provider: Provider) -> bool:
    """Ask whether a provider has these functions.

    Parameters
    ----------
    provider : Provider
        The provider.

    Returns
    -------
    bool
        Whether it has.
    """

def points_3d_to_3d(
    calibration: k4a_calibration_t,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    source_points3d_mm: Buffer | NDArray[Any],
    target_points3d_mm: Buffer | NDArray[Any],
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Transform points from the coordinates of one sensor to those of another.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    target_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    source_points3d_mm : Buffer
        x, y, z of each point in the coordinates of `source_camera`, millimetres.
    target_points3d_mm : Buffer
        Receives x, y, z of each point in the coordinates of `target_camera`; may be the same memory.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a sensor is not calibrated.
    """

def points_2d_to_3d(
    calibration: k4a_calibration_t,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    source_points2d: Buffer | NDArray[Any],
    source_depths_mm: Buffer | NDArray[Any],
    target_points3d_mm: Buffer | NDArray[Any],
    valid: Buffer | NDArray[Any] | None = None,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Find the points in space behind pixels.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_camera : CalibrationType
        DEPTH or COLOR.
    target_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    source_points2d : Buffer
        x, y of each pixel of `source_camera`.
    source_depths_mm : Buffer
        Depth of each pixel, millimetres.
    target_points3d_mm : Buffer
        Receives x, y, z of each point in the coordinates of `target_camera`, NaN where it is not valid.
    valid : Buffer | None, optional
        Receives 1 for each valid point, 0 for the others.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a sensor is not calibrated.
    """

def points_3d_to_2d(
    calibration: k4a_calibration_t,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    source_points3d_mm: Buffer | NDArray[Any],
    target_points2d: Buffer | NDArray[Any],
    valid: Buffer | NDArray[Any] | None = None,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Find the pixels that see points in space.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    target_camera : CalibrationType
        DEPTH or COLOR.
    source_points3d_mm : Buffer
        x, y, z of each point in the coordinates of `source_camera`, millimetres.
    target_points2d : Buffer
        Receives x, y of each pixel of `target_camera`, NaN where it is not valid.
    valid : Buffer | None, optional
        Receives 1 for each valid pixel, 0 for the others.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a sensor is not calibrated.
    """

def points_2d_to_2d(
    calibration: k4a_calibration_t,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    source_points2d: Buffer | NDArray[Any],
    source_depths_mm: Buffer | NDArray[Any],
    target_points2d: Buffer | NDArray[Any],
    valid: Buffer | NDArray[Any] | None = None,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Find the pixels of one camera that see what pixels of the other see.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_camera : CalibrationType
        DEPTH or COLOR.
    target_camera : CalibrationType
        DEPTH or COLOR.
    source_points2d : Buffer
        x, y of each pixel of `source_camera`.
    source_depths_mm : Buffer
        Depth of each pixel, millimetres.
    target_points2d : Buffer
        Receives x, y of each pixel of `target_camera`, NaN where it is not valid.
    valid : Buffer | None, optional
        Receives 1 for each valid pixel, 0 for the others.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a camera is not calibrated.
    """

def points_color_2d_to_depth_2d(
    calibration: k4a_calibration_t,
    source_points2d: Buffer | NDArray[Any],
    depth_image: ImageHandle,
    target_points2d: Buffer | NDArray[Any],
    valid: Buffer | NDArray[Any] | None = None,
) -> Result:
    """Find the pixels of the depth camera that see what pixels of the color camera see.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_points2d : Buffer
        x, y of each pixel of the color camera.
    depth_image : ImageHandle
        A DEPTH16 image in the resolution of the calibration's depth mode, of the provider that is to compute.
    target_points2d : Buffer
        Receives x, y of each pixel of the depth camera, NaN where there is none.
    valid : Buffer | None, optional
        Receives 1 for each valid pixel, 0 for the others.

    Returns
    -------
    result : Result
        FAILED when a camera is not calibrated or the image does not fit.
    """

def get_rays(
    calibration: k4a_calibration_t,
    camera: CalibrationType,
    rays: Buffer | NDArray[Any],
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Get the ray of every pixel of a camera.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    camera : CalibrationType
        DEPTH or COLOR.
    rays : Buffer
        Receives X/Z, Y/Z of each pixel, row by row; NaN where a pixel has no ray. Its size must be the camera's.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the camera is not calibrated, or `rays` has not its size.
    """

def depth_image_to_points(
    transformation_handle: TransformationHandle,
    depth_image: ImageHandle,
    camera: CalibrationType,
    points_m: Buffer | NDArray[Any],
) -> Result:
    """Turn a depth image into points without rounding.

    Parameters
    ----------
    transformation_handle : TransformationHandle
        The transformation.
    depth_image : ImageHandle
        DEPTH16 in the resolution of `camera`.
    camera : CalibrationType
        DEPTH for an image of the depth camera, COLOR for one that was transformed to the color camera.
    points_m : Buffer
        Receives x, y, z of each pixel, row by row, in metres; NaN where there is no depth or the pixel has no ray. Its
        size must be the camera's.

    Returns
    -------
    result : Result
        FAILED when the image or the size of `points_m` does not fit the calibration.
    """

def get_thread_count(provider: Provider) -> int:
    """Get how many threads work on one geometry call.

    Parameters
    ----------
    provider : Provider
        The provider.

    Returns
    -------
    int
        The number, the calling thread included.
    """

def set_thread_count(provider: Provider, count: int) -> None:
    """Set how many threads work on one geometry call. Results do not depend on it.

    Parameters
    ----------
    provider : Provider
        The provider.
    count : int
        The number, the calling thread included; 0 for the default, one per core.
    """
