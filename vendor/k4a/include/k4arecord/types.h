/*
 * types.h - handles, structures and constants of libk4arecord, ABI 1.4.
 *
 * Own text of pyk4a_rp; names, values and layouts are those of the ABI.
 */
#ifndef K4ARECORD_TYPES_H
#define K4ARECORD_TYPES_H

#include <k4a/k4atypes.h>

#ifdef __cplusplus
extern "C" {
#endif

K4A_DECLARE_HANDLE(k4a_record_t);
K4A_DECLARE_HANDLE(k4a_playback_t);
K4A_DECLARE_HANDLE(k4a_playback_data_block_t);

/* Names of the tracks that a recorder makes by itself. */
#define K4A_TRACK_NAME_COLOR "COLOR"
#define K4A_TRACK_NAME_DEPTH "DEPTH"
#define K4A_TRACK_NAME_IR "IR"
#define K4A_TRACK_NAME_IMU "IMU"

typedef enum
{
    K4A_PLAYBACK_SEEK_BEGIN = 0,      /* offset from the first timestamp of the recording */
    K4A_PLAYBACK_SEEK_END = 1,        /* offset from its end; zero or negative */
    K4A_PLAYBACK_SEEK_DEVICE_TIME = 2 /* the offset is a device timestamp */
} k4a_playback_seek_origin_t;

typedef enum
{
    K4A_STREAM_RESULT_SUCCEEDED = 0,
    K4A_STREAM_RESULT_FAILED = 1,
    K4A_STREAM_RESULT_EOF = 2 /* nothing left in this direction */
} k4a_stream_result_t;

/* 36 bytes here; one other implementation of the ABI has 40, with a start offset of 64 bits. */
typedef struct _k4a_record_configuration_t
{
    k4a_image_format_t color_format;
    k4a_color_resolution_t color_resolution;
    k4a_depth_mode_t depth_mode;
    k4a_fps_t camera_fps;
    bool color_track_enabled;
    bool depth_track_enabled;
    bool ir_track_enabled;
    bool imu_track_enabled;
    int32_t depth_delay_off_color_usec;
    k4a_wired_sync_mode_t wired_sync_mode;
    uint32_t subordinate_delay_off_master_usec;
    uint32_t start_timestamp_offset_usec; /* device time at which the recording begins, its low 32 bits */
} k4a_record_configuration_t;

typedef struct _k4a_record_video_settings_t
{
    uint64_t width;
    uint64_t height;
    uint64_t frame_rate; /* frames a second */
} k4a_record_video_settings_t;

typedef struct _k4a_record_subtitle_settings_t
{
    bool high_freq_data; /* many small samples: put several into one block group */
} k4a_record_subtitle_settings_t;

#ifdef __cplusplus
}
#endif

#endif /* K4ARECORD_TYPES_H */
