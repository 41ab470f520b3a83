// The device functions of k4a.h, for the simulated cameras that were asked for. The engine drives no real ones.
#include "exports/boundary.hpp"

#include "calibration/calibration.hpp"
#include "simulated/device_registry.hpp"

#include <k4a/k4a.h>

using namespace k4a_rp;

uint32_t k4a_device_get_installed_count()
{
    return at_boundary(__func__, 0u, [&] { return static_cast<uint32_t>(plugged_units().size()); });
}

k4a_result_t k4a_device_open(uint32_t index, k4a_device_t *device_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(device_handle, "device_handle");
        const std::vector<std::shared_ptr<SimulatedUnit>> units = plugged_units();
        if (units.empty())
        {
            fail("the bundled engine has simulated cameras only, and none was asked for (PYK4A_RP_SIMULATED=scene "
                 "does); real ones need the SDK of Microsoft or Orbbec");
        }
        if (index >= units.size())
        {
            fail("there is no device %u, only %zu", index, units.size());
        }
        const std::shared_ptr<SimulatedUnit> &unit = units[index];
        unit->source(); // what cannot be opened shows now
        if (!unit->acquire())
        {
            fail("device %u is in use: it is open already", index);
        }
        *device_handle = register_device(std::make_shared<Device>(unit, false));
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_device_close(k4a_device_t device_handle)
{
    at_boundary(__func__, 0, [&] {
        take_device(device_handle)->close();
        return 0;
    });
}

k4a_wait_result_t
k4a_device_get_capture(k4a_device_t device_handle, k4a_capture_t *capture_handle, int32_t timeout_in_ms)
{
    return at_boundary(__func__, K4A_WAIT_RESULT_FAILED, [&] {
        require(capture_handle, "capture_handle");
        Ref<Capture> capture;
        if (!find_device(device_handle)->get_capture(timeout_in_ms, capture))
        {
            return K4A_WAIT_RESULT_TIMEOUT;
        }
        *capture_handle = reinterpret_cast<k4a_capture_t>(capture.detach());
        return K4A_WAIT_RESULT_SUCCEEDED;
    });
}

k4a_wait_result_t
k4a_device_get_imu_sample(k4a_device_t device_handle, k4a_imu_sample_t *imu_sample, int32_t timeout_in_ms)
{
    return at_boundary(__func__, K4A_WAIT_RESULT_FAILED, [&] {
        require(imu_sample, "imu_sample");
        return find_device(device_handle)->get_imu_sample(timeout_in_ms, *imu_sample) ? K4A_WAIT_RESULT_SUCCEEDED
                                                                                      : K4A_WAIT_RESULT_TIMEOUT;
    });
}

k4a_result_t k4a_device_start_cameras(k4a_device_t device_handle, const k4a_device_configuration_t *config)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_device(device_handle)->start_cameras(*require(config, "config"));
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_device_stop_cameras(k4a_device_t device_handle)
{
    at_boundary(__func__, 0, [&] {
        find_device(device_handle)->stop_cameras();
        return 0;
    });
}

k4a_result_t k4a_device_start_imu(k4a_device_t device_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_device(device_handle)->start_imu();
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_device_stop_imu(k4a_device_t device_handle)
{
    at_boundary(__func__, 0, [&] {
        find_device(device_handle)->stop_imu();
        return 0;
    });
}

k4a_buffer_result_t
k4a_device_get_serialnum(k4a_device_t device_handle, char *serial_number, size_t *serial_number_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        return copy_text_out(find_device(device_handle)->unit().facts().serial, serial_number, serial_number_size);
    });
}

k4a_result_t k4a_device_get_version(k4a_device_t device_handle, k4a_hardware_version_t *version)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        *require(version, "version") = find_device(device_handle)->unit().source().facts().version;
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_device_get_color_control_capabilities(k4a_device_t device_handle,
                                                       k4a_color_control_command_t command,
                                                       bool *supports_auto,
                                                       int32_t *min_value,
                                                       int32_t *max_value,
                                                       int32_t *step_value,
                                                       int32_t *default_value,
                                                       k4a_color_control_mode_t *default_mode)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_device(device_handle)->unit();
        require(supports_auto, "supports_auto");
        require(min_value, "min_value");
        require(max_value, "max_value");
        require(step_value, "step_value");
        require(default_value, "default_value");
        require(default_mode, "default_mode");
        const ColorControlFacts &facts = ColorControls::facts(command);
        *supports_auto = facts.supports_auto;
        *min_value = facts.minimum;
        *max_value = facts.maximum;
        *step_value = facts.step;
        *default_value = facts.standard;
        *default_mode = facts.standard_mode;
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_device_get_color_control(k4a_device_t device_handle,
                                          k4a_color_control_command_t command,
                                          k4a_color_control_mode_t *mode,
                                          int32_t *value)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(mode, "mode");
        require(value, "value");
        const ColorControls::Setting setting = find_device(device_handle)->unit().controls.get(command);
        *mode = setting.mode;
        *value = setting.value;
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_device_set_color_control(k4a_device_t device_handle,
                                          k4a_color_control_command_t command,
                                          k4a_color_control_mode_t mode,
                                          int32_t value)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_device(device_handle)->unit().controls.set(command, {mode, value});
        return K4A_RESULT_SUCCEEDED;
    });
}

namespace
{

const std::vector<uint8_t> &calibration_of(SimulatedUnit &unit)
{
    const std::vector<uint8_t> &calibration = unit.source().facts().calibration;
    if (calibration.empty())
    {
        fail("the recording that is played has no calibration");
    }
    return calibration;
}

} // namespace

k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t device_handle, uint8_t *data, size_t *data_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        const std::shared_ptr<Device> device = find_device(device_handle);
        const std::vector<uint8_t> &calibration = calibration_of(device->unit());
        return copy_out(calibration.data(), calibration.size(), data, data_size);
    });
}

k4a_result_t k4a_device_get_calibration(k4a_device_t device_handle,
                                        const k4a_depth_mode_t depth_mode,
                                        const k4a_color_resolution_t color_resolution,
                                        k4a_calibration_t *calibration)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(calibration, "calibration");
        const std::shared_ptr<Device> device = find_device(device_handle);
        const std::vector<uint8_t> &raw = calibration_of(device->unit());
        *calibration =
            calibration_from_raw(reinterpret_cast<const char *>(raw.data()), raw.size(), depth_mode, color_resolution);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t
k4a_device_get_sync_jack(k4a_device_t device_handle, bool *sync_in_jack_connected, bool *sync_out_jack_connected)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(sync_in_jack_connected, "sync_in_jack_connected");
        require(sync_out_jack_connected, "sync_out_jack_connected");
        const SyncJacks jacks = jacks_of(find_device(device_handle)->unit());
        *sync_in_jack_connected = jacks.in;
        *sync_out_jack_connected = jacks.out;
        return K4A_RESULT_SUCCEEDED;
    });
}
