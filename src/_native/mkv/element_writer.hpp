// Builds EBML elements in memory.
#pragma once

#include "mkv/element.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace k4a_rp::mkv
{

namespace id
{
enum : uint32_t // only written, never read
{
    ebml_version = 0x4286,
    ebml_read_version = 0x42F7,
    ebml_max_id_length = 0x42F2,
    ebml_max_size_length = 0x42F3,
    muxing_app = 0x4D80,
    date_utc = 0x4461,
    title = 0x7BA9,
    duration = 0x4489,
    file_mime_type = 0x4660,
    cue_track = 0xF7
};
} // namespace id

class ElementWriter
{
public:
    // Size fields are the shortest that fit.
    void unsigned_value(uint32_t id, uint64_t value);
    // With all eight bytes: for identifiers that others refer to.
    void unsigned_8(uint32_t id, uint64_t value);
    void float_4(uint32_t id, float value);
    void text(uint32_t id, const std::string &value) { binary(id, value.data(), value.size()); }
    void binary(uint32_t id, const void *data, size_t size);
    void master(uint32_t id, const ElementWriter &content) { binary(id, content.data(), content.size()); }
    // A master element whose first child is the CRC-32 of the others.
    void master_with_crc(uint32_t id, const ElementWriter &content);
    // A Void of exactly `total` bytes with a size field of `size_length`.
    void void_of(uint64_t total, size_t size_length);
    // A Void of exactly `total` bytes, which must not be 1, with the shortest size field that comes out even.
    void void_of(uint64_t total);

    void id(uint32_t value);
    void size_field(uint64_t value, size_t length);
    void bytes(const void *data, size_t size);

    const uint8_t *data() const { return bytes_.data(); }
    size_t size() const { return bytes_.size(); }
    const std::vector<uint8_t> &contents() const { return bytes_; }

private:
    std::vector<uint8_t> bytes_;
};

// Length of the shortest size field for `value`: all bits set is reserved.
inline size_t size_length(uint64_t value)
{
    size_t length = 1;
    while (length < 8 && value >= (uint64_t(1) << (7 * length)) - 1)
    {
        ++length;
    }
    return length;
}

inline size_t id_length(uint32_t id)
{
    return id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1;
}

// Of an element whose size field is the shortest that fits.
inline uint64_t element_length(uint32_t id, uint64_t payload)
{
    return id_length(id) + size_length(payload) + payload;
}

// Bytes that a number takes without leading zeros, at least one.
inline size_t number_length(uint64_t value)
{
    size_t length = 1;
    while (length < 8 && value >> (8 * length) != 0)
    {
        ++length;
    }
    return length;
}

} // namespace k4a_rp::mkv
