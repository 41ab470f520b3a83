// The calibration parser on any bytes: it may refuse them with Error, nothing else. One input in a hundred is still a
// calibration: its numbers are changed many times, and the point functions are called with what comes out.
//   calibration_json_fuzzer -dict=tests/fuzz/calibration_json.dict -max_len=16384 CORPUS
#include "calibration/calibration.hpp"
#include "calibration/depth_pixel_search.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <random>

using namespace k4a_rp;

namespace
{

constexpr int changes = 16; // of one input
constexpr int view_width = 320, view_height = 240; // of no camera: any size is taken

void require(bool condition, const char *what)
{
    if (!condition)
    {
        std::fprintf(stderr, "calibration_json_fuzzer: %s\n", what);
        std::abort();
    }
}

// Near on the left, far on the right, with holes.
struct MadeUpDepth
{
    MadeUpDepth()
    {
        for (int i = 0; i < view_width * view_height; ++i)
        {
            const int depth_mm = i % view_width < view_width / 2 ? 700 + i % 5000 : 65535 - i % 60000;
            pixels[i] = static_cast<uint16_t>(i % 7 == 0 ? 0 : depth_mm);
        }
    }

    uint16_t pixels[view_width * view_height];
};

bool all_finite(const float *values, size_t count)
{
    return std::all_of(values, values + count, [](float value) { return std::isfinite(value); });
}

void check_numbers(const k4a_calibration_t &calibration)
{
    for (const k4a_calibration_camera_t *const camera :
         {&calibration.depth_camera_calibration, &calibration.color_camera_calibration})
    {
        require(all_finite(camera->intrinsics.parameters.v, camera->intrinsics.parameter_count),
                "a lens parameter is not finite");
        require(std::isfinite(camera->metric_radius), "a metric radius is not finite");
    }
    for (const auto &from : calibration.extrinsics)
    {
        for (const k4a_calibration_extrinsics_t &to : from)
        {
            require(all_finite(to.rotation, 9) && all_finite(to.translation, 3), "extrinsics are not finite");
        }
    }
}

// Runs `body`, which may refuse what it gets.
template <typename Body> void attempt(const Body &body)
{
    try
    {
        body();
    }
    catch (const Error &)
    {
    }
}

// Up to three numbers of the cameras become what no camera has.
void spoil(FactoryCalibration &factory, std::minstd_rand &random)
{
    static const float numbers[] = {0.0f,   -0.5f, 3.0f,  100.0f, -1e5f, 1e15f,  1e19f,
                                    -1e30f, 1e35f, 3e38f, 1e-3f,  -1e-6f, 1e-30f, 1e-45f};
    for (unsigned left = random() % 4; left > 0; --left)
    {
        FactoryCamera &camera = random() % 2 == 0 ? factory.depth : factory.color;
        const unsigned place = random() % 28;
        float &number = place < 14   ? camera.intrinsics.parameters.v[place]
                        : place < 23 ? camera.pose.rotation[place - 14]
                        : place < 26 ? camera.pose.translation[place - 23]
                                     : camera.metric_radius;
        const float wild = numbers[random() % std::size(numbers)];
        const float multiplied = number * wild;
        number = random() % 2 == 0 || !std::isfinite(multiplied) ? wild : multiplied; // the file has finite ones only
    }
}

void use_points(const k4a_calibration_t &calibration, std::minstd_rand &random)
{
    constexpr unsigned sensors = K4A_CALIBRATION_TYPE_NUM + 1; // and one that does not exist
    const auto source = static_cast<k4a_calibration_type_t>(random() % sensors);
    const auto target = static_cast<k4a_calibration_type_t>(random() % sensors);
    k4a_float2_t pixel = {{320.0f, 288.0f}};
    k4a_float3_t point = {{-300.0f, 200.0f, 1000.0f}};
    attempt([&] { point_3d_to_3d(calibration, point, source, target); });
    attempt([&] { point_3d_to_2d(calibration, point, source, target, pixel); });
    attempt([&] { point_2d_to_3d(calibration, pixel, 1000.0f, source, target, point); });
    attempt([&] { point_2d_to_2d(calibration, pixel, 1000.0f, source, target, pixel); });
}

void search(const k4a_calibration_t &calibration)
{
    static const MadeUpDepth depth;
    const DepthPixelSearch in_view(calibration, {depth.pixels, view_width, view_height});
    const float width = static_cast<float>(calibration.color_camera_calibration.resolution_width);
    const float height = static_cast<float>(calibration.color_camera_calibration.resolution_height);
    for (const k4a_float2_t &pixel : {k4a_float2_t{{0.4f * width, 0.4f * height}}, k4a_float2_t{{width, 0.0f}}})
    {
        k4a_float2_t found;
        if (in_view.find(pixel, found) == DepthPixelSearch::Outcome::found)
        {
            require(found.xy.x >= 0.0f && found.xy.x < view_width && found.xy.y >= 0.0f && found.xy.y < view_height,
                    "a depth pixel was found outside the image");
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    attempt([&] {
        const FactoryCalibration factory = parse_factory_calibration(reinterpret_cast<const char *>(data), size);
        std::minstd_rand random(static_cast<unsigned>(size));
        for (int i = 0; i < changes; ++i)
        {
            attempt([&] {
                FactoryCalibration changed = factory;
                spoil(changed, random);
                const auto depth_mode = static_cast<k4a_depth_mode_t>(random() % 6);
                const auto resolution = static_cast<k4a_color_resolution_t>(random() % 7);
                const k4a_calibration_t calibration = calibration_from_factory(changed, depth_mode, resolution);
                check_numbers(calibration);
                use_points(calibration, random);
                search(calibration);
            });
        }
    });
    return 0;
}
