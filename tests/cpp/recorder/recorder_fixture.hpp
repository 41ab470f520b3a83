// A recorder of small depth images through the exported functions.
#pragma once

#include "check.hpp"
#include "temp_file.hpp"

#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <k4arecord/record.h>

struct OpenRecorder
{
    OpenRecorder() : file({1})
    {
        k4a_device_configuration_t configuration = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
        configuration.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
        configuration.camera_fps = K4A_FRAMES_PER_SECOND_30;
        REQUIRE(k4a_record_create(file.path().c_str(), nullptr, configuration, &handle) == K4A_RESULT_SUCCEEDED);
    }
    ~OpenRecorder() { k4a_record_close(handle); }

    void begin() { REQUIRE(k4a_record_write_header(handle) == K4A_RESULT_SUCCEEDED); }

    static k4a_image_t image(k4a_image_format_t format, int width, int height, int stride, uint64_t usec)
    {
        k4a_image_t made = nullptr;
        REQUIRE(k4a_image_create(format, width, height, stride, &made) == K4A_RESULT_SUCCEEDED);
        uint8_t *pixels = k4a_image_get_buffer(made);
        for (size_t i = 0; i < k4a_image_get_size(made); ++i)
        {
            pixels[i] = static_cast<uint8_t>(i * 7 + usec / 1000);
        }
        k4a_image_set_device_timestamp_usec(made, usec);
        return made;
    }

    // Takes the image over.
    k4a_result_t write_depth(k4a_image_t depth)
    {
        k4a_capture_t capture = nullptr;
        k4a_capture_create(&capture);
        k4a_capture_set_depth_image(capture, depth);
        k4a_image_release(depth);
        const k4a_result_t result = k4a_record_write_capture(handle, capture);
        k4a_capture_release(capture);
        return result;
    }
    k4a_result_t write_depth(uint64_t usec) { return write_depth(image(K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 0, usec)); }

    void close()
    {
        k4a_record_close(handle);
        handle = nullptr;
    }

    // Device times of the depth images.
    std::vector<uint64_t> read() const
    {
        std::vector<uint64_t> times;
        k4a_playback_t playback = nullptr;
        REQUIRE(k4a_playback_open(file.path().c_str(), &playback) == K4A_RESULT_SUCCEEDED);
        k4a_capture_t capture = nullptr;
        while (k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED)
        {
            k4a_image_t depth = k4a_capture_get_depth_image(capture);
            times.push_back(k4a_image_get_device_timestamp_usec(depth));
            k4a_image_release(depth);
            k4a_capture_release(capture);
        }
        k4a_playback_close(playback);
        return times;
    }

    TempFile file;
    k4a_record_t handle = nullptr;
};
