#include "image/image.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

namespace k4a_rp
{

namespace
{

constexpr int largest_created_side = 19999; // k4a_image_create
constexpr int largest_wrapped_side = 20000; // k4a_image_create_from_buffer, one more
// Callers of k4a_set_allocator see the SDK's sizes: it keeps a header of 32 bytes in front of the pixels.
constexpr size_t allocator_header = 32;

struct Allocator
{
    std::mutex mutex;
    k4a_memory_allocate_cb_t *allocate = nullptr;
    k4a_memory_destroy_cb_t *destroy = nullptr;
};

Allocator &allocator()
{
    static Allocator *instance = new Allocator;
    return *instance;
}

void check_sides(const ImageShape &shape, int largest)
{
    if (shape.format < K4A_IMAGE_FORMAT_COLOR_MJPG || shape.format > K4A_IMAGE_FORMAT_CUSTOM)
    {
        fail("image format %d does not exist", static_cast<int>(shape.format));
    }
    if (shape.width < 1 || shape.width > largest || shape.height < 1 || shape.height > largest)
    {
        fail("an image of %d x %d pixels cannot be made: sides go from 1 to %d", shape.width, shape.height, largest);
    }
}

// Completes a stride of 0 and returns the buffer's size.
size_t size_of_created(ImageShape &shape)
{
    const bool even_width = shape.width % 2 == 0;
    switch (shape.format)
    {
    case K4A_IMAGE_FORMAT_COLOR_MJPG:
        fail("an MJPG image has no size of its own: make it from a buffer");
    case K4A_IMAGE_FORMAT_COLOR_NV12:
        if (!even_width || shape.height % 2 != 0)
        {
            fail("an NV12 image needs even sides, not %d x %d", shape.width, shape.height);
        }
        break;
    case K4A_IMAGE_FORMAT_COLOR_YUY2:
        if (!even_width)
        {
            fail("a YUY2 image needs an even width, not %d", shape.width);
        }
        break;
    default:
        break;
    }
    const int least = minimum_stride(shape.format, shape.width);
    if (shape.stride == 0)
    {
        shape.stride = least;
    }
    if (shape.stride <= 0 || shape.stride < least)
    {
        fail("a stride of %d bytes is too small for %d pixels of format %d (at least %d)",
             shape.stride,
             shape.width,
             static_cast<int>(shape.format),
             least > 0 ? least : 1);
    }
    const size_t plane = static_cast<size_t>(shape.stride) * static_cast<size_t>(shape.height);
    return shape.format == K4A_IMAGE_FORMAT_COLOR_NV12 ? plane * 3 / 2 : plane;
}

} // namespace

int minimum_stride(k4a_image_format_t format, int width)
{
    switch (format)
    {
    case K4A_IMAGE_FORMAT_COLOR_NV12:
    case K4A_IMAGE_FORMAT_CUSTOM8:
        return width;
    case K4A_IMAGE_FORMAT_COLOR_YUY2:
    case K4A_IMAGE_FORMAT_DEPTH16:
    case K4A_IMAGE_FORMAT_IR16:
    case K4A_IMAGE_FORMAT_CUSTOM16:
        return 2 * width;
    case K4A_IMAGE_FORMAT_COLOR_BGRA32:
        return 4 * width;
    default:
        return 0;
    }
}

Ref<Image> Image::create(ImageShape shape)
{
    check_sides(shape, largest_created_side);
    const size_t size = size_of_created(shape);
    return create_with_size(shape, size);
}

Ref<Image> Image::create_with_size(ImageShape shape, size_t size)
{
    Ref<Image> image = Ref<Image>::adopt(new Image);
    image->shape_ = shape;
    image->size_ = size;

    k4a_memory_allocate_cb_t *allocate;
    k4a_memory_destroy_cb_t *destroy;
    {
        std::lock_guard<std::mutex> lock(allocator().mutex);
        allocate = allocator().allocate;
        destroy = allocator().destroy;
    }
    if (!allocate)
    {
        image->buffer_ = Buffer(size);
        image->data_ = image->buffer_.data();
        return image;
    }
    if (size + allocator_header > INT32_MAX)
    {
        fail("an image of %zu bytes is too large for the allocator in use", size);
    }
    void *context = nullptr;
    uint8_t *block = allocate(static_cast<int>(size + allocator_header), &context);
    if (!block)
    {
        fail("the allocator in use gave no memory for %zu bytes", size + allocator_header);
    }
    image->destroy_ = destroy;
    image->destroy_context_ = context;
    image->destroy_data_ = block;
    image->data_ = block + allocator_header;
    return image;
}

Ref<Image>
Image::wrap(ImageShape shape, uint8_t *data, size_t size, k4a_memory_destroy_cb_t *destroy, void *context)
{
    check_sides(shape, largest_wrapped_side);
    if (!data || size == 0)
    {
        fail("an image cannot be made from a buffer of %zu bytes at %p", size, static_cast<void *>(data));
    }
    Ref<Image> image = Ref<Image>::adopt(new Image);
    image->shape_ = shape;
    image->size_ = size;
    image->data_ = data;
    image->destroy_ = destroy;
    image->destroy_context_ = context;
    image->destroy_data_ = data;
    return image;
}

Ref<Image> Image::lazy(ImageShape shape, size_t size, std::unique_ptr<PixelSource> source)
{
    Ref<Image> image = Ref<Image>::adopt(new Image);
    image->shape_ = shape;
    image->size_ = size;
    image->source_ = std::move(source);
    return image;
}

Image::~Image()
{
    if (destroy_)
    {
        destroy_(destroy_data_, destroy_context_);
    }
}

uint8_t *Image::buffer()
{
    uint8_t *data = data_.load(std::memory_order_acquire);
    return data ? data : load_pixels();
}

uint8_t *Image::load_pixels()
{
    std::lock_guard<std::mutex> lock(load_mutex_);
    if (source_) // still there: nobody has tried yet
    {
        const std::unique_ptr<PixelSource> source = std::move(source_);
        try
        {
            buffer_ = source->load();
            data_.store(buffer_.data(), std::memory_order_release);
        }
        catch (const std::exception &error)
        {
            K4A_RP_LOG_ERROR("the pixels of an image cannot be loaded: %s", error.what());
        }
    }
    return data_.load(std::memory_order_relaxed);
}

bool set_allocator(k4a_memory_allocate_cb_t *allocate, k4a_memory_destroy_cb_t *destroy)
{
    if ((allocate == nullptr) != (destroy == nullptr))
    {
        return false;
    }
    std::lock_guard<std::mutex> lock(allocator().mutex);
    allocator().allocate = allocate;
    allocator().destroy = destroy;
    return true;
}

} // namespace k4a_rp
