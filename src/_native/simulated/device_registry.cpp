#include "simulated/device_registry.hpp"

#include "core/error.hpp"

#include <map>

namespace k4a_rp
{

namespace
{

struct Registry
{
    std::mutex mutex;
    std::map<k4a_device_t, std::shared_ptr<Device>> devices;
};

// Never destroyed: handles may be used while the process ends.
Registry &registry()
{
    static Registry *instance = new Registry;
    return *instance;
}

std::map<k4a_device_t, std::shared_ptr<Device>>::iterator locate(k4a_device_t handle)
{
    const auto found = registry().devices.find(handle);
    if (found == registry().devices.end())
    {
        fail(handle ? "the handle is not valid: of another type, or closed" : "the handle is NULL");
    }
    return found;
}

} // namespace

k4a_device_t register_device(std::shared_ptr<Device> device)
{
    std::lock_guard<std::mutex> lock(registry().mutex);
    const k4a_device_t handle = reinterpret_cast<k4a_device_t>(device.get());
    registry().devices.emplace(handle, std::move(device));
    return handle;
}

std::shared_ptr<Device> find_device(k4a_device_t handle)
{
    std::lock_guard<std::mutex> lock(registry().mutex);
    return locate(handle)->second;
}

std::shared_ptr<Device> take_device(k4a_device_t handle)
{
    std::lock_guard<std::mutex> lock(registry().mutex);
    const auto found = locate(handle);
    std::shared_ptr<Device> device = std::move(found->second);
    registry().devices.erase(found);
    return device;
}

} // namespace k4a_rp
