#include "simulated/scene_source.hpp"

#include "core/error.hpp"
#include "image/jpeg.hpp"
#include "simulated/configuration.hpp"
#include "simulated/random.hpp"
#include "simulated/scene_frames.hpp"
#include "simulated/sync_bus.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace k4a_rp
{

namespace
{

constexpr float device_temperature_c = 31.5f;
constexpr uint64_t imu_rate = 1666;
constexpr uint64_t imu_batch = 8; // samples come from the device together; a power of two

// Both of them may be null: that camera is off.
struct SceneFrames
{
    std::shared_ptr<const DepthFrames> depth;
    std::shared_ptr<const ColorFrames> color;
};

Ref<Image> finished(Ref<Image> image, uint64_t time_usec)
{
    image->attributes.device_timestamp_usec = time_usec;
    return image;
}

class SceneCaptures : public CaptureStream
{
public:
    SceneCaptures(const SceneModel &model, const k4a_device_configuration_t &configuration, unsigned lose_depth_every)
        : configuration_(configuration), fps_(frames_per_second(configuration.camera_fps)),
          lose_depth_every_(lose_depth_every)
    {
        if (configuration.depth_mode != K4A_DEPTH_MODE_OFF)
        {
            frames_.depth = DepthFrames::get(model, configuration.depth_mode);
        }
        if (configuration.color_resolution != K4A_COLOR_RESOLUTION_OFF)
        {
            frames_.color = ColorFrames::get(model, configuration.color_resolution, configuration.color_format);
        }
    }

    ~SceneCaptures() override { stop(); }

    void start(uint64_t now_usec) override
    {
        own_start_usec_ = start_usec_ = now_usec;
        if (configuration_.wired_sync_mode == K4A_WIRED_SYNC_MODE_MASTER)
        {
            master_id_ = start_master(now_usec, fps_);
        }
    }

    void stop() override
    {
        stop_master(std::exchange(master_id_, 0));
    }

    NextItem next() override
    {
        if (configuration_.wired_sync_mode == K4A_WIRED_SYNC_MODE_SUBORDINATE && !follow_master())
        {
            return {NextItem::State::waiting, 0};
        }
        while (is_skipped(number_))
        {
            ++number_;
        }
        return {NextItem::State::coming, complete_usec(number_)};
    }

    uint64_t keep_newest(uint64_t now_usec, size_t length) override
    {
        const uint64_t first = number_;
        // By division, however long nobody asked.
        const uint64_t passed = now_usec > start_usec_ ? (now_usec - start_usec_) * fps_ / 1000000 : 0;
        if (passed > length + 2 && passed - length - 2 > number_)
        {
            number_ = passed - length - 2;
        }
        while (complete_usec(number_ + length) <= now_usec)
        {
            ++number_;
        }
        return number_ - first;
    }

    std::function<Ref<Capture>()> take() override
    {
        const uint64_t number = number_++;
        Times times = times_of(number);
        if (loses_depth(number))
        {
            times.has_depth = false;
        }
        return [configuration = configuration_, frames = frames_, times, number] {
            return make(configuration, frames, times, static_cast<unsigned>(number % Scene::phases));
        };
    }

private:
    struct Times
    {
        uint64_t color_usec;
        uint64_t depth_usec;
        bool has_depth;
    };

    bool follow_master()
    {
        const std::optional<MasterRun> run = running_master();
        if (!run || run->fps != fps_)
        {
            return false;
        }
        if (run->id != followed_id_)
        {
            followed_id_ = run->id;
            start_usec_ = run->start_usec;
            number_ = 0;
            while (complete_usec(number_) <= own_start_usec_)
            {
                ++number_;
            }
        }
        return true;
    }

    Times times_of(uint64_t number) const
    {
        const uint64_t pulse = start_usec_ + (number + 1) * 1000000 / fps_;
        const uint64_t color = pulse + configuration_.subordinate_delay_off_master_usec;
        const auto delay = static_cast<int64_t>(configuration_.depth_delay_off_color_usec);
        return {color, static_cast<uint64_t>(static_cast<int64_t>(color) + delay), frames_.depth != nullptr};
    }

    uint64_t complete_usec(uint64_t number) const
    {
        const Times times = times_of(number);
        return std::max(times.color_usec, times.depth_usec);
    }

    bool loses_depth(uint64_t number) const
    {
        return lose_depth_every_ != 0 && (number + 1) % lose_depth_every_ == 0;
    }

    // Without its depth image a capture has nothing, or is not wanted.
    bool is_skipped(uint64_t number) const
    {
        return loses_depth(number) && frames_.depth && (!frames_.color || configuration_.synchronized_images_only);
    }

    static Ref<Capture> make(const k4a_device_configuration_t &configuration,
                             const SceneFrames &frames,
                             const Times &times,
                             unsigned phase)
    {
        Ref<Capture> capture = Capture::create();
        capture->set_temperature_c(device_temperature_c);
        if (frames.color)
        {
            const k4a_image_format_t format = configuration.color_format;
            const int width = frames.color->width();
            const ImageShape shape = {format, width, frames.color->height(), minimum_stride(format, width)};
            Ref<Image> image = Image::create_with_size(shape, frames.color->size(phase));
            frames.color->draw(phase, image->buffer());
            capture->set_image(Slot::color, finished(std::move(image), times.color_usec));
        }
        if (times.has_depth)
        {
            ImageShape shape = {K4A_IMAGE_FORMAT_IR16, frames.depth->width(), frames.depth->height(), 0};
            Ref<Image> image = Image::create(shape);
            frames.depth->draw_infrared(phase, reinterpret_cast<uint16_t *>(image->buffer()));
            capture->set_image(Slot::ir, finished(std::move(image), times.depth_usec));
            if (configuration.depth_mode != K4A_DEPTH_MODE_PASSIVE_IR)
            {
                shape.format = K4A_IMAGE_FORMAT_DEPTH16;
                image = Image::create(shape);
                frames.depth->draw_depth(phase, reinterpret_cast<uint16_t *>(image->buffer()));
                capture->set_image(Slot::depth, finished(std::move(image), times.depth_usec));
            }
        }
        return capture;
    }

    const k4a_device_configuration_t configuration_;
    const unsigned fps_;
    const unsigned lose_depth_every_;
    SceneFrames frames_;
    uint64_t own_start_usec_ = 0;
    uint64_t start_usec_ = 0; // of the pulses
    uint64_t number_ = 0;     // of the next frame
    uint64_t master_id_ = 0;
    uint64_t followed_id_ = 0;
};

// The camera stands still: gravity, and a little noise that depends on the sample's number only.
class SceneImu : public ImuStream
{
public:
    SceneImu(uint32_t seed, uint64_t from_usec) : seed_(seed), number_(from_usec * imu_rate / 1000000 + 1) {}

    NextItem next() override { return {NextItem::State::coming, time_of(number_ | (imu_batch - 1))}; }

    uint64_t keep_newest(uint64_t now_usec, size_t length) override
    {
        const uint64_t batches = (now_usec * imu_rate / 1000000 + 1) / imu_batch;
        const uint64_t arrived = batches * imu_batch; // numbers below it
        const uint64_t first = number_;
        if (arrived > number_ + length)
        {
            number_ = arrived - length;
        }
        return number_ - first;
    }

    k4a_imu_sample_t take() override
    {
        const uint64_t number = number_++;
        uint64_t state = mix_bits(number ^ (uint64_t(seed_) << 40));
        const auto noise = [&](double size) { return static_cast<float>(size * (2 * next_random(state) - 1)); };
        k4a_imu_sample_t sample = {};
        sample.temperature = device_temperature_c;
        sample.acc_timestamp_usec = sample.gyro_timestamp_usec = time_of(number);
        for (size_t axis = 0; axis < 3; ++axis)
        {
            // The sensor's z points down, and at rest it feels what holds it up.
            sample.acc_sample.v[axis] = (axis == 2 ? -9.81f : 0) + noise(0.02);
            sample.gyro_sample.v[axis] = noise(0.002);
        }
        return sample;
    }

private:
    static uint64_t time_of(uint64_t number) { return number * 1000000 / imu_rate; }

    uint32_t seed_;
    uint64_t number_; // of the next sample, since the clock began
};

class SceneSource : public Source
{
public:
    SceneSource(uint32_t seed, const SimulatedOptions &options)
        : model_(seed), lose_depth_every_(options.lose_depth_every)
    {
        facts_.version.rgb = {1, 6, 110};
        facts_.version.depth = {1, 6, 80};
        facts_.version.audio = {1, 6, 14};
        facts_.version.depth_sensor = {6109, 7, 0};
        facts_.version.firmware_build = K4A_FIRMWARE_BUILD_RELEASE;
        facts_.version.firmware_signature = K4A_FIRMWARE_SIGNATURE_UNSIGNED;
        const std::string &text = model_.calibration_text;
        facts_.calibration.assign(text.c_str(), text.c_str() + text.size() + 1);
    }

    const RecordedDevice &facts() const override { return facts_; }

    void check(const k4a_device_configuration_t &configuration) const override
    {
        check_sensor_limits(configuration);
        if (configuration.color_resolution != K4A_COLOR_RESOLUTION_OFF &&
            configuration.color_format == K4A_IMAGE_FORMAT_COLOR_MJPG && !have_jpeg())
        {
            fail("MJPG colour cannot be made: %s. BGRA32 can", no_jpeg_reason());
        }
    }

    std::shared_ptr<CaptureStream> open_captures(const k4a_device_configuration_t &configuration) override
    {
        return std::make_shared<SceneCaptures>(model_, configuration, lose_depth_every_);
    }

    std::shared_ptr<ImuStream> open_imu(uint64_t from_usec) override
    {
        return std::make_shared<SceneImu>(model_.seed, from_usec);
    }

private:
    SceneModel model_;
    unsigned lose_depth_every_;
    RecordedDevice facts_;
};

} // namespace

std::unique_ptr<Source> make_scene_source(uint32_t seed, const SimulatedOptions &options)
{
    return std::make_unique<SceneSource>(seed, options);
}

} // namespace k4a_rp
