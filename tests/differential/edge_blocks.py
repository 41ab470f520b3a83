"""Hand-made recordings whose clusters and blocks are unusual."""

import struct

from tests.differential.ebml import BLOCK_DURATION, BLOCK_GROUP, SIMPLE_BLOCK, element, size_field
from tests.differential.layout import (
    COLOR,
    DEPTH,
    EXTRA,
    FRAME_TIMES,
    IMU,
    IR,
    Layout,
    block_group,
    cluster,
    color,
    depth,
    ebml_lace,
    fixed_lace,
    imu,
    imu_payload,
    ir,
    payload,
    simple_block,
    track,
    xiph_lace,
)

FILES = {}


def edge_file(function):
    """Add the function's file under its name."""
    FILES[function.__name__] = function
    return function


# ---------------------------------------------------------------- blocks
def _blocks_case(name, *content, tracks=None, before=1, time=100_000):
    """`before` plain captures, then one cluster with the blocks in question."""

    def build():
        layout = Layout(tracks, times=FRAME_TIMES[:before])
        layout.clusters.append(cluster(time, *content))
        return layout.build()

    FILES[name] = build


_PLAIN = [color(), depth(), ir(), imu()]
_CUSTOM = [*_PLAIN, track(EXTRA, "E", kind=17, codec="S_X", duration=None)]
_frames = [payload(EXTRA, i, 10 + i) for i in range(5)]
_same = [payload(EXTRA, i, 12) for i in range(5)]
_blocks_case(
    "video_laced_fixed",
    fixed_lace(COLOR, 0, b"a" * 30, b"b" * 30),
    simple_block(DEPTH, 1, b"d" * 30),
    simple_block(COLOR, 33, b"c" * 30),
    simple_block(COLOR, 29_000, b"e" * 30),
)
_blocks_case(
    "video_laced_xiph",
    simple_block(COLOR, 0, b"c" * 30),
    xiph_lace(DEPTH, 1, b"d" * 30, b"e" * 300),
    simple_block(IR, 2, b"i" * 30),
    simple_block(COLOR, 30_000, b"f" * 30),
)
_blocks_case("video_laced_one_frame", fixed_lace(COLOR, 0, b"a" * 30), simple_block(DEPTH, 1, b"d" * 30))
_blocks_case(
    "video_in_block_groups", block_group(COLOR, 0, b"a" * 30), block_group(DEPTH, 1, b"d" * 30, duration=33_333)
)
_blocks_case("video_frame_empty", simple_block(COLOR, 0), simple_block(DEPTH, 1), simple_block(IR, 2))
_blocks_case("depth_frame_of_odd_size", simple_block(DEPTH, 1, b"0123456789abcde"), simple_block(IR, 2, b"x"))
_blocks_case("custom_lace_fixed", fixed_lace(EXTRA, 0, *_same), tracks=_CUSTOM)
_blocks_case("custom_lace_xiph", xiph_lace(EXTRA, 0, *_frames, b"z" * 700), tracks=_CUSTOM)
_blocks_case(
    "custom_lace_xiph_large", xiph_lace(EXTRA, 0, b"p" * 254, b"q" * 255, b"r" * 256, b"s" * 1020, b"t"), tracks=_CUSTOM
)
_blocks_case("custom_lace_ebml", ebml_lace(EXTRA, 0, *_frames, b"z" * 700), tracks=_CUSTOM)
_blocks_case("custom_lace_with_empty_frames", xiph_lace(EXTRA, 0, b"", b"a", b"", b"bb", b""), tracks=_CUSTOM)
_blocks_case("custom_lace_256", fixed_lace(EXTRA, 0, *(bytes([i]) for i in range(256))), tracks=_CUSTOM)
_blocks_case("custom_frame_empty", simple_block(EXTRA, 0), simple_block(EXTRA, 5, b"x"), tracks=_CUSTOM)
for _label, _duration in [
    ("none", None),
    ("zero", 0),
    ("one", 1),
    ("exact", 4001),
    ("without_tick", 4000),
    ("odd", 1000),
]:
    _blocks_case(
        f"custom_lace_duration_{_label}",
        block_group(EXTRA, 0, *_same, duration=_duration, flags=4, lacing=b"\4"),
        tracks=_CUSTOM,
    )
_blocks_case(
    "custom_lace_two_frames", block_group(EXTRA, 0, *_same[:2], duration=1001, flags=4, lacing=b"\1"), tracks=_CUSTOM
)
_blocks_case("custom_lace_in_two_clusters", fixed_lace(EXTRA, -5, *_same), fixed_lace(EXTRA, 5, *_same), tracks=_CUSTOM)
_blocks_case("lace_fixed_not_divisible", simple_block(EXTRA, 0, b"x" * 10, flags=0x84, lacing=b"\2"), tracks=_CUSTOM)
_blocks_case("lace_xiph_too_long", simple_block(EXTRA, 0, b"x" * 10, flags=0x82, lacing=b"\1\x20"), tracks=_CUSTOM)
_blocks_case("lace_ebml_too_long", simple_block(EXTRA, 0, b"x" * 10, flags=0x86, lacing=b"\1\xa0"), tracks=_CUSTOM)
_blocks_case("lace_count_missing", simple_block(EXTRA, 0, flags=0x84), tracks=_CUSTOM)
_blocks_case("block_of_unknown_track", simple_block(77, 0, b"x" * 10), simple_block(COLOR, 1, b"a" * 30))
_blocks_case("block_too_short", element(SIMPLE_BLOCK, b"\x81\0"), simple_block(COLOR, 1, b"a" * 30))
_blocks_case("block_empty", element(SIMPLE_BLOCK), simple_block(COLOR, 1, b"a" * 30))
_blocks_case("block_group_empty", element(BLOCK_GROUP), simple_block(COLOR, 1, b"a" * 30))
_blocks_case(
    "block_group_without_block", element(BLOCK_GROUP, element(BLOCK_DURATION, 5)), simple_block(COLOR, 1, b"a" * 30)
)
_blocks_case(
    "block_track_in_two_bytes", element(SIMPLE_BLOCK, size_field(COLOR, 2) + struct.pack(">hB", 0, 0x80) + b"a" * 30)
)
_blocks_case(
    "blocks_invisible_and_discardable",
    simple_block(COLOR, 0, b"a" * 30, flags=0x89),
    simple_block(DEPTH, 0, b"d", flags=0),
)
_blocks_case(
    "blocks_out_of_order",
    simple_block(COLOR, 20_000, b"a" * 30),
    simple_block(COLOR, 0, b"b" * 30),
    simple_block(DEPTH, 20_000, b"c" * 30),
    simple_block(DEPTH, 0, b"d" * 30),
)
_blocks_case(
    "blocks_at_one_time",
    simple_block(COLOR, 0, b"a" * 30),
    simple_block(COLOR, 0, b"b" * 30),
    simple_block(DEPTH, 0, b"c" * 30),
)
_blocks_case("imu_payload_39", block_group(IMU, 0, imu_payload(1_100_000)[:39], duration=1))
_blocks_case("imu_payload_48", block_group(IMU, 0, imu_payload(1_100_000) + bytes(8), duration=1))
_blocks_case(
    "imu_payload_empty", block_group(IMU, 0, duration=1), block_group(IMU, 10, imu_payload(1_100_010), duration=1)
)
_blocks_case(
    "imu_payload_80_in_one_frame", block_group(IMU, 0, imu_payload(1_100_000) + imu_payload(1_100_500), duration=501)
)
_blocks_case(
    "imu_wrong_in_the_middle",
    block_group(IMU, 0, imu_payload(1_100_000), duration=1),
    block_group(IMU, 10, b"x" * 10, duration=1),
    block_group(IMU, 20, imu_payload(1_100_020), duration=1),
)
_blocks_case(
    "imu_in_simple_blocks", simple_block(IMU, 0, imu_payload(1_100_000)), simple_block(IMU, 600, imu_payload(1_100_600))
)
_blocks_case("imu_lace_xiph", xiph_lace(IMU, 0, imu_payload(1_100_000), imu_payload(1_100_500), imu_payload(1_101_000)))
_blocks_case(
    "imu_gyro_clock_behind",
    block_group(IMU, 0, imu_payload(1_100_000, 1_000_000), duration=1),
    block_group(IMU, 900, imu_payload(1_100_900, 1_000_900), duration=1),
)
_blocks_case(
    "imu_payload_times_far_from_block",
    block_group(IMU, 0, imu_payload(5), imu_payload(900_000_000), duration=999, flags=4, lacing=b"\1"),
)


@edge_file
def clusters_with_one_time():
    layout = Layout()
    layout.clusters.insert(1, cluster(0, simple_block(COLOR, 10, b"x" * 10), simple_block(DEPTH, 10, b"y" * 10)))
    return layout.build()


@edge_file
def clusters_out_of_order():
    layout = Layout()
    layout.clusters = [layout.clusters[i] for i in (0, 2, 1)]
    return layout.build()


@edge_file
def first_cluster_does_not_start_at_zero():
    return Layout(times=(500_000, 533_333, 566_666)).build()


@edge_file
def many_captures_in_one_cluster():
    layout = Layout()
    content = []
    for time in range(0, 32_000, 8_000):
        content += [simple_block(number, time, payload(number, time)) for number in (COLOR, DEPTH, IR)]
    layout.clusters = [cluster(0, content)]
    return layout.build()


@edge_file
def captures_across_clusters():
    layout = Layout()
    layout.clusters = []
    for time in FRAME_TIMES:
        layout.clusters.append(cluster(time, simple_block(COLOR, 0, payload(COLOR, time))))
        layout.clusters.append(cluster(time + 9_000, [simple_block(n, 0, payload(n, time)) for n in (DEPTH, IR)]))
    return layout.build()
