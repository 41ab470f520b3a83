// Where C calls come in: handles are checked, exceptions become the failure value of the call and one log line.
#pragma once

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/ref.hpp"

#include <cstring>
#include <new>

namespace k4a_rp
{

// Runs `body`; what it throws is logged with the name of the exported function and turned into `failure`.
template <typename Result, typename Body> Result at_boundary(const char *call, Result failure, Body &&body) noexcept
{
    try
    {
        return body();
    }
    catch (const std::bad_alloc &)
    {
        log_message(K4A_LOG_LEVEL_ERROR, "k4a_rp", 0, "%s: out of memory", call);
    }
    catch (const NotThere &error)
    {
        log_message(K4A_LOG_LEVEL_INFO, "k4a_rp", 0, "%s: %s", call, error.what());
    }
    catch (const std::exception &error)
    {
        log_message(K4A_LOG_LEVEL_ERROR, "k4a_rp", 0, "%s: %s", call, error.what());
    }
    catch (...)
    {
        log_message(K4A_LOG_LEVEL_ERROR, "k4a_rp", 0, "%s: unknown failure", call);
    }
    return failure;
}

// The object behind a C handle. Throws Error for NULL and for handles of another type.
template <typename T, typename Handle> T *checked(Handle handle)
{
    T *object = reinterpret_cast<T *>(handle);
    if (!object || !object->has_marker(T::handle_marker))
    {
        fail(object ? "the handle is not valid: of another type, or released" : "the handle is NULL");
    }
    return object;
}

// As checked(), but NULL for a bad handle, with one log line: for calls that have nothing else to report with.
template <typename T, typename Handle> T *checked_or_null(const char *call, Handle handle) noexcept
{
    return at_boundary(call, static_cast<T *>(nullptr), [&] { return checked<T>(handle); });
}

template <typename T> T *require(T *pointer, const char *parameter)
{
    if (!pointer)
    {
        fail("the parameter %s is NULL", parameter);
    }
    return pointer;
}

// The (data, size) protocol of the getters: NULL or too little room gives TOO_SMALL and the size that is needed.
// Throws Error where size is NULL.
inline k4a_buffer_result_t copy_out(const void *bytes, size_t count, void *data, size_t *size)
{
    require(size, "size");
    const size_t room = *size;
    *size = count;
    if (!data || room < count)
    {
        return K4A_BUFFER_RESULT_TOO_SMALL;
    }
    if (count != 0)
    {
        std::memcpy(data, bytes, count);
    }
    return K4A_BUFFER_RESULT_SUCCEEDED;
}

// Text with its closing NUL.
inline k4a_buffer_result_t copy_text_out(const std::string &text, char *data, size_t *size)
{
    return copy_out(text.c_str(), text.size() + 1, data, size);
}

} // namespace k4a_rp
