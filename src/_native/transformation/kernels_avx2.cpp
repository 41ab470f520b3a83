#include "core/simd.hpp"

#if K4A_RP_SIMD_X86

#include "transformation/kernels.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <immintrin.h>

#define K4A_RP_ISA avx2
#define K4A_RP_ISA_AVX2 1
#include "core/isa_begin.inc"

#include "transformation/kernels.inc"

#include "core/isa_end.inc"

#endif
