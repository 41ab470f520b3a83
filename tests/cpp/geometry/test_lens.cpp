// The lens model: there and back, alone and in batches, on every instruction set.
#include "check.hpp"
#include "core/simd.hpp"
#include "scene.hpp"

#include <cmath>
#include <cstring>
#include <random>

using namespace k4a_rp;

static Lens depth_lens(bool rational)
{
    return make_lens(
        scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P, rational).depth_camera_calibration);
}

TEST(lens, projected_rays_unproject_to_themselves)
{
    std::minstd_rand random(3);
    for (const bool rational : {false, true})
    {
        const Lens lens = depth_lens(rational);
        for (int i = 0; i < 20000; ++i)
        {
            const float x = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
            const float y = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
            float u, v, back_x, back_y;
            REQUIRE(project(lens, x, y, u, v));
            REQUIRE(unproject(lens, u, v, back_x, back_y));
            CHECK(std::fabs(back_x - x) < 5e-6f && std::fabs(back_y - y) < 5e-6f);
        }
    }
}

TEST(lens, rays_outside_the_radius_are_left_alone)
{
    const Lens lens = depth_lens(false);
    float u = 1, v = 2;
    CHECK(!project(lens, 1.75f, 0.0f, u, v));
    CHECK_EQUAL(u, 1.0f);
    CHECK_EQUAL(v, 2.0f);
    CHECK(project(lens, 1.73f, 0.0f, u, v));
}

TEST(lens, pixels_that_no_ray_reaches_are_invalid)
{
    float x, y;
    CHECK(!unproject(depth_lens(false), -500.0f, -500.0f, x, y));
}

TEST(lens, batches_equal_single_calls_on_every_instruction_set)
{
    constexpr size_t count = 4096;
    std::minstd_rand random(5);
    std::vector<float> a(count), b(count), c(count), d(count);
    std::vector<int32_t> valid(count);
    for (size_t i = 0; i < count; ++i)
    {
        a[i] = static_cast<float>(random() % 900) - 120.0f + static_cast<float>(random() % 100) / 100.0f;
        b[i] = static_cast<float>(random() % 900) - 120.0f;
    }
    a[7] = NAN;
    b[9] = INFINITY;
    const SimdLevel before = simd_level();
    for (const bool rational : {false, true})
    {
        const Lens lens = depth_lens(rational);
        for (const SimdLevel level : {SimdLevel::portable, SimdLevel::sse41, SimdLevel::avx2})
        {
            if (!set_simd_level(level))
            {
                continue;
            }
            unproject_many(lens, count, a.data(), b.data(), c.data(), d.data(), valid.data());
            int different = 0;
            for (size_t i = 0; i < count; ++i)
            {
                float x, y;
                const bool found = unproject(lens, a[i], b[i], x, y);
                different += found != (valid[i] != 0);
                different += !std::isnan(x) && (x != c[i] || y != d[i]);
            }
            CHECK_EQUAL(different, 0);
            project_many(lens, count, c.data(), d.data(), a.data(), b.data(), valid.data());
            for (size_t i = 0; i < count; ++i)
            {
                float u, v;
                const bool found = project(lens, c[i], d[i], u, v);
                different += found != (valid[i] != 0);
                different += found && !std::isnan(u) && (u != a[i] || v != b[i]);
            }
            CHECK_EQUAL(different, 0);
        }
    }
    set_simd_level(before);
}

TEST(lens, unusable_models_are_refused)
{
    k4a_calibration_camera_t camera =
        scene::calibration(K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P).depth_camera_calibration;
    camera.intrinsics.type = K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA;
    CHECK_THROWS("lens model", make_lens(camera));
    camera.intrinsics.type = K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY;
    camera.intrinsics.parameter_count = 13;
    CHECK_THROWS("13 parameters", make_lens(camera));
    camera.intrinsics.parameter_count = 14;
    camera.intrinsics.parameters.param.fy = 0.0f;
    CHECK_THROWS("not positive", make_lens(camera));
}
