#include "calibration/points.hpp"

#include "calibration/calibration.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace k4a_rp
{

namespace
{

constexpr size_t block = 256; // small enough for the first cache, a multiple of lens_batch
constexpr size_t blocks_per_task = 16;
constexpr size_t enough_for_threads = 4 * block * blocks_per_task;

// Separate coordinates of up to one block of points.
struct Block
{
    float x[block], y[block], z[block];
    int32_t valid[block];
    size_t count;

    void load(const float *from, size_t dimensions)
    {
        for (size_t i = 0; i < count; ++i)
        {
            x[i] = from[dimensions * i];
            y[i] = from[dimensions * i + 1];
            if (dimensions == 3)
            {
                z[i] = from[3 * i + 2];
            }
        }
    }

    // Kernels work on whole batches.
    void pad()
    {
        for (size_t i = count; i < padded(); ++i)
        {
            x[i] = y[i] = z[i] = 0.0f;
        }
    }

    size_t padded() const { return (count + lens_batch - 1) / lens_batch * lens_batch; }

    void move(const k4a_calibration_extrinsics_t &by)
    {
        const float *const r = by.rotation, *const t = by.translation;
        for (size_t i = 0; i < count; ++i)
        {
            const float a = x[i], b = y[i], c = z[i];
            x[i] = r[0] * a + r[1] * b + r[2] * c + t[0];
            y[i] = r[3] * a + r[4] * b + r[5] * c + t[1];
            z[i] = r[6] * a + r[7] * b + r[8] * c + t[2];
        }
    }

    void unproject_pixels(const Lens &lens, const float *depth)
    {
        float u[block], v[block];
        pad();
        std::memcpy(u, x, sizeof u);
        std::memcpy(v, y, sizeof v);
        unproject_many(lens, padded(), u, v, x, y, valid);
        for (size_t i = 0; i < count; ++i)
        {
            const bool known = depth[i] != 0.0f;
            valid[i] = known ? valid[i] : 0;
            x[i] = known ? x[i] * depth[i] : 0.0f;
            y[i] = known ? y[i] * depth[i] : 0.0f;
            z[i] = depth[i];
        }
    }

    // Into x and y; a point that is not valid stays so.
    void project_points(const Lens &lens)
    {
        float ray_x[block], ray_y[block];
        int32_t inside[block];
        pad();
        for (size_t i = 0; i < padded(); ++i)
        {
            const bool behind = z[i] <= 0.0f;
            ray_x[i] = behind ? 0.0f : x[i] / z[i];
            ray_y[i] = behind ? 0.0f : y[i] / z[i];
        }
        project_many(lens, padded(), ray_x, ray_y, x, y, inside);
        for (size_t i = 0; i < count; ++i)
        {
            valid[i] = z[i] <= 0.0f ? 0 : valid[i] & inside[i];
        }
    }

    void store(float *to, size_t dimensions, uint8_t *flags) const
    {
        for (size_t i = 0; i < count; ++i)
        {
            to[dimensions * i] = valid[i] != 0 ? x[i] : NAN;
            to[dimensions * i + 1] = valid[i] != 0 ? y[i] : NAN;
            if (dimensions == 3)
            {
                to[3 * i + 2] = valid[i] != 0 ? z[i] : NAN;
            }
        }
        for (size_t i = 0; flags != nullptr && i < count; ++i)
        {
            flags[i] = valid[i] != 0 ? 1 : 0;
        }
    }
};

// Calls body(first point, block) for all points.
template <typename Body> void for_blocks(size_t count, const Body &body)
{
    const size_t blocks = (count + block - 1) / block;
    const size_t per_task = count < enough_for_threads ? std::max<size_t>(blocks, 1) : blocks_per_task;
    const size_t tasks = (blocks + per_task - 1) / per_task;
    parallel_for(tasks, [&](size_t task) {
        Block points;
        for (size_t i = task * per_task; i < std::min((task + 1) * per_task, blocks); ++i)
        {
            points.count = std::min(block, count - i * block);
            body(i * block, points);
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
    for_blocks(count, [&](size_t first, Block &points) {
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
    for_blocks(count, [&](size_t first, Block &points) {
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
    for_blocks(count, [&](size_t first, Block &points) {
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
    for_blocks(count, [&](size_t first, Block &points) {
        points.load(source + 2 * first, 2);
        points.unproject_pixels(source_lens, depth_mm + first);
        points.move(*extrinsics);
        points.project_points(target_lens);
        points.store(pixels + 2 * first, 2, valid != nullptr ? valid + first : nullptr);
    });
}

} // namespace k4a_rp
