#include "transformation/transformation.hpp"

#include "calibration/calibration.hpp"
#include "core/buffer.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "transformation/mesh.hpp"

#include <algorithm>
#include <cstring>

namespace k4a_rp
{

namespace
{

constexpr int rows_per_task = 16;

struct Expected
{
    const char *name;
    const k4a_calibration_camera_t &camera;
    k4a_image_format_t format;
    int bytes_per_pixel;
    bool any_format = false;
};

void check_image(const ImageView &image, const Expected &expected)
{
    const int width = expected.camera.resolution_width, height = expected.camera.resolution_height;
    if (!expected.any_format && image.format != expected.format)
    {
        fail("the %s image has format %d instead of %d", expected.name, static_cast<int>(image.format),
             static_cast<int>(expected.format));
    }
    if (image.width != width || image.height != height)
    {
        fail("the %s image has %d x %d pixels, the camera %d x %d", expected.name, image.width, image.height, width,
             height);
    }
    if (image.stride != width * expected.bytes_per_pixel)
    {
        fail("the %s image has a stride of %d bytes instead of %d", expected.name, image.stride,
             width * expected.bytes_per_pixel);
    }
    const size_t needed = static_cast<size_t>(image.stride) * static_cast<size_t>(height);
    if (image.pixels == nullptr || image.size < needed)
    {
        fail("the %s image has %zu bytes instead of %zu", expected.name, image.pixels == nullptr ? 0 : image.size,
             needed);
    }
}

template <typename Pixel> void fill(const ImageView &image, Pixel value)
{
    // Pixels of 16 bits may lie at odd addresses.
    const size_t count = static_cast<size_t>(image.width) * static_cast<size_t>(image.height);
    for (size_t i = 0; i < count; ++i)
    {
        std::memcpy(image.pixels + i * sizeof value, &value, sizeof value);
    }
}

// Pixels of 16 bits at an odd address are worked on in a copy; an output is copied back by finish().
class Even
{
public:
    explicit Even(const ImageView &image) : original_(image), view_(image)
    {
        if (reinterpret_cast<uintptr_t>(image.pixels) % alignof(uint16_t) == 0)
        {
            return;
        }
        buffer_ = Buffer(bytes());
        view_.pixels = buffer_.data();
        std::memcpy(view_.pixels, original_.pixels, bytes());
    }

    const ImageView &view() const { return view_; }

    void finish() const
    {
        if (view_.pixels != original_.pixels)
        {
            std::memcpy(original_.pixels, view_.pixels, bytes());
        }
    }

private:
    size_t bytes() const { return static_cast<size_t>(original_.stride) * static_cast<size_t>(original_.height); }

    const ImageView &original_;
    ImageView view_;
    Buffer buffer_;
};

template <typename Task> void for_rows(int height, const Task &task)
{
    const int tasks = (height + rows_per_task - 1) / rows_per_task;
    parallel_for(static_cast<size_t>(tasks), [&](size_t index) {
        const int first = static_cast<int>(index) * rows_per_task;
        for (int row = first; row < std::min(first + rows_per_task, height); ++row)
        {
            task(row);
        }
    });
}

} // namespace

Transformation::Transformation(const k4a_calibration_t &calibration) : calibration_(calibration)
{
    bool any = false;
    for (const k4a_calibration_type_t type : {K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR})
    {
        const bool off = type == K4A_CALIBRATION_TYPE_DEPTH ? calibration.depth_mode == K4A_DEPTH_MODE_OFF
                                                            : calibration.color_resolution == K4A_COLOR_RESOLUTION_OFF;
        if (off)
        {
            continue;
        }
        any = true;
        make_lens(camera(type));
        check_camera_size(camera(type));
    }
    if (!any)
    {
        fail("both cameras are off in this calibration");
    }
}

const k4a_calibration_camera_t &Transformation::camera(k4a_calibration_type_t type) const
{
    return checked_camera(calibration_, type);
}

std::shared_ptr<const RayTable> Transformation::rays(k4a_calibration_type_t type) const
{
    const k4a_calibration_camera_t &wanted = camera(type);
    const std::lock_guard<std::mutex> lock(mutex_);
    std::shared_ptr<const RayTable> &table = rays_[type];
    if (table == nullptr)
    {
        table = shared_ray_table(wanted);
    }
    return table;
}

void Transformation::check_both_cameras() const
{
    camera(K4A_CALIBRATION_TYPE_DEPTH);
    camera(K4A_CALIBRATION_TYPE_COLOR);
}

VertexMap Transformation::vertex_map() const
{
    return {calibration_.extrinsics[K4A_CALIBRATION_TYPE_DEPTH][K4A_CALIBRATION_TYPE_COLOR],
            make_lens(calibration_.color_camera_calibration)};
}

void Transformation::warp(const ImageView &depth, const ImageView *custom, const RasterTarget &target) const
{
    const std::shared_ptr<const RayTable> table = rays(K4A_CALIBRATION_TYPE_DEPTH);
    const MeshBuffer mesh(*table, vertex_map(), depth, custom);
    mesh.draw(target);
}

void Transformation::depth_to_color(const ImageView &depth, const ImageView &transformed_depth) const
{
    check_both_cameras();
    const k4a_calibration_camera_t &color = calibration_.color_camera_calibration;
    check_image(depth, {"depth", calibration_.depth_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2});
    check_image(transformed_depth, {"transformed depth", color, K4A_IMAGE_FORMAT_DEPTH16, 2});
    std::memset(transformed_depth.pixels, 0,
                static_cast<size_t>(transformed_depth.stride) * static_cast<size_t>(transformed_depth.height));
    const Even even_depth(depth), even_result(transformed_depth);
    RasterTarget target = {};
    target.depth = reinterpret_cast<uint16_t *>(even_result.view().pixels);
    target.custom_type = CustomType::none;
    target.width = color.resolution_width;
    target.height = color.resolution_height;
    warp(even_depth.view(), nullptr, target);
    even_result.finish();
}

void Transformation::depth_to_color_custom(const ImageView &depth,
                                           const ImageView &custom,
                                           const ImageView &transformed_depth,
                                           const ImageView &transformed_custom,
                                           k4a_transformation_interpolation_type_t interpolation,
                                           uint32_t invalid_custom_value) const
{
    check_both_cameras();
    const k4a_calibration_camera_t &color = calibration_.color_camera_calibration;
    const bool words = custom.format == K4A_IMAGE_FORMAT_CUSTOM16;
    const k4a_image_format_t format = words ? K4A_IMAGE_FORMAT_CUSTOM16 : K4A_IMAGE_FORMAT_CUSTOM8;
    const int bytes = words ? 2 : 1;
    check_image(depth, {"depth", calibration_.depth_camera_calibration, K4A_IMAGE_FORMAT_DEPTH16, 2});
    check_image(custom, {"custom", calibration_.depth_camera_calibration, format, bytes});
    check_image(transformed_depth, {"transformed depth", color, K4A_IMAGE_FORMAT_DEPTH16, 2});
    check_image(transformed_custom, {"transformed custom", color, format, bytes});
    if (interpolation != K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST &&
        interpolation != K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR)
    {
        fail("interpolation %d does not exist", static_cast<int>(interpolation));
    }
    std::memset(transformed_depth.pixels, 0,
                static_cast<size_t>(transformed_depth.stride) * static_cast<size_t>(transformed_depth.height));
    if (words)
    {
        fill(transformed_custom, static_cast<uint16_t>(invalid_custom_value));
    }
    else
    {
        fill(transformed_custom, static_cast<uint8_t>(invalid_custom_value));
    }
    const Even even_depth(depth), even_result(transformed_depth), even_custom(custom), even_values(transformed_custom);
    RasterTarget target = {};
    target.depth = reinterpret_cast<uint16_t *>(even_result.view().pixels);
    target.custom = even_values.view().pixels;
    target.custom_type = words ? CustomType::words : CustomType::bytes;
    target.interpolate = interpolation == K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR;
    target.width = color.resolution_width;
    target.height = color.resolution_height;
    warp(even_depth.view(), &even_custom.view(), target);
    even_result.finish();
    even_values.finish();
}

void Transformation::color_to_depth(const ImageView &depth,
                                    const ImageView &color,
                                    const ImageView &transformed_color) const
{
    check_both_cameras();
    const k4a_calibration_camera_t &depth_camera = calibration_.depth_camera_calibration;
    const k4a_calibration_camera_t &color_camera = calibration_.color_camera_calibration;
    check_image(depth, {"depth", depth_camera, K4A_IMAGE_FORMAT_DEPTH16, 2});
    check_image(color, {"color", color_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4});
    check_image(transformed_color, {"transformed color", depth_camera, K4A_IMAGE_FORMAT_COLOR_BGRA32, 4});
    const std::shared_ptr<const RayTable> table = rays(K4A_CALIBRATION_TYPE_DEPTH);
    const VertexMap map = vertex_map();
    const ColorSource source = {color.pixels, color.width, color.height};
    const Even even(depth);
    const TransformKernels &kernels = transform_kernels();
    for_rows(depth.height, [&](int row) {
        // In pieces, so that the vertices stay in the first cache.
        constexpr int piece = 512;
        alignas(64) float u[piece], v[piece], z[piece];
        const auto *const pixels = reinterpret_cast<const uint16_t *>(
            even.view().pixels + static_cast<size_t>(row) * static_cast<size_t>(depth.stride));
        uint8_t *const out =
            transformed_color.pixels + static_cast<size_t>(row) * static_cast<size_t>(transformed_color.stride);
        for (int column = 0; column < depth.width; column += piece)
        {
            const size_t count = static_cast<size_t>(std::min(piece, depth.width - column));
            kernels.vertex_row(map, count, pixels + column, table->x(row) + column, table->y(row) + column, u, v, z);
            kernels.color_row(source, count, u, v, z, out + 4 * static_cast<size_t>(column));
        }
    });
}

void Transformation::depth_to_point_cloud(const ImageView &depth,
                                          k4a_calibration_type_t type,
                                          const ImageView &points) const
{
    const k4a_calibration_camera_t &wanted = camera(type);
    check_image(depth, {"depth", wanted, K4A_IMAGE_FORMAT_DEPTH16, 2});
    check_image(points, {"point cloud", wanted, K4A_IMAGE_FORMAT_CUSTOM, 6, true});
    const std::shared_ptr<const RayTable> table = rays(type);
    const Even even_depth(depth), even_points(points);
    const TransformKernels &kernels = transform_kernels();
    for_rows(depth.height, [&](int row) {
        const size_t from = static_cast<size_t>(row) * static_cast<size_t>(depth.stride);
        const size_t to = static_cast<size_t>(row) * static_cast<size_t>(points.stride);
        kernels.point_row(static_cast<size_t>(depth.width),
                          reinterpret_cast<const uint16_t *>(even_depth.view().pixels + from), table->x(row),
                          table->y(row), reinterpret_cast<int16_t *>(even_points.view().pixels + to));
    });
    even_points.finish();
}

void Transformation::depth_to_points(const ImageView &depth,
                                     k4a_calibration_type_t type,
                                     float *points_m,
                                     size_t count) const
{
    const k4a_calibration_camera_t &wanted = camera(type);
    check_image(depth, {"depth", wanted, K4A_IMAGE_FORMAT_DEPTH16, 2});
    const size_t width = static_cast<size_t>(depth.width), pixels = width * static_cast<size_t>(depth.height);
    if (count != pixels)
    {
        fail("there is room for %zu points, the camera has %zu pixels", count, pixels);
    }
    const std::shared_ptr<const RayTable> table = rays(type);
    const Even even_depth(depth);
    const TransformKernels &kernels = transform_kernels();
    for_rows(depth.height, [&](int row) {
        const size_t from = static_cast<size_t>(row) * static_cast<size_t>(depth.stride);
        kernels.metric_point_row(width, reinterpret_cast<const uint16_t *>(even_depth.view().pixels + from),
                                 table->x(row), table->y(row), points_m + 3 * width * static_cast<size_t>(row));
    });
}

} // namespace k4a_rp
