#include "core/simd.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace k4a_rp
{

namespace
{

SimdLevel best_level()
{
#if K4A_RP_SIMD_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
    {
        return SimdLevel::avx2;
    }
    if (__builtin_cpu_supports("sse4.1"))
    {
        return SimdLevel::sse41;
    }
#endif
    return SimdLevel::portable;
}

SimdLevel initial_level()
{
    const SimdLevel best = best_level();
    const char *const wanted = std::getenv("K4A_RP_SIMD");
    if (wanted == nullptr)
    {
        return best;
    }
    for (const SimdLevel level : {SimdLevel::portable, SimdLevel::sse41, SimdLevel::avx2})
    {
        if (level < best && std::strcmp(wanted, simd_level_name(level)) == 0)
        {
            return level;
        }
    }
    return best;
}

std::atomic<SimdLevel> &current_level()
{
    static std::atomic<SimdLevel> level{initial_level()};
    return level;
}

} // namespace

SimdLevel simd_level()
{
    return current_level().load(std::memory_order_relaxed);
}

bool set_simd_level(SimdLevel level)
{
    if (level > best_level())
    {
        return false;
    }
    current_level().store(level, std::memory_order_relaxed);
    return true;
}

const char *simd_level_name(SimdLevel level)
{
    switch (level)
    {
    case SimdLevel::portable:
        return "portable";
    case SimdLevel::sse41:
        return "sse41";
    case SimdLevel::avx2:
        return "avx2";
    }
    return "?";
}

} // namespace k4a_rp
