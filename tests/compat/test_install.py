"""`import pyk4a` in programs that cannot be edited."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pyk4a_rp.compat


def python(code: str, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run([sys.executable, *arguments, "-c", code], capture_output=True, text=True, env=environment)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with another pyk4a."""
    package = tmp_path / "other" / "pyk4a"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("NAME = 'the other one'\n")
    (package / "config.py").write_text("NAME = 'its module'\n")
    return package.parent


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


SURROUNDINGS = """
'What it is for.'
import os, sys
if __name__ == "__main__":
    path = [os.path.realpath(entry or ".") for entry in sys.path if not entry.endswith("stand_in")]
    print(path[0], __file__, os.path.basename(sys.argv[0]), sys.argv[1:], os.getcwd() in path)
    print(__doc__, __spec__ and __spec__.name, bool(__package__), sys.modules["__main__"].path is path)
    os.chdir("/")
    print(os.path.exists(__file__))
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with the same program as a file, a link, compiled, a folder, an archive and a module."""
    for name in ("apart", "real", "folder"):
        (tmp_path / name).mkdir()
    for file in ("apart/program.py", "real/program.py", "folder/__main__.py", "tool.py"):
        (tmp_path / file).write_text(SURROUNDINGS)
    if sys.platform != "win32":  # where it takes a right that users do not have
        (tmp_path / "apart" / "link.py").symlink_to("../real/program.py")
    py_compile.compile(str(tmp_path / "real" / "program.py"), str(tmp_path / "apart" / "compiled.pyc"))
    with zipfile.ZipFile(tmp_path / "program.pyz", "w") as archive:
        archive.writestr("__main__.py", SURROUNDINGS)
    return tmp_path


@pytest.mark.parametrize("options", [[], ["-P"]], ids=["", "safe path"])
@pytest.mark.parametrize(
    "program",
    ["apart/program.py", "apart/compiled.pyc", "folder", "program.pyz", "-m tool"]
    + (["apart/link.py"] if sys.platform != "win32" else []),
)
def test_run_surrounds_a_program_as_python_does(program: str, options: list[str], programs: Path):
    def outcome(*runner: str) -> tuple[str, int]:
        command = [sys.executable, *options, *runner, *program.split(), "-x", "word"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=programs)
        return done.stdout, done.returncode

    expected = outcome()
    assert expected[0] or (program == "-m tool" and options)  # which is not found then
    assert outcome("-m", "pyk4a_rp.compat") == expected


def test_run_leaves_the_words_of_the_command_and_the_main_module_to_a_program(tmp_path: Path):
    (tmp_path / "program.py").write_text(
        "import sys, threading\n"
        "print(sys.argv)\n"
        "def later():\n"
        "    threading.main_thread().join()\n"
        "    print(sys.modules['__main__'].later is later)\n"
        "threading.Thread(target=later).start()\n"
    )
    command = [sys.executable, "-m", "pyk4a_rp.compat", "./program.py", "word"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "['./program.py', 'word']\nTrue\n", done.stderr


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


def test_another_python_that_a_program_starts_has_its_own_pyk4a_or_none(other: Path):
    # -S: without what is installed, as another Python is.
    command = [sys.executable, "-S", "-c", "import pyk4a, pyk4a.config; print(pyk4a.NAME, '+', pyk4a.config.NAME)"]
    stand_in = str(Path(pyk4a_rp.compat.__file__).with_name("stand_in"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([stand_in, str(other)])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.stdout == "the other one + its module\n", done.stderr
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": stand_in})
    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'pyk4a'"
    assert "'pyk4a_rp'" not in done.stderr


def test_run_of_a_module(tmp_path: Path):
    (tmp_path / "tool.py").write_text("import sys, pyk4a; print(sys.argv[1:], pyk4a.FPS.FPS_5.value)\n")
    command = [sys.executable, "-m", "pyk4a_rp.compat", "-m", "tool", "a"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "['a'] 0\n", done.stderr


def test_run_of_a_program_that_is_not_there_says_so(tmp_path: Path):
    command = [sys.executable, "-m", "pyk4a_rp.compat", str(tmp_path / "no.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "no.py" in done.stderr
