// Every level of SIMD gives the same bytes, for all widths, and writes nowhere else.
#include "core/simd.hpp"
#include "image/color_rows.hpp"
#include "pictures.hpp"

#include <algorithm>
#include <functional>

using namespace k4a_rp;
using ebml::Bytes;

namespace
{

constexpr uint8_t untouched = 0xA5;

// `work` gets a target with room for `size` bytes and more behind it.
Bytes at_level(SimdLevel level, size_t size, const std::function<void(uint8_t *)> &work)
{
    REQUIRE(set_simd_level(level));
    Bytes target(size + 64, untouched);
    work(target.data());
    for (size_t i = size; i < target.size(); ++i)
    {
        CHECK_EQUAL(target[i], untouched);
    }
    target.resize(size);
    return target;
}

void compare(int width, size_t size, const std::function<void(uint8_t *)> &work)
{
    const SimdLevel best = simd_level();
    const Bytes expected = at_level(SimdLevel::portable, size, work);
    for (const SimdLevel level : {SimdLevel::sse41, SimdLevel::avx2})
    {
        if (level <= best)
        {
            const Bytes actual = at_level(level, size, work);
            if (actual != expected)
            {
                check::report(__FILE__, __LINE__, "width " + std::to_string(width) + ", " + simd_level_name(level));
            }
        }
    }
    set_simd_level(best);
}

} // namespace

TEST(rows, all_levels_give_the_same_bytes)
{
    for (int width = 1; width <= 140; ++width)
    {
        const size_t w = static_cast<size_t>(width);
        const Bytes a = pictures::random_bytes(w * 4 + 8, 1 + static_cast<unsigned>(width));
        const Bytes b = pictures::random_bytes(w * 4 + 8, 1000 + static_cast<unsigned>(width));
        compare(width, w * 4, [&](uint8_t *out) { rows::nv12_to_bgra(a.data(), b.data(), out, width); });
        compare(width, w, [&](uint8_t *out) { rows::bgra_to_luma(a.data(), out, width); });
        compare(width, w, [&](uint8_t *out) { rows::bgra_to_gray(a.data(), out, width); });
        compare(width, w * 3, [&](uint8_t *out) { rows::bgra_to_rgb(a.data(), out, width); });
        compare(width, w * 3, [&](uint8_t *out) { rows::bgra_to_bgr(a.data(), out, width); });
        if (width % 2 == 0)
        {
            compare(width, w * 4, [&](uint8_t *out) { rows::yuy2_to_bgra(a.data(), out, width); });
            compare(width, w * 2, [&](uint8_t *out) { rows::bgra_to_yuy2(a.data(), out, width); });
            compare(width, w, [&](uint8_t *out) { rows::bgra_to_chroma(a.data(), b.data(), out, width); });
        }
        const uint16_t *values = reinterpret_cast<const uint16_t *>(a.data());
        const std::pair<int, int> ranges[] = {{0, 65535}, {0, 1}, {500, 3860}, {40000, 65535}, {65534, 65535}};
        for (const auto &[low, high] : ranges)
        {
            compare(width, w, [&, l = low, h = high](uint8_t *out) { rows::scale_16(values, out, width, l, h); });
        }
    }
}

TEST(rows, extreme_colours_are_clamped_alike)
{
    for (const uint8_t y : {0, 15, 16, 128, 235, 255})
    {
        for (const uint8_t u : {0, 1, 127, 128, 255})
        {
            for (const uint8_t v : {0, 1, 127, 128, 255})
            {
                const Bytes luma(64, y);
                Bytes chroma;
                for (int i = 0; i < 32; ++i)
                {
                    chroma += Bytes{u, v};
                }
                compare(64, 256, [&](uint8_t *out) { rows::nv12_to_bgra(luma.data(), chroma.data(), out, 64); });
            }
        }
    }
}

TEST(rows, values_are_scaled_from_the_lower_to_the_upper_end)
{
    const uint16_t values[] = {0, 500, 501, 2180, 3859, 3860, 9000, 65535, 500};
    uint8_t scaled[9];
    rows::scale_16(values, scaled, 9, 500, 3860);
    CHECK_EQUAL(Bytes(scaled, scaled + 9), (Bytes{0, 0, 0, 127, 255, 255, 255, 255, 0}));
}

TEST(rows, rgb_and_gray_are_those_of_known_colours)
{
    const Bytes bgra = {10, 20, 30, 40, 255, 255, 255, 255, 0, 0, 0, 0, 255, 0, 0, 9};
    uint8_t out[12];
    rows::bgra_to_rgb(bgra.data(), out, 4);
    CHECK_EQUAL(Bytes(out, out + 12), (Bytes{30, 20, 10, 255, 255, 255, 0, 0, 0, 0, 0, 255}));
    rows::bgra_to_bgr(bgra.data(), out, 4);
    CHECK_EQUAL(Bytes(out, out + 12), (Bytes{10, 20, 30, 255, 255, 255, 0, 0, 0, 255, 0, 0}));
    rows::bgra_to_gray(bgra.data(), out, 4);
    CHECK_EQUAL(Bytes(out, out + 4), (Bytes{22, 255, 0, 29}));
}
