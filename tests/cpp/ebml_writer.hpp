// Writes Matroska files for the tests: element by element, or whole small recordings with the layout of Azure Kinect
// recorders. Shared with the fuzzer, whose corpus it makes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace ebml
{

// A type of its own, so that the operators below are found.
struct Bytes : std::vector<uint8_t>
{
    using std::vector<uint8_t>::vector;
};

Bytes &operator+=(Bytes &bytes, const Bytes &more);
Bytes operator+(Bytes bytes, const Bytes &more);
std::ostream &operator<<(std::ostream &out, const Bytes &bytes); // for messages of failed checks
Bytes text(const std::string &value);
Bytes big_endian(uint64_t value, size_t length);
Bytes little_endian(uint64_t value, size_t length);

// A size as EBML writes it: the shortest form, or `length` bytes.
Bytes size_number(uint64_t value, size_t length = 0);
Bytes unknown_size(size_t length = 1);
Bytes id_bytes(uint32_t id);
Bytes element(uint32_t id, const Bytes &payload, size_t size_length = 0);
Bytes number_element(uint32_t id, uint64_t value);
Bytes text_element(uint32_t id, const std::string &value);
Bytes void_element(size_t whole_size); // 2 bytes or more

struct TrackSpec
{
    uint64_t number = 1;
    std::string name;
    uint64_t type = 1; // 1 video, 17 subtitle
    std::string codec_id = "V_MS/VFW/FOURCC";
    Bytes codec_private;
    uint64_t default_duration_ns = 33333333;
    uint64_t width = 0;
    uint64_t height = 0;

    uint64_t uid() const { return 1000 + number; }
};

TrackSpec camera_track(uint64_t number, const std::string &name, const std::string &fourcc, uint32_t w, uint32_t h);
TrackSpec imu_track(uint64_t number);
TrackSpec custom_track(uint64_t number, const std::string &name);

// Flags of a block's lacing.
enum : uint8_t
{
    lacing_none = 0x00,
    lacing_xiph = 0x02,
    lacing_fixed = 0x04,
    lacing_ebml = 0x06
};
// Payload of a laced block; `lacing_none` takes the one frame as it is.
Bytes laced(uint8_t lacing, const std::vector<Bytes> &frames);

struct BlockSpec
{
    uint64_t track = 1;
    int16_t relative = 0; // ticks from the cluster's timecode
    Bytes payload;
    uint8_t flags = 0x80;
    std::optional<uint64_t> duration; // in ticks; given: a BlockGroup
};
Bytes block(const BlockSpec &spec);

struct ClusterSpec
{
    uint64_t time = 0; // ticks
    std::vector<BlockSpec> blocks;
};
Bytes cluster(const ClusterSpec &spec);

Bytes imu_payload(uint64_t acc_ns, uint64_t gyro_ns);

// Numbers that tell which image it is: bytes of the frame `index` of a track.
Bytes frame_payload(uint64_t track, size_t index, size_t size);

struct CueSpec
{
    uint64_t time;      // ticks
    size_t cluster;     // which one
    int64_t shift = 0;  // added to the position: wrong on purpose
};

struct TagSpec
{
    std::string name;
    std::string value;
    uint64_t track_uid = 0;
    uint64_t attachment_uid = 0;
};

struct AttachmentSpec
{
    std::string name;
    Bytes data;
    uint64_t uid = 77;
};

enum class Ending
{
    closed,       // as a recorder leaves it: SeekHead, sizes, Cues
    unfinished,   // killed before the first flush: Segment size 0, no SeekHead, no Info, no Cues, no start offset
    continued,    // killed behind a flush: SeekHead and Segment size are those of the flush, Cues written over
    unknown_size, // Segment of unknown size, nothing behind the clusters
};

struct RecordingSpec
{
    std::vector<TrackSpec> tracks;
    std::vector<TagSpec> tags;
    std::vector<AttachmentSpec> attachments;
    std::vector<ClusterSpec> clusters;
    std::optional<std::vector<CueSpec>> cues; // none: one for each cluster
    Ending ending = Ending::closed;
    uint64_t timecode_scale = 1000;
    uint64_t start_offset_ns = 5000000000;
    size_t flushed_clusters = 1;        // Ending::continued: how many the flush found
    bool unknown_size_clusters = false;
    bool metadata_behind_clusters = false; // Tags and Attachments at the end
};

struct Written
{
    Bytes bytes;
    size_t segment_data = 0;
    size_t tags_offset = 0;
    size_t cues_offset = 0;              // 0: none
    std::vector<size_t> cluster_offsets; // of their headers
    std::vector<size_t> cluster_ends;
    std::vector<std::vector<size_t>> block_ends; // by cluster
};

Written write(const RecordingSpec &spec);

// A recording of COLOR (fourcc, size), DEPTH and IR (NFOV_2X2BINNED), IMU and one custom track, a cluster for each
// capture. Images hold a few bytes only; readers do not mind.
struct SampleOptions
{
    size_t captures = 5;
    unsigned fps = 30;
    std::string color = "MJPG"; // empty: none
    uint32_t color_width = 1280;
    uint32_t color_height = 720;
    size_t color_bytes = 24;
    bool depth = true;
    bool ir = true;
    bool imu = true;
    bool custom = true;
    int64_t depth_delay_usec = 0; // depth and IR images come that much later than colour
    Ending ending = Ending::closed;
};
RecordingSpec sample(const SampleOptions &options = {});

} // namespace ebml
