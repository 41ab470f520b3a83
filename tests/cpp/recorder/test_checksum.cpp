// CRC-32 by whatever this machine has, against the definition.
#include "check.hpp"
#include "core/crc32.hpp"

using namespace k4a_rp;

namespace
{

uint32_t bit_by_bit(const std::vector<uint8_t> &bytes, size_t from, size_t to)
{
    uint32_t crc = ~0u;
    for (size_t i = from; i < to; ++i)
    {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit)
        {
            crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
        }
    }
    return ~crc;
}

std::vector<uint8_t> noise(size_t size)
{
    std::vector<uint8_t> bytes(size);
    uint32_t state = 1;
    for (uint8_t &byte : bytes)
    {
        state = state * 1103515245u + 12345u;
        byte = static_cast<uint8_t>(state >> 16);
    }
    return bytes;
}

} // namespace

TEST(checksum, of_the_nine_digits_is_the_published_one)
{
    CHECK_EQUAL(crc32(0, "123456789", 9), 0xCBF43926u);
    CHECK_EQUAL(crc32(0, "", 0), 0u);
}

TEST(checksum, of_every_length_and_alignment_is_that_of_the_definition)
{
    const std::vector<uint8_t> bytes = noise(1100);
    for (size_t length = 0; length < 1000; length += length < 300 ? 1 : 37)
    {
        const size_t from = length % 17;
        CHECK_EQUAL(crc32(0, bytes.data() + from, length), bit_by_bit(bytes, from, from + length));
    }
}

TEST(checksum, of_two_parts_combined_is_that_of_the_whole)
{
    const std::vector<uint8_t> bytes = noise(70000);
    for (const size_t cut : {size_t(0), size_t(1), size_t(4095), size_t(65536), bytes.size()})
    {
        const uint32_t first = crc32(0, bytes.data(), cut);
        const uint32_t second = crc32(0, bytes.data() + cut, bytes.size() - cut);
        CHECK_EQUAL(crc32_combine(first, second, bytes.size() - cut), bit_by_bit(bytes, 0, bytes.size()));
        CHECK_EQUAL(crc32(first, bytes.data() + cut, bytes.size() - cut), bit_by_bit(bytes, 0, bytes.size()));
    }
}

TEST(checksum, while_copying_swaps_words_and_leaves_an_odd_byte)
{
    const std::vector<uint8_t> bytes = noise(40001);
    std::vector<uint8_t> copied(bytes.size());
    const uint32_t crc = copy_with_crc32(0, copied.data(), bytes.data(), bytes.size(), true);
    bool swapped = copied.back() == bytes.back();
    for (size_t i = 0; i + 1 < bytes.size(); i += 2)
    {
        swapped = swapped && copied[i] == bytes[i + 1] && copied[i + 1] == bytes[i];
    }
    CHECK(swapped);
    CHECK_EQUAL(crc, bit_by_bit(copied, 0, copied.size()));
}
