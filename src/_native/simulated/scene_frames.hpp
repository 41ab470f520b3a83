// The pictures of a scene: drawn once for each mode, together with what the moving ball changes in each phase, and
// shared by all cameras that look at that scene in that mode. Making a picture is a copy then.
#pragma once

#include "simulated/scene_view.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace k4a_rp
{

// What belongs to a seed.
struct SceneModel
{
    explicit SceneModel(uint32_t seed);

    uint32_t seed;
    Scene scene;
    std::string calibration_text;
};

class DepthFrames
{
public:
    static std::shared_ptr<const DepthFrames> get(const SceneModel &model, k4a_depth_mode_t mode);

    DepthFrames(const SceneModel &model, k4a_depth_mode_t mode);

    int width() const { return width_; }
    int height() const { return height_; }
    // Tightly packed pictures.
    void draw_depth(unsigned phase, uint16_t *target) const { draw(depth_, phase, target); }
    void draw_infrared(unsigned phase, uint16_t *target) const { draw(infrared_, phase, target); }

private:
    struct Layer
    {
        std::vector<uint16_t> background;
        std::vector<uint16_t> patches[Scene::phases];
    };

    void draw(const Layer &layer, unsigned phase, uint16_t *target) const;

    int width_;
    int height_;
    PixelArea areas_[Scene::phases];
    Layer depth_;
    Layer infrared_;
};

class ColorFrames
{
public:
    // Throws Error for MJPG in a build without the codec.
    static std::shared_ptr<const ColorFrames>
    get(const SceneModel &model, k4a_color_resolution_t resolution, k4a_image_format_t format);

    ColorFrames(const SceneModel &model, k4a_color_resolution_t resolution, k4a_image_format_t format);

    int width() const { return width_; }
    int height() const { return height_; }
    size_t size(unsigned phase) const;
    void draw(unsigned phase, uint8_t *target) const;

private:
    void draw_bgra(unsigned phase, uint8_t *target) const;

    k4a_image_format_t format_;
    int width_;
    int height_;
    PixelArea areas_[Scene::phases];
    std::vector<uint8_t> background_; // BGRA, as the patches
    std::vector<uint8_t> patches_[Scene::phases];
    std::vector<uint8_t> files_[Scene::phases]; // MJPG: instead of those two
};

} // namespace k4a_rp
