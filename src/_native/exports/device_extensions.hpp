// The members of the table of k4a_rp.h that concern simulated devices.
#pragma once

#include <k4a_rp/k4a_rp.h>

namespace k4a_rp
{

k4a_result_t
simulated_device_open(const char *source, const k4a_rp_simulated_options_t *options, k4a_device_t *device_handle);
k4a_result_t simulated_device_unplug(k4a_device_t device_handle);
k4a_result_t simulated_device_has_ended(k4a_device_t device_handle, bool *captures, bool *imu_samples);

} // namespace k4a_rp
