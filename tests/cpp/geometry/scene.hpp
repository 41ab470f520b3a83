// Made-up calibrations and depth images.
#pragma once

#include "calibration/calibration.hpp"
#include "transformation/transformation.hpp"

#include <cstdint>
#include <vector>

namespace scene
{

// A unit with invented numbers of the usual size; the second one has Rational 6KT lenses.
k4a_rp::FactoryCalibration made_up_unit(bool rational = false);

k4a_calibration_t calibration(k4a_depth_mode_t depth_mode, k4a_color_resolution_t resolution, bool rational = false);

// Pixels of one kind with the shape of a camera; may lie at an odd address.
class Pixels
{
public:
    Pixels(const k4a_calibration_camera_t &camera,
           k4a_image_format_t format,
           int bytes_per_pixel,
           size_t misplaced = 0);

    const k4a_rp::ImageView &view() const { return view_; }
    uint16_t word(size_t index) const;
    void set_word(size_t index, uint16_t value);
    uint8_t *bytes() { return view_.pixels; }
    const uint8_t *bytes() const { return view_.pixels; }
    size_t size() const { return view_.size; }
    bool operator==(const Pixels &other) const;

private:
    std::vector<uint8_t> memory_;
    k4a_rp::ImageView view_;
};

enum class Kind
{
    plane,
    slanted,
    steps,
    holes,
    noise,
    near,
    last
};

// The same pixels for the same arguments on every machine.
void fill_depth(Pixels &depth, Kind kind, unsigned seed);
void fill_random(Pixels &pixels, unsigned seed);

} // namespace scene
