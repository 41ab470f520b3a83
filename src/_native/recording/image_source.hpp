// Images whose pixels still lie in a recording.
#pragma once

#include "core/file.hpp"
#include "image/image.hpp"
#include "mkv/cluster.hpp"
#include "recording/metadata.hpp"

#include <memory>

namespace k4a_rp
{

// The image of a camera block. `target` is the colour format asked for; CUSTOM: as stored. Throws Error when the block
// cannot be an image of this track.
Ref<Image> make_image(const std::shared_ptr<const File> &file,
                      const CameraTrack &camera,
                      const mkv::Block &block,
                      uint64_t start_offset_ns,
                      k4a_image_format_t target);

} // namespace k4a_rp
