#include "recording/recording_file.hpp"

#include "recording/names.hpp"

#include <algorithm>

namespace k4a_rp
{

RecordingFile::RecordingFile(std::unique_ptr<OutputFile> file, RecordingHeader *header)
    : header_(header), writer_(std::move(file))
{
}

void RecordingFile::write_header()
{
    writer_.write_header(header_->front());
}

RecordingFile::WrittenFrame RecordingFile::in_memory(const QueuedFrame &frame)
{
    return {frame.time_ns, frame.sequence, frame.track, {frame.data(), 0, frame.size, frame.crc}};
}

// The start offset is known from the first frame on, and has its place before any frame can be seen.
void RecordingFile::start(uint64_t time_ns)
{
    started_ = true;
    start_ns_ = time_ns;
    header_->add_tag(names::start_offset_tag, std::to_string(time_ns));
    writer_.replace_tags(header_->tags_content());
}

mkv::ClusterWriter RecordingFile::compose(const std::vector<WrittenFrame> &frames) const
{
    std::vector<mkv::OutputBlock> blocks;
    const auto ticks = [this](const WrittenFrame &frame) {
        return static_cast<int64_t>((frame.time_ns - start_ns_) / 1000);
    };
    for (size_t i = 0; i < frames.size();)
    {
        const TrackSpec &track = header_->tracks()[frames[i].track];
        mkv::OutputBlock block;
        block.track = track.number;
        block.ticks = ticks(frames[i]);
        size_t end = i + 1;
        if (track.high_frequency)
        {
            while (end < frames.size() && frames[end].track == frames[i].track && end - i < mkv::most_laced)
            {
                ++end;
            }
            block.grouped = true;
            block.duration = static_cast<uint64_t>(ticks(frames[end - 1]) - block.ticks + 1);
        }
        else
        {
            block.flags = 0x80; // a key frame
        }
        block.payloads.reserve(end - i);
        for (; i < end; ++i)
        {
            block.payloads.push_back(frames[i].payload);
        }
        mkv::choose_lacing(&block);
        blocks.push_back(std::move(block));
    }
    return mkv::ClusterWriter(ticks(frames.front()), std::move(blocks));
}

// Remembers where the payloads lie instead of the memory they came from.
void RecordingFile::place(WrittenWindow *window, const mkv::ClusterWriter &cluster, uint64_t offset)
{
    window->offset = offset;
    for (size_t i = 0; i < window->frames.size(); ++i)
    {
        window->frames[i].payload.data = nullptr;
        window->frames[i].payload.offset = offset + cluster.payload_offset(i);
    }
}

void RecordingFile::write_window(const Window &window)
{
    if (!started_)
    {
        start(window.frames.front().time_ns);
    }
    WrittenWindow written{window.begin_ns, window.end_ns, 0, {}};
    written.frames.reserve(window.frames.size());
    for (const QueuedFrame &frame : window.frames)
    {
        written.frames.push_back(in_memory(frame));
    }
    std::vector<mkv::ClusterWriter> clusters;
    clusters.push_back(compose(written.frames));
    const std::vector<uint64_t> offsets = writer_.append(clusters, {});
    place(&written, clusters[0], offsets[0]);
    recent_.push_back(std::move(written));
}

void RecordingFile::merge(std::vector<QueuedFrame> late)
{
    std::stable_sort(late.begin(), late.end(), [](const QueuedFrame &a, const QueuedFrame &b) {
        return a.time_ns < b.time_ns;
    });
    const uint64_t first_ns = late.front().time_ns;
    const auto affected = std::find_if(
        recent_.begin(), recent_.end(), [&](const WrittenWindow &window) { return window.end_ns > first_ns; });
    std::deque<WrittenWindow> merged(affected, recent_.end());
    const uint64_t first_old = affected == recent_.end() ? writer_.end() : affected->offset;
    uint64_t before_ns = affected == recent_.begin() ? 0 : std::prev(affected)->end_ns;

    size_t at = 0;
    for (const QueuedFrame &frame : late)
    {
        while (at < merged.size() && merged[at].end_ns <= frame.time_ns)
        {
            before_ns = merged[at++].end_ns;
        }
        if (at == merged.size() || frame.time_ns < merged[at].begin_ns)
        {
            // Between two clusters: one of its own, where the grid has it.
            const uint64_t grid = frame.time_ns / SortQueue::window_ns * SortQueue::window_ns;
            uint64_t end = grid + SortQueue::window_ns;
            end = at < merged.size() ? std::min(end, merged[at].begin_ns) : end;
            const auto place = merged.begin() + static_cast<std::ptrdiff_t>(at);
            merged.insert(place, WrittenWindow{std::max(grid, before_ns), end, 0, {}});
        }
        std::vector<WrittenFrame> &frames = merged[at].frames;
        const auto place = std::upper_bound(
            frames.begin(), frames.end(), frame.time_ns, [](uint64_t time_ns, const WrittenFrame &other) {
                return time_ns < other.time_ns;
            });
        frames.insert(place, in_memory(frame));
    }

    std::vector<mkv::ClusterWriter> clusters;
    for (const WrittenWindow &window : merged)
    {
        clusters.push_back(compose(window.frames));
    }
    const uint64_t old_end = writer_.end();
    const auto source = [this](uint64_t offset, void *data, size_t size) {
        writer_.file().read_at(offset, data, size);
    };
    const bool instead = affected != recent_.end();
    const std::vector<uint64_t> offsets =
        instead ? writer_.append_instead(first_old, clusters, source) : writer_.append(clusters, source);
    replaced_bytes_ += old_end - first_old;
    for (size_t i = 0; i < merged.size(); ++i)
    {
        place(&merged[i], clusters[i], offsets[i]);
    }
    recent_.erase(affected, recent_.end());
    std::move(merged.begin(), merged.end(), std::back_inserter(recent_));
}

void RecordingFile::forget_before(uint64_t time_ns)
{
    while (!recent_.empty() && recent_.front().end_ns <= time_ns)
    {
        recent_.pop_front();
    }
}

void RecordingFile::finish(uint64_t newest_ns)
{
    const uint64_t length_ns = started_ && newest_ns > start_ns_ ? newest_ns - start_ns_ : 0;
    writer_.finish(header_->info_content(static_cast<double>(length_ns) / 1000));
    writer_.file().close();
}

} // namespace k4a_rp
