#include "simulated/scene.hpp"

#include "simulated/random.hpp"

#include <algorithm>
#include <cmath>

namespace k4a_rp
{

namespace
{

constexpr float tile_mm = 250;
constexpr float grain_mm = 6;
// Nearer surfaces do not count: a ray that starts on one must leave it.
constexpr float nearest_distance = 1e-3f;

float cell(float value, float size)
{
    return std::floor(value / size);
}

// Fine grain, which also makes pictures as hard to compress as real ones.
float grain(float u, float v)
{
    const auto column = static_cast<uint32_t>(static_cast<int32_t>(cell(u, grain_mm)));
    const auto row = static_cast<uint32_t>(static_cast<int32_t>(cell(v, grain_mm)));
    uint32_t bits = column * 0x9e3779b1u ^ row * 0x85ebca77u;
    bits ^= bits >> 15;
    bits *= 0x2c1b3c6du;
    bits ^= bits >> 12;
    return 0.94f + 0.06f * static_cast<float>(bits & 255) / 255;
}

void scale_colors(Surface &surface, float factor)
{
    surface.red *= factor;
    surface.green *= factor;
    surface.blue *= factor;
    surface.infrared *= factor;
}

// The coordinates of a point within a plane across `axis`.
void plane_coordinates(const Vector &point, int axis, float &u, float &v)
{
    u = axis == 0 ? point.z : point.x;
    v = axis == 1 ? point.z : point.y;
}

float component(const Vector &vector, int axis)
{
    return axis == 0 ? vector.x : axis == 1 ? vector.y : vector.z;
}

Vector along(int axis, float value)
{
    return {axis == 0 ? value : 0, axis == 1 ? value : 0, axis == 2 ? value : 0};
}

} // namespace

Scene::Scene(uint32_t seed)
{
    uint64_t state = mix_bits(seed);
    const auto between = [&](double low, double high) {
        return static_cast<float>(low + (high - low) * next_random(state));
    };
    low_ = {between(-1750, -1650), between(-1350, -1250), -500};
    high_ = {between(1650, 1750), 900, between(2450, 2650)};
    for (int i = 0; i < boxes; ++i)
    {
        const float x = -950 + 750 * static_cast<float>(i) + between(-120, 120);
        const float z = between(1500, 1900);
        const float half = between(110, 190);
        boxes_[i] = {{x - half, 900 - between(250, 600), z},
                     {x + half, 900, z + 2 * half},
                     between(0.2, 0.9),
                     between(0.2, 0.9),
                     between(0.2, 0.9),
                     between(0.3, 0.9)};
    }
    for (int i = 0; i < balls; ++i)
    {
        const float radius = between(120, 180);
        const float x = -600 + 1200 * static_cast<float>(i) + between(-100, 100);
        balls_[i] = {{{x, 900 - radius, between(1300, 1450)}, radius},
                     between(0.3, 0.9),
                     between(0.3, 0.9),
                     between(0.3, 0.9),
                     between(0.3, 0.9)};
    }
}

Ball Scene::moving_ball(unsigned phase) const
{
    const float angle = 6.2831853f * static_cast<float>(phase % phases) / static_cast<float>(phases);
    return {{480 * std::cos(angle), -100 + 150 * std::sin(angle), 1250 + 250 * std::sin(angle)}, 160};
}

void Scene::meet_ball(const Ray &ray, const ColoredBall &body, Surface &nearest)
{
    const Vector away = ray.origin - body.ball.center;
    const float a = dot(ray.direction, ray.direction);
    const float b = dot(away, ray.direction);
    const float c = dot(away, away) - body.ball.radius * body.ball.radius;
    const float discriminant = b * b - a * c;
    if (discriminant <= 0)
    {
        return;
    }
    const float distance = (-b - std::sqrt(discriminant)) / a;
    if (distance < nearest_distance || distance >= nearest.distance)
    {
        return;
    }
    nearest.distance = distance;
    nearest.point = ray.origin + distance * ray.direction;
    nearest.normal = (1 / body.ball.radius) * (nearest.point - body.ball.center);
    nearest.red = body.red;
    nearest.green = body.green;
    nearest.blue = body.blue;
    nearest.infrared = body.infrared;
    nearest.gives_depth = true;
    // Rings around the vertical axis.
    scale_colors(nearest, static_cast<int>(cell(nearest.normal.y, 0.25f)) % 2 ? 0.7f : 1.0f);
}

void Scene::meet_box(const Ray &ray, const Box &box, Surface &nearest)
{
    float enter = nearest_distance;
    float leave = nearest.distance;
    int entered = -1;
    for (int axis = 0; axis < 3; ++axis)
    {
        const float step = component(ray.direction, axis);
        const float start = component(ray.origin, axis);
        const float low = component(box.low, axis);
        const float high = component(box.high, axis);
        if (step == 0)
        {
            if (start < low || start > high)
            {
                return;
            }
            continue;
        }
        const float one = (low - start) / step;
        const float other = (high - start) / step;
        if (std::min(one, other) > enter)
        {
            enter = std::min(one, other);
            entered = axis;
        }
        leave = std::min(leave, std::max(one, other));
    }
    if (entered < 0 || enter >= leave)
    {
        return;
    }
    nearest.distance = enter;
    nearest.point = ray.origin + enter * ray.direction;
    nearest.normal = along(entered, component(ray.direction, entered) > 0 ? -1.0f : 1.0f);
    nearest.red = box.red;
    nearest.green = box.green;
    nearest.blue = box.blue;
    nearest.infrared = box.infrared;
    nearest.gives_depth = true;
    float u, v;
    plane_coordinates(nearest.point, entered, u, v);
    scale_colors(nearest, grain(u, v) * (static_cast<int>(cell(u + v, 60)) % 2 ? 0.8f : 1.0f));
}

Surface Scene::meet_room(const Ray &ray) const
{
    int axis = 2;
    float leave = INFINITY;
    for (int i = 0; i < 3; ++i)
    {
        const float step = component(ray.direction, i);
        if (step == 0)
        {
            continue;
        }
        const float wall = component(step > 0 ? high_ : low_, i);
        const float distance = (wall - component(ray.origin, i)) / step;
        if (distance < leave)
        {
            leave = distance;
            axis = i;
        }
    }
    const bool far_side = component(ray.direction, axis) > 0;
    Surface wall = {};
    wall.distance = leave;
    wall.point = ray.origin + leave * ray.direction;
    wall.normal = along(axis, far_side ? -1.0f : 1.0f);
    wall.gives_depth = true;
    wall.infrared = 0.6f;
    // Side walls bluish, floor brown, ceiling white, back wall greenish.
    wall.red = axis == 0 ? 0.45f : axis == 1 ? (far_side ? 0.55f : 0.85f) : 0.55f;
    wall.green = axis == 0 ? 0.55f : axis == 1 ? (far_side ? 0.42f : 0.85f) : 0.70f;
    wall.blue = axis == 0 ? 0.75f : axis == 1 ? (far_side ? 0.30f : 0.85f) : 0.55f;
    float u, v;
    plane_coordinates(wall.point, axis, u, v);
    if (axis == 2 && u > 300 && u < 900 && v > -800 && v < -450)
    {
        // A dark screen on the back wall swallows the infrared light.
        scale_colors(wall, 0.05f);
        wall.gives_depth = false;
        return wall;
    }
    const bool odd = static_cast<int>(cell(u, tile_mm) + cell(v, tile_mm)) % 2 != 0;
    scale_colors(wall, grain(u, v) * (odd ? 0.75f : 1.0f));
    return wall;
}

Surface Scene::trace(const Ray &ray, const Ball *ball) const
{
    Surface nearest = meet_room(ray);
    for (const Box &box : boxes_)
    {
        meet_box(ray, box, nearest);
    }
    for (const ColoredBall &still : balls_)
    {
        meet_ball(ray, still, nearest);
    }
    if (ball)
    {
        meet_ball(ray, {*ball, 0.95f, 0.35f, 0.1f, 0.8f}, nearest);
    }
    return nearest;
}

float Scene::lamp_light(const Surface &surface)
{
    const Vector to_lamp = Vector{0, -1200, 600} - surface.point;
    const float facing = dot(surface.normal, to_lamp) / std::sqrt(dot(to_lamp, to_lamp));
    return 0.4f + 0.6f * std::max(facing, 0.0f);
}

} // namespace k4a_rp
