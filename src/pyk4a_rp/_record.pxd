# The handle of a recording that is being written.

from libcpp.mutex cimport mutex

from pyk4a_rp._handle cimport Handle


cdef class RecordHandle(Handle):
    # Held by everything but the write_* functions, which C allows to overlap.
    cdef mutex lock
    cdef char *path  # some libraries keep the pointer that they were given
