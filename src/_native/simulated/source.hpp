// What a simulated device has in place of sensors: the scene or a recording. Times are of the device's clock.
#pragma once

#include "image/capture.hpp"
#include "recording/recorder.hpp"

#include <k4a/k4atypes.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace k4a_rp
{

struct NextItem
{
    enum class State
    {
        coming,
        waiting, // for a master; look again
        ended
    };
    State state = State::ended;
    uint64_t at_usec = 0; // coming: when it is complete
};

// Called under the device's lock, but for what take() returns.
class CaptureStream
{
public:
    virtual ~CaptureStream() = default;
    // All that takes long has been done when this is called.
    virtual void start(uint64_t now_usec) = 0;
    virtual void stop() {}
    virtual NextItem next() = 0;
    // A queue of that length at that time: the oldest are dropped, and counted.
    virtual uint64_t keep_newest(uint64_t now_usec, size_t length) = 0;
    // Takes the next one out; the result makes the capture, outside of any lock.
    virtual std::function<Ref<Capture>()> take() = 0;
};

class ImuStream
{
public:
    virtual ~ImuStream() = default;
    virtual NextItem next() = 0;
    virtual uint64_t keep_newest(uint64_t now_usec, size_t length) = 0;
    virtual k4a_imu_sample_t take() = 0;
};

class Source
{
public:
    virtual ~Source() = default;
    // Version, serial number (empty: none of its own) and factory calibration (empty: none).
    virtual const RecordedDevice &facts() const = 0;
    // Throws Error where it cannot stream this; the rules that all devices have in common are checked already.
    virtual void check(const k4a_device_configuration_t &configuration) const = 0;
    virtual std::shared_ptr<CaptureStream> open_captures(const k4a_device_configuration_t &configuration) = 0;
    // Samples later than `from_usec`.
    virtual std::shared_ptr<ImuStream> open_imu(uint64_t from_usec) = 0;
    // True: the clock starts at start_usec() whenever the cameras start. False: it goes on.
    virtual bool sets_clock() const { return false; }
    virtual uint64_t start_usec() const { return 0; }
};

} // namespace k4a_rp
