#include "core/buffer.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <vector>

namespace k4a_rp
{

namespace
{

uint8_t *allocate_aligned(size_t size)
{
#ifdef _WIN32
    return static_cast<uint8_t *>(_aligned_malloc(size, Buffer::alignment));
#else
    return static_cast<uint8_t *>(std::aligned_alloc(Buffer::alignment, size));
#endif
}

void free_aligned(uint8_t *data)
{
#ifdef _WIN32
    _aligned_free(data);
#else
    std::free(data);
#endif
}

// Keeps a few freed blocks for reuse: enough for the images of two captures, or as much as is in use by others, so that
// who holds large images (decoded ones, captures read ahead) gets used pages as well.
class Pool
{
public:
    uint8_t *take(size_t wanted, size_t *capacity)
    {
        std::lock_guard<std::mutex> lock(mutex_);
        size_t best = blocks_.size();
        for (size_t i = 0; i < blocks_.size(); ++i)
        {
            const size_t have = blocks_[i].capacity;
            const bool fits = have >= wanted && have <= wanted + wanted / 4;
            if (fits && (best == blocks_.size() || have < blocks_[best].capacity))
            {
                best = i;
            }
        }
        if (best == blocks_.size())
        {
            return nullptr;
        }
        const Block block = blocks_[best];
        blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(best));
        total_ -= block.capacity;
        in_use_ += block.capacity;
        *capacity = block.capacity;
        return block.data;
    }

    // A block that did not come from here, but will be given back.
    void count_fresh(size_t capacity)
    {
        std::lock_guard<std::mutex> lock(mutex_);
        in_use_ += capacity;
    }

    void give_back(uint8_t *data, size_t capacity)
    {
        std::lock_guard<std::mutex> lock(mutex_);
        in_use_ -= capacity;
        const size_t limit = std::max(least_limit, in_use_);
        const bool keep = capacity >= smallest && capacity <= limit;
        const size_t room = keep ? limit - capacity : limit;
        while (!blocks_.empty() && (total_ > room || blocks_.size() >= 64))
        {
            total_ -= blocks_.front().capacity;
            free_aligned(blocks_.front().data);
            blocks_.erase(blocks_.begin());
        }
        if (!keep)
        {
            free_aligned(data);
            return;
        }
        blocks_.push_back({data, capacity});
        total_ += capacity;
    }

private:
    struct Block
    {
        uint8_t *data;
        size_t capacity;
    };
    static constexpr size_t smallest = 64 * 1024; // below this malloc reuses pages by itself
    static constexpr size_t least_limit = 8 * 1024 * 1024;

    std::mutex mutex_;
    std::vector<Block> blocks_;
    size_t total_ = 0;
    size_t in_use_ = 0;
};

// Never destroyed: images may outlive static destruction.
Pool &pool()
{
    static Pool *instance = new Pool;
    return *instance;
}

} // namespace

Buffer::Buffer(size_t size)
{
    if (size > std::numeric_limits<size_t>::max() / 2)
    {
        fail("a buffer of %zu bytes cannot be allocated", size);
    }
    const size_t rounded = (size + alignment - 1) / alignment * alignment;
    const size_t wanted = rounded ? rounded : alignment;
    data_ = pool().take(wanted, &capacity_);
    const bool fresh = !data_;
    if (fresh)
    {
        data_ = allocate_aligned(wanted);
        capacity_ = wanted;
    }
    if (!data_)
    {
        fail("out of memory: %zu bytes", size);
    }
    if (fresh)
    {
        pool().count_fresh(capacity_);
    }
}

Buffer::~Buffer()
{
    if (data_)
    {
        pool().give_back(data_, capacity_);
    }
}

} // namespace k4a_rp
