// CRC-32 as Matroska wants it (IEEE, reflected).
#pragma once

#include <cstddef>
#include <cstdint>

namespace k4a_rp
{

// The checksum of what was summed up as `crc` (0: nothing yet) followed by these bytes.
uint32_t crc32(uint32_t crc, const void *data, size_t bytes);

// The checksum of two runs of bytes one behind the other, from those of each.
uint32_t crc32_combine(uint32_t first, uint32_t second, uint64_t second_bytes);

// Copies and sums up in one pass, while the bytes are in the cache. `swap`: 16-bit words with their bytes exchanged.
uint32_t copy_with_crc32(uint32_t crc, uint8_t *to, const uint8_t *from, size_t bytes, bool swap);

// What computes it on this machine, for example "pclmul".
const char *crc32_name();

} // namespace k4a_rp
