#include "calibration/lens.hpp"

#include "core/error.hpp"
#include "core/simd.hpp"

namespace k4a_rp
{

namespace one_lane
{
#define K4A_RP_LANES 1
#include "core/lanes.inc"

#include "calibration/lens_math.inc"
} // namespace one_lane

#define K4A_RP_DECLARE_KERNELS(isa)                                                                                    \
    namespace isa                                                                                                      \
    {                                                                                                                  \
    void project_many(const Lens &, size_t, const float *, const float *, float *, float *, int32_t *);                \
    void unproject_many(const Lens &, size_t, const float *, const float *, float *, float *, int32_t *);              \
    }

K4A_RP_DECLARE_KERNELS(portable)
#if K4A_RP_SIMD_X86
K4A_RP_DECLARE_KERNELS(sse41)
K4A_RP_DECLARE_KERNELS(avx2)
#endif

Lens make_lens(const k4a_calibration_camera_t &camera)
{
    const k4a_calibration_intrinsics_t &intrinsics = camera.intrinsics;
    const bool brown_conrady = intrinsics.type == K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY;
    if (!brown_conrady && intrinsics.type != K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT)
    {
        fail("calibration: lens model %d cannot be used, only Brown-Conrady and Rational 6KT can",
             static_cast<int>(intrinsics.type));
    }
    if (intrinsics.parameter_count < 14)
    {
        fail("calibration: the lens model has %u parameters, 14 are needed", intrinsics.parameter_count);
    }
    const auto &p = intrinsics.parameters.param;
    if (!(p.fx > 0.0f) || !(p.fy > 0.0f))
    {
        fail("calibration: focal lengths (%g, %g) are not positive", static_cast<double>(p.fx),
             static_cast<double>(p.fy));
    }
    Lens lens = {};
    lens.cx = p.cx;
    lens.cy = p.cy;
    lens.fx = p.fx;
    lens.fy = p.fy;
    lens.k1 = p.k1;
    lens.k2 = p.k2;
    lens.k3 = p.k3;
    lens.k4 = p.k4;
    lens.k5 = p.k5;
    lens.k6 = p.k6;
    lens.codx = p.codx;
    lens.cody = p.cody;
    lens.p1 = p.p1;
    lens.p2 = p.p2;
    lens.tangential = brown_conrady ? 2.0f : 1.0f;
    lens.radius2 = camera.metric_radius * camera.metric_radius;
    return lens;
}

bool project(const Lens &lens, float x, float y, float &u, float &v)
{
    const one_lane::Distortion projection = one_lane::distort(lens, x, y);
    if (!projection.inside)
    {
        return false;
    }
    u = projection.u;
    v = projection.v;
    return true;
}

bool unproject(const Lens &lens, float u, float v, float &x, float &y)
{
    const one_lane::Unprojection ray = one_lane::unproject_lanes(lens, u, v);
    x = ray.x;
    y = ray.y;
    return ray.valid != 0;
}

void project_many(const Lens &lens, size_t count, const float *x, const float *y, float *u, float *v, int32_t *valid)
{
#if K4A_RP_SIMD_X86
    if (simd_level() == SimdLevel::avx2)
    {
        return avx2::project_many(lens, count, x, y, u, v, valid);
    }
    if (simd_level() == SimdLevel::sse41)
    {
        return sse41::project_many(lens, count, x, y, u, v, valid);
    }
#endif
    portable::project_many(lens, count, x, y, u, v, valid);
}

void unproject_many(const Lens &lens, size_t count, const float *u, const float *v, float *x, float *y, int32_t *valid)
{
#if K4A_RP_SIMD_X86
    if (simd_level() == SimdLevel::avx2)
    {
        return avx2::unproject_many(lens, count, u, v, x, y, valid);
    }
    if (simd_level() == SimdLevel::sse41)
    {
        return sse41::unproject_many(lens, count, u, v, x, y, valid);
    }
#endif
    portable::unproject_many(lens, count, u, v, x, y, valid);
}

} // namespace k4a_rp
