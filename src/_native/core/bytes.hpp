// Reading numbers of a fixed byte order from memory, and swapping the bytes of 16-bit words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace k4a_rp
{

inline uint64_t load_big_endian(const uint8_t *data, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
    {
        value = (value << 8) | data[i];
    }
    return value;
}

template <typename Unsigned> inline Unsigned load_little_endian(const uint8_t *data)
{
    Unsigned value = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (size_t i = sizeof(value); i > 0; --i)
    {
        value = static_cast<Unsigned>((value << 8) | data[i - 1]);
    }
#else
    std::memcpy(&value, data, sizeof(value));
#endif
    return value;
}

inline float load_little_endian_float(const uint8_t *data)
{
    const uint32_t bits = load_little_endian<uint32_t>(data);
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
}

inline void store_little_endian(uint8_t *data, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; ++i)
    {
        data[i] = static_cast<uint8_t>(value >> (8 * i));
    }
}

inline void store_little_endian_float(uint8_t *data, float value)
{
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    store_little_endian(data, bits, 4);
}

// Swaps the two bytes of every 16-bit word in place; an odd last byte stays as it is.
void swap_bytes_16(uint8_t *data, size_t bytes);

// The instruction set that swap_bytes_16 uses on this machine, for example "avx2".
const char *simd_name();

} // namespace k4a_rp
