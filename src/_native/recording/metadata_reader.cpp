#include "recording/metadata_reader.hpp"

#include "recording/metadata_block.hpp"

namespace k4a_rp
{

bool MetadataReader::restore_from(const mkv::Block &block, Slot slot, Capture *capture, Image *image)
{
    const uint8_t *bytes = block.track == track_ && block.size == image_metadata_size ?
                               document_.window().at(block.offset, image_metadata_size) :
                               nullptr;
    return bytes && decode_image_metadata(bytes, slot, capture, image);
}

void MetadataReader::restore(const mkv::BlockPosition &position, Slot slot, Capture *capture, Image *image)
{
    for (const mkv::Block &block : position.cluster->blocks)
    {
        if (block.time_ns == position->time_ns && restore_from(block, slot, capture, image))
        {
            return;
        }
    }
}

void MetadataReader::restore(int64_t time_ns, Slot slot, Capture *capture, Image *image)
{
    for (mkv::BlockPosition block = reader_.at_time(track_, time_ns); block && block->time_ns == time_ns;
         block = reader_.next(block, track_))
    {
        if (restore_from(*block, slot, capture, image))
        {
            return;
        }
    }
}

bool MetadataReader::read_temperature(const mkv::Block &block, float *temperature)
{
    const uint8_t *bytes =
        block.size == imu_metadata_size ? document_.window().at(block.offset, imu_metadata_size) : nullptr;
    return bytes && decode_imu_metadata(bytes, temperature);
}

float MetadataReader::imu_temperature(int64_t time_ns)
{
    if (time_ns >= valid_from_ns_ && time_ns < valid_until_ns_)
    {
        return temperature_;
    }
    // Other metadata lies between; half a minute of it is as far as it makes sense to look.
    constexpr int most_steps = 3000;
    const mkv::BlockPosition behind = reader_.at_time(track_, time_ns + 1);
    temperature_ = std::numeric_limits<float>::quiet_NaN();
    valid_from_ns_ = time_ns;
    mkv::BlockPosition block = behind ? reader_.previous(behind, track_) : reader_.last(track_);
    for (int i = 0; block && i < most_steps; ++i, block = reader_.previous(block, track_))
    {
        if (read_temperature(*block, &temperature_))
        {
            valid_from_ns_ = block->time_ns;
            break;
        }
    }
    valid_until_ns_ = std::numeric_limits<int64_t>::max();
    float next = 0;
    block = behind;
    for (int i = 0; block && i < most_steps; ++i, block = reader_.next(block, track_))
    {
        if (read_temperature(*block, &next))
        {
            valid_until_ns_ = block->time_ns;
            break;
        }
    }
    return temperature_;
}

} // namespace k4a_rp
