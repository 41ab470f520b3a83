#include "recording/metadata.hpp"

#include "core/bytes.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "recording/names.hpp"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdlib>
#include <cstring>

namespace k4a_rp
{

namespace
{

struct DepthModeName
{
    const char *name;
    k4a_depth_mode_t mode;
    uint64_t width;
    uint64_t height;
};

const DepthModeName depth_modes[] = {
    {"NFOV_2X2BINNED", K4A_DEPTH_MODE_NFOV_2X2BINNED, 320, 288},
    {"NFOV_UNBINNED", K4A_DEPTH_MODE_NFOV_UNBINNED, 640, 576},
    {"WFOV_2X2BINNED", K4A_DEPTH_MODE_WFOV_2X2BINNED, 512, 512},
    {"WFOV_UNBINNED", K4A_DEPTH_MODE_WFOV_UNBINNED, 1024, 1024},
    {"PASSIVE_IR", K4A_DEPTH_MODE_PASSIVE_IR, 1024, 1024},
    {"NFOV_2x2BINNED", K4A_DEPTH_MODE_NFOV_2X2BINNED, 320, 288}, // before 0.8.1
    {"WFOV_2x2BINNED", K4A_DEPTH_MODE_WFOV_2X2BINNED, 512, 512},
};

k4a_color_resolution_t color_resolution(uint64_t width, uint64_t height)
{
    static const struct
    {
        uint64_t width;
        uint64_t height;
        k4a_color_resolution_t resolution;
    } sizes[] = {
        {1280, 720, K4A_COLOR_RESOLUTION_720P},
        {1920, 1080, K4A_COLOR_RESOLUTION_1080P},
        {2560, 1440, K4A_COLOR_RESOLUTION_1440P},
        {2048, 1536, K4A_COLOR_RESOLUTION_1536P},
        {3840, 2160, K4A_COLOR_RESOLUTION_2160P},
        {4096, 3072, K4A_COLOR_RESOLUTION_3072P},
    };
    for (const auto &size : sizes)
    {
        if (size.width == width && size.height == height)
        {
            return size.resolution;
        }
    }
    return K4A_COLOR_RESOLUTION_OFF;
}

// A number at the start of a tag's value; what follows it is ignored, as the SDK does.
int64_t parse_number(const mkv::Tag &tag)
{
    errno = 0;
    char *end = nullptr;
    const long long value = std::strtoll(tag.value.c_str(), &end, 10);
    if (end == tag.value.c_str() || errno == ERANGE)
    {
        fail("the tag %s holds \"%.40s\", which is not a number", tag.name.c_str(), tag.value.c_str());
    }
    return value;
}

uint64_t parse_unsigned(const mkv::Tag &tag)
{
    errno = 0;
    char *end = nullptr;
    const unsigned long long value = std::strtoull(tag.value.c_str(), &end, 10);
    if (end == tag.value.c_str() || errno == ERANGE)
    {
        fail("the tag %s holds \"%.40s\", which is not a number", tag.name.c_str(), tag.value.c_str());
    }
    return value;
}

int64_t number_of_tag(const mkv::Document &document, const char *name)
{
    const mkv::Tag *tag = find_tag(document, name);
    return tag ? parse_number(*tag) : 0;
}

const mkv::Track *track_with_uid(const mkv::Document &document, uint64_t uid)
{
    for (const mkv::Track &track : document.tracks())
    {
        if (track.uid == uid)
        {
            return &track;
        }
    }
    return nullptr;
}

// By the tag K4A_<NAME>_TRACK, else by name.
const mkv::Track *find_built_in(const mkv::Document &document, const char *name)
{
    const std::string tag_name = std::string("K4A_") + name + "_TRACK";
    if (const mkv::Tag *tag = find_tag(document, tag_name.c_str()))
    {
        const uint64_t uid = tag->target_type == names::target_track ?
                                 tag->track_uid :
                                 std::strtoull(tag->value.c_str(), nullptr, 10);
        if (const mkv::Track *track = track_with_uid(document, uid))
        {
            return track;
        }
    }
    return find_track(document, name);
}

void read_storage(CameraTrack &camera, Slot slot)
{
    const mkv::Track &track = *camera.track;
    const char *name = track.name.c_str();
    if (track.type != names::track_type_video || !track.has_video)
    {
        fail("the track %s is not a video track", name);
    }
    if (track.codec_id != names::video_codec)
    {
        fail("the track %s has the codec %.40s, expected %s", name, track.codec_id.c_str(), names::video_codec);
    }
    if (track.codec_private.size() != 40)
    {
        fail("the track %s has a codec context of %zu bytes, expected 40", name, track.codec_private.size());
    }
    if (track.width > 20000 || track.height > 20000)
    {
        fail("the track %s has an impossible size of %" PRIu64 " x %" PRIu64, name, track.width, track.height);
    }
    camera.width = static_cast<int>(track.width);
    camera.height = static_cast<int>(track.height);

    const std::string fourcc(reinterpret_cast<const char *>(&track.codec_private[16]), 4);
    static const struct
    {
        const char *fourcc;
        k4a_image_format_t format;
    } formats[] = {{"MJPG", K4A_IMAGE_FORMAT_COLOR_MJPG},
                   {"NV12", K4A_IMAGE_FORMAT_COLOR_NV12},
                   {"YUY2", K4A_IMAGE_FORMAT_COLOR_YUY2},
                   {"BGRA", K4A_IMAGE_FORMAT_COLOR_BGRA32},
                   {"b16g", K4A_IMAGE_FORMAT_DEPTH16}};
    const auto *known = std::find_if(
        std::begin(formats), std::end(formats), [&](const auto &entry) { return fourcc == entry.fourcc; });
    if (known == std::end(formats))
    {
        fail("the track %s has the unknown format \"%s\"", name, fourcc.c_str());
    }
    camera.format = known->format;
    camera.storage = known->format == K4A_IMAGE_FORMAT_DEPTH16 ? Storage::big_endian_16 : Storage::as_is;
    if (slot != Slot::color)
    {
        // YUY2 is how recordings before 0.8.1 named little-endian words.
        const bool words =
            camera.storage == Storage::big_endian_16 || known->format == K4A_IMAGE_FORMAT_COLOR_YUY2;
        camera.storage = words ? camera.storage : Storage::unreadable;
        camera.format = slot == Slot::depth ? K4A_IMAGE_FORMAT_DEPTH16 : K4A_IMAGE_FORMAT_IR16;
    }
}

void read_frame_rate(Metadata &metadata)
{
    const mkv::Track *first = nullptr;
    for (const CameraTrack &camera : metadata.cameras)
    {
        if (!camera.track)
        {
            continue;
        }
        if (!first)
        {
            first = camera.track;
        }
        else if (camera.track->default_duration_ns != first->default_duration_ns)
        {
            fail("the tracks %s and %s have different frame rates", first->name.c_str(), camera.track->name.c_str());
        }
    }
    metadata.configuration.camera_fps = K4A_FRAMES_PER_SECOND_30;
    metadata.frame_period_ns = 33333333;
    if (!first)
    {
        return;
    }
    const uint64_t period = first->default_duration_ns;
    switch (period ? 1000000000 / period : 0)
    {
    case 5:
        metadata.configuration.camera_fps = K4A_FRAMES_PER_SECOND_5;
        break;
    case 15:
        metadata.configuration.camera_fps = K4A_FRAMES_PER_SECOND_15;
        break;
    case 30:
        metadata.configuration.camera_fps = K4A_FRAMES_PER_SECOND_30;
        break;
    default:
        fail("the track %s has a frame duration of %" PRIu64 " ns; 5, 15 or 30 frames per second are known",
             first->name.c_str(),
             period);
    }
    metadata.frame_period_ns = static_cast<int64_t>(period);
}

void read_depth_mode(const mkv::Document &document, Metadata &metadata)
{
    const CameraTrack &depth = metadata.camera(Slot::depth);
    const CameraTrack &ir = metadata.camera(Slot::ir);
    metadata.configuration.depth_mode = K4A_DEPTH_MODE_OFF;
    const mkv::Tag *tag = find_tag(document, names::depth_mode_tag);
    if (!tag)
    {
        if (depth.track || ir.track)
        {
            fail("the recording has depth or IR, but no tag %s", names::depth_mode_tag);
        }
        return;
    }
    const auto *mode = std::find_if(
        std::begin(depth_modes), std::end(depth_modes), [&](const auto &entry) { return tag->value == entry.name; });
    if (mode == std::end(depth_modes))
    {
        fail("the tag %s has the unknown value \"%.40s\"", names::depth_mode_tag, tag->value.c_str());
    }
    metadata.configuration.depth_mode = mode->mode;
    for (const CameraTrack *camera : {&depth, &ir})
    {
        if (camera->track && (camera->track->width != mode->width || camera->track->height != mode->height))
        {
            fail("the track %s has %d x %d pixels, but %s has %" PRIu64 " x %" PRIu64,
                 camera->track->name.c_str(),
                 camera->width,
                 camera->height,
                 mode->name,
                 mode->width,
                 mode->height);
        }
    }
}

void read_delays(const mkv::Document &document, Metadata &metadata)
{
    k4a_record_configuration_t &configuration = metadata.configuration;
    const int64_t depth_delay = number_of_tag(document, names::depth_delay_tag);
    configuration.depth_delay_off_color_usec = static_cast<int32_t>(depth_delay / 1000);
    // Delays beyond a second would overflow nothing here, but they mean nothing either.
    constexpr int64_t largest_delay = 1000000000;
    const int64_t shift = std::clamp(depth_delay, -largest_delay, largest_delay);
    metadata.cameras[static_cast<size_t>(Slot::color)].sync_delay_ns = std::max<int64_t>(shift, 0);
    metadata.cameras[static_cast<size_t>(Slot::depth)].sync_delay_ns = std::max<int64_t>(-shift, 0);
    metadata.cameras[static_cast<size_t>(Slot::ir)].sync_delay_ns = std::max<int64_t>(-shift, 0);

    configuration.wired_sync_mode = K4A_WIRED_SYNC_MODE_STANDALONE;
    if (const mkv::Tag *tag = find_tag(document, names::wired_sync_mode_tag))
    {
        if (tag->value == "MASTER")
        {
            configuration.wired_sync_mode = K4A_WIRED_SYNC_MODE_MASTER;
        }
        else if (tag->value == "SUBORDINATE")
        {
            configuration.wired_sync_mode = K4A_WIRED_SYNC_MODE_SUBORDINATE;
            const mkv::Tag *delay = find_tag(document, names::subordinate_delay_tag);
            configuration.subordinate_delay_off_master_usec =
                static_cast<uint32_t>(delay ? parse_unsigned(*delay) / 1000 : 0);
        }
        else if (tag->value != "STANDALONE")
        {
            fail("the tag %s has the unknown value \"%.40s\"", names::wired_sync_mode_tag, tag->value.c_str());
        }
    }
    if (const mkv::Tag *tag = find_tag(document, names::start_offset_tag))
    {
        metadata.start_offset_ns = parse_unsigned(*tag);
        metadata.has_start_offset = true;
    }
}

} // namespace

const mkv::Tag *find_tag(const mkv::Document &document, const char *name)
{
    for (const mkv::Tag &tag : document.tags())
    {
        if (tag.name == name)
        {
            return &tag;
        }
    }
    return nullptr;
}

const mkv::Track *find_track(const mkv::Document &document, const char *name)
{
    for (const mkv::Track &track : document.tracks())
    {
        if (track.name == name)
        {
            return &track;
        }
    }
    return nullptr;
}

const mkv::Attachment *find_calibration(mkv::Document &document)
{
    const std::vector<mkv::Attachment> &attachments = document.attachments();
    const mkv::Tag *tag = find_tag(document, names::calibration_tag);
    if (tag && tag->target_type == names::target_attachment)
    {
        for (const mkv::Attachment &attachment : attachments)
        {
            if (attachment.uid == tag->attachment_uid)
            {
                return &attachment;
            }
        }
    }
    for (const mkv::Attachment &attachment : attachments)
    {
        if (attachment.name == names::calibration_file)
        {
            return &attachment;
        }
    }
    return nullptr;
}

Metadata read_metadata(const mkv::Document &document)
{
    Metadata metadata;
    metadata.configuration.color_format = K4A_IMAGE_FORMAT_CUSTOM;
    static const char *const track_names[3] = {names::color_track, names::depth_track, names::ir_track};
    for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
    {
        CameraTrack &camera = metadata.cameras[static_cast<size_t>(slot)];
        camera.track = find_built_in(document, track_names[static_cast<size_t>(slot)]);
        if (!camera.track && slot == Slot::ir)
        {
            camera.track = find_track(document, names::old_ir_track);
        }
        if (camera.track)
        {
            read_storage(camera, slot);
        }
    }
    const CameraTrack &color = metadata.camera(Slot::color);
    k4a_record_configuration_t &configuration = metadata.configuration;
    configuration.color_track_enabled = color.track != nullptr;
    configuration.depth_track_enabled = metadata.camera(Slot::depth).track != nullptr;
    configuration.ir_track_enabled = metadata.camera(Slot::ir).track != nullptr;
    if (color.track)
    {
        configuration.color_format = color.format;
        configuration.color_resolution = color_resolution(color.track->width, color.track->height);
        if (configuration.color_resolution == K4A_COLOR_RESOLUTION_OFF)
        {
            K4A_RP_LOG_WARNING("the colour size %d x %d is none of the camera's", color.width, color.height);
        }
    }
    metadata.imu = find_built_in(document, names::imu_track);
    if (metadata.imu && metadata.imu->type != names::track_type_subtitle)
    {
        metadata.imu = nullptr; // an ordinary custom track, then
    }
    configuration.imu_track_enabled = metadata.imu != nullptr;

    read_frame_rate(metadata);
    read_depth_mode(document, metadata);
    read_delays(document, metadata);
    configuration.start_timestamp_offset_usec = static_cast<uint32_t>(metadata.start_offset_ns / 1000);
    return metadata;
}

} // namespace k4a_rp
