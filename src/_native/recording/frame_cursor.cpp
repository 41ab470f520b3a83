#include "recording/frame_cursor.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cinttypes>

namespace k4a_rp
{

FrameCursor::FrameCursor(mkv::BlockReader &reader, const File &file, uint64_t track, FrameTime frame_time)
    : reader_(reader), file_(file), track_(track), frame_time_(std::move(frame_time))
{
}

void FrameCursor::seek(int64_t time_ns)
{
    seek_ns_ = time_ns;
    place_ = Place::unset;
    pending_ = false;
    block_ = {};
}

void FrameCursor::load()
{
    frames_.clear();
    // A damaged size can be anything that fits the file. Frames with a time of their own are samples of a few bytes.
    constexpr uint64_t most = uint64_t(1) << 30;
    constexpr uint64_t most_samples = uint64_t(1) << 20;
    if (block_->size > (frame_time_ ? most_samples : most))
    {
        payload_.clear();
        return;
    }
    payload_.resize(static_cast<size_t>(block_->size));
    if (file_.read_at(block_->offset, payload_.data(), payload_.size()) == payload_.size() &&
        !mkv::split_laces(block_->lacing, payload_.data(), payload_.size(), &frames_))
    {
        frames_.clear();
    }
}

TrackFrame FrameCursor::current() const
{
    if (frames_.empty())
    {
        fail("the block at %" PRIu64 " cannot be read or split into frames", block_->offset);
    }
    TrackFrame frame;
    frame.data = payload_.data() + frames_[index_].offset;
    frame.size = frames_[index_].size;
    frame.time_ns = block_->time_ns;
    if (frames_.size() > 1 && block_->duration_ns > 0)
    {
        const int64_t steps = static_cast<int64_t>(frames_.size()) - 1;
        // Quotient and remainder apart: the product could leave 64 bits in a damaged file.
        const int64_t span = block_->duration_ns - 1;
        const int64_t i = static_cast<int64_t>(index_);
        frame.time_ns += span / steps * i + span % steps * i / steps;
    }
    return frame;
}

bool FrameCursor::enter(const mkv::BlockPosition &block, bool at_last_frame)
{
    if (!block)
    {
        return false;
    }
    block_ = block;
    load();
    index_ = at_last_frame && !frames_.empty() ? frames_.size() - 1 : 0;
    place_ = Place::at;
    return true;
}

bool FrameCursor::step_forward()
{
    if (index_ + 1 < frames_.size())
    {
        ++index_;
        return true;
    }
    return enter(reader_.next(block_, track_), false);
}

bool FrameCursor::step_backward()
{
    if (index_ > 0)
    {
        --index_;
        return true;
    }
    return enter(reader_.previous(block_, track_), true);
}

// Finds the first frame at or after the seek time in two steps, as the SDK does: the first block that ends at or after
// it, by the times of the file; in a block of several frames the first one by the frames' own times.
void FrameCursor::settle()
{
    if (seek_ns_ <= 0) // the beginning, whatever the frames say of their time
    {
        pending_ = enter(reader_.first(track_), false);
        place_ = pending_ ? Place::at : Place::end;
        return;
    }
    const auto ends_before = [this](const mkv::BlockPosition &block) {
        return block->time_ns + std::max<int64_t>(block->duration_ns - 1, 0) < seek_ns_;
    };
    mkv::BlockPosition block = reader_.before_time(track_, seek_ns_);
    block = block ? block : reader_.first(track_);
    while (block && ends_before(block))
    {
        block = reader_.next(block, track_);
    }
    bool found = enter(block, false);
    while (found && frames_.size() > 1 && block_.cluster == block.cluster && block_.index == block.index)
    {
        const TrackFrame frame = current();
        if ((frame_time_ ? frame_time_(frame) : frame.time_ns) >= seek_ns_)
        {
            break;
        }
        found = step_forward();
    }
    place_ = found ? Place::at : Place::end;
    pending_ = found;
}

bool FrameCursor::next(TrackFrame *frame)
{
    if (place_ == Place::unset)
    {
        settle();
    }
    bool found = false;
    switch (place_)
    {
    case Place::begin:
        found = enter(reader_.first(track_), false);
        break;
    case Place::at:
        found = pending_ || step_forward();
        break;
    default:
        break;
    }
    pending_ = false;
    if (!found)
    {
        place_ = Place::end;
        return false;
    }
    *frame = current();
    return true;
}

bool FrameCursor::previous(TrackFrame *frame)
{
    if (place_ == Place::unset)
    {
        settle();
    }
    pending_ = false;
    bool found = false;
    switch (place_)
    {
    case Place::end:
        found = enter(reader_.last(track_), true);
        break;
    case Place::at:
        found = step_backward();
        break;
    default:
        break;
    }
    if (!found)
    {
        place_ = Place::begin;
        return false;
    }
    *frame = current();
    return true;
}

} // namespace k4a_rp
