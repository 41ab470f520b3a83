// What the modes of the two cameras mean: how the sensor's image is scaled and cropped.
#pragma once

#include <k4a/k4atypes.h>

namespace k4a_rp
{

struct CameraMode
{
    int scaled_width; // the whole sensor, in pixels of this mode
    int scaled_height;
    int offset_x; // of the image inside it
    int offset_y;
    int width; // of the image
    int height;
};

// nullptr for OFF and for values that are no mode.
const CameraMode *depth_camera_mode(k4a_depth_mode_t mode);
const CameraMode *color_camera_mode(k4a_color_resolution_t resolution);

struct FieldOfView
{
    float horizontal_degrees;
    float vertical_degrees;
};

// The nominal field of view of a depth mode that has a camera mode.
FieldOfView nominal_field_of_view(k4a_depth_mode_t mode);

} // namespace k4a_rp
