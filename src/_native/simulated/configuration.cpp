#include "simulated/configuration.hpp"

#include "calibration/modes.hpp"
#include "core/error.hpp"

#include <cstdlib>

namespace k4a_rp
{

unsigned frames_per_second(k4a_fps_t fps)
{
    switch (fps)
    {
    case K4A_FRAMES_PER_SECOND_5:
        return 5;
    case K4A_FRAMES_PER_SECOND_15:
        return 15;
    case K4A_FRAMES_PER_SECOND_30:
        return 30;
    }
    fail("camera_fps %d does not exist", static_cast<int>(fps));
}

namespace
{

void check_sync(const k4a_device_configuration_t &configuration, const SyncJacks &jacks, bool color)
{
    switch (configuration.wired_sync_mode)
    {
    case K4A_WIRED_SYNC_MODE_STANDALONE:
        return;
    case K4A_WIRED_SYNC_MODE_MASTER:
        if (!jacks.out)
        {
            fail("a MASTER needs a cable in its sync out jack");
        }
        if (!color)
        {
            fail("a MASTER needs its colour camera on");
        }
        return;
    case K4A_WIRED_SYNC_MODE_SUBORDINATE:
        if (!jacks.in)
        {
            fail("a SUBORDINATE needs a cable in its sync in jack");
        }
        return;
    }
    fail("wired_sync_mode %d does not exist", static_cast<int>(configuration.wired_sync_mode));
}

} // namespace

void check_configuration(const k4a_device_configuration_t &configuration, const SyncJacks &jacks)
{
    const k4a_device_configuration_t &c = configuration;
    if (c.color_format < K4A_IMAGE_FORMAT_COLOR_MJPG || c.color_format > K4A_IMAGE_FORMAT_COLOR_BGRA32)
    {
        fail("color_format %d is none of MJPG, NV12, YUY2, BGRA32", static_cast<int>(c.color_format));
    }
    const bool color = c.color_resolution != K4A_COLOR_RESOLUTION_OFF;
    const bool depth = c.depth_mode != K4A_DEPTH_MODE_OFF;
    if (color && !color_camera_mode(c.color_resolution))
    {
        fail("color_resolution %d does not exist", static_cast<int>(c.color_resolution));
    }
    if (depth && !depth_camera_mode(c.depth_mode))
    {
        fail("depth_mode %d does not exist", static_cast<int>(c.depth_mode));
    }
    const int period_usec = static_cast<int>(1000000 / frames_per_second(c.camera_fps));
    if (!color && !depth)
    {
        fail("color_resolution and depth_mode are both OFF");
    }
    check_sync(c, jacks, color);
    if (!color || !depth)
    {
        if (c.depth_delay_off_color_usec != 0)
        {
            fail("depth_delay_off_color_usec is %d, but only one camera is on", c.depth_delay_off_color_usec);
        }
        if (c.synchronized_images_only)
        {
            fail("synchronized_images_only needs both cameras on");
        }
    }
    if (c.depth_delay_off_color_usec < -period_usec || c.depth_delay_off_color_usec > period_usec)
    {
        fail("depth_delay_off_color_usec is %d: at most %d to either side", c.depth_delay_off_color_usec, period_usec);
    }
    if (c.subordinate_delay_off_master_usec != 0 && c.wired_sync_mode != K4A_WIRED_SYNC_MODE_SUBORDINATE)
    {
        fail("subordinate_delay_off_master_usec is for SUBORDINATE devices only");
    }
    if (c.subordinate_delay_off_master_usec > static_cast<uint32_t>(period_usec))
    {
        fail("subordinate_delay_off_master_usec is %u: at most %d", c.subordinate_delay_off_master_usec, period_usec);
    }
}

void check_sensor_limits(const k4a_device_configuration_t &configuration)
{
    const unsigned fps = frames_per_second(configuration.camera_fps);
    if (configuration.depth_mode == K4A_DEPTH_MODE_WFOV_UNBINNED && fps > 15)
    {
        fail("depth_mode WFOV_UNBINNED goes up to 15 frames per second, not %u", fps);
    }
    if (configuration.color_resolution == K4A_COLOR_RESOLUTION_OFF)
    {
        return;
    }
    if (configuration.color_resolution == K4A_COLOR_RESOLUTION_3072P && fps > 15)
    {
        fail("color_resolution 3072P goes up to 15 frames per second, not %u", fps);
    }
    const bool only_720p = configuration.color_format == K4A_IMAGE_FORMAT_COLOR_NV12 ||
                           configuration.color_format == K4A_IMAGE_FORMAT_COLOR_YUY2;
    if (only_720p && configuration.color_resolution != K4A_COLOR_RESOLUTION_720P)
    {
        fail("NV12 and YUY2 colour have 720P only");
    }
}

} // namespace k4a_rp
