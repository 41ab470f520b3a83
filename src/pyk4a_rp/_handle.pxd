# The base of all handles: who owns the C object, and when it may be released.

from pyk4a_rp._abi cimport k4a_api
from pyk4a_rp._provider cimport Provider


cdef class Handle:
    # C fields only: a Python attribute may be gone already when __dealloc__ runs.
    cdef void *ptr              # NULL once released
    cdef const k4a_api *api     # the table that `ptr` belongs to; tables live for ever
    cdef void *dying            # released while it was in use: destroyed by the last leave()
    cdef Py_ssize_t users       # calls in progress without the GIL, and exported buffers; changed under the GIL
    cdef Py_ssize_t given_up    # C objects it had before this one, whose address this one may have got
    cdef Py_ssize_t references  # C references this object owns (k4a_image_reference adds one)

    # What subclasses say. `destroy` gives up all references.
    cdef void destroy(self, void *ptr) noexcept nogil
    cdef void interrupt(self, void *ptr) noexcept nogil
    cdef str kind(self)

    cdef int finish(self) except -1
    cdef int give(self, Handle target) except -1
    cpdef release(self)


# A call that gives up the GIL stands between enter() and leave(): what enter() returned stays valid in between, also
# when another thread calls release(). Nothing may raise there, or leave() belongs into a `finally`.
cdef inline void *enter(Handle handle) noexcept:
    handle.users += 1
    return handle.ptr


cdef inline int leave(Handle handle) except -1:
    handle.users -= 1
    if handle.users == 0 and handle.dying is not NULL:
        handle.finish()
    return 0


# The table of a handle, also of one that never got a C object.
cdef const k4a_api *table_of_empty(Handle handle) except NULL

cdef inline const k4a_api *table(Handle handle) except NULL:
    if handle.api is NULL:
        return table_of_empty(handle)
    return handle.api


# ValueError unless both belong to one provider. Released handles (NULL in C) go with everything.
cdef int refuse_other_provider(Handle a, Handle b, str function) except -1

cdef inline int same_provider(Handle a, Handle b, str function) except -1:
    if b is not None and a.api != b.api:
        return refuse_other_provider(a, b, function)
    return 0


# The provider that the `provider=` of a flat function means; purpose: 'files' or 'device'.
cdef Provider choose_provider(object provider, str purpose)

# A writable memoryview of `size` bytes of a C object, which is not destroyed while the view is there.
cdef object view_of(Handle owner, void *data, Py_ssize_t size)
