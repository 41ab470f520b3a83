# cython: language_level=3, auto_pickle=False
"""Geometry on arrays: the members of the engine's own table that take many points at once.

Arrays are any objects with a buffer of contiguous float32 (flags: uint8); results are written to arrays that the
caller brings. Functions return the result code.
"""

from libc.stddef cimport size_t
from libc.stdint cimport uint8_t

from pyk4a_rp._abi cimport (
    k4a_calibration_t,
    k4a_calibration_type_t,
    k4a_image_t,
    k4a_result_t,
    k4a_rp_extensions_t,
    k4a_transformation_t,
)
from pyk4a_rp._convert cimport as_int, as_uint32, result, to_calibration
from pyk4a_rp._geometry cimport TransformationHandle
from pyk4a_rp._handle cimport choose_provider, enter, leave, same_provider, table
from pyk4a_rp._image cimport ImageHandle
from pyk4a_rp._provider cimport Provider, poll_mailbox, provider_of


cdef const k4a_rp_extensions_t *extensions(Provider provider, str name) except NULL:
    if provider.extensions is NULL:
        from pyk4a_rp.errors import NotSupportedError

        raise NotSupportedError(f"provider {provider.name!r} has no {name}; provider 'bundled' has")
    return provider.extensions


cdef size_t point_count(size_t numbers, size_t dimensions, str name) except? 0:
    if numbers % dimensions:
        raise ValueError(f"{name} has {numbers} numbers, which is not a multiple of {dimensions}")
    return numbers // dimensions


cdef int check_room(size_t numbers, size_t needed, str name) except -1:
    if numbers != needed:
        raise ValueError(f"{name} has room for {numbers} numbers, but {needed} are needed")
    return 0


def available(Provider provider not None):
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
    return provider.extensions is not NULL


def points_3d_to_3d(
    calibration,
    source_camera,
    target_camera,
    const float[::1] source_points3d_mm not None,
    float[::1] target_points3d_mm not None,
    *,
    provider=None,
):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    cdef size_t count = point_count(source_points3d_mm.shape[0], 3, "source_points3d_mm")
    check_room(target_points3d_mm.shape[0], 3 * count, "target_points3d_mm")
    cdef const k4a_rp_extensions_t *more = extensions(choose_provider(provider, "files"), "points_3d_to_3d")
    cdef const float *source = &source_points3d_mm[0] if count else NULL
    cdef float *target = &target_points3d_mm[0] if count else NULL
    cdef k4a_result_t code
    with nogil:
        code = more.calibration_points_3d_to_3d(
            &c, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, count, source, target
        )
    poll_mailbox()
    return result(code)


def points_2d_to_3d(
    calibration,
    source_camera,
    target_camera,
    const float[::1] source_points2d not None,
    const float[::1] source_depths_mm not None,
    float[::1] target_points3d_mm not None,
    uint8_t[::1] valid=None,
    *,
    provider=None,
):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    cdef size_t count = point_count(source_points2d.shape[0], 2, "source_points2d")
    check_room(source_depths_mm.shape[0], count, "source_depths_mm")
    check_room(target_points3d_mm.shape[0], 3 * count, "target_points3d_mm")
    if valid is not None:
        check_room(valid.shape[0], count, "valid")
    cdef const k4a_rp_extensions_t *more = extensions(choose_provider(provider, "files"), "points_2d_to_3d")
    cdef const float *source = &source_points2d[0] if count else NULL
    cdef const float *depths = &source_depths_mm[0] if count else NULL
    cdef float *target = &target_points3d_mm[0] if count else NULL
    cdef uint8_t *flags = &valid[0] if count and valid is not None else NULL
    cdef k4a_result_t code
    with nogil:
        code = more.calibration_points_2d_to_3d(
            &c, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, count, source, depths, target, flags
        )
    poll_mailbox()
    return result(code)


def points_3d_to_2d(
    calibration,
    source_camera,
    target_camera,
    const float[::1] source_points3d_mm not None,
    float[::1] target_points2d not None,
    uint8_t[::1] valid=None,
    *,
    provider=None,
):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    cdef size_t count = point_count(source_points3d_mm.shape[0], 3, "source_points3d_mm")
    check_room(target_points2d.shape[0], 2 * count, "target_points2d")
    if valid is not None:
        check_room(valid.shape[0], count, "valid")
    cdef const k4a_rp_extensions_t *more = extensions(choose_provider(provider, "files"), "points_3d_to_2d")
    cdef const float *source = &source_points3d_mm[0] if count else NULL
    cdef float *target = &target_points2d[0] if count else NULL
    cdef uint8_t *flags = &valid[0] if count and valid is not None else NULL
    cdef k4a_result_t code
    with nogil:
        code = more.calibration_points_3d_to_2d(
            &c, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, count, source, target, flags
        )
    poll_mailbox()
    return result(code)


def points_2d_to_2d(
    calibration,
    source_camera,
    target_camera,
    const float[::1] source_points2d not None,
    const float[::1] source_depths_mm not None,
    float[::1] target_points2d not None,
    uint8_t[::1] valid=None,
    *,
    provider=None,
):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    cdef size_t count = point_count(source_points2d.shape[0], 2, "source_points2d")
    check_room(source_depths_mm.shape[0], count, "source_depths_mm")
    check_room(target_points2d.shape[0], 2 * count, "target_points2d")
    if valid is not None:
        check_room(valid.shape[0], count, "valid")
    cdef const k4a_rp_extensions_t *more = extensions(choose_provider(provider, "files"), "points_2d_to_2d")
    cdef const float *source = &source_points2d[0] if count else NULL
    cdef const float *depths = &source_depths_mm[0] if count else NULL
    cdef float *target = &target_points2d[0] if count else NULL
    cdef uint8_t *flags = &valid[0] if count and valid is not None else NULL
    cdef k4a_result_t code
    with nogil:
        code = more.calibration_points_2d_to_2d(
            &c, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, count, source, depths, target, flags
        )
    poll_mailbox()
    return result(code)


def points_color_2d_to_depth_2d(
    calibration,
    const float[::1] source_points2d not None,
    ImageHandle depth_image not None,
    float[::1] target_points2d not None,
    uint8_t[::1] valid=None,
):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef size_t count = point_count(source_points2d.shape[0], 2, "source_points2d")
    check_room(target_points2d.shape[0], 2 * count, "target_points2d")
    if valid is not None:
        check_room(valid.shape[0], count, "valid")
    cdef const k4a_rp_extensions_t *more = extensions(
        provider_of(table(depth_image)), "points_color_2d_to_depth_2d"
    )
    cdef const float *source = &source_points2d[0] if count else NULL
    cdef float *target = &target_points2d[0] if count else NULL
    cdef uint8_t *flags = &valid[0] if count and valid is not None else NULL
    cdef k4a_result_t code
    cdef k4a_image_t image = <k4a_image_t>enter(depth_image)
    with nogil:
        code = more.calibration_points_color_2d_to_depth_2d(&c, count, source, image, target, flags)
    leave(depth_image)
    poll_mailbox()
    return result(code)


def get_rays(calibration, camera, float[::1] rays not None, *, provider=None):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef int a = as_int(camera, "camera")
    cdef size_t count = point_count(rays.shape[0], 2, "rays")
    cdef const k4a_rp_extensions_t *more = extensions(choose_provider(provider, "files"), "get_rays")
    cdef float *target = &rays[0] if count else NULL
    cdef k4a_result_t code
    with nogil:
        code = more.calibration_get_rays(&c, <k4a_calibration_type_t>a, target, count)
    poll_mailbox()
    return result(code)


def depth_image_to_points(
    TransformationHandle transformation_handle not None,
    ImageHandle depth_image not None,
    camera,
    float[::1] points_m not None,
):
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
    cdef int which = as_int(camera, "camera")
    cdef size_t count = point_count(points_m.shape[0], 3, "points_m")
    cdef const k4a_rp_extensions_t *more = extensions(
        provider_of(table(transformation_handle)), "depth_image_to_points"
    )
    same_provider(transformation_handle, depth_image, "depth_image_to_points")
    cdef float *target = &points_m[0] if count else NULL
    cdef k4a_result_t code
    cdef k4a_transformation_t transformation = <k4a_transformation_t>enter(transformation_handle)
    cdef k4a_image_t image = <k4a_image_t>enter(depth_image)
    with nogil:
        code = more.transformation_depth_image_to_points(
            transformation, image, <k4a_calibration_type_t>which, target, count
        )
    leave(depth_image)
    leave(transformation_handle)
    poll_mailbox()
    return result(code)


def get_thread_count(Provider provider not None):
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
    return extensions(provider, "get_thread_count").get_thread_count()


def set_thread_count(Provider provider not None, count):
    """Set how many threads work on one geometry call. Results do not depend on it.

    Parameters
    ----------
    provider : Provider
        The provider.
    count : int
        The number, the calling thread included; 0 for the default, one per core.
    """
    extensions(provider, "set_thread_count").set_thread_count(as_uint32(count, "count"))
