// The lens model: rays (X/Z, Y/Z) to pixels and back, in single precision as the SDK computes it.
#pragma once

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

struct Lens
{
    float cx, cy, fx, fy;
    float k1, k2, k3, k4, k5, k6;
    float codx, cody; // centre of distortion
    float p1, p2;
    float tangential; // 2 for Brown-Conrady, 1 for Rational 6KT: the factor of the mixed tangential terms
    float radius2;    // rays with a larger squared radius are outside the model
};

// Throws Error when the model is not one that can be computed with.
Lens make_lens(const k4a_calibration_camera_t &camera);

// False, with u and v untouched, outside the model's radius.
bool project(const Lens &lens, float x, float y, float &u, float &v);

// The ray of a pixel; false when none was found (x and y are then where the search ended).
bool unproject(const Lens &lens, float u, float v, float &x, float &y);

// The same for many, separate arrays of coordinates. `count` must be a multiple of lens_batch; valid is 0 or -1.
// Coordinates of invalid results are unspecified.
constexpr size_t lens_batch = 16;
void project_many(const Lens &lens, size_t count, const float *x, const float *y, float *u, float *v, int32_t *valid);
void unproject_many(const Lens &lens, size_t count, const float *u, const float *v, float *x, float *y, int32_t *valid);

} // namespace k4a_rp
