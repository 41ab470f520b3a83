// Points in arrays: what the functions for one point say, for any number of points and threads.
#include "calibration/points.hpp"
#include "check.hpp"
#include "core/parallel.hpp"
#include "core/simd.hpp"
#include "scene.hpp"

#include <cmath>
#include <cstring>
#include <random>

using namespace k4a_rp;

namespace
{

struct Arrays
{
    explicit Arrays(size_t count) : pixels(2 * count), points(3 * count), depth(count)
    {
        std::minstd_rand random(static_cast<unsigned>(count) + 1);
        const auto number = [&](float low, float high) {
            return low + (high - low) * static_cast<float>(random() % 10007) / 10006.0f;
        };
        for (size_t i = 0; i < count; ++i)
        {
            pixels[2 * i] = number(-300, 1600);
            pixels[2 * i + 1] = number(-300, 1000);
            depth[i] = random() % 9 == 0 ? 0.0f : number(1, 9000);
            points[3 * i] = number(-3000, 3000);
            points[3 * i + 1] = number(-3000, 3000);
            points[3 * i + 2] = number(-1000, 5000);
        }
    }

    std::vector<float> pixels, points, depth;
};

bool same(const float *found, const float *expected, int dimensions, bool valid)
{
    for (int i = 0; i < dimensions; ++i)
    {
        if (valid ? found[i] != expected[i] : !std::isnan(found[i]))
        {
            return false;
        }
    }
    return true;
}

int count_differences(const k4a_calibration_t &c, SensorPair sensors, size_t count)
{
    const Arrays in(count);
    std::vector<float> pixels(2 * count), points(3 * count), through(2 * count), moved(3 * count);
    std::vector<uint8_t> seen(count), hit(count), both(count);
    points_2d_to_3d(c, sensors, count, in.pixels.data(), in.depth.data(), points.data(), seen.data());
    points_3d_to_2d(c, sensors, count, in.points.data(), pixels.data(), hit.data());
    points_2d_to_2d(c, sensors, count, in.pixels.data(), in.depth.data(), through.data(), both.data());
    points_3d_to_3d(c, sensors, count, in.points.data(), moved.data());
    int different = 0;
    for (size_t i = 0; i < count; ++i)
    {
        const k4a_float2_t pixel = {{in.pixels[2 * i], in.pixels[2 * i + 1]}};
        const k4a_float3_t point = {{in.points[3 * i], in.points[3 * i + 1], in.points[3 * i + 2]}};
        k4a_float2_t p2 = {{0, 0}};
        k4a_float3_t p3 = {{0, 0, 0}};
        bool valid = point_2d_to_3d(c, pixel, in.depth[i], sensors.source, sensors.target, p3);
        different += valid != (seen[i] == 1) || !same(&points[3 * i], p3.v, 3, valid);
        valid = point_3d_to_2d(c, point, sensors.source, sensors.target, p2);
        different += valid != (hit[i] == 1) || !same(&pixels[2 * i], p2.v, 2, valid);
        valid = point_2d_to_2d(c, pixel, in.depth[i], sensors.source, sensors.target, p2);
        different += valid != (both[i] == 1) || !same(&through[2 * i], p2.v, 2, valid);
        p3 = point_3d_to_3d(c, point, sensors.source, sensors.target);
        different += !same(&moved[3 * i], p3.v, 3, true);
    }
    return different;
}

DepthView depth_view(const scene::Pixels &depth)
{
    const ImageView &view = depth.view();
    return {reinterpret_cast<const uint16_t *>(view.pixels), view.width, view.height};
}

} // namespace

TEST(points, arrays_equal_single_points)
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P);
    for (const auto source : {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR})
    {
        for (const auto target : {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR})
        {
            for (const size_t count :
                 {size_t(0), size_t(1), size_t(7), size_t(255), size_t(256), size_t(257), size_t(40000)})
            {
                for (const unsigned threads : {1u, 3u})
                {
                    set_thread_count(threads);
                    CHECK_EQUAL(count_differences(c, {source, target}, count), 0);
                }
            }
        }
    }
    set_thread_count(0);
}

TEST(points, depth_pixels_in_arrays_equal_single_ones)
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P);
    scene::Pixels depth(c.depth_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2);
    scene::fill_depth(depth, scene::Kind::steps, 5);
    const DepthPixelSearch search(c, depth_view(depth));
    for (const size_t count : {size_t(0), size_t(1), size_t(16), size_t(17), size_t(500)})
    {
        const Arrays in(count);
        for (const unsigned threads : {1u, 3u})
        {
            set_thread_count(threads);
            std::vector<float> pixels(2 * count);
            std::vector<uint8_t> valid(count);
            points_color_to_depth(c, depth_view(depth), count, in.pixels.data(), pixels.data(), valid.data());
            for (size_t i = 0; i < count; ++i)
            {
                k4a_float2_t pixel;
                const bool found = search.find({{in.pixels[2 * i], in.pixels[2 * i + 1]}}, pixel) ==
                                   DepthPixelSearch::Outcome::found;
                CHECK_EQUAL(valid[i], found ? 1 : 0);
                CHECK(same(&pixels[2 * i], pixel.v, 2, found));
            }
        }
    }
    set_thread_count(0);
}

TEST(points, depth_pixels_are_found_again_with_every_mode_and_lens)
{
    for (int mode = K4A_DEPTH_MODE_NFOV_2X2BINNED; mode <= K4A_DEPTH_MODE_WFOV_UNBINNED; ++mode)
    {
        const k4a_calibration_t c = scene::calibration(static_cast<k4a_depth_mode_t>(mode),
                                                       K4A_COLOR_RESOLUTION_720P, mode % 2 != 0);
        const int width = c.depth_camera_calibration.resolution_width;
        const int height = c.depth_camera_calibration.resolution_height;
        scene::Pixels depth(c.depth_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2);
        for (size_t i = 0; i < static_cast<size_t>(width) * static_cast<size_t>(height); ++i)
        {
            depth.set_word(i, 1500);
        }
        const DepthPixelSearch search(c, depth_view(depth));
        int seen = 0, off = 0;
        for (int v = 0; v < height; v += 7)
        {
            for (int u = 0; u < width; u += 7)
            {
                const k4a_float2_t pixel = {{static_cast<float>(u), static_cast<float>(v)}};
                k4a_float2_t color, found;
                if (!point_2d_to_2d(c, pixel, 1500.0f, K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR, color) ||
                    color.xy.x < 50 || color.xy.x > 1230 || color.xy.y < 50 || color.xy.y > 670)
                {
                    continue; // not seen, or where the made-up lenses fold the image
                }
                ++seen;
                off += search.find(color, found) != DepthPixelSearch::Outcome::found ||
                       std::fabs(found.xy.x - pixel.xy.x) > 1 || std::fabs(found.xy.y - pixel.xy.y) > 1;
            }
        }
        CHECK(seen > 500);
        CHECK_EQUAL(off, 0);
    }
}

TEST(points, a_line_that_begins_at_infinity_ends)
{
    k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P);
    scene::Pixels depth(c.depth_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2);
    k4a_calibration_extrinsics_t &extrinsics = c.extrinsics[K4A_CALIBRATION_TYPE_COLOR][K4A_CALIBRATION_TYPE_DEPTH];
    extrinsics = {{1, 0, 0, 0, 1, 0, 0, 0, 1}, {-32, 0, 0}};
    // The point at 50 mm, where the line begins, is in the plane of the depth camera or just beside it; its pixel is
    // beyond 2^24 then, where adding 1 to a float changes nothing.
    for (const float z : {std::nextafter(-50.0f, 0.0f), -50.0f, std::nextafter(-50.0f, -100.0f), -49.9f, -50.1f})
    {
        for (const float x : {-32.0f, 32.0f})
        {
            extrinsics.translation[0] = x;
            extrinsics.translation[2] = z;
            k4a_float2_t found;
            CHECK(DepthPixelSearch(c, depth_view(depth)).find({{640, 360}}, found) != DepthPixelSearch::Outcome::found);
        }
    }
}

TEST(points, sensors_are_checked_as_for_single_points)
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_OFF);
    const SensorPair off = {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR};
    float in[3] = {1, 2, 3}, out[3];
    CHECK_THROWS("the color camera is off", points_3d_to_3d(c, off, 1, in, out));
    CHECK_THROWS("the color camera is off", points_3d_to_2d(c, off, 1, in, out, nullptr));
    CHECK_THROWS("the color camera is off", points_2d_to_2d(c, off, 1, in, in, out, nullptr));
    CHECK_THROWS("sensor 2",
                 points_3d_to_2d(c, {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_GYRO}, 1, in, out, nullptr));
    points_3d_to_3d(c, {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_GYRO}, 1, in, out);
    CHECK(out[0] != in[0]);
}
