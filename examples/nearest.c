/* Prints the nearest distance that a camera, or a recording, sees in each frame. Plain C of the Azure Kinect SDK.
 *
 *   cc -std=c11 nearest.c -o nearest $(pyk4a-rp config --cflags --libs)
 *   PYK4A_RP_SIMULATED=scene ./nearest 10        10 frames of a simulated camera
 *   ./nearest session.mkv                        a recording
 *   LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu ./nearest 10    a real camera, on Microsoft's libraries
 */
#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <stdio.h>
#include <stdlib.h>

static void print_nearest(k4a_capture_t capture)
{
    k4a_image_t depth = k4a_capture_get_depth_image(capture);
    if (depth == NULL)
        return;
    unsigned nearest = 65535;
    const uint16_t *pixels = (const uint16_t *)(void *)k4a_image_get_buffer(depth);
    const size_t count = k4a_image_get_size(depth) / sizeof *pixels;
    for (size_t i = 0; i < count; ++i)
        if (pixels[i] != 0 && pixels[i] < nearest)
            nearest = pixels[i];
    printf("%llu us %u mm\n", (unsigned long long)k4a_image_get_device_timestamp_usec(depth), nearest);
    k4a_image_release(depth);
}

int main(int argc, char **argv)
{
    k4a_device_t device = NULL;
    k4a_playback_t playback = NULL;
    k4a_capture_t capture = NULL;
    char *end = "";
    long frames = argc > 1 ? strtol(argv[1], &end, 10) : 10;
    if (*end != 0) /* not a number: the name of a recording */
    {
        k4a_stream_result_t result;
        if (K4A_FAILED(k4a_playback_open(argv[1], &playback)))
            return fprintf(stderr, "%s cannot be played\n", argv[1]), 1;
        while ((result = k4a_playback_get_next_capture(playback, &capture)) == K4A_STREAM_RESULT_SUCCEEDED)
        {
            print_nearest(capture);
            k4a_capture_release(capture);
        }
        k4a_playback_close(playback);
        return result != K4A_STREAM_RESULT_EOF;
    }
    k4a_device_configuration_t configuration = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
    configuration.depth_mode = K4A_DEPTH_MODE_NFOV_UNBINNED;
    if (K4A_FAILED(k4a_device_open(0, &device)) || K4A_FAILED(k4a_device_start_cameras(device, &configuration)))
        return fprintf(stderr, "there is no camera that starts\n"), 1;
    for (; frames > 0 && k4a_device_get_capture(device, &capture, 10000) == K4A_WAIT_RESULT_SUCCEEDED; --frames)
    {
        print_nearest(capture);
        k4a_capture_release(capture);
    }
    k4a_device_close(device);
    return frames != 0;
}
