// The calibration of one unit in one pair of modes, and points between its four sensors.
// Functions throw Error where the ABI says FAILED; outputs are untouched then. What they return is `valid`.
#pragma once

#include "calibration/factory_json.hpp"
#include "calibration/lens.hpp"

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

// From the text of calibration.json, which ends at its first NUL or at `size`.
k4a_calibration_t calibration_from_raw(const char *text,
                                       size_t size,
                                       k4a_depth_mode_t depth_mode,
                                       k4a_color_resolution_t color_resolution);

k4a_calibration_t calibration_from_factory(const FactoryCalibration &factory,
                                           k4a_depth_mode_t depth_mode,
                                           k4a_color_resolution_t color_resolution);

// Throws unless points of this sensor can be computed with. 2D functions need a camera.
void check_sensor(const k4a_calibration_t &calibration, k4a_calibration_type_t sensor);
const k4a_calibration_camera_t &checked_camera(const k4a_calibration_t &calibration, k4a_calibration_type_t camera);

k4a_float3_t transform_point(const k4a_calibration_extrinsics_t &extrinsics, const k4a_float3_t &point);

k4a_float3_t point_3d_to_3d(const k4a_calibration_t &calibration,
                            const k4a_float3_t &source,
                            k4a_calibration_type_t source_sensor,
                            k4a_calibration_type_t target_sensor);

bool point_2d_to_3d(const k4a_calibration_t &calibration,
                    const k4a_float2_t &source,
                    float depth_mm,
                    k4a_calibration_type_t source_camera,
                    k4a_calibration_type_t target_sensor,
                    k4a_float3_t &target);

// The target is untouched where the point lies outside the lens model.
bool point_3d_to_2d(const k4a_calibration_t &calibration,
                    const k4a_float3_t &source,
                    k4a_calibration_type_t source_sensor,
                    k4a_calibration_type_t target_camera,
                    k4a_float2_t &target);

bool point_2d_to_2d(const k4a_calibration_t &calibration,
                    const k4a_float2_t &source,
                    float depth_mm,
                    k4a_calibration_type_t source_camera,
                    k4a_calibration_type_t target_camera,
                    k4a_float2_t &target);

} // namespace k4a_rp
