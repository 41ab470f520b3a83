// The devices behind C handles. A call keeps its device alive, so that another thread may close it meanwhile.
#pragma once

#include "simulated/device.hpp"

namespace k4a_rp
{

k4a_device_t register_device(std::shared_ptr<Device> device);
// Throws Error when this is not the handle of an open device.
std::shared_ptr<Device> find_device(k4a_device_t handle);
// As find_device; the handle is not valid any more.
std::shared_ptr<Device> take_device(k4a_device_t handle);

} // namespace k4a_rp
