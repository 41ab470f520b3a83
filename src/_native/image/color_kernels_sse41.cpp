#include "image/color_kernels.hpp"

#if K4A_RP_SIMD_X86

#include <immintrin.h>

#define K4A_RP_ISA sse41
#define K4A_RP_ISA_SSE41 1
#include "core/isa_begin.inc"

#include "image/color_kernels_x86.inc"

#include "core/isa_end.inc"

namespace k4a_rp
{

const ColorKernels color_kernels_sse41 = {sse41::nv12_to_bgra, sse41::yuy2_to_bgra, sse41::bgra_to_luma,
                                          sse41::bgra_to_chroma, sse41::bgra_to_yuy2, sse41::bgra_to_rgb,
                                          sse41::bgra_to_bgr,  sse41::bgra_to_gray, sse41::scale_16};

} // namespace k4a_rp

#endif
