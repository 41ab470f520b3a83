// The memory of images: aligned, and reused.
#include "check.hpp"
#include "core/buffer.hpp"

#include <cstring>
#include <limits>
#include <set>
#include <vector>

using namespace k4a_rp;

TEST(buffer, memory_of_every_size_is_aligned_and_usable)
{
    for (const size_t size : {size_t(0), size_t(1), size_t(63), size_t(64), size_t(65), size_t(65536), size_t(5000001)})
    {
        Buffer buffer(size);
        REQUIRE(buffer.data() != nullptr);
        CHECK_EQUAL(reinterpret_cast<uintptr_t>(buffer.data()) % Buffer::alignment, 0);
        std::memset(buffer.data(), 0xEE, size);
    }
}

TEST(buffer, freed_memory_is_used_again)
{
    constexpr size_t size = 737280;
    const uint8_t *first = nullptr;
    {
        Buffer buffer(size);
        first = buffer.data();
    }
    const Buffer again(size - 1000);
    CHECK(again.data() == first);
}

TEST(buffer, memory_in_use_is_never_handed_out_twice)
{
    std::set<const uint8_t *> seen;
    std::vector<Buffer> held;
    for (int i = 0; i < 40; ++i)
    {
        held.emplace_back(size_t(100000));
        CHECK(seen.insert(held.back().data()).second);
    }
}

TEST(buffer, much_smaller_need_does_not_take_a_large_block)
{
    const uint8_t *large = nullptr;
    {
        Buffer buffer(size_t(4) << 20);
        large = buffer.data();
    }
    const Buffer small(size_t(100) << 10);
    CHECK(small.data() != large);
}

TEST(buffer, moving_leaves_nothing_behind)
{
    Buffer first(1000);
    const uint8_t *data = first.data();
    Buffer second(std::move(first));
    CHECK(first.data() == nullptr);
    CHECK(second.data() == data);
    Buffer third;
    third = std::move(second);
    CHECK(third.data() == data);
}

TEST(buffer, impossible_size_is_refused_in_words)
{
    CHECK_THROWS("cannot be allocated", const Buffer none(std::numeric_limits<size_t>::max()));
    CHECK_THROWS("cannot be allocated", const Buffer none(std::numeric_limits<size_t>::max() - 10));
}
