// Which data goes into which window, and when a window is ready.
#include "check.hpp"
#include "recording/sort_queue.hpp"

using namespace k4a_rp;

namespace
{

constexpr uint64_t ms = 1000000;
using Verdict = SortQueue::Verdict;

Verdict add(SortQueue &queue, uint64_t time_ns, size_t track = 0)
{
    QueuedFrame frame;
    frame.time_ns = time_ns;
    frame.track = track;
    return queue.add(std::move(frame));
}

std::vector<uint64_t> times(const Window &window)
{
    std::vector<uint64_t> found;
    for (const QueuedFrame &frame : window.frames)
    {
        found.push_back(frame.time_ns / ms);
    }
    return found;
}

} // namespace

TEST(sort_queue, window_is_ready_when_data_is_newer_by_the_sort_window)
{
    SortQueue queue(150 * ms);
    add(queue, 320 * ms);
    CHECK(!queue.ready());
    add(queue, 320 * ms + 150 * ms);
    CHECK(!queue.ready());
    add(queue, 320 * ms + 151 * ms);
    CHECK(queue.ready());
    const Window window = queue.take();
    CHECK_EQUAL(window.begin_ns, 320 * ms);
    CHECK_EQUAL(window.end_ns, 352 * ms);
    CHECK(!queue.ready());
}

TEST(sort_queue, data_of_one_window_comes_out_sorted_and_equal_times_in_order_of_arrival)
{
    SortQueue queue(0);
    add(queue, 10 * ms, 7);
    add(queue, 3 * ms, 1);
    add(queue, 10 * ms, 2);
    add(queue, 500 * ms);
    const Window window = queue.take();
    CHECK_EQUAL(times(window), (std::vector<uint64_t>{3, 10, 10}));
    CHECK_EQUAL(window.frames[1].track, 7u);
    CHECK_EQUAL(window.frames[2].track, 2u);
    CHECK_EQUAL(queue.start_ns(), 3 * ms);
}

TEST(sort_queue, open_window_that_is_taken_ends_with_its_last_frame)
{
    SortQueue queue(150 * ms);
    add(queue, 100 * ms);
    CHECK_EQUAL(queue.take().end_ns, 100 * ms + 1);
    CHECK(add(queue, 100 * ms + 1000) == Verdict::taken);
    CHECK(add(queue, 100 * ms) == Verdict::late);
    const Window window = queue.take();
    CHECK_EQUAL(window.begin_ns, 100 * ms + 1);
}

TEST(sort_queue, late_data_is_told_from_data_that_comes_too_late)
{
    SortQueue queue(0);
    add(queue, 1000 * ms);
    add(queue, 3100 * ms);
    (void)queue.take();
    CHECK(add(queue, 999 * ms) == Verdict::before_start);
    CHECK(add(queue, 1000 * ms) == Verdict::too_late);
    CHECK(add(queue, 1100 * ms) == Verdict::taken); // nothing later is on disk
    (void)queue.take();
    (void)queue.take();
    CHECK(add(queue, 1101 * ms) == Verdict::late);
    CHECK(add(queue, 1099 * ms) == Verdict::too_late);
    CHECK(queue.has_late());
    CHECK_EQUAL(queue.take_late().size(), 1u);
    CHECK(!queue.has_late());
}

TEST(sort_queue, grid_begins_anew_behind_a_flush)
{
    SortQueue queue(150 * ms);
    add(queue, 40 * ms);
    (void)queue.take();
    queue.restart_grid();
    add(queue, 60 * ms);
    add(queue, 71 * ms);
    add(queue, 73 * ms);
    CHECK_EQUAL(times(queue.take()), (std::vector<uint64_t>{60, 71}));
    CHECK_EQUAL(times(queue.take()), (std::vector<uint64_t>{73}));
}

TEST(sort_queue, data_that_keeps_coming_late_is_waited_for)
{
    SortQueue queue(100 * ms);
    add(queue, 1000 * ms);
    add(queue, 1300 * ms);
    CHECK(queue.ready());
    add(queue, 1020 * ms); // 280 ms behind
    CHECK(!queue.ready());
    add(queue, 1400 * ms);
    CHECK(queue.ready());
}
