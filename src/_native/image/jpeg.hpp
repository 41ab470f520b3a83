// JPEG files to pixels and back, through libjpeg-turbo. A build without it (K4A_RP_JPEG=OFF) has jpeg_none.cpp instead.
#pragma once

#include "image/color_convert.hpp"

#include <vector>

namespace k4a_rp
{

bool have_jpeg();
// "libjpeg-turbo-2.1.5"; "off" without a codec.
const char *jpeg_name();
// What to tell somebody who needs the codec.
const char *no_jpeg_reason();

// Throws Error unless this begins as a JPEG file of that size.
void check_jpeg(const uint8_t *data, size_t size, int width, int height);

// Decodes with the fast transform and without smoothing of chroma: the bytes of the SDK, which does the same. Throws
// Error where the file is not of this size or libjpeg warns of anything: such a picture is damaged, and the SDK refuses
// it as well. Where restart markers allow it, several threads work on it; the result is the same.
void decode_jpeg(const uint8_t *data,
                 size_t size,
                 int width,
                 int height,
                 PixelLayout layout,
                 uint8_t *target,
                 size_t stride);

// Keeps decode_jpeg on the calling thread while it lives: for threads that have a picture each.
class DecodeAlone
{
public:
    DecodeAlone();
    ~DecodeAlone();
    DecodeAlone(const DecodeAlone &) = delete;
    DecodeAlone &operator=(const DecodeAlone &) = delete;
};

// Quality from 1 to 100; chroma is halved horizontally, as in the camera's pictures. `stride` in bytes.
std::vector<uint8_t>
encode_jpeg(const uint8_t *pixels, PixelLayout layout, int width, int height, size_t stride, int quality);

} // namespace k4a_rp
