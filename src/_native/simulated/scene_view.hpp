// A camera in the scene: which ray belongs to which pixel, and which part of the picture the moving ball is in.
#pragma once

#include "calibration/lens.hpp"
#include "core/parallel.hpp"
#include "simulated/scene.hpp"

#include <k4a/k4atypes.h>

#include <algorithm>
#include <vector>

namespace k4a_rp
{

struct PixelArea
{
    int x, y, width, height;
};

class SceneView
{
public:
    // `camera` is one that is on.
    SceneView(const k4a_calibration_t &calibration, k4a_calibration_type_t camera);

    int width() const { return width_; }
    int height() const { return height_; }
    PixelArea whole() const { return {0, 0, width_, height_}; }
    // Holds the ball and is inside the picture; x and width are multiples of lens_batch.
    PixelArea area_of(const Ball &ball) const;

    // The origin is the camera's centre; distances along the ray are this camera's Z.
    Ray ray(float x, float y) const
    {
        return {origin_,
                {turn_[0] * x + turn_[1] * y + turn_[2],
                 turn_[3] * x + turn_[4] * y + turn_[5],
                 turn_[6] * x + turn_[7] * y + turn_[8]}};
    }

    // Calls visit(x, y, ray), or visit(x, y, nullptr) where a pixel has no ray, for each pixel of the area; rows are
    // shared out to threads.
    template <typename Visit> void for_each_ray(const PixelArea &area, Visit &&visit) const
    {
        constexpr int rows_at_once = 16;
        const auto bands = static_cast<size_t>((area.height + rows_at_once - 1) / rows_at_once);
        const auto count = static_cast<size_t>(area.width);
        // Memory first: tasks must not throw.
        std::vector<float> columns(count);
        for (size_t i = 0; i < count; ++i)
        {
            columns[i] = static_cast<float>(area.x) + static_cast<float>(i);
        }
        std::vector<float> numbers(bands * count * 3);
        std::vector<int32_t> flags(bands * count);
        parallel_for(bands, [&](size_t band) {
            float *rows = &numbers[band * count * 3];
            float *xs = rows + count;
            float *ys = xs + count;
            int32_t *valid = &flags[band * count];
            const int first = area.y + static_cast<int>(band) * rows_at_once;
            const int last = std::min(first + rows_at_once, area.y + area.height);
            for (int y = first; y < last; ++y)
            {
                std::fill(rows, xs, static_cast<float>(y));
                unproject_many(lens_, count, columns.data(), rows, xs, ys, valid);
                for (size_t i = 0; i < count; ++i)
                {
                    const Ray one = ray(xs[i], ys[i]);
                    visit(area.x + static_cast<int>(i), y, valid[i] ? &one : nullptr);
                }
            }
        });
    }

private:
    Lens lens_;
    int width_;
    int height_;
    Vector origin_;
    float turn_[9];
    float back_[9]; // depth camera -> this camera
    float shift_[3];
};

} // namespace k4a_rp
