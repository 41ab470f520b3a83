#include "simulated/sync_bus.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace k4a_rp
{

namespace
{

struct Bus
{
    std::mutex mutex;
    uint64_t last_id = 0;
    std::vector<MasterRun> runs;
};

// Never destroyed: devices may be open while the process ends.
Bus &bus()
{
    static Bus *instance = new Bus;
    return *instance;
}

} // namespace

uint64_t start_master(uint64_t start_usec, unsigned fps)
{
    std::lock_guard<std::mutex> lock(bus().mutex);
    bus().runs.push_back({++bus().last_id, start_usec, fps});
    return bus().last_id;
}

void stop_master(uint64_t id)
{
    std::lock_guard<std::mutex> lock(bus().mutex);
    std::vector<MasterRun> &runs = bus().runs;
    const auto is_it = [id](const MasterRun &run) { return run.id == id; };
    runs.erase(std::remove_if(runs.begin(), runs.end(), is_it), runs.end());
}

std::optional<MasterRun> running_master()
{
    std::lock_guard<std::mutex> lock(bus().mutex);
    return bus().runs.empty() ? std::nullopt : std::optional<MasterRun>(bus().runs.back());
}

} // namespace k4a_rp
