#include "calibration/points.hpp"

#include "calibration/point_block.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace k4a_rp
{

namespace
{

constexpr size_t blocks_per_task = 16;
constexpr size_t searches_per_task = 16;
constexpr size_t enough_for_threads = 4 * PointBlock::most * blocks_per_task;

// Calls body(first point, block) for all points.
template <typename Body> void for_blocks(size_t count, const Body &body)
{
    const size_t blocks = (count + PointBlock::most - 1) / PointBlock::most;
    const size_t per_task = count < enough_for_threads ? std::max<size_t>(blocks, 1) : blocks_per_task;
    const size_t tasks = (blocks + per_task - 1) / per_task;
    parallel_for(tasks, [&](size_t task) {
        PointBlock points;
        for (size_t i = task * per_task; i < std::min((task + 1) * per_task, blocks); ++i)
        {
            points.count = std::min(PointBlock::most, count - i * PointBlock::most);
            body(i * PointBlock::most, points);
        }
    });
}

const k4a_calibration_extrinsics_t *extrinsics_of(const k4a_calibration_t &calibration, SensorPair sensors)
{
    check_sensor(calibration, sensors.source);
    check_sensor(calibration, sensors.target);
    return sensors.source == sensors.target ? nullptr : &calibration.extrinsics[sensors.source][sensors.target];
}

} // namespace

void points_3d_to_3d(
    const k4a_calibration_t &calibration, SensorPair sensors, size_t count, const float *source, float *target)
{
    const k4a_calibration_extrinsics_t *const extrinsics = extrinsics_of(calibration, sensors);
    if (extrinsics == nullptr)
    {
        if (count != 0)
        {
            std::memmove(target, source, count * 3 * sizeof(float));
        }
        return;
    }
    for_blocks(count, [&](size_t first, PointBlock &points) {
        points.load(source + 3 * first, 3);
        points.move(*extrinsics);
        std::fill(points.valid, points.valid + points.count, -1);
        points.store(target + 3 * first, 3, nullptr);
    });
}

void points_2d_to_3d(const k4a_calibration_t &calibration,
                     SensorPair sensors,
                     size_t count,
                     const float *pixels,
                     const float *depth_mm,
                     float *target,
                     uint8_t *valid)
{
    const Lens lens = make_lens(checked_camera(calibration, sensors.source));
    const k4a_calibration_extrinsics_t *const extrinsics = extrinsics_of(calibration, sensors);
    for_blocks(count, [&](size_t first, PointBlock &points) {
        points.load(pixels + 2 * first, 2);
        points.unproject_pixels(lens, depth_mm + first);
        if (extrinsics != nullptr)
        {
            points.move(*extrinsics);
        }
        points.store(target + 3 * first, 3, valid != nullptr ? valid + first : nullptr);
    });
}

void points_3d_to_2d(const k4a_calibration_t &calibration,
                     SensorPair sensors,
                     size_t count,
                     const float *source,
                     float *pixels,
                     uint8_t *valid)
{
    const Lens lens = make_lens(checked_camera(calibration, sensors.target));
    const k4a_calibration_extrinsics_t *const extrinsics = extrinsics_of(calibration, sensors);
    for_blocks(count, [&](size_t first, PointBlock &points) {
        points.load(source + 3 * first, 3);
        std::fill(points.valid, points.valid + points.count, -1);
        if (extrinsics != nullptr)
        {
            points.move(*extrinsics);
        }
        points.project_points(lens);
        points.store(pixels + 2 * first, 2, valid != nullptr ? valid + first : nullptr);
    });
}

void points_2d_to_2d(const k4a_calibration_t &calibration,
                     SensorPair sensors,
                     size_t count,
                     const float *source,
                     const float *depth_mm,
                     float *pixels,
                     uint8_t *valid)
{
    if (sensors.source == sensors.target)
    {
        if (count != 0)
        {
            std::memmove(pixels, source, count * 2 * sizeof(float));
        }
        if (valid != nullptr && count != 0)
        {
            std::memset(valid, 1, count);
        }
        return;
    }
    const Lens source_lens = make_lens(checked_camera(calibration, sensors.source));
    const Lens target_lens = make_lens(checked_camera(calibration, sensors.target));
    const k4a_calibration_extrinsics_t *const extrinsics = extrinsics_of(calibration, sensors);
    for_blocks(count, [&](size_t first, PointBlock &points) {
        points.load(source + 2 * first, 2);
        points.unproject_pixels(source_lens, depth_mm + first);
        points.move(*extrinsics);
        points.project_points(target_lens);
        points.store(pixels + 2 * first, 2, valid != nullptr ? valid + first : nullptr);
    });
}

void points_color_to_depth(const k4a_calibration_t &calibration,
                           const DepthView &depth,
                           size_t count,
                           const float *source,
                           float *pixels,
                           uint8_t *valid)
{
    const DepthPixelSearch search(calibration, depth);
    const size_t tasks = (count + searches_per_task - 1) / searches_per_task;
    parallel_for(tasks, [&](size_t task) {
        for (size_t i = task * searches_per_task; i < std::min((task + 1) * searches_per_task, count); ++i)
        {
            k4a_float2_t pixel;
            const bool found =
                search.find({{source[2 * i], source[2 * i + 1]}}, pixel) == DepthPixelSearch::Outcome::found;
            pixels[2 * i] = found ? pixel.xy.x : NAN;
            pixels[2 * i + 1] = found ? pixel.xy.y : NAN;
            if (valid != nullptr)
            {
                valid[i] = found ? 1 : 0;
            }
        }
    });
}

} // namespace k4a_rp
