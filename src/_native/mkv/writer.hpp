// Lays out a Matroska file so that it can be read at any moment while it grows, whenever the process dies:
// SeekHead and Info stand there from the beginning, the Segment has no size until the end, and a cluster is a Void
// until all of it is there. Nothing that readers use is ever changed in place.
#pragma once

#include "core/output_file.hpp"
#include "mkv/cluster_writer.hpp"
#include "mkv/element_writer.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace k4a_rp::mkv
{

// The contents of the elements in front of the clusters.
struct Front
{
    ElementWriter info;
    ElementWriter tracks;      // empty: no such element
    ElementWriter attachments; // empty: no such element
    ElementWriter tags;
};

class Writer
{
public:
    // Where payloads that lie in a file are read from.
    using ReadSource = std::function<void(uint64_t offset, void *data, size_t size)>;

    static constexpr uint64_t segment_data = 52;
    static constexpr uint64_t seek_head_space = 1027;
    static constexpr uint64_t info_space = 259;
    static constexpr uint64_t tags_growth = 1027;
    static constexpr uint64_t ticks_per_second = 1000000; // timecode scale 1000

    explicit Writer(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

    void write_header(const Front &front);
    // The new tags take the place of the old ones; they may be `tags_growth` bytes longer at most. To be called before
    // the first cluster, when nothing can be lost yet.
    void replace_tags(const ElementWriter &content);
    // Appends the clusters under one Void and reveals them by one small write. Returns where each begins.
    std::vector<uint64_t> append(const std::vector<ClusterWriter> &clusters, const ReadSource &source);
    // As append, for clusters that replace everything from `first_old` on; the old ones are hidden afterwards.
    std::vector<uint64_t>
    append_instead(uint64_t first_old, const std::vector<ClusterWriter> &clusters, const ReadSource &source);
    // Gives back what an append that failed has left behind the last cluster.
    void cut_back();
    // Writes Cues, final Info and Segment size. The file is readable whether or not this succeeds.
    void finish(const ElementWriter &info);

    uint64_t end() const { return end_; }
    OutputFile &file() { return *file_; }

private:
    struct Cue
    {
        int64_t ticks;
        uint64_t offset;
    };

    std::vector<uint8_t> front_bytes(const ElementWriter &info, uint64_t segment_size, uint64_t cues_offset) const;
    void write_clusters(uint64_t begin,
                        const std::vector<ClusterWriter> &clusters,
                        const std::vector<uint64_t> &offsets,
                        uint64_t end,
                        const ReadSource &source);
    void add_cue(const ClusterWriter &cluster, uint64_t offset);
    ElementWriter cues() const;

    std::unique_ptr<OutputFile> file_;
    uint64_t end_ = 0; // of the last thing that readers see
    uint64_t tracks_offset_ = 0;
    uint64_t attachments_offset_ = 0;
    uint64_t tags_offset_ = 0;
    uint64_t tags_end_ = 0; // of the tags and the Void behind them
    std::vector<Cue> cues_;
};

// While clusters are replaced, a note in the Void behind the SeekHead says which ones: a reader that finds it after a
// crash knows what to leave out. Its place, from the start of the Segment's data, and its size.
constexpr uint64_t replacement_note_offset = Writer::seek_head_space - 32;
constexpr size_t replacement_note_size = 32;
void compose_replacement_note(uint64_t begin, uint64_t end, uint8_t *bytes);
bool read_replacement_note(const uint8_t *bytes, uint64_t *begin, uint64_t *end);

} // namespace k4a_rp::mkv
