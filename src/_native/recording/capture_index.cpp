#include "recording/capture_index.hpp"

namespace k4a_rp
{

CaptureIndex::CaptureIndex(mkv::BlockReader &reader, const Metadata &metadata)
{
    CaptureCursor cursor(reader, metadata);
    Group group;
    while (cursor.find_next(&group))
    {
        for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
        {
            const mkv::BlockPosition &block = group.blocks[static_cast<size_t>(slot)];
            Entry entry;
            if (block)
            {
                entry = {block->time_ns, block->offset, block->size, block->lacing};
                cursor.advance(slot, block);
            }
            entries_.push_back(entry);
        }
    }
    entries_.shrink_to_fit();
}

} // namespace k4a_rp
