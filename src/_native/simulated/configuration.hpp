// Which configurations a camera can be started with.
#pragma once

#include "simulated/options.hpp"

#include <k4a/k4atypes.h>

namespace k4a_rp
{

// 5, 15 or 30. Throws Error for what is no frame rate.
unsigned frames_per_second(k4a_fps_t fps);

// The rules about how the members go together. Throws Error where one is broken.
void check_configuration(const k4a_device_configuration_t &configuration, const SyncJacks &jacks);

// What the sensors of the camera can do. After check_configuration().
void check_sensor_limits(const k4a_device_configuration_t &configuration);

} // namespace k4a_rp
