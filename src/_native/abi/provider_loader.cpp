#include "abi/provider_loader.hpp"

#include <limits>
#include <memory>
#include <type_traits>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace k4a_rp
{

namespace
{

// ---- the three systems ----

#if defined(_WIN32)

using Library = HMODULE;

std::wstring to_wide(const std::string &text)
{
    const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
    std::wstring wide(static_cast<size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), &wide[0], size);
    return wide;
}

std::string to_utf8(const wchar_t *text, size_t length)
{
    const int size =
        WideCharToMultiByte(CP_UTF8, 0, text, static_cast<int>(length), nullptr, 0, nullptr, nullptr);
    std::string utf8(static_cast<size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, static_cast<int>(length), &utf8[0], size, nullptr, nullptr);
    return utf8;
}

std::string last_error_text()
{
    const DWORD code = GetLastError();
    wchar_t text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                  nullptr, code, 0, text, 512, nullptr);
    while (length > 0 && text[length - 1] <= L' ')
    {
        --length;
    }
    return to_utf8(text, length) + " (error " + std::to_string(code) + ")";
}

Library open_library(const std::string &path, std::string &error)
{
    const std::wstring wide = to_wide(path);
    // With a full path, what the library needs is looked for in its own folder too.
    const bool is_path = wide.find_first_of(L"/\\") != std::wstring::npos;
    const Library library = LoadLibraryExW(wide.c_str(), nullptr, is_path ? LOAD_WITH_ALTERED_SEARCH_PATH : 0);
    if (library == nullptr)
    {
        error = path + ": " + last_error_text();
    }
    return library;
}

void close_library(Library library)
{
    FreeLibrary(library);
}

void *find_symbol(Library library, const char *name)
{
    return reinterpret_cast<void *>(GetProcAddress(library, name));
}

std::string library_path(Library library, void *, const std::string &asked)
{
    wchar_t path[32768];
    const DWORD length = GetModuleFileNameW(library, path, 32768);
    return length == 0 ? asked : to_utf8(path, length);
}

#else

using Library = void *;

Library open_library(const std::string &path, std::string &error)
{
    // RTLD_LOCAL: libk4a also exports a private libusb, which must not replace that of others.
    const Library library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
    {
        const char *const text = dlerror();
        error = text == nullptr ? path + ": cannot be loaded" : text;
    }
    return library;
}

void close_library(Library library)
{
    dlclose(library);
}

void *find_symbol(Library library, const char *name)
{
    return dlsym(library, name);
}

std::string library_path(Library, void *symbol, const std::string &asked)
{
    Dl_info info = {};
    return dladdr(symbol, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname : asked;
}

#endif

// ---- stubs: functions that a library does not have fail the way their kind of function fails ----

std::string slot_names[kProviderSlots];

void report_missing(int slot, const char *function) noexcept
{
    try
    {
        const std::string text =
            std::string(function) + "() failed: provider '" + slot_names[slot] + "' does not have this function";
        mailbox_post_log(slot, K4A_LOG_LEVEL_ERROR, __FILE__, __LINE__, text.c_str());
    }
    catch (...)
    {
        mailbox_post_log(slot, K4A_LOG_LEVEL_ERROR, __FILE__, __LINE__, function);
    }
}

template <typename Result> Result failure()
{
    if constexpr (std::is_same_v<Result, k4a_result_t>)
    {
        return K4A_RESULT_FAILED;
    }
    else if constexpr (std::is_same_v<Result, k4a_buffer_result_t>)
    {
        return K4A_BUFFER_RESULT_FAILED;
    }
    else if constexpr (std::is_same_v<Result, k4a_wait_result_t>)
    {
        return K4A_WAIT_RESULT_FAILED;
    }
    else if constexpr (std::is_same_v<Result, k4a_stream_result_t>)
    {
        return K4A_STREAM_RESULT_FAILED;
    }
    else if constexpr (std::is_same_v<Result, k4a_image_format_t>)
    {
        return K4A_IMAGE_FORMAT_CUSTOM;
    }
    else if constexpr (std::is_floating_point_v<Result>)
    {
        return std::numeric_limits<Result>::quiet_NaN();
    }
    else if constexpr (!std::is_void_v<Result>)
    {
        static_assert(!std::is_enum_v<Result>, "say what failure is for this type");
        return Result{};
    }
}

template <int Slot, typename Name, typename Function> struct Stub;

template <int Slot, typename Name, typename Result, typename... Arguments>
struct Stub<Slot, Name, Result (*)(Arguments...)>
{
    static Result call(Arguments...)
    {
        report_missing(Slot, Name::text());
        return failure<Result>();
    }
};

#define K4A_FUNCTION(name)                                                                                             \
    struct NameOf_##name                                                                                               \
    {                                                                                                                  \
        static const char *text() { return #name; }                                                                    \
    };
#include "abi/k4a_functions.inc"

// ---- the table ----

template <typename Name, typename Function>
void bind(int slot, Library library, Function &slot_of_table, std::vector<std::string> &missing)
{
    void *const symbol = find_symbol(library, Name::text());
    if (symbol != nullptr)
    {
        slot_of_table = reinterpret_cast<Function>(symbol);
        return;
    }
    slot_of_table = slot == kBundledSlot ? &Stub<kBundledSlot, Name, Function>::call :
                                           &Stub<kForeignSlot, Name, Function>::call;
    missing.push_back(Name::text());
}

void fill_table(int slot, Library k4a, Library record, LoadedProvider &provider)
{
    k4a_api &api = provider.api;
    std::vector<std::string> &missing = provider.missing;
#define K4A_LIBK4A(name) bind<NameOf_##name>(slot, k4a, api.name, missing);
#define K4A_LIBK4ARECORD(name) bind<NameOf_##name>(slot, record, api.name, missing);
#include "abi/k4a_functions.inc"
}

bool is_orbbec(Library library)
{
    return find_symbol(library, "k4a_device_switch_device_clock_sync_mode") != nullptr ||
           find_symbol(library, "k4a_depth_engine_helper_create") != nullptr;
}

// Empty when the library will do.
std::string objection(Library library, const std::string &path, Maker maker)
{
    if (find_symbol(library, "k4a_image_create") == nullptr && find_symbol(library, "k4a_device_open") == nullptr)
    {
        return path + ": loaded, but it is not a libk4a (no k4a_image_create, no k4a_device_open)";
    }
    if (maker == Maker::microsoft && is_orbbec(library))
    {
        return path + ": is Orbbec's libk4a (ask for provider 'orbbec')";
    }
    if (maker == Maker::orbbec && !is_orbbec(library))
    {
        return path + ": is not Orbbec's libk4a";
    }
    return std::string();
}

void find_extensions(Library library, LoadedProvider &provider)
{
    using Getter = const k4a_rp_extensions_t *(*)(uint32_t);
    const Getter getter = reinterpret_cast<Getter>(find_symbol(library, "k4a_rp_get_extensions"));
    if (getter == nullptr)
    {
        return;
    }
    const k4a_rp_extensions_t *const extensions = getter(K4A_RP_EXTENSIONS_VERSION);
    // A table smaller than ours would make us read past its end.
    if (extensions != nullptr && extensions->size >= sizeof(k4a_rp_extensions_t))
    {
        provider.extensions = extensions;
    }
}

} // namespace

const LoadedProvider *load_provider_libraries(int slot,
                                              const std::string &name,
                                              const std::string &k4a_path,
                                              const std::string &record_path,
                                              Maker maker,
                                              std::string &error)
{
    // libk4a first: libk4arecord then finds it loaded, whatever its file is called.
    const Library k4a = open_library(k4a_path, error);
    if (k4a == nullptr)
    {
        return nullptr;
    }
    error = objection(k4a, k4a_path, maker);
    if (!error.empty())
    {
        close_library(k4a);
        return nullptr;
    }
    auto provider = std::make_unique<LoadedProvider>();
    Library record = k4a;
    if (!record_path.empty())
    {
        const Library opened = open_library(record_path, provider->record_error);
        record = opened == nullptr ? k4a : opened;
    }
    slot_names[slot] = name;
    provider->orbbec = is_orbbec(k4a);
    fill_table(slot, k4a, record, *provider);
    find_extensions(k4a, *provider);
    void *const of_k4a = find_symbol(k4a, "k4a_image_create");
    void *const of_record = find_symbol(record, "k4a_playback_open");
    provider->k4a_path = of_k4a == nullptr ? k4a_path : library_path(k4a, of_k4a, k4a_path);
    if (of_record != nullptr)
    {
        provider->record_path = library_path(record, of_record, record_path);
    }
    error.clear();
    return provider.release();
}

std::string preload_library(const std::string &path)
{
    std::string error;
    open_library(path, error);
    return error;
}

} // namespace k4a_rp
