// Playing a recording: pixels, IMU, conversions, length, what outlives it.
#include "open_recording.hpp"

#include <algorithm>
#include <cmath>

using ebml::Bytes;

namespace
{

Bytes bytes_of(k4a_image_t image)
{
    const uint8_t *buffer = k4a_image_get_buffer(image);
    REQUIRE(buffer != nullptr);
    return Bytes(buffer, buffer + k4a_image_get_size(image));
}

Bytes swapped(Bytes bytes)
{
    for (size_t i = 0; i + 1 < bytes.size(); i += 2)
    {
        std::swap(bytes[i], bytes[i + 1]);
    }
    return bytes;
}

std::string imu_step(const OpenRecording &recording, bool forward)
{
    k4a_imu_sample_t sample;
    const k4a_stream_result_t result = forward ? k4a_playback_get_next_imu_sample(recording.handle(), &sample) :
                                                 k4a_playback_get_previous_imu_sample(recording.handle(), &sample);
    if (result != K4A_STREAM_RESULT_SUCCEEDED)
    {
        CHECK_EQUAL(sample.acc_timestamp_usec, 0);
        CHECK_EQUAL(sample.temperature, 0.0f);
        return result == K4A_STREAM_RESULT_EOF ? "eof" : "failed";
    }
    CHECK(std::isnan(sample.temperature));
    CHECK_EQUAL(sample.acc_sample.xyz.y, -9.75f);
    CHECK_EQUAL(sample.gyro_sample.xyz.z, 3.0f);
    return std::to_string(sample.acc_timestamp_usec) + " " + std::to_string(sample.gyro_timestamp_usec);
}

} // namespace

TEST(playback, images_have_their_attributes_and_bytes)
{
    const ebml::SampleOptions options;
    const OpenRecording recording(ebml::sample(options));
    for (size_t i = 0; i < options.captures; ++i)
    {
        k4a_capture_t capture = nullptr;
        REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
        CHECK(std::isnan(k4a_capture_get_temperature_c(capture)));
        const k4a_image_t color = k4a_capture_get_color_image(capture);
        const k4a_image_t depth = k4a_capture_get_depth_image(capture);
        const k4a_image_t ir = k4a_capture_get_ir_image(capture);
        CHECK_EQUAL(k4a_image_get_format(color), K4A_IMAGE_FORMAT_COLOR_MJPG);
        CHECK_EQUAL(k4a_image_get_width_pixels(color), 1280);
        CHECK_EQUAL(k4a_image_get_height_pixels(color), 720);
        CHECK_EQUAL(k4a_image_get_stride_bytes(color), 0);
        CHECK_EQUAL(bytes_of(color), ebml::frame_payload(1, i, options.color_bytes));
        CHECK_EQUAL(k4a_image_get_format(depth), K4A_IMAGE_FORMAT_DEPTH16);
        CHECK_EQUAL(k4a_image_get_stride_bytes(depth), 640);
        CHECK_EQUAL(bytes_of(depth), swapped(ebml::frame_payload(2, i, 16)));
        CHECK_EQUAL(k4a_image_get_format(ir), K4A_IMAGE_FORMAT_IR16);
        CHECK_EQUAL(bytes_of(ir), swapped(ebml::frame_payload(3, i, 16)));
        for (const k4a_image_t image : {color, depth, ir})
        {
            CHECK_EQUAL(k4a_image_get_device_timestamp_usec(image), 5000000 + i * 33333);
            CHECK_EQUAL(k4a_image_get_exposure_usec(image), 0);
            k4a_image_release(image);
        }
        k4a_capture_release(capture);
    }
}

TEST(playback, odd_depth_payload_keeps_its_size)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.clusters[0].blocks[1].payload = Bytes{1, 2, 3, 4, 5};
    const OpenRecording recording(spec);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    const k4a_image_t depth = k4a_capture_get_depth_image(capture);
    CHECK_EQUAL(bytes_of(depth), (Bytes{2, 1, 4, 3, 5}));
    k4a_image_release(depth);
    k4a_capture_release(capture);
}

TEST(playback, empty_image_block_fails_and_the_next_capture_is_read)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.clusters[0].blocks[2].payload.clear();
    const OpenRecording recording(spec);
    CHECK_EQUAL(recording.next(), std::string("failed"));
    CHECK_EQUAL(recording.next(), std::string("5033333 5033333 5033333"));
}

TEST(playback, large_depth_images_are_swapped_across_pieces)
{
    ebml::RecordingSpec spec = ebml::sample();
    const Bytes pixels = ebml::frame_payload(2, 3, 300001);
    spec.clusters[0].blocks[1].payload = pixels;
    const OpenRecording recording(spec);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    const k4a_image_t depth = k4a_capture_get_depth_image(capture);
    CHECK(bytes_of(depth) == swapped(pixels));
    k4a_image_release(depth);
    k4a_capture_release(capture);
}

TEST(playback, captures_images_and_data_outlive_the_recording)
{
    OpenRecording recording(ebml::sample());
    k4a_capture_t capture = nullptr;
    k4a_playback_data_block_t block = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    REQUIRE(k4a_playback_get_next_data_block(recording.handle(), "NOTES", &block) == K4A_STREAM_RESULT_SUCCEEDED);
    recording.close();
    const k4a_image_t depth = k4a_capture_get_depth_image(capture);
    k4a_capture_release(capture);
    CHECK_EQUAL(bytes_of(depth), swapped(ebml::frame_payload(2, 0, 16))); // loaded only now
    k4a_image_release(depth);
    const uint8_t *data = k4a_playback_data_block_get_buffer(block);
    CHECK_EQUAL(std::string(data, data + k4a_playback_data_block_get_buffer_size(block)), std::string("note 0"));
    CHECK_EQUAL(k4a_playback_data_block_get_device_timestamp_usec(block), 5000300);
    k4a_playback_data_block_release(block);
}

TEST(playback, pixels_of_a_file_that_shrank_fail_and_later_calls_too)
{
    const ebml::Written written = ebml::write(ebml::sample());
    const OpenRecording recording(written.bytes);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    const k4a_image_t depth = k4a_capture_get_depth_image(capture);
    k4a_capture_release(capture);
    recording.file().rewrite(Bytes(written.bytes.begin(), written.bytes.begin() + 100));
    CHECK(k4a_image_get_buffer(depth) == nullptr);
    CHECK(k4a_image_get_buffer(depth) == nullptr);
    CHECK_EQUAL(k4a_image_get_size(depth), 16);
    k4a_image_release(depth);
    for (int i = 0; i < 20; ++i)
    {
        const std::string step = recording.step(i % 3 != 0); // anything but a crash
        CHECK(!step.empty());
    }
    CHECK(imu_step(recording, true) != "");
    REQUIRE(recording.seek(100000));
    (void)recording.next();
    size_t count = 0;
    (void)OpenRecording::extensions()->playback_get_capture_count(recording.handle(), &count);
}

TEST(playback, imu_samples_come_in_both_directions)
{
    const OpenRecording recording(ebml::sample());
    std::vector<std::string> forward;
    for (std::string one = imu_step(recording, true); one != "eof"; one = imu_step(recording, true))
    {
        forward.push_back(one);
    }
    REQUIRE(forward.size() == 10);
    CHECK_EQUAL(forward[0], std::string("5000000 5000001"));
    CHECK_EQUAL(forward[1], std::string("5000600 5000601"));
    CHECK_EQUAL(forward[9], std::string("5133932 5133933"));
    CHECK_EQUAL(imu_step(recording, true), std::string("eof"));
    for (size_t i = 10; i-- > 0;)
    {
        CHECK_EQUAL(imu_step(recording, false), forward[i]);
    }
    CHECK_EQUAL(imu_step(recording, false), std::string("eof"));
    CHECK_EQUAL(imu_step(recording, true), forward[0]);
    CHECK_EQUAL(recording.next(), std::string("5000000 5000000 5000000")); // captures have not moved
    // By their own accelerometer time, not by that of their block.
    REQUIRE(recording.seek(5000001, K4A_PLAYBACK_SEEK_DEVICE_TIME));
    CHECK_EQUAL(imu_step(recording, true), forward[1]);
    REQUIRE(recording.seek(601));
    CHECK_EQUAL(imu_step(recording, false), forward[1]);
    REQUIRE(recording.seek(0, K4A_PLAYBACK_SEEK_END));
    CHECK_EQUAL(imu_step(recording, false), forward[9]);
}

TEST(playback, imu_samples_in_bulk_are_the_same)
{
    const OpenRecording recording(ebml::sample());
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    size_t count = 0;
    size_t total = 0;
    REQUIRE(extensions->playback_read_imu_samples(recording.handle(), 0, 0, nullptr, &count, &total) ==
            K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(count, 0);
    REQUIRE(total == 10);
    std::vector<k4a_imu_sample_t> samples(20);
    REQUIRE(extensions->playback_read_imu_samples(recording.handle(), 0, 20, samples.data(), &count, nullptr) ==
            K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(count, 10);
    for (size_t i = 0; i < count; ++i)
    {
        CHECK_EQUAL(std::to_string(samples[i].acc_timestamp_usec) + " " +
                        std::to_string(samples[i].gyro_timestamp_usec),
                    imu_step(recording, true));
    }
    for (const size_t first : {size_t(7), size_t(10), size_t(11), SIZE_MAX})
    {
        REQUIRE(extensions->playback_read_imu_samples(recording.handle(), first, 2, samples.data(), &count, &total) ==
                K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(count, first == 7 ? 2 : 0);
        CHECK_EQUAL(total, 10);
    }
    CHECK_EQUAL(extensions->playback_read_imu_samples(recording.handle(), 0, 1, nullptr, &count, &total),
                K4A_RESULT_FAILED);
}

TEST(playback, imu_sample_of_another_size_fails_and_is_passed)
{
    ebml::RecordingSpec spec = ebml::sample();
    ebml::BlockSpec &block = spec.clusters[1].blocks[3];
    block.flags = ebml::lacing_none;
    block.payload = Bytes(39, 1);
    const OpenRecording recording(spec);
    CHECK_EQUAL(imu_step(recording, true), std::string("5000000 5000001"));
    CHECK_EQUAL(imu_step(recording, true), std::string("5000600 5000601"));
    CHECK_EQUAL(imu_step(recording, true), std::string("failed"));
    CHECK_EQUAL(imu_step(recording, true), std::string("5066666 5066667"));
    size_t total = 0;
    REQUIRE(OpenRecording::extensions()->playback_read_imu_samples(
                recording.handle(), 0, 0, nullptr, nullptr, &total) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(total, 8);
}

TEST(playback, recording_without_imu_has_no_samples)
{
    ebml::SampleOptions options;
    options.imu = false;
    const OpenRecording recording(ebml::sample(options));
    CHECK_EQUAL(imu_step(recording, true), std::string("eof"));
    CHECK_EQUAL(imu_step(recording, false), std::string("eof"));
    size_t total = 9;
    REQUIRE(OpenRecording::extensions()->playback_read_imu_samples(
                recording.handle(), 0, 0, nullptr, nullptr, &total) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(total, 0);
}

TEST(playback, data_blocks_of_other_tracks_are_refused)
{
    const OpenRecording recording(ebml::sample());
    const k4a_playback_data_block_t untouched = reinterpret_cast<k4a_playback_data_block_t>(uintptr_t(64));
    k4a_playback_data_block_t block = untouched;
    for (const char *name : {"COLOR", "DEPTH", "IR", "IMU", "NONE"})
    {
        CHECK_EQUAL(k4a_playback_get_next_data_block(recording.handle(), name, &block), K4A_STREAM_RESULT_FAILED);
        CHECK_EQUAL(k4a_playback_get_previous_data_block(recording.handle(), name, &block), K4A_STREAM_RESULT_FAILED);
    }
    CHECK_EQUAL(k4a_playback_get_previous_data_block(recording.handle(), "NOTES", &block), K4A_STREAM_RESULT_EOF);
    CHECK(block == untouched);
    size_t frames = 0;
    REQUIRE(OpenRecording::extensions()->playback_get_track_frame_count(recording.handle(), "NOTES", &frames) ==
            K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(frames, 15);
}

TEST(playback, colour_is_converted_on_reading)
{
    ebml::SampleOptions options;
    options.color = "NV12";
    options.color_width = 16;
    options.color_height = 8;
    options.color_bytes = 16 * 8 * 3 / 2;
    ebml::RecordingSpec spec = ebml::sample(options);
    for (ebml::ClusterSpec &cluster : spec.clusters)
    {
        cluster.blocks[0].payload = Bytes(16 * 8, 81);
        for (int i = 0; i < 16 * 8 / 4; ++i)
        {
            cluster.blocks[0].payload += Bytes{90, 240};
        }
    }
    spec.clusters[1].blocks[0].payload.pop_back(); // too short to be converted
    const OpenRecording recording(spec);
    CHECK_EQUAL(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_DEPTH16), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_MJPG), K4A_RESULT_FAILED);
    REQUIRE(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_BGRA32) ==
            K4A_RESULT_SUCCEEDED);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    k4a_image_t color = k4a_capture_get_color_image(capture);
    CHECK_EQUAL(k4a_image_get_format(color), K4A_IMAGE_FORMAT_COLOR_BGRA32);
    CHECK_EQUAL(k4a_image_get_stride_bytes(color), 64);
    const Bytes pixels = bytes_of(color);
    CHECK_EQUAL(pixels.size(), 16 * 8 * 4);
    CHECK_EQUAL(Bytes(pixels.end() - 4, pixels.end()), (Bytes{0, 0, 254, 255}));
    k4a_image_release(color);
    k4a_capture_release(capture);
    CHECK_EQUAL(recording.next(), std::string("- 5033333 5033333")); // costs the colour image alone
    REQUIRE(recording.seek(0)); // kept across seeks
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    color = k4a_capture_get_color_image(capture);
    CHECK_EQUAL(k4a_image_get_size(color), 512);
    k4a_image_release(color);
    k4a_capture_release(capture);
    REQUIRE(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_NV12) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(recording.next(), std::string("5033333 5033333 5033333")); // a copy is not validated
}

TEST(playback, length_is_that_of_the_last_cluster)
{
    ebml::RecordingSpec spec = ebml::sample();
    // The last block is that of NOTES: 300 ticks behind the cluster, 2001 long, less a nanosecond.
    CHECK_EQUAL(k4a_playback_get_recording_length_usec(OpenRecording(spec).handle()), 4 * 33333 + 300 + 2000);
    spec.clusters.push_back({900000, {}}); // empty
    CHECK_EQUAL(k4a_playback_get_last_timestamp_usec(OpenRecording(spec).handle()), 4 * 33333 + 300 + 2000);
    spec.clusters.resize(1);
    spec.clusters[0].blocks.resize(1);
    CHECK_EQUAL(k4a_playback_get_recording_length_usec(OpenRecording(spec).handle()), 0);
}

TEST(playback, start_offset_of_a_killed_recording_comes_from_the_imu)
{
    ebml::SampleOptions options;
    options.ending = ebml::Ending::unfinished;
    const OpenRecording with_imu(ebml::sample(options));
    CHECK_EQUAL(with_imu.damage().kinds, K4A_RP_DAMAGE_NOT_CLOSED);
    CHECK_EQUAL(with_imu.damage().start_offset_restored, 1);
    CHECK_EQUAL(with_imu.next(), std::string("5000000 5000000 5000000"));
    CHECK_EQUAL(imu_step(with_imu, true), std::string("5000000 5000001"));
    REQUIRE(with_imu.seek(5066666, K4A_PLAYBACK_SEEK_DEVICE_TIME));
    CHECK_EQUAL(with_imu.next(), std::string("5066666 5066666 5066666"));

    options.imu = false;
    const OpenRecording without_imu(ebml::sample(options));
    CHECK_EQUAL(without_imu.damage().kinds, K4A_RP_DAMAGE_NOT_CLOSED | K4A_RP_DAMAGE_START_OFFSET_LOST);
    CHECK_EQUAL(without_imu.next(), std::string("0 0 0"));
}
