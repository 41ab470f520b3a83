#include "mkv/element_writer.hpp"

#include "core/crc32.hpp"

#include <cstring>

namespace k4a_rp::mkv
{

void ElementWriter::id(uint32_t value)
{
    for (size_t i = id_length(value); i > 0; --i)
    {
        bytes_.push_back(static_cast<uint8_t>(value >> (8 * (i - 1))));
    }
}

void ElementWriter::size_field(uint64_t value, size_t length)
{
    for (size_t i = length; i > 0; --i)
    {
        const uint8_t marker = i == length ? static_cast<uint8_t>(0x100u >> length) : 0;
        bytes_.push_back(static_cast<uint8_t>(marker | static_cast<uint8_t>(value >> (8 * (i - 1)))));
    }
}

void ElementWriter::bytes(const void *data, size_t size)
{
    const uint8_t *at = static_cast<const uint8_t *>(data);
    bytes_.insert(bytes_.end(), at, at + size);
}

void ElementWriter::binary(uint32_t element_id, const void *data, size_t size)
{
    id(element_id);
    size_field(size, size_length(size));
    bytes(data, size);
}

void ElementWriter::unsigned_value(uint32_t element_id, uint64_t value)
{
    const size_t length = number_length(value);
    id(element_id);
    size_field(length, 1);
    for (size_t i = length; i > 0; --i)
    {
        bytes_.push_back(static_cast<uint8_t>(value >> (8 * (i - 1))));
    }
}

void ElementWriter::unsigned_8(uint32_t element_id, uint64_t value)
{
    id(element_id);
    size_field(8, 1);
    for (size_t i = 8; i > 0; --i)
    {
        bytes_.push_back(static_cast<uint8_t>(value >> (8 * (i - 1))));
    }
}

void ElementWriter::float_4(uint32_t element_id, float value)
{
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    id(element_id);
    size_field(4, 1);
    for (size_t i = 4; i > 0; --i)
    {
        bytes_.push_back(static_cast<uint8_t>(bits >> (8 * (i - 1))));
    }
}

void ElementWriter::master_with_crc(uint32_t element_id, const ElementWriter &content)
{
    const uint32_t crc = crc32(0, content.data(), content.size());
    const uint8_t little_endian[4] = {static_cast<uint8_t>(crc),
                                      static_cast<uint8_t>(crc >> 8),
                                      static_cast<uint8_t>(crc >> 16),
                                      static_cast<uint8_t>(crc >> 24)};
    const uint64_t size = element_length(id::crc32, 4) + content.size();
    id(element_id);
    size_field(size, size_length(size));
    binary(id::crc32, little_endian, sizeof(little_endian));
    bytes(content.data(), content.size());
}

void ElementWriter::void_of(uint64_t total, size_t length)
{
    const uint64_t payload = total - 1 - length;
    id(id::void_element);
    size_field(payload, length);
    bytes_.resize(bytes_.size() + static_cast<size_t>(payload));
}

void ElementWriter::void_of(uint64_t total)
{
    if (total == 0)
    {
        return;
    }
    size_t length = 1;
    while (length < 8 && total - 1 - length >= (uint64_t(1) << (7 * length)) - 1)
    {
        ++length;
    }
    void_of(total, length);
}

} // namespace k4a_rp::mkv
