// Rows of pixels, as fast as the processor can. Every level computes the same bytes.
#pragma once

#include "core/simd.hpp"

#include <cstdint>

namespace k4a_rp
{

// Each function does as many of the `width` pixels from the left as suit its vectors (an even number) and returns how
// many; color_rows.cpp does the rest one by one. It never writes beyond the row.
struct ColorKernels
{
    // One row of luma and the row of U and V that belongs to it.
    int (*nv12_to_bgra)(const uint8_t *y, const uint8_t *uv, uint8_t *bgra, int width);
    int (*yuy2_to_bgra)(const uint8_t *yuy2, uint8_t *bgra, int width);
    int (*bgra_to_luma)(const uint8_t *bgra, uint8_t *y, int width);
    // Two rows of pixels give one row of U and V by turns.
    int (*bgra_to_chroma)(const uint8_t *top, const uint8_t *bottom, uint8_t *uv, int width);
    int (*bgra_to_yuy2)(const uint8_t *bgra, uint8_t *yuy2, int width);
    int (*bgra_to_rgb)(const uint8_t *bgra, uint8_t *rgb, int width);
    int (*bgra_to_bgr)(const uint8_t *bgra, uint8_t *bgr, int width);
    int (*bgra_to_gray)(const uint8_t *bgra, uint8_t *gray, int width);
    // Where each value lies between low (0) and low + range (255): the rounded quotient; what is outside is clamped.
    int (*scale_16)(const uint16_t *values, uint8_t *scaled, int width, int low, int range, int factor);
};

extern const ColorKernels color_kernels_portable;
#if K4A_RP_SIMD_X86
extern const ColorKernels color_kernels_sse41;
extern const ColorKernels color_kernels_avx2;
#endif

} // namespace k4a_rp
