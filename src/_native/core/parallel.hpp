// Work shared by a few threads that are started once. Callers split their work so that the result does not depend on
// how many threads there are.
#pragma once

#include <cstddef>

namespace k4a_rp
{

// How many threads work on one job, the caller among them: set_thread_count(), else K4A_RP_THREADS, else the cores.
unsigned thread_count();

// 0: back to the default. Counts above 64 are taken as 64.
void set_thread_count(unsigned count);

// Calls task(context, i) once for each i below count and returns when all are done. While another job is running
// (also when called from inside a task) the caller does everything itself. Tasks must not throw.
void parallel_for(size_t count, void (*task)(void *context, size_t index), void *context);

template <typename Task> void parallel_for(size_t count, Task &&task)
{
    parallel_for(
        count, [](void *context, size_t index) { (*static_cast<Task *>(context))(index); },
        const_cast<void *>(static_cast<const void *>(&task)));
}

} // namespace k4a_rp
