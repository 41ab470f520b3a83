#include "image/color_kernels.hpp"

#if K4A_RP_SIMD_X86

#include <immintrin.h>

#define K4A_RP_ISA avx2
#define K4A_RP_ISA_AVX2 1
#include "core/isa_begin.inc"

#include "image/color_kernels_x86.inc"

#include "core/isa_end.inc"

namespace k4a_rp
{

const ColorKernels color_kernels_avx2 = {avx2::nv12_to_bgra, avx2::yuy2_to_bgra, avx2::bgra_to_luma,
                                          avx2::bgra_to_chroma, avx2::bgra_to_yuy2, avx2::bgra_to_rgb,
                                          avx2::bgra_to_bgr,  avx2::bgra_to_gray, avx2::scale_16};

} // namespace k4a_rp

#endif
