#include "recording/image_source.hpp"

#include "core/bytes.hpp"
#include "core/error.hpp"
#include "image/color_convert.hpp"

#include <algorithm>
#include <cinttypes>

namespace k4a_rp
{

namespace
{

class StoredPixels : public PixelSource
{
public:
    StoredPixels(std::shared_ptr<const File> file, uint64_t offset, size_t size, Storage storage)
        : file_(std::move(file)), offset_(offset), size_(size), storage_(storage)
    {
    }

    size_t size() const { return size_; }

    Buffer load() override
    {
        Buffer buffer(size_);
        // In pieces that stay in the cache between being read and being swapped. Even, so that no word is split.
        constexpr size_t piece = 128 * 1024;
        const size_t step = storage_ == Storage::big_endian_16 ? piece : std::max<size_t>(size_, 1);
        for (size_t done = 0; done < size_; done += step)
        {
            const size_t bytes = std::min(step, size_ - done);
            const size_t got = file_->read_at(offset_ + done, buffer.data() + done, bytes);
            if (got != bytes)
            {
                fail("%s is shorter than it was: no data at %" PRIu64, file_->path().c_str(), offset_ + done + got);
            }
            if (storage_ == Storage::big_endian_16)
            {
                swap_bytes_16(buffer.data() + done, bytes);
            }
        }
        return buffer;
    }

private:
    std::shared_ptr<const File> file_;
    uint64_t offset_;
    size_t size_;
    Storage storage_;
};

class ConvertedPixels : public PixelSource
{
public:
    ConvertedPixels(StoredPixels stored, const CameraTrack &from, uint64_t time_usec, const ColorRequest &request)
        : stored_(std::move(stored)), format_(from.format), width_(from.width), height_(from.height),
          time_usec_(time_usec), request_(request)
    {
    }

    Buffer load() override
    {
        const Buffer source = stored_.load();
        const size_t stride = static_cast<size_t>(minimum_stride(format_, width_));
        const Picture picture = {format_, width_, height_, stride, source.data(), stored_.size()};
        try
        {
            check_convertible(picture, request_.format);
            Buffer target(color_image_size(request_.format, width_, height_));
            convert_color(picture, request_.format, target.data());
            return target;
        }
        catch (const Error &error)
        {
            request_.damaged->fetch_add(1, std::memory_order_relaxed);
            fail("the colour image of %" PRIu64 " usec is left out: %s", time_usec_, error.what());
        }
    }

private:
    StoredPixels stored_;
    k4a_image_format_t format_;
    int width_;
    int height_;
    uint64_t time_usec_;
    ColorRequest request_;
};

// A laced block is an image as long as it has just one frame.
mkv::Frame only_frame(const File &file, const CameraTrack &camera, const mkv::Block &block)
{
    mkv::Frame frame{0, static_cast<size_t>(block.size)};
    if (block.lacing == mkv::Lacing::none)
    {
        return frame;
    }
    uint8_t count = 0;
    if (block.size == 0 || file.read_at(block.offset, &count, 1) != 1 || count != 0)
    {
        fail("the block at %" PRIu64 " of the track %s holds %d frames; an image is one",
             block.offset,
             camera.track->name.c_str(),
             count + 1);
    }
    return {1, frame.size - 1};
}

} // namespace

Ref<Image> make_image(const std::shared_ptr<const File> &file,
                      const CameraTrack &camera,
                      const mkv::Block &block,
                      uint64_t start_offset_ns,
                      const ColorRequest *color)
{
    if (camera.storage == Storage::unreadable)
    {
        fail("the track %s is stored in a format that it cannot have", camera.track->name.c_str());
    }
    const mkv::Frame frame = only_frame(*file, camera, block);
    if (frame.size == 0 || camera.width == 0 || camera.height == 0)
    {
        fail("the block at %" PRIu64 " of the track %s holds no image (%zu bytes for %d x %d pixels)",
             block.offset,
             camera.track->name.c_str(),
             frame.size,
             camera.width,
             camera.height);
    }
    ImageShape shape{camera.format, camera.width, camera.height, 0};
    const bool convert =
        color != nullptr && color->format != K4A_IMAGE_FORMAT_CUSTOM && color->format != camera.format;
    if (convert)
    {
        shape.format = color->format;
    }
    shape.stride = minimum_stride(shape.format, shape.width);

    const uint64_t time_usec = static_cast<uint64_t>(block.time_ns / 1000) + start_offset_ns / 1000;
    StoredPixels stored(file, block.offset + frame.offset, frame.size, camera.storage);
    Ref<Image> image;
    if (convert)
    {
        const size_t size = color_image_size(shape.format, shape.width, shape.height);
        image = Image::lazy(
            shape, size, std::make_unique<ConvertedPixels>(std::move(stored), camera, time_usec, *color));
        image->require_pixels();
    }
    else
    {
        image = Image::lazy(shape, frame.size, std::make_unique<StoredPixels>(std::move(stored)));
    }
    image->attributes.device_timestamp_usec = time_usec;
    return image;
}

} // namespace k4a_rp
