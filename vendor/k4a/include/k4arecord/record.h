/*
 * record.h - the 12 functions that write a recording.
 *
 * Own text of pyk4a_rp. Order of calls: create, add_*, write_header, write_*, flush at will, close.
 */
#ifndef K4ARECORD_RECORD_H
#define K4ARECORD_RECORD_H

#include <k4a/k4a_export.h>
#include <k4a/k4atypes.h>
#include <k4arecord/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* device may be NULL (no calibration, serial number or firmware versions are stored then). Keep path alive until
 * the recording is closed: some implementations do not copy it. */
K4ARECORD_EXPORT k4a_result_t k4a_record_create(const char *path,
                                                k4a_device_t device,
                                                const k4a_device_configuration_t device_config,
                                                k4a_record_t *recording_handle);

/* ---- before the header ---- */

K4ARECORD_EXPORT k4a_result_t k4a_record_add_tag(k4a_record_t recording_handle, const char *name, const char *value);
K4ARECORD_EXPORT k4a_result_t k4a_record_add_imu_track(k4a_record_t recording_handle);
K4ARECORD_EXPORT k4a_result_t k4a_record_add_attachment(const k4a_record_t recording_handle,
                                                        const char *attachment_name,
                                                        const uint8_t *buffer,
                                                        size_t buffer_size);
K4ARECORD_EXPORT k4a_result_t k4a_record_add_custom_video_track(const k4a_record_t recording_handle,
                                                                const char *track_name,
                                                                const char *codec_id,
                                                                const uint8_t *codec_context,
                                                                size_t codec_context_size,
                                                                const k4a_record_video_settings_t *track_settings);
/* track_settings may be NULL. */
K4ARECORD_EXPORT k4a_result_t
k4a_record_add_custom_subtitle_track(const k4a_record_t recording_handle,
                                     const char *track_name,
                                     const char *codec_id,
                                     const uint8_t *codec_context,
                                     size_t codec_context_size,
                                     const k4a_record_subtitle_settings_t *track_settings);

K4ARECORD_EXPORT k4a_result_t k4a_record_write_header(k4a_record_t recording_handle);

/* ---- data: may be written from several threads at once ---- */

K4ARECORD_EXPORT k4a_result_t k4a_record_write_capture(k4a_record_t recording_handle, k4a_capture_t capture_handle);
K4ARECORD_EXPORT k4a_result_t k4a_record_write_imu_sample(k4a_record_t recording_handle, k4a_imu_sample_t imu_sample);
K4ARECORD_EXPORT k4a_result_t k4a_record_write_custom_track_data(const k4a_record_t recording_handle,
                                                                 const char *track_name,
                                                                 uint64_t device_timestamp_usec,
                                                                 uint8_t *custom_data,
                                                                 size_t custom_data_size);

K4ARECORD_EXPORT k4a_result_t k4a_record_flush(k4a_record_t recording_handle);
K4ARECORD_EXPORT void k4a_record_close(k4a_record_t recording_handle);

#ifdef __cplusplus
}
#endif

#endif /* K4ARECORD_RECORD_H */
