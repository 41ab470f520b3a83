"""The rules of a camera, on simulated ones: each call with the result that the SDK gives."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from pyk4a_rp._simulated import simulated_device_open, simulated_device_unplug
from pyk4a_rp.k4a import *

PERIOD_USEC = 33333
VARIABLE = "PYK4A_RP_SIMULATED"


def make_config(**members: Any) -> k4a_device_configuration_t:
    """Depth of 320 x 288 pixels at 30 fps, no colour; other members by name."""
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.color_format = K4A_IMAGE_FORMAT_COLOR_BGRA32
    config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED
    config.camera_fps = K4A_FRAMES_PER_SECOND_30
    for name, value in members.items():
        setattr(config, name, value)
    return config


BOTH = {"color_resolution": K4A_COLOR_RESOLUTION_720P}


@pytest.fixture
def open_device() -> Iterator[Callable[..., DeviceHandle]]:
    opened = []

    def open_(source: str = "scene", **options: Any) -> DeviceHandle:
        result, device = simulated_device_open(source, **options)
        assert result == K4A_RESULT_SUCCEEDED and device is not None
        opened.append(device)
        return device

    yield open_
    for device in opened:
        device.release()


@pytest.fixture
def device(open_device: Callable[..., DeviceHandle]) -> DeviceHandle:
    """A device that makes captures when they are asked for."""
    return open_device(on_demand=True)


@pytest.fixture
def live(open_device: Callable[..., DeviceHandle]) -> DeviceHandle:
    """A device in real time."""
    return open_device()


def take(device: DeviceHandle, timeout: int = 5000) -> CaptureHandle:
    result, capture = k4a_device_get_capture(device, timeout)
    assert result == K4A_WAIT_RESULT_SUCCEEDED and capture is not None
    return capture


def images_of(capture: CaptureHandle) -> tuple[ImageHandle | None, ImageHandle | None, ImageHandle | None]:
    return k4a_capture_get_color_image(capture), k4a_capture_get_depth_image(capture), k4a_capture_get_ir_image(capture)


def times_of(capture: CaptureHandle) -> list[int | None]:
    return [image and k4a_image_get_device_timestamp_usec(image) for image in images_of(capture)]


# ---- asking for devices ----


def test_devices_of_the_environment_are_counted_and_opened_by_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert k4a_device_get_installed_count(provider="bundled") == 0
    assert k4a_device_open(0, provider="bundled") == (K4A_RESULT_FAILED, None)
    monkeypatch.setenv(VARIABLE, "scene, scene:7,/nowhere/none.mkv")
    assert k4a_device_get_installed_count() == 3
    result, first = k4a_device_open(0)
    assert result == K4A_RESULT_SUCCEEDED and first is not None and first.provider.name == "bundled"
    assert k4a_device_open(0) == (K4A_RESULT_FAILED, None)
    assert k4a_device_open(2) == (K4A_RESULT_FAILED, None)
    assert k4a_device_open(3) == (K4A_RESULT_FAILED, None)
    result, second = k4a_device_open(1)
    assert result == K4A_RESULT_SUCCEEDED and second is not None
    assert k4a_device_get_serialnum(first) != k4a_device_get_serialnum(second)
    assert k4a_device_get_raw_calibration(first) != k4a_device_get_raw_calibration(second)
    assert k4a_device_get_sync_jack(first) == (K4A_RESULT_SUCCEEDED, False, True)
    assert k4a_device_get_sync_jack(second) == (K4A_RESULT_SUCCEEDED, True, True)
    k4a_device_close(first)
    result, again = k4a_device_open(0)
    assert result == K4A_RESULT_SUCCEEDED and again is not None
    for handle in (second, again):
        k4a_device_close(handle)


@pytest.mark.parametrize("source", ["scene:", "scene:-1", "scene:4294967296", "scene:x", "no such file.mkv"])
def test_opening_a_source_that_is_none_fails(source: str) -> None:
    assert simulated_device_open(source) == (K4A_RESULT_FAILED, None)
    assert k4a_device_get_installed_count(provider="bundled") == 0


@pytest.mark.parametrize("speed", [0, -1, 1001, float("nan")])
def test_opening_with_a_speed_that_no_clock_has_fails(speed: float) -> None:
    assert simulated_device_open("scene", speed=speed) == (K4A_RESULT_FAILED, None)


def test_device_asked_for_is_plugged_in_until_it_is_closed(open_device: Callable[..., DeviceHandle]) -> None:
    device = open_device(serial_number="A-1")
    assert k4a_device_get_installed_count(provider="bundled") == 1
    assert k4a_device_open(0, provider="bundled") == (K4A_RESULT_FAILED, None)
    assert k4a_device_get_serialnum(device) == (K4A_BUFFER_RESULT_SUCCEEDED, "A-1")
    k4a_device_close(device)
    assert k4a_device_get_installed_count(provider="bundled") == 0


# ---- what a device says of itself ----


def test_device_describes_itself(device: DeviceHandle) -> None:
    result, serial = k4a_device_get_serialnum(device)
    assert result == K4A_BUFFER_RESULT_SUCCEEDED and serial is not None and serial.isdigit() and len(serial) == 12
    assert k4a_device_get_serialnum(device, size=3) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 13)
    result, version = k4a_device_get_version(device)
    assert result == K4A_RESULT_SUCCEEDED and version is not None and version.rgb.major == 1
    result, raw = k4a_device_get_raw_calibration(device)
    assert result == K4A_BUFFER_RESULT_SUCCEEDED and raw is not None and raw.startswith(b"{") and raw.endswith(b"}}")
    result, calibration = k4a_device_get_calibration(device, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_1080P)
    assert result == K4A_RESULT_SUCCEEDED and calibration is not None
    assert calibration.depth_camera_calibration.resolution_width == 640
    assert calibration.color_camera_calibration.resolution_height == 1080
    off = k4a_device_get_calibration(device, K4A_DEPTH_MODE_OFF, K4A_COLOR_RESOLUTION_OFF)
    assert off == (K4A_RESULT_FAILED, None)


# ---- colour controls ----

RANGES = {
    K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE: (True, 500, 133330, 100, 16670),
    K4A_COLOR_CONTROL_BRIGHTNESS: (False, 0, 255, 1, 128),
    K4A_COLOR_CONTROL_CONTRAST: (False, 0, 10, 1, 5),
    K4A_COLOR_CONTROL_SATURATION: (False, 0, 63, 1, 32),
    K4A_COLOR_CONTROL_SHARPNESS: (False, 0, 4, 1, 2),
    K4A_COLOR_CONTROL_WHITEBALANCE: (True, 2500, 12500, 10, 4500),
    K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION: (False, 0, 1, 1, 0),
    K4A_COLOR_CONTROL_GAIN: (False, 0, 255, 1, 128),
    K4A_COLOR_CONTROL_POWERLINE_FREQUENCY: (False, 1, 2, 1, 2),
}


@pytest.mark.parametrize("command", RANGES)
def test_color_control_keeps_to_its_range(device: DeviceHandle, command: Any) -> None:
    automatic, low, high, _, default = RANGES[command]
    mode = K4A_COLOR_CONTROL_MODE_AUTO if automatic else K4A_COLOR_CONTROL_MODE_MANUAL
    capabilities = k4a_device_get_color_control_capabilities(device, command)
    assert capabilities == (K4A_RESULT_SUCCEEDED, *RANGES[command], mode)
    assert k4a_device_get_color_control(device, command) == (K4A_RESULT_SUCCEEDED, mode, default)
    manual = K4A_COLOR_CONTROL_MODE_MANUAL
    for value in (low - 1, high + 1):
        assert k4a_device_set_color_control(device, command, manual, value) == K4A_RESULT_FAILED
    for value in (low, high):
        assert k4a_device_set_color_control(device, command, manual, value) == K4A_RESULT_SUCCEEDED
        assert k4a_device_get_color_control(device, command) == (K4A_RESULT_SUCCEEDED, manual, value)
    back = k4a_device_set_color_control(device, command, K4A_COLOR_CONTROL_MODE_AUTO, 0)
    assert back == (K4A_RESULT_SUCCEEDED if automatic else K4A_RESULT_FAILED)


def test_exposure_is_rounded_up_to_what_the_camera_knows(device: DeviceHandle) -> None:
    exposure, manual = K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE, K4A_COLOR_CONTROL_MODE_MANUAL
    assert k4a_device_set_color_control(device, exposure, manual, 9000) == K4A_RESULT_SUCCEEDED
    assert k4a_device_get_color_control(device, exposure)[2] == 16670
    assert k4a_device_set_color_control(device, K4A_COLOR_CONTROL_POWERLINE_FREQUENCY, manual, 1) == 0
    assert k4a_device_set_color_control(device, exposure, manual, 9000) == K4A_RESULT_SUCCEEDED
    assert k4a_device_get_color_control(device, exposure)[2] == 10000
    assert k4a_device_set_color_control(device, exposure, manual, 120000) == K4A_RESULT_SUCCEEDED
    assert k4a_device_set_color_control(device, K4A_COLOR_CONTROL_WHITEBALANCE, manual, 3000) == K4A_RESULT_SUCCEEDED
    assert k4a_device_set_color_control(device, K4A_COLOR_CONTROL_WHITEBALANCE, manual, 3005) == K4A_RESULT_FAILED
    assert k4a_device_start_cameras(device, make_config(**BOTH)) == K4A_RESULT_SUCCEEDED
    color = images_of(take(device))[0]
    assert color is not None
    assert k4a_image_get_exposure_usec(color) == 30000  # what fits a thirtieth of a second
    assert k4a_image_get_white_balance(color) == 3000 and k4a_image_get_iso_speed(color) > 0


def test_color_controls_that_there_are_not_fail(device: DeviceHandle) -> None:
    for command in (K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY, 10):
        assert k4a_device_get_color_control(device, command)[0] == K4A_RESULT_FAILED
        assert k4a_device_get_color_control_capabilities(device, command)[0] == K4A_RESULT_FAILED
        mode = K4A_COLOR_CONTROL_MODE_MANUAL
        assert k4a_device_set_color_control(device, command, mode, 1) == K4A_RESULT_FAILED


# ---- starting ----

MASTER = {"wired_sync_mode": K4A_WIRED_SYNC_MODE_MASTER}
SUBORDINATE = {"wired_sync_mode": K4A_WIRED_SYNC_MODE_SUBORDINATE}
OFF = {"depth_mode": K4A_DEPTH_MODE_OFF}
YUY2 = {"color_format": K4A_IMAGE_FORMAT_COLOR_YUY2}
FPS_15 = {"camera_fps": K4A_FRAMES_PER_SECOND_15}

REFUSED: dict[str, dict[str, Any]] = {
    "nothing on": OFF,
    "format of a depth image": {"color_format": K4A_IMAGE_FORMAT_DEPTH16},
    "no such resolution": {"color_resolution": 7},
    "no such depth mode": {"depth_mode": 6},
    "no such frame rate": {"camera_fps": 3},
    "no such sync mode": {"wired_sync_mode": 3},
    "delay with one camera": {"depth_delay_off_color_usec": 1},
    "synchronized with one camera": {"synchronized_images_only": True},
    "delay too long": {**BOTH, "depth_delay_off_color_usec": 33334},
    "delay too early": {**BOTH, "depth_delay_off_color_usec": -33334},
    "subordinate delay of none": {"subordinate_delay_off_master_usec": 1},
    "subordinate delay of a master": {**BOTH, **MASTER, "subordinate_delay_off_master_usec": 1},
    "subordinate delay too long": {**SUBORDINATE, "subordinate_delay_off_master_usec": 33334},
    "master without colour": MASTER,
    "wide and sharp at 30": {"depth_mode": K4A_DEPTH_MODE_WFOV_UNBINNED},
    "3072P at 30": {"color_resolution": K4A_COLOR_RESOLUTION_3072P},
    "1080P YUY2": {**YUY2, "color_resolution": K4A_COLOR_RESOLUTION_1080P},
    "2160P NV12": {"color_format": K4A_IMAGE_FORMAT_COLOR_NV12, "color_resolution": K4A_COLOR_RESOLUTION_2160P},
}
ACCEPTED: dict[str, dict[str, Any]] = {
    "depth": {},
    "longest delay": {**BOTH, "depth_delay_off_color_usec": 33333, "synchronized_images_only": True},
    "earliest delay": {**BOTH, "depth_delay_off_color_usec": -33333},
    "longest subordinate delay": {**SUBORDINATE, **FPS_15, "subordinate_delay_off_master_usec": 66666},
    "master": {**BOTH, **MASTER},
    "wide and sharp at 15": {**FPS_15, "depth_mode": K4A_DEPTH_MODE_WFOV_UNBINNED},
    "passive infrared at 30": {"depth_mode": K4A_DEPTH_MODE_PASSIVE_IR},
    "colour alone": {**BOTH, **OFF, **YUY2},
}


@pytest.mark.parametrize("name", REFUSED)
def test_start_with_a_wrong_configuration_fails(open_device: Callable[..., DeviceHandle], name: str) -> None:
    device = open_device(on_demand=True, sync_jacks=(True, True))
    assert k4a_device_start_cameras(device, make_config(**REFUSED[name])) == K4A_RESULT_FAILED
    assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_FAILED, None)


@pytest.mark.parametrize("name", ACCEPTED)
def test_start_with_a_right_configuration_succeeds(open_device: Callable[..., DeviceHandle], name: str) -> None:
    device = open_device(on_demand=True, sync_jacks=(True, True))
    assert k4a_device_start_cameras(device, make_config(**ACCEPTED[name])) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_cameras(device, make_config(**ACCEPTED[name])) == K4A_RESULT_FAILED


def test_synchronised_modes_without_cables_fail(open_device: Callable[..., DeviceHandle]) -> None:
    device = open_device(sync_jacks=(False, False))
    assert k4a_device_get_sync_jack(device) == (K4A_RESULT_SUCCEEDED, False, False)
    assert k4a_device_start_cameras(device, make_config(**BOTH, **MASTER)) == K4A_RESULT_FAILED
    assert k4a_device_start_cameras(device, make_config(**SUBORDINATE)) == K4A_RESULT_FAILED


def test_imu_runs_only_after_the_cameras(device: DeviceHandle) -> None:
    assert k4a_device_start_imu(device) == K4A_RESULT_FAILED
    assert k4a_device_get_imu_sample(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    assert k4a_device_get_imu_sample(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_FAILED
    k4a_device_stop_cameras(device)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_FAILED
    k4a_device_stop_imu(device)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED


# ---- captures ----


def test_captures_on_demand_come_at_the_frame_rate_of_the_device_clock(device: DeviceHandle) -> None:
    assert k4a_device_start_cameras(device, make_config(**BOTH, depth_delay_off_color_usec=500)) == 0
    times = [times_of(take(device)) for _ in range(31)]
    assert times[0] == [33333, 33833, 33833]
    assert [t[0] for t in times] == [(n + 1) * 1000000 // 30 for n in range(31)]
    k4a_device_stop_cameras(device)
    assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    later = times_of(take(device))
    assert later[0] is None and later[1] is not None and later[1] > times[-1][1]  # type: ignore[operator]


@pytest.mark.parametrize("synchronized", [False, True])
def test_lost_depth_images_leave_colour_alone_unless_synchronized(
    open_device: Callable[..., DeviceHandle], synchronized: bool
) -> None:
    device = open_device(on_demand=True, lose_depth_every=3)
    assert k4a_device_start_cameras(device, make_config(**BOTH, synchronized_images_only=synchronized)) == 0
    found = [[image is not None for image in images_of(take(device))] for _ in range(6)]
    assert found == ([[True] * 3] * 6 if synchronized else ([[True] * 3] * 2 + [[True, False, False]]) * 2)


def test_passive_infrared_has_no_depth(device: DeviceHandle) -> None:
    assert k4a_device_start_cameras(device, make_config(depth_mode=K4A_DEPTH_MODE_PASSIVE_IR)) == 0
    color, depth, ir = images_of(take(device))
    assert color is None and depth is None and ir is not None
    assert np.asarray(ir).shape == (1024, 1024) and np.asarray(ir).any()


@pytest.mark.parametrize(
    ("format", "shape"),
    [
        (K4A_IMAGE_FORMAT_COLOR_NV12, (1080, 1280)),
        (K4A_IMAGE_FORMAT_COLOR_YUY2, (720, 1280, 2)),
        (K4A_IMAGE_FORMAT_COLOR_BGRA32, (720, 1280, 4)),
        (K4A_IMAGE_FORMAT_COLOR_MJPG, None),
    ],
)
def test_colour_has_the_format_asked_for(device: DeviceHandle, format: Any, shape: tuple[int, ...] | None) -> None:
    config = make_config(**OFF, **BOTH, color_format=format)
    started = k4a_device_start_cameras(device, config)
    if shape is None and started != K4A_RESULT_SUCCEEDED:
        pytest.skip("this build has no JPEG codec")
    color = images_of(take(device))[0]
    assert color is not None and k4a_image_get_format(color) == format
    if shape is None:
        assert bytes(np.asarray(color)[:2]) == b"\xff\xd8" and k4a_image_get_stride_bytes(color) == 0
        assert k4a_image_get_size(color) == np.asarray(color).size
    else:
        assert k4a_image_get_size(color) == np.prod(shape)


def test_pictures_of_a_seed_are_the_same_every_time(open_device: Callable[..., DeviceHandle]) -> None:
    def pictures(source: str) -> list[bytes]:
        device = open_device(source, on_demand=True)
        assert k4a_device_start_cameras(device, make_config(**BOTH)) == K4A_RESULT_SUCCEEDED
        return [bytes(np.asarray(image)) for _ in range(3) for image in images_of(take(device))]

    first = pictures("scene:5")
    assert first == pictures("scene:5")
    assert len(set(first)) == len(first)  # something moves
    assert not set(first) & set(pictures("scene:6"))


def test_color_of_the_scene_lies_where_the_calibration_puts_it(device: DeviceHandle) -> None:
    config = make_config(**BOTH, depth_mode=K4A_DEPTH_MODE_NFOV_UNBINNED)
    assert k4a_device_start_cameras(device, config) == K4A_RESULT_SUCCEEDED
    for _ in range(4):
        capture = take(device)
    color, depth, _ = images_of(capture)
    assert color is not None and depth is not None
    _, calibration = k4a_device_get_calibration(device, config.depth_mode, config.color_resolution)
    assert calibration is not None
    transformation = k4a_transformation_create(calibration)
    result, seen = k4a_image_create(K4A_IMAGE_FORMAT_COLOR_BGRA32, 640, 576, 0, provider="bundled")
    assert result == K4A_RESULT_SUCCEEDED and seen is not None
    assert k4a_transformation_color_image_to_depth_camera(transformation, depth, color, seen) == K4A_RESULT_SUCCEEDED
    # The ball is orange, nearer than the wall, and nothing else is: both cameras agree where it is.
    pixels = np.asarray(seen).astype(int)
    orange = (pixels[..., 2] > 2 * pixels[..., 1]) & (pixels[..., 2] > 3 * pixels[..., 0] + 20)
    millimetres = np.asarray(depth)
    rows, columns = np.indices(orange.shape)
    upper = rows < 400
    near = upper & (millimetres > 0) & (millimetres < 1700) & (columns > 100) & (columns < 540) & (rows > 150)
    both = (orange & near).sum()
    assert near.sum() > 3000
    assert both > 0.9 * near.sum() and both > 0.9 * (orange & upper).sum() * 0.9


def test_times_of_a_live_device_are_those_of_the_clock(live: DeviceHandle) -> None:
    assert k4a_device_start_cameras(live, make_config()) == K4A_RESULT_SUCCEEDED
    begin = time.monotonic_ns()
    captures = [take(live) for _ in range(8)]
    end = time.monotonic_ns()
    assert end - begin > 6 * PERIOD_USEC * 1000
    depths = [images_of(capture)[1] for capture in captures]
    device_times = [k4a_image_get_device_timestamp_usec(depth) for depth in depths if depth]
    system_times = [k4a_image_get_system_timestamp_nsec(depth) for depth in depths if depth]
    assert all(b > a for a, b in itertools.pairwise(device_times))
    for a, b in zip(device_times, system_times, strict=True):
        assert abs((b - system_times[0]) / 1000 - (a - device_times[0])) < 2
    assert begin - 10**8 < system_times[0] < end
    assert 20 < k4a_capture_get_temperature_c(captures[0]) < 60


def test_live_queue_keeps_the_newest_seven(open_device: Callable[..., DeviceHandle]) -> None:
    device = open_device(speed=10)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    first = times_of(take(device))[1]
    time.sleep(0.3)  # three seconds of the device: 90 captures, 5000 samples
    second = times_of(take(device))[1]
    assert first is not None and second is not None and second - first > 60 * PERIOD_USEC
    result, sample = k4a_device_get_imu_sample(device, 0)
    assert result == K4A_WAIT_RESULT_SUCCEEDED and sample is not None
    assert sample.acc_timestamp_usec > first + 1_500_000


def test_poll_times_out_until_a_capture_is_there(live: DeviceHandle) -> None:
    assert k4a_device_start_cameras(live, make_config(camera_fps=K4A_FRAMES_PER_SECOND_5)) == K4A_RESULT_SUCCEEDED
    assert k4a_device_get_capture(live, 0) == (K4A_WAIT_RESULT_TIMEOUT, None)
    assert k4a_device_get_capture(live, 1) == (K4A_WAIT_RESULT_TIMEOUT, None)
    assert k4a_device_get_capture(live, K4A_WAIT_INFINITE)[0] == K4A_WAIT_RESULT_SUCCEEDED


def test_imu_samples_come_at_1666_hz_as_far_as_the_newest_capture(device: DeviceHandle) -> None:
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    assert k4a_device_get_imu_sample(device, 0) == (K4A_WAIT_RESULT_TIMEOUT, None)
    for _ in range(30):
        take(device)
    samples = []
    while (found := k4a_device_get_imu_sample(device, 0))[0] == K4A_WAIT_RESULT_SUCCEEDED:
        assert found[1] is not None
        samples.append(found[1])
    assert 1650 <= len(samples) <= 1666
    times = [sample.acc_timestamp_usec for sample in samples]
    assert {b - a for a, b in itertools.pairwise(times)} == {600, 601}
    down = np.mean([sample.acc_sample.v[2] for sample in samples])
    assert abs(down + 9.81) < 0.01 and 20 < samples[0].temperature < 60


# ---- ends ----


def wait_in_thread(call: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    time.sleep(0.05)
    return thread, answers


@pytest.mark.parametrize("end", [k4a_device_stop_cameras, simulated_device_unplug, k4a_device_close])
def test_waiting_for_a_capture_ends_with_the_stream(
    open_device: Callable[..., DeviceHandle], end: Callable[[DeviceHandle], Any]
) -> None:
    device = open_device(speed=0.01)  # the next capture is seconds away
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    thread, answers = wait_in_thread(lambda: k4a_device_get_capture(device, K4A_WAIT_INFINITE))
    end(device)
    thread.join(5)
    assert answers == [(K4A_WAIT_RESULT_FAILED, None)]


def test_waiting_for_a_sample_ends_with_stop(open_device: Callable[..., DeviceHandle]) -> None:
    device = open_device(on_demand=True)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
    thread, answers = wait_in_thread(lambda: k4a_device_get_imu_sample(device, K4A_WAIT_INFINITE))
    k4a_device_stop_imu(device)
    thread.join(5)
    assert answers == [(K4A_WAIT_RESULT_FAILED, None)]


def test_unplugged_device_fails_in_everything_and_is_gone(device: DeviceHandle) -> None:
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_SUCCEEDED
    capture = take(device)
    assert simulated_device_unplug(device) == K4A_RESULT_SUCCEEDED
    assert simulated_device_unplug(device) == K4A_RESULT_FAILED
    assert k4a_device_get_installed_count(provider="bundled") == 0
    assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_get_serialnum(device) == (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_device_get_color_control(device, K4A_COLOR_CONTROL_GAIN)[0] == K4A_RESULT_FAILED
    assert k4a_device_start_imu(device) == K4A_RESULT_FAILED
    k4a_device_stop_cameras(device)
    assert k4a_device_start_cameras(device, make_config()) == K4A_RESULT_FAILED
    depth = images_of(capture)[1]
    assert depth is not None and np.asarray(depth).any()  # what was taken stays
    k4a_device_close(device)


# ---- several ----


def test_subordinates_follow_the_master_on_one_clock(open_device: Callable[..., DeviceHandle]) -> None:
    master, second, third = open_device(), open_device(), open_device("scene:2")
    assert k4a_device_start_cameras(second, make_config(**SUBORDINATE, subordinate_delay_off_master_usec=160)) == 0
    assert k4a_device_start_cameras(third, make_config(**SUBORDINATE, subordinate_delay_off_master_usec=320)) == 0
    assert k4a_device_get_capture(second, 100) == (K4A_WAIT_RESULT_TIMEOUT, None)  # nobody leads
    assert k4a_device_start_cameras(master, make_config(**BOTH, **MASTER)) == K4A_RESULT_SUCCEEDED
    times = []
    for _ in range(4):
        leading, *following = times_of(take(master)), times_of(take(second)), times_of(take(third))
        times.append([leading[0], *(found[1] for found in following)])
    for leader, one, other in times:
        assert one - leader == 160 and other - leader == 320
    k4a_device_stop_cameras(master)
    while k4a_device_get_capture(second, 0)[0] == K4A_WAIT_RESULT_SUCCEEDED:
        pass
    assert k4a_device_get_capture(second, 100) == (K4A_WAIT_RESULT_TIMEOUT, None)
