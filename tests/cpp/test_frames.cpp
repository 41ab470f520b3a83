// FrameCursor: frame by frame through a track whose blocks hold several, in both directions.
#include "check.hpp"
#include "recording/frame_cursor.hpp"
#include "temp_file.hpp"

using namespace k4a_rp;
using ebml::Bytes;

namespace
{

constexpr uint64_t notes = 5; // the custom track of ebml::sample(): three frames in each block

struct Opened
{
    explicit Opened(const Bytes &bytes)
        : file(bytes), document(file.open()), reader(document), cursor(reader, *document.file(), notes)
    {
    }
    TempFile file;
    mkv::Document document;
    mkv::BlockReader reader;
    FrameCursor cursor;

    std::string step(bool forward)
    {
        TrackFrame frame;
        if (!(forward ? cursor.next(&frame) : cursor.previous(&frame)))
        {
            return "end";
        }
        return std::to_string(frame.time_ns / 1000) + " " +
               std::string(reinterpret_cast<const char *>(frame.data), frame.size);
    }
    std::string next() { return step(true); }
    std::string previous() { return step(false); }
};

Bytes two_blocks()
{
    ebml::SampleOptions options;
    options.captures = 2;
    return ebml::write(ebml::sample(options)).bytes;
}

} // namespace

// Block times are 300 and 33633; the three frames of one are spread over its duration of 2001 ticks: 0, 1000, 2000.
TEST(frames, forwards_and_backwards_give_the_same_frames)
{
    Opened opened(two_blocks());
    const std::vector<std::string> expected = {"300 note 0", "1300 ", "2300 note 0 again",
                                               "33633 note 1", "34633 ", "35633 note 1 again"};
    for (int round = 0; round < 2; ++round)
    {
        for (const std::string &frame : expected)
        {
            CHECK_EQUAL(opened.next(), frame);
        }
        CHECK_EQUAL(opened.next(), std::string("end"));
        CHECK_EQUAL(opened.next(), std::string("end"));
        for (auto frame = expected.rbegin(); frame != expected.rend(); ++frame)
        {
            CHECK_EQUAL(opened.previous(), *frame);
        }
        CHECK_EQUAL(opened.previous(), std::string("end"));
        CHECK_EQUAL(opened.previous(), std::string("end"));
    }
}

TEST(frames, turning_round_inside_a_block_steps_by_one_frame)
{
    Opened opened(two_blocks());
    CHECK_EQUAL(opened.next(), std::string("300 note 0"));
    CHECK_EQUAL(opened.next(), std::string("1300 "));
    CHECK_EQUAL(opened.previous(), std::string("300 note 0"));
    CHECK_EQUAL(opened.next(), std::string("1300 "));
    CHECK_EQUAL(opened.next(), std::string("2300 note 0 again"));
    CHECK_EQUAL(opened.next(), std::string("33633 note 1"));
    CHECK_EQUAL(opened.previous(), std::string("2300 note 0 again"));
}

TEST(frames, seek_goes_to_the_first_frame_at_or_after_the_time)
{
    Opened opened(two_blocks());
    struct
    {
        int64_t usec;
        const char *next;
        const char *previous;
    } const cases[] = {
        {0, "300 note 0", "end"},
        {300, "300 note 0", "end"},
        {301, "1300 ", "300 note 0"},
        {2300, "2300 note 0 again", "1300 "},
        {2301, "33633 note 1", "2300 note 0 again"},
        {35633, "35633 note 1 again", "34633 "},
        {35634, "end", "35633 note 1 again"},
        {1000000000, "end", "35633 note 1 again"},
    };
    for (const auto &one : cases)
    {
        opened.cursor.seek(one.usec * 1000);
        CHECK_EQUAL(opened.next(), std::string(one.next));
        opened.cursor.seek(one.usec * 1000);
        CHECK_EQUAL(opened.previous(), std::string(one.previous));
    }
}

TEST(frames, block_with_broken_lacing_fails_once_and_is_passed)
{
    ebml::SampleOptions options;
    options.captures = 3;
    ebml::RecordingSpec spec = ebml::sample(options);
    spec.clusters[1].blocks.back().payload = Bytes{200, 255, 255}; // 201 frames in two bytes
    for (const bool forward : {true, false})
    {
        Opened opened(ebml::write(spec).bytes);
        opened.cursor.seek(forward ? 0 : 1000000000);
        for (int i = 0; i < 3; ++i)
        {
            CHECK(opened.step(forward) != "end");
        }
        CHECK_THROWS("cannot be read or split", opened.step(forward));
        CHECK_EQUAL(opened.step(forward), std::string(forward ? "66966 note 2" : "2300 note 0 again"));
    }
}

TEST(frames, seek_behind_a_block_with_broken_lacing_finds_the_next)
{
    ebml::SampleOptions options;
    options.captures = 3;
    ebml::RecordingSpec spec = ebml::sample(options);
    spec.clusters[1].blocks.back().payload = Bytes{200, 255, 255};
    Opened opened(ebml::write(spec).bytes);
    opened.cursor.seek(40000000);
    CHECK_EQUAL(opened.next(), std::string("66966 note 2"));
}
