// Depth images that come in to be searched.
#pragma once

#include "calibration/depth_pixel_search.hpp"
#include "exports/boundary.hpp"
#include "image/image.hpp"

namespace k4a_rp
{

// Rows are taken to follow each other, as in the SDK. Throws Error where bytes are missing.
inline DepthView depth_view(k4a_image_t handle)
{
    Image *const image = checked<Image>(handle);
    const ImageShape &shape = image->shape();
    const size_t needed = static_cast<size_t>(shape.width) * static_cast<size_t>(shape.height) * sizeof(uint16_t);
    const uint8_t *const pixels = image->buffer();
    if (!pixels || image->size() < needed)
    {
        fail("the depth image has %zu bytes instead of %zu", pixels ? image->size() : 0, needed);
    }
    return {reinterpret_cast<const uint16_t *>(pixels), shape.width, shape.height};
}

} // namespace k4a_rp
