// The conversions of uncompressed colour give the bytes that libyuv gives. Prints both times.
#include "image/color_convert.hpp"
#include "pictures.hpp"

#include <libyuv.h>

#include <chrono>
#include <cstdio>
#include <functional>

using namespace k4a_rp;
using ebml::Bytes;

namespace
{

double best_ms(const std::function<void()> &work)
{
    double best = 1e9;
    for (int i = 0; i < 30; ++i)
    {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
        best = std::min(best, time.count());
    }
    return best;
}

void compare(const char *name,
             k4a_image_format_t from,
             k4a_image_format_t to,
             int width,
             int height,
             const std::function<void(const uint8_t *, uint8_t *)> &oracle)
{
    const Bytes source = pictures::random_bytes(color_image_size(from, width, height), 7);
    Bytes ours(color_image_size(to, width, height));
    Bytes theirs(ours.size());
    const double our_time = best_ms([&] { convert_color(from, to, source.data(), ours.data(), width, height); });
    const double their_time = best_ms([&] { oracle(source.data(), theirs.data()); });
    CHECK(ours == theirs);
    if (width == 1920)
    {
        std::printf("%s of %d x %d: %.3f ms, libyuv %.3f ms\n", name, width, height, our_time, their_time);
    }
}

} // namespace

TEST(libyuv, all_conversions_give_the_same_bytes)
{
    constexpr k4a_image_format_t nv12 = K4A_IMAGE_FORMAT_COLOR_NV12;
    constexpr k4a_image_format_t yuy2 = K4A_IMAGE_FORMAT_COLOR_YUY2;
    constexpr k4a_image_format_t bgra = K4A_IMAGE_FORMAT_COLOR_BGRA32;
    struct
    {
        int width, height;
    } const sizes[] = {{1920, 1080}, {1280, 720}, {1002, 6}, {38, 4}, {2, 2}};
    for (const auto &[w, h] : sizes)
    {
        const int width = w;
        const int height = h;
        compare("NV12 to BGRA32", nv12, bgra, w, h, [=](const uint8_t *from, uint8_t *to) {
            libyuv::NV12ToARGB(from, width, from + width * height, width, to, width * 4, width, height);
        });
        compare("YUY2 to BGRA32", yuy2, bgra, w, h, [=](const uint8_t *from, uint8_t *to) {
            libyuv::YUY2ToARGB(from, width * 2, to, width * 4, width, height);
        });
        compare("BGRA32 to NV12", bgra, nv12, w, h, [=](const uint8_t *from, uint8_t *to) {
            libyuv::ARGBToNV12(from, width * 4, to, width, to + width * height, width, width, height);
        });
        compare("BGRA32 to YUY2", bgra, yuy2, w, h, [=](const uint8_t *from, uint8_t *to) {
            libyuv::ARGBToYUY2(from, width * 4, to, width * 2, width, height);
        });
    }
}
