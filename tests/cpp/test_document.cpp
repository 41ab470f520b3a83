// The structure of a file: what is read from where, what is refused, and finding the way again after damage.
#include "check.hpp"
#include "mkv/document.hpp"
#include "temp_file.hpp"

#include <algorithm>

using namespace k4a_rp::mkv;
using ebml::Bytes;
using ebml::Ending;

static std::vector<uint64_t> cluster_offsets(Document &document)
{
    std::vector<uint64_t> offsets;
    for (std::optional<ClusterRef> ref = document.first_cluster(); ref; ref = document.find_cluster(ref->end))
    {
        offsets.push_back(ref->offset);
    }
    return offsets;
}

static std::vector<uint64_t> wide(const std::vector<size_t> &offsets)
{
    return std::vector<uint64_t>(offsets.begin(), offsets.end());
}

static std::string open_failure(const Bytes &bytes)
{
    const TempFile file(bytes);
    return check::thrown_text([&] { Document document(file.open()); });
}

TEST(document, finished_recording_gives_all_its_parts)
{
    const ebml::RecordingSpec spec = ebml::sample();
    const ebml::Written written = ebml::write(spec);
    const TempFile file(written.bytes);
    Document document(file.open());
    CHECK(!document.unfinished());
    CHECK_EQUAL(document.timecode_scale(), 1000);
    REQUIRE(document.tracks().size() == 5);
    const Track &depth = document.tracks()[1];
    CHECK_EQUAL(depth.name, std::string("DEPTH"));
    CHECK_EQUAL(depth.number, 2);
    CHECK_EQUAL(depth.uid, 1002);
    CHECK_EQUAL(depth.type, 1);
    CHECK_EQUAL(depth.width, 320);
    CHECK_EQUAL(depth.height, 288);
    CHECK_EQUAL(depth.default_duration_ns, 33333333);
    CHECK_EQUAL(depth.codec_private.size(), 40);
    REQUIRE(document.tags().size() == spec.tags.size() + 1);
    CHECK_EQUAL(document.tags()[0].name, std::string("K4A_COLOR_TRACK"));
    CHECK_EQUAL(document.tags()[0].target_type, std::string("TRACK"));
    CHECK_EQUAL(document.tags()[0].track_uid, 1001);
    CHECK_EQUAL(document.tags().back().value, std::string("5000000000"));
    REQUIRE(document.attachments().size() == 2);
    CHECK_EQUAL(document.attachments()[1].name, std::string("notes.txt"));
    const Attachment &notes = document.attachments()[1];
    const auto at = written.bytes.begin() + static_cast<std::ptrdiff_t>(notes.offset);
    CHECK_EQUAL(std::string(at, at + static_cast<std::ptrdiff_t>(notes.size)), std::string("hello"));
    CHECK_EQUAL(cluster_offsets(document), wide(written.cluster_offsets));
    const std::vector<Cue> cues = document.read_cues();
    REQUIRE(cues.size() == written.cluster_offsets.size());
    CHECK_EQUAL(cues[2].offset, written.cluster_offsets[2]);
    CHECK_EQUAL(cues[2].time_ns, static_cast<int64_t>(spec.clusters[2].time) * 1000);
    CHECK_EQUAL(document.damage().kinds(), 0);
}

TEST(document, metadata_behind_the_clusters_is_found)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.metadata_behind_clusters = true;
    for (const Ending ending : {Ending::closed, Ending::unknown_size})
    {
        spec.ending = ending;
        const ebml::Written written = ebml::write(spec);
        const TempFile file(written.bytes);
        Document document(file.open());
        CHECK_EQUAL(document.tags().size(), spec.tags.size() + 1);
        CHECK_EQUAL(document.attachments().size(), 2);
        CHECK_EQUAL(cluster_offsets(document), wide(written.cluster_offsets));
    }
}

TEST(document, recording_that_was_killed_gives_its_clusters)
{
    ebml::RecordingSpec spec = ebml::sample();
    for (const Ending ending : {Ending::unfinished, Ending::continued, Ending::unknown_size})
    {
        spec.ending = ending;
        const ebml::Written written = ebml::write(spec);
        const TempFile file(written.bytes);
        Document document(file.open());
        CHECK(document.unfinished());
        CHECK_EQUAL(document.timecode_scale(), 1000);
        CHECK_EQUAL(document.damage().kinds() & DamageLog::not_closed, DamageLog::not_closed);
        CHECK_EQUAL(document.tracks().size(), 5);
        CHECK_EQUAL(document.attachments().size(), 2);
        CHECK_EQUAL(cluster_offsets(document), wide(written.cluster_offsets));
        CHECK(document.read_cues().empty());
    }
}

TEST(document, what_is_no_recording_is_refused_with_the_reason)
{
    const ebml::RecordingSpec spec = ebml::sample();
    const Bytes whole = ebml::write(spec).bytes;
    CHECK(open_failure({}).find("empty") != std::string::npos);
    CHECK(open_failure(ebml::text("RIFF....AVI LIST")).find("not a Matroska") != std::string::npos);
    CHECK(open_failure(ebml::void_element(20) + whole).find("does not begin with") != std::string::npos);
    CHECK(open_failure(Bytes(whole.begin(), whole.begin() + 40)).find("no Segment") != std::string::npos);

    const auto with_head = [&](const std::string &type, uint64_t version, uint64_t read_version) {
        const Bytes head = ebml::element(id::ebml,
                                         ebml::text_element(id::doc_type, type) +
                                             ebml::number_element(id::doc_type_version, version) +
                                             ebml::number_element(id::doc_type_read_version, read_version));
        return open_failure(head + Bytes(whole.begin() + 40, whole.end()));
    };
    CHECK(with_head("webm", 2, 2).find("\"webm\"") != std::string::npos);
    CHECK(with_head("matroska", 4, 3).find("not supported") != std::string::npos);
    CHECK(with_head("matroska", 1, 2).find("not supported") != std::string::npos);

    ebml::RecordingSpec empty = spec;
    empty.clusters.clear();
    CHECK(open_failure(ebml::write(empty).bytes).find("no frames") != std::string::npos);
    empty.ending = Ending::unfinished;
    CHECK(open_failure(ebml::write(empty).bytes).find("no frame of it reached the file") != std::string::npos);
}

TEST(document, newer_matroska_that_can_be_read_as_version_2_opens)
{
    const Bytes whole = ebml::write(ebml::sample()).bytes;
    // mkvmerge writes such heads.
    const Bytes head = ebml::element(id::ebml,
                                     ebml::text_element(id::doc_type, "matroska") +
                                         ebml::number_element(id::doc_type_version, 4) +
                                         ebml::number_element(id::doc_type_read_version, 2));
    Bytes segment(whole.begin() + 40, whole.end());
    CHECK_EQUAL(open_failure(head + ebml::void_element(9) + segment), std::string());
}

TEST(document, garbage_between_clusters_is_skipped_and_noted)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.ending = Ending::unknown_size; // so that a changed length does not matter
    const ebml::Written written = ebml::write(spec);
    const Bytes junk[] = {
        Bytes(1, 0x00),
        Bytes(777, 0xFF),
        ebml::text("random text, no element at all"),
        ebml::id_bytes(id::cluster) + Bytes(30),            // looks like a cluster, is none
        Bytes(2000000, 0x1F),                               // longer than one read
        ebml::id_bytes(id::tags) + ebml::size_number(1u << 30) // an element that does not fit
    };
    for (const Bytes &bytes : junk)
    {
        Bytes damaged = written.bytes;
        damaged.insert(
            damaged.begin() + static_cast<std::ptrdiff_t>(written.cluster_offsets[2]), bytes.begin(), bytes.end());
        const TempFile file(damaged);
        Document document(file.open());
        std::vector<uint64_t> expected = wide(written.cluster_offsets);
        for (size_t i = 2; i < expected.size(); ++i)
        {
            expected[i] += bytes.size();
        }
        CHECK_EQUAL(cluster_offsets(document), expected);
        CHECK_EQUAL(document.damage().kinds() & DamageLog::corrupt, DamageLog::corrupt);
        CHECK_EQUAL(document.damage().first_offset(), written.cluster_offsets[2]);
        CHECK_EQUAL(document.damage().lost_bytes(), bytes.size());
        cluster_offsets(document); // walking over it again counts nothing twice
        CHECK_EQUAL(document.damage().lost_bytes(), bytes.size());
    }
}

TEST(document, overwritten_cluster_header_loses_that_cluster_only)
{
    const ebml::Written written = ebml::write(ebml::sample());
    Bytes damaged = written.bytes;
    for (size_t i = 0; i < 8; ++i)
    {
        damaged[written.cluster_offsets[1] + i] = 0;
    }
    const TempFile file(damaged);
    Document document(file.open());
    std::vector<uint64_t> expected = wide(written.cluster_offsets);
    expected.erase(expected.begin() + 1);
    CHECK_EQUAL(cluster_offsets(document), expected);
    CHECK_EQUAL(document.damage().lost_bytes(), written.cluster_ends[1] - written.cluster_offsets[1]);
}

TEST(document, cluster_size_set_to_extremes_loses_that_cluster_only)
{
    const ebml::RecordingSpec spec = ebml::sample();
    const ebml::Written written = ebml::write(spec);
    // The size field has 2 bytes here; the cluster is some hundred bytes long.
    REQUIRE(written.bytes[written.cluster_offsets[1] + 4] >= 0x40 &&
            written.bytes[written.cluster_offsets[1] + 4] < 0x80);
    for (const uint16_t size : {0x7FFF, 0x7FFE, 0x4000, 0x4001})
    {
        Bytes damaged = written.bytes;
        damaged[written.cluster_offsets[1] + 4] = static_cast<uint8_t>(size >> 8);
        damaged[written.cluster_offsets[1] + 5] = static_cast<uint8_t>(size & 0xFF);
        const TempFile file(damaged);
        Document document(file.open());
        const std::vector<uint64_t> found = cluster_offsets(document);
        for (const size_t index : {0, 2, 3, 4})
        {
            CHECK_EQUAL(std::count(found.begin(), found.end(), written.cluster_offsets[index]), 1);
        }
    }
}

TEST(document, seek_head_that_points_elsewhere_is_noted_and_not_followed)
{
    ebml::Written written = ebml::write(ebml::sample());
    // The position of the Tags entry, the 4th: 5 bytes of SeekHead header, 17 bytes each, the last 4 are the position.
    const size_t at = written.segment_data + 5 + 4 * 17 - 4;
    written.bytes[at + 3] = static_cast<uint8_t>(written.bytes[at + 3] + 3);
    const TempFile file(written.bytes);
    Document document(file.open());
    CHECK_EQUAL(document.damage().kinds(), DamageLog::corrupt);
    CHECK_EQUAL(document.tags().size(), ebml::sample().tags.size() + 1);
}
