/*
 * Plays a recording with the C ABI alone and prints what it finds: run on two implementations, the output must be the
 * same. Usage: play_recording FILE
 */
#include <k4a/k4a.h>
#include <k4arecord/playback.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t checksum(const uint8_t *data, size_t size)
{
    uint64_t sum = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
    {
        sum = (sum ^ data[i]) * 1099511628211u;
    }
    return sum;
}

static void print_image(const char *name, k4a_image_t image)
{
    if (image == NULL)
    {
        printf("  %s: none\n", name);
        return;
    }
    const uint8_t *const buffer = k4a_image_get_buffer(image);
    const size_t size = k4a_image_get_size(image);
    printf("  %s: format %d, %d x %d, stride %d, %zu bytes, sum %016" PRIx64 ", device %" PRIu64 " us, system %" PRIu64
           " ns, exposure %" PRIu64 ", white balance %" PRIu32 ", iso %" PRIu32 "\n",
           name,
           (int)k4a_image_get_format(image),
           k4a_image_get_width_pixels(image),
           k4a_image_get_height_pixels(image),
           k4a_image_get_stride_bytes(image),
           size,
           buffer == NULL ? 0 : checksum(buffer, size),
           k4a_image_get_device_timestamp_usec(image),
           k4a_image_get_system_timestamp_nsec(image),
           k4a_image_get_exposure_usec(image),
           k4a_image_get_white_balance(image),
           k4a_image_get_iso_speed(image));
    k4a_image_release(image);
}

static void print_capture(k4a_capture_t capture)
{
    print_image("color", k4a_capture_get_color_image(capture));
    print_image("depth", k4a_capture_get_depth_image(capture));
    print_image("ir", k4a_capture_get_ir_image(capture));
    k4a_capture_release(capture);
}

static void print_configuration(k4a_playback_t playback)
{
    k4a_record_configuration_t c;
    if (k4a_playback_get_record_configuration(playback, &c) != K4A_RESULT_SUCCEEDED)
    {
        printf("no configuration\n");
        return;
    }
    printf("color %d %d, depth %d, fps %d, tracks %d %d %d %d, delay %" PRId32 ", sync %d %" PRIu32 ", start %" PRIu32
           "\n",
           (int)c.color_format,
           (int)c.color_resolution,
           (int)c.depth_mode,
           (int)c.camera_fps,
           c.color_track_enabled,
           c.depth_track_enabled,
           c.ir_track_enabled,
           c.imu_track_enabled,
           c.depth_delay_off_color_usec,
           (int)c.wired_sync_mode,
           c.subordinate_delay_off_master_usec,
           c.start_timestamp_offset_usec);
}

static void print_tracks(k4a_playback_t playback)
{
    const size_t count = k4a_playback_get_track_count(playback);
    printf("%zu tracks\n", count);
    for (size_t i = 0; i < count; i++)
    {
        char name[64] = "";
        char codec[64] = "";
        size_t size = sizeof(name);
        k4a_playback_get_track_name(playback, i, name, &size);
        size = sizeof(codec);
        k4a_playback_track_get_codec_id(playback, name, codec, &size);
        size_t needed = 0;
        const int result = k4a_playback_track_get_codec_context(playback, name, NULL, &needed);
        printf("  %s: %s, builtin %d, context %d %zu\n",
               name,
               codec,
               k4a_playback_track_is_builtin(playback, name),
               result,
               needed);
    }
}

static void print_texts(k4a_playback_t playback)
{
    static const char *const names[] = { "K4A_DEVICE_SERIAL_NUMBER",
                                         "K4A_COLOR_MODE",
                                         "K4A_START_OFFSET_NS",
                                         "NO_TAG" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    {
        char value[256] = "";
        size_t size = sizeof(value);
        const int result = k4a_playback_get_tag(playback, names[i], value, &size);
        printf("tag %s: %d '%s'\n", names[i], result, value);
    }
    size_t size = 0;
    int result = k4a_playback_get_raw_calibration(playback, NULL, &size);
    printf("calibration: %d, %zu bytes\n", result, size);
    uint8_t *const raw = malloc(size + 1);
    if (raw != NULL && result == K4A_BUFFER_RESULT_TOO_SMALL)
    {
        result = k4a_playback_get_raw_calibration(playback, raw, &size);
        printf("calibration: %d, sum %016" PRIx64 "\n", result, checksum(raw, size));
    }
    free(raw);
}

static void play(k4a_playback_t playback)
{
    k4a_capture_t capture = NULL;
    k4a_stream_result_t result;
    int count = 0;
    while ((result = k4a_playback_get_next_capture(playback, &capture)) == K4A_STREAM_RESULT_SUCCEEDED)
    {
        printf("capture %d\n", count++);
        print_capture(capture);
    }
    printf("forwards: %d captures, then %d\n", count, (int)result);
    count = 0;
    while ((result = k4a_playback_get_previous_capture(playback, &capture)) == K4A_STREAM_RESULT_SUCCEEDED)
    {
        printf("capture %d from the end\n", count++);
        print_capture(capture);
    }
    printf("backwards: %d captures, then %d\n", count, (int)result);

    k4a_imu_sample_t sample;
    count = 0;
    while ((result = k4a_playback_get_next_imu_sample(playback, &sample)) == K4A_STREAM_RESULT_SUCCEEDED)
    {
        if (count++ < 3)
        {
            printf("imu %" PRIu64 " %.9g %.9g %.9g, %" PRIu64 " %.9g %.9g %.9g\n",
                   sample.acc_timestamp_usec,
                   sample.acc_sample.xyz.x,
                   sample.acc_sample.xyz.y,
                   sample.acc_sample.xyz.z,
                   sample.gyro_timestamp_usec,
                   sample.gyro_sample.xyz.x,
                   sample.gyro_sample.xyz.y,
                   sample.gyro_sample.xyz.z);
        }
    }
    printf("imu: %d samples, then %d\n", count, (int)result);
}

int main(int argc, char **argv)
{
    k4a_playback_t playback = NULL;
    if (argc != 2)
    {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    const k4a_result_t opened = k4a_playback_open(argv[1], &playback);
    printf("open: %d\n", (int)opened);
    if (K4A_FAILED(opened))
    {
        return 1;
    }
    printf("length %" PRIu64 " us\n", k4a_playback_get_recording_length_usec(playback));
    print_configuration(playback);
    print_tracks(playback);
    print_texts(playback);
    play(playback);
    const k4a_result_t sought = k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN);
    k4a_capture_t capture = NULL;
    const k4a_stream_result_t got = k4a_playback_get_next_capture(playback, &capture);
    printf("seek %d, next %d\n", (int)sought, (int)got);
    if (got == K4A_STREAM_RESULT_SUCCEEDED)
    {
        print_capture(capture);
    }
    k4a_playback_close(playback);
    return 0;
}
