# The capture handle.

from pyk4a_rp._abi cimport k4a_api, k4a_capture_t
from pyk4a_rp._handle cimport Handle


cdef class CaptureHandle(Handle):
    pass


# A handle for a C capture; None for NULL. Takes over the reference.
cdef object new_capture(const k4a_api *api, k4a_capture_t capture)
