// The metadata elements of a Matroska file: Info, Tracks, Tags, Attachments and Cues.
#include "mkv/document.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace k4a_rp::mkv
{

// Metadata is read into memory whole; real recordings have a few kilobytes of it.
static constexpr uint64_t largest_metadata = 64u << 20;
// An entry costs many times the few bytes that it may have in the file, so their number is limited as well: far above
// what any recording has. Further ones are left out.
static constexpr size_t most_tracks = 1 << 12;
static constexpr size_t most_tags = 1 << 18;
static constexpr size_t most_attachments = 1 << 16;
static constexpr size_t most_cues = 1 << 21;

void Document::read_info(const Element &element)
{
    const std::vector<uint8_t> payload = read_payload(element, largest_metadata);
    have_info_ = true;
    Span rest{payload.data(), payload.size()};
    uint32_t child;
    for (Span value; next_child(&rest, &child, &value);)
    {
        if (child == id::timecode_scale)
        {
            timecode_scale_ = value.as_unsigned();
            if (timecode_scale_ == 0)
            {
                fail("the recording says that its clock does not move (TimecodeScale 0)");
            }
        }
    }
}

static void read_video(Span video, Track *track)
{
    track->has_video = true;
    uint32_t child;
    for (Span value; next_child(&video, &child, &value);)
    {
        if (child == id::pixel_width)
        {
            track->width = value.as_unsigned();
        }
        else if (child == id::pixel_height)
        {
            track->height = value.as_unsigned();
        }
    }
}

static Track read_track(Span entry)
{
    Track track;
    uint32_t child;
    for (Span value; next_child(&entry, &child, &value);)
    {
        switch (child)
        {
        case id::track_number:
            track.number = value.as_unsigned();
            break;
        case id::track_uid:
            track.uid = value.as_unsigned();
            break;
        case id::track_type:
            track.type = value.as_unsigned();
            break;
        case id::track_name:
            track.name = value.as_text();
            break;
        case id::codec_id:
            track.codec_id = value.as_text();
            break;
        case id::codec_private:
            track.codec_private.assign(value.data, value.data + value.size);
            break;
        case id::default_duration:
            track.default_duration_ns = value.as_unsigned();
            break;
        case id::video:
            read_video(value, &track);
            break;
        default:
            break;
        }
    }
    return track;
}

void Document::read_tracks(const Element &element)
{
    const std::vector<uint8_t> payload = read_payload(element, largest_metadata);
    have_tracks_ = true;
    Span rest{payload.data(), payload.size()};
    uint32_t child;
    for (Span entry; next_child(&rest, &child, &entry);)
    {
        if (child != id::track_entry || tracks_.size() >= most_tracks)
        {
            continue;
        }
        Track track = read_track(entry);
        const bool taken = std::any_of(
            tracks_.begin(), tracks_.end(), [&](const Track &other) { return other.name == track.name; });
        if (!taken) // of tracks with one name the first counts
        {
            tracks_.push_back(std::move(track));
        }
    }
    if (rest.size != 0)
    {
        damage_.note(DamageLog::corrupt, element.end() - rest.size, rest.size);
    }
}

static void read_targets(Span targets, Tag *target)
{
    uint32_t child;
    for (Span value; next_child(&targets, &child, &value);)
    {
        if (child == id::target_type)
        {
            target->target_type = value.as_text();
        }
        else if (child == id::tag_track_uid)
        {
            target->track_uid = value.as_unsigned();
        }
        else if (child == id::tag_attachment_uid)
        {
            target->attachment_uid = value.as_unsigned();
        }
    }
}

static void read_tag(Span content, std::vector<Tag> *tags)
{
    Tag target;
    const size_t first = tags->size();
    uint32_t child;
    for (Span value; next_child(&content, &child, &value);)
    {
        if (child == id::targets)
        {
            read_targets(value, &target);
        }
        else if (child == id::simple_tag && tags->size() < most_tags)
        {
            Tag tag;
            uint32_t part;
            for (Span text; next_child(&value, &part, &text);)
            {
                if (part == id::tag_name)
                {
                    tag.name = text.as_text();
                }
                else if (part == id::tag_string)
                {
                    tag.value = text.as_text();
                }
            }
            tags->push_back(std::move(tag));
        }
    }
    for (size_t i = first; i < tags->size(); ++i)
    {
        (*tags)[i].target_type = target.target_type;
        (*tags)[i].track_uid = target.track_uid;
        (*tags)[i].attachment_uid = target.attachment_uid;
    }
}

void Document::read_tags(const Element &element)
{
    const std::vector<uint8_t> payload = read_payload(element, largest_metadata);
    have_tags_ = true;
    Span rest{payload.data(), payload.size()};
    uint32_t child;
    for (Span content; next_child(&rest, &child, &content);)
    {
        if (child == id::tag)
        {
            read_tag(content, &tags_);
        }
    }
    if (rest.size != 0)
    {
        damage_.note(DamageLog::corrupt, element.end() - rest.size, rest.size);
    }
}

void Document::read_attachments(const Element &element)
{
    have_attachments_ = true;
    Element file;
    for (uint64_t at = element.data; read_element(window_, at, element.end(), &file) && file.fits(element.end());
         at = file.end())
    {
        if (file.id != id::attached_file || attachments_.size() >= most_attachments)
        {
            continue;
        }
        Attachment attachment;
        Element part;
        for (uint64_t inner = file.data; read_element(window_, inner, file.end(), &part) && part.fits(file.end());
             inner = part.end())
        {
            if (part.id == id::file_data)
            {
                attachment.offset = part.data;
                attachment.size = part.size;
            }
            else if (part.id == id::file_name || part.id == id::file_uid)
            {
                const std::vector<uint8_t> bytes = read_payload(part, 65536);
                const Span value{bytes.data(), bytes.size()};
                if (part.id == id::file_name)
                {
                    attachment.name = value.as_text();
                }
                else
                {
                    attachment.uid = value.as_unsigned();
                }
            }
        }
        attachments_.push_back(std::move(attachment));
    }
}

const std::vector<Attachment> &Document::attachments()
{
    if (!have_attachments_)
    {
        walk_rest();
    }
    return attachments_;
}

std::vector<Cue> Document::read_cues()
{
    std::vector<Cue> cues;
    if (!cues_known_ || cues_.size > largest_metadata)
    {
        return cues;
    }
    const std::vector<uint8_t> payload = read_payload(cues_, largest_metadata);
    Span rest{payload.data(), payload.size()};
    uint32_t child;
    for (Span point; next_child(&rest, &child, &point);)
    {
        if (child != id::cue_point || cues.size() >= most_cues)
        {
            continue;
        }
        Cue cue;
        uint64_t ticks = 0;
        uint32_t part;
        for (Span value; next_child(&point, &part, &value);)
        {
            if (part == id::cue_time)
            {
                ticks = value.as_unsigned();
            }
            else if (part == id::cue_track_positions)
            {
                uint32_t field;
                for (Span number; next_child(&value, &field, &number);)
                {
                    if (field == id::cue_cluster_position)
                    {
                        cue.offset = number.as_unsigned();
                    }
                }
            }
        }
        const bool possible = ticks <= (uint64_t(1) << 60) / timecode_scale_ && cue.offset < end_ - segment_data_;
        if (possible)
        {
            cue.time_ns = static_cast<int64_t>(ticks * timecode_scale_);
            cue.offset += segment_data_;
            cues.push_back(cue);
        }
    }
    return cues;
}

} // namespace k4a_rp::mkv
