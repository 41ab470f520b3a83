// Composes clusters: which bytes go where, their checksum, without copying a payload.
#pragma once

#include "core/output_file.hpp"

#include <cstdint>
#include <vector>

namespace k4a_rp::mkv
{

// Bytes of a frame, in memory or in the file that is being written or copied from.
struct Payload
{
    const uint8_t *data = nullptr; // NULL: `offset` in the file
    uint64_t offset = 0;
    size_t size = 0;
    uint32_t crc = 0; // of these bytes
};

struct OutputBlock
{
    uint64_t track = 0;
    int64_t ticks = 0;      // from the start of the file
    bool grouped = false;   // BlockGroup with a duration instead of a SimpleBlock
    uint64_t duration = 0;  // ticks
    uint8_t flags = 0;      // as in the file; bits 1 and 2 say how payloads are laced
    std::vector<uint8_t> lacing; // between flags and payloads
    std::vector<Payload> payloads;
};

// Laces the frames of a block in the way that takes the fewest bytes, at most `most_laced` of them.
constexpr size_t most_laced = 256;
void choose_lacing(OutputBlock *block);

class ClusterWriter
{
public:
    static constexpr size_t header_size = 12; // identifier and a size of eight bytes

    // Blocks in the order of the file; times at or after `ticks`, less than 32768 ticks later.
    ClusterWriter(int64_t ticks, std::vector<OutputBlock> blocks);
    ClusterWriter(ClusterWriter &&) = default;
    ClusterWriter &operator=(ClusterWriter &&) = default;

    int64_t ticks() const { return ticks_; }
    // Header included.
    uint64_t size() const { return size_; }
    void header(uint8_t *bytes) const;
    // Where the payload lies, from the cluster's first byte. Payloads count through all blocks.
    uint64_t payload_offset(size_t index) const { return payload_offsets_[index]; }
    const std::vector<OutputBlock> &blocks() const { return blocks_; }

    // Everything behind the header in order; a part with data NULL is the payload `payload`.
    struct Part
    {
        const uint8_t *data;
        size_t size;
        const Payload *payload;
    };
    std::vector<Part> parts() const;

private:
    void compose();

    int64_t ticks_;
    std::vector<OutputBlock> blocks_;
    uint64_t size_ = 0;
    std::vector<uint8_t> text_; // all that is not payload
    struct Place
    {
        size_t text_end; // bytes of text_ before the payload
        const Payload *payload;
    };
    std::vector<Place> places_;
    std::vector<uint64_t> payload_offsets_;
};

} // namespace k4a_rp::mkv
