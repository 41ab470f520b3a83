#include "exports/geometry_extensions.hpp"

#include "calibration/calibration.hpp"
#include "calibration/points.hpp"
#include "core/parallel.hpp"
#include "exports/depth_boundary.hpp"
#include "exports/transformation_boundary.hpp"
#include "transformation/ray_table.hpp"

#include <cmath>

namespace k4a_rp
{

namespace
{

// Runs `body` on a calibration and two arrays, which may be NULL when there are no points.
template <typename Body>
k4a_result_t points_call(const char *call,
                         const k4a_calibration_t *calibration,
                         size_t count,
                         const float *source,
                         float *target,
                         Body &&body)
{
    return at_boundary(call, K4A_RESULT_FAILED, [&] {
        require(calibration, "calibration");
        if (count != 0)
        {
            require(source, "source");
            require(target, "target");
        }
        body();
        return K4A_RESULT_SUCCEEDED;
    });
}

} // namespace

k4a_result_t calibration_points_3d_to_3d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         float *target) noexcept
{
    return points_call(__func__, calibration, count, source, target,
                       [&] { points_3d_to_3d(*calibration, {source_camera, target_camera}, count, source, target); });
}

k4a_result_t calibration_points_2d_to_3d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         const float *depths_mm,
                                         float *target,
                                         uint8_t *valid) noexcept
{
    return points_call(__func__, calibration, count, source, target, [&] {
        if (count != 0)
        {
            require(depths_mm, "source_depths_mm");
        }
        points_2d_to_3d(*calibration, {source_camera, target_camera}, count, source, depths_mm, target, valid);
    });
}

k4a_result_t calibration_points_3d_to_2d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         float *target,
                                         uint8_t *valid) noexcept
{
    return points_call(__func__, calibration, count, source, target, [&] {
        points_3d_to_2d(*calibration, {source_camera, target_camera}, count, source, target, valid);
    });
}

k4a_result_t calibration_points_2d_to_2d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         const float *depths_mm,
                                         float *target,
                                         uint8_t *valid) noexcept
{
    return points_call(__func__, calibration, count, source, target, [&] {
        if (count != 0)
        {
            require(depths_mm, "source_depths_mm");
        }
        points_2d_to_2d(*calibration, {source_camera, target_camera}, count, source, depths_mm, target, valid);
    });
}

k4a_result_t calibration_points_color_2d_to_depth_2d(const k4a_calibration_t *calibration,
                                                     size_t count,
                                                     const float *source,
                                                     k4a_image_t depth_image,
                                                     float *target,
                                                     uint8_t *valid) noexcept
{
    return points_call(__func__, calibration, count, source, target, [&] {
        points_color_to_depth(*calibration, depth_view(depth_image), count, source, target, valid);
    });
}

k4a_result_t calibration_get_rays(const k4a_calibration_t *calibration,
                                  k4a_calibration_type_t camera,
                                  float *rays,
                                  size_t count) noexcept
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        const k4a_calibration_camera_t &wanted = checked_camera(*require(calibration, "calibration"), camera);
        require(rays, "rays");
        check_camera_size(wanted);
        const size_t width = static_cast<size_t>(wanted.resolution_width);
        const size_t pixels = width * static_cast<size_t>(wanted.resolution_height);
        if (count != pixels)
        {
            fail("there is room for %zu rays, the camera has %zu pixels", count, pixels);
        }
        const auto table = shared_ray_table(wanted);
        parallel_for(static_cast<size_t>(table->height()), [&](size_t row) {
            const float *const x = table->x(static_cast<int>(row)), *const y = table->y(static_cast<int>(row));
            float *const to = rays + 2 * width * row;
            for (size_t i = 0; i < width; ++i)
            {
                to[2 * i] = x[i];
                to[2 * i + 1] = std::isnan(x[i]) ? x[i] : y[i];
            }
        });
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t transformation_depth_image_to_points(k4a_transformation_t transformation_handle,
                                                  k4a_image_t depth_image,
                                                  k4a_calibration_type_t camera,
                                                  float *points_m,
                                                  size_t count) noexcept
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        to_transformation(transformation_handle)
            .depth_to_points(to_view(depth_image), camera, require(points_m, "points_m"), count);
        return K4A_RESULT_SUCCEEDED;
    });
}

uint32_t get_geometry_thread_count() noexcept
{
    return thread_count();
}

void set_geometry_thread_count(uint32_t count) noexcept
{
    set_thread_count(count);
}

} // namespace k4a_rp
