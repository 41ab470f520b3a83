#include "simulated/scene_view.hpp"

#include "calibration/calibration.hpp"

#include <cmath>

namespace k4a_rp
{

SceneView::SceneView(const k4a_calibration_t &calibration, k4a_calibration_type_t camera)
{
    const k4a_calibration_camera_t &facts = checked_camera(calibration, camera);
    lens_ = make_lens(facts);
    width_ = facts.resolution_width;
    height_ = facts.resolution_height;
    // The depth camera may be off, and is nevertheless where the world begins: its factory pose is the identity, so
    // that a camera's own pose says all.
    const k4a_calibration_extrinsics_t &pose = facts.extrinsics;
    for (int row = 0; row < 3; ++row)
    {
        for (int column = 0; column < 3; ++column)
        {
            back_[3 * row + column] = pose.rotation[3 * row + column];
            turn_[3 * column + row] = pose.rotation[3 * row + column];
        }
        shift_[row] = pose.translation[row];
    }
    const Vector shift = {shift_[0], shift_[1], shift_[2]};
    origin_ = {-dot({turn_[0], turn_[1], turn_[2]}, shift),
               -dot({turn_[3], turn_[4], turn_[5]}, shift),
               -dot({turn_[6], turn_[7], turn_[8]}, shift)};
}

PixelArea SceneView::area_of(const Ball &ball) const
{
    float left = static_cast<float>(width_), right = 0, top = static_cast<float>(height_), bottom = 0;
    constexpr int steps = 24;
    for (int i = 0; i <= steps; ++i)
    {
        const float height = 3.14159265f * static_cast<float>(i) / steps;
        for (int j = 0; j < 2 * steps; ++j)
        {
            const float angle = 3.14159265f * static_cast<float>(j) / steps;
            const float out = std::sin(height);
            const Vector direction = {out * std::cos(angle), std::cos(height), out * std::sin(angle)};
            const Vector point = ball.center + ball.radius * direction;
            const float x = dot({back_[0], back_[1], back_[2]}, point) + shift_[0];
            const float y = dot({back_[3], back_[4], back_[5]}, point) + shift_[1];
            const float z = dot({back_[6], back_[7], back_[8]}, point) + shift_[2];
            float u, v;
            if (z <= 0 || !project(lens_, x / z, y / z, u, v))
            {
                return whole(); // so near or so far out that no simple bound holds
            }
            left = std::min(left, u);
            right = std::max(right, u);
            top = std::min(top, v);
            bottom = std::max(bottom, v);
        }
    }
    // Between the points looked at the ball reaches out a little further.
    const float margin = 3 + 0.02f * std::max(right - left, bottom - top);
    const int batch = static_cast<int>(lens_batch);
    const auto limit = [](float value, int most) {
        return static_cast<int>(std::min(std::max(value, 0.0f), static_cast<float>(most)));
    };
    const int x0 = limit(left - margin, width_) / batch * batch;
    const int x1 = (limit(right + margin + 1, width_) + batch - 1) / batch * batch;
    const int y0 = limit(top - margin, height_);
    const int y1 = limit(bottom + margin + 1, height_);
    return {x0, y0, std::max(x1 - x0, 0), std::max(y1 - y0, 0)};
}

} // namespace k4a_rp
