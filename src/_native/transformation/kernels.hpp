// The inner loops of the transformations, compiled once per instruction set. All give the same bits.
#pragma once

#include "calibration/lens.hpp"

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

// Rows of separate arrays are padded to a multiple of this, so that kernels need no code for the rest of a row.
constexpr size_t row_granule = 16;

// From rays of the depth camera to pixels of the colour camera.
struct VertexMap
{
    k4a_calibration_extrinsics_t extrinsics;
    Lens lens;
};

// Depth pixels seen from the colour camera: position in its image, depth in its frame. z = 0: no such point.
// Row length `stride`, at least one more than `width` and a multiple of row_granule; z is 0 beyond the width.
struct Mesh
{
    static constexpr int block_width = 64;

    float *u, *v, *z;
    float *custom; // values that go with the vertices, or nullptr
    // Smallest and largest v per block of columns (first_v > last_v: no valid vertex).
    float *first_v, *last_v;
    size_t stride;
    int width, height;
    int blocks; // per row
};

enum class CustomType
{
    none,
    bytes,
    words
};

struct RasterTarget
{
    uint16_t *depth;
    void *custom;
    CustomType custom_type;
    bool interpolate; // custom values: linear, else nearest
    int width, height;
    int top, bottom; // only rows top .. bottom - 1 are drawn
};

struct ColorSource
{
    const uint8_t *pixels; // BGRA, rows without padding
    int width, height;
};

struct TransformKernels
{
    // Rays of the pixels (0 .. count - 1, row); x is NaN and y 0 where there is none. count: multiple of row_granule.
    void (*ray_row)(const Lens &lens, float row, size_t count, float *x, float *y);
    // `count` depth values through their rays; arrays of a multiple of row_granule values.
    void (*vertex_row)(const VertexMap &map,
                       size_t count,
                       const uint16_t *depth,
                       const float *ray_x,
                       const float *ray_y,
                       float *u,
                       float *v,
                       float *z);
    // Fills first_v and last_v of one row.
    void (*bound_row)(const Mesh &mesh, int row);
    void (*raster)(const Mesh &mesh, const RasterTarget &target);
    void (*color_row)(
        const ColorSource &source, size_t count, const float *u, const float *v, const float *z, uint8_t *bgra);
    // Triples (x, y, z) of int16, in mm; 0 where there is no ray.
    void (*point_row)(size_t count, const uint16_t *depth, const float *ray_x, const float *ray_y, int16_t *points);
    // Triples of float, in metres; three times NaN where there is no depth or no ray.
    void (*metric_point_row)(
        size_t count, const uint16_t *depth, const float *ray_x, const float *ray_y, float *points);
};

const TransformKernels &transform_kernels();

} // namespace k4a_rp
