// Which instruction set the vector kernels use, chosen once at run time. Every level computes bit-identical results.
#pragma once

#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
#define K4A_RP_SIMD_X86 1
#else
#define K4A_RP_SIMD_X86 0
#endif

namespace k4a_rp
{

enum class SimdLevel
{
    portable, // what the compiler's baseline has: SSE2 on x86-64, NEON on ARM64, one lane with MSVC
    sse41,
    avx2
};

// The best level of this processor, or less when K4A_RP_SIMD (portable, sse41, avx2) asks for it.
SimdLevel simd_level();

// For tests and benchmarks: returns false when this processor cannot.
bool set_simd_level(SimdLevel level);

const char *simd_level_name(SimdLevel level);

} // namespace k4a_rp
