// The thread of a recorder: the only one that writes to the file once the header is there.
#include "core/error.hpp"
#include "core/log.hpp"
#include "recording/recorder.hpp"

namespace k4a_rp
{

namespace
{

// When nothing arrives any more, what is there gets written. The beginning waits longer: nothing can be put before it
// afterwards.
constexpr std::chrono::milliseconds stall(150);
constexpr std::chrono::milliseconds stall_at_start(1000);
// Late data is merged in batches, as each costs writing a few clusters again.
constexpr std::chrono::milliseconds late_batch(100);

size_t weight_of(const std::vector<QueuedFrame> &frames)
{
    size_t weight = 0;
    for (const QueuedFrame &frame : frames)
    {
        weight += frame.weight();
    }
    return weight;
}

} // namespace

// The first failure counts; whatever waits is given up, so that memory is not held for a disk that takes no more.
void Recorder::fail_with(const Error &error, int code)
{
    {
        std::lock_guard<std::mutex> lock(mutex_);
        if (failed_)
        {
            return;
        }
        failed_ = true;
        error_code_ = code;
        error_text_ = error.what();
        pending_bytes_ -= queue_->clear();
        space_.notify_all();
    }
    K4A_RP_LOG_ERROR("%s: the recording ends here: %s", path_.c_str(), error.what());
    try
    {
        recording_->cut_back();
    }
    catch (const Error &second)
    {
        K4A_RP_LOG_WARNING("%s", second.what());
    }
}

// Writes one thing that is due, with the lock released meanwhile. False: nothing is.
bool Recorder::write_due(std::unique_lock<std::mutex> &lock)
{
    const Clock::time_point now = Clock::now();
    const bool stalled = now >= last_arrival_ + (queue_->started() ? stall : stall_at_start);
    const bool over_limit = waiting_for_space_ > 0 && pending_bytes_ + room_wanted_ > queue_limit_;
    const bool force = stopping_ || flushes_wanted_ > flushes_done_ || stalled || over_limit;
    std::vector<QueuedFrame> frames;
    Window window;
    const bool merging = queue_->has_late() && (force || now >= first_late_ + late_batch);
    if (merging)
    {
        frames = queue_->take_late();
    }
    else if (queue_->ready() || (force && !queue_->empty()))
    {
        window = queue_->take();
    }
    else
    {
        return false;
    }
    const size_t count = merging ? frames.size() : window.frames.size();
    const size_t weight = weight_of(merging ? frames : window.frames);
    const uint64_t newest_ns = queue_->newest_ns();
    const uint64_t mergeable_ns = newest_ns > SortQueue::latest_ns ? newest_ns - SortQueue::latest_ns : 0;
    const bool may_forget = merging || !queue_->has_late();
    lock.unlock();
    try
    {
        if (merging)
        {
            recording_->merge(std::move(frames));
        }
        else
        {
            recording_->write_window(window);
        }
        if (may_forget)
        {
            recording_->forget_before(mergeable_ns);
        }
        window.frames.clear(); // its memory goes back before anybody is let in
    }
    catch (...)
    {
        lock.lock();
        pending_bytes_ -= weight;
        lock.unlock();
        throw;
    }
    frames.clear();
    lock.lock();
    pending_bytes_ -= weight;
    frames_on_disk_ += count;
    bytes_on_disk_ = recording_->bytes();
    replaced_bytes_ = recording_->replaced_bytes();
    if (waiting_for_space_ > 0)
    {
        space_.notify_all();
    }
    return true;
}

void Recorder::run()
{
    std::unique_lock<std::mutex> lock(mutex_);
    while (true)
    {
        try
        {
            while (!failed_ && write_due(lock))
            {
            }
            if (flushes_wanted_ > flushes_done_ && !failed_)
            {
                const uint64_t done = flushes_wanted_;
                queue_->restart_grid();
                lock.unlock();
                recording_->sync();
                lock.lock();
                flushes_done_ = done;
                space_.notify_all();
                continue; // data may have come in meanwhile
            }
        }
        catch (const FileError &error)
        {
            fail_with(error, error.code());
            lock.lock();
            continue;
        }
        catch (const std::exception &error)
        {
            if (lock.owns_lock())
            {
                lock.unlock();
            }
            fail_with(Error(error.what()), 0);
            lock.lock();
            continue;
        }
        if (stopping_)
        {
            return;
        }
        if (queue_->has_late() && !failed_)
        {
            work_.wait_until(lock, first_late_ + late_batch);
        }
        else if (!queue_->empty() && !failed_)
        {
            work_.wait_until(lock, last_arrival_ + (queue_->started() ? stall : stall_at_start));
        }
        else
        {
            work_.wait(lock);
        }
    }
}

} // namespace k4a_rp
