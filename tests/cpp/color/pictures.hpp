// Colour pictures for the tests.
#pragma once

#include "check.hpp"
#include "ebml_writer.hpp"
#include "image/jpeg.hpp"

#include <random>

namespace pictures
{

using ebml::Bytes;

Bytes random_bytes(size_t size, unsigned seed);

// BGRA with edges, slopes and some noise.
Bytes scene(int width, int height, unsigned seed = 1);

// A JPEG file of it. `restart` as libjpeg-turbo's TJ_RESTART has it: "1" after each row of blocks, "45B" after as many
// blocks, empty: no restart markers.
Bytes jpeg(int width, int height, const std::string &restart = "", unsigned seed = 1, int quality = 90);

// A picture of several threads' making; its text is the failure, if any.
struct Decoded
{
    Bytes pixels;
    std::string failure;
};
Decoded decode(const Bytes &file,
               int width,
               int height,
               unsigned threads,
               k4a_rp::PixelLayout layout = k4a_rp::PixelLayout::bgra);

// A recording whose colour is `pictures` of 320 x 240, one for each capture.
ebml::RecordingSpec recording(const std::vector<Bytes> &pictures);

inline void need_codec()
{
    if (!k4a_rp::have_jpeg())
    {
        throw check::Skip{"this build has no JPEG codec"};
    }
}

} // namespace pictures
