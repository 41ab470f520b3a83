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

    static constexpr uint64_t piece_size = 1u << 20;

    void note(const std::string &line)
    {
        constexpr size_t most_lines = 200;
        ++report_.problems;
        if (report_.lines.size() < most_lines)
        {
            report_.lines.push_back(line);
        }
    }

    // Fewer bytes only where the file ends. They stay until the next call.
    size_t read(uint64_t offset, uint64_t size)
    {
        if (bytes_.size() < size)
        {
            bytes_.resize(static_cast<size_t>(size));
        }
        return file_->read_at(offset, bytes_.data(), static_cast<size_t>(size));
    }

    // Reads all of the cluster, so that bytes which the disk cannot read are found. Piece by piece: the size of a
    // damaged cluster may be that of the file.
    void check_bytes(const mkv::ClusterRef &ref)
    {
        constexpr uint64_t checksum_size = 6;
        uint64_t at = ref.data;
        uint32_t stored = 0;
        const bool has_checksum = read(at, std::min(checksum_size, ref.limit - at)) == checksum_size &&
                                  bytes_[0] == mkv::id::crc32 && bytes_[1] == 0x84;
        if (has_checksum)
        {
            stored = load_little_endian<uint32_t>(bytes_.data() + 2);
            at += checksum_size;
        }
        uint32_t found = 0;
        size_t got = 0;
        for (; at < ref.limit; at += got)
        {
            go_on_.check();
            got = read(at, std::min<uint64_t>(ref.limit - at, piece_size));
            if (got == 0)
            {
                return; // the file became shorter: the blocks tell
            }
            found = has_checksum ? crc32(found, bytes_.data(), got) : 0;
        }
        if (has_checksum && !ref.cut && found != stored)
        {
            note(format_text("the checksum of the cluster at byte %" PRIu64 " is wrong", ref.offset));
        }
    }

    void check_cluster(const mkv::ClusterRef &ref, int64_t before_ns)
    {
        check_bytes(ref);
        if (ref.time_ns <= before_ns)
        {
            note(format_text("the cluster at byte %" PRIu64 " begins at %" PRId64 " us, the one before at %" PRId64,
                             ref.offset,
                             ref.time_ns / 1000,
                             before_ns / 1000));
        }
        for (const mkv::Block &block : document_.load(ref).blocks)
        {
            go_on_.check();
            check_block(block);
        }
    }

    void check_block(const mkv::Block &block)
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
        std::vector<mkv::Frame> frames;
        if (!find_frames(block, &frames))
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
            check_frame(state, block, frame);
        }
    }

    bool find_frames(const mkv::Block &block, std::vector<mkv::Frame> *frames)
    {
        if (block.lacing == mkv::Lacing::none)
        {
            frames->push_back({0, static_cast<size_t>(block.size)});
            return block.offset + block.size <= file_->size();
        }
        constexpr uint64_t most_laced_bytes = 64u << 20; // lace is for small things
        return block.size <= most_laced_bytes && read(block.offset, block.size) == block.size &&
               mkv::split_laces(block.lacing, bytes_.data(), static_cast<size_t>(block.size), frames);
    }

    // Why the bytes are no whole JPEG; NULL: they are. What is between its ends only a decoder can tell.
    const char *find_jpeg_problem(uint64_t offset, uint64_t size)
    {
        constexpr uint64_t padding = 4096; // cameras put zeros behind the end
        if (size < 4 || read(offset, 2) != 2 || bytes_[0] != 0xFF || bytes_[1] != 0xD8)
        {
            return "is no JPEG";
        }
        const uint64_t rest = std::min(size - 2, padding);
        const size_t got = read(offset + size - rest, rest);
        static constexpr uint8_t end_marker[2] = {0xFF, 0xD9};
        const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(got);
        const bool whole = std::search(bytes_.begin(), end, end_marker, end_marker + 2) != end;
        return whole ? nullptr : "is a JPEG without its end";
    }

    void check_frame(const TrackState &state, const mkv::Block &block, const mkv::Frame &frame)
    {
        const size_t size = frame.size;
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
            if (const char *problem = find_jpeg_problem(block.offset + frame.offset, size))
            {
                note(format_text("the image at byte %" PRIu64 " of the track %s %s", block.offset, name, problem));
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
