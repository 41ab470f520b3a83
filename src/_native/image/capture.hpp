// Up to three images that belong together, reference counted.
#pragma once

#include "image/image.hpp"

#include <cmath>
#include <limits>

namespace k4a_rp
{

enum class Slot
{
    color,
    depth,
    ir
};

class Capture : public RefCounted<Capture>
{
public:
    static constexpr size_t handle_marker = 0x6b34615f63617031u;

    static Ref<Capture> create() { return Ref<Capture>::adopt(new Capture); }

    // May decode the image, and returns none when it turns out to be damaged (Image::require_pixels).
    Ref<Image> image(Slot slot) const
    {
        Ref<Image> image = unchecked_image(slot);
        return image && image->is_usable() ? image : Ref<Image>();
    }

    Ref<Image> unchecked_image(Slot slot) const
    {
        std::lock_guard<std::mutex> lock(mutex_);
        return images_[static_cast<size_t>(slot)];
    }

    void set_image(Slot slot, Ref<Image> image)
    {
        // Swapped under the lock and released after it: releasing may run a callback of the caller.
        std::lock_guard<std::mutex> lock(mutex_);
        std::swap(images_[static_cast<size_t>(slot)], image);
    }

    float temperature_c() const { return temperature_c_.load(std::memory_order_relaxed); }

    // NaN is refused: the old value stays.
    void set_temperature_c(float value)
    {
        if (!std::isnan(value))
        {
            temperature_c_.store(value, std::memory_order_relaxed);
        }
    }

private:
    Capture() = default;

    mutable std::mutex mutex_;
    Ref<Image> images_[3];
    std::atomic<float> temperature_c_{std::numeric_limits<float>::quiet_NaN()};
};

} // namespace k4a_rp
