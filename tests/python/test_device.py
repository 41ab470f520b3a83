"""`Device` on simulated cameras."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp import k4a

OFF = k.ColorResolution.OFF
DEPTH = k.DeviceConfiguration(color_resolution=OFF, depth_mode=k.DepthMode.NFOV_2X2BINNED)
BOTH = k.DeviceConfiguration(
    color_format=k.ImageFormat.COLOR_NV12,
    color_resolution=k.ColorResolution.RES_720P,
    depth_mode=k.DepthMode.NFOV_2X2BINNED,
)


def simulated(configuration: k.DeviceConfiguration = DEPTH, **options: object) -> k.Device:
    return k.Device.simulated(configuration=configuration, **{"on_demand": True, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"color_resolution": OFF, "depth_mode": k.DepthMode.OFF}, "both OFF"),
        ({"depth_mode": k.DepthMode.WFOV_UNBINNED}, "WFOV_UNBINNED goes up to 15 frames per second, not 30"),
        ({"color_resolution": k.ColorResolution.RES_3072P}, "RES_3072P goes up to 15 frames per second, not 30"),
        ({"color_format": k.ImageFormat.COLOR_NV12}, "COLOR_NV12 has RES_720P only, not RES_1080P"),
        ({"color_format": k.ImageFormat.DEPTH16}, "color_format .* must be one of COLOR_MJPG, .*COLOR_BGRA32"),
        ({"depth_mode": 17}, "depth_mode is 17: it must be one of OFF, NFOV"),
        ({"color_resolution": OFF, "synchronized_images_only": True}, "synchronized_images_only needs both"),
        ({"color_resolution": OFF, "depth_delay_off_color_usec": 1}, "depth_delay_off_color_usec needs both"),
        ({"depth_delay_off_color_usec": -33334}, "at most 33333"),
        ({"subordinate_delay_off_master_usec": 5}, "for a SUBORDINATE only"),
        (
            {"wired_sync_mode": k.WiredSyncMode.SUBORDINATE, "subordinate_delay_off_master_usec": 33334},
            "from 0 to 33333",
        ),
        ({"color_resolution": OFF, "wired_sync_mode": k.WiredSyncMode.MASTER}, "a MASTER needs its color camera"),
    ],
)
def test_configuration_that_no_camera_takes_is_refused_with_the_reason(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        k.DeviceConfiguration(**values)


@pytest.mark.parametrize("name", ["depth_delay_off_color_usec", "subordinate_delay_off_master_usec"])
@pytest.mark.parametrize("value", [1.5, float("nan"), None, "160"])
def test_configuration_refuses_times_that_are_no_whole_numbers_by_name(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"{name} is {value!r}: it must be a whole number of microseconds"):
        k.DeviceConfiguration(wired_sync_mode=k.WiredSyncMode.SUBORDINATE, **{name: value})
    given: Any = {name: np.int64(160)}
    configuration = k.DeviceConfiguration(wired_sync_mode=k.WiredSyncMode.SUBORDINATE, **given)
    assert type(getattr(configuration, name)) is int and getattr(configuration, name) == 160


def test_configuration_goes_to_c_and_back() -> None:
    configuration = k.DeviceConfiguration(depth_delay_off_color_usec=-100, synchronized_images_only=True)
    assert k.DeviceConfiguration.from_native(configuration.to_native()) == configuration
    assert configuration.to_native().depth_delay_off_color_usec == -100


def test_capture_of_a_simulated_camera_has_images_calibration_and_times() -> None:
    with simulated(BOTH) as device:
        assert not device.running
        first, second = device.get_capture(timeout=5), device.get_capture(timeout=5)
        assert device.running
        assert first.depth.array.shape == (288, 320) and (first.depth.array > 0).mean() > 0.3
        assert first.color.array.shape == (1080, 1280) and first.ir.array.shape == (288, 320)
        step = second.depth.device_timestamp_usec - first.depth.device_timestamp_usec
        assert abs(step - 33333) <= 1
        assert first.calibration == device.calibration
        assert first.calibration.raw == device.raw_calibration and b"CalibrationInformation" in device.raw_calibration
        assert device.calibration.color_resolution == k.ColorResolution.RES_720P
    assert first.depth.array.shape == (288, 320)  # captures outlive their device


def test_captures_leaves_out_the_first_and_ends_when_stopped() -> None:
    with simulated() as device:
        plain = [device.get_capture(1).depth.device_timestamp_usec for _ in range(5)]
        device.stop()
    with simulated() as device:
        got = []
        for capture in device.captures(timeout=1, skip=3):
            got.append(capture.depth.device_timestamp_usec - plain[0])
            if len(got) == 2:
                device.stop()
    assert len(got) == 2 and got[0] == pytest.approx(plain[3] - plain[0], abs=1)


def test_imu_samples_come_with_the_captures() -> None:
    with simulated() as device:
        device.start(imu=True)
        for _ in range(4):
            device.get_capture(1)
        samples = []
        with pytest.raises(k.K4ATimeoutError, match=r"no IMU sample within 0\.05 s"):
            for sample in device.imu_samples(timeout=0.05):
                samples.append(sample)
        times = np.array([sample.acc_timestamp_usec for sample in samples])
        assert len(samples) > 100 and (np.diff(times) > 0).all()
        assert np.median(np.diff(times)) == pytest.approx(600, abs=25)
        assert np.linalg.norm(samples[0].acc) == pytest.approx(9.8, abs=1.0)


def test_wait_without_captures_times_out(tmp_path: Path) -> None:
    with simulated(speed=0.001, on_demand=False) as device:
        device.start()
        began = time.monotonic()
        with pytest.raises(k.K4ATimeoutError, match=r"simulated scene: no capture within 0.25 s"):
            for _ in range(3):
                device.get_capture(timeout=0.25)
        assert 0.2 < time.monotonic() - began < 5


def test_close_and_stop_from_another_thread_end_a_wait() -> None:
    for end, error in ((k.Device.close, ValueError), (k.Device.stop, k.K4AError)):
        with simulated(speed=0.001, on_demand=False) as device:
            device.start()
            timer = threading.Timer(0.2, end, [device])
            timer.start()
            with pytest.raises(error, match=r"was closed|was stopped|is closed"):
                for _ in range(100):
                    device.get_capture()
            timer.join()


def waits_for(device: k.Device, wait: Callable[[], object]) -> Callable[[], BaseException]:
    """Begin to wait in a thread that was seen in the wait; the result joins it and gives what was raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            wait()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    with pytest.MonkeyPatch.context() as patch:
        entered = threading.Event()
        for stream in (device._cameras, device._imu):

            def take(*arguments: Any, take: Any = stream._take) -> Any:
                entered.set()
                return take(*arguments)

            patch.setattr(stream, "_take", take)
        thread.start()
        assert entered.wait(30)

    def end() -> BaseException:
        thread.join(30)
        assert not thread.is_alive()
        return raised[0]

    return end


@pytest.mark.parametrize("wait", [k.Device.get_capture, k.Device.get_imu_sample])
def test_restart_by_another_thread_ends_a_wait_as_a_stop(wait: Callable[[k.Device], object]) -> None:
    for _ in range(5):
        with simulated(speed=0.001, on_demand=False) as device:
            device.start(imu=True)
            end = waits_for(device, lambda device=device: [wait(device) for _ in range(100)])  # type: ignore[misc]
            device.stop()
            device.start(imu=True)
            error = end()
            assert isinstance(error, k.K4AError) and not isinstance(error, k.DeviceLostError), error
            assert "was stopped" in str(error)


def test_capture_that_comes_with_a_restart_is_not_that_of_the_new_start() -> None:
    with simulated() as device:
        device.start()
        take = device._cameras._take

        def restarted(*arguments: Any) -> Any:
            device.stop()
            device.start()
            return take(*arguments)

        device._cameras._take = restarted
        with pytest.raises(k.K4AError, match="was stopped"):
            device.get_capture(1)


@pytest.mark.parametrize("imu", [False, True])
def test_iteration_ends_when_it_is_stopped_before_it_waits_and_starts_nothing(imu: bool) -> None:
    with simulated() as device:
        device.start(imu=True)
        device.get_capture(1)
        stream = device._imu if imu else device._cameras
        take, taken = stream._take, []

        def stopped_third(*arguments: Any) -> Any:
            taken.append(arguments)
            if len(taken) == 3:
                device.stop()
            return take(*arguments)

        stream._take = stopped_third
        items: Iterator[object] = device.imu_samples(1) if imu else device.captures(1)
        assert len(list(itertools.islice(items, 9))) == 2 and len(taken) == 3
        assert not device.running and not device.imu_running


def test_iteration_ends_with_a_restart_between_two_captures() -> None:
    with simulated() as device:
        captures = device.captures(timeout=1)
        assert next(captures).depth is not None
        device.stop()
        device.start()
        assert list(itertools.islice(captures, 9)) == []
        assert device.running and device.get_capture(1).depth is not None


@pytest.mark.parametrize(
    ("timeout", "error", "message"),
    [
        (float("nan"), ValueError, "timeout is nan: seconds from 0 on, or None to wait for ever"),
        (-1, ValueError, "timeout is -1: seconds from 0 on"),
        ("1", TypeError, "timeout is '1': seconds, or None"),
    ],
)
def test_impossible_timeout_is_refused_before_anything_starts(timeout: Any, error: Any, message: str) -> None:
    with simulated() as device:
        for wait in (
            lambda: device.get_capture(timeout),
            lambda: next(device.captures(timeout)),
            lambda: device.get_imu_sample(timeout),
            lambda: next(device.imu_samples(timeout)),
        ):
            with pytest.raises(error, match=message):
                wait()
        assert not device.running
        assert device.get_capture(float("inf")).depth is not None


def test_device_cannot_be_copied_or_pickled_and_stays_open() -> None:
    import copy

    with simulated() as device:
        for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match=r"<Device simulated scene.*cannot be pickled or copied"):
                attempt(device)
        assert not device.closed and device.get_capture(1).depth is not None


def test_unplugged_camera_is_lost() -> None:
    with simulated(speed=0.001, on_demand=False) as device:
        device.start()
        timer = threading.Timer(0.2, device.unplug)
        timer.start()
        with pytest.raises(k.DeviceLostError, match="simulated scene is lost"):
            for _ in range(100):
                device.get_capture(timeout=20)
        timer.join()


def test_color_controls_are_a_mapping_with_ranges() -> None:
    with simulated() as device:
        controls = device.color_controls
        assert "exposure_time_absolute" in controls and "auto_exposure_priority" not in controls
        exposure = controls["exposure_time_absolute"]
        assert exposure.auto and exposure.range.supports_auto and exposure.range.minimum == 500
        exposure.value = 8330
        assert (exposure.value, exposure.auto) == (8330, False)
        exposure.auto = True
        assert exposure.auto
        with pytest.raises(ValueError, match="brightness is from 0 to 255, not 256"):
            controls["brightness"].value = 256
        with pytest.raises(k.K4AError, match="brightness cannot be set to AUTO"):
            controls["brightness"].auto = True
        controls["gain"].value = 3
        controls.reset()
        assert controls["gain"].value == controls["gain"].range.default_value
        assert controls[k.ColorControlCommand.GAIN].name == "gain"
        with pytest.raises(KeyError, match=r"simulated scene has no color control 'gian', it has exposure.*, gain"):
            controls["gian"]
        with pytest.raises(ValueError, match="the mode of gain is AUTO or MANUAL, not 7"):
            controls["gain"].mode = 7  # type: ignore[assignment]
        with pytest.raises(TypeError, match=r"gain is a whole number, not 1\.5"):
            controls["gain"].value = 1.5  # type: ignore[assignment]


def test_color_controls_of_a_lost_or_closed_camera_say_so() -> None:
    with simulated() as device:
        gain = device.color_controls["gain"]
        assert "gain" in repr(device.color_controls)
        device.unplug()
        for use in (
            lambda: device.color_controls["gain"],
            lambda: "gain" in device.color_controls,
            lambda: gain.value,
            lambda: gain.range,
            gain.reset,
        ):
            with pytest.raises(k.DeviceLostError, match="simulated scene"):
                use()
        assert "cannot be read" in repr(device.color_controls)
    assert "simulated scene, closed" in repr(device.color_controls)
    with pytest.raises(ValueError, match="is closed"):
        device.color_controls["gain"]


def test_closed_device_says_so_and_forgotten_one_warns() -> None:
    device = simulated()
    device.close()
    device.close()
    for use in (device.get_capture, device.start, device.unplug, device.__enter__):
        with pytest.raises(ValueError, match="simulated scene is closed"):
            use()
    forgotten = simulated()
    with pytest.warns(ResourceWarning, match="unclosed <Device simulated scene"):
        del forgotten


def test_running_camera_keeps_its_configuration_and_starts_once() -> None:
    with simulated() as device:
        device.start()
        with pytest.raises(ValueError, match="stop it before"):
            device.configuration = BOTH
        with pytest.raises(k.K4AError, match="does not start"):
            device.start()
        device.stop()
        device.configuration = BOTH
        assert device.get_capture(5).color is not None
    with simulated() as device, pytest.raises(k.K4AError, match="the IMU does not start"):
        device.start_imu()


@pytest.fixture
def without_imu(tmp_path: Path) -> Path:
    path = tmp_path / "without_imu.mkv"
    with simulated() as device, k.Recorder(path, device=device) as recorder:
        recorder.record(frames=7)
    return path


def test_imu_that_does_not_start_leaves_the_cameras_off(without_imu: Path) -> None:
    with k.Device.simulated(without_imu, on_demand=True) as device:
        for start in (lambda: device.start(imu=True), device.get_imu_sample):
            for _ in range(2):
                with pytest.raises(k.K4AError, match=r"the IMU does not start.*\n.*has no IMU track"):
                    start()
                assert not device.running
        device.start()
        with pytest.raises(k.K4AError, match="the IMU does not start"):
            device.start_imu()
        assert device.running and device.get_capture(1).depth is not None


def test_synchronized_cameras_are_all_stopped_when_a_start_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    with (
        simulated(replace(BOTH, wired_sync_mode=k.WiredSyncMode.MASTER), sync_jacks=(False, True)) as master,
        simulated(replace(DEPTH, wired_sync_mode=k.WiredSyncMode.SUBORDINATE), sync_jacks=(True, True)) as other,
    ):
        start = k.Device.start

        def interrupted(device: k.Device, **options: Any) -> None:
            start(device, **options)
            raise KeyboardInterrupt

        monkeypatch.setattr(k.Device, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            k.start_synchronized([master, other])
        assert not master.running and not other.running


def test_synchronized_cameras_are_all_stopped_when_an_imu_does_not_start(without_imu: Path) -> None:
    from dataclasses import replace

    with (
        simulated(replace(BOTH, wired_sync_mode=k.WiredSyncMode.MASTER), sync_jacks=(False, True)) as master,
        simulated(replace(DEPTH, wired_sync_mode=k.WiredSyncMode.SUBORDINATE), sync_jacks=(True, True)) as first,
        k.Device.simulated(
            without_imu,
            configuration=replace(DEPTH, wired_sync_mode=k.WiredSyncMode.SUBORDINATE),
            sync_jacks=(True, False),
        ) as second,
    ):
        for _ in range(2):
            with pytest.raises(k.K4AError, match=r"the IMU does not start.*\n.*has no IMU track"):
                k.start_synchronized([master, first, second], imu=True)
            assert not any(device.running or device.imu_running for device in (master, first, second))


def test_devices_are_listed_opened_by_serial_and_busy_ones_tolerated(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        simulated(serial="000000000777") as held,
        simulated(serial="000000000778"),
    ):
        found = k.list_devices(provider="bundled")
        assert len(found) >= 2 and all(device.busy for device in found[-2:])
        with pytest.raises(k.K4AError, match=r"000000000999 that can be opened; there are: .*cannot be opened"):
            k.Device.open(serial="000000000999", provider="bundled")
        assert held.serial == "000000000777"
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene,scene:5")
    listed = k.list_devices(provider="bundled")
    assert [device.busy for device in listed] == [False, False]
    assert len({device.serial for device in listed}) == 2
    with k.Device.open(serial=listed[1].serial, configuration=DEPTH, provider="bundled") as device:
        assert device.serial == listed[1].serial and str(device.version.rgb).count(".") == 2
        assert [other.busy for other in k.list_devices(provider="bundled")] == [False, True]
        with pytest.raises(k.K4AError, match="device 1 cannot be opened; 2 attached"):
            k.Device.open(1, provider="bundled")
    with pytest.raises(ValueError, match="counted from 0"):
        k.Device.open(-1, provider="bundled")
    with pytest.raises(TypeError, match="index is '0': it must be a whole number; serial= takes serial numbers"):
        k.Device.open("0", provider="bundled")  # type: ignore[arg-type]


def test_synchronized_cameras_start_subordinates_first() -> None:
    from dataclasses import replace

    master_mode = replace(BOTH, wired_sync_mode=k.WiredSyncMode.MASTER)
    mode = replace(BOTH, wired_sync_mode=k.WiredSyncMode.SUBORDINATE)
    with (
        simulated(master_mode, on_demand=False, sync_jacks=(False, True)) as master,
        simulated(mode, on_demand=False, sync_jacks=(True, False)) as other,
    ):
        assert master.sync_jacks == (False, True) and other.sync_jacks.sync_in
        with pytest.raises(ValueError, match="one device must be MASTER"):
            k.start_synchronized([other])
        k.start_synchronized([master, other])
        assert master.get_capture(5).depth is not None and other.get_capture(5).depth is not None


def test_recorder_of_a_device_keeps_what_the_camera_is(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with simulated(BOTH) as device, k.Recorder(path, device=device, imu=True) as recorder:
        written = recorder.record(seconds=0.5)
        raw, serial, version = device.raw_calibration, device.serial, device.version
        assert recorder.dropped_captures == 0
    assert written == 15
    with k.Playback(path) as playback:
        assert len(playback.captures) == 15 and 700 < len(playback.imu) < 900
        assert playback.raw_calibration == raw and playback.tags["K4A_DEVICE_SERIAL_NUMBER"] == serial
        assert playback.tags["K4A_COLOR_FIRMWARE_VERSION"] == str(version.rgb)
        assert playback.calibration.depth_mode == k.DepthMode.NFOV_2X2BINNED


def test_recorder_of_another_provider_stores_the_device_too(microsoft: object, tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with simulated(BOTH) as device, k.Recorder(path, device=device, imu=True, provider="microsoft") as recorder:
        assert recorder.record(frames=4) == 4
        raw, serial = device.raw_calibration, device.serial
    for reader in ("bundled", "microsoft"):
        with k.Playback(path, provider=reader) as playback:
            assert len(playback.captures) == 4 and len(playback.imu) > 100
            assert playback.raw_calibration == raw and playback.tags["K4A_DEVICE_SERIAL_NUMBER"] == serial
            assert playback.calibration.color_resolution == k.ColorResolution.RES_720P


def test_loop_over_captures_records_the_imu_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with simulated() as device, k.Recorder(path, device=device, imu=True) as recorder:
        for number, capture in enumerate(device.captures(timeout=1)):
            recorder.write_capture(capture)
            if number == 5:
                break
    with k.Playback(path) as playback:
        assert len(playback.captures) == 6 and len(playback.imu) > 200


def test_recorder_starts_the_imu_of_a_running_camera_and_lets_it_alone_later(tmp_path: Path) -> None:
    with simulated() as device:
        device.start()
        with k.Recorder(tmp_path / "x.mkv", device=device, imu=True) as recorder:
            assert device.imu_running
            recorder.record(frames=3)
            assert recorder.state.imu_samples > 50
        device.stop()
        device.start()
        assert not device.imu_running


def test_recording_played_as_a_camera_gives_the_same_captures_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with simulated() as device, k.Recorder(path, device=device) as recorder:
        recorder.record(frames=7)
    with k.Playback(path) as playback:
        stored = [capture.depth.array.copy() for capture in playback]
    with k.Device.simulated(path, on_demand=True) as device:
        assert device.configuration.depth_mode == k.DepthMode.NFOV_2X2BINNED
        played = [capture.depth.array.copy() for capture in device.captures(timeout=5)]
        with pytest.raises(k.EndOfRecording, match="has ended"):
            device.get_capture(1)
    assert len(played) == 7 and all(np.array_equal(a, b) for a, b in zip(stored, played, strict=True))


def test_recording_that_no_camera_makes_can_be_played_as_a_camera(tmp_path: Path) -> None:
    path = tmp_path / "nv12.mkv"
    native = k.DeviceConfiguration(depth_mode=k.DepthMode.OFF).to_native()
    native.color_format = k.ImageFormat.COLOR_NV12
    pixels = np.random.default_rng(1).integers(0, 256, (1620, 1920), np.uint8)
    image = k.Image(k.ImageFormat.COLOR_NV12, 1920, 1080)
    image.device_timestamp_usec = 1000
    image.array[:] = pixels
    recording = k4a.k4a_record_create(path, None, native, provider="bundled")[1]
    assert recording is not None
    assert k4a.k4a_record_write_header(recording) == 0
    assert k4a.k4a_record_write_capture(recording, k.Capture(color=image)) == 0
    k4a.k4a_record_close(recording)
    with k.Device.simulated(path, on_demand=True) as device:
        configuration = device.configuration
        assert configuration.color_format == k.ImageFormat.COLOR_NV12
        assert configuration.color_resolution == k.ColorResolution.RES_1080P
        assert np.array_equal(device.get_capture(1).color.array, pixels)
        assert pickle.loads(pickle.dumps(configuration)) == configuration


def test_recording_without_pictures_cannot_be_played_as_a_camera_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "imu.mkv"
    native = DEPTH.to_native()
    native.depth_mode = k.DepthMode.OFF
    recording = k4a.k4a_record_create(path, None, native, provider="bundled")[1]
    assert recording is not None
    assert k4a.k4a_record_add_imu_track(recording) == 0 and k4a.k4a_record_write_header(recording) == 0
    assert k4a.k4a_record_write_imu_sample(recording, k4a.k4a_imu_sample_t(acc_timestamp_usec=1000)) == 0
    k4a.k4a_record_close(recording)
    with pytest.raises(k.RecordingError, match=r"imu\.mkv has neither color nor depth"):
        k.Device.simulated(path)


def test_recording_that_is_cut_off_while_it_is_played_does_not_just_end(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with simulated() as device, k.Recorder(path, device=device, imu=True) as recorder:
        recorder.record(frames=40)
    with k.Device.simulated(path, on_demand=True) as device:
        device.start(imu=True)
        device.get_capture(1)
        os.truncate(path, path.stat().st_size // 2)
        read = 0
        with pytest.raises(k.RecordingError, match=r"(?s)damaged.*x\.mkv was cut off while it was played: it had"):
            for _ in device.captures(timeout=1):
                read += 1
        assert read < 30
        with pytest.raises(k.RecordingError, match="no next capture"):
            device.get_capture(1)
        with pytest.raises(k.RecordingError, match="no next IMU sample"):
            for _ in device.imu_samples(timeout=1):
                pass
    with k.Device.simulated(path, on_demand=True) as device:  # damaged before: it ends where the file does
        assert 5 < len(list(device.captures(timeout=1))) < 30


def test_recording_in_the_environment_ends_and_is_not_lost(
    without_imu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYK4A_RP_SIMULATED", str(without_imu))
    with k.Device.open(configuration=DEPTH, provider="bundled") as device:
        with pytest.raises(k.EndOfRecording, match="device 0: the recording has ended"):
            for _ in range(100):
                device.get_capture(timeout=5)
        device.unplug()
        with pytest.raises(k.DeviceLostError):
            device.get_capture(timeout=5)


def after_captures(monkeypatch: pytest.MonkeyPatch, count: int, do: Callable[[k.Recorder], object]) -> None:
    """Do something when a recorder has written so many captures, however long that takes."""
    write = k.Recorder.write_capture

    def write_(recorder: k.Recorder, capture: Any) -> None:
        write(recorder, capture)
        if recorder.state.captures == count:
            do(recorder)

    monkeypatch.setattr(k.Recorder, "write_capture", write_)


def test_lost_device_leaves_a_complete_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.mkv"
    with (
        simulated(on_demand=False) as device,
        pytest.raises(k.DeviceLostError),
        k.Recorder(path, device=device) as recorder,
    ):
        after_captures(monkeypatch, 5, lambda _: device.unplug())
        recorder.record(seconds=60)
    with k.Playback(path) as playback:
        assert len(playback.captures) == 5 and playback.damage is None


def test_record_ends_when_another_thread_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(recorder: k.Recorder) -> None:
        thread = threading.Thread(target=recorder.stop)
        thread.start()
        thread.join()

    with simulated(on_demand=False) as device, k.Recorder(tmp_path / "x.mkv", device=device) as recorder:
        after_captures(monkeypatch, 5, stop)
        assert recorder.record() == 5
        with pytest.raises(ValueError, match="greater than 0"):
            recorder.record(seconds=0)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_ends_a_wait() -> None:
    # A process started in the background of a shell inherits that SIGINT is ignored.
    code = """if True:
        import signal
        import pyk4a_rp as k
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with k.Device.simulated(speed=0.001, configuration=k.DeviceConfiguration(
                color_resolution=k.ColorResolution.OFF)) as device:
            device.start()
            print("waiting", flush=True)
            while True:
                device.get_capture()
        """
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None and process.stdout.readline() == "waiting\n"
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors and time.monotonic() - began < 5
