# cython: language_level=3, auto_pickle=False
"""Ownership of C objects: the base class of all handles of the flat layer."""

from cpython.buffer cimport PyBUF_FORMAT, PyBUF_ND, PyBUF_STRIDES
from libc.stdint cimport uintptr_t

from pyk4a_rp._abi cimport k4a_api
from pyk4a_rp._provider cimport Provider, default_provider, load_provider, poll_mailbox, provider_of


cdef class Handle:
    """A C object of one provider.

    Handles come out of the functions of `pyk4a_rp.k4a`; made by hand they are empty, as if released. A released handle
    is what NULL is in C: functions called with it fail, and nothing crashes. Releasing a handle that another thread is
    using, or whose memory is still looked at, is put off until that ends.
    """

    def __cinit__(self, *args, **kwargs):
        self.references = 1

    def __dealloc__(self):
        # `users` is 0 here: whoever uses a handle also holds a reference to this object.
        cdef void *ptr = self.ptr if self.ptr is not NULL else self.dying
        if ptr is not NULL:
            self.ptr = self.dying = NULL
            with nogil:
                self.destroy(ptr)

    def __reduce__(self):
        raise TypeError(f"{type(self).__name__} stands for an object of a C library and cannot be pickled or copied")

    cdef void destroy(self, void *ptr) noexcept nogil:
        pass

    cdef void interrupt(self, void *ptr) noexcept nogil:
        pass

    cdef str kind(self):
        return "handle"

    cdef int finish(self) except -1:
        cdef void *ptr = self.dying
        self.dying = NULL
        self.users += 1  # nobody may put another C object here until `destroy` is done with the fields
        with nogil:
            self.destroy(ptr)
        self.references = 1
        self.users -= 1
        return 0

    cpdef release(self):
        """Give up the C object. Does nothing the second time.

        While another thread is in a call with this handle, or memory of it is exported, the C object lives on until
        that ends; calls that begin after `release` already see a released handle.
        """
        cdef void *ptr = self.ptr
        if ptr is NULL:
            return
        self.ptr = NULL
        self.given_up += 1
        self.dying = ptr
        if self.users == 0:
            self.finish()
        else:
            # finish() may run on the other thread as soon as the GIL is gone: this use keeps the object until then.
            self.users += 1
            with nogil:
                self.interrupt(ptr)
            leave(self)
        poll_mailbox()

    cdef int give(self, Handle target) except -1:
        if self.users != 0:
            raise RuntimeError(f"{type(self).__name__} is in use and cannot be moved")
        if target.ptr is not NULL:
            target.release()
        if target.users != 0:
            raise RuntimeError(f"{type(target).__name__} is in use and cannot take another C object")
        target.ptr = self.ptr
        target.api = self.api
        target.references = self.references
        self.ptr = NULL
        self.given_up += 1
        self.references = 1
        return 0

    def _adopt(self, Handle other not None):
        """Take the C object out of `other`, which is released then.

        Parameters
        ----------
        other : Handle
            A handle of the same kind that is not in use.

        Returns
        -------
        Handle
            This handle.
        """
        if self is other:
            return self
        if self.kind() != other.kind():
            raise TypeError(f"a handle of kind {self.kind()} cannot adopt a {type(other).__name__}")
        other.give(self)
        return self

    @property
    def provider(self):
        """The `Provider` that made the C object."""
        return provider_of(table(self))

    @property
    def released(self):
        """Whether the C object has been given up."""
        return self.ptr is NULL

    @property
    def address(self):
        """The C pointer as an int; 0 when released."""
        return <uintptr_t>self.ptr

    def __repr__(self):
        if self.ptr is NULL:
            return f"<{type(self).__name__} released>"
        return f"<{type(self).__name__} {hex(<uintptr_t>self.ptr)} of {provider_of(self.api).name}>"


cdef char *UINT8 = b"B"


cdef class _Bytes:
    """Memory of a C object as a flat, writable buffer. Whoever looks at it uses the handle."""

    cdef Handle owner
    cdef Py_ssize_t given_up  # tells whether the owner still has the C object that `data` is of
    cdef void *data
    cdef Py_ssize_t size

    def __getbuffer__(self, Py_buffer *view, int flags):
        if self.owner.ptr is NULL or self.owner.given_up != self.given_up:
            raise BufferError(f"the {self.owner.kind()} has been released")
        view.buf = self.data
        view.len = self.size
        view.readonly = 0
        view.itemsize = 1
        view.format = UINT8 if flags & PyBUF_FORMAT else NULL
        view.ndim = 1
        view.shape = &self.size if flags & PyBUF_ND else NULL
        view.strides = &view.itemsize if flags & PyBUF_STRIDES == PyBUF_STRIDES else NULL
        view.suboffsets = NULL
        view.internal = NULL
        view.obj = self
        enter(self.owner)

    def __releasebuffer__(self, Py_buffer *view):
        leave(self.owner)


cdef object view_of(Handle owner, void *data, Py_ssize_t size):
    cdef _Bytes memory = _Bytes.__new__(_Bytes)
    memory.owner = owner
    memory.given_up = owner.given_up
    memory.data = data
    memory.size = size
    return memoryview(memory)


cdef const k4a_api *table_of_empty(Handle handle) except NULL:
    handle.api = default_provider("files").api
    return handle.api


cdef int refuse_other_provider(Handle a, Handle b, str function) except -1:
    if a.ptr is NULL or b.ptr is NULL:
        return 0
    raise ValueError(
        f"{function}: {a.kind()} of provider {provider_of(a.api).name!r} and {b.kind()} of provider "
        f"{provider_of(b.api).name!r} cannot be used together"
    )


cdef Provider choose_provider(object provider, str purpose):
    if provider is None:
        return default_provider(purpose)
    if isinstance(provider, Provider):
        return <Provider>provider
    return load_provider(provider)
