// Reads a recording from beginning to end and tells what is wrong with it.
#pragma once

#include "core/go_on.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace k4a_rp
{

struct VerifyReport
{
    uint64_t frames = 0; // without those of the metadata track
    uint64_t clusters = 0;
    uint64_t bytes = 0;
    uint32_t damage = 0;     // bits of k4a_rp_damage_kind_t
    uint64_t lost_bytes = 0; // as far as known
    bool start_offset_restored = false;
    uint64_t problems = 0;
    std::vector<std::string> lines; // of the first problems
};

// Throws Error when the file cannot be opened as a recording at all.
VerifyReport verify_recording(const std::string &path, const GoOn &go_on);

} // namespace k4a_rp
