// Decoding JPEG on one thread and on several, and encoding.
#include "image/jpeg_split.hpp"
#include "pictures.hpp"

#include <cmath>
#include <cstdlib>

using namespace k4a_rp;
using ebml::Bytes;

namespace
{

double mean_difference(const Bytes &a, const Bytes &b)
{
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i)
    {
        sum += std::abs(int(a[i]) - int(b[i]));
    }
    return sum / static_cast<double>(a.size());
}

size_t parts_of(const Bytes &file, unsigned wanted)
{
    return split_jpeg(file.data(), file.size(), wanted).parts.size();
}

} // namespace

TEST(jpeg, encoded_picture_is_decoded_again)
{
    const Bytes file = pictures::jpeg(320, 240, "", 3, 98);
    const pictures::Decoded decoded = pictures::decode(file, 320, 240, 1);
    CHECK_EQUAL(decoded.failure, std::string());
    CHECK(mean_difference(decoded.pixels, pictures::scene(320, 240, 3)) < 8);
}

TEST(jpeg, threads_do_not_change_a_picture_with_restart_markers)
{
    struct
    {
        int width, height;
        const char *restart;
        bool splits;
    } const cases[] = {
        {1280, 720, "1", true},    // after each row of blocks
        {1280, 720, "450B", true}, // the camera's: 80 blocks a row, so that every eighth marker ends a row
        {1280, 720, "7", true},    {640, 480, "40B", true},   {642, 487, "41B", true}, {639, 481, "3", true},
        {1280, 720, "451B", false}, // no marker ends a row
        {1280, 720, "", false},    {320, 240, "1", true},
    };
    for (const auto &one : cases)
    {
        const Bytes file = pictures::jpeg(one.width, one.height, one.restart);
        const pictures::Decoded whole = pictures::decode(file, one.width, one.height, 1);
        CHECK_EQUAL(whole.failure, std::string());
        CHECK_EQUAL(parts_of(file, 2), one.splits ? 2 : 0);
        for (const unsigned threads : {2u, 3u, 5u, 16u})
        {
            for (const PixelLayout layout : {PixelLayout::bgra, PixelLayout::rgb, PixelLayout::gray})
            {
                const pictures::Decoded alone = pictures::decode(file, one.width, one.height, 1, layout);
                const pictures::Decoded many = pictures::decode(file, one.width, one.height, threads, layout);
                CHECK_EQUAL(many.failure, std::string());
                CHECK(many.pixels == alone.pixels);
            }
        }
    }
}

TEST(jpeg, parts_cover_the_picture)
{
    const Bytes file = pictures::jpeg(1280, 720, "450B");
    for (const unsigned wanted : {2u, 3u, 4u, 8u, 64u})
    {
        const JpegSplit split = split_jpeg(file.data(), file.size(), wanted);
        CHECK(split.parts.size() <= wanted);
        int row = 0;
        for (const JpegPart &part : split.parts)
        {
            CHECK_EQUAL(part.first_row, row);
            CHECK(part.rows > 0);
            row += part.rows;
            Bytes piece(jpeg_part_size(split, part));
            write_jpeg_part(file.data(), split, part, piece.data());
            CHECK_EQUAL(pictures::decode(piece, 1280, part.rows, 1).failure, std::string());
        }
        CHECK_EQUAL(row, 720);
    }
}

TEST(jpeg, threads_do_not_change_a_damaged_picture)
{
    std::mt19937 random(5);
    const Bytes good = pictures::jpeg(320, 240, "1");
    size_t damaged = 0;
    for (int i = 0; i < 1500; ++i)
    {
        Bytes file = good;
        for (unsigned n = 1 + random() % 3; n > 0; --n)
        {
            file[random() % file.size()] ^= static_cast<uint8_t>(1u << random() % 8);
        }
        if (i % 5 == 0)
        {
            file.resize(random() % file.size());
        }
        const pictures::Decoded one = pictures::decode(file, 320, 240, 1);
        const pictures::Decoded two = pictures::decode(file, 320, 240, 2);
        damaged += one.failure.empty() ? 0 : 1;
        CHECK_EQUAL(two.failure, one.failure);
        CHECK(!one.failure.empty() || one.pixels == two.pixels);
    }
    CHECK(damaged > 300);
}

TEST(jpeg, anything_else_is_refused)
{
    const Bytes good = pictures::jpeg(320, 240);
    CHECK_THROWS("320 x 240 pixels, not 320 x 239", {
        const std::string text = pictures::decode(good, 320, 239, 1).failure;
        throw std::runtime_error(text);
    });
    CHECK(!pictures::decode(Bytes(good.begin(), good.begin() + 2000), 320, 240, 1).failure.empty()); // cut off
    CHECK(!pictures::decode(Bytes(good.begin(), good.end() - 2), 320, 240, 1).failure.empty());      // no end marker
    CHECK(!pictures::decode(Bytes(1, 0), 320, 240, 1).failure.empty());
    CHECK(!pictures::decode(Bytes(5000, 0xFF), 320, 240, 1).failure.empty());
    uint8_t pixel[4] = {};
    CHECK_THROWS("quality of 0", encode_jpeg(pixel, PixelLayout::bgra, 1, 1, 4, 0));
    CHECK_THROWS("quality of 101", encode_jpeg(pixel, PixelLayout::bgra, 1, 1, 4, 101));
}

TEST(jpeg, build_without_codec_says_so)
{
    if (have_jpeg())
    {
        CHECK(std::string(jpeg_name()).find("libjpeg-turbo") == 0);
        throw check::Skip{"this build has a JPEG codec"};
    }
    CHECK_EQUAL(std::string(jpeg_name()), std::string("off"));
    uint8_t pixel[4] = {};
    CHECK_THROWS("no JPEG codec", decode_jpeg(pixel, 4, 1, 1, PixelLayout::bgra, pixel, 4));
    CHECK_THROWS("no JPEG codec", encode_jpeg(pixel, PixelLayout::bgra, 1, 1, 4, 90));
    CHECK_THROWS("no JPEG codec",
                 convert_color(K4A_IMAGE_FORMAT_COLOR_MJPG, K4A_IMAGE_FORMAT_COLOR_BGRA32, pixel, pixel, 1, 1));
}
