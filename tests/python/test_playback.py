"""Playback: captures, seeking, IMU, life and death; on both providers."""

from __future__ import annotations

import gc
import math
import os
import warnings
import weakref

import numpy as np
import pytest

from pyk4a_rp import (
    Capture,
    ColorResolution,
    DepthMode,
    EndOfRecording,
    FramesPerSecond,
    ImageFormat,
    K4AError,
    NotSupportedError,
    Playback,
    RecordingError,
    SeekOrigin,
    WiredSyncMode,
)


def indices(captures, recording):
    """Numbers of the frames that captures are made of, by their timestamps."""
    numbers = {recording.timestamps(index): index for index in range(recording.frames)}
    return [numbers[tuple(capture.timestamps)] for capture in captures]


# ---- the real recording ----


def test_playback_of_real_recording_has_its_configuration(provider, shared_recording):
    with Playback(shared_recording, provider=provider) as playback:
        configuration = playback.configuration
        assert configuration.color_format is ImageFormat.COLOR_MJPG
        assert configuration.color_resolution is ColorResolution.RES_720P
        assert configuration.depth_mode is DepthMode.NFOV_UNBINNED
        assert configuration.camera_fps is FramesPerSecond.FPS_5
        assert configuration.color_track_enabled is True
        assert configuration.depth_track_enabled is True
        assert configuration.ir_track_enabled is True
        assert configuration.imu_track_enabled is True
        assert configuration.depth_delay_off_color_usec == 0
        assert configuration.wired_sync_mode is WiredSyncMode.STANDALONE
        assert configuration.subordinate_delay_off_master_usec == 0
        assert configuration.start_timestamp_offset_usec == 336277
        assert playback.tags["K4A_DEVICE_SERIAL_NUMBER"] == "001514394512"
        assert playback.raw_calibration.startswith(b"{")
        assert playback.raw_calibration == playback.attachments["calibration.json"].rstrip(b"\0")


def test_playback_of_real_recording_has_one_capture(provider, shared_recording):
    with Playback(str(shared_recording), provider=provider) as playback:
        assert len(playback.captures) == 1
        (capture,) = playback
        assert capture.color.format is ImageFormat.COLOR_MJPG
        assert capture.color.array[:2].tobytes() == b"\xff\xd8"
        assert (capture.depth.array.shape, capture.depth.array.dtype) == ((576, 640), np.uint16)
        assert 300 < np.median(capture.depth.array[capture.depth.array > 0]) < 6000
        assert capture.ir.array.shape == (576, 640)
        assert len(playback.imu) == 1
        assert abs(np.linalg.norm(playback.imu["acc"][0]) - 9.81) < 1


# ---- captures ----


@pytest.mark.parametrize("color", ["MJPG", "NV12", "YUY2", "BGRA", None])
def test_iteration_yields_every_image_as_recorded(provider, record, color):
    recording = record(frames=3, color=color, color_size=(64, 48), depth_mode="NFOV_2X2BINNED")
    with Playback(recording.path, provider=provider) as playback:
        captures = list(playback)
        assert [tuple(capture.timestamps) for capture in captures] == [recording.timestamps(i) for i in range(3)]
        for index, capture in enumerate(captures):
            assert math.isnan(capture.temperature_c)
            for track in recording.cameras:
                image = getattr(capture, track.lower())
                assert np.array_equal(image.array, recording.array(track, index)), (track, index)
                assert image.device_timestamp_usec == recording.timestamp_usec(track, index)
        assert (captures[0].color is None) == (color is None)


@pytest.mark.parametrize("depth_mode", [None, "WFOV_2X2BINNED", "PASSIVE_IR"])
def test_iteration_follows_the_depth_mode(provider, record, depth_mode):
    recording = record(frames=2, depth_mode=depth_mode)
    with Playback(recording.path, provider=provider) as playback:
        assert playback.configuration.depth_mode.name == (depth_mode or "OFF")
        for index, capture in enumerate(playback):
            assert (capture.depth is not None) == (depth_mode == "WFOV_2X2BINNED")
            assert (capture.ir is not None) == (depth_mode is not None)
            if depth_mode:
                assert np.array_equal(capture.ir.array, recording.array("IR", index))


def test_iteration_goes_on_from_the_current_position(provider, record):
    recording = record(frames=6)
    with Playback(recording.path, provider=provider) as playback:
        assert indices([playback.next_capture(), playback.next_capture()], recording) == [0, 1]
        for capture in playback:
            assert indices([capture], recording) == [2]
            break
        assert indices(playback, recording) == [3, 4, 5]
        assert list(playback) == []
        playback.seek(0)
        assert indices(playback, recording) == [0, 1, 2, 3, 4, 5]


def test_next_and_previous_at_the_ends_raise_end_of_recording(provider, record):
    recording = record(frames=2)
    with Playback(recording.path, provider=provider) as playback:
        with pytest.raises(EOFError):
            playback.previous_capture()
        assert indices([playback.next_capture(), playback.next_capture()], recording) == [0, 1]
        with pytest.raises(EndOfRecording, match=r"recording1\.mkv: no more captures") as caught:
            playback.next_capture()
        assert isinstance(caught.value, K4AError)
        assert (caught.value.call, caught.value.code) == ("k4a_playback_get_next_capture", 2)
        assert indices([playback.previous_capture(), playback.previous_capture()], recording) == [1, 0]
        with pytest.raises(EndOfRecording, match="no capture before"):
            playback.previous_capture()


def test_missing_frames_give_partial_captures(provider, record):
    recording = record(frames=5, dropped={"COLOR": {1}, "DEPTH": {2}, "IR": {2, 3}})
    with Playback(recording.path, provider=provider) as playback:
        assert [tuple(capture.timestamps) for capture in playback] == [recording.timestamps(i) for i in range(5)]
        assert [tuple(capture.timestamps) for capture in playback.captures] == [
            recording.timestamps(i) for i in range(5)
        ]


# ---- playback.captures ----


def test_captures_are_a_sequence(provider, record):
    recording = record(frames=7)
    with Playback(recording.path, provider=provider) as playback:
        captures = playback.captures
        assert len(captures) == 7
        assert indices([captures[0], captures[6], captures[-1], captures[-7], captures[3]], recording) == [
            0,
            6,
            6,
            0,
            3,
        ]
        assert indices(captures, recording) == list(range(7))
        assert indices(reversed(captures), recording) == list(range(6, -1, -1))
        assert indices(captures[1:6:2], recording) == [1, 3, 5]
        assert indices(captures[::-3], recording) == [6, 3, 0]
        assert indices([captures[2:][::-1][-1]], recording) == [2]
        assert len(captures[5:99]) == 2
        assert list(captures[4:4]) == []
        for wrong in (7, -8):
            with pytest.raises(IndexError, match=f"capture {wrong} of 7"):
                captures[wrong]
        with pytest.raises(TypeError):
            captures["first"]


def test_captures_have_the_pixels_of_their_frames(provider, record):
    recording = record(frames=4)
    with Playback(recording.path, provider=provider) as playback:
        for index in (3, 0, 2, 1):
            capture = playback.captures[index]
            for track in recording.cameras:
                assert np.array_equal(getattr(capture, track.lower()).array, recording.array(track, index))


def test_captures_do_not_move_the_position(provider, record):
    recording = record(frames=6, imu_per_frame=3)
    with Playback(recording.path, provider=provider) as playback:
        playback.next_capture()
        playback.next_imu_sample()
        assert indices([playback.captures[5], playback.captures[0]], recording) == [5, 0]
        assert len(playback.imu) == 18
        assert playback.captures.timestamps_usec.shape == (6,)
        assert indices([playback.next_capture()], recording) == [1]
        assert playback.next_imu_sample().acc[0] == 1.0
        playback.captures[3]
        assert indices([playback.previous_capture()], recording) == [0]


@pytest.mark.parametrize("delay", [0, 30_000, -30_000, 160, -160])
def test_captures_match_iteration_whatever_the_delay(provider, record, delay):
    recording = record(frames=12, depth_delay_usec=delay, dropped={"COLOR": {3, 4}, "DEPTH": {4, 7}, "IR": {0}})
    with Playback(recording.path, provider=provider) as playback:
        forwards = [tuple(capture.timestamps) for capture in playback]
        numbers = np.random.default_rng(1).permutation(len(forwards)).tolist() + list(range(len(forwards)))[::-1]
        captures = playback.captures
        assert len(captures) == len(forwards)
        assert [tuple(captures[number].timestamps) for number in numbers] == [forwards[number] for number in numbers]


def test_captures_timestamps_have_minus_one_for_missing_images(provider, record):
    recording = record(frames=4, dropped={"COLOR": {0}, "DEPTH": {2}})
    with Playback(recording.path, provider=provider) as playback:
        timestamps = playback.captures.timestamps_usec
        expected = [tuple(-1 if time is None else time for time in recording.timestamps(i)) for i in range(4)]
        assert timestamps.dtype.names == ("color", "depth", "ir")
        assert timestamps.tolist() == expected
        assert playback.captures[::-2].timestamps_usec.tolist() == expected[::-2]
        assert playback.captures[2:2].timestamps_usec.tolist() == []


# ---- seek ----


@pytest.mark.parametrize(
    ("origin", "offset", "expected"),
    [
        (SeekOrigin.BEGIN, 0, 0),
        (SeekOrigin.BEGIN, 1, 1),
        (SeekOrigin.BEGIN, 66_666, 2),
        (SeekOrigin.BEGIN, -5, 0),
        (SeekOrigin.BEGIN, 10**12, None),
        (SeekOrigin.DEVICE_TIME, 1_099_999, 3),
        (SeekOrigin.DEVICE_TIME, 0, 0),
        (SeekOrigin.END, 0, None),
        (SeekOrigin.END, -1, 5),
        (SeekOrigin.END, -(10**12), 0),
        (1, -33_334, 4),
    ],
)
def test_seek_is_followed_by_first_capture_from_there_on(provider, record, origin, offset, expected):
    recording = record(frames=6)
    with Playback(recording.path, provider=provider) as playback:
        playback.seek(offset, origin)
        if expected is None:
            with pytest.raises(EndOfRecording):
                playback.next_capture()
        else:
            assert indices([playback.next_capture()], recording) == [expected]
        playback.seek(offset, origin)
        if expected == 0:
            with pytest.raises(EndOfRecording):
                playback.previous_capture()
        else:
            assert indices([playback.previous_capture()], recording) == [5 if expected is None else expected - 1]


def test_seek_with_wrong_arguments_raises(provider, record):
    with Playback(record(frames=2).path, provider=provider) as playback:
        with pytest.raises(TypeError, match="offset_usec"):
            playback.seek(1.5)
        with pytest.raises(RecordingError, match="UNKNOWN_9"):
            playback.seek(0, 9)


@pytest.mark.parametrize("start", [0, 2**32 - 50_000, 2**32 + 705_032_704, 3 * 2**32 + 7])
def test_times_beyond_32_bits_are_whole(provider, record, start):
    recording = record(
        frames=4, start_offset_usec=start, imu_per_frame=2, custom={"EVENTS": [(0, b"a"), (40_000, b"b")]}
    )
    with Playback(recording.path, provider=provider) as playback:
        assert playback.configuration.start_timestamp_offset_usec == start
        assert [tuple(capture.timestamps) for capture in playback] == [recording.timestamps(i) for i in range(4)]
        assert playback.captures.timestamps_usec["depth"].tolist() == [
            recording.timestamp_usec("DEPTH", i) for i in range(4)
        ]
        assert indices([playback.captures[2], playback.captures[-1]], recording) == [2, 3]
        playback.seek(recording.timestamp_usec("DEPTH", 2), SeekOrigin.DEVICE_TIME)
        assert indices([playback.next_capture()], recording) == [2]
        assert playback.imu["acc_timestamp_usec"].tolist() == [recording.imu_sample(i)[0] for i in range(8)]
        assert playback.next_imu_sample().acc_timestamp_usec == recording.imu_sample(4)[0]
        blocks = list(playback.tracks["EVENTS"].data_blocks())
        assert [(block.device_timestamp_usec, block.data) for block in blocks] == [
            (start, b"a"),
            (start + 40_000, b"b"),
        ]


# ---- IMU ----


def test_imu_is_one_structured_array(provider, record):
    recording = record(frames=4, imu_per_frame=5)
    with Playback(recording.path, provider=provider) as playback:
        imu = playback.imu
        assert imu.dtype.names == ("acc_timestamp_usec", "acc", "gyro_timestamp_usec", "gyro", "temperature_c")
        assert (imu.shape, imu["acc"].shape, imu["gyro"].shape) == ((20,), (20, 3), (20, 3))
        expected = [recording.imu_sample(i) for i in range(20)]
        assert imu["acc_timestamp_usec"].tolist() == [sample[0] for sample in expected]
        assert imu["gyro_timestamp_usec"].tolist() == [sample[2] for sample in expected]
        assert imu["acc"].tolist() == [list(sample[1]) for sample in expected]
        assert imu["gyro"].tolist() == [list(sample[3]) for sample in expected]
        assert np.isnan(imu["temperature_c"]).all()
        assert (imu["acc_timestamp_usec"] - imu["gyro_timestamp_usec"] == -3).all()
        assert playback.imu is imu
        with pytest.raises(ValueError, match="read-only"):
            imu["acc"] = 0


def test_imu_samples_one_by_one_both_ways(provider, record):
    recording = record(frames=2, imu_per_frame=2)
    with Playback(recording.path, provider=provider) as playback:
        samples = [playback.next_imu_sample() for _ in range(4)]
        assert [sample[:4] for sample in samples] == [recording.imu_sample(i) for i in range(4)]
        assert math.isnan(samples[0].temperature_c)
        with pytest.raises(EndOfRecording, match="no more IMU samples"):
            playback.next_imu_sample()
        assert [playback.previous_imu_sample().acc[0] for _ in range(4)] == [3, 2, 1, 0]
        with pytest.raises(EndOfRecording, match="no IMU sample before"):
            playback.previous_imu_sample()
        playback.seek(recording.imu_sample(2)[0], SeekOrigin.DEVICE_TIME)
        assert playback.next_imu_sample().acc[0] == 2


@pytest.mark.parametrize("start", [1_000_000, 2**32 + 705_032_704])
@pytest.mark.parametrize(
    ("origin", "offset", "expected"),
    [
        (SeekOrigin.DEVICE_TIME, 33_333, 10),
        (SeekOrigin.DEVICE_TIME, 33_334, 11),
        (SeekOrigin.DEVICE_TIME, -5, 0),
        (SeekOrigin.BEGIN, 0, 0),
        (SeekOrigin.BEGIN, 50_000, 16),
        (SeekOrigin.BEGIN, 10**9, 30),
        (SeekOrigin.END, 0, 30),
        (SeekOrigin.END, -1, 29),
        (SeekOrigin.END, -10_000, 27),
    ],
)
def test_imu_after_seek_is_the_sample_sought(provider, record, start, origin, offset, expected):
    recording = record(frames=3, imu_per_frame=10, start_offset_usec=start)
    at = offset + start if origin == SeekOrigin.DEVICE_TIME else offset
    with Playback(recording.path, provider=provider) as playback:
        for before in (False, True):
            playback.seek(at, origin)
            found = []
            for step in (playback.previous_imu_sample, playback.next_imu_sample)[:: 1 if before else -1]:
                try:
                    found.append(step().acc[0])
                except EndOfRecording:
                    found.append(None)
            ahead = [None if expected == 30 else expected, None if expected == 0 else expected - 1]
            back = [None if expected == 0 else expected - 1, None if expected == 30 else expected]
            assert found == (back if before else ahead), (before, found)


def test_imu_without_track_is_empty(provider, record):
    with Playback(record(frames=1).path, provider=provider) as playback:
        assert playback.imu.shape == (0,)
        assert playback.imu["acc"].shape == (0, 3)
        with pytest.raises(EndOfRecording):
            playback.next_imu_sample()


# ---- tags, attachments, tracks ----


def test_tags_are_found_by_name(provider, record):
    recording = record(frames=1, tags=[("FIRST", "Grüße, 東京"), ("EMPTY", ""), ("FIRST", "second")])
    with Playback(recording.path, provider=provider) as playback:
        tags = playback.tags
        assert (tags["FIRST"], tags["EMPTY"], tags["K4A_DEPTH_MODE"]) == ("Grüße, 東京", "", "NFOV_2X2BINNED")
        assert "FIRST" in tags
        assert "first" not in tags
        assert 5 not in tags
        assert tags.get("NONE", "nothing") == "nothing"
        with pytest.raises(KeyError, match="NONE"):
            tags["NONE"]


def test_asking_for_what_is_not_there_logs_no_errors(provider, record, caplog):
    with caplog.at_level("WARNING"), Playback(record(frames=1, imu_per_frame=1).path, provider=provider) as playback:
        assert "NONE" not in playback.tags
        assert "NONE" not in playback.attachments
        assert "NONE" not in playback.tracks
        assert playback.tracks["IMU"].video_settings is None
    assert caplog.records == []


def test_attachments_are_found_by_name(provider, record):
    data = bytes(range(256)) * 5
    recording = record(frames=1, attachments=[("bytes.bin", data), ("notes.txt", b"a note\n"), ("empty", b"")])
    with Playback(recording.path, provider=provider) as playback:
        attachments = playback.attachments
        assert (attachments["bytes.bin"], attachments["notes.txt"], attachments["empty"]) == (data, b"a note\n", b"")
        assert "NOTES.TXT" not in attachments
        with pytest.raises(KeyError, match=r"none\.txt"):
            attachments["none.txt"]


def test_tags_and_attachments_are_listed_by_the_bundled_provider(bundled, record):
    recording = record(frames=1, tags=[("B", "1"), ("A", "2"), ("B", "3")], attachments=[("x", b"1"), ("y", b"22")])
    with Playback(recording.path, provider=bundled) as playback:
        written = {"K4A_START_OFFSET_NS": "1000000000", "K4A_DEPTH_MODE": "NFOV_2X2BINNED", "B": "1", "A": "2"}
        assert dict(playback.tags) == written
        assert list(playback.tags) == list(written)
        assert playback.tags.pairs()[-3:] == [("B", "1"), ("A", "2"), ("B", "3")]
        assert dict(playback.attachments) == {"x": b"1", "y": b"22"}


def test_tags_and_attachments_cannot_be_listed_by_microsoft(microsoft, record):
    with Playback(record(frames=1).path, provider=microsoft) as playback:
        for mapping in (playback.tags, playback.attachments):
            with pytest.raises(NotSupportedError, match=r"'microsoft' cannot list .*'bundled' can"):
                list(mapping)
            with pytest.raises(NotSupportedError):
                len(mapping)
        with pytest.raises(NotSupportedError, match="count"):
            _ = playback.tracks["DEPTH"].frame_count


def test_raw_calibration_missing_or_empty_raises(provider, record):
    empty = record(frames=1, attachments=[("calibration.json", b"")])
    for recording, message in ((record(frames=1), "no calibration"), (empty, r"calibration.* is empty")):
        with Playback(recording.path, provider=provider) as playback, pytest.raises(RecordingError, match=message):
            _ = playback.raw_calibration


def test_tracks_are_a_mapping(provider, record):
    recording = record(frames=3, imu_per_frame=4, custom={"ZULU": [(0, b"z")], "ALPHA": [(5, b"a")]})
    with Playback(recording.path, provider=provider) as playback:
        tracks = playback.tracks
        assert list(tracks) == ["ALPHA", "COLOR", "DEPTH", "IMU", "IR", "ZULU"]
        assert len(tracks) == 6
        assert [name for name, track in tracks.items() if track.is_builtin] == ["COLOR", "DEPTH", "IMU", "IR"]
        depth, imu = tracks["DEPTH"], tracks["IMU"]
        assert (depth.codec_id, imu.codec_id, tracks["ZULU"].codec_id) == (
            "V_MS/VFW/FOURCC",
            "S_K4A/IMU",
            "S_TEXT/TEST",
        )
        assert depth.codec_context[16:20] == b"b16g"
        assert imu.codec_context == b""
        settings = depth.video_settings
        assert (settings.width, settings.height, settings.frame_rate) == (320, 288, 30)
        assert imu.video_settings is None
        assert "NONE" not in tracks
        with pytest.raises(KeyError, match="NONE"):
            tracks["NONE"]


def test_frame_counts_come_from_the_bundled_provider(bundled, record):
    recording = record(frames=3, imu_per_frame=4, custom={"EVENTS": [(0, b"z"), (9, b"")]}, dropped={"IR": {1}})
    with Playback(recording.path, provider=bundled) as playback:
        counts = {name: track.frame_count for name, track in playback.tracks.items()}
        assert counts == {"COLOR": 3, "DEPTH": 3, "EVENTS": 2, "IMU": 12, "IR": 2}


def test_data_blocks_are_all_blocks_of_a_custom_track(provider, record):
    items = [(0, b"first"), (10_000, b""), (30_000, bytes(range(200))), (90_000, b"last")]
    recording = record(frames=3, custom={"EVENTS": items})
    expected = [(recording.start_offset_usec + time, data) for time, data in items]
    with Playback(recording.path, provider=provider) as playback:
        track = playback.tracks["EVENTS"]
        assert track.next_data_block().data == b"first"
        blocks = list(track.data_blocks())
        assert [(block.device_timestamp_usec, block.data) for block in blocks] == expected
        assert track.next_data_block().data == b""
        assert track.previous_data_block().data == b"first"
        playback.seek(0, SeekOrigin.END)
        assert track.previous_data_block().data == b"last"
        playback.seek(0)
        with pytest.raises(EndOfRecording, match="'EVENTS'"):
            track.previous_data_block()
        for _ in items:
            track.next_data_block()
        with pytest.raises(EndOfRecording, match="'EVENTS'"):
            track.next_data_block()


def test_data_blocks_of_builtin_track_say_how_to_read_it(provider, record):
    with Playback(record(frames=1).path, provider=provider) as playback:
        track = playback.tracks["DEPTH"]
        with pytest.raises(RecordingError, match="'DEPTH' is not a custom track"):
            track.next_data_block()


# ---- color conversion ----


def test_color_format_converts_from_then_on(provider, record):
    recording = record(frames=3, color="NV12", color_size=(64, 48))
    with Playback(recording.path, provider=provider) as playback:
        assert playback.color_format is ImageFormat.COLOR_NV12
        assert playback.next_capture().color.array.shape == (72, 64)
        playback.color_format = ImageFormat.COLOR_BGRA32
        assert playback.color_format is ImageFormat.COLOR_BGRA32
        for capture in (playback.next_capture(), playback.captures[0], playback.captures[2]):
            assert capture.color.format is ImageFormat.COLOR_BGRA32
            assert capture.color.array.shape == (48, 64, 4)
            assert (capture.color.array[..., 3] == 255).all()
        playback.color_format = ImageFormat.COLOR_NV12
        assert np.array_equal(playback.captures[1].color.array, recording.array("COLOR", 1))
        assert playback.configuration.color_format is ImageFormat.COLOR_NV12


def test_color_format_in_constructor_converts(provider, record):
    recording = record(frames=1, color="YUY2", color_size=(64, 48))
    with Playback(recording.path, provider=provider, color_format=ImageFormat.COLOR_BGRA32) as playback:
        assert playback.next_capture().color.array.shape == (48, 64, 4)


def test_color_format_impossible_raises_and_keeps_the_old(provider, record):
    recording = record(frames=1, color="NV12", color_size=(64, 48))
    with Playback(recording.path, provider=provider) as playback:
        with pytest.raises(NotSupportedError, match="COLOR_NV12 images to COLOR_MJPG"):
            playback.color_format = ImageFormat.COLOR_MJPG
        assert playback.color_format is ImageFormat.COLOR_NV12
    with pytest.raises(NotSupportedError, match="no track"):
        Playback(record(frames=1, color=None).path, provider=provider, color_format=ImageFormat.COLOR_BGRA32)


# ---- life and death ----


def test_arrays_outlive_image_capture_and_playback(provider, record):
    recording = record(frames=2)
    playback = Playback(recording.path, provider=provider)
    capture = playback.next_capture()
    untouched = playback.next_capture().depth
    image = capture.depth
    array = np.asarray(image)
    assert np.shares_memory(array, image.array)
    playback.close()
    del playback, capture, image
    gc.collect()
    assert np.array_equal(array, recording.array("DEPTH", 0))
    array[0, 0] = 1
    assert np.array_equal(untouched.array, recording.array("DEPTH", 1))


def test_images_of_one_capture_are_private_copies(provider, record):
    recording = record(frames=2)
    with Playback(recording.path, provider=provider) as playback:
        first = playback.captures[0].depth.array
        first[...] = 0
        again = playback.captures[0].depth.array
        assert np.array_equal(again, recording.array("DEPTH", 0))


def test_playback_closed_raises_value_error(provider, record):
    recording = record(frames=2, imu_per_frame=1, custom={"EVENTS": [(0, b"x")]})
    playback = Playback(recording.path, provider=provider)
    iterator, captures, tracks, tags = iter(playback), playback.captures, playback.tracks, playback.tags
    track = tracks["EVENTS"]
    next(iterator)
    len(captures)
    assert not playback.closed
    playback.close()
    playback.close()
    assert playback.closed
    for attribute in (
        "handle",
        "captures",
        "tracks",
        "tags",
        "attachments",
        "imu",
        "duration_usec",
        "raw_calibration",
        "damage",
    ):
        with pytest.raises(ValueError, match=r"recording1\.mkv is closed"):
            getattr(playback, attribute)
    for call in (
        playback.next_capture, playback.previous_capture, playback.next_imu_sample, playback.previous_imu_sample,
        lambda: playback.seek(0), lambda: next(iterator), lambda: captures[0], lambda: list(tracks), lambda: tags["A"],
        track.next_data_block, lambda: list(track.data_blocks()), lambda: next(iter(playback)), playback.__enter__,
    ):  # fmt: skip
        with pytest.raises(ValueError, match="closed"):
            call()
    with pytest.raises(ValueError, match="closed"):
        playback.color_format = ImageFormat.COLOR_BGRA32
    assert repr(playback) == f"<Playback {str(recording.path)!r}, closed>"


def test_playback_forgotten_warns_and_closes(provider, record):
    path = record(frames=1).path
    playback = Playback(path, provider=provider)
    len(playback.captures)
    handle = playback.handle
    gone = weakref.ref(playback)
    with pytest.warns(ResourceWarning, match=r"unclosed <Playback .*recording1\.mkv"):
        del playback
        gc.collect()
    assert gone() is None
    assert handle.released


def test_playback_closed_does_not_warn(provider, record):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Playback(record(frames=1).path, provider=provider):
            pass
        gc.collect()


def test_playback_is_closed_by_an_exception_in_the_block(provider, record):
    with pytest.raises(KeyError), Playback(record(frames=1).path, provider=provider) as playback:
        raise KeyError("mine")
    assert playback.closed


def test_playback_of_relative_path_survives_chdir(provider, record, tmp_path, monkeypatch):
    recording = record(frames=2)
    monkeypatch.chdir(tmp_path)
    with Playback(recording.path.name, provider=provider) as playback:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert indices(playback.captures, recording) == [0, 1]
        assert playback.path == recording.path.name


def test_playback_takes_all_kinds_of_paths(provider, record, tmp_path):
    recording = record(frames=1)
    odd = tmp_path / "größe 東京.mkv"
    recording.path.rename(odd)
    for path in (odd, str(odd), os.fsencode(odd)):
        with Playback(path, provider=provider.name) as playback:
            assert indices(playback, recording) == [0]
            assert playback.provider is provider


def test_two_playbacks_of_one_file_are_independent(provider, record):
    recording = record(frames=4)
    with Playback(recording.path, provider=provider) as one, Playback(recording.path, provider=provider) as two:
        assert indices([one.next_capture(), one.next_capture(), two.next_capture()], recording) == [0, 1, 0]


def test_capture_of_recording_is_a_capture(provider, record):
    with Playback(record(frames=1).path, provider=provider) as playback:
        capture = playback.next_capture()
        assert type(capture) is Capture
        assert capture.provider is provider


def test_duration_is_that_of_the_last_frame(provider, record):
    with Playback(record(frames=4).path, provider=provider) as playback:
        assert playback.duration_usec == 99_999
