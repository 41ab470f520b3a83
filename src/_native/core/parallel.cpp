#include "core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace k4a_rp
{

namespace
{

constexpr unsigned most_threads = 64;

struct Job
{
    void (*task)(void *, size_t);
    void *context;
    size_t count;
    std::atomic<size_t> next{0};
    unsigned seats;       // helpers that may still join
    unsigned working = 0; // helpers that have joined and not finished

    void work()
    {
        for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;)
        {
            task(context, i);
        }
    }
};

class Pool
{
public:
    void run(Job &job, unsigned helpers)
    {
        if (in_use_.exchange(true, std::memory_order_acquire))
        {
            job.work();
            return;
        }
        start_helpers(helpers);
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            job.seats = helpers;
            job_ = &job;
        }
        wake_.notify_all();
        job.work();
        {
            std::unique_lock<std::mutex> lock(mutex_);
            job_ = nullptr;
            done_.wait(lock, [&] { return job.working == 0; });
        }
        in_use_.store(false, std::memory_order_release);
    }

private:
    void start_helpers(unsigned wanted)
    {
        try
        {
            for (; started_ < wanted; ++started_)
            {
                std::thread([this] { help(); }).detach();
            }
        }
        catch (const std::system_error &)
        {
            // Fewer helpers: slower, not wrong.
        }
    }

    [[noreturn]] void help()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;)
        {
            wake_.wait(lock, [&] { return job_ != nullptr && job_->seats > 0; });
            Job &job = *job_;
            --job.seats;
            ++job.working;
            lock.unlock();
            job.work();
            lock.lock();
            if (--job.working == 0)
            {
                done_.notify_one();
            }
        }
    }

    std::atomic<bool> in_use_{false};
    unsigned started_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable done_;
    Job *job_ = nullptr;
};

// Never deleted: helpers may be waiting in it while the process ends. A forked child has no helpers, so it gets a new
// one; the old one's locks may be held by threads that do not exist there.
std::atomic<Pool *> current_pool{nullptr};

Pool &pool()
{
    Pool *existing = current_pool.load(std::memory_order_acquire);
    if (existing != nullptr)
    {
        return *existing;
    }
#if !defined(_WIN32)
    static std::atomic<bool> registered{false};
    if (!registered.exchange(true))
    {
        pthread_atfork(nullptr, nullptr, [] { current_pool.store(nullptr, std::memory_order_relaxed); });
    }
#endif
    Pool *const made = new Pool;
    if (current_pool.compare_exchange_strong(existing, made, std::memory_order_acq_rel))
    {
        return *made;
    }
    delete made;
    return *existing;
}

unsigned default_thread_count()
{
    unsigned count = std::thread::hardware_concurrency();
    const char *const wanted = std::getenv("K4A_RP_THREADS");
    if (wanted != nullptr && std::atoi(wanted) > 0)
    {
        count = static_cast<unsigned>(std::atoi(wanted));
    }
    return std::clamp(count, 1u, most_threads);
}

std::atomic<unsigned> chosen_thread_count{0};

} // namespace

unsigned thread_count()
{
    const unsigned chosen = chosen_thread_count.load(std::memory_order_relaxed);
    if (chosen != 0)
    {
        return chosen;
    }
    static const unsigned standard = default_thread_count();
    return standard;
}

void set_thread_count(unsigned count)
{
    chosen_thread_count.store(std::min(count, most_threads), std::memory_order_relaxed);
}

void parallel_for(size_t count, void (*task)(void *context, size_t index), void *context)
{
    Job job = {task, context, count, {0}, 0};
    const size_t threads = std::min<size_t>(thread_count(), count);
    if (threads <= 1)
    {
        job.work();
    }
    else
    {
        pool().run(job, static_cast<unsigned>(threads - 1));
    }
}

} // namespace k4a_rp
