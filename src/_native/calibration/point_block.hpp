// Separate coordinates of a few points, and what the point functions do to them. In each step the same operations as
// for one point (calibration.cpp), in vector lanes.
#pragma once

#include "calibration/lens.hpp"

#include <k4a/k4atypes.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace k4a_rp
{

struct PointBlock
{
    static constexpr size_t most = 256; // small enough for the first cache, a multiple of lens_batch

    float x[most], y[most], z[most];
    int32_t valid[most];
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
        float u[most], v[most];
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
        float ray_x[most], ray_y[most];
        int32_t inside[most];
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

} // namespace k4a_rp
