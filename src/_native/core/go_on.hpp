// Asks the caller of a long piece of work, some times a second, whether to go on with it.
#pragma once

#include "core/error.hpp"

#include <chrono>

namespace k4a_rp
{

// The caller wants no more of it. He knows, so that nobody else has to be told.
class Cancelled : public Error
{
public:
    Cancelled() : Error("cancelled by the caller") {}
};

class GoOn
{
public:
    using Ask = int (*)(void *context);

    GoOn() = default;
    // NULL: nobody is asked.
    GoOn(Ask ask, void *context) : ask_(ask), context_(context) {}

    // To be called often: it asks the first time, and then not more than ten times a second. Throws Cancelled.
    void check()
    {
        if (!ask_)
        {
            return;
        }
        const auto now = std::chrono::steady_clock::now();
        if (asked_ && now - last_ < std::chrono::milliseconds(100))
        {
            return;
        }
        asked_ = true;
        if (ask_(context_) == 0)
        {
            throw Cancelled();
        }
        last_ = std::chrono::steady_clock::now(); // however long the answer took
    }

private:
    Ask ask_ = nullptr;
    void *context_ = nullptr;
    bool asked_ = false;
    std::chrono::steady_clock::time_point last_;
};

} // namespace k4a_rp
