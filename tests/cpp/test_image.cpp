// Which images can be made, where their memory comes from and goes to.
#include "check.hpp"
#include "ebml_writer.hpp"
#include "image/capture.hpp"

#include <k4a/k4a.h>

#include <climits>
#include <cstdlib>
#include <map>

namespace
{

struct Made
{
    k4a_result_t result;
    int stride = 0;
    size_t size = 0;
};

Made make(int format, int width, int height, int stride)
{
    k4a_image_t image = nullptr;
    Made made{k4a_image_create(static_cast<k4a_image_format_t>(format), width, height, stride, &image)};
    if (made.result == K4A_RESULT_SUCCEEDED)
    {
        made.stride = k4a_image_get_stride_bytes(image);
        made.size = k4a_image_get_size(image);
        CHECK_EQUAL(k4a_image_get_format(image), static_cast<k4a_image_format_t>(format));
        CHECK_EQUAL(k4a_image_get_width_pixels(image), width);
        CHECK_EQUAL(k4a_image_get_height_pixels(image), height);
        uint8_t *buffer = k4a_image_get_buffer(image);
        REQUIRE(buffer != nullptr);
        CHECK_EQUAL(reinterpret_cast<uintptr_t>(buffer) % 64, 0);
        buffer[0] = buffer[made.size - 1] = 1;
        k4a_image_release(image);
    }
    else
    {
        CHECK(image == nullptr);
    }
    return made;
}

constexpr int mjpg = K4A_IMAGE_FORMAT_COLOR_MJPG;
constexpr int nv12 = K4A_IMAGE_FORMAT_COLOR_NV12;
constexpr int yuy2 = K4A_IMAGE_FORMAT_COLOR_YUY2;
constexpr int bgra32 = K4A_IMAGE_FORMAT_COLOR_BGRA32;
constexpr int depth16 = K4A_IMAGE_FORMAT_DEPTH16;
constexpr int ir16 = K4A_IMAGE_FORMAT_IR16;
constexpr int custom8 = K4A_IMAGE_FORMAT_CUSTOM8;
constexpr int custom16 = K4A_IMAGE_FORMAT_CUSTOM16;
constexpr int custom = K4A_IMAGE_FORMAT_CUSTOM;

} // namespace

TEST(image, created_by_the_rules_of_its_format)
{
    struct
    {
        int format, width, height, stride, expected_stride;
        size_t expected_size;
    } const cases[] = {
        {nv12, 640, 480, 0, 640, 460800},   {nv12, 640, 480, 700, 700, 504000},
        {yuy2, 640, 480, 0, 1280, 614400},  {yuy2, 640, 481, 0, 1280, 615680},
        {yuy2, 640, 480, 1290, 1290, 619200},
        {bgra32, 3, 5, 0, 12, 60},          {bgra32, 3, 5, 13, 13, 65},
        {depth16, 640, 576, 0, 1280, 737280}, {ir16, 1, 1, 0, 2, 2},
        {custom16, 7, 3, 15, 15, 45},       {custom8, 7, 3, 0, 7, 21},
        {custom, 7, 3, 1, 1, 3},            {custom8, 19999, 1, 0, 19999, 19999},
        {custom8, 1, 19999, 0, 1, 19999},
    };
    for (const auto &one : cases)
    {
        const Made made = make(one.format, one.width, one.height, one.stride);
        CHECK_EQUAL(made.result, K4A_RESULT_SUCCEEDED);
        CHECK_EQUAL(made.stride, one.expected_stride);
        CHECK_EQUAL(made.size, one.expected_size);
    }
}

TEST(image, refused_where_its_shape_is_wrong)
{
    const int cases[][4] = {
        {mjpg, 640, 480, 0},       {mjpg, 640, 480, 1280},   {nv12, 641, 480, 0},        {nv12, 640, 481, 0},
        {nv12, 640, 480, 639},     {yuy2, 641, 480, 0},      {yuy2, 640, 480, 1279},     {bgra32, 3, 5, 11},
        {depth16, 640, 576, 1279}, {ir16, 2, 2, 3},          {custom16, 2, 2, 3},        {custom8, 7, 3, 6},
        {custom, 7, 3, 0},         {custom, 7, 3, -1},       {depth16, 640, 576, -1280}, {custom8, 0, 3, 0},
        {custom8, 3, 0, 0},        {custom8, -1, 3, 0},      {custom8, 20000, 3, 0},     {custom8, 3, 20000, 0},
        {-1, 4, 4, 0},             {custom + 1, 4, 4, 16},   {bgra32, 4, 4, INT_MIN},    {custom8, INT_MAX, 2, 0},
    };
    for (const auto &one : cases)
    {
        const Made made = make(one[0], one[1], one[2], one[3]);
        if (made.result != K4A_RESULT_FAILED)
        {
            check::report(__FILE__,
                          __LINE__,
                          "accepted format " + std::to_string(one[0]) + ", " + std::to_string(one[1]) + " x " +
                              std::to_string(one[2]) + ", stride " + std::to_string(one[3]));
        }
    }
    CHECK_EQUAL(k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 4, 4, 0, nullptr), K4A_RESULT_FAILED);
}

TEST(image, too_large_for_the_memory_fails_without_harm)
{
    // 4 * 10^13 bytes.
    const Made made = make(custom, 19999, 19999, INT_MAX);
    CHECK_EQUAL(made.result, K4A_RESULT_FAILED);
}

static int releases = 0;
static void *released_context = nullptr;
static void *released_data = nullptr;

static void note_release(void *data, void *context)
{
    ++releases;
    released_data = data;
    released_context = context;
}

TEST(image, wrapped_memory_is_given_back_once_with_the_last_reference)
{
    releases = 0;
    uint8_t memory[16] = {1, 2, 3};
    int context = 0;
    k4a_image_t image = nullptr;
    REQUIRE(k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_DEPTH16, 20000, 20000, -7, memory, 16, note_release, &context,
                                         &image) == K4A_RESULT_SUCCEEDED);
    CHECK(k4a_image_get_buffer(image) == memory);
    CHECK_EQUAL(k4a_image_get_size(image), 16); // stored unchecked, like the stride
    CHECK_EQUAL(k4a_image_get_stride_bytes(image), -7);
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_capture_create(&capture) == K4A_RESULT_SUCCEEDED);
    k4a_capture_set_color_image(capture, image); // the format is not checked against the slot
    k4a_image_reference(image);
    k4a_image_release(image);
    k4a_image_release(image);
    CHECK_EQUAL(releases, 0);
    const k4a_image_t again = k4a_capture_get_color_image(capture);
    CHECK(again == image);
    k4a_image_release(again);
    k4a_capture_set_color_image(capture, nullptr);
    CHECK_EQUAL(releases, 1);
    CHECK(released_data == memory);
    CHECK(released_context == &context);
    CHECK(k4a_capture_get_color_image(capture) == nullptr);
    k4a_capture_release(capture);
    CHECK_EQUAL(releases, 1);
}

TEST(image, wrapped_memory_is_not_given_back_on_failure)
{
    releases = 0;
    uint8_t memory[16];
    const auto wrap = [&](int format, int width, int height, uint8_t *data, size_t size) {
        k4a_image_t image = nullptr;
        return k4a_image_create_from_buffer(
            static_cast<k4a_image_format_t>(format), width, height, 0, data, size, note_release, nullptr, &image);
    };
    CHECK_EQUAL(wrap(depth16, 0, 1, memory, 16), K4A_RESULT_FAILED);
    CHECK_EQUAL(wrap(depth16, 1, 20001, memory, 16), K4A_RESULT_FAILED);
    CHECK_EQUAL(wrap(-1, 1, 1, memory, 16), K4A_RESULT_FAILED);
    CHECK_EQUAL(wrap(9, 1, 1, memory, 16), K4A_RESULT_FAILED);
    CHECK_EQUAL(wrap(depth16, 1, 1, nullptr, 16), K4A_RESULT_FAILED);
    CHECK_EQUAL(wrap(depth16, 1, 1, memory, 0), K4A_RESULT_FAILED);
    CHECK_EQUAL(releases, 0);
}

TEST(image, attributes_are_kept_as_given)
{
    k4a_image_t image = nullptr;
    REQUIRE(k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 2, 2, 0, &image) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(k4a_image_get_device_timestamp_usec(image), 0);
    CHECK_EQUAL(k4a_image_get_system_timestamp_nsec(image), 0);
    CHECK_EQUAL(k4a_image_get_exposure_usec(image), 0);
    CHECK_EQUAL(k4a_image_get_white_balance(image), 0);
    CHECK_EQUAL(k4a_image_get_iso_speed(image), 0);
    k4a_image_set_device_timestamp_usec(image, UINT64_MAX);
    k4a_image_set_system_timestamp_nsec(image, 12);
    k4a_image_set_exposure_usec(image, 13);
    k4a_image_set_white_balance(image, UINT32_MAX);
    k4a_image_set_iso_speed(image, 15);
    CHECK_EQUAL(k4a_image_get_device_timestamp_usec(image), UINT64_MAX);
    CHECK_EQUAL(k4a_image_get_timestamp_usec(image), UINT64_MAX);
    CHECK_EQUAL(k4a_image_get_system_timestamp_nsec(image), 12);
    CHECK_EQUAL(k4a_image_get_exposure_usec(image), 13);
    CHECK_EQUAL(k4a_image_get_white_balance(image), UINT32_MAX);
    CHECK_EQUAL(k4a_image_get_iso_speed(image), 15);
    k4a_image_set_timestamp_usec(image, 77);
    k4a_image_set_exposure_time_usec(image, 78);
    CHECK_EQUAL(k4a_image_get_device_timestamp_usec(image), 77);
    CHECK_EQUAL(k4a_image_get_exposure_usec(image), 78);
    k4a_image_release(image);
}

TEST(image, capture_temperature_refuses_nan)
{
    k4a_capture_t capture = nullptr;
    REQUIRE(k4a_capture_create(&capture) == K4A_RESULT_SUCCEEDED);
    CHECK(std::isnan(k4a_capture_get_temperature_c(capture)));
    k4a_capture_set_temperature_c(capture, 31.5f);
    k4a_capture_set_temperature_c(capture, std::nanf(""));
    CHECK_EQUAL(k4a_capture_get_temperature_c(capture), 31.5f);
    k4a_capture_reference(capture);
    k4a_capture_release(capture);
    CHECK_EQUAL(k4a_capture_get_temperature_c(capture), 31.5f);
    k4a_capture_release(capture);
    CHECK_EQUAL(k4a_capture_create(nullptr), K4A_RESULT_FAILED);
}

// ---- k4a_set_allocator

static std::map<void *, int> blocks;  // handed out and not yet freed, with what their context must be
static int next_context = 100;
static int allocated_bytes = 0;

static uint8_t *counting_allocate(int size, void **context)
{
    allocated_bytes = size;
    *context = reinterpret_cast<void *>(static_cast<intptr_t>(++next_context));
    uint8_t *block = static_cast<uint8_t *>(std::malloc(static_cast<size_t>(size)));
    blocks[block] = next_context;
    return block;
}

static void counting_free(void *block, void *context)
{
    REQUIRE(blocks.count(block) == 1);
    CHECK_EQUAL(reinterpret_cast<intptr_t>(context), blocks[block]);
    blocks.erase(block);
    std::free(block);
}

static uint8_t *refusing_allocate(int, void **)
{
    return nullptr;
}

TEST(image, allocator_makes_and_frees_what_was_made_under_it)
{
    blocks.clear();
    REQUIRE(k4a_set_allocator(counting_allocate, counting_free) == K4A_RESULT_SUCCEEDED);
    k4a_image_t image = nullptr;
    REQUIRE(k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 10, 10, 0, &image) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(blocks.size(), 1);
    CHECK(allocated_bytes >= 100);
    uint8_t *buffer = k4a_image_get_buffer(image);
    buffer[0] = buffer[99] = 3;
    CHECK_EQUAL(k4a_image_get_size(image), 100);
    CHECK_EQUAL(k4a_set_allocator(counting_allocate, nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(k4a_set_allocator(nullptr, counting_free), K4A_RESULT_FAILED);
    REQUIRE(k4a_set_allocator(nullptr, nullptr) == K4A_RESULT_SUCCEEDED);
    k4a_image_t plain = nullptr;
    REQUIRE(k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 10, 10, 0, &plain) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(blocks.size(), 1);
    k4a_image_release(plain);
    k4a_image_release(image); // freed by the function of its time
    CHECK(blocks.empty());
}

TEST(image, allocator_that_gives_nothing_makes_creation_fail)
{
    blocks.clear();
    REQUIRE(k4a_set_allocator(refusing_allocate, counting_free) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(make(custom8, 10, 10, 0).result, K4A_RESULT_FAILED);
    REQUIRE(k4a_set_allocator(nullptr, nullptr) == K4A_RESULT_SUCCEEDED);
}

TEST(image, allocator_is_never_asked_for_more_than_an_int)
{
    REQUIRE(k4a_set_allocator(counting_allocate, counting_free) == K4A_RESULT_SUCCEEDED);
    allocated_bytes = 0;
    CHECK_EQUAL(make(custom, 1000, 19999, INT_MAX).result, K4A_RESULT_FAILED);
    CHECK_EQUAL(allocated_bytes, 0);
    REQUIRE(k4a_set_allocator(nullptr, nullptr) == K4A_RESULT_SUCCEEDED);
}
