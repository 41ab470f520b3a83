# cython: language_level=3, auto_pickle=False
"""The 23 `k4a_image_*` functions and the handle of an image.

What only reads or sets a number of the C object keeps the GIL: giving it up costs more than the call, and lets another
thread take it for a whole switch interval. Everything that may allocate, free, load pixels or log gives it up.
"""

from cpython.buffer cimport (
    PyBUF_ANY_CONTIGUOUS,
    PyBUF_C_CONTIGUOUS,
    PyBUF_F_CONTIGUOUS,
    PyBUF_FORMAT,
    PyBUF_ND,
    PyBUF_SIMPLE,
    PyBUF_STRIDES,
    PyBUF_WRITABLE,
    PyBuffer_Release,
    PyObject_GetBuffer,
)
from libc.stdint cimport uint8_t, uint32_t, uint64_t, uintptr_t

from pyk4a_rp._abi cimport (
    K4A_IMAGE_FORMAT_COLOR_BGRA32,
    K4A_IMAGE_FORMAT_COLOR_NV12,
    K4A_IMAGE_FORMAT_COLOR_YUY2,
    K4A_IMAGE_FORMAT_CUSTOM8,
    K4A_IMAGE_FORMAT_CUSTOM16,
    K4A_IMAGE_FORMAT_DEPTH16,
    K4A_IMAGE_FORMAT_IR16,
    K4A_RESULT_SUCCEEDED,
    k4a_api,
    k4a_image_format_t,
    k4a_image_t,
    k4a_result_t,
)
from pyk4a_rp._convert cimport as_int, as_uint32, as_uint64, image_format, result
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, table, view_of
from pyk4a_rp._provider cimport (
    Provider,
    cancel_release_notice,
    new_release_notice,
    poll_mailbox,
    release_trampoline,
)


cdef char *UINT16 = b"H"
cdef char *UINT8 = b"B"


cdef class ImageHandle(Handle):
    """A reference to a C image.

    It is a writable buffer of the pixels, without a copy: DEPTH16, IR16 and CUSTOM16 (H, W) of uint16, BGRA32
    (H, W, 4), YUY2 (H, W, 2), NV12 (3H/2, W) and CUSTOM8 (H, W) of uint8, each with the stride of the image; MJPG and
    CUSTOM, and images that hold fewer bytes than their size and stride say, (size,) of uint8. The memory stays as long
    as anything looks at it, also after `release`.

    The attributes are those of the C image. They raise ValueError when the handle is released.
    """

    cdef void destroy(self, void *ptr) noexcept nogil:
        while self.references > 0:
            self.references -= 1
            self.api.k4a_image_release(<k4a_image_t>ptr)

    cdef str kind(self):
        return "image"

    cdef int give(self, Handle target) except -1:
        Handle.give(self, target)
        # Both describe another C image from now on.
        self.dimensions = (<ImageHandle>target).dimensions = 0
        self.pinned = (<ImageHandle>target).pinned = False
        return 0

    cdef int work_out(self) except -1:
        """Load the pixels and find out how they lie; BufferError when they cannot be had."""
        cdef void *pixels
        cdef k4a_image_t image
        if self.ptr is NULL:  # also when views were handed out before
            raise BufferError("the image has been released")
        if self.dimensions != 0:
            return 0
        image = <k4a_image_t>enter(self)
        with nogil:
            pixels = self.api.k4a_image_get_buffer(image)
        leave(self)
        poll_mailbox()
        if pixels is NULL:
            raise BufferError("the pixels of the image could not be loaded")
        self.pixels = pixels
        if self.ptr is NULL:
            raise BufferError("the image has been released")
        return self.lay_out()

    cdef int lay_out(self) except -1:
        cdef k4a_image_t image = <k4a_image_t>self.ptr
        cdef k4a_image_format_t format = self.api.k4a_image_get_format(image)
        cdef Py_ssize_t size = self.api.k4a_image_get_size(image)
        cdef Py_ssize_t width = self.api.k4a_image_get_width_pixels(image)
        cdef Py_ssize_t rows = self.api.k4a_image_get_height_pixels(image)
        cdef Py_ssize_t stride = self.api.k4a_image_get_stride_bytes(image)
        cdef Py_ssize_t pixel = 0  # bytes of one; 0: no rows
        cdef int dimensions = 2
        self.sixteen_bits = False
        if format in (K4A_IMAGE_FORMAT_DEPTH16, K4A_IMAGE_FORMAT_IR16, K4A_IMAGE_FORMAT_CUSTOM16):
            pixel = 2
            self.sixteen_bits = True
        elif format == K4A_IMAGE_FORMAT_COLOR_BGRA32:
            pixel = 4
            dimensions = 3
        elif format == K4A_IMAGE_FORMAT_COLOR_YUY2:
            pixel = 2
            dimensions = 3
        elif format == K4A_IMAGE_FORMAT_COLOR_NV12:
            pixel = 1
            rows += rows // 2
        elif format == K4A_IMAGE_FORMAT_CUSTOM8:
            pixel = 1
        # The last row may end with its last pixel.
        if pixel > 0 and rows > 0 and stride >= width * pixel and size >= stride * (rows - 1) + width * pixel:
            self.shape[0], self.strides[0] = rows, stride
            self.shape[1], self.strides[1] = width, pixel
            self.shape[2], self.strides[2] = pixel, 1
            self.contiguous = stride == width * pixel or rows == 1
            self.bytes_of_pixels = rows * width * pixel
        else:
            dimensions = 1
            self.sixteen_bits = False
            self.shape[0], self.strides[0] = size, 1
            self.contiguous = True
            self.bytes_of_pixels = size
        self.dimensions = dimensions
        return 0

    def __getbuffer__(self, Py_buffer *view, int flags):
        self.work_out()
        if not self.contiguous:
            if flags & PyBUF_STRIDES != PyBUF_STRIDES:
                raise BufferError("the image has padded rows: ask for a buffer with strides")
            if flags & PyBUF_C_CONTIGUOUS == PyBUF_C_CONTIGUOUS or flags & PyBUF_ANY_CONTIGUOUS == PyBUF_ANY_CONTIGUOUS:
                raise BufferError("the image has padded rows: its buffer is not contiguous")
        if flags & PyBUF_F_CONTIGUOUS == PyBUF_F_CONTIGUOUS and self.dimensions > 1:
            raise BufferError("the buffer of an image is not in Fortran's order")
        view.buf = self.pixels
        view.len = self.bytes_of_pixels
        view.readonly = 0
        view.itemsize = 2 if self.sixteen_bits else 1
        view.format = NULL
        if flags & PyBUF_FORMAT:
            view.format = UINT16 if self.sixteen_bits else UINT8
        view.ndim = self.dimensions if flags & PyBUF_ND else 1
        view.shape = &self.shape[0] if flags & PyBUF_ND else NULL
        view.strides = &self.strides[0] if flags & PyBUF_STRIDES == PyBUF_STRIDES else NULL
        view.suboffsets = NULL
        view.internal = NULL
        view.obj = self
        enter(self)  # until __releasebuffer__: a release() in between waits

    def __releasebuffer__(self, Py_buffer *view):
        leave(self)

    @property
    def __array_interface__(self):
        """The pixels as NumPy's array interface, version 3. They stay until this object is gone, despite `release`."""
        self.work_out()
        if not self.pinned:
            enter(self)  # who reads the address keeps a reference to this object and nothing else
            self.pinned = True
        cdef int n = self.dimensions
        return {
            "version": 3,
            "typestr": "<u2" if self.sixteen_bits else "|u1",
            "shape": tuple([self.shape[i] for i in range(n)]),
            "strides": tuple([self.strides[i] for i in range(n)]),
            "data": (<uintptr_t>self.pixels, False),
        }

    cdef k4a_image_t own(self) except NULL:
        if self.ptr is NULL:
            raise ValueError("the image has been released")
        return <k4a_image_t>self.ptr

    @property
    def format(self):
        """`ImageFormat` of the pixels."""
        cdef k4a_image_t image = self.own()
        return image_format(self.api.k4a_image_get_format(image))

    @property
    def width_pixels(self):
        """Pixels in a row."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_width_pixels(image)

    @property
    def height_pixels(self):
        """Number of rows."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_height_pixels(image)

    @property
    def stride_bytes(self):
        """Bytes from one row to the next; 0 for MJPG."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_stride_bytes(image)

    @property
    def size(self):
        """Bytes of the buffer."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_size(image)

    @property
    def device_timestamp_usec(self):
        """Device time in the middle of the exposure, microseconds. Can be set."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_device_timestamp_usec(image)

    @device_timestamp_usec.setter
    def device_timestamp_usec(self, value):
        cdef uint64_t number = as_uint64(value, "device_timestamp_usec")
        cdef k4a_image_t image = self.own()
        self.api.k4a_image_set_device_timestamp_usec(image, number)

    @property
    def system_timestamp_nsec(self):
        """Time of arrival at the host, nanoseconds of a monotonic clock; 0 when unknown. Can be set."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_system_timestamp_nsec(image)

    @system_timestamp_nsec.setter
    def system_timestamp_nsec(self, value):
        cdef uint64_t number = as_uint64(value, "system_timestamp_nsec")
        cdef k4a_image_t image = self.own()
        self.api.k4a_image_set_system_timestamp_nsec(image, number)

    @property
    def exposure_usec(self):
        """Exposure time of a color image, microseconds; 0 when unknown. Can be set."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_exposure_usec(image)

    @exposure_usec.setter
    def exposure_usec(self, value):
        cdef uint64_t number = as_uint64(value, "exposure_usec")
        cdef k4a_image_t image = self.own()
        self.api.k4a_image_set_exposure_usec(image, number)

    @property
    def white_balance(self):
        """White balance of a color image, kelvin; 0 when unknown. Can be set."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_white_balance(image)

    @white_balance.setter
    def white_balance(self, value):
        cdef uint32_t number = as_uint32(value, "white_balance")
        cdef k4a_image_t image = self.own()
        self.api.k4a_image_set_white_balance(image, number)

    @property
    def iso_speed(self):
        """ISO speed of a color image; 0 when unknown. Can be set."""
        cdef k4a_image_t image = self.own()
        return self.api.k4a_image_get_iso_speed(image)

    @iso_speed.setter
    def iso_speed(self, value):
        cdef uint32_t number = as_uint32(value, "iso_speed")
        cdef k4a_image_t image = self.own()
        self.api.k4a_image_set_iso_speed(image, number)


cdef object new_image(const k4a_api *api, k4a_image_t image):
    if image is NULL:
        return None
    cdef ImageHandle handle = ImageHandle.__new__(ImageHandle)
    handle.ptr = image
    handle.api = api
    return handle


cdef class _WrappedBuffer:
    """Memory of a Python object inside a C image, and whom to tell when C has let go of it."""

    cdef Py_buffer view
    cdef bint held
    cdef object buffer
    cdef object callback
    cdef object context

    def __call__(self, address):
        cdef object buffer = self.buffer
        self.drop()
        if self.callback is not None:
            self.callback(buffer, self.context)

    cdef int drop(self) except -1:
        self.buffer = None
        if self.held:
            self.held = False
            PyBuffer_Release(&self.view)
        return 0

    def __dealloc__(self):
        if self.held:
            self.held = False
            PyBuffer_Release(&self.view)


def k4a_image_create(format, width_pixels, height_pixels, stride_bytes, *, provider=None):
    """Create an image with memory of its own. The pixels are not cleared.

    Parameters
    ----------
    format : ImageFormat
        Any format but COLOR_MJPG.
    width_pixels : int
        Pixels in a row, 1 to 19999; even for NV12 and YUY2.
    height_pixels : int
        Number of rows, 1 to 19999; even for NV12.
    stride_bytes : int
        Bytes from one row to the next; 0 takes the smallest that fits the format.
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose image it is; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when an argument is not acceptable or memory is short.
    image_handle : ImageHandle | None
        The image; None on failure.
    """
    cdef int c_format = as_int(format, "format")
    cdef int width = as_int(width_pixels, "width_pixels")
    cdef int height = as_int(height_pixels, "height_pixels")
    cdef int stride = as_int(stride_bytes, "stride_bytes")
    cdef const k4a_api *api = choose_provider(provider, "files").api
    cdef k4a_image_t image = NULL
    cdef k4a_result_t code
    with nogil:
        code = api.k4a_image_create(<k4a_image_format_t>c_format, width, height, stride, &image)
    cdef object handle = new_image(api, image) if code == K4A_RESULT_SUCCEEDED else None
    poll_mailbox()
    return result(code), handle


def k4a_image_create_from_buffer(
    format,
    width_pixels,
    height_pixels,
    stride_bytes,
    buffer,
    buffer_release_cb=None,
    buffer_release_cb_context=None,
    *,
    provider=None,
):
    """Create an image on memory of a Python object, without a copy.

    The object is kept until C has dropped its last reference and the mailbox has been drained, which every flat call
    does. Memory of a read-only object is wrapped as well: do not let anything write to such an image.

    Parameters
    ----------
    format : ImageFormat
        Any format.
    width_pixels : int
        Pixels in a row, 1 to 20000.
    height_pixels : int
        Number of rows, 1 to 20000.
    stride_bytes : int
        Bytes from one row to the next. It is not held against the size of the buffer.
    buffer : Buffer
        An object with a contiguous buffer, not empty; its size in bytes takes the place of C's `buffer_size`.
    buffer_release_cb : Callable[[Any, Any], object] | None, optional
        Called as `buffer_release_cb(buffer, buffer_release_cb_context)`, once, when the mailbox is drained after the
        last reference to the C image is gone; never when this function fails.
    buffer_release_cb_context : Any, optional
        The second argument of the callback.
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose image it is; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when an argument is not acceptable.
    image_handle : ImageHandle | None
        The image; None on failure.
    """
    cdef int c_format = as_int(format, "format")
    cdef int width = as_int(width_pixels, "width_pixels")
    cdef int height = as_int(height_pixels, "height_pixels")
    cdef int stride = as_int(stride_bytes, "stride_bytes")
    if buffer_release_cb is not None and not callable(buffer_release_cb):
        raise TypeError(f"buffer_release_cb must be callable or None, not {type(buffer_release_cb).__name__}")
    cdef _WrappedBuffer wrapped = _WrappedBuffer.__new__(_WrappedBuffer)
    try:
        PyObject_GetBuffer(buffer, &wrapped.view, PyBUF_SIMPLE)
    except TypeError:
        raise TypeError(f"buffer must be an object with a buffer, not {type(buffer).__name__}") from None
    except (BufferError, ValueError) as error:
        raise ValueError(f"buffer must be contiguous: {error}") from None
    wrapped.held = True
    wrapped.buffer = buffer
    wrapped.callback = buffer_release_cb
    wrapped.context = buffer_release_cb_context
    cdef const k4a_api *api = choose_provider(provider, "files").api
    cdef void *notice = new_release_notice(wrapped)
    cdef uint8_t *data = <uint8_t *>wrapped.view.buf
    cdef size_t size = wrapped.view.len
    cdef k4a_image_t image = NULL
    cdef k4a_result_t code
    with nogil:
        code = api.k4a_image_create_from_buffer(
            <k4a_image_format_t>c_format, width, height, stride, data, size, release_trampoline, notice, &image
        )
    cdef object handle = None
    if code == K4A_RESULT_SUCCEEDED:
        handle = new_image(api, image)
    else:
        cancel_release_notice(notice)
    poll_mailbox()
    return result(code), handle


def k4a_image_reference(ImageHandle image_handle not None):
    """Add a reference: the handle then stands for one more `k4a_image_release`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    """
    table(image_handle).k4a_image_reference(<k4a_image_t>image_handle.ptr)
    if image_handle.ptr is not NULL:
        image_handle.references += 1
    else:
        poll_mailbox()


def k4a_image_release(ImageHandle image_handle):
    """Drop a reference. The handle is released with its last one; None and released handles are left alone.

    Parameters
    ----------
    image_handle : ImageHandle | None
        The image.
    """
    cdef k4a_image_t image
    if image_handle is None or image_handle.ptr is NULL:
        return
    if image_handle.references > 1:
        image_handle.references -= 1
        image_handle.api.k4a_image_release(<k4a_image_t>image_handle.ptr)
    else:
        image_handle.release()


def k4a_image_get_buffer(ImageHandle image_handle not None):
    """Get the bytes of an image, without a copy. Loads them when that has not happened yet.

    For rows and columns take the handle itself, `numpy.asarray(image_handle)`: it is a buffer with the image's shape.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    memoryview | None
        A writable view of all `k4a_image_get_size` bytes, valid also after a release; None on failure.
    """
    cdef const k4a_api *api = table(image_handle)
    cdef k4a_image_t image = <k4a_image_t>enter(image_handle)
    cdef void *data
    cdef size_t size = 0
    with nogil:
        data = api.k4a_image_get_buffer(image)
        if data is not NULL:
            size = api.k4a_image_get_size(image)
    cdef object view = None
    try:
        if data is not NULL:
            view = view_of(image_handle, data, size)
    finally:
        leave(image_handle)
    poll_mailbox()
    return view


def k4a_image_get_size(ImageHandle image_handle not None):
    """Get the size of the buffer.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Bytes; 0 on failure.
    """
    cdef size_t value = table(image_handle).k4a_image_get_size(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_format(ImageHandle image_handle not None):
    """Get the format of the pixels.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    ImageFormat
        The format; CUSTOM on failure.
    """
    cdef int value = table(image_handle).k4a_image_get_format(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return image_format(value)


def k4a_image_get_width_pixels(ImageHandle image_handle not None):
    """Get the width.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Pixels; 0 on failure.
    """
    cdef int value = table(image_handle).k4a_image_get_width_pixels(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_height_pixels(ImageHandle image_handle not None):
    """Get the height.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Pixels; 0 on failure.
    """
    cdef int value = table(image_handle).k4a_image_get_height_pixels(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_stride_bytes(ImageHandle image_handle not None):
    """Get the distance from one row to the next.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Bytes; 0 for MJPG and on failure.
    """
    cdef int value = table(image_handle).k4a_image_get_stride_bytes(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_device_timestamp_usec(ImageHandle image_handle not None):
    """Get the device time in the middle of the exposure.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Microseconds of the device's clock; 0 when unset and on failure.
    """
    cdef uint64_t value = table(image_handle).k4a_image_get_device_timestamp_usec(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_system_timestamp_nsec(ImageHandle image_handle not None):
    """Get the time of arrival at the host.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Nanoseconds of a monotonic clock; 0 when unset (in recordings always) and on failure.
    """
    cdef uint64_t value = table(image_handle).k4a_image_get_system_timestamp_nsec(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_exposure_usec(ImageHandle image_handle not None):
    """Get the exposure time of a color image.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Microseconds; 0 when unset and on failure.
    """
    cdef uint64_t value = table(image_handle).k4a_image_get_exposure_usec(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_white_balance(ImageHandle image_handle not None):
    """Get the white balance of a color image.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Kelvin; 0 when unset and on failure.
    """
    cdef uint32_t value = table(image_handle).k4a_image_get_white_balance(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_get_iso_speed(ImageHandle image_handle not None):
    """Get the ISO speed of a color image.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        ISO speed; 0 when unset and on failure.
    """
    cdef uint32_t value = table(image_handle).k4a_image_get_iso_speed(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_set_device_timestamp_usec(ImageHandle image_handle not None, timestamp_usec):
    """Set the device time.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    timestamp_usec : int
        Microseconds of the device's clock.
    """
    cdef uint64_t value = as_uint64(timestamp_usec, "timestamp_usec")
    table(image_handle).k4a_image_set_device_timestamp_usec(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()


def k4a_image_set_system_timestamp_nsec(ImageHandle image_handle not None, timestamp_nsec):
    """Set the time of arrival at the host.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    timestamp_nsec : int
        Nanoseconds of a monotonic clock.
    """
    cdef uint64_t value = as_uint64(timestamp_nsec, "timestamp_nsec")
    table(image_handle).k4a_image_set_system_timestamp_nsec(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()


def k4a_image_set_exposure_usec(ImageHandle image_handle not None, exposure_usec):
    """Set the exposure time.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    exposure_usec : int
        Microseconds.
    """
    cdef uint64_t value = as_uint64(exposure_usec, "exposure_usec")
    table(image_handle).k4a_image_set_exposure_usec(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()


def k4a_image_set_white_balance(ImageHandle image_handle not None, white_balance):
    """Set the white balance.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    white_balance : int
        Kelvin.
    """
    cdef uint32_t value = as_uint32(white_balance, "white_balance")
    table(image_handle).k4a_image_set_white_balance(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()


def k4a_image_set_iso_speed(ImageHandle image_handle not None, iso_speed):
    """Set the ISO speed.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    iso_speed : int
        ISO speed.
    """
    cdef uint32_t value = as_uint32(iso_speed, "iso_speed")
    table(image_handle).k4a_image_set_iso_speed(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()


def k4a_image_get_timestamp_usec(ImageHandle image_handle not None):
    """Get the device time. Deprecated: use `k4a_image_get_device_timestamp_usec`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Microseconds of the device's clock; 0 when unset and on failure.
    """
    cdef uint64_t value = table(image_handle).k4a_image_get_timestamp_usec(<k4a_image_t>image_handle.ptr)
    poll_mailbox()
    return value


def k4a_image_set_timestamp_usec(ImageHandle image_handle not None, timestamp_usec):
    """Set the device time. Deprecated: use `k4a_image_set_device_timestamp_usec`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    timestamp_usec : int
        Microseconds of the device's clock.
    """
    cdef uint64_t value = as_uint64(timestamp_usec, "timestamp_usec")
    table(image_handle).k4a_image_set_timestamp_usec(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()


def k4a_image_set_exposure_time_usec(ImageHandle image_handle not None, exposure_usec):
    """Set the exposure time. Deprecated: use `k4a_image_set_exposure_usec`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    exposure_usec : int
        Microseconds.
    """
    cdef uint64_t value = as_uint64(exposure_usec, "exposure_usec")
    table(image_handle).k4a_image_set_exposure_time_usec(<k4a_image_t>image_handle.ptr, value)
    poll_mailbox()
