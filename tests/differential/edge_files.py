"""Recordings made by hand, byte by byte: the rules of opening a file, odd but legal layouts, and broken ones.

`FILES` maps a name to a function that returns the bytes. Tracks, tags and attachments are in `edge_headers.py`, the
contents of clusters in `edge_blocks.py`.
"""

from tests.differential import edge_blocks, edge_headers
from tests.differential.ebml import (
    ATTACHMENTS,
    CLUSTER,
    CRC,
    CUES,
    EBML,
    INFO,
    SEEK_HEAD,
    SEGMENT,
    TAGS,
    TIMECODE,
    TRACKS,
    element,
    size_field,
    unsigned,
    void,
)
from tests.differential.layout import (
    COLOR,
    DEPTH,
    FRAME_TIMES,
    IMU,
    UIDS,
    Layout,
    attachment,
    block_group,
    capture_cluster,
    cluster,
    color,
    depth,
    head,
    imu,
    imu_payload,
    info,
    ir,
    simple_block,
    tag,
    track_target,
    with_tracks,
)

FILES = {**edge_headers.FILES, **edge_blocks.FILES}
# Microsoft's library reads uninitialised memory here, or hangs: its answers mean nothing.
UNDEFINED = {
    "block_group_empty",
    "block_group_without_block",
    "cluster_without_timecode",
    "color_without_video",
    "custom_lace_256",
    "fps_duration_0",
    "no_duration_color",
    "track_custom_video_no_duration",
    "track_custom_video_no_size",
}


def edge_file(function):
    """Add the function's file under its name."""
    FILES[function.__name__] = function
    return function


# ---------------------------------------------------------------- accepted, plain
@edge_file
def plain():
    return Layout().build()


@edge_file
def plain_with_seek_head():
    layout = Layout()
    layout.seek_head = True
    return layout.build()


@edge_file
def no_attachments():
    layout = Layout()
    layout.attachments = b""
    return layout.build()


@edge_file
def no_tags_color_only():
    layout = Layout([color()], offset=0)
    layout.tag_list.clear()
    layout.clusters = [capture_cluster(time, (COLOR,)) for time in FRAME_TIMES]
    return layout.build()


def _cues(positions):
    return element(
        CUES,
        [
            element(0xBB, element(0xB3, time), element(0xB7, element(0xF7, 1), element(0xF1, unsigned(at, 4))))
            for time, at in positions
        ],
    )


@edge_file
def cues_at_the_end():
    layout = Layout()
    positions, at = [], len(layout.body()) - sum(map(len, layout.clusters))
    for time, part in zip(FRAME_TIMES, layout.clusters, strict=True):
        positions.append((time, at))
        at += len(part)
    layout.after = [_cues(positions)]
    return layout.build()


@edge_file
def everything_after_the_clusters():
    layout = Layout()
    layout.after = [layout.info, layout.tracks, layout.attachments, layout.tags]
    layout.info = layout.tracks = layout.attachments = b""
    layout.tag_list.clear()
    return layout.build()


@edge_file
def tags_after_the_clusters():
    layout = Layout()
    layout.after = [layout.tags]
    layout.tag_list.clear()
    return layout.build()


@edge_file
def attachments_after_the_clusters_with_seek_head():
    layout = Layout()
    layout.after, layout.attachments, layout.seek_head = [layout.attachments], b"", True
    return layout.build()


@edge_file
def voids_between_everything():
    layout = Layout()
    layout.info = void(20) + layout.info + void(2)
    layout.tracks = void(300) + layout.tracks + void(9)
    layout.clusters = [void(33) + part + void(2) for part in layout.clusters]
    return layout.build()


@edge_file
def voids_inside_cluster_and_tracks():
    layout = Layout([void(10), color(), void(2), depth(), ir(), void(5), imu()])
    content = [void(5), simple_block(COLOR, 0, b"x" * 50), void(2), simple_block(DEPTH, 0, b"y" * 50), void(20)]
    layout.clusters.append(cluster(100_000, content))
    return layout.build()


@edge_file
def segment_size_unknown():
    layout = Layout()
    layout.segment_size = None
    return layout.build()


@edge_file
def segment_size_zero():
    layout = Layout()
    layout.segment_size = 0
    return layout.build()


@edge_file
def segment_size_beyond_the_file():
    layout = Layout()
    layout.segment_size = 1_000_000
    return layout.build()


@edge_file
def segment_ends_before_the_last_cluster():
    layout = Layout()
    layout.segment_size = len(layout.body()) - len(layout.clusters[-1])
    return layout.build()


@edge_file
def junk_after_the_segment():
    return Layout().build() + bytes(range(200))


@edge_file
def clusters_of_unknown_size():
    layout = Layout()
    layout.clusters = [capture_cluster(time, imu_from=1_000_000, size=None, size_width=8) for time in FRAME_TIMES]
    return layout.build()


@edge_file
def last_cluster_of_unknown_size():
    layout = Layout()
    layout.clusters[-1] = capture_cluster(FRAME_TIMES[-1], imu_from=1_000_000, size=None, size_width=8)
    return layout.build()


@edge_file
def last_cluster_empty():
    layout = Layout()
    layout.clusters.append(cluster(100_000))
    return layout.build()


@edge_file
def only_an_empty_cluster():
    layout = Layout()
    layout.clusters = [cluster(0)]
    return layout.build()


@edge_file
def cluster_without_timecode():
    layout = Layout()
    layout.clusters = [element(CLUSTER, simple_block(COLOR, 0, b"x" * 40), simple_block(DEPTH, 500, b"y" * 40))]
    return layout.build()


@edge_file
def timecode_after_the_blocks():
    layout = Layout()
    layout.clusters[1] = element(CLUSTER, simple_block(COLOR, 0, b"x" * 40), element(TIMECODE, 33_333))
    return layout.build()


@edge_file
def cluster_with_position_and_crc():
    layout = Layout()
    layout.clusters.append(
        element(
            CLUSTER,
            element(CRC, b"\1\2\3\4"),
            element(TIMECODE, 100_000),
            element(0xA7, 500),
            element(0xAB, 100),
            simple_block(COLOR, 0, b"x" * 40),
        )
    )
    return layout.build()


@edge_file
def blocks_before_the_cluster_time():
    layout = Layout()
    layout.clusters.append(cluster(100_000, simple_block(COLOR, -5, b"x" * 9), simple_block(DEPTH, 5, b"y" * 9)))
    return layout.build()


@edge_file
def sizes_with_eight_bytes():
    layout = Layout()
    layout.info = element(INFO, element(0x2AD7B1, 1000, size_width=8), size_width=8)
    layout.clusters = [capture_cluster(time, imu_from=1_000_000, size_width=8) for time in FRAME_TIMES]
    return layout.build()


@edge_file
def header_size_with_eight_bytes():
    layout = Layout()
    layout.head = head(size_width=8)
    return layout.build()


@edge_file
def elements_nobody_knows():
    layout = Layout()
    layout.before_info.append(element(0x1ABCDEF0, b"unknown at the top"))
    layout.info = element(INFO, element(0x2AD7B1, 1000), element(0x5ABC, b"unknown inside"))
    layout.clusters.append(cluster(100_000, element(0x5ABC, b"???"), simple_block(COLOR, 0, b"x" * 40)))
    return layout.build()


@edge_file
def timecode_scale_one_millisecond():
    layout = Layout()
    layout.info = info(1_000_000)
    layout.clusters = [capture_cluster(time, imu_from=1_000_000) for time in (0, 33, 67)]
    return layout.build()


@edge_file
def timecode_scale_missing():
    layout = Layout()
    layout.info = info(None)
    layout.clusters = [capture_cluster(time, imu_from=1_000_000) for time in (0, 33, 67)]
    return layout.build()


@edge_file
def timecode_scale_100_ns():
    layout = Layout()
    layout.info = info(100)
    layout.clusters = [capture_cluster(time, imu_from=1_000_000) for time in (0, 333_333, 666_667)]
    return layout.build()


@edge_file
def timecode_scale_zero():
    layout = Layout()
    layout.info = element(INFO, element(0x2AD7B1, b"\0"))
    return layout.build()


@edge_file
def empty_elements_have_default_values():
    layout = Layout()
    layout.info = element(INFO, element(0x2AD7B1), element(0x5741))
    layout.clusters = [element(CLUSTER, element(TIMECODE), simple_block(COLOR, 0, b"x" * 40))]
    return layout.build()


# ---------------------------------------------------------------- file and head
@edge_file
def empty_file():
    return b""


@edge_file
def one_byte():
    return b"\x1a"


@edge_file
def not_matroska():
    return b"RIFF" + bytes(4000)


@edge_file
def void_before_the_head():
    return void(16) + Layout().build()


@edge_file
def head_only():
    return head()


@edge_file
def head_and_empty_segment():
    return head() + element(SEGMENT, size_width=8)


@edge_file
def no_segment():
    return head() + void(100)


@edge_file
def void_between_head_and_segment():
    layout = Layout()
    layout.head = head() + void(40)
    return layout.build()


def _head_case(name, **more):
    def build():
        layout = Layout()
        layout.head = head(**more)
        return layout.build()

    FILES[name] = build


_head_case("doctype_webm", doctype="webm")
_head_case("doctype_capitals", doctype="Matroska")
_head_case("doctype_with_nul", doctype="matroska\0\0")
_head_case("doctype_empty", doctype="")
_head_case("version_4_read_version_2", version=4, read_version=2)
_head_case("version_4_read_version_3", version=4, read_version=3)
_head_case("version_1_read_version_1", version=1, read_version=1)
_head_case("version_1_read_version_2", version=1, read_version=2)
_head_case("version_0_read_version_0", version=0, read_version=0)


@edge_file
def head_without_versions():
    layout = Layout()
    layout.head = element(EBML, element(0x4282, "matroska"))
    return layout.build()


@edge_file
def head_empty():
    layout = Layout()
    layout.head = element(EBML)
    return layout.build()


@edge_file
def head_with_other_limits():
    layout = Layout()
    layout.head = element(
        EBML,
        element(0x4286, 2),
        element(0x42F7, 2),
        element(0x42F2, 8),
        element(0x42F3, 16),
        element(0x4282, "matroska"),
        element(0x4287, 2),
        element(0x4285, 2),
    )
    return layout.build()


# ---------------------------------------------------------------- top-level elements
@edge_file
def no_info():
    layout = Layout()
    layout.info = b""
    return layout.build()


@edge_file
def no_tracks():
    layout = Layout()
    layout.tracks = b""
    return layout.build()


@edge_file
def tracks_empty():
    return with_tracks()


@edge_file
def no_cluster():
    layout = Layout()
    layout.clusters = []
    return layout.build()


@edge_file
def info_first():
    layout = Layout()
    layout.before_info = []
    return layout.build()


@edge_file
def tracks_first():
    layout = Layout()
    layout.before_info = [layout.tracks]
    layout.tracks = b""
    return layout.build()


@edge_file
def tags_first():
    layout = Layout()
    layout.before_info = [layout.tags]
    layout.tag_list.clear()
    return layout.build()


@edge_file
def two_infos():
    layout = Layout()
    layout.info = info() + info(1_000_000)
    return layout.build()


@edge_file
def two_tracks_elements():
    layout = Layout([color(), depth()])
    layout.tracks += element(TRACKS, ir(), imu())
    return layout.build()


@edge_file
def two_tags_elements():
    layout = Layout()
    layout.info += element(TAGS, tag("K4A_WIRED_SYNC_MODE", "MASTER"), tag("ONLY_HERE", "1"))
    return layout.build()


@edge_file
def two_attachments_elements():
    layout = Layout()
    layout.attachments += element(ATTACHMENTS, attachment("second.txt", b"2", 78))
    return layout.build()


def _seek_head_case(name, identifier, offset_by):
    def build():
        layout = Layout()
        layout.seek_head = True
        data = bytearray(layout.build())
        entry = (
            unsigned(0x53AB) + size_field(len(unsigned(identifier))) + unsigned(identifier) + unsigned(0x53AC) + b"\x88"
        )
        at = data.find(entry) + len(entry)
        value = int.from_bytes(data[at : at + 8], "big")
        data[at : at + 8] = ((value + offset_by) % 2**64).to_bytes(8, "big")
        return bytes(data)

    FILES[name] = build


_seek_head_case("seek_head_info_wrong", INFO, 3)
_seek_head_case("seek_head_tracks_wrong", TRACKS, 1)
_seek_head_case("seek_head_tags_wrong", TAGS, -1)
_seek_head_case("seek_head_attachments_wrong", ATTACHMENTS, 2)
_seek_head_case("seek_head_tags_beyond_the_file", TAGS, 10**6)
_seek_head_case("seek_head_tags_beyond_2_to_62", TAGS, 2**62)


@edge_file
def seek_head_cues_without_cues():
    layout = Layout()
    layout.before_info = [element(SEEK_HEAD, element(0x4DBB, element(0x53AB, unsigned(CUES)), element(0x53AC, 5000)))]
    return layout.build()


@edge_file
def seek_head_names_two_infos():
    layout = Layout()
    layout.after = [info(1_000_000)]
    layout.seek_head = True
    return layout.build()


# ---------------------------------------------------------------- old layouts
@edge_file
def prerelease_0_4():
    """Depth little-endian as YUY2, IR track DEPTH_IR, old mode spelling, no start offset, no track tags."""
    layout = Layout([color(), depth(b"YUY2"), ir(b"YUY2", name="DEPTH_IR"), imu()], offset=0)
    layout.tag_list = {"mode": tag("K4A_DEPTH_MODE", "NFOV_2x2BINNED", track_target(UIDS[DEPTH]))}
    layout.clusters = [capture_cluster(time, imu_from=0) for time in FRAME_TIMES]
    return layout.build()


@edge_file
def release_1_0():
    """No K4A_*_TRACK tags, BlockDuration without the extra tick, calibration with a NUL."""
    layout = Layout()
    for name in ("COLOR", "DEPTH", "IR"):
        layout.set_tag(f"K4A_{name}_TRACK", None)
    layout.attachments = element(ATTACHMENTS, attachment("calibration.json", b"{}\0", 9))
    samples = [imu_payload(1_100_000 + 600 * i) for i in range(4)]
    layout.clusters.append(cluster(100_000, block_group(IMU, 0, *samples, duration=1800, flags=4, lacing=b"\3")))
    return layout.build()


@edge_file
def recorder_header_without_data():
    """As on disk right after k4a_record_write_header: Segment of size 0, no Info, no cluster."""
    layout = Layout()
    layout.before_info, layout.info, layout.clusters, layout.segment_size = [void(1027), void(259)], b"", [], 0
    return layout.build()


@edge_file
def recorder_killed_after_three_clusters():
    """As on disk while recording: Segment of size 0, no Info, no start offset, clusters appended."""
    layout = Layout()
    layout.before_info, layout.info, layout.segment_size = [void(1027), void(259)], b"", 0
    layout.set_tag("K4A_START_OFFSET_NS", None)
    return layout.build()


# ---------------------------------------------------------------- cut files
def _cut_case(name, cut):
    def build():
        data = Layout().build()
        return data[: cut(data)]

    FILES[name] = build


_cut_case("cut_in_the_head", lambda data: 20)
_cut_case("cut_after_the_head", lambda data: 40)
_cut_case("cut_in_the_tracks", lambda data: data.find(b"S_K4A/IMU"))
_cut_case("cut_in_the_tags", lambda data: data.find(b"K4A_WIRED_SYNC"))
_cut_case("cut_before_the_first_cluster", lambda data: data.find(unsigned(CLUSTER)))
_cut_case("cut_in_the_first_cluster", lambda data: data.find(unsigned(CLUSTER)) + 20)
_cut_case("cut_in_the_second_cluster", lambda data: data.find(unsigned(CLUSTER), data.find(unsigned(CLUSTER)) + 4) + 70)
_cut_case("cut_before_the_last_cluster", lambda data: data.rfind(unsigned(CLUSTER)))
_cut_case("cut_in_the_last_cluster_id", lambda data: data.rfind(unsigned(CLUSTER)) + 2)
_cut_case("cut_in_the_last_cluster_size", lambda data: data.rfind(unsigned(CLUSTER)) + 5)
_cut_case("cut_in_the_last_cluster_time", lambda data: data.rfind(unsigned(CLUSTER)) + 7)
_cut_case("cut_in_the_last_clusters_depth", lambda data: data.rfind(unsigned(CLUSTER)) + 90)
_cut_case("cut_in_the_last_imu_block", lambda data: len(data) - 30)
_cut_case("cut_by_one_byte", lambda data: len(data) - 1)
