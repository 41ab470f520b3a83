// The factory calibration of one unit, as it lies in the camera and in a recording's calibration.json.
#pragma once

#include <k4a/k4atypes.h>

#include <cstddef>

namespace k4a_rp
{

struct FactoryCamera
{
    k4a_calibration_extrinsics_t pose;       // depth camera -> this camera, mm
    k4a_calibration_intrinsics_t intrinsics; // in units of the image's width and height, origin at the corner
    int sensor_width;
    int sensor_height;
    float metric_radius;
};

// The correction of raw IMU samples needs the device's temperature; recordings hold corrected samples.
struct FactoryInertialSensor
{
    k4a_calibration_extrinsics_t pose; // depth camera -> this sensor, mm
    float bias_temperature_model[12];
    float bias_uncertainty[3];
    float mixing_matrix_temperature_model[36];
    int model_type_mask;
    float noise[6];
    float second_order_scaling[9];
    float temperature_bounds[2];
    float temperature_c;
};

struct FactoryCalibration
{
    FactoryCamera depth;
    FactoryCamera color;
    FactoryInertialSensor gyro;
    FactoryInertialSensor accelerometer;
};

// The text ends at its first NUL or at `size`. Throws Error, naming the member that is missing or wrong.
FactoryCalibration parse_factory_calibration(const char *text, size_t size);

} // namespace k4a_rp
