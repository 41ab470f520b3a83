// What stands in front of the clusters of a recording: tracks, tags, attachments and Info, in the order in which
// k4arecord writes them.
#pragma once

#include "mkv/writer.hpp"

#include <k4a/k4atypes.h>

#include <string>
#include <vector>

namespace k4a_rp
{

struct TrackSpec
{
    std::string name;
    unsigned type = 0; // names::track_type_*
    std::string codec;
    bool has_codec_private = false;
    std::vector<uint8_t> codec_private;
    uint64_t frame_rate = 0; // video only
    uint64_t default_duration_ns = 0;
    uint64_t width = 0;
    uint64_t height = 0;
    bool high_frequency = false; // many small frames: several share a block
    bool custom = false;
    uint64_t number = 0;
    uint64_t uid = 0;
};

struct TagSpec
{
    std::string name;
    std::string value;
    uint64_t track_uid = 0;
    uint64_t attachment_uid = 0;
};

struct AttachmentSpec
{
    std::string name;
    std::string mime_type = "application/octet-stream";
    std::vector<uint8_t> bytes;
    uint64_t uid = 0;
};

class RecordingHeader
{
public:
    RecordingHeader();

    // Returns the index of the track; its number is one more. A uid of 0 is replaced by a random one.
    size_t add_track(TrackSpec track);
    void add_tag(TagSpec tag) { tags_.push_back(std::move(tag)); }
    void add_tag(const std::string &name, const std::string &value) { tags_.push_back({name, value, 0, 0}); }
    uint64_t add_attachment(AttachmentSpec attachment);

    const std::vector<TrackSpec> &tracks() const { return tracks_; }
    std::vector<TrackSpec> &tracks() { return tracks_; }
    const std::vector<TagSpec> &tags() const { return tags_; }
    // -1: no such track.
    int find_track(const std::string &name) const;

    mkv::Front front() const;
    mkv::ElementWriter tags_content() const;
    // Without a duration when it is negative.
    mkv::ElementWriter info_content(double duration_usec) const;

private:
    std::vector<TrackSpec> tracks_;
    std::vector<TagSpec> tags_;
    std::vector<AttachmentSpec> attachments_;
    int64_t date_ns_; // since the first day of 2001
};

// A-Z, 0-9, - and _: what names of tags and tracks are made of.
bool is_plain_name(const std::string &name);

// The tracks and tags of a camera in this configuration. Throws Error when there is no such configuration.
void add_camera_tracks(const k4a_device_configuration_t &configuration, RecordingHeader *header);

} // namespace k4a_rp
