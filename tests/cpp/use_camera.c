/* Takes one capture of each camera that is there, and prints what it is. */
#include <k4a/k4a.h>

#include <stdio.h>

int main(void)
{
    const uint32_t count = k4a_device_get_installed_count();
    printf("%u devices\n", (unsigned)count);
    for (uint32_t index = 0; index < count; ++index)
    {
        k4a_device_t device = NULL;
        if (K4A_FAILED(k4a_device_open(index, &device)))
        {
            return 1;
        }
        k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
        config.camera_fps = K4A_FRAMES_PER_SECOND_30;
        config.color_format = K4A_IMAGE_FORMAT_COLOR_NV12;
        config.color_resolution = K4A_COLOR_RESOLUTION_720P;
        config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
        if (K4A_FAILED(k4a_device_start_cameras(device, &config)))
        {
            return 2;
        }
        k4a_capture_t capture = NULL;
        switch (k4a_device_get_capture(device, &capture, 10000))
        {
        case K4A_WAIT_RESULT_SUCCEEDED:
            break;
        case K4A_WAIT_RESULT_TIMEOUT:
            return 3;
        case K4A_WAIT_RESULT_FAILED:
            return 4;
        }
        k4a_image_t color = k4a_capture_get_color_image(capture);
        k4a_image_t depth = k4a_capture_get_depth_image(capture);
        printf("%d x %d colour, %d x %d depth\n",
               k4a_image_get_width_pixels(color),
               k4a_image_get_height_pixels(color),
               k4a_image_get_width_pixels(depth),
               k4a_image_get_height_pixels(depth));
        k4a_image_release(color);
        k4a_image_release(depth);
        k4a_capture_release(capture);
        k4a_device_stop_cameras(device);
        k4a_device_close(device);
    }
    return 0;
}
