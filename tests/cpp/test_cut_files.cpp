// Recordings cut off at every single byte: what lies before the cut is still there.
#include "open_recording.hpp"

#include <algorithm>

namespace
{

using ebml::Bytes;
using ebml::Ending;

ebml::SampleOptions cameras_only(Ending ending)
{
    ebml::SampleOptions options;
    options.captures = 6;
    options.ending = ending;
    return options;
}

// Captures of which all three images end before the cut.
size_t whole_captures(const ebml::Written &written, size_t length)
{
    size_t count = 0;
    for (const std::vector<size_t> &blocks : written.block_ends)
    {
        count += blocks.at(2) <= length ? 1 : 0; // COLOR, DEPTH, IR come first in each cluster
    }
    return count;
}

void cut_everywhere(Ending ending)
{
    const ebml::Written written = ebml::write(ebml::sample(cameras_only(ending)));
    const std::vector<std::string> all_from_start = OpenRecording(written.bytes).rest(true);
    REQUIRE(all_from_start.size() == 6);
    const std::vector<std::string> all_from_0 = {"0 0 0"};
    for (size_t length = 0; length < written.bytes.size(); ++length)
    {
        const Bytes cut(written.bytes.begin(), written.bytes.begin() + static_cast<std::ptrdiff_t>(length));
        const size_t whole = whole_captures(written, length);
        if (whole == 0)
        {
            const TempFile file(cut);
            k4a_playback_t handle = nullptr;
            if (k4a_playback_open(file.path().c_str(), &handle) == K4A_RESULT_SUCCEEDED)
            {
                k4a_playback_close(handle);
            }
            continue;
        }
        const OpenRecording recording(cut);
        const std::vector<std::string> found = recording.rest(true);
        // Before the first IMU sample nothing tells when an unfinished recording began: times begin at 0 then.
        const bool lost = (recording.damage().kinds & K4A_RP_DAMAGE_START_OFFSET_LOST) != 0;
        CHECK_EQUAL(lost, ending == Ending::unfinished && length < written.block_ends[0][3]);
        const std::vector<std::string> &all = lost ? all_from_0 : all_from_start;
        // The one that was cut may be there in part.
        if (found.size() < whole || found.size() > whole + 1 ||
            !std::equal(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(whole), found.begin()))
        {
            check::report(__FILE__, __LINE__,
                          "cut at " + std::to_string(length) + ": " + std::to_string(whole) +
                              " captures lie before the cut, found " + check::show(found));
        }
        std::vector<std::string> backwards = recording.rest(false);
        std::reverse(backwards.begin(), backwards.end());
        CHECK_EQUAL(backwards, found);
        const bool in_cluster = std::none_of(written.cluster_ends.begin(), written.cluster_ends.end(),
                                             [&](size_t end) { return end == length; });
        if (in_cluster && length < written.cluster_ends.back())
        {
            CHECK_EQUAL(recording.damage().kinds & K4A_RP_DAMAGE_TRUNCATED, K4A_RP_DAMAGE_TRUNCATED);
        }
    }
}

} // namespace

TEST(cut_files, finished_recording_cut_at_every_byte_keeps_its_captures)
{
    cut_everywhere(Ending::closed);
}

TEST(cut_files, killed_recording_cut_at_every_byte_keeps_its_captures)
{
    cut_everywhere(Ending::unfinished);
}

TEST(cut_files, continued_recording_cut_at_every_byte_keeps_its_captures)
{
    cut_everywhere(Ending::continued);
}

TEST(cut_files, recording_of_unknown_size_cut_at_every_byte_keeps_its_captures)
{
    cut_everywhere(Ending::unknown_size);
}

TEST(cut_files, cut_is_told_with_its_place)
{
    const ebml::Written written = ebml::write(ebml::sample(cameras_only(Ending::closed)));
    const size_t length = written.block_ends[4][1] + 5;
    const OpenRecording recording(
        Bytes(written.bytes.begin(), written.bytes.begin() + static_cast<std::ptrdiff_t>(length)));
    const k4a_rp_damage_t damage = recording.damage();
    CHECK_EQUAL(damage.kinds & K4A_RP_DAMAGE_TRUNCATED, K4A_RP_DAMAGE_TRUNCATED);
    char text[300];
    size_t size = sizeof(text);
    REQUIRE(OpenRecording::extensions()->playback_get_damage_text(recording.handle(), text, &size) ==
            K4A_BUFFER_RESULT_SUCCEEDED);
    CHECK(std::string(text).find("cut off") != std::string::npos);
}

TEST(cut_files, torn_void_at_the_end_is_no_corruption)
{
    // A recorder writes a cluster as a Void first and renames it when it is complete.
    const ebml::Written written = ebml::write(ebml::sample(cameras_only(Ending::unfinished)));
    const Bytes torn = ebml::id_bytes(0xEC) + ebml::size_number(100000, 8) + Bytes(500, 0xA3);
    const OpenRecording recording(written.bytes + torn);
    CHECK_EQUAL(recording.rest(true).size(), 6);
    CHECK_EQUAL(recording.damage().kinds & K4A_RP_DAMAGE_CORRUPT, 0);
}
