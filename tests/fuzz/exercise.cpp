#include "exercise.hpp"

#include <k4a/k4a.h>
#include <k4a_rp/k4a_rp.h>
#include <k4arecord/playback.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace
{

constexpr size_t most_steps = 20000; // of one kind in one direction
constexpr size_t most_loads = 400;   // images whose pixels are read, in one direction
constexpr size_t largest_getter = 16u << 20;
constexpr size_t largest_picture = 1u << 21; // in pixels

template <typename Getter> std::string get_text(Getter getter)
{
    size_t size = 0;
    if (getter(nullptr, &size) != K4A_BUFFER_RESULT_TOO_SMALL || size > largest_getter)
    {
        return std::string();
    }
    std::vector<char> text(size + 1, 'x');
    if (getter(text.data(), &size) != K4A_BUFFER_RESULT_SUCCEEDED)
    {
        return std::string();
    }
    if (size == 0 || text[size - 1] != 0 || text[size] != 'x')
    {
        std::abort(); // not ended, or written beyond
    }
    return std::string(text.data());
}

class Exercise
{
public:
    explicit Exercise(k4a_playback_t playback) : playback_(playback) {}

    Seen run()
    {
        seen_.opened = true;
        metadata();
        lists();
        captures(&k4a_playback_get_next_capture, true);
        captures(&k4a_playback_get_previous_capture, false);
        imu(&k4a_playback_get_next_imu_sample);
        imu(&k4a_playback_get_previous_imu_sample);
        for (const std::string &track : tracks_)
        {
            data_blocks(track, &k4a_playback_get_next_data_block);
            data_blocks(track, &k4a_playback_get_previous_data_block);
        }
        seeks();
        random_access();
        conversions();
        read_ahead();
        damage();
        return seen_;
    }

    // Loads an image after its recording was closed.
    void finish()
    {
        k4a_playback_close(playback_);
        if (kept_)
        {
            image(kept_, true);
            k4a_image_release(kept_);
        }
    }

private:
    void metadata()
    {
        k4a_record_configuration_t configuration;
        (void)k4a_playback_get_record_configuration(playback_, &configuration);
        seen_.checksum += k4a_playback_get_recording_length_usec(playback_);
        seen_.checksum += extensions_->playback_get_start_offset_nsec(playback_);
        k4a_calibration_t calibration;
        (void)k4a_playback_get_calibration(playback_, &calibration);
        size_t size = 0;
        if (k4a_playback_get_raw_calibration(playback_, nullptr, &size) == K4A_BUFFER_RESULT_TOO_SMALL &&
            size <= largest_getter)
        {
            std::vector<uint8_t> raw(size);
            (void)k4a_playback_get_raw_calibration(playback_, raw.data(), &size);
        }
    }

    void lists()
    {
        const size_t count = std::min<size_t>(k4a_playback_get_track_count(playback_), 64);
        for (size_t i = 0; i <= count; ++i) // one too many
        {
            const std::string name = get_text([&](char *text, size_t *size) {
                return k4a_playback_get_track_name(playback_, i, text, size);
            });
            track(name);
            tracks_.push_back(name);
        }
        for (size_t i = 0; i <= std::min<size_t>(extensions_->playback_get_tag_count(playback_), 500); ++i)
        {
            const std::string name = get_text([&](char *text, size_t *size) {
                return extensions_->playback_get_tag_name(playback_, i, text, size);
            });
            const auto by_index = [&](char *text, size_t *size) {
                return extensions_->playback_get_tag_value(playback_, i, text, size);
            };
            const auto by_name = [&](char *text, size_t *size) {
                return k4a_playback_get_tag(playback_, name.c_str(), text, size);
            };
            seen_.checksum += get_text(by_index).size() + get_text(by_name).size();
        }
        for (size_t i = 0; i <= std::min<size_t>(extensions_->playback_get_attachment_count(playback_), 100); ++i)
        {
            const std::string name = get_text([&](char *text, size_t *size) {
                return extensions_->playback_get_attachment_name(playback_, i, text, size);
            });
            size_t size = 0;
            if (k4a_playback_get_attachment(playback_, name.c_str(), nullptr, &size) == K4A_BUFFER_RESULT_TOO_SMALL &&
                size <= largest_getter)
            {
                std::vector<uint8_t> bytes(size + 1);
                (void)k4a_playback_get_attachment(playback_, name.c_str(), bytes.data(), &size);
            }
        }
    }

    void track(const std::string &name)
    {
        k4a_record_video_settings_t settings;
        (void)k4a_playback_track_get_video_settings(playback_, name.c_str(), &settings);
        seen_.checksum += k4a_playback_check_track_exists(playback_, name.c_str()) ? 1 : 0;
        seen_.checksum += k4a_playback_track_is_builtin(playback_, name.c_str()) ? 1 : 0;
        const auto codec_id = [&](char *text, size_t *size) {
            return k4a_playback_track_get_codec_id(playback_, name.c_str(), text, size);
        };
        seen_.checksum += get_text(codec_id).size();
        size_t size = 0;
        if (k4a_playback_track_get_codec_context(playback_, name.c_str(), nullptr, &size) ==
                K4A_BUFFER_RESULT_TOO_SMALL &&
            size <= largest_getter)
        {
            std::vector<uint8_t> context(size + 1);
            (void)k4a_playback_track_get_codec_context(playback_, name.c_str(), context.data(), &size);
        }
        size_t frames = 0;
        (void)extensions_->playback_get_track_frame_count(playback_, name.c_str(), &frames);
    }

    void image(k4a_image_t handle, bool load)
    {
        ++seen_.images;
        seen_.checksum += k4a_image_get_device_timestamp_usec(handle) + k4a_image_get_system_timestamp_nsec(handle);
        seen_.checksum += static_cast<uint64_t>(k4a_image_get_stride_bytes(handle));
        const size_t size = k4a_image_get_size(handle);
        const uint8_t *buffer = load ? k4a_image_get_buffer(handle) : nullptr;
        if (buffer)
        {
            for (size_t i = 0; i < size; i += 61)
            {
                seen_.checksum = seen_.checksum * 31 + buffer[i];
            }
            seen_.checksum += size != 0 ? buffer[size - 1] : 0;
        }
    }

    // Pixels of an image in other forms, as far as it is not too large for a test.
    void other_forms(k4a_image_t handle)
    {
        const size_t pixels = static_cast<size_t>(std::max(k4a_image_get_width_pixels(handle), 0)) *
                              static_cast<size_t>(std::max(k4a_image_get_height_pixels(handle), 0));
        if (pixels > largest_picture)
        {
            return;
        }
        const size_t row = static_cast<size_t>(k4a_image_get_width_pixels(handle)) * 3;
        std::vector<uint8_t> rows(pixels * 3);
        const std::vector<uint8_t> colors(768, 7);
        (void)extensions_->image_read_pixels(handle, K4A_RP_PIXELS_RGB, rows.data(), rows.size(), row);
        (void)extensions_->image_colorize(handle, 500, 4000, colors.data(), rows.data(), rows.size(), row);
        k4a_image_t converted = nullptr;
        if (extensions_->image_convert(handle, K4A_IMAGE_FORMAT_COLOR_NV12, &converted) == K4A_RESULT_SUCCEEDED)
        {
            image(converted, true);
            k4a_image_release(converted);
        }
    }

    void capture(k4a_capture_t handle, bool load)
    {
        ++seen_.captures;
        for (const auto get : {k4a_capture_get_color_image, k4a_capture_get_depth_image, k4a_capture_get_ir_image})
        {
            if (const k4a_image_t one = get(handle))
            {
                image(one, load);
                if (load && seen_.captures < 4)
                {
                    other_forms(one);
                }
                if (!kept_)
                {
                    kept_ = one;
                    k4a_image_reference(one);
                }
                k4a_image_release(one);
            }
        }
        k4a_capture_release(handle);
    }

    template <typename Step> bool step_capture(Step step, bool load)
    {
        k4a_capture_t handle = nullptr;
        const k4a_stream_result_t result = step(playback_, &handle);
        if (result == K4A_STREAM_RESULT_SUCCEEDED)
        {
            capture(handle, load);
        }
        else if (handle)
        {
            std::abort();
        }
        return result != K4A_STREAM_RESULT_EOF;
    }

    template <typename Step> void captures(Step step, bool load)
    {
        for (size_t i = 0; i < most_steps && step_capture(step, load && i < most_loads); ++i)
        {
        }
    }

    template <typename Step> void imu(Step step)
    {
        k4a_imu_sample_t sample;
        for (size_t i = 0; i < most_steps && step(playback_, &sample) != K4A_STREAM_RESULT_EOF; ++i)
        {
            ++seen_.imu_samples;
        }
    }

    template <typename Step> bool step_data_block(const std::string &name, Step step)
    {
        k4a_playback_data_block_t block = nullptr;
        const k4a_stream_result_t result = step(playback_, name.c_str(), &block);
        if (result != K4A_STREAM_RESULT_SUCCEEDED)
        {
            return false;
        }
        ++seen_.data_blocks;
        const size_t size = k4a_playback_data_block_get_buffer_size(block);
        const uint8_t *data = k4a_playback_data_block_get_buffer(block);
        seen_.checksum += k4a_playback_data_block_get_device_timestamp_usec(block) + (size != 0 ? data[size - 1] : 0);
        k4a_playback_data_block_release(block);
        return true;
    }

    template <typename Step> void data_blocks(const std::string &name, Step step)
    {
        for (size_t i = 0; i < most_steps && step_data_block(name, step); ++i)
        {
        }
    }

    void seeks()
    {
        const int64_t length = static_cast<int64_t>(k4a_playback_get_recording_length_usec(playback_) & INT64_MAX);
        const int64_t start = static_cast<int64_t>(extensions_->playback_get_start_offset_nsec(playback_) / 1000);
        const int64_t targets[] = {0, 1, -1, 33333, length / 2, length, length + 1, -length, start, start + length / 3,
                                   INT64_MAX, INT64_MIN, INT64_MAX / 1000, -16667};
        for (int origin = K4A_PLAYBACK_SEEK_BEGIN; origin <= K4A_PLAYBACK_SEEK_DEVICE_TIME; ++origin)
        {
            for (const int64_t target : targets)
            {
                (void)k4a_playback_seek_timestamp(playback_, target, static_cast<k4a_playback_seek_origin_t>(origin));
                const bool forward_first = (target ^ origin) & 1;
                for (const bool forward : {forward_first, !forward_first, !forward_first})
                {
                    k4a_imu_sample_t sample;
                    step_capture(forward ? k4a_playback_get_next_capture : k4a_playback_get_previous_capture, false);
                    (void)(forward ? k4a_playback_get_next_imu_sample :
                                     k4a_playback_get_previous_imu_sample)(playback_, &sample);
                    if (!tracks_.empty())
                    {
                        step_data_block(tracks_[static_cast<size_t>(origin) % tracks_.size()],
                                        forward ? k4a_playback_get_next_data_block :
                                                  k4a_playback_get_previous_data_block);
                    }
                }
            }
        }
    }

    void random_access()
    {
        size_t count = 0;
        if (extensions_->playback_get_capture_count(playback_, &count) == K4A_RESULT_SUCCEEDED)
        {
            std::vector<k4a_rp_capture_timestamps_t> stamps(std::min(count, most_steps));
            (void)extensions_->playback_get_capture_timestamps(playback_, 0, stamps.size(), stamps.data());
            for (const size_t index : {size_t(0), count / 2, count - 1, count, SIZE_MAX})
            {
                k4a_capture_t handle = nullptr;
                if (extensions_->playback_get_capture_at(playback_, index, &handle) == K4A_RESULT_SUCCEEDED)
                {
                    capture(handle, true);
                }
            }
        }
        size_t total = 0;
        size_t written = 0;
        if (extensions_->playback_read_imu_samples(playback_, 0, 0, nullptr, nullptr, &total) == K4A_RESULT_SUCCEEDED)
        {
            std::vector<k4a_imu_sample_t> samples(std::min(total, most_steps));
            (void)extensions_->playback_read_imu_samples(
                playback_, total / 3, samples.size(), samples.data(), &written, nullptr);
            (void)extensions_->playback_read_imu_samples(
                playback_, 0, samples.size(), samples.data(), &written, nullptr);
        }
    }

    void conversions()
    {
        for (const k4a_image_format_t format :
             {K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_IMAGE_FORMAT_COLOR_NV12, K4A_IMAGE_FORMAT_COLOR_YUY2,
              K4A_IMAGE_FORMAT_COLOR_MJPG, K4A_IMAGE_FORMAT_DEPTH16})
        {
            if (k4a_playback_set_color_conversion(playback_, format) == K4A_RESULT_SUCCEEDED)
            {
                (void)k4a_playback_seek_timestamp(playback_, 0, K4A_PLAYBACK_SEEK_BEGIN);
                for (int i = 0; i < 2 && step_capture(k4a_playback_get_next_capture, true); ++i)
                {
                }
            }
        }
    }

    void read_ahead()
    {
        k4a_rp_prefetch_options_t options{};
        options.threads = 2;
        for (options.indexed = 0; options.indexed < 2; ++options.indexed)
        {
            options.first = options.indexed != 0 ? 1 : 0;
            options.step = 2;
            options.count = 3;
            k4a_rp_prefetch_t prefetch = nullptr;
            (void)k4a_playback_seek_timestamp(playback_, 0, K4A_PLAYBACK_SEEK_BEGIN);
            if (extensions_->prefetch_create(playback_, &options, &prefetch) != K4A_RESULT_SUCCEEDED)
            {
                continue;
            }
            for (int i = 0; i < 20; ++i)
            {
                k4a_capture_t handle = nullptr;
                const k4a_rp_prefetch_result_t result = extensions_->prefetch_next(prefetch, -1, &handle);
                if (result == K4A_RP_PREFETCH_SUCCEEDED)
                {
                    capture(handle, true);
                }
                else if (result != K4A_RP_PREFETCH_FAILED)
                {
                    break;
                }
            }
            extensions_->prefetch_destroy(prefetch);
        }
    }

    void damage()
    {
        k4a_rp_damage_t found;
        (void)extensions_->playback_get_damage(playback_, &found);
        const auto text = [&](char *buffer, size_t *size) {
            return extensions_->playback_get_damage_text(playback_, buffer, size);
        };
        seen_.checksum += get_text(text).size();
    }

    k4a_playback_t playback_;
    const k4a_rp_extensions_t *extensions_ = k4a_rp_get_extensions(K4A_RP_EXTENSIONS_VERSION);
    std::vector<std::string> tracks_;
    k4a_image_t kept_ = nullptr;
    Seen seen_;
};

// What a repair writes is a recording that opens.
void repair(const char *path)
{
    const k4a_rp_extensions_t *extensions = k4a_rp_get_extensions(K4A_RP_EXTENSIONS_VERSION);
    k4a_rp_recording_report_t report;
    char text[2000];
    size_t size = sizeof(text);
    (void)extensions->recording_verify(path, nullptr, nullptr, &report, text, &size);
    char folder[] = "/tmp/k4a_rp_fuzz_XXXXXX";
    if (!mkdtemp(folder))
    {
        return;
    }
    const std::string target = std::string(folder) + "/repaired.mkv";
    if (extensions->recording_repair(path, target.c_str(), 0, nullptr, nullptr, &report) == K4A_RESULT_SUCCEEDED)
    {
        k4a_playback_t playback = nullptr;
        if (k4a_playback_open(target.c_str(), &playback) != K4A_RESULT_SUCCEEDED)
        {
            std::fprintf(stderr, "a repaired recording does not open\n");
            std::abort();
        }
        k4a_playback_close(playback);
    }
    std::remove(target.c_str());
    rmdir(folder);
}

} // namespace

Seen exercise_playback(const char *path)
{
    k4a_playback_t playback = nullptr;
    if (k4a_playback_open(path, &playback) != K4A_RESULT_SUCCEEDED)
    {
        if (playback)
        {
            std::abort();
        }
        return Seen();
    }
    Exercise exercise(playback);
    const Seen seen = exercise.run();
    exercise.finish();
    repair(path);
    return seen;
}

MemoryFile::MemoryFile(const uint8_t *data, size_t size)
{
#ifdef __linux__
    descriptor_ = memfd_create("recording", MFD_CLOEXEC);
    std::snprintf(path_, sizeof(path_), "/proc/self/fd/%d", descriptor_);
#else
    std::snprintf(path_, sizeof(path_), "/tmp/k4a_rp_fuzz_XXXXXX");
    descriptor_ = mkstemp(path_);
#endif
    size_t done = 0;
    while (descriptor_ >= 0 && done < size)
    {
        const ssize_t wrote = write(descriptor_, data + done, size - done);
        if (wrote <= 0)
        {
            break;
        }
        done += static_cast<size_t>(wrote);
    }
    if (descriptor_ < 0 || done != size)
    {
        std::perror("no file in memory");
        std::abort();
    }
}

MemoryFile::~MemoryFile()
{
#ifndef __linux__
    unlink(path_);
#endif
    close(descriptor_);
}
