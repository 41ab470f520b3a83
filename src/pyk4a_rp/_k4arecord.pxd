# The handles of a playback and of a data block.

from libcpp.mutex cimport mutex

from pyk4a_rp._handle cimport Handle


cdef class PlaybackHandle(Handle):
    # Calls on one handle must not overlap in C. Taken without the GIL, so that nobody holds one while waiting for the
    # other.
    cdef mutex lock
    cdef char *path  # some libraries keep the pointer that they were opened with


cdef class DataBlockHandle(Handle):
    pass
