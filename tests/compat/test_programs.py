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
CONTROLS = (
    "EXPOSURE_TIME_ABSOLUTE 16670; AUTO_EXPOSURE_PRIORITY 0; BRIGHTNESS 128; CONTRAST 5; SATURATION 32; SHARPNESS 2; "
    "WHITEBALANCE 4500; BACKLIGHT_COMPENSATION 0; GAIN 128; POWERLINE_FREQUENCY 2; 4 16670 False\n"
    "{'color_control_command': 4, 'supports_auto': False, 'min_value': 0, 'max_value': 63, 'step_value': 1, "
    "'default_value': 32, 'default_mode': 1}\nfocal length 613 (8,)\n"
)
# What each prints on simulated cameras; {out} is a file.
EXPECTED = {
    "background.py": "8 in the room True\n",
    "cloud.py": "agree True int16 (512, 512, 3)\npainted (512, 512, 4) uint8 True\naligned (720, 1280) 3 uint16\n",
    "formats.py": (
        "COLOR_YUY2 uint8 (720, 1280, 2) 16670\nTrue 4500\nCOLOR_NV12 uint8 (1080, 1280, 1) 16670\nTrue 4500\n"
        "COLOR_MJPG uint8 a file 16670\nTrue 4500\nreplaced (720, 1280, 4) [10, 20, 30, 255]\n"
    ),
    "gravity.py": "acc_sample acc_timestamp gyro_sample gyro_timestamp temperature\ng 9.8 down is axis 2\n",
    "keep.py {out}": "closed False True 5\ncalibration kept True format COLOR_NV12\ntimes kept True\n",
    "survey.py": f"000000000001 - out\n{CONTROLS}000000000002 in -\n{CONTROLS}no camera 2\n",
    "switch.py": "(576, 640) False\n(512, 512)\nTrue\n",
}
RECORDING = [
    "'start_timestamp_offset_usec': 336277", "463945\n", "color 1 [(800222, (217095,), 'uint8', 202)]",
    "depth 1 [(800222, (576, 640), 'uint16', 1883)]", "ir 1 [(800222, (576, 640), 'uint16', 602)]",
    "as many backwards True\nsecond half 1\nimu 1 [(336277, 336277, [-2.888, -0.194, -9.437])]\n",
]  # fmt: skip


def run(command: list[str], tmp_path: Path, **environment: str) -> str:
    sources = "scene,scene" if any("survey.py" in word for word in command) else "scene"
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


def words(call: str, tmp_path: Path) -> list[str]:
    program, *arguments = call.split()
    return [str(PROGRAMS / program), *(text.replace("{out}", str(tmp_path / "out.mkv")) for text in arguments)]


@pytest.mark.parametrize("call", EXPECTED)
def test_program_unchanged_on_simulated_cameras_prints_what_it_should(call: str, tmp_path: Path):
    assert run([sys.executable, "-m", "pyk4a_rp.compat", *words(call, tmp_path)], tmp_path) == EXPECTED[call]


def with_another_import(program: Path, tmp_path: Path) -> Path:
    """The program with README's line of migration."""
    old = program.read_text()
    new = re.sub(r"^from pyk4a import", "from pyk4a_rp.compat.pyk4a import", old, flags=re.M)
    new = re.sub(r"^import pyk4a$", "import pyk4a_rp.compat.pyk4a as pyk4a", new, flags=re.M)
    differing = [(a, b) for a, b in zip(old.splitlines(), new.splitlines(), strict=True) if a != b]
    assert len(differing) == 1 and all("import" in line for line in differing[0])
    changed = tmp_path / program.name
    changed.write_text(new)
    return changed


@pytest.mark.parametrize("call", ["cloud.py", "keep.py {out}"])
def test_program_with_another_import_prints_the_same(call: str, tmp_path: Path):
    program, *arguments = words(call, tmp_path)
    changed = with_another_import(Path(program), tmp_path)
    assert run([sys.executable, str(changed), *arguments], tmp_path) == EXPECTED[call]


def test_program_on_the_shared_recording_prints_what_is_in_it(shared_recording: Path, tmp_path: Path):
    program = PROGRAMS / "inventory.py"
    printed = run([sys.executable, str(with_another_import(program, tmp_path)), str(shared_recording)], tmp_path)
    assert [text for text in RECORDING if text not in printed] == []
    unchanged = [sys.executable, "-m", "pyk4a_rp.compat", str(program), str(shared_recording)]
    assert run(unchanged, tmp_path) == printed


def test_every_program_is_run():
    assert {path.name for path in PROGRAMS.glob("*.py")} == {*(call.split()[0] for call in EXPECTED), "inventory.py"}


# What follows shows that the programs are pyk4a's, too.


def test_inventory_prints_the_same_with_pyk4a(
    pyk4a_python: str, microsoft: object, shared_recording: Path, tmp_path: Path
):
    program = PROGRAMS / "inventory.py"
    theirs = run([pyk4a_python, str(program), str(shared_recording)], tmp_path)
    ours = run([sys.executable, str(with_another_import(program, tmp_path)), str(shared_recording)], tmp_path)
    assert ours == theirs


@pytest.mark.skipif(sys.platform != "linux", reason="pyk4a is led to simulated cameras with LD_PRELOAD")
@pytest.mark.parametrize("call", [call for call in EXPECTED if call != "cloud.py"])  # which needs a display there
def test_program_prints_the_same_with_pyk4a(call: str, pyk4a_python: str, tmp_path: Path):
    pair = " ".join(str(dropin_directory() / library) for library in ("libk4a.so.1.4", "libk4arecord.so.1.4"))
    # It crashes while cameras are deleted: what counts is what was printed before.
    leave = "import runpy, sys, os; sys.argv = sys.argv[1:]; sys.path.insert(0, os.path.dirname(sys.argv[0]))\n"
    leave += "kept = runpy.run_path(sys.argv[0]); sys.stdout.flush(); os._exit(0)"
    command = [pyk4a_python, "-c", leave, *words(call, tmp_path)]
    assert run(command, tmp_path, LD_PRELOAD=pair) == EXPECTED[call]
