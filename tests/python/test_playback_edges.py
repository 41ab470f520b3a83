"""Playback at its edges: unreadable images, what is no file, copies, names that cannot be, closing meanwhile."""

from __future__ import annotations

import copy
import logging
import os
import pickle
import signal
import struct

import numpy as np
import pytest
from ebml import CLUSTER, SIMPLE_BLOCK, TIMECODE, element, size_field

from pyk4a_rp import ImageFormat, K4AError, Playback, RecordingError, SeekOrigin, _color, _extensions, k4a


def with_empty_blocks(record, places, frames=6, **options):
    """A recording in which some blocks, named by track and index, hold nothing."""
    recording = record(frames=0, **options)
    pixels = recording.array
    recording.array = lambda *place: np.zeros(0, np.uint8) if place in places else pixels(*place)
    recording.frames = frames
    return recording.write(recording.path)


def walk(step):
    """What comes until the end: the images of captures as a text such as "CDI", "error" for what cannot be read."""
    found = []
    while len(found) < 20:
        try:
            capture = step()
        except StopIteration:
            return found
        except RecordingError:
            found.append("error")
        else:
            images = {"C": capture.color, "D": capture.depth, "I": capture.ir}
            found.append("".join(letter for letter, image in images.items() if image is not None))
    raise AssertionError(f"no end in sight: {found}")


# ---- images that cannot be read ----


def test_image_unreadable_is_left_out_by_index(bundled, record, caplog):
    recording = with_empty_blocks(record, {("COLOR", 2)})
    with Playback(recording.path, provider=bundled) as playback:
        assert walk(iter(playback.captures).__next__) == ["CDI", "CDI", "DI", "CDI", "CDI", "CDI"]
        assert walk(playback.captures.prefetch(threads=2).__next__) == ["CDI", "CDI", "DI", "CDI", "CDI", "CDI"]
        caplog.clear()
        with caplog.at_level(logging.INFO, "pyk4a_rp"):
            depth = playback.captures[2].depth
        assert len(caplog.records) == 1
        assert "an image of capture 2 is left out" in caplog.text
        assert "COLOR holds no image (0 bytes for 1280 x 720 pixels)" in caplog.text
        assert np.array_equal(depth.array, recording.array("DEPTH", 2))
        assert playback.captures.timestamps_usec["color"][2] == recording.timestamp_usec("COLOR", 2)


def test_capture_of_which_nothing_can_be_read_does_not_end_an_iterator(bundled, record):
    recording = with_empty_blocks(record, {(track, 2) for track in ("COLOR", "DEPTH", "IR")})
    expected = ["CDI", "CDI", "error", "CDI", "CDI", "CDI"]
    with Playback(recording.path, provider=bundled) as playback:
        with pytest.raises(RecordingError, match=r"(?s)capture 2 cannot be read.*holds no image"):
            _ = playback.captures[2]
        assert walk(iter(playback.captures).__next__) == expected
        assert walk(reversed(playback.captures).__next__) == expected[::-1]
        assert walk(playback.captures.prefetch(threads=2).__next__) == expected


def test_iterator_of_a_playback_goes_on_behind_an_error(provider, record):
    recording = with_empty_blocks(record, {("COLOR", 2)})
    with Playback(recording.path, provider=provider) as playback:
        found = walk(iter(playback).__next__)
        assert found[:3] == ["CDI", "CDI", "error"]
        assert found[-3:] == ["CDI"] * 3


def test_block_of_more_than_4_gib_does_not_hide_the_captures(bundled, record):
    recording = record(frames=2, closed=False)
    size = 2**32 + 2**20
    header = size_field(1) + struct.pack(">hB", 0, 0x80)
    block = struct.pack(">BQ", SIMPLE_BLOCK, (1 << 56) + len(header) + size) + header
    timecode = element(TIMECODE, 2 * recording.period_usec())
    with recording.path.open("ab") as file:
        file.write(struct.pack(">IQ", CLUSTER, (1 << 56) + len(timecode) + len(block) + size) + timecode + block)
        file.truncate(file.tell() + size)  # a hole: no disk is needed for it
    with Playback(recording.path, provider=bundled) as playback:
        assert len(playback.captures) == 3
        assert playback.captures[0].timestamps == recording.timestamps(0)
        assert playback.captures[2].color.size == size
        assert [capture.color.size for capture in playback] == [1000, 1001, size]


def test_recording_that_goes_on_ends_where_it_was_opened(bundled, record):
    recording = record(frames=3, closed=False, imu_per_frame=2)
    with Playback(recording.path, provider=bundled) as playback:
        assert len(playback.captures) == 3
        recording.frames = 5
        with recording.path.open("ab") as file:
            file.write(recording._cluster(3) + recording._cluster(4))
        assert len(list(playback)) == len(playback.captures) == 3
        assert len(playback.imu) == 6
    with Playback(recording.path, provider=bundled) as playback:
        assert len(list(playback)) == len(playback.captures) == 5


# ---- what is no file ----


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_pipe_is_refused_at_once(provider, tmp_path):
    def give_up(*_):
        raise AssertionError("waits for the other end of the pipe")

    path = tmp_path / "pipe"
    os.mkfifo(path)
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(20)
    try:
        with pytest.raises(RecordingError, match="pipe cannot be played: it is a pipe or device, not a file"):
            Playback(path, provider=provider)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# ---- copies ----


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_copy_is_refused_and_closes_nothing(provider, record, duplicate):
    with Playback(record(frames=2, color=None).path, provider=provider) as playback:
        prefetch = playback.prefetch()
        for owner, name in ((playback, "Playback"), (prefetch, "Prefetch")):
            with pytest.raises(TypeError, match=f"a {name} stands for"):
                duplicate(owner)
        assert len(list(prefetch)) == 2
        assert not playback.closed


# ---- names that cannot be ----


@pytest.mark.parametrize("name", ["a\0", "\ud800", 5, None], ids=["nul", "surrogate", "int", "none"])
@pytest.mark.parametrize("what", ["tags", "attachments", "tracks"])
def test_name_that_cannot_be_is_not_there(provider, record, what, name):
    with Playback(record(frames=1).path, provider=provider) as playback:
        mapping = getattr(playback, what)
        assert name not in mapping
        assert mapping.get(name, 7) == 7
        with pytest.raises(KeyError):
            mapping[name]


def test_name_that_is_not_utf8_is_looked_up_as_it_came(provider, record):
    with Playback(record(frames=1, tags=[("caf\xe9", "1")]).path, provider=provider) as playback:
        assert playback.tags["caf\xe9"] == "1"
        assert "caf\udce9" not in playback.tags


# ---- arguments ----


def test_seek_beyond_64_bits_is_an_overflow_error(provider, record):
    with Playback(record(frames=2).path, provider=provider) as playback:
        for offset in (2**63, -(2**63) - 1):
            with pytest.raises(OverflowError):
                playback.seek(offset)
        playback.seek(-(2**40), SeekOrigin.END)
        assert playback.next_capture().timestamps == (1000000, 1000000, 1000000)


@pytest.mark.parametrize("delay", [10_000, -10_000])
def test_seek_with_a_delay_takes_the_earlier_camera_as_that_much_later(provider, record, delay):
    recording = record(frames=3, depth_delay_usec=delay)
    with Playback(recording.path, provider=provider) as playback:
        for offset, expected in ((33_333 + 10_000, 1), (33_333 + 10_001, 2)):
            playback.seek(offset)
            assert playback.next_capture().timestamps == recording.timestamps(expected)


# ---- calibrations ----


def test_raw_calibration_is_the_one_named_beside_an_empty_one(bundled, record):
    attached = [("calibration.json", b""), ("mine.json", b'{"x": 1}')]
    named = record(frames=1, attachments=attached, calibration_file="mine.json")
    with Playback(named.path, provider=bundled) as playback:
        assert playback.raw_calibration.rstrip(b"\0") == b'{"x": 1}'


def test_raw_calibration_named_and_empty_raises(provider, record):
    attached = [("calibration.json", b'{"x": 1}'), ("mine.json", b"")]
    path = record(frames=1, attachments=attached, calibration_file="mine.json").path
    with Playback(path, provider=provider) as playback, pytest.raises(RecordingError, match="is empty"):
        _ = playback.raw_calibration


# ---- closed meanwhile ----

CALLS = {
    "k4a_playback_get_raw_calibration": lambda p: p.raw_calibration,
    "k4a_playback_get_calibration": lambda p: p.calibration,
    "k4a_playback_get_recording_length_usec": lambda p: p.duration_usec,
    "k4a_playback_get_next_capture": lambda p: p.next_capture(),
    "k4a_playback_get_previous_capture": lambda p: p.previous_capture(),
    "k4a_playback_get_next_imu_sample": lambda p: p.next_imu_sample(),
    "k4a_playback_get_previous_imu_sample": lambda p: p.previous_imu_sample(),
    "k4a_playback_seek_timestamp": lambda p: p.seek(0),
    "k4a_playback_set_color_conversion": lambda p: setattr(p, "color_format", ImageFormat.COLOR_BGRA32),
    "k4a_playback_get_tag": lambda p: p.tags["A"],
    "k4a_playback_get_attachment": lambda p: p.attachments["A"],
    "k4a_playback_check_track_exists": lambda p: p.tracks["DEPTH"],
    "k4a_playback_get_track_count": lambda p: len(p.tracks),
    "k4a_playback_get_track_name": lambda p: list(p.tracks),
    "k4a_playback_track_is_builtin": lambda p: p.tracks["DEPTH"].is_builtin,
    "k4a_playback_track_get_codec_id": lambda p: p.tracks["DEPTH"].codec_id,
    "k4a_playback_track_get_codec_context": lambda p: p.tracks["DEPTH"].codec_context,
    "k4a_playback_track_get_video_settings": lambda p: p.tracks["DEPTH"].video_settings,
    "k4a_playback_get_next_data_block": lambda p: p.tracks["EVENTS"].next_data_block(),
    "k4a_playback_get_previous_data_block": lambda p: p.tracks["EVENTS"].previous_data_block(),
}

EXTENSIONS = {
    "playback_get_capture_count": lambda p: len(p.captures),
    "playback_get_capture_at": lambda p: p.captures[0],
    "playback_get_capture_timestamps": lambda p: p.captures.timestamps_usec,
    "playback_read_imu_samples": lambda p: p.imu,
    "playback_get_track_frame_count": lambda p: p.tracks["DEPTH"].frame_count,
    "playback_get_damage": lambda p: p.damage,
    "playback_get_damaged_color_count": lambda p: p.damaged_color_count,
    "playback_get_tag_count": lambda p: p.tags.pairs(),
    "playback_get_tag_value": lambda p: p.tags.pairs(),
    "playback_get_attachment_name": lambda p: list(p.attachments),
}


def close_before(monkeypatch, playback, module, name):
    """Close the playback between the look at its handle and the call, as another thread may."""
    function = getattr(module, name)

    def call(*arguments, **options):
        playback.close()
        return function(*arguments, **options)

    monkeypatch.setattr(module, name, call)


def open_with_everything(record, provider):
    recording = record(
        frames=2, color="NV12", color_size=(64, 48), imu_per_frame=1, custom={"EVENTS": [(0, b"x")]},
        attachments=[("calibration.json", b"{}")],
    )  # fmt: skip
    return Playback(recording.path, provider=provider)


@pytest.mark.parametrize("name", CALLS)
def test_call_on_a_playback_closed_meanwhile_says_so(provider, record, monkeypatch, name):
    playback = open_with_everything(record, provider)
    close_before(monkeypatch, playback, k4a, name)
    with pytest.raises(ValueError, match=r"recording1\.mkv is closed$") as caught:
        CALLS[name](playback)
    assert not isinstance(caught.value, K4AError)


@pytest.mark.parametrize("name", EXTENSIONS)
def test_extension_on_a_playback_closed_meanwhile_says_so(bundled, record, monkeypatch, name):
    playback = open_with_everything(record, bundled)
    close_before(monkeypatch, playback, _color if "damaged" in name else _extensions, name)
    with pytest.raises(ValueError, match=r"recording1\.mkv is closed$") as caught:
        EXTENSIONS[name](playback)
    assert not isinstance(caught.value, K4AError)


def test_prefetch_closed_within_a_turn_just_ends(bundled, record, monkeypatch):
    with Playback(record(frames=3).path, provider=bundled) as playback:
        prefetch = playback.prefetch(threads=1)
        handle = playback.handle

        def close_and_tell(self):
            prefetch.close()
            return handle

        monkeypatch.setattr(Playback, "handle", property(close_and_tell))
        with pytest.raises(StopIteration):
            next(prefetch)


def test_tracks_of_a_closed_playback_have_a_repr(provider, record):
    with Playback(record(frames=1).path, provider=provider) as playback:
        tracks = playback.tracks
        assert repr(tracks).endswith(": COLOR, DEPTH, IR>")
    assert repr(tracks) == f"<tracks of {playback!r}>"
