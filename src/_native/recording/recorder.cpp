#include "recording/recorder.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "recording/names.hpp"

#include <algorithm>

namespace k4a_rp
{

static constexpr uint64_t least_queue_limit = 32u << 20;

Recorder::Recorder(const std::string &path, const k4a_device_configuration_t &configuration)
    : process_(current_process()), path_(path), options_{0, 150000, 0}
{
    add_camera_tracks(configuration, &header_);
    static const char *const track_names[3] = {names::color_track, names::depth_track, names::ir_track};
    const k4a_image_format_t formats[3] = {configuration.color_format, K4A_IMAGE_FORMAT_DEPTH16, K4A_IMAGE_FORMAT_IR16};
    for (size_t slot = 0; slot < 3; ++slot)
    {
        CameraSlot &camera = cameras_[slot];
        camera.track = header_.find_track(track_names[slot]);
        camera.format = formats[slot];
        if (camera.track >= 0)
        {
            const TrackSpec &track = header_.tracks()[static_cast<size_t>(camera.track)];
            camera.width = static_cast<int>(track.width);
            camera.height = static_cast<int>(track.height);
        }
    }
    file_ = std::make_unique<OutputFile>(path);
}

Recorder::~Recorder()
{
    try
    {
        close();
    }
    catch (const std::exception &error)
    {
        K4A_RP_LOG_ERROR("%s was not closed as it should: %s", path_.c_str(), error.what());
    }
}

bool Recorder::is_orphan() const
{
    return current_process() != process_;
}

void Recorder::require_own_process() const
{
    if (is_orphan())
    {
        fail("%s is recorded by the process that this one was forked from", path_.c_str());
    }
}

void Recorder::require_header(bool written) const
{
    require_own_process();
    if (closed_ || stopping_)
    {
        fail("the recording is closed");
    }
    if (header_written_ != written)
    {
        fail(written ? "the header has not been written yet (k4a_record_write_header)" :
                       "the header has been written already");
    }
}

void Recorder::set_device(const RecordedDevice &device)
{
    require_header(false);
    const auto version = [](const k4a_version_t &value) {
        return format_text("%u.%u.%u", value.major, value.minor, value.iteration);
    };
    header_.add_tag("K4A_COLOR_FIRMWARE_VERSION", version(device.version.rgb));
    header_.add_tag("K4A_DEPTH_FIRMWARE_VERSION", version(device.version.depth));
    if (!device.serial.empty())
    {
        header_.add_tag("K4A_DEVICE_SERIAL_NUMBER", device.serial);
    }
    if (device.calibration.empty())
    {
        return;
    }
    AttachmentSpec file;
    file.name = names::calibration_file;
    file.bytes = device.calibration;
    while (!file.bytes.empty() && file.bytes.back() == 0)
    {
        file.bytes.pop_back();
    }
    header_.add_tag({names::calibration_tag, names::calibration_file, 0, header_.add_attachment(std::move(file))});
}

void Recorder::set_options(const k4a_rp_record_options_t &options)
{
    require_header(false);
    if (options.sort_window_usec > 2000000)
    {
        fail("the sort window can have 2000000 us at most, not %u", options.sort_window_usec);
    }
    options_ = options;
}

k4a_rp_record_options_t Recorder::options() const
{
    k4a_rp_record_options_t options = options_;
    options.queue_limit_bytes = options.queue_limit_bytes ? options.queue_limit_bytes : default_queue_limit();
    return options;
}

// Room for a quarter of a second, so that large pictures can be sorted too.
uint64_t Recorder::default_queue_limit() const
{
    uint64_t bytes_per_second = 0;
    for (const CameraSlot &camera : cameras_)
    {
        if (camera.track >= 0)
        {
            const uint64_t pixels = uint64_t(camera.width) * static_cast<uint64_t>(camera.height);
            const uint64_t bytes = camera.format == K4A_IMAGE_FORMAT_COLOR_MJPG ? pixels / 2 : pixels * 4;
            const bool words = camera.format == K4A_IMAGE_FORMAT_DEPTH16 || camera.format == K4A_IMAGE_FORMAT_IR16;
            bytes_per_second += (words ? pixels * 2 : bytes) * header_.tracks()[size_t(camera.track)].frame_rate;
        }
    }
    return std::max(least_queue_limit, bytes_per_second / 4);
}

void Recorder::add_tag(const char *name, const char *value)
{
    require_header(false);
    if (!is_plain_name(name))
    {
        fail("a tag cannot be called \"%.60s\": names of tags are made of A-Z, 0-9, - and _", name);
    }
    header_.add_tag(name, value);
}

void Recorder::add_imu_track()
{
    require_header(false);
    if (header_.find_track(names::imu_track) >= 0)
    {
        fail("there is a track called %s already", names::imu_track);
    }
    TrackSpec track;
    track.name = names::imu_track;
    track.type = names::track_type_subtitle;
    track.codec = names::imu_codec;
    track.high_frequency = true;
    imu_track_ = static_cast<int>(header_.add_track(std::move(track)));
    const uint64_t uid = header_.tracks().back().uid;
    header_.add_tag({"K4A_IMU_TRACK", std::to_string(uid), uid, 0});
    header_.add_tag({"K4A_IMU_MODE", "ON", uid, 0});
}

void Recorder::add_attachment(const char *name, const uint8_t *bytes, size_t size)
{
    require_header(false);
    AttachmentSpec attachment;
    attachment.name = name;
    attachment.bytes.assign(bytes, bytes + size);
    header_.add_attachment(std::move(attachment));
}

void Recorder::add_custom_track(TrackSpec track)
{
    require_header(false);
    if (!is_plain_name(track.name))
    {
        fail("a track cannot be called \"%.60s\": names of tracks are made of A-Z, 0-9, - and _", track.name.c_str());
    }
    if (header_.find_track(track.name) >= 0)
    {
        fail("there is a track called %s already", track.name.c_str());
    }
    track.custom = true;
    const std::string tag = "K4A_CUSTOM_TRACK_" + track.name;
    header_.add_track(std::move(track));
    const uint64_t uid = header_.tracks().back().uid;
    header_.add_tag({tag, std::to_string(uid), uid, 0});
}

void Recorder::add_custom_video_track(const char *name,
                                      const char *codec,
                                      const uint8_t *context,
                                      size_t context_size,
                                      const k4a_record_video_settings_t &settings)
{
    if (settings.frame_rate == 0)
    {
        fail("the track %s cannot have 0 frames per second", name);
    }
    TrackSpec track;
    track.name = name;
    track.type = names::track_type_video;
    track.codec = codec;
    track.has_codec_private = context != nullptr;
    track.codec_private.assign(context, context + (context ? context_size : 0));
    track.frame_rate = settings.frame_rate;
    track.default_duration_ns = 1000000000 / settings.frame_rate;
    track.width = settings.width;
    track.height = settings.height;
    add_custom_track(std::move(track));
}

void Recorder::add_custom_subtitle_track(const char *name,
                                         const char *codec,
                                         const uint8_t *context,
                                         size_t context_size,
                                         const k4a_record_subtitle_settings_t &settings)
{
    TrackSpec track;
    track.name = name;
    track.type = names::track_type_subtitle;
    track.codec = codec;
    track.has_codec_private = context != nullptr;
    track.codec_private.assign(context, context + (context ? context_size : 0));
    track.high_frequency = settings.high_freq_data;
    add_custom_track(std::move(track));
}

void Recorder::add_metadata_track()
{
    TrackSpec track;
    track.name = names::metadata_track;
    track.type = names::track_type_subtitle;
    track.codec = names::metadata_codec;
    add_custom_track(std::move(track));
    metadata_track_ = header_.find_track(names::metadata_track);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    header_.add_tag(names::start_unix_tag,
                    std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()));
}

void Recorder::write_header()
{
    require_header(false);
    if (options_.keep_metadata && metadata_track_ < 0)
    {
        add_metadata_track();
    }
    if (!recording_)
    {
        recording_.emplace(std::move(file_), &header_);
    }
    failed_ = false;
    try
    {
        recording_->write_header();
    }
    catch (const FileError &error)
    {
        // May be tried again; until then this is what is wrong.
        std::lock_guard<std::mutex> lock(mutex_);
        failed_ = true;
        error_code_ = error.code();
        error_text_ = error.what();
        throw;
    }
    queue_limit_ = options().queue_limit_bytes;
    queue_.emplace(uint64_t(options_.sort_window_usec) * 1000);
    bytes_on_disk_ = recording_->bytes();
    thread_ = std::thread([this] { run(); });
    header_written_ = true;
}

void Recorder::flush()
{
    require_header(true);
    std::unique_lock<std::mutex> lock(mutex_);
    throw_failure();
    const uint64_t ticket = ++flushes_wanted_;
    work_.notify_one();
    space_.wait(lock, [&] { return flushes_done_ >= ticket || failed_ || closed_; });
    throw_failure();
}

void Recorder::close()
{
    require_own_process();
    {
        std::lock_guard<std::mutex> lock(mutex_);
        if (closed_ || stopping_)
        {
            return;
        }
        stopping_ = true;
        work_.notify_one();
        space_.notify_all();
    }
    if (thread_.joinable())
    {
        thread_.join();
    }
    if (header_written_)
    {
        try
        {
            recording_->finish(queue_->newest_ns());
        }
        catch (const FileError &error)
        {
            fail_with(error, error.code());
        }
    }
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    file_.reset();
    bytes_on_disk_ = recording_ ? recording_->bytes() : 0;
    space_.notify_all();
    throw_failure();
}

k4a_rp_record_state_t Recorder::state() const
{
    require_own_process();
    std::lock_guard<std::mutex> lock(mutex_);
    k4a_rp_record_state_t state{};
    state.bytes_on_disk = bytes_on_disk_;
    state.frames_on_disk = frames_on_disk_;
    state.pending_bytes = pending_bytes_;
    state.peak_pending_bytes = peak_pending_bytes_;
    state.late_frames = late_frames_;
    state.refused_late = refused_late_;
    state.replaced_bytes = replaced_bytes_;
    state.error_code = error_code_;
    state.failed = failed_;
    return state;
}

std::string Recorder::error_text() const
{
    require_own_process();
    std::lock_guard<std::mutex> lock(mutex_);
    return error_text_;
}

} // namespace k4a_rp
