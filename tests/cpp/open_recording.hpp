// A recording in a temporary file, opened through the exported C functions.
#pragma once

#include "check.hpp"
#include "temp_file.hpp"

#include <k4a/k4a.h>
#include <k4a_rp/k4a_rp.h>
#include <k4arecord/playback.h>

#include <limits>

class OpenRecording
{
public:
    explicit OpenRecording(const ebml::Bytes &bytes) : file_(bytes)
    {
        REQUIRE(k4a_playback_open(file_.path().c_str(), &handle_) == K4A_RESULT_SUCCEEDED);
    }
    explicit OpenRecording(const ebml::RecordingSpec &spec) : OpenRecording(ebml::write(spec).bytes) {}
    ~OpenRecording()
    {
        if (handle_)
        {
            k4a_playback_close(handle_);
        }
    }
    k4a_playback_t handle() const { return handle_; }
    const TempFile &file() const { return file_; }
    void close()
    {
        k4a_playback_close(handle_);
        handle_ = nullptr;
    }

    bool seek(int64_t usec, k4a_playback_seek_origin_t origin = K4A_PLAYBACK_SEEK_BEGIN) const
    {
        return k4a_playback_seek_timestamp(handle_, usec, origin) == K4A_RESULT_SUCCEEDED;
    }

    // "colour depth ir" in microseconds of device time, "-" where there is none; "eof", "failed".
    std::string step(bool forward) const
    {
        k4a_capture_t capture = nullptr;
        const k4a_stream_result_t result = forward ? k4a_playback_get_next_capture(handle_, &capture) :
                                                     k4a_playback_get_previous_capture(handle_, &capture);
        if (result != K4A_STREAM_RESULT_SUCCEEDED)
        {
            CHECK(capture == nullptr);
            return result == K4A_STREAM_RESULT_EOF ? "eof" : "failed";
        }
        const std::string text = describe(capture);
        k4a_capture_release(capture);
        return text;
    }
    std::string next() const { return step(true); }
    std::string previous() const { return step(false); }

    std::vector<std::string> rest(bool forward) const
    {
        std::vector<std::string> all;
        for (std::string one = step(forward); one != "eof"; one = step(forward))
        {
            all.push_back(one);
            REQUIRE(all.size() < 100000);
        }
        return all;
    }

    static std::string describe(k4a_capture_t capture)
    {
        std::string text;
        for (const auto get : {k4a_capture_get_color_image, k4a_capture_get_depth_image, k4a_capture_get_ir_image})
        {
            const k4a_image_t image = get(capture);
            text += (text.empty() ? "" : " ") +
                    (image ? std::to_string(k4a_image_get_device_timestamp_usec(image)) : std::string("-"));
            if (image)
            {
                k4a_image_release(image);
            }
        }
        return text;
    }

    k4a_rp_damage_t damage() const
    {
        k4a_rp_damage_t damage{};
        CHECK_EQUAL(extensions()->playback_get_damage(handle_, &damage), K4A_RESULT_SUCCEEDED);
        return damage;
    }

    static const k4a_rp_extensions_t *extensions() { return k4a_rp_get_extensions(K4A_RP_EXTENSIONS_VERSION); }

private:
    TempFile file_;
    k4a_playback_t handle_ = nullptr;
};

inline std::string open_failure(const ebml::Bytes &bytes)
{
    const TempFile file(bytes);
    static std::string message;
    message.clear();
    k4a_set_debug_message_handler(
        [](void *, k4a_log_level_t, const char *, int, const char *text) { message = text; },
        nullptr,
        K4A_LOG_LEVEL_ERROR);
    k4a_playback_t handle = reinterpret_cast<k4a_playback_t>(&message);
    const k4a_result_t result = k4a_playback_open(file.path().c_str(), &handle);
    k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF);
    if (result == K4A_RESULT_SUCCEEDED)
    {
        k4a_playback_close(handle);
        return "opened";
    }
    CHECK(handle == nullptr);
    return message;
}
