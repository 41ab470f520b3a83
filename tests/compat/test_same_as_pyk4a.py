"""Both modules in processes of their own, the same questions: pyk4a 1.5 itself, and ours of the same surface."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import DepthMode, FramesPerSecond, Image, ImageFormat, Playback
from pyk4a_rp.provider import dropin_directory
from tests.differential.allowed_differences import PYK4A

OBSERVE = Path(__file__).with_name("observe.py")
OURS = "pyk4a_rp.compat.pyk4a"

# Values that the two libraries may compute a little differently: the tolerances of tests/geometry.
NUMBERS = (
    ("*/convert_3d_to_2d*", 0.002, 0.0),
    ("*/convert_2d_to_3d*", 2e-3, 2e-6),
    ("*_to_*_3d *", 1e-3, 1e-6),
    ("*/get_extrinsic_parameters*", 1e-6, 1e-6),
)
PICTURES = (  # name, how far a value may be off, on which part of the pixels
    ("*/transformed_depth_point_cloud", 2, 0.999),  # of a depth image that may be off by one
    ("*point_cloud*", 0, 1.0),
    ("*/depth_image_to_color_camera_custom nearest*", 1, 0.995),
    ("*/transformed_ir", 0, 0.995),
    ("*/depth_image_to_color_camera_custom linear*", 1, 0.999),
    ("*/transformed_color", 2, 0.99),
    ("*/color_image_to_depth_camera", 2, 0.99),
    ("*/transformed_depth", 1, 0.999),
    ("*/depth_image_to_color_camera", 1, 0.999),
)


def observe(python: str, module: str, section: str, out: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    """The answers of a module, arrays among them."""
    done = subprocess.run(
        [python, str(OBSERVE), module, section, str(out), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "K4A_ENABLE_LOG_TO_STDOUT": "0", **environment},
        cwd=out.parent,
    )
    assert done.returncode == 0, f"{done.returncode}\n{done.stderr[-4000:]}"
    answers = json.loads(Path(f"{out}.json").read_text())
    with np.load(f"{out}.npz") as arrays:
        return dict(_with_arrays(answers, dict(arrays)))


def _with_arrays(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, dict):
        if "array" in value:
            return arrays[value["array"]]
        return {key: _with_arrays(item, arrays) for key, item in value.items()}
    return [_with_arrays(item, arrays) for item in value] if isinstance(value, list) else value


def limits(name: str, table: Any, default: Any) -> Any:
    return next((row[1:] for row in table if fnmatchcase(name, row[0])), default)


def same(name: str, theirs: Any, ours: Any) -> bool:
    if isinstance(theirs, np.ndarray) and isinstance(ours, np.ndarray):
        if theirs.shape != ours.shape or theirs.dtype != ours.dtype:
            return False
        if theirs.dtype.kind == "f":
            return bool(np.allclose(theirs, ours, atol=limits(name, NUMBERS, (0, 0))[0], rtol=0))
        off, part = limits(name, PICTURES, (0, 1.0))
        return bool((np.abs(theirs.astype(int) - ours.astype(int)) <= off).mean() >= part)
    if type(theirs) is not type(ours):
        return False
    if isinstance(theirs, dict):
        return theirs.keys() == ours.keys() and all(same(f"{name}/{key}", theirs[key], ours[key]) for key in theirs)
    if isinstance(theirs, list):
        return len(theirs) == len(ours) and all(same(name, a, b) for a, b in zip(theirs, ours, strict=True))
    if isinstance(theirs, float):
        if math.isnan(theirs):
            return math.isnan(ours)
        absolute, relative = limits(name, NUMBERS, (0.0, 0.0))
        return math.isclose(theirs, ours, abs_tol=absolute, rel_tol=relative)
    return bool(theirs == ours)


def compare(section: str, theirs: dict[str, Any], ours: dict[str, Any], used: Counter[str]) -> None:
    """Fail on each difference that is not allowed; count what allowed the others. Ours may have more."""
    refused = []
    for name, left in theirs.items():
        right = ours.get(name, "no such thing")
        if same(name, left, right):
            continue
        pattern = next((pattern for pattern in PYK4A if fnmatchcase(f"{section}/{name}", pattern)), None)
        if pattern is None:
            refused.append(f"{section}/{name}: pyk4a {short(left)}, ours {short(right)}")
        else:
            used[pattern] += 1
    assert not refused, "\n".join(refused[:40])


def short(value: Any) -> str:
    return f"array {value.dtype} {value.shape}" if isinstance(value, np.ndarray) else repr(value)[:200]


@pytest.fixture(scope="module")
def used() -> Counter[str]:
    return Counter()


@pytest.fixture(scope="module")
def asked() -> set[str]:
    """Every question, and the public names that they should be about."""
    return set()


@pytest.fixture(scope="module")
def recordings(simulated_recordings: dict[str, Path]) -> list[str]:
    return [str(path) for path in simulated_recordings.values()]


@pytest.fixture(scope="module")
def compared() -> Counter[str]:
    """How often each section was compared to the end."""
    return Counter()


@pytest.fixture
def run(
    pyk4a_python: str,
    microsoft: Any,
    tmp_path: Path,
    used: Counter[str],
    asked: set[str],
    compared: Counter[str],
) -> Any:
    """Ask both and compare."""

    def run_(
        section: str, *arguments: str, usable: Callable[[dict[str, Any]], bool] = bool, **environment: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        folders = [tmp_path / "theirs", tmp_path / "ours"]
        for folder in folders:
            folder.mkdir(exist_ok=True)
        arguments_of = [[text.replace("{folder}", str(folder)) for text in arguments] for folder in folders]
        theirs = observe(pyk4a_python, "pyk4a", section, folders[0] / section, *arguments_of[0], **environment)
        if not usable(theirs):
            pytest.skip("pyk4a has no answers to compare with here")
        environment.pop("LD_PRELOAD", None)
        ours = observe(sys.executable, OURS, section, folders[1] / section, *arguments_of[1], **environment)
        compare(section, theirs, ours, used)
        asked.update(theirs if section != "surface" else ())
        compared[section] += 1
        return theirs, ours

    return run_


def test_names_parameters_and_members_are_those_of_pyk4a(run: Any, asked: set[str]):
    theirs, _ = run("surface")
    assert len(theirs) > 100
    public = {name.rstrip("()").split(".")[-1] for name in theirs if not name.startswith(("module", "Config", "FPS"))}
    asked.update(f"public {name}" for name in public if not name[0].isupper() and "/" not in name)


def test_playback_of_the_shared_recording_answers_as_pyk4a(run: Any, shared_recording: Path):
    theirs, _ = run("playback", str(shared_recording))
    assert theirs["nfov_unbinned_mjpg720_5fps/capture 0/depth_timestamp_usec"] == 800222


def test_playback_of_simulated_recordings_answers_as_pyk4a(run: Any, recordings: list[str]):
    theirs, _ = run("playback", *recordings)
    assert theirs["mjpg/capture 4/color"].ndim == 1 and "raises" in theirs["mjpg/capture 5"]


def test_calibrations_answer_as_pyk4a(run: Any, shared_recording: Path, simulated_recordings: dict[str, Path]):
    theirs, _ = run("calibration", str(shared_recording), str(simulated_recordings["bgra"]))
    assert sum("3d" in name and isinstance(answer, list) for name, answer in theirs.items()) > 800


def test_transformations_answer_as_pyk4a(
    run: Any, display: dict[str, str], shared_recording: Path, simulated_recordings: dict[str, Path]
):
    theirs, _ = run(
        "transformation",
        str(shared_recording),
        str(simulated_recordings["bgra"]),
        DISPLAY=display["DISPLAY"],
        usable=lambda theirs: theirs["bgra/transformed_depth"] is not None,  # else the engine does not start
    )
    assert theirs["bgra/depth_point_cloud"].any()


def test_recorder_writes_what_pyk4a_writes(run: Any, simulated_recordings: dict[str, Path], tmp_path: Path):
    sources = [str(simulated_recordings[name]) for name in ("bgra", "depth_only", "color_only", "wfov")]
    run("record", "{folder}", *sources)
    found = {}
    for name in ("not of its mode", "unknown"):  # which ours does not write
        (tmp_path / "theirs" / f"{name}.mkv").unlink()
    for path in sorted((tmp_path / "theirs").glob("*.mkv")):
        with Playback(path) as theirs, Playback(tmp_path / "ours" / path.name) as ours:
            assert theirs.configuration == ours.configuration, path
            found[path.stem] = ours.configuration
            # Where depth is said to come later than a frame, color and depth are captures of their own.
            late = ours.configuration.depth_delay_off_color_usec > 33333
            assert len(theirs.captures) == len(ours.captures) == (4 if late else 2), path
            for one, other in zip(theirs.captures, ours.captures, strict=True):
                assert one.timestamps == other.timestamps
                for name in ("color", "depth", "ir"):
                    assert_same_pixels(getattr(one, name), getattr(other, name))
    assert found["written"].color_format == ImageFormat.COLOR_BGRA32
    assert found["wfov"].depth_mode == DepthMode.WFOV_UNBINNED and found["wfov"].camera_fps == FramesPerSecond.FPS_30
    assert not found["color_only"].depth_track_enabled and not found["depth_only"].color_track_enabled
    subordinate = found["subordinate"]
    assert (subordinate.wired_sync_mode, subordinate.subordinate_delay_off_master_usec) == (2, 160)
    assert subordinate.depth_delay_off_color_usec == -160
    assert found["delay above a period"].depth_delay_off_color_usec == 99999
    assert len(found) == 7


def assert_same_pixels(one: Image | None, other: Image | None) -> None:
    if one is None or other is None:
        assert one is other
    else:
        np.testing.assert_array_equal(one.array, other.array)


@pytest.mark.skipif(sys.platform != "linux", reason="the other module is led to simulated cameras with LD_PRELOAD")
def test_camera_answers_as_pyk4a(run: Any):
    pair = [str(dropin_directory() / name) for name in ("libk4a.so.1.4", "libk4arecord.so.1.4")]
    run("device", "{folder}", LD_PRELOAD=" ".join(pair), PYK4A_RP_SIMULATED="scene")


ALL_SECTIONS = Counter(surface=1, playback=2, calibration=1, transformation=1, record=1, device=1)


def require_all_sections(compared: Counter[str]) -> None:
    """Skip where one was not chosen, was skipped, or failed, and says so itself."""
    missing = ALL_SECTIONS - compared
    if missing:
        pytest.skip(f"not compared in this run: {', '.join(missing)}")


def test_sections_that_were_not_compared_skip_what_is_about_all_of_them():
    for left_out in ALL_SECTIONS:
        with pytest.raises(pytest.skip.Exception, match=left_out):
            require_all_sections(ALL_SECTIONS - Counter([left_out]))
    require_all_sections(ALL_SECTIONS)


def test_every_public_property_and_method_was_asked_for(asked: set[str], compared: Counter[str]):
    require_all_sections(compared)
    names = {question.removeprefix("public ") for question in asked if question.startswith("public ")}
    assert len(names) > 60
    words = " ".join(asked - {f"public {name}" for name in names})
    assert {name for name in names if name not in words} <= {"TIMEOUT_WAIT_INFINITE", "unpack"}


def test_differences_from_pyk4a_that_are_listed_all_occur(used: Counter[str], compared: Counter[str]):
    require_all_sections(compared)
    assert [pattern for pattern in PYK4A if not used[pattern]] == []
