"""The command `pyk4a-rp`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence

import numpy as np
import pytest

from pyk4a_rp import cli
from pyk4a_rp.cli.info import count_dropped_frames


def run(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pyk4a_rp", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        **more,
    )


def modules_after(arguments: Sequence[str]) -> set[str]:
    code = f"""
    import sys
    from pyk4a_rp.cli import main
    try:
        main({list(arguments)!r})
    except SystemExit:
        pass
    print("MODULES", *sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("MODULES")[2].split())


def test_help_names_the_commands_and_imports_nothing_heavy():
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("info", "doctor", "config"))
    loaded = modules_after(["--help"])
    assert loaded.isdisjoint({"numpy", "pyk4a_rp._provider", "pyk4a_rp.playback", "logging", "importlib.metadata"})


def test_importing_the_package_imports_no_numpy():
    code = "import sys, pyk4a_rp; assert 'numpy' not in sys.modules; pyk4a_rp.Image; assert 'numpy' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_version_is_that_of_the_package():
    from importlib.metadata import version

    assert run("--version").stdout == f"pyk4a-rp {version('pyk4a-rp')}\n"


def test_usage_errors_have_status_2():
    for arguments in ([], ["nonsense"], ["info"], ["info", "a.mkv", "--jso"]):
        done = run(*arguments)
        assert done.returncode == 2
        assert "usage: pyk4a-rp" in done.stderr


def test_errors_are_one_message_and_status_1(tmp_path):
    missing = run("info", tmp_path / "none.mkv")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "none.mkv" in missing.stderr
    assert "Traceback" not in missing.stderr
    (tmp_path / "text.mkv").write_text("hello")
    done = run("info", tmp_path / "text.mkv")
    assert done.returncode == 1
    assert "not a Matroska file" in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_that_goes_away_is_no_error(record):
    path = record(frames=1, tags=[(f"TAG{i}", "x" * 1000) for i in range(500)]).path
    program = subprocess.Popen(
        [sys.executable, "-m", "pyk4a_rp", "info", "--json", str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    program.stdout.read(10)
    program.stdout.close()
    errors = program.stderr.read()
    program.stderr.close()
    assert (program.wait(), errors) == (0, "")


def test_info_of_real_recording_shows_the_facts(provider, shared_recording):
    done = run("info", shared_recording, "--provider", provider.name)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    facts = {line[:16].strip(): line[16:] for line in lines if line[:1] != " "}
    assert facts["color"] == "MJPG 720P"
    assert facts["depth mode"] == "NFOV_UNBINNED"
    assert facts["frame rate"] == "5 fps"
    assert facts["start offset"] == "336277 us"
    assert facts["captures"] == "1 (1 complete)"
    assert facts["dropped frames"] == "color 0, depth 0, ir 0"
    assert facts["imu"] == "1 sample"
    assert facts["damage"] == "none"
    assert "  K4A_DEVICE_SERIAL_NUMBER = 001514394512" in lines
    assert "  DEPTH: 1 frame, 640 x 576 at 5 fps V_MS/VFW/FOURCC" in lines
    assert any(line.startswith("  calibration.json, ") for line in lines)


def test_info_as_json_has_the_facts(provider, record, capsys):
    recording = record(
        frames=30, imu_per_frame=3, custom={"EVENTS": [(0, b"x"), (5, b"yy")]}, tags=[("NOTE", "grün")],
        attachments=[("calibration.json", b"{}")], dropped={"COLOR": {0, 1, 7}, "DEPTH": {29}, "IR": {3, 4, 5}},
    )  # fmt: skip
    assert cli.main(["info", str(recording.path), "--json", "--provider", provider.name]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["captures"] == {"count": 30, "complete": 23, "first_usec": 1_000_000, "last_usec": 1_966_657}
    assert facts["dropped_frames"] == {"color": 3, "depth": 1, "ir": 3}
    assert facts["imu"] == {"samples": 90, "rate_hz": pytest.approx(90, rel=1e-3)}
    assert facts["duration_usec"] == 29 * 33333 + 2 * 11111
    assert facts["configuration"]["depth_mode"] == "NFOV_2X2BINNED"
    assert facts["configuration"]["camera_fps"] == 30
    assert facts["provider"]["name"] == provider.name
    assert facts["size_bytes"] == recording.path.stat().st_size
    assert facts["damage"] is None
    assert facts["attachments"] == [{"name": "calibration.json", "size_bytes": 2}]
    frames = {track["name"]: track["frames"] for track in facts["tracks"]}
    assert frames == {"COLOR": 27, "DEPTH": 29, "EVENTS": 2, "IMU": 90, "IR": 27}
    assert facts["tags_and_attachments_listed"] == (provider.name == "bundled")
    assert (["NOTE", "grün"] in facts["tags"]) == (provider.name == "bundled")
    assert ["K4A_DEPTH_MODE", "NFOV_2X2BINNED"] in facts["tags"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_info_prints_any_text_in_any_encoding(bundled, record, options):
    path = record(frames=1, tags=[("NOTE", "grün"), ("BYTES", b"\xff\xfe")]).path
    done = run("info", path, *options, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    if options:
        assert ["NOTE", "grün"] in json.loads(done.stdout)["tags"]
        assert ["BYTES", "\udcff\udcfe"] in json.loads(done.stdout)["tags"]
    else:
        assert "  NOTE = gr\\xfcn" in done.stdout.splitlines()


def test_info_reports_damage(bundled, record, capsys):
    path = record(frames=3, closed=False).path
    assert cli.main(["info", str(path), "--json", "--provider", "bundled"]) == 0
    damage = json.loads(capsys.readouterr().out)["damage"]
    assert "NOT_CLOSED" in damage["kinds"]
    assert damage["text"]


@pytest.mark.parametrize(
    ("color", "depth", "expected"),
    [
        ([0, 33, 67, 100], [0, 33, 67, 100], (0, 0)),
        ([0, 100], [0, 33, 67, 100], (2, 0)),
        ([67, 100], [0, 33, 67, 100], (2, 0)),
        ([0, 33], [0, 33, 67, 100], (0 + 2, 0)),
        ([], [0, 33, 67, 100], (4, 0)),
        ([0, 20, 40, 60], [0, 33, 67], (0, 0)),
        ([], [], (0, 0)),
    ],
)
def test_dropped_frames_are_gaps_of_whole_periods(color, depth, expected):
    times = {"color": np.array(color, np.int64) * 1000, "depth": np.array(depth, np.int64) * 1000}
    assert tuple(count_dropped_frames(times, 30).values()) == expected


def test_dropped_frames_follow_a_clock_that_is_not_nominal():
    times = (np.arange(100_000) * 33_366.7).astype(np.int64)
    assert count_dropped_frames({"depth": times}, 30) == {"depth": 0}
