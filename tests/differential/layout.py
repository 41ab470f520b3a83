"""The parts of a recording, to be put together by hand.

`Layout` is a small colour + depth + IR + IMU recording of three captures whose parts can be replaced one at a time.
"""

import struct
from itertools import pairwise

from tests.differential.ebml import (
    ATTACHMENTS,
    BLOCK,
    BLOCK_DURATION,
    BLOCK_GROUP,
    CLUSTER,
    CUES,
    EBML,
    INFO,
    SEEK_HEAD,
    SEGMENT,
    SIMPLE_BLOCK,
    TAGS,
    TIMECODE,
    TRACKS,
    element,
    size_field,
    unsigned,
    void,
)

COLOR, DEPTH, IR, IMU, EXTRA = 1, 2, 3, 4, 5
UIDS = {COLOR: 1001, DEPTH: 1002, IR: 1003, IMU: 1004, EXTRA: 1005}
PERIOD_30 = 33_333_333


def head(doctype="matroska", version=2, read_version=2, **more):
    return element(
        EBML,
        [element(0x4286, 1), element(0x42F7, 1), element(0x42F2, 4), element(0x42F3, 8)],
        [element(0x4282, doctype), element(0x4287, version), element(0x4285, read_version)],
        **more,
    )


def info(scale=1000):
    scale = [] if scale is None else [element(0x2AD7B1, scale)]
    return element(INFO, scale, element(0x4D80, "hand"), element(0x5741, "hand"), element(0x7BA9, "Azure Kinect"))


def bitmap_header(fourcc, width, height):
    return struct.pack("<IIIHH4sI16x", 40, width, height, 1, 16, fourcc, 0)


def track(number, name, kind=1, codec="V_MS/VFW/FOURCC", private=None, duration=PERIOD_30, size=None, more=()):
    parts = [element(0xD7, number), element(0x73C5, UIDS[number]), element(0x83, kind), element(0x86, codec)]
    parts += [] if name is None else [element(0x536E, name)]
    parts += [] if private is None else [element(0x63A2, private)]
    parts += [] if duration is None else [element(0x23E383, duration)]
    parts += [] if size is None else [element(0xE0, element(0xB0, size[0]), element(0xBA, size[1]))]
    return element(0xAE, parts, *more)


def color(fourcc=b"MJPG", size=(1280, 720), number=COLOR, name="COLOR", **more):
    more.setdefault("private", bitmap_header(fourcc, *size))
    return track(number, name, size=size, **more)


def depth(fourcc=b"b16g", size=(320, 288), number=DEPTH, name="DEPTH", **more):
    return color(fourcc, size, number, name, **more)


def ir(fourcc=b"b16g", size=(320, 288), number=IR, name="IR", **more):
    return color(fourcc, size, number, name, **more)


def imu(**more):
    return track(IMU, "IMU", **{"kind": 17, "codec": "S_K4A/IMU", "duration": None, **more})


def tag(name, value, target=()):
    return element(0x7373, element(0x63C0, *target), element(0x67C8, element(0x45A3, name), element(0x4487, value)))


def track_target(uid):
    return element(0x63CA, "TRACK"), element(0x63C5, uid)


def attachment_target(uid):
    return element(0x63CA, "ATTACHMENT"), element(0x63C6, uid)


def attachment(name, data, uid):
    return element(
        0x61A7,
        element(0x466E, name),
        element(0x4660, "application/octet-stream"),
        element(0x465C, data),
        element(0x46AE, uid),
    )


def block_body(number, relative, *frames, flags=0x80, lacing=b""):
    return size_field(number) + struct.pack(">hB", relative, flags) + lacing + b"".join(frames)


def simple_block(number, relative, *frames, **more):
    return element(SIMPLE_BLOCK, block_body(number, relative, *frames, **more))


def fixed_lace(number, relative, *frames):
    return simple_block(number, relative, *frames, flags=0x84, lacing=bytes([len(frames) - 1]))


def xiph_lace(number, relative, *frames):
    sizes = b"".join(b"\xff" * (len(frame) // 255) + bytes([len(frame) % 255]) for frame in frames[:-1])
    return simple_block(number, relative, *frames, flags=0x82, lacing=bytes([len(frames) - 1]) + sizes)


def ebml_lace(number, relative, *frames):
    sizes = size_field(len(frames[0]), 2)
    for one, two in pairwise(frames[:-1]):
        sizes += unsigned((len(two) - len(one) + (1 << 13) - 1) | 1 << 14, 2)
    return simple_block(number, relative, *frames, flags=0x86, lacing=bytes([len(frames) - 1]) + sizes)


def block_group(number, relative, *frames, duration=None, flags=0, lacing=b"", more=()):
    parts = [element(BLOCK, block_body(number, relative, *frames, flags=flags, lacing=lacing))]
    parts += [] if duration is None else [element(BLOCK_DURATION, duration)]
    return element(BLOCK_GROUP, parts, *more)


def imu_payload(time_usec, gyro_usec=None):
    gyro_usec = time_usec if gyro_usec is None else gyro_usec
    return struct.pack("<Q3fQ3f", time_usec * 1000, 1, 2, 3, gyro_usec * 1000, -1, -2, -3)


def payload(number, time, size=48):
    """Bytes that tell frames apart."""
    seed = number * 7919 + time
    return bytes((seed * (i + 1) >> 3) & 255 for i in range(size))


def cluster(time, *content, **more):
    return element(CLUSTER, element(TIMECODE, time), *content, **more)


FRAME_TIMES = (0, 33_333, 66_666)


def capture_cluster(time, numbers=(COLOR, DEPTH, IR), imu_from=None, **more):
    content = [simple_block(number, 0, payload(number, time)) for number in numbers]
    if imu_from is not None:
        samples = [imu_payload(time + imu_from + 1000 * i) for i in range(3)]
        content.append(block_group(IMU, 0, *samples, duration=2001, flags=4, lacing=b"\x02"))
    return cluster(time, content, **more)


class Layout:
    """The parts of a recording in file order; each may be replaced before `build`."""

    def __init__(self, tracks=None, offset=1_000_000, times=FRAME_TIMES):
        self.head = head()
        self.before_info = [void(64)]
        self.info = info()
        tracks = [color(), depth(), ir(), imu()] if tracks is None else tracks
        self.tracks = element(TRACKS, tracks)
        self.tag_list = {
            "K4A_COLOR_TRACK": tag("K4A_COLOR_TRACK", str(UIDS[COLOR]), track_target(UIDS[COLOR])),
            "K4A_DEPTH_TRACK": tag("K4A_DEPTH_TRACK", str(UIDS[DEPTH]), track_target(UIDS[DEPTH])),
            "K4A_DEPTH_MODE": tag("K4A_DEPTH_MODE", "NFOV_2X2BINNED", track_target(UIDS[DEPTH])),
            "K4A_IR_TRACK": tag("K4A_IR_TRACK", str(UIDS[IR]), track_target(UIDS[IR])),
            "K4A_DEPTH_DELAY_NS": tag("K4A_DEPTH_DELAY_NS", "0"),
            "K4A_WIRED_SYNC_MODE": tag("K4A_WIRED_SYNC_MODE", "STANDALONE"),
            "K4A_START_OFFSET_NS": tag("K4A_START_OFFSET_NS", str(offset * 1000)),
        }
        self.attachments = element(ATTACHMENTS, attachment("notes.txt", b"a note", 77))
        self.clusters = [capture_cluster(time, imu_from=offset) for time in times]
        self.after = []
        self.segment_size = ...
        self.seek_head = False

    def set_tag(self, name, value, target=()):
        """Replace, add, or with None remove, a tag."""
        if value is None:
            self.tag_list.pop(name, None)
        else:
            self.tag_list[name] = tag(name, value, target)
        return self

    @property
    def tags(self):
        return element(TAGS, list(self.tag_list.values())) if self.tag_list else b""

    def _seek_head(self, positions):
        entries = [
            element(0x4DBB, element(0x53AB, unsigned(identifier)), element(0x53AC, unsigned(position, 8)))
            for identifier, position in positions
        ]
        return element(SEEK_HEAD, entries)

    def body(self):
        parts = [*self.before_info, self.info, self.tracks, self.attachments, self.tags, *self.clusters, *self.after]
        if not self.seek_head:
            return b"".join(parts)
        known = (INFO, TRACKS, ATTACHMENTS, TAGS, CUES)
        positions = []
        for _ in range(2):
            seek_head = self._seek_head(positions if positions else [(0xEC, 0)] * self._count(parts, known))
            at, positions = len(seek_head), []
            for part in parts:
                positions += [(i, at) for i in known if part.startswith(unsigned(i))]
                at += len(part)
        return self._seek_head(positions) + b"".join(parts)

    @staticmethod
    def _count(parts, known):
        return sum(part.startswith(unsigned(i)) for part in parts for i in known)

    def build(self):
        return self.head + element(SEGMENT, self.body(), size_width=8, size=self.segment_size)


def with_tracks(*tracks, **more):
    return Layout(list(tracks), **more).build()
