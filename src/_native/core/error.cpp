#include "core/error.hpp"

#include <cstdarg>
#include <cstdio>

namespace k4a_rp
{

static std::string format_list(const char *format, va_list arguments)
{
    // Messages end up in a log line of at most 1023 bytes, so a fixed buffer loses nothing.
    char text[1024];
    const int written = std::vsnprintf(text, sizeof(text), format, arguments);
    return written < 0 ? std::string(format) : std::string(text);
}

std::string format_text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    std::string text = format_list(format, arguments);
    va_end(arguments);
    return text;
}

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const std::string text = format_list(format, arguments);
    va_end(arguments);
    throw Error(text);
}

void fail_not_there(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const std::string text = format_list(format, arguments);
    va_end(arguments);
    throw NotThere(text);
}

} // namespace k4a_rp
