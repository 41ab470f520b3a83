// What a recording says about itself: which track is which camera, modes, delays, start offset.
#pragma once

#include "image/capture.hpp"
#include "mkv/document.hpp"

#include <k4arecord/types.h>

namespace k4a_rp
{

// How the pixels of a camera track are stored.
enum class Storage
{
    as_is,
    big_endian_16, // b16g
    unreadable     // a fourcc that this track cannot have: the file opens, reading the track fails
};

struct CameraTrack
{
    const mkv::Track *track = nullptr; // NULL: not recorded
    k4a_image_format_t format = K4A_IMAGE_FORMAT_CUSTOM;
    Storage storage = Storage::as_is;
    int width = 0;
    int height = 0;
    int64_t sync_delay_ns = 0; // added to block times before they are compared with other tracks
};

struct Metadata
{
    k4a_record_configuration_t configuration{};
    CameraTrack cameras[3]; // by Slot
    const mkv::Track *imu = nullptr;
    int64_t frame_period_ns = 0;
    uint64_t start_offset_ns = 0;
    bool has_start_offset = false;

    const CameraTrack &camera(Slot slot) const { return cameras[static_cast<size_t>(slot)]; }
};

// Throws Error where the SDK refuses to open the recording. The result points into `document`.
Metadata read_metadata(const mkv::Document &document);

const mkv::Tag *find_tag(const mkv::Document &document, const char *name);
const mkv::Track *find_track(const mkv::Document &document, const char *name);

// The attachment that holds the factory calibration, or NULL. May walk over the file.
const mkv::Attachment *find_calibration(mkv::Document &document);

} // namespace k4a_rp
