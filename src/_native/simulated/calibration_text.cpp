#include "simulated/calibration_text.hpp"

#include "core/error.hpp"
#include "simulated/random.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

namespace k4a_rp
{

namespace
{

using Numbers = std::vector<double>;

// printf would write a comma in some locales.
std::string number_text(double value)
{
    const long long scaled = std::llround(std::fabs(value) * 1e9);
    return format_text("%s%lld.%09lld", value < 0 ? "-" : "", scaled / 1000000000, scaled % 1000000000);
}

std::string list_text(const Numbers &values)
{
    std::string text;
    for (const double value : values)
    {
        text += (text.empty() ? "[" : ",") + number_text(value);
    }
    return text + "]";
}

// Rotations about x, then y, in radians; row by row.
Numbers rotation(double about_x, double about_y)
{
    const double cx = std::cos(about_x), sx = std::sin(about_x);
    const double cy = std::cos(about_y), sy = std::sin(about_y);
    return {cy, sx * sy, cx * sy, 0, cx, -sx, -sy, sx * cy, cx * cy};
}

std::string pose_text(const Numbers &turn, const Numbers &metres)
{
    return "\"Rt\":{\"Rotation\":" + list_text(turn) + ",\"Translation\":" + list_text(metres) + "}";
}

struct CameraText
{
    const char *location;
    const char *purpose;
    Numbers lens;
    Numbers turn;
    Numbers metres;
    int width;
    int height;
    double radius;
};

std::string camera_text(const CameraText &camera)
{
    std::string text = "{\"Intrinsics\":{\"ModelParameterCount\":14,\"ModelParameters\":" + list_text(camera.lens);
    text += ",\"ModelType\":\"CALIBRATION_LensDistortionModelBrownConrady\"},";
    text += format_text("\"Location\":\"%s\",\"Purpose\":\"%s\",", camera.location, camera.purpose);
    text += "\"MetricRadius\":" + number_text(camera.radius) + "," + pose_text(camera.turn, camera.metres);
    text += format_text(",\"SensorHeight\":%d,\"SensorWidth\":%d,", camera.height, camera.width);
    text += "\"Shutter\":\"CALIBRATION_ShutterTypeUndefined\",\"ThermalAdjustmentParams\":{\"Params\":";
    return text + list_text(Numbers(12, 0.0)) + "}}";
}

std::string sensor_text(const char *type, const Numbers &metres)
{
    // The sensor's axes: x back, y left, z down.
    const Numbers turn = {0, 0, -1, -1, 0, 0, 0, 1, 0};
    Numbers mixing(36, 0.0);
    mixing[0] = mixing[16] = mixing[32] = 1.0;
    std::string text = "{\"BiasTemperatureModel\":" + list_text(Numbers(12, 0.0));
    text += ",\"BiasUncertainty\":" + list_text(Numbers(3, 0.0001)) + ",\"Id\":\"SIMULATED\"";
    text += ",\"MixingMatrixTemperatureModel\":" + list_text(mixing) + ",\"ModelTypeMask\":16";
    text += ",\"Noise\":" + list_text(Numbers(6, 0.0)) + "," + pose_text(turn, metres);
    text += ",\"SecondOrderScaling\":" + list_text(Numbers(9, 0.0));
    text += format_text(",\"SensorType\":\"%s\"", type);
    return text + ",\"TemperatureBounds\":[5.0,60.0],\"TemperatureC\":30.0}";
}

} // namespace

std::string simulated_calibration(uint32_t seed)
{
    uint64_t state = seed;
    // A deviation of at most `size` to either side.
    const auto about = [&](double value, double size) { return value + size * (2 * next_random(state) - 1); };

    CameraText depth = {};
    depth.location = "CALIBRATION_CameraLocationD0";
    depth.purpose = "CALIBRATION_CameraPurposeDepth";
    depth.lens = {about(0.503, 0.006), about(0.504, 0.006), about(0.4925, 0.001), about(0.4925, 0.001),
                  0.48, 0.015, 0.0006, 0.81, 0.09, 0.003, 0, 0, about(0, 0.0001), about(0, 0.0001)};
    depth.turn = rotation(0, 0);
    depth.metres = {0, 0, 0};
    depth.width = depth.height = 1024;
    depth.radius = 1.74;

    CameraText color = {};
    color.location = "CALIBRATION_CameraLocationPV0";
    color.purpose = "CALIBRATION_CameraPurposePhotoVideo";
    color.lens = {about(0.499, 0.004), about(0.501, 0.004), about(0.4775, 0.002), about(0.6367, 0.002),
                  0.09, -0.05, 0.006, 0.01, -0.02, 0.001, 0, 0, about(0, 0.0002), about(0, 0.0002)};
    // The depth camera looks six degrees further down.
    color.turn = rotation(about(-0.105, 0.003), about(0.002, 0.002));
    color.metres = {about(-0.032, 0.0002), about(-0.002, 0.0002), about(0.004, 0.0002)};
    color.width = 4096;
    color.height = 3072;
    color.radius = 0;

    std::string text = "{\"CalibrationInformation\":{\"Cameras\":[" + camera_text(depth) + "," + camera_text(color);
    text += "],\"InertialSensors\":[";
    text += sensor_text("CALIBRATION_InertialSensorType_Gyro", {0, 0, 0}) + ",";
    text += sensor_text("CALIBRATION_InertialSensorType_Accelerometer", {-0.05, 0.003, 0.002}) + "],";
    text += "\"Metadata\":{\"SerialId\":\"\",\"FactoryCalDate\":\"1/1/2024 0:00:00 AM GMT\",";
    text += "\"Version\":{\"Major\":1,\"Minor\":2},\"DeviceName\":\"pyk4a_rp simulated camera\",\"Notes\":\"\"}}}";
    return text;
}

} // namespace k4a_rp
