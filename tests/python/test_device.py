"""`Device` on simulated cameras."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp as k

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


def test_configuration_goes_to_c_and_back() -> None:
    configuration = k.DeviceConfiguration(depth_delay_off_color_usec=-100, synchronized_images_only=True)
    assert k.DeviceConfiguration.from_native(configuration.to_native()) == configuration
    assert configuration.to_native().depth_delay_off_color_usec == -100
@pytest.mark.parametrize("name", ["depth_delay_off_color_usec", "subordinate_delay_off_master_usec"])
@pytest.mark.parametrize("value", [1.5, float("nan"), None, "160"])
def test_configuration_refuses_times_that_are_no_whole_numbers_by_name(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"{name} is {value!r}: it must be a whole number of microseconds"):
        k.DeviceConfiguration(wired_sync_mode=k.WiredSyncMode.SUBORDINATE, **{name: value})
    given: Any = {name: np.int64(160)}
    configuration = k.DeviceConfiguration(wired_sync_mode=k.WiredSyncMode.SUBORDINATE, **given)
    assert type(getattr(configuration, name)) is int and getattr(configuration, name) == 160




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


def test_lost_device_leaves_a_complete_file(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with (
        simulated(on_demand=False) as device,
        pytest.raises(k.DeviceLostError),
        k.Recorder(path, device=device) as recorder,
    ):
        threading.Timer(0.5, device.unplug).start()
        recorder.record(seconds=60)
    with k.Playback(path) as playback:
        assert len(playback.captures) > 3 and playback.damage is None


def test_record_ends_when_another_thread_says_so(tmp_path: Path) -> None:
    with simulated(on_demand=False) as device, k.Recorder(tmp_path / "x.mkv", device=device) as recorder:
        threading.Timer(0.4, recorder.stop).start()
        assert 0 < recorder.record() < 60
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
