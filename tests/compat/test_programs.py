"""Programs in the shape that pyk4a's users write: unchanged, with another import, and with pyk4a itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyk4a_rp.provider import dropin_directory

PROGRAMS = Path(__file__).with_name("programs")
# What they print, as far as it is the same every time; {file} and {out} are put in.
EXPECTED = {
    "benchmark": (["benchmark.py"], "captures 15\nplausible True\n"),
    "point_cloud": (
        ["point_cloud.py"],
        "(368640, 3) int16 (368640, 3) uint8\nnear True colored True\n",
    ),
    "imu": (
        ["imu.py"],
        "['acc_sample', 'acc_timestamp', 'gyro_sample', 'gyro_timestamp', 'temperature']\nin order True gravity 10\n",
    ),
    "threads": (["threads.py"], "turns True\n"),
    "color_formats": (
        ["color_formats.py"],
        "COLOR_MJPG uint8 1 0xffd8\nexposure 16670 white balance True\n"
        "COLOR_NV12 uint8 (1080, 1280, 1) True\nexposure 16670 white balance True\n"
        "COLOR_YUY2 uint8 (720, 1280, 2) True\nexposure 16670 white balance True\n"
        "COLOR_BGRA32 uint8 (720, 1280, 4) True\nexposure 16670 white balance True\n",
    ),
    "record": (
        ["record.py", "{out}"],
        "written 6\nsame calibration True serial 000000000001\nCOLOR_MJPG NFOV_UNBINNED\nread 6\n",
    ),
    "devices": (
        ["devices.py"],
        "0 000000000001 (False, True)\n100 8330 False 5\n"
        "{'color_control_command': 8, 'supports_auto': False, 'min_value': 0, 'max_value': 255, 'step_value': 1, "
        "'default_value': 128, 'default_mode': 1}\n[1.0, 503.562, 503.58]\n"
        "1 000000000002 (True, False)\n100 8330 False 5\n"
        "{'color_control_command': 8, 'supports_auto': False, 'min_value': 0, 'max_value': 255, 'step_value': 1, "
        "'default_value': 128, 'default_mode': 1}\n[1.0, 503.562, 503.58]\n2 cannot be opened\n",
    ),
}
RECORDING = [
    "color_format 0", "camera_fps 0", "imu_track_enabled True", "start_timestamp_offset_usec 336277", "length 463945",
    "color 800222 uint8 217095", "depth 800222 (576, 640)", "captures 1", "imu 336277 336277 -2.888 -0.194 -9.437",
    "last 800222",
]  # fmt: skip


def run(command: list[str], tmp_path: Path, program: str = "", **environment: str) -> str:
    sources = "scene,scene" if program == "devices" else "scene"
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
        env={**os.environ, "PYK4A_RP_SIMULATED": sources, "K4A_ENABLE_LOG_TO_STDOUT": "0", **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def filled(arguments: list[str], tmp_path: Path) -> list[str]:
    return [text.replace("{out}", str(tmp_path / "out.mkv")) for text in arguments]


@pytest.mark.parametrize("name", EXPECTED)
def test_program_unchanged_on_a_simulated_camera_prints_what_it_should(name: str, tmp_path: Path):
    (program, *arguments), expected = EXPECTED[name]
    command = [sys.executable, "-m", "pyk4a_rp.compat", str(PROGRAMS / program), *filled(arguments, tmp_path)]
    assert run(command, tmp_path, name) == expected


def with_another_import(program: Path, tmp_path: Path) -> tuple[Path, int]:
    """The program with README's line of migration, and how many lines that changed."""
    old = program.read_text()
    new = re.sub(r"^from pyk4a import", "from pyk4a_rp.compat.pyk4a import", old, flags=re.M)
    new = re.sub(r"^import pyk4a$", "import pyk4a_rp.compat.pyk4a as pyk4a", new, flags=re.M)
    changed = tmp_path / program.name
    changed.write_text(new)
    differing = [(a, b) for a, b in zip(old.splitlines(), new.splitlines(), strict=True) if a != b]
    assert all("import" in a and "import" in b for a, b in differing)
    return changed, len(differing)


@pytest.mark.parametrize("name", ["record", "point_cloud"])
def test_program_with_another_import_prints_the_same(name: str, tmp_path: Path):
    (program, *arguments), expected = EXPECTED[name]
    changed, lines = with_another_import(PROGRAMS / program, tmp_path)
    assert 1 <= lines <= 2
    assert run([sys.executable, str(changed), *filled(arguments, tmp_path)], tmp_path, name) == expected


def test_program_on_the_shared_recording_prints_what_is_in_it(shared_recording: Path, tmp_path: Path):
    program, _ = with_another_import(PROGRAMS / "play_recording.py", tmp_path)
    printed = run([sys.executable, str(program), str(shared_recording)], tmp_path)
    assert [line for line in RECORDING if line not in printed] == []
    unchanged = [sys.executable, "-m", "pyk4a_rp.compat", str(PROGRAMS / "play_recording.py"), str(shared_recording)]
    assert run(unchanged, tmp_path) == printed


def test_every_program_is_run():
    assert {path.stem for path in PROGRAMS.glob("*.py")} == {*EXPECTED, "play_recording"}


# What follows shows that the programs are pyk4a's, too.


def test_play_recording_prints_the_same_with_pyk4a(
    pyk4a_python: str, microsoft: object, shared_recording: Path, tmp_path: Path
):
    program = PROGRAMS / "play_recording.py"
    changed, _ = with_another_import(program, tmp_path)
    theirs = run([pyk4a_python, str(program), str(shared_recording)], tmp_path)
    assert run([sys.executable, str(changed), str(shared_recording)], tmp_path) == theirs


@pytest.mark.skipif(sys.platform != "linux", reason="pyk4a is led to simulated cameras with LD_PRELOAD")
@pytest.mark.parametrize("name", ["benchmark", "imu", "color_formats", "record"])
def test_program_prints_the_same_with_pyk4a(name: str, pyk4a_python: str, tmp_path: Path):
    (program, *arguments), expected = EXPECTED[name]
    pair = " ".join(str(dropin_directory() / library) for library in ("libk4a.so.1.4", "libk4arecord.so.1.4"))
    command = [pyk4a_python, str(PROGRAMS / program), *filled(arguments, tmp_path)]
    printed = run(command, tmp_path, name, LD_PRELOAD=pair)
    assert printed == expected
