// What a recording says about itself, and which recordings are refused.
#include "open_recording.hpp"

#include <algorithm>

namespace
{

void set_tag(ebml::RecordingSpec &spec, const std::string &name, const std::string &value)
{
    for (ebml::TagSpec &tag : spec.tags)
    {
        if (tag.name == name)
        {
            tag.value = value;
            return;
        }
    }
    spec.tags.push_back({name, value, 0, 0});
}

void drop_tag(ebml::RecordingSpec &spec, const std::string &name)
{
    spec.tags.erase(
        std::remove_if(spec.tags.begin(), spec.tags.end(), [&](const auto &tag) { return tag.name == name; }),
        spec.tags.end());
}

k4a_record_configuration_t configuration_of(const ebml::RecordingSpec &spec)
{
    const OpenRecording recording(spec);
    k4a_record_configuration_t configuration{};
    CHECK_EQUAL(k4a_playback_get_record_configuration(recording.handle(), &configuration), K4A_RESULT_SUCCEEDED);
    return configuration;
}

bool refused(const ebml::RecordingSpec &spec, const std::string &reason)
{
    const std::string message = open_failure(ebml::write(spec).bytes);
    if (message.find(reason) == std::string::npos)
    {
        check::report(__FILE__, __LINE__, "expected \"" + reason + "\", got \"" + message + "\"");
        return false;
    }
    return true;
}

} // namespace

TEST(metadata, configuration_of_a_recording_is_read)
{
    ebml::RecordingSpec spec = ebml::sample();
    set_tag(spec, "K4A_DEPTH_DELAY_NS", "-1999");
    set_tag(spec, "K4A_WIRED_SYNC_MODE", "SUBORDINATE");
    set_tag(spec, "K4A_SUBORDINATE_DELAY_NS", "123456789 and junk");
    spec.start_offset_ns = (uint64_t(1) << 32) * 1000 + 7999; // beyond 32 bits of microseconds
    const k4a_record_configuration_t configuration = configuration_of(spec);
    CHECK_EQUAL(configuration.color_format, K4A_IMAGE_FORMAT_COLOR_MJPG);
    CHECK_EQUAL(configuration.color_resolution, K4A_COLOR_RESOLUTION_720P);
    CHECK_EQUAL(configuration.depth_mode, K4A_DEPTH_MODE_NFOV_2X2BINNED);
    CHECK_EQUAL(configuration.camera_fps, K4A_FRAMES_PER_SECOND_30);
    CHECK(configuration.color_track_enabled && configuration.depth_track_enabled);
    CHECK(configuration.ir_track_enabled && configuration.imu_track_enabled);
    CHECK_EQUAL(configuration.depth_delay_off_color_usec, -1);
    CHECK_EQUAL(configuration.wired_sync_mode, K4A_WIRED_SYNC_MODE_SUBORDINATE);
    CHECK_EQUAL(configuration.subordinate_delay_off_master_usec, 123456);
    CHECK_EQUAL(configuration.start_timestamp_offset_usec, 7);

    const OpenRecording recording(spec);
    CHECK_EQUAL(OpenRecording::extensions()->playback_get_start_offset_nsec(recording.handle()), spec.start_offset_ns);
    CHECK_EQUAL(recording.next(), std::string("4294967303 4294967303 4294967303"));
}

TEST(metadata, configuration_without_cameras_has_defaults)
{
    ebml::SampleOptions options;
    options.color.clear();
    options.depth = options.ir = false;
    const k4a_record_configuration_t configuration = configuration_of(ebml::sample(options));
    CHECK_EQUAL(configuration.color_format, K4A_IMAGE_FORMAT_CUSTOM);
    CHECK_EQUAL(configuration.color_resolution, K4A_COLOR_RESOLUTION_OFF);
    CHECK_EQUAL(configuration.depth_mode, K4A_DEPTH_MODE_OFF);
    CHECK_EQUAL(configuration.camera_fps, K4A_FRAMES_PER_SECOND_30);
    CHECK(!configuration.color_track_enabled && !configuration.depth_track_enabled);
    CHECK(!configuration.ir_track_enabled && configuration.imu_track_enabled);
}

TEST(metadata, recordings_that_contradict_themselves_are_refused)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.tracks[0].type = 17;
    refused(spec, "COLOR is not a video track");
    spec = ebml::sample();
    spec.tracks[1].codec_id = "V_OTHER";
    refused(spec, "DEPTH has the codec V_OTHER");
    spec = ebml::sample();
    spec.tracks[2].codec_private.pop_back();
    refused(spec, "codec context of 39 bytes");
    spec = ebml::sample();
    spec.tracks[0].codec_private[16] = 'X';
    refused(spec, "unknown format \"XJPG\"");
    spec = ebml::sample();
    spec.tracks[1].default_duration_ns = 66666666;
    refused(spec, "different frame rates");
    for (const uint64_t duration : {uint64_t(33333334), uint64_t(0), uint64_t(1), UINT64_MAX})
    {
        spec = ebml::sample();
        for (size_t i = 0; i < 3; ++i)
        {
            spec.tracks[i].default_duration_ns = duration;
        }
        refused(spec, "frame duration");
    }
    spec = ebml::sample();
    drop_tag(spec, "K4A_DEPTH_MODE");
    refused(spec, "no tag K4A_DEPTH_MODE");
    for (const char *value : {"OFF", "", "nfov_unbinned", "NFOV"})
    {
        spec = ebml::sample();
        set_tag(spec, "K4A_DEPTH_MODE", value);
        refused(spec, "unknown value");
    }
    spec = ebml::sample();
    set_tag(spec, "K4A_DEPTH_MODE", "WFOV_UNBINNED");
    refused(spec, "320 x 288 pixels, but WFOV_UNBINNED has 1024 x 1024");
    for (const char *name : {"K4A_DEPTH_DELAY_NS", "K4A_START_OFFSET_NS"})
    {
        for (const char *value : {"", "x12", "99999999999999999999999999"})
        {
            spec = ebml::sample();
            spec.tags.insert(spec.tags.begin(), {name, value, 0, 0});
            refused(spec, "not a number");
        }
    }
    spec = ebml::sample();
    set_tag(spec, "K4A_WIRED_SYNC_MODE", "master");
    refused(spec, "unknown value \"master\"");
    spec = ebml::sample();
    for (const uint64_t size : {uint64_t(20001), uint64_t(1) << 33})
    {
        spec.tracks[0].width = size;
        refused(spec, "impossible size");
    }
}

TEST(metadata, old_layouts_open)
{
    ebml::RecordingSpec spec = ebml::sample();
    for (const char *name : {"K4A_COLOR_TRACK", "K4A_DEPTH_TRACK", "K4A_IR_TRACK", "K4A_IMU_TRACK"})
    {
        drop_tag(spec, name); // before 1.1 tracks were known by name
    }
    spec.tracks[2].name = "DEPTH_IR";
    set_tag(spec, "K4A_DEPTH_MODE", "NFOV_2x2BINNED");
    for (size_t i = 1; i < 3; ++i) // before 0.8.1 little-endian words under the name YUY2
    {
        std::copy_n("YUY2", 4, spec.tracks[i].codec_private.begin() + 16);
    }
    const OpenRecording recording(spec);
    CHECK_EQUAL(recording.next(), std::string("5000000 5000000 5000000"));
    CHECK(k4a_playback_track_is_builtin(recording.handle(), "DEPTH_IR"));
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    const k4a_image_t ir = k4a_capture_get_ir_image(capture);
    CHECK_EQUAL(k4a_image_get_format(ir), K4A_IMAGE_FORMAT_IR16);
    const ebml::Bytes expected = ebml::frame_payload(3, 1, 16); // not swapped
    CHECK_EQUAL(ebml::Bytes(k4a_image_get_buffer(ir), k4a_image_get_buffer(ir) + k4a_image_get_size(ir)), expected);
    k4a_image_release(ir);
    k4a_capture_release(capture);
}

TEST(metadata, tag_names_the_track_whatever_it_is_called)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.tracks[0].name = "Farbe";
    spec.tracks[4].name = "COLOR"; // the custom one: the tag wins over the name
    const OpenRecording recording(spec);
    CHECK(k4a_playback_track_is_builtin(recording.handle(), "Farbe"));
    CHECK(!k4a_playback_track_is_builtin(recording.handle(), "COLOR"));
    CHECK(k4a_playback_check_track_exists(recording.handle(), "COLOR"));
    CHECK(!k4a_playback_check_track_exists(recording.handle(), "NOTES"));
    CHECK_EQUAL(recording.next(), std::string("5000000 5000000 5000000"));
    char name[16];
    size_t size = sizeof(name);
    REQUIRE(k4a_playback_get_track_name(recording.handle(), 0, name, &size) == K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(std::string(name), std::string("COLOR")); // sorted by name
    CHECK_EQUAL(k4a_playback_get_track_count(recording.handle()), 5);
    CHECK_EQUAL(k4a_playback_get_track_name(recording.handle(), 5, name, &size), K4A_BUFFER_RESULT_FAILED);
}

TEST(metadata, track_settings_are_read)
{
    const OpenRecording recording(ebml::sample());
    k4a_record_video_settings_t settings{};
    REQUIRE(k4a_playback_track_get_video_settings(recording.handle(), "DEPTH", &settings) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(settings.width, 320);
    CHECK_EQUAL(settings.height, 288);
    CHECK_EQUAL(settings.frame_rate, 30);
    CHECK_EQUAL(k4a_playback_track_get_video_settings(recording.handle(), "IMU", &settings), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_video_settings(recording.handle(), "NONE", &settings), K4A_RESULT_FAILED);
    char text[32];
    size_t size = sizeof(text);
    REQUIRE(k4a_playback_track_get_codec_id(recording.handle(), "NOTES", text, &size) == K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(std::string(text), std::string("S_TEST/NOTES"));
    size = 0;
    CHECK_EQUAL(k4a_playback_track_get_codec_context(recording.handle(), "IMU", nullptr, &size),
                K4A_BUFFER_RESULT_TOO_SMALL);
    CHECK_EQUAL(size, 0);
}
