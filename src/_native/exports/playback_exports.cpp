// The functions of playback.h.
#include "exports/playback_boundary.hpp"

#include "recording/names.hpp"

#include <k4arecord/playback.h>

#include <algorithm>

using namespace k4a_rp;

namespace
{

k4a_stream_result_t step_capture(const char *call, k4a_playback_t handle, k4a_capture_t *out, Direction direction)
{
    return at_boundary(call, K4A_STREAM_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(out, "capture_handle") = nullptr;
        Ref<Capture> capture;
        if (!playback->step_capture(direction, &capture))
        {
            return K4A_STREAM_RESULT_EOF;
        }
        *out = reinterpret_cast<k4a_capture_t>(capture.detach());
        return K4A_STREAM_RESULT_SUCCEEDED;
    });
}

k4a_stream_result_t step_imu(const char *call, k4a_playback_t handle, k4a_imu_sample_t *sample, Direction direction)
{
    return at_boundary(call, K4A_STREAM_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        *require(sample, "imu_sample") = k4a_imu_sample_t{};
        return playback->step_imu(direction, sample) ? K4A_STREAM_RESULT_SUCCEEDED : K4A_STREAM_RESULT_EOF;
    });
}

k4a_stream_result_t step_data_block(const char *call,
                                    k4a_playback_t handle,
                                    const char *track_name,
                                    k4a_playback_data_block_t *out,
                                    Direction direction)
{
    return at_boundary(call, K4A_STREAM_RESULT_FAILED, [&] {
        LockedPlayback playback(handle);
        require(out, "data_block_handle");
        const mkv::Track *track = playback.require_track(track_name);
        if (playback->is_built_in(track))
        {
            fail("the track %s is not a custom one", track_name);
        }
        auto block = std::make_unique<DataBlock>();
        if (!playback->step_data_block(track, direction, block.get()))
        {
            return K4A_STREAM_RESULT_EOF;
        }
        *out = reinterpret_cast<k4a_playback_data_block_t>(block.release());
        return K4A_STREAM_RESULT_SUCCEEDED;
    });
}

uint64_t length_usec(const char *call, k4a_playback_t handle)
{
    return at_boundary(call, uint64_t(0), [&] {
        LockedPlayback playback(handle);
        return static_cast<uint64_t>(playback->length_ns() / 1000);
    });
}

constexpr int64_t largest_usec = std::numeric_limits<int64_t>::max() / 4000;

// Microseconds from the start of the file as nanoseconds; never negative, clamped far outside of any recording.
int64_t file_time_ns(int64_t usec)
{
    return usec <= 0 ? 0 : usec > largest_usec ? largest_usec * 1000 : usec * 1000;
}

int64_t seek_target_ns(Playback &playback, int64_t offset_usec, k4a_playback_seek_origin_t origin)
{
    switch (origin)
    {
    case K4A_PLAYBACK_SEEK_BEGIN:
        return file_time_ns(offset_usec);
    case K4A_PLAYBACK_SEEK_DEVICE_TIME:
    {
        const uint64_t start = playback.metadata().start_offset_ns / 1000;
        const uint64_t wanted = offset_usec > 0 ? static_cast<uint64_t>(offset_usec) : 0;
        return wanted > start ? file_time_ns(static_cast<int64_t>(wanted - start)) : 0;
    }
    case K4A_PLAYBACK_SEEK_END:
    {
        // Behind the end is the end.
        const int64_t length = playback.length_ns();
        const int64_t back = file_time_ns(-std::max(offset_usec, -largest_usec));
        return back > length ? 0 : length + 1 - back;
    }
    default:
        fail("the seek origin %d does not exist", static_cast<int>(origin));
    }
}

} // namespace

k4a_result_t k4a_playback_open(const char *path, k4a_playback_t *playback_handle)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        require(path, "path");
        *require(playback_handle, "playback_handle") = nullptr;
        try
        {
            *playback_handle = reinterpret_cast<k4a_playback_t>(new Playback(path));
        }
        catch (const Error &error)
        {
            fail("%s: %s", path, error.what());
        }
        return K4A_RESULT_SUCCEEDED;
    });
}

void k4a_playback_close(k4a_playback_t playback_handle)
{
    Playback *playback = checked_or_null<Playback>(__func__, playback_handle);
    if (playback && playback->can_be_destroyed())
    {
        delete playback;
    }
}

k4a_buffer_result_t k4a_playback_get_raw_calibration(k4a_playback_t playback_handle, uint8_t *data, size_t *data_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        require(data_size, "data_size");
        const std::vector<uint8_t> bytes = playback->raw_calibration();
        return copy_out(bytes.data(), bytes.size(), data, data_size);
    });
}

k4a_result_t k4a_playback_get_record_configuration(k4a_playback_t playback_handle, k4a_record_configuration_t *config)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        *require(config, "config") = playback->metadata().configuration;
        return K4A_RESULT_SUCCEEDED;
    });
}

bool k4a_playback_check_track_exists(k4a_playback_t playback_handle, const char *track_name)
{
    return at_boundary(__func__, false, [&] {
        LockedPlayback playback(playback_handle);
        return playback->track(require(track_name, "track_name")) != nullptr;
    });
}

size_t k4a_playback_get_track_count(k4a_playback_t playback_handle)
{
    return at_boundary(__func__, size_t(0), [&] { return LockedPlayback(playback_handle)->tracks().size(); });
}

k4a_buffer_result_t k4a_playback_get_track_name(k4a_playback_t playback_handle,
                                                size_t track_index,
                                                char *track_name,
                                                size_t *track_name_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        if (track_index >= playback->tracks().size())
        {
            fail("the recording has %zu tracks, there is none with index %zu", playback->tracks().size(), track_index);
        }
        return copy_text_out(playback->tracks()[track_index]->name, track_name, track_name_size);
    });
}

bool k4a_playback_track_is_builtin(k4a_playback_t playback_handle, const char *track_name)
{
    return at_boundary(__func__, false, [&] {
        LockedPlayback playback(playback_handle);
        const mkv::Track *track = playback->track(require(track_name, "track_name"));
        return track && playback->is_built_in(track);
    });
}

k4a_result_t k4a_playback_track_get_video_settings(k4a_playback_t playback_handle,
                                                   const char *track_name,
                                                   k4a_record_video_settings_t *video_settings)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        require(video_settings, "video_settings");
        const mkv::Track *track = playback.require_track(track_name);
        if (track->type != names::track_type_video)
        {
            fail_not_there("the track %s is not a video track", track_name);
        }
        video_settings->width = track->width;
        video_settings->height = track->height;
        video_settings->frame_rate = track->default_duration_ns ? 1000000000 / track->default_duration_ns : 0;
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_buffer_result_t k4a_playback_track_get_codec_id(k4a_playback_t playback_handle,
                                                    const char *track_name,
                                                    char *codec_id,
                                                    size_t *codec_id_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        return copy_text_out(playback.require_track(track_name)->codec_id, codec_id, codec_id_size);
    });
}

k4a_buffer_result_t k4a_playback_track_get_codec_context(k4a_playback_t playback_handle,
                                                         const char *track_name,
                                                         uint8_t *codec_context,
                                                         size_t *codec_context_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        const std::vector<uint8_t> &context = playback.require_track(track_name)->codec_private;
        return copy_out(context.data(), context.size(), codec_context, codec_context_size);
    });
}

k4a_buffer_result_t
k4a_playback_get_tag(k4a_playback_t playback_handle, const char *name, char *value, size_t *value_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        require(name, "name");
        require(value_size, "value_size");
        for (const mkv::Tag &tag : playback->tags())
        {
            if (tag.name == name)
            {
                const size_t room = *value_size;
                if (value && room > tag.value.size())
                {
                    std::memset(value, 0, room); // all of the caller's room, as the SDK does
                }
                return copy_text_out(tag.value, value, value_size);
            }
        }
        fail_not_there("the recording has no tag %s", name);
    });
}

k4a_result_t k4a_playback_set_color_conversion(k4a_playback_t playback_handle, k4a_image_format_t target_format)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback(playback_handle)->set_color_format(target_format);
        return K4A_RESULT_SUCCEEDED;
    });
}

k4a_buffer_result_t
k4a_playback_get_attachment(k4a_playback_t playback_handle, const char *file_name, uint8_t *data, size_t *data_size)
{
    return at_boundary(__func__, K4A_BUFFER_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        require(file_name, "file_name");
        require(data_size, "data_size");
        for (const mkv::Attachment &attachment : playback->attachments())
        {
            if (attachment.name != file_name)
            {
                continue;
            }
            if (!data || *data_size < attachment.size)
            {
                *data_size = static_cast<size_t>(attachment.size);
                return K4A_BUFFER_RESULT_TOO_SMALL;
            }
            const std::vector<uint8_t> bytes = playback->read_attachment(attachment);
            return copy_out(bytes.data(), bytes.size(), data, data_size);
        }
        fail_not_there("the recording has no attachment %s", file_name);
    });
}

k4a_stream_result_t k4a_playback_get_next_capture(k4a_playback_t playback_handle, k4a_capture_t *capture_handle)
{
    return step_capture(__func__, playback_handle, capture_handle, Direction::next);
}

k4a_stream_result_t k4a_playback_get_previous_capture(k4a_playback_t playback_handle, k4a_capture_t *capture_handle)
{
    return step_capture(__func__, playback_handle, capture_handle, Direction::previous);
}

k4a_stream_result_t k4a_playback_get_next_imu_sample(k4a_playback_t playback_handle, k4a_imu_sample_t *imu_sample)
{
    return step_imu(__func__, playback_handle, imu_sample, Direction::next);
}

k4a_stream_result_t k4a_playback_get_previous_imu_sample(k4a_playback_t playback_handle, k4a_imu_sample_t *imu_sample)
{
    return step_imu(__func__, playback_handle, imu_sample, Direction::previous);
}

k4a_stream_result_t k4a_playback_get_next_data_block(k4a_playback_t playback_handle,
                                                     const char *track_name,
                                                     k4a_playback_data_block_t *data_block_handle)
{
    return step_data_block(__func__, playback_handle, track_name, data_block_handle, Direction::next);
}

k4a_stream_result_t k4a_playback_get_previous_data_block(k4a_playback_t playback_handle,
                                                         const char *track_name,
                                                         k4a_playback_data_block_t *data_block_handle)
{
    return step_data_block(__func__, playback_handle, track_name, data_block_handle, Direction::previous);
}

uint64_t k4a_playback_data_block_get_device_timestamp_usec(k4a_playback_data_block_t data_block_handle)
{
    const DataBlock *block = checked_or_null<DataBlock>(__func__, data_block_handle);
    return block ? block->device_timestamp_usec : 0;
}

size_t k4a_playback_data_block_get_buffer_size(k4a_playback_data_block_t data_block_handle)
{
    const DataBlock *block = checked_or_null<DataBlock>(__func__, data_block_handle);
    return block ? block->bytes.size() : 0;
}

uint8_t *k4a_playback_data_block_get_buffer(k4a_playback_data_block_t data_block_handle)
{
    DataBlock *block = checked_or_null<DataBlock>(__func__, data_block_handle);
    return block && !block->bytes.empty() ? block->bytes.data() : nullptr;
}

void k4a_playback_data_block_release(k4a_playback_data_block_t data_block_handle)
{
    delete checked_or_null<DataBlock>(__func__, data_block_handle);
}

k4a_result_t
k4a_playback_seek_timestamp(k4a_playback_t playback_handle, int64_t offset_usec, k4a_playback_seek_origin_t origin)
{
    return at_boundary(__func__, K4A_RESULT_FAILED, [&] {
        LockedPlayback playback(playback_handle);
        playback->seek_file_time(seek_target_ns(*playback, offset_usec, origin));
        return K4A_RESULT_SUCCEEDED;
    });
}

uint64_t k4a_playback_get_recording_length_usec(k4a_playback_t playback_handle)
{
    return length_usec(__func__, playback_handle);
}

uint64_t k4a_playback_get_last_timestamp_usec(k4a_playback_t playback_handle)
{
    return length_usec(__func__, playback_handle);
}
