// The room that a simulated camera looks into: a few bodies of known shape, and a ball that goes round. The world is
// the depth camera's frame: x right, y down, z forward, mm.
#pragma once

#include <cstdint>

namespace k4a_rp
{

struct Vector
{
    float x, y, z;
};

inline Vector operator+(const Vector &a, const Vector &b)
{
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}

inline Vector operator-(const Vector &a, const Vector &b)
{
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

inline Vector operator*(float factor, const Vector &a)
{
    return {factor * a.x, factor * a.y, factor * a.z};
}

inline float dot(const Vector &a, const Vector &b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

struct Ray
{
    Vector origin;
    Vector direction; // of any length: distances are in multiples of it
};

// What a ray meets first.
struct Surface
{
    float distance; // in multiples of the ray's direction
    Vector point;
    Vector normal;       // towards the ray's origin, of length 1
    float red, green, blue; // reflected part, 0 to 1
    float infrared;
    bool gives_depth; // false: the depth camera gets no distance from it
};

struct Ball
{
    Vector center;
    float radius;
};

class Scene
{
public:
    // The movement repeats after so many pictures.
    static constexpr unsigned phases = 20;

    explicit Scene(uint32_t seed);

    Ball moving_ball(unsigned phase) const;

    // The room is closed: every ray meets something. Without `ball` the moving one is not there.
    Surface trace(const Ray &ray, const Ball *ball) const;

    // How much light of the lamp under the ceiling, 0 to 1, a surface gets.
    static float lamp_light(const Surface &surface);

private:
    struct Box
    {
        Vector low, high;
        float red, green, blue, infrared;
    };
    struct ColoredBall
    {
        Ball ball;
        float red, green, blue, infrared;
    };

    static void meet_ball(const Ray &ray, const ColoredBall &ball, Surface &nearest);
    static void meet_box(const Ray &ray, const Box &box, Surface &nearest);
    Surface meet_room(const Ray &ray) const;

    static constexpr int boxes = 3;
    static constexpr int balls = 2;
    Vector low_;
    Vector high_;
    Box boxes_[boxes];
    ColoredBall balls_[balls];
};

} // namespace k4a_rp
