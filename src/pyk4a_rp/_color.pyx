# cython: language_level=3, auto_pickle=False
"""Colour and reading ahead: members of the engine's own table that work on pixels, in the style of the flat layer.

Names are those of `k4a_rp/k4a_rp.h`. Where the provider of a handle has no such table they raise `NotSupportedError`.
"""

from cpython.buffer cimport PyBUF_FORMAT, PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stddef cimport size_t
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memset

from pyk4a_rp._abi cimport (
    K4A_RESULT_SUCCEEDED,
    k4a_capture_t,
    k4a_image_format_t,
    k4a_image_t,
    k4a_playback_t,
    k4a_result_t,
    k4a_rp_extensions_t,
    k4a_rp_pixels_t,
    k4a_rp_prefetch_options_t,
    k4a_rp_prefetch_result_t,
    k4a_rp_prefetch_t,
)
from pyk4a_rp._capture cimport new_capture
from pyk4a_rp._convert cimport as_int, as_int64, as_uint32, as_uint64, result
from pyk4a_rp._handle cimport Handle, enter, leave, table
from pyk4a_rp._image cimport ImageHandle, new_image
from pyk4a_rp._k4arecord cimport PlaybackHandle
from pyk4a_rp._provider cimport Provider, poll_mailbox, provider_of

cdef const k4a_rp_extensions_t *extensions(Handle handle, str name) except NULL:
    cdef Provider provider = provider_of(table(handle))
    if provider.extensions is NULL:
        from pyk4a_rp.errors import NotSupportedError

        raise NotSupportedError(f"provider {provider.name!r} has no {name}; provider 'bundled' has")
    return provider.extensions


# Rows of bytes that somebody else owns.
cdef class _Rows:
    cdef Py_buffer view
    cdef uint8_t *pixels
    cdef size_t size
    cdef size_t stride

    def __cinit__(self, memory, str name):
        PyObject_GetBuffer(memory, &self.view, PyBUF_WRITABLE | PyBUF_STRIDES | PyBUF_FORMAT)
        cdef Py_ssize_t inner = 1
        cdef int axis = self.view.ndim - 1
        while axis > 0:
            if self.view.strides[axis] != inner and self.view.shape[axis] != 1:
                raise ValueError(f"the elements of a row of {name} must follow each other")
            inner *= self.view.shape[axis]
            axis -= 1
        if self.view.itemsize != 1 or self.view.ndim < 2 or self.view.shape[0] < 1:
            raise ValueError(f"{name} must be rows of bytes")
        # A single row may have any stride.
        cdef Py_ssize_t stride = self.view.strides[0] if self.view.shape[0] > 1 else inner
        if stride < inner:
            raise ValueError(f"the rows of {name} must follow each other")
        self.pixels = <uint8_t *>self.view.buf
        self.stride = stride
        self.size = stride * (self.view.shape[0] - 1) + inner

    def __dealloc__(self):
        if self.view.obj is not None:
            PyBuffer_Release(&self.view)


def image_convert(ImageHandle image_handle not None, format):
    """Make an image of another colour format.

    Parameters
    ----------
    image_handle : ImageHandle
        An image of a colour format.
    format : int
        `ImageFormat` of the new image. MJPG is written with quality 95.

    Returns
    -------
    result : Result
        FAILED when one of the formats has no colours, the pixels are damaged, or the build has no JPEG codec.
    converted_handle : ImageHandle | None
        The new image with the same attributes; None on failure.
    """
    cdef const k4a_rp_extensions_t *more = extensions(image_handle, "image_convert")
    cdef k4a_image_format_t wanted = <k4a_image_format_t>as_int(format, "format")
    cdef k4a_image_t made = NULL
    cdef k4a_result_t code
    cdef k4a_image_t image = <k4a_image_t>enter(image_handle)
    with nogil:
        code = more.image_convert(image, wanted, &made)
    leave(image_handle)
    poll_mailbox()
    return result(code), new_image(image_handle.api, made) if code == K4A_RESULT_SUCCEEDED else None


def image_encode_jpeg(ImageHandle image_handle not None, quality):
    """Make an MJPG image.

    Parameters
    ----------
    image_handle : ImageHandle
        An image of a colour format.
    quality : int
        From 1 to 100.

    Returns
    -------
    result : Result
        FAILED when the image has no colours or the build has no JPEG codec.
    jpeg_handle : ImageHandle | None
        The new image with the same attributes; None on failure.
    """
    cdef const k4a_rp_extensions_t *more = extensions(image_handle, "image_encode_jpeg")
    cdef int wanted = as_int(quality, "quality")
    cdef k4a_image_t made = NULL
    cdef k4a_result_t code
    cdef k4a_image_t image = <k4a_image_t>enter(image_handle)
    with nogil:
        code = more.image_encode_jpeg(image, wanted, &made)
    leave(image_handle)
    poll_mailbox()
    return result(code), new_image(image_handle.api, made) if code == K4A_RESULT_SUCCEEDED else None


def image_read_pixels(ImageHandle image_handle not None, layout, pixels):
    """Write the pixels of a colour image into memory of the caller's.

    Parameters
    ----------
    image_handle : ImageHandle
        An image of a colour format.
    layout : int
        0 BGRA, 1 RGB, 2 BGR, 3 gray.
    pixels : Buffer
        Writable rows of bytes, (height, width, channels) or (height, width); rows may be padded.

    Returns
    -------
    Result
        FAILED when there is too little room, the pixels are damaged, or the build has no JPEG codec.
    """
    cdef const k4a_rp_extensions_t *more = extensions(image_handle, "image_read_pixels")
    cdef k4a_rp_pixels_t wanted = <k4a_rp_pixels_t>as_int(layout, "layout")
    cdef _Rows rows = _Rows(pixels, "pixels")
    cdef k4a_result_t code
    cdef k4a_image_t image = <k4a_image_t>enter(image_handle)
    with nogil:
        code = more.image_read_pixels(image, wanted, rows.pixels, rows.size, rows.stride)
    leave(image_handle)
    poll_mailbox()
    return result(code)


def image_colorize(ImageHandle image_handle not None, low, high, color_map, pixels):
    """Write the values of a 16-bit image as colours into memory of the caller's.

    Parameters
    ----------
    image_handle : ImageHandle
        A DEPTH16, IR16 or CUSTOM16 image.
    low : int
        Value of the first colour; values below get the same.
    high : int
        Value of the last colour, more than `low`; values above get the same.
    color_map : bytes
        256 colours of 3 bytes.
    pixels : Buffer
        Writable rows of bytes, (height, width, 3). Pixels of value 0, no data, become black.

    Returns
    -------
    Result
        FAILED when there is too little room or the image is not of 16 bits.
    """
    cdef const k4a_rp_extensions_t *more = extensions(image_handle, "image_colorize")
    cdef uint32_t c_low = as_uint32(low, "low")
    cdef uint32_t c_high = as_uint32(high, "high")
    cdef bytes colors = bytes(color_map)
    if len(colors) != 768:
        raise ValueError(f"a color map has 768 bytes, not {len(colors)}")
    if c_low > 65535 or c_high > 65535:
        raise ValueError(f"values of 16 bits go up to 65535; low is {low}, high is {high}")
    cdef const uint8_t *c_colors = <const uint8_t *><const char *>colors
    cdef _Rows rows = _Rows(pixels, "pixels")
    cdef k4a_result_t code
    cdef k4a_image_t image = <k4a_image_t>enter(image_handle)
    with nogil:
        code = more.image_colorize(image, c_low, c_high, c_colors, rows.pixels, rows.size, rows.stride)
    leave(image_handle)
    poll_mailbox()
    return result(code)


def playback_get_damaged_color_count(PlaybackHandle playback not None):
    """Count the colour images that were asked for and are missing because their pixels are damaged.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED when the handle has been released.
    count : int | None
        How many; None on failure.
    """
    cdef const k4a_rp_extensions_t *more = extensions(playback, "playback_get_damaged_color_count")
    cdef uint64_t count = 0
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        code = more.playback_get_damaged_color_count(c_playback, &count)
        playback.lock.unlock()
    leave(playback)
    poll_mailbox()
    return result(code), count if code == K4A_RESULT_SUCCEEDED else None


# ---- reading ahead ----


cdef class PrefetchHandle(Handle):
    """Captures of a recording that threads read ahead. Releasing it stops the threads."""

    cdef const k4a_rp_extensions_t *more

    cdef void destroy(self, void *ptr) noexcept nogil:
        self.more.prefetch_destroy(<k4a_rp_prefetch_t>ptr)

    cdef str kind(self):
        return "prefetch"

    cdef int give(self, Handle target) except -1:
        raise TypeError("a prefetch cannot be moved to another handle")


def prefetch_create(
    PlaybackHandle playback not None, depth=0, threads=0, images=0, indexed=False, first=0, step=1, count=0
):
    """Begin to read captures ahead.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    depth : int, optional
        Captures that are held ready at most; 0: twice the threads.
    threads : int, optional
        How many read and decode; 0: one for each core.
    images : int, optional
        Which images to load: 1 colour, 2 depth, 4 IR, added up; 0: all.
    indexed : bool, optional
        False: the captures behind the position of the playback, which follows. True: those with the numbers `first`,
        `first + step` and so on, `count` of them; the position stays.
    first : int, optional
        See `indexed`.
    step : int, optional
        See `indexed`.
    count : int, optional
        See `indexed`.

    Returns
    -------
    result : Result
        FAILED when there are too many threads or captures, or no thread can be started.
    prefetch_handle : PrefetchHandle | None
        What to ask for captures; None on failure.
    """
    cdef const k4a_rp_extensions_t *more = extensions(playback, "prefetch_create")
    cdef k4a_rp_prefetch_options_t options
    memset(&options, 0, sizeof(options))
    options.depth = as_uint32(depth, "depth")
    options.threads = as_uint32(threads, "threads")
    options.images = as_uint32(images, "images")
    options.indexed = 1 if indexed else 0
    options.first = as_uint64(first, "first")
    options.step = as_int64(step, "step")
    options.count = as_uint64(count, "count")
    cdef PrefetchHandle handle = PrefetchHandle.__new__(PrefetchHandle)
    handle.api = playback.api
    handle.more = more
    cdef k4a_rp_prefetch_t made = NULL
    cdef k4a_result_t code
    cdef k4a_playback_t c_playback = <k4a_playback_t>enter(playback)
    with nogil:
        playback.lock.lock()
        code = more.prefetch_create(c_playback, &options, &made)
        playback.lock.unlock()
    leave(playback)
    handle.ptr = made
    poll_mailbox()
    return result(code), handle if code == K4A_RESULT_SUCCEEDED else None


def prefetch_next(PrefetchHandle prefetch_handle not None, timeout_in_ms):
    """Get the next capture.

    Parameters
    ----------
    prefetch_handle : PrefetchHandle
        What `prefetch_create` returned.
    timeout_in_ms : int
        How long to wait, milliseconds; -1 waits for ever.

    Returns
    -------
    result : int
        0 succeeded, 1 failed (that capture cannot be read, or the playback has been closed), 2 end, 3 timeout.
    capture_handle : CaptureHandle | None
        The capture; None unless it succeeded.
    """
    cdef int32_t timeout = as_int(timeout_in_ms, "timeout_in_ms")
    cdef k4a_capture_t capture = NULL
    cdef k4a_rp_prefetch_result_t code
    if prefetch_handle.ptr is NULL:
        return 1, None
    cdef k4a_rp_prefetch_t prefetch = <k4a_rp_prefetch_t>enter(prefetch_handle)
    with nogil:
        code = prefetch_handle.more.prefetch_next(prefetch, timeout, &capture)
    leave(prefetch_handle)
    poll_mailbox()
    return <int>code, new_capture(prefetch_handle.api, capture)
