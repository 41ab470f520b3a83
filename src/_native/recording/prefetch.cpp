#include "recording/prefetch.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/process.hpp"
#include "image/jpeg.hpp"

#include <chrono>
#include <system_error>

namespace k4a_rp
{

namespace
{

constexpr uint32_t most_threads = 64;
constexpr uint32_t largest_depth = 4096;

k4a_rp_prefetch_options_t completed(k4a_rp_prefetch_options_t options)
{
    if (options.threads > most_threads || options.depth > largest_depth)
    {
        fail("%u threads and %u captures ahead are too many: at most %u and %u",
             options.threads,
             options.depth,
             most_threads,
             largest_depth);
    }
    if (options.threads == 0)
    {
        options.threads = thread_count();
    }
    if (options.depth == 0)
    {
        options.depth = 2 * options.threads;
    }
    if (options.images == 0)
    {
        options.images = K4A_RP_PREFETCH_COLOR | K4A_RP_PREFETCH_DEPTH | K4A_RP_PREFETCH_IR;
    }
    return options;
}

} // namespace

Prefetch::Prefetch(Playback &playback, const k4a_rp_prefetch_options_t &options)
    : HandleObject(handle_marker), options_(completed(options)), link_(playback.link()), process_(current_process())
{
    if (options_.indexed == 0)
    {
        cursor_.emplace(playback.capture_cursor());
    }
    known_changes_ = changes_of(playback);
    try
    {
        while (threads_.size() < options_.threads)
        {
            threads_.emplace_back([this] { work(); });
        }
    }
    catch (const std::system_error &error)
    {
        if (threads_.empty())
        {
            fail("no thread can be started: %s", error.what());
        }
    }
}

Prefetch::~Prefetch()
{
    stop();
}

bool Prefetch::is_orphan() const
{
    return current_process() != process_;
}

void Prefetch::stop()
{
    {
        std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
    }
    work_.notify_all();
    for (std::thread &thread : threads_)
    {
        thread.join();
    }
}

// One thread at a time reads headers, so that captures come in order; pixels are loaded side by side.
void Prefetch::work()
{
    const DecodeAlone every_thread_has_its_own_picture;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;)
    {
        work_.wait(lock, [this] {
            return stopping_ || (!reading_ && !exhausted_ && queue_.size() < options_.depth);
        });
        if (stopping_)
        {
            return;
        }
        reading_ = true;
        lock.unlock();
        const ItemPointer item = std::make_shared<Item>();
        read(item.get());
        lock.lock();
        reading_ = false;
        if (item->epoch == epoch_)
        {
            exhausted_ = item->end;
            queue_.push_back(item);
            work_.notify_one();
            lock.unlock();
            load(*item);
            lock.lock();
            item->ready = true;
            ready_.notify_all();
        }
        else
        {
            work_.notify_one();
        }
    }
}

void Prefetch::read(Item *item)
{
    try
    {
        std::lock_guard<std::mutex> linked(link_->mutex);
        {
            std::lock_guard<std::mutex> lock(mutex_);
            item->epoch = epoch_;
        }
        if (!link_->playback)
        {
            item->end = true;
            return;
        }
        std::lock_guard<std::mutex> lock(link_->playback->mutex());
        Playback &playback = *link_->playback;
        item->end = options_.indexed != 0 ? !read_indexed(playback, item) : !read_stream(playback, item);
    }
    catch (const std::exception &error)
    {
        item->error = error.what();
    }
    catch (...)
    {
        item->error = "unknown failure";
    }
}

bool Prefetch::read_stream(Playback &playback, Item *item)
{
    // Also behind a failure: some tracks have moved on then.
    struct Remember
    {
        Item *item;
        const CaptureCursor &cursor;
        ~Remember() { item->cursor.emplace(cursor); }
    } remember{item, *cursor_};
    return playback.read_capture(Direction::next, &*cursor_, &item->capture);
}

bool Prefetch::read_indexed(Playback &playback, Item *item)
{
    if (position_ >= options_.count)
    {
        return false;
    }
    const uint64_t number = options_.first + position_++ * static_cast<uint64_t>(options_.step);
    item->capture = playback.capture_at(static_cast<size_t>(number));
    return true;
}

void Prefetch::load(const Item &item) const
{
    const struct
    {
        Slot slot;
        uint32_t bit;
    } images[] = {{Slot::color, K4A_RP_PREFETCH_COLOR},
                  {Slot::depth, K4A_RP_PREFETCH_DEPTH},
                  {Slot::ir, K4A_RP_PREFETCH_IR}};
    for (const auto &one : images)
    {
        const Ref<Image> image = item.capture ? item.capture->unchecked_image(one.slot) : Ref<Image>();
        if (image && (options_.images & one.bit) != 0)
        {
            (void)image->buffer(); // failures are logged, and found by whoever asks for the image
        }
    }
}

// Numbered captures stay where they are when the playback moves; the format of their images does not.
uint64_t Prefetch::changes_of(const Playback &playback) const
{
    return options_.indexed != 0 ? playback.format_changes() : playback.capture_moves();
}

void Prefetch::follow_playback()
{
    std::lock_guard<std::mutex> linked(link_->mutex);
    Playback *playback = link_->playback;
    if (!playback)
    {
        fail("the playback has been closed");
    }
    std::lock_guard<std::mutex> lock_playback(playback->mutex());
    const uint64_t changes = changes_of(*playback);
    if (changes == known_changes_)
    {
        return;
    }
    known_changes_ = changes;
    if (cursor_)
    {
        cursor_.emplace(playback->capture_cursor());
    }
    std::lock_guard<std::mutex> lock(mutex_);
    position_ = taken_;
    ++epoch_;
    queue_.clear();
    exhausted_ = false;
    work_.notify_one();
}

void Prefetch::move_playback(const Item &item)
{
    std::lock_guard<std::mutex> linked(link_->mutex);
    if (item.cursor && link_->playback)
    {
        std::lock_guard<std::mutex> lock(link_->playback->mutex());
        known_changes_ = link_->playback->move_captures(*item.cursor);
    }
}

Prefetch::Result Prefetch::next(int timeout_ms, Ref<Capture> *capture)
{
    if (is_orphan())
    {
        fail("the threads that read ahead did not come along into this process: start them after fork()");
    }
    follow_playback();
    ItemPointer item;
    {
        std::unique_lock<std::mutex> lock(mutex_);
        const auto is_ready = [this] { return !queue_.empty() && queue_.front()->ready; };
        if (timeout_ms < 0)
        {
            ready_.wait(lock, is_ready);
        }
        else if (!ready_.wait_for(lock, std::chrono::milliseconds(timeout_ms), is_ready))
        {
            return Result::timeout;
        }
        item = queue_.front();
        if (!item->end) // the end stays
        {
            queue_.pop_front();
            ++taken_;
            work_.notify_one();
        }
    }
    move_playback(*item);
    if (!item->error.empty())
    {
        throw Error(item->error);
    }
    *capture = std::move(item->capture);
    return item->end ? Result::end : Result::capture;
}

} // namespace k4a_rp
