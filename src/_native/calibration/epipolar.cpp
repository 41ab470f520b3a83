// From a colour pixel to the depth pixel that sees the same point: the depth is unknown, so every depth pixel that
// could see the point, a curve in the depth image, is tried.
#include "calibration/calibration.hpp"
#include "calibration/modes.hpp"
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

// An ideal camera with the depth mode's field of view, in which the curve is a straight line.
struct Pinhole
{
    float fx, fy, cx, cy;

    explicit Pinhole(k4a_depth_mode_t mode)
    {
        const CameraMode *const size = depth_camera_mode(mode);
        if (size == nullptr)
        {
            fail("calibration: the depth camera is off in this calibration");
        }
        const FieldOfView view = nominal_field_of_view(mode);
        constexpr double half_radian_per_degree = 3.14159265358979323846 / 360.0;
        const float width = static_cast<float>(size->width), height = static_cast<float>(size->height);
        fx = 0.5f * width / static_cast<float>(std::tan(view.horizontal_degrees * half_radian_per_degree));
        fy = 0.5f * height / static_cast<float>(std::tan(view.vertical_degrees * half_radian_per_degree));
        cx = width / 2.0f;
        cy = height / 2.0f;
    }

    k4a_float2_t project(const k4a_float3_t &point) const
    {
        return {{fx * point.xyz.x / point.xyz.z + cx, fy * point.xyz.y / point.xyz.z + cy}};
    }
};

class Search
{
public:
    Search(const k4a_calibration_t &calibration, const k4a_float2_t &wanted, const DepthView &depth)
        : calibration_(calibration), pinhole_(calibration.depth_mode),
          lens_(make_lens(checked_camera(calibration, K4A_CALIBRATION_TYPE_DEPTH))), wanted_(wanted), depth_(depth)
    {
    }

    void walk(const k4a_float2_t &start, const k4a_float2_t &stop)
    {
        const float slope = (stop.xy.y - start.xy.y) / (stop.xy.x - start.xy.x);
        const bool flat = std::fabs(slope) < 1.0f;
        const float step_x =
            flat ? std::copysign(1.0f, stop.xy.x - start.xy.x) : std::copysign(1.0f / slope, stop.xy.x - start.xy.x);
        const float step_y = flat ? step_x * slope : std::copysign(1.0f, stop.xy.y - start.xy.y);
        const float left = std::min(start.xy.x, stop.xy.x), right = std::max(start.xy.x, stop.xy.x);
        const float top = std::min(start.xy.y, stop.xy.y), bottom = std::max(start.xy.y, stop.xy.y);
        for (k4a_float2_t at = start; at.xy.x >= left && at.xy.x <= right && at.xy.y >= top && at.xy.y <= bottom;)
        {
            try_pixel(at);
            at.xy.x += step_x;
            at.xy.y += step_y;
        }
    }

    bool found() const { return found_; }
    float miss() const { return miss_; }
    const k4a_float2_t &best() const { return best_; }

private:
    void try_pixel(const k4a_float2_t &ideal)
    {
        k4a_float2_t pixel;
        const float x = (ideal.xy.x - pinhole_.cx) / pinhole_.fx, y = (ideal.xy.y - pinhole_.cy) / pinhole_.fy;
        if (!project(lens_, x, y, pixel.xy.x, pixel.xy.y))
        {
            return;
        }
        if (!(pixel.xy.x >= 0.0f && pixel.xy.x < static_cast<float>(depth_.width) && pixel.xy.y >= 0.0f &&
              pixel.xy.y < static_cast<float>(depth_.height)))
        {
            return;
        }
        const int column = std::min(static_cast<int>(pixel.xy.x + 0.5f), depth_.width - 1);
        const int row = std::min(static_cast<int>(pixel.xy.y + 0.5f), depth_.height - 1);
        const uint16_t z =
            depth_.pixels[static_cast<size_t>(row) * static_cast<size_t>(depth_.width) + static_cast<size_t>(column)];
        k4a_float2_t seen;
        if (!point_2d_to_2d(calibration_, pixel, static_cast<float>(z), K4A_CALIBRATION_TYPE_DEPTH,
                            K4A_CALIBRATION_TYPE_COLOR, seen))
        {
            return;
        }
        const k4a_calibration_camera_t &color = calibration_.color_camera_calibration;
        if (!(seen.xy.x >= 0.0f && seen.xy.x < static_cast<float>(color.resolution_width) && seen.xy.y >= 0.0f &&
              seen.xy.y < static_cast<float>(color.resolution_height)))
        {
            return;
        }
        const float dx = seen.xy.x - wanted_.xy.x, dy = seen.xy.y - wanted_.xy.y;
        const float miss = std::sqrt(dx * dx + dy * dy);
        if (found_ && !(miss < miss_))
        {
            return;
        }
        found_ = true;
        miss_ = miss;
        best_ = pixel;
    }

    const k4a_calibration_t &calibration_;
    const Pinhole pinhole_;
    const Lens lens_;
    const k4a_float2_t wanted_;
    const DepthView depth_;
    bool found_ = false;
    float miss_ = 0.0f;
    k4a_float2_t best_ = {{0.0f, 0.0f}};
};

} // namespace

bool point_color_to_depth(const k4a_calibration_t &calibration,
                          const k4a_float2_t &source,
                          const DepthView &depth,
                          k4a_float2_t &target)
{
    Search search(calibration, source, depth);
    k4a_float3_t near_point, far_point;
    const bool near_valid = point_2d_to_3d(calibration, source, nearest_mm, K4A_CALIBRATION_TYPE_COLOR,
                                           K4A_CALIBRATION_TYPE_DEPTH, near_point);
    const bool far_valid = point_2d_to_3d(calibration, source, farthest_mm, K4A_CALIBRATION_TYPE_COLOR,
                                          K4A_CALIBRATION_TYPE_DEPTH, far_point);
    if (!near_valid || !far_valid)
    {
        return false;
    }
    const Pinhole pinhole(calibration.depth_mode);
    const k4a_float2_t start = pinhole.project(near_point), stop = pinhole.project(far_point);
    if (start.xy.x == stop.xy.x)
    {
        fail("calibration: the epipolar line of (%g, %g) has no direction", static_cast<double>(source.xy.x),
             static_cast<double>(source.xy.y));
    }
    search.walk(start, stop);
    if (search.found())
    {
        target = search.best();
    }
    return search.found() && search.miss() <= largest_miss_px;
}

} // namespace k4a_rp
