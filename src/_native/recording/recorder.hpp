// A recording that is being written: what k4a_record_t points at.
#pragma once

#include "image/capture.hpp"
#include "recording/recording_file.hpp"
#include "recording/recording_header.hpp"
#include "recording/sort_queue.hpp"

#include <k4a_rp/k4a_rp.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace k4a_rp
{

// What a recording keeps of the device it comes from.
struct RecordedDevice
{
    k4a_hardware_version_t version{};
    std::string serial;                 // empty: unknown
    std::vector<uint8_t> calibration;   // factory file, with or without a closing NUL
};

// Everything before the header, and after it flush and close, is to be called by one thread at a time; write_* by any
// number. All throw Error where the C function fails.
class Recorder
{
public:
    // Checks the configuration before the file is touched. Path in UTF-8.
    Recorder(const std::string &path, const k4a_device_configuration_t &configuration);
    ~Recorder();

    // ---- before the header
    void set_device(const RecordedDevice &device);
    void set_options(const k4a_rp_record_options_t &options);
    k4a_rp_record_options_t options() const;
    void add_tag(const char *name, const char *value);
    void add_imu_track();
    void add_attachment(const char *name, const uint8_t *bytes, size_t size);
    void add_custom_video_track(const char *name,
                                const char *codec,
                                const uint8_t *context,
                                size_t context_size,
                                const k4a_record_video_settings_t &settings);
    void add_custom_subtitle_track(const char *name,
                                   const char *codec,
                                   const uint8_t *context,
                                   size_t context_size,
                                   const k4a_record_subtitle_settings_t &settings);
    void write_header();

    // ---- after it
    void write_capture(const Capture &capture);
    void write_imu_sample(const k4a_imu_sample_t &sample);
    void write_custom(const char *track, uint64_t device_timestamp_usec, const uint8_t *data, size_t size);
    void flush();
    // Writes the rest and completes the file; every other call fails from now on. Throws what went wrong, whenever it
    // did. A second call does nothing.
    void close();

    k4a_rp_record_state_t state() const;
    std::string error_text() const;

    // Whether it came into this process by fork(): its thread did not, and its locks may be held for ever. It cannot be
    // used or destroyed then; all that throws says so.
    bool is_orphan() const;
    const std::string &path() const { return path_; }

private:
    using Clock = std::chrono::steady_clock;

    struct CameraSlot
    {
        int track = -1; // index
        k4a_image_format_t format = K4A_IMAGE_FORMAT_CUSTOM;
        int width = 0;
        int height = 0;
    };

    void require_own_process() const;
    void require_header(bool written) const;
    void add_custom_track(TrackSpec track);
    void add_metadata_track();
    uint64_t default_queue_limit() const;

    // ---- data on its way (recorder_input.cpp)
    void write_image(Slot slot, Image &image, float temperature, std::string *refused);
    void write_image_metadata(Slot slot, const Image &image, float temperature);
    void write_temperature(const k4a_imu_sample_t &sample);
    void enqueue(QueuedFrame frame, size_t reserved);
    void reserve(size_t bytes);
    void unreserve(size_t bytes);
    void put(size_t track, uint64_t time_ns, const uint8_t *bytes, size_t size);
    [[noreturn]] void refuse(const QueuedFrame &frame, SortQueue::Verdict verdict);
    void throw_failure() const;

    // ---- the thread that writes (recorder_output.cpp)
    void run();
    bool write_due(std::unique_lock<std::mutex> &lock);
    void fail_with(const Error &error, int code);

    const long process_;
    std::string path_;
    RecordingHeader header_;
    CameraSlot cameras_[3]; // by Slot
    int imu_track_ = -1;
    int metadata_track_ = -1;
    k4a_rp_record_options_t options_;
    bool header_written_ = false;
    uint64_t queue_limit_ = 0;
    std::unique_ptr<OutputFile> file_; // until the header is written

    mutable std::mutex mutex_;
    std::condition_variable work_;  // wakes the thread
    std::condition_variable space_; // wakes those who wait for room, or for a flush
    std::optional<SortQueue> queue_;
    size_t pending_bytes_ = 0; // in the queue, being copied or being written
    size_t peak_pending_bytes_ = 0;
    int waiting_for_space_ = 0;
    size_t room_wanted_ = 0; // by the largest of those
    uint64_t flushes_wanted_ = 0;
    uint64_t flushes_done_ = 0;
    // Changed under the lock, looked at without it by calls that come too late.
    std::atomic<bool> stopping_{false};
    std::atomic<bool> closed_{false};
    Clock::time_point last_arrival_;
    Clock::time_point first_late_;
    uint64_t refused_late_ = 0;
    uint64_t late_frames_ = 0;
    uint64_t bytes_on_disk_ = 0;
    uint64_t replaced_bytes_ = 0;
    uint64_t frames_on_disk_ = 0;
    bool failed_ = false;
    int error_code_ = 0;
    std::string error_text_;
    // The last temperature put into the metadata track, and for when.
    float temperature_ = 0;
    uint64_t temperature_ns_ = 0;
    bool have_temperature_ = false;

    std::optional<RecordingFile> recording_; // the thread's alone once it runs
    std::thread thread_;
};

} // namespace k4a_rp
