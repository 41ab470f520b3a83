# The image handle: a C image and its pixels as an N-D buffer.

from pyk4a_rp._abi cimport k4a_api, k4a_image_t
from pyk4a_rp._handle cimport Handle


cdef class ImageHandle(Handle):
    # The layout of the pixels, worked out with the first buffer. An image never changes its shape.
    cdef void *pixels
    cdef int dimensions  # 0: not worked out
    cdef Py_ssize_t[3] shape
    cdef Py_ssize_t[3] strides
    cdef Py_ssize_t bytes_of_pixels
    cdef bint sixteen_bits
    cdef bint contiguous
    cdef bint pinned

    cdef int work_out(self) except -1
    cdef int lay_out(self) except -1
    cdef k4a_image_t own(self) except NULL


cdef inline k4a_image_t image_of(ImageHandle image) noexcept:
    return <k4a_image_t>image.ptr if image is not None else NULL


# A handle for a C image; None for NULL. Takes over the reference.
cdef object new_image(const k4a_api *api, k4a_image_t image)
