#include "transformation/mesh.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <cstring>

namespace k4a_rp
{

namespace
{

constexpr int rows_per_task = 16;
constexpr unsigned bands_per_thread = 3; // more balance better, and look at more blocks in vain

size_t round_up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

} // namespace

MeshBuffer::MeshBuffer(const RayTable &rays, const VertexMap &map, const ImageView &depth, const ImageView *custom)
{
    mesh_.width = depth.width;
    mesh_.height = depth.height;
    mesh_.stride = round_up(static_cast<size_t>(depth.width) + 1, row_granule);
    mesh_.blocks = (depth.width + Mesh::block_width - 1) / Mesh::block_width;
    const size_t height = static_cast<size_t>(depth.height);
    // Quads at the end of the last row look one row_granule further.
    const size_t plane = mesh_.stride * height + row_granule;
    const size_t bounds = round_up(static_cast<size_t>(mesh_.blocks) * height, row_granule);
    buffer_ = Buffer(((custom != nullptr ? 4 : 3) * plane + 2 * bounds) * sizeof(float));
    float *next = reinterpret_cast<float *>(buffer_.data());
    for (float **part : {&mesh_.u, &mesh_.v, &mesh_.z})
    {
        *part = next;
        next += plane;
        std::fill(next - row_granule, next, 0.0f);
    }
    mesh_.first_v = next;
    mesh_.last_v = next + bounds;
    if (custom != nullptr)
    {
        mesh_.custom = next + 2 * bounds;
        std::fill(mesh_.custom + plane - row_granule, mesh_.custom + plane, 0.0f);
    }
    const int tasks = (depth.height + rows_per_task - 1) / rows_per_task;
    parallel_for(static_cast<size_t>(tasks), [&](size_t task) {
        const int first = static_cast<int>(task) * rows_per_task;
        for (int row = first; row < std::min(first + rows_per_task, depth.height); ++row)
        {
            fill_row(row, rays, map, depth, custom);
        }
    });
}

void MeshBuffer::fill_row(
    int row, const RayTable &rays, const VertexMap &map, const ImageView &depth, const ImageView *custom)
{
    const TransformKernels &kernels = transform_kernels();
    const size_t width = static_cast<size_t>(mesh_.width);
    const size_t at = static_cast<size_t>(row) * mesh_.stride;
    const auto *const pixels =
        reinterpret_cast<const uint16_t *>(depth.pixels + static_cast<size_t>(row) * static_cast<size_t>(depth.stride));
    float *const parts[] = {mesh_.u + at, mesh_.v + at, mesh_.z + at};
    kernels.vertex_row(map, width, pixels, rays.x(row), rays.y(row), parts[0], parts[1], parts[2]);
    for (float *const part : parts)
    {
        std::fill(part + width, part + mesh_.stride, 0.0f);
    }
    kernels.bound_row(mesh_, row);
    if (custom == nullptr)
    {
        return;
    }
    const uint8_t *const values = custom->pixels + static_cast<size_t>(row) * static_cast<size_t>(custom->stride);
    float *const to = mesh_.custom + at;
    if (custom->format == K4A_IMAGE_FORMAT_CUSTOM16)
    {
        std::copy(reinterpret_cast<const uint16_t *>(values), reinterpret_cast<const uint16_t *>(values) + width, to);
    }
    else
    {
        std::copy(values, values + width, to);
    }
    std::fill(to + width, to + mesh_.stride, 0.0f);
}

void MeshBuffer::draw(const RasterTarget &target) const
{
    const TransformKernels &kernels = transform_kernels();
    const unsigned threads = thread_count();
    const int bands = threads <= 1 ? 1 : static_cast<int>(threads * bands_per_thread);
    parallel_for(static_cast<size_t>(bands), [&](size_t index) {
        RasterTarget band = target;
        band.top = target.height * static_cast<int>(index) / bands;
        band.bottom = target.height * static_cast<int>(index + 1) / bands;
        kernels.raster(mesh_, band);
    });
}

} // namespace k4a_rp
