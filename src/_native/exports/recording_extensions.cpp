#include "exports/recording_extensions.hpp"

#include "exports/boundary.hpp"
#include "recording/copy.hpp"
#include "recording/verify.hpp"

#include <algorithm>

namespace k4a_rp
{

namespace
{

template <typename Report> void hand_out(const Report &found, uint64_t problems, k4a_rp_recording_report_t *report)
{
    if (report)
    {
        *report = {};
        report->frames = found.frames;
        report->clusters = found.clusters;
        report->bytes = found.bytes;
        report->lost_bytes = found.lost_bytes;
        report->problems = problems;
        report->damage_kinds = found.damage;
        report->start_offset_restored = found.start_offset_restored;
    }
}

} // namespace

k4a_result_t recording_copy(const char *source,
                            const char *target,
                            const k4a_rp_copy_options_t *options,
                            k4a_rp_recording_report_t *report)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        CopyOptions wanted;
        if (options)
        {
            constexpr uint64_t most_usec = INT64_MAX / 1000;
            wanted.begin_ns = static_cast<int64_t>(std::min(options->begin_usec, most_usec)) * 1000;
            wanted.end_ns = static_cast<int64_t>(std::min(options->end_usec, most_usec)) * 1000;
            wanted.all_tracks = options->tracks == nullptr;
            for (size_t i = 0; options->tracks && i < options->track_count; ++i)
            {
                wanted.tracks.emplace_back(require(options->tracks[i], "tracks"));
            }
        }
        hand_out(copy_recording(require(source, "source"), require(target, "target"), wanted), 0, report);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t recording_repair(const char *source, const char *target, k4a_rp_recording_report_t *report)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(source, "source");
        hand_out(repair_recording(source, target ? target : source), 0, report);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t recording_verify(const char *path, k4a_rp_recording_report_t *report, char *text, size_t *size)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        const VerifyReport found = verify_recording(require(path, "path"));
        hand_out(found, found.problems, report);
        if (!text || !size || *size == 0)
        {
            return K4A_RESULT_SUCCEEDED;
        }
        std::string lines;
        for (const std::string &line : found.lines)
        {
            if (lines.size() + line.size() + 2 > *size)
            {
                break;
            }
            lines += line + "\n";
        }
        std::copy_n(lines.c_str(), lines.size() + 1, text);
        *size = lines.size() + 1;
        return K4A_RESULT_SUCCEEDED;
    });
}

} // namespace k4a_rp
