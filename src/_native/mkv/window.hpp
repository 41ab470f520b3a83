// A small moving view of a file, so that walking over headers costs one read per place and not one per field.
#pragma once

#include "core/file.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace k4a_rp::mkv
{

class Window
{
public:
    explicit Window(std::shared_ptr<const File> file) : file_(std::move(file)) {}

    // Pointer to `bytes` bytes of the file at `offset`, valid until the next call; NULL when the file ends before.
    const uint8_t *at(uint64_t offset, size_t bytes)
    {
        size_t available = bytes;
        const uint8_t *data = at_most(offset, &available);
        return available == bytes ? data : nullptr;
    }

    // As many bytes as there are, up to *bytes.
    const uint8_t *at_most(uint64_t offset, size_t *bytes)
    {
        if (offset < start_ || offset - start_ > filled_ || filled_ - (offset - start_) < *bytes)
        {
            fill(offset, *bytes);
        }
        const size_t skip = static_cast<size_t>(offset - start_);
        *bytes = *bytes < filled_ - skip ? *bytes : filled_ - skip;
        return buffer_.data() + skip;
    }

    // Forgets what was read: the file may have changed.
    void clear() { filled_ = 0; }

    const std::shared_ptr<const File> &file() const { return file_; }

private:
    void fill(uint64_t offset, size_t wanted);

    std::shared_ptr<const File> file_;
    uint64_t start_ = 0;
    size_t filled_ = 0;
    std::vector<uint8_t> buffer_;
};

} // namespace k4a_rp::mkv
