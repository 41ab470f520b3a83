#include "mutations.hpp"

#include "mkv/element.hpp"

#include <algorithm>
#include <cstring>

namespace id = k4a_rp::mkv::id;
using k4a_rp::mkv::read_number;

namespace
{

constexpr uint32_t containers[] = {id::segment, id::seek_head, id::seek, id::info, id::tracks, id::track_entry,
                                   id::video, id::attachments, id::attached_file, id::tags, id::tag, id::targets,
                                   id::simple_tag, id::cluster, id::block_group, id::cues, id::cue_point,
                                   id::cue_track_positions, id::ebml};

void walk(const FileBytes &bytes, size_t begin, size_t end, std::vector<HeaderPlace> *places)
{
    while (begin < end && places->size() < 20000)
    {
        uint64_t element_id = 0;
        uint64_t size = 0;
        HeaderPlace place;
        place.offset = begin;
        place.id_length = read_number(&bytes[begin], end - begin, true, &element_id);
        if (place.id_length == 0 || place.id_length > 4 || begin + place.id_length >= end)
        {
            return;
        }
        const size_t at = begin + place.id_length;
        place.size_length = read_number(&bytes[at], end - at, false, &size);
        if (place.size_length == 0)
        {
            return;
        }
        place.data = at + place.size_length;
        const bool whole = size > end - place.data; // unknown, or too long: what there is
        place.size = whole ? end - place.data : static_cast<size_t>(size);
        if (element_id == id::segment)
        {
            place.size = end - place.data;
        }
        places->push_back(place);
        if (std::find(std::begin(containers), std::end(containers), element_id) != std::end(containers))
        {
            walk(bytes, place.data, place.data + place.size, places);
        }
        begin = place.data + place.size;
    }
}

FileBytes piece(const FileBytes &bytes, size_t begin, size_t size)
{
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(begin);
    return FileBytes(at, at + static_cast<std::ptrdiff_t>(size));
}

std::string at(const char *what, size_t offset)
{
    return what + std::string(" at ") + std::to_string(offset);
}

} // namespace

std::vector<HeaderPlace> find_headers(const FileBytes &bytes)
{
    std::vector<HeaderPlace> places;
    walk(bytes, 0, bytes.size(), &places);
    return places;
}

size_t Mutator::place(const FileBytes &bytes)
{
    if (!headers_.empty() && below(4) != 0)
    {
        const HeaderPlace &header = headers_[below(headers_.size())];
        return std::min(header.offset + below(header.data - header.offset + 8), bytes.size() - 1);
    }
    return below(bytes.size());
}

void Mutator::write_number(FileBytes *bytes, size_t offset, size_t length, uint64_t value)
{
    for (size_t i = length; i-- > 0; value >>= 8)
    {
        if (offset + i < bytes->size())
        {
            (*bytes)[offset + i] = static_cast<uint8_t>(value);
        }
    }
}

std::string Mutator::flip_bits(FileBytes *bytes)
{
    const size_t count = size_t(1) << below(7);
    size_t first = 0;
    for (size_t i = 0; i < count; ++i)
    {
        const size_t offset = place(*bytes);
        (*bytes)[offset] ^= static_cast<uint8_t>(1u << below(8));
        first = i == 0 ? offset : first;
    }
    return at(("flip " + std::to_string(count) + " bits").c_str(), first);
}

std::string Mutator::cut(FileBytes *bytes)
{
    const size_t size = below(3) == 0 ? place(*bytes) : bytes->size() / 4 + below(bytes->size() - bytes->size() / 4);
    bytes->resize(size);
    return at("cut", size);
}

std::string Mutator::splice(FileBytes *bytes, const FileBytes &other)
{
    // A small part of the file mostly, so that it may still be opened.
    const size_t size = std::min({size_t(1) << below(17), other.size(), bytes->size() / 4 + 1});
    const FileBytes part = piece(other, below(other.size() - size + 1), size);
    const size_t offset = place(*bytes);
    const auto where = bytes->begin() + static_cast<std::ptrdiff_t>(offset);
    switch (below(3))
    {
    case 0:
        bytes->insert(where, part.begin(), part.end());
        return at(("insert " + std::to_string(size)).c_str(), offset);
    case 1:
        std::copy_n(part.begin(), std::min(size, bytes->size() - offset), where);
        return at(("overwrite " + std::to_string(size)).c_str(), offset);
    default:
        bytes->erase(where, where + static_cast<std::ptrdiff_t>(std::min(size, bytes->size() - offset)));
        return at(("delete " + std::to_string(size)).c_str(), offset);
    }
}

std::string Mutator::set_size(FileBytes *bytes)
{
    if (headers_.empty())
    {
        return flip_bits(bytes);
    }
    const HeaderPlace &header = headers_[below(headers_.size())];
    const uint64_t ones = (uint64_t(1) << (7 * header.size_length)) - 1;
    const uint64_t rest = bytes->size() > header.data ? bytes->size() - header.data : 0;
    const uint64_t sizes[] = {0, 1, ones, ones - 1, ones / 2, rest, rest + 1, rest - 1, header.size + 1,
                              header.size - 1, header.size * 2, bytes->size(), 39, 41};
    const uint64_t size = sizes[below(std::size(sizes))] & ones;
    write_number(bytes, header.offset + header.id_length, header.size_length, size | (ones + 1));
    return at(("size " + std::to_string(size)).c_str(), header.offset);
}

std::string Mutator::set_value(FileBytes *bytes)
{
    if (headers_.empty())
    {
        return flip_bits(bytes);
    }
    const HeaderPlace &header = headers_[below(headers_.size())];
    static const uint64_t values[] = {0, 1, 2, 17, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
                                      INT64_MAX, uint64_t(1) << 63, UINT64_MAX, 20000, 33333333};
    const uint64_t value = values[below(std::size(values))];
    write_number(bytes, header.data, std::min<size_t>(header.size, 8), value);
    return at(("value " + std::to_string(value)).c_str(), header.data);
}

std::string Mutator::set_id(FileBytes *bytes)
{
    if (headers_.size() < 2)
    {
        return flip_bits(bytes);
    }
    const HeaderPlace &from = headers_[below(headers_.size())];
    const HeaderPlace &to = headers_[below(headers_.size())];
    for (size_t i = 0; i < from.id_length; ++i)
    {
        if (from.offset + i < bytes->size() && to.offset + i < bytes->size())
        {
            (*bytes)[to.offset + i] = (*bytes)[from.offset + i];
        }
    }
    return at("identifier", to.offset);
}

std::string Mutator::fill(FileBytes *bytes)
{
    static const uint8_t values[] = {0x00, 0xFF, 0x80, 0x1F, 0xA3, 0x01};
    const size_t offset = place(*bytes);
    const size_t size = std::min(size_t(1) << below(13), bytes->size() - offset);
    std::memset(&(*bytes)[offset], values[below(std::size(values))], size);
    return at(("fill " + std::to_string(size)).c_str(), offset);
}

std::string Mutator::move_element(FileBytes *bytes)
{
    if (headers_.size() < 2)
    {
        return cut(bytes);
    }
    const HeaderPlace &from = headers_[below(headers_.size())];
    const HeaderPlace &to = headers_[below(headers_.size())];
    const size_t end = std::min(from.data + from.size, bytes->size());
    if (from.offset >= end || end - from.offset > 65536 || to.offset >= bytes->size())
    {
        return cut(bytes);
    }
    const FileBytes element = piece(*bytes, from.offset, end - from.offset);
    const size_t copies = size_t(1) << below(6);
    for (size_t i = 0; i < copies; ++i)
    {
        bytes->insert(bytes->begin() + static_cast<std::ptrdiff_t>(to.offset), element.begin(), element.end());
    }
    return at((std::to_string(copies) + " copies of the element at " + std::to_string(from.offset)).c_str(), to.offset);
}

std::string Mutator::mutate(FileBytes *bytes, const FileBytes &other)
{
    headers_ = find_headers(*bytes);
    std::string done;
    for (size_t left = 1 + below(3); left > 0 && !bytes->empty(); --left)
    {
        std::string one;
        switch (below(10))
        {
        case 0:
        case 1:
            one = flip_bits(bytes);
            break;
        case 2:
            one = cut(bytes);
            break;
        case 3:
            one = splice(bytes, other);
            break;
        case 4:
        case 5:
            one = set_size(bytes);
            break;
        case 6:
            one = set_value(bytes);
            break;
        case 7:
            one = set_id(bytes);
            break;
        case 8:
            one = fill(bytes);
            break;
        default:
            one = move_element(bytes);
        }
        done += (done.empty() ? "" : ", ") + one;
    }
    return done;
}
