// Numbers of a fixed byte order, and swapping 16-bit words.
#include "check.hpp"
#include "core/bytes.hpp"
#include "ebml_writer.hpp"

using namespace k4a_rp;
using ebml::Bytes;

TEST(bytes, numbers_are_read_in_their_order)
{
    const uint8_t data[8] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88};
    CHECK_EQUAL(load_big_endian(data, 0), 0);
    CHECK_EQUAL(load_big_endian(data, 3), 0x010203);
    CHECK_EQUAL(load_big_endian(data, 8), 0x0102030405060788u);
    CHECK_EQUAL(load_little_endian<uint16_t>(data), 0x0201);
    CHECK_EQUAL(load_little_endian<uint64_t>(data), 0x8807060504030201u);
    const uint8_t one_and_a_half[4] = {0x00, 0x00, 0xC0, 0x3F};
    CHECK_EQUAL(load_little_endian_float(one_and_a_half), 1.5f);
}

TEST(bytes, swap_at_any_size_and_alignment_touches_its_words_only)
{
    for (size_t alignment = 0; alignment < 65; alignment += alignment < 4 ? 1 : 15)
    {
        for (size_t size = 0; size < 300; ++size)
        {
            Bytes memory = ebml::frame_payload(3, size, alignment + size + 70);
            Bytes expected = memory;
            for (size_t i = 0; i + 1 < size; i += 2)
            {
                std::swap(expected[alignment + i], expected[alignment + i + 1]);
            }
            swap_bytes_16(memory.data() + alignment, size);
            REQUIRE(memory == expected);
        }
    }
}

TEST(bytes, swap_of_nothing_needs_no_memory)
{
    swap_bytes_16(nullptr, 0);
    CHECK(std::string(simd_name()).size() > 0);
}
