#include "mkv/block_reader.hpp"

namespace k4a_rp::mkv
{

std::shared_ptr<const Cluster> BlockReader::load(const ClusterRef &ref)
{
    for (const std::shared_ptr<const Cluster> &cached : cache_)
    {
        if (cached && cached->ref.offset == ref.offset)
        {
            return cached;
        }
    }
    auto cluster = std::make_shared<const Cluster>(document_.load(ref));
    cache_[oldest_] = cluster;
    oldest_ = (oldest_ + 1) % cache_size;
    return cluster;
}

BlockPosition BlockReader::forward(std::optional<ClusterRef> ref, uint64_t track)
{
    Extent &extent = extents_[track];
    const uint64_t start = ref ? ref->offset : UINT64_MAX;
    for (; ref && ref->offset < extent.none_from; ref = map_.next(*ref))
    {
        std::shared_ptr<const Cluster> cluster = load(*ref);
        for (size_t i = 0; i < cluster->blocks.size(); ++i)
        {
            if (cluster->blocks[i].track == track)
            {
                return {std::move(cluster), i};
            }
        }
    }
    if (start < extent.none_from)
    {
        extent.none_from = start;
    }
    return {};
}

BlockPosition BlockReader::backward(std::optional<ClusterRef> ref, uint64_t track)
{
    Extent &extent = extents_[track];
    const uint64_t start = ref ? ref->offset : 0;
    for (; ref && (ref->offset > extent.none_up_to || extent.none_up_to == 0); ref = map_.previous(*ref))
    {
        std::shared_ptr<const Cluster> cluster = load(*ref);
        for (size_t i = cluster->blocks.size(); i-- > 0;)
        {
            if (cluster->blocks[i].track == track)
            {
                return {std::move(cluster), i};
            }
        }
    }
    if (start > extent.none_up_to)
    {
        extent.none_up_to = start;
    }
    return {};
}

BlockPosition BlockReader::first(uint64_t track)
{
    return forward(map_.first(), track);
}

BlockPosition BlockReader::last(uint64_t track)
{
    return backward(map_.last(), track);
}

BlockPosition BlockReader::next(const BlockPosition &position, uint64_t track)
{
    const std::vector<Block> &blocks = position.cluster->blocks;
    for (size_t i = position.index + 1; i < blocks.size(); ++i)
    {
        if (blocks[i].track == track)
        {
            return {position.cluster, i};
        }
    }
    // The check keeps a track that has ended from reading the next cluster's header again and again.
    const ClusterRef &ref = position.cluster->ref;
    if (ref.end >= extents_[track].none_from)
    {
        return {};
    }
    return forward(map_.next(ref), track);
}

BlockPosition BlockReader::previous(const BlockPosition &position, uint64_t track)
{
    const std::vector<Block> &blocks = position.cluster->blocks;
    for (size_t i = position.index; i-- > 0;)
    {
        if (blocks[i].track == track)
        {
            return {position.cluster, i};
        }
    }
    return backward(map_.previous(position.cluster->ref), track);
}

BlockPosition BlockReader::before_time(uint64_t track, int64_t time_ns)
{
    std::optional<ClusterRef> ref = map_.at_time(time_ns);
    // One cluster earlier: a block may be stamped later than the cluster behind its own begins.
    if (ref)
    {
        const std::optional<ClusterRef> earlier = map_.previous(*ref);
        ref = earlier ? earlier : ref;
    }
    BlockPosition position = backward(ref, track);
    while (position && position->time_ns >= time_ns)
    {
        position = previous(position, track);
    }
    return position;
}

BlockPosition BlockReader::at_time(uint64_t track, int64_t time_ns)
{
    BlockPosition position = before_time(track, time_ns);
    position = position ? next(position, track) : first(track);
    while (position && position->time_ns < time_ns)
    {
        position = next(position, track);
    }
    return position;
}

} // namespace k4a_rp::mkv
