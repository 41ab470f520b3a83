// Which blocks of the camera tracks make one capture. Works on timestamps alone; pixels are never touched.
#pragma once

#include "mkv/block_reader.hpp"
#include "recording/metadata.hpp"

#include <algorithm>
#include <iterator>

namespace k4a_rp
{

// The blocks of one capture by Slot; empty where an image is missing.
struct Group
{
    mkv::BlockPosition blocks[3];
};

// A place between captures that moves in both directions. find_* only look; the caller advances track by track, so
// that a failure while reading leaves the tracks behind it where they were, as the SDK does.
class CaptureCursor
{
public:
    CaptureCursor(mkv::BlockReader &reader, const Metadata &metadata);

    // The next capture is then the first that reaches beyond this time, the previous one the last that lies before.
    void seek(int64_t time_ns);

    // To the place of another cursor of the same recording.
    void move_to(const CaptureCursor &other)
    {
        seek_ns_ = other.seek_ns_;
        std::copy(std::begin(other.tracks_), std::end(other.tracks_), std::begin(tracks_));
    }

    // False: there is none; the cursor has moved to that end of the recording.
    bool find_next(Group *group);
    bool find_previous(Group *group);
    void advance(Slot slot, const mkv::BlockPosition &block);

private:
    enum class Place
    {
        unset, // decided by the seek time at first use
        at,    // on the block that was returned last
        begin, // before the first block
        end    // behind the last block
    };

    struct Lookup // remembered, since a track may have to be searched far for its next block
    {
        bool known = false;
        mkv::BlockPosition block;
    };

    struct TrackState
    {
        bool enabled = false;
        uint64_t number = 0;
        int64_t delay_ns = 0;
        Place place = Place::unset;
        mkv::BlockPosition block;
        Lookup after;
        Lookup before;
    };

    const mkv::BlockPosition &after(TrackState &track);
    const mkv::BlockPosition &before(TrackState &track);
    static int64_t sync_time(const TrackState &track, const mkv::BlockPosition &block)
    {
        return block->time_ns + track.delay_ns;
    }
    void move(TrackState &track, Place place, const mkv::BlockPosition &block);
    void leave_tracks(const Group &group, Place end);
    bool step_over_split_capture(const Group &group, int64_t earliest);

    mkv::BlockReader &reader_;
    int64_t window_ns_;
    int64_t seek_ns_ = 0;
    TrackState tracks_[3];
};

} // namespace k4a_rp
