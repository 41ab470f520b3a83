// The clusters of a recording that is being written: turns windows of sorted frames into clusters, and merges what
// comes late into clusters that are on disk already.
#pragma once

#include "recording/recording_header.hpp"
#include "recording/sort_queue.hpp"

#include <deque>
#include <memory>

namespace k4a_rp
{

class RecordingFile
{
public:
    RecordingFile(std::unique_ptr<OutputFile> file, RecordingHeader *header);

    void write_header();
    void write_window(const Window &window);
    // All of them belong between frames that were written in the last two seconds.
    void merge(std::vector<QueuedFrame> late);
    // Windows that end before are never merged into again.
    void forget_before(uint64_t time_ns);
    void sync() { writer_.file().sync(); }
    // Gives back what a failed write left behind.
    void cut_back() { writer_.cut_back(); }
    void finish(uint64_t newest_ns);

    uint64_t bytes() const { return writer_.end(); }
    uint64_t replaced_bytes() const { return replaced_bytes_; }
    bool started() const { return started_; }

private:
    struct WrittenFrame
    {
        uint64_t time_ns;
        uint64_t sequence;
        size_t track;
        mkv::Payload payload;
    };

    // A cluster on disk; its frames' payloads lie in the file.
    struct WrittenWindow
    {
        uint64_t begin_ns;
        uint64_t end_ns;
        uint64_t offset;
        std::vector<WrittenFrame> frames; // sorted
    };

    static WrittenFrame in_memory(const QueuedFrame &frame);
    mkv::ClusterWriter compose(const std::vector<WrittenFrame> &frames) const;
    void start(uint64_t time_ns);
    static void place(WrittenWindow *window, const mkv::ClusterWriter &cluster, uint64_t offset);

    RecordingHeader *header_;
    mkv::Writer writer_;
    bool started_ = false;
    uint64_t start_ns_ = 0;
    uint64_t replaced_bytes_ = 0;
    std::deque<WrittenWindow> recent_;
};

} // namespace k4a_rp
