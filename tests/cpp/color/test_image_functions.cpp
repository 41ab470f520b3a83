// The functions of the table that work on single images.
#include "open_recording.hpp"
#include "pictures.hpp"

#include "image/color_convert.hpp"

using ebml::Bytes;

namespace
{

const k4a_rp_extensions_t *table()
{
    return OpenRecording::extensions();
}

k4a_image_t wrap(k4a_image_format_t format, int width, int height, int stride, Bytes &bytes)
{
    k4a_image_t image = nullptr;
    REQUIRE(k4a_image_create_from_buffer(
                format, width, height, stride, bytes.data(), bytes.size(), nullptr, nullptr, &image) ==
            K4A_RESULT_SUCCEEDED);
    return image;
}

Bytes bytes_of(k4a_image_t image)
{
    const uint8_t *data = k4a_image_get_buffer(image);
    return Bytes(data, data + k4a_image_get_size(image));
}

} // namespace

TEST(image_functions, convert_keeps_attributes_and_pads_nothing)
{
    Bytes padded = pictures::scene(16 + 5, 8); // rows of 84 bytes, of which 64 are pixels
    const k4a_image_t image = wrap(K4A_IMAGE_FORMAT_COLOR_BGRA32, 16, 8, 84, padded);
    k4a_image_set_device_timestamp_usec(image, 77);
    k4a_image_set_white_balance(image, 5000);
    Bytes packed;
    for (size_t row = 0; row < 8; ++row)
    {
        const auto start = padded.begin() + static_cast<std::ptrdiff_t>(row * 84);
        packed += Bytes(start, start + 64);
    }
    for (const k4a_image_format_t format :
         {K4A_IMAGE_FORMAT_COLOR_NV12, K4A_IMAGE_FORMAT_COLOR_YUY2, K4A_IMAGE_FORMAT_COLOR_BGRA32})
    {
        k4a_image_t made = nullptr;
        CHECK_EQUAL(table()->image_convert(image, format, &made), K4A_RESULT_SUCCEEDED);
        Bytes expected(k4a_rp::color_image_size(format, 16, 8));
        k4a_rp::convert_color(K4A_IMAGE_FORMAT_COLOR_BGRA32, format, packed.data(), expected.data(), 16, 8);
        CHECK_EQUAL(bytes_of(made), expected);
        CHECK_EQUAL(k4a_image_get_format(made), format);
        CHECK_EQUAL(k4a_image_get_device_timestamp_usec(made), 77);
        CHECK_EQUAL(k4a_image_get_white_balance(made), 5000);
        k4a_image_release(made);
    }
    k4a_image_t none = image;
    CHECK_EQUAL(table()->image_convert(image, K4A_IMAGE_FORMAT_DEPTH16, &none), K4A_RESULT_FAILED);
    CHECK(none == nullptr);
    k4a_image_release(image);
}

TEST(image_functions, read_pixels_fills_rows_of_any_stride)
{
    Bytes bgra = pictures::scene(10, 3);
    const k4a_image_t image = wrap(K4A_IMAGE_FORMAT_COLOR_BGRA32, 10, 3, 40, bgra);
    Bytes rgb(2 * 50 + 30, 0x77);
    CHECK_EQUAL(table()->image_read_pixels(image, K4A_RP_PIXELS_RGB, rgb.data(), rgb.size(), 50), K4A_RESULT_SUCCEEDED);
    for (size_t row = 0; row < 3; ++row)
    {
        for (size_t x = 0; x < 10; ++x)
        {
            CHECK_EQUAL(rgb[row * 50 + 3 * x], bgra[row * 40 + 4 * x + 2]);
            CHECK_EQUAL(rgb[row * 50 + 3 * x + 2], bgra[row * 40 + 4 * x]);
        }
    }
    CHECK_EQUAL(rgb[30], 0x77); // between the rows
    CHECK_EQUAL(table()->image_read_pixels(image, K4A_RP_PIXELS_RGB, rgb.data(), 129, 50), K4A_RESULT_FAILED);
    CHECK_EQUAL(table()->image_read_pixels(image, K4A_RP_PIXELS_RGB, rgb.data(), 130, 29), K4A_RESULT_FAILED);
    CHECK_EQUAL(table()->image_read_pixels(image, K4A_RP_PIXELS_BGRA, rgb.data(), 130, 50), K4A_RESULT_FAILED);
    CHECK_EQUAL(table()->image_read_pixels(image, static_cast<k4a_rp_pixels_t>(9), rgb.data(), 130, 50),
                K4A_RESULT_FAILED);
    k4a_image_release(image);
}

TEST(image_functions, jpeg_goes_there_and_back)
{
    pictures::need_codec();
    Bytes bgra = pictures::scene(64, 48);
    const k4a_image_t image = wrap(K4A_IMAGE_FORMAT_COLOR_BGRA32, 64, 48, 256, bgra);
    k4a_image_t jpeg = nullptr;
    k4a_image_t back = nullptr;
    k4a_image_set_device_timestamp_usec(image, 9);
    REQUIRE(table()->image_encode_jpeg(image, 90, &jpeg) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(k4a_image_get_format(jpeg), K4A_IMAGE_FORMAT_COLOR_MJPG);
    CHECK_EQUAL(k4a_image_get_width_pixels(jpeg), 64);
    CHECK_EQUAL(k4a_image_get_stride_bytes(jpeg), 0);
    CHECK_EQUAL(k4a_image_get_device_timestamp_usec(jpeg), 9);
    REQUIRE(table()->image_convert(jpeg, K4A_IMAGE_FORMAT_COLOR_BGRA32, &back) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(k4a_image_get_size(back), 64 * 48 * 4);
    CHECK_EQUAL(bytes_of(back)[3], 255);
    k4a_image_t none = image;
    CHECK_EQUAL(table()->image_encode_jpeg(image, 0, &none), K4A_RESULT_FAILED);
    CHECK(none == nullptr);
    k4a_image_release(back);
    k4a_image_release(jpeg);
    k4a_image_release(image);
}

TEST(image_functions, colorize_maps_values_and_leaves_no_data_black)
{
    Bytes depth = {0, 0, 100, 0, 200, 0, 255, 255}; // 0, 100, 200, 65535
    Bytes map;
    for (int i = 0; i < 256; ++i)
    {
        map += Bytes{static_cast<uint8_t>(i), 1, static_cast<uint8_t>(255 - i)};
    }
    const k4a_image_t image = wrap(K4A_IMAGE_FORMAT_DEPTH16, 4, 1, 8, depth);
    Bytes rgb(12);
    CHECK_EQUAL(table()->image_colorize(image, 100, 300, map.data(), rgb.data(), 12, 12), K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(rgb, (Bytes{0, 0, 0, 0, 1, 255, 127, 1, 128, 255, 1, 0}));
    CHECK_EQUAL(table()->image_colorize(image, 300, 300, map.data(), rgb.data(), 12, 12), K4A_RESULT_FAILED);
    CHECK_EQUAL(table()->image_colorize(image, 100, 300, map.data(), rgb.data(), 11, 12), K4A_RESULT_FAILED);
    k4a_image_release(image);
    Bytes short_image(7);
    const k4a_image_t broken = wrap(K4A_IMAGE_FORMAT_DEPTH16, 4, 1, 8, short_image);
    CHECK_EQUAL(table()->image_colorize(broken, 100, 300, map.data(), rgb.data(), 12, 12), K4A_RESULT_FAILED);
    k4a_image_release(broken);
}
