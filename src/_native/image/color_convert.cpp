#include "image/color_convert.hpp"

#include "core/buffer.hpp"
#include "core/error.hpp"
#include "image/color_rows.hpp"
#include "image/image.hpp"
#include "image/jpeg.hpp"

#include <cstring>

namespace k4a_rp
{

namespace
{

constexpr k4a_image_format_t mjpg = K4A_IMAGE_FORMAT_COLOR_MJPG;
constexpr k4a_image_format_t nv12 = K4A_IMAGE_FORMAT_COLOR_NV12;
constexpr k4a_image_format_t yuy2 = K4A_IMAGE_FORMAT_COLOR_YUY2;
constexpr k4a_image_format_t bgra = K4A_IMAGE_FORMAT_COLOR_BGRA32;

bool is_uncompressed(k4a_image_format_t format)
{
    return format == nv12 || format == yuy2 || format == bgra;
}

size_t tight_stride(k4a_image_format_t format, int width)
{
    return static_cast<size_t>(minimum_stride(format, width));
}

void check_picture(const Picture &picture)
{
    if (picture.format == mjpg)
    {
        check_jpeg(picture.data, picture.size, picture.width, picture.height);
        return;
    }
    if (!is_uncompressed(picture.format))
    {
        fail("an image of format %d has no colours", static_cast<int>(picture.format));
    }
    const bool odd_width = picture.width % 2 != 0 && picture.format != bgra;
    const bool odd_height = picture.height % 2 != 0 && picture.format == nv12;
    if (picture.width < 1 || picture.height < 1 || odd_width || odd_height ||
        picture.stride < tight_stride(picture.format, picture.width))
    {
        fail("%d x %d pixels of format %d in rows of %zu bytes cannot be converted",
             picture.width,
             picture.height,
             static_cast<int>(picture.format),
             picture.stride);
    }
    const size_t rows = static_cast<size_t>(picture.height) * (picture.format == nv12 ? 3 : 2) / 2;
    const size_t needed = picture.stride * (rows - 1) + tight_stride(picture.format, picture.width);
    if (picture.size < needed)
    {
        fail("a colour image has %zu bytes, but %d x %d pixels need %zu",
             picture.size,
             picture.width,
             picture.height,
             needed);
    }
}

// A row as BGRA: in `room`, or where it lies.
const uint8_t *bgra_row(const Picture &picture, int number, uint8_t *room)
{
    const size_t row = static_cast<size_t>(number);
    const uint8_t *start = picture.data + row * picture.stride;
    if (picture.format == bgra)
    {
        return start;
    }
    if (picture.format == yuy2)
    {
        rows::yuy2_to_bgra(start, room, picture.width);
    }
    else
    {
        const uint8_t *chroma = picture.data + (static_cast<size_t>(picture.height) + row / 2) * picture.stride;
        rows::nv12_to_bgra(start, chroma, room, picture.width);
    }
    return room;
}

// Everything goes through BGRA, as in the SDK, so that both give the same rounding; row by row, so that what lies in
// between stays in the cache.
void to_nv12(const Picture &picture, uint8_t *target)
{
    const size_t width = static_cast<size_t>(picture.width);
    const Buffer room(width * 8);
    uint8_t *chroma = target + width * static_cast<size_t>(picture.height);
    for (int row = 0; row < picture.height; row += 2)
    {
        const uint8_t *top = bgra_row(picture, row, room.data());
        const uint8_t *bottom = bgra_row(picture, row + 1, room.data() + width * 4);
        uint8_t *luma = target + static_cast<size_t>(row) * width;
        rows::bgra_to_luma(top, luma, picture.width);
        rows::bgra_to_luma(bottom, luma + width, picture.width);
        rows::bgra_to_chroma(top, bottom, chroma + static_cast<size_t>(row / 2) * width, picture.width);
    }
}

void to_yuy2(const Picture &picture, uint8_t *target)
{
    const size_t width = static_cast<size_t>(picture.width);
    const Buffer room(width * 4);
    for (int row = 0; row < picture.height; ++row)
    {
        rows::bgra_to_yuy2(bgra_row(picture, row, room.data()),
                           target + static_cast<size_t>(row) * width * 2,
                           picture.width);
    }
}

// The picture of a JPEG, decoded into `room`.
Picture decoded(const Picture &picture, Buffer *room)
{
    const size_t stride = tight_stride(bgra, picture.width);
    const size_t size = color_image_size(bgra, picture.width, picture.height);
    *room = Buffer(size);
    read_pixels(picture, PixelLayout::bgra, room->data(), stride);
    return {bgra, picture.width, picture.height, stride, room->data(), size};
}

void copy_packed(const Picture &picture, uint8_t *target)
{
    const size_t width = tight_stride(picture.format, picture.width);
    const size_t rows = static_cast<size_t>(picture.height) * (picture.format == nv12 ? 3 : 2) / 2;
    for (size_t row = 0; row < rows; ++row)
    {
        std::memcpy(target + row * width, picture.data + row * picture.stride, width);
    }
}

} // namespace

size_t color_image_size(k4a_image_format_t format, int width, int height)
{
    const size_t pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
    switch (format)
    {
    case nv12:
        return pixels + (pixels + 1) / 2;
    case yuy2:
        return pixels * 2;
    case bgra:
        return pixels * 4;
    default:
        return 0;
    }
}

bool can_convert_color(k4a_image_format_t from, k4a_image_format_t to)
{
    return is_uncompressed(to) && (is_uncompressed(from) || (from == mjpg && have_jpeg()));
}

void check_convertible(const Picture &picture, k4a_image_format_t to)
{
    if (picture.format == mjpg && !have_jpeg())
    {
        fail("MJPG colour cannot be converted: %s", no_jpeg_reason());
    }
    const bool odd = picture.width % 2 != 0 || (picture.height % 2 != 0 && (to == nv12 || picture.format == nv12));
    if (!can_convert_color(picture.format, to) || (odd && (to != bgra || picture.format != mjpg)))
    {
        fail("colour of %d x %d pixels cannot be converted from format %d to %d",
             picture.width,
             picture.height,
             static_cast<int>(picture.format),
             static_cast<int>(to));
    }
    check_picture(picture);
}

void convert_color(const Picture &picture, k4a_image_format_t to, uint8_t *target)
{
    check_convertible(picture, to);
    if (to == picture.format)
    {
        copy_packed(picture, target);
    }
    else if (to == bgra)
    {
        read_pixels(picture, PixelLayout::bgra, target, tight_stride(bgra, picture.width));
    }
    else
    {
        Buffer room;
        const Picture source = picture.format == mjpg ? decoded(picture, &room) : picture;
        (to == nv12 ? to_nv12 : to_yuy2)(source, target);
    }
}

void convert_color(k4a_image_format_t from,
                   k4a_image_format_t to,
                   const uint8_t *source,
                   uint8_t *target,
                   int width,
                   int height)
{
    const size_t stride = static_cast<size_t>(minimum_stride(from, width));
    convert_color({from, width, height, stride, source, color_image_size(from, width, height)}, to, target);
}

void read_pixels(const Picture &picture, PixelLayout layout, uint8_t *target, size_t stride)
{
    check_picture(picture);
    const size_t tight = static_cast<size_t>(picture.width) * static_cast<size_t>(bytes_per_pixel(layout));
    if (stride < tight)
    {
        fail("rows of %zu bytes are too short for %zu", stride, tight);
    }
    if (picture.format == mjpg)
    {
        decode_jpeg(picture.data, picture.size, picture.width, picture.height, layout, target, stride);
        return;
    }
    const bool direct = layout == PixelLayout::bgra;
    const Buffer room(direct ? 0 : static_cast<size_t>(picture.width) * 4);
    for (int number = 0; number < picture.height; ++number)
    {
        uint8_t *out = target + static_cast<size_t>(number) * stride;
        const uint8_t *row = bgra_row(picture, number, direct ? out : room.data());
        switch (layout)
        {
        case PixelLayout::bgra:
            if (row != out)
            {
                std::memcpy(out, row, tight);
            }
            break;
        case PixelLayout::rgb:
            rows::bgra_to_rgb(row, out, picture.width);
            break;
        case PixelLayout::bgr:
            rows::bgra_to_bgr(row, out, picture.width);
            break;
        case PixelLayout::gray:
            rows::bgra_to_gray(row, out, picture.width);
            break;
        }
    }
}

void colorize(const uint16_t *pixels,
              size_t pixels_stride,
              int width,
              int height,
              uint16_t low,
              uint16_t high,
              const uint8_t *map,
              uint8_t *target,
              size_t stride)
{
    if (low >= high)
    {
        fail("a range of values from %d to %d is empty", low, high);
    }
    uint32_t colors[256];
    for (size_t i = 0; i < 256; ++i)
    {
        colors[i] = map[3 * i] | static_cast<uint32_t>(map[3 * i + 1]) << 8 |
                    static_cast<uint32_t>(map[3 * i + 2]) << 16;
    }
    const Buffer room(static_cast<size_t>(width));
    for (int number = 0; number < height; ++number)
    {
        const size_t row = static_cast<size_t>(number);
        const uint16_t *values = pixels + row * pixels_stride / 2;
        uint8_t *out = target + row * stride;
        rows::scale_16(values, room.data(), width, low, high);
        for (int x = 0; x < width; ++x, out += 3)
        {
            const uint32_t color = values[x] == 0 ? 0 : colors[room.data()[x]];
            out[0] = static_cast<uint8_t>(color);
            out[1] = static_cast<uint8_t>(color >> 8);
            out[2] = static_cast<uint8_t>(color >> 16);
        }
    }
}

} // namespace k4a_rp
