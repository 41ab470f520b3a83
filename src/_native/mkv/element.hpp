// EBML: element identifiers, element headers in a file, and child elements in memory.
#pragma once

#include "mkv/window.hpp"

#include <cstdint>
#include <string>

namespace k4a_rp::mkv
{

namespace id
{
enum : uint32_t
{
    ebml = 0x1A45DFA3,
    doc_type = 0x4282,
    doc_type_version = 0x4287,
    doc_type_read_version = 0x4285,
    void_element = 0xEC,
    crc32 = 0xBF,
    segment = 0x18538067,
    seek_head = 0x114D9B74,
    seek = 0x4DBB,
    seek_id = 0x53AB,
    seek_position = 0x53AC,
    info = 0x1549A966,
    timecode_scale = 0x2AD7B1,
    writing_app = 0x5741,
    tracks = 0x1654AE6B,
    track_entry = 0xAE,
    track_number = 0xD7,
    track_uid = 0x73C5,
    track_type = 0x83,
    codec_id = 0x86,
    track_name = 0x536E,
    codec_private = 0x63A2,
    default_duration = 0x23E383,
    video = 0xE0,
    pixel_width = 0xB0,
    pixel_height = 0xBA,
    attachments = 0x1941A469,
    attached_file = 0x61A7,
    file_name = 0x466E,
    file_data = 0x465C,
    file_uid = 0x46AE,
    tags = 0x1254C367,
    tag = 0x7373,
    targets = 0x63C0,
    target_type = 0x63CA,
    tag_track_uid = 0x63C5,
    tag_attachment_uid = 0x63C6,
    simple_tag = 0x67C8,
    tag_name = 0x45A3,
    tag_string = 0x4487,
    cluster = 0x1F43B675,
    cluster_timecode = 0xE7,
    simple_block = 0xA3,
    block_group = 0xA0,
    block = 0xA1,
    block_duration = 0x9B,
    cues = 0x1C53BB6B,
    cue_point = 0xBB,
    cue_time = 0xB3,
    cue_track_positions = 0xB7,
    cue_cluster_position = 0xF1,
    chapters = 0x1043A770
};
} // namespace id

// An element's header as found in the file.
struct Element
{
    uint32_t id = 0;
    uint64_t offset = 0; // of the header
    uint64_t data = 0;   // of the payload
    uint64_t size = 0;   // of the payload; 0 when unknown
    bool unknown_size = false;

    uint64_t end() const { return data + size; }
    bool fits(uint64_t limit) const { return !unknown_size && size <= limit && data <= limit - size; }
};

// Bytes of an identifier and a size at most.
constexpr size_t largest_header = 12;

// Reads the header at `offset`. False when there is none before `limit`: bytes that are no header, or a cut one.
// The payload may reach beyond `limit`: see Element::fits.
bool read_element(Window &window, uint64_t offset, uint64_t limit, Element *element);

// A piece of memory.
struct Span
{
    const uint8_t *data = nullptr;
    size_t size = 0;

    uint64_t as_unsigned() const;  // big endian, 0 when empty; the low 64 bits when longer
    std::string as_text() const;   // up to the first NUL
};

// Takes the next child off `rest`. False at the end, and where the bytes are no element that fits.
bool next_child(Span *rest, uint32_t *child_id, Span *payload);

// An EBML number of 1 to 8 bytes at the start of `bytes`; returns its length, 0 when there is none.
// `keep_marker` as in identifiers. All value bits set (unknown size) gives UINT64_MAX when the marker is dropped.
size_t read_number(const uint8_t *bytes, size_t available, bool keep_marker, uint64_t *value);

} // namespace k4a_rp::mkv
