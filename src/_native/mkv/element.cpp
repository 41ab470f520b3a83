#include "mkv/element.hpp"

#include <algorithm>
#include <cstring>

namespace k4a_rp::mkv
{

size_t read_number(const uint8_t *bytes, size_t available, bool keep_marker, uint64_t *value)
{
    if (available == 0 || bytes[0] == 0)
    {
        return 0;
    }
    size_t length = 1;
    while (!(bytes[0] & (0x80u >> (length - 1))))
    {
        ++length;
    }
    if (length > available)
    {
        return 0;
    }
    uint64_t number = bytes[0];
    for (size_t i = 1; i < length; ++i)
    {
        number = (number << 8) | bytes[i];
    }
    const uint64_t mask = (uint64_t(1) << (7 * length)) - 1;
    if (keep_marker)
    {
        *value = number;
    }
    else
    {
        *value = (number & mask) == mask ? UINT64_MAX : number & mask;
    }
    return length;
}

// Identifier and size; returns the header's length, 0 when the bytes are no header.
static size_t parse_header(const uint8_t *bytes, size_t available, uint32_t *id, uint64_t *size)
{
    uint64_t number = 0;
    const size_t id_length = read_number(bytes, available, true, &number);
    if (id_length == 0 || id_length > 4)
    {
        return 0;
    }
    *id = static_cast<uint32_t>(number);
    const size_t size_length = read_number(bytes + id_length, available - id_length, false, size);
    return size_length == 0 ? 0 : id_length + size_length;
}

bool read_element(Window &window, uint64_t offset, uint64_t limit, Element *element)
{
    if (offset >= limit)
    {
        return false;
    }
    size_t available = static_cast<size_t>(std::min<uint64_t>(largest_header, limit - offset));
    const uint8_t *bytes = window.at_most(offset, &available);
    uint64_t size = 0;
    const size_t header = parse_header(bytes, available, &element->id, &size);
    if (header == 0)
    {
        return false;
    }
    element->offset = offset;
    element->data = offset + header;
    element->unknown_size = size == UINT64_MAX;
    element->size = element->unknown_size ? 0 : size;
    return true;
}

uint64_t Span::as_unsigned() const
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i)
    {
        value = (value << 8) | data[i];
    }
    return value;
}

std::string Span::as_text() const
{
    if (size == 0)
    {
        return std::string();
    }
    const void *nul = std::memchr(data, 0, size);
    const size_t length = nul ? static_cast<size_t>(static_cast<const uint8_t *>(nul) - data) : size;
    return std::string(reinterpret_cast<const char *>(data), length);
}

bool next_child(Span *rest, uint32_t *child_id, Span *payload)
{
    uint64_t size = 0;
    const size_t header = parse_header(rest->data, rest->size, child_id, &size);
    if (header == 0 || size > rest->size - header)
    {
        return false;
    }
    payload->data = rest->data + header;
    payload->size = static_cast<size_t>(size);
    rest->data += header + payload->size;
    rest->size -= header + payload->size;
    return true;
}

} // namespace k4a_rp::mkv
