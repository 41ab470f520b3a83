"""The tables of docs/migration.md: every line of the pyk4a_rp columns runs, and of the pyk4a column on our `pyk4a`."""

from __future__ import annotations

import ast
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp
import pyk4a_rp.compat
from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "migration.md").read_text(encoding="utf-8")
MODES = pyk4a_rp.DeviceConfiguration(
    color_format=pyk4a_rp.ImageFormat.COLOR_NV12,
    color_resolution=pyk4a_rp.ColorResolution.RES_720P,
    depth_mode=pyk4a_rp.DepthMode.NFOV_2X2BINNED,
)


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    line: int
    cells: dict[str, str]  # by the head of the column

    def code(self, column: str) -> list[str]:
        return re.findall(r"`([^`]+)`", self.cells[column])

    @property
    def name(self) -> str:
        return f"line{self.line}"


def rows_with(*columns: str) -> list[Row]:
    """The rows of all tables that have these columns."""
    found = []
    head: list[str] = []
    for number, line in enumerate(TEXT.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells or not head:
            head = cells
        elif set("".join(cells)) - set("-"):
            assert len(cells) == len(head), f"line {number} has {len(cells)} cells, its head {len(head)}"
            if set(columns) <= set(head):
                found.append(Row(number, dict(zip(head, cells, strict=True))))
    return found


# ---- what the lines find ----

CLOSED = (pyk4a_rp.Device, pyk4a_rp.Playback, pyk4a_rp.Recorder, pyk4a_rp.Transformation)


class Names(dict[str, Any]):
    """Names of which the values are made when a line uses them, and closed by `close`."""

    def __init__(self, makers: dict[str, Callable[[Names], Any]], **known: Any) -> None:
        super().__init__(known)
        self._makers = makers

    def __missing__(self, name: str) -> Any:
        self[name] = self._makers[name](self)  # a KeyError becomes a NameError, or a look-up among the builtins
        return self[name]

    def close(self) -> None:
        for value in reversed(list(self.values())):
            theirs = getattr(value, "opened", False) or getattr(value, "created", False)
            if not isinstance(value, type) and (theirs or isinstance(value, CLOSED)):
                value.close()


def simulated(**changes: Any) -> pyk4a_rp.Device:
    return pyk4a_rp.Device.simulated(configuration=replace(MODES, **changes))


def subordinate_of(master: pyk4a_rp.Device) -> pyk4a_rp.Device:
    """A device that is plugged in after `master`, whose cable leads here."""
    return simulated(wired_sync_mode=pyk4a_rp.WiredSyncMode.SUBORDINATE)


def played(playback: pyk4a_rp.Playback) -> pyk4a_rp.Playback:
    """With something before and something after all its positions."""
    for _ in range(2):
        playback.next_capture()
        playback.next_imu_sample()
    playback.tracks["EVENTS"].next_data_block()
    return playback


OUR_NAMES: dict[str, Callable[[Names], Any]] = {
    "modes": lambda names: MODES,
    "device": lambda names: simulated(),
    "master": lambda names: simulated(wired_sync_mode=pyk4a_rp.WiredSyncMode.MASTER),
    "subordinate": lambda names: subordinate_of(names["master"]),
    "serial": lambda names: pyk4a_rp.list_devices()[0].serial,
    "playback": lambda names: played(pyk4a_rp.Playback("session.mkv")),
    "capture": lambda names: names["playback"].captures[1],
    "image": lambda names: names["capture"].depth,
    "calibration": lambda names: names["playback"].calibration,
    "transformation": lambda names: pyk4a_rp.Transformation(names["calibration"]),
    "text": lambda names: names["playback"].raw_calibration,
    "pixels": lambda names: np.zeros((288, 320), np.uint16),
    "recorder": lambda names: pyk4a_rp.Recorder("new.mkv", device=names["device"], imu=True),
}


def started(camera: Any) -> Any:
    camera.start()
    return camera


def opened(playback: Any) -> Any:
    playback.open()
    playback.get_next_capture()
    playback.get_next_capture()
    return playback


def created(record: Any) -> Any:
    record.create()
    return record


PYK4A_NAMES: dict[str, Callable[[Names], Any]] = {
    "config": lambda names: names["Config"](
        color_format=MODES.color_format,
        color_resolution=MODES.color_resolution,
        depth_mode=MODES.depth_mode,
        depth_delay_off_color_usec=1000,  # or all images had the same time
    ),
    "k4a": lambda names: started(names["PyK4A"](names["config"], device_id=1)),
    "playback": lambda names: opened(names["PyK4APlayback"]("session.mkv")),
    "capture": lambda names: names["k4a"].get_capture(),  # of a camera, which knows the exposure
    "calibration": lambda names: names["k4a"].calibration,
    "text": lambda names: names["playback"].calibration_raw,
    "record": lambda names: created(names["PyK4ARecord"]("new.mkv", names["config"])),
}
# The same capture, as our class.
SAME_CAPTURE: dict[str, Callable[[Names], Any]] = {
    **OUR_NAMES,
    "capture": lambda names: names["theirs"].capture,
    "calibration": lambda names: names["capture"].calibration,
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4 captures of a simulated camera, with IMU and a track of our own."""
    path = tmp_path_factory.mktemp("session") / "session.mkv"
    with simulated() as device, pyk4a_rp.Recorder(path, device=device, imu=True) as recorder:
        recorder.add_custom_subtitle_track("EVENTS", "S_TEXT/UTF8")
        recorder.record(frames=4)
        at = device.get_capture(1).device_timestamp_usec
        assert at is not None
        for number in range(3):
            recorder.write_custom_track_data("EVENTS", at + number, b"an event")
    return path


@pytest.fixture
def folder(tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `session.mkv` and `known.json`, two simulated cameras, and our `pyk4a`."""
    shutil.copy(recording, tmp_path)
    with pyk4a_rp.Playback(recording) as playback:
        (tmp_path / "known.json").write_bytes(playback.raw_calibration)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene,scene:1")
    for name in [name for name in sys.modules if name.split(".")[0] == "pyk4a"]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


@pytest.fixture
def our_pyk4a(folder: Path) -> Iterator[Any]:
    pyk4a_rp.compat.install(replace=True)
    yield sys.modules["pyk4a"]
    for name in [name for name in sys.modules if name.split(".")[0] == "pyk4a"]:
        del sys.modules[name]


def plain(value: Any) -> Any:
    """A value as an array or number: of an image its pixels, of depth and what lies over it the latter."""
    value = value[-1] if isinstance(value, tuple) else value
    value = getattr(value, "array", value)
    return value[..., 0] if np.ndim(value) == 3 and value.shape[-1] == 1 else value  # NV12, as pyk4a has it


def run_lines(lines: list[str], names: Names) -> None:
    """Run lines of a cell one after the other. What is no call must have a value."""
    try:
        for line in lines:
            tree = ast.parse(line)
            only = tree.body[0]
            if len(tree.body) == 1 and isinstance(only, ast.Expr) and not isinstance(only.value, ast.Call):
                assert eval(line, {}, names) is not None, line
            else:
                exec(line, {}, names)
    finally:
        names.close()


# ---- the tests ----


@pytest.mark.parametrize("row", rows_with("pyk4a_rp", "what is different"), ids=lambda row: row.name)
def test_lines_of_ours_run(folder: Path, row: Row) -> None:
    lines = row.code("pyk4a_rp")
    assert lines, row
    run_lines(lines, Names(OUR_NAMES, k=pyk4a_rp, Path=Path, logging=logging))


@pytest.mark.parametrize(
    "row", [row for row in rows_with("pyk4a", "pyk4a_rp") if row.cells["pyk4a"]], ids=lambda row: row.name
)
def test_lines_of_pyk4a_run_on_ours(our_pyk4a: Any, row: Row) -> None:
    public = {name: getattr(our_pyk4a, name) for name in our_pyk4a.__all__}
    run_lines(row.code("pyk4a"), Names(PYK4A_NAMES, pyk4a=our_pyk4a, **public))


@pytest.mark.parametrize(
    "row",
    [row for row in rows_with("captures", "pyk4a", "pyk4a_rp") if row.cells["pyk4a"]],
    ids=lambda row: row.name,
)
def test_lines_about_a_capture_give_the_same_on_both_sides(our_pyk4a: Any, row: Row) -> None:
    theirs, ours = row.code("pyk4a"), row.code("pyk4a_rp")
    assert len(theirs) == len(ours)
    public = {name: getattr(our_pyk4a, name) for name in our_pyk4a.__all__}
    names = Names(PYK4A_NAMES, pyk4a=our_pyk4a, **public)
    try:
        our_names = Names(SAME_CAPTURE, k=pyk4a_rp, theirs=names["capture"])
        for one, other in zip(theirs, ours, strict=True):
            np.testing.assert_array_equal(
                plain(eval(one, {}, names)), plain(eval(other, {}, our_names)), f"{one} and {other}"
            )
    finally:
        names.close()


def test_every_function_of_c_has_a_line() -> None:
    listed = (REPOSITORY / "src" / "_native" / "abi" / "k4a_functions.inc").read_text(encoding="utf-8")
    functions = re.findall(r"^K4A_LIBK4A(?:RECORD)?\((\w+)\)$", listed, re.M)
    told = [name for row in rows_with("C", "pyk4a_rp") for name in row.code("C")]
    assert len(functions) == 105
    assert sorted(told) == sorted(functions)


def test_every_public_name_of_pyk4a_is_told_or_an_enumeration() -> None:
    """All classes and functions; of enumerations those that somebody passes."""
    import pyk4a_rp.compat.pyk4a as compat

    told = TEXT[TEXT.index("## From pyk4a\n") : TEXT.index("## From pykinect_azure")]
    enumerations = {name for name in compat.__all__ if hasattr(getattr(compat, name), "__members__")}
    results = {"ImuSample", "ColorControlCapabilities", "PyK4ACapture"}  # what calls return
    others = {"depth_image_to_color_camera_custom"}  # `capture.transformed_ir` stands on it
    missing = [name for name in compat.__all__ if not re.search(rf"\b{name}\b", told)]
    assert set(missing) <= enumerations | results | others


# As on a machine without pyk4a.
HIDE_PYK4A = """
from importlib.machinery import PathFinder

find_spec = PathFinder.find_spec
PathFinder.find_spec = lambda name, path=None, target=None: None if name == "pyk4a" else find_spec(name, path, target)
"""
CODE = re.findall(r"```python\n(.*?)```", TEXT, re.S)


@pytest.mark.parametrize("code", CODE, ids=range(len(CODE)))
def test_code_blocks_run(folder: Path, code: str) -> None:
    (folder / "program.py").write_text(HIDE_PYK4A + code, encoding="utf-8")
    command = [sys.executable, "-W", "error", "program.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_links_lead_somewhere() -> None:
    headings = {re.sub(r"[^\w\s-]", "", title).strip().lower().replace(" ", "-") for title in
                re.findall(r"^#+ (.*)$", TEXT, re.M)}  # fmt: skip
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, anchor = target.partition("#")
        assert (REPOSITORY / "docs" / path).exists() if path else anchor in headings, target


def test_what_the_text_says_of_defaults_units_and_exceptions(folder: Path) -> None:
    import pyk4a_rp.compat.pyk4a as compat

    modes = pyk4a_rp.DeviceConfiguration()
    names = [modes.color_resolution.name, modes.color_format.name, modes.depth_mode.name, modes.frames_per_second]
    assert (names, modes.synchronized_images_only) == (["RES_1080P", "COLOR_MJPG", "NFOV_UNBINNED", 30], False)
    theirs = compat.Config()
    names = [theirs.color_resolution.name, theirs.color_format.name, theirs.depth_mode.name]
    assert (names, theirs.synchronized_images_only) == (["RES_720P", "COLOR_BGRA32", "NFOV_UNBINNED"], True)
    for ours, builtin in (
        (pyk4a_rp.K4AError, RuntimeError),
        (pyk4a_rp.K4ATimeoutError, TimeoutError),
        (pyk4a_rp.EndOfRecording, EOFError),
        (pyk4a_rp.RecordingError, ValueError),
        (pyk4a_rp.ProviderError, ImportError),
        (compat.K4AException, pyk4a_rp.K4AError),
    ):
        assert issubclass(ours, builtin)
    with compat.PyK4APlayback("session.mkv") as playback:
        depth = playback.get_next_capture().depth
        calibration = playback.calibration
        _, metres = calibration.get_extrinsic_parameters(compat.CalibrationType.DEPTH, compat.CalibrationType.COLOR)
        millimetres = playback.playback.calibration.extrinsics("depth", "color")[:3, 3]
    assert np.allclose(metres[0] * 1000, millimetres) and np.abs(millimetres).max() > 10
    assert depth is not None
    flipped = compat.depth_image_to_point_cloud(depth[::-1], calibration)
    assert np.array_equal(flipped, compat.depth_image_to_point_cloud(depth[::-1].copy(), calibration))
    with pytest.raises((TypeError, ValueError)):
        compat.depth_image_to_point_cloud(depth.astype(np.float64), calibration)
    with pytest.raises((TypeError, ValueError)):
        compat.depth_image_to_point_cloud(depth[1:], calibration)
    with pytest.raises(compat.K4AException, match="both OFF"):
        off = compat.Config(color_resolution=compat.ColorResolution.OFF, depth_mode=compat.DepthMode.OFF)
        compat.PyK4A(off).start()


def test_what_the_text_says_of_differences_from_pyk4a(folder: Path) -> None:
    import pyk4a_rp.compat.pyk4a as compat

    assert issubclass(compat.K4ATimeoutException, OSError)
    assert repr(compat.FPS.FPS_30) == "<FramesPerSecond.FPS_30: 2>"
    with compat.PyK4APlayback("session.mkv") as playback:
        playback.configuration["depth_mode"] = compat.DepthMode.OFF
        assert playback.configuration["depth_mode"] == MODES.depth_mode
        last = [playback.get_next_capture() for _ in range(4)][-1]
        for _ in range(2):
            with pytest.raises(EOFError):
                playback.get_next_capture()
        assert playback.get_previous_capture().depth_timestamp_usec == last.depth_timestamp_usec
        record = compat.PyK4ARecord("new.mkv", compat.Config(depth_mode=compat.DepthMode.WFOV_UNBINNED))
        with pytest.raises(compat.K4AException, match="does not take the capture"), record:
            record.write_capture(last)
    with pytest.raises(compat.K4AException, match="camera_fps is 25: it must be one of FPS_5, FPS_15, FPS_30"):
        compat.PyK4ARecord("new.mkv", compat.Config(camera_fps=25)).create()  # type: ignore[arg-type]
    camera = compat.PyK4A(compat.Config(subordinate_delay_off_master_usec=-5))
    with pytest.raises(compat.K4AException, match="SUBORDINATE only"):
        camera.start()
    camera._config.subordinate_delay_off_master_usec = 0
    auto_exposure_priority = compat.ColorControlCommand.AUTO_EXPOSURE_PRIORITY
    assert camera._get_color_control(auto_exposure_priority) == (0, compat.ColorControlMode.AUTO)
    with pytest.raises(compat.K4AException, match="no setting unknown_99"):
        camera._get_color_control(compat.ColorControlCommand(99))
    for mode in (compat.DepthMode.NFOV_UNBINNED, compat.DepthMode.WFOV_2X2BINNED):
        camera._config.depth_mode = mode
        camera.start()
        assert camera.calibration.depth_mode == mode
        camera.stop()
