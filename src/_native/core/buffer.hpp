// Memory for pixels: 64-byte aligned, taken from a small pool, because touching fresh pages costs more than the copy
// that fills them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace k4a_rp
{

class Buffer
{
public:
    static constexpr size_t alignment = 64;

    Buffer() = default;
    // Throws Error when the memory cannot be had. Contents are undefined.
    explicit Buffer(size_t size);
    Buffer(Buffer &&other) noexcept
        : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0))
    {
    }
    Buffer &operator=(Buffer &&other) noexcept
    {
        std::swap(data_, other.data_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer();

    uint8_t *data() const { return data_; }

private:
    uint8_t *data_ = nullptr;
    size_t capacity_ = 0;
};

} // namespace k4a_rp
