#include "recording/copy.hpp"

#include "core/crc32.hpp"
#include "core/error.hpp"
#include "core/new_file.hpp"
#include "mkv/document.hpp"
#include "recording/imu_block.hpp"
#include "recording/names.hpp"
#include "recording/playback.hpp"
#include "recording/recording_header.hpp"
#include "recording/sort_queue.hpp"

#include <algorithm>
#include <cinttypes>
#include <filesystem>
#include <map>

namespace k4a_rp
{

namespace
{

class Copier
{
    // No image and no piece of data comes near it; a size that damage made may be that of the file.
    static constexpr uint64_t largest_block = uint64_t(1) << 30;

public:
    Copier(const std::string &source, const CopyOptions &options)
        : playback_(source), document_(std::make_shared<File>(source)), options_(options),
          start_ns_(playback_.metadata().start_offset_ns)
    {
        choose_tracks();
        copy_tags();
        for (const mkv::Attachment &attachment : document_.attachments())
        {
            AttachmentSpec copied;
            copied.name = attachment.name;
            copied.uid = attachment.uid;
            copied.bytes = playback_.read_attachment(attachment);
            header_.add_attachment(std::move(copied));
        }
    }

    // Writes all into the file; with `sync` until it is on the disk.
    CopyReport write(std::unique_ptr<OutputFile> file, bool sync)
    {
        mkv::Writer writer(std::move(file));
        writer.write_header(header_.front());
        std::optional<mkv::ClusterRef> ref = document_.first_cluster();
        for (; ref; ref = document_.find_cluster(ref->end))
        {
            options_.go_on.check();
            for (const mkv::Block &block : document_.load(*ref).blocks)
            {
                take(block);
            }
            // What is older than this is not expected any more.
            write_before(newest_ns_ - static_cast<int64_t>(SortQueue::latest_ns), &writer);
        }
        write_before(INT64_MAX, &writer);
        if (!started_)
        {
            fail("nothing of the recording is left to be written");
        }
        writer.finish(header_.info_content(static_cast<double>(newest_ns_ - first_ns_) / 1000));
        if (sync)
        {
            writer.file().sync();
        }
        writer.file().close();
        report_.bytes = writer.end();
        const k4a_rp_damage_t damage = playback_.damage();
        report_.damage = damage.kinds | document_.damage().kinds();
        report_.lost_bytes += std::max(damage.lost_bytes, document_.damage().lost_bytes());
        report_.start_offset_restored = damage.start_offset_restored != 0;
        return report_;
    }

private:
    // A block of the source, or part of one.
    struct Pending
    {
        const mkv::Track *source = nullptr;
        mkv::Block block;
        std::vector<std::vector<uint8_t>> frames; // of a block that is cut; empty: the payload as it is
    };

    bool wanted(const mkv::Track &track) const
    {
        // What is kept about images and samples goes with them.
        return options_.all_tracks || track.name == names::metadata_track ||
               std::find(options_.tracks.begin(), options_.tracks.end(), track.name) != options_.tracks.end();
    }

    void choose_tracks()
    {
        for (const std::string &name : options_.tracks)
        {
            if (!options_.all_tracks && !find_track(document_, name.c_str()))
            {
                fail("the recording has no track %s", name.c_str());
            }
        }
        for (const mkv::Track &track : document_.tracks())
        {
            if (!wanted(track))
            {
                continue;
            }
            TrackSpec copied;
            copied.name = track.name;
            copied.type = static_cast<unsigned>(track.type);
            copied.codec = track.codec_id;
            copied.has_codec_private = !track.codec_private.empty();
            copied.codec_private = track.codec_private;
            copied.default_duration_ns = track.default_duration_ns;
            copied.width = track.width;
            copied.height = track.height;
            copied.uid = track.uid;
            const size_t index = header_.add_track(std::move(copied));
            numbers_[track.number] = {&track, header_.tracks()[index].number};
        }
        if (!options_.all_tracks && numbers_.size() == size_t(has(names::metadata_track)))
        {
            fail("no track is chosen that has images, samples or data");
        }
    }

    bool has(const char *name) const { return header_.find_track(name) >= 0; }

    // Tags of tracks that stay behind stay behind too.
    void copy_tags()
    {
        const bool depth_or_ir = has(names::depth_track) || has(names::ir_track) || has(names::old_ir_track);
        for (const mkv::Tag &tag : document_.tags())
        {
            TagSpec copied{tag.name, tag.value, tag.track_uid, tag.attachment_uid};
            const bool of_dropped =
                tag.track_uid != 0 &&
                std::any_of(document_.tracks().begin(), document_.tracks().end(), [&](const mkv::Track &track) {
                    return track.uid == tag.track_uid && !wanted(track);
                });
            const bool dropped_depth_mode = tag.name == names::depth_mode_tag && !depth_or_ir;
            const bool dropped_delay = tag.name == names::depth_delay_tag && !(depth_or_ir && has(names::color_track));
            // Damaged: for a track, but for none. Without its target it would be read by its text, and name one.
            const bool of_no_track = tag.target_type == names::target_track && tag.track_uid == 0;
            if (tag.name == names::start_offset_tag || of_no_track ||
                (!options_.all_tracks && (dropped_depth_mode || dropped_delay)))
            {
                continue;
            }
            if (of_dropped && tag.name == names::depth_mode_tag)
            {
                copied.track_uid = 0; // the IR track needs it
            }
            else if (of_dropped)
            {
                continue;
            }
            header_.add_tag(std::move(copied));
        }
    }

    void take(const mkv::Block &block)
    {
        const auto found = numbers_.find(block.track);
        if (found == numbers_.end())
        {
            return;
        }
        const int64_t last_ns = block.time_ns + std::max<int64_t>(block.duration_ns - 1, 0);
        if (last_ns < options_.begin_ns || block.time_ns >= options_.end_ns)
        {
            return;
        }
        if (block.size > largest_block)
        {
            document_.damage().note(mkv::DamageLog::corrupt, block.offset, block.size);
            return;
        }
        if (started_ && block.time_ns < written_ns_)
        {
            report_.lost_bytes += block.size; // far out of order: no recorder writes that
            return;
        }
        Pending pending;
        pending.source = found->second.first;
        pending.block = block;
        const bool cut = block.lacing != mkv::Lacing::none &&
                         (block.time_ns < options_.begin_ns || last_ns >= options_.end_ns);
        if (cut && !cut_laces(&pending))
        {
            return;
        }
        if (!cut && block.time_ns < options_.begin_ns)
        {
            return;
        }
        newest_ns_ = std::max(newest_ns_, last_ns < options_.end_ns ? last_ns : pending.block.time_ns);
        pending_.emplace(pending.block.time_ns, std::move(pending));
    }

    std::vector<uint8_t> read(const mkv::Block &block) const
    {
        std::vector<uint8_t> bytes(static_cast<size_t>(block.size));
        if (document_.file()->read_at(block.offset, bytes.data(), bytes.size()) != bytes.size())
        {
            fail("the file ends inside the block at %" PRIu64, block.offset);
        }
        return bytes;
    }

    static size_t count_laces(const mkv::Block &block, const std::vector<uint8_t> &bytes)
    {
        std::vector<mkv::Frame> frames;
        return mkv::split_laces(block.lacing, bytes.data(), bytes.size(), &frames) ? frames.size() : 0;
    }

    // Keeps the frames of a laced block that lie in the range. False: none does.
    bool cut_laces(Pending *pending) const
    {
        mkv::Block &block = pending->block;
        const std::vector<uint8_t> bytes = read(block);
        std::vector<mkv::Frame> frames;
        if (!mkv::split_laces(block.lacing, bytes.data(), bytes.size(), &frames))
        {
            return false;
        }
        const bool imu = pending->source == playback_.metadata().imu ||
                         (playback_.metadata().imu && pending->source->uid == playback_.metadata().imu->uid);
        const int64_t steps = std::max<int64_t>(static_cast<int64_t>(frames.size()) - 1, 1);
        const int64_t span = std::max<int64_t>(block.duration_ns - 1, 0);
        int64_t first_ns = -1;
        int64_t last_ns = 0;
        for (size_t i = 0; i < frames.size(); ++i)
        {
            const uint8_t *frame = bytes.data() + frames[i].offset;
            int64_t time_ns = block.time_ns + span * static_cast<int64_t>(i) / steps;
            if (imu && frames[i].size == imu_payload_size)
            {
                time_ns = static_cast<int64_t>(imu_acc_timestamp_ns(frame) - start_ns_);
            }
            if (time_ns >= options_.begin_ns && time_ns < options_.end_ns)
            {
                pending->frames.emplace_back(frame, frame + frames[i].size);
                first_ns = first_ns < 0 ? time_ns : first_ns;
                last_ns = time_ns;
            }
        }
        block.time_ns = first_ns;
        block.duration_ns = last_ns - first_ns + 1000;
        return !pending->frames.empty();
    }

    int64_t ticks(int64_t time_ns) const { return (time_ns - first_ns_) / 1000; }

    // Writes the blocks that begin before this time, a cluster for each 32 ms of device time.
    void write_before(int64_t time_ns, mkv::Writer *writer)
    {
        while (!pending_.empty())
        {
            const int64_t begin_ns = pending_.begin()->first;
            const uint64_t device_ns = static_cast<uint64_t>(begin_ns) + start_ns_;
            const int64_t left = static_cast<int64_t>(SortQueue::window_ns - device_ns % SortQueue::window_ns);
            const int64_t end_ns = begin_ns + left;
            if (end_ns > time_ns && time_ns != INT64_MAX)
            {
                return;
            }
            auto end = pending_.lower_bound(end_ns);
            write_cluster(pending_.begin(), end, writer);
            pending_.erase(pending_.begin(), end);
            written_ns_ = end_ns;
        }
    }

    using Place = std::multimap<int64_t, Pending>::iterator;

    void write_cluster(Place begin, Place end, mkv::Writer *writer)
    {
        if (!started_)
        {
            started_ = true;
            first_ns_ = begin->first;
            header_.add_tag(names::start_offset_tag, std::to_string(start_ns_ + static_cast<uint64_t>(first_ns_)));
            writer->replace_tags(header_.tags_content());
        }
        std::vector<mkv::OutputBlock> blocks;
        std::vector<std::vector<uint8_t>> payloads;
        for (Place place = begin; place != end; ++place)
        {
            options_.go_on.check();
            const Pending &pending = place->second;
            mkv::OutputBlock block;
            block.track = numbers_.at(pending.block.track).second;
            block.ticks = ticks(pending.block.time_ns);
            block.grouped = pending.block.duration_ns >= 0;
            block.duration = static_cast<uint64_t>(std::max<int64_t>(pending.block.duration_ns, 0) / 1000);
            block.flags = block.grouped ? 0 : 0x80;
            std::vector<std::vector<uint8_t>> frames = pending.frames;
            const bool as_it_is = frames.empty();
            size_t count = frames.size();
            if (as_it_is)
            {
                frames.push_back(read(pending.block));
                count = count_laces(pending.block, frames.back());
                block.flags = static_cast<uint8_t>(block.flags | static_cast<uint8_t>(pending.block.lacing) << 1);
            }
            if (pending.source->name != names::metadata_track)
            {
                report_.frames += count;
            }
            for (std::vector<uint8_t> &frame : frames)
            {
                payloads.push_back(std::move(frame));
                const std::vector<uint8_t> &kept = payloads.back();
                block.payloads.push_back({kept.data(), 0, kept.size(), crc32(0, kept.data(), kept.size())});
            }
            if (!as_it_is)
            {
                mkv::choose_lacing(&block);
            }
            blocks.push_back(std::move(block));
        }
        const int64_t cluster_ticks = blocks.front().ticks;
        std::vector<mkv::ClusterWriter> clusters;
        clusters.emplace_back(cluster_ticks, std::move(blocks));
        writer->append(clusters, {});
        ++report_.clusters;
    }

    Playback playback_; // for what the recording means
    mkv::Document document_;
    CopyOptions options_;
    const uint64_t start_ns_;
    RecordingHeader header_;
    std::map<uint64_t, std::pair<const mkv::Track *, uint64_t>> numbers_; // by number in the source
    std::multimap<int64_t, Pending> pending_;
    int64_t newest_ns_ = 0;
    bool started_ = false;
    int64_t first_ns_ = 0;
    int64_t written_ns_ = 0; // up to where
    CopyReport report_;
};

CopyReport write_new(const std::string &source, const std::string &target, const CopyOptions &options)
{
    std::optional<NewFile> file;
    CopyReport report;
    {
        Copier copier(source, options); // reads the source before anything is created
        file.emplace(target, options.overwrite);
        report = copier.write(file->take(), file->replaces());
    }
    file->keep(); // the source is closed: it may be what is replaced
    return report;
}

bool is_same_file(const std::string &one, const std::string &other)
{
    std::error_code ignored;
    return one == other ||
           std::filesystem::equivalent(std::filesystem::u8path(one), std::filesystem::u8path(other), ignored);
}

} // namespace

CopyReport copy_recording(const std::string &source, const std::string &target, const CopyOptions &options)
{
    if (is_same_file(source, target))
    {
        fail("%s cannot be copied onto itself", source.c_str());
    }
    return write_new(source, target, options);
}

CopyReport repair_recording(const std::string &source, const std::string &target, const CopyOptions &options)
{
    CopyOptions all;
    all.overwrite = options.overwrite || is_same_file(source, target);
    all.go_on = options.go_on;
    return write_new(source, target, all);
}

} // namespace k4a_rp
