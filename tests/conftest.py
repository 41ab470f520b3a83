"""What all tests share: where data is, which providers there are, how C programs are compiled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
INCLUDE = REPOSITORY / "vendor" / "k4a" / "include"
SHARED_VARIABLE = "PYK4A_RP_SHARED"
PROVIDERS = ("bundled", "microsoft")


def find_shared() -> Path | None:
    """Return the folder of shared recordings and vectors, or None."""
    folder = Path(os.environ.get(SHARED_VARIABLE) or REPOSITORY.parent / "shared")
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of shared recordings and vectors."""
    folder = find_shared()
    if folder is None:
        pytest.skip(f"no shared data: set {SHARED_VARIABLE} to its folder")
    return folder


@pytest.fixture(scope="session")
def shared_recording(shared_dir: Path) -> Path:
    """A real recording: 1 capture, MJPG 720P, NFOV_UNBINNED, 5 fps, with IMU."""
    path = shared_dir / "recordings" / "nfov_unbinned_mjpg720_5fps.mkv"
    if not path.exists():
        pytest.skip(f"no recording {path.name} in the shared data")
    return path


# ---- providers: the bundled one and one other can be loaded in one process ----


def load_or_skip(name: str):  # type: ignore[no-untyped-def]
    from pyk4a_rp import ProviderError, load_provider

    if name == "bundled":
        return load_provider(name)  # part of the package: its absence is a failure
    try:
        return load_provider(name)
    except ProviderError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def bundled():  # type: ignore[no-untyped-def]
    """The engine of this package."""
    return load_or_skip("bundled")


@pytest.fixture(scope="session")
def microsoft():  # type: ignore[no-untyped-def]
    """Microsoft's libraries; skips where they are not installed."""
    return load_or_skip("microsoft")


@pytest.fixture(scope="session", params=PROVIDERS)
def provider(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    """Each provider in turn."""
    return load_or_skip(request.param)


@pytest.fixture(scope="session")
def provider_name(provider) -> str:  # type: ignore[no-untyped-def]
    """Name of `provider`, for subprocesses."""
    return provider.name


@pytest.fixture(autouse=True)
def no_provider_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests say which provider they mean."""
    monkeypatch.delenv("PYK4A_RP_PROVIDER", raising=False)
    yield


# ---- a screen for Microsoft's transform engine ----


@pytest.fixture(scope="session")
def display(microsoft) -> Iterator[dict[str, str]]:  # type: ignore[no-untyped-def]
    """The environment of a process that can open a window."""
    if sys.platform != "linux":
        yield dict(os.environ)
        return
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no Xvfb to run Microsoft's transform engine in")
    read, write = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    if not number:
        pytest.skip("Xvfb does not start")
    try:
        yield {**os.environ, "DISPLAY": f":{number}", "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    finally:
        process.terminate()
        process.wait()


# ---- C programs ----


def _compiler(variable: str, names: tuple[str, ...]) -> str | None:
    asked = os.environ.get(variable)
    if asked:
        return asked
    return next((found for found in map(shutil.which, names) if found), None)


@pytest.fixture(scope="session")
def compile_program(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Compile a C or C++ source against our headers; extra arguments follow the source."""
    folder = tmp_path_factory.mktemp("programs")

    def compile_(source: str | Path, *arguments: str, language: str = "c", name: str = "program") -> Path:
        if language == "c":
            compiler, standard = _compiler("CC", ("cc", "gcc", "clang")), "-std=c11"
        else:
            compiler, standard = _compiler("CXX", ("c++", "g++", "clang++")), "-std=c++17"
        if compiler is None:
            pytest.skip(f"no compiler for {language}")
        if isinstance(source, str):
            text = source
            source = folder / f"{name}.{'c' if language == 'c' else 'cpp'}"
            source.write_text(text)
        program = folder / name
        command = [compiler, standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{INCLUDE}"]
        command += [str(source), "-o", str(program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"
        return program

    return compile_
