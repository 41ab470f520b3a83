/* A libk4a with one device that always answers the same, for the functions that no camera is at hand for. */
#include <k4a/k4a.h>

#include <pthread.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool running, imu_running, is_open;
static int32_t control_values[10];
static k4a_color_control_mode_t control_modes[10];
static struct _k4a_device_t the_device;

static bool good(k4a_device_t device)
{
    return device == &the_device && is_open;
}

uint32_t k4a_device_get_installed_count(void)
{
    return 3;
}

k4a_result_t k4a_device_open(uint32_t index, k4a_device_t *device)
{
    if (index != 2 || is_open)
        return K4A_RESULT_FAILED;
    is_open = true;
    *device = &the_device;
    return K4A_RESULT_SUCCEEDED;
}

void k4a_device_close(k4a_device_t device)
{
    if (good(device))
        is_open = false;
}

static k4a_buffer_result_t give(const char *text, char *data, size_t *size)
{
    const size_t needed = strlen(text) + 1;
    const bool fits = data && *size >= needed;
    *size = needed;
    if (!fits)
        return K4A_BUFFER_RESULT_TOO_SMALL;
    memcpy(data, text, needed);
    return K4A_BUFFER_RESULT_SUCCEEDED;
}

k4a_buffer_result_t k4a_device_get_serialnum(k4a_device_t device, char *text, size_t *size)
{
    return good(device) ? give("FAKE0001", text, size) : K4A_BUFFER_RESULT_FAILED;
}

k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t device, uint8_t *data, size_t *size)
{
    return good(device) ? give("{\"fake\": true}", (char *)data, size) : K4A_BUFFER_RESULT_FAILED;
}

k4a_result_t k4a_device_get_version(k4a_device_t device, k4a_hardware_version_t *version)
{
    const k4a_hardware_version_t mine = { { 1, 2, 3 },
                                          { 4, 5, 6 },
                                          { 7, 8, 9 },
                                          { 10, 11, 12 },
                                          K4A_FIRMWARE_BUILD_DEBUG,
                                          K4A_FIRMWARE_SIGNATURE_UNSIGNED };
    *version = mine;
    return good(device) ? K4A_RESULT_SUCCEEDED : K4A_RESULT_FAILED;
}

k4a_result_t k4a_device_get_calibration(k4a_device_t device,
                                        const k4a_depth_mode_t depth_mode,
                                        const k4a_color_resolution_t color_resolution,
                                        k4a_calibration_t *calibration)
{
    calibration->depth_mode = depth_mode;
    calibration->color_resolution = color_resolution;
    calibration->color_camera_calibration.metric_radius = 1.5f;
    return good(device) ? K4A_RESULT_SUCCEEDED : K4A_RESULT_FAILED;
}

k4a_result_t k4a_device_get_sync_jack(k4a_device_t device, bool *in, bool *out)
{
    *in = true;
    *out = false;
    return good(device) ? K4A_RESULT_SUCCEEDED : K4A_RESULT_FAILED;
}

k4a_result_t k4a_device_get_color_control_capabilities(k4a_device_t device,
                                                       k4a_color_control_command_t command,
                                                       bool *supports_auto,
                                                       int32_t *min_value,
                                                       int32_t *max_value,
                                                       int32_t *step_value,
                                                       int32_t *default_value,
                                                       k4a_color_control_mode_t *default_mode)
{
    *supports_auto = command == K4A_COLOR_CONTROL_WHITEBALANCE;
    *min_value = -1;
    *max_value = 100;
    *step_value = 10;
    *default_value = 50;
    *default_mode = K4A_COLOR_CONTROL_MODE_MANUAL;
    return good(device) ? K4A_RESULT_SUCCEEDED : K4A_RESULT_FAILED;
}

k4a_result_t k4a_device_get_color_control(k4a_device_t device,
                                          k4a_color_control_command_t command,
                                          k4a_color_control_mode_t *mode,
                                          int32_t *value)
{
    if (!good(device) || (unsigned)command > 9)
        return K4A_RESULT_FAILED;
    *mode = control_modes[command];
    *value = control_values[command];
    return K4A_RESULT_SUCCEEDED;
}

k4a_result_t k4a_device_set_color_control(k4a_device_t device,
                                          k4a_color_control_command_t command,
                                          k4a_color_control_mode_t mode,
                                          int32_t value)
{
    if (!good(device) || (unsigned)command > 9)
        return K4A_RESULT_FAILED;
    control_modes[command] = mode;
    control_values[command] = value;
    return K4A_RESULT_SUCCEEDED;
}

static void set(bool *which, bool value)
{
    pthread_mutex_lock(&mutex);
    *which = value;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

k4a_result_t k4a_device_start_cameras(k4a_device_t device, const k4a_device_configuration_t *config)
{
    /* Every field has a value that tells it from the others. */
    const bool as_expected = config->color_format == K4A_IMAGE_FORMAT_COLOR_BGRA32 &&
                             config->color_resolution == K4A_COLOR_RESOLUTION_2160P &&
                             config->depth_mode == K4A_DEPTH_MODE_WFOV_UNBINNED &&
                             config->camera_fps == K4A_FRAMES_PER_SECOND_15 && config->synchronized_images_only &&
                             config->depth_delay_off_color_usec == -160 &&
                             config->wired_sync_mode == K4A_WIRED_SYNC_MODE_SUBORDINATE &&
                             config->subordinate_delay_off_master_usec == 4000000000u &&
                             config->disable_streaming_indicator;
    if (!good(device) || !as_expected || running)
        return K4A_RESULT_FAILED;
    set(&running, true);
    return K4A_RESULT_SUCCEEDED;
}

void k4a_device_stop_cameras(k4a_device_t device)
{
    if (good(device))
        set(&running, false);
}

k4a_result_t k4a_device_start_imu(k4a_device_t device)
{
    if (!good(device) || !running)
        return K4A_RESULT_FAILED;
    set(&imu_running, true);
    return K4A_RESULT_SUCCEEDED;
}

void k4a_device_stop_imu(k4a_device_t device)
{
    if (good(device))
        set(&imu_running, false);
}

/* Nothing ever comes: waits for the time to pass or for the stream to stop. */
static k4a_wait_result_t wait_for_the_end(const bool *stream, int32_t timeout_in_ms)
{
    k4a_wait_result_t result = K4A_WAIT_RESULT_TIMEOUT;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += timeout_in_ms < 0 ? 3600 : timeout_in_ms / 1000;
    pthread_mutex_lock(&mutex);
    if (timeout_in_ms != 0)
        while (*stream && pthread_cond_timedwait(&changed, &mutex, &until) == 0)
            continue;
    if (!*stream)
        result = K4A_WAIT_RESULT_FAILED;
    pthread_mutex_unlock(&mutex);
    return result;
}

k4a_wait_result_t k4a_device_get_capture(k4a_device_t device, k4a_capture_t *capture, int32_t timeout_in_ms)
{
    if (!good(device))
        return K4A_WAIT_RESULT_FAILED;
    *capture = NULL;
    if (timeout_in_ms == 12345) /* what some libraries do when they wake up for nothing */
        return K4A_WAIT_RESULT_SUCCEEDED;
    return wait_for_the_end(&running, timeout_in_ms);
}

k4a_wait_result_t k4a_device_get_imu_sample(k4a_device_t device, k4a_imu_sample_t *sample, int32_t timeout_in_ms)
{
    if (!good(device))
        return K4A_WAIT_RESULT_FAILED;
    if (timeout_in_ms == 7) {
        const k4a_imu_sample_t mine = { 25.5f, { { 1, 2, 3 } }, 1ull << 40, { { -1, -2, -3 } }, (1ull << 40) + 1 };
        *sample = mine;
        return K4A_WAIT_RESULT_SUCCEEDED;
    }
    return wait_for_the_end(&imu_running, timeout_in_ms);
}
