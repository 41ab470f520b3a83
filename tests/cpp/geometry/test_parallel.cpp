// Work shared by threads: every piece is done once, from several callers and from inside other work.
#include "check.hpp"
#include "core/parallel.hpp"

#include <atomic>
#include <thread>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace k4a_rp;

static bool each_once(size_t count)
{
    std::vector<std::atomic<int>> done(count);
    parallel_for(count, [&](size_t i) { ++done[i]; });
    for (const auto &times : done)
    {
        if (times != 1)
        {
            return false;
        }
    }
    return true;
}

TEST(parallel, every_piece_is_done_once)
{
    for (const unsigned threads : {1u, 2u, 3u, 7u})
    {
        set_thread_count(threads);
        for (const size_t count : {0u, 1u, 2u, 5u, 1000u})
        {
            CHECK(each_once(count));
        }
    }
    set_thread_count(0);
    CHECK(thread_count() >= 1);
}

TEST(parallel, several_callers_do_not_disturb_each_other)
{
    set_thread_count(3);
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i)
    {
        callers.emplace_back([&] {
            for (int n = 0; n < 300; ++n)
            {
                wrong += !each_once(17);
            }
        });
    }
    for (std::thread &caller : callers)
    {
        caller.join();
    }
    set_thread_count(0);
    CHECK_EQUAL(wrong.load(), 0);
}

TEST(parallel, work_inside_work_is_done)
{
    set_thread_count(3);
    std::atomic<int> wrong{0};
    parallel_for(8, [&](size_t) { wrong += !each_once(50); });
    set_thread_count(0);
    CHECK_EQUAL(wrong.load(), 0);
}

#if defined(__SANITIZE_THREAD__)
#define UNDER_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_THREAD_SANITIZER 1
#endif
#endif

#if !defined(_WIN32)
TEST(parallel, a_forked_child_works)
{
#if defined(UNDER_THREAD_SANITIZER)
    throw check::Skip{"ThreadSanitizer cannot start threads in a forked child"};
#endif
    set_thread_count(3);
    CHECK(each_once(100));
    const pid_t child = fork();
    if (child == 0)
    {
        _exit(each_once(100) ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    set_thread_count(0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif
