#include "mkv/writer.hpp"

#include "core/bytes.hpp"
#include "core/crc32.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstring>

namespace k4a_rp::mkv
{

namespace
{

constexpr size_t void_header_size = 9; // identifier and a size of eight bytes
constexpr uint64_t page = 4096;
constexpr char note_magic[] = "PYK4A_RP";

ElementWriter head()
{
    ElementWriter content;
    content.unsigned_value(id::ebml_version, 1);
    content.unsigned_value(id::ebml_read_version, 1);
    content.unsigned_value(id::ebml_max_id_length, 4);
    content.unsigned_value(id::ebml_max_size_length, 8);
    content.text(id::doc_type, "matroska");
    content.unsigned_value(id::doc_type_version, 2);
    content.unsigned_value(id::doc_type_read_version, 2);
    ElementWriter writer;
    writer.master(id::ebml, content);
    return writer;
}

void add_seek_entry(ElementWriter *content, uint32_t target, uint64_t offset)
{
    if (offset == 0)
    {
        return;
    }
    ElementWriter name;
    name.id(target);
    ElementWriter entry;
    entry.master(id::seek_id, name);
    entry.unsigned_value(id::seek_position, offset - Writer::segment_data);
    content->master(id::seek, entry);
}

// A header that is overwritten later must not lie across two pages: the system writes page by page, and a process may
// be killed in between.
uint64_t without_page_border(uint64_t offset)
{
    const uint64_t left = page - offset % page;
    if (left >= ClusterWriter::header_size)
    {
        return offset;
    }
    return offset + (left == 1 ? 2 : left); // a Void takes two bytes at least
}

void void_header(uint64_t total, uint8_t *bytes)
{
    ElementWriter writer;
    writer.id(id::void_element);
    writer.size_field(total - void_header_size, 8);
    std::copy_n(writer.data(), void_header_size, bytes);
}

} // namespace

void compose_replacement_note(uint64_t begin, uint64_t end, uint8_t *bytes)
{
    std::memset(bytes, 0, replacement_note_size);
    std::memcpy(bytes, note_magic, 8);
    for (size_t i = 0; i < 8; ++i)
    {
        bytes[8 + i] = static_cast<uint8_t>(begin >> (56 - 8 * i));
        bytes[16 + i] = static_cast<uint8_t>(end >> (56 - 8 * i));
    }
    const uint32_t crc = crc32(0, bytes, 24);
    for (size_t i = 0; i < 4; ++i)
    {
        bytes[24 + i] = static_cast<uint8_t>(crc >> (24 - 8 * i));
    }
}

bool read_replacement_note(const uint8_t *bytes, uint64_t *begin, uint64_t *end)
{
    if (std::memcmp(bytes, note_magic, 8) != 0 || load_big_endian(bytes + 24, 4) != crc32(0, bytes, 24))
    {
        return false;
    }
    *begin = load_big_endian(bytes + 8, 8);
    *end = load_big_endian(bytes + 16, 8);
    return *begin < *end;
}

// Head, Segment header, SeekHead and Info with the room around them: all of it inside the first page, so that one
// write replaces it as a whole.
std::vector<uint8_t>
Writer::front_bytes(const ElementWriter &info, uint64_t segment_size, uint64_t cues_offset) const
{
    ElementWriter front = head();
    front.id(id::segment);
    front.size_field(segment_size, 8);

    ElementWriter entries;
    const uint64_t info_offset = segment_data + seek_head_space;
    add_seek_entry(&entries, id::info, info_offset);
    add_seek_entry(&entries, id::tracks, tracks_offset_);
    add_seek_entry(&entries, id::attachments, attachments_offset_);
    add_seek_entry(&entries, id::tags, tags_offset_);
    add_seek_entry(&entries, id::cues, cues_offset);
    front.master(id::seek_head, entries);
    front.void_of(info_offset - front.size(), 2);

    front.master(id::info, info);
    if (front.size() + 3 > info_offset + info_space)
    {
        fail("the Info element takes %zu bytes, more than its place has", info.size());
    }
    front.void_of(info_offset + info_space - front.size(), 2);
    return front.contents();
}

void Writer::write_header(const Front &front)
{
    ElementWriter rest;
    uint64_t at = segment_data + seek_head_space + info_space;
    const auto place = [&](uint32_t element_id, const ElementWriter &content) {
        if (content.size() == 0)
        {
            return uint64_t(0);
        }
        const uint64_t offset = at + rest.size();
        rest.master(element_id, content);
        return offset;
    };
    tracks_offset_ = place(id::tracks, front.tracks);
    attachments_offset_ = place(id::attachments, front.attachments);
    tags_offset_ = at + rest.size();
    rest.master_with_crc(id::tags, front.tags);
    rest.void_of(tags_growth, 2);
    tags_end_ = at + rest.size();

    const std::vector<uint8_t> first = front_bytes(front.info, (uint64_t(1) << 56) - 1, 0);
    const Piece pieces[] = {{first.data(), first.size()}, {rest.data(), rest.size()}};
    file_->write_at(0, pieces, 2);
    end_ = tags_end_;
}

void Writer::replace_tags(const ElementWriter &content)
{
    ElementWriter tags;
    tags.master_with_crc(id::tags, content);
    const uint64_t space = tags_end_ - tags_offset_;
    if (tags.size() + 3 > space)
    {
        fail("the tags take %zu bytes, their place has %" PRIu64, tags.size(), space);
    }
    tags.void_of(space - tags.size(), 2);
    file_->write_at(tags_offset_, tags.data(), tags.size());
}

void Writer::write_clusters(uint64_t begin,
                            const std::vector<ClusterWriter> &clusters,
                            const std::vector<uint64_t> &offsets,
                            uint64_t end,
                            const ReadSource &source)
{
    ElementWriter padding; // every Void between the clusters, one behind the other
    std::vector<std::array<uint8_t, ClusterWriter::header_size>> headers(clusters.size());
    std::vector<Piece> pieces;
    uint64_t written = begin;
    const auto flush = [&] {
        file_->write_at(written, pieces.data(), pieces.size());
        for (const Piece &piece : pieces)
        {
            written += piece.size;
        }
        pieces.clear();
    };
    std::vector<uint8_t> copied;
    uint64_t at = begin;
    for (size_t i = 0; i < clusters.size(); ++i)
    {
        if (offsets[i] != at)
        {
            // The pieces so far may point into what grows now.
            flush();
            padding = ElementWriter();
            padding.void_of(offsets[i] - at);
            pieces.push_back({padding.data(), padding.size()});
        }
        clusters[i].header(headers[i].data());
        if (i == 0)
        {
            void_header(end - offsets[0], headers[0].data());
        }
        pieces.push_back({headers[i].data(), headers[i].size()});
        for (const ClusterWriter::Part &part : clusters[i].parts())
        {
            if (part.data)
            {
                pieces.push_back({part.data, part.size});
                continue;
            }
            flush();
            constexpr size_t chunk = 1 << 20;
            copied.resize(std::min(part.size, chunk));
            for (size_t done = 0; done < part.size; done += copied.size())
            {
                copied.resize(std::min(part.size - done, chunk));
                source(part.payload->offset + done, copied.data(), copied.size());
                pieces.push_back({copied.data(), copied.size()});
                flush();
            }
        }
        at = offsets[i] + clusters[i].size();
    }
    flush();
}

std::vector<uint64_t> Writer::append(const std::vector<ClusterWriter> &clusters, const ReadSource &source)
{
    std::vector<uint64_t> offsets;
    uint64_t at = end_;
    for (const ClusterWriter &cluster : clusters)
    {
        offsets.push_back(without_page_border(at));
        at = offsets.back() + cluster.size();
    }
    if (offsets.empty())
    {
        return offsets;
    }
    write_clusters(end_, clusters, offsets, at, source);
    uint8_t header[ClusterWriter::header_size];
    clusters[0].header(header);
    file_->write_at(offsets[0], header, sizeof(header));
    end_ = at;
    for (size_t i = 0; i < clusters.size(); ++i)
    {
        add_cue(clusters[i], offsets[i]);
    }
    return offsets;
}

std::vector<uint64_t>
Writer::append_instead(uint64_t first_old, const std::vector<ClusterWriter> &clusters, const ReadSource &source)
{
    const uint64_t old_end = end_;
    while (!cues_.empty() && cues_.back().offset >= first_old)
    {
        cues_.pop_back();
    }
    uint8_t note[replacement_note_size];
    compose_replacement_note(first_old, without_page_border(old_end), note);
    file_->write_at(segment_data + replacement_note_offset, note, sizeof(note));
    const std::vector<uint64_t> offsets = append(clusters, source);
    uint8_t hidden[void_header_size];
    void_header(old_end - first_old, hidden);
    file_->write_at(first_old, hidden, sizeof(hidden));
    std::memset(note, 0, sizeof(note));
    file_->write_at(segment_data + replacement_note_offset, note, sizeof(note));
    return offsets;
}

void Writer::cut_back()
{
    file_->truncate(end_);
}

// As k4arecord does: of the first track, once a second, and once more behind time 0.
void Writer::add_cue(const ClusterWriter &cluster, uint64_t offset)
{
    for (const OutputBlock &block : cluster.blocks())
    {
        if (block.track != 1)
        {
            continue;
        }
        const bool due = cues_.empty() || cues_.back().ticks == 0 ||
                         block.ticks - cues_.back().ticks >= static_cast<int64_t>(ticks_per_second);
        if (due)
        {
            cues_.push_back({block.ticks, offset});
        }
        return;
    }
}

ElementWriter Writer::cues() const
{
    ElementWriter content;
    for (const Cue &cue : cues_)
    {
        ElementWriter positions;
        positions.unsigned_value(id::cue_track, 1);
        positions.unsigned_value(id::cue_cluster_position, cue.offset - segment_data);
        ElementWriter point;
        point.unsigned_value(id::cue_time, static_cast<uint64_t>(cue.ticks));
        point.master(id::cue_track_positions, positions);
        content.master(id::cue_point, point);
    }
    ElementWriter writer;
    if (!cues_.empty())
    {
        writer.master(id::cues, content);
    }
    return writer;
}

void Writer::finish(const ElementWriter &info)
{
    std::exception_ptr failure;
    uint64_t cues_offset = 0;
    try
    {
        const ElementWriter index = cues();
        if (index.size() != 0)
        {
            file_->write_at(end_, index.data(), index.size());
            cues_offset = end_;
            end_ += index.size();
        }
    }
    catch (const Error &)
    {
        // A full disk: the recording is complete without an index too.
        failure = std::current_exception();
        cut_back();
    }
    const std::vector<uint8_t> front = front_bytes(info, end_ - segment_data, cues_offset);
    file_->write_at(0, front.data(), front.size());
    if (failure)
    {
        std::rethrow_exception(failure);
    }
}

} // namespace k4a_rp::mkv
