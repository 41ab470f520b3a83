"""Copying, repairing and verifying: what they say, and that nothing of the user's is lost when they fail."""

from __future__ import annotations

import ctypes
import math
import operator
import os
import re
import signal
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp import _extensions, cli
from tests.python.conftest import Recording

FRAMES, SAMPLES_PER_FRAME = 6, 20

posix = pytest.mark.skipif(sys.platform == "win32", reason="files have no mode, or cannot be replaced while open")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has mapped")


@pytest.fixture
def source(record: Callable[..., Recording]) -> Path:
    """Depth, infrared and laced samples; never closed."""
    return record(color=None, imu_per_frame=SAMPLES_PER_FRAME, closed=False).path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """What somebody has already, in a folder of its own."""
    path = tmp_path / "targets" / "target.mkv"
    path.parent.mkdir()
    path.write_bytes(b"precious")
    return path


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def is_whole(path: Path) -> bool:
    report = k.verify(path)
    return report.ok and report.frames == FRAMES * (2 + SAMPLES_PER_FRAME)


def run_python(program: str, *arguments: object) -> str:
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# ---- what is there already ----


@pytest.mark.parametrize(
    "options", [{"start": 100}, {"tracks": ["NOPE"]}, {"tracks": []}], ids=["nothing left", "no track", "no tracks"]
)
def test_copy_that_fails_keeps_what_it_should_replace(source: Path, target: Path, options: dict[str, Any]) -> None:
    with pytest.raises(k.RecordingError):
        k.copy(source, target, overwrite=True, **options)
    assert target.read_bytes() == b"precious"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("work", [k.copy, k.repair])
def test_target_of_a_source_that_is_no_recording_is_kept(
    tmp_path: Path, target: Path, work: Callable[..., Any]
) -> None:
    junk = tmp_path / "junk.mkv"
    junk.write_bytes(b"x" * 100)
    with pytest.raises(k.RecordingError):
        work(junk, target, overwrite=True)
    assert target.read_bytes() == b"precious"
    assert list(target.parent.iterdir()) == [target]


@posix
@pytest.mark.parametrize("overwrite", [True, False])
def test_full_disk_leaves_the_old_file_or_none(source: Path, target: Path, overwrite: bool) -> None:
    if not overwrite:
        target.unlink()
    program = """
        import resource, sys, pyk4a_rp as k
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))
        try:
            k.copy(sys.argv[1], sys.argv[2], overwrite=sys.argv[3] == "True")
        except k.RecordingError as error:
            print(error)
    """
    assert "cannot be written at" in run_python(program, source, target, overwrite)
    assert {path.name: path.read_bytes() for path in target.parent.iterdir()} == (
        {"target.mkv": b"precious"} if overwrite else {}
    )


@posix
def test_file_that_may_not_be_written_is_not_replaced(source: Path, target: Path) -> None:
    target.chmod(0o444)
    target.parent.chmod(0o777)
    (target.parent / "source.mkv").write_bytes(source.read_bytes())
    program = """
        import os, sys, pyk4a_rp as k
        os.chdir(sys.argv[1])
        k.verify("source.mkv")  # whatever has to be imported is
        if os.geteuid() == 0:  # root may write everything
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
        try:
            k.copy("source.mkv", "target.mkv", overwrite=True)
        except k.RecordingError as error:
            print(error)
    """
    assert "target.mkv cannot be replaced: Permission denied" in run_python(program, target.parent)
    assert target.read_bytes() == b"precious"
    assert sorted(path.name for path in target.parent.iterdir()) == ["source.mkv", "target.mkv"]


def test_engine_creates_no_file_where_there_is_one(bundled: Any, source: Path, target: Path) -> None:
    # As if it had appeared after Python looked.
    assert _extensions.recording_copy(source, target, provider=bundled)[1] is None
    assert _extensions.recording_repair(source, target, provider=bundled)[1] is None
    assert target.read_bytes() == b"precious"
    with pytest.raises(FileExistsError):
        k.copy(source, target)
    with pytest.raises(FileExistsError):
        k.repair(source, target)


@pytest.mark.parametrize("work", [k.copy, k.repair])
def test_overwriting_replaces_a_file(source: Path, target: Path, work: Callable[..., Any]) -> None:
    work(source, target, overwrite=True)
    assert is_whole(target)
    assert list(target.parent.iterdir()) == [target]


def test_overwriting_creates_what_is_not_there(source: Path, target: Path) -> None:
    target.unlink()
    k.copy(source, target, overwrite=True)
    assert is_whole(target)


def test_recording_is_not_copied_onto_itself(source: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(k.RecordingError, match="onto itself"):
        k.copy(source, source, overwrite=True)
    assert source.read_bytes() == before


@posix
def test_what_replaces_a_file_has_its_mode(source: Path, target: Path) -> None:
    target.chmod(0o640)
    k.copy(source, target, overwrite=True)
    assert mode_of(target) == 0o640
    source.chmod(0o600)
    k.repair(source, in_place=True)
    assert mode_of(source) == 0o600 and is_whole(source)


@posix
def test_new_file_has_the_mode_of_every_new_file(source: Path, target: Path) -> None:
    k.copy(source, target.with_name("new.mkv"))
    (target.parent / "other").touch()
    assert mode_of(target.with_name("new.mkv")) == mode_of(target.parent / "other")


@posix
def test_reader_of_a_file_that_is_overwritten_keeps_its_pictures(
    record: Callable[..., Recording], source: Path
) -> None:
    played = record(color=None)
    with k.Playback(played.path) as playback:
        capture = playback.captures[3]
        k.copy(source, played.path, overwrite=True)
        assert np.array_equal(capture.depth.array, played.array("DEPTH", 3))


@posix
@pytest.mark.parametrize("kind", ["directory", "pipe"])
def test_target_that_is_no_file_is_refused_by_name(source: Path, target: Path, kind: str) -> None:
    target.unlink()
    target.mkdir() if kind == "directory" else os.mkfifo(target)
    for work in (k.copy, k.repair):
        with pytest.raises(k.RecordingError, match=f"target.mkv is a {kind}.*, not a file"):
            work(source, target, overwrite=True)
    assert list(target.parent.iterdir()) == [target]
    assert target.is_dir() if kind == "directory" else target.is_fifo()


# ---- links ----


@pytest.fixture
def link(target: Path) -> Path:
    """A link to the target, in another folder, by a relative path."""
    path = target.parent.parent / "links" / "link.mkv"
    path.parent.mkdir()
    try:
        path.symlink_to(Path("..") / "targets" / "target.mkv")
    except OSError:
        if sys.platform != "win32":
            raise
        pytest.skip("this user of Windows may not make links")
    return path


def test_overwriting_a_link_replaces_what_it_leads_to(source: Path, target: Path, link: Path) -> None:
    k.copy(source, link, overwrite=True)
    assert link.is_symlink() and not target.is_symlink()
    assert is_whole(target)
    assert list(target.parent.iterdir()) == [target] and list(link.parent.iterdir()) == [link]


def test_repair_in_place_of_a_link_repairs_what_it_leads_to(source: Path, target: Path, link: Path) -> None:
    target.write_bytes(source.read_bytes())
    assert not k.repair(link, in_place=True).closed
    assert link.is_symlink() and not target.is_symlink()
    assert is_whole(target)


def test_link_to_nothing_is_followed_only_to_overwrite(source: Path, target: Path, link: Path) -> None:
    target.unlink()
    with pytest.raises(FileExistsError):
        k.copy(source, link)
    assert not target.exists()
    k.copy(source, link, overwrite=True)
    assert link.is_symlink() and is_whole(target)


def test_links_in_a_circle_are_refused(source: Path, target: Path, link: Path) -> None:
    target.unlink()
    target.symlink_to(link)
    with pytest.raises(k.RecordingError, match=r"link\.mkv cannot be followed"):
        k.copy(source, link, overwrite=True)


# ---- in place ----


def test_repair_in_place_touches_no_other_file(source: Path) -> None:
    others = [source.with_name(source.name + ".repaired"), source.with_name(source.name + ".part")]
    for other in others:
        other.write_bytes(b"precious")
    k.repair(source, in_place=True)
    assert is_whole(source)
    assert [other.read_bytes() for other in others] == [b"precious"] * 2
    assert sorted(source.parent.iterdir()) == sorted([source, *others])


def test_repair_in_place_that_fails_keeps_the_file(tmp_path: Path) -> None:
    junk = tmp_path / "junk.mkv"
    junk.write_bytes(b"x" * 100)
    with pytest.raises(k.RecordingError):
        k.repair(junk, in_place=True)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("junk.mkv", b"x" * 100)]


def test_name_as_long_as_names_can_be_is_overwritten(source: Path, target: Path) -> None:
    long = target.rename(target.with_name("n" * 251 + ".mkv"))
    k.copy(source, long, overwrite=True)
    assert is_whole(long)
    assert list(target.parent.iterdir()) == [long]


# ---- what is counted, what is taken ----


def test_frames_are_images_samples_and_custom_data_whoever_counts(tmp_path: Path) -> None:
    configuration = k.DeviceConfiguration(color_resolution=k.ColorResolution.OFF, depth_mode=k.DepthMode.NFOV_2X2BINNED)
    path = tmp_path / "recorded.mkv"
    with k.Recorder(path, configuration=configuration, imu=True) as recorder:
        recorder.add_custom_subtitle_track("EVENTS", "S_EVENTS", high_frequency=False)
        for number in range(5):
            at = 1_000_000 + number * 33_333
            depth = k.Image.from_array(np.zeros((288, 320), np.uint16), k.ImageFormat.DEPTH16, device_timestamp_usec=at)
            recorder.write_capture(k.Capture(None, depth, temperature_c=30))
            recorder.write_custom_track_data("EVENTS", at, b"event")
            for step in range(50):
                usec = at + step * 600
                recorder.write_imu_sample(k.ImuSample(usec, (0, 0, 9.8), usec, (0, 0, 0), 25.0))
    with k.Playback(path) as playback:
        tracks = {track.name: track.frame_count for track in playback.tracks.values()}
        assert "PYK4A_RP_METADATA" in tracks and len(playback.imu) == 250
    expected = 5 + 5 + 250
    assert k.verify(path).frames == expected
    assert k.copy(path, tmp_path / "copy.mkv").frames == expected
    assert k.repair(path, tmp_path / "repaired.mkv").frames == expected
    assert k.verify(tmp_path / "copy.mkv").frames == expected
    # Cut inside the laced blocks.
    part = k.copy(path, tmp_path / "part.mkv", 0.05, 0.0833)
    assert part.frames == k.verify(tmp_path / "part.mkv").frames < expected


def test_copy_of_no_track_but_metadata_fails(source: Path, target: Path) -> None:
    for tracks in ([], ["PYK4A_RP_METADATA"]):
        with pytest.raises(k.RecordingError, match=r"no track"):
            k.copy(source, target.with_name("new.mkv"), tracks=tracks)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("tracks", ["DEPTH", b"DEPTH"])
def test_copy_refuses_a_single_name_of_a_track(source: Path, target: Path, tracks: Any) -> None:
    with pytest.raises(TypeError, match=r"not the single name b?'DEPTH'"):
        k.copy(source, target.with_name("new.mkv"), tracks=tracks)


@pytest.mark.parametrize(
    ("start", "end"),
    [(math.nan, None), (None, math.nan), (math.inf, None), (1e30, None), (-1, None), (None, -math.inf), (2, 1), (1, 1)],
)
def test_copy_refuses_a_range_in_which_nothing_can_lie(source: Path, target: Path, start: Any, end: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(f"nothing lies from start={start} to end={end}")):
        k.copy(source, target, start, end, overwrite=True)
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize("end", [math.inf, 1e30])
def test_copy_up_to_an_end_beyond_every_recording_leaves_nothing_out(source: Path, target: Path, end: float) -> None:
    assert k.copy(source, target, 0, end, overwrite=True).frames == FRAMES * (2 + SAMPLES_PER_FRAME)


def test_paths_may_be_bytes(source: Path, target: Path) -> None:
    new = os.fsencode(target.with_name("größe.mkv"))
    assert k.copy(os.fsencode(source), new).frames == k.verify(new).frames > 0
    assert k.copy(os.fsencode(source), new, overwrite=True).frames == k.verify(new).frames
    assert k.repair(os.fsencode(source)).frames > 0
    assert is_whole(source.with_name(f"{source.stem}-repaired.mkv"))


def test_other_provider_for_files_leaves_recordings_to_the_engine(
    microsoft: Any, source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYK4A_RP_PROVIDER", "microsoft")
    assert k.repair(source, target, overwrite=True).frames > 0
    assert k.copy(target, target.with_name("copy.mkv")).frames > 0
    assert is_whole(target) and is_whole(target.with_name("copy.mkv"))


# ---- pictures ----


class Pictures(Recording):
    """Colour that begins and ends like a JPEG, as far as its rest says."""

    rest = b""

    def array(self, track: str, index: int) -> np.ndarray[Any, Any]:
        return np.frombuffer(b"\xff\xd8" + bytes([index]) * 9000 + self.rest, np.uint8)


@pytest.mark.parametrize("rest", [b"\xff\xd9", b"\xff\xd9" + bytes(1000)], ids=["plain", "padded"])
def test_whole_jpeg_is_no_problem(tmp_path: Path, rest: bytes) -> None:
    recording = Pictures(depth_mode=None)
    recording.rest = rest
    report = k.verify(recording.write(tmp_path / "pictures.mkv").path)
    assert (report.frames, report.problems) == (FRAMES, [])


def test_jpeg_without_its_end_is_a_problem(tmp_path: Path) -> None:
    report = k.verify(Pictures(depth_mode=None).write(tmp_path / "pictures.mkv").path)
    assert report.problem_count == FRAMES
    assert all("of the track COLOR" in line and "is a JPEG without its end" in line for line in report.problems)


# ---- damage that claims too much ----

CLUSTER_ID = b"\x1f\x43\xb6\x75"


def claim_everything(source: Path, size: int) -> None:
    """Make the last cluster claim the rest of a file that is as large, most of it a hole."""
    data = source.read_bytes()
    at = data.rfind(CLUSTER_ID) + 4
    old_width = 9 - data[at].bit_length()
    claimed = (1 << 56 | size - at - 8).to_bytes(8, "big")
    source.write_bytes(data[:at] + claimed + data[at + old_width :])
    os.truncate(source, size)


@linux
def test_cluster_that_claims_gigabytes_takes_no_memory(source: Path, target: Path) -> None:
    claim_everything(source, 1 << 30)
    program = """
        import resource, sys, pyk4a_rp as k
        from pathlib import Path
        k.copy(sys.argv[2], sys.argv[3], overwrite=True)  # whatever has to be loaded is
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + (256 << 20), resource.RLIM_INFINITY))
        verified = k.verify(sys.argv[1])
        print(verified.frames, verified.corrupt, k.repair(sys.argv[1], sys.argv[3], overwrite=True).frames)
    """
    small = target.with_name("small.mkv")
    Recording(color=None, frames=1).write(small)
    frames = FRAMES * (2 + SAMPLES_PER_FRAME)
    assert run_python(program, source, small, target) == f"{frames} True {frames}"


def test_block_that_claims_gigabytes_is_lost_and_not_copied(source: Path, target: Path) -> None:
    size, kept = 2 << 30, source.stat().st_size
    claimed = size - (kept + 5) - 9  # the size of the cluster will take 8 bytes instead of 3
    with source.open("ab") as file:
        file.write(b"\xa3" + (1 << 56 | claimed).to_bytes(8, "big") + b"\x82\x00\x00\x80")  # of the track DEPTH
    claim_everything(source, size)
    report = k.repair(source, target, overwrite=True)
    assert report.frames == FRAMES * (2 + SAMPLES_PER_FRAME)
    assert report.corrupt and report.lost_bytes == claimed - 4
    assert target.stat().st_size < 2 * kept
    problems = k.verify(source).problems
    assert any(f"of the track DEPTH has {claimed - 4} bytes, expected {320 * 288 * 2}" in line for line in problems)


# ---- Ctrl-C ----


def interrupting(value: object) -> Any:
    """Return an iterator that gives a value and presses Ctrl-C, without Python looking at its signals in between."""
    press = ctypes.pythonapi.PyErr_SetInterruptEx  # returns 0
    return map(operator.getitem, [[value]], map(press, [int(signal.SIGINT)]))


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Have Ctrl-C do what it does in a terminal: processes in the background may ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class InterruptingYes:
    """Presses Ctrl-C when it is asked whether it is true."""

    __bool__ = staticmethod(partial(next, interrupting(True)))


def test_interrupted_copy_leaves_no_file(bundled: Any, source: Path, target: Path, ctrl_c: None) -> None:
    new = target.with_name("new.mkv")
    with pytest.raises(KeyboardInterrupt):
        _extensions.recording_copy(source, new, tracks=interrupting("DEPTH"), provider=bundled)
    assert list(target.parent.iterdir()) == [target]


def test_interrupted_repair_keeps_what_it_should_replace(
    bundled: Any, source: Path, target: Path, ctrl_c: None
) -> None:
    with pytest.raises(KeyboardInterrupt):
        _extensions.recording_repair(source, target, InterruptingYes(), provider=bundled)
    assert target.read_bytes() == b"precious"
    assert list(target.parent.iterdir()) == [target]


@posix
def test_verify_hears_signals_while_it_reads(source: Path) -> None:
    class Heard(Exception):
        pass

    def raise_it(*_: object) -> None:
        raise Heard

    claim_everything(source, 8 << 30)  # whose checksum takes longer than the timer
    before = signal.signal(signal.SIGPROF, raise_it)
    try:
        with pytest.raises(Heard) as caught:
            signal.setitimer(signal.ITIMER_PROF, 0.1)  # of processor time: a busy machine does not matter
            k.verify(source)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    # Inside of the call. Afterwards it would be heard in any case.
    assert any(frame.name.endswith("go_on") for frame in traceback.extract_tb(caught.tb))


# ---- commands ----


def test_command_trim_takes_infinity_for_the_end(
    source: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = target.with_name("new.mkv")
    assert cli.main(["trim", str(source), str(new), "--end", "inf"]) == 0
    assert f"{FRAMES * (2 + SAMPLES_PER_FRAME)} frames" in capsys.readouterr().out
    assert cli.main(["trim", str(source), str(new), "--overwrite", "--start", "1e30"]) == 1
    assert "nothing lies from start=1e+30" in capsys.readouterr().err
    assert is_whole(new)


def test_command_says_in_a_line_that_a_number_is_too_large(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large(_: object) -> int:
        return round(math.inf)

    monkeypatch.setattr("pyk4a_rp.cli.repair.run", too_large)
    assert cli.main(["repair", str(source)]) == 1
    assert capsys.readouterr().err.startswith("pyk4a-rp repair: ")


@pytest.mark.parametrize(("frames", "words"), [(1, "1 problem\n"), (2, "2 problems\n")])
def test_command_verify_counts_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], frames: int, words: str
) -> None:
    path = Pictures(depth_mode=None, frames=frames).write(tmp_path / "pictures.mkv").path
    assert cli.main(["verify", str(path)]) == 1
    assert words in capsys.readouterr().out
