// Conversions between colour formats: BT.601, limited range, in libyuv's fixed point, JPEG through the codec.
#pragma once

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

// How pixels are handed to people's programs; beyond the formats that the ABI has.
enum class PixelLayout
{
    bgra,
    rgb,
    bgr,
    gray
};

constexpr int bytes_per_pixel(PixelLayout layout)
{
    return layout == PixelLayout::bgra ? 4 : layout == PixelLayout::gray ? 1 : 3;
}

// Colour pixels in somebody's memory. `stride` is that of an image; it means nothing for MJPG.
struct Picture
{
    k4a_image_format_t format = K4A_IMAGE_FORMAT_CUSTOM;
    int width = 0;
    int height = 0;
    size_t stride = 0;
    const uint8_t *data = nullptr;
    size_t size = 0;
};

// Bytes of a tightly packed image; 0 for formats without a fixed size.
size_t color_image_size(k4a_image_format_t format, int width, int height);

// True for every pair of NV12, YUY2 and BGRA32, and from MJPG to them where the build has a JPEG codec.
bool can_convert_color(k4a_image_format_t from, k4a_image_format_t to);

// Throws Error where convert_color would refuse the picture without having looked at all of its pixels: to be asked
// before memory is taken, which the sizes written in a damaged file might want in heaps.
void check_convertible(const Picture &picture, k4a_image_format_t to);

// Fills a tightly packed image of another format; `target` has room for color_image_size(to). Sides must be even
// wherever YUV is on one of the two sides. Throws Error, also where the pixels are damaged.
void convert_color(const Picture &picture, k4a_image_format_t to, uint8_t *target);

// The same from a tightly packed image.
void convert_color(k4a_image_format_t from,
                   k4a_image_format_t to,
                   const uint8_t *source,
                   uint8_t *target,
                   int width,
                   int height);

// Rows of `stride` bytes of any colour format in a layout.
void read_pixels(const Picture &picture, PixelLayout layout, uint8_t *target, size_t stride);

// 16-bit pixels as colours, three bytes each: `map` holds 256 colours from `low` to `high`; what is 0 stays black, for
// it means that there is no data. Strides in bytes.
void colorize(const uint16_t *pixels,
              size_t pixels_stride,
              int width,
              int height,
              uint16_t low,
              uint16_t high,
              const uint8_t *map,
              uint8_t *target,
              size_t stride);

} // namespace k4a_rp
