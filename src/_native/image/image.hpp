// One picture with its attributes, reference counted. Pixels may lie in memory of ours, in memory of the caller, or
// still in a file, from where they are loaded on first use.
#pragma once

#include "core/buffer.hpp"
#include "core/ref.hpp"

#include <k4a/k4atypes.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace k4a_rp
{

// Where the pixels of an image come from when somebody asks for them.
class PixelSource
{
public:
    virtual ~PixelSource() = default;
    // Returns a buffer of the image's size, or throws Error. Called at most once.
    virtual Buffer load() = 0;
};

struct ImageShape
{
    k4a_image_format_t format = K4A_IMAGE_FORMAT_CUSTOM;
    int width = 0;
    int height = 0;
    int stride = 0;
};

struct ImageAttributes
{
    uint64_t device_timestamp_usec = 0;
    uint64_t system_timestamp_nsec = 0;
    uint64_t exposure_usec = 0;
    uint32_t white_balance = 0;
    uint32_t iso_speed = 0;
};

class Image : public RefCounted<Image>
{
public:
    static constexpr size_t handle_marker = 0x6b34615f696d6731u;

    // As k4a_image_create: checks shape, completes a stride of 0, allocates with the hooks of set_allocator().
    static Ref<Image> create(ImageShape shape);
    // The same for a shape and a size that are known to be right: MJPG, which create() refuses, among them.
    static Ref<Image> create_with_size(ImageShape shape, size_t size);
    // As k4a_image_create_from_buffer; `destroy` is called with the last release, never on failure.
    static Ref<Image>
    wrap(ImageShape shape, uint8_t *data, size_t size, k4a_memory_destroy_cb_t *destroy, void *context);
    // Pixels that are loaded on first use.
    static Ref<Image> lazy(ImageShape shape, size_t size, std::unique_ptr<PixelSource> source);
    // For pixels that may turn out to be damaged: a capture hands such an image out only once they are there.
    void require_pixels() { needs_pixels_ = true; }
    bool is_usable() { return !needs_pixels_ || buffer() != nullptr; }
    ~Image();

    const ImageShape &shape() const { return shape_; }
    size_t size() const { return size_; }
    // NULL when loading failed; the reason is logged once.
    uint8_t *buffer();

    ImageAttributes attributes;

private:
    Image() = default;
    uint8_t *load_pixels();

    ImageShape shape_;
    size_t size_ = 0;
    std::atomic<uint8_t *> data_{nullptr};

    Buffer buffer_;                              // memory of ours
    k4a_memory_destroy_cb_t *destroy_ = nullptr; // memory of somebody else
    void *destroy_context_ = nullptr;
    uint8_t *destroy_data_ = nullptr;

    bool needs_pixels_ = false;
    std::mutex load_mutex_;
    std::unique_ptr<PixelSource> source_;
};

// As k4a_set_allocator: both or neither. False: refused.
bool set_allocator(k4a_memory_allocate_cb_t *allocate, k4a_memory_destroy_cb_t *destroy);

// Bytes of a tightly packed row; 0 for formats without a fixed one (MJPG, CUSTOM).
int minimum_stride(k4a_image_format_t format, int width);

} // namespace k4a_rp
