// Simulated devices used by several threads at once, for ThreadSanitizer to look at.
#include "check.hpp"

#include "exports/device_extensions.hpp"

#include <k4a/k4a.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace k4a_rp;

namespace
{

k4a_device_configuration_t small_configuration()
{
    k4a_device_configuration_t configuration = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
    configuration.color_format = K4A_IMAGE_FORMAT_COLOR_BGRA32;
    configuration.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
    configuration.camera_fps = K4A_FRAMES_PER_SECOND_30;
    return configuration;
}

k4a_device_t open_device(double speed, bool on_demand)
{
    k4a_rp_simulated_options_t options = {};
    options.speed = speed;
    options.on_demand = on_demand;
    k4a_device_t device = nullptr;
    REQUIRE(simulated_device_open("scene:3", &options, &device) == K4A_RESULT_SUCCEEDED);
    return device;
}

} // namespace

TEST(simulated_threads, captures_and_samples_are_taken_by_several_threads)
{
    const k4a_device_t device = open_device(20, false);
    const k4a_device_configuration_t configuration = small_configuration();
    REQUIRE(k4a_device_start_cameras(device, &configuration) == K4A_RESULT_SUCCEEDED);
    REQUIRE(k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED);
    std::atomic<int> captures{0};
    std::atomic<int> samples{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
    {
        threads.emplace_back([&] {
            k4a_capture_t capture = nullptr;
            while (k4a_device_get_capture(device, &capture, K4A_WAIT_INFINITE) == K4A_WAIT_RESULT_SUCCEEDED)
            {
                k4a_image_t depth = k4a_capture_get_depth_image(capture);
                captures += k4a_image_get_buffer(depth) != nullptr ? 1 : 0;
                k4a_image_release(depth);
                k4a_capture_release(capture);
            }
        });
        threads.emplace_back([&] {
            k4a_imu_sample_t sample;
            while (k4a_device_get_imu_sample(device, &sample, K4A_WAIT_INFINITE) == K4A_WAIT_RESULT_SUCCEEDED)
            {
                ++samples;
            }
        });
    }
    threads.emplace_back([&] {
        for (int value = 0; value < 200; ++value)
        {
            k4a_device_set_color_control(
                device, K4A_COLOR_CONTROL_GAIN, K4A_COLOR_CONTROL_MODE_MANUAL, value);
            bool in, out;
            k4a_device_get_sync_jack(device, &in, &out);
        }
    });
    while (captures < 30 || samples < 100)
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    k4a_device_stop_imu(device);
    k4a_device_stop_cameras(device);
    for (std::thread &thread : threads)
    {
        thread.join();
    }
    k4a_device_close(device);
    CHECK_EQUAL(k4a_device_get_installed_count(), 0u);
}

TEST(simulated_threads, close_and_unplug_end_every_wait)
{
    for (const bool unplug : {false, true})
    {
        for (const bool on_demand : {false, true})
        {
            const k4a_device_t device = open_device(0.01, on_demand);
            const k4a_device_configuration_t configuration = small_configuration();
            REQUIRE(k4a_device_start_cameras(device, &configuration) == K4A_RESULT_SUCCEEDED);
            REQUIRE(k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED);
            std::thread sampler([&] {
                k4a_imu_sample_t sample;
                k4a_wait_result_t result;
                do // some may have come already
                {
                    result = k4a_device_get_imu_sample(device, &sample, K4A_WAIT_INFINITE);
                } while (result == K4A_WAIT_RESULT_SUCCEEDED);
                CHECK_EQUAL(result, K4A_WAIT_RESULT_FAILED);
            });
            std::thread taker([&] {
                k4a_capture_t capture = nullptr;
                if (!on_demand)
                {
                    CHECK_EQUAL(k4a_device_get_capture(device, &capture, K4A_WAIT_INFINITE), K4A_WAIT_RESULT_FAILED);
                }
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            if (unplug)
            {
                CHECK_EQUAL(simulated_device_unplug(device), K4A_RESULT_SUCCEEDED);
                sampler.join();
                taker.join();
                k4a_device_close(device);
            }
            else
            {
                k4a_device_close(device);
                sampler.join();
                taker.join();
            }
        }
    }
}

TEST(simulated_threads, four_devices_start_run_and_stop_at_once)
{
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
    {
        threads.emplace_back([] {
            for (int round = 0; round < 5; ++round)
            {
                const k4a_device_t device = open_device(1, true);
                const k4a_device_configuration_t configuration = small_configuration();
                CHECK_EQUAL(k4a_device_start_cameras(device, &configuration), K4A_RESULT_SUCCEEDED);
                for (int taken = 0; taken < 5; ++taken)
                {
                    k4a_capture_t capture = nullptr;
                    CHECK_EQUAL(k4a_device_get_capture(device, &capture, 0), K4A_WAIT_RESULT_SUCCEEDED);
                    k4a_capture_release(capture);
                }
                k4a_device_close(device);
            }
        });
    }
    for (std::thread &thread : threads)
    {
        thread.join();
    }
}
