"""`pyk4a-rp record` and `k4arecorder` on simulated cameras."""

from __future__ import annotations

import errno
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp.cli import main
from pyk4a_rp.cli.record import _plans, k4arecorder
from pyk4a_rp.cli.record_options import CompatError, Settings, parse_compat
from pyk4a_rp.color_controls import ColorControl

SMALL = ["-c", "OFF", "-d", "NFOV_2X2BINNED"]


@pytest.fixture(autouse=True)
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYK4A_RP_SIMULATED", "scene,scene:2")
    monkeypatch.delenv("PYK4A_RP_PROVIDER", raising=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[k.Device]:
    """The cameras that were opened with --simulate and --source."""
    devices: list[k.Device] = []
    open_simulated = k.Device.simulated

    def open_(*arguments: Any, **options: Any) -> k.Device:
        devices.append(open_simulated(*arguments, **options))
        return devices[-1]

    monkeypatch.setattr(k.Device, "simulated", open_)
    return devices


@pytest.fixture
def on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their clocks move on with what is taken: how many captures there are does not depend on the machine."""
    monkeypatch.setattr(k.Device, "simulated", functools.partial(k.Device.simulated, on_demand=True))


def after_captures(monkeypatch: pytest.MonkeyPatch, count: int, do: Callable[[], object]) -> None:
    """Do something when a recorder has written so many captures."""
    write = k.Recorder.write_capture

    def write_(recorder: k.Recorder, capture: Any) -> None:
        write(recorder, capture)
        if recorder.state.captures == count:
            do()

    monkeypatch.setattr(k.Recorder, "write_capture", write_)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Ten captures at 15 frames per second, depth only, no IMU."""
    path = tmp_path / "source.mkv"
    configuration = k.DeviceConfiguration(
        color_resolution=k.ColorResolution.OFF,
        depth_mode=k.DepthMode.NFOV_2X2BINNED,
        camera_fps=k.FramesPerSecond.FPS_15,
    )
    with (
        k.Device.simulated(configuration=configuration, on_demand=True) as device,
        k.Recorder(path, device=device) as recorder,
    ):
        recorder.record(frames=10)
    return path


def process(*words: str, **options: object) -> subprocess.Popen[str]:
    code = "import sys; from pyk4a_rp.cli.record import k4arecorder; sys.exit(k4arecorder())"
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def test_record_writes_a_file_of_the_length_asked_for(
    on_demand: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.mkv"
    # Options may come after the file.
    assert main(["record", "--simulate", str(path), "-l", "0.5", *SMALL, "-r", "15"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Device serial number: ") and lines[1].startswith("Device version: Rel; C: ")
    assert "Started recording" in lines and lines[-1] == "Done"
    with k.Playback(path) as playback:
        assert len(playback.captures) == 8  # 0 to 7/15 s
        assert 750 < len(playback.imu) < 1100
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
            times = playback.captures.timestamps_usec["depth"]
            assert 1 <= len(times) <= 13 and times[-1] - times[0] < 400_000
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


def test_existing_file_is_not_overwritten_unasked(
    opened: list[k.Device], on_demand: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "there.mkv"
    path.write_bytes(b"precious")
    words = ["record", "--simulate", *SMALL, "-l", "0.21", str(path)]
    assert main(words) == 1
    assert os.strerror(errno.EEXIST) in capsys.readouterr().err and path.read_bytes() == b"precious"
    assert opened == []  # that is found out first
    assert main([*words, "--overwrite"]) == 0
    with k.Playback(path) as playback:
        assert len(playback.captures) == 7


@pytest.mark.parametrize(
    ("source", "message"), [("source.mkv", "has no IMU track"), ("missing.mkv", os.strerror(errno.ENOENT))]
)
def test_camera_that_does_not_start_costs_no_file_that_was_there(
    source: str, message: str, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "there.mkv"
    path.write_bytes(b"precious")
    words = ["--source", str(tmp_path / source), "--imu", "ON", "--overwrite", "-l", "1", str(path)]
    assert main(["record", *words]) == 1
    assert message in capsys.readouterr().err
    assert path.read_bytes() == b"precious"


def test_recording_that_is_replayed_is_not_written_over(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = recording.read_bytes()
    monkeypatch.chdir(tmp_path)
    for words in (["--source", str(recording)], []):  # without: that of the environment
        monkeypatch.setenv("PYK4A_RP_SIMULATED", f"scene, {recording}")
        assert main(["record", *words, "--overwrite", *SMALL, "--imu", "OFF", "-r", "15", "source.mkv"]) == 1
        assert "source.mkv is the recording that is to be replayed" in capsys.readouterr().err
        assert recording.read_bytes() == before


def test_folder_that_does_not_exist_is_found_out_first(
    opened: list[k.Device], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "--simulate", *SMALL, str(tmp_path / "no" / "out.mkv")]) == 1
    errors = capsys.readouterr().err
    assert os.strerror(errno.ENOENT) in errors and "out.mkv" in errors and opened == []


def test_replayed_recording_is_recorded_in_its_own_modes(on_demand: None, recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "again.mkv"
    assert main(["record", "--source", str(recording), "--keep-first", str(path)]) == 0
    with k.Playback(recording) as source, k.Playback(path) as playback:
        assert playback.configuration == source.configuration
        assert len(playback.captures) == 10 and not playback.configuration.imu_track_enabled
        for ours, theirs in zip(playback, source, strict=True):
            assert np.array_equal(ours.depth.array, theirs.depth.array)


def test_options_change_the_modes_of_a_replayed_recording(on_demand: None, tmp_path: Path) -> None:
    source, path = tmp_path / "both.mkv", tmp_path / "depth.mkv"
    words = ["record", "--simulate", "-c", "720p_NV12", "-d", "NFOV_2X2BINNED", "--depth-delay", "100", "-l", "0.21"]
    assert main([*words, str(source)]) == 0
    assert main(["record", "--source", str(source), "-c", "OFF", "--imu", "OFF", str(path)]) == 0
    with k.Playback(path) as playback:
        configuration = playback.configuration
        assert configuration.depth_mode == k.DepthMode.NFOV_2X2BINNED and not configuration.color_track_enabled
        assert not configuration.imu_track_enabled and configuration.depth_delay_off_color_usec == 0
        assert len(playback.captures) == 6


def test_sync_delay_of_several_cameras_puts_each_after_the_one_before() -> None:
    settings = Settings("x.mkv", sources=["scene:1", "scene:2", "scene:3"], color=("RES_720P", "COLOR_NV12"))
    settings.sync, settings.sync_delay = "MASTER", 160
    plans = [plan.configuration for plan in _plans(settings)]
    assert [plan.wired_sync_mode.name for plan in plans] == ["MASTER", "SUBORDINATE", "SUBORDINATE"]
    assert [plan.subordinate_delay_off_master_usec for plan in plans] == [0, 160, 320]
    settings.sources = ["scene"]
    with pytest.raises(ValueError, match="--sync-delay is only valid"):
        _plans(settings)


def test_synchronized_cameras_with_a_delay_are_recorded(tmp_path: Path) -> None:
    words = ["--device", "0", "--device", "1", "-c", "720p_NV12", "-d", "NFOV_2X2BINNED", "--imu", "OFF", "-l", "0.3"]
    path = tmp_path / "out.mkv"
    assert main(["record", *words, "--external-sync", "Master", "--sync-delay", "160", str(path)]) == 0
    with k.Playback(tmp_path / "out-0.mkv") as master, k.Playback(tmp_path / "out-1.mkv") as other:
        assert master.configuration.wired_sync_mode == k.WiredSyncMode.MASTER
        assert other.configuration.wired_sync_mode == k.WiredSyncMode.SUBORDINATE
        assert other.configuration.subordinate_delay_off_master_usec == 160


def test_powerline_frequency_is_set_before_the_exposure_that_depends_on_it(
    on_demand: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names: list[str] = []
    put = ColorControl._set

    def put_(control: ColorControl, *arguments: Any) -> None:
        names.append(control.name)
        put(control, *arguments)

    monkeypatch.setattr(ColorControl, "_set", put_)
    words = ["-e", "8330", "-g", "9", "--control", "brightness=100", "--control", "powerline_frequency=1", "-l", "0.1"]
    assert main(["record", "--simulate", *SMALL, *words, str(tmp_path / "x.mkv")]) == 0
    assert names == ["powerline_frequency", "exposure_time_absolute", "gain", "brightness"]


def captures_so_far(path: Path) -> int:
    try:
        with k.Playback(path) as playback:
            return len(playback.captures)
    except k.RecordingError:
        return 0


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_signal_in_the_midst_of_a_wait_ends_the_process(tmp_path: Path) -> None:
    """The handler runs wherever the main thread is, and must not want a lock that this thread holds."""
    code = """if True:
        import os, signal, sys
        from pyk4a_rp.cli.record import k4arecorder
        sent = []

        def trace(frame, event, argument):
            name, caller = frame.f_code.co_name, frame.f_back and frame.f_back.f_code.co_name
            locked = name == "wait" and caller == "_record" and frame.f_locals["self"]._cond._lock.locked()
            if (locked or name == "_watch_space") and not sent:
                sent.append(name)
                os.kill(os.getpid(), signal.SIGTERM)
            return trace

        sys.settrace(trace)
        sys.exit(k4arecorder() or not sent)
    """
    words = [sys.executable, "-c", code, "--simulate", *SMALL, "-l", "300", str(tmp_path / "out.mkv")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "") and "Done" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signal_completes_the_file(number: str, tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    recording = process("--simulate", *SMALL, str(path))
    assert recording.stdout is not None
    for line in recording.stdout:
        if line.startswith("Press Ctrl-C"):
            break
    deadline = time.monotonic() + 60
    while captures_so_far(path) <= 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    recording.send_signal(getattr(signal, number))
    out, errors = recording.communicate(timeout=30)
    assert (recording.returncode, errors) == (0, "") and "Done" in out
    with k.Playback(path) as playback:
        assert len(playback.captures) > 5 and playback.damage is None


def test_lost_camera_has_its_own_status_and_leaves_a_complete_file(
    opened: list[k.Device], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lost.mkv"
    after_captures(monkeypatch, 8, lambda: opened[0].unplug())
    assert main(["record", "--simulate", *SMALL, "-l", "60", str(path)]) == 3
    assert "is lost" in capsys.readouterr().err
    with k.Playback(path) as playback:
        assert len(playback.captures) == 8 and playback.damage is None


def test_full_disk_has_its_own_status_and_leaves_a_complete_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    free = [10**12]
    monkeypatch.setattr(k.Recorder, "free_bytes", property(lambda recorder: free[0]))
    after_captures(monkeypatch, 8, lambda: free.__setitem__(0, 10**6))
    path = tmp_path / "full.mkv"
    assert main(["record", "--simulate", *SMALL, "-l", "60", "--min-free", "2", str(path)]) == 4
    assert "The disk is full." in capsys.readouterr().err
    with k.Playback(path) as playback:
        assert len(playback.captures) >= 8 and playback.damage is None


@pytest.mark.skipif(sys.platform == "win32", reason="an open file keeps its folder there")
def test_folder_that_is_moved_meanwhile_does_not_end_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, moved = tmp_path / "folder", tmp_path / "moved"
    folder.mkdir()
    after_captures(monkeypatch, 3, lambda: folder.rename(moved))
    assert main(["record", "--simulate", *SMALL, "-l", "2", str(folder / "x.mkv")]) == 0
    printed = capsys.readouterr()
    assert printed.err == "" and "moved or removed meanwhile" in printed.out
    with k.Playback(moved / "x.mkv") as playback:
        times = playback.captures.timestamps_usec["depth"]
        assert times[-1] - times[0] > 1_500_000 and playback.damage is None


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


def test_compat_exits_and_overwrites_as_microsofts_tool(
    on_demand: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert k4arecorder(["--compat", "x.mkv", "-l", "5"]) == 0
    assert "k4arecorder [options] output.mkv" in capsys.readouterr().out
    assert k4arecorder(["--compat", "-d", "X", "x.mkv"]) == 1
    assert capsys.readouterr().err == "-d: Unknown depth mode specified: X\n"
    path = tmp_path / "out.mkv"
    path.write_bytes(b"old")
    assert k4arecorder(["--compat", "--simulate", *SMALL, "-l", "1", "--imu", "off", str(path)]) == 0
    with k.Playback(path) as playback:
        assert len(playback.captures) in (30, 31) and "PYK4A_RP_METADATA" not in playback.tracks
