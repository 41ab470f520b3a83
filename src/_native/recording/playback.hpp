// An open recording: what k4a_playback_t points at. Calls on one object are serialised by it.
#pragma once

#include "core/ref.hpp"
#include "recording/capture_index.hpp"
#include "recording/frame_cursor.hpp"
#include "recording/grouping.hpp"
#include "recording/image_source.hpp"
#include "recording/metadata.hpp"
#include "recording/metadata_reader.hpp"

#include <k4a_rp/k4a_rp.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace k4a_rp
{

enum class Direction
{
    next,
    previous
};

// One frame of a custom track, copied out: what k4a_playback_data_block_t points at.
class DataBlock : public HandleObject
{
public:
    static constexpr size_t handle_marker = 0x6b34615f626c6b31u;
    DataBlock() : HandleObject(handle_marker) {}

    uint64_t device_timestamp_usec = 0;
    std::vector<uint8_t> bytes;
};

class Playback;

// The way of those who work for a playback on other threads back to it. They hold the mutex while they use it, so that
// it is not closed under them.
struct PlaybackLink
{
    std::mutex mutex;
    Playback *playback = nullptr; // NULL once closed
};

class Playback : public HandleObject
{
public:
    static constexpr size_t handle_marker = 0x6b34615f706c6231u;

    // Path in UTF-8. Throws Error with the reason when the file cannot be played.
    explicit Playback(const std::string &path);
    ~Playback();

    // ---- what the recording says about itself
    const Metadata &metadata() const { return metadata_; }
    const std::vector<mkv::Tag> &tags() const { return document_.tags(); }
    const std::vector<mkv::Attachment> &attachments();
    std::vector<uint8_t> read_attachment(const mkv::Attachment &attachment) const;
    // The factory calibration with a closing NUL. Throws Error when there is none.
    std::vector<uint8_t> raw_calibration();
    // Sorted by name.
    const std::vector<const mkv::Track *> &tracks() const { return sorted_tracks_; }
    const mkv::Track *track(const char *name) const { return find_track(document_, name); }
    bool is_built_in(const mkv::Track *track) const;
    // From the start of the file to its last block.
    int64_t length_ns();
    // Walks to the end of a damaged file first, where most of the damage is.
    k4a_rp_damage_t damage();
    std::string damage_text();

    // ---- streaming
    bool step_capture(Direction direction, Ref<Capture> *capture);
    bool step_imu(Direction direction, k4a_imu_sample_t *sample);
    // The track must be a custom one: see is_built_in.
    bool step_data_block(const mkv::Track *track, Direction direction, DataBlock *block);
    void seek_file_time(int64_t time_ns);
    void set_color_format(k4a_image_format_t format);

    // ---- for those who read ahead
    const std::shared_ptr<PlaybackLink> &link() const { return link_; }
    const CaptureCursor &capture_cursor() const { return captures_; }
    // Steps a cursor of somebody else, or that of the playback.
    bool read_capture(Direction direction, CaptureCursor *cursor, Ref<Capture> *capture);
    // Counts what changes the captures that come next. The second call changes it, and returns the new count.
    uint64_t capture_moves() const { return capture_moves_; }
    uint64_t move_captures(const CaptureCursor &to);
    // The same of captures that are asked for by number.
    uint64_t format_changes() const { return format_changes_; }
    // False in a forked child when a thread of the parent was at work here: what it held stays locked, what it was
    // doing half done. Such a playback must not be destroyed.
    bool can_be_destroyed();

    // The format in which colour images are read.
    k4a_image_format_t color_format() const;
    // Colour images that were asked for and could not be converted.
    uint64_t damaged_colors() const { return color_.damaged->load(std::memory_order_relaxed); }

    // ---- random access
    size_t capture_count();
    // Images that cannot be read are left out, each with a log line; throws Error when no image remains.
    Ref<Capture> capture_at(size_t index);
    void capture_timestamps(size_t first, size_t count, k4a_rp_capture_timestamps_t *timestamps);
    size_t frame_count(const mkv::Track *track);
    // One pass over the block headers, whatever the capacity; returns how many samples were written.
    size_t read_imu(size_t first, size_t capacity, k4a_imu_sample_t *samples, size_t *total);

    std::mutex &mutex() { return mutex_; }

private:
    void restore_start_offset();
    k4a_rp_damage_t known_damage();
    std::string describe(const k4a_rp_damage_t &damage) const;
    const ColorRequest *request_of(Slot slot) const { return slot == Slot::color ? &color_ : nullptr; }
    const CaptureIndex &index();
    uint64_t device_usec(const CaptureIndex::Entry &entry) const;
    void restore_temperature(k4a_imu_sample_t *sample);

    std::mutex mutex_;
    mkv::Document document_;
    std::shared_ptr<const File> pixels_; // apart from the document's: the system reads ahead on this one
    Metadata metadata_;
    bool start_offset_restored_ = false;
    mkv::BlockReader reader_;
    CaptureCursor captures_;
    std::optional<FrameCursor> imu_;
    std::optional<MetadataReader> kept_; // what other recorders do not keep
    std::map<const mkv::Track *, FrameCursor> custom_;
    int64_t seek_ns_ = 0;
    ColorRequest color_;
    uint64_t capture_moves_ = 0;
    uint64_t format_changes_ = 0;
    const long process_;
    const std::shared_ptr<PlaybackLink> link_ = std::make_shared<PlaybackLink>();

    std::vector<const mkv::Track *> sorted_tracks_;
    std::optional<int64_t> length_ns_;
    std::unique_ptr<CaptureIndex> index_;
    std::map<uint64_t, size_t> frame_counts_; // by track number
};

} // namespace k4a_rp
