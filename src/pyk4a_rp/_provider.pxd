# What the other extension modules use of _provider.pyx.

from libc.stddef cimport size_t
from libc.stdint cimport uint64_t

from pyk4a_rp._abi cimport k4a_api, k4a_rp_extensions_t


cdef class Provider:
    # Both live for ever: tables are never freed and libraries never unloaded, so handles may keep raw pointers.
    cdef const k4a_api *api
    cdef const k4a_rp_extensions_t *extensions  # NULL where the provider has none
    cdef readonly str name                      # 'bundled', 'microsoft', 'orbbec' or 'custom'
    cdef readonly str path                      # file of libk4a
    cdef readonly str record_path               # file of libk4arecord, or that of libk4a if it has both; else None
    cdef readonly frozenset missing             # names of the functions that are stubs
    cdef readonly str version                   # of the library, as far as it can be found out; else None
    cdef readonly str problem                   # why libk4arecord could not be loaded, in the loader's words; else None
    cdef readonly str dialect                   # 'microsoft' or 'orbbec': layout of k4a_record_configuration_t
    cdef int slot
    cdef int native_level
    # the message handler a user has set through the flat layer
    cdef object handler
    cdef object handler_context
    cdef int handler_level


# ---- providers ----

cpdef Provider load_provider(object name_or_path=*)
cpdef Provider default_provider(str purpose=*)
# The provider of a table (handles keep the table only).
cdef Provider provider_of(const k4a_api *api)

# ---- mailbox: call after every native call, with the GIL ----

# Cheap when nothing is pending. Logs messages and runs user callbacks; what those raise is reported as unraisable.
cdef int poll_mailbox() except -1
# Native messages (level: int, text: str) of this thread's last call that left any before the last poll, oldest first.
cdef list take_messages(const k4a_api *api)

# ---- callbacks: C never calls Python, so what it is given are trampolines that leave notices ----

# The semantics of k4a_set_debug_message_handler with a Python callable f(context, level, file, line, message), or None
# to take it away. Returns the k4a_result_t.
cdef int set_message_handler(Provider provider, object callback, object context, int min_level) except -1

# The semantics of k4a_set_allocator with notices f_allocate(size, address), f_free(address); None, None: the default
# again. The memory itself comes from the trampoline, 64-byte aligned. Returns the k4a_result_t.
cdef int set_allocator(Provider provider, object allocate, object free) except -1

# For k4a_image_create_from_buffer: a context for `release_trampoline` that makes `callback(address)` run, once, when
# the mailbox is drained after the native release; it and what it refers to are kept alive until then. Cancel it when
# the native call failed.
cdef void *new_release_notice(object callback) except NULL
cdef int cancel_release_notice(void *context) except -1
cdef void release_trampoline(void *buffer, void *context) noexcept nogil
