// The calibration functions of k4a.h, and the one of playback.h.
#include "exports/depth_boundary.hpp"
#include "exports/playback_boundary.hpp"

#include "calibration/calibration.hpp"

#include <k4a/k4a.h>
#include <k4arecord/playback.h>

#include <cstring>

using namespace k4a_rp;

namespace
{

// Point functions: what `body` returns is `valid`.
template <typename Body> k4a_result_t point_call(const char *call, int *valid, Body &&body)
{
    return at_boundary(call, K4A_RESULT_FAILED, [&] {
        require(valid, "valid");
        *valid = body() ? 1 : 0;
        return K4A_RESULT_SUCCEEDED;
    });
}

} // namespace

k4a_result_t k4a_calibration_get_from_raw(char *raw_calibration,
                                          size_t raw_calibration_size,
                                          const k4a_depth_mode_t depth_mode,
                                          const k4a_color_resolution_t color_resolution,
                                          k4a_calibration_t *calibration)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(raw_calibration, "raw_calibration");
        require(calibration, "calibration");
        if (!std::memchr(raw_calibration, '\0', raw_calibration_size))
        {
            fail("the %zu bytes of raw_calibration do not end with a NUL", raw_calibration_size);
        }
        *calibration = calibration_from_raw(raw_calibration, raw_calibration_size, depth_mode, color_resolution);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_playback_get_calibration(k4a_playback_t playback_handle, k4a_calibration_t *calibration)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        require(calibration, "calibration");
        const std::vector<uint8_t> raw = playback->raw_calibration();
        const k4a_record_configuration_t &configuration = playback->metadata().configuration;
        *calibration = calibration_from_raw(reinterpret_cast<const char *>(raw.data()), raw.size(),
                                            configuration.depth_mode, configuration.color_resolution);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_calibration_3d_to_3d(const k4a_calibration_t *calibration,
                                      const k4a_float3_t *source_point3d_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float3_t *target_point3d_mm)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(calibration, "calibration");
        require(source_point3d_mm, "source_point3d_mm");
        require(target_point3d_mm, "target_point3d_mm");
        *target_point3d_mm = point_3d_to_3d(*calibration, *source_point3d_mm, source_camera, target_camera);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_calibration_2d_to_3d(const k4a_calibration_t *calibration,
                                      const k4a_float2_t *source_point2d,
                                      const float source_depth_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float3_t *target_point3d_mm,
                                      int *valid)
{
    return point_call(__func__, valid, [&] {
        require(calibration, "calibration");
        require(source_point2d, "source_point2d");
        require(target_point3d_mm, "target_point3d_mm");
        return point_2d_to_3d(*calibration, *source_point2d, source_depth_mm, source_camera, target_camera,
                              *target_point3d_mm);
    });
}

k4a_result_t k4a_calibration_3d_to_2d(const k4a_calibration_t *calibration,
                                      const k4a_float3_t *source_point3d_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float2_t *target_point2d,
                                      int *valid)
{
    return point_call(__func__, valid, [&] {
        require(calibration, "calibration");
        require(source_point3d_mm, "source_point3d_mm");
        require(target_point2d, "target_point2d");
        return point_3d_to_2d(*calibration, *source_point3d_mm, source_camera, target_camera, *target_point2d);
    });
}

k4a_result_t k4a_calibration_2d_to_2d(const k4a_calibration_t *calibration,
                                      const k4a_float2_t *source_point2d,
                                      const float source_depth_mm,
                                      const k4a_calibration_type_t source_camera,
                                      const k4a_calibration_type_t target_camera,
                                      k4a_float2_t *target_point2d,
                                      int *valid)
{
    return point_call(__func__, valid, [&] {
        require(calibration, "calibration");
        require(source_point2d, "source_point2d");
        require(target_point2d, "target_point2d");
        return point_2d_to_2d(*calibration, *source_point2d, source_depth_mm, source_camera, target_camera,
                              *target_point2d);
    });
}

k4a_result_t k4a_calibration_color_2d_to_depth_2d(const k4a_calibration_t *calibration,
                                                  const k4a_float2_t *source_point2d,
                                                  const k4a_image_t depth_image,
                                                  k4a_float2_t *target_point2d,
                                                  int *valid)
{
    return point_call(__func__, valid, [&] {
        require(calibration, "calibration");
        require(source_point2d, "source_point2d");
        require(target_point2d, "target_point2d");
        const auto outcome =
            DepthPixelSearch(*calibration, depth_view(depth_image)).find(*source_point2d, *target_point2d);
        if (outcome == DepthPixelSearch::Outcome::no_line)
        {
            fail("calibration: the pixels that can see what (%g, %g) sees are on no line",
                 static_cast<double>(source_point2d->xy.x), static_cast<double>(source_point2d->xy.y));
        }
        return outcome == DepthPixelSearch::Outcome::found;
    });
}
