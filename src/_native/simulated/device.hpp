// An open simulated camera: what k4a_device_t points at. Nothing runs by itself: pictures are made when they are asked
// for, those that nobody asked for in time never. Calls may come from any number of threads.
#pragma once

#include "core/ref.hpp"
#include "simulated/unit.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace k4a_rp
{

// Microseconds of a device. On demand it stands still but for advance_to().
class DeviceClock
{
public:
    using Steady = std::chrono::steady_clock;

    DeviceClock(double speed, bool on_demand);

    bool is_on_demand() const { return on_demand_; }
    void set(uint64_t usec);
    uint64_t now() const;
    Steady::time_point when(uint64_t usec) const;
    void advance_to(uint64_t usec);

private:
    double speed_;
    bool on_demand_;
    Steady::time_point origin_;
    uint64_t origin_usec_ = 0;
};

class Device : public HandleObject
{
public:
    static constexpr size_t handle_marker = 0x6b34615f64657631u;
    static constexpr size_t capture_queue_length = 7;
    static constexpr size_t imu_queue_length = 833;

    // Takes over a unit that was acquired.
    Device(std::shared_ptr<SimulatedUnit> unit, bool unplug_when_closed);
    ~Device();

    // All throw Error where the C function fails.
    void start_cameras(const k4a_device_configuration_t &configuration);
    void stop_cameras();
    void start_imu();
    void stop_imu();
    // False: nothing came in time. Negative: for ever.
    bool get_capture(int32_t timeout_ms, Ref<Capture> &capture);
    bool get_imu_sample(int32_t timeout_ms, k4a_imu_sample_t &sample);
    // Whether somebody waited for more than a recording has, since the last start.
    struct Ended
    {
        bool captures = false;
        bool imu_samples = false;
    };
    Ended ended() const;

    // The unit, unless it was unplugged.
    SimulatedUnit &unit() const;
    // Ends the streams and lets others open the unit.
    void close();
    void unplug();

private:
    using Lock = std::unique_lock<std::mutex>;

    void require_plugged() const;
    template <typename Stream>
    std::shared_ptr<Stream>
    wait_for(Lock &lock, const std::shared_ptr<Stream> &current, const char *what, size_t length, int32_t timeout_ms);
    void set_attributes(Capture &capture, const DeviceClock &clock, unsigned fps) const;

    const std::shared_ptr<SimulatedUnit> unit_;
    const bool unplug_when_closed_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool closed_ = false;
    DeviceClock clock_;
    unsigned fps_ = 0;
    Ended ended_;
    std::shared_ptr<CaptureStream> captures_;
    std::shared_ptr<ImuStream> imu_;
};

} // namespace k4a_rp
