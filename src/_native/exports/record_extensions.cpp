#include "exports/record_extensions.hpp"

#include "exports/boundary.hpp"
#include "recording/recorder_registry.hpp"

namespace k4a_rp
{

k4a_result_t record_get_options(k4a_record_t handle, k4a_rp_record_options_t *options)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        *require(options, "options") = find_recorder(handle)->options();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t record_set_options(k4a_record_t handle, const k4a_rp_record_options_t *options)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(handle)->set_options(*require(options, "options"));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t record_set_device(k4a_record_t handle,
                               const k4a_hardware_version_t *version,
                               const char *serial_number,
                               const uint8_t *calibration,
                               size_t calibration_size)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        RecordedDevice device;
        device.version = *require(version, "version");
        device.serial = serial_number ? serial_number : "";
        if (calibration_size != 0)
        {
            require(calibration, "calibration");
            device.calibration.assign(calibration, calibration + calibration_size);
        }
        find_recorder(handle)->set_device(device);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t record_get_state(k4a_record_t handle, k4a_rp_record_state_t *state)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        *require(state, "state") = find_recorder(handle)->state();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_buffer_result_t record_get_error_text(k4a_record_t handle, char *text, size_t *size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        return copy_text_out(find_recorder(handle)->error_text(), text, size);
    });
}

k4a_result_t record_finish(k4a_record_t handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(handle)->close();
        return K4A_RESULT_SUCCEEDED;
    });
}

} // namespace k4a_rp
