// Failures of the engine: thrown inside, turned into result codes at the boundary (exports/boundary.hpp).
// Conditions of the data that callers expect (end of recording, truncation) are values, not exceptions.
#pragma once

#include <stdexcept>
#include <string>

#if defined(__GNUC__) || defined(__clang__)
#define K4A_RP_PRINTF(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))
#else
#define K4A_RP_PRINTF(format_index, first_argument)
#endif

namespace k4a_rp
{

class Error : public std::runtime_error
{
public:
    explicit Error(const std::string &message) : std::runtime_error(message) {}
};

// The answer to a question is "there is none" (no such tag, ...). The call fails like others do, but whoever only asks
// whether there is one should not find errors in the log: it is logged as information.
class NotThere : public Error
{
public:
    using Error::Error;
};

// Throws Error with a printf-style message that says what was tried, on what, and why it failed.
[[noreturn]] void fail(const char *format, ...) K4A_RP_PRINTF(1, 2);
// Throws NotThere.
[[noreturn]] void fail_not_there(const char *format, ...) K4A_RP_PRINTF(1, 2);

std::string format_text(const char *format, ...) K4A_RP_PRINTF(1, 2);

} // namespace k4a_rp
