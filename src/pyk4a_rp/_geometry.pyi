"""The 6 `k4a_calibration_*` and 6 `k4a_transformation_*` functions, and the handle of a transformation."""

import os
from typing import Any

from numpy.typing import NDArray
from typing_extensions import Buffer

from ._handle import Handle
from ._image import ImageHandle
from ._provider import Provider
from .enums import CalibrationType, ColorResolution, DepthMode, InterpolationType, Result
from .structs import k4a_calibration_t, k4a_float2_t, k4a_float3_t

class TransformationHandle(Handle):
    """A C transformation: what is computed once for a calibration."""

def k4a_calibration_get_from_raw(
    raw_calibration: Buffer | NDArray[Any],
    depth_mode: DepthMode,
    color_resolution: ColorResolution,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, k4a_calibration_t | None]:
    """Read a calibration from the JSON text of a device.

    Parameters
    ----------
    raw_calibration : Buffer
        The text as bytes, with or without a closing NUL; its size takes the place of C's `raw_calibration_size`.
    depth_mode : DepthMode
        The mode to make the calibration for.
    color_resolution : ColorResolution
        The resolution to make it for.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who reads it; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when the text is not a calibration or the modes are not acceptable.
    calibration : k4a_calibration_t | None
        The calibration; None on failure.
    """

def k4a_calibration_3d_to_3d(
    calibration: k4a_calibration_t,
    source_point3d_mm: k4a_float3_t,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, k4a_float3_t | None]:
    """Transform a point from the coordinates of one sensor to those of another.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_point3d_mm : k4a_float3_t
        The point in the coordinates of `source_camera`, millimetres.
    source_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    target_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a sensor is not calibrated.
    target_point3d_mm : k4a_float3_t | None
        The point in the coordinates of `target_camera`, millimetres; None on failure.
    """

def k4a_calibration_2d_to_3d(
    calibration: k4a_calibration_t,
    source_point2d: k4a_float2_t,
    source_depth_mm: float,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, k4a_float3_t | None, int | None]:
    """Find the point in space behind a pixel.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_point2d : k4a_float2_t
        The pixel of `source_camera`; the centre of the first one is (0, 0).
    source_depth_mm : float
        Depth (z) of the point in the coordinates of `source_camera`, millimetres.
    source_camera : CalibrationType
        DEPTH or COLOR.
    target_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a sensor is not calibrated.
    target_point3d_mm : k4a_float3_t | None
        The point in the coordinates of `target_camera`, millimetres; None on failure.
    valid : int | None
        1; 0 when the pixel has no ray, the point has no meaning then; None on failure.
    """

def k4a_calibration_3d_to_2d(
    calibration: k4a_calibration_t,
    source_point3d_mm: k4a_float3_t,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, k4a_float2_t | None, int | None]:
    """Find the pixel of a point in space.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_point3d_mm : k4a_float3_t
        The point in the coordinates of `source_camera`, millimetres.
    source_camera : CalibrationType
        DEPTH, COLOR, GYRO or ACCEL.
    target_camera : CalibrationType
        DEPTH or COLOR.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a sensor is not calibrated.
    target_point2d : k4a_float2_t | None
        The pixel of `target_camera`; None on failure.
    valid : int | None
        1; 0 when the point has no image, the pixel has no meaning then; None on failure.
    """

def k4a_calibration_2d_to_2d(
    calibration: k4a_calibration_t,
    source_point2d: k4a_float2_t,
    source_depth_mm: float,
    source_camera: CalibrationType,
    target_camera: CalibrationType,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, k4a_float2_t | None, int | None]:
    """Find the pixel of one camera that sees the same point as a pixel of the other.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_point2d : k4a_float2_t
        The pixel of `source_camera`.
    source_depth_mm : float
        Depth (z) of the point in the coordinates of `source_camera`, millimetres.
    source_camera : CalibrationType
        DEPTH or COLOR.
    target_camera : CalibrationType
        DEPTH or COLOR.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who computes; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when a camera is not calibrated.
    target_point2d : k4a_float2_t | None
        The pixel of `target_camera`; None on failure.
    valid : int | None
        1; 0 when there is no such pixel; None on failure.
    """

def k4a_calibration_color_2d_to_depth_2d(
    calibration: k4a_calibration_t,
    source_point2d: k4a_float2_t,
    depth_image: ImageHandle,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, k4a_float2_t | None, int | None]:
    """Find the pixel of the depth camera that sees the same point as a pixel of the color camera.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    source_point2d : k4a_float2_t
        The pixel of the color camera.
    depth_image : ImageHandle
        A DEPTH16 image in the resolution of the calibration's depth mode; its provider computes.
    provider : Provider | str | os.PathLike[str] | None, optional
        Must be the provider of the image, if given.

    Returns
    -------
    result : Result
        FAILED when a camera is not calibrated or the image does not fit.
    target_point2d : k4a_float2_t | None
        The pixel of the depth camera; None on failure.
    valid : int | None
        1; 0 when there is no such pixel; None on failure.
    """

def k4a_transformation_create(
    calibration: k4a_calibration_t, *, provider: Provider | str | os.PathLike[str] | None = None
) -> TransformationHandle | None:
    """Prepare the transformations between the cameras of a calibration.

    Parameters
    ----------
    calibration : k4a_calibration_t
        The calibration.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who transforms; None takes the default provider for files. Microsoft's library needs its depth engine and an
        OpenGL display where both cameras are on.

    Returns
    -------
    TransformationHandle | None
        The transformation; None on failure.
    """

def k4a_transformation_destroy(transformation_handle: TransformationHandle | None) -> None:
    """Free a transformation. None and released handles are left alone.

    Parameters
    ----------
    transformation_handle : TransformationHandle | None
        The transformation.
    """

def k4a_transformation_depth_image_to_color_camera(
    transformation_handle: TransformationHandle, depth_image: ImageHandle, transformed_depth_image: ImageHandle
) -> Result:
    """Show a depth image as the color camera would see it.

    Parameters
    ----------
    transformation_handle : TransformationHandle
        The transformation.
    depth_image : ImageHandle
        DEPTH16 in the resolution of the depth mode.
    transformed_depth_image : ImageHandle
        DEPTH16 in the resolution of the color camera; is written to.

    Returns
    -------
    Result
        FAILED when an image does not fit the calibration.
    """

def k4a_transformation_depth_image_to_color_camera_custom(
    transformation_handle: TransformationHandle,
    depth_image: ImageHandle,
    custom_image: ImageHandle,
    transformed_depth_image: ImageHandle,
    transformed_custom_image: ImageHandle,
    interpolation_type: InterpolationType,
    invalid_custom_value: int,
) -> Result:
    """Show a depth image and an image that belongs to it as the color camera would see them.

    Parameters
    ----------
    transformation_handle : TransformationHandle
        The transformation.
    depth_image : ImageHandle
        DEPTH16 in the resolution of the depth mode.
    custom_image : ImageHandle
        CUSTOM8 or CUSTOM16 in the same resolution.
    transformed_depth_image : ImageHandle
        DEPTH16 in the resolution of the color camera; is written to.
    transformed_custom_image : ImageHandle
        The format of `custom_image` in the resolution of the color camera; is written to.
    interpolation_type : InterpolationType
        NEAREST or LINEAR, for the custom image.
    invalid_custom_value : int
        What pixels get that no pixel of `custom_image` falls on.

    Returns
    -------
    Result
        FAILED when an image does not fit the calibration.
    """

def k4a_transformation_color_image_to_depth_camera(
    transformation_handle: TransformationHandle,
    depth_image: ImageHandle,
    color_image: ImageHandle,
    transformed_color_image: ImageHandle,
) -> Result:
    """Show a color image as the depth camera would see it.

    Parameters
    ----------
    transformation_handle : TransformationHandle
        The transformation.
    depth_image : ImageHandle
        DEPTH16 in the resolution of the depth mode.
    color_image : ImageHandle
        BGRA32 in the resolution of the color camera.
    transformed_color_image : ImageHandle
        BGRA32 in the resolution of the depth mode; is written to.

    Returns
    -------
    Result
        FAILED when an image does not fit the calibration.
    """

def k4a_transformation_depth_image_to_point_cloud(
    transformation_handle: TransformationHandle,
    depth_image: ImageHandle,
    camera: CalibrationType,
    xyz_image: ImageHandle,
) -> Result:
    """Turn a depth image into points.

    Parameters
    ----------
    transformation_handle : TransformationHandle
        The transformation.
    depth_image : ImageHandle
        DEPTH16 in the resolution of `camera`.
    camera : CalibrationType
        DEPTH for an image of the depth camera, COLOR for one that was transformed to the color camera.
    xyz_image : ImageHandle
        CUSTOM of the same width and height with a stride of 6 bytes a pixel; is written to: int16 x, y, z in
        millimetres, all 0 where there is no depth.

    Returns
    -------
    Result
        FAILED when an image does not fit the calibration, or is not aligned to 16 bytes with a library that needs it.
    """
