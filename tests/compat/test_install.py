"""`import pyk4a` in programs that cannot be edited."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def python(code: str, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run([sys.executable, *arguments, "-c", code], capture_output=True, text=True, env=environment)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with another pyk4a."""
    (tmp_path / "pyk4a").mkdir()
    (tmp_path / "pyk4a" / "__init__.py").write_text("NAME = 'the other one'\n")
    return tmp_path


# Hides the pyk4a that the tests' environment has, for its libraries.
ALONE = (
    "import sys\n"
    "class Hide:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name == 'pyk4a': raise ModuleNotFoundError(name)\n"
    "sys.meta_path.insert(0, Hide())\n"
    "import importlib.util as u; find = u.find_spec\n"
    "u.find_spec = lambda name, *rest: None if name == 'pyk4a' else find(name, *rest)\n"
)


def test_install_makes_import_pyk4a_find_ours_and_its_modules():
    done = python(
        ALONE + "import pyk4a_rp.compat; pyk4a_rp.compat.install(); pyk4a_rp.compat.install()\n"
        "import pyk4a, pyk4a.config, pyk4a_rp.compat.pyk4a as ours\n"
        "from pyk4a.calibration import CalibrationType\n"
        "from pyk4a.pyk4a import PyK4A\n"
        "from pyk4a.results import Result\n"
        "assert pyk4a is ours and pyk4a.config.Config is ours.Config and PyK4A is ours.PyK4A and Result.Timeout == 2\n"
        "print(pyk4a.FPS.FPS_30 == pyk4a.config.FPS(2))"
    )
    assert done.stdout == "True\n", done.stderr


def test_install_leaves_an_installed_pyk4a_alone_and_says_how_to_replace_it(other: Path):
    done = python(
        "import pyk4a_rp.compat\n"
        "try:\n    pyk4a_rp.compat.install()\n"
        "except RuntimeError as error:\n    print(error)\n"
        "import pyk4a; print(pyk4a.NAME)\n"
        "try:\n    pyk4a_rp.compat.install()\n"
        "except RuntimeError as error:\n    print('again')\n"
        "pyk4a_rp.compat.install(replace=True)\n"
        "import pyk4a; print(pyk4a.PyK4A.__module__)\n",
        path=other,
    )
    first, *others = done.stdout.splitlines()
    assert str(other) in first and "replace=True" in first, done.stderr
    assert others == ["the other one", "again", "pyk4a_rp.compat.pyk4a.pyk4a"]


def test_run_gives_the_program_its_arguments_and_neighbours(tmp_path: Path, other: Path):
    (tmp_path / "helpers.py").write_text("WORD = 'neighbour'\n")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, helpers, pyk4a\n"
        "if __name__ == '__main__':\n    print(sys.argv[1:], helpers.WORD, pyk4a.PyK4A.__module__)\n    sys.exit(3)\n"
    )
    command = [sys.executable, "-m", "pyk4a_rp.compat", str(program), "--", "--flag", "-m", "x"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(other)})
    assert (done.returncode, done.stdout) == (3, "['--', '--flag', '-m', 'x'] neighbour pyk4a_rp.compat.pyk4a.pyk4a\n")


@pytest.mark.parametrize("method", ["spawn", "forkserver"] if sys.platform == "linux" else ["spawn"])
def test_processes_that_a_program_starts_find_ours_too(method: str, tmp_path: Path, other: Path):
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing, subprocess, sys\n"
        "from pyk4a import PyK4A, config\n"
        "def work(answers): answers.put(PyK4A.__module__)\n"
        "if __name__ == '__main__':\n"
        f"    context = multiprocessing.get_context({method!r}); answers = context.Queue()\n"
        "    child = context.Process(target=work, args=(answers,)); child.start()\n"
        "    print(answers.get(timeout=60), flush=True); child.join()\n"
        "    subprocess.run([sys.executable, '-c', 'import pyk4a.config as c; print(c.Config.__module__)'])\n"
    )
    command = [sys.executable, "-m", "pyk4a_rp.compat", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(other)})
    assert done.stdout.split() == ["pyk4a_rp.compat.pyk4a.pyk4a", "pyk4a_rp.compat.pyk4a.config"], done.stderr


def test_run_of_a_module(tmp_path: Path):
    (tmp_path / "tool.py").write_text("import sys, pyk4a; print(sys.argv[1:], pyk4a.FPS.FPS_5.value)\n")
    command = [sys.executable, "-m", "pyk4a_rp.compat", "-m", "tool", "a"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "['a'] 0\n", done.stderr


def test_run_of_a_program_that_is_not_there_says_so(tmp_path: Path):
    command = [sys.executable, "-m", "pyk4a_rp.compat", str(tmp_path / "no.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "no.py" in done.stderr
