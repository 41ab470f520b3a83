#include "core/crc32.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#if (defined(__x86_64__) || defined(_M_X64)) && (defined(__GNUC__) || defined(__clang__))
#define K4A_RP_CRC_PCLMUL 1
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#define K4A_RP_CRC_ARM 1
#include <arm_acle.h>
#endif

namespace k4a_rp
{

namespace
{

constexpr uint32_t polynomial = 0xEDB88320u; // bit i stands for x^(31 - i)

using Tables = std::array<std::array<uint32_t, 256>, 8>;

// tables[k][b]: the effect of byte b with k bytes behind it.
const Tables &tables()
{
    static const Tables made = [] {
        Tables result{};
        for (uint32_t byte = 0; byte < 256; ++byte)
        {
            uint32_t value = byte;
            for (int bit = 0; bit < 8; ++bit)
            {
                value = (value >> 1) ^ (value & 1 ? polynomial : 0);
            }
            result[0][byte] = value;
        }
        for (size_t k = 1; k < 8; ++k)
        {
            for (size_t byte = 0; byte < 256; ++byte)
            {
                const uint32_t before = result[k - 1][byte];
                result[k][byte] = (before >> 8) ^ result[0][before & 255];
            }
        }
        return result;
    }();
    return made;
}

uint32_t load_word(const uint8_t *data)
{
    return uint32_t(data[0]) | uint32_t(data[1]) << 8 | uint32_t(data[2]) << 16 | uint32_t(data[3]) << 24;
}

// State in, state out: without the inversions around it.
uint32_t update_by_eight(uint32_t state, const uint8_t *data, size_t bytes)
{
    const Tables &t = tables();
    for (; bytes >= 8; bytes -= 8, data += 8)
    {
        const uint32_t low = state ^ load_word(data);
        const uint32_t high = load_word(data + 4);
        state = t[7][low & 255] ^ t[6][(low >> 8) & 255] ^ t[5][(low >> 16) & 255] ^ t[4][low >> 24] ^
                t[3][high & 255] ^ t[2][(high >> 8) & 255] ^ t[1][(high >> 16) & 255] ^ t[0][high >> 24];
    }
    for (; bytes > 0; --bytes, ++data)
    {
        state = (state >> 8) ^ t[0][(state ^ *data) & 255];
    }
    return state;
}

// Product of two polynomials modulo that of CRC-32, in its bit order.
uint32_t multiply(uint32_t a, uint32_t b)
{
    uint32_t product = 0;
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1)
    {
        if (a & bit)
        {
            product ^= b;
        }
        b = (b >> 1) ^ (b & 1 ? polynomial : 0);
    }
    return product;
}

// x^(8 * bytes) modulo the polynomial.
uint32_t power_of_bytes(uint64_t bytes)
{
    static const std::array<uint32_t, 64> squares = [] {
        std::array<uint32_t, 64> made{};
        made[0] = 0x00800000u; // x^8
        for (size_t i = 1; i < made.size(); ++i)
        {
            made[i] = multiply(made[i - 1], made[i - 1]);
        }
        return made;
    }();
    uint32_t power = 0x80000000u; // 1
    for (size_t i = 0; bytes != 0; bytes >>= 1, ++i)
    {
        if (bytes & 1)
        {
            power = multiply(squares[i], power);
        }
    }
    return power;
}

#ifdef K4A_RP_CRC_PCLMUL

// x^n modulo the polynomial as carry-less multiplication of reflected numbers wants it: shifted by one.
uint64_t fold_constant(unsigned bits)
{
    uint32_t power = 0x80000000u;
    for (unsigned i = 0; i < bits; ++i)
    {
        power = (power >> 1) ^ (power & 1 ? polynomial : 0);
    }
    return uint64_t(power) << 1;
}

struct FoldConstants
{
    uint64_t by_64[2]; // over 64 bytes
    uint64_t by_16[2];
};

#define K4A_RP_FOLD(x, k, next)                                                                                        \
    _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, k, 0x00), _mm_clmulepi64_si128(x, k, 0x11)), next)

// Folds 64 bytes at a time into 16, which leave the same remainder; the tables finish.
__attribute__((target("pclmul,sse4.1"))) uint32_t update_by_folding(uint32_t state, const uint8_t *data, size_t bytes)
{
    static const FoldConstants constants = {{fold_constant(512 + 64 - 32), fold_constant(512 - 32)},
                                            {fold_constant(128 + 64 - 32), fold_constant(128 - 32)}};
    if (bytes < 128)
    {
        return update_by_eight(state, data, bytes);
    }
    __m128i a = _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i *>(data)),
                              _mm_cvtsi32_si128(static_cast<int>(state)));
    __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i *>(data + 16));
    __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i *>(data + 32));
    __m128i d = _mm_loadu_si128(reinterpret_cast<const __m128i *>(data + 48));
    data += 64;
    bytes -= 64;
    const __m128i by_64 = _mm_set_epi64x(static_cast<long long>(constants.by_64[1]),
                                         static_cast<long long>(constants.by_64[0]));
    for (; bytes >= 64; bytes -= 64, data += 64)
    {
        a = K4A_RP_FOLD(a, by_64, _mm_loadu_si128(reinterpret_cast<const __m128i *>(data)));
        b = K4A_RP_FOLD(b, by_64, _mm_loadu_si128(reinterpret_cast<const __m128i *>(data + 16)));
        c = K4A_RP_FOLD(c, by_64, _mm_loadu_si128(reinterpret_cast<const __m128i *>(data + 32)));
        d = K4A_RP_FOLD(d, by_64, _mm_loadu_si128(reinterpret_cast<const __m128i *>(data + 48)));
    }
    const __m128i by_16 = _mm_set_epi64x(static_cast<long long>(constants.by_16[1]),
                                         static_cast<long long>(constants.by_16[0]));
    b = K4A_RP_FOLD(a, by_16, b);
    c = K4A_RP_FOLD(b, by_16, c);
    d = K4A_RP_FOLD(c, by_16, d);
    for (; bytes >= 16; bytes -= 16, data += 16)
    {
        d = K4A_RP_FOLD(d, by_16, _mm_loadu_si128(reinterpret_cast<const __m128i *>(data)));
    }
    uint8_t folded[16];
    _mm_storeu_si128(reinterpret_cast<__m128i *>(folded), d);
    return update_by_eight(update_by_eight(0, folded, sizeof(folded)), data, bytes);
}
#undef K4A_RP_FOLD
#endif

#ifdef K4A_RP_CRC_ARM
uint32_t update_by_instruction(uint32_t state, const uint8_t *data, size_t bytes)
{
    for (; bytes >= 8; bytes -= 8, data += 8)
    {
        uint64_t word;
        std::memcpy(&word, data, 8);
        state = __crc32d(state, word);
    }
    for (; bytes > 0; --bytes, ++data)
    {
        state = __crc32b(state, *data);
    }
    return state;
}
#endif

using Update = uint32_t (*)(uint32_t, const uint8_t *, size_t);

Update choose_update()
{
#if defined(K4A_RP_CRC_PCLMUL)
    if (__builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"))
    {
        return update_by_folding;
    }
#elif defined(K4A_RP_CRC_ARM)
    return update_by_instruction;
#endif
    return update_by_eight;
}

const Update update = choose_update();

} // namespace

uint32_t crc32(uint32_t crc, const void *data, size_t bytes)
{
    return ~update(~crc, static_cast<const uint8_t *>(data), bytes);
}

uint32_t crc32_combine(uint32_t first, uint32_t second, uint64_t second_bytes)
{
    return multiply(power_of_bytes(second_bytes), first) ^ second;
}

uint32_t copy_with_crc32(uint32_t crc, uint8_t *to, const uint8_t *from, size_t bytes, bool swap)
{
    constexpr size_t piece = 16 * 1024; // even, so that no word is split
    for (size_t done = 0; done < bytes; done += piece)
    {
        const size_t part = std::min(piece, bytes - done);
        std::memcpy(to + done, from + done, part);
        if (swap)
        {
            swap_bytes_16(to + done, part);
        }
        crc = crc32(crc, to + done, part);
    }
    return crc;
}

const char *crc32_name()
{
#if defined(K4A_RP_CRC_PCLMUL)
    return update == update_by_folding ? "pclmul" : "table";
#elif defined(K4A_RP_CRC_ARM)
    return "arm";
#else
    return "table";
#endif
}

} // namespace k4a_rp
