# cython: language_level=3, auto_pickle=False
"""The 11 `k4a_capture_*` functions and the handle of a capture."""

from pyk4a_rp._abi cimport K4A_RESULT_SUCCEEDED, k4a_api, k4a_capture_t, k4a_image_t, k4a_result_t
from pyk4a_rp._convert cimport as_float, result
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, same_provider, table
from pyk4a_rp._image cimport ImageHandle, image_of, new_image
from pyk4a_rp._provider cimport poll_mailbox, provider_of


cdef class CaptureHandle(Handle):
    """A reference to a C capture: up to three images taken at the same time."""

    cdef void destroy(self, void *ptr) noexcept nogil:
        while self.references > 0:
            self.references -= 1
            self.api.k4a_capture_release(<k4a_capture_t>ptr)

    cdef str kind(self):
        return "capture"


cdef object new_capture(const k4a_api *api, k4a_capture_t capture):
    if capture is NULL:
        return None
    cdef CaptureHandle handle = CaptureHandle.__new__(CaptureHandle)
    handle.ptr = capture
    handle.api = api
    return handle


def k4a_capture_create(*, provider=None):
    """Create a capture without images.

    Parameters
    ----------
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose capture it is; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when memory is short.
    capture_handle : CaptureHandle | None
        The capture; None on failure.
    """
    cdef const k4a_api *api = choose_provider(provider, "files").api
    cdef k4a_capture_t capture = NULL
    cdef k4a_result_t code
    with nogil:
        code = api.k4a_capture_create(&capture)
    cdef object handle = new_capture(api, capture) if code == K4A_RESULT_SUCCEEDED else None
    poll_mailbox()
    return result(code), handle


def k4a_capture_release(CaptureHandle capture_handle):
    """Drop a reference. The handle is released with its last one; None and released handles are left alone.

    Parameters
    ----------
    capture_handle : CaptureHandle | None
        The capture.
    """
    if capture_handle is None or capture_handle.ptr is NULL:
        return
    if capture_handle.references > 1:
        capture_handle.references -= 1
        capture_handle.api.k4a_capture_release(<k4a_capture_t>capture_handle.ptr)
    else:
        capture_handle.release()


def k4a_capture_reference(CaptureHandle capture_handle not None):
    """Add a reference: the handle then stands for one more `k4a_capture_release`.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    """
    table(capture_handle).k4a_capture_reference(<k4a_capture_t>capture_handle.ptr)
    if capture_handle.ptr is not NULL:
        capture_handle.references += 1
    poll_mailbox()


# Taking an image out holds a lock of the capture for a few instructions, and its holder never waits for Python: giving
# up the GIL would cost more. Microsoft's library even needs it: there, k4a_capture_get_color_image and its two siblings
# read the capture once more after they gave up its lock, and return an image without a reference when another thread
# sets one in between. So on foreign libraries the getters and the setters keep the GIL.

ctypedef void (*image_setter)(k4a_capture_t, k4a_image_t) noexcept nogil


cdef inline bint is_our_engine(const k4a_api *api) except -1:
    return provider_of(api).extensions is not NULL


cdef int set_image(CaptureHandle capture_handle, ImageHandle image_handle, image_setter setter) except -1:
    cdef bint ours = is_our_engine(table(capture_handle))
    cdef k4a_image_t image = image_of(image_handle)
    cdef k4a_capture_t capture = <k4a_capture_t>enter(capture_handle)
    if image_handle is not None:
        enter(image_handle)
    if ours:
        with nogil:  # may free the image that was there, or wait for one that is being decoded
            setter(capture, image)
    else:
        setter(capture, image)
    if image_handle is not None:
        leave(image_handle)
    leave(capture_handle)
    poll_mailbox()
    return 0


def k4a_capture_get_color_image(CaptureHandle capture_handle not None):
    """Get the color image.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    ImageHandle | None
        A new reference to the image; None when there is none and on failure.
    """
    cdef const k4a_api *api = table(capture_handle)
    cdef bint ours = is_our_engine(api)
    cdef k4a_capture_t capture = <k4a_capture_t>enter(capture_handle)
    cdef k4a_image_t image
    if ours:
        with nogil:
            image = api.k4a_capture_get_color_image(capture)  # with a conversion on, the engine decodes here
    else:
        image = api.k4a_capture_get_color_image(capture)
    leave(capture_handle)
    poll_mailbox()
    return new_image(api, image)


def k4a_capture_get_depth_image(CaptureHandle capture_handle not None):
    """Get the depth image.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    ImageHandle | None
        A new reference to the image; None when there is none and on failure.
    """
    cdef const k4a_api *api = table(capture_handle)
    cdef object image = new_image(api, api.k4a_capture_get_depth_image(<k4a_capture_t>capture_handle.ptr))
    poll_mailbox()
    return image


def k4a_capture_get_ir_image(CaptureHandle capture_handle not None):
    """Get the infrared image.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    ImageHandle | None
        A new reference to the image; None when there is none and on failure.
    """
    cdef const k4a_api *api = table(capture_handle)
    cdef object image = new_image(api, api.k4a_capture_get_ir_image(<k4a_capture_t>capture_handle.ptr))
    poll_mailbox()
    return image


def k4a_capture_set_color_image(CaptureHandle capture_handle not None, ImageHandle image_handle):
    """Put a color image into a capture. The capture takes a reference of its own; the format is not checked.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    image_handle : ImageHandle | None
        The image, of the same provider; None empties the place.
    """
    same_provider(capture_handle, image_handle, "k4a_capture_set_color_image")
    cdef const k4a_api *api = table(capture_handle)
    set_image(capture_handle, image_handle, api.k4a_capture_set_color_image)


def k4a_capture_set_depth_image(CaptureHandle capture_handle not None, ImageHandle image_handle):
    """Put a depth image into a capture. The capture takes a reference of its own; the format is not checked.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    image_handle : ImageHandle | None
        The image, of the same provider; None empties the place.
    """
    same_provider(capture_handle, image_handle, "k4a_capture_set_depth_image")
    cdef const k4a_api *api = table(capture_handle)
    set_image(capture_handle, image_handle, api.k4a_capture_set_depth_image)


def k4a_capture_set_ir_image(CaptureHandle capture_handle not None, ImageHandle image_handle):
    """Put an infrared image into a capture. The capture takes a reference of its own; the format is not checked.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    image_handle : ImageHandle | None
        The image, of the same provider; None empties the place.
    """
    same_provider(capture_handle, image_handle, "k4a_capture_set_ir_image")
    cdef const k4a_api *api = table(capture_handle)
    set_image(capture_handle, image_handle, api.k4a_capture_set_ir_image)


def k4a_capture_set_temperature_c(CaptureHandle capture_handle not None, temperature_c):
    """Set the temperature of the device.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    temperature_c : float
        Degrees Celsius; NaN is refused, the old value stays then.
    """
    cdef float value = as_float(temperature_c, "temperature_c")
    table(capture_handle).k4a_capture_set_temperature_c(<k4a_capture_t>capture_handle.ptr, value)
    poll_mailbox()


def k4a_capture_get_temperature_c(CaptureHandle capture_handle not None):
    """Get the temperature of the device.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    float
        Degrees Celsius; NaN when unset (in recordings always) and on failure.
    """
    cdef float value = table(capture_handle).k4a_capture_get_temperature_c(<k4a_capture_t>capture_handle.ptr)
    poll_mailbox()
    return value
