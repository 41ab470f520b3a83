// The factory calibration of a simulated camera, in the text that real ones carry.
#pragma once

#include <cstdint>
#include <string>

namespace k4a_rp
{

// Differs a little from seed to seed, as between units. Does not depend on the locale.
std::string simulated_calibration(uint32_t seed);

} // namespace k4a_rp
