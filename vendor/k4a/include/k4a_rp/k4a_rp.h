/*
 * k4a_rp.h - what the 105 functions of the k4a ABI cannot say.
 *
 * The engine of pyk4a_rp (libk4a_rp) exports, beside the k4a ABI 1.4, one function of its own:
 * k4a_rp_get_extensions(). It returns a table of function pointers. The drop-in libraries (libk4a, libk4arecord)
 * export the 105 functions only.
 *
 * The table is versioned: members are only ever appended, `size` is what the library was built with, and a caller
 * asks for the version it was compiled against. A library that is older than asked for returns NULL.
 *
 * Conventions are those of k4a.h: opaque handles, result codes, the (data, size) protocol of k4a_buffer_result_t.
 */
#ifndef K4A_RP_H
#define K4A_RP_H

#include <k4a/k4atypes.h>
#include <k4arecord/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define K4A_RP_EXTENSIONS_VERSION 1u

/* Device timestamp of an image that a capture does not have. */
#define K4A_RP_NO_TIMESTAMP UINT64_MAX

/* What is wrong with a recording; bits of k4a_rp_damage_t.kinds. */
typedef enum
{
    K4A_RP_DAMAGE_NOT_CLOSED = 1,       /* the recorder never finished the file */
    K4A_RP_DAMAGE_TRUNCATED = 2,        /* the file ends inside an element */
    K4A_RP_DAMAGE_CORRUPT = 4,          /* bytes that are not a readable element were skipped */
    K4A_RP_DAMAGE_START_OFFSET_LOST = 8 /* no K4A_START_OFFSET_NS and no IMU to recover it from */
} k4a_rp_damage_kind_t;

typedef struct _k4a_rp_damage_t
{
    uint32_t kinds;                 /* bits of k4a_rp_damage_kind_t, 0: no damage known */
    uint32_t start_offset_restored; /* 1: the start offset was recovered from the IMU payload */
    uint64_t offset;                /* file offset of the first damage */
    uint64_t lost_bytes;            /* bytes of the file that could not be used, as far as known */
} k4a_rp_damage_t;

/* Device timestamps (usec) of the images of one capture; K4A_RP_NO_TIMESTAMP where there is no image. */
typedef struct _k4a_rp_capture_timestamps_t
{
    uint64_t color_usec;
    uint64_t depth_usec;
    uint64_t ir_usec;
} k4a_rp_capture_timestamps_t;

/* How a recording is written. Zeroed members mean what k4a_record_create() begins with where that is said. */
typedef struct _k4a_rp_record_options_t
{
    uint64_t queue_limit_bytes; /* memory for data that waits to be written; write_* waits when it is full. 0: enough
                                 * for a quarter of a second, 32 MiB at least */
    uint32_t sort_window_usec;  /* how long data waits to be sorted, within the queue limit; at first 150000 */
    uint32_t keep_metadata;     /* 1: keep system timestamps, exposure, white balance, ISO speed and temperatures in a
                                 * track of their own, PYK4A_RP_METADATA, and the host's clock in a tag; at first 0 */
} k4a_rp_record_options_t;

typedef struct _k4a_rp_record_state_t
{
    uint64_t bytes_on_disk;      /* size of the recording as readers see it */
    uint64_t frames_on_disk;     /* images, samples and custom data in it */
    uint64_t pending_bytes;      /* waiting to be written */
    uint64_t peak_pending_bytes; /* the most that ever waited */
    uint64_t late_frames;        /* came late and were still sorted in */
    uint64_t refused_late;       /* came too late and were refused */
    uint64_t replaced_bytes;     /* of clusters that were written again for late data */
    uint32_t failed;             /* 1: writing failed; nothing is accepted any more */
    int32_t error_code;          /* errno (Windows: GetLastError()) of that failure, 0: it had none */
} k4a_rp_record_state_t;

/* How pixels are laid out in memory of the caller's: uint8, rows of a stride of one's own. */
typedef enum
{
    K4A_RP_PIXELS_BGRA = 0, /* 4 bytes, alpha 255 */
    K4A_RP_PIXELS_RGB,      /* 3 bytes */
    K4A_RP_PIXELS_BGR,      /* 3 bytes */
    K4A_RP_PIXELS_GRAY      /* 1 byte, luma over the full range */
} k4a_rp_pixels_t;

/* Which images are read ahead; bits of k4a_rp_prefetch_options_t.images. */
typedef enum
{
    K4A_RP_PREFETCH_COLOR = 1,
    K4A_RP_PREFETCH_DEPTH = 2,
    K4A_RP_PREFETCH_IR = 4
} k4a_rp_prefetch_images_t;

typedef struct _k4a_rp_prefetch_options_t
{
    uint32_t depth;   /* captures that are held ready at most; 0: twice the threads */
    uint32_t threads; /* 0: the cores */
    uint32_t images;  /* bits of k4a_rp_prefetch_images_t; 0: all. Others are loaded on first use, as ever. */
    uint32_t indexed; /* 0: the captures behind the playback's position, which follows. Else those numbered first,
                         first + step, ..., count of them; the position is left alone. */
    uint64_t first;
    int64_t step;
    uint64_t count;
} k4a_rp_prefetch_options_t;

typedef enum
{
    K4A_RP_PREFETCH_SUCCEEDED = 0,
    K4A_RP_PREFETCH_FAILED,
    K4A_RP_PREFETCH_EOF,
    K4A_RP_PREFETCH_TIMEOUT
} k4a_rp_prefetch_result_t;

/* Captures of a playback that are read ahead on threads. */
K4A_DECLARE_HANDLE(k4a_rp_prefetch_t);

/* Which part of a recording is copied. */
typedef struct _k4a_rp_copy_options_t
{
    uint64_t begin_usec;       /* from the beginning of the recording */
    uint64_t end_usec;         /* the first moment that is left out; UINT64_MAX: none is */
    const char *const *tracks; /* their names; NULL: all */
    size_t track_count;
    uint32_t overwrite;        /* 1: an existing target is replaced, in one step when the new one is on the disk */
} k4a_rp_copy_options_t;

/* Asked up to ten times a second, on the thread of the call, while whole recordings are worked on. 0: stop. The call
 * fails then as it does otherwise: what was written is removed, and a file that was to be replaced is as it was. */
typedef int(k4a_rp_go_on_cb_t)(void *context);

/* What was found in a recording that was copied, repaired or verified. */
typedef struct _k4a_rp_recording_report_t
{
    uint64_t frames;                /* images, samples and custom data; of a copy: those that were written */
    uint64_t clusters;
    uint64_t bytes;                 /* of the file; of a copy: of the new one */
    uint64_t lost_bytes;            /* that could not be used, as far as known */
    uint64_t problems;              /* of a file that was verified */
    uint32_t damage_kinds;          /* of the source: bits of k4a_rp_damage_kind_t */
    uint32_t start_offset_restored; /* 1: the start offset was recovered from the IMU payload */
} k4a_rp_recording_report_t;

/* Cables of a simulated device; bits of k4a_rp_simulated_options_t.sync_jacks. */
typedef enum
{
    K4A_RP_SYNC_JACKS_SET = 1, /* as the other bits say. Otherwise each device is connected to the next one */
    K4A_RP_SYNC_JACK_IN = 2,
    K4A_RP_SYNC_JACK_OUT = 4
} k4a_rp_sync_jacks_t;

/* How a simulated device behaves. Zeroed members mean what a device of PYK4A_RP_SIMULATED does. */
typedef struct _k4a_rp_simulated_options_t
{
    double speed;              /* of its clock, 1000 at most; 0: 1, real time. Synchronised devices: the same */
    uint32_t on_demand;        /* 1: its clock moves on with each capture that is taken: the next one is there at once
                                * and none is ever dropped; IMU samples come as far as the newest capture taken */
    uint32_t repeat;           /* 1: a recording begins again when it ends, its times going on */
    uint32_t lose_depth_every; /* scene: every so many depth images gets lost, with its infrared one; 0: none */
    uint32_t sync_jacks;       /* bits of k4a_rp_sync_jacks_t */
    const char *serial_number; /* NULL: that of the recording, or one made up */
} k4a_rp_simulated_options_t;

typedef struct _k4a_rp_extensions_t
{
    uint32_t version; /* K4A_RP_EXTENSIONS_VERSION of the library */
    uint32_t size;    /* sizeof(k4a_rp_extensions_t) of the library */

    /* ---- library ---- */

    /* Version of the engine, for example "0.1.0". Static text. */
    const char *(*get_version)(void);
    /* Space separated facts about the build, for example "jpeg=off simd=avx2". Static text. */
    const char *(*get_features)(void);

    /* ---- playback: lists ---- */

    size_t (*playback_get_tag_count)(k4a_playback_t playback);
    /* Name and value of a tag in file order. Sizes count the closing NUL. index out of range: FAILED. */
    k4a_buffer_result_t (*playback_get_tag_name)(k4a_playback_t playback, size_t index, char *name, size_t *size);
    k4a_buffer_result_t (*playback_get_tag_value)(k4a_playback_t playback, size_t index, char *value, size_t *size);

    size_t (*playback_get_attachment_count)(k4a_playback_t playback);
    k4a_buffer_result_t (*playback_get_attachment_name)(k4a_playback_t playback,
                                                        size_t index,
                                                        char *name,
                                                        size_t *size);

    /* Start of the recording in device time, all 64 bits of it (the record configuration has 32). */
    uint64_t (*playback_get_start_offset_nsec)(k4a_playback_t playback);

    /* ---- playback: random access. The first of these calls builds an index; none moves a cursor. ---- */

    /* Captures as get_next_capture would return them from the beginning to the end. An image that cannot be read is
     * left out with one log line; FAILED when none is left. */
    k4a_result_t (*playback_get_capture_count)(k4a_playback_t playback, size_t *count);
    k4a_result_t (*playback_get_capture_at)(k4a_playback_t playback, size_t index, k4a_capture_t *capture_handle);
    /* Timestamps of captures first .. first + count - 1; the range must lie inside the recording. */
    k4a_result_t (*playback_get_capture_timestamps)(k4a_playback_t playback,
                                                    size_t first,
                                                    size_t count,
                                                    k4a_rp_capture_timestamps_t *timestamps);
    /* The same of a capture that is at hand: no pixels are read or decoded, as getting an image may do. */
    k4a_result_t (*capture_get_timestamps)(k4a_capture_t capture_handle, k4a_rp_capture_timestamps_t *timestamps);
    /* Frames (IMU: samples) stored in a track. Unknown track: FAILED. */
    k4a_result_t (*playback_get_track_frame_count)(k4a_playback_t playback, const char *track_name, size_t *count);

    /* All IMU samples from sample `first` on, at most `capacity`; *count is how many were written. samples may be
     * NULL when capacity is 0. *total is the number of samples in the recording. Either of count and total may be
     * NULL. Samples whose payload cannot be read are left out. */
    k4a_result_t (*playback_read_imu_samples)(k4a_playback_t playback,
                                              size_t first,
                                              size_t capacity,
                                              k4a_imu_sample_t *samples,
                                              size_t *count,
                                              size_t *total);

    /* ---- playback: damage ---- */

    /* What is known so far to be wrong with the file (grows as the file is read). text: one line for people. */
    k4a_result_t (*playback_get_damage)(k4a_playback_t playback, k4a_rp_damage_t *damage);
    k4a_buffer_result_t (*playback_get_damage_text)(k4a_playback_t playback, char *text, size_t *size);

    /* ---- geometry: the point functions of k4a.h on arrays. Coordinates lie together: x, y or x, y, z. Where a result
     * is not valid its coordinates are NaN and valid[i], where valid is not NULL, is 0. ---- */

    k4a_result_t (*calibration_points_3d_to_3d)(const k4a_calibration_t *calibration,
                                                k4a_calibration_type_t source_camera,
                                                k4a_calibration_type_t target_camera,
                                                size_t count,
                                                const float *source_points3d_mm,
                                                float *target_points3d_mm);
    k4a_result_t (*calibration_points_2d_to_3d)(const k4a_calibration_t *calibration,
                                                k4a_calibration_type_t source_camera,
                                                k4a_calibration_type_t target_camera,
                                                size_t count,
                                                const float *source_points2d,
                                                const float *source_depths_mm,
                                                float *target_points3d_mm,
                                                uint8_t *valid);
    k4a_result_t (*calibration_points_3d_to_2d)(const k4a_calibration_t *calibration,
                                                k4a_calibration_type_t source_camera,
                                                k4a_calibration_type_t target_camera,
                                                size_t count,
                                                const float *source_points3d_mm,
                                                float *target_points2d,
                                                uint8_t *valid);
    k4a_result_t (*calibration_points_2d_to_2d)(const k4a_calibration_t *calibration,
                                                k4a_calibration_type_t source_camera,
                                                k4a_calibration_type_t target_camera,
                                                size_t count,
                                                const float *source_points2d,
                                                const float *source_depths_mm,
                                                float *target_points2d,
                                                uint8_t *valid);
    k4a_result_t (*calibration_points_color_2d_to_depth_2d)(const k4a_calibration_t *calibration,
                                                            size_t count,
                                                            const float *source_points2d,
                                                            k4a_image_t depth_image,
                                                            float *target_points2d,
                                                            uint8_t *valid);
    /* The ray (X/Z, Y/Z) of every pixel of a camera, row by row; NaN, NaN where a pixel has none. `count` is how many
     * rays there is room for: width times height of the camera. */
    k4a_result_t (*calibration_get_rays)(const k4a_calibration_t *calibration,
                                         k4a_calibration_type_t camera,
                                         float *rays,
                                         size_t count);
    /* k4a_transformation_depth_image_to_point_cloud() in metres and without rounding: x, y, z of every pixel, row by
     * row; three times NaN where there is no depth or the pixel has no ray. `count` is how many points there is room
     * for: width times height of the camera. */
    k4a_result_t (*transformation_depth_image_to_points)(k4a_transformation_t transformation_handle,
                                                         k4a_image_t depth_image,
                                                         k4a_calibration_type_t camera,
                                                         float *points_m,
                                                         size_t count);

    /* How many threads work on one call of the geometry functions, the caller among them. 0: the default, one per
     * core. Results do not depend on it. */
    uint32_t (*get_thread_count)(void);
    void (*set_thread_count)(uint32_t count);

    /* ---- recorder ---- */

    /* Before the header. */
    k4a_result_t (*record_get_options)(k4a_record_t recording, k4a_rp_record_options_t *options);
    k4a_result_t (*record_set_options)(k4a_record_t recording, const k4a_rp_record_options_t *options);
    /* What k4a_record_create() stores of its device, for a device of another library: to be called right after it.
     * serial_number may be NULL, calibration too when its size is 0. */
    k4a_result_t (*record_set_device)(k4a_record_t recording,
                                      const k4a_hardware_version_t *version,
                                      const char *serial_number,
                                      const uint8_t *calibration,
                                      size_t calibration_size);

    /* At any time. text: why writing failed; empty when it did not. */
    k4a_result_t (*record_get_state)(k4a_record_t recording, k4a_rp_record_state_t *state);
    k4a_buffer_result_t (*record_get_error_text)(k4a_record_t recording, char *text, size_t *size);
    /* Completes the file as k4a_record_close() does and tells whether all of it was written; the handle stays valid
     * for the two calls above until it is closed. */
    k4a_result_t (*record_finish)(k4a_record_t recording);

    /* ---- colour. Images may be of any of the colour formats; MJPG needs a build with a JPEG codec. ---- */

    /* Colour images that captures of this playback were asked for and did not have: with a conversion on, a picture
     * that is damaged costs the colour image of its capture. */
    k4a_result_t (*playback_get_damaged_color_count)(k4a_playback_t playback, uint64_t *count);

    /* A new image of another colour format with the same attributes. To MJPG: with quality 95. */
    k4a_result_t (*image_convert)(k4a_image_t image_handle, k4a_image_format_t format, k4a_image_t *converted_handle);
    /* A new MJPG image with the same attributes; quality 1 to 100. */
    k4a_result_t (*image_encode_jpeg)(k4a_image_t image_handle, int quality, k4a_image_t *jpeg_handle);
    /* The pixels of a colour image into memory of the caller's: size bytes, rows of stride_bytes. */
    k4a_result_t (*image_read_pixels)(k4a_image_t image_handle,
                                      k4a_rp_pixels_t layout,
                                      uint8_t *pixels,
                                      size_t size,
                                      size_t stride_bytes);
    /* A 16-bit image (DEPTH16, IR16, CUSTOM16) as colours of 3 bytes: color_map holds 256 of them (768 bytes), for
     * values from low to high; 0 means no data and stays black. */
    k4a_result_t (*image_colorize)(k4a_image_t image_handle,
                                   uint16_t low,
                                   uint16_t high,
                                   const uint8_t *color_map,
                                   uint8_t *pixels,
                                   size_t size,
                                   size_t stride_bytes);

    /* ---- reading ahead ---- */

    k4a_result_t (*prefetch_create)(k4a_playback_t playback,
                                    const k4a_rp_prefetch_options_t *options,
                                    k4a_rp_prefetch_t *prefetch_handle);
    /* The next capture, in order. FAILED: that capture cannot be read (the next one may), or the playback is closed.
     * timeout_in_ms as in k4a_device_get_capture. */
    k4a_rp_prefetch_result_t (*prefetch_next)(k4a_rp_prefetch_t prefetch_handle,
                                              int32_t timeout_in_ms,
                                              k4a_capture_t *capture_handle);
    /* Stops the threads and waits for them. May be called after the playback has been closed. */
    void (*prefetch_destroy)(k4a_rp_prefetch_t prefetch_handle);

    /* ---- whole recordings. Nothing is decoded; options, go_on and report may be NULL. ---- */

    /* Writes frames, calibration, tags and custom tracks with their exact device timestamps into a new file. */
    k4a_result_t (*recording_copy)(const char *source,
                                   const char *target,
                                   const k4a_rp_copy_options_t *options,
                                   k4a_rp_go_on_cb_t *go_on,
                                   void *context,
                                   k4a_rp_recording_report_t *report);
    /* A complete recording of all that can be read. target NULL: in place; the file is replaced in one step when the
     * new one is complete and on the disk. overwrite 1: so is a target that is there. */
    k4a_result_t (*recording_repair)(const char *source,
                                     const char *target,
                                     uint32_t overwrite,
                                     k4a_rp_go_on_cb_t *go_on,
                                     void *context,
                                     k4a_rp_recording_report_t *report);
    /* Reads everything: checksums, timestamps, sizes. FAILED: it cannot even be opened. text: a line for each problem,
     * as many as fit in *size bytes; may be NULL. */
    k4a_result_t (*recording_verify)(const char *path,
                                     k4a_rp_go_on_cb_t *go_on,
                                     void *context,
                                     k4a_rp_recording_report_t *report,
                                     char *text,
                                     size_t *size);

    /* ---- simulated devices ---- */

    /* Plugs in one more device, opens it and unplugs it again when it is closed. source: "scene", "scene:SEED" (0 to
     * 4294967295) or the path of a recording. options may be NULL. */
    k4a_result_t (*simulated_device_open)(const char *source,
                                          const k4a_rp_simulated_options_t *options,
                                          k4a_device_t *device_handle);
    /* As if somebody pulled the cable: who waits gets FAILED, and so does everything but closing from now on. */
    k4a_result_t (*simulated_device_unplug)(k4a_device_t device_handle);
    /* Whether getting a capture (a sample) has FAILED since the start because the recording has no more of them; what
     * else made it fail is damage of the recording. FAILED: the device is unplugged. */
    k4a_result_t (*simulated_device_has_ended)(k4a_device_t device_handle, bool *captures, bool *imu_samples);
} k4a_rp_extensions_t;

/* The table, or NULL when this library is older than `version`. The table lives as long as the library. */
#if defined(_WIN32) && defined(K4A_RP_BUILDING)
__declspec(dllexport)
#elif defined(_WIN32)
__declspec(dllimport)
#else
__attribute__((visibility("default")))
#endif
const k4a_rp_extensions_t *k4a_rp_get_extensions(uint32_t version);

#ifdef __cplusplus
}
#endif

#endif /* K4A_RP_H */
