// What was found to be wrong with a file while it was read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace k4a_rp::mkv
{

class DamageLog
{
public:
    enum Kind : uint32_t // values of k4a_rp_damage_kind_t
    {
        not_closed = 1,
        truncated = 2,
        corrupt = 4
    };

    // Noting the same place again changes nothing, so an area may be walked over many times. True: it is new.
    bool note(Kind kind, uint64_t offset, uint64_t lost_bytes)
    {
        kinds_ |= kind;
        return places_.size() < 4096 && places_.emplace(offset, lost_bytes).second;
    }
    void note(Kind kind) { kinds_ |= kind; }

    uint32_t kinds() const { return kinds_; }
    uint64_t first_offset() const { return places_.empty() ? 0 : places_.begin()->first; }
    uint64_t lost_bytes() const
    {
        uint64_t total = 0;
        for (const auto &place : places_)
        {
            total += place.second;
        }
        return total;
    }

private:
    uint32_t kinds_ = 0;
    std::map<uint64_t, uint64_t> places_;
};

} // namespace k4a_rp::mkv
