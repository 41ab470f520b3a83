#include "image/color_rows.hpp"

#include "image/color_kernels.hpp"

#include <algorithm>

namespace k4a_rp
{

namespace
{

// The portable kernels do nothing: every pixel is a rest.
int none_of_yuv(const uint8_t *, const uint8_t *, uint8_t *, int)
{
    return 0;
}
int none(const uint8_t *, uint8_t *, int)
{
    return 0;
}
int none_of_16(const uint16_t *, uint8_t *, int, int, int, int)
{
    return 0;
}

const ColorKernels &kernels()
{
#if K4A_RP_SIMD_X86
    switch (simd_level())
    {
    case SimdLevel::avx2:
        return color_kernels_avx2;
    case SimdLevel::sse41:
        return color_kernels_sse41;
    default:
        break;
    }
#endif
    return color_kernels_portable;
}

inline uint8_t clamp_to_byte(int value)
{
    return static_cast<uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
}

// BT.601, limited range, in libyuv's fixed point (which the SDK uses): luma scaled by 64 * 1.164, less the offset of
// 16 and plus one half.
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

// Chroma is rounded down, as libyuv does on x86 and the SDK's library too.
inline uint8_t u_of(int b, int g, int r)
{
    return static_cast<uint8_t>((112 * b - 74 * g - 38 * r + 0x8000) >> 8);
}

inline uint8_t v_of(int b, int g, int r)
{
    return static_cast<uint8_t>((112 * r - 94 * g - 18 * b + 0x8000) >> 8);
}

inline int average(int a, int b)
{
    return (a + b + 1) >> 1;
}

} // namespace

const ColorKernels color_kernels_portable = {none_of_yuv, none, none, none_of_yuv, none, none, none, none, none_of_16};

namespace rows
{

void nv12_to_bgra(const uint8_t *y, const uint8_t *uv, uint8_t *bgra, int width)
{
    for (int x = kernels().nv12_to_bgra(y, uv, bgra, width); x < width; ++x)
    {
        const int pair = x / 2 * 2;
        store_bgra(bgra + 4 * x, scaled_luma(y[x]), uv[pair] - 128, uv[pair + 1] - 128);
    }
}

void yuy2_to_bgra(const uint8_t *yuy2, uint8_t *bgra, int width)
{
    for (int x = kernels().yuy2_to_bgra(yuy2, bgra, width); x < width; ++x)
    {
        const uint8_t *pair = yuy2 + x / 2 * 4;
        store_bgra(bgra + 4 * x, scaled_luma(yuy2[2 * x]), pair[1] - 128, pair[3] - 128);
    }
}

void bgra_to_yuy2(const uint8_t *bgra, uint8_t *yuy2, int width)
{
    for (int x = kernels().bgra_to_yuy2(bgra, yuy2, width); x + 1 < width; x += 2)
    {
        const uint8_t *p = bgra + 4 * x;
        uint8_t *out = yuy2 + 2 * x;
        const int b = average(p[0], p[4]);
        const int g = average(p[1], p[5]);
        const int r = average(p[2], p[6]);
        out[0] = luma_of(p);
        out[1] = u_of(b, g, r);
        out[2] = luma_of(p + 4);
        out[3] = v_of(b, g, r);
    }
}

void bgra_to_luma(const uint8_t *bgra, uint8_t *y, int width)
{
    for (int x = kernels().bgra_to_luma(bgra, y, width); x < width; ++x)
    {
        y[x] = luma_of(bgra + 4 * x);
    }
}

void bgra_to_chroma(const uint8_t *top, const uint8_t *bottom, uint8_t *uv, int width)
{
    for (int x = kernels().bgra_to_chroma(top, bottom, uv, width); x + 1 < width; x += 2)
    {
        const uint8_t *a = top + 4 * x;
        const uint8_t *b = bottom + 4 * x;
        int mean[3];
        for (int c = 0; c < 3; ++c)
        {
            mean[c] = average(average(a[c], b[c]), average(a[c + 4], b[c + 4]));
        }
        uv[x] = u_of(mean[0], mean[1], mean[2]);
        uv[x + 1] = v_of(mean[0], mean[1], mean[2]);
    }
}

void bgra_to_rgb(const uint8_t *bgra, uint8_t *rgb, int width)
{
    for (int x = kernels().bgra_to_rgb(bgra, rgb, width); x < width; ++x)
    {
        rgb[3 * x] = bgra[4 * x + 2];
        rgb[3 * x + 1] = bgra[4 * x + 1];
        rgb[3 * x + 2] = bgra[4 * x];
    }
}

void bgra_to_bgr(const uint8_t *bgra, uint8_t *bgr, int width)
{
    for (int x = kernels().bgra_to_bgr(bgra, bgr, width); x < width; ++x)
    {
        bgr[3 * x] = bgra[4 * x];
        bgr[3 * x + 1] = bgra[4 * x + 1];
        bgr[3 * x + 2] = bgra[4 * x + 2];
    }
}

void bgra_to_gray(const uint8_t *bgra, uint8_t *gray, int width)
{
    for (int x = kernels().bgra_to_gray(bgra, gray, width); x < width; ++x)
    {
        const uint8_t *p = bgra + 4 * x;
        gray[x] = static_cast<uint8_t>((29 * p[0] + 150 * p[1] + 77 * p[2] + 128) >> 8);
    }
}

void scale_16(const uint16_t *values, uint8_t *scaled, int width, int low, int high)
{
    const int range = high - low;
    const int factor = (255 << 16) / range;
    for (int x = kernels().scale_16(values, scaled, width, low, range, factor); x < width; ++x)
    {
        const int above = std::clamp(static_cast<int>(values[x]) - low, 0, range);
        scaled[x] = static_cast<uint8_t>((above * factor + (1 << 15)) >> 16);
    }
}

} // namespace rows

} // namespace k4a_rp
