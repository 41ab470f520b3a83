// How a block is split into frames.
#include "check.hpp"
#include "ebml_writer.hpp"
#include "mkv/cluster.hpp"

using namespace k4a_rp::mkv;
using ebml::Bytes;

static std::vector<Bytes> split(Lacing lacing, const Bytes &payload)
{
    std::vector<Frame> frames;
    if (!split_laces(lacing, payload.data(), payload.size(), &frames))
    {
        return {};
    }
    std::vector<Bytes> contents;
    for (const Frame &frame : frames)
    {
        const auto at = payload.begin() + static_cast<std::ptrdiff_t>(frame.offset);
        contents.emplace_back(at, at + static_cast<std::ptrdiff_t>(frame.size));
    }
    return contents;
}

static std::vector<Bytes> frames_of_sizes(const std::vector<size_t> &sizes)
{
    std::vector<Bytes> frames;
    for (size_t i = 0; i < sizes.size(); ++i)
    {
        frames.push_back(ebml::frame_payload(1, i, sizes[i]));
    }
    return frames;
}

TEST(lacing, block_without_lacing_is_one_frame)
{
    const Bytes payload = ebml::frame_payload(1, 0, 33);
    CHECK_EQUAL(split(Lacing::none, payload), std::vector<Bytes>{payload});
    CHECK_EQUAL(split(Lacing::none, {}), std::vector<Bytes>{Bytes()});
}

TEST(lacing, xiph_sizes_around_255_are_read)
{
    const std::vector<Bytes> frames = frames_of_sizes({0, 1, 254, 255, 256, 509, 510, 511, 0, 7});
    CHECK_EQUAL(split(Lacing::xiph, ebml::laced(ebml::lacing_xiph, frames)), frames);
}

TEST(lacing, ebml_sizes_that_grow_and_shrink_are_read)
{
    const std::vector<Bytes> frames = frames_of_sizes({500, 0, 8000, 1, 1, 127, 126, 3});
    CHECK_EQUAL(split(Lacing::ebml, ebml::laced(ebml::lacing_ebml, frames)), frames);
}

TEST(lacing, ebml_difference_of_every_length_is_read)
{
    // The bias that makes a difference of n bytes positive is 2^(7n-1) - 1.
    for (size_t length = 1; length <= 8; ++length)
    {
        for (const int64_t change : {-2, 0, 3})
        {
            const uint64_t biased = static_cast<uint64_t>(change + (int64_t(1) << (7 * length - 1)) - 1);
            const Bytes payload = Bytes{2} + ebml::size_number(4) + ebml::size_number(biased, length) + Bytes(12, 0xAB);
            const std::vector<Bytes> frames = split(Lacing::ebml, payload);
            REQUIRE(frames.size() == 3);
            CHECK_EQUAL(frames[0].size(), 4);
            CHECK_EQUAL(frames[1].size(), 4 + change);
            CHECK_EQUAL(frames[2].size(), 4 - change);
        }
    }
}

TEST(lacing, fixed_sizes_divide_the_payload)
{
    const std::vector<Bytes> frames = frames_of_sizes({40, 40, 40});
    CHECK_EQUAL(split(Lacing::fixed, ebml::laced(ebml::lacing_fixed, frames)), frames);
    CHECK_EQUAL(split(Lacing::fixed, {255}).size(), 256); // frames of no bytes
}

TEST(lacing, most_frames_in_one_block_are_256)
{
    const std::vector<Bytes> frames = frames_of_sizes(std::vector<size_t>(256, 3));
    for (const uint8_t flags : {ebml::lacing_xiph, ebml::lacing_fixed, ebml::lacing_ebml})
    {
        CHECK_EQUAL(split(static_cast<Lacing>(flags >> 1), ebml::laced(flags, frames)), frames);
    }
}

TEST(lacing, sizes_that_do_not_fit_are_refused)
{
    for (const Lacing lacing : {Lacing::xiph, Lacing::fixed, Lacing::ebml})
    {
        CHECK(split(lacing, {}).empty());
    }
    CHECK(split(Lacing::fixed, Bytes{2} + Bytes(7)).empty());            // 7 bytes are no 3 equal frames
    CHECK(split(Lacing::xiph, Bytes{1, 6} + Bytes(5)).empty());          // 6 of 5 bytes
    CHECK(split(Lacing::xiph, Bytes{1, 255, 255, 255}).empty());         // a size without an end
    CHECK(split(Lacing::xiph, Bytes{3, 1, 1}).empty());                  // sizes missing
    CHECK(split(Lacing::ebml, Bytes{1, 0x86} + Bytes(5)).empty());       // 6 of 5 bytes
    CHECK(split(Lacing::ebml, Bytes{2, 0x84, 0x80} + Bytes(9)).empty()); // the second size is negative
    CHECK(split(Lacing::ebml, Bytes{2, 0x84, 0x00} + Bytes(9)).empty()); // no number
    CHECK(split(Lacing::ebml, Bytes{2, 0x84, 0x40}).empty());            // a number cut off
    CHECK(split(Lacing::ebml, Bytes{1} + ebml::size_number((uint64_t(1) << 56) - 2, 8)).empty());
}

TEST(lacing, payload_cut_anywhere_never_gives_bytes_behind_it)
{
    const std::vector<Bytes> frames = frames_of_sizes({300, 2, 77, 0, 500});
    for (const uint8_t flags : {ebml::lacing_xiph, ebml::lacing_ebml})
    {
        const Bytes whole = ebml::laced(flags, frames);
        for (size_t length = 0; length < whole.size(); ++length)
        {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            std::vector<Frame> places;
            if (!split_laces(static_cast<Lacing>(flags >> 1), cut.data(), cut.size(), &places))
            {
                continue;
            }
            for (const Frame &place : places)
            {
                CHECK(place.offset <= length && place.size <= length - place.offset);
            }
        }
    }
}
