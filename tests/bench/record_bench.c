/* Records synthetic camera data with any pair of libk4a and libk4arecord and prints figures as JSON.
 *
 *   record_bench PATH CAPTURES PACED
 *
 * MJPG_1080P (450 kB a picture), NFOV_UNBINNED depth and IR at 30 fps, IMU at 1666 Hz. PACED 1: as a camera delivers
 * them, 0: as fast as the library takes them.
 */
#define _GNU_SOURCE
#include <k4a/k4a.h>
#include <k4arecord/record.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum
{
    JPEG_BYTES = 450000,
    DEPTH_BYTES = 640 * 576 * 2,
    POOL = 2 /* pictures of each kind: small, so that the peak of memory is the library's */
};

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* Unlike ru_maxrss it begins anew with the program. */
static long status_kib(const char *name)
{
    char line[256];
    long value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
    {
        if (strncmp(line, name, strlen(name)) == 0)
        {
            value = atol(line + strlen(name) + 1);
        }
    }
    if (file)
    {
        fclose(file);
    }
    return value;
}

static uint8_t *noise(size_t size, unsigned seed)
{
    uint8_t *bytes = malloc(size);
    for (size_t i = 0; i < size; ++i)
    {
        seed = seed * 1103515245u + 12345u;
        bytes[i] = (uint8_t)(seed >> 16);
    }
    return bytes;
}

static k4a_image_t wrap(k4a_image_format_t format, int width, int height, int stride, uint8_t *data, size_t size,
                        uint64_t usec)
{
    k4a_image_t image = NULL;
    k4a_image_create_from_buffer(format, width, height, stride, data, size, NULL, NULL, &image);
    k4a_image_set_device_timestamp_usec(image, usec);
    return image;
}

int main(int argc, char **argv)
{
    if (argc != 4)
    {
        return 2;
    }
    const int captures = atoi(argv[2]);
    const int paced = atoi(argv[3]);
    uint8_t *jpeg[POOL], *depth[POOL], *ir[POOL];
    for (unsigned k = 0; k < POOL; ++k)
    {
        jpeg[k] = noise(JPEG_BYTES, k);
        depth[k] = noise(DEPTH_BYTES, 100 + k);
        ir[k] = noise(DEPTH_BYTES, 200 + k);
    }
    k4a_device_configuration_t configuration = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
    configuration.color_resolution = K4A_COLOR_RESOLUTION_1080P;
    configuration.depth_mode = K4A_DEPTH_MODE_NFOV_UNBINNED;
    configuration.camera_fps = K4A_FRAMES_PER_SECOND_30;
    k4a_record_t recording = NULL;
    if (k4a_record_create(argv[1], NULL, configuration, &recording) != K4A_RESULT_SUCCEEDED ||
        k4a_record_add_imu_track(recording) != K4A_RESULT_SUCCEEDED ||
        k4a_record_write_header(recording) != K4A_RESULT_SUCCEEDED)
    {
        return 3;
    }
    const long before_kib = status_kib("VmRSS:");
    const double began = wall(), began_cpu = cpu();
    double longest = 0;
    long failures = 0, half_kib = 0;
    uint64_t sample_number = 0;
    for (int i = 0; i < captures; ++i)
    {
        const double due = began + i / 30.0 - wall();
        if (paced && due > 0)
        {
            const struct timespec time = {(time_t)due, (long)((due - (double)(time_t)due) * 1e9)};
            nanosleep(&time, NULL);
        }
        const uint64_t usec = 1000000 + (uint64_t)i * 1000000 / 30;
        const unsigned k = (unsigned)i % POOL;
        k4a_capture_t capture = NULL;
        k4a_capture_create(&capture);
        k4a_image_t images[3] = {
            wrap(K4A_IMAGE_FORMAT_COLOR_MJPG, 1920, 1080, 0, jpeg[k], JPEG_BYTES, usec),
            wrap(K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 1280, depth[k], DEPTH_BYTES, usec),
            wrap(K4A_IMAGE_FORMAT_IR16, 640, 576, 1280, ir[k], DEPTH_BYTES, usec)};
        k4a_capture_set_color_image(capture, images[0]);
        k4a_capture_set_depth_image(capture, images[1]);
        k4a_capture_set_ir_image(capture, images[2]);
        const double call = wall();
        failures += k4a_record_write_capture(recording, capture) != K4A_RESULT_SUCCEEDED;
        const double took = wall() - call;
        longest = took > longest ? took : longest;
        for (int slot = 0; slot < 3; ++slot)
        {
            k4a_image_release(images[slot]);
        }
        k4a_capture_release(capture);
        for (; 1000000 + sample_number * 1000000 / 1666 < usec + 33333; ++sample_number)
        {
            k4a_imu_sample_t sample = {0};
            sample.acc_timestamp_usec = sample.gyro_timestamp_usec = 1000000 + sample_number * 1000000 / 1666;
            failures += k4a_record_write_imu_sample(recording, sample) != K4A_RESULT_SUCCEEDED;
        }
        half_kib = i == captures / 2 ? status_kib("VmRSS:") : half_kib;
    }
    const double written = wall();
    const long end_kib = status_kib("VmRSS:");
    k4a_record_close(recording);
    const double closed = wall();
    printf("{\"cpu\": %.6f, \"wall\": %.6f, \"close\": %.6f, \"longest\": %.6f, "
           "\"peak_kib\": %ld, \"inputs_kib\": %ld, \"half_kib\": %ld, \"end_kib\": %ld, \"failures\": %ld}\n",
           cpu() - began_cpu,
           closed - began,
           closed - written,
           longest,
           status_kib("VmHWM:"),
           before_kib,
           half_kib,
           end_kib,
           failures);
    return 0;
}
