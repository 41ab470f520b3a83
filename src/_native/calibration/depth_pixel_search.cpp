#include "calibration/depth_pixel_search.hpp"

#include "calibration/calibration.hpp"
#include "calibration/modes.hpp"
#include "calibration/point_block.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace k4a_rp
{

namespace
{

constexpr float nearest_mm = 50.0f;
constexpr float farthest_mm = 14000.0f;
constexpr float largest_miss_px = 10.0f;
// What lies farther outside is not walked through: with odd calibrations a line begins or ends near infinity.
constexpr float farthest_px = 65536.0f;

// With the depth mode's field of view.
Pinhole ideal_camera(k4a_depth_mode_t mode)
{
    const CameraMode *const size = depth_camera_mode(mode);
    if (size == nullptr)
    {
        fail("calibration: the depth camera is off in this calibration");
    }
    const FieldOfView view = nominal_field_of_view(mode);
    constexpr double half_radian_per_degree = 3.14159265358979323846 / 360.0;
    const float width = static_cast<float>(size->width), height = static_cast<float>(size->height);
    return {0.5f * width / static_cast<float>(std::tan(view.horizontal_degrees * half_radian_per_degree)),
            0.5f * height / static_cast<float>(std::tan(view.vertical_degrees * half_radian_per_degree)),
            width / 2.0f, height / 2.0f};
}

// How many steps it takes from `start` to the neighbourhood of the image.
double steps_outside(float start, float step)
{
    if (start < -farthest_px && step > 0.0f)
    {
        return std::ceil((static_cast<double>(-farthest_px) - start) / step);
    }
    if (start > farthest_px && step < 0.0f)
    {
        return std::ceil((static_cast<double>(farthest_px) - start) / step);
    }
    return 0.0;
}

bool contains(const k4a_calibration_camera_t &camera, float u, float v)
{
    return u >= 0.0f && u < static_cast<float>(camera.resolution_width) && v >= 0.0f &&
           v < static_cast<float>(camera.resolution_height);
}

} // namespace

struct DepthPixelSearch::Best
{
    k4a_float2_t wanted;
    k4a_float2_t pixel = {{0.0f, 0.0f}};
    float miss = 0.0f;
    bool found = false;
};

DepthPixelSearch::DepthPixelSearch(const k4a_calibration_t &calibration, const DepthView &depth)
    : calibration_(calibration), depth_(depth),
      depth_lens_(make_lens(checked_camera(calibration, K4A_CALIBRATION_TYPE_DEPTH))),
      color_lens_(make_lens(checked_camera(calibration, K4A_CALIBRATION_TYPE_COLOR))),
      pinhole_(ideal_camera(calibration.depth_mode))
{
}

DepthPixelSearch::Outcome DepthPixelSearch::find(const k4a_float2_t &color_pixel, k4a_float2_t &target) const
{
    float x, y;
    if (!unproject(color_lens_, color_pixel.xy.x, color_pixel.xy.y, x, y))
    {
        return Outcome::missed;
    }
    const auto ideal_pixel = [&](float depth_mm) {
        const k4a_float3_t point =
            transform_point(calibration_.extrinsics[K4A_CALIBRATION_TYPE_COLOR][K4A_CALIBRATION_TYPE_DEPTH],
                            {{x * depth_mm, y * depth_mm, depth_mm}});
        return k4a_float2_t{{pinhole_.fx * point.xyz.x / point.xyz.z + pinhole_.cx,
                             pinhole_.fy * point.xyz.y / point.xyz.z + pinhole_.cy}};
    };
    const k4a_float2_t start = ideal_pixel(nearest_mm), stop = ideal_pixel(farthest_mm);
    if (start.xy.x == stop.xy.x)
    {
        return Outcome::no_line;
    }
    Best best;
    best.wanted = color_pixel;
    walk(start, stop, best);
    if (best.found)
    {
        target = best.pixel;
    }
    return best.found && best.miss <= largest_miss_px ? Outcome::found : Outcome::missed;
}

// Steps of one pixel in the direction in which the line is longer.
void DepthPixelSearch::walk(const k4a_float2_t &start, const k4a_float2_t &stop, Best &best) const
{
    const float slope = (stop.xy.y - start.xy.y) / (stop.xy.x - start.xy.x);
    const bool flat = std::fabs(slope) < 1.0f;
    const float step_x =
        flat ? std::copysign(1.0f, stop.xy.x - start.xy.x) : std::copysign(1.0f / slope, stop.xy.x - start.xy.x);
    const float step_y = flat ? step_x * slope : std::copysign(1.0f, stop.xy.y - start.xy.y);
    constexpr float limit = 2.0f * farthest_px;
    const float left = std::max(std::min(start.xy.x, stop.xy.x), -limit);
    const float right = std::min(std::max(start.xy.x, stop.xy.x), limit);
    const float top = std::max(std::min(start.xy.y, stop.xy.y), -limit);
    const float bottom = std::min(std::max(start.xy.y, stop.xy.y), limit);
    const double skipped = std::max(steps_outside(start.xy.x, step_x), steps_outside(start.xy.y, step_y));
    float u = static_cast<float>(start.xy.x + skipped * step_x), v = static_cast<float>(start.xy.y + skipped * step_y);
    PointBlock rays;
    rays.count = 0;
    for (; u >= left && u <= right && v >= top && v <= bottom; u += step_x, v += step_y)
    {
        rays.x[rays.count] = (u - pinhole_.cx) / pinhole_.fx;
        rays.y[rays.count] = (v - pinhole_.cy) / pinhole_.fy;
        if (++rays.count == PointBlock::most)
        {
            try_rays(rays, best);
            rays.count = 0;
        }
    }
    try_rays(rays, best);
}

// Keeps the depth pixel on these rays, of those before and these, that is seen nearest to the wanted colour pixel.
void DepthPixelSearch::try_rays(PointBlock &rays, Best &best) const
{
    float u[PointBlock::most], v[PointBlock::most], z[PointBlock::most];
    int32_t inside[PointBlock::most];
    rays.pad();
    project_many(depth_lens_, rays.padded(), rays.x, rays.y, u, v, inside);
    PointBlock points;
    points.count = 0;
    for (size_t i = 0; i < rays.count; ++i)
    {
        if (inside[i] == 0 || !(u[i] >= 0.0f && u[i] < static_cast<float>(depth_.width) && v[i] >= 0.0f &&
                                v[i] < static_cast<float>(depth_.height)))
        {
            continue;
        }
        const size_t column = static_cast<size_t>(std::min(static_cast<int>(u[i] + 0.5f), depth_.width - 1));
        const size_t row = static_cast<size_t>(std::min(static_cast<int>(v[i] + 0.5f), depth_.height - 1));
        const size_t n = points.count++;
        u[n] = points.x[n] = u[i];
        v[n] = points.y[n] = v[i];
        z[n] = static_cast<float>(depth_.pixels[row * static_cast<size_t>(depth_.width) + column]);
    }
    points.unproject_pixels(depth_lens_, z);
    points.move(calibration_.extrinsics[K4A_CALIBRATION_TYPE_DEPTH][K4A_CALIBRATION_TYPE_COLOR]);
    points.project_points(color_lens_);
    for (size_t i = 0; i < points.count; ++i)
    {
        if (points.valid[i] == 0 || !contains(calibration_.color_camera_calibration, points.x[i], points.y[i]))
        {
            continue;
        }
        const float dx = points.x[i] - best.wanted.xy.x, dy = points.y[i] - best.wanted.xy.y;
        const float miss = std::sqrt(dx * dx + dy * dy);
        if (!best.found || miss < best.miss)
        {
            best.found = true;
            best.miss = miss;
            best.pixel = {{u[i], v[i]}};
        }
    }
}

} // namespace k4a_rp
