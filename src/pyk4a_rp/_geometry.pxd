# The handle of a transformation.

from pyk4a_rp._handle cimport Handle


cdef class TransformationHandle(Handle):
    pass
