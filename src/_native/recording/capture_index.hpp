// All captures of a recording, for access by number. Built by walking over the block headers once.
#pragma once

#include "recording/grouping.hpp"

#include <vector>

namespace k4a_rp
{

class CaptureIndex
{
public:
    // What is needed to make an image later, without the cluster around it. offset 0: no image.
    struct Entry
    {
        int64_t time_ns = 0;
        uint64_t offset = 0;
        uint64_t size = 0;
        mkv::Lacing lacing = mkv::Lacing::none;
    };

    CaptureIndex(mkv::BlockReader &reader, const Metadata &metadata);

    size_t size() const { return entries_.size() / 3; }
    const Entry &entry(size_t capture, Slot slot) const { return entries_[capture * 3 + static_cast<size_t>(slot)]; }

private:
    std::vector<Entry> entries_;
};

} // namespace k4a_rp
