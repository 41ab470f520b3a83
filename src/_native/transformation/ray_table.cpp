#include "transformation/ray_table.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "transformation/kernels.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <list>
#include <mutex>

namespace k4a_rp
{

namespace
{

constexpr int largest_side = 20000; // as of an image
constexpr int rows_per_task = 8;
constexpr size_t kept_bytes = 32u << 20;

// What a table depends on: the lens and the size.
using Key = std::array<unsigned char, sizeof(k4a_calibration_intrinsics_t) + 2 * sizeof(int) + sizeof(float)>;

Key key_of(const k4a_calibration_camera_t &camera)
{
    k4a_calibration_intrinsics_t intrinsics = camera.intrinsics;
    intrinsics.parameters.param.metric_radius = 0.0f; // not used, and not initialised by everybody
    Key key;
    unsigned char *to = key.data();
    const auto add = [&to](const void *from, size_t size) {
        std::memcpy(to, from, size);
        to += size;
    };
    add(&intrinsics, sizeof intrinsics);
    add(&camera.resolution_width, sizeof(int));
    add(&camera.resolution_height, sizeof(int));
    add(&camera.metric_radius, sizeof(float));
    return key;
}

class Cache
{
public:
    std::shared_ptr<const RayTable> get(const k4a_calibration_camera_t &camera)
    {
        const Key key = key_of(camera);
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (auto known = find(key))
            {
                return known;
            }
        }
        auto made = std::make_shared<const RayTable>(camera);
        const std::lock_guard<std::mutex> lock(mutex_);
        if (auto known = find(key))
        {
            return known;
        }
        entries_.push_front({key, made, made});
        forget();
        return made;
    }

private:
    struct Entry
    {
        Key key;
        std::weak_ptr<const RayTable> table;
        std::shared_ptr<const RayTable> kept;
    };

    std::shared_ptr<const RayTable> find(const Key &key)
    {
        for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
        {
            if (entry->key != key)
            {
                continue;
            }
            auto table = entry->table.lock();
            if (table == nullptr)
            {
                return nullptr;
            }
            entry->kept = table;
            entries_.splice(entries_.begin(), entries_, entry);
            forget();
            return table;
        }
        return nullptr;
    }

    // Keeps the newest within bounds; others live as long as somebody uses them.
    void forget()
    {
        size_t bytes = 0;
        for (Entry &entry : entries_)
        {
            bytes += entry.kept != nullptr ? entry.kept->bytes() : 0;
            if (bytes > kept_bytes)
            {
                entry.kept.reset();
            }
        }
        entries_.remove_if([](const Entry &entry) { return entry.table.expired(); });
    }

    std::mutex mutex_;
    std::list<Entry> entries_; // last used first
};

} // namespace

void check_camera_size(const k4a_calibration_camera_t &camera)
{
    if (camera.resolution_width < 1 || camera.resolution_height < 1 || camera.resolution_width > largest_side ||
        camera.resolution_height > largest_side)
    {
        fail("calibration: a camera of %d x %d pixels", camera.resolution_width, camera.resolution_height);
    }
}

RayTable::RayTable(const k4a_calibration_camera_t &camera)
    : width_(camera.resolution_width), height_(camera.resolution_height)
{
    const Lens lens = make_lens(camera);
    check_camera_size(camera);
    stride_ = (static_cast<size_t>(width_) + row_granule - 1) / row_granule * row_granule;
    const size_t values = stride_ * static_cast<size_t>(height_);
    buffer_ = Buffer(2 * values * sizeof(float));
    x_ = reinterpret_cast<float *>(buffer_.data());
    y_ = x_ + values;
    const TransformKernels &kernels = transform_kernels();
    const int tasks = (height_ + rows_per_task - 1) / rows_per_task;
    parallel_for(static_cast<size_t>(tasks), [&](size_t task) {
        const int first = static_cast<int>(task) * rows_per_task;
        for (int row = first; row < std::min(first + rows_per_task, height_); ++row)
        {
            const size_t at = static_cast<size_t>(row) * stride_;
            kernels.ray_row(lens, static_cast<float>(row), stride_, x_ + at, y_ + at);
        }
    });
}

size_t RayTable::bytes() const
{
    return 2 * stride_ * static_cast<size_t>(height_) * sizeof(float);
}

std::shared_ptr<const RayTable> shared_ray_table(const k4a_calibration_camera_t &camera)
{
    // Never deleted: buffers may outlive static objects.
    static Cache *const cache = new Cache;
    return cache->get(camera);
}

} // namespace k4a_rp
