#include "core/bytes.hpp"

namespace k4a_rp
{

namespace
{

// One loop, compiled once for each instruction set: the compiler vectorises it.
#define K4A_RP_SWAP_LOOP                                                                                               \
    for (size_t i = 0; i < words; ++i)                                                                                 \
    {                                                                                                                  \
        uint16_t word;                                                                                                 \
        std::memcpy(&word, data + 2 * i, 2);                                                                           \
        word = static_cast<uint16_t>((word >> 8) | (word << 8));                                                       \
        std::memcpy(data + 2 * i, &word, 2);                                                                           \
    }

void swap_portable(uint8_t *data, size_t words)
{
    K4A_RP_SWAP_LOOP
}

#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
#define K4A_RP_X86_DISPATCH 1
__attribute__((target("avx2"))) void swap_avx2(uint8_t *data, size_t words)
{
    K4A_RP_SWAP_LOOP
}
#endif

using SwapFunction = void (*)(uint8_t *, size_t);

SwapFunction choose_swap()
{
#ifdef K4A_RP_X86_DISPATCH
    if (__builtin_cpu_supports("avx2"))
    {
        return swap_avx2;
    }
#endif
    return swap_portable;
}

const SwapFunction swap_words = choose_swap();

} // namespace

void swap_bytes_16(uint8_t *data, size_t bytes)
{
    swap_words(data, bytes / 2);
}

const char *simd_name()
{
#if defined(K4A_RP_X86_DISPATCH)
    return swap_words == swap_portable ? "sse2" : "avx2";
#elif defined(__aarch64__) || defined(_M_ARM64)
    return "neon";
#else
    return "none";
#endif
}

} // namespace k4a_rp
