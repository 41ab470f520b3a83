#include "core/log.hpp"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <shared_mutex>

namespace k4a_rp
{

namespace
{

struct LogState
{
    std::shared_mutex handler_mutex; // shared while a handler runs: clearing it waits for running calls
    k4a_logging_message_cb_t *handler = nullptr;
    void *context = nullptr;
    std::atomic<int> handler_level{K4A_LOG_LEVEL_OFF}; // OFF: no handler

    std::once_flag environment_once;
    std::FILE *stream = nullptr; // where lines go besides the handler, or NULL
    int stream_level = K4A_LOG_LEVEL_ERROR;
};

// Never destroyed: images and threads may still log while the process exits.
LogState &state()
{
    static LogState *instance = new LogState;
    return *instance;
}

int level_from_environment()
{
    const char *text = std::getenv("K4A_LOG_LEVEL");
    switch (text ? text[0] | 0x20 : 0)
    {
    case 'c':
        return K4A_LOG_LEVEL_CRITICAL;
    case 'w':
        return K4A_LOG_LEVEL_WARNING;
    case 'i':
        return K4A_LOG_LEVEL_INFO;
    case 't':
        return K4A_LOG_LEVEL_TRACE;
    default:
        return K4A_LOG_LEVEL_ERROR;
    }
}

// The SDK's variables with the SDK's meaning: a file wins over standard output, which is on unless "0...".
void read_environment(LogState &log)
{
    log.stream_level = level_from_environment();
    const char *file = std::getenv("K4A_ENABLE_LOG_TO_A_FILE");
    if (file && file[0])
    {
        const size_t length = std::strlen(file);
        const bool is_path = length >= 4 && std::strcmp(file + length - 4, ".log") == 0;
        log.stream = std::fopen(is_path ? file : "k4a.log", "a");
        if (log.stream)
        {
            return;
        }
        std::fprintf(stderr, "k4a_rp: the log file %s cannot be opened\n", is_path ? file : "k4a.log");
    }
    const char *out = std::getenv("K4A_ENABLE_LOG_TO_STDOUT");
    log.stream = out && out[0] == '0' ? nullptr : stdout;
}

void write_line(std::FILE *stream, int level, const char *file, int line, const char *message)
{
    static const char *const names[] = {"critical", "error", "warning", "info", "trace"};
    const std::time_t now = std::time(nullptr);
    std::tm local{};
#ifdef _WIN32
    localtime_s(&local, &now);
#else
    localtime_r(&now, &local);
#endif
    char when[32];
    std::strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &local);
    std::fprintf(stream, "[%s] [%s] %s (%d): %s\n", when, names[level], file, line, message);
    std::fflush(stream);
}

} // namespace

bool log_enabled(LogLevel level)
{
    LogState &log = state();
    std::call_once(log.environment_once, read_environment, std::ref(log));
    const int handler_level = log.handler_level.load(std::memory_order_relaxed);
    return (handler_level != K4A_LOG_LEVEL_OFF && level <= handler_level) || (log.stream && level <= log.stream_level);
}

void log_message(LogLevel level, const char *file, int line, const char *format, ...)
{
    if (level >= K4A_LOG_LEVEL_OFF || !log_enabled(level))
    {
        return;
    }
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);

    const char *name = file;
    for (const char *at = file; *at; ++at)
    {
        if (*at == '/' || *at == '\\')
        {
            name = at + 1;
        }
    }
    LogState &log = state();
    if (log.stream && level <= log.stream_level)
    {
        write_line(log.stream, level, name, line, text);
    }
    std::shared_lock<std::shared_mutex> lock(log.handler_mutex);
    const int wanted = log.handler_level.load(std::memory_order_relaxed);
    if (log.handler && wanted != K4A_LOG_LEVEL_OFF && level <= wanted)
    {
        log.handler(log.context, level, name, line, text);
    }
}

bool set_log_handler(k4a_logging_message_cb_t *handler, void *context, LogLevel minimum)
{
    LogState &log = state();
    std::unique_lock<std::shared_mutex> lock(log.handler_mutex);
    if (!handler)
    {
        log.handler = nullptr;
        log.context = nullptr;
        log.handler_level = K4A_LOG_LEVEL_OFF;
        return true;
    }
    if (minimum < K4A_LOG_LEVEL_CRITICAL || minimum > K4A_LOG_LEVEL_OFF || (log.handler && log.handler != handler))
    {
        return false;
    }
    log.handler = handler;
    log.context = context;
    log.handler_level = minimum;
    return true;
}

} // namespace k4a_rp
