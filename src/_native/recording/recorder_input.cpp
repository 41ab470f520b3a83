// The callers' side of a recorder: checks, copies and queues what is to be recorded.
#include "core/bytes.hpp"
#include "core/crc32.hpp"
#include "core/error.hpp"
#include "recording/imu_block.hpp"
#include "recording/metadata_block.hpp"
#include "recording/recorder.hpp"

#include <algorithm>
#include <cinttypes>
#include <cmath>

namespace k4a_rp
{

namespace
{

const char *const slot_names[3] = {"colour", "depth", "IR"};

// Rows of bytes with a distance between them; how they are stored is tight.
struct Rows
{
    size_t count;
    size_t bytes;
    size_t stride;
};

Rows rows_of(const Image &image, const char *what)
{
    const ImageShape &shape = image.shape();
    if (shape.format == K4A_IMAGE_FORMAT_COLOR_MJPG)
    {
        return {1, image.size(), image.size()};
    }
    const size_t height = static_cast<size_t>(shape.height);
    Rows rows{};
    rows.count = shape.format == K4A_IMAGE_FORMAT_COLOR_NV12 ? height * 3 / 2 : height;
    rows.bytes = static_cast<size_t>(minimum_stride(shape.format, shape.width));
    rows.stride = shape.stride > 0 ? static_cast<size_t>(shape.stride) : rows.bytes;
    if (rows.stride < rows.bytes)
    {
        fail("the %s image has rows of %zu bytes, %zu are needed", what, rows.stride, rows.bytes);
    }
    const size_t needed = rows.stride * (rows.count - 1) + rows.bytes;
    if (image.size() < needed)
    {
        fail("the %s image has %zu bytes, %zu are needed", what, image.size(), needed);
    }
    return rows;
}

uint32_t copy_rows(uint8_t *to, const uint8_t *from, const Rows &rows, bool swap)
{
    if (rows.stride == rows.bytes)
    {
        return copy_with_crc32(0, to, from, rows.count * rows.bytes, swap);
    }
    uint32_t crc = 0;
    for (size_t row = 0; row < rows.count; ++row)
    {
        crc = copy_with_crc32(crc, to + row * rows.bytes, from + row * rows.stride, rows.bytes, swap);
    }
    return crc;
}

uint64_t to_ns(uint64_t usec)
{
    if (usec > uint64_t(INT64_MAX) / 4000)
    {
        fail("the timestamp %" PRIu64 " us is beyond what a recording can hold", usec);
    }
    return usec * 1000;
}

} // namespace

void Recorder::throw_failure() const
{
    if (failed_)
    {
        fail("the recording has failed: %s", error_text_.c_str());
    }
}

// Waits until the queue has room. What is larger than the whole queue may pass when nothing else is in it.
void Recorder::reserve(size_t bytes)
{
    std::unique_lock<std::mutex> lock(mutex_);
    const auto fits = [&] { return pending_bytes_ == 0 || pending_bytes_ + bytes <= queue_limit_; };
    if (!fits() && !failed_ && !stopping_)
    {
        ++waiting_for_space_;
        room_wanted_ = std::max(room_wanted_, bytes);
        work_.notify_one();
        space_.wait(lock, [&] { return fits() || failed_ || stopping_; });
        room_wanted_ = --waiting_for_space_ == 0 ? 0 : room_wanted_;
    }
    throw_failure();
    if (stopping_)
    {
        fail("the recording is closed");
    }
    pending_bytes_ += bytes;
    peak_pending_bytes_ = std::max(peak_pending_bytes_, pending_bytes_);
}

void Recorder::unreserve(size_t bytes)
{
    std::lock_guard<std::mutex> lock(mutex_);
    pending_bytes_ -= bytes;
    space_.notify_all();
}

void Recorder::refuse(const QueuedFrame &frame, SortQueue::Verdict verdict)
{
    ++refused_late_;
    const std::string &track = header_.tracks()[frame.track].name;
    const uint64_t usec = frame.time_ns / 1000;
    if (verdict == SortQueue::Verdict::before_start)
    {
        fail("data of the track %s for %" PRIu64 " us comes too late: the recording begins at %" PRIu64 " us",
             track.c_str(),
             usec,
             queue_->start_ns() / 1000);
    }
    fail("data of the track %s for %" PRIu64 " us comes too late: data for %" PRIu64 " us has been written already",
         track.c_str(),
         usec,
         queue_->newest_ns() / 1000);
}

void Recorder::enqueue(QueuedFrame frame, size_t reserved)
{
    std::lock_guard<std::mutex> lock(mutex_);
    QueuedFrame refused;
    refused.track = frame.track;
    refused.time_ns = frame.time_ns;
    SortQueue::Verdict verdict = SortQueue::Verdict::too_late;
    const bool open = !failed_ && !stopping_;
    const bool had_late = queue_->has_late();
    const bool was_empty = queue_->empty() && !had_late;
    if (open)
    {
        verdict = queue_->add(std::move(frame));
    }
    if (verdict != SortQueue::Verdict::taken && verdict != SortQueue::Verdict::late)
    {
        pending_bytes_ -= reserved;
        space_.notify_all();
        throw_failure();
        if (stopping_)
        {
            fail("the recording is closed");
        }
        refuse(refused, verdict);
    }
    last_arrival_ = Clock::now();
    if (verdict == SortQueue::Verdict::late)
    {
        ++late_frames_;
        first_late_ = had_late ? first_late_ : last_arrival_;
    }
    if (was_empty || queue_->ready() || waiting_for_space_ > 0 || had_late != queue_->has_late())
    {
        work_.notify_one();
    }
}

void Recorder::put(size_t track, uint64_t time_ns, const uint8_t *bytes, size_t size)
{
    QueuedFrame frame;
    frame.track = track;
    frame.time_ns = time_ns;
    frame.size = size;
    const size_t weight = frame.weight();
    reserve(weight);
    try
    {
        frame.crc = copy_with_crc32(0, frame.make_room(size), bytes, size, false);
    }
    catch (const std::exception &)
    {
        unreserve(weight);
        throw;
    }
    enqueue(std::move(frame), weight);
}

void Recorder::write_image(Slot slot, Image &image, float temperature, std::string *refused)
{
    const CameraSlot &camera = cameras_[static_cast<size_t>(slot)];
    const char *what = slot_names[static_cast<size_t>(slot)];
    try
    {
        const ImageShape &shape = image.shape();
        if (camera.track < 0)
        {
            fail("the recording has no track for %s images", what);
        }
        if (shape.format != camera.format)
        {
            fail("the %s image has format %d, the track has %d", what, int(shape.format), int(camera.format));
        }
        if (shape.width != camera.width || shape.height != camera.height)
        {
            fail("the %s image has %d x %d pixels, the track has %d x %d",
                 what,
                 shape.width,
                 shape.height,
                 camera.width,
                 camera.height);
        }
        const Rows rows = rows_of(image, what);
        const uint8_t *pixels = image.buffer();
        if (!pixels)
        {
            fail("the pixels of the %s image cannot be loaded", what);
        }
        QueuedFrame frame;
        frame.track = static_cast<size_t>(camera.track);
        frame.time_ns = to_ns(image.attributes.device_timestamp_usec);
        frame.size = rows.count * rows.bytes;
        const size_t weight = frame.weight();
        reserve(weight);
        try
        {
            frame.crc = copy_rows(frame.make_room(frame.size), pixels, rows, slot != Slot::color);
        }
        catch (const std::exception &)
        {
            unreserve(weight);
            throw;
        }
        enqueue(std::move(frame), weight);
        if (metadata_track_ >= 0)
        {
            write_image_metadata(slot, image, temperature);
        }
    }
    catch (const Error &error)
    {
        *refused += (refused->empty() ? "" : "; ") + std::string(error.what());
    }
}

void Recorder::write_image_metadata(Slot slot, const Image &image, float temperature)
{
    const ImageAttributes &attributes = image.attributes;
    if (attributes.system_timestamp_nsec == 0 && attributes.exposure_usec == 0 && attributes.white_balance == 0 &&
        attributes.iso_speed == 0 && std::isnan(temperature))
    {
        return; // nothing that the image itself does not say
    }
    uint8_t bytes[image_metadata_size];
    encode_image_metadata(slot, attributes, temperature, bytes);
    put(static_cast<size_t>(metadata_track_), to_ns(attributes.device_timestamp_usec), bytes, sizeof(bytes));
}

void Recorder::write_capture(const Capture &capture)
{
    require_header(true);
    std::string refused;
    for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
    {
        if (const Ref<Image> image = capture.image(slot))
        {
            write_image(slot, *image, capture.temperature_c(), &refused);
        }
    }
    if (!refused.empty())
    {
        throw Error(refused);
    }
}

// A temperature says something until the next one; twice a second is enough for readers that begin in the middle.
void Recorder::write_temperature(const k4a_imu_sample_t &sample)
{
    constexpr uint64_t repeated_ns = 500000000;
    const uint64_t time_ns = to_ns(sample.acc_timestamp_usec);
    {
        std::lock_guard<std::mutex> lock(mutex_);
        const bool known = have_temperature_ && sample.temperature == temperature_ && time_ns >= temperature_ns_ &&
                           time_ns - temperature_ns_ < repeated_ns;
        if (std::isnan(sample.temperature) || known)
        {
            return;
        }
        have_temperature_ = true;
        temperature_ = sample.temperature;
        temperature_ns_ = time_ns;
    }
    uint8_t bytes[imu_metadata_size];
    encode_imu_metadata(sample, bytes);
    put(static_cast<size_t>(metadata_track_), time_ns, bytes, sizeof(bytes));
}

void Recorder::write_imu_sample(const k4a_imu_sample_t &sample)
{
    require_header(true);
    if (imu_track_ < 0)
    {
        fail("the recording has no IMU track (k4a_record_add_imu_track)");
    }
    uint8_t payload[imu_payload_size];
    encode_imu_payload(sample, payload);
    put(static_cast<size_t>(imu_track_), to_ns(sample.acc_timestamp_usec), payload, sizeof(payload));
    if (metadata_track_ >= 0)
    {
        write_temperature(sample);
    }
}

void Recorder::write_custom(const char *name, uint64_t device_timestamp_usec, const uint8_t *data, size_t size)
{
    require_header(true);
    const int track = header_.find_track(name);
    if (track < 0 || !header_.tracks()[static_cast<size_t>(track)].custom)
    {
        fail(track < 0 ? "the recording has no track %s" : "the track %s is not a custom one", name);
    }
    put(static_cast<size_t>(track), to_ns(device_timestamp_usec), data, size);
}

} // namespace k4a_rp
