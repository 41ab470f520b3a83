// Conversions between uncompressed colour formats: BT.601, limited range, in libyuv's fixed point so that results are
// those of the SDK, which uses it. Rows are tightly packed.
#pragma once

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

// Bytes of a tightly packed image; 0 for formats without a fixed size.
size_t color_image_size(k4a_image_format_t format, int width, int height);

// True for every pair of NV12, YUY2 and BGRA32.
bool can_convert_color(k4a_image_format_t from, k4a_image_format_t to);

// `source` holds color_image_size(from), `target` has room for color_image_size(to); they do not overlap.
// Width must be even for YUY2.
void convert_color(k4a_image_format_t from,
                   k4a_image_format_t to,
                   const uint8_t *source,
                   uint8_t *target,
                   int width,
                   int height);

} // namespace k4a_rp
