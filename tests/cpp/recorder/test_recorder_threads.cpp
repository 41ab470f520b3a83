// Recorders used by many threads at once, for ThreadSanitizer to look at.
#include "recorder_fixture.hpp"

#include "exports/record_extensions.hpp"

#include <atomic>
#include <chrono>
#include <thread>

using namespace k4a_rp;

namespace
{

// Captures, IMU samples and custom data, each from a thread of its own, until told to stop; returns what was accepted.
struct Writers
{
    explicit Writers(OpenRecorder &open)
    {
        const k4a_record_t handle = open.handle;
        threads.emplace_back([this, &open] {
            for (uint64_t i = 0; !stop && i < limit; ++i)
            {
                captures += open.write_depth(1000000 + i * 3000) == K4A_RESULT_SUCCEEDED;
            }
        });
        threads.emplace_back([this, handle] {
            for (uint64_t i = 0; !stop && i < 10 * limit; ++i)
            {
                k4a_imu_sample_t sample{};
                sample.temperature = 20;
                sample.acc_timestamp_usec = sample.gyro_timestamp_usec = 1000000 + i * 300;
                samples += k4a_record_write_imu_sample(handle, sample) == K4A_RESULT_SUCCEEDED;
            }
        });
        threads.emplace_back([this, handle] {
            uint8_t data[1000] = {};
            for (uint64_t i = 0; !stop && i < limit; ++i)
            {
                events += k4a_record_write_custom_track_data(handle, "EVENTS", 1000000 + i * 3000, data, i % 1000) ==
                          K4A_RESULT_SUCCEEDED;
                k4a_rp_record_state_t state;
                record_get_state(handle, &state);
            }
        });
    }
    void join()
    {
        for (std::thread &thread : threads)
        {
            thread.join();
        }
        threads.clear();
    }

    static constexpr uint64_t limit = 300;
    std::atomic<bool> stop{false};
    std::atomic<int> captures{0};
    std::atomic<int> samples{0};
    std::atomic<int> events{0};
    std::vector<std::thread> threads;
};

void begin(OpenRecorder &recorder)
{
    k4a_rp_record_options_t options{};
    options.queue_limit_bytes = 4 << 20;
    options.sort_window_usec = 150000;
    options.keep_metadata = 1;
    REQUIRE(record_set_options(recorder.handle, &options) == K4A_RESULT_SUCCEEDED);
    REQUIRE(k4a_record_add_imu_track(recorder.handle) == K4A_RESULT_SUCCEEDED);
    REQUIRE(k4a_record_add_custom_subtitle_track(recorder.handle, "EVENTS", "S_EVENTS", nullptr, 0, nullptr) ==
            K4A_RESULT_SUCCEEDED);
    recorder.begin();
}

} // namespace

TEST(recorder_threads, three_write_at_once_while_it_is_flushed)
{
    OpenRecorder recorder;
    begin(recorder);
    Writers writers(recorder);
    for (int i = 0; i < 5; ++i)
    {
        CHECK_EQUAL(k4a_record_flush(recorder.handle), K4A_RESULT_SUCCEEDED);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    writers.join();
    recorder.close();
    CHECK_EQUAL(static_cast<int>(recorder.read().size()), writers.captures.load());
    CHECK(writers.captures > 0);
}

TEST(recorder_threads, close_while_three_write_ends_them)
{
    for (int i = 0; i < 5; ++i)
    {
        OpenRecorder recorder;
        begin(recorder);
        Writers writers(recorder);
        std::this_thread::sleep_for(std::chrono::milliseconds(20 * i));
        k4a_record_close(recorder.handle);
        writers.join();
        recorder.handle = nullptr;
        if (writers.captures > 0)
        {
            CHECK_EQUAL(static_cast<int>(recorder.read().size()), writers.captures.load());
        }
    }
}
