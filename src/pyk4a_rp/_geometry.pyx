# cython: language_level=3, auto_pickle=False
"""The 6 `k4a_calibration_*` and 6 `k4a_transformation_*` functions, and the handle of a transformation."""

from libc.stdint cimport uint32_t, uintptr_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

from pyk4a_rp._abi cimport (
    K4A_RESULT_FAILED,
    K4A_RESULT_SUCCEEDED,
    k4a_api,
    k4a_calibration_t,
    k4a_calibration_type_t,
    k4a_color_resolution_t,
    k4a_depth_mode_t,
    k4a_float2_t,
    k4a_float3_t,
    k4a_image_t,
    k4a_result_t,
    k4a_transformation_interpolation_type_t,
    k4a_transformation_t,
)
from pyk4a_rp._convert cimport (
    Argument,
    as_float,
    as_int,
    as_uint32,
    bytes_of,
    from_calibration,
    from_float2,
    from_float3,
    result,
    to_calibration,
    to_float2,
    to_float3,
)
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, same_provider, table
from pyk4a_rp._image cimport ImageHandle
from pyk4a_rp._provider cimport poll_mailbox, provider_of


cdef class TransformationHandle(Handle):
    """A C transformation: what is computed once for a calibration."""

    cdef void destroy(self, void *ptr) noexcept nogil:
        self.api.k4a_transformation_destroy(<k4a_transformation_t>ptr)

    cdef str kind(self):
        return "transformation"


# ---- calibration: pure functions of few instructions, which keep the GIL ----


def k4a_calibration_get_from_raw(raw_calibration, depth_mode, color_resolution, *, provider=None):
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
    cdef int mode = as_int(depth_mode, "depth_mode")
    cdef int resolution = as_int(color_resolution, "color_resolution")
    if raw_calibration is None:
        raise TypeError("raw_calibration must be bytes or another buffer, not NoneType")
    cdef Argument raw = bytes_of(raw_calibration, "raw_calibration")
    cdef const k4a_api *api = choose_provider(provider, "files").api
    # C wants a NUL within the size, and may write in between.
    cdef size_t size = raw.size
    cdef char *copy = <char *>malloc(size + 1)
    if copy is NULL:
        raise MemoryError("no memory for a copy of raw_calibration")
    memcpy(copy, raw.data, size)
    copy[size] = 0
    cdef k4a_calibration_t calibration
    cdef k4a_result_t code
    with nogil:
        memset(&calibration, 0, sizeof(calibration))
        code = api.k4a_calibration_get_from_raw(
            copy, size + 1, <k4a_depth_mode_t>mode, <k4a_color_resolution_t>resolution, &calibration
        )
        free(copy)
    poll_mailbox()
    return result(code), from_calibration(&calibration) if code == K4A_RESULT_SUCCEEDED else None


def k4a_calibration_3d_to_3d(calibration, source_point3d_mm, source_camera, target_camera, *, provider=None):
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
    cdef k4a_calibration_t c
    cdef k4a_float3_t source
    cdef k4a_float3_t target
    to_calibration(calibration, "calibration", &c)
    to_float3(source_point3d_mm, "source_point3d_mm", &source)
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    memset(&target, 0, sizeof(target))
    cdef k4a_result_t code = choose_provider(provider, "files").api.k4a_calibration_3d_to_3d(
        &c, &source, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, &target
    )
    poll_mailbox()
    return result(code), from_float3(&target) if code == K4A_RESULT_SUCCEEDED else None


def k4a_calibration_2d_to_3d(
    calibration, source_point2d, source_depth_mm, source_camera, target_camera, *, provider=None
):
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
    cdef k4a_calibration_t c
    cdef k4a_float2_t source
    cdef k4a_float3_t target
    cdef int valid = 0
    to_calibration(calibration, "calibration", &c)
    to_float2(source_point2d, "source_point2d", &source)
    cdef float depth = as_float(source_depth_mm, "source_depth_mm")
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    memset(&target, 0, sizeof(target))
    cdef k4a_result_t code = choose_provider(provider, "files").api.k4a_calibration_2d_to_3d(
        &c, &source, depth, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, &target, &valid
    )
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), from_float3(&target), valid


def k4a_calibration_3d_to_2d(calibration, source_point3d_mm, source_camera, target_camera, *, provider=None):
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
    cdef k4a_calibration_t c
    cdef k4a_float3_t source
    cdef k4a_float2_t target
    cdef int valid = 0
    to_calibration(calibration, "calibration", &c)
    to_float3(source_point3d_mm, "source_point3d_mm", &source)
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    memset(&target, 0, sizeof(target))
    cdef k4a_result_t code = choose_provider(provider, "files").api.k4a_calibration_3d_to_2d(
        &c, &source, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, &target, &valid
    )
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), from_float2(&target), valid


def k4a_calibration_2d_to_2d(
    calibration, source_point2d, source_depth_mm, source_camera, target_camera, *, provider=None
):
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
    cdef k4a_calibration_t c
    cdef k4a_float2_t source
    cdef k4a_float2_t target
    cdef int valid = 0
    to_calibration(calibration, "calibration", &c)
    to_float2(source_point2d, "source_point2d", &source)
    cdef float depth = as_float(source_depth_mm, "source_depth_mm")
    cdef int a = as_int(source_camera, "source_camera")
    cdef int b = as_int(target_camera, "target_camera")
    memset(&target, 0, sizeof(target))
    cdef k4a_result_t code = choose_provider(provider, "files").api.k4a_calibration_2d_to_2d(
        &c, &source, depth, <k4a_calibration_type_t>a, <k4a_calibration_type_t>b, &target, &valid
    )
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), from_float2(&target), valid


def k4a_calibration_color_2d_to_depth_2d(
    calibration, source_point2d, ImageHandle depth_image not None, *, provider=None
):
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
    cdef k4a_calibration_t c
    cdef k4a_float2_t source
    cdef k4a_float2_t target
    cdef int valid = 0
    to_calibration(calibration, "calibration", &c)
    to_float2(source_point2d, "source_point2d", &source)
    cdef const k4a_api *api = table(depth_image)
    if provider is not None and choose_provider(provider, "files").api != api:
        raise ValueError(
            f"k4a_calibration_color_2d_to_depth_2d: depth_image belongs to provider {depth_image.provider.name!r}, "
            f"not to {choose_provider(provider, 'files').name!r}"
        )
    memset(&target, 0, sizeof(target))
    cdef k4a_result_t code = K4A_RESULT_FAILED
    cdef k4a_image_t image = <k4a_image_t>enter(depth_image)
    with nogil:
        if image is NULL or has_all_rows(api, image):
            code = api.k4a_calibration_color_2d_to_depth_2d(&c, &source, image, &target, &valid)
    leave(depth_image)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), from_float2(&target), valid


# ---- transformation ----


cdef bint has_all_rows(const k4a_api *api, k4a_image_t image) noexcept nogil:
    """Whether the buffer is as large as height and stride say: native libraries read on regardless."""
    cdef long long stride = api.k4a_image_get_stride_bytes(image)
    cdef long long height = api.k4a_image_get_height_pixels(image)
    return stride >= 0 and <unsigned long long>(stride * height) <= api.k4a_image_get_size(image)


cdef bint is_aligned(const k4a_api *api, k4a_image_t image) noexcept nogil:
    """Whether aligned SSE instructions can read the buffer: native libraries do not check."""
    return <uintptr_t>api.k4a_image_get_buffer(image) % 16 == 0


cdef bint usable(const k4a_api *api, k4a_image_t image) noexcept nogil:
    return image is NULL or has_all_rows(api, image)


def k4a_transformation_create(calibration, *, provider=None):
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
    cdef k4a_calibration_t c
    to_calibration(calibration, "calibration", &c)
    cdef const k4a_api *api = choose_provider(provider, "files").api
    cdef k4a_transformation_t transformation
    with nogil:
        transformation = api.k4a_transformation_create(&c)
    cdef TransformationHandle handle = None
    if transformation is not NULL:
        handle = TransformationHandle.__new__(TransformationHandle)
        handle.ptr = transformation
        handle.api = api
    poll_mailbox()
    return handle


def k4a_transformation_destroy(TransformationHandle transformation_handle):
    """Free a transformation. None and released handles are left alone.

    Parameters
    ----------
    transformation_handle : TransformationHandle | None
        The transformation.
    """
    if transformation_handle is not None:
        transformation_handle.release()


def k4a_transformation_depth_image_to_color_camera(
    TransformationHandle transformation_handle not None,
    ImageHandle depth_image not None,
    ImageHandle transformed_depth_image not None,
):
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
    return transform(
        "k4a_transformation_depth_image_to_color_camera",
        transformation_handle, depth_image, None, transformed_depth_image, None, 0, 0,
    )


def k4a_transformation_depth_image_to_color_camera_custom(
    TransformationHandle transformation_handle not None,
    ImageHandle depth_image not None,
    ImageHandle custom_image not None,
    ImageHandle transformed_depth_image not None,
    ImageHandle transformed_custom_image not None,
    interpolation_type,
    invalid_custom_value,
):
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
    return transform(
        "k4a_transformation_depth_image_to_color_camera_custom",
        transformation_handle, depth_image, custom_image, transformed_depth_image, transformed_custom_image,
        as_int(interpolation_type, "interpolation_type"), as_uint32(invalid_custom_value, "invalid_custom_value"),
    )


def k4a_transformation_color_image_to_depth_camera(
    TransformationHandle transformation_handle not None,
    ImageHandle depth_image not None,
    ImageHandle color_image not None,
    ImageHandle transformed_color_image not None,
):
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
    return transform(
        "k4a_transformation_color_image_to_depth_camera",
        transformation_handle, depth_image, color_image, transformed_color_image, None, 0, 0,
    )


def k4a_transformation_depth_image_to_point_cloud(
    TransformationHandle transformation_handle not None,
    ImageHandle depth_image not None,
    camera,
    ImageHandle xyz_image not None,
):
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
    return transform(
        "k4a_transformation_depth_image_to_point_cloud",
        transformation_handle, depth_image, None, xyz_image, None, as_int(camera, "camera"), 0,
    )


cdef object transform(
    str name,
    TransformationHandle owner,
    ImageHandle depth,
    ImageHandle extra,
    ImageHandle target,
    ImageHandle extra_target,
    int option,
    uint32_t invalid,
):
    """Call the function `name`: the four differ in what images they take, and not in how these are to be handled."""
    cdef const k4a_api *api = table(owner)
    cdef list handles = [owner, depth, target]
    if extra is not None:
        handles.append(extra)
    if extra_target is not None:
        handles.append(extra_target)
    for handle in handles:
        same_provider(owner, handle, name)
    cdef k4a_transformation_t transformation = <k4a_transformation_t>owner.ptr
    cdef k4a_image_t image = <k4a_image_t>depth.ptr
    cdef k4a_image_t other = <k4a_image_t>extra.ptr if extra is not None else NULL
    cdef k4a_image_t output = <k4a_image_t>target.ptr
    cdef k4a_image_t other_output = <k4a_image_t>extra_target.ptr if extra_target is not None else NULL
    cdef k4a_result_t code = K4A_RESULT_FAILED
    cdef int which = 0
    cdef bint is_ours = provider_of(api).extensions is not NULL  # the engine takes any memory
    if name == "k4a_transformation_depth_image_to_color_camera_custom":
        which = 1
    elif name == "k4a_transformation_color_image_to_depth_camera":
        which = 2
    elif name == "k4a_transformation_depth_image_to_point_cloud":
        which = 3
    for handle in handles:
        enter(<Handle>handle)
    with nogil:
        if usable(api, image) and usable(api, other) and usable(api, output) and usable(api, other_output):
            if which == 0:
                code = api.k4a_transformation_depth_image_to_color_camera(transformation, image, output)
            elif which == 1:
                code = api.k4a_transformation_depth_image_to_color_camera_custom(
                    transformation, image, other, output, other_output,
                    <k4a_transformation_interpolation_type_t>option, invalid,
                )
            elif which == 2:
                code = api.k4a_transformation_color_image_to_depth_camera(transformation, image, other, output)
            elif is_ours or image is NULL or output is NULL or (is_aligned(api, image) and is_aligned(api, output)):
                code = api.k4a_transformation_depth_image_to_point_cloud(
                    transformation, image, <k4a_calibration_type_t>option, output
                )
    for handle in handles:
        leave(<Handle>handle)
    poll_mailbox()
    return result(code)
