# cython: language_level=3
"""Providers: loaded implementations of the k4a ABI, and the mailbox in which they leave messages and notices.

Where libraries are looked for is in `pyk4a_rp.provider`; here they are loaded and kept.
"""

import atexit
import logging
import os
import re
import sys
import threading

from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject
from libc.stddef cimport size_t
from libc.stdint cimport intptr_t, uint64_t, uintptr_t
from libcpp cimport bool as cbool
from libcpp.string cimport string
from libcpp.vector cimport vector

from pyk4a_rp._abi cimport (
    K4A_RESULT_FAILED,
    K4A_RESULT_SUCCEEDED,
    k4a_api,
    k4a_log_level_t,
    k4a_logging_message_cb_t,
    k4a_memory_allocate_cb_t,
    k4a_memory_destroy_cb_t,
    k4a_rp_extensions_t,
)


cdef extern from "abi/mailbox.hpp" namespace "k4a_rp" nogil:
    cdef enum MailboxKind "k4a_rp::MailboxEntry::Kind":
        kLog "k4a_rp::MailboxEntry::kLog"
        kAllocated "k4a_rp::MailboxEntry::kAllocated"
        kFreed "k4a_rp::MailboxEntry::kFreed"
        kReleased "k4a_rp::MailboxEntry::kReleased"
        kDropped "k4a_rp::MailboxEntry::kDropped"

    cppclass MailboxEntry:
        int kind
        int slot
        int level
        int line
        string file
        string text
        uint64_t id
        void *address
        void *object
        size_t size

    cppclass NativeMessage:
        int slot
        int level
        string text

    cbool mailbox_poll() noexcept
    cbool mailbox_begin_drain() noexcept
    void mailbox_end_drain() noexcept
    cbool mailbox_next(MailboxEntry &entry) except +
    vector[NativeMessage] mailbox_recent(int slot) except +
    void mailbox_log_handler(void *context, k4a_log_level_t level, const char *file, int line,
                             const char *message) noexcept
    void mailbox_post_log(int slot, int level, const char *file, int line, const char *message) noexcept
    k4a_memory_allocate_cb_t *mailbox_allocate_trampoline(int slot) noexcept
    void mailbox_free_trampoline(void *buffer, void *context) noexcept
    void mailbox_set_allocator_id(int slot, uint64_t id) noexcept
    void *mailbox_new_release(void *object) except +
    void *mailbox_cancel_release(void *notice) noexcept
    void mailbox_release_trampoline(void *buffer, void *notice) noexcept


cdef extern from "abi/provider_loader.hpp" namespace "k4a_rp" nogil:
    cppclass LoadedProvider:
        k4a_api api
        const k4a_rp_extensions_t *extensions
        string k4a_path
        string record_path
        string record_error
        vector[string] missing
        cbool orbbec

    cdef enum Maker "k4a_rp::Maker":
        pass

    const LoadedProvider *load_provider_libraries(int slot, const string &name, const string &k4a_path,
                                                  const string &record_path, Maker maker, string &error) except +
    string preload_library(const string &path) except +



cdef enum:
    BUNDLED_SLOT = 0
    FOREIGN_SLOT = 1
    LEVEL_WARNING = 2
    LEVEL_INFO = 3
    LEVEL_TRACE = 4
    LEVEL_OFF = 5

# k4a_log_level_t as a level of `logging`; TRACE is below DEBUG.
cdef dict _LOGGING_LEVELS = {0: logging.CRITICAL, 1: logging.ERROR, 2: logging.WARNING, 3: logging.INFO, 4: 5}

cdef list _providers = [None, None]  # by slot
cdef dict _allocators = {}           # id -> (allocate, free); kept, for a block may be freed at any time
_lock = threading.RLock()

# Folder of the extension modules: what was built (_libs, dropin) is installed beside them.
NATIVE_DIRECTORY = os.path.dirname(os.path.abspath(__file__))


cdef class Provider:
    """A loaded implementation of the k4a ABI.

    Made by `load_provider`. A provider is never unloaded.

    Attributes
    ----------
    name : str
        ``'bundled'``, ``'microsoft'``, ``'orbbec'`` or ``'custom'``.
    path, record_path : str
        The files of libk4a and libk4arecord; the same where one library has both, `record_path` None if not found.
    missing : frozenset of str
        Functions that the library does not have; calling one fails and logs a line.
    version : str or None
        Version of the library, as far as it can be found out.
    problem : str or None
        Why libk4arecord could not be loaded.
    dialect : str
        ``'microsoft'`` or ``'orbbec'``: whose layout of structures it uses.
    """

    def __init__(self):
        raise TypeError("providers are made by load_provider(name_or_path)")

    def __repr__(self):
        version = f" {self.version}" if self.version else ""
        missing = f", {len(self.missing)} functions missing" if self.missing else ""
        return f"<Provider {self.name}{version} at {self.path!r}{missing}>"

    def __reduce__(self):
        return load_provider, (self.name if self.name != "custom" else self.path,)


# ---- loading ----


cdef string _encode_path(str path):
    # dlopen takes the bytes of the file system; the loader for Windows takes UTF-8.
    return path.encode("utf-8") if sys.platform == "win32" else os.fsencode(path)


cdef str _decode_path(const string &path):
    cdef bytes raw = path
    return raw.decode("utf-8") if sys.platform == "win32" else os.fsdecode(raw)


cdef str _decode(const string &text):
    cdef bytes raw = text
    return raw.decode("utf-8", "replace")


def _open(str name, str path, str record_path, str maker="any"):
    """Load a library pair into the place of its kind; for `pyk4a_rp.provider` only.

    Raises
    ------
    OSError
        With the loader's own words.
    """
    cdef int slot = BUNDLED_SLOT if name == "bundled" else FOREIGN_SLOT
    cdef Maker wanted = <Maker><int>("any", "microsoft", "orbbec").index(maker)
    cdef string c_name = name.encode()
    cdef string c_path = _encode_path(path)
    cdef string c_record_path
    cdef string error
    cdef const LoadedProvider *loaded = NULL
    cdef Provider provider
    cdef size_t index
    if record_path is not None:
        c_record_path = _encode_path(record_path)
    with _lock:
        if _providers[slot] is not None:
            raise RuntimeError(f"{_providers[slot]!r} is loaded already")
        # Read when a library logs for the first time; a handler of ours gets the messages instead.
        os.environ.setdefault("K4A_ENABLE_LOG_TO_STDOUT", "0")
        with nogil:
            loaded = load_provider_libraries(slot, c_name, c_path, c_record_path, wanted, error)
        if loaded == NULL:
            raise OSError(_decode(error))
        provider = Provider.__new__(Provider)
        provider.api = &loaded.api
        provider.extensions = loaded.extensions
        provider.slot = slot
        provider.name = name
        provider.path = _decode_path(loaded.k4a_path)
        provider.record_path = _decode_path(loaded.record_path) if loaded.record_path.size() else None
        provider.problem = _decode(loaded.record_error) if loaded.record_error.size() else None
        provider.missing = frozenset([_decode(loaded.missing[index]) for index in range(loaded.missing.size())])
        provider.dialect = "orbbec" if loaded.orbbec else "microsoft"
        provider.version = _find_version(provider)
        provider.handler_level = LEVEL_OFF
        _providers[slot] = provider
        _install_handler(provider)
    return provider


def _preload(str path):
    """Load a library that another one asks for by name later; the error text or ''."""
    return _decode(preload_library(_encode_path(path)))


cdef str _find_version(Provider provider):
    if provider.extensions != NULL:
        return provider.extensions.get_version().decode("utf-8", "replace")
    found = re.search(r"\.so\.(\d+\.\d+\.\d+)$", os.path.realpath(provider.path))
    return found.group(1) if found else None


def loaded_providers():
    """Return the providers that this process has loaded so far."""
    return [provider for provider in _providers if provider is not None]


cpdef Provider load_provider(object name_or_path="auto"):
    """Load an implementation of the k4a ABI, or return it when it is loaded already.

    Parameters
    ----------
    name_or_path : str, os.PathLike or Provider
        ``'bundled'`` (the engine of this package), ``'microsoft'``, ``'orbbec'``, ``'auto'`` (what files are read
        with), or the path of a libk4a or of a folder that has one. A `Provider` is returned as it is.

    Raises
    ------
    ProviderError
        With every place tried and the loader's own words. A process can have one provider besides the bundled one.
    """
    cdef Provider provider
    if isinstance(name_or_path, Provider):
        return name_or_path
    if not isinstance(name_or_path, (str, os.PathLike)):
        raise TypeError(
            f"name_or_path must be a str, a path or a Provider, not {type(name_or_path).__name__}"
        )
    name = name_or_path if isinstance(name_or_path, str) else os.fsdecode(os.fspath(name_or_path))
    from pyk4a_rp.provider import find_provider

    with _lock:
        provider = find_provider(name)
        _apply_level(provider)
    return provider


cpdef Provider default_provider(str purpose="files"):
    """Return the provider to use where none is named.

    Parameters
    ----------
    purpose : {'files', 'device'}
        Files, calibrations and transformations use the bundled engine, devices an installed native SDK (the bundled
        engine where ``PYK4A_RP_SIMULATED`` asks for simulated ones). The environment variable ``PYK4A_RP_PROVIDER`` (a
        name or a path) is stronger than both.
    """
    cdef Provider provider
    from pyk4a_rp.provider import find_default

    with _lock:
        provider = find_default(purpose)
        _apply_level(provider)
    return provider


cdef Provider provider_of(const k4a_api *api):
    cdef Provider provider
    for provider in _providers:
        if provider is not None and provider.api == api:
            return provider
    raise SystemError("a handle refers to a table that no provider has")


# ---- messages ----


cdef int _logging_level(Provider provider) except -1:
    logger = logging.getLogger("pyk4a_rp.native." + provider.name)
    if logger.isEnabledFor(5):
        return LEVEL_TRACE
    return LEVEL_INFO if logger.isEnabledFor(logging.INFO) else LEVEL_WARNING


cdef int _native_level(Provider provider) except -1:
    # Higher numbers are more detailed, except that 5 is OFF.
    cdef int level = _logging_level(provider)
    if provider.handler is not None and LEVEL_OFF > provider.handler_level > level:
        level = provider.handler_level
    return level


cdef int _install_handler(Provider provider) except -1:
    cdef int result
    cdef int level = _native_level(provider)
    provider.native_level = level
    with nogil:
        result = provider.api.k4a_set_debug_message_handler(
            &mailbox_log_handler, <void *><intptr_t>provider.slot, <k4a_log_level_t>level
        )
    if result != K4A_RESULT_SUCCEEDED and "k4a_set_debug_message_handler" not in provider.missing:
        logging.getLogger("pyk4a_rp.native." + provider.name).warning(
            "%s already has a message handler that is not ours; its messages go there", provider.path
        )
    return result


cdef int _apply_level(Provider provider) except -1:
    # Levels of `logging` change without telling anybody.
    if provider.native_level != _native_level(provider):
        _install_handler(provider)
    return 0


def refresh_log_levels():
    """Ask the loaded providers for the messages that `logging` wants now."""
    for provider in _providers:
        if provider is not None:
            _apply_level(provider)


cdef int set_message_handler(Provider provider, object callback, object context, int min_level) except -1:
    if callback is None:
        # What was said before is still delivered to the handler of then.
        poll_mailbox()
        provider.handler = None
        provider.handler_context = None
        provider.handler_level = LEVEL_OFF
        _apply_level(provider)
        return K4A_RESULT_SUCCEEDED
    if not callable(callback):
        raise TypeError(f"message_cb must be callable or None, not {type(callback).__name__}")
    if not 0 <= min_level <= LEVEL_OFF or (provider.handler is not None and provider.handler != callback):
        return K4A_RESULT_FAILED
    provider.handler = callback
    provider.handler_context = context
    provider.handler_level = min_level
    return _install_handler(provider)


cdef list take_messages(const k4a_api *api):
    cdef Provider provider = provider_of(api)
    cdef vector[NativeMessage] messages = mailbox_recent(provider.slot)
    cdef size_t index
    return [(messages[index].level, _decode(messages[index].text)) for index in range(messages.size())]


# ---- allocator and release notices ----


cdef int set_allocator(Provider provider, object allocate, object free) except -1:
    cdef int result
    cdef uint64_t number = 0
    cdef k4a_memory_allocate_cb_t *c_allocate = NULL
    cdef k4a_memory_destroy_cb_t *c_free = NULL
    for name, callback in (("allocate", allocate), ("free", free)):
        if callback is not None and not callable(callback):
            raise TypeError(f"{name} must be callable or None, not {type(callback).__name__}")
    if allocate is not None:
        c_allocate = mailbox_allocate_trampoline(provider.slot)
    if free is not None:
        c_free = &mailbox_free_trampoline
    if allocate is not None and free is not None:
        number = len(_allocators) + 1
        _allocators[number] = (allocate, free)
        mailbox_set_allocator_id(provider.slot, number)
    with nogil:
        result = provider.api.k4a_set_allocator(c_allocate, c_free)
    return result


cdef void *new_release_notice(object callback) except NULL:
    cdef void *notice = mailbox_new_release(<void *><PyObject *>callback)
    Py_INCREF(callback)
    return notice


cdef int cancel_release_notice(void *context) except -1:
    cdef object callback = <object><PyObject *>mailbox_cancel_release(context)
    Py_DECREF(callback)
    return 0


cdef void release_trampoline(void *buffer, void *context) noexcept nogil:
    mailbox_release_trampoline(buffer, context)


# ---- draining ----


cdef void _report(object error) noexcept:
    # Cython hands what a noexcept function raises to sys.unraisablehook.
    raise error


cdef int _call(object callback, tuple arguments) except -1:
    try:
        callback(*arguments)
    except Exception as error:
        _report(error)
    return 0


cdef int _deliver_log(MailboxEntry &entry) except -1:
    cdef Provider provider = _providers[entry.slot]
    if provider is None:
        return 0
    text = _decode(entry.text)
    file = _decode(entry.file)
    level = _LOGGING_LEVELS.get(entry.level, logging.ERROR)
    logger = logging.getLogger("pyk4a_rp.native." + provider.name)
    if logger.isEnabledFor(level):
        logger.handle(logger.makeRecord(logger.name, level, file, entry.line, text, (), None))
    if provider.handler is not None and provider.handler_level != LEVEL_OFF and entry.level <= provider.handler_level:
        _call(provider.handler, (provider.handler_context, entry.level, file, entry.line, text))
    return 0


cdef int _deliver(MailboxEntry &entry) except -1:
    cdef object callback
    if entry.kind == kLog:
        return _deliver_log(entry)
    if entry.kind == kAllocated:
        if entry.id in _allocators:
            _call(_allocators[entry.id][0], (entry.size, <uintptr_t>entry.address))
    elif entry.kind == kFreed:
        if entry.id in _allocators:
            _call(_allocators[entry.id][1], (<uintptr_t>entry.address,))
    elif entry.kind == kReleased:
        callback = <object><PyObject *>entry.object
        Py_DECREF(callback)
        _call(callback, (<uintptr_t>entry.address,))
    elif entry.kind == kDropped:
        logging.getLogger("pyk4a_rp.native").warning(
            "%d native messages or notices were lost: nobody called for a long time", entry.size
        )
    return 0


cdef int poll_mailbox() except -1:
    cdef MailboxEntry entry
    if not mailbox_poll() or not mailbox_begin_drain():
        return 0
    try:
        while mailbox_next(entry):
            _deliver(entry)
    finally:
        mailbox_end_drain()
    return 0


def poll():
    """Log waiting native messages and run the user callbacks that are due; every flat call does this at its end."""
    poll_mailbox()


def _post(Provider provider not None, int level, str text):
    """Leave a message as the provider would; for tests."""
    cdef bytes raw = text.encode()
    cdef const char *c_text = raw
    with nogil:
        mailbox_post_log(provider.slot, level, b"test", 0, c_text)


def _take_messages(Provider provider not None):
    """Return and forget the messages [(level, text)] of this thread's last call; for `pyk4a_rp.errors`."""
    return take_messages(provider.api)


def _at_exit():
    cdef Provider provider
    poll_mailbox()
    # Libraries log from their own destructors too; nobody is left to read that.
    for provider in _providers:
        if provider is not None:
            with nogil:
                provider.api.k4a_set_debug_message_handler(NULL, NULL, <k4a_log_level_t>LEVEL_OFF)


atexit.register(_at_exit)
