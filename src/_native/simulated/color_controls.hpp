// The settings of the colour camera. They stay when the device is closed.
#pragma once

#include <k4a/k4atypes.h>

#include <cstdint>
#include <mutex>

namespace k4a_rp
{

struct ColorControlFacts
{
    bool supports_auto;
    int32_t minimum;
    int32_t maximum;
    int32_t step;
    int32_t standard;
    k4a_color_control_mode_t standard_mode;
};

// Safe from several threads. Throws Error for commands, modes and values that there are not.
class ColorControls
{
public:
    ColorControls();

    static const ColorControlFacts &facts(k4a_color_control_command_t command);

    struct Setting
    {
        k4a_color_control_mode_t mode;
        int32_t value;
    };
    Setting get(k4a_color_control_command_t command) const;
    void set(k4a_color_control_command_t command, Setting setting);

    // What a picture is taken with, at so many a second.
    uint64_t exposure_usec(unsigned fps) const;
    uint32_t white_balance() const;
    uint32_t iso_speed() const;

private:
    static constexpr int commands = K4A_COLOR_CONTROL_POWERLINE_FREQUENCY + 1;
    mutable std::mutex mutex_;
    Setting settings_[commands];
};

} // namespace k4a_rp
