#include "image/jpeg.hpp"

#include "core/buffer.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "image/jpeg_split.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

namespace k4a_rp
{

namespace
{

// Below this a second thread costs more than it saves.
constexpr int fewest_pixels_to_split = 320 * 240;
constexpr unsigned most_parts = 8;

struct CloseCodec
{
    void operator()(void *codec) const { tjDestroy(codec); }
};
using Codec = std::unique_ptr<void, CloseCodec>;

// One for each thread: opening costs more than decoding a small picture.
thread_local Codec thread_decoder;

tjhandle decoder()
{
    Codec &codec = thread_decoder;
    if (!codec)
    {
        codec.reset(tjInitDecompress());
    }
    if (!codec)
    {
        fail("the JPEG decoder cannot be started: %s", tjGetErrorStr2(nullptr));
    }
    return codec.get();
}

// What went wrong. The decoder is given up: after a failure it may still be in the middle of the damaged file.
std::string take_failure()
{
    const std::string text = std::string("the JPEG picture is damaged: ") + tjGetErrorStr2(thread_decoder.get());
    thread_decoder.reset();
    return text;
}

thread_local bool alone = false;

int pixel_format(PixelLayout layout)
{
    switch (layout)
    {
    case PixelLayout::bgra:
        return TJPF_BGRA;
    case PixelLayout::rgb:
        return TJPF_RGB;
    case PixelLayout::bgr:
        return TJPF_BGR;
    case PixelLayout::gray:
        return TJPF_GRAY;
    }
    return TJPF_BGRA;
}

// Where pixels go.
struct Target
{
    int width;
    int height;
    PixelLayout layout;
    uint8_t *pixels;
    size_t stride;
};

// Empty, or what is wrong.
std::string decode(const uint8_t *data, size_t size, const Target &target)
{
#ifdef TJFLAG_LIMITSCANS
    constexpr int flags = TJFLAG_FASTDCT | TJFLAG_FASTUPSAMPLE | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
#else
    constexpr int flags = TJFLAG_FASTDCT | TJFLAG_FASTUPSAMPLE | TJFLAG_STOPONWARNING;
#endif
    const int status = tjDecompress2(decoder(),
                                     data,
                                     static_cast<unsigned long>(size),
                                     target.pixels,
                                     target.width,
                                     static_cast<int>(target.stride),
                                     target.height,
                                     pixel_format(target.layout),
                                     flags);
    return status == 0 ? std::string() : take_failure();
}

// False: not possible, or a part is damaged. How many parts there are does not depend on the threads, see decode_jpeg.
bool decode_in_parts(const uint8_t *data, size_t size, const Target &target)
{
    if (target.width * target.height < fewest_pixels_to_split)
    {
        return false;
    }
    const JpegSplit split = split_jpeg(data, size, most_parts);
    std::atomic<bool> good{!split.parts.empty()};
    parallel_for(split.parts.size(), [&](size_t i) {
        try
        {
            const JpegPart &part = split.parts[i];
            const Buffer file(jpeg_part_size(split, part));
            write_jpeg_part(data, split, part, file.data());
            Target rows = target;
            rows.height = part.rows;
            rows.pixels += static_cast<size_t>(part.first_row) * target.stride;
            if (!decode(file.data(), jpeg_part_size(split, part), rows).empty())
            {
                good = false;
            }
        }
        catch (const std::exception &)
        {
            good = false;
        }
    });
    return good;
}

} // namespace

bool have_jpeg()
{
    return true;
}

const char *jpeg_name()
{
    return K4A_RP_JPEG_NAME;
}

const char *no_jpeg_reason()
{
    return "";
}

void check_jpeg(const uint8_t *data, size_t size, int width, int height)
{
    int stored_width = 0;
    int stored_height = 0;
    int subsampling = 0;
    int colorspace = 0;
    const unsigned long bytes = static_cast<unsigned long>(size);
    if (tjDecompressHeader3(decoder(), data, bytes, &stored_width, &stored_height, &subsampling, &colorspace) != 0)
    {
        throw Error(take_failure());
    }
    if (stored_width != width || stored_height != height)
    {
        fail("the JPEG picture has %d x %d pixels, not %d x %d", stored_width, stored_height, width, height);
    }
}

void decode_jpeg(const uint8_t *data,
                 size_t size,
                 int width,
                 int height,
                 PixelLayout layout,
                 uint8_t *target,
                 size_t stride)
{
    check_jpeg(data, size, width, height);
    if (stride > INT32_MAX)
    {
        fail("rows of %zu bytes are too long", stride);
    }
    const Target whole = {width, height, layout, target, stride};
    // A damaged picture may pass in one way and not in the other: bytes too many before a restart marker are noticed
    // only where the marker is not the end of a part. It is enough to pass in one, so that threads change nothing.
    const bool threaded = !alone && thread_count() > 1;
    if (threaded && decode_in_parts(data, size, whole))
    {
        return;
    }
    const std::string problem = decode(data, size, whole);
    if (!problem.empty() && (threaded || !decode_in_parts(data, size, whole)))
    {
        throw Error(problem);
    }
}

DecodeAlone::DecodeAlone()
{
    alone = true;
}

DecodeAlone::~DecodeAlone()
{
    alone = false;
}

std::vector<uint8_t>
encode_jpeg(const uint8_t *pixels, PixelLayout layout, int width, int height, size_t stride, int quality)
{
    if (quality < 1 || quality > 100)
    {
        fail("a JPEG quality of %d does not exist: it goes from 1 to 100", quality);
    }
    const bool gray = layout == PixelLayout::gray;
    const int subsampling = gray ? TJSAMP_GRAY : TJSAMP_422;
    const Codec codec(tjInitCompress());
    std::vector<uint8_t> file(tjBufSize(width, height, subsampling));
    uint8_t *out = file.data();
    unsigned long size = static_cast<unsigned long>(file.size());
    if (!codec || tjCompress2(codec.get(),
                              pixels,
                              width,
                              static_cast<int>(stride),
                              height,
                              pixel_format(layout),
                              &out,
                              &size,
                              subsampling,
                              quality,
                              TJFLAG_NOREALLOC) != 0)
    {
        fail("a picture of %d x %d pixels cannot be encoded: %s", width, height, tjGetErrorStr2(codec.get()));
    }
    file.resize(size);
    return file;
}

} // namespace k4a_rp
