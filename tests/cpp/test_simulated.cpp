// The scene of simulated cameras: what the cameras see agrees with what is there.
#include "check.hpp"

#include "calibration/calibration.hpp"
#include "image/jpeg.hpp"
#include "simulated/color_controls.hpp"
#include "simulated/scene_frames.hpp"

#include <atomic>
#include <cmath>
#include <cstdlib>

using namespace k4a_rp;

namespace
{

k4a_calibration_t calibration_for(const SceneModel &model, k4a_depth_mode_t mode, k4a_color_resolution_t resolution)
{
    return calibration_from_raw(model.calibration_text.c_str(), model.calibration_text.size() + 1, mode, resolution);
}

} // namespace

TEST(simulated, every_mode_has_a_calibration_that_can_be_computed_with)
{
    for (const uint32_t seed : {0u, 1u, 4294967295u})
    {
        const SceneModel model(seed);
        for (int mode = K4A_DEPTH_MODE_NFOV_2X2BINNED; mode <= K4A_DEPTH_MODE_PASSIVE_IR; ++mode)
        {
            const k4a_calibration_t calibration =
                calibration_for(model, static_cast<k4a_depth_mode_t>(mode), K4A_COLOR_RESOLUTION_3072P);
            // From a pixel to the point a metre away and back; the corners of the colour picture are the hardest.
            for (const float u : {0.0f, 2048.0f, 4095.0f})
            {
                k4a_float2_t pixel = {{u, 3071.0f}};
                k4a_float3_t point;
                k4a_float2_t back;
                CHECK(point_2d_to_3d(
                    calibration, pixel, 1000, K4A_CALIBRATION_TYPE_COLOR, K4A_CALIBRATION_TYPE_COLOR, point));
                CHECK(point_3d_to_2d(
                    calibration, point, K4A_CALIBRATION_TYPE_COLOR, K4A_CALIBRATION_TYPE_COLOR, back));
                CHECK(std::fabs(back.xy.x - u) < 0.1f && std::fabs(back.xy.y - 3071.0f) < 0.1f);
            }
        }
    }
}

TEST(simulated, depth_is_where_the_ball_is)
{
    const SceneModel model(4);
    const DepthFrames frames(model, K4A_DEPTH_MODE_NFOV_UNBINNED);
    const k4a_calibration_t calibration =
        calibration_for(model, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_OFF);
    std::vector<uint16_t> depth(static_cast<size_t>(frames.width() * frames.height()));
    for (unsigned phase = 0; phase < Scene::phases; ++phase)
    {
        frames.draw_depth(phase, depth.data());
        const Ball ball = model.scene.moving_ball(phase);
        // The point of the ball that faces the camera.
        const float distance = std::sqrt(dot(ball.center, ball.center));
        const Vector front = (1 - ball.radius / distance) * ball.center;
        k4a_float2_t pixel;
        REQUIRE(point_3d_to_2d(calibration,
                               {{front.x, front.y, front.z}},
                               K4A_CALIBRATION_TYPE_DEPTH,
                               K4A_CALIBRATION_TYPE_DEPTH,
                               pixel));
        const auto column = static_cast<size_t>(std::lround(pixel.xy.x));
        const auto row = static_cast<size_t>(std::lround(pixel.xy.y));
        const float found = depth[row * static_cast<size_t>(frames.width()) + column];
        CHECK(std::fabs(found - front.z) < 3);
    }
}

TEST(simulated, what_is_drawn_of_the_ball_is_the_whole_ball)
{
    const SceneModel model(2);
    const k4a_calibration_t calibration =
        calibration_for(model, K4A_DEPTH_MODE_WFOV_2X2BINNED, K4A_COLOR_RESOLUTION_OFF);
    const SceneView view(calibration, K4A_CALIBRATION_TYPE_DEPTH);
    for (unsigned phase = 0; phase < Scene::phases; phase += 3)
    {
        const Ball ball = model.scene.moving_ball(phase);
        const PixelArea area = view.area_of(ball);
        std::atomic<int> outside{0};
        view.for_each_ray(view.whole(), [&](int x, int y, const Ray *ray) {
            const bool inside =
                x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
            if (ray && !inside && model.scene.trace(*ray, &ball).distance != model.scene.trace(*ray, nullptr).distance)
            {
                ++outside;
            }
        });
        CHECK_EQUAL(outside.load(), 0);
        CHECK(area.width < view.width() / 2 && area.height < view.height() / 2);
    }
}

TEST(simulated, jpeg_shows_the_same_as_the_pixels)
{
    const SceneModel model(1);
    const ColorFrames plain(model, K4A_COLOR_RESOLUTION_720P, K4A_IMAGE_FORMAT_COLOR_BGRA32);
    std::vector<uint8_t> pixels(plain.size(5));
    plain.draw(5, pixels.data());
    if (!have_jpeg())
    {
        CHECK_THROWS("MJPG", ColorFrames::get(model, K4A_COLOR_RESOLUTION_720P, K4A_IMAGE_FORMAT_COLOR_MJPG));
        return;
    }
    const ColorFrames packed(model, K4A_COLOR_RESOLUTION_720P, K4A_IMAGE_FORMAT_COLOR_MJPG);
    std::vector<uint8_t> file(packed.size(5));
    packed.draw(5, file.data());
    std::vector<uint8_t> decoded(pixels.size());
    decode_jpeg(file.data(), file.size(), 1280, 720, PixelLayout::bgra, decoded.data(), 4 * 1280);
    double difference = 0;
    for (size_t i = 0; i < pixels.size(); ++i)
    {
        difference += std::abs(pixels[i] - decoded[i]);
    }
    CHECK(difference / static_cast<double>(pixels.size()) < 3);
}

TEST(simulated, exposure_fits_the_frame_rate)
{
    ColorControls controls;
    CHECK_EQUAL(controls.exposure_usec(30), 16670u);
    controls.set(K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, {K4A_COLOR_CONTROL_MODE_MANUAL, 133330});
    CHECK_EQUAL(controls.exposure_usec(5), 133330u);
    CHECK_EQUAL(controls.exposure_usec(15), 66670u);
    CHECK_EQUAL(controls.exposure_usec(30), 33330u);
    CHECK_THROWS("outside the range",
                 controls.set(K4A_COLOR_CONTROL_GAIN, {K4A_COLOR_CONTROL_MODE_MANUAL, 256}));
}
