// Data on its way to the file: sorted into windows of 32 ms, which become clusters. Decides what is ready to be
// written, what comes late but still has its place, and what comes too late. Knows nothing of threads or files.
#pragma once

#include "core/buffer.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace k4a_rp
{

// One frame of one track with its bytes.
struct QueuedFrame
{
    uint64_t time_ns = 0; // device time
    uint64_t sequence = 0;
    size_t track = 0; // index
    size_t size = 0;
    uint32_t crc = 0;

    static constexpr size_t largest_small = 40; // an IMU sample: no allocation for it
    std::array<uint8_t, largest_small> small{};
    Buffer large;

    const uint8_t *data() const { return size <= largest_small ? small.data() : large.data(); }
    uint8_t *make_room(size_t bytes)
    {
        size = bytes;
        if (bytes > largest_small)
        {
            large = Buffer(bytes);
        }
        return bytes <= largest_small ? small.data() : large.data();
    }
    // What it costs to keep.
    size_t weight() const { return sizeof(QueuedFrame) + (size > largest_small ? size : 0); }
};

struct Window
{
    uint64_t begin_ns = 0;
    uint64_t end_ns = 0;
    std::vector<QueuedFrame> frames; // in order of arrival
};

class SortQueue
{
public:
    static constexpr uint64_t window_ns = 32000000;
    static constexpr uint64_t latest_ns = 2000000000; // what comes later than this behind the newest is refused

    // The newest `sort_ns` of data wait to be sorted.
    explicit SortQueue(uint64_t sort_ns) : sort_ns_(sort_ns) {}

    enum class Verdict
    {
        taken,          // waits for its turn
        late,           // belongs among what was written already: see late()
        before_start,   // older than the beginning of the recording
        too_late
    };
    Verdict add(QueuedFrame frame);

    // The oldest window has been open for long enough.
    bool ready() const;
    bool empty() const { return windows_.empty(); }
    // The oldest window; one that is still open ends with its last frame.
    Window take();
    // What came late, to be merged into what is written. Forgets it.
    std::vector<QueuedFrame> take_late();
    bool has_late() const { return !late_.empty(); }
    // Windows begin anew from what was taken last, as after k4a_record_flush.
    void restart_grid() { grid_ns_ = written_ns_; }
    // Forgets everything that waits; returns its weight.
    size_t clear();

    uint64_t newest_ns() const { return newest_ns_; }
    // Up to where everything has been taken.
    uint64_t written_ns() const { return written_ns_; }
    bool started() const { return started_; }
    uint64_t start_ns() const { return start_ns_; }

private:
    Window &window_for(uint64_t time_ns);
    void note_lateness(uint64_t time_ns);

    uint64_t sort_ns_;
    std::map<uint64_t, Window> windows_; // by begin
    std::vector<QueuedFrame> late_;
    uint64_t sequence_ = 0;
    uint64_t grid_ns_ = 0;
    uint64_t newest_ns_ = 0;
    uint64_t written_ns_ = 0;
    uint64_t start_ns_ = 0;
    bool started_ = false;

    // How far data comes out of order, of this second and the one before: waiting for it is cheaper than writing
    // clusters again.
    uint64_t lateness_second_ = 0;
    uint64_t lateness_ns_[2] = {0, 0};
};

} // namespace k4a_rp
