"""Recordings of a simulated camera for both modules, and an interpreter that has the real pyk4a."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyk4a_rp import (
    Capture,
    ColorResolution,
    DepthMode,
    Device,
    DeviceConfiguration,
    FramesPerSecond,
    ImageFormat,
    Recorder,
)

PYK4A_VARIABLE = "PYK4A_RP_PYK4A_PYTHON"

KINDS = {
    "mjpg": {"color_format": ImageFormat.COLOR_MJPG},
    "nv12": {"color_format": ImageFormat.COLOR_NV12},
    "yuy2": {"color_format": ImageFormat.COLOR_YUY2},
    "bgra": {"color_format": ImageFormat.COLOR_BGRA32},
    "depth_only": {"color_resolution": ColorResolution.OFF},
    "color_only": {"depth_mode": DepthMode.OFF},
    "wfov": {
        "color_resolution": ColorResolution.OFF,
        "depth_mode": DepthMode.WFOV_UNBINNED,
        "camera_fps": FramesPerSecond.FPS_15,
    },
    "without_calibration": {},
}


@pytest.fixture(scope="session")
def simulated_recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Five captures of each kind, with IMU; written so that Microsoft's library finds in them what ours does."""
    folder = tmp_path_factory.mktemp("simulated")
    found = {}
    for name, values in KINDS.items():
        modes = {"color_resolution": ColorResolution.RES_720P, "depth_mode": DepthMode.NFOV_2X2BINNED, **values}
        configuration = DeviceConfiguration(**modes)
        found[name] = folder / f"{name}.mkv"
        with Device.simulated(configuration=configuration, on_demand=True) as device:
            if name == "without_calibration":
                with Recorder(found[name], configuration=configuration, metadata=False) as recorder:
                    for _ in range(2):
                        recorder.write_capture(device.get_capture(5))
                continue
            with Recorder(found[name], device=device, imu=True, metadata=False) as recorder:
                recorder.record(frames=5)
    return found


@pytest.fixture(scope="session")
def capture(simulated_recordings: dict[str, Path]) -> Capture:
    """A capture of a simulated camera, 720P BGRA and NFOV_2X2BINNED."""
    from pyk4a_rp import Playback

    with Playback(simulated_recordings["bgra"]) as playback:
        assert playback.calibration
        return playback.captures[0]


@pytest.fixture(scope="session")
def pyk4a_python() -> str:
    """An interpreter that can import the real pyk4a, which needs NumPy 1."""
    named = os.environ.get(PYK4A_VARIABLE)
    python = named or sys.executable
    done = subprocess.run([python, "-c", "import pyk4a; pyk4a.PyK4A"], capture_output=True, text=True)
    if done.returncode == 0:
        return python
    why = f"{python} cannot import pyk4a: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
    if named:
        pytest.fail(f"{why} ({PYK4A_VARIABLE} names it)")
    pytest.skip(f"{why}; name one with pyk4a and NumPy 1 in {PYK4A_VARIABLE}")


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """One camera is attached, which shows a room."""
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene")


@pytest.fixture(scope="session")
def other_calibration(simulated_recordings: dict[str, Path]) -> str:
    """The text of a calibration with a longer focal length than the cameras and recordings here have."""
    from pyk4a_rp import Playback

    with Playback(simulated_recordings["bgra"]) as playback:
        text = json.loads(playback.raw_calibration.rstrip(b"\0"))
    for camera in text["CalibrationInformation"]["Cameras"]:
        camera["Intrinsics"]["ModelParameters"][2] *= 1.25
    return json.dumps(text)
