// Images from one camera's geometry to the other's, and to points.
#pragma once

#include "transformation/kernels.hpp"
#include "transformation/ray_table.hpp"

#include <k4a/k4atypes.h>

#include <memory>
#include <mutex>

namespace k4a_rp
{

// An image that somebody else owns. `size` is how many bytes there are.
struct ImageView
{
    k4a_image_format_t format;
    int width;
    int height;
    int stride;
    uint8_t *pixels;
    size_t size;
};

// Const functions may run on several threads at once. All throw Error for images that do not fit, before anything is
// written.
class Transformation
{
public:
    explicit Transformation(const k4a_calibration_t &calibration);

    const k4a_calibration_t &calibration() const { return calibration_; }

    void depth_to_color(const ImageView &depth, const ImageView &transformed_depth) const;
    void depth_to_color_custom(const ImageView &depth,
                               const ImageView &custom,
                               const ImageView &transformed_depth,
                               const ImageView &transformed_custom,
                               k4a_transformation_interpolation_type_t interpolation,
                               uint32_t invalid_custom_value) const;
    void color_to_depth(const ImageView &depth, const ImageView &color, const ImageView &transformed_color) const;
    void depth_to_point_cloud(const ImageView &depth, k4a_calibration_type_t camera, const ImageView &points) const;
    // Triples in metres, three times NaN where there are no data; room for `count` of them.
    void depth_to_points(const ImageView &depth, k4a_calibration_type_t camera, float *points_m, size_t count) const;

    // The rays of a camera that is on, computed on first use.
    std::shared_ptr<const RayTable> rays(k4a_calibration_type_t camera) const;

private:
    const k4a_calibration_camera_t &camera(k4a_calibration_type_t type) const;
    void check_both_cameras() const;
    VertexMap vertex_map() const;
    void warp(const ImageView &depth, const ImageView *custom, const RasterTarget &target) const;

    k4a_calibration_t calibration_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const RayTable> rays_[2];
};

} // namespace k4a_rp
