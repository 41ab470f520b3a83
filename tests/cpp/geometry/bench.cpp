// Times of the transformations: NFOV_UNBINNED and 720P, best of many, in milliseconds: processor time of what runs on
// one thread, else wall time. Tab-separated, for tests/bench/bench_geometry.py; an argument multiplies the repeats.
#include "core/parallel.hpp"
#include "core/simd.hpp"
#include "oracle.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>

using namespace k4a_rp;
using scene::Pixels;

namespace
{

int repeat_factor = 1;

double now_ms()
{
    if (thread_count() == 1)
    {
        return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    }
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now().time_since_epoch();
    return time.count();
}

template <typename Body> double best_ms(int repeats, const Body &body)
{
    double best = 1e9;
    for (int i = 0; i < repeats * repeat_factor; ++i)
    {
        const double start = now_ms();
        body();
        best = std::min(best, now_ms() - start);
    }
    return best;
}

struct Bench
{
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P);
    const k4a_calibration_camera_t &depth_camera = c.depth_camera_calibration;
    const k4a_calibration_camera_t &color_camera = c.color_camera_calibration;
    const Transformation transformation{c};
    Pixels depth{depth_camera, K4A_IMAGE_FORMAT_DEPTH16, 2}, out{color_camera, K4A_IMAGE_FORMAT_DEPTH16, 2};
    Pixels custom{depth_camera, K4A_IMAGE_FORMAT_CUSTOM16, 2}, values{color_camera, K4A_IMAGE_FORMAT_CUSTOM16, 2};
    Pixels color{color_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4};
    Pixels aligned{depth_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4};
    Pixels points{depth_camera, K4A_IMAGE_FORMAT_CUSTOM, 6};
    std::vector<float> metres = std::vector<float>(3 * depth.size() / sizeof(uint16_t));

    Bench()
    {
        scene::fill_depth(depth, scene::Kind::slanted, 1);
        scene::fill_random(color, 2);
        scene::fill_random(custom, 3);
    }

    void row(const char *name, double d2c, double with_custom, double c2d, double cloud, double metric, double rays)
    {
        std::printf("%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", name, d2c, with_custom, c2d, cloud, metric, rays);
        std::fflush(stdout);
    }

    void plain()
    {
        const std::vector<float> rays = oracle::rays(depth_camera);
        row("plain", best_ms(5, [&] { oracle::depth_to_color(c, rays, depth, nullptr, out, nullptr, false, 0); }),
            best_ms(5, [&] { oracle::depth_to_color(c, rays, depth, &custom, out, &values, true, 0); }),
            best_ms(5, [&] { oracle::color_to_depth(c, rays, depth, color, aligned); }),
            best_ms(5, [&] { oracle::point_cloud(rays, depth, points); }),
            best_ms(5, [&] { plain_metric_points(rays); }), best_ms(2, [&] {
                oracle::rays(depth_camera);
                oracle::rays(color_camera);
            }));
    }

    void plain_metric_points(const std::vector<float> &rays)
    {
        for (size_t i = 0; i < metres.size() / 3; ++i)
        {
            const float z = static_cast<float>(depth.word(i)) * 0.001f;
            const bool valid = z > 0.0f && !std::isnan(rays[2 * i]);
            metres[3 * i] = valid ? rays[2 * i] * z : NAN;
            metres[3 * i + 1] = valid ? rays[2 * i + 1] * z : NAN;
            metres[3 * i + 2] = valid ? z : NAN;
        }
    }

    void ours(const char *name)
    {
        const auto linear = K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR;
        row(name, best_ms(100, [&] { transformation.depth_to_color(depth.view(), out.view()); }), best_ms(50, [&] {
                transformation.depth_to_color_custom(depth.view(), custom.view(), out.view(), values.view(), linear, 0);
            }),
            best_ms(50, [&] { transformation.color_to_depth(depth.view(), color.view(), aligned.view()); }),
            best_ms(200,
                    [&] {
                        transformation.depth_to_point_cloud(depth.view(), K4A_CALIBRATION_TYPE_DEPTH, points.view());
                    }),
            best_ms(200,
                    [&] {
                        transformation.depth_to_points(depth.view(), K4A_CALIBRATION_TYPE_DEPTH, metres.data(),
                                                       metres.size() / 3);
                    }),
            best_ms(10, [&] { const RayTable a(depth_camera), b(color_camera); }));
    }

    // What two threads can give at most: two whole transformations at a time, each on a thread of its own, without
    // anything to share or to wait for. Processors that are two threads of one core give much less than half the time.
    double two_at_once_ms()
    {
        std::atomic<int> asked{0}, done{0};
        std::thread other([&] {
            Pixels result(color_camera, K4A_IMAGE_FORMAT_DEPTH16, 2);
            for (int seen = 0; seen >= 0;)
            {
                const int now = asked.load();
                if (now > seen)
                {
                    transformation.depth_to_color(depth.view(), result.view());
                    done.store(now);
                }
                seen = now;
            }
        });
        set_thread_count(1);
        double best = 1e9;
        for (int round = 1; round <= 200 * repeat_factor; ++round)
        {
            const auto start = std::chrono::steady_clock::now();
            asked.store(round);
            transformation.depth_to_color(depth.view(), out.view());
            while (done.load() != round)
            {
            }
            const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
            best = std::min(best, time.count());
        }
        asked.store(-1);
        other.join();
        return best / 2;
    }

    // The traffic of a point cloud and no work: depth and rays are read, points are written.
    double memory_ms()
    {
        const std::shared_ptr<const RayTable> rays = transformation.rays(K4A_CALIBRATION_TYPE_DEPTH);
        const size_t third = points.size() / 3; // as much as the depth image; rays are 4 times that
        uint8_t *const to = points.bytes();
        volatile uint64_t sink = 0;
        set_thread_count(1);
        return best_ms(200, [&] {
            std::memcpy(to, depth.bytes(), third);
            // More is read than written: half of the rays is copied, half only summed up.
            const auto *const x = reinterpret_cast<const uint8_t *>(rays->x(0));
            std::memcpy(to + third, x, 2 * third);
            uint64_t sum[8] = {};
            const auto *const y = reinterpret_cast<const uint64_t *>(rays->y(0));
            for (size_t i = 0; i + 8 <= 2 * third / sizeof(uint64_t); i += 8)
            {
                for (size_t k = 0; k < 8; ++k)
                {
                    sum[k] += y[i + k];
                }
            }
            for (const uint64_t part : sum)
            {
                sink = sink + part;
            }
        });
    }

    // The same for points in metres, of which more is written than read: rays are copied, and depth is, twice.
    double metric_memory_ms()
    {
        const std::shared_ptr<const RayTable> rays = transformation.rays(K4A_CALIBRATION_TYPE_DEPTH);
        const size_t sixth = depth.size();
        auto *const to = reinterpret_cast<uint8_t *>(metres.data());
        set_thread_count(1);
        return best_ms(200, [&] {
            std::memcpy(to, rays->x(0), 2 * sixth);
            std::memcpy(to + 2 * sixth, rays->y(0), 2 * sixth);
            std::memcpy(to + 4 * sixth, depth.bytes(), sixth);
            std::memcpy(to + 5 * sixth, depth.bytes(), sixth);
        });
    }
};

} // namespace

int main(int argc, char **argv)
{
    repeat_factor = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1;
    set_thread_count(1);
    Bench bench;
    std::printf("ms\tdepth_to_color\tcustom\tcolor_to_depth\tpoint_cloud\tmetric_points\tray_tables\n");
    bench.plain();
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
            std::snprintf(name, sizeof name, "%s, %u thread%s", simd_level_name(level), threads,
                          threads > 1 ? "s" : "");
            bench.ours(name);
        }
    }
    std::printf("two at once\t%.4f\n", bench.two_at_once_ms());
    std::printf("memory\t%.4f\n", bench.memory_ms());
    std::printf("metric memory\t%.4f\n", bench.metric_memory_ms());
    return 0;
}
