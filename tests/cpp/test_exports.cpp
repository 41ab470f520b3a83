// What the exported functions make of bad handles, NULL outputs and sizes that do not do.
#include "open_recording.hpp"

#include <cmath>
#include <cstring>

namespace
{

// A handle of another type: a capture where a playback or an image is wanted, and so on.
template <typename Handle> Handle as(void *object)
{
    return reinterpret_cast<Handle>(object);
}

struct OneOfEach
{
    OneOfEach() : recording(ebml::sample())
    {
        REQUIRE(k4a_capture_create(&capture) == K4A_RESULT_SUCCEEDED);
        REQUIRE(k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 2, 2, 0, &image) == K4A_RESULT_SUCCEEDED);
    }
    ~OneOfEach()
    {
        k4a_capture_release(capture);
        k4a_image_release(image);
    }
    OpenRecording recording;
    k4a_capture_t capture = nullptr;
    k4a_image_t image = nullptr;
};

void check_bad_image(k4a_image_t bad)
{
    CHECK(k4a_image_get_buffer(bad) == nullptr);
    CHECK_EQUAL(k4a_image_get_size(bad), 0);
    CHECK_EQUAL(k4a_image_get_format(bad), K4A_IMAGE_FORMAT_CUSTOM);
    CHECK_EQUAL(k4a_image_get_width_pixels(bad), 0);
    CHECK_EQUAL(k4a_image_get_height_pixels(bad), 0);
    CHECK_EQUAL(k4a_image_get_stride_bytes(bad), 0);
    CHECK_EQUAL(k4a_image_get_device_timestamp_usec(bad), 0);
    CHECK_EQUAL(k4a_image_get_system_timestamp_nsec(bad), 0);
    CHECK_EQUAL(k4a_image_get_exposure_usec(bad), 0);
    CHECK_EQUAL(k4a_image_get_white_balance(bad), 0);
    CHECK_EQUAL(k4a_image_get_iso_speed(bad), 0);
    k4a_image_set_device_timestamp_usec(bad, 1);
    k4a_image_set_iso_speed(bad, 1);
    k4a_image_reference(bad);
    k4a_image_release(bad);
}

void check_bad_capture(k4a_capture_t bad, k4a_image_t image)
{
    CHECK(k4a_capture_get_color_image(bad) == nullptr);
    CHECK(k4a_capture_get_depth_image(bad) == nullptr);
    CHECK(k4a_capture_get_ir_image(bad) == nullptr);
    CHECK(std::isnan(k4a_capture_get_temperature_c(bad)));
    k4a_capture_set_color_image(bad, image);
    k4a_capture_set_temperature_c(bad, 1);
    k4a_capture_reference(bad);
    k4a_capture_release(bad);
}

void check_bad_playback(k4a_playback_t bad)
{
    char text[64] = "untouched";
    size_t size = sizeof(text);
    uint8_t *bytes = reinterpret_cast<uint8_t *>(text);
    CHECK_EQUAL(k4a_playback_get_raw_calibration(bad, bytes, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_attachment(bad, "calibration.json", bytes, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_tag(bad, "K4A_DEPTH_MODE", text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_track_name(bad, 0, text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_codec_id(bad, "COLOR", text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_codec_context(bad, "COLOR", bytes, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(size, sizeof(text));
    CHECK_EQUAL(std::string(text), std::string("untouched"));

    k4a_record_configuration_t configuration;
    k4a_record_video_settings_t settings;
    k4a_imu_sample_t sample;
    k4a_capture_t capture = nullptr;
    k4a_playback_data_block_t block = nullptr;
    CHECK_EQUAL(k4a_playback_get_record_configuration(bad, &configuration), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_video_settings(bad, "COLOR", &settings), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_capture(bad, &capture), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_previous_capture(bad, &capture), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_imu_sample(bad, &sample), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_previous_imu_sample(bad, &sample), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_data_block(bad, "NOTES", &block), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_previous_data_block(bad, "NOTES", &block), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_seek_timestamp(bad, 0, K4A_PLAYBACK_SEEK_BEGIN), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_set_color_conversion(bad, K4A_IMAGE_FORMAT_COLOR_BGRA32), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_recording_length_usec(bad), 0);
    CHECK_EQUAL(k4a_playback_get_last_timestamp_usec(bad), 0);
    CHECK_EQUAL(k4a_playback_get_track_count(bad), 0);
    CHECK(!k4a_playback_check_track_exists(bad, "COLOR"));
    CHECK(!k4a_playback_track_is_builtin(bad, "COLOR"));
    k4a_playback_close(bad);
}

void check_bad_extension_playback(k4a_playback_t bad)
{
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    char text[8];
    size_t size = sizeof(text);
    size_t total = 0;
    k4a_capture_t capture = nullptr;
    k4a_rp_damage_t damage;
    k4a_imu_sample_t sample;
    k4a_rp_capture_timestamps_t stamps;
    CHECK_EQUAL(extensions->playback_get_tag_count(bad), 0);
    CHECK_EQUAL(extensions->playback_get_tag_name(bad, 0, text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_tag_value(bad, 0, text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_attachment_count(bad), 0);
    CHECK_EQUAL(extensions->playback_get_attachment_name(bad, 0, text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_start_offset_nsec(bad), 0);
    CHECK_EQUAL(extensions->playback_get_capture_count(bad, &total), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_capture_at(bad, 0, &capture), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_capture_timestamps(bad, 0, 1, &stamps), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_track_frame_count(bad, "COLOR", &total), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_read_imu_samples(bad, 0, 1, &sample, &total, &total), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_damage(bad, &damage), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->playback_get_damage_text(bad, text, &size), K4A_BUFFER_RESULT_FAILED);
}

} // namespace

TEST(exports, null_handles_fail)
{
    check_bad_image(nullptr);
    check_bad_capture(nullptr, nullptr);
    check_bad_playback(nullptr);
    check_bad_extension_playback(nullptr);
    k4a_playback_data_block_release(nullptr);
    CHECK(k4a_playback_data_block_get_buffer(nullptr) == nullptr);
    CHECK_EQUAL(k4a_playback_data_block_get_buffer_size(nullptr), 0);
    CHECK_EQUAL(k4a_playback_data_block_get_device_timestamp_usec(nullptr), 0);
}

TEST(exports, handles_of_another_type_fail)
{
    OneOfEach each;
    k4a_playback_data_block_t block = nullptr;
    REQUIRE(k4a_playback_get_next_data_block(each.recording.handle(), "NOTES", &block) == K4A_STREAM_RESULT_SUCCEEDED);
    check_bad_image(as<k4a_image_t>(each.capture));
    check_bad_image(as<k4a_image_t>(each.recording.handle()));
    check_bad_capture(as<k4a_capture_t>(each.image), each.image);
    check_bad_playback(as<k4a_playback_t>(each.image));
    check_bad_playback(as<k4a_playback_t>(block));
    check_bad_extension_playback(as<k4a_playback_t>(each.capture));
    k4a_capture_set_depth_image(each.capture, as<k4a_image_t>(each.capture));
    CHECK(k4a_capture_get_depth_image(each.capture) == nullptr);
    k4a_playback_data_block_release(as<k4a_playback_data_block_t>(each.image));
    k4a_playback_data_block_release(block);
    CHECK_EQUAL(k4a_image_get_size(each.image), 4); // nothing was released by the wrong function
    CHECK_EQUAL(each.recording.next(), std::string("5000000 5000000 5000000"));
}

TEST(exports, playback_functions_refuse_null_outputs)
{
    OneOfEach each;
    const k4a_playback_t playback = each.recording.handle();
    char text[8];
    size_t size = sizeof(text);
    k4a_imu_sample_t sample;
    CHECK_EQUAL(k4a_playback_open(nullptr, nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_open(each.recording.file().path().c_str(), nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", text, nullptr), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_tag(playback, nullptr, text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_attachment(playback, nullptr, nullptr, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_attachment(playback, "notes.txt", nullptr, nullptr), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_raw_calibration(playback, nullptr, nullptr), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_track_name(playback, 0, text, nullptr), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_codec_id(playback, nullptr, text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_codec_context(playback, "COLOR", nullptr, nullptr), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_track_get_video_settings(playback, "COLOR", nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_record_configuration(playback, nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_capture(playback, nullptr), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_imu_sample(playback, nullptr), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_data_block(playback, "NOTES", nullptr), K4A_STREAM_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_get_next_data_block(playback, nullptr, nullptr), K4A_STREAM_RESULT_FAILED);
    CHECK(!k4a_playback_check_track_exists(playback, nullptr));
    CHECK(!k4a_playback_track_is_builtin(playback, nullptr));
    // None of the failures has moved a cursor.
    CHECK_EQUAL(each.recording.next(), std::string("5000000 5000000 5000000"));
    CHECK_EQUAL(k4a_playback_get_next_imu_sample(playback, &sample), K4A_STREAM_RESULT_SUCCEEDED);
    CHECK_EQUAL(sample.acc_timestamp_usec, 5000000);
}

TEST(exports, text_getters_follow_the_size_protocol)
{
    const OpenRecording recording(ebml::sample());
    const std::string value = "NFOV_2X2BINNED";
    size_t size = 0;
    CHECK_EQUAL(k4a_playback_get_tag(recording.handle(), "K4A_DEPTH_MODE", nullptr, &size),
                K4A_BUFFER_RESULT_TOO_SMALL);
    CHECK_EQUAL(size, value.size() + 1);
    char text[64];
    std::memset(text, 'x', sizeof(text));
    size = value.size();
    CHECK_EQUAL(k4a_playback_get_tag(recording.handle(), "K4A_DEPTH_MODE", text, &size), K4A_BUFFER_RESULT_TOO_SMALL);
    CHECK_EQUAL(size, value.size() + 1);
    CHECK_EQUAL(text[0], 'x'); // nothing is written when there is too little room
    size = 50;
    CHECK_EQUAL(k4a_playback_get_tag(recording.handle(), "K4A_DEPTH_MODE", text, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(size, value.size() + 1);
    CHECK_EQUAL(std::string(text), value);
    CHECK_EQUAL(text[49], '\0'); // all of the room is cleared
    CHECK_EQUAL(text[50], 'x');
    size = 50;
    CHECK_EQUAL(k4a_playback_get_tag(recording.handle(), "NO_SUCH_TAG", text, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(size, 50);
}

TEST(exports, binary_getters_follow_the_size_protocol)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.attachments.push_back({"empty.bin", {}, 79});
    const OpenRecording recording(spec);
    uint8_t bytes[64];
    std::memset(bytes, 'x', sizeof(bytes));
    size_t size = 4;
    CHECK_EQUAL(k4a_playback_get_attachment(recording.handle(), "notes.txt", bytes, &size),
                K4A_BUFFER_RESULT_TOO_SMALL);
    CHECK_EQUAL(size, 5);
    CHECK_EQUAL(bytes[0], 'x');
    CHECK_EQUAL(k4a_playback_get_attachment(recording.handle(), "notes.txt", bytes, &size),
                K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(std::string(bytes, bytes + size), std::string("hello"));
    CHECK_EQUAL(bytes[5], 'x');
    size = 9;
    CHECK_EQUAL(k4a_playback_get_attachment(recording.handle(), "empty.bin", nullptr, &size),
                K4A_BUFFER_RESULT_TOO_SMALL);
    CHECK_EQUAL(size, 0);
    size = 9;
    CHECK_EQUAL(k4a_playback_get_attachment(recording.handle(), "empty.bin", bytes, &size),
                K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(size, 0);
    size = 9;
    CHECK_EQUAL(k4a_playback_get_attachment(recording.handle(), "absent", bytes, &size), K4A_BUFFER_RESULT_FAILED);
    CHECK_EQUAL(size, 9);
    size = sizeof(bytes);
    CHECK_EQUAL(k4a_playback_get_raw_calibration(recording.handle(), bytes, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(std::string(reinterpret_cast<char *>(bytes)), std::string("{\"not\": \"a calibration\"}"));
    CHECK_EQUAL(size,
                std::strlen(reinterpret_cast<char *>(bytes)) + 1); // with a closing NUL that the file does not have
}

static int messages = 0;
static std::string last_message;

static void note_message(void *context, k4a_log_level_t level, const char *file, int line, const char *message)
{
    ++*static_cast<int *>(context);
    last_message = message;
    CHECK(level <= K4A_LOG_LEVEL_WARNING);
    CHECK(file != nullptr && file[0] != '/');
    CHECK(line >= 0);
}

static void other_handler(void *, k4a_log_level_t, const char *, int, const char *) {}

TEST(exports, failures_say_one_line_to_the_message_handler)
{
    messages = 0;
    REQUIRE(k4a_set_debug_message_handler(note_message, &messages, K4A_LOG_LEVEL_WARNING) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(k4a_set_debug_message_handler(other_handler, nullptr, K4A_LOG_LEVEL_WARNING), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_set_debug_message_handler(note_message, &messages, static_cast<k4a_log_level_t>(6)),
                K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_set_debug_message_handler(note_message, &messages, static_cast<k4a_log_level_t>(-1)),
                K4A_RESULT_FAILED);
    k4a_playback_t playback = nullptr;
    CHECK_EQUAL(k4a_playback_open("no/such/file.mkv", &playback), K4A_RESULT_FAILED);
    CHECK_EQUAL(messages, 1);
    CHECK(last_message.find("no/such/file.mkv") != std::string::npos);
    CHECK(last_message.find("k4a_playback_open") != std::string::npos);
    k4a_image_release(nullptr);
    CHECK_EQUAL(messages, 2);
    REQUIRE(k4a_set_debug_message_handler(note_message, &messages, K4A_LOG_LEVEL_OFF) == K4A_RESULT_SUCCEEDED);
    k4a_image_release(nullptr);
    CHECK_EQUAL(messages, 2);
    REQUIRE(k4a_set_debug_message_handler(nullptr, nullptr, static_cast<k4a_log_level_t>(9)) == K4A_RESULT_SUCCEEDED);
    REQUIRE(k4a_set_debug_message_handler(other_handler, nullptr, K4A_LOG_LEVEL_ERROR) == K4A_RESULT_SUCCEEDED);
    REQUIRE(k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_ERROR) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(messages, 2);
}

TEST(exports, extensions_are_versioned)
{
    CHECK(k4a_rp_get_extensions(0) == nullptr);
    CHECK(k4a_rp_get_extensions(K4A_RP_EXTENSIONS_VERSION + 1) == nullptr);
    const k4a_rp_extensions_t *extensions = k4a_rp_get_extensions(K4A_RP_EXTENSIONS_VERSION);
    REQUIRE(extensions != nullptr);
    CHECK_EQUAL(extensions->version, K4A_RP_EXTENSIONS_VERSION);
    CHECK_EQUAL(extensions->size, sizeof(k4a_rp_extensions_t));
    CHECK(std::strlen(extensions->get_version()) >= 5);
    CHECK(std::string(extensions->get_features()).find("simd=") != std::string::npos);
}
