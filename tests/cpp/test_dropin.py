"""C programs: compiled against our headers, linked to the drop-in pair, run on that and on Microsoft's."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyk4a_rp._provider import Provider
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="links Linux libraries")

RECORDINGS = ("nfov_unbinned_mjpg720_5fps.mkv", "prerelease_layout_no_frames.mkv")


@pytest.fixture(scope="module")
def program(compile_program: Callable[..., Path]) -> Path:
    """The player, linked with what `pyk4a-rp config` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pyk4a_rp", "config", "--cflags", "--libs"], capture_output=True, text=True, check=True
    )
    return compile_program(
        REPOSITORY / "tests" / "cpp" / "play_recording.c", *shlex.split(done.stdout), name="play_recording"
    )


@pytest.fixture(scope="module")
def microsoft_folder(microsoft: Provider, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Microsoft's pair under the names that programs ask for."""
    folder = tmp_path_factory.mktemp("microsoft")
    assert microsoft.record_path is not None
    for path, name in ((microsoft.path, "libk4a.so.1.4"), (microsoft.record_path, "libk4arecord.so.1.4")):
        (folder / name).symlink_to(path)
        if Path(path).name != name:
            # The pair's own names, by which its parts ask for each other.
            (folder / Path(path).name).symlink_to(path)
    for other in Path(microsoft.path).parent.glob("libudev*"):
        (folder / other.name).symlink_to(other)
    return folder


def play(program: Path, recording: Path, folder: Path | None = None) -> str:
    environment = {**os.environ, "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    environment.pop("LD_LIBRARY_PATH", None)
    if folder is not None:
        environment["LD_LIBRARY_PATH"] = str(folder)
    done = subprocess.run([program, recording], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode in (0, 1), (done.returncode, done.stderr)
    return done.stdout


def libraries_of(program: Path, folder: Path | None = None) -> list[str]:
    """The libraries that the system's loader chooses."""
    environment = {**os.environ, "LD_TRACE_LOADED_OBJECTS": "1"}
    environment.pop("LD_LIBRARY_PATH", None)
    if folder is not None:
        environment["LD_LIBRARY_PATH"] = str(folder)
    output = subprocess.run([program], capture_output=True, text=True, env=environment, check=True).stdout
    lines = [line.strip() for line in output.splitlines()]
    return [line.split(" => ")[1].split()[0] for line in lines if line.startswith("libk4a") and " => " in line]


def test_program_linked_to_the_dropin_pair_needs_both_libraries(program: Path) -> None:
    from pyk4a_rp.provider import dropin_directory

    chosen = [Path(path) for path in libraries_of(program)]
    assert sorted(path.name for path in chosen) == ["libk4a.so.1.4", "libk4arecord.so.1.4"]
    assert {path.parent.resolve() for path in chosen} == {dropin_directory().resolve()}


def test_program_on_the_dropin_pair_plays_a_recording(program: Path, shared_recording: Path) -> None:
    lines = play(program, shared_recording).splitlines()
    assert lines[0] == "open: 0"
    assert "color 0 1, depth 2, fps 0, tracks 1 1 1 1, delay 0, sync 0 0, start 336277" in lines
    assert "tag K4A_DEVICE_SERIAL_NUMBER: 0 '001514394512'" in lines
    assert "tag NO_TAG: 1 ''" in lines
    assert "forwards: 1 captures, then 2" in lines
    assert "seek 0, next 0" in lines


@pytest.fixture(scope="module")
def made_recording(shared_dir: Path, microsoft: Provider, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight slots at 30 fps with frames lost, IMU and a start offset, written by Microsoft's library."""
    pytest.importorskip("PIL", reason="the recording is made with Pillow")
    path = tmp_path_factory.mktemp("recordings") / "made.mkv"
    options = "--color NV12_720P --depth NFOV_2X2BINNED --frames 8 --fps 30 --imu --drop color:3,depth:5 --quiet"
    options += " --depth-delay-usec 300 --start-offset-usec 123456"
    command = [sys.executable, str(shared_dir / "tools" / "make_recording.py"), *options.split(), str(path)]
    done = subprocess.run([*command, "--lib-dir", str(Path(microsoft.path).parent)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return path


def test_same_program_prints_the_same_of_a_recording_with_lost_frames(
    program: Path, microsoft_folder: Path, made_recording: Path
) -> None:
    theirs = play(program, made_recording, microsoft_folder)
    assert "forwards: 8 captures, then 2" in theirs
    assert play(program, made_recording) == theirs


@pytest.mark.parametrize("name", RECORDINGS)
def test_same_program_prints_the_same_on_microsofts_pair(
    program: Path, microsoft_folder: Path, shared_dir: Path, name: str
) -> None:
    recording = shared_dir / "recordings" / name
    assert {str(Path(path).parent) for path in libraries_of(program, microsoft_folder)} == {str(microsoft_folder)}
    theirs = play(program, recording, microsoft_folder)
    assert theirs.startswith("open: ")
    assert play(program, recording) == theirs
