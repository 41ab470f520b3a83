// Times of the transformations: NFOV_UNBINNED and 720P, best of many, in milliseconds.
#include "core/parallel.hpp"
#include "core/simd.hpp"
#include "oracle.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace k4a_rp;
using scene::Pixels;

template <typename Body> static double best_ms(int repeats, const Body &body)
{
    double best = 1e9;
    for (int i = 0; i < repeats; ++i)
    {
        const auto start = std::chrono::steady_clock::now();
        body();
        const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
        best = std::min(best, time.count());
    }
    return best;
}

int main()
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P);
    const Transformation transformation(c);
    const k4a_calibration_camera_t &depth_camera = c.depth_camera_calibration,
                                   &color_camera = c.color_camera_calibration;
    Pixels depth(depth_camera, K4A_IMAGE_FORMAT_DEPTH16, 2), out(color_camera, K4A_IMAGE_FORMAT_DEPTH16, 2);
    Pixels custom(depth_camera, K4A_IMAGE_FORMAT_CUSTOM16, 2), values(color_camera, K4A_IMAGE_FORMAT_CUSTOM16, 2);
    Pixels color(color_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4),
        aligned(depth_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4);
    Pixels points(depth_camera, K4A_IMAGE_FORMAT_CUSTOM, 6);
    scene::fill_depth(depth, scene::Kind::slanted, 1);
    scene::fill_random(color, 2);
    scene::fill_random(custom, 3);

    const std::vector<float> rays = oracle::rays(depth_camera);
    std::printf("%-24s %10s %10s %10s %10s %10s\n", "", "d2c", "custom", "c2d", "points", "rays");
    std::printf("%-24s %10.3f %10.3f %10.3f %10.3f %10.3f\n", "plain",
                best_ms(3, [&] { oracle::depth_to_color(c, rays, depth, nullptr, out, nullptr, false, 0); }),
                best_ms(3, [&] { oracle::depth_to_color(c, rays, depth, &custom, out, &values, true, 0); }),
                best_ms(3, [&] { oracle::color_to_depth(c, rays, depth, color, aligned); }),
                best_ms(3, [&] { oracle::point_cloud(rays, depth, points); }), best_ms(3, [&] {
                    oracle::rays(depth_camera);
                    oracle::rays(color_camera);
                }));
    for (const SimdLevel level : {SimdLevel::portable, SimdLevel::sse41, SimdLevel::avx2})
    {
        if (!set_simd_level(level))
        {
            continue;
        }
        for (const unsigned threads : {1u, 2u})
        {
            set_thread_count(threads);
            char name[64];
            std::snprintf(name, sizeof name, "%s, %u thread(s)", simd_level_name(level), threads);
            std::printf("%-24s %10.3f %10.3f %10.3f %10.3f %10.3f\n", name,
                        best_ms(50, [&] { transformation.depth_to_color(depth.view(), out.view()); }),
                        best_ms(50,
                                [&] {
                                    transformation.depth_to_color_custom(
                                        depth.view(), custom.view(), out.view(), values.view(),
                                        K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR, 0);
                                }),
                        best_ms(50, [&] { transformation.color_to_depth(depth.view(), color.view(), aligned.view()); }),
                        best_ms(50,
                                [&] {
                                    transformation.depth_to_point_cloud(depth.view(), K4A_CALIBRATION_TYPE_DEPTH,
                                                                        points.view());
                                }),
                        best_ms(10, [&] { const RayTable a(depth_camera), b(color_camera); }));
        }
    }
    return 0;
}
