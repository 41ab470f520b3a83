#include "transformation/kernels.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define K4A_RP_ISA portable
#include "core/isa_begin.inc"

#include "transformation/kernels.inc"

#include "core/isa_end.inc"
