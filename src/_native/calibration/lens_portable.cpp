#include "calibration/lens.hpp"

#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define K4A_RP_ISA portable
#include "core/isa_begin.inc"

#include "calibration/lens_kernels.inc"

#include "core/isa_end.inc"
