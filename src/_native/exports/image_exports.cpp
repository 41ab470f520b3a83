// The library, capture and image functions of k4a.h.
#include "exports/boundary.hpp"
#include "image/capture.hpp"

#include <k4a/k4a.h>

using namespace k4a_rp;

namespace
{

Image *to_image(const char *call, k4a_image_t handle) noexcept
{
    return checked_or_null<Image>(call, handle);
}

Capture *to_capture(const char *call, k4a_capture_t handle) noexcept
{
    return checked_or_null<Capture>(call, handle);
}

k4a_image_t get_slot(const char *call, k4a_capture_t handle, Slot slot) noexcept
{
    Capture *capture = to_capture(call, handle);
    return capture ? reinterpret_cast<k4a_image_t>(capture->image(slot).detach()) : nullptr;
}

void set_slot(const char *call, k4a_capture_t handle, Slot slot, k4a_image_t image_handle) noexcept
{
    Capture *capture = to_capture(call, handle);
    Image *image = image_handle ? to_image(call, image_handle) : nullptr;
    if (capture && (image || !image_handle))
    {
        capture->set_image(slot, Ref<Image>::share(image));
    }
}

template <typename Value> Value get_attribute(const char *call, k4a_image_t handle, Value ImageAttributes::*attribute)
{
    Image *image = to_image(call, handle);
    return image ? image->attributes.*attribute : 0;
}

template <typename Value>
void set_attribute(const char *call, k4a_image_t handle, Value ImageAttributes::*attribute, Value value)
{
    if (Image *image = to_image(call, handle))
    {
        image->attributes.*attribute = value;
    }
}

} // namespace

// ---- library

k4a_result_t
k4a_set_debug_message_handler(k4a_logging_message_cb_t *message_cb, void *message_cb_context, k4a_log_level_t min_level)
{
    return set_log_handler(message_cb, message_cb_context, min_level) ? K4A_RESULT_SUCCEEDED : K4A_RESULT_FAILED;
}

k4a_result_t k4a_set_allocator(k4a_memory_allocate_cb_t allocate, k4a_memory_destroy_cb_t free)
{
    if (!set_allocator(allocate, free))
    {
        K4A_RP_LOG_ERROR("%s: allocate and free must be given together", __func__);
        return K4A_RESULT_FAILED;
    }
    return K4A_RESULT_SUCCEEDED;
}

// ---- captures

k4a_result_t k4a_capture_create(k4a_capture_t *capture_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(capture_handle, "capture_handle");
        *capture_handle = reinterpret_cast<k4a_capture_t>(Capture::create().detach());
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_capture_release(k4a_capture_t capture_handle)
{
    if (Capture *capture = to_capture(__func__, capture_handle))
    {
        capture->release();
    }
}

void k4a_capture_reference(k4a_capture_t capture_handle)
{
    if (Capture *capture = to_capture(__func__, capture_handle))
    {
        capture->add_reference();
    }
}

k4a_image_t k4a_capture_get_color_image(k4a_capture_t capture_handle)
{
    return get_slot(__func__, capture_handle, Slot::color);
}

k4a_image_t k4a_capture_get_depth_image(k4a_capture_t capture_handle)
{
    return get_slot(__func__, capture_handle, Slot::depth);
}

k4a_image_t k4a_capture_get_ir_image(k4a_capture_t capture_handle)
{
    return get_slot(__func__, capture_handle, Slot::ir);
}

void k4a_capture_set_color_image(k4a_capture_t capture_handle, k4a_image_t image_handle)
{
    set_slot(__func__, capture_handle, Slot::color, image_handle);
}

void k4a_capture_set_depth_image(k4a_capture_t capture_handle, k4a_image_t image_handle)
{
    set_slot(__func__, capture_handle, Slot::depth, image_handle);
}

void k4a_capture_set_ir_image(k4a_capture_t capture_handle, k4a_image_t image_handle)
{
    set_slot(__func__, capture_handle, Slot::ir, image_handle);
}

void k4a_capture_set_temperature_c(k4a_capture_t capture_handle, float temperature_c)
{
    if (Capture *capture = to_capture(__func__, capture_handle))
    {
        capture->set_temperature_c(temperature_c);
    }
}

float k4a_capture_get_temperature_c(k4a_capture_t capture_handle)
{
    Capture *capture = to_capture(__func__, capture_handle);
    return capture ? capture->temperature_c() : std::numeric_limits<float>::quiet_NaN();
}

// ---- images

k4a_result_t k4a_image_create(k4a_image_format_t format,
                              int width_pixels,
                              int height_pixels,
                              int stride_bytes,
                              k4a_image_t *image_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(image_handle, "image_handle");
        Ref<Image> image = Image::create({format, width_pixels, height_pixels, stride_bytes});
        *image_handle = reinterpret_cast<k4a_image_t>(image.detach());
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_image_create_from_buffer(k4a_image_format_t format,
                                          int width_pixels,
                                          int height_pixels,
                                          int stride_bytes,
                                          uint8_t *buffer,
                                          size_t buffer_size,
                                          k4a_memory_destroy_cb_t *buffer_release_cb,
                                          void *buffer_release_cb_context,
                                          k4a_image_t *image_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(image_handle, "image_handle");
        Ref<Image> image = Image::wrap({format, width_pixels, height_pixels, stride_bytes},
                                       buffer,
                                       buffer_size,
                                       buffer_release_cb,
                                       buffer_release_cb_context);
        *image_handle = reinterpret_cast<k4a_image_t>(image.detach());
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_image_reference(k4a_image_t image_handle)
{
    if (Image *image = to_image(__func__, image_handle))
    {
        image->add_reference();
    }
}

void k4a_image_release(k4a_image_t image_handle)
{
    if (Image *image = to_image(__func__, image_handle))
    {
        image->release();
    }
}

uint8_t *k4a_image_get_buffer(k4a_image_t image_handle)
{
    Image *image = to_image(__func__, image_handle);
    return image ? image->buffer() : nullptr;
}

size_t k4a_image_get_size(k4a_image_t image_handle)
{
    Image *image = to_image(__func__, image_handle);
    return image ? image->size() : 0;
}

k4a_image_format_t k4a_image_get_format(k4a_image_t image_handle)
{
    Image *image = to_image(__func__, image_handle);
    return image ? image->shape().format : K4A_IMAGE_FORMAT_CUSTOM;
}

int k4a_image_get_width_pixels(k4a_image_t image_handle)
{
    Image *image = to_image(__func__, image_handle);
    return image ? image->shape().width : 0;
}

int k4a_image_get_height_pixels(k4a_image_t image_handle)
{
    Image *image = to_image(__func__, image_handle);
    return image ? image->shape().height : 0;
}

int k4a_image_get_stride_bytes(k4a_image_t image_handle)
{
    Image *image = to_image(__func__, image_handle);
    return image ? image->shape().stride : 0;
}

uint64_t k4a_image_get_device_timestamp_usec(k4a_image_t image_handle)
{
    return get_attribute(__func__, image_handle, &ImageAttributes::device_timestamp_usec);
}

uint64_t k4a_image_get_system_timestamp_nsec(k4a_image_t image_handle)
{
    return get_attribute(__func__, image_handle, &ImageAttributes::system_timestamp_nsec);
}

uint64_t k4a_image_get_exposure_usec(k4a_image_t image_handle)
{
    return get_attribute(__func__, image_handle, &ImageAttributes::exposure_usec);
}

uint32_t k4a_image_get_white_balance(k4a_image_t image_handle)
{
    return get_attribute(__func__, image_handle, &ImageAttributes::white_balance);
}

uint32_t k4a_image_get_iso_speed(k4a_image_t image_handle)
{
    return get_attribute(__func__, image_handle, &ImageAttributes::iso_speed);
}

void k4a_image_set_device_timestamp_usec(k4a_image_t image_handle, uint64_t timestamp_usec)
{
    set_attribute(__func__, image_handle, &ImageAttributes::device_timestamp_usec, timestamp_usec);
}

void k4a_image_set_system_timestamp_nsec(k4a_image_t image_handle, uint64_t timestamp_nsec)
{
    set_attribute(__func__, image_handle, &ImageAttributes::system_timestamp_nsec, timestamp_nsec);
}

void k4a_image_set_exposure_usec(k4a_image_t image_handle, uint64_t exposure_usec)
{
    set_attribute(__func__, image_handle, &ImageAttributes::exposure_usec, exposure_usec);
}

void k4a_image_set_white_balance(k4a_image_t image_handle, uint32_t white_balance)
{
    set_attribute(__func__, image_handle, &ImageAttributes::white_balance, white_balance);
}

void k4a_image_set_iso_speed(k4a_image_t image_handle, uint32_t iso_speed)
{
    set_attribute(__func__, image_handle, &ImageAttributes::iso_speed, iso_speed);
}

// Deprecated names of the ABI; no call from one exported function to another.

uint64_t k4a_image_get_timestamp_usec(k4a_image_t image_handle)
{
    return get_attribute(__func__, image_handle, &ImageAttributes::device_timestamp_usec);
}

void k4a_image_set_timestamp_usec(k4a_image_t image_handle, uint64_t timestamp_usec)
{
    set_attribute(__func__, image_handle, &ImageAttributes::device_timestamp_usec, timestamp_usec);
}

void k4a_image_set_exposure_time_usec(k4a_image_t image_handle, uint64_t exposure_usec)
{
    set_attribute(__func__, image_handle, &ImageAttributes::exposure_usec, exposure_usec);
}
