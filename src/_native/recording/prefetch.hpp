// Reads captures of a playback ahead of the one who wants them, on threads of its own: in order, never more than a
// given number, pixels loaded and converted.
#pragma once

#include "recording/playback.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace k4a_rp
{

class Prefetch : public HandleObject
{
public:
    static constexpr size_t handle_marker = 0x6b34615f70726631u;

    enum class Result
    {
        capture,
        end,
        timeout
    };

    // Throws Error where the options make no sense.
    Prefetch(Playback &playback, const k4a_rp_prefetch_options_t &options);
    // Waits for the images that are being loaded, not for more.
    ~Prefetch();
    // In a forked child: the threads are not there, and what they held is lost. Such an object must not be destroyed.
    bool is_orphan() const;

    // The next capture, and the playback stands behind it, as if it had been read there and then: whoever stops here
    // goes on where this left off. Was the playback moved or its colour format changed in the meantime, this follows.
    // Negative: wait for ever. Throws Error where reading that capture failed, as k4a_playback_get_next_capture would,
    // and once the playback is closed.
    Result next(int timeout_ms, Ref<Capture> *capture);

private:
    struct Item
    {
        uint64_t epoch = 0;
        Ref<Capture> capture;
        std::string error;
        bool end = false;
        bool ready = false;
        std::optional<CaptureCursor> cursor; // behind the capture
    };
    using ItemPointer = std::shared_ptr<Item>;

    void work();
    void read(Item *item);
    bool read_stream(Playback &playback, Item *item);
    bool read_indexed(Playback &playback, Item *item);
    void load(const Item &item) const;
    uint64_t changes_of(const Playback &playback) const;
    void follow_playback();
    void move_playback(const Item &item);
    void stop();

    const k4a_rp_prefetch_options_t options_;
    const std::shared_ptr<PlaybackLink> link_;

    // Under the link's mutex: where reading goes on.
    std::optional<CaptureCursor> cursor_;
    uint64_t position_ = 0;
    uint64_t known_changes_ = 0;

    std::mutex mutex_;
    std::condition_variable work_;  // there is something to read, or to stop
    std::condition_variable ready_; // the first in the queue is ready
    std::deque<ItemPointer> queue_;
    uint64_t taken_ = 0; // by whoever asked
    uint64_t epoch_ = 0; // counts changes of the playback: what was read for another place or format is thrown away
    bool reading_ = false;
    bool exhausted_ = false;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
    const long process_;
};

} // namespace k4a_rp
