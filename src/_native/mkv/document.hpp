// The structure of a Matroska file: everything but the clusters, which it can walk over.
#pragma once

#include "mkv/cluster.hpp"
#include "mkv/damage.hpp"
#include "mkv/element.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace k4a_rp::mkv
{

struct Track
{
    uint64_t number = 0;
    uint64_t uid = 0;
    uint64_t type = 0; // 1 video, 17 subtitle
    std::string name;
    std::string codec_id;
    std::vector<uint8_t> codec_private;
    uint64_t default_duration_ns = 0; // 0: none given
    bool has_video = false;
    uint64_t width = 0;
    uint64_t height = 0;
};

struct Tag
{
    std::string name;
    std::string value;
    std::string target_type; // "TRACK", "ATTACHMENT" or empty: the whole file
    uint64_t track_uid = 0;
    uint64_t attachment_uid = 0;
};

struct Attachment
{
    std::string name;
    uint64_t uid = 0;
    uint64_t offset = 0; // of the data in the file
    uint64_t size = 0;
};

struct Cue
{
    int64_t time_ns = 0;
    uint64_t offset = 0; // of the cluster in the file
};

class Document
{
public:
    // Reads head, Info, Tracks and Tags and finds the first cluster. Throws Error when this is no Matroska file that
    // can be read; whatever a crash or a cut leaves behind can.
    explicit Document(std::shared_ptr<const File> file);

    const std::vector<Track> &tracks() const { return tracks_; }
    const std::vector<Tag> &tags() const { return tags_; }
    // Looks behind the clusters when none was found before them: the first call may walk over the whole file.
    const std::vector<Attachment> &attachments();
    // Empty when there are none, or none to be trusted.
    std::vector<Cue> read_cues();

    uint64_t timecode_scale() const { return timecode_scale_; }
    bool unfinished() const { return unfinished_; }
    DamageLog &damage() { return damage_; }
    Window &window() { return window_; }
    const std::shared_ptr<const File> &file() const { return file_; }

    std::optional<ClusterRef> first_cluster() const { return first_cluster_; }
    // The first cluster that begins at `offset` or behind it.
    std::optional<ClusterRef> find_cluster(uint64_t offset);
    // The cluster that begins at `offset` exactly, if there is one.
    std::optional<ClusterRef> cluster_at(uint64_t offset);
    Cluster load(const ClusterRef &ref) { return read_cluster(window_, ref, timecode_scale_, &damage_); }

private:
    void read_head();
    void find_segment();
    void read_front();
    void read_seek_head(const Element &element);
    void follow_seek_entries();
    void detect_unfinished();
    void find_replaced();
    void walk_rest();
    bool take(const Element &element);
    void forget(uint32_t element_id);
    void require_parts();
    std::vector<uint8_t> read_payload(const Element &element, uint64_t largest);
    void read_info(const Element &element);
    void read_tracks(const Element &element);
    void read_tags(const Element &element);
    void read_attachments(const Element &element);

    // The next element of level 1 at or behind `offset`; damaged places are skipped and noted.
    bool next_element(uint64_t offset, Element *element);
    uint64_t find_cluster_id(uint64_t offset);
    bool is_plausible_cluster(uint64_t offset);

    struct SeekEntry
    {
        uint32_t id;
        uint64_t offset;
    };

    std::shared_ptr<const File> file_;
    Window window_;
    DamageLog damage_;
    uint64_t file_size_ = 0;
    uint64_t segment_offset_ = 0; // of its header
    uint64_t segment_data_ = 0;
    uint64_t segment_size_ = 0; // as written
    bool segment_size_unknown_ = false;
    uint64_t end_ = 0; // where reading stops
    bool unfinished_ = false;
    uint64_t replaced_begin_ = 0; // clusters to leave out
    uint64_t replaced_end_ = 0;

    std::vector<SeekEntry> seek_entries_;
    bool have_info_ = false;
    bool have_tracks_ = false;
    bool have_tags_ = false;
    bool have_attachments_ = false;
    bool walked_all_ = false;
    bool cues_known_ = false;
    Element cues_;
    uint64_t timecode_scale_ = 1000000;
    std::optional<ClusterRef> first_cluster_;

    std::vector<Track> tracks_;
    std::vector<Tag> tags_;
    std::vector<Attachment> attachments_;
};

} // namespace k4a_rp::mkv
