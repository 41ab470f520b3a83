#include "recording/playback.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "image/color_convert.hpp"
#include "image/jpeg.hpp"
#include "recording/image_source.hpp"
#include "recording/imu_block.hpp"
#include "recording/names.hpp"

#include <algorithm>
#include <cinttypes>

namespace k4a_rp
{

Playback::Playback(const std::string &path)
    : HandleObject(handle_marker), document_(std::make_shared<File>(path, Access::random)),
      pixels_(std::make_shared<File>(path)), metadata_(read_metadata(document_)), reader_(document_),
      captures_(reader_, metadata_), process_(current_process())
{
    link_->playback = this;
    if (!metadata_.has_start_offset && document_.unfinished())
    {
        restore_start_offset();
    }
    if (metadata_.imu)
    {
        const uint64_t offset = metadata_.start_offset_ns;
        imu_.emplace(reader_, *document_.file(), metadata_.imu->number, [offset](const TrackFrame &frame) {
            return frame.size >= imu_payload_size ?
                       static_cast<int64_t>(imu_acc_timestamp_ns(frame.data) - offset) :
                       frame.time_ns;
        });
    }
    const mkv::Track *kept = find_track(document_, names::metadata_track);
    if (kept && kept->codec_id == names::metadata_codec)
    {
        kept_.emplace(document_, reader_, kept->number);
    }
    for (const mkv::Track &track : document_.tracks())
    {
        sorted_tracks_.push_back(&track);
    }
    std::sort(sorted_tracks_.begin(), sorted_tracks_.end(), [](const mkv::Track *a, const mkv::Track *b) {
        return a->name < b->name;
    });
    if (document_.damage().kinds() != 0)
    {
        K4A_RP_LOG_WARNING("%s: %s", path.c_str(), describe(known_damage()).c_str());
    }
}

// IMU samples carry absolute device time, blocks the time since the start: the difference is what the tag would say.
void Playback::restore_start_offset()
{
    constexpr int searched_clusters = 1000; // half a minute
    mkv::ClusterMap &clusters = reader_.clusters();
    std::optional<mkv::ClusterRef> ref = clusters.first();
    for (int i = 0; metadata_.imu && ref && i < searched_clusters; ++i, ref = clusters.next(*ref))
    {
        const mkv::Cluster cluster = document_.load(*ref);
        for (const mkv::Block &block : cluster.blocks)
        {
            std::vector<mkv::Frame> frames;
            const size_t size = static_cast<size_t>(block.size);
            const bool wanted = block.track == metadata_.imu->number && size < 65536; // far more than samples take
            const uint8_t *payload = wanted ? document_.window().at(block.offset, size) : nullptr;
            if (!payload || !mkv::split_laces(block.lacing, payload, size, &frames) ||
                frames.front().size != imu_payload_size)
            {
                continue;
            }
            const uint64_t device_ns = imu_acc_timestamp_ns(payload + frames.front().offset);
            if (device_ns >= static_cast<uint64_t>(std::max<int64_t>(block.time_ns, 0)))
            {
                metadata_.start_offset_ns = device_ns - static_cast<uint64_t>(block.time_ns);
                metadata_.configuration.start_timestamp_offset_usec =
                    static_cast<uint32_t>(metadata_.start_offset_ns / 1000);
                start_offset_restored_ = true;
                return;
            }
        }
    }
}

const std::vector<mkv::Attachment> &Playback::attachments()
{
    return document_.attachments();
}

std::vector<uint8_t> Playback::read_attachment(const mkv::Attachment &attachment) const
{
    std::vector<uint8_t> bytes(static_cast<size_t>(attachment.size));
    if (pixels_->read_at(attachment.offset, bytes.data(), bytes.size()) != bytes.size())
    {
        fail("the file ends inside the attachment %s", attachment.name.c_str());
    }
    return bytes;
}

std::vector<uint8_t> Playback::raw_calibration()
{
    const mkv::Attachment *attachment = find_calibration(document_);
    if (!attachment)
    {
        fail("the recording holds no calibration");
    }
    std::vector<uint8_t> bytes = read_attachment(*attachment);
    if (bytes.empty() || bytes.back() != 0)
    {
        bytes.push_back(0);
    }
    return bytes;
}

bool Playback::is_built_in(const mkv::Track *track) const
{
    return track == metadata_.imu || std::any_of(std::begin(metadata_.cameras),
                                                 std::end(metadata_.cameras),
                                                 [track](const CameraTrack &camera) { return camera.track == track; });
}

int64_t Playback::length_ns()
{
    if (!length_ns_)
    {
        int64_t latest = 0;
        // An empty last cluster says nothing; the one before it does.
        for (std::optional<mkv::ClusterRef> ref = reader_.clusters().last(); ref;
             ref = reader_.clusters().previous(*ref))
        {
            const std::shared_ptr<const mkv::Cluster> cluster = reader_.load(*ref);
            for (const mkv::Block &block : cluster->blocks)
            {
                latest = std::max(latest, block.time_ns + std::max<int64_t>(block.duration_ns - 1, 0));
            }
            if (!cluster->blocks.empty())
            {
                break;
            }
        }
        length_ns_ = latest;
    }
    return *length_ns_;
}

k4a_rp_damage_t Playback::damage()
{
    if (document_.damage().kinds() != 0)
    {
        (void)length_ns();
    }
    return known_damage();
}

k4a_rp_damage_t Playback::known_damage()
{
    k4a_rp_damage_t damage{};
    const mkv::DamageLog &log = document_.damage();
    damage.kinds = log.kinds();
    if (document_.unfinished() && !metadata_.has_start_offset && !start_offset_restored_)
    {
        damage.kinds |= K4A_RP_DAMAGE_START_OFFSET_LOST;
    }
    damage.start_offset_restored = start_offset_restored_;
    damage.offset = log.first_offset();
    damage.lost_bytes = log.lost_bytes();
    return damage;
}

std::string Playback::damage_text()
{
    return describe(damage());
}

std::string Playback::describe(const k4a_rp_damage_t &found) const
{
    std::string text;
    const auto add = [&text](const std::string &part) { text += (text.empty() ? "" : "; ") + part; };
    if (found.kinds & K4A_RP_DAMAGE_NOT_CLOSED)
    {
        add("the recording was never closed");
    }
    if (found.kinds & K4A_RP_DAMAGE_TRUNCATED)
    {
        add("the file is cut off");
    }
    if (found.kinds & K4A_RP_DAMAGE_CORRUPT)
    {
        add("parts of it cannot be read");
    }
    if (found.offset != 0)
    {
        add(format_text("first damage at byte %" PRIu64 ", %" PRIu64 " bytes lost", found.offset, found.lost_bytes));
    }
    if (found.start_offset_restored)
    {
        add("the start offset was recovered from the IMU");
    }
    if (found.kinds & K4A_RP_DAMAGE_START_OFFSET_LOST)
    {
        add("the start offset is lost, so device timestamps begin at 0");
    }
    return text;
}

Playback::~Playback()
{
    std::lock_guard<std::mutex> lock(link_->mutex);
    link_->playback = nullptr;
}

bool Playback::can_be_destroyed()
{
    if (current_process() == process_)
    {
        return true;
    }
    const std::unique_lock<std::mutex> linked(link_->mutex, std::try_to_lock);
    const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    return linked && lock;
}

bool Playback::step_capture(Direction direction, Ref<Capture> *capture)
{
    ++capture_moves_;
    return read_capture(direction, &captures_, capture);
}

uint64_t Playback::move_captures(const CaptureCursor &to)
{
    captures_.move_to(to);
    return ++capture_moves_;
}

bool Playback::read_capture(Direction direction, CaptureCursor *cursor, Ref<Capture> *capture)
{
    Group group;
    if (!(direction == Direction::next ? cursor->find_next(&group) : cursor->find_previous(&group)))
    {
        return false;
    }
    *capture = Capture::create();
    for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
    {
        const mkv::BlockPosition &block = group.blocks[static_cast<size_t>(slot)];
        if (block)
        {
            cursor->advance(slot, block);
            Ref<Image> image =
                make_image(pixels_, metadata_.camera(slot), *block, metadata_.start_offset_ns, request_of(slot));
            if (kept_)
            {
                kept_->restore(block, slot, capture->get(), image.get());
            }
            (*capture)->set_image(slot, std::move(image));
        }
    }
    return true;
}

bool Playback::step_imu(Direction direction, k4a_imu_sample_t *sample)
{
    if (!imu_)
    {
        K4A_RP_LOG_WARNING("the recording has no IMU track");
        return false;
    }
    TrackFrame frame;
    if (!(direction == Direction::next ? imu_->next(&frame) : imu_->previous(&frame)))
    {
        return false;
    }
    if (frame.size != imu_payload_size)
    {
        fail("an IMU sample has %zu bytes, expected %zu", frame.size, imu_payload_size);
    }
    *sample = decode_imu_payload(frame.data);
    restore_temperature(sample);
    return true;
}

void Playback::restore_temperature(k4a_imu_sample_t *sample)
{
    if (kept_)
    {
        const uint64_t time_ns = sample->acc_timestamp_usec * 1000 - metadata_.start_offset_ns;
        sample->temperature = kept_->imu_temperature(static_cast<int64_t>(time_ns));
    }
}

bool Playback::step_data_block(const mkv::Track *track, Direction direction, DataBlock *block)
{
    auto place = custom_.find(track);
    if (place == custom_.end())
    {
        place = custom_.emplace(track, FrameCursor(reader_, *pixels_, track->number)).first;
        place->second.seek(seek_ns_);
    }
    TrackFrame frame;
    if (!(direction == Direction::next ? place->second.next(&frame) : place->second.previous(&frame)))
    {
        return false;
    }
    block->device_timestamp_usec = (static_cast<uint64_t>(frame.time_ns) + metadata_.start_offset_ns) / 1000;
    block->bytes.assign(frame.data, frame.data + frame.size);
    return true;
}

void Playback::seek_file_time(int64_t time_ns)
{
    seek_ns_ = time_ns;
    ++capture_moves_;
    captures_.seek(time_ns);
    if (imu_)
    {
        imu_->seek(time_ns);
    }
    for (auto &track : custom_)
    {
        track.second.seek(time_ns);
    }
}

k4a_image_format_t Playback::color_format() const
{
    return color_.format == K4A_IMAGE_FORMAT_CUSTOM ? metadata_.camera(Slot::color).format : color_.format;
}

void Playback::set_color_format(k4a_image_format_t format)
{
    const CameraTrack &color = metadata_.camera(Slot::color);
    if (!color.track)
    {
        fail("colour cannot be converted: the recording has no colour track");
    }
    ++capture_moves_; // images that were read ahead have the old format
    ++format_changes_;
    if (format == color.format)
    {
        color_.format = K4A_IMAGE_FORMAT_CUSTOM;
        return;
    }
    if (color.format == K4A_IMAGE_FORMAT_COLOR_MJPG && !have_jpeg())
    {
        fail("MJPG colour cannot be converted: %s", no_jpeg_reason());
    }
    if (!can_convert_color(color.format, format))
    {
        fail("colour cannot be converted from format %d to %d",
             static_cast<int>(color.format),
             static_cast<int>(format));
    }
    color_.format = format;
}

} // namespace k4a_rp
