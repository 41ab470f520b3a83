#include "recording/recorder_registry.hpp"

#include "core/error.hpp"

#include <map>

namespace k4a_rp
{

namespace
{

struct Registry
{
    std::mutex mutex;
    std::map<k4a_record_t, std::shared_ptr<Recorder>> recorders;
};

// Never destroyed: handles may be used while the process ends.
Registry &registry()
{
    static Registry *instance = new Registry;
    return *instance;
}

std::map<k4a_record_t, std::shared_ptr<Recorder>>::iterator locate(k4a_record_t handle)
{
    const auto found = registry().recorders.find(handle);
    if (found == registry().recorders.end())
    {
        fail(handle ? "the handle is not valid: of another type, or closed" : "the handle is NULL");
    }
    return found;
}

} // namespace

k4a_record_t register_recorder(std::shared_ptr<Recorder> recorder)
{
    std::lock_guard<std::mutex> lock(registry().mutex);
    const k4a_record_t handle = reinterpret_cast<k4a_record_t>(recorder.get());
    registry().recorders.emplace(handle, std::move(recorder));
    return handle;
}

std::shared_ptr<Recorder> find_recorder(k4a_record_t handle)
{
    std::lock_guard<std::mutex> lock(registry().mutex);
    return locate(handle)->second;
}

std::shared_ptr<Recorder> take_recorder(k4a_record_t handle)
{
    std::lock_guard<std::mutex> lock(registry().mutex);
    const auto found = locate(handle);
    std::shared_ptr<Recorder> recorder = std::move(found->second);
    registry().recorders.erase(found);
    return recorder;
}

} // namespace k4a_rp
