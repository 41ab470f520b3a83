// The members of the table of k4a_rp.h that are about geometry.
#pragma once

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

k4a_result_t calibration_points_3d_to_3d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         float *target) noexcept;
k4a_result_t calibration_points_2d_to_3d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         const float *depths_mm,
                                         float *target,
                                         uint8_t *valid) noexcept;
k4a_result_t calibration_points_3d_to_2d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         float *target,
                                         uint8_t *valid) noexcept;
k4a_result_t calibration_points_2d_to_2d(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t source_camera,
                                         k4a_calibration_type_t target_camera,
                                         size_t count,
                                         const float *source,
                                         const float *depths_mm,
                                         float *target,
                                         uint8_t *valid) noexcept;
k4a_result_t calibration_points_color_2d_to_depth_2d(const k4a_calibration_t *calibration,
                                                     size_t count,
                                                     const float *source,
                                                     k4a_image_t depth_image,
                                                     float *target,
                                                     uint8_t *valid) noexcept;
k4a_result_t calibration_get_rays(const k4a_calibration_t *calibration,
                                  k4a_calibration_type_t camera,
                                  float *rays,
                                  size_t count) noexcept;
k4a_result_t transformation_depth_image_to_points(k4a_transformation_t transformation_handle,
                                                  k4a_image_t depth_image,
                                                  k4a_calibration_type_t camera,
                                                  float *points_m,
                                                  size_t count) noexcept;
uint32_t get_geometry_thread_count() noexcept;
void set_geometry_thread_count(uint32_t count) noexcept;

} // namespace k4a_rp
