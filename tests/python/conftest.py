"""A writer of small recordings whose every byte the tests know, and how tests open them."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "differential"))
from ebml import (
    ATTACHMENTS,
    BLOCK,
    BLOCK_DURATION,
    BLOCK_GROUP,
    CLUSTER,
    EBML,
    INFO,
    SEGMENT,
    SIMPLE_BLOCK,
    TAGS,
    TIMECODE,
    TRACKS,
    element,
    size_field,
    void,
)

NUMBERS = {"COLOR": 1, "DEPTH": 2, "IR": 3, "IMU": 4}
CUSTOM_NUMBER = 5
DEPTH_SIZES = {
    "NFOV_2X2BINNED": (320, 288),
    "NFOV_UNBINNED": (640, 576),
    "WFOV_2X2BINNED": (512, 512),
    "WFOV_UNBINNED": (1024, 1024),
    "PASSIVE_IR": (1024, 1024),
}
PIXELS = {"MJPG": None, "NV12": 1.5, "YUY2": 2, "BGRA": 4}


@dataclass
class Recording:
    """What to write; the methods say what is in it."""

    frames: int = 6
    fps: int = 30
    color: str | None = "MJPG"
    color_size: tuple[int, int] = (1280, 720)
    depth_mode: str | None = "NFOV_2X2BINNED"
    depth_delay_usec: int = 0
    start_offset_usec: int = 1_000_000
    imu_per_frame: int = 0
    custom: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)  # times within the file, in order
    tags: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    calibration_file: str | None = None  # the attachment that a tag names
    dropped: dict[str, set[int]] = field(default_factory=dict)
    closed: bool = True
    path: Path = Path()

    # ---- what is in it ----

    @property
    def cameras(self) -> list[str]:
        names = ["COLOR"] if self.color else []
        if self.depth_mode:
            names += ["IR"] if self.depth_mode == "PASSIVE_IR" else ["DEPTH", "IR"]
        return names

    def period_usec(self) -> int:
        return round(1e6 / self.fps)

    def file_time_usec(self, track: str, index: int) -> int:
        late = self.depth_delay_usec > 0
        shift = abs(self.depth_delay_usec) if (track != "COLOR") == late else 0
        return index * self.period_usec() + shift

    def timestamp_usec(self, track: str, index: int) -> int | None:
        if track not in self.cameras or index in self.dropped.get(track, ()):
            return None
        return self.start_offset_usec + self.file_time_usec(track, index)

    def timestamps(self, index: int) -> tuple[int | None, ...]:
        return tuple(self.timestamp_usec(track, index) for track in ("COLOR", "DEPTH", "IR"))

    def array(self, track: str, index: int) -> np.ndarray:
        """The pixels of an image as `Image.array` shows them."""
        generator = np.random.default_rng(NUMBERS[track] * 1000 + index)
        if track != "COLOR":
            width, height = DEPTH_SIZES[self.depth_mode]
            return generator.integers(0, 2**16, (height, width), np.uint16)
        width, height = self.color_size
        shape = {
            "MJPG": (1000 + index,),
            "NV12": (height * 3 // 2, width),
            "YUY2": (height, width, 2),
            "BGRA": (height, width, 4),
        }[self.color]
        return generator.integers(0, 256, shape, np.uint8)

    def imu_sample(self, index: int) -> tuple[int, tuple[float, ...], int, tuple[float, ...]]:
        time = self.start_offset_usec + index * self.period_usec() // max(self.imu_per_frame, 1)
        return time, (index, 0.5, -9.75), time + 3, (0.25, index * 2.0, -1.0)

    # ---- writing ----

    def write(self, path: Path) -> Recording:
        self.path = path
        content = [
            void(100),
            element(INFO, element(0x2AD7B1, 1000), element(0x4D80, "tests"), element(0x5741, "tests")),
        ]
        content += [self._tracks(), self._attachments(), self._tags()]
        content += [self._cluster(index) for index in range(self.frames)]
        head = element(
            EBML,
            [element(0x4286, 1), element(0x42F7, 1), element(0x42F2, 4), element(0x42F3, 8)],
            [element(0x4282, "matroska"), element(0x4287, 2), element(0x4285, 2)],
        )
        more = {} if self.closed else {"size": 0}
        path.write_bytes(head + element(SEGMENT, content, size_width=8, **more))
        return self

    def _tracks(self) -> bytes:
        return element(TRACKS, [self._camera(name) for name in self.cameras], self._imu_track(), self._custom_tracks())

    def _camera(self, name: str) -> bytes:
        fourcc, (width, height) = (self.color, self.color_size) if name == "COLOR" else ("b16g", (0, 0))
        if name != "COLOR":
            width, height = DEPTH_SIZES[self.depth_mode]
        header = struct.pack("<IIIHH4sI16x", 40, width, height, 1, 16, fourcc.encode(), 0)
        return element(
            0xAE,
            [element(0xD7, NUMBERS[name]), element(0x73C5, 1000 + NUMBERS[name]), element(0x83, 1)],
            [element(0x86, "V_MS/VFW/FOURCC"), element(0x536E, name), element(0x63A2, header)],
            [element(0x23E383, 10**9 // self.fps), element(0xE0, element(0xB0, width), element(0xBA, height))],
        )

    def _imu_track(self) -> list[bytes]:
        return [_subtitles(NUMBERS["IMU"], "IMU", "S_K4A/IMU")] if self.imu_per_frame else []

    def _custom_tracks(self) -> list[bytes]:
        return [_subtitles(number, name, "S_TEXT/TEST") for number, name in enumerate(self.custom, CUSTOM_NUMBER)]

    def _tags(self) -> bytes:
        tags = [("K4A_START_OFFSET_NS", str(self.start_offset_usec * 1000))]
        if self.depth_mode:
            tags.append(("K4A_DEPTH_MODE", self.depth_mode))
        if self.depth_delay_usec:
            tags.append(("K4A_DEPTH_DELAY_NS", str(self.depth_delay_usec * 1000)))
        return element(TAGS, [_tag(name, value) for name, value in [*tags, *self.tags]], self._calibration_tag())

    def _calibration_tag(self) -> list[bytes]:
        if self.calibration_file is None:
            return []
        number = [name for name, _ in self.attachments].index(self.calibration_file)
        return [_tag("K4A_CALIBRATION_FILE", self.calibration_file, attachment_uid=2000 + number)]

    def _attachments(self) -> bytes:
        return element(
            ATTACHMENTS,
            [
                element(
                    0x61A7,
                    [element(0x466E, name), element(0x4660, "application/octet-stream")],
                    [element(0x465C, data), element(0x46AE, 2000 + number)],
                )
                for number, (name, data) in enumerate(self.attachments)
            ],
        )

    def _cluster(self, index: int) -> bytes:
        start = index * self.period_usec()
        end = start + self.period_usec() if index < self.frames - 1 else 2**62
        blocks = []
        for name in self.cameras:
            if index not in self.dropped.get(name, ()):
                pixels = self.array(name, index)
                data = (pixels if pixels.dtype == np.uint8 else pixels.astype(">u2")).tobytes()
                blocks.append((self.file_time_usec(name, index), NUMBERS[name], data))
        for number, items in enumerate(self.custom.values(), CUSTOM_NUMBER):
            blocks += [(time, number, data) for time, data in items if start <= time < end]
        blocks.sort(key=lambda block: block[0])
        content = [element(SIMPLE_BLOCK, _block(number, time - start, [data])) for time, number, data in blocks]
        if self.imu_per_frame:
            content.append(self._imu_block(index * self.imu_per_frame, start))
        return element(CLUSTER, element(TIMECODE, start), content)

    def _imu_block(self, first: int, start: int) -> bytes:
        samples = [self.imu_sample(first + i) for i in range(self.imu_per_frame)]
        data = [struct.pack("<Q3fQ3f", at * 1000, *acc, gyro_at * 1000, *gyro) for at, acc, gyro_at, gyro in samples]
        relative = samples[0][0] - self.start_offset_usec - start
        duration = samples[-1][0] - samples[0][0] + 1
        return element(
            BLOCK_GROUP,
            element(BLOCK, _block(NUMBERS["IMU"], relative, data, laced=True)),
            element(BLOCK_DURATION, duration),
        )


def _tag(name: str, value: str, attachment_uid: int | None = None) -> bytes:
    of = [] if attachment_uid is None else [element(0x63CA, "ATTACHMENT"), element(0x63C6, attachment_uid)]
    return element(0x7373, element(0x63C0, of), element(0x67C8, element(0x45A3, name), element(0x4487, value)))


def _subtitles(number: int, name: str, codec: str) -> bytes:
    return element(
        0xAE,
        [element(0xD7, number), element(0x73C5, 1000 + number), element(0x83, 17)],
        [element(0x86, codec), element(0x536E, name)],
    )


def _block(number: int, relative: int, frames: list[bytes], laced: bool = False) -> bytes:
    lacing = bytes([len(frames) - 1]) if laced else b""
    return size_field(number) + struct.pack(">hB", relative, 0x04 if laced else 0x80) + lacing + b"".join(frames)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Callable[..., Recording]]:
    """Write a recording: `record(frames=3, color=None)` is a `Recording` with a `path`."""
    count = 0

    def write(**options: object) -> Recording:
        nonlocal count
        count += 1
        return Recording(**options).write(tmp_path / f"recording{count}.mkv")

    yield write
