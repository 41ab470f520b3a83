// The members of the table of k4a_rp.h that concern recorders.
#pragma once

#include <k4a_rp/k4a_rp.h>

namespace k4a_rp
{

k4a_result_t record_get_options(k4a_record_t handle, k4a_rp_record_options_t *options);
k4a_result_t record_set_options(k4a_record_t handle, const k4a_rp_record_options_t *options);
k4a_result_t record_set_device(k4a_record_t handle,
                               const k4a_hardware_version_t *version,
                               const char *serial_number,
                               const uint8_t *calibration,
                               size_t calibration_size);
k4a_result_t record_get_state(k4a_record_t handle, k4a_rp_record_state_t *state);
k4a_buffer_result_t record_get_error_text(k4a_record_t handle, char *text, size_t *size);
k4a_result_t record_finish(k4a_record_t handle);

} // namespace k4a_rp
