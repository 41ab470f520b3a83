// The members of the table of k4a_rp.h that concern colour and reading ahead.
#pragma once

#include <k4a_rp/k4a_rp.h>

namespace k4a_rp
{

k4a_result_t playback_get_damaged_color_count(k4a_playback_t handle, uint64_t *count);
k4a_result_t image_convert(k4a_image_t handle, k4a_image_format_t format, k4a_image_t *converted_handle);
k4a_result_t image_encode_jpeg(k4a_image_t handle, int quality, k4a_image_t *jpeg_handle);
k4a_result_t
image_read_pixels(k4a_image_t handle, k4a_rp_pixels_t layout, uint8_t *pixels, size_t size, size_t stride_bytes);
k4a_result_t image_colorize(k4a_image_t handle,
                            uint16_t low,
                            uint16_t high,
                            const uint8_t *color_map,
                            uint8_t *pixels,
                            size_t size,
                            size_t stride_bytes);
k4a_result_t prefetch_create(k4a_playback_t handle,
                             const k4a_rp_prefetch_options_t *options,
                             k4a_rp_prefetch_t *prefetch_handle);
k4a_rp_prefetch_result_t prefetch_next(k4a_rp_prefetch_t handle, int32_t timeout_in_ms, k4a_capture_t *capture_handle);
void prefetch_destroy(k4a_rp_prefetch_t handle);

} // namespace k4a_rp
