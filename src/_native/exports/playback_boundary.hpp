// A playback handle, checked and locked for one call: several threads may use one handle.
#pragma once

#include "exports/boundary.hpp"
#include "recording/playback.hpp"

namespace k4a_rp
{

class LockedPlayback
{
public:
    explicit LockedPlayback(k4a_playback_t handle) : playback_(checked<Playback>(handle)), lock_(playback_->mutex()) {}

    Playback *operator->() const { return playback_; }
    Playback &operator*() const { return *playback_; }

    const mkv::Track *require_track(const char *name) const
    {
        const mkv::Track *track = playback_->track(require(name, "track_name"));
        if (!track)
        {
            fail("the recording has no track %s", name);
        }
        return track;
    }

private:
    Playback *playback_;
    std::unique_lock<std::mutex> lock_;
};

} // namespace k4a_rp
