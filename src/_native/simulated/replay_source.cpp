#include "simulated/replay_source.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "recording/playback.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <deque>

namespace k4a_rp
{

namespace
{

// Time goes on when a recording begins again: what is added to its times then.
class Laps
{
public:
    Laps(Playback &playback, const std::string &path, bool repeat)
        : repeat_(repeat), file_(path, Access::random), size_(file_.size())
    {
        if (repeat)
        {
            const int64_t period_ns = playback.metadata().frame_period_ns;
            lap_usec_ = static_cast<uint64_t>(playback.length_ns() + period_ns) / 1000;
        }
    }

    uint64_t shift_usec() const { return shift_usec_; }

    // At the end: true when it began again. A lap without anything in it is the last. Throws Error where it is not the
    // end that the recording had when it was opened.
    bool begin_again(Playback &playback)
    {
        const uint64_t size = file_.size();
        if (size < size_)
        {
            fail("%s was cut off while it was played: it had %" PRIu64 " bytes and has %" PRIu64,
                 file_.path().c_str(),
                 size_,
                 size);
        }
        if (!repeat_ || !found_something_)
        {
            return false;
        }
        found_something_ = false;
        shift_usec_ += lap_usec_;
        playback.seek_file_time(0);
        return true;
    }

    void note() { found_something_ = true; }

private:
    bool repeat_;
    const File file_;
    const uint64_t size_;
    bool found_something_ = false;
    uint64_t lap_usec_ = 0;
    uint64_t shift_usec_ = 0;
};

// What was read and not yet asked for. Derived reads.
template <typename Item> class Ahead
{
public:
    virtual ~Ahead() = default;

    NextItem next_item()
    {
        if (items_.empty() && !read())
        {
            return {NextItem::State::ended, 0};
        }
        return {NextItem::State::coming, items_.front().at_usec};
    }

    uint64_t drop_old(uint64_t now_usec, size_t length)
    {
        uint64_t dropped = 0;
        while ((!items_.empty() && items_.back().at_usec > now_usec) || read())
        {
            if (items_.back().at_usec > now_usec)
            {
                break;
            }
            for (; items_.size() > length; ++dropped)
            {
                items_.pop_front();
            }
        }
        return dropped;
    }

    Item take_item()
    {
        Item item = std::move(items_.front().item);
        items_.pop_front();
        return item;
    }

protected:
    struct Timed
    {
        Item item;
        uint64_t at_usec;
    };
    // Appends the next one; false: there is none.
    virtual bool read() = 0;

    std::deque<Timed> items_;
};

class ReplayCaptures : public CaptureStream, private Ahead<Ref<Capture>>
{
public:
    ReplayCaptures(const std::string &path, const k4a_device_configuration_t &configuration, bool repeat)
        : playback_(path), laps_(playback_, path, repeat), configuration_(configuration)
    {
        if (configuration.color_resolution != K4A_COLOR_RESOLUTION_OFF)
        {
            playback_.set_color_format(configuration.color_format);
        }
    }

    void start(uint64_t) override {}
    NextItem next() override { return next_item(); }
    uint64_t keep_newest(uint64_t now_usec, size_t length) override { return drop_old(now_usec, length); }
    std::function<Ref<Capture>()> take() override
    {
        return [capture = take_item()] { return capture; };
    }

private:
    bool read() override
    {
        for (;;)
        {
            Ref<Capture> capture;
            if (!playback_.step_capture(Direction::next, &capture))
            {
                if (!laps_.begin_again(playback_))
                {
                    return false;
                }
                continue;
            }
            if (configuration_.color_resolution == K4A_COLOR_RESOLUTION_OFF)
            {
                capture->set_image(Slot::color, Ref<Image>());
            }
            if (configuration_.depth_mode == K4A_DEPTH_MODE_OFF)
            {
                capture->set_image(Slot::depth, Ref<Image>());
                capture->set_image(Slot::ir, Ref<Image>());
            }
            bool has[3] = {};
            uint64_t at_usec = 0;
            for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
            {
                if (const Ref<Image> image = capture->unchecked_image(slot))
                {
                    has[static_cast<size_t>(slot)] = true;
                    image->attributes.device_timestamp_usec += laps_.shift_usec();
                    at_usec = std::max(at_usec, image->attributes.device_timestamp_usec);
                }
            }
            const bool color = has[static_cast<size_t>(Slot::color)];
            const bool depth = has[static_cast<size_t>(Slot::depth)] || has[static_cast<size_t>(Slot::ir)];
            if (configuration_.synchronized_images_only ? color && depth : color || depth)
            {
                laps_.note();
                items_.push_back({std::move(capture), at_usec});
                return true;
            }
        }
    }

    Playback playback_;
    Laps laps_;
    const k4a_device_configuration_t configuration_;
};

class ReplayImu : public ImuStream, private Ahead<k4a_imu_sample_t>
{
public:
    ReplayImu(const std::string &path, uint64_t from_usec, bool repeat)
        : playback_(path), laps_(playback_, path, repeat), from_usec_(from_usec)
    {
    }

    NextItem next() override { return next_item(); }
    uint64_t keep_newest(uint64_t now_usec, size_t length) override { return drop_old(now_usec, length); }
    k4a_imu_sample_t take() override { return take_item(); }

private:
    bool read() override
    {
        for (;;)
        {
            k4a_imu_sample_t sample;
            if (!playback_.step_imu(Direction::next, &sample))
            {
                if (!laps_.begin_again(playback_))
                {
                    return false;
                }
                continue;
            }
            laps_.note();
            sample.acc_timestamp_usec += laps_.shift_usec();
            sample.gyro_timestamp_usec += laps_.shift_usec();
            if (sample.acc_timestamp_usec >= from_usec_)
            {
                items_.push_back({sample, sample.acc_timestamp_usec});
                return true;
            }
        }
    }

    Playback playback_;
    Laps laps_;
    uint64_t from_usec_;
};

k4a_version_t parse_version(const std::string &text)
{
    k4a_version_t version = {};
    std::sscanf(text.c_str(), "%u.%u.%u", &version.major, &version.minor, &version.iteration);
    return version;
}

class ReplaySource : public Source
{
public:
    ReplaySource(const std::string &path, bool repeat) : path_(path), repeat_(repeat)
    {
        Playback playback(path);
        recorded_ = playback.metadata().configuration;
        start_usec_ = playback.metadata().start_offset_ns / 1000;
        facts_.version.firmware_build = K4A_FIRMWARE_BUILD_RELEASE;
        facts_.version.firmware_signature = K4A_FIRMWARE_SIGNATURE_UNSIGNED;
        for (const mkv::Tag &tag : playback.tags())
        {
            if (tag.name == "K4A_DEVICE_SERIAL_NUMBER" && facts_.serial.empty())
            {
                facts_.serial = tag.value;
            }
            else if (tag.name == "K4A_COLOR_FIRMWARE_VERSION")
            {
                facts_.version.rgb = parse_version(tag.value);
            }
            else if (tag.name == "K4A_DEPTH_FIRMWARE_VERSION")
            {
                facts_.version.depth = parse_version(tag.value);
            }
        }
        try
        {
            facts_.calibration = playback.raw_calibration();
        }
        catch (const Error &)
        {
            // Only who asks for it needs to hear that there is none.
        }
    }

    const RecordedDevice &facts() const override { return facts_; }
    bool sets_clock() const override { return true; }
    uint64_t start_usec() const override { return start_usec_; }

    void check(const k4a_device_configuration_t &configuration) const override
    {
        const bool color = configuration.color_resolution != K4A_COLOR_RESOLUTION_OFF;
        if (color && (!recorded_.color_track_enabled || recorded_.color_resolution != configuration.color_resolution))
        {
            const k4a_color_resolution_t there =
                recorded_.color_track_enabled ? recorded_.color_resolution : K4A_COLOR_RESOLUTION_OFF;
            fail("the recording has color_resolution %d, not %d",
                 static_cast<int>(there),
                 static_cast<int>(configuration.color_resolution));
        }
        if (configuration.depth_mode != K4A_DEPTH_MODE_OFF && configuration.depth_mode != recorded_.depth_mode)
        {
            fail("the recording has depth_mode %d, not %d",
                 static_cast<int>(recorded_.depth_mode),
                 static_cast<int>(configuration.depth_mode));
        }
        if (configuration.camera_fps != recorded_.camera_fps)
        {
            fail("the recording has camera_fps %d, not %d",
                 static_cast<int>(recorded_.camera_fps),
                 static_cast<int>(configuration.camera_fps));
        }
    }

    std::shared_ptr<CaptureStream> open_captures(const k4a_device_configuration_t &configuration) override
    {
        return std::make_shared<ReplayCaptures>(path_, configuration, repeat_);
    }

    std::shared_ptr<ImuStream> open_imu(uint64_t from_usec) override
    {
        if (!recorded_.imu_track_enabled)
        {
            fail("the recording has no IMU track");
        }
        return std::make_shared<ReplayImu>(path_, from_usec, repeat_);
    }

private:
    std::string path_;
    bool repeat_;
    k4a_record_configuration_t recorded_ = {};
    uint64_t start_usec_ = 0;
    RecordedDevice facts_;
};

} // namespace

std::unique_ptr<Source> make_replay_source(const std::string &path, const SimulatedOptions &options)
{
    return std::make_unique<ReplaySource>(path, options.repeat);
}

} // namespace k4a_rp
