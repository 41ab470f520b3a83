"""Simulated cameras and files: the guide's first program, recording a device, a recording played as if live."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp._simulated import simulated_device_has_ended, simulated_device_open, simulated_device_unplug
from pyk4a_rp.k4a import *

CAPTURES = 12


def test_first_program_of_the_guide_runs_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene")
    assert k4a_device_get_installed_count() == 1
    result, device = k4a_device_open(K4A_DEVICE_DEFAULT)
    assert K4A_SUCCEEDED(result)
    assert device is not None

    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.camera_fps = K4A_FRAMES_PER_SECOND_30
    config.color_format = K4A_IMAGE_FORMAT_COLOR_BGRA32
    config.color_resolution = K4A_COLOR_RESOLUTION_720P
    config.depth_mode = K4A_DEPTH_MODE_NFOV_UNBINNED
    assert K4A_SUCCEEDED(k4a_device_start_cameras(device, config))

    result, capture = k4a_device_get_capture(device, 1000)
    if result == K4A_WAIT_RESULT_SUCCEEDED:
        pass
    elif result == K4A_WAIT_RESULT_TIMEOUT:
        pytest.fail("no capture within a second")
    elif result == K4A_WAIT_RESULT_FAILED:
        pytest.fail("the stream ended")
    assert capture is not None

    image = k4a_capture_get_depth_image(capture)
    assert image is not None
    height = k4a_image_get_height_pixels(image)
    width = k4a_image_get_width_pixels(image)
    stride = k4a_image_get_stride_bytes(image)
    print(f"| Depth16 res:{height:4}x{width:4} stride:{stride:5}")
    k4a_image_release(image)
    k4a_capture_release(capture)

    k4a_device_stop_cameras(device)
    k4a_device_close(device)
    assert capsys.readouterr().out == "| Depth16 res: 576x 640 stride: 1280\n"


def make_config() -> k4a_device_configuration_t:
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.camera_fps = K4A_FRAMES_PER_SECOND_30
    config.color_format = K4A_IMAGE_FORMAT_COLOR_NV12
    config.color_resolution = K4A_COLOR_RESOLUTION_720P
    config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED
    config.depth_delay_off_color_usec = 100
    return config


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[bytes]], bytes, int]:
    """A recording of a device on demand, with the pictures, the calibration and the number of samples in it."""
    path = tmp_path_factory.mktemp("simulated") / "session.mkv"
    result, device = simulated_device_open("scene:9", on_demand=True, serial_number="000123456789")
    assert result == K4A_RESULT_SUCCEEDED and device is not None
    config = make_config()
    result, recording = k4a_record_create(path, device, config)
    assert result == K4A_RESULT_SUCCEEDED and recording is not None
    assert k4a_record_add_imu_track(recording) == K4A_RESULT_SUCCEEDED
    assert k4a_record_write_header(recording) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_cameras(device, config) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    pictures, samples = [], 0
    for _ in range(CAPTURES):
        result, capture = k4a_device_get_capture(device, 1000)
        assert result == K4A_WAIT_RESULT_SUCCEEDED and capture is not None
        assert k4a_record_write_capture(recording, capture) == K4A_RESULT_SUCCEEDED
        pictures.append(pictures_of(capture))
        while True:
            done, sample = k4a_device_get_imu_sample(device, 0)
            if done != K4A_WAIT_RESULT_SUCCEEDED or sample is None:
                break
            assert k4a_record_write_imu_sample(recording, sample) == K4A_RESULT_SUCCEEDED
            samples += 1
    k4a_record_close(recording)
    result, raw = k4a_device_get_raw_calibration(device)
    assert raw is not None
    k4a_device_close(device)
    return path, pictures, raw, samples


def pictures_of(capture: CaptureHandle) -> list[bytes]:
    getters = (k4a_capture_get_color_image, k4a_capture_get_depth_image, k4a_capture_get_ir_image)
    return [bytes(np.asarray(image)) for get in getters if (image := get(capture)) is not None]


@pytest.fixture
def replay(session: Any) -> Iterator[Any]:
    opened = []

    def open_(**options: Any) -> DeviceHandle:
        result, device = simulated_device_open(session[0], **options)
        assert result == K4A_RESULT_SUCCEEDED and device is not None
        opened.append(device)
        return device

    yield open_
    for device in opened:
        device.release()


def test_recording_of_a_device_has_what_the_device_said(session: Any) -> None:
    path, pictures, raw, samples = session
    result, playback = k4a_playback_open(path)
    assert result == K4A_RESULT_SUCCEEDED and playback is not None
    assert k4a_playback_get_tag(playback, "K4A_DEVICE_SERIAL_NUMBER") == (0, "000123456789")
    assert k4a_playback_get_tag(playback, "K4A_COLOR_FIRMWARE_VERSION") == (0, "1.6.110")
    result, stored = k4a_playback_get_raw_calibration(playback)
    assert stored is not None and stored.rstrip(b"\0") == raw.rstrip(b"\0")
    for expected in pictures:
        result, capture = k4a_playback_get_next_capture(playback)
        assert capture is not None and pictures_of(capture) == expected
    found = 0
    while k4a_playback_get_next_imu_sample(playback)[0] == K4A_STREAM_RESULT_SUCCEEDED:
        found += 1
    assert found == samples > 600
    k4a_playback_close(playback)


def test_replay_is_the_device_that_was_recorded(session: Any, replay: Any) -> None:
    _, pictures, raw, samples = session
    device = replay(on_demand=True)
    assert k4a_device_get_serialnum(device) == (K4A_BUFFER_RESULT_SUCCEEDED, "000123456789")
    _, again = k4a_device_get_raw_calibration(device)
    assert again is not None and again.rstrip(b"\0") == raw.rstrip(b"\0")
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    for expected in pictures:
        result, capture = k4a_device_get_capture(device, 1000)
        assert result == K4A_WAIT_RESULT_SUCCEEDED and capture is not None
        assert pictures_of(capture) == expected
        color = k4a_capture_get_color_image(capture)
        assert color is not None and k4a_image_get_system_timestamp_nsec(color) > 0
        assert k4a_image_get_exposure_usec(color) > 0 and k4a_image_get_white_balance(color) > 0
    assert k4a_device_get_capture(device, K4A_WAIT_INFINITE) == (K4A_WAIT_RESULT_FAILED, None)  # it has ended
    found = 0
    while k4a_device_get_imu_sample(device, 0)[0] == K4A_WAIT_RESULT_SUCCEEDED:
        found += 1
    assert found == samples


def test_replay_tells_which_of_its_streams_have_ended(replay: Any) -> None:
    device = replay(on_demand=True)
    for _ in range(2):  # a start begins anew
        assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
        assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
        for _ in range(CAPTURES):
            assert k4a_device_get_capture(device, 1000)[0] == K4A_WAIT_RESULT_SUCCEEDED
        assert simulated_device_has_ended(device) == (K4A_RESULT_SUCCEEDED, False, False)
        assert k4a_device_get_capture(device, 1000) == (K4A_WAIT_RESULT_FAILED, None)
        assert simulated_device_has_ended(device) == (K4A_RESULT_SUCCEEDED, True, False)
        while k4a_device_get_imu_sample(device, 0)[0] == K4A_WAIT_RESULT_SUCCEEDED:
            pass
        assert simulated_device_has_ended(device) == (K4A_RESULT_SUCCEEDED, True, True)
        k4a_device_stop_imu(device)
        k4a_device_stop_cameras(device)
    assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_FAILED, None)  # stopped, which is no end
    assert simulated_device_unplug(device) == K4A_RESULT_SUCCEEDED
    assert simulated_device_has_ended(device) == (K4A_RESULT_FAILED, False, False)


def test_replay_refuses_what_was_not_recorded(replay: Any) -> None:
    device = replay()
    for name, value in (
        ("depth_mode", K4A_DEPTH_MODE_NFOV_UNBINNED),
        ("color_resolution", K4A_COLOR_RESOLUTION_1080P),
        ("camera_fps", K4A_FRAMES_PER_SECOND_15),
        ("color_format", K4A_IMAGE_FORMAT_COLOR_MJPG),
    ):
        config = make_config()
        setattr(config, name, value)
        assert k4a_device_start_cameras(device, config) == K4A_RESULT_FAILED, name
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED


def test_replay_converts_colour_and_leaves_out_what_is_off(replay: Any) -> None:
    device = replay(on_demand=True)
    config = make_config()
    config.color_format, config.depth_mode = K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_DEPTH_MODE_OFF
    config.depth_delay_off_color_usec = 0
    assert k4a_device_start_cameras(device, config) == K4A_RESULT_SUCCEEDED
    _, capture = k4a_device_get_capture(device, 1000)
    assert capture is not None and k4a_capture_get_depth_image(capture) is None
    color = k4a_capture_get_color_image(capture)
    assert color is not None and np.asarray(color).shape == (720, 1280, 4)


def test_repeated_replay_goes_on_in_time(replay: Any) -> None:
    device = replay(on_demand=True, repeat=True)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    times = []
    for _ in range(3 * CAPTURES):
        _, capture = k4a_device_get_capture(device, 1000)
        assert capture is not None
        depth = k4a_capture_get_depth_image(capture)
        assert depth is not None
        times.append(k4a_image_get_device_timestamp_usec(depth))
    steps = {b - a for a, b in itertools.pairwise(times)}
    assert min(steps) > 30000 and max(steps) < 70000


def test_live_replay_takes_its_time(replay: Any) -> None:
    device = replay(speed=4)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    system = []
    while True:
        result, capture = k4a_device_get_capture(device, 1000)
        if result != K4A_WAIT_RESULT_SUCCEEDED or capture is None:
            break
        depth = k4a_capture_get_depth_image(capture)
        assert depth is not None
        system.append(k4a_image_get_system_timestamp_nsec(depth))
    assert len(system) == CAPTURES
    assert abs((system[-1] - system[0]) / 1e9 - (CAPTURES - 1) / 120) < 0.002
