// The cable between devices: the pulses of a running master, which its subordinates follow.
#pragma once

#include <cstdint>
#include <optional>

namespace k4a_rp
{

struct MasterRun
{
    uint64_t id = 0;
    uint64_t start_usec = 0;
    unsigned fps = 0;
};

// Returns the run's id.
uint64_t start_master(uint64_t start_usec, unsigned fps);
void stop_master(uint64_t id);
// The run that began last, of those that go on.
std::optional<MasterRun> running_master();

} // namespace k4a_rp
