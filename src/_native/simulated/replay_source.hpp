// A device that plays a recording as if it were live.
#pragma once

#include "simulated/options.hpp"
#include "simulated/source.hpp"

#include <string>

namespace k4a_rp
{

// Path in UTF-8. Throws Error where the file cannot be played.
std::unique_ptr<Source> make_replay_source(const std::string &path, const SimulatedOptions &options);

} // namespace k4a_rp
