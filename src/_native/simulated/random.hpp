// Numbers that look random and are the same everywhere.
#pragma once

#include <cstdint>

namespace k4a_rp
{

inline uint64_t mix_bits(uint64_t bits)
{
    bits += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

// From 0 to 1, without 1.
inline double next_random(uint64_t &state)
{
    state = mix_bits(state);
    return static_cast<double>(state >> 11) * 0x1p-53;
}

} // namespace k4a_rp
