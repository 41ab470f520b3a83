#include "image/color_convert.hpp"

#include "core/error.hpp"

#include <cstring>
#include <vector>

namespace k4a_rp
{

namespace
{

inline uint8_t clamp_to_byte(int value)
{
    return static_cast<uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
}

// Luma scaled by 64 * 1.164, less the offset of 16 and plus one half.
inline int scaled_luma(uint8_t y)
{
    return static_cast<int>((static_cast<uint32_t>(y) * 0x0101u * 18997u) >> 16) - 1160;
}

inline void store_bgra(uint8_t *pixel, int luma, int u, int v)
{
    pixel[0] = clamp_to_byte((luma + 128 * u) >> 6);
    pixel[1] = clamp_to_byte((luma - 25 * u - 52 * v) >> 6);
    pixel[2] = clamp_to_byte((luma + 102 * v) >> 6);
    pixel[3] = 255;
}

inline uint8_t luma_of(const uint8_t *bgra)
{
    return static_cast<uint8_t>((25 * bgra[0] + 129 * bgra[1] + 66 * bgra[2] + 0x1080) >> 8);
}

inline uint8_t u_of(int b, int g, int r)
{
    return static_cast<uint8_t>((112 * b - 74 * g - 38 * r + 0x8080) >> 8);
}

inline uint8_t v_of(int b, int g, int r)
{
    return static_cast<uint8_t>((112 * r - 94 * g - 18 * b + 0x8080) >> 8);
}

inline int average(int a, int b)
{
    return (a + b + 1) >> 1;
}

// `u` and `v` hold one value for two pixels, `step` bytes apart.
void yuv_row_to_bgra(const uint8_t *y, int y_step, const uint8_t *u, const uint8_t *v, int step, uint8_t *out, int width)
{
    for (int x = 0; x < width; ++x)
    {
        const int pair = (x / 2) * step;
        store_bgra(out + 4 * x, scaled_luma(y[x * y_step]), u[pair] - 128, v[pair] - 128);
    }
}

void nv12_to_bgra(const uint8_t *source, uint8_t *target, int width, int height)
{
    const size_t w = static_cast<size_t>(width);
    const size_t chroma_stride = (w + 1) / 2 * 2;
    const uint8_t *chroma = source + w * static_cast<size_t>(height);
    for (int row = 0; row < height; ++row)
    {
        const size_t r = static_cast<size_t>(row);
        const uint8_t *uv = chroma + (r / 2) * chroma_stride;
        yuv_row_to_bgra(source + r * w, 1, uv, uv + 1, 2, target + r * w * 4, width);
    }
}

void yuy2_to_bgra(const uint8_t *source, uint8_t *target, int width, int height)
{
    for (int row = 0; row < height; ++row)
    {
        const size_t start = static_cast<size_t>(row) * static_cast<size_t>(width);
        const uint8_t *line = source + start * 2;
        yuv_row_to_bgra(line, 2, line + 1, line + 3, 4, target + start * 4, width);
    }
}

void bgra_to_yuy2(const uint8_t *source, uint8_t *target, int width, int height)
{
    const size_t pairs = static_cast<size_t>(width) / 2 * static_cast<size_t>(height);
    for (size_t i = 0; i < pairs; ++i)
    {
        const uint8_t *p = source + 8 * i;
        uint8_t *out = target + 4 * i;
        const int b = average(p[0], p[4]);
        const int g = average(p[1], p[5]);
        const int r = average(p[2], p[6]);
        out[0] = luma_of(p);
        out[1] = u_of(b, g, r);
        out[2] = luma_of(p + 4);
        out[3] = v_of(b, g, r);
    }
}

void bgra_to_nv12(const uint8_t *source, uint8_t *target, int width, int height)
{
    const size_t w = static_cast<size_t>(width);
    const size_t h = static_cast<size_t>(height);
    for (size_t i = 0; i < w * h; ++i)
    {
        target[i] = luma_of(source + 4 * i);
    }
    uint8_t *chroma = target + w * h;
    for (size_t row = 0; row < h; row += 2)
    {
        const uint8_t *top = source + row * w * 4;
        const uint8_t *bottom = row + 1 < h ? top + w * 4 : top;
        for (size_t x = 0; x < w; x += 2)
        {
            const size_t left = 4 * x;
            const size_t right = x + 1 < w ? left + 4 : left;
            int mean[3];
            for (size_t c = 0; c < 3; ++c)
            {
                mean[c] = average(average(top[left + c], bottom[left + c]), average(top[right + c], bottom[right + c]));
            }
            *chroma++ = u_of(mean[0], mean[1], mean[2]);
            *chroma++ = v_of(mean[0], mean[1], mean[2]);
        }
    }
}

bool is_uncompressed(k4a_image_format_t format)
{
    return format == K4A_IMAGE_FORMAT_COLOR_NV12 || format == K4A_IMAGE_FORMAT_COLOR_YUY2 ||
           format == K4A_IMAGE_FORMAT_COLOR_BGRA32;
}

} // namespace

size_t color_image_size(k4a_image_format_t format, int width, int height)
{
    const size_t pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
    switch (format)
    {
    case K4A_IMAGE_FORMAT_COLOR_NV12:
        return pixels + (pixels + 1) / 2;
    case K4A_IMAGE_FORMAT_COLOR_YUY2:
        return pixels * 2;
    case K4A_IMAGE_FORMAT_COLOR_BGRA32:
        return pixels * 4;
    default:
        return 0;
    }
}

bool can_convert_color(k4a_image_format_t from, k4a_image_format_t to)
{
    return is_uncompressed(from) && is_uncompressed(to);
}

void convert_color(k4a_image_format_t from,
                   k4a_image_format_t to,
                   const uint8_t *source,
                   uint8_t *target,
                   int width,
                   int height)
{
    if (!can_convert_color(from, to) || width % 2 != 0 || height % 2 != 0)
    {
        fail("colour of %d x %d pixels cannot be converted from format %d to %d",
             width,
             height,
             static_cast<int>(from),
             static_cast<int>(to));
    }
    if (from == to)
    {
        std::memcpy(target, source, color_image_size(from, width, height));
        return;
    }
    // Everything goes through BGRA, as in the SDK, so that both give the same rounding.
    std::vector<uint8_t> scratch;
    const uint8_t *bgra = source;
    if (from != K4A_IMAGE_FORMAT_COLOR_BGRA32)
    {
        uint8_t *out = target;
        if (to != K4A_IMAGE_FORMAT_COLOR_BGRA32)
        {
            scratch.resize(color_image_size(K4A_IMAGE_FORMAT_COLOR_BGRA32, width, height));
            out = scratch.data();
        }
        (from == K4A_IMAGE_FORMAT_COLOR_NV12 ? nv12_to_bgra : yuy2_to_bgra)(source, out, width, height);
        bgra = out;
    }
    if (to == K4A_IMAGE_FORMAT_COLOR_NV12)
    {
        bgra_to_nv12(bgra, target, width, height);
    }
    else if (to == K4A_IMAGE_FORMAT_COLOR_YUY2)
    {
        bgra_to_yuy2(bgra, target, width, height);
    }
}

} // namespace k4a_rp
