// Images whose pixels still lie in a recording.
#pragma once

#include "core/file.hpp"
#include "image/image.hpp"
#include "mkv/cluster.hpp"
#include "recording/metadata.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace k4a_rp
{

// What is asked of the colour images of a recording.
struct ColorRequest
{
    k4a_image_format_t format = K4A_IMAGE_FORMAT_CUSTOM; // CUSTOM: as stored
    // How many images could not be converted because they are damaged. Images may outlive the playback that counts.
    std::shared_ptr<std::atomic<uint64_t>> damaged = std::make_shared<std::atomic<uint64_t>>(0);
};

// The image of a camera block; `color` is for the colour track, NULL for the others. Throws Error when the block cannot
// be an image of this track.
//
// Converting, and decoding above all, is put off as reading is: until somebody asks the capture for the image, or a
// prefetching thread does. The SDK decodes in get_next_capture, and a damaged picture costs the capture with all its
// images. Here it costs that image alone: asked for it, the capture has none, one line is logged, `damaged` counts.
// So a program that looks at depth only pays nothing for the conversion, and one that wants colour sees what it would
// see if the picture had been decoded early.
Ref<Image> make_image(const std::shared_ptr<const File> &file,
                      const CameraTrack &camera,
                      const mkv::Block &block,
                      uint64_t start_offset_ns,
                      const ColorRequest *color);

} // namespace k4a_rp
