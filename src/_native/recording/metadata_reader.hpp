// Restores what the track PYK4A_RP_METADATA keeps: see metadata_block.hpp.
#pragma once

#include "image/capture.hpp"
#include "mkv/block_reader.hpp"

#include <limits>

namespace k4a_rp
{

class MetadataReader
{
public:
    MetadataReader(mkv::Document &document, mkv::BlockReader &reader, uint64_t track)
        : document_(document), reader_(reader), track_(track)
    {
    }

    // Of an image in a cluster that has been read: its metadata lies there too.
    void restore(const mkv::BlockPosition &block, Slot slot, Capture *capture, Image *image);
    // Of an image of which only the time is known (from the start of the file).
    void restore(int64_t time_ns, Slot slot, Capture *capture, Image *image);
    // NaN: unknown.
    float imu_temperature(int64_t time_ns);

private:
    bool restore_from(const mkv::Block &block, Slot slot, Capture *capture, Image *image);
    bool read_temperature(const mkv::Block &block, float *temperature);

    mkv::Document &document_;
    mkv::BlockReader &reader_;
    uint64_t track_;
    // The last temperature that was looked up holds in this time.
    float temperature_ = std::numeric_limits<float>::quiet_NaN();
    int64_t valid_from_ns_ = 0;
    int64_t valid_until_ns_ = 0;
};

} // namespace k4a_rp
