// One recording used by many threads at once, for ThreadSanitizer to look at.
#include "open_recording.hpp"

#include <atomic>
#include <thread>

namespace
{

constexpr size_t captures = 60;

ebml::SampleOptions options_for_threads()
{
    ebml::SampleOptions options;
    options.captures = captures;
    options.color = "NV12";
    options.color_width = 16;
    options.color_height = 8;
    options.color_bytes = 192;
    return options;
}

void run_in_threads(size_t count, const std::function<void(size_t)> &body)
{
    std::atomic<size_t> waiting{count};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < count; ++i)
    {
        threads.emplace_back([&, i] {
            --waiting;
            while (waiting != 0) // all at once
            {
                std::this_thread::yield();
            }
            body(i);
        });
    }
    for (std::thread &thread : threads)
    {
        thread.join();
    }
}

uint64_t sum_of(k4a_image_t image)
{
    const uint8_t *buffer = k4a_image_get_buffer(image);
    uint64_t sum = 0;
    for (size_t i = 0; buffer && i < k4a_image_get_size(image); ++i)
    {
        sum = sum * 31 + buffer[i];
    }
    return sum;
}

} // namespace

TEST(threads, two_on_one_playback_get_each_capture_once)
{
    const OpenRecording recording(ebml::sample(options_for_threads()));
    std::atomic<size_t> color{0};
    std::atomic<size_t> imu{0};
    std::atomic<size_t> notes{0};
    run_in_threads(2, [&](size_t) {
        const k4a_playback_t playback = recording.handle();
        k4a_capture_t capture = nullptr;
        k4a_imu_sample_t sample;
        k4a_playback_data_block_t block = nullptr;
        for (size_t i = 0; i < 4 * captures; ++i)
        {
            if (k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED)
            {
                const k4a_image_t image = k4a_capture_get_color_image(capture);
                CHECK_EQUAL(k4a_image_get_size(image), 192);
                (void)sum_of(image);
                k4a_image_release(image);
                k4a_capture_release(capture);
                ++color;
            }
            imu += k4a_playback_get_next_imu_sample(playback, &sample) == K4A_STREAM_RESULT_SUCCEEDED ? 1 : 0;
            if (k4a_playback_get_next_data_block(playback, "NOTES", &block) == K4A_STREAM_RESULT_SUCCEEDED)
            {
                k4a_playback_data_block_release(block);
                ++notes;
            }
        }
    });
    CHECK_EQUAL(color.load(), captures);
    CHECK_EQUAL(imu.load(), 2 * captures);
    CHECK_EQUAL(notes.load(), 3 * captures);
}

TEST(threads, every_function_of_one_playback_may_run_beside_every_other)
{
    const OpenRecording recording(ebml::sample(options_for_threads()));
    const k4a_playback_t playback = recording.handle();
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    run_in_threads(4, [&](size_t thread) {
        for (size_t i = 0; i < 40; ++i)
        {
            k4a_capture_t capture = nullptr;
            k4a_rp_damage_t damage;
            k4a_record_configuration_t configuration;
            std::vector<k4a_imu_sample_t> samples(2 * captures);
            size_t count = 0;
            size_t total = 0;
            switch ((i + thread) % 6)
            {
            case 0:
                CHECK_EQUAL(
                    k4a_playback_seek_timestamp(playback, static_cast<int64_t>(i) * 40000, K4A_PLAYBACK_SEEK_BEGIN),
                    K4A_RESULT_SUCCEEDED);
                break;
            case 1:
                CHECK_EQUAL(extensions->playback_get_capture_at(playback, i, &capture), K4A_RESULT_SUCCEEDED);
                k4a_capture_release(capture);
                break;
            case 2:
                if (k4a_playback_get_previous_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED)
                {
                    k4a_capture_release(capture);
                }
                break;
            case 3:
                CHECK_EQUAL(
                    extensions->playback_read_imu_samples(playback, 0, samples.size(), samples.data(), &count, &total),
                    K4A_RESULT_SUCCEEDED);
                CHECK_EQUAL(count, 2 * captures);
                break;
            case 4:
                CHECK_EQUAL(k4a_playback_get_recording_length_usec(playback), 59 * 33333 + 2300);
                CHECK_EQUAL(extensions->playback_get_damage(playback, &damage), K4A_RESULT_SUCCEEDED);
                break;
            default:
                CHECK_EQUAL(k4a_playback_get_record_configuration(playback, &configuration), K4A_RESULT_SUCCEEDED);
                CHECK_EQUAL(k4a_playback_set_color_conversion(playback, i % 2 == 0 ? K4A_IMAGE_FORMAT_COLOR_BGRA32 :
                                                                                     K4A_IMAGE_FORMAT_COLOR_NV12),
                            K4A_RESULT_SUCCEEDED);
            }
        }
    });
}

TEST(threads, one_image_is_loaded_once_for_all)
{
    const OpenRecording recording(ebml::sample(options_for_threads()));
    for (int round = 0; round < 20; ++round)
    {
        k4a_capture_t capture = nullptr;
        REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
        std::atomic<uint8_t *> seen{nullptr};
        std::atomic<uint64_t> sum{0};
        run_in_threads(4, [&](size_t) {
            const k4a_image_t image = k4a_capture_get_depth_image(capture);
            uint8_t *buffer = k4a_image_get_buffer(image);
            uint8_t *expected = nullptr;
            CHECK(buffer != nullptr);
            CHECK(seen.compare_exchange_strong(expected, buffer) || expected == buffer);
            sum += sum_of(image);
            k4a_image_release(image);
        });
        k4a_capture_release(capture);
        CHECK(sum != 0 && sum % 4 == 0);
    }
}

TEST(threads, images_are_loaded_from_many_threads_while_the_recording_plays_and_closes)
{
    OpenRecording recording(ebml::sample(options_for_threads()));
    std::vector<k4a_image_t> images;
    for (size_t i = 0; i < captures; ++i)
    {
        k4a_capture_t capture = nullptr;
        REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
        for (const auto get : {k4a_capture_get_color_image, k4a_capture_get_depth_image, k4a_capture_get_ir_image})
        {
            images.push_back(get(capture));
        }
        k4a_capture_release(capture);
    }
    std::atomic<size_t> next{0};
    std::atomic<size_t> loaded{0};
    run_in_threads(4, [&](size_t thread) {
        if (thread == 0)
        {
            CHECK_EQUAL(recording.rest(false).size(), captures - 1);
            recording.close();
        }
        for (size_t i = next++; i < images.size(); i = next++)
        {
            loaded += sum_of(images[i]) != 0 ? 1 : 0;
            k4a_image_release(images[i]);
        }
    });
    CHECK_EQUAL(loaded.load(), images.size());
}

TEST(threads, many_recordings_of_one_file_are_independent)
{
    const TempFile file(ebml::write(ebml::sample(options_for_threads())).bytes);
    run_in_threads(4, [&](size_t) {
        for (int round = 0; round < 5; ++round)
        {
            k4a_playback_t playback = nullptr;
            REQUIRE(k4a_playback_open(file.path().c_str(), &playback) == K4A_RESULT_SUCCEEDED);
            size_t count = 0;
            k4a_capture_t capture = nullptr;
            for (; k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED; ++count)
            {
                k4a_capture_release(capture);
            }
            CHECK_EQUAL(count, captures);
            k4a_playback_close(playback);
        }
    });
}

TEST(threads, message_handler_is_changed_while_others_log)
{
    static std::atomic<int> messages{0};
    const auto handler = [](void *, k4a_log_level_t, const char *, int, const char *) { ++messages; };
    run_in_threads(3, [&](size_t thread) {
        for (int i = 0; i < 200; ++i)
        {
            if (thread == 0)
            {
                k4a_set_debug_message_handler(i % 2 == 0 ? +handler : nullptr, nullptr, K4A_LOG_LEVEL_ERROR);
            }
            else
            {
                k4a_image_release(nullptr); // logs
            }
        }
    });
    k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF);
    const int count = messages;
    k4a_image_release(nullptr);
    CHECK_EQUAL(messages.load(), count);
}
