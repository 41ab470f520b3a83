// Which process this is: a forked child has the objects of its parent, but none of the threads that work on them.
#pragma once

#ifndef _WIN32
#include <unistd.h>
#endif

namespace k4a_rp
{

inline long current_process()
{
#ifdef _WIN32
    return 0; // nothing forks
#else
    return getpid();
#endif
}

} // namespace k4a_rp
