// Recordings with damaged JPEG pictures, read with a colour conversion: every capture comes, the worst ones without
// colour. To be run with sanitizers.
#include "open_recording.hpp"
#include "pictures.hpp"

#include <algorithm>

using ebml::Bytes;

namespace
{

Bytes mutated(const Bytes &good, std::mt19937 &random)
{
    Bytes bad = good;
    const auto anywhere = [&] { return random() % bad.size(); };
    switch (random() % 7)
    {
    case 0: // single bits
        for (unsigned n = 1 + random() % 20; n > 0; --n)
        {
            bad[anywhere()] ^= static_cast<uint8_t>(1u << random() % 8);
        }
        break;
    case 1: // cut off
        bad.resize(1 + anywhere());
        break;
    case 2: // a stretch overwritten
    {
        const size_t start = anywhere();
        const size_t end = std::min(bad.size(), start + 1 + random() % 2000);
        std::fill(bad.begin() + static_cast<std::ptrdiff_t>(start),
                  bad.begin() + static_cast<std::ptrdiff_t>(end),
                  static_cast<uint8_t>(random()));
        break;
    }
    case 3: // a stretch from elsewhere
    {
        const size_t length = 1 + random() % (bad.size() / 2);
        std::copy_n(good.begin() + static_cast<std::ptrdiff_t>(random() % (bad.size() - length)),
                    length,
                    bad.begin() + static_cast<std::ptrdiff_t>(random() % (bad.size() - length)));
        break;
    }
    case 4: // the header: sizes, tables, sampling
        for (unsigned n = 1 + random() % 4; n > 0; --n)
        {
            bad[random() % 620] = static_cast<uint8_t>(random());
        }
        break;
    case 5: // markers
        for (unsigned n = 1 + random() % 4; n > 0; --n)
        {
            const size_t at = random() % (bad.size() - 1);
            bad[at] = 0xFF;
            bad[at + 1] = static_cast<uint8_t>(0xC0 + random() % 64);
        }
        break;
    default: // noise
        bad = pictures::random_bytes(1 + random() % 3000, static_cast<unsigned>(random()));
        break;
    }
    return bad;
}

} // namespace

TEST(damaged_pictures, of_500_recordings_cost_colour_only)
{
    pictures::need_codec();
    k4a_set_debug_message_handler(
        [](void *, k4a_log_level_t, const char *, int, const char *) {}, nullptr, K4A_LOG_LEVEL_CRITICAL);
    const Bytes good[] = {pictures::jpeg(320, 240, "1"), pictures::jpeg(320, 240)};
    constexpr k4a_image_format_t targets[] = {
        K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_IMAGE_FORMAT_COLOR_NV12, K4A_IMAGE_FORMAT_COLOR_YUY2};
    std::mt19937 random(1);
    size_t lost = 0;
    size_t kept = 0;
    for (size_t file = 0; file < 500; ++file)
    {
        const OpenRecording recording(pictures::recording(
            {good[0], mutated(good[file % 2], random), mutated(good[0], random), good[1]}));
        const k4a_playback_t playback = recording.handle();
        REQUIRE(k4a_playback_set_color_conversion(playback, targets[file % 3]) == K4A_RESULT_SUCCEEDED);
        k4a_capture_t capture = nullptr;
        size_t captures = 0;
        uint64_t missing = 0;
        while (k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED)
        {
            const k4a_image_t color = k4a_capture_get_color_image(capture);
            const k4a_image_t depth = k4a_capture_get_depth_image(capture);
            const k4a_image_t ir = k4a_capture_get_ir_image(capture);
            CHECK(depth && ir && k4a_image_get_buffer(depth) && k4a_image_get_buffer(ir));
            CHECK(color || (captures != 0 && captures != 3));
            CHECK(!color || k4a_image_get_buffer(color));
            missing += color ? 0 : 1;
            kept += color ? 1 : 0;
            for (const k4a_image_t image : {color, depth, ir})
            {
                if (image)
                {
                    k4a_image_release(image);
                }
            }
            k4a_capture_release(capture);
            ++captures;
        }
        CHECK_EQUAL(captures, 4);
        uint64_t counted = 0;
        CHECK_EQUAL(OpenRecording::extensions()->playback_get_damaged_color_count(playback, &counted),
                    K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(counted, missing);
        lost += missing;
    }
    k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF);
    CHECK(lost > 500);
    CHECK(kept > 1000);
}

TEST(damaged_pictures, are_logged_once_and_only_when_asked_for)
{
    pictures::need_codec();
    static std::vector<std::string> lines;
    k4a_set_debug_message_handler(
        [](void *, k4a_log_level_t, const char *, int, const char *text) { lines.push_back(text); },
        nullptr,
        K4A_LOG_LEVEL_WARNING);
    const OpenRecording recording(pictures::recording({Bytes(100, 0)}));
    lines.clear();
    REQUIRE(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_BGRA32) ==
            K4A_RESULT_SUCCEEDED);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_playback_get_next_capture(recording.handle(), &capture) == K4A_STREAM_RESULT_SUCCEEDED);
    CHECK_EQUAL(lines.size(), 0);
    CHECK(k4a_capture_get_color_image(capture) == nullptr);
    CHECK(k4a_capture_get_color_image(capture) == nullptr);
    CHECK_EQUAL(lines.size(), 1);
    CHECK(!lines.empty() && lines[0].find("the colour image of 5000000 usec is left out") != std::string::npos);
    k4a_capture_release(capture);
    // As stored they are not looked at.
    REQUIRE(recording.seek(0));
    REQUIRE(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_MJPG) ==
            K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(recording.next(), std::string("5000000 5000000 5000000"));
    k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF);
}
