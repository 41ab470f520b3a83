/*
 * Times one library pair at reading one recording. Prints one JSON object.
 *
 * usage: playback_bench MODE FILE [N]
 *   full | depth | timestamps   all captures forwards: every pixel of every image, of depth only, timestamps only
 *   backwards                   all captures from the end, every pixel
 *   imu                         all IMU samples, one call each
 *   seek                        N random seeks, each with one capture (no pixels)
 *   open                        N times open and close
 *   handle                      memory of one open handle
 *   limit                       no library: the file through read() into one buffer, swapped, every byte touched
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static volatile uint64_t sink;

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A line of /proc/self/status, in KiB: VmHWM is the peak since exec, VmRSS what is resident now. */
static long status_kib(const char *key)
{
    char line[256];
    long value = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof(line), status))
    {
        if (strncmp(line, key, strlen(key)) == 0)
        {
            value = strtol(line + strlen(key) + 1, NULL, 10);
        }
    }
    if (status)
    {
        fclose(status);
    }
    return value;
}

static uint64_t sum_bytes(const uint8_t *data, size_t size)
{
    uint64_t sum = 0;
    for (; size >= 8; size -= 8, data += 8)
    {
        uint64_t word;
        memcpy(&word, data, 8);
        sum += word;
    }
    return sum;
}

static void use_image(k4a_image_t image, int pixels)
{
    if (image)
    {
        sink += pixels ? sum_bytes(k4a_image_get_buffer(image), k4a_image_get_size(image)) :
                         k4a_image_get_device_timestamp_usec(image);
        k4a_image_release(image);
    }
}

static long read_captures(k4a_playback_t playback, const char *mode)
{
    const int backwards = strcmp(mode, "backwards") == 0;
    const int all_pixels = backwards || strcmp(mode, "full") == 0;
    const int depth_pixels = all_pixels || strcmp(mode, "depth") == 0;
    long count = 0;
    k4a_capture_t capture;
    if (backwards)
    {
        k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_END);
    }
    while ((backwards ? k4a_playback_get_previous_capture(playback, &capture) :
                        k4a_playback_get_next_capture(playback, &capture)) == K4A_STREAM_RESULT_SUCCEEDED)
    {
        use_image(k4a_capture_get_depth_image(capture), depth_pixels);
        if (all_pixels || !depth_pixels)
        {
            use_image(k4a_capture_get_color_image(capture), all_pixels);
            use_image(k4a_capture_get_ir_image(capture), all_pixels);
        }
        k4a_capture_release(capture);
        ++count;
    }
    return count;
}

static long read_imu(k4a_playback_t playback)
{
    long count = 0;
    k4a_imu_sample_t sample;
    while (k4a_playback_get_next_imu_sample(playback, &sample) == K4A_STREAM_RESULT_SUCCEEDED)
    {
        sink += sample.acc_timestamp_usec;
        ++count;
    }
    return count;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static long seek_randomly(k4a_playback_t playback, long n, double *median)
{
    const uint64_t length = k4a_playback_get_recording_length_usec(playback);
    double *took = malloc((size_t)n * sizeof(*took));
    unsigned seed = 1;
    for (long i = 0; i < n; ++i)
    {
        const uint64_t target = ((uint64_t)rand_r(&seed) << 16 ^ (uint64_t)rand_r(&seed)) % (length + 1);
        k4a_capture_t capture = NULL;
        const double start = wall_seconds();
        k4a_playback_seek_timestamp(playback, (int64_t)target, K4A_PLAYBACK_SEEK_BEGIN);
        if (k4a_playback_get_next_capture(playback, &capture) == K4A_STREAM_RESULT_SUCCEEDED)
        {
            k4a_capture_release(capture);
        }
        took[i] = wall_seconds() - start;
    }
    qsort(took, (size_t)n, sizeof(*took), compare_doubles);
    *median = took[n / 2];
    free(took);
    return n;
}

static void swap_words(uint16_t *words, size_t count)
{
    for (size_t i = 0; i < count; ++i)
    {
        words[i] = (uint16_t)(words[i] << 8 | words[i] >> 8);
    }
}

static long read_limit(const char *path)
{
    static uint16_t buffer[64 * 1024];
    const int file = open(path, O_RDONLY);
    long count = 0;
    for (ssize_t got; (got = read(file, buffer, sizeof(buffer))) > 0; ++count)
    {
        swap_words(buffer, (size_t)got / 2);
        sink += sum_bytes((const uint8_t *)buffer, (size_t)got);
    }
    close(file);
    return count;
}

int main(int argc, char **argv)
{
    if (argc < 3)
    {
        return 2;
    }
    const char *mode = argv[1];
    const long n = argc > 3 ? atol(argv[3]) : 100;
    const long rss_before = status_kib("VmRSS");
    double cpu = cpu_seconds();
    double wall = wall_seconds();
    double median = 0;
    long count = n;
    k4a_playback_t playback = NULL;
    if (strcmp(mode, "limit") == 0)
    {
        count = read_limit(argv[2]);
    }
    else
    {
        for (long i = 0; strcmp(mode, "open") == 0 && i < n; ++i)
        {
            if (k4a_playback_open(argv[2], &playback) != K4A_RESULT_SUCCEEDED)
            {
                return 1;
            }
            k4a_playback_close(playback);
        }
        if (strcmp(mode, "open") != 0)
        {
            if (k4a_playback_open(argv[2], &playback) != K4A_RESULT_SUCCEEDED)
            {
                return 1;
            }
            cpu = cpu_seconds();
            wall = wall_seconds();
            count = strcmp(mode, "imu") == 0    ? read_imu(playback) :
                    strcmp(mode, "seek") == 0   ? seek_randomly(playback, n, &median) :
                    strcmp(mode, "handle") == 0 ? 1 :
                                                  read_captures(playback, mode);
        }
    }
    cpu = cpu_seconds() - cpu;
    wall = wall_seconds() - wall;
    printf("{\"count\": %ld, \"cpu\": %.9f, \"wall\": %.9f, \"median\": %.9f, \"rss_kib\": %ld, \"peak_kib\": %ld}\n",
           count,
           cpu,
           wall,
           median,
           status_kib("VmRSS") - rss_before,
           status_kib("VmHWM"));
    return 0;
}
