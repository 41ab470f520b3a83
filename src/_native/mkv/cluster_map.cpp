#include "mkv/cluster_map.hpp"

#include "core/log.hpp"

#include <algorithm>

namespace k4a_rp::mkv
{

// Without Cues: the clusters of a group, about a second of a recording.
static constexpr size_t walked_group_size = 32;

void ClusterMap::build()
{
    if (built_)
    {
        return;
    }
    built_ = true;
    from_cues_ = build_from_cues();
    if (!from_cues_)
    {
        build_by_walking();
    }
}

bool ClusterMap::build_from_cues()
{
    const std::optional<ClusterRef> start = first();
    const std::vector<Cue> cues = document_.read_cues();
    if (cues.empty() || !start)
    {
        return false;
    }
    anchors_.assign(1, Anchor{start->time_ns, start->offset});
    for (const Cue &cue : cues)
    {
        if (cue.offset > anchors_.back().offset && cue.time_ns >= anchors_.back().time_ns)
        {
            anchors_.push_back({cue.time_ns, cue.offset});
        }
    }
    return true;
}

void ClusterMap::build_by_walking()
{
    anchors_.clear();
    size_t count = 0;
    for (std::optional<ClusterRef> ref = first(); ref; ref = next(*ref))
    {
        if (count++ % walked_group_size == 0)
        {
            anchors_.push_back({ref->time_ns, ref->offset});
        }
    }
}

const ClusterMap::Group *ClusterMap::group(size_t index)
{
    for (const CachedGroup &cached : cache_)
    {
        if (cached.index == index)
        {
            return &cached.clusters;
        }
    }
    const uint64_t stop = index + 1 < anchors_.size() ? anchors_[index + 1].offset : UINT64_MAX;
    CachedGroup &slot = cache_[oldest_];
    oldest_ = 1 - oldest_;
    slot.index = SIZE_MAX;
    slot.clusters.clear();
    std::optional<ClusterRef> ref = document_.cluster_at(anchors_[index].offset);
    if (!ref && from_cues_)
    {
        K4A_RP_LOG_WARNING("%s: the Cues point at something else; the file is walked over instead",
                           document_.file()->path().c_str());
        document_.damage().note(DamageLog::corrupt, anchors_[index].offset, 0);
        from_cues_ = false;
        cache_[0].index = cache_[1].index = SIZE_MAX;
        build_by_walking();
        return nullptr;
    }
    for (; ref && ref->offset < stop; ref = next(*ref))
    {
        slot.clusters.push_back(*ref);
    }
    slot.index = index;
    return &slot.clusters;
}

size_t ClusterMap::anchor_before(uint64_t offset) const
{
    const auto at = std::lower_bound(anchors_.begin(),
                                     anchors_.end(),
                                     offset,
                                     [](const Anchor &anchor, uint64_t value) { return anchor.offset < value; });
    return at == anchors_.begin() ? SIZE_MAX : static_cast<size_t>(at - anchors_.begin()) - 1;
}

std::optional<ClusterRef> ClusterMap::previous(const ClusterRef &ref)
{
    build();
    for (size_t index = anchor_before(ref.offset); index != SIZE_MAX;)
    {
        const Group *clusters = group(index);
        if (!clusters)
        {
            index = anchor_before(ref.offset);
            continue;
        }
        const auto at =
            std::lower_bound(clusters->begin(), clusters->end(), ref.offset, [](const ClusterRef &one, uint64_t value) {
                return one.offset < value;
            });
        if (at != clusters->begin())
        {
            return *(at - 1);
        }
        index = index == 0 ? SIZE_MAX : index - 1; // only where the file changed under us
    }
    return std::nullopt;
}

std::optional<ClusterRef> ClusterMap::last()
{
    build();
    for (size_t index = anchors_.size(); index-- > 0;)
    {
        const Group *clusters = group(index);
        if (!clusters)
        {
            index = anchors_.size();
        }
        else if (!clusters->empty())
        {
            return clusters->back();
        }
    }
    return first();
}

std::optional<ClusterRef> ClusterMap::at_time(int64_t time_ns)
{
    build();
    const Group *clusters = nullptr;
    while (!clusters)
    {
        const auto at =
            std::upper_bound(anchors_.begin(), anchors_.end(), time_ns, [](int64_t value, const Anchor &anchor) {
                return value < anchor.time_ns;
            });
        if (at == anchors_.begin())
        {
            return first();
        }
        clusters = group(static_cast<size_t>(at - anchors_.begin()) - 1);
    }
    const auto at =
        std::upper_bound(clusters->begin(), clusters->end(), time_ns, [](int64_t value, const ClusterRef &one) {
            return value < one.time_ns;
        });
    if (at == clusters->begin())
    {
        return clusters->empty() ? first() : clusters->front();
    }
    ClusterRef found = *(at - 1);
    // A cue's time is that of a block: the next group may begin with a cluster that still qualifies.
    for (std::optional<ClusterRef> ref = next(found); ref && ref->time_ns <= time_ns; ref = next(*ref))
    {
        found = *ref;
    }
    return found;
}

} // namespace k4a_rp::mkv
