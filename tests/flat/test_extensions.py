"""The engine's own table through Python."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import NotSupportedError, _extensions
from pyk4a_rp.k4a import *
from tests.flat.conftest import ATTACHMENT, FRAMES, PERIOD_USEC, START_USEC, depth_pixels

OK, FAILED = K4A_RESULT_SUCCEEDED, K4A_RESULT_FAILED
NONE = 2**64 - 1


@pytest.fixture
def provider(bundled: Any) -> Any:
    """Only one provider has the table."""
    return bundled


def test_library_says_what_it_is(bundled: Any) -> None:
    assert _extensions.get_version(bundled) == bundled.version
    features = _extensions.get_features(bundled)
    assert features is not None and all("=" in word for word in features.split())


def test_tags_are_listed_in_the_order_of_the_file(playback: PlaybackHandle) -> None:
    count = _extensions.playback_get_tag_count(playback)
    names = [_extensions.playback_get_tag_name(playback, index) for index in range(count)]
    values = [_extensions.playback_get_tag_value(playback, index) for index in range(count)]
    assert {result for result, _ in names + values} == {K4A_BUFFER_RESULT_SUCCEEDED}
    tags = {name: value for (_, name), (_, value) in zip(names, values, strict=True)}
    for name, value in tags.items():
        assert k4a_playback_get_tag(playback, name or "") == (K4A_BUFFER_RESULT_SUCCEEDED, value)
    assert tags["GREETING"] == "gr\u00fc\u00df Gott" and tags["EMPTY"] == "" and len(tags["LONG"] or "") == 1000
    assert _extensions.playback_get_tag_name(playback, count) == (K4A_BUFFER_RESULT_FAILED, None)
    index = [name for _, name in names].index("GREETING")
    assert _extensions.playback_get_tag_name(playback, index, size=3) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 9)
    assert _extensions.playback_get_tag_value(playback, index, size=12)[0::2] == (K4A_BUFFER_RESULT_SUCCEEDED, 12)


def test_attachments_are_listed(playback: PlaybackHandle) -> None:
    count = _extensions.playback_get_attachment_count(playback)
    names = [_extensions.playback_get_attachment_name(playback, index)[1] for index in range(count)]
    assert {"numbers.bin", "empty.bin"} <= set(names)
    assert k4a_playback_get_attachment(playback, "numbers.bin")[1] == ATTACHMENT
    assert _extensions.playback_get_attachment_name(playback, count) == (K4A_BUFFER_RESULT_FAILED, None)


def test_start_offset_has_nanoseconds(playback: PlaybackHandle) -> None:
    assert _extensions.playback_get_start_offset_nsec(playback) == START_USEC * 1000


def test_captures_are_read_by_number_and_no_cursor_moves(playback: PlaybackHandle) -> None:
    assert _extensions.playback_get_capture_count(playback) == (OK, FRAMES)
    for number in (FRAMES - 1, 0, 3):
        result, capture = _extensions.playback_get_capture_at(playback, number)
        assert result == OK and capture is not None
        assert np.array_equal(np.asarray(k4a_capture_get_depth_image(capture)), depth_pixels(number))
    assert _extensions.playback_get_capture_at(playback, FRAMES) == (FAILED, None)
    _, first = k4a_playback_get_next_capture(playback)
    assert first is not None
    image = k4a_capture_get_depth_image(first)
    assert image is not None and image.device_timestamp_usec == START_USEC


def test_timestamps_of_captures_come_in_one_block(playback: PlaybackHandle) -> None:
    result, data = _extensions.playback_get_capture_timestamps(playback, 0, FRAMES)
    assert result == OK and data is not None
    expected = [(NONE, time, time) for time in range(START_USEC, START_USEC + FRAMES * PERIOD_USEC, PERIOD_USEC)]
    assert list(struct.iter_unpack("QQQ", data)) == expected
    assert list(struct.iter_unpack("QQQ", _extensions.playback_get_capture_timestamps(playback, 4, 1)[1] or b"")) == [
        expected[4]
    ]
    assert _extensions.playback_get_capture_timestamps(playback, FRAMES, 0) == (OK, bytearray())
    for first, count in ((0, FRAMES + 1), (FRAMES + 1, 0), (1, 2**63), (2**63, 2**63)):
        assert _extensions.playback_get_capture_timestamps(playback, first, count) == (FAILED, None)


def test_timestamps_of_one_capture(playback: PlaybackHandle) -> None:
    _, capture = _extensions.playback_get_capture_at(playback, 3)
    assert capture is not None
    time = START_USEC + 3 * PERIOD_USEC
    assert _extensions.capture_get_timestamps(capture) == (OK, (None, time, time))
    k4a_capture_release(capture)
    assert _extensions.capture_get_timestamps(capture) == (FAILED, None)


def test_frames_of_tracks_are_counted(playback: PlaybackHandle) -> None:
    for name in ("DEPTH", "IR", "IMU", "PIXELS", "WORDS"):
        assert _extensions.playback_get_track_frame_count(playback, name) == (OK, FRAMES)
    assert _extensions.playback_get_track_frame_count(playback, "NONE") == (FAILED, None)


def test_samples_come_in_one_block(playback: PlaybackHandle) -> None:
    result, data = _extensions.playback_read_imu_samples(playback)
    assert result == OK and data is not None and len(data) == 48 * FRAMES
    times = [row[4] for row in struct.iter_unpack("ffffQfffxxxxQ", data)]
    assert times == [START_USEC + 1000 * number for number in range(FRAMES)]
    assert _extensions.playback_read_imu_samples(playback, 2, 3) == (OK, data[96:240])
    assert _extensions.playback_read_imu_samples(playback, 4, 100) == (OK, data[192:])
    assert _extensions.playback_read_imu_samples(playback, FRAMES) == (OK, bytearray())
    assert _extensions.playback_read_imu_samples(playback, 2**60) == (OK, bytearray())
    assert _extensions.playback_read_imu_samples(playback, 0, 0) == (OK, bytearray())


def test_good_recording_has_no_damage(playback: PlaybackHandle) -> None:
    assert _extensions.playback_get_damage(playback) == (OK, _extensions.Damage(0, 0, 0, 0))
    assert _extensions.playback_get_damage_text(playback) == (K4A_BUFFER_RESULT_SUCCEEDED, "")


def test_cut_recording_says_where(
    open_playback: Callable[[Path], PlaybackHandle], recording: Path, tmp_path: Path
) -> None:
    data = recording.read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(data[: len(data) * 2 // 3])
    playback = open_playback(cut)
    _extensions.playback_get_capture_count(playback)
    result, damage = _extensions.playback_get_damage(playback)
    assert result == OK and damage is not None
    assert damage.kinds & 3 and damage.offset <= len(data) * 2 // 3
    assert _extensions.playback_get_damage_text(playback)[1]


def test_released_playback_fails(playback: PlaybackHandle) -> None:
    playback.release()
    assert _extensions.available(playback)
    assert _extensions.playback_get_tag_count(playback) == _extensions.playback_get_attachment_count(playback) == 0
    assert _extensions.playback_get_start_offset_nsec(playback) == 0
    assert _extensions.playback_get_tag_name(playback, 0) == (K4A_BUFFER_RESULT_FAILED, None)
    assert _extensions.playback_get_capture_count(playback) == (FAILED, None)
    assert _extensions.playback_get_capture_at(playback, 0) == (FAILED, None)
    assert _extensions.playback_get_capture_timestamps(playback, 0, 0) == (FAILED, None)
    assert _extensions.playback_get_track_frame_count(playback, "IMU") == (FAILED, None)
    assert _extensions.playback_read_imu_samples(playback) == (FAILED, None)
    assert _extensions.playback_get_damage(playback) == (FAILED, None)
    assert _extensions.playback_get_damage_text(playback) == (K4A_BUFFER_RESULT_FAILED, None)


def test_provider_without_the_table_is_named(microsoft: Any, recording: Path) -> None:
    _, playback = k4a_playback_open(recording, provider=microsoft)
    assert playback is not None and not _extensions.available(playback)
    assert _extensions.get_version(microsoft) is None and _extensions.get_features(microsoft) is None
    with pytest.raises(NotSupportedError, match="provider 'microsoft' has no playback_get_capture_count"):
        _extensions.playback_get_capture_count(playback)
