#include "recording/grouping.hpp"

#include <algorithm>
#include <limits>

namespace k4a_rp
{

CaptureCursor::CaptureCursor(mkv::BlockReader &reader, const Metadata &metadata)
    : reader_(reader), window_ns_(metadata.frame_period_ns / 2)
{
    for (size_t i = 0; i < 3; ++i)
    {
        const CameraTrack &camera = metadata.cameras[i];
        tracks_[i].enabled = camera.track != nullptr;
        tracks_[i].number = camera.track ? camera.track->number : 0;
        tracks_[i].delay_ns = camera.sync_delay_ns;
    }
}

void CaptureCursor::move(TrackState &track, Place place, const mkv::BlockPosition &block)
{
    track.place = place;
    track.block = block;
    track.after = Lookup();
    track.before = Lookup();
}

void CaptureCursor::seek(int64_t time_ns)
{
    seek_ns_ = time_ns;
    for (TrackState &track : tracks_)
    {
        move(track, Place::unset, {});
    }
}

const mkv::BlockPosition &CaptureCursor::after(TrackState &track)
{
    if (!track.after.known)
    {
        track.after.known = true;
        switch (track.place)
        {
        case Place::unset:
            track.after.block = reader_.at_time(track.number, seek_ns_ - track.delay_ns);
            break;
        case Place::at:
            track.after.block = reader_.next(track.block, track.number);
            break;
        case Place::begin:
            track.after.block = reader_.first(track.number);
            break;
        case Place::end:
            break;
        }
    }
    return track.after.block;
}

const mkv::BlockPosition &CaptureCursor::before(TrackState &track)
{
    if (!track.before.known)
    {
        track.before.known = true;
        switch (track.place)
        {
        case Place::unset:
        {
            const mkv::BlockPosition &next = after(track);
            track.before.block = next ? reader_.previous(next, track.number) : reader_.last(track.number);
            break;
        }
        case Place::at:
            track.before.block = reader_.previous(track.block, track.number);
            break;
        case Place::end:
            track.before.block = reader_.last(track.number);
            break;
        case Place::begin:
            break;
        }
    }
    return track.before.block;
}

bool CaptureCursor::find_next(Group *group)
{
    *group = Group();
    int64_t earliest = std::numeric_limits<int64_t>::max();
    bool any = false;
    for (TrackState &track : tracks_)
    {
        if (track.enabled && after(track))
        {
            any = true;
            earliest = std::min(earliest, sync_time(track, after(track)));
        }
    }
    if (!any)
    {
        for (TrackState &track : tracks_)
        {
            move(track, Place::end, {});
        }
        return false;
    }
    int64_t latest = earliest;
    for (size_t i = 0; i < 3; ++i)
    {
        TrackState &track = tracks_[i];
        if (track.enabled && after(track) && sync_time(track, after(track)) - earliest < window_ns_)
        {
            group->blocks[i] = after(track);
            latest = std::max(latest, sync_time(track, after(track)));
        }
    }
    // Where the seek time fell inside a capture, the images that lie before it belong to the capture as well.
    for (size_t i = 0; i < 3; ++i)
    {
        TrackState &track = tracks_[i];
        if (track.enabled && track.place == Place::unset && !group->blocks[i] && before(track) &&
            latest - sync_time(track, before(track)) < window_ns_)
        {
            group->blocks[i] = before(track);
        }
    }
    leave_tracks(*group, Place::end);
    return true;
}

// A track that has nothing in this direction is behind its last block then, not on it: turning around gives that block
// once more.
void CaptureCursor::leave_tracks(const Group &group, Place end)
{
    for (size_t i = 0; i < 3; ++i)
    {
        TrackState &track = tracks_[i];
        if (track.enabled && !group.blocks[i] && !(end == Place::end ? after(track) : before(track)))
        {
            move(track, end, {});
        }
    }
}

// After a seek into the middle of a capture, some of its images lie before the seek time and some behind it. Such a
// capture is not before the seek time: makes it the position and returns true.
bool CaptureCursor::step_over_split_capture(const Group &group, int64_t earliest)
{
    bool split = false;
    Group whole = group;
    for (size_t i = 0; i < 3; ++i)
    {
        TrackState &track = tracks_[i];
        if (track.enabled && track.place == Place::unset && !group.blocks[i] && after(track) &&
            sync_time(track, after(track)) - earliest < window_ns_)
        {
            whole.blocks[i] = after(track);
            split = true;
        }
    }
    for (size_t i = 0; split && i < 3; ++i)
    {
        if (whole.blocks[i])
        {
            move(tracks_[i], Place::at, whole.blocks[i]);
        }
    }
    return split;
}

bool CaptureCursor::find_previous(Group *group)
{
    for (;;)
    {
        *group = Group();
        int64_t latest = std::numeric_limits<int64_t>::min();
        bool any = false;
        for (TrackState &track : tracks_)
        {
            if (track.enabled && before(track))
            {
                any = true;
                latest = std::max(latest, sync_time(track, before(track)));
            }
        }
        if (!any)
        {
            for (TrackState &track : tracks_)
            {
                move(track, Place::begin, {});
            }
            return false;
        }
        int64_t earliest = latest;
        for (size_t i = 0; i < 3; ++i)
        {
            TrackState &track = tracks_[i];
            if (track.enabled && before(track) && latest - sync_time(track, before(track)) < window_ns_)
            {
                group->blocks[i] = before(track);
                earliest = std::min(earliest, sync_time(track, before(track)));
            }
        }
        if (!step_over_split_capture(*group, earliest))
        {
            leave_tracks(*group, Place::begin);
            return true;
        }
    }
}

void CaptureCursor::advance(Slot slot, const mkv::BlockPosition &block)
{
    move(tracks_[static_cast<size_t>(slot)], Place::at, block);
}

} // namespace k4a_rp
