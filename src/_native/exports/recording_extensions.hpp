// The members of the table of k4a_rp.h that work on whole recordings.
#pragma once

#include <k4a_rp/k4a_rp.h>

namespace k4a_rp
{

k4a_result_t recording_copy(const char *source,
                            const char *target,
                            const k4a_rp_copy_options_t *options,
                            k4a_rp_go_on_cb_t *go_on,
                            void *context,
                            k4a_rp_recording_report_t *report);
k4a_result_t recording_repair(const char *source,
                              const char *target,
                              uint32_t overwrite,
                              k4a_rp_go_on_cb_t *go_on,
                              void *context,
                              k4a_rp_recording_report_t *report);
k4a_result_t recording_verify(const char *path,
                              k4a_rp_go_on_cb_t *go_on,
                              void *context,
                              k4a_rp_recording_report_t *report,
                              char *text,
                              size_t *size);

} // namespace k4a_rp
