// The point functions on arrays: the same answers as calibration.hpp gives one by one, in vector lanes and threads.
// Coordinates lie together (x, y or x, y, z). Where a result is not valid its coordinates are NaN and `valid`, which
// may be nullptr, is 0. Sources and results must not overlap, unless they are the same array of 3D points.
#pragma once

#include "calibration/calibration.hpp"
#include "calibration/depth_pixel_search.hpp"

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

struct SensorPair
{
    k4a_calibration_type_t source;
    k4a_calibration_type_t target;
};

void points_3d_to_3d(
    const k4a_calibration_t &calibration, SensorPair sensors, size_t count, const float *source, float *target);

void points_2d_to_3d(const k4a_calibration_t &calibration,
                     SensorPair sensors,
                     size_t count,
                     const float *pixels,
                     const float *depth_mm,
                     float *target,
                     uint8_t *valid);

void points_3d_to_2d(const k4a_calibration_t &calibration,
                     SensorPair sensors,
                     size_t count,
                     const float *source,
                     float *pixels,
                     uint8_t *valid);

void points_2d_to_2d(const k4a_calibration_t &calibration,
                     SensorPair sensors,
                     size_t count,
                     const float *source,
                     const float *depth_mm,
                     float *pixels,
                     uint8_t *valid);

// The depth pixels that see what colour pixels see, see depth_pixel_search.hpp. Without a line to search on a result is
// not valid, either.
void points_color_to_depth(const k4a_calibration_t &calibration,
                           const DepthView &depth,
                           size_t count,
                           const float *source,
                           float *pixels,
                           uint8_t *valid);

} // namespace k4a_rp
