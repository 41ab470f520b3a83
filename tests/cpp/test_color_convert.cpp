// Conversions between uncompressed colour formats: known colours, BT.601 limited range.
#include "check.hpp"
#include "ebml_writer.hpp"
#include "image/color_convert.hpp"

#include <algorithm>
#include <cstdlib>

using namespace k4a_rp;
using ebml::Bytes;

constexpr k4a_image_format_t nv12 = K4A_IMAGE_FORMAT_COLOR_NV12;
constexpr k4a_image_format_t yuy2 = K4A_IMAGE_FORMAT_COLOR_YUY2;
constexpr k4a_image_format_t bgra = K4A_IMAGE_FORMAT_COLOR_BGRA32;

static Bytes convert(k4a_image_format_t from, k4a_image_format_t to, const Bytes &source, int width, int height)
{
    REQUIRE(source.size() == color_image_size(from, width, height));
    Bytes target(color_image_size(to, width, height), 0x5A);
    convert_color(from, to, source.data(), target.data(), width, height);
    return target;
}

TEST(color_convert, sizes_are_those_of_packed_images)
{
    CHECK_EQUAL(color_image_size(nv12, 1280, 720), 1382400);
    CHECK_EQUAL(color_image_size(nv12, 3, 3), 14); // 9 and the larger half of 9
    CHECK_EQUAL(color_image_size(yuy2, 1280, 720), 1843200);
    CHECK_EQUAL(color_image_size(bgra, 20000, 20000), 1600000000u);
    CHECK_EQUAL(color_image_size(K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720), 0);
}

TEST(color_convert, uniform_nv12_gives_known_colours)
{
    struct
    {
        uint8_t y, u, v;
        Bytes pixel;
    } const cases[] = {
        {235, 128, 128, {255, 255, 255, 255}},
        {16, 128, 128, {0, 0, 0, 255}},
        {128, 128, 128, {130, 130, 130, 255}},
        {81, 90, 240, {0, 0, 254, 255}},
        {255, 255, 255, {255, 125, 255, 255}},
        {0, 0, 0, {0, 135, 0, 255}},
    };
    for (const auto &one : cases)
    {
        const Bytes source = Bytes(8, one.y) + Bytes{one.u, one.v, one.u, one.v};
        const Bytes target = convert(nv12, bgra, source, 4, 2);
        for (size_t pixel = 0; pixel < 8; ++pixel)
        {
            CHECK_EQUAL(Bytes(target.begin() + 4 * pixel, target.begin() + 4 * pixel + 4), one.pixel);
        }
        // The same colour in YUY2.
        const Bytes packed = {one.y, one.u, one.y, one.v, one.y, one.u, one.y, one.v};
        CHECK_EQUAL(convert(yuy2, bgra, packed + packed, 4, 2), target);
    }
}

TEST(color_convert, chroma_belongs_to_its_two_by_two_pixels)
{
    // Left half red, right half neutral; one chroma pair for each half.
    const Bytes source = Bytes{81, 81, 128, 128, 81, 81, 128, 128} + Bytes{90, 240, 128, 128};
    const Bytes target = convert(nv12, bgra, source, 4, 2);
    const Bytes row = {0, 0, 254, 255, 0, 0, 254, 255, 130, 130, 130, 255, 130, 130, 130, 255};
    CHECK_EQUAL(target, row + row);
}

TEST(color_convert, bgra_gives_known_yuv)
{
    const Bytes white(4 * 4, 255);
    CHECK_EQUAL(convert(bgra, yuy2, white, 2, 2), (Bytes{235, 128, 235, 128, 235, 128, 235, 128}));
    CHECK_EQUAL(convert(bgra, nv12, white, 2, 2), (Bytes{235, 235, 235, 235, 128, 128}));
    const Bytes red = {0, 0, 255, 255, 0, 0, 255, 7}; // alpha is ignored
    const Bytes expected = {82, 90, 82, 239};
    const Bytes packed = convert(bgra, yuy2, red + red, 2, 2);
    for (size_t i = 0; i < packed.size(); ++i)
    {
        CHECK(std::abs(int(packed[i]) - int(expected[i % 4])) <= 1); // fixed point rounds either way
    }
}

TEST(color_convert, every_pair_of_formats_goes_there_and_back)
{
    const int width = 16;
    const int height = 6;
    const Bytes grey = convert(bgra, nv12, Bytes(4 * 16 * 6, 100), width, height);
    for (const k4a_image_format_t middle : {nv12, yuy2, bgra})
    {
        const Bytes back = convert(middle, nv12, convert(nv12, middle, grey, width, height), width, height);
        REQUIRE(back.size() == grey.size());
        for (size_t i = 0; i < grey.size(); ++i)
        {
            CHECK(std::abs(int(back[i]) - int(grey[i])) <= 1);
        }
    }
}

TEST(color_convert, same_format_is_a_copy)
{
    const Bytes source = ebml::frame_payload(1, 1, 4 * 8);
    CHECK_EQUAL(convert(bgra, bgra, source, 4, 2), source);
}

TEST(color_convert, writing_stays_inside_the_target)
{
    for (const k4a_image_format_t from : {nv12, yuy2, bgra})
    {
        for (const k4a_image_format_t to : {nv12, yuy2, bgra})
        {
            const Bytes source = ebml::frame_payload(2, 5, color_image_size(from, 6, 4));
            const size_t size = color_image_size(to, 6, 4);
            Bytes target(size + 64, 0x11);
            convert_color(from, to, source.data(), target.data(), 6, 4);
            CHECK(std::all_of(target.begin() + static_cast<std::ptrdiff_t>(size), target.end(), [](uint8_t b) {
                return b == 0x11;
            }));
        }
    }
}

TEST(color_convert, odd_sides_and_other_formats_are_refused)
{
    uint8_t memory[256] = {};
    CHECK_THROWS("cannot be converted", convert_color(nv12, bgra, memory, memory + 128, 3, 2));
    CHECK_THROWS("cannot be converted", convert_color(yuy2, bgra, memory, memory + 128, 3, 2));
    CHECK_THROWS("cannot be converted", convert_color(K4A_IMAGE_FORMAT_DEPTH16, bgra, memory, memory + 128, 2, 2));
    CHECK(can_convert_color(yuy2, nv12));
    CHECK(!can_convert_color(bgra, K4A_IMAGE_FORMAT_DEPTH16));
}
