#include "mkv/document.hpp"

#include "core/bytes.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "mkv/writer.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstring>

namespace k4a_rp::mkv
{

namespace
{

// Metadata is read into memory whole; real recordings have a few kilobytes of it.
constexpr uint64_t largest_metadata = 64u << 20;
// What a few bytes stand for in the file must not fill the memory.
constexpr size_t most_seek_entries = 1 << 16;

bool is_level_1(uint32_t element_id)
{
    switch (element_id)
    {
    case id::seek_head:
    case id::info:
    case id::tracks:
    case id::tags:
    case id::attachments:
    case id::cues:
    case id::chapters:
    case id::cluster:
    case id::void_element:
    case id::crc32:
        return true;
    default:
        return false;
    }
}

} // namespace

Document::Document(std::shared_ptr<const File> file) : file_(std::move(file)), window_(file_)
{
    file_size_ = file_->size();
    if (file_size_ == 0)
    {
        fail("the file is empty");
    }
    read_head();
    find_segment();
    read_front();
    follow_seek_entries();
    detect_unfinished();
    find_replaced();
    if (!first_cluster_)
    {
        first_cluster_ = find_cluster(segment_data_);
    }
    // Without tags the start of the recording is not known, so they are worth a walk over the file.
    if (!have_tracks_ || !have_tags_ || (!have_info_ && !unfinished_))
    {
        walk_rest();
    }
    require_parts();
}

void Document::read_head()
{
    Element head;
    if (!read_element(window_, 0, file_size_, &head) || head.id != id::ebml || !head.fits(file_size_))
    {
        fail("not a Matroska file: it does not begin with an EBML head");
    }
    std::vector<uint8_t> payload = read_payload(head, 4096);
    std::string doc_type = "matroska";
    uint64_t version = 1;
    uint64_t read_version = 1;
    Span rest{payload.data(), payload.size()};
    uint32_t child;
    for (Span value; next_child(&rest, &child, &value);)
    {
        if (child == id::doc_type)
        {
            doc_type = value.as_text();
        }
        else if (child == id::doc_type_version)
        {
            version = value.as_unsigned();
        }
        else if (child == id::doc_type_read_version)
        {
            read_version = value.as_unsigned();
        }
    }
    if (doc_type != "matroska")
    {
        fail("not a Matroska file: its document type is \"%s\"", doc_type.c_str());
    }
    if (read_version > 2 || version < read_version)
    {
        fail("Matroska version %" PRIu64 ", to be read as version %" PRIu64 ", is not supported (up to 2)",
             version,
             read_version);
    }
    segment_offset_ = head.end();
}

void Document::find_segment()
{
    Element element;
    for (;;)
    {
        if (!read_element(window_, segment_offset_, file_size_, &element))
        {
            fail("not a Matroska recording: it has no Segment");
        }
        if (element.id == id::segment)
        {
            break;
        }
        if (!element.fits(file_size_))
        {
            fail("not a Matroska recording: it has no Segment");
        }
        segment_offset_ = element.end();
    }
    segment_data_ = element.data;
    segment_size_ = element.size;
    segment_size_unknown_ = element.unknown_size;
    end_ = file_size_;
    if (segment_size_unknown_)
    {
        return; // unfinished, unless there are Cues
    }
    if (segment_size_ == 0 && segment_data_ < file_size_)
    {
        unfinished_ = true; // what a recorder writes first and replaces when it closes
    }
    else if (segment_size_ > file_size_ - segment_data_)
    {
        damage_.note(DamageLog::truncated, file_size_, 0);
    }
    else
    {
        end_ = segment_data_ + segment_size_;
    }
}

// Everything up to the first cluster.
void Document::read_front()
{
    Element element;
    uint64_t at = segment_data_;
    while (read_element(window_, at, end_, &element) && is_level_1(element.id))
    {
        if (element.id == id::cluster)
        {
            first_cluster_ = read_cluster_ref(window_, element, end_, timecode_scale_);
            return;
        }
        if (!element.fits(end_))
        {
            return;
        }
        if (element.id == id::seek_head)
        {
            read_seek_head(element);
        }
        else
        {
            forget(element.id); // of several before the clusters, the last counts
            take(element);
        }
        at = element.end();
    }
}

void Document::forget(uint32_t element_id)
{
    switch (element_id)
    {
    case id::info:
        have_info_ = false;
        break;
    case id::tracks:
        have_tracks_ = false;
        tracks_.clear();
        break;
    case id::tags:
        have_tags_ = false;
        tags_.clear();
        break;
    case id::attachments:
        have_attachments_ = false;
        attachments_.clear();
        break;
    default:
        break;
    }
}

void Document::read_seek_head(const Element &element)
{
    const std::vector<uint8_t> payload = read_payload(element, largest_metadata);
    Span rest{payload.data(), payload.size()};
    uint32_t child;
    for (Span seek; next_child(&rest, &child, &seek);)
    {
        if (child != id::seek)
        {
            continue;
        }
        SeekEntry entry{0, UINT64_MAX};
        uint32_t part;
        for (Span value; next_child(&seek, &part, &value);)
        {
            if (part == id::seek_id)
            {
                entry.id = static_cast<uint32_t>(value.as_unsigned());
            }
            else if (part == id::seek_position)
            {
                entry.offset = value.as_unsigned();
            }
        }
        if (entry.id != 0 && entry.offset < UINT64_MAX - segment_data_ && seek_entries_.size() < most_seek_entries)
        {
            entry.offset += segment_data_;
            seek_entries_.push_back(entry);
        }
    }
}

void Document::follow_seek_entries()
{
    for (const SeekEntry &entry : seek_entries_)
    {
        Element element;
        const bool found = read_element(window_, entry.offset, file_size_, &element) && element.id == entry.id;
        if (found && element.fits(file_size_))
        {
            take(element);
        }
        else if (entry.id == id::cues && element.id == id::cluster)
        {
            unfinished_ = true; // the recorder went on after a flush and wrote over the Cues
        }
        else if (entry.id != id::cluster && entry.id != id::seek_head)
        {
            damage_.note(DamageLog::corrupt, entry.offset, 0);
        }
    }
}

// A finished recording has its size in the Segment and nothing of it behind.
void Document::detect_unfinished()
{
    if (segment_size_unknown_ && !cues_known_)
    {
        unfinished_ = true;
    }
    Element element;
    if (end_ < file_size_ && read_element(window_, end_, file_size_, &element) && element.id == id::cluster)
    {
        unfinished_ = true;
    }
    if (unfinished_)
    {
        end_ = file_size_;
        damage_.note(DamageLog::not_closed);
        if (!have_info_)
        {
            timecode_scale_ = 1000; // what Azure Kinect recorders use; their Info is not written before the end
        }
    }
    // The scale may have been found after the first cluster was.
    if (first_cluster_)
    {
        first_cluster_ = cluster_at(first_cluster_->offset);
    }
}

// A recorder that died while it replaced clusters has left both, and a note about which ones to leave out.
void Document::find_replaced()
{
    const uint64_t place = segment_data_ + replacement_note_offset;
    const uint8_t *note = unfinished_ ? window_.at(place, replacement_note_size) : nullptr;
    uint64_t begin = 0;
    uint64_t end = 0;
    if (!note || !read_replacement_note(note, &begin, &end))
    {
        return;
    }
    Element old;
    Element replacement;
    const bool both = read_element(window_, begin, end_, &old) && old.id == id::cluster &&
                      read_element(window_, end, end_, &replacement) && replacement.id == id::cluster;
    if (both)
    {
        replaced_begin_ = begin;
        replaced_end_ = end;
        first_cluster_ = first_cluster_ ? find_cluster(first_cluster_->offset) : first_cluster_;
    }
}

// Looks at every element of level 1, for what is neither in front of the clusters nor in the SeekHead.
void Document::walk_rest()
{
    if (walked_all_)
    {
        return;
    }
    walked_all_ = true;
    Element element;
    for (uint64_t at = segment_data_; next_element(at, &element);)
    {
        if (element.id == id::cluster)
        {
            at = read_cluster_ref(window_, element, end_, timecode_scale_).end;
        }
        else
        {
            take(element);
            at = element.end();
        }
    }
}

// Reads an element of level 1 unless one of its kind was read before. The Cues are only located.
bool Document::take(const Element &element)
{
    switch (element.id)
    {
    case id::info:
        if (!have_info_)
        {
            read_info(element);
        }
        return true;
    case id::tracks:
        if (!have_tracks_)
        {
            read_tracks(element);
        }
        return true;
    case id::tags:
        if (!have_tags_)
        {
            read_tags(element);
        }
        return true;
    case id::attachments:
        if (!have_attachments_)
        {
            read_attachments(element);
        }
        return true;
    case id::cues:
        cues_ = element;
        cues_known_ = true;
        return true;
    default:
        return false;
    }
}

void Document::require_parts()
{
    if (!have_info_ && !unfinished_)
    {
        fail("the recording has no Info element");
    }
    if (!have_tracks_)
    {
        fail("the recording has no Tracks element");
    }
    if (!first_cluster_)
    {
        fail(unfinished_ ? "the recording was never closed and no frame of it reached the file" :
                           "the recording has no frames (no Cluster element)");
    }
}

std::vector<uint8_t> Document::read_payload(const Element &element, uint64_t largest)
{
    if (element.size > largest || !element.fits(file_size_))
    {
        fail("the element %X at %" PRIu64 " has an impossible size of %" PRIu64 " bytes",
             element.id,
             element.offset,
             element.size);
    }
    std::vector<uint8_t> payload(static_cast<size_t>(element.size));
    if (file_->read_at(element.data, payload.data(), payload.size()) != payload.size())
    {
        fail("the file ends inside the element %X at %" PRIu64, element.id, element.offset);
    }
    return payload;
}

bool Document::next_element(uint64_t offset, Element *element)
{
    while (offset < end_)
    {
        if (offset >= replaced_begin_ && offset < replaced_end_)
        {
            offset = replaced_end_;
            continue;
        }
        const bool readable = read_element(window_, offset, end_, element);
        const bool fits = readable && element->fits(end_);
        if (fits || (readable && element->id == id::cluster))
        {
            return true;
        }
        // A Void that reaches beyond the end is a cluster that its recorder did not finish: nothing follows it.
        const bool torn = readable && element->id == id::void_element && !element->unknown_size && unfinished_;
        const uint64_t found = torn ? end_ : find_cluster_id(offset + 1);
        const bool cut = found >= end_ && (readable || end_ - offset < largest_header);
        const DamageLog::Kind kind = cut ? DamageLog::truncated : DamageLog::corrupt;
        if (damage_.note(kind, offset, found - offset))
        {
            K4A_RP_LOG_WARNING("%s: no element can be read at %" PRIu64 "; %" PRIu64 " bytes are skipped",
                               file_->path().c_str(),
                               offset,
                               found - offset);
        }
        offset = found;
    }
    return false;
}

// The next place where a cluster seems to begin, or the end.
uint64_t Document::find_cluster_id(uint64_t offset)
{
    static const uint8_t pattern[4] = {0x1F, 0x43, 0xB6, 0x75};
    // Small at first: the next cluster is mostly near, and a file may be damaged in very many places.
    constexpr size_t smallest_chunk = 1 << 12;
    constexpr size_t largest_chunk = 1 << 20;
    std::vector<uint8_t> buffer;
    while (offset + sizeof(pattern) <= end_)
    {
        buffer.resize(std::min(std::max(buffer.size() * 4, smallest_chunk), largest_chunk));
        const size_t wanted = static_cast<size_t>(std::min<uint64_t>(buffer.size(), end_ - offset));
        const size_t got = file_->read_at(offset, buffer.data(), wanted);
        if (got < sizeof(pattern))
        {
            break;
        }
        const uint8_t *at = buffer.data();
        const uint8_t *last = at + got - sizeof(pattern);
        while (at <= last && (at = static_cast<const uint8_t *>(
                                  std::memchr(at, pattern[0], static_cast<size_t>(last - at) + 1))) != nullptr)
        {
            const uint64_t position = offset + static_cast<uint64_t>(at - buffer.data());
            if (std::memcmp(at, pattern, sizeof(pattern)) == 0 && is_plausible_cluster(position))
            {
                return position;
            }
            ++at;
        }
        offset += got - (sizeof(pattern) - 1);
    }
    return end_;
}

bool Document::is_plausible_cluster(uint64_t offset)
{
    Element element;
    Element child;
    return read_element(window_, offset, end_, &element) && element.id == id::cluster &&
           read_element(window_, element.data, end_, &child) &&
           ((child.id == id::crc32 && child.size == 4) || (child.id == id::cluster_timecode && child.size <= 8));
}

std::optional<ClusterRef> Document::find_cluster(uint64_t offset)
{
    Element element;
    while (next_element(offset, &element))
    {
        if (element.id == id::cluster)
        {
            return read_cluster_ref(window_, element, end_, timecode_scale_);
        }
        offset = element.end();
    }
    return std::nullopt;
}

std::optional<ClusterRef> Document::cluster_at(uint64_t offset)
{
    Element element;
    if (!read_element(window_, offset, end_, &element) || element.id != id::cluster)
    {
        return std::nullopt;
    }
    return read_cluster_ref(window_, element, end_, timecode_scale_);
}

} // namespace k4a_rp::mkv
