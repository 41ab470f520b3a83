// The functions of record.h. The engine cannot write recordings yet: they fail and say so.
#include "core/log.hpp"

#include <k4arecord/record.h>

namespace
{

template <typename Result> Result unavailable(const char *call, Result failure)
{
    K4A_RP_LOG_ERROR("%s: the bundled engine cannot record yet; the provider microsoft can", call);
    return failure;
}

} // namespace

k4a_result_t k4a_record_create(const char *, k4a_device_t, const k4a_device_configuration_t, k4a_record_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_add_tag(k4a_record_t, const char *, const char *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_add_imu_track(k4a_record_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_add_attachment(const k4a_record_t, const char *, const uint8_t *, size_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_add_custom_video_track(
    const k4a_record_t, const char *, const char *, const uint8_t *, size_t, const k4a_record_video_settings_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_add_custom_subtitle_track(
    const k4a_record_t, const char *, const char *, const uint8_t *, size_t, const k4a_record_subtitle_settings_t *)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_write_header(k4a_record_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_write_capture(k4a_record_t, k4a_capture_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_write_imu_sample(k4a_record_t, k4a_imu_sample_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_write_custom_track_data(const k4a_record_t, const char *, uint64_t, uint8_t *, size_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

k4a_result_t k4a_record_flush(k4a_record_t)
{
    return unavailable(__func__, K4A_RESULT_FAILED);
}

void k4a_record_close(k4a_record_t)
{
    // There is no such handle to close.
}
