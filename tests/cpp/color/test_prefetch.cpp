// Reading ahead gives what reading one by one gives, and stops whenever it is told to.
#include "open_recording.hpp"
#include "pictures.hpp"
#include "recording/playback.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

using ebml::Bytes;

namespace
{

const k4a_rp_extensions_t *table()
{
    return OpenRecording::extensions();
}

class Ahead
{
public:
    explicit Ahead(const OpenRecording &recording, k4a_rp_prefetch_options_t options = {3, 2, 0, 0, 0, 0, 0})
    {
        REQUIRE(table()->prefetch_create(recording.handle(), &options, &handle_) == K4A_RESULT_SUCCEEDED);
    }
    ~Ahead() { table()->prefetch_destroy(handle_); }

    std::string next(int32_t timeout = K4A_WAIT_INFINITE) const
    {
        k4a_capture_t capture = nullptr;
        switch (table()->prefetch_next(handle_, timeout, &capture))
        {
        case K4A_RP_PREFETCH_EOF:
            return "eof";
        case K4A_RP_PREFETCH_FAILED:
            return "failed";
        case K4A_RP_PREFETCH_TIMEOUT:
            return "timeout";
        default:
            break;
        }
        const std::string text = OpenRecording::describe(capture);
        k4a_capture_release(capture);
        return text;
    }

    k4a_image_format_t next_color_format() const
    {
        k4a_capture_t capture = nullptr;
        REQUIRE(table()->prefetch_next(handle_, K4A_WAIT_INFINITE, &capture) == K4A_RP_PREFETCH_SUCCEEDED);
        const k4a_image_t image = k4a_capture_get_color_image(capture);
        REQUIRE(image != nullptr);
        const k4a_image_format_t format = k4a_image_get_format(image);
        k4a_image_release(image);
        k4a_capture_release(capture);
        return format;
    }

    std::vector<std::string> rest() const
    {
        std::vector<std::string> all;
        for (std::string one = next(); one != "eof"; one = next())
        {
            all.push_back(one);
            REQUIRE(all.size() < 100000);
        }
        return all;
    }

private:
    k4a_rp_prefetch_t handle_ = nullptr;
};

ebml::RecordingSpec sample(size_t captures)
{
    ebml::SampleOptions options;
    options.captures = captures;
    return ebml::sample(options);
}

} // namespace

TEST(prefetch, gives_the_captures_in_order)
{
    const OpenRecording recording(sample(200));
    const std::vector<std::string> expected = recording.rest(true);
    CHECK_EQUAL(expected.size(), 200);
    for (const k4a_rp_prefetch_options_t &options :
         {k4a_rp_prefetch_options_t{1, 1, 0, 0, 0, 0, 0},
          {1, 4, 0, 0, 0, 0, 0},
          {16, 3, 0, 0, 0, 0, 0},
          {0, 0, 2, 0, 0, 0, 0}})
    {
        REQUIRE(recording.seek(0));
        const Ahead ahead(recording, options);
        CHECK_EQUAL(ahead.rest(), expected);
        CHECK_EQUAL(ahead.next(), std::string("eof"));
        CHECK_EQUAL(recording.next(), std::string("eof"));
        CHECK_EQUAL(recording.previous(), expected.back());
    }
}

TEST(prefetch, leaves_the_playback_behind_the_last_capture_that_was_taken)
{
    const OpenRecording recording(sample(20));
    const std::vector<std::string> all = recording.rest(true);
    REQUIRE(recording.seek(0));
    {
        const Ahead ahead(recording, {8, 2, 0, 0, 0, 0, 0});
        for (size_t i = 0; i < 5; ++i)
        {
            CHECK_EQUAL(ahead.next(), all[i]);
        }
    }
    CHECK_EQUAL(recording.next(), all[5]);
    CHECK_EQUAL(recording.previous(), all[4]);
}

TEST(prefetch, follows_a_playback_that_is_moved)
{
    const OpenRecording recording(sample(50));
    const std::vector<std::string> all = recording.rest(true);
    REQUIRE(recording.seek(0));
    const Ahead ahead(recording);
    CHECK_EQUAL(ahead.next(), all[0]);
    CHECK_EQUAL(recording.next(), all[1]);
    CHECK_EQUAL(ahead.next(), all[2]);
    REQUIRE(recording.seek(0, K4A_PLAYBACK_SEEK_END));
    CHECK_EQUAL(ahead.next(), std::string("eof"));
    REQUIRE(recording.seek(0));
    CHECK_EQUAL(ahead.rest(), all);
    CHECK_EQUAL(recording.previous(), all.back());
    CHECK_EQUAL(ahead.next(), std::string("eof"));
}

TEST(prefetch, by_number_leaves_the_position_alone)
{
    const OpenRecording recording(sample(30));
    const std::vector<std::string> all = recording.rest(true);
    REQUIRE(recording.seek(0));
    CHECK_EQUAL(recording.next(), all[0]);
    {
        const Ahead ahead(recording, {4, 2, 0, 1, 29, -7, 5});
        CHECK_EQUAL(ahead.rest(), (std::vector<std::string>{all[29], all[22], all[15], all[8], all[1]}));
    }
    const Ahead beyond(recording, {4, 2, 0, 1, 29, 1, 2});
    CHECK_EQUAL(beyond.next(), all[29]);
    CHECK_EQUAL(beyond.next(), std::string("failed"));
    CHECK_EQUAL(beyond.next(), std::string("eof"));
    CHECK_EQUAL(recording.next(), all[1]);
}

TEST(prefetch, by_number_follows_the_colour_format_and_no_seek)
{
    ebml::SampleOptions options;
    options.captures = 40;
    options.color = "NV12";
    options.color_width = 16;
    options.color_height = 8;
    options.color_bytes = 192;
    const OpenRecording recording(ebml::sample(options));
    const std::vector<std::string> all = recording.rest(true);
    const Ahead ahead(recording, {16, 2, 0, 1, 39, -1, 40});
    size_t left = 40;
    for (const k4a_image_format_t format :
         {K4A_IMAGE_FORMAT_COLOR_NV12, K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_IMAGE_FORMAT_COLOR_YUY2})
    {
        // For captures to be read ahead in the format that was.
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        REQUIRE(k4a_playback_set_color_conversion(recording.handle(), format) == K4A_RESULT_SUCCEEDED);
        for (int i = 0; i < 5; ++i, left -= 2)
        {
            CHECK_EQUAL(ahead.next_color_format(), format);
            REQUIRE(recording.seek(0));
            CHECK_EQUAL(ahead.next(), all[left - 2]);
        }
    }
    while (left > 0)
    {
        CHECK_EQUAL(ahead.next(), all[--left]);
    }
    CHECK_EQUAL(ahead.next(), std::string("eof"));
    REQUIRE(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_NV12) == K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(ahead.next(), std::string("eof"));
}

TEST(prefetch, failures_come_where_they_belong)
{
    ebml::RecordingSpec spec = sample(6);
    spec.clusters[2].blocks[0].flags = ebml::lacing_fixed;
    spec.clusters[2].blocks[0].payload = ebml::laced(ebml::lacing_fixed, {Bytes(4, 1), Bytes(4, 2)});
    const OpenRecording recording(spec);
    const std::vector<std::string> expected = recording.rest(true);
    CHECK_EQUAL(expected[2], std::string("failed"));
    REQUIRE(recording.seek(0));
    CHECK_EQUAL(Ahead(recording).rest(), expected);
}

TEST(prefetch, closing_the_playback_ends_it)
{
    for (int i = 0; i < 50; ++i)
    {
        OpenRecording recording(sample(100));
        const Ahead ahead(recording, {16, 3, 0, 0, 0, 0, 0});
        if (i % 2 == 0)
        {
            CHECK(ahead.next() != "failed");
        }
        recording.close();
        CHECK_EQUAL(ahead.next(), std::string("failed"));
    }
}

TEST(prefetch, stops_at_once_a_thousand_times)
{
    const OpenRecording recording(sample(100));
    for (int i = 0; i < 1000; ++i)
    {
        REQUIRE(recording.seek(0));
        const Ahead ahead(recording, {8, 2, 0, 0, 0, 0, 0});
        for (int n = 0; n < i % 4; ++n)
        {
            CHECK(ahead.next() != "failed");
        }
    }
}

TEST(prefetch, decodes_and_counts_damage)
{
    pictures::need_codec();
    const Bytes good = pictures::jpeg(320, 240, "1");
    std::vector<Bytes> all(20, good);
    all[3] = Bytes(50, 1);
    all[11].resize(500);
    const OpenRecording recording(pictures::recording(all));
    REQUIRE(k4a_playback_set_color_conversion(recording.handle(), K4A_IMAGE_FORMAT_COLOR_BGRA32) ==
            K4A_RESULT_SUCCEEDED);
    const std::vector<std::string> captures = Ahead(recording).rest();
    REQUIRE(captures.size() == 20);
    for (size_t i = 0; i < 20; ++i)
    {
        CHECK_EQUAL(captures[i].substr(0, 2) == "- ", i == 3 || i == 11);
    }
    uint64_t damaged = 0;
    CHECK_EQUAL(table()->playback_get_damaged_color_count(recording.handle(), &damaged), K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(damaged, 2);
}

TEST(prefetch, two_consumers_share_the_captures)
{
    const OpenRecording recording(sample(300));
    const Ahead ahead(recording, {6, 3, 0, 0, 0, 0, 0});
    std::atomic<size_t> taken{0};
    const auto consume = [&] {
        for (std::string one = ahead.next(); one != "eof"; one = ahead.next())
        {
            taken += one != "failed" ? 1 : 0;
        }
    };
    std::thread other(consume);
    consume();
    other.join();
    CHECK_EQUAL(taken.load(), 300);
}

#ifndef _WIN32
TEST(prefetch, forked_child_closes_a_playback_that_a_thread_holds)
{
    OpenRecording recording(sample(5));
    auto *playback = reinterpret_cast<k4a_rp::Playback *>(recording.handle());
    const std::shared_ptr<k4a_rp::PlaybackLink> link = playback->link();
    std::mutex *const nobody = nullptr;
    for (std::mutex *held : {&link->mutex, &playback->mutex(), nobody})
    {
        std::atomic<bool> locked{false};
        std::atomic<bool> done{false};
        std::thread holder([&] {
            const std::unique_lock<std::mutex> lock = held ? std::unique_lock<std::mutex>(*held) : decltype(lock)();
            for (locked = true; !done;)
            {
                std::this_thread::yield();
            }
        });
        while (!locked)
        {
            std::this_thread::yield();
        }
        const pid_t child = fork();
        if (child == 0)
        {
            alarm(20); // kills it should it wait for the thread that it does not have
            k4a_playback_close(recording.handle());
            const bool destroyed = link->playback == nullptr;
            _exit(destroyed == (held == nullptr) ? 0 : 1);
        }
        done = true;
        holder.join();
        REQUIRE(child > 0);
        int status = -1;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK_EQUAL(status, 0);
    }
    CHECK_EQUAL(recording.rest(true).size(), 5);
}
#endif

TEST(prefetch, impossible_options_are_refused)
{
    const OpenRecording recording(sample(2));
    k4a_rp_prefetch_t handle = nullptr;
    const k4a_rp_prefetch_options_t threads = {1, 65, 0, 0, 0, 0, 0};
    const k4a_rp_prefetch_options_t depth = {5000, 1, 0, 0, 0, 0, 0};
    CHECK_EQUAL(table()->prefetch_create(recording.handle(), &threads, &handle), K4A_RESULT_FAILED);
    CHECK_EQUAL(table()->prefetch_create(recording.handle(), &depth, &handle), K4A_RESULT_FAILED);
    CHECK_EQUAL(table()->prefetch_create(recording.handle(), nullptr, &handle), K4A_RESULT_FAILED);
    k4a_capture_t capture = nullptr;
    CHECK_EQUAL(table()->prefetch_next(nullptr, 0, &capture), K4A_RP_PREFETCH_FAILED);
    const Ahead none(recording, {4, 1, 0, 1, 0, 1, 0});
    CHECK_EQUAL(none.next(), std::string("eof"));
}
