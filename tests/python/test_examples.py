"""The examples in README and in docstrings, run on a recording made here."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pyk4a_rp import ColorResolution, Device, DeviceConfiguration, ImageFormat, Recorder
from pyk4a_rp.cli import main

README = Path(__file__).resolve().parents[2] / "README.md"
MODULES = ("image", "capture", "captures", "playback", "imu", "recording", "tags", "tracks", "color")
MODULES += ("device", "device_configuration", "recorder", "calibration", "transformation", "maintenance", "prefetch")
MODULES += ("export.ply",)
_BLOCK = re.compile(r"(?P<mark><!-- example: (?P<what>[^>]*) -->\n)?```python\n(?P<code>.*?)```", re.DOTALL)


@pytest.fixture
def session(record, tmp_path, monkeypatch):
    """A folder with `session.mkv`, which the examples play."""
    with Device.simulated(on_demand=True) as device:
        calibration = device.raw_calibration
    recording = record(
        frames=3,
        imu_per_frame=20,
        tags=[("K4A_DEVICE_SERIAL_NUMBER", "000123")],
        attachments=[("calibration.json", calibration)],
        custom={"EVENTS": [(500, b"an event")]},
    )
    recording.path.rename(tmp_path / "session.mkv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def examples() -> list:
    """Python blocks of README; one with a comment `<!-- example: not run, REASON -->` above it is left out."""
    found = []
    text = README.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("code"))
        marks = [pytest.mark.skip(reason=block["what"])] if (block["what"] or "").startswith("not run") else []
        found.append(pytest.param(block["code"], id=f"line{line}", marks=marks))
    return found


@pytest.mark.parametrize("code", examples())
def test_readme_example_runs(session, code):
    (session / "example.py").write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", "example.py"], cwd=session, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_readme_snapshots_can_be_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    modes = DeviceConfiguration(color_resolution=ColorResolution.RES_720P, color_format=ImageFormat.COLOR_NV12)
    with (
        Device.simulated(configuration=modes, on_demand=True) as device,
        Recorder("session.mkv", device=device) as made,
    ):
        made.record(frames=2)
    commands = re.findall(r"^    pyk4a-rp (snapshot .*)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert main(shlex.split(command, comments=True)) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"session.mkv", "shot.png", "over.png", "cloud.ply"}


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_of_module_are_true(session, name):
    module = importlib.import_module(f"pyk4a_rp.{name}")
    outcome = doctest.testmod(module, raise_on_error=False)
    assert outcome.failed == 0
    if name in ("image", "playback", "captures", "tags", "tracks", "transformation"):
        assert outcome.attempted > 0
