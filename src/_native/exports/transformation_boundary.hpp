// Transformations and their images as they come in.
#pragma once

#include "exports/boundary.hpp"
#include "image/image.hpp"
#include "transformation/transformation.hpp"

namespace k4a_rp
{

class TransformationHandle : public HandleObject
{
public:
    static constexpr size_t handle_marker = 0x6b34615f74726631u;

    explicit TransformationHandle(const k4a_calibration_t &calibration)
        : HandleObject(handle_marker), transformation(calibration)
    {
    }

    const Transformation transformation;
};

inline const Transformation &to_transformation(k4a_transformation_t handle)
{
    return checked<TransformationHandle>(handle)->transformation;
}

inline ImageView to_view(k4a_image_t handle)
{
    Image *const image = checked<Image>(handle);
    const ImageShape &shape = image->shape();
    return {shape.format, shape.width, shape.height, shape.stride, image->buffer(), image->size()};
}

} // namespace k4a_rp
