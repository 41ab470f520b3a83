"""Every program under `examples/`, run as its docstring says on simulated cameras and recordings made here."""

from __future__ import annotations

import ast
import csv
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp.color import jpeg_available
from tests.conftest import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
FILES = sorted(path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".c"))
MOST_LINES = 59
NFOV_BINNED = k.DepthMode.NFOV_2X2BINNED
needs_codec = pytest.mark.skipif(not jpeg_available(), reason="this build has no JPEG codec")


def run(
    *command: object, folder: Path, simulated: str = "", status: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder; `simulated` is for PYK4A_RP_SIMULATED."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYK4A_RP_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", *map(str, command)],
        cwd=folder,
        env={**known, "PYK4A_RP_SIMULATED": simulated, "K4A_ENABLE_LOG_TO_STDOUT": "0", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done


def example(name: str, *arguments: object, **options: object) -> list[str]:
    """Run an example and return the lines it prints."""
    done = run(EXAMPLES / name, *arguments, **options)  # type: ignore[arg-type]
    assert done.stderr == ""
    return done.stdout.splitlines()


def read_png(path: Path) -> np.ndarray:
    pil = pytest.importorskip("PIL.Image")
    with pil.open(path) as picture:
        return np.asarray(picture)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a simulated camera: 4 captures, color and depth."""
    path = tmp_path_factory.mktemp("session") / "session.mkv"
    modes = k.DeviceConfiguration(
        color_format=k.ImageFormat.COLOR_NV12,
        color_resolution=k.ColorResolution.RES_720P,
        depth_mode=NFOV_BINNED,
        synchronized_images_only=True,
    )
    with (
        k.Device.simulated(configuration=modes, on_demand=True) as device,
        k.Recorder(path, device=device) as recorder,
    ):
        recorder.record(frames=4)
    return path


# ---- all of them ----


@pytest.mark.parametrize("name", FILES)
def test_example_is_short_and_says_what_it_does_and_how_to_run_it(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 120
    told = ast.get_docstring(ast.parse(text)) if name.endswith(".py") else text[: text.index("*/")]
    assert told is not None and name in told


@pytest.mark.parametrize("name", FILES)
def test_example_has_a_test_here_and_a_line_in_the_table(name: str) -> None:
    assert re.search(rf'["(/]{re.escape(name)}"', Path(__file__).read_text(encoding="utf-8"))
    assert f"[{name}]({name})" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("live_view.py",), "device 0 cannot be opened; 0 attached"),
        (("record_imu.py", "out.mkv"), "device 0 cannot be opened; 0 attached"),
        (("point_cloud.py", "out.ply"), "device 0 cannot be opened; 0 attached"),
        (("several_cameras.py",), "two cameras and more, connected by cables: there are 0"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_example_without_a_camera_says_that_there_is_none(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run(EXAMPLES / arguments[0], *arguments[1:], folder=tmp_path, PYK4A_RP_PROVIDER="bundled", status=1)
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("record_imu.py", "out.mkv", "--simulate", "--seconds", 0), "--seconds is more than 0"),
        (("record_imu.py", "out.mkv", "--simulate", "--seconds", "nan"), "--seconds is more than 0"),
        (("export_png.py", "session.mkv", "out", "--every", 0), "--every is 1 or more"),
        (("export_png.py", "session.mkv", "out", "--every", -1), "--every is 1 or more"),
    ],
)
def test_example_refuses_numbers_that_mean_nothing(tmp_path: Path, arguments: tuple[object, ...], message: str) -> None:
    done = run(EXAMPLES / str(arguments[0]), *arguments[1:], folder=tmp_path, status=2)
    assert done.stderr.splitlines()[-1] == f"{arguments[0]}: error: {message}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "kept"), [(("record_imu.py", "out.mkv"), "out.mkv"), (("several_cameras.py",), "camera0.mkv")]
)
def test_example_leaves_a_recording_that_is_there(tmp_path: Path, arguments: tuple[str, ...], kept: str) -> None:
    (tmp_path / kept).write_bytes(b"old")
    done = run(EXAMPLES / arguments[0], *arguments[1:], folder=tmp_path, simulated="scene:0,scene:1", status=1)
    assert done.stderr == f"{tmp_path / kept} exists already\n"
    assert (tmp_path / kept).read_bytes() == b"old"


def test_several_cameras_refuses_a_single_one(tmp_path: Path) -> None:
    done = run(EXAMPLES / "several_cameras.py", "--sets", 2, folder=tmp_path, simulated="scene", status=1)
    assert done.stderr == "this is for two cameras and more, connected by cables: there are 1\n"
    assert list(tmp_path.iterdir()) == []


def test_several_cameras_without_cables_leave_no_files(tmp_path: Path) -> None:
    program = (  # simulated cameras are always connected
        "import runpy, sys, pyk4a_rp as k\n"
        "def fail(devices): raise k.K4AError('a MASTER needs a cable')\n"
        "k.start_synchronized = fail\n"
        "del sys.argv[0]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    command = ["-c", program, EXAMPLES / "several_cameras.py", "--sets", 2]
    done = run(*command, folder=tmp_path, simulated="scene:0,scene:1", status=1)
    assert done.stderr == "a MASTER needs a cable\n"
    assert list(tmp_path.iterdir()) == []


# ---- cameras ----

LIVE_LINE = re.compile(r" *(\d+) +(\d+\.\d{6}) s  middle (\d+) mm")
FAKE_CV2 = """
import numpy

shown = []

class error(Exception):
    pass

def imshow(title, picture):
    shown.append(picture)
    numpy.save(title + ".npy", picture)

def waitKey(milliseconds):
    return ord("q") if len(shown) == 3 else -1
"""


def live_times(lines: list[str]) -> list[int]:
    """Times in microseconds of what live_view.py prints, which are checked."""
    found = [LIVE_LINE.fullmatch(line) for line in lines]
    assert all(found), lines
    assert [int(match[1]) for match in found if match] == list(range(1, len(lines) + 1))
    assert all(500 < int(match[3]) < 6000 for match in found if match)
    return [round(float(match[2]) * 1e6) for match in found if match]


@pytest.mark.parametrize(("option", "simulated"), [(["--simulate"], ""), ([], "scene")])
def test_live_view_prints_each_frame_and_keeps_the_last_picture(
    tmp_path: Path, option: list[str], simulated: str
) -> None:
    lines = example(
        "live_view.py", *option, "--frames", 5, "--no-window", "--png", "last.png", folder=tmp_path, simulated=simulated
    )
    times = live_times(lines)
    assert len(times) == 5
    assert all(step % 33333 <= 10 or step % 33333 >= 33323 for step in np.diff(times))
    picture = read_png(tmp_path / "last.png")
    assert picture.shape == (576, 640, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50  # depth in colors, not an empty picture


def test_live_view_shows_frames_in_a_window_until_q(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text(FAKE_CV2)
    lines = example(
        "live_view.py", "--simulate", "--frames", 50, "--png", "last.png", folder=tmp_path, PYTHONPATH=str(tmp_path),
        DISPLAY=":0",
    )  # fmt: skip
    assert len(live_times(lines)) == 3
    shown = np.load(tmp_path / "depth.npy")
    assert np.array_equal(shown[..., ::-1], read_png(tmp_path / "last.png"))


@pytest.mark.parametrize(
    ("display", "cv2"),
    [
        (":0", FAKE_CV2.replace("shown.append(picture)", "raise error('The function is not implemented')")),
        pytest.param("", FAKE_CV2, marks=pytest.mark.skipif(sys.platform != "linux", reason="has a display anyway")),
    ],
    ids=["OpenCV without windows", "no display"],
)
def test_live_view_without_a_window_prints_lines(tmp_path: Path, display: str, cv2: str) -> None:
    (tmp_path / "cv2.py").write_text(cv2)
    lines = example(
        "live_view.py", "--simulate", "--frames", 5, folder=tmp_path, PYTHONPATH=str(tmp_path), DISPLAY=display
    )
    assert len(live_times(lines)) == 5
    assert not (tmp_path / "depth.npy").exists()


def interrupt_when(ready: Callable[[subprocess.Popen[str]], bool], *command: object, folder: Path) -> str:
    """Run an example, press Ctrl-C when `ready`, and return what it has printed; it ends as if nothing had been."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYK4A_RP_")}
    program = subprocess.Popen(
        [sys.executable, *map(str, command)], cwd=folder, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        while not ready(program):
            assert program.poll() is None, program.communicate()
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=60)
    finally:
        program.kill()
    assert (program.returncode, err) == (0, "")
    return out


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")


@needs_signals
def test_live_view_ends_with_ctrl_c_and_keeps_the_last_picture(tmp_path: Path) -> None:
    interrupt_when(
        lambda program: LIVE_LINE.fullmatch(program.stdout.readline().rstrip("\n")) is not None,
        EXAMPLES / "live_view.py", "--simulate", "--no-window", "--png", "last.png", folder=tmp_path,
    )  # fmt: skip
    assert read_png(tmp_path / "last.png").shape == (576, 640, 3)


def can_be_played(path: Path) -> bool:
    try:
        with k.Playback(path) as playback:
            return len(playback.captures) >= 3
    except (OSError, k.RecordingError):
        return False


@needs_codec
@needs_signals
def test_record_imu_ends_with_ctrl_c_and_a_complete_file(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    out = interrupt_when(
        lambda program: time.sleep(0.05) or can_be_played(path),
        EXAMPLES / "record_imu.py", "out.mkv", "--simulate", "--seconds", 600, folder=tmp_path,
    )  # fmt: skip
    with k.Playback(path) as playback:
        assert playback.damage is None
        assert f"{len(playback.captures)} captures" in out


@needs_codec
def test_record_imu_writes_what_it_says(tmp_path: Path) -> None:
    lines = example("record_imu.py", "out.mkv", "--simulate", "--seconds", 0.5, "--operator", "me", folder=tmp_path)
    with k.Playback(tmp_path / "out.mkv") as playback:
        imu = playback.imu
        assert playback.tags["OPERATOR"] == "me"
        assert playback.configuration.imu_track_enabled
        assert len(playback.captures) >= 5
        assert playback.captures[0].timestamps.color_usec is not None
        rate = (len(imu) - 1) * 1e6 / np.ptp(imu["acc_timestamp_usec"])
        assert lines[-3:] == [
            f"{len(playback.captures)} captures in {playback.duration_usec / 1e6:.3f} s",
            f"{len(imu)} IMU samples, {rate:.0f} a second",
            f"mean acceleration {imu['acc'].mean(axis=0).round(3).tolist()} m/s^2",
        ]
    assert len(imu) > 300
    assert 1000 < rate < 1800
    assert abs(np.linalg.norm(imu["acc"].mean(axis=0)) - 9.81) < 0.2


@pytest.mark.parametrize("samples", [0, 1, 3])
def test_record_imu_tells_of_few_samples_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], samples: int
) -> None:
    path = tmp_path / "few.mkv"
    modes = k.DeviceConfiguration(color_resolution=k.ColorResolution.OFF, depth_mode=NFOV_BINNED)
    with k.Device.simulated(configuration=modes) as device:
        device.start(imu=True)
        with k.Recorder(path, configuration=modes, imu=True) as recorder:  # nothing comes by itself
            recorder.write_capture(device.get_capture(1))
            for _ in range(samples):
                recorder.write_imu_sample(device.get_imu_sample(1))
    runpy.run_path(str(EXAMPLES / "record_imu.py"))["tell"](path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 captures in ")
    if samples < 2:
        assert lines[1:] == [f"{samples} IMU samples, too few for a rate"]
    else:
        assert lines[1].startswith(f"{samples} IMU samples, 16") and lines[2].startswith("mean acceleration")


@needs_codec
def test_several_cameras_record_what_belongs_together(tmp_path: Path) -> None:
    lines = example("several_cameras.py", "--sets", 6, folder=tmp_path, simulated="scene:0,scene:1,scene:2")
    printed = np.array([[int(word) for word in line.split()] for line in lines])
    assert printed.shape == (6, 3)
    # The master's time, and 160 us more for each of the others; the clocks tick in steps of some microseconds.
    assert np.abs(printed - printed[:, :1] - [0, 160, 320]).max() <= 12
    serials = set()
    for number in range(3):
        with k.Playback(tmp_path / f"camera{number}.mkv") as playback:
            assert playback.captures.timestamps_usec["color"].tolist() == printed[:, number].tolist()
            assert (playback.captures.timestamps_usec["depth"] > 0).all()
            role = playback.configuration.wired_sync_mode
            assert role == (k.WiredSyncMode.SUBORDINATE if number else k.WiredSyncMode.MASTER)
            assert playback.configuration.subordinate_delay_off_master_usec == 160 * number
            serials.add(playback.tags["K4A_DEVICE_SERIAL_NUMBER"])
    assert len(serials) == 3


# ---- point clouds ----


def read_ply(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates and colors of a PLY file, whatever types its header names."""
    head, _, body = path.read_bytes().partition(b"end_header\n")
    lines = head.decode("ascii").split("\n")
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    names = {"float": "<f4", "short": "<i2", "uchar": "u1"}
    fields = [(words[2], names[words[1]]) for words in map(str.split, lines) if words[:1] == ["property"]]
    count = next(int(line.split()[-1]) for line in lines if line.startswith("element vertex"))
    vertices = np.frombuffer(body, np.dtype(fields))
    assert len(vertices) == count
    return (
        np.stack([vertices[axis] for axis in "xyz"], -1),
        np.stack([vertices[channel] for channel in ("red", "green", "blue")], -1),
    )


def test_point_cloud_of_a_recording_has_the_points_and_colors_of_the_capture(tmp_path: Path, session: Path) -> None:
    lines = example("point_cloud.py", "out.ply", "--recording", session, "--capture", -1, folder=tmp_path)
    points, colors = read_ply(tmp_path / "out.ply")
    with k.Playback(session) as playback:
        capture = playback.captures[-1]
        cloud, color = capture.point_cloud, capture.transformed_color
    assert cloud is not None and color is not None
    there = cloud[..., 2] > 0
    assert lines == [f"{there.sum()} points in out.ply"]
    assert np.abs(points * 1000 - cloud[there]).max() < 1  # whole millimetres there, metres here
    assert np.array_equal(colors, color.array[there][:, 2::-1])
    assert len(points) > 20000 and colors.std() > 10


def test_point_cloud_of_a_camera_is_a_room(tmp_path: Path) -> None:
    example("point_cloud.py", "out.ply", "--simulate", folder=tmp_path)
    points, colors = read_ply(tmp_path / "out.ply")
    assert len(points) == len(colors) > 100_000
    assert 0.5 < np.median(points[:, 2]) < 6
    assert np.ptp(points[:, 0]) > 1


# ---- recordings ----


@pytest.mark.parametrize("every", [1, 3])
def test_export_png_writes_every_image_without_loss(tmp_path: Path, session: Path, every: int) -> None:
    lines = example("export_png.py", session, "out", "--every", every, folder=tmp_path)
    with open(tmp_path / "out" / "times.csv", newline="") as file:
        table = list(csv.reader(file))
    assert table[0] == ["capture", "color_usec", "depth_usec", "ir_usec"]
    with k.Playback(session) as playback:
        numbers = range(0, len(playback.captures), every)
        assert lines == [f"{len(numbers)} captures in out"]
        assert [int(row[0]) for row in table[1:]] == list(numbers)
        for number, row in zip(numbers, table[1:], strict=True):
            capture = playback.captures[number]
            assert [int(time) for time in row[1:]] == list(capture.timestamps)
            pixels = {"color": capture.color.to_rgb(), "depth": capture.depth.array, "ir": capture.ir.array}
            for track, expected in pixels.items():
                written = read_png(tmp_path / "out" / f"{number:06}_{track}.png")
                assert written.shape == expected.shape
                assert np.array_equal(written, expected), (number, track)
    assert len(list((tmp_path / "out").iterdir())) == 3 * len(numbers) + 1


def test_export_png_of_a_missing_recording_leaves_no_folder(tmp_path: Path) -> None:
    done = run(EXAMPLES / "export_png.py", "none.mkv", "out", folder=tmp_path, status=1)
    assert "none.mkv" in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def pytest_outcomes(folder: Path, camera: str, **options: str) -> dict[str, str]:
    """Run the test file as a user does: outcome by name of the test."""
    shutil.copy(EXAMPLES / "test_replay.py", folder)
    done = run("-m", "pytest", "-v", "--rootdir", folder, "test_replay.py", folder=folder, CAMERA=camera, **options)
    return dict(re.findall(r"::(\w+) (PASSED|FAILED|ERROR|SKIPPED)", done.stdout))


@pytest.mark.parametrize("camera", ["scene", "recording", "live"])
def test_replay_tests_pass_on_a_simulated_a_replayed_and_a_real_camera(
    tmp_path: Path, session: Path, camera: str
) -> None:
    simulated = "scene" if camera == "live" else ""
    outcomes = pytest_outcomes(tmp_path, str(session) if camera == "recording" else camera, simulated=simulated)
    tests = re.findall(r"^def (test_\w+)", (EXAMPLES / "test_replay.py").read_text(), re.M)
    assert outcomes == dict.fromkeys(tests, "PASSED")


# ---- programs for other libraries ----

PYK4A_LINE = re.compile(r"(\d+) us (\d+) mm \(720, 1280\)")


@needs_codec
def test_program_for_pyk4a_runs_unchanged(tmp_path: Path) -> None:
    text = (EXAMPLES / "pyk4a_program.py").read_text(encoding="utf-8")
    imported = {name for name, _ in re.findall(r"^(?:import|from) (\w+)( |$)", text, re.M)}
    assert imported == {"sys", "numpy", "pyk4a"}
    done = run("-m", "pyk4a_rp.compat", EXAMPLES / "pyk4a_program.py", "out.mkv", 6, folder=tmp_path, simulated="scene")
    lines = done.stdout.splitlines()
    captures = [PYK4A_LINE.fullmatch(line) for line in lines[:6]]
    assert all(captures), lines
    with k.Playback(tmp_path / "out.mkv") as playback:
        taken = [capture.depth for capture in playback]
        clouds = [capture.point_cloud for capture in playback.captures]
        assert [int(match[1]) for match in captures if match] == [image.device_timestamp_usec for image in taken]
        assert [int(match[2]) for match in captures if match] == [cloud[288, 320, 2] for cloud in clouds]
        assert playback.configuration.color_format == k.ImageFormat.COLOR_MJPG
        assert lines[7] == f"6 captures, {playback.duration_usec / 1e6} s, camera FPS_30"
    found = re.fullmatch(r"acceleration \[(\S+), (\S+), (\S+)\] white balance 4500", lines[6])
    assert found is not None
    assert abs(np.linalg.norm([float(value) for value in found.groups()]) - 9.81) < 0.2


@pytest.fixture(scope="module")
def nearest(compile_program: Callable[..., Path]) -> Path:
    if not sys.platform.startswith("linux"):
        pytest.skip("links Linux libraries")
    flags = subprocess.run(
        [sys.executable, "-m", "pyk4a_rp", "config", "--cflags", "--libs"], capture_output=True, text=True, check=True
    )
    return compile_program(EXAMPLES / "nearest.c", *shlex.split(flags.stdout), name="nearest")


def nearest_lines(images: list[k.Image]) -> list[str]:
    return [f"{image.device_timestamp_usec} us {image.array[image.array > 0].min()} mm" for image in images]


def test_c_program_plays_a_recording_on_the_drop_in_pair(nearest: Path, session: Path) -> None:
    done = subprocess.run([nearest, session], capture_output=True, text=True, timeout=60)
    with k.Playback(session) as playback:
        expected = nearest_lines([capture.depth for capture in playback])
    assert (done.returncode, done.stdout.splitlines()) == (0, expected)


def test_c_program_takes_frames_of_a_simulated_camera(nearest: Path) -> None:
    environment = {**os.environ, "PYK4A_RP_SIMULATED": "scene", "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    done = subprocess.run([nearest, "4"], capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    found = [re.fullmatch(r"(\d+) us (\d+) mm", line) for line in done.stdout.splitlines()]
    assert len(found) == 4 and all(found)
    assert all(200 < int(match[2]) < 6000 for match in found if match)


def test_c_program_without_a_camera_or_with_no_recording_says_so(nearest: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYK4A_RP_SIMULATED": "", "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    for argument, message in (("1", "there is no camera that starts\n"), ("none.mkv", "none.mkv cannot be played\n")):
        done = subprocess.run([nearest, argument], capture_output=True, text=True, env=environment, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", message)
