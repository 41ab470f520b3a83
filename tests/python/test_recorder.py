"""What `Recorder` writes, `Playback` reads."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp.recorder import RecorderError

START_USEC = 1_000_000
PERIOD_USEC = 33333
DEPTH_ONLY = k.DeviceConfiguration(color_resolution=k.ColorResolution.OFF, depth_mode=k.DepthMode.NFOV_2X2BINNED)
BOTH = k.DeviceConfiguration(
    color_format=k.ImageFormat.COLOR_NV12,
    color_resolution=k.ColorResolution.RES_720P,
    depth_mode=k.DepthMode.NFOV_2X2BINNED,
)


def pixels(number: int) -> np.ndarray[Any, Any]:
    return (np.arange(288 * 320, dtype=np.uint32).reshape(288, 320) * 7 + number).astype(np.uint16)


def capture(number: int, *, provider: Any = "bundled", color: bool = False) -> k.Capture:
    at = START_USEC + number * PERIOD_USEC
    made = []
    for format in (k.ImageFormat.DEPTH16, k.ImageFormat.IR16):
        image = k.Image.from_array(pixels(number + format), format, provider=provider)
        image.device_timestamp_usec = at
        image.system_timestamp_nsec = 5_000_000_000 + number
        made.append(image)
    picture = None
    if color:
        plane = np.full((720 * 3 // 2, 1280), number, np.uint8)
        picture = k.Image.from_array(plane, k.ImageFormat.COLOR_NV12, provider=provider)
        picture.device_timestamp_usec = at
        picture.exposure_usec, picture.white_balance, picture.iso_speed = 8330, 4500, 400
    return k.Capture(picture, *made, temperature_c=31.5)


def sample(number: int) -> k.ImuSample:
    at = START_USEC + number * 600
    return k.ImuSample(at, (0.5, 1.5, 9.75 + number), at + 1, (-0.5, 0.25, number), 30.25)


def test_recorder_round_trip_returns_what_was_written(provider: Any, tmp_path: Path, shared_dir: Path) -> None:
    path = tmp_path / "new.mkv"
    calibration = (shared_dir / "calibrations" / "pyk4a_001514394512_compact.json").read_bytes()
    with k.Recorder(path, configuration=BOTH, imu=True, calibration=calibration, provider=provider) as recorder:
        recorder.add_tag("OPERATOR", "mé")
        recorder.add_attachment("notes.txt", b"a note")
        recorder.add_custom_video_track("MASKS", "V_UNCOMPRESSED", k.VideoSettings(32, 16, 30), b"context")
        recorder.add_custom_subtitle_track("EVENTS", "S_EVENTS", high_frequency=False)
        for number in range(5):
            recorder.write_capture(capture(number, provider=provider, color=True))
            recorder.write_custom_track_data("EVENTS", START_USEC + number * PERIOD_USEC + 5, b"event %d" % number)
        for number in range(40):
            recorder.write_imu_sample(sample(number))
        state = recorder.state
        assert (state.captures, state.imu_samples) == (5, 40)
    assert recorder.closed
    for reader in ("bundled", provider):
        with k.Playback(path, provider=reader) as playback:
            assert playback.tags["OPERATOR"] == "mé"
            assert playback.attachments["notes.txt"] == b"a note"
            assert playback.raw_calibration == calibration
            assert playback.calibration.depth_mode == k.DepthMode.NFOV_2X2BINNED
            assert playback.tracks["MASKS"].video_settings == k.VideoSettings(32, 16, 30)
            assert playback.tracks["MASKS"].codec_context == b"context"
            events = list(playback.tracks["EVENTS"].data_blocks())
            assert [(e.device_timestamp_usec, e.data) for e in events] == [
                (START_USEC + n * PERIOD_USEC + 5, b"event %d" % n) for n in range(5)
            ]
            captures = list(playback)
            assert len(captures) == 5
            for number, read in enumerate(captures):
                assert set(read.timestamps) == {START_USEC + number * PERIOD_USEC}
                assert np.array_equal(read.depth.array, pixels(number + k.ImageFormat.DEPTH16))
                assert np.array_equal(read.ir.array, pixels(number + k.ImageFormat.IR16))
                assert (read.color.array == number).all()
            imu = playback.imu
            assert len(imu) == 40
            assert imu["acc_timestamp_usec"].tolist() == [START_USEC + n * 600 for n in range(40)]
            assert imu["acc"][7].tolist() == [0.5, 1.5, 16.75] and imu["gyro"][7].tolist() == [-0.5, 0.25, 7.0]


def test_recorder_keeps_metadata_unless_told_not_to(tmp_path: Path) -> None:
    for keep in (True, False):
        path = tmp_path / f"{keep}.mkv"
        with k.Recorder(path, configuration=BOTH, metadata=keep, provider="bundled") as recorder:
            recorder.write_capture(capture(0, color=True))
        with k.Playback(path) as playback:
            assert ("PYK4A_RP_METADATA" in playback.tracks) == keep
            read = playback.captures[0]
            assert read.color.exposure_usec == (8330 if keep else 0)
            assert read.depth.system_timestamp_nsec == (5_000_000_000 if keep else 0)
            assert read.temperature_c == 31.5 if keep else read.temperature_c != read.temperature_c


def test_recorder_takes_captures_of_another_provider(microsoft: Any, tmp_path: Path) -> None:
    for writer, other in (("bundled", microsoft), (microsoft, "bundled")):
        path = tmp_path / f"{k.load_provider(writer).name}.mkv"
        with k.Recorder(path, configuration=BOTH, provider=writer) as recorder:
            recorder.write_capture(capture(3, provider=other, color=True))
        with k.Playback(path, provider="bundled") as playback:
            read = playback.captures[0]
            assert np.array_equal(read.depth.array, pixels(3 + k.ImageFormat.DEPTH16))
            assert (read.color.array == 3).all() and read.color.device_timestamp_usec == START_USEC + 3 * PERIOD_USEC


def test_existing_file_is_refused_and_stays_unless_overwritten(provider: Any, tmp_path: Path) -> None:
    path = tmp_path / "there.mkv"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError) as caught:
        k.Recorder(path, configuration=DEPTH_ONLY, provider=provider)
    assert caught.value.errno == errno.EEXIST and caught.value.filename == str(path)
    assert path.read_bytes() == b"precious"
    with k.Recorder(path, configuration=DEPTH_ONLY, overwrite=True, provider=provider) as recorder:
        recorder.write_capture(capture(0, provider=provider))
    with k.Playback(path, provider=provider) as playback:
        assert len(playback.captures) == 1


def test_missing_folder_is_an_ordinary_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        k.Recorder(tmp_path / "no" / "x.mkv", configuration=DEPTH_ONLY)
    with pytest.raises(TypeError, match="a device or a configuration"):
        k.Recorder(tmp_path / "x.mkv")
    with pytest.raises(ValueError, match="does not know its text"):
        native = k.k4a.k4a_calibration_t()
        k.Recorder(tmp_path / "x.mkv", configuration=DEPTH_ONLY, calibration=k.Calibration.from_native(native))
    assert list(tmp_path.iterdir()) == []


def test_additions_after_data_and_bad_names_are_refused_with_reasons(provider: Any, tmp_path: Path) -> None:
    with k.Recorder(tmp_path / "x.mkv", configuration=DEPTH_ONLY, provider=provider) as recorder:
        with pytest.raises(ValueError, match="'lower' is no name of a tag"):
            recorder.add_tag("lower", "x")
        with pytest.raises(ValueError, match="greater than 0"):
            recorder.add_custom_video_track("V", "V_X", k.VideoSettings(4, 4, 0))
        recorder.write_capture(capture(0, provider=provider))
        with pytest.raises(ValueError, match="too late for a tag"):
            recorder.add_tag("LATE", "x")
        with pytest.raises(RecorderError, match="does not take the IMU sample") as caught:
            recorder.write_imu_sample(sample(0))
        assert caught.value.filename.endswith("x.mkv") and caught.value.call == "k4a_record_write_imu_sample"
    with pytest.raises(ValueError, match="closed"):
        recorder.write_capture(capture(1, provider=provider))
    recorder.close()


def test_forgotten_recorder_warns_and_completes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    recorder = k.Recorder(path, configuration=DEPTH_ONLY)
    recorder.write_capture(capture(0))
    with pytest.warns(ResourceWarning, match=r"unclosed <Recorder .*x\.mkv"):
        del recorder
    with k.Playback(path) as playback:
        assert len(playback.captures) == 1 and playback.damage is None


def test_flushed_file_can_be_read_before_it_is_closed(provider: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with k.Recorder(path, configuration=DEPTH_ONLY, provider=provider) as recorder:
        for number in range(3):
            recorder.write_capture(capture(number, provider=provider))
        recorder.flush()
        with k.Playback(path, provider=provider) as playback:
            assert len(playback.captures) == 3


@pytest.mark.parametrize(
    "sizes",
    [[2, 2], [2, 5], [100, 300, 2], [2, 70000], [70000, 2], [5, 70000, 3, 100], [1, 64, 1], [16383, 1, 16383, 2]],
)
def test_high_frequency_track_keeps_payloads_of_any_size(provider: Any, tmp_path: Path, sizes: list[int]) -> None:
    """Such data share blocks, which tell the sizes in one of three ways."""
    path = tmp_path / "x.mkv"
    payloads = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    with k.Recorder(path, configuration=DEPTH_ONLY, provider="bundled") as recorder:
        recorder.add_custom_subtitle_track("NOTES", "S_NOTES", high_frequency=True)
        recorder.write_capture(capture(0))
        for number, payload in enumerate(payloads):
            recorder.write_custom_track_data("NOTES", START_USEC + 100 * number, payload)
    with k.Playback(path, provider=provider) as playback:
        assert [bytes(block.data) for block in playback.tracks["NOTES"].data_blocks()] == payloads


def test_three_threads_write_to_one_recorder(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    with k.Recorder(path, configuration=DEPTH_ONLY, imu=True) as recorder:
        recorder.add_custom_subtitle_track("EVENTS", "S_EVENTS")

        def captures() -> None:
            for number in range(20):
                recorder.write_capture(capture(number))

        def samples() -> None:
            for number in range(1000):
                recorder.write_imu_sample(sample(number))

        def events() -> None:
            for number in range(20):
                recorder.write_custom_track_data("EVENTS", START_USEC + number, b"x")

        threads = [threading.Thread(target=work) for work in (captures, samples, events)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with k.Playback(path) as playback:
        assert (len(playback.captures), len(playback.imu)) == (20, 1000)
        assert playback.tracks["EVENTS"].frame_count == 20


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_full_disk_raises_with_errno_path_and_what_was_saved(tmp_path: Path) -> None:
    code = """if True:
        import errno, resource, signal, sys
        import pyk4a_rp as k
        from tests.python.test_recorder import DEPTH_ONLY, capture
        from pyk4a_rp.recorder import RecorderError
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))
        try:
            with k.Recorder(sys.argv[1], configuration=DEPTH_ONLY, metadata=False, provider="bundled") as recorder:
                for number in range(300):
                    recorder.write_capture(capture(number))
        except RecorderError as error:
            assert error.errno == errno.EFBIG, error.errno
            assert error.filename == sys.argv[1] and sys.argv[1] in str(error)
            assert 0 < error.frames_on_disk < 600 and str(error.frames_on_disk) in str(error)
            assert 0 < error.bytes_on_disk <= 4_000_000
            print(error.frames_on_disk)
        """
    path = tmp_path / "x.mkv"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    saved = int(done.stdout)
    with k.Playback(path) as playback:
        assert 2 * len(playback.captures) == saved > 0
