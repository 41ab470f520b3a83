// Captures by number, frames counted, IMU samples in bulk: what needs all block headers of a recording.
#include "recording/playback.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "recording/image_source.hpp"
#include "recording/imu_block.hpp"

#include <algorithm>

namespace k4a_rp
{

const CaptureIndex &Playback::index()
{
    if (!index_)
    {
        index_ = std::make_unique<CaptureIndex>(reader_, metadata_);
    }
    return *index_;
}

size_t Playback::capture_count()
{
    return index().size();
}

Ref<Capture> Playback::capture_at(size_t number)
{
    if (number >= index().size())
    {
        fail("the recording has %zu captures, there is none with index %zu", index().size(), number);
    }
    Ref<Capture> capture = Capture::create();
    size_t images = 0;
    std::vector<std::string> unreadable;
    for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
    {
        const CaptureIndex::Entry &entry = index().entry(number, slot);
        if (entry.offset == 0)
        {
            continue;
        }
        mkv::Block block;
        block.time_ns = entry.time_ns;
        block.offset = entry.offset;
        block.size = entry.size;
        block.lacing = entry.lacing;
        try
        {
            Ref<Image> image =
                make_image(pixels_, metadata_.camera(slot), block, metadata_.start_offset_ns, request_of(slot));
            if (kept_)
            {
                kept_->restore(block.time_ns, slot, capture.get(), image.get());
            }
            capture->set_image(slot, std::move(image));
            ++images;
        }
        catch (const Error &error)
        {
            unreadable.push_back(error.what());
        }
    }
    if (images == 0 && !unreadable.empty())
    {
        throw Error(unreadable.front());
    }
    for (const std::string &reason : unreadable)
    {
        K4A_RP_LOG_ERROR("an image of capture %zu is left out: %s", number, reason.c_str());
    }
    return capture;
}

uint64_t Playback::device_usec(const CaptureIndex::Entry &entry) const
{
    return entry.offset == 0 ? K4A_RP_NO_TIMESTAMP :
                               static_cast<uint64_t>(entry.time_ns / 1000) + metadata_.start_offset_ns / 1000;
}

void Playback::capture_timestamps(size_t first, size_t count, k4a_rp_capture_timestamps_t *timestamps)
{
    const CaptureIndex &captures = index();
    if (first > captures.size() || count > captures.size() - first)
    {
        fail("the recording has %zu captures, not %zu from %zu on", captures.size(), count, first);
    }
    for (size_t i = 0; i < count; ++i)
    {
        timestamps[i].color_usec = device_usec(captures.entry(first + i, Slot::color));
        timestamps[i].depth_usec = device_usec(captures.entry(first + i, Slot::depth));
        timestamps[i].ir_usec = device_usec(captures.entry(first + i, Slot::ir));
    }
}

size_t Playback::frame_count(const mkv::Track *track)
{
    if (frame_counts_.empty())
    {
        for (const mkv::Track &each : document_.tracks())
        {
            frame_counts_[each.number] = 0;
        }
        mkv::ClusterMap &clusters = reader_.clusters();
        for (std::optional<mkv::ClusterRef> ref = clusters.first(); ref; ref = clusters.next(*ref))
        {
            for (const mkv::Block &block : document_.load(*ref).blocks)
            {
                const auto count = frame_counts_.find(block.track);
                if (count != frame_counts_.end())
                {
                    const uint8_t *laces =
                        block.lacing == mkv::Lacing::none ? nullptr : document_.window().at(block.offset, 1);
                    count->second += laces ? size_t(*laces) + 1 : 1;
                }
            }
        }
    }
    return frame_counts_[track->number];
}

size_t Playback::read_imu(size_t first, size_t capacity, k4a_imu_sample_t *samples, size_t *total)
{
    *total = 0;
    size_t written = 0;
    std::vector<mkv::Frame> frames;
    mkv::ClusterMap &clusters = reader_.clusters();
    for (std::optional<mkv::ClusterRef> ref = metadata_.imu ? clusters.first() : std::nullopt; ref;
         ref = clusters.next(*ref))
    {
        for (const mkv::Block &block : document_.load(*ref).blocks)
        {
            const size_t size = static_cast<size_t>(block.size);
            // A block of IMU samples has at most 256 of 40 bytes; the window need not hold anything larger.
            const bool wanted = block.track == metadata_.imu->number && size < 65536;
            const uint8_t *payload = wanted ? document_.window().at(block.offset, size) : nullptr;
            if (!payload || !mkv::split_laces(block.lacing, payload, size, &frames))
            {
                continue;
            }
            for (const mkv::Frame &frame : frames)
            {
                if (frame.size != imu_payload_size)
                {
                    continue;
                }
                if (*total >= first && written < capacity)
                {
                    samples[written++] = decode_imu_payload(payload + frame.offset);
                }
                ++*total;
            }
        }
    }
    for (size_t i = 0; kept_ && i < written; ++i)
    {
        restore_temperature(&samples[i]);
    }
    return written;
}

} // namespace k4a_rp
