"""Ten thousand captures leave nothing behind; waiting keeps nobody from working, and Ctrl-C ends it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyk4a_rp import DepthMode, Device, DeviceConfiguration
from pyk4a_rp.compat.pyk4a import FPS, Config, K4AException, PyK4A, PyK4APlayback, SeekOrigin

CAPTURES = 10_000
needs_proc = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads its memory from /proc")


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measured(step: Callable[[], None], steps: int) -> tuple[int, int, int]:
    """By how much memory, objects and references to None grow while `step` is done `steps` times; it warms up first."""

    def state() -> tuple[int, int, int]:
        gc.collect()
        return resident_bytes(), len(gc.get_objects()), sys.getrefcount(None)

    for _ in range(steps // 10):
        step()
    before = state()
    for _ in range(steps):
        step()
    memory, objects, nothing = (after - earlier for earlier, after in zip(before, state(), strict=True))
    return memory, objects, nothing


@needs_proc
def test_ten_thousand_captures_of_a_recording_leave_nothing(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["mjpg"]) as playback:

        def play() -> None:
            playback.seek(0)
            for _ in range(5):
                capture = playback.get_next_capture()
                assert capture.color is not None and capture.depth is not None and capture.ir is not None
                assert capture.depth_timestamp_usec and capture.depth.any()
            with pytest.raises(EOFError):
                playback.get_next_capture()
            with pytest.raises(K4AException):
                capture.color_exposure_usec  # noqa: B018

        memory, objects, nothing = measured(play, CAPTURES // 5)
    # 10,000 captures have 6.4 GiB, and 10 MiB would be a kilobyte of each; the allocator takes a few for itself.
    assert memory < 10 << 20 and objects < 1000
    # From 3.12 on None is not counted, but for modules built for 3.11: the number means nothing there.
    assert sys.version_info >= (3, 12) or abs(nothing) < 1000


@needs_proc
def test_ten_thousand_captures_of_a_camera_leave_nothing(monkeypatch: pytest.MonkeyPatch):
    modes = DeviceConfiguration(depth_mode=DepthMode.NFOV_2X2BINNED)
    monkeypatch.setattr(Device, "open", lambda index: Device.simulated(configuration=modes, on_demand=True))
    with PyK4A(Config(depth_mode=DepthMode.NFOV_2X2BINNED)) as camera:

        def take() -> None:
            capture = camera.get_capture()
            assert capture.depth is not None and capture.depth.shape == (288, 320)
            assert camera.get_imu_sample()["acc_timestamp"]

        memory, objects, _ = measured(take, CAPTURES)
    assert memory < 10 << 20 and objects < 1000


@needs_proc
def test_transforms_of_many_captures_leave_nothing(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["bgra"]) as playback:

        def transform() -> None:
            playback.seek(0)
            capture = playback.get_next_capture()
            assert capture.transformed_depth.any() and capture.transformed_color.any()
            assert capture.depth_point_cloud.any() and capture.transformed_ir.any()

        memory, objects, _ = measured(transform, 100)
    assert memory < 20 << 20 and objects < 100  # one has 18 MiB of results


# ---- what is dropped is gone at once, also after an error: no cycle keeps it until garbage is collected ----


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def wrong_setting(camera: PyK4A) -> None:
    camera.start()
    camera.whitebalance = 4505  # goes in steps of 10


def nothing_in_time(camera: PyK4A) -> None:
    camera.start()
    camera.device.stop()
    camera.device.start(DeviceConfiguration(camera_fps=FPS.FPS_5))
    while True:
        camera.get_capture(0)


@pytest.mark.parametrize("fail", [wrong_setting, nothing_in_time])
def test_camera_that_is_dropped_after_an_error_can_be_opened_again(
    fail: Callable[[PyK4A], None], simulated: None, without_collector: None
):
    def use() -> None:
        with pytest.raises(K4AException):
            fail(PyK4A())

    use()
    camera = PyK4A()
    camera.open()
    camera.close()


def wrong_seek(playback: PyK4APlayback) -> None:
    playback.seek(0, SeekOrigin(7))


def no_calibration(playback: PyK4APlayback) -> None:
    playback.get_next_capture()
    playback.calibration  # noqa: B018


def no_points(playback: PyK4APlayback) -> None:
    playback.get_next_capture().depth_point_cloud  # noqa: B018


@pytest.mark.parametrize("fail", [wrong_seek, no_calibration, no_points])
def test_recording_that_is_dropped_after_an_error_is_closed(
    fail: Callable[[PyK4APlayback], None], simulated_recordings: dict[str, Path], without_collector: None
):
    playback = PyK4APlayback(simulated_recordings["without_calibration"])
    playback.open()
    below = weakref.ref(playback.playback)
    with pytest.raises(K4AException):
        fail(playback)
    del playback
    assert below() is None


def test_other_threads_run_while_a_capture_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    # At a fiftieth of the speed the first capture is seconds away.
    monkeypatch.setattr(Device, "open", lambda index: Device.simulated(speed=0.02))
    with PyK4A(Config(camera_fps=2)) as camera:
        turns, waiting = 0, threading.Event()

        def wait() -> None:
            waiting.set()
            camera.get_capture(-1)

        waiter = threading.Thread(target=wait)
        waiter.start()
        waiting.wait()
        while waiter.is_alive() and turns < 100_000:
            turns += 1
        assert turns == 100_000
        waiter.join()


def test_camera_closed_by_another_thread_ends_the_wait(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Device, "open", lambda index: Device.simulated(speed=0.001))
    camera = PyK4A()
    camera.start()
    ended: list[Exception] = []

    def wait() -> None:
        try:
            camera.get_capture(-1)
        except Exception as error:
            ended.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.2)
    camera.close()
    waiter.join(10)
    assert not waiter.is_alive() and isinstance(ended[0], K4AException)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_ctrl_c_ends_the_wait_for_a_capture():
    program = (
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # the shell may have it ignored
        "from pyk4a_rp import Device\n"
        "from pyk4a_rp.compat.pyk4a import PyK4A\n"
        "Device.open = lambda index: Device.simulated(speed=0.0001)\n"
        "camera = PyK4A(); camera.start(); print('waiting', flush=True)\n"
        "try:\n    camera.get_capture(-1)\nexcept KeyboardInterrupt:\n    print('interrupted', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert (out, process.returncode) == ("interrupted\n", 0)
