"""`pyk4a-rp doctor` and `pyk4a-rp config`."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pyk4a_rp._provider import Provider
from pyk4a_rp.cli import doctor
from pyk4a_rp.provider import dropin_directory


def run_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pyk4a_rp", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


# ---- config ----


def test_config_without_questions_prints_compiler_and_linker_flags() -> None:
    done = run_command("config")
    flags = shlex.split(done.stdout)
    assert done.returncode == 0
    assert f"-I{dropin_directory() / 'include'}" in flags
    assert f"-L{dropin_directory()}" in flags
    assert f"-Wl,-rpath,{dropin_directory()}" in flags


def test_config_prints_only_what_is_asked_for() -> None:
    assert shlex.split(run_command("config", "--cflags").stdout) == [f"-I{dropin_directory() / 'include'}"]
    assert not any(flag.startswith("-I") for flag in shlex.split(run_command("config", "--libs").stdout))
    assert run_command("config", "--includedir").stdout.strip() == str(dropin_directory() / "include")
    assert run_command("config", "--libdir").stdout.strip() == str(dropin_directory())


def test_config_of_a_damaged_installation_fails_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyk4a_rp.cli
    import pyk4a_rp.provider

    monkeypatch.setattr(pyk4a_rp.provider, "dropin_directory", lambda: tmp_path)
    assert pyk4a_rp.cli.main(["config"]) == 1
    assert str(tmp_path) in capsys.readouterr().err


# ---- doctor ----


def test_doctor_names_the_bundled_engine_and_succeeds(bundled: Provider) -> None:
    done = run_command("doctor")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "Versions"
    assert f"provider bundled {bundled.version}: {bundled.path}" in done.stdout
    assert "numpy " in done.stdout


def test_doctor_finds_microsofts_libraries_and_their_depth_engine(microsoft: Provider) -> None:
    done = run_command("doctor", "--json")
    report = json.loads(done.stdout)
    assert report["providers"]["microsoft"]["path"] == microsoft.path
    assert report["providers"]["microsoft"]["missing"] == []
    texts = [line["text"] for line in report["findings"]["Cameras"]]
    assert any(text.startswith("depth engine: ") for text in texts)


def test_doctor_lists_where_a_missing_sdk_was_looked_for() -> None:
    orbbec = json.loads(run_command("doctor", "--json").stdout)["providers"]["orbbec"]
    if "error" not in orbbec:
        pytest.skip("Orbbec's wrapper is installed here")
    assert "the system's loader: " in orbbec["error"]
    assert "PYK4A_RP_PROVIDER" in orbbec["error"]


def test_doctor_shows_the_environment_that_libraries_read(tmp_path: Path) -> None:
    done = run_command("doctor", K4A_ENABLE_LOG_TO_A_FILE=str(tmp_path / "k4a.log"), K4A_LOG_LEVEL="e")
    assert "environment: K4A_LOG_LEVEL=e" in done.stdout
    assert "K4A_ENABLE_LOG_TO_A_FILE: any value, even 0, makes Microsoft's library write a file" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="udev is Linux's")
def test_doctor_without_udev_rule_says_what_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "UDEV_FOLDERS", (str(tmp_path),))
    state, text = next(doctor._linux_camera_lines())
    assert state == doctor.BAD
    assert doctor.UDEV_RULE in text
    (tmp_path / "99-k4a.rules").write_text(doctor.UDEV_RULE + "\n")
    assert next(doctor._linux_camera_lines()) == (doctor.OK, f"udev rule: {tmp_path / '99-k4a.rules'}")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a display is needed on Linux")
def test_doctor_without_display_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert (doctor.BAD, doctor.NO_DISPLAY) in list(doctor._linux_camera_lines())
    monkeypatch.setenv("DISPLAY", ":7")
    assert any(state == doctor.OK and text.startswith("display: :7") for state, text in doctor._linux_camera_lines())


def test_doctor_survives_a_library_that_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PROBE", "import os; os.abort()")
    found = doctor._probe("microsoft")
    assert "ended with status" in found["error"]
    assert list(doctor._provider_lines("microsoft", found)) == [(doctor.NOTE, found["error"])]


def test_doctor_reports_a_missing_record_library_and_missing_functions() -> None:
    found = {
        "path": "/x/libk4a.so",
        "record_path": None,
        "version": None,
        "problem": "libk4arecord.so: wrong ELF class",
        "missing": [f"k4a_function_{number}" for number in range(40)],
        "devices": 2,
    }
    lines = list(doctor._provider_lines("microsoft", found))
    assert [state for state, _ in lines] == [doctor.OK, doctor.BAD, doctor.NOTE, doctor.OK]
    assert "wrong ELF class" in lines[1][1]
    assert "40 functions are missing: k4a_function_0, " in lines[2][1]
    assert lines[3][1] == "provider microsoft: 2 cameras found"
