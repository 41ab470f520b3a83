// Which images make one capture, in both directions and after seeks.
#include "open_recording.hpp"

#include <algorithm>

using Lines = std::vector<std::string>;

namespace
{

constexpr uint64_t start = 1000000;

// An image of a track (1 colour, 2 depth, 3 IR) at a time from the start of the file.
struct Shot
{
    uint64_t track;
    uint64_t usec;
};

ebml::RecordingSpec with_shots(const std::vector<Shot> &shots, int64_t depth_delay_usec = 0, unsigned fps = 30)
{
    ebml::SampleOptions options;
    options.captures = 0;
    options.fps = fps;
    options.depth_delay_usec = depth_delay_usec;
    options.imu = options.custom = false;
    ebml::RecordingSpec spec = ebml::sample(options);
    spec.start_offset_ns = start * 1000;
    for (const Shot &shot : shots) // in order of time
    {
        const uint64_t window = shot.usec / 32000 * 32000;
        if (spec.clusters.empty() || spec.clusters.back().time != window)
        {
            spec.clusters.push_back({window, {}});
        }
        ebml::BlockSpec block;
        block.track = shot.track;
        block.relative = static_cast<int16_t>(shot.usec - window);
        block.payload = ebml::frame_payload(shot.track, 0, 8);
        spec.clusters.back().blocks.push_back(block);
    }
    return spec;
}

std::vector<Shot> shots_with_depth_later_by(uint64_t usec, size_t count)
{
    std::vector<Shot> shots;
    for (size_t i = 0; i < count; ++i)
    {
        const uint64_t time = i * 33333;
        shots.insert(shots.end(), {{1, time}, {2, time + usec}, {3, time + usec}});
    }
    std::stable_sort(shots.begin(), shots.end(), [](const Shot &a, const Shot &b) { return a.usec < b.usec; });
    return shots;
}

Lines reversed(Lines lines)
{
    std::reverse(lines.begin(), lines.end());
    return lines;
}

} // namespace

TEST(captures, images_within_half_a_period_belong_together)
{
    const OpenRecording recording(with_shots(shots_with_depth_later_by(16666, 3)));
    const Lines expected = {"1000000 1016666 1016666", "1033333 1049999 1049999", "1066666 1083332 1083332"};
    CHECK_EQUAL(recording.rest(true), expected);
    CHECK_EQUAL(recording.rest(false), reversed(expected));
}

TEST(captures, images_further_apart_pair_by_direction)
{
    const OpenRecording recording(with_shots(shots_with_depth_later_by(16667, 3)));
    CHECK_EQUAL(recording.rest(true),
                (Lines{"1000000 - -", "1033333 1016667 1016667", "1066666 1050000 1050000", "- 1083333 1083333"}));
    CHECK_EQUAL(recording.rest(false),
                (Lines{"- 1083333 1083333", "1066666 1050000 1050000", "1033333 1016667 1016667", "1000000 - -"}));
}

TEST(captures, delay_of_the_recording_is_allowed_for)
{
    for (const int64_t delay : {20000, -5000})
    {
        std::vector<Shot> shots;
        for (uint64_t i = 0; i < 3; ++i)
        {
            const uint64_t time = 10000 + i * 33333;
            const uint64_t later = time + static_cast<uint64_t>(delay);
            shots.insert(shots.end(), {{1, time}, {2, later}, {3, later}});
        }
        std::stable_sort(shots.begin(), shots.end(), [](const Shot &a, const Shot &b) { return a.usec < b.usec; });
        const OpenRecording recording(with_shots(shots, delay));
        const Lines forward = recording.rest(true);
        CHECK_EQUAL(forward.size(), 3);
        CHECK_EQUAL(forward.at(0),
                    "1010000 " + std::to_string(1010000 + delay) + " " + std::to_string(1010000 + delay));
        CHECK_EQUAL(recording.rest(false), reversed(forward));
    }
}

TEST(captures, missing_frames_leave_gaps)
{
    const OpenRecording recording(with_shots({{1, 0}, {2, 0}, {3, 0}, {2, 33333}, {3, 33333}, {1, 66666}, {3, 66666}}));
    const Lines expected = {"1000000 1000000 1000000", "- 1033333 1033333", "1066666 - 1066666"};
    CHECK_EQUAL(recording.rest(true), expected);
    CHECK_EQUAL(recording.rest(false), reversed(expected));
}

TEST(captures, second_colour_in_one_window_stands_alone)
{
    const OpenRecording recording(with_shots({{1, 0}, {2, 0}, {3, 0}, {1, 5000}, {1, 33333}, {2, 33333}, {3, 33333}}));
    CHECK_EQUAL(recording.rest(true),
                (Lines{"1000000 1000000 1000000", "1005000 - -", "1033333 1033333 1033333"}));
}

TEST(captures, windows_depend_on_the_frame_rate)
{
    const std::vector<Shot> shots = {{1, 0}, {2, 30000}, {3, 30000}, {1, 66666}, {2, 96666}, {3, 96666}};
    CHECK_EQUAL(OpenRecording(with_shots(shots, 0, 15)).rest(true),
                (Lines{"1000000 1030000 1030000", "1066666 1096666 1096666"}));
    CHECK_EQUAL(OpenRecording(with_shots(shots, 0, 5)).rest(true).size(), 2);
    CHECK_EQUAL(OpenRecording(with_shots(shots, 0, 30)).rest(true).size(), 4);
}

TEST(captures, end_is_stable_and_the_way_back_returns_the_last)
{
    const OpenRecording recording(with_shots(shots_with_depth_later_by(0, 5)));
    CHECK_EQUAL(recording.previous(), std::string("eof"));
    CHECK_EQUAL(recording.next(), std::string("1000000 1000000 1000000"));
    CHECK_EQUAL(recording.rest(true).size(), 4);
    for (int i = 0; i < 3; ++i)
    {
        CHECK_EQUAL(recording.next(), std::string("eof"));
    }
    CHECK_EQUAL(recording.previous(), std::string("1133332 1133332 1133332"));
    CHECK_EQUAL(recording.previous(), std::string("1099999 1099999 1099999"));
    CHECK_EQUAL(recording.next(), std::string("1133332 1133332 1133332"));
    CHECK_EQUAL(recording.next(), std::string("eof"));
}

TEST(captures, seek_finds_whole_captures)
{
    const OpenRecording recording(with_shots(shots_with_depth_later_by(2000, 4)));
    struct
    {
        int64_t usec;
        const char *next;
        const char *previous;
    } const cases[] = {
        {0, "1000000 1002000 1002000", "eof"},
        {1, "1000000 1002000 1002000", "eof"}, // inside the first capture
        {2000, "1000000 1002000 1002000", "eof"},
        {2001, "1033333 1035333 1035333", "1000000 1002000 1002000"},
        {33333, "1033333 1035333 1035333", "1000000 1002000 1002000"},
        {34000, "1033333 1035333 1035333", "1000000 1002000 1002000"},
        {35334, "1066666 1068666 1068666", "1033333 1035333 1035333"},
        {100000, "1099999 1101999 1101999", "1066666 1068666 1068666"}, // inside the last capture
        {102000, "eof", "1099999 1101999 1101999"},
        {999999999, "eof", "1099999 1101999 1101999"},
    };
    for (const auto &one : cases)
    {
        REQUIRE(recording.seek(one.usec));
        CHECK_EQUAL(recording.next(), std::string(one.next));
        REQUIRE(recording.seek(one.usec));
        CHECK_EQUAL(recording.previous(), std::string(one.previous));
    }
}

TEST(captures, seek_by_every_origin_meets_the_same_place)
{
    const OpenRecording recording(with_shots(shots_with_depth_later_by(0, 4)));
    const std::string third = "1066666 1066666 1066666";
    REQUIRE(recording.seek(66666, K4A_PLAYBACK_SEEK_BEGIN));
    CHECK_EQUAL(recording.next(), third);
    REQUIRE(recording.seek(1066666, K4A_PLAYBACK_SEEK_DEVICE_TIME));
    CHECK_EQUAL(recording.next(), third);
    REQUIRE(recording.seek(-33334, K4A_PLAYBACK_SEEK_END));
    CHECK_EQUAL(recording.next(), third);
    REQUIRE(recording.seek(0, K4A_PLAYBACK_SEEK_END));
    CHECK_EQUAL(recording.next(), std::string("eof"));
    for (const int64_t far : {std::numeric_limits<int64_t>::min(), int64_t(-1), int64_t(5)})
    {
        REQUIRE(recording.seek(std::min<int64_t>(far, 0), K4A_PLAYBACK_SEEK_BEGIN));
        CHECK_EQUAL(recording.previous(), std::string("eof"));
        REQUIRE(recording.seek(far, K4A_PLAYBACK_SEEK_DEVICE_TIME));
        CHECK_EQUAL(recording.previous(), std::string("eof"));
    }
    for (const int64_t far : {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::max() / 1000})
    {
        REQUIRE(recording.seek(far, K4A_PLAYBACK_SEEK_BEGIN));
        CHECK_EQUAL(recording.next(), std::string("eof"));
        REQUIRE(recording.seek(far, K4A_PLAYBACK_SEEK_END)); // behind the end
        CHECK_EQUAL(recording.next(), std::string("eof"));
        CHECK_EQUAL(recording.previous(), std::string("1099999 1099999 1099999"));
        REQUIRE(recording.seek(std::numeric_limits<int64_t>::min(), K4A_PLAYBACK_SEEK_END));
        CHECK_EQUAL(recording.previous(), std::string("eof"));
    }
    REQUIRE(recording.seek(66666));
    CHECK(!recording.seek(0, static_cast<k4a_playback_seek_origin_t>(3)));
    CHECK_EQUAL(recording.next(), third); // the position has not changed
}

static std::vector<Shot> jittered_shots(bool some_missing)
{
    std::vector<Shot> shots;
    for (uint64_t i = 0; i < 200; ++i)
    {
        for (uint64_t track = 1; track <= 3; ++track)
        {
            if (!some_missing || (i * 7 + track * 5) % 11 != 0)
            {
                shots.push_back({track, i * 33333 + track * 900 + i % 5 * 100});
            }
        }
    }
    return shots;
}

TEST(captures, both_directions_and_the_index_agree_where_frames_are_missing)
{
    const OpenRecording recording(with_shots(jittered_shots(true)));
    const Lines all = recording.rest(true);
    CHECK(all.size() >= 198);
    CHECK_EQUAL(recording.rest(false), reversed(all));
    size_t count = 0;
    REQUIRE(OpenRecording::extensions()->playback_get_capture_count(recording.handle(), &count) ==
            K4A_RESULT_SUCCEEDED);
    REQUIRE(count == all.size());
    for (size_t i = 0; i < count; ++i)
    {
        k4a_capture_t capture = nullptr;
        REQUIRE(OpenRecording::extensions()->playback_get_capture_at(recording.handle(), i, &capture) ==
                K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(OpenRecording::describe(capture), all[i]);
        k4a_capture_release(capture);
    }
}

TEST(captures, random_steps_agree_with_the_list_of_all)
{
    // Complete captures: where one lacks an image, turning round pairs the tracks anew, as with the SDK.
    const OpenRecording recording(with_shots(jittered_shots(false)));
    const Lines all = recording.rest(true);
    CHECK_EQUAL(recording.rest(false), reversed(all));
    // Asking the index moves no cursor.
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    size_t count = 0;
    REQUIRE(extensions->playback_get_capture_count(recording.handle(), &count) == K4A_RESULT_SUCCEEDED);
    REQUIRE(count == all.size());
    std::vector<k4a_rp_capture_timestamps_t> stamps(count);
    REQUIRE(extensions->playback_get_capture_timestamps(recording.handle(), 0, count, stamps.data()) ==
            K4A_RESULT_SUCCEEDED);
    uint32_t random = 1;
    REQUIRE(recording.seek(0));
    size_t place = 0; // between captures
    for (int i = 0; i < 3000; ++i)
    {
        random = random * 1664525u + 1013904223u;
        const size_t index = (random >> 8) % count;
        k4a_capture_t capture = nullptr;
        REQUIRE(extensions->playback_get_capture_at(recording.handle(), index, &capture) == K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(OpenRecording::describe(capture), all[index]);
        k4a_capture_release(capture);
        const bool forward = (random >> 30) != 0;
        const std::string step = recording.step(forward);
        if (forward)
        {
            CHECK_EQUAL(step, place < count ? all[place] : "eof");
            place = std::min(place + 1, count + 1);
        }
        else
        {
            // The cursor lies on the capture that was returned last: back means the one before it.
            const bool none = place <= 1;
            CHECK_EQUAL(step, none ? "eof" : all[place - 2]);
            place = none ? 0 : place - 1;
        }
    }
}

TEST(captures, track_that_ends_early_leaves_partial_captures)
{
    std::vector<Shot> shots = {{2, 0}, {3, 0}};
    for (uint64_t i = 0; i < 100; ++i)
    {
        shots.push_back({1, 33333 * (i + 1)});
    }
    const OpenRecording recording(with_shots(shots));
    const Lines forward = recording.rest(true);
    CHECK_EQUAL(forward.size(), 101);
    CHECK_EQUAL(forward.front(), std::string("- 1000000 1000000"));
    CHECK_EQUAL(forward.back(), std::string("4333300 - -"));
    CHECK_EQUAL(recording.rest(false), reversed(forward));
}

TEST(captures, laced_image_block_fails_and_the_rest_is_read)
{
    ebml::RecordingSpec spec = with_shots(shots_with_depth_later_by(0, 3));
    ebml::BlockSpec &color = spec.clusters[1].blocks[0];
    color.flags = ebml::lacing_xiph;
    color.payload = ebml::laced(ebml::lacing_xiph, {ebml::text("one"), ebml::text("two")});
    const OpenRecording recording(spec);
    CHECK_EQUAL(recording.next(), std::string("1000000 1000000 1000000"));
    CHECK_EQUAL(recording.next(), std::string("failed"));
    // Colour has moved on, depth and IR have not: as with the SDK.
    CHECK_EQUAL(recording.next(), std::string("- 1033333 1033333"));
    CHECK_EQUAL(recording.next(), std::string("1066666 1066666 1066666"));
    CHECK_EQUAL(recording.next(), std::string("eof"));
}

TEST(captures, unreadable_image_is_left_out_by_number)
{
    ebml::RecordingSpec spec = with_shots(shots_with_depth_later_by(0, 3));
    spec.clusters[1].blocks[0].payload.clear();
    for (ebml::BlockSpec &block : spec.clusters[2].blocks)
    {
        block.payload.clear();
    }
    const OpenRecording recording(spec);
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    const std::string expected[] = {"1000000 1000000 1000000", "- 1033333 1033333"};
    k4a_capture_t capture = nullptr;
    k4a_rp_capture_timestamps_t stamps;
    for (size_t i = 0; i < 2; ++i)
    {
        REQUIRE(extensions->playback_get_capture_at(recording.handle(), i, &capture) == K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(OpenRecording::describe(capture), expected[i]);
        REQUIRE(extensions->capture_get_timestamps(capture, &stamps) == K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(stamps.color_usec, i == 0 ? 1000000 : K4A_RP_NO_TIMESTAMP);
        CHECK_EQUAL(stamps.depth_usec, 1000000 + i * 33333);
        CHECK_EQUAL(stamps.ir_usec, 1000000 + i * 33333);
        CHECK_EQUAL(extensions->capture_get_timestamps(capture, nullptr), K4A_RESULT_FAILED);
        k4a_capture_release(capture);
    }
    CHECK_EQUAL(extensions->playback_get_capture_at(recording.handle(), 2, &capture), K4A_RESULT_FAILED);
    CHECK(capture == nullptr);
    for (const k4a_capture_t bad : {k4a_capture_t(), reinterpret_cast<k4a_capture_t>(recording.handle())})
    {
        CHECK_EQUAL(extensions->capture_get_timestamps(bad, &stamps), K4A_RESULT_FAILED);
    }
}
