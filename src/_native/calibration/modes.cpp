#include "calibration/modes.hpp"

namespace k4a_rp
{

const CameraMode *depth_camera_mode(k4a_depth_mode_t mode)
{
    static const CameraMode nfov_binned = {512, 512, 96, 90, 320, 288};
    static const CameraMode nfov = {1024, 1024, 192, 180, 640, 576};
    static const CameraMode wfov_binned = {512, 512, 0, 0, 512, 512};
    static const CameraMode wfov = {1024, 1024, 0, 0, 1024, 1024};
    switch (mode)
    {
    case K4A_DEPTH_MODE_NFOV_2X2BINNED:
        return &nfov_binned;
    case K4A_DEPTH_MODE_NFOV_UNBINNED:
        return &nfov;
    case K4A_DEPTH_MODE_WFOV_2X2BINNED:
        return &wfov_binned;
    case K4A_DEPTH_MODE_WFOV_UNBINNED:
    case K4A_DEPTH_MODE_PASSIVE_IR:
        return &wfov;
    default:
        return nullptr;
    }
}

const CameraMode *color_camera_mode(k4a_color_resolution_t resolution)
{
    static const CameraMode modes[] = {
        {1280, 960, 0, 120, 1280, 720}, {1920, 1440, 0, 180, 1920, 1080}, {2560, 1920, 0, 240, 2560, 1440},
        {2048, 1536, 0, 0, 2048, 1536}, {3840, 2880, 0, 360, 3840, 2160}, {4096, 3072, 0, 0, 4096, 3072},
    };
    if (resolution < K4A_COLOR_RESOLUTION_720P || resolution > K4A_COLOR_RESOLUTION_3072P)
    {
        return nullptr;
    }
    return &modes[resolution - K4A_COLOR_RESOLUTION_720P];
}

FieldOfView nominal_field_of_view(k4a_depth_mode_t mode)
{
    const bool narrow = mode == K4A_DEPTH_MODE_NFOV_2X2BINNED || mode == K4A_DEPTH_MODE_NFOV_UNBINNED;
    return narrow ? FieldOfView{75.0f, 65.0f} : FieldOfView{120.0f, 120.0f};
}

} // namespace k4a_rp
