// A device that looks into the scene.
#pragma once

#include "simulated/options.hpp"
#include "simulated/source.hpp"

namespace k4a_rp
{

std::unique_ptr<Source> make_scene_source(uint32_t seed, const SimulatedOptions &options);

} // namespace k4a_rp
