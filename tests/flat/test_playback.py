"""`k4a_playback_*`: the same recording gives the same answers with every provider."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *
from tests.flat.conftest import ATTACHMENT, FRAMES, PERIOD_USEC, START_USEC, depth_pixels, make_capture

OK, FAILED, EOF = K4A_STREAM_RESULT_SUCCEEDED, K4A_STREAM_RESULT_FAILED, K4A_STREAM_RESULT_EOF
TIMES = [START_USEC + number * PERIOD_USEC for number in range(FRAMES)]
TRACKS = ["DEPTH", "IMU", "IR", "PIXELS", "WORDS"]


def depth_time(answer: tuple[StreamResult, CaptureHandle | None]) -> int:
    result, capture = answer
    assert result == OK and capture is not None
    image = k4a_capture_get_depth_image(capture)
    assert image is not None
    return k4a_image_get_device_timestamp_usec(image)


def acc_time(answer: tuple[StreamResult, k4a_imu_sample_t | None]) -> int:
    result, sample = answer
    assert result == OK and sample is not None
    return sample.acc_timestamp_usec


# ---- opening ----


@pytest.mark.parametrize("way", [str, os.fsencode, Path], ids=["str", "bytes", "Path"])
def test_open_takes_every_kind_of_path(provider: Any, recording: Path, way: Callable[[Any], Any]) -> None:
    result, playback = k4a_playback_open(way(recording), provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and playback is not None
    assert playback.provider is provider and playback.address != 0
    k4a_playback_close(playback)
    k4a_playback_close(playback)
    assert playback.released


def test_open_of_what_is_no_recording_fails(provider: Any, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.mkv", tmp_path / "text.mkv"
    empty.touch()
    text.write_text("not Matroska")
    for path in (empty, text, tmp_path / "missing.mkv", tmp_path, ""):
        assert k4a_playback_open(path, provider=provider) == (K4A_RESULT_FAILED, None)


def test_path_need_not_be_kept_by_the_caller(provider: Any, recording: Path, tmp_path: Path) -> None:
    copy = tmp_path / ("a long name that no short buffer holds" * 3 + "gr\u00fc\u00df.mkv")
    copy.write_bytes(recording.read_bytes())
    _, playback = k4a_playback_open(str(copy), provider=provider)
    assert playback is not None
    assert depth_time(k4a_playback_get_next_capture(playback)) == TIMES[0]


def test_recording_that_was_read_stays_valid_after_close(playback: PlaybackHandle) -> None:
    _, capture = k4a_playback_get_next_capture(playback)
    _, block = k4a_playback_get_next_data_block(playback, "WORDS")
    k4a_playback_close(playback)
    assert capture is not None and block is not None
    assert np.array_equal(np.asarray(k4a_capture_get_depth_image(capture)), depth_pixels(0))
    assert bytes(k4a_playback_data_block_get_buffer(block) or b"") == b"word 0"


# ---- about the recording ----


def test_configuration_is_what_was_recorded(playback: PlaybackHandle) -> None:
    result, config = k4a_playback_get_record_configuration(playback)
    assert result == K4A_RESULT_SUCCEEDED
    assert config == k4a_record_configuration_t(
        color_format=K4A_IMAGE_FORMAT_CUSTOM,
        depth_mode=K4A_DEPTH_MODE_NFOV_2X2BINNED,
        camera_fps=K4A_FRAMES_PER_SECOND_30,
        depth_track_enabled=True,
        ir_track_enabled=True,
        imu_track_enabled=True,
        start_timestamp_offset_usec=START_USEC,
    )


def test_real_recording_has_its_configuration(
    open_playback: Callable[[Path], PlaybackHandle], shared_recording: Path
) -> None:
    playback = open_playback(shared_recording)
    _, config = k4a_playback_get_record_configuration(playback)
    assert config == k4a_record_configuration_t(
        color_resolution=K4A_COLOR_RESOLUTION_720P,
        depth_mode=K4A_DEPTH_MODE_NFOV_UNBINNED,
        color_track_enabled=True,
        depth_track_enabled=True,
        ir_track_enabled=True,
        imu_track_enabled=True,
        start_timestamp_offset_usec=336277,
    )
    assert k4a_playback_get_tag(playback, "K4A_DEVICE_SERIAL_NUMBER") == (K4A_BUFFER_RESULT_SUCCEEDED, "001514394512")
    result, raw = k4a_playback_get_raw_calibration(playback)
    assert result == K4A_BUFFER_RESULT_SUCCEEDED and raw is not None
    assert raw.startswith(b"{") and not raw.endswith(b"\0")
    result, missing, size = k4a_playback_get_raw_calibration(playback, size=0)
    assert (result, missing, size) == (K4A_BUFFER_RESULT_TOO_SMALL, None, len(raw) + 1)
    result, sized, size = k4a_playback_get_raw_calibration(playback, size=size)
    assert (result, sized, size) == (K4A_BUFFER_RESULT_SUCCEEDED, raw, len(raw) + 1)


def test_recording_without_calibration_says_so(playback: PlaybackHandle) -> None:
    assert k4a_playback_get_raw_calibration(playback) == (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_playback_get_raw_calibration(playback, size=100) == (K4A_BUFFER_RESULT_FAILED, None, 100)
    assert k4a_playback_get_calibration(playback) == (K4A_RESULT_FAILED, None)


def test_empty_calibration_is_no_text_and_no_crash(provider: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty_calibration.mkv"
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED
    _, writer = k4a_record_create(path, None, config, provider=provider)
    assert writer is not None
    assert k4a_record_add_attachment(writer, "calibration.json", b"") == K4A_RESULT_SUCCEEDED
    assert k4a_record_write_header(writer) == K4A_RESULT_SUCCEEDED
    assert k4a_record_write_capture(writer, make_capture(provider, 0)) == K4A_RESULT_SUCCEEDED
    k4a_record_close(writer)
    _, playback = k4a_playback_open(path, provider=provider)
    assert playback is not None
    assert k4a_playback_get_raw_calibration(playback) == (K4A_BUFFER_RESULT_SUCCEEDED, b"")
    assert k4a_playback_get_raw_calibration(playback, size=0) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 1)
    assert k4a_playback_get_raw_calibration(playback, size=1) == (K4A_BUFFER_RESULT_SUCCEEDED, b"", 1)
    assert k4a_playback_get_calibration(playback) == (K4A_RESULT_FAILED, None)


def test_length_is_the_time_of_the_last_data(playback: PlaybackHandle) -> None:
    length = k4a_playback_get_recording_length_usec(playback)
    assert length >= PERIOD_USEC * (FRAMES - 1)
    assert k4a_playback_get_last_timestamp_usec(playback) == length


# ---- texts and bytes ----


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("K4A_DEPTH_MODE", "NFOV_2X2BINNED"),
        ("GREETING", "gr\u00fc\u00df Gott"),
        (b"GREETING", "gr\u00fc\u00df Gott"),
        ("EMPTY", ""),
        ("LONG", "x" * 1000),
    ],
)
def test_tag_is_found(playback: PlaybackHandle, name: Any, value: str) -> None:
    assert k4a_playback_get_tag(playback, name) == (K4A_BUFFER_RESULT_SUCCEEDED, value)


def test_tag_that_is_missing_fails(playback: PlaybackHandle) -> None:
    assert k4a_playback_get_tag(playback, "NO_SUCH_TAG") == (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_playback_get_tag(playback, "greeting") == (K4A_BUFFER_RESULT_FAILED, None)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, (K4A_BUFFER_RESULT_TOO_SMALL, None, 12)),
        (1, (K4A_BUFFER_RESULT_TOO_SMALL, None, 12)),
        (11, (K4A_BUFFER_RESULT_TOO_SMALL, None, 12)),
        (12, (K4A_BUFFER_RESULT_SUCCEEDED, "gr\u00fc\u00df Gott", 12)),
        (4096, (K4A_BUFFER_RESULT_SUCCEEDED, "gr\u00fc\u00df Gott", 12)),
    ],
)
def test_text_with_a_size_behaves_as_c(playback: PlaybackHandle, size: int, expected: Any) -> None:
    assert k4a_playback_get_tag(playback, "GREETING", size=size) == expected


def test_size_that_c_cannot_have_raises(playback: PlaybackHandle) -> None:
    with pytest.raises(OverflowError, match="size"):
        k4a_playback_get_tag(playback, "GREETING", size=-1)
    with pytest.raises(TypeError, match="size must be int, not str"):
        k4a_playback_get_tag(playback, "GREETING", size="big")  # type: ignore[call-overload]


def test_missing_text_leaves_the_size(playback: PlaybackHandle) -> None:
    assert k4a_playback_get_tag(playback, "NO_SUCH_TAG", size=7) == (K4A_BUFFER_RESULT_FAILED, None, 7)
    assert k4a_playback_get_track_name(playback, 99, size=7) == (K4A_BUFFER_RESULT_FAILED, None, 7)


def test_attachment_is_given_as_stored(playback: PlaybackHandle) -> None:
    assert k4a_playback_get_attachment(playback, "numbers.bin") == (K4A_BUFFER_RESULT_SUCCEEDED, ATTACHMENT)
    assert k4a_playback_get_attachment(playback, "empty.bin") == (K4A_BUFFER_RESULT_SUCCEEDED, b"")
    assert k4a_playback_get_attachment(playback, "numbers") == (K4A_BUFFER_RESULT_FAILED, None)


def test_bytes_with_a_size_behave_as_c(playback: PlaybackHandle) -> None:
    size = len(ATTACHMENT)
    for given in (0, size - 1):
        assert k4a_playback_get_attachment(playback, "numbers.bin", size=given) == (2, None, size)
    for given in (size, size + 1):
        assert k4a_playback_get_attachment(playback, "numbers.bin", size=given) == (0, ATTACHMENT, size)
    assert k4a_playback_get_attachment(playback, "empty.bin", size=0) == (2, None, 0)
    assert k4a_playback_get_attachment(playback, "empty.bin", size=9) == (0, b"", 0)


# ---- tracks ----


def test_tracks_are_sorted_by_name(playback: PlaybackHandle) -> None:
    assert k4a_playback_get_track_count(playback) == len(TRACKS)
    names = [k4a_playback_get_track_name(playback, index) for index in range(len(TRACKS) + 1)]
    assert names == [*((K4A_BUFFER_RESULT_SUCCEEDED, name) for name in TRACKS), (K4A_BUFFER_RESULT_FAILED, None)]
    assert k4a_playback_get_track_name(playback, 1, size=3) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 4)
    assert k4a_playback_get_track_name(playback, 1, size=4) == (K4A_BUFFER_RESULT_SUCCEEDED, "IMU", 4)


def test_tracks_are_known_by_name(playback: PlaybackHandle) -> None:
    names = [*TRACKS, "COLOR", "depth", ""]
    assert [k4a_playback_check_track_exists(playback, name) for name in names] == [True] * 5 + [False] * 3
    assert [k4a_playback_track_is_builtin(playback, name) for name in names] == [True] * 3 + [False] * 5


def test_video_settings_are_those_of_the_track(playback: PlaybackHandle) -> None:
    settings = k4a_playback_track_get_video_settings(playback, "PIXELS")
    assert settings == (K4A_RESULT_SUCCEEDED, k4a_record_video_settings_t(4, 2, 30))
    assert k4a_playback_track_get_video_settings(playback, K4A_TRACK_NAME_DEPTH)[1] == k4a_record_video_settings_t(
        320, 288, 30
    )
    for name in ("WORDS", "NONE"):
        assert k4a_playback_track_get_video_settings(playback, name) == (K4A_RESULT_FAILED, None)


def test_codec_is_that_of_the_track(playback: PlaybackHandle) -> None:
    assert k4a_playback_track_get_codec_id(playback, "WORDS") == (K4A_BUFFER_RESULT_SUCCEEDED, "S_K4A/WORDS")
    assert k4a_playback_track_get_codec_id(playback, "WORDS", size=5) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 12)
    assert k4a_playback_track_get_codec_id(playback, "NONE") == (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_playback_track_get_codec_context(playback, "PIXELS") == (K4A_BUFFER_RESULT_SUCCEEDED, b"context\0")
    assert k4a_playback_track_get_codec_context(playback, "PIXELS", size=8) == (0, b"context\0", 8)
    assert k4a_playback_track_get_codec_context(playback, "PIXELS", size=7) == (2, None, 8)
    assert k4a_playback_track_get_codec_context(playback, "WORDS") == (K4A_BUFFER_RESULT_SUCCEEDED, b"")
    assert k4a_playback_track_get_codec_context(playback, "NONE") == (K4A_BUFFER_RESULT_FAILED, None)


# ---- reading ----


def test_captures_are_read_forwards_and_backwards(playback: PlaybackHandle) -> None:
    assert k4a_playback_get_previous_capture(playback) == (EOF, None)
    for number in range(FRAMES):
        result, capture = k4a_playback_get_next_capture(playback)
        assert result == OK and capture is not None
        assert k4a_capture_get_color_image(capture) is None
        assert math.isnan(k4a_capture_get_temperature_c(capture))
        for image, extra in ((k4a_capture_get_depth_image(capture), 0), (k4a_capture_get_ir_image(capture), 1)):
            assert image is not None
            assert k4a_image_get_device_timestamp_usec(image) == TIMES[number]
            assert np.array_equal(np.asarray(image), depth_pixels(number) + extra)
    assert k4a_playback_get_next_capture(playback) == (EOF, None)
    assert [depth_time(k4a_playback_get_previous_capture(playback)) for _ in TIMES] == TIMES[::-1]
    assert k4a_playback_get_previous_capture(playback) == (EOF, None)


def test_samples_are_read_forwards_and_backwards(playback: PlaybackHandle) -> None:
    for number in range(FRAMES):
        result, sample = k4a_playback_get_next_imu_sample(playback)
        assert result == OK
        assert sample == k4a_imu_sample_t(
            math.nan,
            k4a_float3_t(1, 2, 3 + number),
            START_USEC + 1000 * number,
            k4a_float3_t(-1, -2, -3 - number),
            START_USEC + 1000 * number,
        )
    assert k4a_playback_get_next_imu_sample(playback) == (EOF, None)
    assert acc_time(k4a_playback_get_previous_imu_sample(playback)) == START_USEC + 1000 * (FRAMES - 1)


def test_data_blocks_are_read_forwards_and_backwards(playback: PlaybackHandle) -> None:
    for number in range(FRAMES):
        result, block = k4a_playback_get_next_data_block(playback, "WORDS")
        assert result == OK and block is not None
        assert k4a_playback_data_block_get_device_timestamp_usec(block) == TIMES[number]
        assert k4a_playback_data_block_get_buffer_size(block) == 6
        assert bytes(k4a_playback_data_block_get_buffer(block) or b"") == b"word %d" % number
        k4a_playback_data_block_release(block)
        assert block.released
        assert k4a_playback_data_block_get_device_timestamp_usec(block) == 0
        assert k4a_playback_data_block_get_buffer_size(block) == 0
        assert k4a_playback_data_block_get_buffer(block) is None
    assert k4a_playback_get_next_data_block(playback, "WORDS") == (EOF, None)
    _, block = k4a_playback_get_previous_data_block(playback, "WORDS")
    assert block is not None and k4a_playback_data_block_get_device_timestamp_usec(block) == TIMES[-1]
    for name in ("DEPTH", "NONE"):
        assert k4a_playback_get_next_data_block(playback, name) == (FAILED, None)
        assert k4a_playback_get_previous_data_block(playback, name) == (FAILED, None)


@pytest.mark.parametrize(
    ("offset", "origin", "after"),
    [
        (0, K4A_PLAYBACK_SEEK_BEGIN, 0),
        (-5, K4A_PLAYBACK_SEEK_BEGIN, 0),
        (1, K4A_PLAYBACK_SEEK_BEGIN, 1),
        (PERIOD_USEC, K4A_PLAYBACK_SEEK_BEGIN, 1),
        (2**40, K4A_PLAYBACK_SEEK_BEGIN, FRAMES),
        (TIMES[3], K4A_PLAYBACK_SEEK_DEVICE_TIME, 3),
        (TIMES[3] + 1, K4A_PLAYBACK_SEEK_DEVICE_TIME, 4),
        (0, K4A_PLAYBACK_SEEK_DEVICE_TIME, 0),
        (0, K4A_PLAYBACK_SEEK_END, FRAMES),
        (-1, K4A_PLAYBACK_SEEK_END, FRAMES - 1),
        (-PERIOD_USEC - 1, K4A_PLAYBACK_SEEK_END, FRAMES - 2),
        (-(2**40), K4A_PLAYBACK_SEEK_END, 0),
    ],
)
def test_seek_stands_between_two_captures(playback: PlaybackHandle, offset: int, origin: Any, after: int) -> None:
    assert k4a_playback_seek_timestamp(playback, offset, origin) == K4A_RESULT_SUCCEEDED
    if after < FRAMES:
        assert depth_time(k4a_playback_get_next_capture(playback)) == TIMES[after]
    else:
        assert k4a_playback_get_next_capture(playback) == (EOF, None)
    assert k4a_playback_seek_timestamp(playback, offset, origin) == K4A_RESULT_SUCCEEDED
    if after > 0:
        assert depth_time(k4a_playback_get_previous_capture(playback)) == TIMES[after - 1]
    else:
        assert k4a_playback_get_previous_capture(playback) == (EOF, None)


def test_seek_with_an_unknown_origin_fails_and_moves_nothing(playback: PlaybackHandle) -> None:
    k4a_playback_get_next_capture(playback)
    for origin in (3, -1):
        assert k4a_playback_seek_timestamp(playback, 0, origin) == K4A_RESULT_FAILED  # type: ignore[arg-type]
    assert depth_time(k4a_playback_get_next_capture(playback)) == TIMES[1]


def test_color_conversion_without_color_fails(playback: PlaybackHandle) -> None:
    for target in (*list(ImageFormat)[:9], 77, -1):
        assert k4a_playback_set_color_conversion(playback, target) == K4A_RESULT_FAILED  # type: ignore[arg-type]


def test_color_image_is_flat_jpeg(open_playback: Callable[[Path], PlaybackHandle], shared_recording: Path) -> None:
    playback = open_playback(shared_recording)
    assert k4a_playback_set_color_conversion(playback, K4A_IMAGE_FORMAT_COLOR_MJPG) == K4A_RESULT_SUCCEEDED
    assert k4a_playback_set_color_conversion(playback, K4A_IMAGE_FORMAT_DEPTH16) == K4A_RESULT_FAILED
    _, capture = k4a_playback_get_next_capture(playback)
    assert capture is not None
    image = k4a_capture_get_color_image(capture)
    assert image is not None
    assert (image.format, image.width_pixels, image.height_pixels, image.stride_bytes) == (0, 1280, 720, 0)
    array = np.asarray(image)
    assert array.shape == (image.size,) and array[:2].tolist() == [0xFF, 0xD8] and array[-2:].tolist() == [0xFF, 0xD9]


# ---- released, wrong, several ----


def test_released_playback_answers_like_null(playback: PlaybackHandle) -> None:
    k4a_playback_close(playback)
    assert k4a_playback_close(None) is None
    nothing = (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_playback_get_raw_calibration(playback) == nothing
    assert k4a_playback_get_tag(playback, "LONG") == nothing
    assert k4a_playback_get_attachment(playback, "x") == nothing
    assert k4a_playback_get_track_name(playback, 0) == nothing
    assert k4a_playback_track_get_codec_id(playback, "IMU") == nothing
    assert k4a_playback_track_get_codec_context(playback, "IMU") == nothing
    assert k4a_playback_get_calibration(playback) == (K4A_RESULT_FAILED, None)
    assert k4a_playback_get_record_configuration(playback) == (K4A_RESULT_FAILED, None)
    assert k4a_playback_track_get_video_settings(playback, "IMU") == (K4A_RESULT_FAILED, None)
    assert k4a_playback_check_track_exists(playback, "IMU") is False
    assert k4a_playback_track_is_builtin(playback, "IMU") is False
    assert k4a_playback_get_track_count(playback) == 0
    assert k4a_playback_get_recording_length_usec(playback) == k4a_playback_get_last_timestamp_usec(playback) == 0
    assert k4a_playback_set_color_conversion(playback, K4A_IMAGE_FORMAT_COLOR_MJPG) == K4A_RESULT_FAILED
    assert k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN) == K4A_RESULT_FAILED
    for read in (k4a_playback_get_next_capture, k4a_playback_get_previous_capture):
        assert read(playback) == (FAILED, None)
    for read in (k4a_playback_get_next_imu_sample, k4a_playback_get_previous_imu_sample):  # type: ignore[assignment]
        assert read(playback) == (FAILED, None)
    for step in (k4a_playback_get_next_data_block, k4a_playback_get_previous_data_block):
        assert step(playback, "WORDS") == (FAILED, None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: k4a_playback_open(5), "path must be str, bytes or os.PathLike, not int"),
        (lambda p: k4a_playback_open("x", provider=7), "must be a str, a path or a Provider, not int"),
        (lambda p: k4a_playback_get_tag(p, 5), "name must be str, not int"),
        (lambda p: k4a_playback_get_attachment(p, None), "file_name must be str, not NoneType"),
        (lambda p: k4a_playback_get_next_capture("p"), "playback_handle.*PlaybackHandle.*str"),
        (lambda p: k4a_playback_get_next_capture(None), "playback_handle"),
        (lambda p: k4a_playback_seek_timestamp(p, 0.5, 0), "offset_usec must be int, not float"),
        (lambda p: k4a_playback_seek_timestamp(p, 0, "BEGIN"), "origin must be int, not str"),
        (lambda p: k4a_playback_get_track_name(p, "IMU"), "track_index must be int, not str"),
        (lambda p: k4a_playback_data_block_get_buffer(p), "data_block_handle.*DataBlockHandle.*PlaybackHandle"),
    ],
)
def test_wrong_type_raises_and_names_parameter_and_type(playback: PlaybackHandle, call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(playback)


def test_text_with_nul_raises(playback: PlaybackHandle) -> None:
    with pytest.raises(ValueError, match="name has a NUL in it"):
        k4a_playback_get_tag(playback, "LO\0NG")
    with pytest.raises(ValueError, match="path has a NUL in it"):
        k4a_playback_open("a\0b")


def test_offset_beyond_64_bits_raises(playback: PlaybackHandle) -> None:
    with pytest.raises(OverflowError, match="offset_usec is out of range"):
        k4a_playback_seek_timestamp(playback, 2**63, K4A_PLAYBACK_SEEK_BEGIN)


def test_two_playbacks_of_one_file_do_not_know_each_other(provider: Any, recording: Path) -> None:
    playbacks = [k4a_playback_open(recording, provider=provider)[1] for _ in range(2)]
    found: dict[int, list[int]] = {0: [], 1: []}

    def read(number: int) -> None:
        playback = playbacks[number]
        assert playback is not None
        for _ in range(30):
            k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN)
            for _ in range(FRAMES):
                found[number].append(depth_time(k4a_playback_get_next_capture(playback)))

    threads = [threading.Thread(target=read, args=(number,)) for number in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {0: TIMES * 30, 1: TIMES * 30}


def test_both_providers_read_in_one_process(bundled: Any, microsoft: Any, recording: Path) -> None:
    sums = []
    for provider in (bundled, microsoft):
        _, playback = k4a_playback_open(recording, provider=provider)
        assert playback is not None
        total = 0
        while True:
            result, capture = k4a_playback_get_next_capture(playback)
            if capture is None:
                break
            total += int(np.asarray(k4a_capture_get_depth_image(capture)).sum(dtype=np.uint64))
        assert result == EOF
        sums.append(total)
    assert sums[0] == sums[1] > 0
