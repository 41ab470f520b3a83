#include "exports/color_extensions.hpp"

#include "exports/playback_boundary.hpp"
#include "image/color_convert.hpp"
#include "image/jpeg.hpp"
#include "recording/prefetch.hpp"

#include <new>

namespace k4a_rp
{

namespace
{

constexpr int usual_quality = 95;

// Throws Error where the pixels cannot be had.
Picture picture_of(Image *image)
{
    const ImageShape &shape = image->shape();
    const uint8_t *data = image->buffer();
    if (!data)
    {
        fail("the pixels of the image could not be loaded");
    }
    return {shape.format, shape.width, shape.height, static_cast<size_t>(shape.stride), data, image->size()};
}

PixelLayout to_layout(k4a_rp_pixels_t layout)
{
    switch (layout)
    {
    case K4A_RP_PIXELS_BGRA:
        return PixelLayout::bgra;
    case K4A_RP_PIXELS_RGB:
        return PixelLayout::rgb;
    case K4A_RP_PIXELS_BGR:
        return PixelLayout::bgr;
    case K4A_RP_PIXELS_GRAY:
        return PixelLayout::gray;
    }
    fail("the layout %d does not exist", static_cast<int>(layout));
}

void check_room(const ImageShape &shape, size_t pixel, size_t size, size_t stride)
{
    const size_t row = static_cast<size_t>(shape.width) * pixel;
    if (stride < row || size < row || (size - row) / stride < static_cast<size_t>(shape.height) - 1)
    {
        fail("%zu bytes in rows of %zu are too few for %d x %d pixels of %zu", size, stride, shape.width, shape.height,
             pixel);
    }
}

Ref<Image> encoded(Image *image, int quality)
{
    const Picture picture = picture_of(image);
    const ImageShape &shape = image->shape();
    std::vector<uint8_t> file;
    if (picture.format == K4A_IMAGE_FORMAT_COLOR_BGRA32)
    {
        check_convertible(picture, picture.format);
        file = encode_jpeg(picture.data, PixelLayout::bgra, picture.width, picture.height, picture.stride, quality);
    }
    else
    {
        const size_t stride = static_cast<size_t>(shape.width) * 4;
        const Buffer bgra(stride * static_cast<size_t>(shape.height));
        read_pixels(picture, PixelLayout::bgra, bgra.data(), stride);
        file = encode_jpeg(bgra.data(), PixelLayout::bgra, shape.width, shape.height, stride, quality);
    }
    auto *kept = new std::vector<uint8_t>(std::move(file));
    try
    {
        return Image::wrap({K4A_IMAGE_FORMAT_COLOR_MJPG, shape.width, shape.height, 0},
                           kept->data(),
                           kept->size(),
                           [](void *, void *context) { delete static_cast<std::vector<uint8_t> *>(context); },
                           kept);
    }
    catch (...)
    {
        delete kept;
        throw;
    }
}

Ref<Image> converted(Image *image, k4a_image_format_t format)
{
    if (format == K4A_IMAGE_FORMAT_COLOR_MJPG)
    {
        return encoded(image, usual_quality);
    }
    const Picture picture = picture_of(image);
    check_convertible(picture, format);
    Ref<Image> result = Image::create({format, picture.width, picture.height, 0});
    convert_color(picture, format, result->buffer());
    return result;
}

k4a_result_t hand_out(Image *source, Ref<Image> made, k4a_image_t *handle)
{
    made->attributes = source->attributes;
    *handle = reinterpret_cast<k4a_image_t>(made.detach());
    return K4A_RESULT_SUCCEEDED;
}

} // namespace

k4a_result_t playback_get_damaged_color_count(k4a_playback_t handle, uint64_t *count)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(count, "count") = playback->damaged_colors();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t image_convert(k4a_image_t handle, k4a_image_format_t format, k4a_image_t *converted_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        Image *image = checked<Image>(handle);
        *require(converted_handle, "converted_handle") = nullptr;
        return hand_out(image, converted(image, format), converted_handle);
    });
}

k4a_result_t image_encode_jpeg(k4a_image_t handle, int quality, k4a_image_t *jpeg_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        Image *image = checked<Image>(handle);
        *require(jpeg_handle, "jpeg_handle") = nullptr;
        return hand_out(image, encoded(image, quality), jpeg_handle);
    });
}

k4a_result_t
image_read_pixels(k4a_image_t handle, k4a_rp_pixels_t layout, uint8_t *pixels, size_t size, size_t stride_bytes)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        Image *image = checked<Image>(handle);
        require(pixels, "pixels");
        const PixelLayout wanted = to_layout(layout);
        check_room(image->shape(), static_cast<size_t>(bytes_per_pixel(wanted)), size, stride_bytes);
        read_pixels(picture_of(image), wanted, pixels, stride_bytes);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t image_colorize(k4a_image_t handle,
                            uint16_t low,
                            uint16_t high,
                            const uint8_t *color_map,
                            uint8_t *pixels,
                            size_t size,
                            size_t stride_bytes)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        Image *image = checked<Image>(handle);
        require(color_map, "color_map");
        require(pixels, "pixels");
        const ImageShape &shape = image->shape();
        if (shape.format != K4A_IMAGE_FORMAT_DEPTH16 && shape.format != K4A_IMAGE_FORMAT_IR16 &&
            shape.format != K4A_IMAGE_FORMAT_CUSTOM16)
        {
            fail("an image of format %d has no 16-bit pixels", static_cast<int>(shape.format));
        }
        check_room(shape, 3, size, stride_bytes);
        const Picture picture = picture_of(image);
        const size_t row = static_cast<size_t>(shape.width) * 2;
        if (picture.size < row || picture.stride < row || picture.stride % 2 != 0 ||
            (picture.size - row) / picture.stride < static_cast<size_t>(shape.height) - 1)
        {
            fail("the image holds %zu bytes in rows of %zu, too few for %d x %d pixels",
                 picture.size,
                 picture.stride,
                 shape.width,
                 shape.height);
        }
        colorize(reinterpret_cast<const uint16_t *>(picture.data),
                 picture.stride,
                 shape.width,
                 shape.height,
                 low,
                 high,
                 color_map,
                 pixels,
                 stride_bytes);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t prefetch_create(k4a_playback_t handle,
                             const k4a_rp_prefetch_options_t *options,
                             k4a_rp_prefetch_t *prefetch_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(prefetch_handle, "prefetch_handle") = nullptr;
        *prefetch_handle = reinterpret_cast<k4a_rp_prefetch_t>(new Prefetch(*playback, *require(options, "options")));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_rp_prefetch_result_t prefetch_next(k4a_rp_prefetch_t handle, int32_t timeout_in_ms, k4a_capture_t *capture_handle)
{
    return at_boundary(__func__, K4A_RP_PREFETCH_FAILED, [&] {
        Prefetch *prefetch = checked<Prefetch>(handle);
        *require(capture_handle, "capture_handle") = nullptr;
        Ref<Capture> capture;
        switch (prefetch->next(timeout_in_ms, &capture))
        {
        case Prefetch::Result::end:
            return K4A_RP_PREFETCH_EOF;
        case Prefetch::Result::timeout:
            return K4A_RP_PREFETCH_TIMEOUT;
        default:
            break;
        }
        *capture_handle = reinterpret_cast<k4a_capture_t>(capture.detach());
        return K4A_RP_PREFETCH_SUCCEEDED;
    });
}

void prefetch_destroy(k4a_rp_prefetch_t handle)
{
    Prefetch *prefetch = checked_or_null<Prefetch>(__func__, handle);
    if (prefetch && !prefetch->is_orphan())
    {
        delete prefetch;
    }
}

} // namespace k4a_rp
