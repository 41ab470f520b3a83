// The payload of an IMU frame: 40 bytes, little endian, device time.
#pragma once

#include "core/bytes.hpp"

#include <k4a/k4atypes.h>

#include <limits>

namespace k4a_rp
{

constexpr size_t imu_payload_size = 40;

inline uint64_t imu_acc_timestamp_ns(const uint8_t *payload)
{
    return load_little_endian<uint64_t>(payload);
}

// Recordings keep no temperature: NaN.
inline k4a_imu_sample_t decode_imu_payload(const uint8_t *payload)
{
    k4a_imu_sample_t sample{};
    sample.temperature = std::numeric_limits<float>::quiet_NaN();
    sample.acc_timestamp_usec = imu_acc_timestamp_ns(payload) / 1000;
    sample.gyro_timestamp_usec = load_little_endian<uint64_t>(payload + 20) / 1000;
    for (size_t axis = 0; axis < 3; ++axis)
    {
        sample.acc_sample.v[axis] = load_little_endian_float(payload + 8 + 4 * axis);
        sample.gyro_sample.v[axis] = load_little_endian_float(payload + 28 + 4 * axis);
    }
    return sample;
}

inline void encode_imu_payload(const k4a_imu_sample_t &sample, uint8_t *payload)
{
    store_little_endian(payload, sample.acc_timestamp_usec * 1000, 8);
    store_little_endian(payload + 20, sample.gyro_timestamp_usec * 1000, 8);
    for (size_t axis = 0; axis < 3; ++axis)
    {
        store_little_endian_float(payload + 8 + 4 * axis, sample.acc_sample.v[axis]);
        store_little_endian_float(payload + 28 + 4 * axis, sample.gyro_sample.v[axis]);
    }
}

} // namespace k4a_rp
