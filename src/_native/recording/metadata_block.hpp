// The payloads of the track PYK4A_RP_METADATA: what the other tracks have no place for. Little endian.
//
//  0  u8   version, 1
//  1  u8   1 colour, 2 depth, 3 IR image; 4 IMU
//  2  u16  0
//  4  f32  temperature of the capture, or of the IMU (degrees Celsius, NaN: unknown)
//  8  u64  device timestamp (us), of the accelerometer for the IMU
// and for an image
// 16  u64  system timestamp (ns)
// 24  u64  exposure (us)
// 32  u32  white balance (kelvin)
// 36  u32  ISO speed
//
// The block's time is that of the image, so that both lie in one cluster. An IMU temperature holds until the next one.
#pragma once

#include "image/capture.hpp"
#include "recording/imu_block.hpp"

namespace k4a_rp
{

constexpr size_t image_metadata_size = 40;
constexpr size_t imu_metadata_size = 16;

enum class MetadataKind : uint8_t
{
    color = 1,
    depth = 2,
    ir = 3,
    imu = 4
};

inline void encode_metadata_head(MetadataKind kind, float temperature, uint64_t time_usec, uint8_t *bytes)
{
    bytes[0] = 1;
    bytes[1] = static_cast<uint8_t>(kind);
    bytes[2] = bytes[3] = 0;
    store_little_endian_float(bytes + 4, temperature);
    store_little_endian(bytes + 8, time_usec, 8);
}

inline void encode_image_metadata(Slot slot, const ImageAttributes &attributes, float temperature, uint8_t *bytes)
{
    const auto kind = static_cast<MetadataKind>(static_cast<int>(slot) + 1);
    encode_metadata_head(kind, temperature, attributes.device_timestamp_usec, bytes);
    store_little_endian(bytes + 16, attributes.system_timestamp_nsec, 8);
    store_little_endian(bytes + 24, attributes.exposure_usec, 8);
    store_little_endian(bytes + 32, attributes.white_balance, 4);
    store_little_endian(bytes + 36, attributes.iso_speed, 4);
}

inline void encode_imu_metadata(const k4a_imu_sample_t &sample, uint8_t *bytes)
{
    encode_metadata_head(MetadataKind::imu, sample.temperature, sample.acc_timestamp_usec, bytes);
}

// False: the payload is of another kind, or of a version that is not known.
inline bool decode_image_metadata(const uint8_t *bytes, Slot slot, Capture *capture, Image *image)
{
    if (bytes[0] != 1 || bytes[1] != static_cast<uint8_t>(slot) + 1)
    {
        return false;
    }
    image->attributes.system_timestamp_nsec = load_little_endian<uint64_t>(bytes + 16);
    image->attributes.exposure_usec = load_little_endian<uint64_t>(bytes + 24);
    image->attributes.white_balance = load_little_endian<uint32_t>(bytes + 32);
    image->attributes.iso_speed = load_little_endian<uint32_t>(bytes + 36);
    capture->set_temperature_c(load_little_endian_float(bytes + 4));
    return true;
}

inline bool decode_imu_metadata(const uint8_t *bytes, float *temperature)
{
    if (bytes[0] != 1 || bytes[1] != static_cast<uint8_t>(MetadataKind::imu))
    {
        return false;
    }
    *temperature = load_little_endian_float(bytes + 4);
    return true;
}

} // namespace k4a_rp
