"""The package is typed, and strictly; so are programs that use it."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import pyk4a_rp as k
from tests.conftest import REPOSITORY

PROGRAMS = REPOSITORY / "tests" / "typing"


def mypy(cache: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run mypy with the configuration of the repository."""
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


def test_package_passes_mypy_strict(cache: Path) -> None:
    done = mypy(cache)
    assert done.returncode == 0, done.stdout + done.stderr


def test_user_code_passes_mypy_strict_with_the_types_it_asserts(cache: Path) -> None:
    text = (PROGRAMS / "user_code.py").read_text(encoding="utf-8")
    assert text.count("assert_type(") > 60 and "type: ignore" not in text
    done = mypy(cache, PROGRAMS / "user_code.py")
    assert done.returncode == 0, done.stdout + done.stderr


def test_mistakes_in_user_code_are_the_errors_that_mypy_finds(cache: Path) -> None:
    path = PROGRAMS / "wrong_code.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [(number, line.split("# error: ")[1]) for number, line in enumerate(lines, 1) if "# error: " in line]
    done = mypy(cache, path)
    found = re.findall(r"wrong_code\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    assert [(int(number), code) for number, code in found] == expected, done.stdout


@pytest.fixture
def user_code() -> ModuleType:
    spec = importlib.util.spec_from_file_location("user_code", PROGRAMS / "user_code.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_user_code_runs(user_code: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene")
    user_code.with_pyk4a(tmp_path / "as pyk4a does.mkv")
    path = tmp_path / "taken.mkv"
    user_code.take(path)
    user_code.play(path)
    user_code.take_c(path)
    user_code.check(path)
    with k.Playback(path) as playback:
        capture = playback.next_capture()
        picture = user_code.look_at(capture)
        assert picture.shape == (288, 320, 3) and picture.any()
        user_code.measure(playback.calibration, capture.depth, capture.color)
        assert user_code.export(tmp_path, capture.point_cloud, picture) == (capture.point_cloud[..., 2] > 0).sum()
    assert user_code.make_image().exposure_usec == 5
