#include "simulated/color_controls.hpp"

#include "core/error.hpp"

namespace k4a_rp
{

namespace
{

constexpr k4a_color_control_mode_t automatic = K4A_COLOR_CONTROL_MODE_AUTO;
constexpr k4a_color_control_mode_t manual = K4A_COLOR_CONTROL_MODE_MANUAL;

// By command; a step of 0: there is no such control.
constexpr ColorControlFacts all_facts[] = {
    {true, 500, 133330, 100, 16670, automatic}, // exposure
    {false, 0, 0, 0, 0, manual},                // auto exposure priority: cameras do not have it any more
    {false, 0, 255, 1, 128, manual},            // brightness
    {false, 0, 10, 1, 5, manual},               // contrast
    {false, 0, 63, 1, 32, manual},              // saturation
    {false, 0, 4, 1, 2, manual},                // sharpness
    {true, 2500, 12500, 10, 4500, automatic},   // white balance
    {false, 0, 1, 1, 0, manual},                // backlight compensation
    {false, 0, 255, 1, 128, manual},            // gain
    {false, 1, 2, 1, 2, manual},                // powerline frequency
};

constexpr int32_t exposures_50_hz[] = {
    500, 1250, 2500, 10000, 20000, 30000, 40000, 50000, 60000, 80000, 100000, 120000, 130000};
constexpr int32_t exposures_60_hz[] = {
    500, 1250, 2500, 8330, 16670, 33330, 41670, 50000, 66670, 83330, 100000, 116670, 133330};
constexpr size_t exposures = sizeof(exposures_50_hz) / sizeof(exposures_50_hz[0]);

const int32_t *exposure_table(int32_t powerline)
{
    return powerline == 1 ? exposures_50_hz : exposures_60_hz;
}

// The camera knows these times only; others are rounded up.
int32_t rounded_exposure(int32_t value, const int32_t *table)
{
    for (size_t i = 0; i < exposures; ++i)
    {
        if (table[i] >= value)
        {
            return table[i];
        }
    }
    return table[exposures - 1];
}

} // namespace

ColorControls::ColorControls()
{
    for (int command = 0; command < commands; ++command)
    {
        settings_[command] = {all_facts[command].standard_mode, all_facts[command].standard};
    }
}

const ColorControlFacts &ColorControls::facts(k4a_color_control_command_t command)
{
    const int number = static_cast<int>(command);
    if (number < 0 || number >= commands || all_facts[number].step == 0)
    {
        fail_not_there("the camera has no colour control %d", number);
    }
    return all_facts[number];
}

ColorControls::Setting ColorControls::get(k4a_color_control_command_t command) const
{
    facts(command);
    std::lock_guard<std::mutex> lock(mutex_);
    return settings_[command];
}

void ColorControls::set(k4a_color_control_command_t command, Setting setting)
{
    const ColorControlFacts &known = facts(command);
    if (setting.mode != automatic && setting.mode != manual)
    {
        fail("the mode %d of a colour control does not exist", static_cast<int>(setting.mode));
    }
    std::lock_guard<std::mutex> lock(mutex_);
    if (setting.mode == automatic)
    {
        if (!known.supports_auto)
        {
            fail("colour control %d has the mode MANUAL only", static_cast<int>(command));
        }
        settings_[command] = {automatic, known.standard};
        return;
    }
    if (setting.value < known.minimum || setting.value > known.maximum)
    {
        fail("%d is outside the range of colour control %d: %d to %d",
             setting.value,
             static_cast<int>(command),
             known.minimum,
             known.maximum);
    }
    if (command == K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE)
    {
        const int32_t powerline = settings_[K4A_COLOR_CONTROL_POWERLINE_FREQUENCY].value;
        setting.value = rounded_exposure(setting.value, exposure_table(powerline));
    }
    else if ((setting.value - known.minimum) % known.step != 0)
    {
        fail("colour control %d goes in steps of %d: not %d", static_cast<int>(command), known.step, setting.value);
    }
    settings_[command] = setting;
}

uint64_t ColorControls::exposure_usec(unsigned fps) const
{
    std::lock_guard<std::mutex> lock(mutex_);
    const int32_t *table = exposure_table(settings_[K4A_COLOR_CONTROL_POWERLINE_FREQUENCY].value);
    int32_t exposure = settings_[K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE].value;
    const int32_t longest = static_cast<int32_t>(1000000 / fps) + 10; // the table is rounded
    for (size_t i = exposures; i-- > 0 && exposure > longest;)
    {
        exposure = table[i];
    }
    return static_cast<uint64_t>(exposure);
}

uint32_t ColorControls::white_balance() const
{
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<uint32_t>(settings_[K4A_COLOR_CONTROL_WHITEBALANCE].value);
}

uint32_t ColorControls::iso_speed() const
{
    std::lock_guard<std::mutex> lock(mutex_);
    return 100 + 4 * static_cast<uint32_t>(settings_[K4A_COLOR_CONTROL_GAIN].value);
}

} // namespace k4a_rp
