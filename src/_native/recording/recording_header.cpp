#include "recording/recording_header.hpp"

#include "core/error.hpp"
#include "recording/names.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstring>
#include <mutex>
#include <random>

namespace k4a_rp
{

namespace
{

constexpr int64_t seconds_1970_to_2001 = 978307200;

uint64_t random_uid()
{
    static std::mutex mutex;
    static std::mt19937_64 generator = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    std::lock_guard<std::mutex> lock(mutex);
    return std::uniform_int_distribution<uint64_t>(1, (uint64_t(1) << 60) - 1)(generator);
}

// C callers may put any number into an enumeration; to look at it as one would be undefined then.
template <typename Enumeration> int number_of(const Enumeration &value)
{
    static_assert(sizeof(Enumeration) == sizeof(int), "enumerations of the ABI are ints");
    int number;
    std::memcpy(&number, &value, sizeof(number));
    return number;
}

struct Size
{
    uint32_t width;
    uint32_t height;
};

Size color_size(int resolution)
{
    switch (resolution)
    {
    case K4A_COLOR_RESOLUTION_OFF:
        return {0, 0};
    case K4A_COLOR_RESOLUTION_720P:
        return {1280, 720};
    case K4A_COLOR_RESOLUTION_1080P:
        return {1920, 1080};
    case K4A_COLOR_RESOLUTION_1440P:
        return {2560, 1440};
    case K4A_COLOR_RESOLUTION_1536P:
        return {2048, 1536};
    case K4A_COLOR_RESOLUTION_2160P:
        return {3840, 2160};
    case K4A_COLOR_RESOLUTION_3072P:
        return {4096, 3072};
    }
    fail("the colour resolution %d does not exist", resolution);
}

struct DepthModeFacts
{
    const char *name;
    Size size;
};

DepthModeFacts depth_facts(int mode)
{
    switch (mode)
    {
    case K4A_DEPTH_MODE_OFF:
        return {nullptr, {0, 0}};
    case K4A_DEPTH_MODE_NFOV_2X2BINNED:
        return {"NFOV_2X2BINNED", {320, 288}};
    case K4A_DEPTH_MODE_NFOV_UNBINNED:
        return {"NFOV_UNBINNED", {640, 576}};
    case K4A_DEPTH_MODE_WFOV_2X2BINNED:
        return {"WFOV_2X2BINNED", {512, 512}};
    case K4A_DEPTH_MODE_WFOV_UNBINNED:
        return {"WFOV_UNBINNED", {1024, 1024}};
    case K4A_DEPTH_MODE_PASSIVE_IR:
        return {"PASSIVE_IR", {1024, 1024}};
    }
    fail("the depth mode %d does not exist", mode);
}

struct FormatFacts
{
    const char *name;   // in K4A_COLOR_MODE
    const char *fourcc;
    uint16_t bits;
    uint32_t halves_per_pixel; // bytes of two pixels; 0: no fixed size
};

FormatFacts color_facts(int format)
{
    switch (format)
    {
    case K4A_IMAGE_FORMAT_COLOR_MJPG:
        return {"MJPG", "MJPG", 24, 0};
    case K4A_IMAGE_FORMAT_COLOR_NV12:
        return {"NV12", "NV12", 12, 3};
    case K4A_IMAGE_FORMAT_COLOR_YUY2:
        return {"YUY2", "YUY2", 16, 4};
    case K4A_IMAGE_FORMAT_COLOR_BGRA32:
        return {"BGRA", "BGRA", 32, 8};
    default:
        fail("colour cannot be recorded in the format %d; MJPG, NV12, YUY2 and BGRA32 can", format);
    }
}

// BITMAPINFOHEADER
std::vector<uint8_t> bitmap_header(const FormatFacts &format, Size size)
{
    std::vector<uint8_t> bytes(40);
    const auto put = [&bytes](size_t offset, uint32_t value, size_t length) {
        for (size_t i = 0; i < length; ++i)
        {
            bytes[offset + i] = static_cast<uint8_t>(value >> (8 * i));
        }
    };
    put(0, 40, 4);
    put(4, size.width, 4);
    put(8, size.height, 4);
    put(12, 1, 2);
    put(14, format.bits, 2);
    std::copy_n(format.fourcc, 4, bytes.begin() + 16);
    put(20, size.width * size.height / 2 * format.halves_per_pixel, 4);
    return bytes;
}

size_t add_video_track(const char *name, const FormatFacts &format, Size size, uint64_t fps, RecordingHeader *header)
{
    TrackSpec track;
    track.name = name;
    track.type = names::track_type_video;
    track.codec = names::video_codec;
    track.has_codec_private = true;
    track.codec_private = bitmap_header(format, size);
    track.frame_rate = fps;
    track.default_duration_ns = 1000000000 / fps;
    track.width = size.width;
    track.height = size.height;
    return header->add_track(std::move(track));
}

mkv::ElementWriter track_entry(const TrackSpec &track)
{
    mkv::ElementWriter entry;
    entry.unsigned_value(mkv::id::track_number, track.number);
    entry.unsigned_8(mkv::id::track_uid, track.uid);
    entry.unsigned_value(mkv::id::track_type, track.type);
    entry.text(mkv::id::codec_id, track.codec);
    entry.text(mkv::id::track_name, track.name);
    if (track.has_codec_private)
    {
        entry.binary(mkv::id::codec_private, track.codec_private.data(), track.codec_private.size());
    }
    if (track.type == names::track_type_video)
    {
        entry.unsigned_value(mkv::id::default_duration, track.default_duration_ns);
        mkv::ElementWriter video;
        video.unsigned_value(mkv::id::pixel_width, track.width);
        video.unsigned_value(mkv::id::pixel_height, track.height);
        entry.master(mkv::id::video, video);
    }
    return entry;
}

} // namespace

bool is_plain_name(const std::string &name)
{
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

RecordingHeader::RecordingHeader()
{
    using namespace std::chrono;
    const int64_t seconds = duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
    date_ns_ = (seconds - seconds_1970_to_2001) * 1000000000;
}

size_t RecordingHeader::add_track(TrackSpec track)
{
    track.number = tracks_.size() + 1;
    track.uid = track.uid != 0 ? track.uid : random_uid();
    tracks_.push_back(std::move(track));
    return tracks_.size() - 1;
}

uint64_t RecordingHeader::add_attachment(AttachmentSpec attachment)
{
    if (attachment.bytes.size() >= UINT32_MAX)
    {
        fail("the attachment %s has %zu bytes; less than 4 GiB can be attached",
             attachment.name.c_str(),
             attachment.bytes.size());
    }
    attachment.uid = attachment.uid != 0 ? attachment.uid : random_uid();
    attachments_.push_back(std::move(attachment));
    return attachments_.back().uid;
}

int RecordingHeader::find_track(const std::string &name) const
{
    for (size_t i = 0; i < tracks_.size(); ++i)
    {
        if (tracks_[i].name == name)
        {
            return static_cast<int>(i);
        }
    }
    return -1;
}

mkv::ElementWriter RecordingHeader::tags_content() const
{
    mkv::ElementWriter content;
    for (const TagSpec &tag : tags_)
    {
        mkv::ElementWriter targets;
        if (tag.track_uid != 0)
        {
            targets.text(mkv::id::target_type, names::target_track);
            targets.unsigned_8(mkv::id::tag_track_uid, tag.track_uid);
        }
        else if (tag.attachment_uid != 0)
        {
            targets.text(mkv::id::target_type, names::target_attachment);
            targets.unsigned_8(mkv::id::tag_attachment_uid, tag.attachment_uid);
        }
        mkv::ElementWriter simple;
        simple.text(mkv::id::tag_name, tag.name);
        simple.text(mkv::id::tag_string, tag.value);
        mkv::ElementWriter element;
        element.master(mkv::id::targets, targets);
        element.master(mkv::id::simple_tag, simple);
        content.master(mkv::id::tag, element);
    }
    return content;
}

mkv::ElementWriter RecordingHeader::info_content(double duration_usec) const
{
    mkv::ElementWriter content;
    content.unsigned_value(mkv::id::timecode_scale, 1000);
    content.text(mkv::id::muxing_app, "pyk4a_rp-" K4A_RP_VERSION);
    content.text(mkv::id::writing_app, "pyk4a_rp-" K4A_RP_VERSION);
    content.unsigned_8(mkv::id::date_utc, static_cast<uint64_t>(date_ns_));
    content.text(mkv::id::title, "Azure Kinect");
    if (duration_usec >= 0)
    {
        content.float_4(mkv::id::duration, static_cast<float>(duration_usec));
    }
    return content;
}

mkv::Front RecordingHeader::front() const
{
    mkv::Front front;
    front.info = info_content(-1);
    for (const TrackSpec &track : tracks_)
    {
        front.tracks.master(mkv::id::track_entry, track_entry(track));
    }
    for (const AttachmentSpec &attachment : attachments_)
    {
        mkv::ElementWriter file;
        file.text(mkv::id::file_name, attachment.name);
        file.text(mkv::id::file_mime_type, attachment.mime_type);
        file.binary(mkv::id::file_data, attachment.bytes.data(), attachment.bytes.size());
        file.unsigned_8(mkv::id::file_uid, attachment.uid);
        front.attachments.master(mkv::id::attached_file, file);
    }
    front.tags = tags_content();
    return front;
}

void add_camera_tracks(const k4a_device_configuration_t &configuration, RecordingHeader *header)
{
    const Size color = color_size(number_of(configuration.color_resolution));
    const DepthModeFacts depth = depth_facts(number_of(configuration.depth_mode));
    const bool color_on = color.width != 0;
    const bool ir_on = depth.name != nullptr;
    const bool passive = number_of(configuration.depth_mode) == K4A_DEPTH_MODE_PASSIVE_IR;
    const int rate = number_of(configuration.camera_fps);
    const uint64_t fps = rate == K4A_FRAMES_PER_SECOND_5 ? 5 : rate == K4A_FRAMES_PER_SECOND_15 ? 15 : 30;
    using Text = std::string;
    const auto track_tags = [header](size_t index, const Text &track_tag, const Text &mode_tag, const Text &mode) {
        const uint64_t uid = header->tracks()[index].uid;
        header->add_tag({track_tag, std::to_string(uid), uid, 0});
        header->add_tag({mode_tag, mode, uid, 0});
    };
    if (color_on)
    {
        const FormatFacts format = color_facts(number_of(configuration.color_format));
        const size_t index = add_video_track(names::color_track, format, color, fps, header);
        track_tags(index, "K4A_COLOR_TRACK", "K4A_COLOR_MODE", format_text("%s_%uP", format.name, color.height));
    }
    const FormatFacts words = {"", "b16g", 16, 4};
    if (ir_on && !passive)
    {
        const size_t index = add_video_track(names::depth_track, words, depth.size, fps, header);
        track_tags(index, "K4A_DEPTH_TRACK", names::depth_mode_tag, depth.name);
    }
    else if (passive)
    {
        header->add_tag(names::depth_mode_tag, depth.name);
    }
    if (ir_on)
    {
        const size_t index = add_video_track(names::ir_track, words, depth.size, fps, header);
        track_tags(index, "K4A_IR_TRACK", "K4A_IR_MODE", passive ? "PASSIVE" : "ACTIVE");
    }
    if (color_on && ir_on)
    {
        header->add_tag(names::depth_delay_tag,
                        std::to_string(int64_t(configuration.depth_delay_off_color_usec) * 1000));
    }
    switch (number_of(configuration.wired_sync_mode))
    {
    case K4A_WIRED_SYNC_MODE_STANDALONE:
        header->add_tag(names::wired_sync_mode_tag, "STANDALONE");
        break;
    case K4A_WIRED_SYNC_MODE_MASTER:
        header->add_tag(names::wired_sync_mode_tag, "MASTER");
        break;
    case K4A_WIRED_SYNC_MODE_SUBORDINATE:
        header->add_tag(names::wired_sync_mode_tag, "SUBORDINATE");
        header->add_tag(names::subordinate_delay_tag,
                        std::to_string(uint64_t(configuration.subordinate_delay_off_master_usec) * 1000));
        break;
    default:
        break; // k4arecord takes any value, and writes no tag for one it does not know
    }
}

} // namespace k4a_rp
