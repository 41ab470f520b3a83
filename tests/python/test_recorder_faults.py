"""Recorders that are given wrong things, or whose surroundings change: nothing is lost, and errors say why."""

from __future__ import annotations

import copy
import errno
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pyk4a_rp as k

from .test_recorder import DEPTH_ONLY, START_USEC, capture


def small_device() -> k.Device:
    return k.Device.simulated(configuration=DEPTH_ONLY, on_demand=True)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"queue_limit_bytes": -1}, ValueError),
        ({"queue_limit_bytes": "x"}, TypeError),
        ({"queue_limit_bytes": 5, "provider": "microsoft"}, k.NotSupportedError),
        ({"calibration": 5}, TypeError),
        ({"calibration": "{}"}, k.K4AError),
        ({"configuration": 3}, TypeError),
        ({"provider": "nobody's"}, k.ProviderError),
    ],
)
def test_recording_to_be_replaced_outlives_wrong_arguments(
    request: pytest.FixtureRequest, tmp_path: Path, arguments: dict[str, Any], error: type[Exception]
) -> None:
    if arguments.get("provider") == "microsoft":
        request.getfixturevalue("microsoft")
    path = tmp_path / "x.mkv"
    path.write_bytes(b"precious")
    with pytest.raises(error):
        k.Recorder(path, **{"configuration": DEPTH_ONLY, "overwrite": True, **arguments})
    assert path.read_bytes() == b"precious"
    assert [one.name for one in tmp_path.iterdir()] == ["x.mkv"]


def test_recording_to_be_replaced_outlives_an_imu_that_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.mkv"
    path.write_bytes(b"precious")
    with small_device() as device:
        device.start()
        with monkeypatch.context() as broken:
            broken.setattr(k.k4a, "k4a_device_start_imu", lambda handle: 1)
            with pytest.raises(k.K4AError):
                k.Recorder(path, device=device, imu=True, overwrite=True)
        assert path.read_bytes() == b"precious"
        device.stop()
        device.start()  # nobody wants the IMU any more
        assert not device.imu_running


def test_error_says_what_the_library_said(provider: Any, tmp_path: Path) -> None:
    with k.Recorder(tmp_path / "x.mkv", configuration=DEPTH_ONLY, provider="bundled") as recorder:
        recorder.write_capture(capture(0))
        wrong = k.Capture(depth=k.Image(k.ImageFormat.DEPTH16, 640, 576, provider=provider))
        with pytest.raises(k.RecorderError, match="the depth image has 640 x 576 pixels") as caught:
            recorder.write_capture(wrong)
        assert any("640 x 576" in text for text in caught.value.native_messages)
        assert caught.value.errno is None
        with pytest.raises(k.RecorderError, match="comes too late"):
            late = capture(0)
            late.depth.device_timestamp_usec = 5  # type: ignore[union-attr]
            recorder.flush()
            recorder.write_capture(late)


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_disk_that_is_full_before_the_header_is_named(tmp_path: Path) -> None:
    code = """if True:
        import resource, signal, sys
        import pyk4a_rp as k
        from tests.python.test_recorder import DEPTH_ONLY, capture
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        recorder = k.Recorder(sys.argv[1], configuration=DEPTH_ONLY)
        recorder.add_attachment("large.bin", bytes(100_000))
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
        try:
            recorder.write_capture(capture(0))
        except k.RecorderError as error:
            print(error.errno, error.filename == sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        recorder.write_capture(capture(0))  # there is room again
        recorder.close()
        """
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "x.mkv")],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(errno.EFBIG), "True"]
    with k.Playback(tmp_path / "x.mkv") as playback:
        assert len(playback.captures) == 1 and len(playback.attachments["large.bin"]) == 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="a folder with an open file cannot be renamed there")
def test_renamed_folder_does_not_end_the_recording(tmp_path: Path) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    with k.Recorder(folder / "x.mkv", configuration=DEPTH_ONLY) as recorder:
        recorder.write_capture(capture(0))
        folder.rename(tmp_path / "after")
        recorder._next_space_check = 0
        recorder.write_capture(capture(1))
        with pytest.raises(FileNotFoundError):
            recorder.free_bytes  # noqa: B018
    with k.Playback(tmp_path / "after" / "x.mkv") as playback:
        assert len(playback.captures) == 2


def test_imu_samples_of_a_device_go_to_one_recorder(tmp_path: Path) -> None:
    with small_device() as device:
        with k.Recorder(tmp_path / "first.mkv", device=device, imu=True):
            with pytest.raises(ValueError, match=r"go to another recorder already"):
                k.Recorder(tmp_path / "second.mkv", device=device, imu=True)
            assert not (tmp_path / "second.mkv").exists()
            with k.Recorder(tmp_path / "third.mkv", device=device) as third:  # without IMU there is nothing to share
                third.record(frames=2)
            assert device.imu_running
        with k.Recorder(tmp_path / "second.mkv", device=device, imu=True) as second:
            second.record(frames=5)
        assert second._imu_samples > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("end", ["close", "drop", "exit"])
def test_forked_process_leaves_the_recording_to_its_parent(tmp_path: Path, end: str) -> None:
    path = tmp_path / "x.mkv"
    code = """if True:
        import os, sys
        import pyk4a_rp as k
        from tests.python.test_recorder import DEPTH_ONLY, capture
        recorder = k.Recorder(sys.argv[1], configuration=DEPTH_ONLY)
        recorder.write_capture(capture(0))
        if os.fork() == 0:
            try:
                recorder.write_capture(capture(7))
            except k.RecorderError as error:
                assert "forked" in str(error), error
            else:
                os._exit(3)
            if sys.argv[2] == "close":
                recorder.close()
                recorder.close()
                os._exit(0 if recorder.closed else 4)
            if sys.argv[2] == "drop":
                del recorder
                os._exit(0)
            sys.exit(0)
        _, status = os.wait()
        assert status == 0, status
        recorder.write_capture(capture(1))
        recorder.close()
        """
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code, str(path), end],
        capture_output=True,
        text=True,
        cwd=root,
        timeout=120,  # it hung
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    assert "ResourceWarning" not in done.stderr
    with k.Playback(path) as playback:
        assert [one.device_timestamp_usec for one in playback] == [START_USEC, START_USEC + 33333]


def test_close_by_another_thread_ends_record(tmp_path: Path) -> None:
    for number in range(10):
        with small_device() as device:
            recorder = k.Recorder(tmp_path / f"{number}.mkv", device=device)
            outcome: list[Any] = []
            begun = threading.Event()

            def work(
                recorder: k.Recorder = recorder, outcome: list[Any] = outcome, begun: threading.Event = begun
            ) -> None:
                write = recorder.write_capture

                def write_and_tell(capture: Any) -> None:
                    write(capture)
                    begun.set()

                recorder.write_capture = write_and_tell  # type: ignore[method-assign]
                try:
                    outcome.append(recorder.record())
                except BaseException as error:
                    outcome.append(error)

            thread = threading.Thread(target=work)
            thread.start()
            begun.wait(60)
            recorder.close()
            thread.join()
            assert isinstance(outcome[0], int) and outcome[0] > 0, outcome
            with k.Playback(recorder.path) as playback:
                assert len(playback.captures) == outcome[0]


@pytest.mark.skipif(sys.platform == "win32", reason="there the system refuses, in its own words")
def test_file_that_is_being_recorded_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    other = tmp_path / "other.mkv"
    with k.Recorder(other, configuration=DEPTH_ONLY) as recorder:
        recorder.write_capture(capture(0))
    with k.Recorder(path, configuration=DEPTH_ONLY) as recorder:
        recorder.write_capture(capture(0))
        recorder.flush()
        with pytest.raises(k.RecorderError, match="is being written by another recorder"):
            k.Recorder(path, configuration=DEPTH_ONLY, overwrite=True)
        with pytest.raises(k.RecordingError, match="it is being recorded"):
            k.repair(path, in_place=True)
        with pytest.raises(k.RecordingError, match="it is being recorded"):
            k.copy(other, path, overwrite=True)
        assert sorted(one.name for one in tmp_path.iterdir()) == ["other.mkv", "x.mkv"]
        recorder.write_capture(capture(1))
    with k.Playback(path) as playback:
        assert len(playback.captures) == 2
    k.repair(path, in_place=True)
    k.Recorder(path, configuration=DEPTH_ONLY, overwrite=True).close()


def test_recording_that_is_replayed_is_not_recorded_over(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with k.Recorder(path, configuration=DEPTH_ONLY) as recorder:
        recorder.write_capture(capture(0))
    whole = path.read_bytes()
    message = r"x\.mkv is the recording that .* replays"
    with k.Device.simulated(path, on_demand=True) as device, pytest.raises(ValueError, match=message):
        k.Recorder(path, device=device, overwrite=True)
    assert path.read_bytes() == whole


def test_pause_between_two_records_is_no_loss(tmp_path: Path) -> None:
    with small_device() as device, k.Recorder(tmp_path / "x.mkv", device=device) as recorder:
        assert recorder.record(frames=3) == 3
        for _ in range(20):
            device.get_capture().release()
        assert recorder.record(frames=3) == 3
        assert recorder.dropped_captures == 0


def test_recorders_are_not_copied(tmp_path: Path) -> None:
    with k.Recorder(tmp_path / "x.mkv", configuration=DEPTH_ONLY) as recorder:
        for call in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="a Recorder writes a file and cannot be pickled or copied"):
                call(recorder)  # type: ignore[operator]
        recorder.write_capture(capture(0))


def test_wrong_arguments_are_refused_by_name_and_cost_nothing(tmp_path: Path) -> None:
    with small_device() as device, k.Recorder(tmp_path / "x.mkv", device=device) as recorder:
        nothing: Any = None
        calls: list[tuple[type[Exception], str, Callable[[], Any]]] = [
            (ValueError, "seconds are greater than 0, not nan", lambda: recorder.record(seconds=float("nan"))),
            (ValueError, "seconds are greater than 0, not -1", lambda: recorder.record(seconds=-1)),
            (ValueError, "frames are greater than 0, not 0", lambda: recorder.record(frames=0)),
            (TypeError, "float", lambda: recorder.record(frames=2.5)),  # type: ignore[arg-type]
            (TypeError, "capture is a Capture, not a NoneType", lambda: recorder.write_capture(nothing)),
            (
                ValueError,
                "PYK4A_RP_ is for what the recorder keeps itself",
                lambda: recorder.add_custom_subtitle_track("PYK4A_RP_METADATA", "S_X"),
            ),
        ]
        for error, message, call in calls:
            with pytest.raises(error, match=message):
                call()
        recorder.add_tag("STILL", "possible")
        assert recorder.record(frames=2) == 2
