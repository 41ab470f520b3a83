// Cuts a JPEG file at restart markers into files that hold some of its rows each and can be decoded on their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace k4a_rp
{

// Rows first_row .. first_row + rows - 1 of the picture: the coded bytes begin .. end - 1 of the file, whose first
// restart marker is number `first_marker`.
struct JpegPart
{
    int first_row = 0;
    int rows = 0;
    size_t begin = 0;
    size_t end = 0;
    unsigned first_marker = 0;
};

struct JpegSplit
{
    size_t header_size = 0;   // all that comes before the coded bytes
    size_t height_offset = 0; // where in the header the picture's height is
    std::vector<JpegPart> parts;
};

// At most `wanted` parts of about the same size, cut where a restart marker lies between two rows of blocks. No parts
// where that cannot be done: no restart markers, not baseline, markers missing or out of order, markers in the wrong
// places.
JpegSplit split_jpeg(const uint8_t *data, size_t size, unsigned wanted);

// The size of the file that write_jpeg_part writes.
size_t jpeg_part_size(const JpegSplit &split, const JpegPart &part);
void write_jpeg_part(const uint8_t *data, const JpegSplit &split, const JpegPart &part, uint8_t *file);

} // namespace k4a_rp
