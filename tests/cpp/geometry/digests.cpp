// Prints a checksum of everything that geometry computes, in every depth mode and with both lens models: two
// processors must print the same. Plain vector code is used, which every processor has.
#include "core/crc32.hpp"
#include "core/simd.hpp"
#include "scene.hpp"

#include <cstdio>

using namespace k4a_rp;
using scene::Kind;
using scene::Pixels;

namespace
{

uint32_t digest(const Pixels &pixels)
{
    return crc32(0, pixels.bytes(), pixels.size());
}

uint32_t digest(const RayTable &rays)
{
    uint32_t crc = 0;
    for (int row = 0; row < rays.height(); ++row)
    {
        for (int column = 0; column < rays.width(); ++column)
        {
            // One NaN is as good as another.
            const float x = rays.x(row)[column], ray[2] = {x == x ? x : 9.0f, rays.y(row)[column]};
            crc = crc32(crc, ray, sizeof ray);
        }
    }
    return crc;
}

void print_digests(k4a_depth_mode_t depth_mode, k4a_color_resolution_t resolution, bool rational, Kind kind)
{
    const k4a_calibration_t c = scene::calibration(depth_mode, resolution, rational);
    const k4a_calibration_camera_t &depth_camera = c.depth_camera_calibration,
                                   &color_camera = c.color_camera_calibration;
    const Transformation transformation(c);
    Pixels depth(depth_camera, K4A_IMAGE_FORMAT_DEPTH16, 2), custom(depth_camera, K4A_IMAGE_FORMAT_CUSTOM16, 2);
    Pixels color(color_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4);
    scene::fill_depth(depth, kind, static_cast<unsigned>(resolution));
    scene::fill_random(custom, 1);
    scene::fill_random(color, 2);
    Pixels aligned(color_camera, K4A_IMAGE_FORMAT_DEPTH16, 2), values(color_camera, K4A_IMAGE_FORMAT_CUSTOM16, 2);
    Pixels colors(depth_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4), points(depth_camera, K4A_IMAGE_FORMAT_CUSTOM, 6);
    transformation.depth_to_color(depth.view(), aligned.view());
    std::printf("depth mode %d, colour resolution %d, lens %d, scene %d: rays %08x, depth to colour %08x",
                static_cast<int>(depth_mode), static_cast<int>(resolution), rational ? 1 : 0, static_cast<int>(kind),
                digest(*transformation.rays(K4A_CALIBRATION_TYPE_DEPTH)), digest(aligned));
    for (const auto interpolation :
         {K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST, K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR})
    {
        transformation.depth_to_color_custom(depth.view(), custom.view(), aligned.view(), values.view(), interpolation,
                                             777);
        std::printf(", custom %08x", digest(values));
    }
    transformation.color_to_depth(depth.view(), color.view(), colors.view());
    transformation.depth_to_point_cloud(depth.view(), K4A_CALIBRATION_TYPE_DEPTH, points.view());
    const size_t count = depth.size() / sizeof(uint16_t);
    std::vector<float> metres(3 * count);
    transformation.depth_to_points(depth.view(), K4A_CALIBRATION_TYPE_DEPTH, metres.data(), count);
    std::printf(", colour to depth %08x, points %08x, in metres %08x\n", digest(colors), digest(points),
                crc32(0, metres.data(), metres.size() * sizeof(float)));
}

} // namespace

int main()
{
    set_simd_level(SimdLevel::portable);
    for (int kind = 0; kind < 7; ++kind)
    {
        // Larger images take long where a processor is emulated, and add nothing.
        print_digests(static_cast<k4a_depth_mode_t>(K4A_DEPTH_MODE_NFOV_2X2BINNED + kind % 4),
                      kind % 3 != 0 ? K4A_COLOR_RESOLUTION_720P : K4A_COLOR_RESOLUTION_1080P, kind % 2 != 0,
                      static_cast<Kind>(kind));
    }
    const k4a_calibration_t c = scene::calibration(K4A_DEPTH_MODE_OFF, K4A_COLOR_RESOLUTION_720P);
    std::printf("rays of a colour camera: %08x\n", digest(RayTable(c.color_camera_calibration)));
    return 0;
}
