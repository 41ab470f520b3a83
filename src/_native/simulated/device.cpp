#include "simulated/device.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "simulated/configuration.hpp"

#include <algorithm>
#include <type_traits>

namespace k4a_rp
{

// ---- clock

namespace
{

using Steady = DeviceClock::Steady;

// All devices count from here, so that times of several can be compared.
Steady::time_point common_origin()
{
    static const Steady::time_point origin = Steady::now();
    return origin;
}

constexpr std::chrono::milliseconds look_again{10}; // for a master

} // namespace

DeviceClock::DeviceClock(double speed, bool on_demand)
    : speed_(speed), on_demand_(on_demand), origin_(common_origin())
{
}

void DeviceClock::set(uint64_t usec)
{
    origin_ = Steady::now();
    origin_usec_ = usec;
}

uint64_t DeviceClock::now() const
{
    const std::chrono::duration<double, std::micro> passed = Steady::now() - origin_;
    return origin_usec_ + (on_demand_ ? 0 : static_cast<uint64_t>(passed.count() * speed_));
}

Steady::time_point DeviceClock::when(uint64_t usec) const
{
    if (on_demand_)
    {
        return Steady::now();
    }
    const double ahead = static_cast<double>(static_cast<int64_t>(usec - origin_usec_));
    const std::chrono::duration<double, std::micro> wait(ahead / speed_);
    return origin_ + std::chrono::duration_cast<Steady::duration>(wait);
}

void DeviceClock::advance_to(uint64_t usec)
{
    if (on_demand_)
    {
        origin_usec_ = std::max(origin_usec_, usec);
    }
}

// ---- device

Device::Device(std::shared_ptr<SimulatedUnit> unit, bool unplug_when_closed)
    : HandleObject(handle_marker), unit_(std::move(unit)), unplug_when_closed_(unplug_when_closed),
      clock_(unit_->options().speed, unit_->options().on_demand)
{
}

Device::~Device()
{
    close();
}

void Device::require_plugged() const
{
    if (unit_->is_unplugged())
    {
        fail("the device was unplugged");
    }
}

SimulatedUnit &Device::unit() const
{
    require_plugged();
    return *unit_;
}

void Device::close()
{
    Lock lock(mutex_);
    if (closed_)
    {
        return;
    }
    closed_ = true;
    if (captures_)
    {
        captures_->stop();
    }
    captures_.reset();
    imu_.reset();
    if (unplug_when_closed_)
    {
        unit_->unplug();
    }
    unit_->release();
    changed_.notify_all();
}

void Device::unplug()
{
    Lock lock(mutex_);
    require_plugged();
    unit_->unplug();
    if (captures_)
    {
        captures_->stop();
    }
    changed_.notify_all();
}

void Device::start_cameras(const k4a_device_configuration_t &configuration)
{
    Lock lock(mutex_);
    require_plugged();
    if (captures_)
    {
        fail("the cameras run already");
    }
    if (imu_)
    {
        fail("the IMU runs: it is to be stopped before the cameras start");
    }
    check_configuration(configuration, jacks_of(*unit_));
    Source &source = unit_->source();
    source.check(configuration);
    std::shared_ptr<CaptureStream> captures = source.open_captures(configuration);
    if (source.sets_clock())
    {
        clock_.set(source.start_usec());
    }
    captures->start(clock_.now());
    captures_ = std::move(captures);
    ended_.captures = false;
    fps_ = frames_per_second(configuration.camera_fps);
}

void Device::stop_cameras()
{
    Lock lock(mutex_);
    if (captures_)
    {
        captures_->stop();
    }
    captures_.reset();
    changed_.notify_all();
}

void Device::start_imu()
{
    Lock lock(mutex_);
    require_plugged();
    if (!captures_)
    {
        fail("the IMU can be started only while a camera runs");
    }
    if (imu_)
    {
        fail("the IMU runs already");
    }
    imu_ = unit_->source().open_imu(clock_.now());
    ended_.imu_samples = false;
}

void Device::stop_imu()
{
    Lock lock(mutex_);
    imu_.reset();
    changed_.notify_all();
}

// Returns the stream when its next item is there, and nothing when that took too long.
template <typename Stream>
std::shared_ptr<Stream> Device::wait_for(
    Lock &lock, const std::shared_ptr<Stream> &current, const char *what, size_t length, int32_t timeout_ms)
{
    // A camera on demand has its next picture ready; its samples come as far as the newest picture.
    const bool always_ready = clock_.is_on_demand() && std::is_same_v<Stream, CaptureStream>;
    const bool for_ever = timeout_ms < 0;
    const Steady::time_point deadline = Steady::now() + std::chrono::milliseconds(for_ever ? 0 : timeout_ms);
    const std::shared_ptr<Stream> stream = current;
    require_plugged();
    if (!stream)
    {
        fail("the %s not running", what);
    }
    for (;;)
    {
        const NextItem next = stream->next();
        if (next.state == NextItem::State::ended)
        {
            (std::is_same_v<Stream, CaptureStream> ? ended_.captures : ended_.imu_samples) = true;
            clock_.advance_to(UINT64_MAX / 2); // the samples after the last picture
            changed_.notify_all();
            fail_not_there("the recording has ended");
        }
        const bool coming = next.state == NextItem::State::coming;
        const uint64_t now_usec = clock_.now();
        if (coming && (always_ready || next.at_usec <= now_usec))
        {
            if (!clock_.is_on_demand() && stream->keep_newest(now_usec, length) != 0)
            {
                K4A_RP_LOG_INFO("the queue was full: the oldest were dropped");
            }
            clock_.advance_to(always_ready ? next.at_usec : 0);
            return stream;
        }
        Steady::time_point until = Steady::now() + (clock_.is_on_demand() ? std::chrono::hours(1) : look_again);
        if (coming && !clock_.is_on_demand())
        {
            until = clock_.when(next.at_usec);
        }
        if (!for_ever)
        {
            if (Steady::now() >= deadline)
            {
                return nullptr;
            }
            until = std::min(until, deadline);
        }
        changed_.wait_until(lock, until);
        if (unit_->is_unplugged() && !closed_)
        {
            fail("the device was unplugged");
        }
        if (current != stream)
        {
            fail_not_there("the %s stopped", what);
        }
    }
}

bool Device::get_capture(int32_t timeout_ms, Ref<Capture> &capture)
{
    Lock lock(mutex_);
    const std::shared_ptr<CaptureStream> stream =
        wait_for(lock, captures_, "cameras are", capture_queue_length, timeout_ms);
    if (!stream)
    {
        return false;
    }
    const std::function<Ref<Capture>()> make = stream->take();
    const DeviceClock clock = clock_;
    const unsigned fps = fps_;
    lock.unlock();
    changed_.notify_all(); // on demand, samples have come with it
    capture = make();
    set_attributes(*capture, clock, fps);
    return true;
}

// What a recording does not keep, or the scene does not know.
void Device::set_attributes(Capture &capture, const DeviceClock &clock, unsigned fps) const
{
    for (const Slot slot : {Slot::color, Slot::depth, Slot::ir})
    {
        const Ref<Image> image = capture.unchecked_image(slot);
        if (!image)
        {
            continue;
        }
        ImageAttributes &attributes = image->attributes;
        if (attributes.system_timestamp_nsec == 0)
        {
            const auto arrival = clock.when(attributes.device_timestamp_usec).time_since_epoch();
            attributes.system_timestamp_nsec =
                static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(arrival).count());
        }
        if (slot == Slot::color && attributes.exposure_usec == 0)
        {
            attributes.exposure_usec = unit_->controls.exposure_usec(fps);
            attributes.white_balance = unit_->controls.white_balance();
            attributes.iso_speed = unit_->controls.iso_speed();
        }
    }
}

bool Device::get_imu_sample(int32_t timeout_ms, k4a_imu_sample_t &sample)
{
    Lock lock(mutex_);
    const std::shared_ptr<ImuStream> stream = wait_for(lock, imu_, "IMU is", imu_queue_length, timeout_ms);
    if (!stream)
    {
        return false;
    }
    sample = stream->take();
    return true;
}

Device::Ended Device::ended() const
{
    Lock lock(mutex_);
    require_plugged();
    return ended_;
}

} // namespace k4a_rp
