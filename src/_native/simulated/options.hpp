// What can be chosen when a simulated device is asked for.
#pragma once

#include <string>

namespace k4a_rp
{

struct SyncJacks
{
    bool in = false;
    bool out = false;
};

struct SimulatedOptions
{
    double speed = 1;
    bool on_demand = false; // no clock: each capture is made when it is asked for
    bool repeat = false;    // a recording begins again when it ends
    unsigned lose_depth_every = 0;
    bool has_jacks = false; // else devices are chained in their order
    SyncJacks jacks;
    std::string serial;     // empty: one is made up
};

} // namespace k4a_rp
