#include "simulated/scene_frames.hpp"

#include "calibration/calibration.hpp"
#include "core/buffer.hpp"
#include "core/error.hpp"
#include "image/jpeg.hpp"
#include "simulated/calibration_text.hpp"

#include <cmath>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <tuple>

namespace k4a_rp
{

namespace
{

constexpr int jpeg_quality = 90;

k4a_calibration_t calibration_of(const SceneModel &model, k4a_depth_mode_t mode, k4a_color_resolution_t resolution)
{
    const std::string &text = model.calibration_text;
    return calibration_from_raw(text.c_str(), text.size() + 1, mode, resolution);
}

// Frames in use, by what they show. Drawing takes a moment, so others who want the same wait for it.
template <typename Frames, typename Key> class Shared
{
public:
    template <typename Make> std::shared_ptr<const Frames> get(const Key &key, Make &&make)
    {
        std::lock_guard<std::mutex> lock(mutex_);
        std::shared_ptr<const Frames> frames = known_[key].lock();
        if (!frames)
        {
            frames = make();
            known_[key] = frames;
        }
        return frames;
    }

private:
    std::mutex mutex_;
    std::map<Key, std::weak_ptr<const Frames>> known_;
};

uint16_t to_16_bits(float value)
{
    return static_cast<uint16_t>(std::min(value + 0.5f, 65535.0f));
}

uint8_t to_8_bits(float value)
{
    return static_cast<uint8_t>(std::min(255 * value + 0.5f, 255.0f));
}

// The emitter sits at the camera, so that light falls off with the square of the distance; without it there is what the
// room gives.
uint16_t infrared_value(const Surface &surface, const Ray &ray, bool passive)
{
    const float facing = std::fabs(dot(surface.normal, ray.direction)) / std::sqrt(dot(ray.direction, ray.direction));
    if (passive)
    {
        return to_16_bits(250 * surface.infrared * Scene::lamp_light(surface));
    }
    const Vector way = surface.point - ray.origin;
    return to_16_bits(3.0e9f * surface.infrared * facing / dot(way, way));
}

template <typename Pixel>
void copy_area(const Pixel *source, const PixelArea &area, size_t channels, Pixel *target, int target_width)
{
    const size_t row = static_cast<size_t>(area.width) * channels;
    for (int y = 0; y < area.height; ++y)
    {
        const size_t line = static_cast<size_t>(area.y + y) * static_cast<size_t>(target_width);
        const size_t at = line + static_cast<size_t>(area.x);
        std::memcpy(target + at * channels, source + static_cast<size_t>(y) * row, row * sizeof(Pixel));
    }
}

size_t index_in(const PixelArea &area, int x, int y)
{
    return static_cast<size_t>(y - area.y) * static_cast<size_t>(area.width) + static_cast<size_t>(x - area.x);
}

size_t pixels_of(const PixelArea &area)
{
    return static_cast<size_t>(area.width) * static_cast<size_t>(area.height);
}

} // namespace

SceneModel::SceneModel(uint32_t seed_) : seed(seed_), scene(seed_), calibration_text(simulated_calibration(seed_)) {}

// ---- depth and infrared

std::shared_ptr<const DepthFrames> DepthFrames::get(const SceneModel &model, k4a_depth_mode_t mode)
{
    using Key = std::pair<uint32_t, k4a_depth_mode_t>;
    static auto *const shared = new Shared<DepthFrames, Key>;
    return shared->get(Key(model.seed, mode), [&] { return std::make_shared<const DepthFrames>(model, mode); });
}

DepthFrames::DepthFrames(const SceneModel &model, k4a_depth_mode_t mode)
{
    const SceneView view(calibration_of(model, mode, K4A_COLOR_RESOLUTION_OFF), K4A_CALIBRATION_TYPE_DEPTH);
    width_ = view.width();
    height_ = view.height();
    const bool passive = mode == K4A_DEPTH_MODE_PASSIVE_IR;
    using Pixels = std::vector<uint16_t>;
    const auto render = [&](const PixelArea &area, const Ball *ball, Pixels &depth, Pixels &ir) {
        depth.assign(pixels_of(area), 0);
        ir.assign(pixels_of(area), 0);
        view.for_each_ray(area, [&](int x, int y, const Ray *ray) {
            if (!ray)
            {
                return;
            }
            const size_t at = index_in(area, x, y);
            const Surface surface = model.scene.trace(*ray, ball);
            ir[at] = infrared_value(surface, *ray, passive);
            depth[at] = surface.gives_depth ? to_16_bits(surface.distance) : uint16_t(0);
        });
    };
    render(view.whole(), nullptr, depth_.background, infrared_.background);
    for (unsigned phase = 0; phase < Scene::phases; ++phase)
    {
        const Ball ball = model.scene.moving_ball(phase);
        areas_[phase] = view.area_of(ball);
        render(areas_[phase], &ball, depth_.patches[phase], infrared_.patches[phase]);
    }
}

void DepthFrames::draw(const Layer &layer, unsigned phase, uint16_t *target) const
{
    std::memcpy(target, layer.background.data(), layer.background.size() * sizeof(uint16_t));
    copy_area(layer.patches[phase].data(), areas_[phase], 1, target, width_);
}

// ---- colour

std::shared_ptr<const ColorFrames>
ColorFrames::get(const SceneModel &model, k4a_color_resolution_t resolution, k4a_image_format_t format)
{
    using Key = std::tuple<uint32_t, k4a_color_resolution_t, k4a_image_format_t>;
    static auto *const shared = new Shared<ColorFrames, Key>;
    if (format == K4A_IMAGE_FORMAT_COLOR_MJPG && !have_jpeg())
    {
        fail("MJPG colour cannot be made: %s", no_jpeg_reason());
    }
    return shared->get(Key(model.seed, resolution, format),
                       [&] { return std::make_shared<const ColorFrames>(model, resolution, format); });
}

ColorFrames::ColorFrames(const SceneModel &model, k4a_color_resolution_t resolution, k4a_image_format_t format)
    : format_(format)
{
    const SceneView view(calibration_of(model, K4A_DEPTH_MODE_OFF, resolution), K4A_CALIBRATION_TYPE_COLOR);
    width_ = view.width();
    height_ = view.height();
    const auto render = [&](const PixelArea &area, const Ball *ball, std::vector<uint8_t> &pixels) {
        pixels.assign(pixels_of(area) * 4, 0);
        view.for_each_ray(area, [&](int x, int y, const Ray *ray) {
            uint8_t *pixel = &pixels[4 * index_in(area, x, y)];
            pixel[3] = 255;
            if (ray)
            {
                const Surface surface = model.scene.trace(*ray, ball);
                const float light = Scene::lamp_light(surface);
                pixel[0] = to_8_bits(surface.blue * light);
                pixel[1] = to_8_bits(surface.green * light);
                pixel[2] = to_8_bits(surface.red * light);
            }
        });
    };
    render(view.whole(), nullptr, background_);
    for (unsigned phase = 0; phase < Scene::phases; ++phase)
    {
        const Ball ball = model.scene.moving_ball(phase);
        areas_[phase] = view.area_of(ball);
        render(areas_[phase], &ball, patches_[phase]);
    }
    if (format != K4A_IMAGE_FORMAT_COLOR_MJPG)
    {
        return;
    }
    std::exception_ptr problems[Scene::phases];
    parallel_for(Scene::phases, [&](size_t phase) {
        try
        {
            const Buffer pixels(background_.size());
            draw_bgra(static_cast<unsigned>(phase), pixels.data());
            const size_t stride = 4 * static_cast<size_t>(width_);
            files_[phase] = encode_jpeg(pixels.data(), PixelLayout::bgra, width_, height_, stride, jpeg_quality);
            files_[phase].shrink_to_fit();
        }
        catch (...)
        {
            problems[phase] = std::current_exception();
        }
    });
    for (unsigned phase = 0; phase < Scene::phases; ++phase)
    {
        if (problems[phase])
        {
            std::rethrow_exception(problems[phase]);
        }
        patches_[phase] = std::vector<uint8_t>();
    }
    background_ = std::vector<uint8_t>();
}

void ColorFrames::draw_bgra(unsigned phase, uint8_t *target) const
{
    std::memcpy(target, background_.data(), background_.size());
    copy_area(patches_[phase].data(), areas_[phase], 4, target, width_);
}

size_t ColorFrames::size(unsigned phase) const
{
    return format_ == K4A_IMAGE_FORMAT_COLOR_MJPG ? files_[phase].size() : color_image_size(format_, width_, height_);
}

void ColorFrames::draw(unsigned phase, uint8_t *target) const
{
    if (format_ == K4A_IMAGE_FORMAT_COLOR_MJPG)
    {
        std::memcpy(target, files_[phase].data(), files_[phase].size());
    }
    else if (format_ == K4A_IMAGE_FORMAT_COLOR_BGRA32)
    {
        draw_bgra(phase, target);
    }
    else
    {
        const Buffer pixels(background_.size());
        draw_bgra(phase, pixels.data());
        convert_color(K4A_IMAGE_FORMAT_COLOR_BGRA32, format_, pixels.data(), target, width_, height_);
    }
}

} // namespace k4a_rp
