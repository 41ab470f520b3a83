// The file at every moment of its growth: what a reader finds when the writer dies right there.
#include "check.hpp"
#include "core/crc32.hpp"
#include "mkv/block_reader.hpp"
#include "mkv/writer.hpp"
#include "temp_file.hpp"

#include <optional>

using namespace k4a_rp;

namespace
{

mkv::Front front_with_one_track()
{
    mkv::Front front;
    front.info.unsigned_value(mkv::id::timecode_scale, 1000);
    mkv::ElementWriter track;
    track.unsigned_value(mkv::id::track_number, 1);
    track.unsigned_8(mkv::id::track_uid, 5);
    track.unsigned_value(mkv::id::track_type, 17);
    track.text(mkv::id::track_name, "DATA");
    front.tracks.master(mkv::id::track_entry, track);
    return front;
}

struct Growing
{
    explicit Growing(size_t payload_size = 100) : payload(payload_size, 7), file({0})
    {
        writer.emplace(std::make_unique<OutputFile>(file.path()));
        writer->write_header(front_with_one_track());
    }

    mkv::ClusterWriter cluster(int64_t ticks) const
    {
        mkv::OutputBlock block;
        block.track = 1;
        block.ticks = ticks;
        block.payloads.push_back({payload.data(), 0, payload.size(), crc32(0, payload.data(), payload.size())});
        std::vector<mkv::OutputBlock> blocks;
        blocks.push_back(std::move(block));
        return mkv::ClusterWriter(ticks, std::move(blocks));
    }

    std::vector<uint64_t> append(const std::vector<int64_t> &ticks)
    {
        std::vector<mkv::ClusterWriter> clusters;
        for (const int64_t at : ticks)
        {
            clusters.push_back(cluster(at));
        }
        return writer->append(clusters, {});
    }

    std::vector<int64_t> read() const
    {
        mkv::Document document(file.open());
        mkv::BlockReader reader(document);
        std::vector<int64_t> times;
        for (mkv::BlockPosition block = reader.first(1); block; block = reader.next(block, 1))
        {
            times.push_back(block->time_ns / 1000);
        }
        return times;
    }

    ebml::Bytes bytes() const
    {
        ebml::Bytes found(static_cast<size_t>(file.open()->size()));
        file.open()->read_at(0, found.data(), found.size());
        return found;
    }

    std::vector<uint8_t> payload;
    TempFile file;
    std::optional<mkv::Writer> writer;
};

using Times = std::vector<int64_t>;

} // namespace

TEST(writer, file_without_an_end_holds_what_was_appended)
{
    Growing file;
    CHECK_THROWS("no frame", (void)file.read());
    file.append({0});
    CHECK_EQUAL(file.read(), (Times{0}));
    file.append({10, 20});
    CHECK_EQUAL(file.read(), (Times{0, 10, 20}));
}

TEST(writer, file_cut_at_any_byte_holds_the_clusters_before)
{
    Growing file;
    const uint64_t first = file.append({0})[0];
    const uint64_t second = file.append({10})[0];
    file.append({20});
    const ebml::Bytes whole = file.bytes();
    for (size_t size = static_cast<size_t>(second); size < whole.size(); ++size)
    {
        file.file.rewrite(ebml::Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        const Times found = file.read();
        CHECK(found == Times({0}) || found == Times({0, 10}));
    }
    CHECK(first < second);
}

TEST(writer, unrevealed_cluster_is_not_seen)
{
    Growing file;
    file.append({0});
    const uint64_t second = file.append({10})[0];
    const uint64_t third = file.append({20})[0];
    ebml::Bytes bytes = file.bytes();
    mkv::ElementWriter hidden;
    hidden.id(mkv::id::void_element);
    hidden.size_field(bytes.size() + 4000 - static_cast<size_t>(third) - 9, 8); // torn: longer than what is there
    std::copy_n(hidden.data(), hidden.size(), bytes.begin() + static_cast<std::ptrdiff_t>(third));
    file.file.rewrite(bytes);
    CHECK_EQUAL(file.read(), (Times{0, 10}));
    CHECK(second < third);
}

TEST(writer, replaced_clusters_are_hidden)
{
    Growing file;
    file.append({0});
    const uint64_t second = file.append({10})[0];
    file.append({20});
    std::vector<mkv::ClusterWriter> clusters;
    for (const int64_t at : {10, 15, 20})
    {
        clusters.push_back(file.cluster(at));
    }
    file.writer->append_instead(second, clusters, {});
    CHECK_EQUAL(file.read(), (Times{0, 10, 15, 20}));
    file.append({30});
    CHECK_EQUAL(file.read(), (Times{0, 10, 15, 20, 30}));
    mkv::ElementWriter info;
    info.unsigned_value(mkv::id::timecode_scale, 1000);
    file.writer->finish(info);
    CHECK_EQUAL(file.read(), (Times{0, 10, 15, 20, 30}));
}

TEST(writer, duplicates_of_a_death_between_revealing_and_hiding_are_left_out)
{
    for (const size_t from : {size_t(0), size_t(1)})
    {
        Growing file;
        const std::vector<uint64_t> old = file.append({0, 10, 20});
        const uint64_t old_end = file.writer->end();
        uint8_t note[mkv::replacement_note_size];
        mkv::compose_replacement_note(old[from], old_end, note);
        file.writer->file().write_at(mkv::Writer::segment_data + mkv::replacement_note_offset, note, sizeof(note));
        CHECK_EQUAL(file.read(), (Times{0, 10, 20})); // the new ones are not there yet
        CHECK_EQUAL(file.append(from == 0 ? Times{0, 5, 10, 20} : Times{5, 10, 20})[0], old_end);
        CHECK_EQUAL(file.read(), (Times{0, 5, 10, 20}));
    }
}

TEST(writer, headers_never_lie_across_a_page)
{
    for (size_t size = 2300; size < 2420; ++size)
    {
        Growing file(size);
        std::vector<uint64_t> offsets = file.append({0, 10, 20, 30});
        offsets.push_back(file.append({40})[0]);
        for (const uint64_t offset : offsets)
        {
            CHECK(offset % 4096 <= 4096 - 12);
        }
        CHECK_EQUAL(file.read(), (Times{0, 10, 20, 30, 40}));
    }
}

TEST(writer, cues_come_once_a_second_and_once_more_behind_the_beginning)
{
    Growing file;
    file.append({0, 32000, 64000, 900000, 1031000, 1032000, 1999000, 2033000});
    mkv::ElementWriter info;
    info.unsigned_value(mkv::id::timecode_scale, 1000);
    file.writer->finish(info);
    mkv::Document document(file.file.open());
    Times times;
    for (const mkv::Cue &cue : document.read_cues())
    {
        times.push_back(cue.time_ns / 1000);
        CHECK(document.cluster_at(cue.offset).has_value());
    }
    CHECK_EQUAL(times, (Times{0, 32000, 1032000, 2033000}));
    CHECK(!document.unfinished());
}

TEST(writer, laces_are_read_as_they_were_chosen)
{
    const std::vector<std::vector<size_t>> cases = {
        {2, 2}, {2, 5}, {0, 3}, {3, 0}, {100, 300, 2}, {2, 70000}, {70000, 2}, {5, 70000, 3, 100, 0}, {254, 255, 256},
        {70000, 70063, 70100}, {1, 64, 1}, {1, 128, 1, 1}, {16383, 1, 16383, 2}, std::vector<size_t>(256, 9),
        {0, 0, 0}, {0, 0, 1}};
    const std::vector<uint8_t> memory(70100, 7);
    unsigned kinds = 0;
    for (const std::vector<size_t> &sizes : cases)
    {
        mkv::OutputBlock block;
        size_t total = 0;
        for (const size_t size : sizes)
        {
            block.payloads.push_back({memory.data(), 0, size, 0});
            total += size;
        }
        mkv::choose_lacing(&block);
        const auto kind = static_cast<mkv::Lacing>((block.flags >> 1) & 3);
        kinds |= 1u << static_cast<unsigned>(kind);
        std::vector<uint8_t> payload = block.lacing;
        payload.resize(payload.size() + total);
        std::vector<mkv::Frame> frames;
        CHECK(mkv::split_laces(kind, payload.data(), payload.size(), &frames));
        CHECK_EQUAL(frames.size(), sizes.size());
        size_t at = block.lacing.size();
        for (size_t i = 0; i < sizes.size() && i < frames.size(); ++i)
        {
            CHECK_EQUAL(frames[i].size, sizes[i]);
            CHECK_EQUAL(frames[i].offset, at);
            at += sizes[i];
        }
    }
    CHECK_EQUAL(kinds, 0b1110u); // Xiph, fixed and EBML were all among them
}
