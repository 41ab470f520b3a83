#include "image/jpeg_split.hpp"

#include <algorithm>
#include <cstring>

namespace k4a_rp
{

namespace
{

enum Marker : uint8_t
{
    start_of_frame_baseline = 0xC0,
    start_of_frame_extended = 0xC1,
    huffman_tables = 0xC4,
    first_restart = 0xD0,
    last_restart = 0xD7,
    start_of_image = 0xD8,
    end_of_image = 0xD9,
    start_of_scan = 0xDA,
    quantization_tables = 0xDB,
    restart_interval = 0xDD,
    first_application = 0xE0,
    last_application = 0xEF,
    comment = 0xFE
};

struct Header
{
    size_t size = 0;
    size_t height_offset = 0;
    int height = 0;
    int block_height = 0;     // of a row of MCUs in pixels
    size_t blocks_per_row = 0; // MCUs
    size_t block_rows = 0;
    size_t interval = 0; // MCUs between two restart markers
};

size_t read_u16(const uint8_t *data)
{
    return static_cast<size_t>(data[0]) << 8 | data[1];
}

// One scan of all components, 8 bits, Huffman coded: what cameras write.
bool read_frame(const uint8_t *payload, size_t size, size_t offset, Header *header)
{
    if (size < 6 || payload[0] != 8 || (payload[5] != 1 && payload[5] != 3) || size < 6 + 3u * payload[5])
    {
        return false;
    }
    size_t across = 1;
    size_t down = 1;
    for (size_t i = 0; i < payload[5]; ++i)
    {
        const uint8_t sampling = payload[6 + 3 * i + 1];
        across = std::max<size_t>(across, sampling >> 4);
        down = std::max<size_t>(down, sampling & 15);
    }
    const size_t height = read_u16(payload + 1);
    const size_t width = read_u16(payload + 3);
    // A single component is stored block by block, whatever its sampling says.
    if (height == 0 || width == 0 || across > 4 || down > 4 || (payload[5] == 1 && across * down != 1))
    {
        return false;
    }
    header->height_offset = offset + 1;
    header->height = static_cast<int>(height);
    header->block_height = static_cast<int>(8 * down);
    header->blocks_per_row = (width + 8 * across - 1) / (8 * across);
    header->block_rows = (height + 8 * down - 1) / (8 * down);
    return true;
}

bool read_header(const uint8_t *data, size_t size, Header *header)
{
    if (size < 4 || data[0] != 0xFF || data[1] != start_of_image)
    {
        return false;
    }
    uint8_t components = 0;
    for (size_t at = 2; at + 4 <= size;)
    {
        const uint8_t marker = data[at + 1];
        const size_t length = read_u16(data + at + 2);
        if (data[at] != 0xFF || length < 2 || length > size - at - 2)
        {
            return false;
        }
        const uint8_t *payload = data + at + 4;
        if (marker == start_of_frame_baseline || marker == start_of_frame_extended)
        {
            if (components != 0 || !read_frame(payload, length - 2, at + 4, header))
            {
                return false;
            }
            components = payload[5];
        }
        else if (marker == restart_interval && length == 4)
        {
            header->interval = read_u16(payload);
        }
        else if (marker == start_of_scan)
        {
            header->size = at + 2 + length;
            return components != 0 && length > 2 && payload[0] == components && header->interval != 0;
        }
        else if (marker != huffman_tables && marker != quantization_tables && marker != comment &&
                 (marker < first_application || marker > last_application))
        {
            return false;
        }
        at += 2 + length;
    }
    return false;
}

// Where each restart marker lies, and the end marker as the last. False: not all of them, or not in order.
bool find_markers(const uint8_t *data, size_t size, const Header &header, std::vector<size_t> *markers)
{
    const size_t blocks = header.blocks_per_row * header.block_rows;
    const size_t segments = (blocks + header.interval - 1) / header.interval;
    for (size_t at = header.size; at + 1 < size;)
    {
        const void *found = std::memchr(data + at, 0xFF, size - 1 - at);
        if (!found)
        {
            return false;
        }
        at = static_cast<size_t>(static_cast<const uint8_t *>(found) - data);
        const uint8_t marker = data[at + 1];
        if (marker != 0)
        {
            const bool is_last = markers->size() + 1 == segments;
            if (marker != (is_last ? size_t(end_of_image) : first_restart + markers->size() % 8))
            {
                return false;
            }
            markers->push_back(at);
            if (is_last)
            {
                return true;
            }
        }
        at += 2;
    }
    return false;
}

} // namespace

JpegSplit split_jpeg(const uint8_t *data, size_t size, unsigned wanted)
{
    JpegSplit split;
    Header header;
    std::vector<size_t> markers;
    if (wanted < 2 || !read_header(data, size, &header) || !find_markers(data, size, header, &markers))
    {
        return split;
    }
    split.header_size = header.size;
    split.height_offset = header.height_offset;
    JpegPart part;
    part.begin = header.size;
    for (size_t segment = 1; segment <= markers.size(); ++segment)
    {
        const bool is_last = segment == markers.size();
        const size_t blocks = segment * header.interval;
        const size_t share = header.block_rows * (split.parts.size() + 1) / wanted;
        if (!is_last && (blocks % header.blocks_per_row != 0 || blocks / header.blocks_per_row < share))
        {
            continue;
        }
        const int end_row =
            is_last ? header.height : static_cast<int>(blocks / header.blocks_per_row) * header.block_height;
        part.rows = end_row - part.first_row;
        part.end = markers[segment - 1];
        split.parts.push_back(part);
        part.first_row = end_row;
        part.begin = part.end + 2;
        part.first_marker = static_cast<unsigned>(segment % 8);
    }
    if (split.parts.size() < 2)
    {
        split.parts.clear();
    }
    return split;
}

size_t jpeg_part_size(const JpegSplit &split, const JpegPart &part)
{
    return split.header_size + (part.end - part.begin) + 2;
}

void write_jpeg_part(const uint8_t *data, const JpegSplit &split, const JpegPart &part, uint8_t *file)
{
    std::memcpy(file, data, split.header_size);
    file[split.height_offset] = static_cast<uint8_t>(part.rows >> 8);
    file[split.height_offset + 1] = static_cast<uint8_t>(part.rows);

    uint8_t *const coded = file + split.header_size;
    const size_t size = part.end - part.begin;
    std::memcpy(coded, data + part.begin, size);
    coded[size] = 0xFF;
    coded[size + 1] = end_of_image;
    if (part.first_marker == 0)
    {
        return;
    }
    // Restart markers count from 0 in every file.
    for (size_t at = 0; at < size;)
    {
        uint8_t *found = static_cast<uint8_t *>(std::memchr(coded + at, 0xFF, size - at));
        if (!found)
        {
            return;
        }
        if (found[1] >= first_restart && found[1] <= last_restart)
        {
            found[1] = static_cast<uint8_t>(first_restart + (found[1] - first_restart + 8 - part.first_marker) % 8);
        }
        at = static_cast<size_t>(found - coded) + 2;
    }
}

} // namespace k4a_rp
