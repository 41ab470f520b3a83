// The depth image as a mesh in front of the colour camera.
#pragma once

#include "core/buffer.hpp"
#include "transformation/kernels.hpp"
#include "transformation/transformation.hpp"

namespace k4a_rp
{

class MeshBuffer
{
public:
    // The images have been checked; `custom` may be nullptr.
    MeshBuffer(const RayTable &rays, const VertexMap &map, const ImageView &depth, const ImageView *custom);

    // Into the whole of the target, its top and bottom are not looked at.
    void draw(const RasterTarget &target) const;

private:
    void fill_row(int row, const RayTable &rays, const VertexMap &map, const ImageView &depth, const ImageView *custom);

    Buffer buffer_;
    Mesh mesh_ = {};
};

} // namespace k4a_rp
