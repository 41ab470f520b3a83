// Simulated cameras that are plugged in: those of the environment variable PYK4A_RP_SIMULATED, and those that were
// asked for one by one. Opening one makes a Device of it.
#pragma once

#include "simulated/color_controls.hpp"
#include "simulated/source.hpp"
#include "simulated/options.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace k4a_rp
{

class SimulatedUnit
{
public:
    // The text is one of: scene, scene:SEED, the path of a recording. Nothing is opened yet.
    SimulatedUnit(std::string text, SimulatedOptions options, unsigned number);

    const std::string &text() const { return text_; }
    const SimulatedOptions &options() const { return options_; }
    // Made by the first call. Throws Error where it cannot be had.
    Source &source();
    // As source(), with the serial number that the unit has.
    RecordedDevice facts();

    // False: somebody has it open.
    bool acquire() { return !open_.exchange(true); }
    void release() { open_ = false; }

    bool is_unplugged() const { return unplugged_; }
    void unplug() { unplugged_ = true; }

    ColorControls controls;

private:
    const std::string text_;
    const SimulatedOptions options_;
    const unsigned number_;
    std::mutex mutex_;
    std::unique_ptr<Source> source_;
    std::atomic<bool> open_{false};
    std::atomic<bool> unplugged_{false};
};

// In the order of their indices; those of the environment first. Reads the environment.
std::vector<std::shared_ptr<SimulatedUnit>> plugged_units();

// One more, until it is unplugged; acquired for the caller.
std::shared_ptr<SimulatedUnit> plug_in(const std::string &text, const SimulatedOptions &options);

// Cables: as its options say, else from each unit to the next.
SyncJacks jacks_of(const SimulatedUnit &unit);

} // namespace k4a_rp
