// The transformation functions of k4a.h.
#include "exports/transformation_boundary.hpp"

#include <k4a/k4a.h>

using namespace k4a_rp;

k4a_transformation_t k4a_transformation_create(const k4a_calibration_t *calibration)
{
    return at_boundary(__func__, k4a_transformation_t(nullptr), [&] {
        return reinterpret_cast<k4a_transformation_t>(new TransformationHandle(*require(calibration, "calibration")));
    });
}

void k4a_transformation_destroy(k4a_transformation_t transformation_handle)
{
    if (transformation_handle)
    {
        delete checked_or_null<TransformationHandle>(__func__, transformation_handle);
    }
}

k4a_result_t k4a_transformation_depth_image_to_color_camera(k4a_transformation_t transformation_handle,
                                                            const k4a_image_t depth_image,
                                                            k4a_image_t transformed_depth_image)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        to_transformation(transformation_handle).depth_to_color(to_view(depth_image), to_view(transformed_depth_image));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_transformation_depth_image_to_color_camera_custom(
    k4a_transformation_t transformation_handle,
    const k4a_image_t depth_image,
    const k4a_image_t custom_image,
    k4a_image_t transformed_depth_image,
    k4a_image_t transformed_custom_image,
    k4a_transformation_interpolation_type_t interpolation_type,
    uint32_t invalid_custom_value)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        to_transformation(transformation_handle)
            .depth_to_color_custom(to_view(depth_image), to_view(custom_image), to_view(transformed_depth_image),
                                   to_view(transformed_custom_image), interpolation_type, invalid_custom_value);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_transformation_color_image_to_depth_camera(k4a_transformation_t transformation_handle,
                                                            const k4a_image_t depth_image,
                                                            const k4a_image_t color_image,
                                                            k4a_image_t transformed_color_image)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        to_transformation(transformation_handle)
            .color_to_depth(to_view(depth_image), to_view(color_image), to_view(transformed_color_image));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_transformation_depth_image_to_point_cloud(k4a_transformation_t transformation_handle,
                                                           const k4a_image_t depth_image,
                                                           const k4a_calibration_type_t camera,
                                                           k4a_image_t xyz_image)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        to_transformation(transformation_handle).depth_to_point_cloud(to_view(depth_image), camera, to_view(xyz_image));
        return K4A_RESULT_SUCCEEDED;
    });
}
