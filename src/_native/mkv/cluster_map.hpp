// Finds clusters: one after another without any index, and backwards or by time with one that is built when it is
// first needed. Memory grows by an entry a second of recording (the Cues, or as many places found by walking), not
// with what is read.
#pragma once

#include "mkv/document.hpp"

#include <optional>
#include <vector>

namespace k4a_rp::mkv
{

class ClusterMap
{
public:
    explicit ClusterMap(Document &document) : document_(document) {}

    std::optional<ClusterRef> first() const { return document_.first_cluster(); }
    std::optional<ClusterRef> next(const ClusterRef &ref) { return document_.find_cluster(ref.end); }
    std::optional<ClusterRef> previous(const ClusterRef &ref);
    std::optional<ClusterRef> last();
    // The last cluster that begins at or before this time; the first when all begin later.
    std::optional<ClusterRef> at_time(int64_t time_ns);

private:
    struct Anchor
    {
        int64_t time_ns;
        uint64_t offset;
    };
    using Group = std::vector<ClusterRef>; // the clusters from one anchor up to the next

    void build();
    bool build_from_cues();
    void build_by_walking();
    size_t anchor_before(uint64_t offset) const; // the last one with a smaller offset
    // Refers to a cache: valid until the next call. NULL: the Cues were wrong and the anchors were built anew.
    const Group *group(size_t index);

    Document &document_;
    bool built_ = false;
    bool from_cues_ = false;
    std::vector<Anchor> anchors_;

    struct CachedGroup
    {
        size_t index = SIZE_MAX;
        Group clusters;
    };
    CachedGroup cache_[2];
    size_t oldest_ = 0;
};

} // namespace k4a_rp::mkv
