#include "exports/device_extensions.hpp"

#include "exports/boundary.hpp"
#include "simulated/device_registry.hpp"

#include <cmath>

namespace k4a_rp
{

namespace
{

SimulatedOptions checked_options(const k4a_rp_simulated_options_t *given)
{
    SimulatedOptions options;
    if (!given)
    {
        return options;
    }
    if (!std::isfinite(given->speed) || given->speed < 0 || given->speed > 1000)
    {
        fail("a clock cannot run at %g times real time: more than 0 and at most 1000 it can", given->speed);
    }
    options.speed = given->speed == 0 ? 1 : given->speed;
    options.on_demand = given->on_demand != 0;
    options.repeat = given->repeat != 0;
    options.lose_depth_every = given->lose_depth_every;
    if (given->sync_jacks > (K4A_RP_SYNC_JACKS_SET | K4A_RP_SYNC_JACK_IN | K4A_RP_SYNC_JACK_OUT))
    {
        fail("sync_jacks has bits that mean nothing: %u", given->sync_jacks);
    }
    options.has_jacks = given->sync_jacks != 0;
    options.jacks.in = (given->sync_jacks & K4A_RP_SYNC_JACK_IN) != 0;
    options.jacks.out = (given->sync_jacks & K4A_RP_SYNC_JACK_OUT) != 0;
    for (const char *at = given->serial_number; at && *at; ++at)
    {
        if (*at < 0x20 || *at > 0x7e)
        {
            fail("a serial number is printable ASCII");
        }
        options.serial += *at;
    }
    return options;
}

} // namespace

k4a_result_t
simulated_device_open(const char *source, const k4a_rp_simulated_options_t *options, k4a_device_t *device_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(source, "source");
        require(device_handle, "device_handle");
        const std::shared_ptr<SimulatedUnit> unit = plug_in(source, checked_options(options));
        try
        {
            unit->source();
        }
        catch (...)
        {
            unit->unplug();
            throw;
        }
        *device_handle = register_device(std::make_shared<Device>(unit, true));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t simulated_device_unplug(k4a_device_t device_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_device(device_handle)->unplug();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t simulated_device_has_ended(k4a_device_t device_handle, bool *captures, bool *imu_samples)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(captures, "captures");
        require(imu_samples, "imu_samples");
        const Device::Ended ended = find_device(device_handle)->ended();
        *captures = ended.captures;
        *imu_samples = ended.imu_samples;
        return K4A_RESULT_SUCCEEDED;
    });
}

} // namespace k4a_rp
