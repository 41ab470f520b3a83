#include "scene.hpp"

#include <cstring>
#include <random>

using namespace k4a_rp;

namespace scene
{

static FactoryCamera camera(const float (&parameters)[14], int width, int height, float radius, bool rational)
{
    FactoryCamera camera = {};
    camera.intrinsics.type = rational ? K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT
                                      : K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY;
    camera.intrinsics.parameter_count = 14;
    for (int i = 0; i < 14; ++i)
    {
        camera.intrinsics.parameters.v[i] = parameters[i];
    }
    camera.sensor_width = width;
    camera.sensor_height = height;
    camera.metric_radius = radius;
    for (int i = 0; i < 3; ++i)
    {
        camera.pose.rotation[4 * i] = 1.0f;
    }
    return camera;
}

FactoryCalibration made_up_unit(bool rational)
{
    const float depth[14] = {0.512f, 0.502f, 0.4918f, 0.4921f, 0.61f, 0.02f,    0.0008f,
                             0.94f,  0.11f,  0.0031f, 0.0f,    0.0f,  -4.0e-5f, 6.0e-5f};
    const float color[14] = {0.499f, 0.506f, 0.4785f, 0.638f, 0.51f, -2.4f,   1.38f,
                             0.39f,  -2.23f, 1.31f,   0.0f,   0.0f,  0.0004f, -0.0002f};
    FactoryCalibration unit = {};
    unit.depth = camera(depth, 1024, 1024, 1.74f, rational);
    unit.color = camera(color, 4096, 3072, 1.7f, rational);
    // A turn of about 6 degrees about x, and 32 mm to the side.
    const float turned[9] = {1.0f, 0.0011f, -0.0006f, -0.00103f, 0.9946f, 0.1037f, 0.00071f, -0.1037f, 0.9946f};
    const float moved[3] = {-32.0f, -2.1f, 4.0f};
    std::memcpy(unit.color.pose.rotation, turned, sizeof turned);
    std::memcpy(unit.color.pose.translation, moved, sizeof moved);
    unit.gyro.pose = unit.accelerometer.pose = unit.depth.pose;
    unit.gyro.pose.translation[0] = 5.0f;
    return unit;
}

k4a_calibration_t calibration(k4a_depth_mode_t depth_mode, k4a_color_resolution_t resolution, bool rational)
{
    return calibration_from_factory(made_up_unit(rational), depth_mode, resolution);
}

Pixels::Pixels(const k4a_calibration_camera_t &camera, k4a_image_format_t format, int bytes_per_pixel, size_t misplaced)
{
    const int stride = camera.resolution_width * bytes_per_pixel;
    const size_t size = static_cast<size_t>(stride) * static_cast<size_t>(camera.resolution_height);
    memory_.assign(size + misplaced, 0x5A);
    view_ = {format, camera.resolution_width, camera.resolution_height, stride, memory_.data() + misplaced, size};
}

uint16_t Pixels::word(size_t index) const
{
    uint16_t value;
    std::memcpy(&value, view_.pixels + 2 * index, sizeof value);
    return value;
}

void Pixels::set_word(size_t index, uint16_t value)
{
    std::memcpy(view_.pixels + 2 * index, &value, sizeof value);
}

bool Pixels::operator==(const Pixels &other) const
{
    return size() == other.size() && std::memcmp(bytes(), other.bytes(), size()) == 0;
}

void fill_depth(Pixels &depth, Kind kind, unsigned seed)
{
    std::minstd_rand random(seed + 1);
    const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
    const int width = depth.view().width, height = depth.view().height;
    const unsigned base = 700 + random() % 3000, slope_x = random() % 3, slope_y = random() % 3;
    for (int y = 0; y < height; ++y)
    {
        for (int x = 0; x < width; ++x)
        {
            unsigned z = base;
            const unsigned ramp = slope_x * static_cast<unsigned>(x) + slope_y * static_cast<unsigned>(y);
            switch (kind)
            {
            case Kind::plane:
                break;
            case Kind::slanted:
                z += ramp;
                break;
            case Kind::steps:
                z += (static_cast<unsigned>(x / 37) % 3 + static_cast<unsigned>(y / 23) % 4) * 150;
                break;
            case Kind::holes:
                z = chance(9) ? 0 : z + ramp;
                break;
            case Kind::noise:
                z = chance(3) ? 0 : z + static_cast<unsigned>(random() % 60);
                break;
            case Kind::near:
                z = 55 + ramp / 16;
                break;
            case Kind::last:
                z = chance(2) ? 65535 : random() % 65536;
                break;
            }
            depth.set_word(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x),
                           static_cast<uint16_t>(z));
        }
    }
}

void fill_random(Pixels &pixels, unsigned seed)
{
    std::minstd_rand random(seed + 1);
    for (size_t i = 0; i < pixels.size(); ++i)
    {
        pixels.bytes()[i] = static_cast<uint8_t>(random() >> 8);
    }
}

} // namespace scene
