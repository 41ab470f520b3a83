// Clusters and the blocks in them. Only headers are read; payloads stay in the file.
#pragma once

#include "mkv/damage.hpp"
#include "mkv/element.hpp"

#include <cstdint>
#include <vector>

namespace k4a_rp::mkv
{

enum class Lacing : uint8_t
{
    none = 0,
    xiph = 1,
    fixed = 2,
    ebml = 3
};

struct Block
{
    uint64_t track = 0;   // track number
    int64_t time_ns = 0;  // from the start of the file
    uint64_t offset = 0;  // of the payload, behind track number, timecode and flags
    uint64_t size = 0;    // of the payload
    int64_t duration_ns = -1; // -1: none given
    Lacing lacing = Lacing::none;
};

// Where a cluster lies, without its blocks.
struct ClusterRef
{
    uint64_t offset = 0; // of its header
    uint64_t data = 0;
    uint64_t end = 0;     // where the next element begins
    uint64_t limit = 0;   // blocks may not reach beyond: the end of the cluster or of the file
    int64_t time_ns = 0;
    bool cut = false; // the file ends inside
};

struct Cluster
{
    ClusterRef ref;
    std::vector<Block> blocks; // in file order
};

// Reads where the cluster with header `element` ends and its timecode. A cluster of unknown or impossible size ends
// at the first thing that is not one of its children.
ClusterRef read_cluster_ref(Window &window, const Element &element, uint64_t segment_end, uint64_t scale);

// Reads the block headers. Blocks that are cut off or broken are left out and noted in `damage`.
Cluster read_cluster(Window &window, const ClusterRef &ref, uint64_t scale, DamageLog *damage);

// Splits a laced payload. Returns false when the sizes do not fit the payload.
struct Frame
{
    size_t offset = 0; // within the payload
    size_t size = 0;
};
bool split_laces(Lacing lacing, const uint8_t *payload, size_t size, std::vector<Frame> *frames);

} // namespace k4a_rp::mkv
