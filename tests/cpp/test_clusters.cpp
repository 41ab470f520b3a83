// Clusters and their blocks, and finding clusters with the Cues, without them, and with wrong ones.
#include "check.hpp"
#include "mkv/block_reader.hpp"
#include "temp_file.hpp"

#include <random>

using namespace k4a_rp::mkv;
using ebml::Bytes;

static Cluster read_only_cluster(const Bytes &bytes, uint64_t scale, DamageLog *damage)
{
    const TempFile file(bytes);
    Window window(file.open());
    Element element;
    REQUIRE(read_element(window, 0, bytes.size(), &element));
    return read_cluster(window, read_cluster_ref(window, element, bytes.size(), scale), scale, damage);
}

TEST(clusters, blocks_have_their_track_time_and_payload)
{
    ebml::ClusterSpec spec;
    spec.time = 70000;
    spec.blocks = {{1, 0, ebml::text("abc"), 0x80, {}},
                   {200, -5, ebml::text("defg"), ebml::lacing_fixed, {}},
                   {3, 32767, ebml::text("hi"), ebml::lacing_ebml, 600}};
    const Bytes bytes = ebml::cluster(spec);
    DamageLog damage;
    const Cluster cluster = read_only_cluster(bytes, 1000, &damage);
    CHECK_EQUAL(damage.kinds(), 0);
    CHECK_EQUAL(cluster.ref.time_ns, 70000000);
    CHECK_EQUAL(cluster.ref.end, bytes.size());
    REQUIRE(cluster.blocks.size() == 3);
    CHECK_EQUAL(cluster.blocks[0].track, 1);
    CHECK_EQUAL(cluster.blocks[0].time_ns, 70000000);
    CHECK_EQUAL(cluster.blocks[0].duration_ns, -1);
    CHECK_EQUAL(cluster.blocks[0].lacing, Lacing::none);
    CHECK_EQUAL(cluster.blocks[1].track, 200);
    CHECK_EQUAL(cluster.blocks[1].time_ns, 69995000);
    CHECK_EQUAL(cluster.blocks[1].lacing, Lacing::fixed);
    CHECK_EQUAL(cluster.blocks[2].time_ns, 102767000);
    CHECK_EQUAL(cluster.blocks[2].duration_ns, 600000);
    CHECK_EQUAL(cluster.blocks[2].lacing, Lacing::ebml);
    const char *const payloads[3] = {"abc", "defg", "hi"};
    for (size_t i = 0; i < 3; ++i)
    {
        const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(cluster.blocks[i].offset);
        CHECK_EQUAL(std::string(at, at + static_cast<std::ptrdiff_t>(cluster.blocks[i].size)),
                    std::string(payloads[i]));
    }
}

TEST(clusters, timecode_scale_of_a_millisecond_is_used)
{
    ebml::ClusterSpec spec{12, {{1, -2, ebml::text("x"), 0x80, {}}}};
    DamageLog damage;
    const Cluster cluster = read_only_cluster(ebml::cluster(spec), 1000000, &damage);
    CHECK_EQUAL(cluster.ref.time_ns, 12000000);
    CHECK_EQUAL(cluster.blocks.at(0).time_ns, 10000000);
}

TEST(clusters, impossible_times_do_not_overflow)
{
    ebml::ClusterSpec spec{UINT64_MAX, {{1, -32768, ebml::text("x"), 0x80, UINT64_MAX}}};
    DamageLog damage;
    const Cluster cluster = read_only_cluster(ebml::cluster(spec), UINT64_MAX, &damage);
    CHECK(cluster.ref.time_ns > 0);
    REQUIRE(cluster.blocks.size() == 1);
    CHECK(cluster.blocks[0].duration_ns > 0);
    CHECK(cluster.blocks[0].time_ns <= cluster.ref.time_ns);
}

TEST(clusters, unknown_and_empty_children_are_passed_over)
{
    const Bytes children = ebml::element(0xA7, Bytes(3)) + ebml::number_element(id::cluster_timecode, 9) +
                           ebml::void_element(40) + ebml::element(0x5854, {}) +
                           ebml::block({1, 1, ebml::text("x"), 0x80, {}}) + ebml::element(id::void_element, {});
    DamageLog damage;
    const Cluster cluster = read_only_cluster(ebml::element(id::cluster, children), 1000, &damage);
    CHECK_EQUAL(damage.kinds(), 0);
    REQUIRE(cluster.blocks.size() == 1);
    CHECK_EQUAL(cluster.blocks[0].time_ns, 10000);
}

TEST(clusters, broken_block_is_left_out_and_noted)
{
    const Bytes good = ebml::block({1, 0, ebml::text("x"), 0x80, {}});
    const Bytes broken[] = {
        ebml::element(id::simple_block, {0x81, 0x00, 0x00}),                        // no flags
        ebml::element(id::simple_block, {}),                                        // nothing
        ebml::element(id::simple_block, {0x00, 0x00, 0x00, 0x80, 0x11}),            // no track number
        ebml::element(id::block_group, {}),                                         // no block in it
        ebml::element(id::block_group, ebml::element(id::block, {0x81, 0x00})),     // one without flags
        ebml::element(id::block_group, ebml::number_element(id::block_duration, 3)) // only a duration
    };
    for (const Bytes &bad : broken)
    {
        DamageLog damage;
        const Bytes children = ebml::number_element(id::cluster_timecode, 9) + bad + good;
        const Cluster cluster = read_only_cluster(ebml::element(id::cluster, children), 1000, &damage);
        CHECK_EQUAL(cluster.blocks.size(), 1);
        CHECK_EQUAL(damage.kinds(), DamageLog::corrupt);
        CHECK_EQUAL(damage.first_offset(), 4 + 1 + 3);
        CHECK_EQUAL(damage.lost_bytes(), bad.size());
    }
}

TEST(clusters, block_that_reaches_beyond_its_cluster_ends_it)
{
    const Bytes good = ebml::block({1, 0, ebml::text("x"), 0x80, {}});
    const Bytes torn = ebml::id_bytes(id::simple_block) + ebml::size_number(900) + Bytes(20, 0x81);
    const Bytes first = ebml::element(id::cluster, ebml::number_element(id::cluster_timecode, 1) + good + torn);
    DamageLog damage;
    const Cluster cluster = read_only_cluster(first + Bytes(2000), 1000, &damage);
    CHECK_EQUAL(cluster.blocks.size(), 1);
    CHECK_EQUAL(cluster.ref.end, first.size());
    CHECK_EQUAL(damage.lost_bytes(), torn.size());
}

TEST(clusters, cluster_of_unknown_size_ends_at_the_next_one)
{
    ebml::RecordingSpec spec = ebml::sample();
    spec.unknown_size_clusters = true;
    const ebml::Written written = ebml::write(spec);
    const TempFile file(written.bytes);
    Document document(file.open());
    ClusterMap map(document);
    std::optional<ClusterRef> ref = map.first();
    for (size_t i = 0; i < spec.clusters.size(); ++i)
    {
        REQUIRE(ref.has_value());
        CHECK_EQUAL(ref->offset, written.cluster_offsets[i]);
        CHECK_EQUAL(ref->end, written.cluster_ends[i]);
        CHECK_EQUAL(document.load(*ref).blocks.size(), spec.clusters[i].blocks.size());
        ref = map.next(*ref);
    }
    CHECK(!ref.has_value());
    CHECK_EQUAL(document.damage().kinds(), 0);
}

// ---- ClusterMap

static std::vector<uint64_t> walk_back(ClusterMap &map, std::optional<ClusterRef> ref)
{
    std::vector<uint64_t> offsets;
    for (; ref; ref = map.previous(*ref))
    {
        offsets.insert(offsets.begin(), ref->offset);
    }
    return offsets;
}

static ebml::RecordingSpec many_clusters(size_t count)
{
    ebml::SampleOptions options;
    options.captures = count;
    options.imu = options.custom = options.ir = options.depth = false;
    return ebml::sample(options);
}

// Every way of finding a cluster agrees with what was written.
static void check_map(const ebml::RecordingSpec &spec, const char *what)
{
    const ebml::Written written = ebml::write(spec);
    const TempFile file(written.bytes);
    Document document(file.open());
    const std::vector<uint64_t> expected(written.cluster_offsets.begin(), written.cluster_offsets.end());
    {
        ClusterMap map(document);
        if (walk_back(map, map.last()) != expected)
        {
            check::report(__FILE__, __LINE__, std::string(what) + ": walking back misses clusters");
        }
    }
    ClusterMap map(document);
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i)
    {
        const size_t index = random() % expected.size();
        const int64_t time = static_cast<int64_t>(spec.clusters[index].time) * 1000;
        for (const int64_t shift : {0, 1, 30000000})
        {
            const std::optional<ClusterRef> found = map.at_time(time + shift);
            REQUIRE(found.has_value());
            CHECK_EQUAL(found->offset, expected[index]);
        }
        const std::optional<ClusterRef> earlier = map.at_time(time - 1);
        CHECK_EQUAL(earlier->offset, expected[index == 0 ? 0 : index - 1]);
        const std::optional<ClusterRef> before = map.previous(*map.at_time(time));
        CHECK_EQUAL(before.has_value(), index != 0);
        CHECK_EQUAL(before ? before->offset : 0, index == 0 ? 0 : expected[index - 1]);
    }
    CHECK_EQUAL(map.at_time(-1)->offset, expected.front());
    CHECK_EQUAL(map.at_time(INT64_MAX)->offset, expected.back());
}

TEST(clusters, found_with_a_cue_for_each)
{
    check_map(many_clusters(100), "a cue for each");
}

TEST(clusters, found_with_cues_far_apart)
{
    ebml::RecordingSpec spec = many_clusters(100);
    spec.cues = std::vector<ebml::CueSpec>{{spec.clusters[0].time, 0, 0}, {spec.clusters[1].time, 1, 0},
                                           {spec.clusters[30].time, 30, 0}, {spec.clusters[61].time, 61, 0}};
    check_map(spec, "cues far apart");
}

TEST(clusters, found_without_cues)
{
    for (const size_t count : {size_t(1), size_t(31), size_t(32), size_t(33), size_t(100)})
    {
        ebml::RecordingSpec spec = many_clusters(count);
        spec.cues = std::vector<ebml::CueSpec>();
        check_map(spec, "no cues");
    }
}

TEST(clusters, found_with_cues_that_point_elsewhere)
{
    ebml::RecordingSpec spec = many_clusters(100);
    spec.cues = std::vector<ebml::CueSpec>{{spec.clusters[0].time, 0, 0}, {spec.clusters[40].time, 40, 7},
                                           {spec.clusters[60].time, 60, -3}};
    check_map(spec, "shifted cues");
    spec.cues = std::vector<ebml::CueSpec>{{spec.clusters[99].time, 99, 100000}, {1, 0, 1}};
    check_map(spec, "cues outside of the file");
}

TEST(clusters, found_with_cues_out_of_order)
{
    ebml::RecordingSpec spec = many_clusters(100);
    spec.cues = std::vector<ebml::CueSpec>{{spec.clusters[60].time, 60, 0}, {spec.clusters[20].time, 20, 0},
                                           {spec.clusters[0].time, 0, 0}, {spec.clusters[80].time, 80, 0}};
    check_map(spec, "cues out of order");
}

TEST(clusters, cues_with_the_wrong_time_do_not_hide_blocks)
{
    ebml::RecordingSpec spec = many_clusters(100);
    // As if the 50th cluster came after 1 s, when it comes after 1.67 s, and the 70th after 9 s.
    spec.cues = std::vector<ebml::CueSpec>{{0, 0, 0}, {1000000, 50, 0}, {9000000, 70, 0}};
    const ebml::Written written = ebml::write(spec);
    const TempFile file(written.bytes);
    Document document(file.open());
    BlockReader reader(document);
    for (size_t i = 0; i < spec.clusters.size(); ++i)
    {
        const int64_t time = static_cast<int64_t>(spec.clusters[i].time) * 1000;
        const BlockPosition block = reader.at_time(1, time);
        REQUIRE(bool(block));
        CHECK_EQUAL(block->time_ns, time);
    }
    CHECK(!reader.at_time(1, 10000000000));
}

TEST(clusters, two_with_one_timecode_are_both_found)
{
    ebml::RecordingSpec spec = many_clusters(10);
    spec.clusters[5].time = spec.clusters[4].time;
    spec.cues = std::vector<ebml::CueSpec>();
    const ebml::Written written = ebml::write(spec);
    const TempFile file(written.bytes);
    Document document(file.open());
    BlockReader reader(document);
    const int64_t time = static_cast<int64_t>(spec.clusters[4].time) * 1000;
    const BlockPosition first = reader.at_time(1, time);
    REQUIRE(bool(first));
    CHECK_EQUAL(first.cluster->ref.offset, written.cluster_offsets[4]);
    const BlockPosition second = reader.next(first, 1);
    REQUIRE(bool(second));
    CHECK_EQUAL(second.cluster->ref.offset, written.cluster_offsets[5]);
}

TEST(clusters, track_without_blocks_is_walked_over_once)
{
    ebml::RecordingSpec spec = many_clusters(50);
    spec.tracks.push_back(ebml::custom_track(9, "EMPTY"));
    const TempFile file(ebml::write(spec).bytes);
    Document document(file.open());
    BlockReader reader(document);
    CHECK(!reader.first(9));
    CHECK(!reader.last(9));
    CHECK(!reader.at_time(9, 0));
    CHECK(!reader.at_time(9, 500000000));
    CHECK(bool(reader.last(1)));
    CHECK(!reader.next(reader.last(1), 1));
    CHECK(!reader.previous(reader.first(1), 1));
}
