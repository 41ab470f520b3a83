#include "mkv/window.hpp"

#include <algorithm>

namespace k4a_rp::mkv
{

void Window::fill(uint64_t offset, size_t wanted)
{
    // Up to the end of the page and no further: of a cold file every page costs a read of the disk.
    constexpr uint64_t page = 4096;
    const size_t to_page_end = static_cast<size_t>(page - offset % page);
    const size_t bytes = std::max(wanted, to_page_end);
    if (buffer_.size() < bytes)
    {
        buffer_.resize(std::max<size_t>(bytes, page));
    }
    filled_ = 0;
    start_ = offset;
    filled_ = file_->read_at(offset, buffer_.data(), bytes);
}

} // namespace k4a_rp::mkv
