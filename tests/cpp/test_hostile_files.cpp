// Files made to cost time or memory far beyond their size.
#include "open_recording.hpp"

#include "mkv/element.hpp"

#include <chrono>
#include <ctime>

#ifdef __linux__
#include <fstream>
#endif

namespace
{

using ebml::Bytes;
namespace id = k4a_rp::mkv::id;

// No test of speed: linear work on these files takes two seconds or less, and what grows with the square of their size
// takes many minutes.
constexpr double most_seconds = 60;
constexpr size_t most_mib = 256;

struct Cost
{
    double seconds = 0; // of processor time
    size_t peak_mib = 0;
};

// The most memory that this process had since the last call with `restart`.
size_t peak_mib(bool restart)
{
#ifdef __linux__
    if (restart)
    {
        std::ofstream("/proc/self/clear_refs") << "5";
    }
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
    {
        if (line.rfind("VmHWM:", 0) == 0)
        {
            return static_cast<size_t>(std::stoull(line.substr(6))) / 1024;
        }
    }
#endif
    (void)restart;
    return 0;
}

Cost play(const Bytes &bytes)
{
    const size_t before = peak_mib(true);
    const std::clock_t start = std::clock();
    const TempFile file(bytes);
    k4a_playback_t handle = nullptr;
    if (k4a_playback_open(file.path().c_str(), &handle) == K4A_RESULT_SUCCEEDED)
    {
        k4a_capture_t capture = nullptr;
        for (const int64_t target : {int64_t(0), int64_t(-1)})
        {
            (void)k4a_playback_seek_timestamp(
                handle, target, target == 0 ? K4A_PLAYBACK_SEEK_BEGIN : K4A_PLAYBACK_SEEK_END);
            for (const auto step : {k4a_playback_get_next_capture, k4a_playback_get_previous_capture})
            {
                for (int i = 0; i < 50 && step(handle, &capture) == K4A_STREAM_RESULT_SUCCEEDED; ++i)
                {
                    k4a_capture_release(capture);
                }
            }
        }
        k4a_imu_sample_t sample;
        (void)k4a_playback_get_next_imu_sample(handle, &sample);
        k4a_rp_damage_t damage;
        (void)OpenRecording::extensions()->playback_get_damage(handle, &damage);
        size_t count = 0;
        (void)OpenRecording::extensions()->playback_get_track_frame_count(handle, "COLOR", &count);
        k4a_playback_close(handle);
    }
    Cost cost;
    cost.seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    cost.peak_mib = peak_mib(false) - before;
    return cost;
}

void check_cost(const char *what, const Bytes &bytes)
{
    const Cost cost = play(bytes);
    if (cost.seconds > most_seconds || cost.peak_mib > most_mib)
    {
        check::report(__FILE__, __LINE__, std::string(what) + ": " + std::to_string(bytes.size()) + " bytes cost " +
                      std::to_string(cost.seconds) + " s and " + std::to_string(cost.peak_mib) + " MiB");
    }
}

Bytes repeated(const Bytes &part, size_t size)
{
    Bytes bytes;
    bytes.reserve(size + part.size());
    while (bytes.size() < size)
    {
        bytes += part;
    }
    return bytes;
}

// A killed recording without clusters, to put something behind.
Bytes front()
{
    ebml::SampleOptions options;
    options.captures = 1;
    options.ending = ebml::Ending::unfinished;
    return ebml::write(ebml::sample(options)).bytes;
}

// Puts an element in front of everything else in the Segment.
Bytes with_first(const Bytes &element)
{
    ebml::SampleOptions options;
    options.ending = ebml::Ending::unknown_size;
    const ebml::Written written = ebml::write(ebml::sample(options));
    Bytes bytes = written.bytes;
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(written.segment_data), element.begin(), element.end());
    return bytes;
}

// Sanitizers make this ten to sixteen times slower: the files are a sixteenth there.
#if defined(__SANITIZE_ADDRESS__)
constexpr size_t mebibyte = 1u << 16;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr size_t mebibyte = 1u << 16;
#else
constexpr size_t mebibyte = 1u << 20;
#endif
#else
constexpr size_t mebibyte = 1u << 20;
#endif

} // namespace

TEST(hostile_files, junk_behind_every_cluster)
{
    const Bytes part = ebml::element(id::cluster, ebml::number_element(id::cluster_timecode, 0)) + Bytes{0x00};
    check_cost("junk behind every cluster", front() + repeated(part, mebibyte / 2));
}

TEST(hostile_files, clusters_without_blocks)
{
    check_cost("empty clusters", front() + repeated(ebml::element(id::cluster, {}), 4 * mebibyte));
}

TEST(hostile_files, identifiers_of_clusters_only)
{
    check_cost("cluster identifiers", front() + repeated(ebml::id_bytes(id::cluster), mebibyte));
    const Bytes unknown = ebml::id_bytes(id::cluster) + ebml::unknown_size();
    check_cost("clusters of unknown size", front() + repeated(unknown, mebibyte));
    const Bytes huge = ebml::id_bytes(id::cluster) + ebml::size_number((uint64_t(1) << 56) - 2, 8);
    check_cost("clusters of huge size", front() + repeated(huge, mebibyte));
    check_cost("clusters of huge size with a time",
               front() + repeated(huge + ebml::number_element(id::cluster_timecode, 1), mebibyte));
}

TEST(hostile_files, blocks_without_payload)
{
    const Bytes block = ebml::block({1, 0, {}, 0x80, {}});
    const Bytes other = ebml::block({99, 0, {}, 0x80, {}});
    check_cost("tiny blocks of a camera",
               front() + ebml::element(id::cluster,
                                       ebml::number_element(id::cluster_timecode, 9) + repeated(block, 12 * mebibyte)));
    check_cost("tiny blocks of no track",
               front() + ebml::element(id::cluster,
                                       ebml::number_element(id::cluster_timecode, 9) + repeated(other, 12 * mebibyte)));
    check_cost("tiny children",
               front() + ebml::element(id::cluster, repeated(ebml::element(id::void_element, {}), 12 * mebibyte)));
}

TEST(hostile_files, tracks_by_the_hundred_thousand)
{
    Bytes tracks;
    for (size_t i = 0; tracks.size() < 4 * mebibyte; ++i)
    {
        tracks += ebml::element(id::track_entry, ebml::number_element(id::track_name, 0x21212121 + i * 7));
    }
    check_cost("tracks", with_first(ebml::element(id::tracks, tracks)));
    check_cost("tracks without a name",
               with_first(ebml::element(id::tracks, repeated(ebml::element(id::track_entry, {}), 12 * mebibyte))));
}

TEST(hostile_files, tags_and_attachments_by_the_million)
{
    const Bytes tag = ebml::element(id::tag, ebml::element(id::simple_tag, {}));
    check_cost("tags", with_first(ebml::element(id::tags, repeated(tag, 12 * mebibyte))));
    const Bytes simple = repeated(ebml::element(id::simple_tag, {}), 12 * mebibyte);
    check_cost("simple tags", with_first(ebml::element(id::tags, ebml::element(id::tag, simple))));
    const Bytes file = ebml::element(id::attached_file, {});
    check_cost("attachments", with_first(ebml::element(id::attachments, repeated(file, 12 * mebibyte))));
}

TEST(hostile_files, seek_entries_and_cues_by_the_million)
{
    const Bytes seek = ebml::element(id::seek, ebml::number_element(id::seek_id, id::void_element));
    check_cost("seek entries", with_first(ebml::element(id::seek_head, repeated(seek, 12 * mebibyte))));
    const Bytes entry = ebml::element(
        id::seek, ebml::element(id::seek_id, ebml::id_bytes(id::tags)) + ebml::number_element(id::seek_position, 1));
    check_cost("seek entries to nothing", with_first(ebml::element(id::seek_head, repeated(entry, 4 * mebibyte))));
    const Bytes cue = ebml::element(id::cue_point, {});
    check_cost("cues", with_first(ebml::element(id::cues, repeated(cue, 12 * mebibyte))));
}

TEST(hostile_files, huge_sizes_in_a_sparse_file)
{
#ifdef __linux__
    // 8 GiB that take no room on the disk: elements may have any size that fits.
    const uint64_t size = uint64_t(8) << 30;
    const auto sparse = [&](const Bytes &bytes, const char *what) {
        const TempFile file(bytes);
        std::filesystem::resize_file(file.path(), size);
        const size_t before = peak_mib(true);
        const std::clock_t start = std::clock();
        k4a_playback_t handle = nullptr;
        if (k4a_playback_open(file.path().c_str(), &handle) == K4A_RESULT_SUCCEEDED)
        {
            k4a_capture_t capture = nullptr;
            while (k4a_playback_get_next_capture(handle, &capture) == K4A_STREAM_RESULT_SUCCEEDED)
            {
                k4a_capture_release(capture);
            }
            k4a_imu_sample_t sample;
            (void)k4a_playback_get_next_imu_sample(handle, &sample);
            size_t total = 0;
            (void)OpenRecording::extensions()->playback_read_imu_samples(handle, 0, 0, nullptr, nullptr, &total);
            k4a_playback_close(handle);
        }
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        const size_t memory = peak_mib(false) - before;
        if (memory > most_mib || seconds > most_seconds)
        {
            check::report(__FILE__, __LINE__, std::string(what) + ": " + std::to_string(memory) + " MiB, " +
                          std::to_string(seconds) + " s");
        }
    };
    const Bytes start = front();
    const Bytes header = ebml::number_element(id::cluster_timecode, 20000);
    for (const uint64_t track : {1, 2, 4, 5})
    {
        const Bytes block = ebml::id_bytes(id::simple_block) + ebml::size_number(size - 4000, 8) +
                            ebml::size_number(track) + Bytes{0, 0, 0x80};
        const Bytes cluster = ebml::id_bytes(id::cluster) + ebml::size_number(size - 3900, 8) + header + block;
        sparse(start + cluster, ("block of 8 GiB of track " + std::to_string(track)).c_str());
    }
    sparse(with_first(ebml::id_bytes(id::tags) + ebml::size_number(size - 4000, 8)), "tags of 8 GiB");
    sparse(with_first(ebml::id_bytes(id::attachments) + ebml::size_number(size - 4000, 8)), "attachments of 8 GiB");
#else
    throw check::Skip{"sparse files are made on Linux only"};
#endif
}

TEST(hostile_files, laces_and_durations_at_their_limits)
{
    ebml::RecordingSpec spec = ebml::sample();
    for (size_t i = 0; i < spec.clusters.size(); ++i)
    {
        spec.clusters[i].time = i == 2 ? UINT64_MAX / 1000 : spec.clusters[i].time;
        for (ebml::BlockSpec &block : spec.clusters[i].blocks)
        {
            block.duration = UINT64_MAX;
            block.relative = static_cast<int16_t>(i % 2 == 0 ? -32768 : 32767);
        }
    }
    spec.start_offset_ns = INT64_MAX;
    check_cost("times at their limits", ebml::write(spec).bytes);
    spec.timecode_scale = UINT64_MAX;
    check_cost("scale at its limit", ebml::write(spec).bytes);
}
