// The engine's log: one message handler (k4a_set_debug_message_handler), else stderr or stdout as the environment says.
#pragma once

#include "core/error.hpp"

#include <k4a/k4atypes.h>

namespace k4a_rp
{

using LogLevel = k4a_log_level_t;

void log_message(LogLevel level, const char *file, int line, const char *format, ...) K4A_RP_PRINTF(4, 5);

// True when somebody would see a message of this level; lets callers skip expensive formatting.
bool log_enabled(LogLevel level);

// The semantics of k4a_set_debug_message_handler: a second, different handler is refused while one is set.
bool set_log_handler(k4a_logging_message_cb_t *handler, void *context, LogLevel minimum);

} // namespace k4a_rp

#define K4A_RP_LOG(level, ...) ::k4a_rp::log_message((level), __FILE__, __LINE__, __VA_ARGS__)
#define K4A_RP_LOG_ERROR(...) K4A_RP_LOG(K4A_LOG_LEVEL_ERROR, __VA_ARGS__)
#define K4A_RP_LOG_WARNING(...) K4A_RP_LOG(K4A_LOG_LEVEL_WARNING, __VA_ARGS__)
#define K4A_RP_LOG_INFO(...) K4A_RP_LOG(K4A_LOG_LEVEL_INFO, __VA_ARGS__)
