#include "pictures.hpp"

#include "core/parallel.hpp"

#include <cstdlib>

using namespace k4a_rp;

namespace pictures
{

Bytes random_bytes(size_t size, unsigned seed)
{
    std::mt19937 random(seed);
    Bytes bytes(size);
    for (uint8_t &byte : bytes)
    {
        byte = static_cast<uint8_t>(random());
    }
    return bytes;
}

Bytes scene(int width, int height, unsigned seed)
{
    std::mt19937 random(seed);
    Bytes bgra;
    bgra.reserve(static_cast<size_t>(width) * static_cast<size_t>(height) * 4);
    for (int y = 0; y < height; ++y)
    {
        for (int x = 0; x < width; ++x)
        {
            const bool inside = (x / 23 + y / 17 + static_cast<int>(seed)) % 3 == 0;
            const int noise = static_cast<int>(random() % 16);
            bgra.push_back(static_cast<uint8_t>((inside ? 200 : 20) + noise));
            bgra.push_back(static_cast<uint8_t>((x * 255 / width + noise) & 255));
            bgra.push_back(static_cast<uint8_t>((y * 255 / height + noise) & 255));
            bgra.push_back(255);
        }
    }
    return bgra;
}

Bytes jpeg(int width, int height, const std::string &restart, unsigned seed, int quality)
{
    need_codec();
#ifdef _WIN32
    _putenv_s("TJ_RESTART", restart.c_str());
#else
    setenv("TJ_RESTART", restart.c_str(), 1);
#endif
    const Bytes pixels = scene(width, height, seed);
    const size_t stride = static_cast<size_t>(width) * 4;
    const std::vector<uint8_t> file = encode_jpeg(pixels.data(), PixelLayout::bgra, width, height, stride, quality);
    return Bytes(file.begin(), file.end());
}

Decoded decode(const Bytes &file, int width, int height, unsigned threads, PixelLayout layout)
{
    set_thread_count(threads);
    const size_t stride = static_cast<size_t>(width) * static_cast<size_t>(bytes_per_pixel(layout));
    Decoded decoded;
    decoded.pixels = Bytes(stride * static_cast<size_t>(height));
    decoded.failure = check::thrown_text([&] {
        decode_jpeg(file.data(), file.size(), width, height, layout, decoded.pixels.data(), stride);
    });
    set_thread_count(0);
    return decoded;
}

ebml::RecordingSpec recording(const std::vector<Bytes> &pictures)
{
    ebml::SampleOptions options;
    options.captures = pictures.size();
    options.color_width = 320;
    options.color_height = 240;
    ebml::RecordingSpec spec = ebml::sample(options);
    size_t next = 0;
    for (ebml::ClusterSpec &cluster : spec.clusters)
    {
        for (ebml::BlockSpec &block : cluster.blocks)
        {
            if (block.track == spec.tracks[0].number)
            {
                block.payload = pictures[next++];
            }
        }
    }
    REQUIRE(next == pictures.size());
    return spec;
}

} // namespace pictures
