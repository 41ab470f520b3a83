// The functions of record.h.
#include "exports/boundary.hpp"
#include "image/capture.hpp"
#include "recording/recorder_registry.hpp"
#include "simulated/device_registry.hpp"

#include <k4arecord/record.h>

using namespace k4a_rp;

k4a_result_t k4a_record_create(const char *path,
                               k4a_device_t device,
                               const k4a_device_configuration_t device_config,
                               k4a_record_t *recording_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(path, "path");
        *require(recording_handle, "recording_handle") = nullptr;
        // Asked first: a bad handle must not cost the file that is there.
        const std::optional<RecordedDevice> facts =
            device ? std::optional<RecordedDevice>(find_device(device)->unit().facts()) : std::nullopt;
        const auto recorder = std::make_shared<Recorder>(path, device_config);
        if (facts)
        {
            recorder->set_device(*facts);
        }
        *recording_handle = register_recorder(recorder);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_add_tag(k4a_record_t recording_handle, const char *name, const char *value)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(recording_handle)->add_tag(require(name, "name"), require(value, "value"));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_add_imu_track(k4a_record_t recording_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(recording_handle)->add_imu_track();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_add_attachment(const k4a_record_t recording_handle,
                                       const char *attachment_name,
                                       const uint8_t *buffer,
                                       size_t buffer_size)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(attachment_name, "attachment_name");
        find_recorder(recording_handle)->add_attachment(attachment_name, require(buffer, "buffer"), buffer_size);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_add_custom_video_track(const k4a_record_t recording_handle,
                                               const char *track_name,
                                               const char *codec_id,
                                               const uint8_t *codec_context,
                                               size_t codec_context_size,
                                               const k4a_record_video_settings_t *track_settings)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(track_name, "track_name");
        require(codec_id, "codec_id");
        require(track_settings, "track_settings");
        find_recorder(recording_handle)
            ->add_custom_video_track(track_name, codec_id, codec_context, codec_context_size, *track_settings);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_add_custom_subtitle_track(const k4a_record_t recording_handle,
                                                  const char *track_name,
                                                  const char *codec_id,
                                                  const uint8_t *codec_context,
                                                  size_t codec_context_size,
                                                  const k4a_record_subtitle_settings_t *track_settings)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(track_name, "track_name");
        require(codec_id, "codec_id");
        const k4a_record_subtitle_settings_t settings = track_settings ? *track_settings :
                                                                         k4a_record_subtitle_settings_t{};
        find_recorder(recording_handle)
            ->add_custom_subtitle_track(track_name, codec_id, codec_context, codec_context_size, settings);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_write_header(k4a_record_t recording_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(recording_handle)->write_header();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_write_capture(k4a_record_t recording_handle, k4a_capture_t capture_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        const std::shared_ptr<Recorder> recorder = find_recorder(recording_handle);
        if (!capture_handle)
        {
            recorder->write_capture(*Capture::create()); // no capture is one without images
            return K4A_RESULT_SUCCEEDED;
        }
        recorder->write_capture(*checked<Capture>(capture_handle));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_write_imu_sample(k4a_record_t recording_handle, k4a_imu_sample_t imu_sample)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(recording_handle)->write_imu_sample(imu_sample);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_write_custom_track_data(const k4a_record_t recording_handle,
                                                const char *track_name,
                                                uint64_t device_timestamp_usec,
                                                uint8_t *custom_data,
                                                size_t custom_data_size)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(track_name, "track_name");
        require(custom_data, "custom_data");
        find_recorder(recording_handle)->write_custom(track_name, device_timestamp_usec, custom_data, custom_data_size);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t k4a_record_flush(k4a_record_t recording_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        find_recorder(recording_handle)->flush();
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_record_close(k4a_record_t recording_handle)
{
    if (!recording_handle)
    {
        return;
    }
    (void)at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        std::shared_ptr<Recorder> recorder = take_recorder(recording_handle);
        if (recorder->is_orphan())
        {
            (void)new std::shared_ptr<Recorder>(std::move(recorder)); // left to the process that records
            return K4A_RESULT_SUCCEEDED;
        }
        recorder->close();
        return K4A_RESULT_SUCCEEDED;
    });
}
