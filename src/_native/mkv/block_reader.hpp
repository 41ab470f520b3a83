// Steps from block to block of one track, across clusters, in both directions.
#pragma once

#include "mkv/cluster_map.hpp"

#include <map>
#include <memory>
#include <optional>

namespace k4a_rp::mkv
{

// A block and the cluster it lies in; empty: no such block.
struct BlockPosition
{
    std::shared_ptr<const Cluster> cluster;
    size_t index = 0;

    explicit operator bool() const { return cluster != nullptr; }
    const Block &operator*() const { return cluster->blocks[index]; }
    const Block *operator->() const { return &cluster->blocks[index]; }
};

class BlockReader
{
public:
    explicit BlockReader(Document &document) : document_(document), map_(document) {}

    BlockPosition first(uint64_t track);
    BlockPosition last(uint64_t track);
    BlockPosition next(const BlockPosition &position, uint64_t track);
    BlockPosition previous(const BlockPosition &position, uint64_t track);
    // The first block of the track, in file order, whose time is `time_ns` or later.
    BlockPosition at_time(uint64_t track, int64_t time_ns);
    // A block of the track before which no block has this time or a later one; empty: begin with the first.
    BlockPosition before_time(uint64_t track, int64_t time_ns);

    ClusterMap &clusters() { return map_; }
    std::shared_ptr<const Cluster> load(const ClusterRef &ref);

private:
    BlockPosition forward(std::optional<ClusterRef> ref, uint64_t track);
    BlockPosition backward(std::optional<ClusterRef> ref, uint64_t track);

    Document &document_;
    ClusterMap map_;

    static constexpr size_t cache_size = 8;
    std::shared_ptr<const Cluster> cache_[cache_size];
    size_t oldest_ = 0;

    // Where a track is known to have nothing more, so that a track which ends early (or never begins) does not cost
    // a walk over the rest of the file with every capture.
    struct Extent
    {
        uint64_t none_from = UINT64_MAX; // no block in clusters at or behind this offset
        uint64_t none_up_to = 0;         // no block in clusters at or before this offset
    };
    std::map<uint64_t, Extent> extents_;
};

} // namespace k4a_rp::mkv
