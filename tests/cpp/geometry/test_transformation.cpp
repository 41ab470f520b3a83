// The transformations against a plain implementation: equal to the bit, whatever the instruction set and the threads.
#include "check.hpp"
#include "core/parallel.hpp"
#include "core/simd.hpp"
#include "oracle.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>

using namespace k4a_rp;
using scene::Kind;
using scene::Pixels;

namespace
{

constexpr k4a_image_format_t depth16 = K4A_IMAGE_FORMAT_DEPTH16;
constexpr k4a_image_format_t bgra = K4A_IMAGE_FORMAT_COLOR_BGRA32;

struct Setting
{
    k4a_depth_mode_t depth_mode;
    k4a_color_resolution_t resolution;
    bool rational;
};

// Every depth mode and colour resolution once; the larger ones are slow for the oracle.
const Setting settings[] = {
    {K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P, false},
    {K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_3072P, true},
    {K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P, false},
    {K4A_DEPTH_MODE_WFOV_2X2BINNED, K4A_COLOR_RESOLUTION_1536P, false},
    {K4A_DEPTH_MODE_WFOV_2X2BINNED, K4A_COLOR_RESOLUTION_2160P, false},
    {K4A_DEPTH_MODE_WFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P, false},
    {K4A_DEPTH_MODE_WFOV_UNBINNED, K4A_COLOR_RESOLUTION_1440P, true},
    {K4A_DEPTH_MODE_PASSIVE_IR, K4A_COLOR_RESOLUTION_1080P, false},
};

// Runs `body` with each instruction set, on one thread and on several.
template <typename Body> void in_every_way(const Body &body)
{
    const SimdLevel before = simd_level();
    for (const SimdLevel level : {SimdLevel::portable, SimdLevel::sse41, SimdLevel::avx2})
    {
        if (!set_simd_level(level))
        {
            continue;
        }
        for (const unsigned threads : {1u, 2u, 5u})
        {
            set_thread_count(threads);
            body();
        }
    }
    set_thread_count(0);
    set_simd_level(before);
}

// Points in metres as one writes them down; the results must have the same bits.
std::vector<uint32_t> plain_metric_points(const std::vector<float> &rays, const Pixels &depth)
{
    std::vector<uint32_t> bits;
    for (size_t i = 0; i < depth.size() / 2; ++i)
    {
        const bool valid = depth.word(i) != 0 && !std::isnan(rays[2 * i]);
        const float z = static_cast<float>(depth.word(i)) * 0.001f;
        for (const float value : {rays[2 * i] * z, rays[2 * i + 1] * z, z})
        {
            const float stored = valid ? value : NAN;
            bits.emplace_back();
            std::memcpy(&bits.back(), &stored, sizeof stored);
        }
    }
    return bits;
}

std::vector<uint32_t>
metric_points(const Transformation &transformation, k4a_calibration_type_t camera, const Pixels &depth)
{
    constexpr float unwritten = 77.0f;
    const size_t count = depth.size() / 2;
    std::vector<float> points(3 * count + 3, unwritten);
    transformation.depth_to_points(depth.view(), camera, points.data(), count);
    for (size_t i = 3 * count; i < points.size(); ++i)
    {
        CHECK_EQUAL(points[i], unwritten);
    }
    std::vector<uint32_t> bits(3 * count);
    std::memcpy(bits.data(), points.data(), 3 * count * sizeof(float));
    return bits;
}

struct Images
{
    explicit Images(const k4a_calibration_t &c, size_t misplaced = 0)
        : depth(c.depth_camera_calibration, depth16, 2, misplaced),
          out_depth(c.color_camera_calibration, depth16, 2, misplaced),
          color(c.color_camera_calibration, bgra, 4, misplaced),
          out_color(c.depth_camera_calibration, bgra, 4, misplaced),
          points(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6, misplaced)
    {
    }

    Pixels depth, out_depth, color, out_color, points;
};

} // namespace

TEST(transformation, depth_to_color_equals_the_oracle)
{
    unsigned seed = 0;
    for (const Setting &setting : settings)
    {
        const k4a_calibration_t c = scene::calibration(setting.depth_mode, setting.resolution, setting.rational);
        const Transformation transformation(c);
        const Kind kind = static_cast<Kind>(seed % 7);
        Images images(c);
        Pixels wanted(c.color_camera_calibration, depth16, 2);
        scene::fill_depth(images.depth, kind, ++seed);
        oracle::depth_to_color(c, oracle::rays(c.depth_camera_calibration), images.depth, nullptr, wanted, nullptr,
                               false, 0);
        in_every_way([&] {
            Images again(c);
            std::memcpy(again.depth.bytes(), images.depth.bytes(), images.depth.size());
            transformation.depth_to_color(again.depth.view(), again.out_depth.view());
            CHECK(again.out_depth == wanted);
        });
    }
}

static void check_custom(const Setting &setting, Kind kind, bool words, bool interpolate)
{
    const k4a_calibration_t c = scene::calibration(setting.depth_mode, setting.resolution, setting.rational);
    const Transformation transformation(c);
    const k4a_image_format_t format = words ? K4A_IMAGE_FORMAT_CUSTOM16 : K4A_IMAGE_FORMAT_CUSTOM8;
    const int bytes = words ? 2 : 1;
    Pixels depth(c.depth_camera_calibration, depth16, 2), custom(c.depth_camera_calibration, format, bytes);
    Pixels wanted_depth(c.color_camera_calibration, depth16, 2), wanted(c.color_camera_calibration, format, bytes);
    scene::fill_depth(depth, kind, 11);
    scene::fill_random(custom, 12);
    oracle::depth_to_color(c, oracle::rays(c.depth_camera_calibration), depth, &custom, wanted_depth, &wanted,
                           interpolate, 0x12345);
    in_every_way([&] {
        Pixels out_depth(c.color_camera_calibration, depth16, 2), out(c.color_camera_calibration, format, bytes);
        transformation.depth_to_color_custom(depth.view(), custom.view(), out_depth.view(), out.view(),
                                             interpolate ? K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR
                                                         : K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST,
                                             0x12345);
        CHECK(out_depth == wanted_depth);
        CHECK(out == wanted);
    });
}

TEST(transformation, custom_values_equal_the_oracle)
{
    for (const Kind kind : {Kind::slanted, Kind::steps, Kind::holes, Kind::noise, Kind::near, Kind::last})
    {
        for (const bool words : {false, true})
        {
            check_custom(settings[0], kind, words, false);
            check_custom(settings[0], kind, words, true);
        }
    }
    check_custom(settings[1], Kind::holes, true, true);
    check_custom(settings[3], Kind::holes, false, false);
}

TEST(transformation, color_to_depth_equals_the_oracle)
{
    unsigned seed = 20;
    for (const Setting &setting : {settings[0], settings[2], settings[4], settings[7]})
    {
        const k4a_calibration_t c = scene::calibration(setting.depth_mode, setting.resolution, setting.rational);
        const Transformation transformation(c);
        Images images(c);
        scene::fill_depth(images.depth, static_cast<Kind>(seed % 7), seed);
        scene::fill_random(images.color, ++seed);
        std::memset(images.color.bytes() + images.color.size() / 2, 0, images.color.size() / 4);
        Pixels wanted(c.depth_camera_calibration, bgra, 4);
        oracle::color_to_depth(c, oracle::rays(c.depth_camera_calibration), images.depth, images.color, wanted);
        in_every_way([&] {
            scene::fill_random(images.out_color, 1);
            transformation.color_to_depth(images.depth.view(), images.color.view(), images.out_color.view());
            CHECK(images.out_color == wanted);
        });
    }
}

TEST(transformation, point_clouds_equal_the_oracle)
{
    for (const Kind kind : {Kind::slanted, Kind::noise, Kind::last})
    {
        for (const Setting &setting : {settings[2], settings[5]})
        {
            const k4a_calibration_t c = scene::calibration(setting.depth_mode, setting.resolution, setting.rational);
            const Transformation transformation(c);
            Images images(c);
            scene::fill_depth(images.depth, kind, 31);
            Pixels wanted(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6);
            oracle::point_cloud(oracle::rays(c.depth_camera_calibration), images.depth, wanted);
            in_every_way([&] {
                scene::fill_random(images.points, 1);
                transformation.depth_to_point_cloud(images.depth.view(), K4A_CALIBRATION_TYPE_DEPTH,
                                                    images.points.view());
                CHECK(images.points == wanted);
            });
        }
    }
}

TEST(transformation, points_in_metres_equal_a_plain_loop)
{
    for (const Kind kind : {Kind::slanted, Kind::holes, Kind::noise})
    {
        for (const Setting &setting : {settings[2], settings[5]})
        {
            const k4a_calibration_t c = scene::calibration(setting.depth_mode, setting.resolution, setting.rational);
            const Transformation transformation(c);
            for (const auto type : {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR})
            {
                const bool of_depth = type == K4A_CALIBRATION_TYPE_DEPTH;
                const k4a_calibration_camera_t &camera =
                    of_depth ? c.depth_camera_calibration : c.color_camera_calibration;
                Pixels depth(camera, depth16, 2);
                scene::fill_depth(depth, kind, 32);
                depth.set_word(0, 0);
                depth.set_word(depth.size() / 4, 65535);
                const std::vector<uint32_t> wanted = plain_metric_points(oracle::rays(camera), depth);
                in_every_way([&] { CHECK(metric_points(transformation, type, depth) == wanted); });
            }
        }
    }
}

TEST(transformation, points_that_no_integer_holds_are_limited)
{
    k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_OFF);
    auto &lens = c.depth_camera_calibration.intrinsics.parameters.param;
    lens.k1 = lens.k2 = lens.k3 = lens.k4 = lens.k5 = lens.k6 = lens.p1 = lens.p2 = 0.0f;
    c.depth_camera_calibration.metric_radius = 1e15f;
    for (const float focal_length : {1.0f, 1e-3f, 2e-4f})
    {
        lens.fx = lens.fy = focal_length;
        const Transformation transformation(c);
        Pixels depth(c.depth_camera_calibration, depth16, 2);
        Pixels wanted(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6);
        Pixels points(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6);
        scene::fill_depth(depth, Kind::last, 1);
        oracle::point_cloud(oracle::rays(c.depth_camera_calibration), depth, wanted);
        size_t limited = 0;
        for (size_t i = 0; i < wanted.size() / 2; i += 3)
        {
            limited += wanted.word(i) == 0x7FFF || wanted.word(i) == 0x8000;
        }
        REQUIRE(limited > wanted.size() / 2 / 3 / 2);
        in_every_way([&] {
            transformation.depth_to_point_cloud(depth.view(), K4A_CALIBRATION_TYPE_DEPTH, points.view());
            CHECK(points == wanted);
        });
    }
}

TEST(transformation, widths_that_are_no_multiple_of_the_lanes_work)
{
    for (int width = 1; width < 40; ++width)
    {
        k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
        c.depth_camera_calibration.resolution_width = width;
        c.depth_camera_calibration.resolution_height = 21;
        const Transformation transformation(c);
        Images images(c);
        scene::fill_depth(images.depth, Kind::holes, static_cast<unsigned>(width));
        Pixels wanted(c.color_camera_calibration, depth16, 2);
        oracle::depth_to_color(c, oracle::rays(c.depth_camera_calibration), images.depth, nullptr, wanted, nullptr,
                               false, 0);
        Pixels points(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6);
        oracle::point_cloud(oracle::rays(c.depth_camera_calibration), images.depth, points);
        const std::vector<uint32_t> metric =
            plain_metric_points(oracle::rays(c.depth_camera_calibration), images.depth);
        Pixels color(c.depth_camera_calibration, bgra, 4);
        oracle::color_to_depth(c, oracle::rays(c.depth_camera_calibration), images.depth, images.color, color);
        in_every_way([&] {
            transformation.depth_to_color(images.depth.view(), images.out_depth.view());
            CHECK(images.out_depth == wanted);
            transformation.depth_to_point_cloud(images.depth.view(), K4A_CALIBRATION_TYPE_DEPTH, images.points.view());
            CHECK(images.points == points);
            CHECK(metric_points(transformation, K4A_CALIBRATION_TYPE_DEPTH, images.depth) == metric);
            transformation.color_to_depth(images.depth.view(), images.color.view(), images.out_color.view());
            CHECK(images.out_color == color);
        });
    }
}

TEST(transformation, images_at_odd_addresses_work)
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    const Transformation transformation(c);
    Images even(c), odd(c, 1);
    for (Images *images : {&even, &odd})
    {
        scene::fill_depth(images->depth, Kind::holes, 5);
        scene::fill_random(images->color, 6);
        transformation.depth_to_color(images->depth.view(), images->out_depth.view());
        transformation.color_to_depth(images->depth.view(), images->color.view(), images->out_color.view());
        transformation.depth_to_point_cloud(images->depth.view(), K4A_CALIBRATION_TYPE_DEPTH, images->points.view());
    }
    CHECK(even.out_depth == odd.out_depth);
    CHECK(even.out_color == odd.out_color);
    CHECK(even.points == odd.points);
    CHECK(metric_points(transformation, K4A_CALIBRATION_TYPE_DEPTH, even.depth) ==
          metric_points(transformation, K4A_CALIBRATION_TYPE_DEPTH, odd.depth));
}

TEST(transformation, one_object_serves_several_threads)
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    const Transformation transformation(c);
    Images images(c);
    scene::fill_depth(images.depth, Kind::steps, 5);
    Pixels wanted(c.color_camera_calibration, depth16, 2);
    oracle::depth_to_color(c, oracle::rays(c.depth_camera_calibration), images.depth, nullptr, wanted, nullptr, false,
                           0);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
    {
        threads.emplace_back([&] {
            Pixels out(c.color_camera_calibration, depth16, 2);
            for (int n = 0; n < 10; ++n)
            {
                transformation.depth_to_color(images.depth.view(), out.view());
                wrong += !(out == wanted);
            }
        });
    }
    for (std::thread &thread : threads)
    {
        thread.join();
    }
    CHECK_EQUAL(wrong.load(), 0);
}

TEST(transformation, ray_tables_are_shared_by_equal_cameras)
{
    const k4a_calibration_t a = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    const k4a_calibration_t b = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_1080P);
    const Transformation first(a), second(b);
    CHECK(first.rays(K4A_CALIBRATION_TYPE_DEPTH) == second.rays(K4A_CALIBRATION_TYPE_DEPTH));
    CHECK(first.rays(K4A_CALIBRATION_TYPE_COLOR) != second.rays(K4A_CALIBRATION_TYPE_COLOR));
}

TEST(transformation, images_that_do_not_fit_are_refused_before_anything_is_written)
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    const Transformation transformation(c);
    const Images images(c);
    const auto refused = [&](const char *complaint, auto change) {
        ImageView depth = images.depth.view(), out = images.out_depth.view();
        change(depth, out);
        CHECK_THROWS(complaint, transformation.depth_to_color(depth, out));
        for (size_t i = 0; i < images.out_depth.size(); ++i)
        {
            REQUIRE(images.out_depth.bytes()[i] == 0x5A);
        }
    };
    refused("the depth image has format 5",
            [](ImageView &depth, ImageView &) { depth.format = K4A_IMAGE_FORMAT_IR16; });
    refused("the depth image has 319 x 288", [](ImageView &depth, ImageView &) { depth.width = 319; });
    refused("a stride of 642 bytes instead of 640", [](ImageView &depth, ImageView &) { depth.stride = 642; });
    refused("184319 bytes instead of 184320", [](ImageView &depth, ImageView &) { depth.size = 184319; });
    refused("the transformed depth image has 0 bytes", [](ImageView &, ImageView &out) { out.pixels = nullptr; });
    refused("the transformed depth image has format 7",
            [](ImageView &, ImageView &out) { out.format = K4A_IMAGE_FORMAT_CUSTOM16; });
    CHECK_THROWS("sensor 2", transformation.depth_to_point_cloud(images.depth.view(), K4A_CALIBRATION_TYPE_GYRO,
                                                                 images.points.view()));
    std::vector<float> points(3 * 320 * 288, 7.0f);
    const auto refused_points = [&](const char *complaint, const ImageView &depth, k4a_calibration_type_t camera,
                                    size_t count) {
        CHECK_THROWS(complaint, transformation.depth_to_points(depth, camera, points.data(), count));
        CHECK_EQUAL(std::count(points.begin(), points.end(), 7.0f), std::ptrdiff_t(points.size()));
    };
    const ImageView depth = images.depth.view();
    refused_points("there is room for 92159 points, the camera has 92160 pixels", depth, K4A_CALIBRATION_TYPE_DEPTH,
                   92159);
    refused_points("there is room for 30720 points", depth, K4A_CALIBRATION_TYPE_DEPTH, 30720);
    refused_points("the depth image has 320 x 288 pixels, the camera 1280 x 720", depth, K4A_CALIBRATION_TYPE_COLOR,
                   92160);
    ImageView custom = depth;
    custom.format = K4A_IMAGE_FORMAT_CUSTOM16;
    refused_points("the depth image has format 7", custom, K4A_CALIBRATION_TYPE_DEPTH, 92160);
    refused_points("sensor 3", depth, K4A_CALIBRATION_TYPE_ACCEL, 92160);
}

TEST(transformation, one_camera_is_enough_for_point_clouds_only)
{
    const k4a_calibration_t both = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_OFF);
    const Transformation transformation(c);
    Images images(both);
    transformation.depth_to_point_cloud(images.depth.view(), K4A_CALIBRATION_TYPE_DEPTH, images.points.view());
    CHECK_THROWS("the color camera is off",
                 transformation.depth_to_color(images.depth.view(), images.out_depth.view()));
    CHECK_THROWS(
        "the color camera is off",
        transformation.depth_to_point_cloud(images.out_depth.view(), K4A_CALIBRATION_TYPE_COLOR, images.points.view()));
}

TEST(transformation, senseless_calibrations_are_refused)
{
    k4a_calibration_t c = {};
    CHECK_THROWS("both cameras are off", Transformation{c});
    c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    c.depth_camera_calibration.resolution_width = -5;
    CHECK_THROWS("a camera of -5 x 288 pixels", Transformation{c});
}
