#include "calibration/calibration.hpp"

#include "calibration/modes.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace k4a_rp
{

namespace
{

constexpr const char *sensor_names[K4A_CALIBRATION_TYPE_NUM] = {"depth camera", "color camera", "gyroscope",
                                                                "accelerometer"};

// Numbers that are finite in the file need not be after they were multiplied.
bool all_finite(const float *values, size_t count)
{
    return std::all_of(values, values + count, [](float value) { return std::isfinite(value); });
}

// The colour sensor in 4:3; the calibration of early units is for its 16:9 crop.
void widen_to_four_by_three(FactoryCamera &color)
{
    constexpr float full_height = 3072.0f, crop_height = 2304.0f, crop_offset = 384.0f;
    auto &p = color.intrinsics.parameters.param;
    if (color.sensor_height == color.sensor_width / 4 * 3)
    {
        return;
    }
    if (color.sensor_height != color.sensor_width / 16 * 9)
    {
        fail("calibration: a colour sensor of %d x %d pixels is neither 4:3 nor 16:9", color.sensor_width,
             color.sensor_height);
    }
    p.cy = (p.cy * crop_height + crop_offset) / full_height;
    p.fy = (p.fy * crop_height) / full_height;
}

k4a_calibration_camera_t camera_in_mode(const FactoryCamera &factory, const CameraMode &mode, const char *name)
{
    k4a_calibration_camera_t camera = {};
    camera.extrinsics = factory.pose;
    camera.intrinsics = factory.intrinsics;
    camera.resolution_width = mode.width;
    camera.resolution_height = mode.height;
    camera.metric_radius = factory.metric_radius;
    auto &p = camera.intrinsics.parameters.param;
    p.cx = p.cx * static_cast<float>(mode.scaled_width) - static_cast<float>(mode.offset_x) - 0.5f;
    p.cy = p.cy * static_cast<float>(mode.scaled_height) - static_cast<float>(mode.offset_y) - 0.5f;
    p.fx *= static_cast<float>(mode.scaled_width);
    p.fy *= static_cast<float>(mode.scaled_height);
    const struct
    {
        const char *name;
        float value;
    } scaled[] = {{"cx", p.cx}, {"cy", p.cy}, {"fx", p.fx}, {"fy", p.fy}};
    for (const auto &parameter : scaled)
    {
        if (!std::isfinite(parameter.value))
        {
            fail("calibration: lens parameter %s of the %s is too large for an image of %d x %d pixels", parameter.name,
                 name, mode.width, mode.height);
        }
    }
    return camera;
}

// Row times column of a 3x3 product, the second matrix given by rows.
float product(const float *row, float x, float y, float z)
{
    return row[0] * x + row[1] * y + row[2] * z;
}

k4a_calibration_extrinsics_t invert(const k4a_calibration_extrinsics_t &pose)
{
    k4a_calibration_extrinsics_t inverse = {};
    for (int i = 0; i < 3; ++i)
    {
        for (int j = 0; j < 3; ++j)
        {
            inverse.rotation[3 * i + j] = pose.rotation[3 * j + i];
        }
    }
    for (int i = 0; i < 3; ++i)
    {
        inverse.translation[i] =
            -product(&inverse.rotation[3 * i], pose.translation[0], pose.translation[1], pose.translation[2]);
    }
    return inverse;
}

// First `first`, then `second`.
k4a_calibration_extrinsics_t combine(const k4a_calibration_extrinsics_t &first,
                                     const k4a_calibration_extrinsics_t &second)
{
    k4a_calibration_extrinsics_t result = {};
    for (int i = 0; i < 3; ++i)
    {
        const float *const row = &second.rotation[3 * i];
        for (int j = 0; j < 3; ++j)
        {
            result.rotation[3 * i + j] = product(row, first.rotation[j], first.rotation[3 + j], first.rotation[6 + j]);
        }
        result.translation[i] =
            product(row, first.translation[0], first.translation[1], first.translation[2]) + second.translation[i];
    }
    return result;
}

void fill_extrinsics(k4a_calibration_t &calibration, const FactoryCalibration &factory)
{
    const k4a_calibration_extrinsics_t *const poses[K4A_CALIBRATION_TYPE_NUM] = {
        &calibration.depth_camera_calibration.extrinsics, &calibration.color_camera_calibration.extrinsics,
        &factory.gyro.pose, &factory.accelerometer.pose};
    for (int source = 0; source < K4A_CALIBRATION_TYPE_NUM; ++source)
    {
        const k4a_calibration_extrinsics_t to_world = invert(*poses[source]);
        for (int target = 0; target < K4A_CALIBRATION_TYPE_NUM; ++target)
        {
            k4a_calibration_extrinsics_t &result = calibration.extrinsics[source][target];
            result = combine(to_world, *poses[target]);
            const bool turns = all_finite(result.rotation, 9);
            if (!turns || !all_finite(result.translation, 3))
            {
                fail("calibration: the numbers for the %s from the %s to the %s are too large",
                     turns ? "translation" : "rotation", sensor_names[source], sensor_names[target]);
            }
        }
    }
}

} // namespace

k4a_calibration_t calibration_from_factory(const FactoryCalibration &factory,
                                           k4a_depth_mode_t depth_mode,
                                           k4a_color_resolution_t color_resolution)
{
    const CameraMode *const depth = depth_camera_mode(depth_mode);
    const CameraMode *const color = color_camera_mode(color_resolution);
    if (depth == nullptr && depth_mode != K4A_DEPTH_MODE_OFF)
    {
        fail("calibration: depth mode %d does not exist", static_cast<int>(depth_mode));
    }
    if (color == nullptr && color_resolution != K4A_COLOR_RESOLUTION_OFF)
    {
        fail("calibration: color resolution %d does not exist", static_cast<int>(color_resolution));
    }
    if (depth == nullptr && color == nullptr)
    {
        fail("calibration: depth mode and color resolution are both OFF");
    }

    k4a_calibration_t calibration = {};
    calibration.depth_mode = depth_mode;
    calibration.color_resolution = color_resolution;
    if (depth != nullptr)
    {
        if (factory.depth.sensor_width != 1024 || factory.depth.sensor_height != 1024)
        {
            fail("calibration: a depth sensor of %d x %d pixels, 1024 x 1024 are needed", factory.depth.sensor_width,
                 factory.depth.sensor_height);
        }
        calibration.depth_camera_calibration =
            camera_in_mode(factory.depth, *depth, sensor_names[K4A_CALIBRATION_TYPE_DEPTH]);
    }
    if (color != nullptr)
    {
        FactoryCamera widened = factory.color;
        widen_to_four_by_three(widened);
        calibration.color_camera_calibration =
            camera_in_mode(widened, *color, sensor_names[K4A_CALIBRATION_TYPE_COLOR]);
    }
    fill_extrinsics(calibration, factory);
    return calibration;
}

k4a_calibration_t calibration_from_raw(const char *text,
                                       size_t size,
                                       k4a_depth_mode_t depth_mode,
                                       k4a_color_resolution_t color_resolution)
{
    return calibration_from_factory(parse_factory_calibration(text, size), depth_mode, color_resolution);
}

void check_sensor(const k4a_calibration_t &calibration, k4a_calibration_type_t sensor)
{
    if (sensor < K4A_CALIBRATION_TYPE_DEPTH || sensor >= K4A_CALIBRATION_TYPE_NUM)
    {
        fail("calibration: %d is not a camera or sensor", static_cast<int>(sensor));
    }
    if (sensor == K4A_CALIBRATION_TYPE_DEPTH && calibration.depth_mode == K4A_DEPTH_MODE_OFF)
    {
        fail("calibration: the depth camera is off in this calibration");
    }
    if (sensor == K4A_CALIBRATION_TYPE_COLOR && calibration.color_resolution == K4A_COLOR_RESOLUTION_OFF)
    {
        fail("calibration: the color camera is off in this calibration");
    }
}

const k4a_calibration_camera_t &checked_camera(const k4a_calibration_t &calibration, k4a_calibration_type_t camera)
{
    check_sensor(calibration, camera);
    if (camera == K4A_CALIBRATION_TYPE_DEPTH)
    {
        return calibration.depth_camera_calibration;
    }
    if (camera == K4A_CALIBRATION_TYPE_COLOR)
    {
        return calibration.color_camera_calibration;
    }
    fail("calibration: pixels need the depth or the color camera, not sensor %d", static_cast<int>(camera));
}

k4a_float3_t transform_point(const k4a_calibration_extrinsics_t &extrinsics, const k4a_float3_t &point)
{
    k4a_float3_t result;
    for (int i = 0; i < 3; ++i)
    {
        result.v[i] =
            product(&extrinsics.rotation[3 * i], point.v[0], point.v[1], point.v[2]) + extrinsics.translation[i];
    }
    return result;
}

k4a_float3_t point_3d_to_3d(const k4a_calibration_t &calibration,
                            const k4a_float3_t &source,
                            k4a_calibration_type_t source_sensor,
                            k4a_calibration_type_t target_sensor)
{
    check_sensor(calibration, source_sensor);
    check_sensor(calibration, target_sensor);
    if (source_sensor == target_sensor)
    {
        return source;
    }
    return transform_point(calibration.extrinsics[source_sensor][target_sensor], source);
}

bool point_2d_to_3d(const k4a_calibration_t &calibration,
                    const k4a_float2_t &source,
                    float depth_mm,
                    k4a_calibration_type_t source_camera,
                    k4a_calibration_type_t target_sensor,
                    k4a_float3_t &target)
{
    const Lens lens = make_lens(checked_camera(calibration, source_camera));
    check_sensor(calibration, target_sensor);
    k4a_float3_t point = {{0.0f, 0.0f, 0.0f}};
    bool valid = false;
    if (depth_mm != 0.0f)
    {
        float x, y;
        valid = unproject(lens, source.xy.x, source.xy.y, x, y);
        point = {{x * depth_mm, y * depth_mm, depth_mm}};
    }
    target = point_3d_to_3d(calibration, point, source_camera, target_sensor);
    return valid;
}

bool point_3d_to_2d(const k4a_calibration_t &calibration,
                    const k4a_float3_t &source,
                    k4a_calibration_type_t source_sensor,
                    k4a_calibration_type_t target_camera,
                    k4a_float2_t &target)
{
    const Lens lens = make_lens(checked_camera(calibration, target_camera));
    const k4a_float3_t point = point_3d_to_3d(calibration, source, source_sensor, target_camera);
    if (point.xyz.z <= 0.0f)
    {
        target = {{0.0f, 0.0f}};
        return false;
    }
    return project(lens, point.xyz.x / point.xyz.z, point.xyz.y / point.xyz.z, target.xy.x, target.xy.y);
}

bool point_2d_to_2d(const k4a_calibration_t &calibration,
                    const k4a_float2_t &source,
                    float depth_mm,
                    k4a_calibration_type_t source_camera,
                    k4a_calibration_type_t target_camera,
                    k4a_float2_t &target)
{
    if (source_camera == target_camera)
    {
        target = source;
        return true;
    }
    k4a_float3_t point;
    const bool seen = point_2d_to_3d(calibration, source, depth_mm, source_camera, target_camera, point);
    const bool hit = point_3d_to_2d(calibration, point, target_camera, target_camera, target);
    return seen && hit;
}

} // namespace k4a_rp
