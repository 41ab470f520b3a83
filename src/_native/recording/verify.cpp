#include "recording/verify.hpp"

#include "core/bytes.hpp"
#include "core/crc32.hpp"
#include "core/error.hpp"
#include "recording/imu_block.hpp"
#include "recording/names.hpp"
#include "recording/playback.hpp"

#include <algorithm>
#include <cinttypes>
#include <map>

namespace k4a_rp
{

namespace
{

class Verifier
{
public:
    Verifier(const std::string &path, const GoOn &go_on)
        : playback_(path), file_(std::make_shared<File>(path)), document_(file_), go_on_(go_on)
    {
        for (const mkv::Track &track : document_.tracks())
        {
            tracks_[track.number].track = &track;
        }
        for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
        {
            const CameraTrack &camera = playback_.metadata().camera(slot);
            if (camera.track)
            {
                tracks_[camera.track->number].camera = &camera;
            }
        }
        if (playback_.metadata().imu)
        {
            tracks_[playback_.metadata().imu->number].imu = true;
        }
    }

    VerifyReport run()
    {
        int64_t before_ns = -1;
        std::optional<mkv::ClusterRef> ref = document_.first_cluster();
        for (; ref; ref = document_.find_cluster(ref->end))
        {
            go_on_.check();
            ++report_.clusters;
            check_cluster(*ref, before_ns);
            before_ns = ref->time_ns;
        }
        check_cues();
        const k4a_rp_damage_t damage = playback_.damage();
        report_.damage = damage.kinds | document_.damage().kinds();
        report_.lost_bytes = std::max(damage.lost_bytes, document_.damage().lost_bytes());
        report_.start_offset_restored = damage.start_offset_restored != 0;
        report_.bytes = file_->size();
        if (report_.damage != 0)
        {
            note(playback_.damage_text());
        }
        return std::move(report_);
    }

private:
    struct TrackState
    {
        const mkv::Track *track = nullptr;
        const CameraTrack *camera = nullptr;
        bool imu = false;
        int64_t last_ns = -1;
    };

    void note(const std::string &line)
    {
        constexpr size_t most_lines = 200;
        ++report_.problems;
        if (report_.lines.size() < most_lines)
        {
            report_.lines.push_back(line);
        }
    }

    const uint8_t *read(uint64_t offset, uint64_t size)
    {
        if (bytes_.size() < size)
        {
            bytes_.resize(static_cast<size_t>(size));
        }
        return file_->read_at(offset, bytes_.data(), static_cast<size_t>(size)) == size ? bytes_.data() : nullptr;
    }

    void check_cluster(const mkv::ClusterRef &ref, int64_t before_ns)
    {
        const uint64_t size = ref.limit - ref.data;
        const uint8_t *bytes = ref.cut ? nullptr : read(ref.data, size);
        if (bytes && size >= 6 && bytes[0] == mkv::id::crc32 && bytes[1] == 0x84)
        {
            const uint32_t stored = load_little_endian<uint32_t>(bytes + 2);
            if (stored != crc32(0, bytes + 6, static_cast<size_t>(size) - 6))
            {
                note(format_text("the checksum of the cluster at byte %" PRIu64 " is wrong", ref.offset));
            }
        }
        if (ref.time_ns <= before_ns)
        {
            note(format_text("the cluster at byte %" PRIu64 " begins at %" PRId64 " us, the one before at %" PRId64,
                             ref.offset,
                             ref.time_ns / 1000,
                             before_ns / 1000));
        }
        for (const mkv::Block &block : document_.load(ref).blocks)
        {
            check_block(block, bytes ? bytes + (block.offset - ref.data) : nullptr);
        }
    }

    void check_block(const mkv::Block &block, const uint8_t *payload)
    {
        const auto found = tracks_.find(block.track);
        if (found == tracks_.end() || !found->second.track)
        {
            note(format_text("the block at byte %" PRIu64 " is of a track that does not exist", block.offset));
            return;
        }
        TrackState &state = found->second;
        const char *name = state.track->name.c_str();
        if (block.time_ns < state.last_ns)
        {
            note(format_text("the track %s goes back from %" PRId64 " us to %" PRId64 " us",
                             name,
                             state.last_ns / 1000,
                             block.time_ns / 1000));
        }
        state.last_ns = block.time_ns;
        std::vector<uint8_t> own;
        if (!payload)
        {
            own.resize(static_cast<size_t>(block.size));
            payload = file_->read_at(block.offset, own.data(), own.size()) == own.size() ? own.data() : nullptr;
        }
        std::vector<mkv::Frame> frames;
        if (!payload || !mkv::split_laces(block.lacing, payload, static_cast<size_t>(block.size), &frames))
        {
            note(format_text("the block at byte %" PRIu64 " of the track %s cannot be read", block.offset, name));
            return;
        }
        if (state.track->name != names::metadata_track)
        {
            report_.frames += frames.size();
        }
        for (const mkv::Frame &frame : frames)
        {
            check_frame(state, block, payload + frame.offset, frame.size);
        }
    }

    void check_frame(const TrackState &state, const mkv::Block &block, const uint8_t *bytes, size_t size)
    {
        const char *name = state.track->name.c_str();
        if (state.imu && size != imu_payload_size)
        {
            note(format_text("an IMU sample at byte %" PRIu64 " has %zu bytes, expected 40", block.offset, size));
        }
        if (!state.camera)
        {
            return;
        }
        const CameraTrack &camera = *state.camera;
        if (camera.format == K4A_IMAGE_FORMAT_COLOR_MJPG)
        {
            const bool whole = size >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8;
            if (!whole)
            {
                note(format_text("the image at byte %" PRIu64 " of the track %s is no JPEG", block.offset, name));
            }
            return;
        }
        const size_t row = static_cast<size_t>(minimum_stride(camera.format, camera.width));
        const size_t rows = static_cast<size_t>(camera.height);
        const size_t expected = camera.format == K4A_IMAGE_FORMAT_COLOR_NV12 ? row * rows * 3 / 2 : row * rows;
        if (size != expected)
        {
            note(format_text("the image at byte %" PRIu64 " of the track %s has %zu bytes, expected %zu",
                             block.offset,
                             name,
                             size,
                             expected));
        }
    }

    void check_cues()
    {
        for (const mkv::Cue &cue : document_.read_cues())
        {
            if (!document_.cluster_at(cue.offset))
            {
                note(format_text("the Cues point at byte %" PRIu64 ", where no cluster is", cue.offset));
            }
        }
    }

    Playback playback_; // for what the recording means
    std::shared_ptr<const File> file_;
    mkv::Document document_;
    GoOn go_on_;
    std::map<uint64_t, TrackState> tracks_;
    std::vector<uint8_t> bytes_;
    VerifyReport report_;
};

} // namespace

VerifyReport verify_recording(const std::string &path, const GoOn &go_on)
{
    return Verifier(path, go_on).run();
}

} // namespace k4a_rp
