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
    ConvertedPixels(StoredPixels stored, k4a_image_format_t from, const ImageShape &to)
        : stored_(std::move(stored)), from_(from), to_(to)
    {
    }

    Buffer load() override
    {
        const Buffer source = stored_.load();
        Buffer target(color_image_size(to_.format, to_.width, to_.height));
        convert_color(from_, to_.format, source.data(), target.data(), to_.width, to_.height);
        return target;
    }

private:
    StoredPixels stored_;
    k4a_image_format_t from_;
    ImageShape to_;
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
                      k4a_image_format_t target)
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
    const bool convert = target != K4A_IMAGE_FORMAT_CUSTOM && target != camera.format;
    if (convert)
    {
        shape.format = target;
    }
    shape.stride = minimum_stride(shape.format, shape.width);

    StoredPixels stored(file, block.offset + frame.offset, frame.size, camera.storage);
    Ref<Image> image;
    if (convert)
    {
        const size_t needed = color_image_size(camera.format, shape.width, shape.height);
        if (frame.size < needed)
        {
            fail("a colour image of %zu bytes cannot be converted: %d x %d pixels need %zu",
                 frame.size,
                 shape.width,
                 shape.height,
                 needed);
        }
        const size_t size = color_image_size(shape.format, shape.width, shape.height);
        image = Image::lazy(shape, size, std::make_unique<ConvertedPixels>(std::move(stored), camera.format, shape));
    }
    else
    {
        image = Image::lazy(shape, frame.size, std::make_unique<StoredPixels>(std::move(stored)));
    }
    image->attributes.device_timestamp_usec = static_cast<uint64_t>(block.time_ns / 1000) + start_offset_ns / 1000;
    return image;
}

} // namespace k4a_rp
