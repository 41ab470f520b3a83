// The device functions of k4a.h. The engine has no camera of its own yet: they fail and say so.
#include "core/log.hpp"

#include <k4a/k4a.h>

namespace
{

template <typename Result> Result unavailable(const char *call, Result failure)
{
    K4A_RP_LOG_ERROR("%s: the bundled engine has no cameras; real ones need the SDK of Microsoft or Orbbec", call);
    return failure;
}

} // namespace

uint32_t k4a_device_get_installed_count()
{
    return 0; // nobody gets a simulated camera without asking for one
}

k4a_result_t k4a_device_open(uint32_t, k4a_device_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

void k4a_device_close(k4a_device_t)
{
    // There is no such handle to close.
}

k4a_wait_result_t k4a_device_get_capture(k4a_device_t, k4a_capture_t *, int32_t)
{
    return unavailable(__func__, K4A_WAIT_RESULT_FAILED);
}

k4a_wait_result_t k4a_device_get_imu_sample(k4a_device_t, k4a_imu_sample_t *, int32_t)
{
    return unavailable(__func__, K4A_WAIT_RESULT_FAILED);
}

k4a_result_t k4a_device_start_cameras(k4a_device_t, const k4a_device_configuration_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

void k4a_device_stop_cameras(k4a_device_t)
{
    unavailable(__func__, 0);
}

k4a_result_t k4a_device_start_imu(k4a_device_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

void k4a_device_stop_imu(k4a_device_t)
{
    unavailable(__func__, 0);
}

k4a_buffer_result_t k4a_device_get_serialnum(k4a_device_t, char *, size_t *)
{
    return unavailable(__func__, K4A_BUFFER_RESULT_FAILED);
}

k4a_result_t k4a_device_get_version(k4a_device_t, k4a_hardware_version_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_device_get_color_control_capabilities(
    k4a_device_t, k4a_color_control_command_t, bool *, int32_t *, int32_t *, int32_t *, int32_t *, k4a_color_control_mode_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_device_get_color_control(
    k4a_device_t, k4a_color_control_command_t, k4a_color_control_mode_t *, int32_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_device_set_color_control(
    k4a_device_t, k4a_color_control_command_t, k4a_color_control_mode_t, int32_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t, uint8_t *, size_t *)
{
    return unavailable(__func__, K4A_BUFFER_RESULT_FAILED);
}

k4a_result_t k4a_device_get_calibration(
    k4a_device_t, const k4a_depth_mode_t, const k4a_color_resolution_t, k4a_calibration_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_device_get_sync_jack(k4a_device_t, bool *, bool *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}
