#include "mkv/cluster_writer.hpp"

#include "core/crc32.hpp"
#include "mkv/cluster.hpp"
#include "mkv/element_writer.hpp"

#include <algorithm>

namespace k4a_rp::mkv
{

namespace
{

// Sizes but the last: runs of 255 and a remainder.
std::vector<uint8_t> xiph_sizes(const std::vector<Payload> &payloads)
{
    std::vector<uint8_t> bytes;
    for (size_t i = 0; i + 1 < payloads.size(); ++i)
    {
        bytes.insert(bytes.end(), payloads[i].size / 255, 255);
        bytes.push_back(static_cast<uint8_t>(payloads[i].size % 255));
    }
    return bytes;
}

// The first size, then differences, each biased by half of what its length can hold.
std::vector<uint8_t> ebml_sizes(const std::vector<Payload> &payloads)
{
    ElementWriter writer;
    for (size_t i = 0; i + 1 < payloads.size(); ++i)
    {
        if (i == 0)
        {
            writer.size_field(payloads[0].size, size_length(payloads[0].size));
            continue;
        }
        const int64_t difference = static_cast<int64_t>(payloads[i].size) - static_cast<int64_t>(payloads[i - 1].size);
        size_t length = 1;
        while ((difference < 0 ? -difference : difference) >= (int64_t(1) << (7 * length - 1)) - 1)
        {
            ++length;
        }
        const int64_t bias = (int64_t(1) << (7 * length - 1)) - 1;
        writer.size_field(static_cast<uint64_t>(difference + bias), length);
    }
    return writer.contents();
}

uint64_t payload_bytes(const OutputBlock &block)
{
    uint64_t bytes = 0;
    for (const Payload &payload : block.payloads)
    {
        bytes += payload.size;
    }
    return bytes;
}

} // namespace

void choose_lacing(OutputBlock *block)
{
    block->lacing.clear();
    block->flags = static_cast<uint8_t>(block->flags & ~6);
    const std::vector<Payload> &payloads = block->payloads;
    if (payloads.size() < 2)
    {
        return;
    }
    Lacing kind = Lacing::fixed;
    std::vector<uint8_t> sizes;
    if (std::any_of(payloads.begin(), payloads.end(), [&](const Payload &one) { return one.size != payloads[0].size; }))
    {
        sizes = xiph_sizes(payloads);
        std::vector<uint8_t> other = ebml_sizes(payloads);
        kind = Lacing::xiph;
        if (other.size() < sizes.size())
        {
            kind = Lacing::ebml;
            sizes.swap(other);
        }
    }
    block->flags = static_cast<uint8_t>(block->flags | (static_cast<uint8_t>(kind) << 1));
    block->lacing.push_back(static_cast<uint8_t>(payloads.size() - 1));
    block->lacing.insert(block->lacing.end(), sizes.begin(), sizes.end());
}

ClusterWriter::ClusterWriter(int64_t ticks, std::vector<OutputBlock> blocks)
    : ticks_(ticks), blocks_(std::move(blocks))
{
    compose();
}

void ClusterWriter::compose()
{
    constexpr size_t crc_size = 6;
    ElementWriter text;
    text.id(id::crc32);
    text.size_field(4, 1);
    text.bytes("\0\0\0\0", 4);
    text.unsigned_value(id::cluster_timecode, static_cast<uint64_t>(ticks_));
    uint64_t payload_total = 0;
    for (const OutputBlock &block : blocks_)
    {
        const uint64_t bytes = payload_bytes(block);
        const size_t track_length = size_length(block.track);
        const uint64_t block_size = track_length + 3 + block.lacing.size() + bytes;
        const uint64_t duration_size = element_length(id::block_duration, number_length(block.duration));
        if (block.grouped)
        {
            const uint64_t group_size = element_length(id::block, block_size) + duration_size;
            text.id(id::block_group);
            text.size_field(group_size, size_length(group_size));
        }
        text.id(block.grouped ? id::block : id::simple_block);
        text.size_field(block_size, size_length(block_size));
        text.size_field(block.track, track_length);
        const uint16_t relative = static_cast<uint16_t>(block.ticks - ticks_);
        const uint8_t head[3] = {static_cast<uint8_t>(relative >> 8), static_cast<uint8_t>(relative), block.flags};
        text.bytes(head, sizeof(head));
        text.bytes(block.lacing.data(), block.lacing.size());
        for (const Payload &payload : block.payloads)
        {
            places_.push_back({text.size(), &payload});
            payload_offsets_.push_back(header_size + text.size() + payload_total);
            payload_total += payload.size;
        }
        if (block.grouped)
        {
            text.unsigned_value(id::block_duration, block.duration);
        }
    }
    text_ = text.contents();
    size_ = header_size + text_.size() + payload_total;

    uint32_t crc = 0;
    size_t done = crc_size;
    for (const Place &place : places_)
    {
        crc = crc32(crc, text_.data() + done, place.text_end - done);
        done = place.text_end;
        const Payload &payload = *place.payload;
        // Combining costs what summing up a few kilobytes does.
        crc = payload.data && payload.size < 4096 ? crc32(crc, payload.data, payload.size) :
                                                    crc32_combine(crc, payload.crc, payload.size);
    }
    crc = crc32(crc, text_.data() + done, text_.size() - done);
    for (size_t i = 0; i < 4; ++i)
    {
        text_[2 + i] = static_cast<uint8_t>(crc >> (8 * i));
    }
}

void ClusterWriter::header(uint8_t *bytes) const
{
    ElementWriter writer;
    writer.id(id::cluster);
    writer.size_field(size_ - header_size, 8);
    std::copy_n(writer.data(), header_size, bytes);
}

std::vector<ClusterWriter::Part> ClusterWriter::parts() const
{
    std::vector<Part> parts;
    parts.reserve(2 * places_.size() + 1);
    size_t done = 0;
    for (const Place &place : places_)
    {
        if (place.text_end != done)
        {
            parts.push_back({text_.data() + done, place.text_end - done, nullptr});
            done = place.text_end;
        }
        if (place.payload->size != 0)
        {
            parts.push_back({place.payload->data, place.payload->size, place.payload});
        }
    }
    if (text_.size() != done)
    {
        parts.push_back({text_.data() + done, text_.size() - done, nullptr});
    }
    return parts;
}

} // namespace k4a_rp::mkv
