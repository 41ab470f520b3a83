#include "mkv/cluster.hpp"

#include "core/bytes.hpp"

#include <limits>

namespace k4a_rp::mkv
{

namespace
{

// Times beyond are nonsense (292 years); clamping keeps sums of two of them inside 64 bits.
constexpr int64_t largest_time_ns = std::numeric_limits<int64_t>::max() / 4;
// A block takes many times the few bytes that it may have in the file; a recording has some thousand in a cluster.
constexpr size_t most_blocks = 1 << 18;

int64_t scaled_time(uint64_t ticks, uint64_t scale)
{
    if (scale != 0 && ticks > static_cast<uint64_t>(largest_time_ns) / scale)
    {
        return largest_time_ns;
    }
    return static_cast<int64_t>(ticks * scale);
}

int64_t block_time(int64_t cluster_ns, int16_t relative, uint64_t scale)
{
    const uint64_t distance = static_cast<uint64_t>(relative < 0 ? -static_cast<int32_t>(relative) : relative);
    const int64_t shift = scaled_time(distance, scale);
    return relative < 0 ? cluster_ns - shift : cluster_ns + shift;
}

bool is_cluster_child(uint32_t element_id)
{
    switch (element_id)
    {
    case id::cluster_timecode:
    case id::simple_block:
    case id::block_group:
    case id::crc32:
    case id::void_element:
    case 0xA7:   // Position
    case 0xAB:   // PrevSize
    case 0x5854: // SilentTracks
    case 0xAF:   // EncryptedBlock
        return true;
    default:
        return false;
    }
}

uint64_t read_unsigned(Window &window, const Element &element)
{
    if (element.size > 8)
    {
        return 0;
    }
    const uint8_t *bytes = window.at(element.data, static_cast<size_t>(element.size));
    return bytes ? load_big_endian(bytes, static_cast<size_t>(element.size)) : 0;
}

// Track number, relative timecode and flags in front of a block's payload.
bool read_block_header(Window &window, const Element &element, Block *block, int16_t *relative)
{
    size_t available = static_cast<size_t>(element.size < 12 ? element.size : 12);
    const uint8_t *bytes = window.at_most(element.data, &available);
    const size_t number_length = read_number(bytes, available, false, &block->track);
    if (number_length == 0 || available < number_length + 3)
    {
        return false;
    }
    *relative = static_cast<int16_t>(load_big_endian(bytes + number_length, 2));
    block->lacing = static_cast<Lacing>((bytes[number_length + 2] >> 1) & 3);
    block->offset = element.data + number_length + 3;
    block->size = element.size - number_length - 3;
    return true;
}

bool read_block_group(Window &window, const Element &group, uint64_t scale, Block *block, int16_t *relative)
{
    bool found = false;
    Element child;
    for (uint64_t at = group.data; read_element(window, at, group.end(), &child) && child.fits(group.end());
         at = child.end())
    {
        if (child.id == id::block && !found)
        {
            found = read_block_header(window, child, block, relative);
        }
        else if (child.id == id::block_duration)
        {
            block->duration_ns = scaled_time(read_unsigned(window, child), scale);
        }
    }
    return found;
}

} // namespace

ClusterRef read_cluster_ref(Window &window, const Element &element, uint64_t segment_end, uint64_t scale)
{
    ClusterRef ref;
    ref.offset = element.offset;
    ref.data = element.data;
    const bool known_end = element.fits(segment_end);
    ref.limit = known_end ? element.end() : segment_end;
    ref.end = ref.limit;

    Element child;
    uint64_t at = element.data;
    bool have_time = false;
    bool cut = !element.unknown_size; // it should be longer; of a cluster of unknown size only a torn child tells
    while (!(known_end && have_time) && at < ref.limit)
    {
        if (!read_element(window, at, ref.limit, &child))
        {
            if (ref.limit - at < largest_header) // a header that the end of the file cut
            {
                at = ref.limit;
                cut = true;
            }
            break;
        }
        if (!known_end && !is_cluster_child(child.id))
        {
            break;
        }
        if (child.id == id::cluster_timecode && !have_time)
        {
            ref.time_ns = scaled_time(read_unsigned(window, child), scale);
            have_time = true;
        }
        if (!child.fits(ref.limit))
        {
            at = ref.limit;
            cut = true;
            break;
        }
        at = child.end();
    }
    if (!known_end)
    {
        ref.end = at;
        ref.limit = at;
        ref.cut = cut && at == segment_end;
    }
    return ref;
}

Cluster read_cluster(Window &window, const ClusterRef &ref, uint64_t scale, DamageLog *damage)
{
    Cluster cluster;
    cluster.ref = ref;
    Element element;
    uint64_t at = ref.data;
    if (ref.cut)
    {
        damage->note(DamageLog::truncated);
    }
    for (; at < ref.limit; at = element.end())
    {
        if (!read_element(window, at, ref.limit, &element) || !element.fits(ref.limit))
        {
            damage->note(ref.cut ? DamageLog::truncated : DamageLog::corrupt, at, ref.limit - at);
            break;
        }
        if (element.id != id::simple_block && element.id != id::block_group)
        {
            continue;
        }
        if (cluster.blocks.size() >= most_blocks)
        {
            damage->note(DamageLog::corrupt, at, ref.limit - at);
            break;
        }
        Block block;
        int16_t relative = 0;
        const bool good = element.id == id::simple_block ?
                              read_block_header(window, element, &block, &relative) :
                              read_block_group(window, element, scale, &block, &relative);
        if (good)
        {
            block.time_ns = block_time(ref.time_ns, relative, scale);
            cluster.blocks.push_back(block);
        }
        else
        {
            damage->note(DamageLog::corrupt, at, element.end() - at);
        }
    }
    return cluster;
}

static bool read_xiph_sizes(const uint8_t *payload, size_t size, size_t *at, std::vector<Frame> *frames)
{
    for (size_t i = 0; i + 1 < frames->size(); ++i)
    {
        uint8_t part;
        do
        {
            if (*at >= size)
            {
                return false;
            }
            part = payload[(*at)++];
            (*frames)[i].size += part;
        } while (part == 255);
    }
    return true;
}

static bool read_ebml_sizes(const uint8_t *payload, size_t size, size_t *at, std::vector<Frame> *frames)
{
    int64_t frame_size = 0;
    for (size_t i = 0; i + 1 < frames->size(); ++i)
    {
        uint64_t number = 0;
        const size_t length = read_number(payload + *at, size - *at, false, &number);
        if (length == 0)
        {
            return false;
        }
        *at += length;
        // The first size is plain, the others are differences biased to be positive.
        const int64_t bias = (int64_t(1) << (7 * length - 1)) - 1;
        const int64_t all_ones = (int64_t(1) << (7 * length)) - 1;
        const int64_t value = number == UINT64_MAX ? all_ones : static_cast<int64_t>(number);
        frame_size = i == 0 ? value : frame_size + value - bias;
        if (frame_size < 0 || static_cast<uint64_t>(frame_size) > size)
        {
            return false;
        }
        (*frames)[i].size = static_cast<size_t>(frame_size);
    }
    return true;
}

bool split_laces(Lacing lacing, const uint8_t *payload, size_t size, std::vector<Frame> *frames)
{
    frames->clear();
    if (lacing == Lacing::none)
    {
        frames->push_back({0, size});
        return true;
    }
    if (size == 0)
    {
        return false;
    }
    frames->resize(size_t(payload[0]) + 1);
    size_t at = 1;
    if (lacing == Lacing::fixed)
    {
        const size_t each = (size - at) / frames->size();
        if (each * frames->size() != size - at)
        {
            return false;
        }
        for (Frame &frame : *frames)
        {
            frame.size = each;
        }
    }
    else if (!(lacing == Lacing::xiph ? read_xiph_sizes : read_ebml_sizes)(payload, size, &at, frames))
    {
        return false;
    }
    // The last size of a variable lacing is what remains.
    for (size_t i = 0; i < frames->size(); ++i)
    {
        Frame &frame = (*frames)[i];
        frame.offset = at;
        if (i + 1 == frames->size() && lacing != Lacing::fixed)
        {
            frame.size = size - at;
        }
        if (frame.size > size - at)
        {
            return false;
        }
        at += frame.size;
    }
    return true;
}

} // namespace k4a_rp::mkv
