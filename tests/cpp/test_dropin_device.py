"""A C program that uses cameras, on the drop-in pair: it gets simulated ones by an environment variable."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="links Linux libraries")


@pytest.fixture(scope="module")
def program(compile_program: Callable[..., Path]) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "pyk4a_rp", "config", "--cflags", "--libs"], capture_output=True, text=True, check=True
    )
    return compile_program(REPOSITORY / "tests" / "cpp" / "use_camera.c", *shlex.split(done.stdout), name="use_camera")


@pytest.mark.parametrize(
    ("sources", "output"),
    [
        ("", "0 devices\n"),
        ("scene,scene:1", "2 devices\n" + "1280 x 720 colour, 320 x 288 depth\n" * 2),
    ],
)
def test_program_gets_the_cameras_that_were_asked_for(program: Path, sources: str, output: str) -> None:
    environment = {**os.environ, "PYK4A_RP_SIMULATED": sources, "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    environment.pop("LD_LIBRARY_PATH", None)
    done = subprocess.run([program], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == output
