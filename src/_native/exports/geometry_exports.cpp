// TEMPORARY
#include "core/log.hpp"

#include <k4a/k4a.h>

namespace
{

template <typename Result> Result unavailable(const char *call, Result failure)
{
    K4A_RP_LOG_ERROR("%s: geometry not wired yet", call);
    return failure;
}

} // namespace

k4a_result_t k4a_calibration_get_from_raw(
    char *, size_t, const k4a_depth_mode_t, const k4a_color_resolution_t, k4a_calibration_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_calibration_3d_to_3d(
    const k4a_calibration_t *, const k4a_float3_t *, const k4a_calibration_type_t, const k4a_calibration_type_t, k4a_float3_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_calibration_2d_to_3d(
    const k4a_calibration_t *, const k4a_float2_t *, const float, const k4a_calibration_type_t, const k4a_calibration_type_t, k4a_float3_t *, int *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_calibration_3d_to_2d(
    const k4a_calibration_t *, const k4a_float3_t *, const k4a_calibration_type_t, const k4a_calibration_type_t, k4a_float2_t *, int *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_calibration_2d_to_2d(
    const k4a_calibration_t *, const k4a_float2_t *, const float, const k4a_calibration_type_t, const k4a_calibration_type_t, k4a_float2_t *, int *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_calibration_color_2d_to_depth_2d(
    const k4a_calibration_t *, const k4a_float2_t *, const k4a_image_t, k4a_float2_t *, int *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_transformation_t k4a_transformation_create(const k4a_calibration_t *)
{
    return unavailable(__func__, nullptr);
}

void k4a_transformation_destroy(k4a_transformation_t)
{
    // There is no such handle to close.
}

k4a_result_t k4a_transformation_depth_image_to_color_camera(k4a_transformation_t, const k4a_image_t, k4a_image_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_transformation_depth_image_to_color_camera_custom(
    k4a_transformation_t, const k4a_image_t, const k4a_image_t, k4a_image_t, k4a_image_t, k4a_transformation_interpolation_type_t, uint32_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_transformation_color_image_to_depth_camera(
    k4a_transformation_t, const k4a_image_t, const k4a_image_t, k4a_image_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_transformation_depth_image_to_point_cloud(
    k4a_transformation_t, const k4a_image_t, const k4a_calibration_type_t, k4a_image_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}
#include <k4arecord/playback.h>
k4a_result_t k4a_playback_get_calibration(k4a_playback_t, k4a_calibration_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}
