#include "recording/sort_queue.hpp"

#include <algorithm>

namespace k4a_rp
{

void SortQueue::note_lateness(uint64_t time_ns)
{
    const uint64_t second = newest_ns_ / 1000000000;
    if (second != lateness_second_)
    {
        lateness_ns_[1] = second == lateness_second_ + 1 ? lateness_ns_[0] : 0;
        lateness_ns_[0] = 0;
        lateness_second_ = second;
    }
    lateness_ns_[0] = std::max(lateness_ns_[0], newest_ns_ - time_ns);
}

Window &SortQueue::window_for(uint64_t time_ns)
{
    auto next = windows_.upper_bound(time_ns);
    uint64_t begin = grid_ns_ + (time_ns - grid_ns_) / window_ns * window_ns;
    uint64_t end = begin + window_ns;
    if (next != windows_.begin())
    {
        Window &before = std::prev(next)->second;
        if (time_ns < before.end_ns)
        {
            return before;
        }
        begin = std::max(begin, before.end_ns);
    }
    if (next != windows_.end())
    {
        end = std::min(end, next->second.begin_ns);
    }
    begin = std::max(begin, written_ns_);
    Window &window = windows_[begin];
    window.begin_ns = begin;
    window.end_ns = end;
    return window;
}

SortQueue::Verdict SortQueue::add(QueuedFrame frame)
{
    frame.sequence = sequence_++;
    const uint64_t time_ns = frame.time_ns;
    const bool past = started_ && time_ns < written_ns_;
    if (past && time_ns < start_ns_)
    {
        return Verdict::before_start;
    }
    if (past && newest_ns_ - time_ns > latest_ns)
    {
        return Verdict::too_late;
    }
    newest_ns_ = std::max(newest_ns_, time_ns);
    note_lateness(time_ns);
    if (past)
    {
        late_.push_back(std::move(frame));
        return Verdict::late;
    }
    window_for(time_ns).frames.push_back(std::move(frame));
    return Verdict::taken;
}

bool SortQueue::ready() const
{
    if (windows_.empty())
    {
        return false;
    }
    constexpr uint64_t margin_ns = window_ns + 20000000;
    const uint64_t lateness = std::max(lateness_ns_[0], lateness_ns_[1]);
    const uint64_t wait = std::max(sort_ns_, lateness > sort_ns_ / 2 ? std::min(lateness + margin_ns, latest_ns) : 0);
    const Window &oldest = windows_.begin()->second;
    return newest_ns_ >= oldest.end_ns && newest_ns_ - oldest.begin_ns > wait;
}

Window SortQueue::take()
{
    auto first = windows_.begin();
    Window window = std::move(first->second);
    windows_.erase(first);
    std::stable_sort(window.frames.begin(), window.frames.end(), [](const QueuedFrame &a, const QueuedFrame &b) {
        return a.time_ns < b.time_ns;
    });
    if (window.end_ns > newest_ns_)
    {
        window.end_ns = window.frames.back().time_ns + 1;
    }
    if (!started_)
    {
        started_ = true;
        start_ns_ = window.frames.front().time_ns;
    }
    written_ns_ = window.end_ns;
    return window;
}

std::vector<QueuedFrame> SortQueue::take_late()
{
    std::vector<QueuedFrame> taken;
    taken.swap(late_);
    return taken;
}

size_t SortQueue::clear()
{
    size_t weight = 0;
    for (const auto &entry : windows_)
    {
        for (const QueuedFrame &frame : entry.second.frames)
        {
            weight += frame.weight();
        }
    }
    for (const QueuedFrame &frame : late_)
    {
        weight += frame.weight();
    }
    windows_.clear();
    late_.clear();
    return weight;
}

} // namespace k4a_rp
