// k4a_record_* where it goes beyond what is compared with Microsoft's library.
#include "recorder_fixture.hpp"

#include "exports/record_extensions.hpp"

#include <chrono>
#include <thread>

using namespace k4a_rp;

namespace
{

using Times = std::vector<uint64_t>;

k4a_rp_record_state_t state_of(k4a_record_t handle)
{
    k4a_rp_record_state_t state{};
    REQUIRE(record_get_state(handle, &state) == K4A_RESULT_SUCCEEDED);
    return state;
}

// Until the thread has written that many frames.
void wait_for_frames(k4a_record_t handle, uint64_t frames)
{
    for (int i = 0; i < 500 && state_of(handle).frames_on_disk < frames; ++i)
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    CHECK_EQUAL(state_of(handle).frames_on_disk, frames);
}

} // namespace

TEST(recorder, unclosed_file_plays_and_holds_what_is_older_than_the_sort_window)
{
    OpenRecorder recorder;
    recorder.begin();
    for (uint64_t i = 0; i < 30; ++i)
    {
        CHECK_EQUAL(recorder.write_depth(1000000 + i * 33333), K4A_RESULT_SUCCEEDED);
    }
    wait_for_frames(recorder.handle, 30); // nothing more comes, so all of it is written soon
    CHECK_EQUAL(recorder.read().size(), 30u);
    recorder.close();
    CHECK_EQUAL(recorder.read().size(), 30u);
}

TEST(recorder, late_data_is_sorted_in_and_never_doubled)
{
    OpenRecorder recorder;
    recorder.begin();
    Times expected;
    for (uint64_t i = 0; i < 40; ++i)
    {
        expected.push_back(1000000 + i * 33333);
        if (i % 5 != 3)
        {
            CHECK_EQUAL(recorder.write_depth(expected.back()), K4A_RESULT_SUCCEEDED);
        }
    }
    CHECK_EQUAL(k4a_record_flush(recorder.handle), K4A_RESULT_SUCCEEDED);
    for (uint64_t i = 3; i < 40; i += 5)
    {
        CHECK_EQUAL(recorder.write_depth(1000000 + i * 33333), K4A_RESULT_SUCCEEDED);
    }
    CHECK_EQUAL(k4a_record_flush(recorder.handle), K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(recorder.read(), expected); // not closed
    const k4a_rp_record_state_t state = state_of(recorder.handle);
    CHECK_EQUAL(state.late_frames, 8u);
    CHECK_EQUAL(state.refused_late, 0u);
    CHECK(state.replaced_bytes > 0);
    recorder.close();
    CHECK_EQUAL(recorder.read(), expected);
}

TEST(recorder, data_before_the_beginning_or_two_seconds_late_is_refused_and_counted)
{
    OpenRecorder recorder;
    recorder.begin();
    for (uint64_t i = 0; i < 100; ++i)
    {
        recorder.write_depth(1000000 + i * 33333);
    }
    k4a_record_flush(recorder.handle);
    CHECK_EQUAL(recorder.write_depth(999999), K4A_RESULT_FAILED);
    CHECK_EQUAL(recorder.write_depth(1000001), K4A_RESULT_FAILED);
    CHECK_EQUAL(state_of(recorder.handle).refused_late, 2u);
    CHECK_EQUAL(recorder.write_depth(2400000), K4A_RESULT_SUCCEEDED);
    recorder.close();
    CHECK_EQUAL(recorder.read().size(), 101u);
}

TEST(recorder, rows_with_padding_are_written_tight)
{
    OpenRecorder recorder;
    recorder.begin();
    k4a_image_t padded = OpenRecorder::image(K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 700, 1000000);
    k4a_image_reference(padded);
    CHECK_EQUAL(recorder.write_depth(padded), K4A_RESULT_SUCCEEDED);
    recorder.close();
    k4a_playback_t playback = nullptr;
    REQUIRE(k4a_playback_open(recorder.file.path().c_str(), &playback) == K4A_RESULT_SUCCEEDED);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    k4a_image_t depth = k4a_capture_get_depth_image(capture);
    CHECK_EQUAL(k4a_image_get_size(depth), 320u * 288 * 2);
    bool equal = true;
    for (size_t row = 0; row < 288; ++row)
    {
        equal = equal && std::equal(k4a_image_get_buffer(depth) + row * 640,
                                    k4a_image_get_buffer(depth) + row * 640 + 640,
                                    k4a_image_get_buffer(padded) + row * 700);
    }
    CHECK(equal);
    k4a_image_release(depth);
    k4a_image_release(padded);
    k4a_capture_release(capture);
    k4a_playback_close(playback);
}

TEST(recorder, image_that_does_not_fit_its_track_is_refused)
{
    OpenRecorder recorder;
    recorder.begin();
    CHECK_EQUAL(recorder.write_depth(OpenRecorder::image(K4A_IMAGE_FORMAT_DEPTH16, 322, 288, 0, 1)), K4A_RESULT_FAILED);
    CHECK_EQUAL(recorder.write_depth(OpenRecorder::image(K4A_IMAGE_FORMAT_IR16, 320, 288, 0, 1)), K4A_RESULT_FAILED);
    std::vector<uint8_t> few(1000);
    k4a_image_t small = nullptr;
    REQUIRE(k4a_image_create_from_buffer(
                K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 640, few.data(), few.size(), nullptr, nullptr, &small) ==
            K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(recorder.write_depth(small), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_record_add_tag(recorder.handle, "late", "x"), K4A_RESULT_FAILED);
}

TEST(recorder, tag_that_cannot_be_stored_is_refused)
{
    OpenRecorder recorder;
    CHECK_EQUAL(k4a_record_add_tag(recorder.handle, "lower", "x"), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_record_add_tag(recorder.handle, "UPPER", "x"), K4A_RESULT_SUCCEEDED);
}

TEST(recorder, wrong_configuration_leaves_the_old_file_alone)
{
    TempFile old({1, 2, 3});
    k4a_device_configuration_t configuration = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
    configuration.depth_mode = static_cast<k4a_depth_mode_t>(17);
    k4a_record_t handle = nullptr;
    CHECK_EQUAL(k4a_record_create(old.path().c_str(), nullptr, configuration, &handle), K4A_RESULT_FAILED);
    CHECK(!handle);
    CHECK_EQUAL(old.open()->size(), 3u);
}

TEST(recorder, memory_stays_within_the_queue_limit)
{
    OpenRecorder recorder;
    k4a_rp_record_options_t options{};
    REQUIRE(record_get_options(recorder.handle, &options) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(options.sort_window_usec, 150000u);
    CHECK_EQUAL(options.queue_limit_bytes, 32u << 20);
    options.queue_limit_bytes = 1 << 20;
    REQUIRE(record_set_options(recorder.handle, &options) == K4A_RESULT_SUCCEEDED);
    recorder.begin();
    for (uint64_t i = 0; i < 200; ++i)
    {
        CHECK_EQUAL(recorder.write_depth(1000000 + i * 1000), K4A_RESULT_SUCCEEDED);
    }
    CHECK(state_of(recorder.handle).peak_pending_bytes <= 1 << 20);
    CHECK_EQUAL(record_finish(recorder.handle), K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(recorder.write_depth(5000000), K4A_RESULT_FAILED);
    CHECK_EQUAL(recorder.read().size(), 200u);
}

TEST(recorder, device_of_another_library_leaves_its_tags_and_calibration)
{
    OpenRecorder recorder;
    k4a_hardware_version_t version{};
    version.rgb = {1, 6, 110};
    version.depth = {1, 6, 79};
    const uint8_t calibration[] = "{\"a\": 1}";
    CHECK_EQUAL(record_set_device(recorder.handle, &version, "000123", calibration, sizeof(calibration)),
                K4A_RESULT_SUCCEEDED);
    recorder.begin();
    recorder.write_depth(1000000);
    recorder.close();
    k4a_playback_t playback = nullptr;
    REQUIRE(k4a_playback_open(recorder.file.path().c_str(), &playback) == K4A_RESULT_SUCCEEDED);
    char text[64];
    size_t size = sizeof(text);
    CHECK_EQUAL(k4a_playback_get_tag(playback, "K4A_DEVICE_SERIAL_NUMBER", text, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(std::string(text), "000123");
    size = sizeof(text);
    CHECK_EQUAL(k4a_playback_get_tag(playback, "K4A_COLOR_FIRMWARE_VERSION", text, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(std::string(text), "1.6.110");
    size = sizeof(text);
    uint8_t stored[64];
    CHECK_EQUAL(k4a_playback_get_raw_calibration(playback, stored, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK_EQUAL(size, sizeof(calibration));
    k4a_playback_close(playback);
}

TEST(recorder, kept_metadata_comes_back_in_order_and_by_seeking)
{
    OpenRecorder recorder;
    k4a_rp_record_options_t options{};
    REQUIRE(record_get_options(recorder.handle, &options) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(options.keep_metadata, 0u);
    options.keep_metadata = 1;
    REQUIRE(record_set_options(recorder.handle, &options) == K4A_RESULT_SUCCEEDED);
    REQUIRE(k4a_record_add_imu_track(recorder.handle) == K4A_RESULT_SUCCEEDED);
    recorder.begin();
    for (uint64_t i = 0; i < 60; ++i)
    {
        const uint64_t usec = 1000000 + i * 33333;
        k4a_image_t images[2] = {OpenRecorder::image(K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 0, usec),
                                 OpenRecorder::image(K4A_IMAGE_FORMAT_IR16, 320, 288, 0, usec)};
        k4a_capture_t capture = nullptr;
        k4a_capture_create(&capture);
        k4a_capture_set_temperature_c(capture, 20.5f + static_cast<float>(i));
        for (uint64_t k = 0; k < 2; ++k)
        {
            k4a_image_set_system_timestamp_nsec(images[k], 1000 * i + k);
            k4a_image_set_exposure_usec(images[k], 3 * i + k);
            k4a_image_set_iso_speed(images[k], static_cast<uint32_t>(100 + i + k));
            k4a_image_set_white_balance(images[k], static_cast<uint32_t>(4500 + i + k));
        }
        k4a_capture_set_depth_image(capture, images[0]);
        k4a_capture_set_ir_image(capture, images[1]);
        k4a_image_release(images[0]);
        k4a_image_release(images[1]);
        CHECK_EQUAL(k4a_record_write_capture(recorder.handle, capture), K4A_RESULT_SUCCEEDED);
        k4a_capture_release(capture);
        for (uint64_t k = 0; k < 50; ++k)
        {
            k4a_imu_sample_t sample{};
            sample.acc_timestamp_usec = sample.gyro_timestamp_usec = usec + k * 600;
            sample.temperature = static_cast<float>(i / 10);
            CHECK_EQUAL(k4a_record_write_imu_sample(recorder.handle, sample), K4A_RESULT_SUCCEEDED);
        }
    }
    recorder.close();

    k4a_playback_t playback = nullptr;
    REQUIRE(k4a_playback_open(recorder.file.path().c_str(), &playback) == K4A_RESULT_SUCCEEDED);
    const auto check_capture = [&](uint64_t i) {
        k4a_capture_t capture = nullptr;
        REQUIRE(k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED);
        CHECK_EQUAL(k4a_capture_get_temperature_c(capture), 20.5f + static_cast<float>(i));
        k4a_image_t images[2] = {k4a_capture_get_depth_image(capture), k4a_capture_get_ir_image(capture)};
        for (uint64_t k = 0; k < 2; ++k)
        {
            CHECK_EQUAL(k4a_image_get_system_timestamp_nsec(images[k]), 1000 * i + k);
            CHECK_EQUAL(k4a_image_get_exposure_usec(images[k]), 3 * i + k);
            CHECK_EQUAL(k4a_image_get_iso_speed(images[k]), 100 + i + k);
            CHECK_EQUAL(k4a_image_get_white_balance(images[k]), 4500 + i + k);
            k4a_image_release(images[k]);
        }
        k4a_capture_release(capture);
    };
    const auto check_sample = [&](uint64_t i) {
        k4a_imu_sample_t sample;
        REQUIRE(k4a_playback_get_next_imu_sample(playback, &sample) == K4A_STREAM_RESULT_SUCCEEDED);
        CHECK_EQUAL(sample.acc_timestamp_usec, 1000000 + i / 50 * 33333 + i % 50 * 600);
        CHECK_EQUAL(sample.temperature, static_cast<float>(i / 500));
    };
    for (uint64_t i = 0; i < 60; ++i)
    {
        check_capture(i);
    }
    for (uint64_t i = 0; i < 3000; ++i)
    {
        check_sample(i);
    }
    for (const uint64_t i : {55, 7, 30, 0})
    {
        k4a_playback_seek_timestamp(playback, static_cast<int64_t>(i * 33333), K4A_PLAYBACK_SEEK_BEGIN);
        check_capture(i);
        check_sample(50 * i);
    }
    char text[32];
    size_t size = sizeof(text);
    CHECK_EQUAL(k4a_playback_get_tag(playback, "PYK4A_RP_START_UNIX_NS", text, &size), K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK(std::string(text).size() == 19);
    k4a_playback_close(playback);
}
