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

// A call that its caller has cancelled fails without a word in the log.
template <typename Body> k4a_result_t at_cancellable_boundary(const char *call, Body &&body) noexcept
{
    return at_boundary(call, K4A_RESULT_FAILED, [&] {
        try
        {
            return body();
        }
        catch (const Cancelled &)
        {
            return K4A_RESULT_FAILED;
        }
    });
}

} // namespace

k4a_result_t recording_copy(const char *source,
                            const char *target,
                            const k4a_rp_copy_options_t *options,
                            k4a_rp_go_on_cb_t *go_on,
                            void *context,
                            k4a_rp_recording_report_t *report)
{
    return at_cancellable_boundary(__func__, [&] {
        CopyOptions wanted;
        wanted.go_on = GoOn(go_on, context);
        if (options)
        {
            constexpr uint64_t most_usec = INT64_MAX / 1000;
            wanted.begin_ns = static_cast<int64_t>(std::min(options->begin_usec, most_usec)) * 1000;
            wanted.end_ns = static_cast<int64_t>(std::min(options->end_usec, most_usec)) * 1000;
            wanted.all_tracks = options->tracks == nullptr;
            wanted.overwrite = options->overwrite != 0;
            for (size_t i = 0; options->tracks && i < options->track_count; ++i)
            {
                wanted.tracks.emplace_back(require(options->tracks[i], "tracks"));
            }
        }
        hand_out(copy_recording(require(source, "source"), require(target, "target"), wanted), 0, report);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t recording_repair(const char *source,
                              const char *target,
                              uint32_t overwrite,
                              k4a_rp_go_on_cb_t *go_on,
                              void *context,
                              k4a_rp_recording_report_t *report)
{
    return at_cancellable_boundary(__func__, [&] {
        require(source, "source");
        CopyOptions wanted;
        wanted.overwrite = overwrite != 0;
        wanted.go_on = GoOn(go_on, context);
        hand_out(repair_recording(source, target ? target : source, wanted), 0, report);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t recording_verify(const char *path,
                              k4a_rp_go_on_cb_t *go_on,
                              void *context,
                              k4a_rp_recording_report_t *report,
                              char *text,
                              size_t *size)
{
    return at_cancellable_boundary(__func__, [&] {
        const VerifyReport found = verify_recording(require(path, "path"), GoOn(go_on, context));
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
