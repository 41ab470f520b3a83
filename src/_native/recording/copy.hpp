// Writes the frames of one recording into another, without decoding anything: copies, trims, filters and repairs.
#pragma once

#include "core/go_on.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace k4a_rp
{

struct CopyOptions
{
    int64_t begin_ns = 0; // from the beginning of the recording
    int64_t end_ns = INT64_MAX;
    bool all_tracks = true;
    std::vector<std::string> tracks; // names
    bool overwrite = false;          // an existing target
    GoOn go_on;
};

struct CopyReport
{
    uint64_t frames = 0; // without those of the metadata track
    uint64_t clusters = 0;
    uint64_t bytes = 0;      // of the new recording
    uint32_t damage = 0;     // of the source: bits of k4a_rp_damage_kind_t
    uint64_t lost_bytes = 0; // of the source, as far as known
    bool start_offset_restored = false;
};

// Throws Error; what was written is removed then, and a target that was to be replaced is as it was.
CopyReport copy_recording(const std::string &source, const std::string &target, const CopyOptions &options);

// A complete recording of all that can be read of the source. The same path twice: in place, by a file beside it that
// takes its place in one step when it is complete and on the disk. Of the options those of files count.
CopyReport repair_recording(const std::string &source, const std::string &target, const CopyOptions &options);

} // namespace k4a_rp
