"""`pyk4a-rp record` and `k4arecorder` on simulated cameras."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pyk4a_rp as k
from pyk4a_rp.cli import main
from pyk4a_rp.cli.record import k4arecorder
from pyk4a_rp.cli.record_options import CompatError, Settings, parse_compat

SMALL = ["-c", "OFF", "-d", "NFOV_2X2BINNED"]


@pytest.fixture(autouse=True)
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene,scene:2")
    monkeypatch.delenv("PYK4A_RP_PROVIDER", raising=False)


def process(*words: str, **options: object) -> subprocess.Popen[str]:
    code = "import sys; from pyk4a_rp.cli.record import k4arecorder; sys.exit(k4arecorder())"
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def test_record_writes_a_file_of_the_length_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.mkv"
    # Options may come after the file.
    assert main(["record", "--simulate", str(path), "-l", "0.5", *SMALL, "-r", "15"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Device serial number: ") and lines[1].startswith("Device version: Rel; C: ")
    assert "Started recording" in lines and lines[-1] == "Done"
    with k.Playback(path) as playback:
        assert 4 <= len(playback.captures) <= 8  # a busy machine drops some
        assert len(playback.imu) > 500
        configuration = playback.configuration
        assert configuration.camera_fps == k.FramesPerSecond.FPS_15 and not configuration.color_track_enabled
        assert playback.calibration.depth_mode == k.DepthMode.NFOV_2X2BINNED
        assert "PYK4A_RP_METADATA" in playback.tracks


def test_record_takes_the_documented_options(tmp_path: Path) -> None:
    path = tmp_path / "output.mkv"
    words = ["-d", "wfov_2x2binned", "-c", "720p_NV12", "-r", "15", "-l", "0.3", "--imu", "OFF", "--device", "1"]
    words += ["--depth-delay", "-500", "-e", "-7", "-g", "9", "--no-metadata", "--control", "brightness=100"]
    assert k4arecorder([*words, str(path)]) == 0
    with k.Playback(path) as playback:
        configuration = playback.configuration
        assert configuration.depth_mode == k.DepthMode.WFOV_2X2BINNED and not configuration.imu_track_enabled
        assert configuration.color_format == k.ImageFormat.COLOR_NV12
        assert configuration.depth_delay_off_color_usec == -500
        assert "PYK4A_RP_METADATA" not in playback.tracks
        serial = playback.tags["K4A_DEVICE_SERIAL_NUMBER"]
    with k.Device.open(1) as device:
        assert device.serial == serial
        assert device.color_controls["gain"].value == 9 and device.color_controls["brightness"].value == 100
        assert not device.color_controls["exposure_time_absolute"].auto
        device.color_controls.reset()


def test_two_cameras_are_recorded_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    assert main(["record", "--device", "0", "--device", "1", *SMALL, "-l", "0.4", str(path)]) == 0
    serials = set()
    for number in range(2):
        with k.Playback(tmp_path / f"out-{number}.mkv") as playback:
            assert 4 <= len(playback.captures) <= 12
            serials.add(playback.tags["K4A_DEVICE_SERIAL_NUMBER"])
    assert len(serials) == 2


def test_list_shows_serials_and_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith("Index:1\tSerial:")
    assert [part.split(":")[0] for part in lines[0].split("\t")] == ["Index", "Serial", "Color", "Depth"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name of the file is missing"),
        (["-l", "0", "x.mkv"], "Recording length must be positive"),
        (["-d", "NFOV", "x.mkv"], "Unknown depth mode specified: NFOV"),
        (["-c", "4k", "x.mkv"], "Unknown color mode specified: 4k"),
        (["-r", "60", "x.mkv"], "Unknown frame rate specified: 60"),
        (["-g", "256", "x.mkv"], "Gain value must be between 0 and 255."),
        (["-e", "200001", "x.mkv"], "Exposure value range is"),
        (["--sync-delay", "5", "x.mkv"], "--sync-delay is only valid"),
        (["-c", "3072p", "-r", "30", "x.mkv"], "30 Frames per second is not supported"),
        (["-c", "OFF", "-d", "OFF", "x.mkv"], "Either the color or depth modes"),
        (["--device", "0", "--simulate", "x.mkv"], "not by two of them"),
        (["--control", "gain", "x.mkv"], "a control is NAME=NUMBER"),
    ],
)
def test_wrong_usage_says_why_and_leaves_no_file(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["record", *words])
    assert caught.value.code == 2 and message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_existing_file_is_not_overwritten_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "there.mkv"
    path.write_bytes(b"precious")
    words = ["record", "--simulate", *SMALL, "-l", "0.2", str(path)]
    assert main(words) == 1
    assert os.strerror(errno.EEXIST) in capsys.readouterr().err and path.read_bytes() == b"precious"
    assert main([*words, "--overwrite"]) == 0
    with k.Playback(path) as playback:
        assert 2 <= len(playback.captures) <= 6


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signal_completes_the_file(number: str, tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    recording = process("--simulate", *SMALL, str(path))
    assert recording.stdout is not None
    for line in recording.stdout:
        if line.startswith("Press Ctrl-C"):
            break
    time.sleep(0.5)
    recording.send_signal(getattr(signal, number))
    out, errors = recording.communicate(timeout=30)
    assert (recording.returncode, errors) == (0, "") and "Done" in out
    with k.Playback(path) as playback:
        assert len(playback.captures) > 5 and playback.damage is None


def test_lost_camera_and_full_disk_have_their_own_status_and_complete_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import threading

    opened = []
    open_simulated = k.Device.simulated
    monkeypatch.setattr(k.Device, "simulated", lambda *a, **o: opened.append(open_simulated(*a, **o)) or opened[-1])
    path = tmp_path / "lost.mkv"
    timer = threading.Timer(1.5, lambda: opened[0].unplug())
    timer.start()
    assert main(["record", "--simulate", *SMALL, "-l", "60", str(path)]) == 3
    assert "is lost" in capsys.readouterr().err
    full = tmp_path / "full.mkv"
    assert main(["record", "--simulate", *SMALL, "-l", "60", "--min-free", str(10**9), str(full)]) == 4
    assert "The disk is full." in capsys.readouterr().err
    with k.Playback(path) as playback:
        assert len(playback.captures) > 5 and playback.damage is None


def test_compat_reads_options_as_microsofts_tool() -> None:
    assert parse_compat(["-l", "5abc", "o.mkv"]) == Settings(
        output="o.mkv", length=5, overwrite=True, metadata=False, min_free_mb=0, compat=True
    )
    assert parse_compat(["--foo"]).output == "--foo"  # type: ignore[union-attr]
    sticky = parse_compat(["-c", "720p_YUY2", "-c", "1080p", "-d", "off", "--device", "1", "--device", "2", "x"])
    assert isinstance(sticky, Settings)
    assert (sticky.color, sticky.depth, sticky.devices) == (("RES_1080P", "COLOR_YUY2"), "OFF", [2])
    assert parse_compat(["-e", "-11", "x"]).exposure == 488  # type: ignore[union-attr]
    assert parse_compat(["--list", "nonsense"]) == "list" and parse_compat(["-h"]) == "help"
    for words, message in (
        (["o.mkv", "-l", "5"], ""),
        (["-l"], ""),
        ([], ""),
        (["-l", "x", "o"], "stoi"),
        (["-l", "-1", "o"], "-l: Recording length must be positive"),
        (["--imu", "maybe", "o"], "--imu: Unknown imu mode specified: maybe"),
        (["-c", "1080p_BGRA", "o"], "-c: Unknown color mode specified: 1080p_BGRA"),
    ):
        with pytest.raises(CompatError) as caught:
            parse_compat(words)
        assert str(caught.value) == message


def test_compat_exits_and_overwrites_as_microsofts_tool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert k4arecorder(["--compat", "x.mkv", "-l", "5"]) == 0
    assert "k4arecorder [options] output.mkv" in capsys.readouterr().out
    assert k4arecorder(["--compat", "-d", "X", "x.mkv"]) == 1
    assert capsys.readouterr().err == "-d: Unknown depth mode specified: X\n"
    path = tmp_path / "out.mkv"
    path.write_bytes(b"old")
    assert k4arecorder(["--compat", *SMALL, "-l", "1", "--imu", "off", str(path)]) == 0
    with k.Playback(path) as playback:
        assert 10 <= len(playback.captures) <= 30 and "PYK4A_RP_METADATA" not in playback.tracks
