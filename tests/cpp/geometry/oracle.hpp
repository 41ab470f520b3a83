// The transformations again, one pixel after the other and with nothing clever: what the engine's vector code is held
// against, bit for bit.
#pragma once

#include "scene.hpp"

namespace oracle
{

// `custom` and its result may be nullptr.
void depth_to_color(const k4a_calibration_t &calibration,
                    const std::vector<float> &depth_rays,
                    const scene::Pixels &depth,
                    const scene::Pixels *custom,
                    scene::Pixels &transformed_depth,
                    scene::Pixels *transformed_custom,
                    bool interpolate,
                    uint32_t invalid_custom_value);

void color_to_depth(const k4a_calibration_t &calibration,
                    const std::vector<float> &depth_rays,
                    const scene::Pixels &depth,
                    const scene::Pixels &color,
                    scene::Pixels &transformed_color);

void point_cloud(const std::vector<float> &rays, const scene::Pixels &depth, scene::Pixels &points);

// The rays of a camera, (x, y) per pixel, x not a number where there is none.
std::vector<float> rays(const k4a_calibration_camera_t &camera);

} // namespace oracle
