#include "ebml_writer.hpp"

#include "mkv/element.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace ebml
{

namespace id = k4a_rp::mkv::id;

Bytes &operator+=(Bytes &bytes, const Bytes &more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
    return bytes;
}

Bytes operator+(Bytes bytes, const Bytes &more)
{
    bytes += more;
    return bytes;
}

std::ostream &operator<<(std::ostream &out, const Bytes &bytes)
{
    out << bytes.size() << " bytes";
    for (size_t i = 0; i < bytes.size() && i < 64; ++i)
    {
        out << (i == 0 ? ": " : " ") << static_cast<int>(bytes[i]);
    }
    return out;
}

Bytes text(const std::string &value)
{
    return Bytes(value.begin(), value.end());
}

Bytes big_endian(uint64_t value, size_t length)
{
    Bytes bytes(length);
    for (size_t i = 0; i < length; ++i)
    {
        bytes[length - 1 - i] = static_cast<uint8_t>(value >> (8 * i));
    }
    return bytes;
}

Bytes little_endian(uint64_t value, size_t length)
{
    Bytes bytes = big_endian(value, length);
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

Bytes size_number(uint64_t value, size_t length)
{
    if (length == 0)
    {
        length = 1;
        while (length < 8 && value >= (uint64_t(1) << (7 * length)) - 1)
        {
            ++length;
        }
    }
    return big_endian(value | (uint64_t(1) << (7 * length)), length);
}

Bytes unknown_size(size_t length)
{
    return big_endian((uint64_t(1) << (7 * length + 1)) - 1, length);
}

Bytes id_bytes(uint32_t element_id)
{
    size_t length = 1;
    while (length < 4 && (element_id >> (8 * length)) != 0)
    {
        ++length;
    }
    return big_endian(element_id, length);
}

Bytes element(uint32_t element_id, const Bytes &payload, size_t size_length)
{
    return id_bytes(element_id) + size_number(payload.size(), size_length) + payload;
}

Bytes number_element(uint32_t element_id, uint64_t value)
{
    size_t length = 1;
    while (length < 8 && (value >> (8 * length)) != 0)
    {
        ++length;
    }
    return element(element_id, big_endian(value, length));
}

Bytes text_element(uint32_t element_id, const std::string &value)
{
    return element(element_id, text(value));
}

Bytes void_element(size_t whole_size)
{
    const size_t size_length = whole_size < 100 ? 1 : 2;
    return element(id::void_element, Bytes(whole_size - 1 - size_length), size_length);
}

TrackSpec camera_track(uint64_t number, const std::string &name, const std::string &fourcc, uint32_t w, uint32_t h)
{
    TrackSpec track;
    track.number = number;
    track.name = name;
    track.width = w;
    track.height = h;
    track.codec_private = little_endian(40, 4) + little_endian(w, 4) + little_endian(h, 4) + little_endian(1, 2) +
                          little_endian(16, 2) + text(fourcc) + Bytes(20);
    return track;
}

TrackSpec imu_track(uint64_t number)
{
    TrackSpec track;
    track.number = number;
    track.name = "IMU";
    track.type = 17;
    track.codec_id = "S_K4A/IMU";
    track.default_duration_ns = 0;
    return track;
}

TrackSpec custom_track(uint64_t number, const std::string &name)
{
    TrackSpec track;
    track.number = number;
    track.name = name;
    track.type = 17;
    track.codec_id = "S_TEST/" + name;
    track.codec_private = text("private of " + name);
    track.default_duration_ns = 0;
    return track;
}

static Bytes xiph_size(size_t size)
{
    return Bytes(size / 255, 255) + big_endian(size % 255, 1);
}

Bytes laced(uint8_t lacing, const std::vector<Bytes> &frames)
{
    if (lacing == lacing_none)
    {
        return frames.at(0);
    }
    Bytes bytes = big_endian(frames.size() - 1, 1);
    for (size_t i = 0; i + 1 < frames.size(); ++i)
    {
        if (lacing == lacing_xiph)
        {
            bytes += xiph_size(frames[i].size());
        }
        else if (lacing == lacing_ebml && i == 0)
        {
            bytes += size_number(frames[i].size());
        }
        else if (lacing == lacing_ebml)
        {
            const int64_t change = static_cast<int64_t>(frames[i].size()) - static_cast<int64_t>(frames[i - 1].size());
            bytes += size_number(static_cast<uint64_t>(change + 8191), 2);
        }
    }
    for (const Bytes &frame : frames)
    {
        bytes += frame;
    }
    return bytes;
}

Bytes block(const BlockSpec &spec)
{
    const Bytes content = size_number(spec.track) + big_endian(static_cast<uint16_t>(spec.relative), 2) +
                          Bytes{spec.flags} + spec.payload;
    if (!spec.duration)
    {
        return element(id::simple_block, content);
    }
    return element(id::block_group, element(id::block, content) + number_element(id::block_duration, *spec.duration));
}

static Bytes cluster_children(const ClusterSpec &spec, std::vector<size_t> *block_ends)
{
    Bytes children = element(id::crc32, Bytes(4)) + number_element(id::cluster_timecode, spec.time);
    for (const BlockSpec &one : spec.blocks)
    {
        children += block(one);
        block_ends->push_back(children.size());
    }
    return children;
}

Bytes cluster(const ClusterSpec &spec)
{
    std::vector<size_t> ends;
    return element(id::cluster, cluster_children(spec, &ends));
}

Bytes imu_payload(uint64_t acc_ns, uint64_t gyro_ns)
{
    const float values[6] = {0.5f, -9.75f, 1.25f, 0.125f, -0.25f, 3.0f};
    uint32_t bits[6];
    std::memcpy(bits, values, sizeof(bits));
    Bytes bytes = little_endian(acc_ns, 8);
    for (size_t i = 0; i < 3; ++i)
    {
        bytes += little_endian(bits[i], 4);
    }
    bytes += little_endian(gyro_ns, 8);
    for (size_t i = 3; i < 6; ++i)
    {
        bytes += little_endian(bits[i], 4);
    }
    return bytes;
}

Bytes frame_payload(uint64_t track, size_t index, size_t size)
{
    Bytes bytes(size);
    for (size_t i = 0; i < size; ++i)
    {
        // Always 0x80 or more: never a part of an element's identifier.
        bytes[i] = static_cast<uint8_t>(0x80 | (track * 31 + index * 7 + i));
    }
    return bytes;
}

static Bytes head()
{
    return element(id::ebml,
                   number_element(0x4286, 1) + number_element(0x42F7, 1) + number_element(0x42F2, 4) +
                       number_element(0x42F3, 8) + text_element(id::doc_type, "matroska") +
                       number_element(id::doc_type_version, 2) + number_element(id::doc_type_read_version, 2));
}

static Bytes tracks_element(const std::vector<TrackSpec> &tracks)
{
    Bytes entries;
    for (const TrackSpec &track : tracks)
    {
        Bytes entry = number_element(id::track_number, track.number) + number_element(id::track_uid, track.uid()) +
                      number_element(id::track_type, track.type) + text_element(id::codec_id, track.codec_id) +
                      text_element(id::track_name, track.name);
        if (!track.codec_private.empty())
        {
            entry += element(id::codec_private, track.codec_private);
        }
        if (track.default_duration_ns != 0)
        {
            entry += number_element(id::default_duration, track.default_duration_ns);
        }
        if (track.width != 0)
        {
            entry += element(id::video,
                             number_element(id::pixel_width, track.width) +
                                 number_element(id::pixel_height, track.height));
        }
        entries += element(id::track_entry, entry);
    }
    return element(id::tracks, entries);
}

static Bytes tags_element(const std::vector<TagSpec> &tags)
{
    Bytes content = element(id::crc32, Bytes(4));
    for (const TagSpec &tag : tags)
    {
        Bytes targets;
        if (tag.track_uid != 0)
        {
            targets = text_element(id::target_type, "TRACK") + number_element(id::tag_track_uid, tag.track_uid);
        }
        if (tag.attachment_uid != 0)
        {
            targets = text_element(id::target_type, "ATTACHMENT") +
                      number_element(id::tag_attachment_uid, tag.attachment_uid);
        }
        content += element(id::tag,
                           element(id::targets, targets) +
                               element(id::simple_tag,
                                       text_element(id::tag_name, tag.name) + text_element(id::tag_string, tag.value)));
    }
    return element(id::tags, content);
}

static Bytes attachments_element(const std::vector<AttachmentSpec> &attachments)
{
    Bytes content;
    for (const AttachmentSpec &attachment : attachments)
    {
        content += element(id::attached_file,
                           text_element(id::file_name, attachment.name) +
                               text_element(0x4660, "application/octet-stream") +
                               element(id::file_data, attachment.data) + number_element(id::file_uid, attachment.uid));
    }
    return element(id::attachments, content);
}

static Bytes seek_entry(uint32_t element_id, size_t position)
{
    return element(id::seek,
                   element(id::seek_id, id_bytes(element_id)) + element(id::seek_position, big_endian(position, 4)));
}

static Bytes cues_element(const RecordingSpec &spec, const Written &written)
{
    std::vector<CueSpec> cues;
    if (spec.cues)
    {
        cues = *spec.cues;
    }
    else
    {
        for (size_t i = 0; i < spec.clusters.size(); ++i)
        {
            cues.push_back({spec.clusters[i].time, i});
        }
    }
    Bytes content;
    for (const CueSpec &cue : cues)
    {
        const int64_t position =
            static_cast<int64_t>(written.cluster_offsets.at(cue.cluster) - written.segment_data) + cue.shift;
        content += element(id::cue_point,
                           number_element(id::cue_time, cue.time) +
                               element(id::cue_track_positions,
                                       number_element(0xF7, 1) + number_element(id::cue_cluster_position,
                                                                                static_cast<uint64_t>(position))));
    }
    return content.empty() ? Bytes() : element(id::cues, content);
}

// A place of fixed extent that is filled in at the end, as recorders do it.
static void fill_in(Bytes &bytes, size_t offset, size_t room, const Bytes &content)
{
    if (content.size() + 2 > room)
    {
        throw std::logic_error("no room for an element that is filled in");
    }
    const Bytes filled = content + void_element(room - content.size());
    std::copy(filled.begin(), filled.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

static void append_cluster(const RecordingSpec &spec, const ClusterSpec &one, Written *written)
{
    std::vector<size_t> ends;
    const Bytes children = cluster_children(one, &ends);
    written->cluster_offsets.push_back(written->bytes.size());
    written->bytes += id_bytes(id::cluster);
    written->bytes += spec.unknown_size_clusters ? unknown_size(8) : size_number(children.size());
    for (size_t &end : ends)
    {
        end += written->bytes.size();
    }
    written->bytes += children;
    written->cluster_ends.push_back(written->bytes.size());
    written->block_ends.push_back(ends);
}

Written write(const RecordingSpec &spec)
{
    constexpr size_t seek_head_room = 128;
    constexpr size_t info_room = 64;
    std::vector<TagSpec> tags = spec.tags;
    if (spec.ending != Ending::unfinished)
    {
        tags.push_back({"K4A_START_OFFSET_NS", std::to_string(spec.start_offset_ns), 0, 0});
    }
    const Bytes info = element(id::info,
                               number_element(id::timecode_scale, spec.timecode_scale) +
                                   text_element(id::writing_app, "k4a_rp tests"));
    Written written;
    Bytes &bytes = written.bytes;
    bytes = head() + id_bytes(id::segment) + size_number(0, 8);
    written.segment_data = bytes.size();
    const size_t base = written.segment_data;
    bytes += void_element(seek_head_room) + void_element(info_room);

    std::vector<std::pair<uint32_t, size_t>> seeks{{id::info, seek_head_room}};
    const auto append = [&](uint32_t element_id, const Bytes &content) {
        seeks.emplace_back(element_id, bytes.size() - base);
        bytes += content;
    };
    const auto append_metadata = [&] {
        if (!spec.attachments.empty())
        {
            append(id::attachments, attachments_element(spec.attachments));
        }
        written.tags_offset = bytes.size();
        append(id::tags, tags_element(tags) + void_element(64));
    };
    append(id::tracks, tracks_element(spec.tracks));
    if (!spec.metadata_behind_clusters)
    {
        append_metadata();
    }
    size_t flushed_end = bytes.size();
    for (size_t i = 0; i < spec.clusters.size(); ++i)
    {
        append_cluster(spec, spec.clusters[i], &written);
        flushed_end = i < spec.flushed_clusters ? bytes.size() : flushed_end;
    }
    if (spec.metadata_behind_clusters)
    {
        append_metadata();
    }
    size_t segment_end = bytes.size();
    if (spec.ending == Ending::closed)
    {
        const Bytes cues = cues_element(spec, written);
        if (!cues.empty())
        {
            written.cues_offset = bytes.size();
            append(id::cues, cues);
        }
        segment_end = bytes.size();
    }
    else if (spec.ending == Ending::continued)
    {
        seeks.emplace_back(id::cues, flushed_end - base); // a cluster lies there by now
        segment_end = flushed_end + 40;
    }
    if (spec.ending == Ending::unknown_size)
    {
        fill_in(bytes, base - 8, 8 + seek_head_room, unknown_size(8) + void_element(seek_head_room - 2));
    }
    if (spec.ending == Ending::closed || spec.ending == Ending::continued)
    {
        const Bytes size = size_number(segment_end - base, 8);
        std::copy(size.begin(), size.end(), bytes.begin() + static_cast<std::ptrdiff_t>(base - 8));
        Bytes entries;
        for (const auto &seek : seeks)
        {
            entries += seek_entry(seek.first, seek.second);
        }
        fill_in(bytes, base, seek_head_room, element(id::seek_head, entries));
    }
    if (spec.ending != Ending::unfinished)
    {
        fill_in(bytes, base + seek_head_room, info_room, info);
    }
    return written;
}

static void add_tracks(const SampleOptions &options, RecordingSpec *spec)
{
    uint64_t number = 0;
    const auto add = [&](TrackSpec track, const std::string &role) {
        track.default_duration_ns = track.width != 0 ? 1000000000 / options.fps : 0;
        spec->tags.push_back({"K4A_" + role + "_TRACK", std::to_string(track.uid()), track.uid(), 0});
        spec->tracks.push_back(track);
    };
    if (!options.color.empty())
    {
        add(camera_track(++number, "COLOR", options.color, options.color_width, options.color_height), "COLOR");
    }
    if (options.depth)
    {
        add(camera_track(++number, "DEPTH", "b16g", 320, 288), "DEPTH");
    }
    if (options.ir)
    {
        add(camera_track(++number, "IR", "b16g", 320, 288), "IR");
    }
    if (options.imu)
    {
        add(imu_track(++number), "IMU");
    }
    if (options.custom)
    {
        add(custom_track(++number, "NOTES"), "CUSTOM_TRACK_NOTES");
    }
}

RecordingSpec sample(const SampleOptions &options)
{
    RecordingSpec spec;
    spec.ending = options.ending;
    add_tracks(options, &spec);
    if (options.depth || options.ir)
    {
        spec.tags.push_back({"K4A_DEPTH_MODE", "NFOV_2X2BINNED", 0, 0});
    }
    spec.tags.push_back({"K4A_DEPTH_DELAY_NS", std::to_string(options.depth_delay_usec * 1000), 0, 0});
    spec.tags.push_back({"K4A_WIRED_SYNC_MODE", "STANDALONE", 0, 0});
    spec.tags.push_back({"K4A_DEVICE_SERIAL_NUMBER", "000123", 0, 0});
    spec.tags.push_back({"K4A_CALIBRATION_FILE", "calibration.json", 0, 77});
    spec.attachments.push_back({"calibration.json", text("{\"not\": \"a calibration\"}"), 77});
    spec.attachments.push_back({"notes.txt", text("hello"), 78});

    const uint64_t period = 1000000 / options.fps;
    const int16_t delay = static_cast<int16_t>(options.depth_delay_usec);
    for (size_t i = 0; i < options.captures; ++i)
    {
        ClusterSpec cluster;
        cluster.time = i * period;
        const uint64_t device_ns = spec.start_offset_ns + cluster.time * 1000;
        for (const TrackSpec &track : spec.tracks)
        {
            BlockSpec one;
            one.track = track.number;
            if (track.name == "IMU")
            {
                one.flags = lacing_fixed;
                one.payload = laced(lacing_fixed,
                                    {imu_payload(device_ns, device_ns + 1000),
                                     imu_payload(device_ns + 600000, device_ns + 601000)});
                one.duration = 601;
            }
            else if (track.name == "NOTES")
            {
                const std::string word = "note " + std::to_string(i);
                one.flags = lacing_xiph;
                one.payload = laced(lacing_xiph, {text(word), text(""), text(word + " again")});
                one.duration = 2001;
                one.relative = 300;
            }
            else
            {
                const bool color = track.name == "COLOR";
                one.payload = frame_payload(track.number, i, color ? options.color_bytes : 16);
                one.relative = color ? int16_t(0) : delay;
            }
            cluster.blocks.push_back(std::move(one));
        }
        spec.clusters.push_back(std::move(cluster));
    }
    return spec;
}

} // namespace ebml
