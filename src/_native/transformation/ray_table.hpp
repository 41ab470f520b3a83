// The ray of every pixel of a camera. Costly to compute, small in number: tables are shared by all that use the same
// calibration, and the last ones used are kept.
#pragma once

#include "core/buffer.hpp"

#include <k4a/k4atypes.h>

#include <memory>

namespace k4a_rp
{

class RayTable
{
public:
    // Throws Error when the camera's lens cannot be used or its size is not one.
    explicit RayTable(const k4a_calibration_camera_t &camera);

    int width() const { return width_; }
    int height() const { return height_; }
    // Rays of a row (X/Z, Y/Z); x is NaN and y 0 where a pixel has none. Readable up to a multiple of row_granule.
    const float *x(int row) const { return x_ + static_cast<size_t>(row) * stride_; }
    const float *y(int row) const { return y_ + static_cast<size_t>(row) * stride_; }
    size_t bytes() const;

private:
    int width_;
    int height_;
    size_t stride_;
    Buffer buffer_;
    float *x_ = nullptr;
    float *y_ = nullptr;
};

// The table of this camera, computed now unless it exists.
std::shared_ptr<const RayTable> shared_ray_table(const k4a_calibration_camera_t &camera);

// Throws Error unless the camera's size is one an image can have.
void check_camera_size(const k4a_calibration_camera_t &camera);

} // namespace k4a_rp
