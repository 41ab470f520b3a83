// A place between the frames of one track (IMU or custom), where a block may hold many frames.
#pragma once

#include "mkv/block_reader.hpp"

#include <functional>
#include <vector>

namespace k4a_rp
{

struct TrackFrame
{
    int64_t time_ns = 0; // from the start of the file; of laced frames estimated from the block's duration
    const uint8_t *data = nullptr; // valid until the cursor moves
    size_t size = 0;
};

class FrameCursor
{
public:
    // Tells the time by which frames are compared with a seek time, for tracks that carry their own.
    using FrameTime = std::function<int64_t(const TrackFrame &)>;

    FrameCursor(mkv::BlockReader &reader, const File &file, uint64_t track, FrameTime frame_time = {});

    void seek(int64_t time_ns);

    // False: there is none; the cursor has moved to that end. Throws Error, having moved on, where a frame cannot be
    // read.
    bool next(TrackFrame *frame);
    bool previous(TrackFrame *frame);

private:
    enum class Place
    {
        unset,
        at,
        begin,
        end
    };

    void settle();
    bool step_forward();
    bool step_backward();
    bool enter(const mkv::BlockPosition &block, bool at_last_frame);
    void load();
    TrackFrame current() const;

    mkv::BlockReader &reader_;
    const File &file_;
    uint64_t track_;
    FrameTime frame_time_;
    int64_t seek_ns_ = 0;

    Place place_ = Place::unset;
    // Behind a seek the cursor rests on the first frame at or after the seek time, which next() has yet to return.
    bool pending_ = false;
    mkv::BlockPosition block_;
    std::vector<uint8_t> payload_;
    std::vector<mkv::Frame> frames_; // empty: the block's lacing is broken
    size_t index_ = 0;
};

} // namespace k4a_rp
