// Calibrations with numbers that no camera has: everything runs, ends, stays inside its memory and gives the same with
// all instruction sets and on several threads.
#include "calibration/points.hpp"
#include "check.hpp"
#include "core/parallel.hpp"
#include "core/simd.hpp"
#include "scene.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

using namespace k4a_rp;
using scene::Pixels;

namespace
{

// Both cameras with a small part of their pixels and the whole view, so that many calibrations can be tried.
k4a_calibration_t calibration_of_few_pixels()
{
    k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
    const auto shrink = [](k4a_calibration_camera_t &camera, int by) {
        camera.resolution_width /= by;
        camera.resolution_height /= by;
        for (int i = 0; i < 4; ++i)
        {
            camera.intrinsics.parameters.v[i] /= static_cast<float>(by); // cx, cy, fx, fy
        }
    };
    shrink(c.depth_camera_calibration, 4);
    shrink(c.color_camera_calibration, 8);
    return c;
}

// Everything that can be computed with a calibration, from the same depth and colours.
struct Everything
{
    explicit Everything(const k4a_calibration_t &c)
        : depth(c.depth_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2),
          custom(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM16, 2),
          color(c.color_camera_calibration, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4),
          warped(c.color_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2),
          warped_custom(c.color_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM16, 2),
          colors(c.depth_camera_calibration, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4),
          points(c.depth_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6),
          color_points(c.color_camera_calibration, K4A_IMAGE_FORMAT_CUSTOM, 6)
    {
        scene::fill_depth(depth, scene::Kind::holes, 3);
        scene::fill_random(custom, 4);
        scene::fill_random(color, 5);
        const Transformation transformation(c);
        transformation.depth_to_color(depth.view(), warped.view());
        transformation.depth_to_point_cloud(depth.view(), K4A_CALIBRATION_TYPE_DEPTH, points.view());
        transformation.depth_to_point_cloud(warped.view(), K4A_CALIBRATION_TYPE_COLOR, color_points.view());
        transformation.color_to_depth(depth.view(), color.view(), colors.view());
        transformation.depth_to_color_custom(depth.view(), custom.view(), warped.view(), warped_custom.view(),
                                             K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR, 77);
        for (const auto camera : {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR})
        {
            const Pixels &image = camera == K4A_CALIBRATION_TYPE_DEPTH ? depth : warped;
            const size_t count = image.size() / sizeof(uint16_t), before = metres.size();
            metres.resize(before + 3 * count);
            transformation.depth_to_points(image.view(), camera, metres.data() + before, count);
        }
        find_depth_pixels(c);
        add_rays(c.depth_camera_calibration);
        add_rays(c.color_camera_calibration);
    }

    bool operator==(const Everything &other) const
    {
        return warped == other.warped && warped_custom == other.warped_custom && colors == other.colors &&
               points == other.points && color_points == other.color_points &&
               std::equal(found, found + 2 * searches, other.found, same) &&
               std::equal(metres.begin(), metres.end(), other.metres.begin(), other.metres.end(), same) &&
               std::equal(rays.begin(), rays.end(), other.rays.begin(), other.rays.end(), same);
    }

    static constexpr size_t searches = 20; // more than one thread's share

    Pixels depth, custom, color, warped, warped_custom, colors, points, color_points;
    float found[2 * searches];
    std::vector<float> metres, rays;

private:
    static bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

    // Not the table that transformations share.
    void add_rays(const k4a_calibration_camera_t &camera)
    {
        const RayTable table(camera);
        for (int row = 0; row < table.height(); ++row)
        {
            rays.insert(rays.end(), table.x(row), table.x(row) + table.width());
            rays.insert(rays.end(), table.y(row), table.y(row) + table.width());
        }
    }

    void find_depth_pixels(const k4a_calibration_t &c)
    {
        const ImageView &view = depth.view();
        float pixels[2 * searches];
        for (size_t i = 0; i < searches; ++i)
        {
            pixels[2 * i] = static_cast<float>(4 * i);
            pixels[2 * i + 1] = static_cast<float>(7 * i % 45);
        }
        pixels[0] = NAN;
        pixels[2] = INFINITY;
        pixels[4] = -1e38f;
        points_color_to_depth(c, {reinterpret_cast<const uint16_t *>(view.pixels), view.width, view.height}, searches,
                              pixels, found, nullptr);
    }
};

// Harm is what sanitizers see, and results that depend on what computes them.
void check_harmless(const k4a_calibration_t &c)
{
    const SimdLevel before = simd_level();
    set_thread_count(1);
    set_simd_level(SimdLevel::portable);
    const Everything plain(c);
    set_thread_count(3);
    for (const SimdLevel level : {SimdLevel::portable, SimdLevel::sse41, SimdLevel::avx2})
    {
        if (set_simd_level(level))
        {
            CHECK(Everything(c) == plain);
        }
    }
    set_thread_count(0);
    set_simd_level(before);
}

constexpr float wild_numbers[] = {1e38f, -1e38f, 1e30f, 1e-30f, NAN, INFINITY, -INFINITY};

} // namespace

TEST(wild, few_pixels_are_enough_to_see_something)
{
    const Everything all(calibration_of_few_pixels());
    const auto count = [](const Pixels &pixels) {
        size_t set = 0;
        for (size_t i = 0; i < pixels.size() / 2; ++i)
        {
            set += pixels.word(i) != 0;
        }
        return set;
    };
    for (const Pixels *const pixels : {&all.warped, &all.warped_custom, &all.colors, &all.points, &all.color_points})
    {
        CHECK(count(*pixels) > pixels->size() / 2 / 4);
    }
    CHECK(std::count_if(std::begin(all.found), std::end(all.found), [](float x) { return x >= 0.0f; }) > 10);
}

TEST(wild, extrinsics_do_no_harm)
{
    for (const float wild : wild_numbers)
    {
        for (int i = 0; i < 24; ++i)
        {
            k4a_calibration_t c = calibration_of_few_pixels();
            k4a_calibration_extrinsics_t &e = i < 12 ? c.extrinsics[0][1] : c.extrinsics[1][0];
            (i % 12 < 9 ? e.rotation[i % 12] : e.translation[i % 12 - 9]) = wild;
            check_harmless(c);
        }
    }
}

TEST(wild, lenses_do_no_harm)
{
    constexpr int parameters = 14, fx = 2, fy = 3;
    for (const float wild : wild_numbers)
    {
        for (int i = 0; i < 2 * (parameters + 1); ++i)
        {
            k4a_calibration_t c = calibration_of_few_pixels();
            k4a_calibration_camera_t &camera =
                i <= parameters ? c.depth_camera_calibration : c.color_camera_calibration;
            const int which = i % (parameters + 1);
            (which < parameters ? camera.intrinsics.parameters.v[which] : camera.metric_radius) = wild;
            if ((which == fx || which == fy) && !(wild > 0.0f))
            {
                CHECK_THROWS("are not positive", Everything{c});
                continue;
            }
            check_harmless(c);
        }
    }
}
