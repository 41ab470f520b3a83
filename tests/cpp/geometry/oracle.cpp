#include "oracle.hpp"

#include <algorithm>
#include <cmath>

using namespace k4a_rp;
using scene::Pixels;

namespace
{

struct Vertex
{
    float x = 0, y = 0, z = 0; // pixel, depth in front of the colour camera
    int custom = 0;
    bool valid = false;
};

Vertex vertex_of(const k4a_calibration_t &calibration, const Lens &color, float ray_x, float ray_y, uint16_t depth)
{
    Vertex vertex;
    if (depth == 0 || std::isnan(ray_x))
    {
        return vertex;
    }
    const float z = depth;
    const k4a_float3_t point = {{ray_x * z, ray_y * z, z}};
    const k4a_float3_t moved = transform_point(calibration.extrinsics[0][1], point);
    if (!(moved.xyz.z > 0.0f))
    {
        return vertex;
    }
    vertex.z = moved.xyz.z;
    vertex.valid = project(color, moved.xyz.x / moved.xyz.z, moved.xyz.y / moved.xyz.z, vertex.x, vertex.y);
    return vertex;
}

std::vector<Vertex> vertices_of(const k4a_calibration_t &calibration,
                                const std::vector<float> &table,
                                const Pixels &depth,
                                const Pixels *custom)
{
    const Lens color = make_lens(calibration.color_camera_calibration);
    std::vector<Vertex> vertices(table.size() / 2);
    for (size_t i = 0; i < vertices.size(); ++i)
    {
        vertices[i] = vertex_of(calibration, color, table[2 * i], table[2 * i + 1], depth.word(i));
        if (custom)
        {
            vertices[i].custom =
                custom->view().format == K4A_IMAGE_FORMAT_CUSTOM8 ? custom->bytes()[i] : custom->word(i);
        }
    }
    return vertices;
}

Vertex middle(const Vertex &a, const Vertex &b, const Vertex &nearest, bool interpolate)
{
    Vertex vertex;
    vertex.x = (a.x + b.x) * 0.5f;
    vertex.y = (a.y + b.y) * 0.5f;
    vertex.z = (a.z + b.z) * 0.5f;
    vertex.custom = interpolate ? (a.custom + b.custom) / 2 : nearest.custom;
    vertex.valid = true;
    return vertex;
}

// False: nothing to draw.
bool complete(Vertex &tl, Vertex &tr, Vertex &br, Vertex &bl, bool interpolate)
{
    const int valid = tl.valid + tr.valid + br.valid + bl.valid;
    if (valid < 3)
    {
        return false;
    }
    if (!tl.valid)
    {
        tl = middle(tr, bl, br, interpolate);
    }
    else if (!tr.valid)
    {
        tr = br;
        br = middle(br, bl, bl, interpolate);
    }
    else if (!br.valid)
    {
        br = middle(tr, bl, tl, interpolate);
    }
    else if (!bl.valid)
    {
        bl = br;
        br = middle(tr, br, tr, interpolate);
    }
    const float nearest = std::min({tl.z, tr.z, br.z, bl.z}), farthest = std::max({tl.z, tr.z, br.z, bl.z});
    return farthest - nearest <= 0.04693441759f * nearest;
}

float area(const Vertex &a, const Vertex &b, float x, float y)
{
    return (y - a.y) * (b.x - a.x) - (x - a.x) * (b.y - a.y);
}

class Canvas
{
public:
    Canvas(Pixels &depth, Pixels *custom, bool interpolate) : depth_(depth), custom_(custom), interpolate_(interpolate)
    {
    }

    void draw(const Vertex &tl, const Vertex &tr, const Vertex &br, const Vertex &bl)
    {
        const int width = depth_.view().width, height = depth_.view().height;
        const float left = std::min({tl.x, tr.x, br.x, bl.x}), right = std::max({tl.x, tr.x, br.x, bl.x});
        const float top = std::min({tl.y, tr.y, br.y, bl.y}), bottom = std::max({tl.y, tr.y, br.y, bl.y});
        const auto limit = [](float value, int most) {
            return static_cast<int>(std::ceil(std::clamp(value, 0.0f, static_cast<float>(most))));
        };
        for (int y = limit(top, height); y < limit(bottom, height); ++y)
        {
            for (int x = limit(left, width); x < limit(right, width); ++x)
            {
                try_pixel(tl, tr, br, bl, x, y);
            }
        }
    }

private:
    void try_pixel(const Vertex &tl, const Vertex &tr, const Vertex &br, const Vertex &bl, int column, int row)
    {
        const float x = static_cast<float>(column), y = static_cast<float>(row);
        float m = area(tl, br, x, y);
        const bool upper = m < 0.0f;
        const Vertex &third = upper ? tr : bl;
        float s = area(third, tl, x, y), q = area(br, third, x, y);
        if (upper)
        {
            m = -m;
            s = -s;
            q = -q;
        }
        if (!(s >= 0.0f && q > 0.0f))
        {
            return;
        }
        const float depth = (s * br.z + m * third.z + q * tl.z) / (s + m + q);
        const uint16_t value = static_cast<uint16_t>(std::min(depth + 0.5f, 65535.0f));
        const size_t at =
            static_cast<size_t>(row) * static_cast<size_t>(depth_.view().width) + static_cast<size_t>(column);
        const uint16_t drawn = depth_.word(at);
        if (drawn != 0 && value >= drawn)
        {
            return;
        }
        depth_.set_word(at, value);
        if (custom_)
        {
            put_custom(at, interpolate_ ? blended(tl, third, br, s, m, q) : nearest(tl, third, br, s, m, q));
        }
    }

    static int blended(const Vertex &tl, const Vertex &third, const Vertex &br, float s, float m, float q)
    {
        const float a = static_cast<float>(br.custom), b = static_cast<float>(third.custom),
                    c = static_cast<float>(tl.custom);
        return static_cast<int>((s * a + m * b + q * c) / (s + m + q) + 0.5f);
    }

    static int nearest(const Vertex &tl, const Vertex &third, const Vertex &br, float s, float m, float q)
    {
        if (s > m)
        {
            return s > q ? br.custom : tl.custom;
        }
        return m > q ? third.custom : tl.custom;
    }

    void put_custom(size_t at, int value)
    {
        if (custom_->view().format == K4A_IMAGE_FORMAT_CUSTOM8)
        {
            custom_->bytes()[at] = static_cast<uint8_t>(value);
        }
        else
        {
            custom_->set_word(at, static_cast<uint16_t>(value));
        }
    }

    Pixels &depth_;
    Pixels *custom_;
    bool interpolate_;
};

void clear(Pixels &depth, Pixels *custom, uint32_t invalid)
{
    std::fill(depth.bytes(), depth.bytes() + depth.size(), uint8_t(0));
    if (!custom)
    {
        return;
    }
    if (custom->view().format == K4A_IMAGE_FORMAT_CUSTOM8)
    {
        std::fill(custom->bytes(), custom->bytes() + custom->size(), static_cast<uint8_t>(invalid));
    }
    else
    {
        for (size_t i = 0; i < custom->size() / 2; ++i)
        {
            custom->set_word(i, static_cast<uint16_t>(invalid));
        }
    }
}

void sample(const Pixels &color, const Vertex &vertex, uint8_t *to)
{
    std::fill(to, to + 4, uint8_t(0));
    const int width = color.view().width, height = color.view().height;
    if (!vertex.valid || vertex.x < 0.0f || vertex.y < 0.0f || vertex.x >= 1e6f || vertex.y >= 1e6f)
    {
        return;
    }
    const int x = static_cast<int>(vertex.x), y = static_cast<int>(vertex.y);
    if (x + 1 >= width || y + 1 >= height)
    {
        return;
    }
    const float fx = vertex.x - static_cast<float>(x), fy = vertex.y - static_cast<float>(y);
    const size_t stride = static_cast<size_t>(width) * 4;
    const uint8_t *const at = color.bytes() + static_cast<size_t>(y) * stride + static_cast<size_t>(x) * 4;
    for (size_t channel = 0; channel < 4; ++channel)
    {
        float sum = 0.5f;
        sum += at[channel] * ((1.0f - fx) * (1.0f - fy));
        sum += at[channel + 4] * (fx * (1.0f - fy));
        sum += at[channel + stride] * ((1.0f - fx) * fy);
        sum += at[channel + stride + 4] * (fx * fy);
        to[channel] = static_cast<uint8_t>(sum);
    }
    if (to[0] == 0 && to[1] == 0 && to[2] == 0 && to[3] == 0)
    {
        to[0] = 1;
    }
}

} // namespace

namespace oracle
{

std::vector<float> rays(const k4a_calibration_camera_t &camera)
{
    const Lens lens = make_lens(camera);
    std::vector<float> table;
    table.reserve(2 * static_cast<size_t>(camera.resolution_width) * static_cast<size_t>(camera.resolution_height));
    for (int v = 0; v < camera.resolution_height; ++v)
    {
        for (int u = 0; u < camera.resolution_width; ++u)
        {
            float x, y;
            if (!unproject(lens, static_cast<float>(u), static_cast<float>(v), x, y))
            {
                x = NAN;
                y = 0.0f;
            }
            table.push_back(x);
            table.push_back(y);
        }
    }
    return table;
}

void depth_to_color(const k4a_calibration_t &calibration,
                    const std::vector<float> &depth_rays,
                    const Pixels &depth,
                    const Pixels *custom,
                    Pixels &transformed_depth,
                    Pixels *transformed_custom,
                    bool interpolate,
                    uint32_t invalid_custom_value)
{
    clear(transformed_depth, transformed_custom, invalid_custom_value);
    const std::vector<Vertex> vertices = vertices_of(calibration, depth_rays, depth, custom);
    Canvas canvas(transformed_depth, transformed_custom, interpolate);
    const size_t width = static_cast<size_t>(depth.view().width), height = static_cast<size_t>(depth.view().height);
    for (size_t row = 0; row + 1 < height; ++row)
    {
        for (size_t column = 0; column + 1 < width; ++column)
        {
            const Vertex *const at = &vertices[row * width + column];
            Vertex tl = at[0], tr = at[1], bl = at[width], br = at[width + 1];
            if (complete(tl, tr, br, bl, interpolate))
            {
                canvas.draw(tl, tr, br, bl);
            }
        }
    }
}

void color_to_depth(const k4a_calibration_t &calibration,
                    const std::vector<float> &depth_rays,
                    const Pixels &depth,
                    const Pixels &color,
                    Pixels &result)
{
    const std::vector<Vertex> vertices = vertices_of(calibration, depth_rays, depth, nullptr);
    for (size_t i = 0; i < vertices.size(); ++i)
    {
        sample(color, vertices[i], result.bytes() + 4 * i);
    }
}

void point_cloud(const std::vector<float> &table, const Pixels &depth, Pixels &points)
{
    const auto round = [](float value) {
        return static_cast<int16_t>(std::nearbyint(std::clamp(value, -32768.0f, 32767.0f)));
    };
    for (size_t i = 0; i < table.size() / 2; ++i)
    {
        const float x = table[2 * i], y = table[2 * i + 1], z = depth.word(i);
        const bool valid = !std::isnan(x);
        points.set_word(3 * i, static_cast<uint16_t>(valid ? round(x * z) : 0));
        points.set_word(3 * i + 1, static_cast<uint16_t>(valid ? round(y * z) : 0));
        points.set_word(3 * i + 2, valid ? depth.word(i) : uint16_t(0));
    }
}

} // namespace oracle
