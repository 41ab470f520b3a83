// Conversions of whole rows of pixels: the kernels of this processor, and the last few pixels one by one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace k4a_rp::rows
{

// Two pixels share their U and V; where the width is odd, the last pixel has a pair of its own.
void nv12_to_bgra(const uint8_t *y, const uint8_t *uv, uint8_t *bgra, int width);
// Even widths.
void yuy2_to_bgra(const uint8_t *yuy2, uint8_t *bgra, int width);
void bgra_to_yuy2(const uint8_t *bgra, uint8_t *yuy2, int width);

void bgra_to_luma(const uint8_t *bgra, uint8_t *y, int width);
// U and V by turns, each of two by two pixels. Even widths.
void bgra_to_chroma(const uint8_t *top, const uint8_t *bottom, uint8_t *uv, int width);

void bgra_to_rgb(const uint8_t *bgra, uint8_t *rgb, int width);
void bgra_to_bgr(const uint8_t *bgra, uint8_t *bgr, int width);
// Luma over the full range, as JPEG has it.
void bgra_to_gray(const uint8_t *bgra, uint8_t *gray, int width);

// 0 up to `low`, 255 from `high` on, evenly between. low < high.
void scale_16(const uint16_t *values, uint8_t *scaled, int width, int low, int high);

} // namespace k4a_rp::rows
