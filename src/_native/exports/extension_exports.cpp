// The table of k4a_rp.h.
#include "exports/device_extensions.hpp"
#include "exports/geometry_extensions.hpp"
#include "exports/playback_boundary.hpp"
#include "exports/color_extensions.hpp"
#include "exports/record_extensions.hpp"
#include "exports/recording_extensions.hpp"

#include "core/bytes.hpp"
#include "image/jpeg.hpp"

#include <k4a_rp/k4a_rp.h>

using namespace k4a_rp;

namespace
{

const char *get_version()
{
    return K4A_RP_VERSION;
}

const char *get_features()
{
    static const std::string features = std::string("jpeg=") + jpeg_name() + " simd=" + simd_name();
    return features.c_str();
}

size_t playback_get_tag_count(k4a_playback_t handle)
{
    return at_boundary(__func__, size_t(0), [&] { return LockedPlayback(handle)->tags().size(); });
}

const mkv::Tag &tag_at(const LockedPlayback &playback, size_t index)
{
    if (index >= playback->tags().size())
    {
        fail("the recording has %zu tags, there is none with index %zu", playback->tags().size(), index);
    }
    return playback->tags()[index];
}

k4a_buffer_result_t playback_get_tag_name(k4a_playback_t handle, size_t index, char *name, size_t *size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        return copy_text_out(tag_at(playback, index).name, name, size);
    });
}

k4a_buffer_result_t playback_get_tag_value(k4a_playback_t handle, size_t index, char *value, size_t *size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        return copy_text_out(tag_at(playback, index).value, value, size);
    });
}

size_t playback_get_attachment_count(k4a_playback_t handle)
{
    return at_boundary(__func__, size_t(0), [&] { return LockedPlayback(handle)->attachments().size(); });
}

k4a_buffer_result_t playback_get_attachment_name(k4a_playback_t handle, size_t index, char *name, size_t *size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        const std::vector<mkv::Attachment> &attachments = playback->attachments();
        if (index >= attachments.size())
        {
            fail("the recording has %zu attachments, there is none with index %zu", attachments.size(), index);
        }
        return copy_text_out(attachments[index].name, name, size);
    });
}

uint64_t playback_get_start_offset_nsec(k4a_playback_t handle)
{
    return at_boundary(__func__, uint64_t(0), [&] { return LockedPlayback(handle)->metadata().start_offset_ns; });
}

k4a_result_t playback_get_capture_count(k4a_playback_t handle, size_t *count)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(count, "count") = playback->capture_count();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t playback_get_capture_at(k4a_playback_t handle, size_t index, k4a_capture_t *capture_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(capture_handle, "capture_handle") = nullptr;
        *capture_handle = reinterpret_cast<k4a_capture_t>(playback->capture_at(index).detach());
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t playback_get_capture_timestamps(k4a_playback_t handle,
                                             size_t first,
                                             size_t count,
                                             k4a_rp_capture_timestamps_t *timestamps)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        if (count != 0)
        {
            require(timestamps, "timestamps");
        }
        playback->capture_timestamps(first, count, timestamps);
        return K4A_RESULT_SUCCEEDED;
    });
}

uint64_t device_usec(const Capture &capture, Slot slot)
{
    const Ref<Image> image = capture.unchecked_image(slot);
    return image ? image->attributes.device_timestamp_usec : K4A_RP_NO_TIMESTAMP;
}

k4a_result_t capture_get_timestamps(k4a_capture_t handle, k4a_rp_capture_timestamps_t *timestamps)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        const Capture &capture = *checked<Capture>(handle);
        *require(timestamps, "timestamps") = {device_usec(capture, Slot::color),
                                              device_usec(capture, Slot::depth),
                                              device_usec(capture, Slot::ir)};
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t playback_get_track_frame_count(k4a_playback_t handle, const char *track_name, size_t *count)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(count, "count") = playback->frame_count(playback.require_track(track_name));
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t playback_read_imu_samples(k4a_playback_t handle,
                                       size_t first,
                                       size_t capacity,
                                       k4a_imu_sample_t *samples,
                                       size_t *count,
                                       size_t *total)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        if (capacity != 0)
        {
            require(samples, "samples");
        }
        size_t in_recording = 0;
        const size_t written = playback->read_imu(first, capacity, samples, &in_recording);
        if (count)
        {
            *count = written;
        }
        if (total)
        {
            *total = in_recording;
        }
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_result_t playback_get_damage(k4a_playback_t handle, k4a_rp_damage_t *damage)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(damage, "damage") = playback->damage();
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_buffer_result_t playback_get_damage_text(k4a_playback_t handle, char *text, size_t *size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        return copy_text_out(playback->damage_text(), text, size);
    });
}

const k4a_rp_extensions_t extensions = {
    K4A_RP_EXTENSIONS_VERSION,
    sizeof(k4a_rp_extensions_t),
    get_version,
    get_features,
    playback_get_tag_count,
    playback_get_tag_name,
    playback_get_tag_value,
    playback_get_attachment_count,
    playback_get_attachment_name,
    playback_get_start_offset_nsec,
    playback_get_capture_count,
    playback_get_capture_at,
    playback_get_capture_timestamps,
    capture_get_timestamps,
    playback_get_track_frame_count,
    playback_read_imu_samples,
    playback_get_damage,
    playback_get_damage_text,
    calibration_points_3d_to_3d,
    calibration_points_2d_to_3d,
    calibration_points_3d_to_2d,
    calibration_points_2d_to_2d,
    calibration_points_color_2d_to_depth_2d,
    calibration_get_rays,
    transformation_depth_image_to_points,
    get_geometry_thread_count,
    set_geometry_thread_count,
    record_get_options,
    record_set_options,
    record_set_device,
    record_get_state,
    record_get_error_text,
    record_finish,
    playback_get_damaged_color_count,
    image_convert,
    image_encode_jpeg,
    image_read_pixels,
    image_colorize,
    prefetch_create,
    prefetch_next,
    prefetch_destroy,
    recording_copy,
    recording_repair,
    recording_verify,
    simulated_device_open,
    simulated_device_unplug,
    simulated_device_has_ended,
};

} // namespace

const k4a_rp_extensions_t *k4a_rp_get_extensions(uint32_t version)
{
    return version >= 1 && version <= K4A_RP_EXTENSIONS_VERSION ? &extensions : nullptr;
}
