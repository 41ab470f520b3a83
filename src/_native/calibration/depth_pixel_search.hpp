// From a colour pixel to the depth pixel that sees the same point: the depth is unknown, so every depth pixel that
// could see the point, a curve in the depth image, is tried.
#pragma once

#include "calibration/lens.hpp"

#include <k4a/k4atypes.h>

#include <cstdint>

namespace k4a_rp
{

struct DepthView
{
    const uint16_t *pixels; // rows follow each other without padding
    int width;
    int height;
};

// An ideal camera, in which the curve is a straight line.
struct Pinhole
{
    float fx, fy, cx, cy;
};

class DepthPixelSearch
{
public:
    enum class Outcome
    {
        found,
        missed, // no pixel of the line sees the point; the target holds the nearest miss, if there was one
        no_line // the target is untouched
    };

    // Throws Error unless both cameras can be computed with. Refers to its arguments.
    DepthPixelSearch(const k4a_calibration_t &calibration, const DepthView &depth);

    Outcome find(const k4a_float2_t &color_pixel, k4a_float2_t &target) const;

private:
    struct Best;

    bool point_at(const k4a_float2_t &color_pixel, float depth_mm, k4a_float2_t &ideal) const;
    void walk(const k4a_float2_t &start, const k4a_float2_t &stop, Best &best) const;
    void try_rays(struct PointBlock &rays, Best &best) const;

    const k4a_calibration_t &calibration_;
    const DepthView depth_;
    const Lens depth_lens_;
    const Lens color_lens_;
    const Pinhole pinhole_;
};

} // namespace k4a_rp
