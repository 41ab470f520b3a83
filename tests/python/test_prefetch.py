"""Reading ahead: the same captures in the same order, and nothing left behind when it stops."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pyk4a_rp as k

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def playback(record: Callable):  # type: ignore[no-untyped-def, type-arg]
    recording = record(frames=30, color="NV12", color_size=(64, 48))
    with k.Playback(recording.path) as opened:
        yield opened


def stamps(captures) -> list:  # type: ignore[no-untyped-def, type-arg]
    return [capture.timestamps for capture in captures]


@pytest.mark.parametrize(("depth", "threads"), [(None, None), (1, 1), (1, 3), (8, 2), (64, 4)])
def test_prefetch_gives_all_captures_in_order(playback: k.Playback, depth: int | None, threads: int | None) -> None:
    expected = stamps(playback)
    playback.seek(0)
    assert stamps(playback.prefetch(depth=depth, threads=threads)) == expected
    assert len(expected) == 30
    with pytest.raises(k.EndOfRecording):
        playback.next_capture()


def test_prefetch_loads_the_same_pixels(playback: k.Playback) -> None:
    playback.color_format = k.ImageFormat.COLOR_BGRA32
    pixels = [(capture.color.array.copy(), capture.depth.array.copy()) for capture in playback]
    playback.seek(0)
    for capture, (color, depth) in zip(playback.prefetch(threads=2), pixels, strict=True):
        assert np.array_equal(capture.color.array, color)
        assert np.array_equal(capture.depth.array, depth)


def test_position_is_behind_the_last_capture_that_was_taken(playback: k.Playback) -> None:
    expected = stamps(playback)
    playback.seek(0)
    for index, _ in enumerate(playback.prefetch(depth=10, threads=2)):
        if index == 4:
            break
    assert playback.next_capture().timestamps == expected[5]
    assert playback.previous_capture().timestamps == expected[4]


def test_seeking_in_between_goes_on_at_the_new_position(playback: k.Playback) -> None:
    expected = stamps(playback)
    playback.seek(0)
    with playback.prefetch(depth=10, threads=2) as prefetch:
        assert next(prefetch).timestamps == expected[0]
        playback.seek(0)
        assert next(prefetch).timestamps == expected[0]
        assert next(prefetch).timestamps == expected[1]
    assert prefetch.closed
    with pytest.raises(StopIteration):
        next(prefetch)


def test_captures_prefetch_takes_slices_and_leaves_the_position(playback: k.Playback) -> None:
    expected = stamps(playback)
    playback.seek(0)
    assert stamps(playback.captures.prefetch(threads=2)) == expected
    assert stamps(playback.captures[::-7].prefetch()) == expected[::-7]
    assert stamps(playback.captures[5:5].prefetch()) == []
    assert stamps(playback.captures[3:20:4].prefetch(depth=1)) == expected[3:20:4]
    assert playback.next_capture().timestamps == expected[0]


def test_captures_prefetch_of_an_empty_slice_gives_nothing(provider, record) -> None:  # type: ignore[no-untyped-def]
    with k.Playback(record(frames=4, color=None).path, provider=provider) as playback:
        for slices in ((slice(None, None, -1), slice(100, None)), (slice(2, 2),), (slice(None, None, -1), slice(0, 0))):
            captures = playback.captures
            for part in slices:
                captures = captures[part]
            assert stamps(captures.prefetch()) == []
        assert stamps(playback.captures[::-1][2:].prefetch()) == stamps(playback.captures[1::-1])


def test_color_format_set_in_between_is_that_of_the_next_capture(playback: k.Playback) -> None:
    expected = stamps(playback.captures)
    with playback.captures.prefetch(depth=8, threads=2) as prefetch:
        got = [next(prefetch)]
        for format in (k.ImageFormat.COLOR_BGRA32, k.ImageFormat.COLOR_YUY2, k.ImageFormat.COLOR_NV12):
            time.sleep(0.05)  # for captures to be read ahead in the format that was
            playback.color_format = format
            playback.seek(0)  # is none of its business
            for _ in range(5):
                capture = next(prefetch)
                assert capture.color is not None and capture.color.format == format
                got.append(capture)
        got += prefetch
        assert stamps(got) == expected
        playback.color_format = k.ImageFormat.COLOR_BGRA32
        with pytest.raises(StopIteration):
            next(prefetch)


def test_closing_the_playback_ends_the_loop_with_an_error(record: Callable) -> None:  # type: ignore[type-arg]
    playback = k.Playback(record(frames=30).path)
    prefetch = playback.prefetch(depth=4)
    next(prefetch)
    playback.close()
    with pytest.raises(ValueError, match="is closed"):
        next(prefetch)
    prefetch.close()


def test_impossible_numbers_are_refused(playback: k.Playback) -> None:
    for arguments in ({"depth": 0}, {"threads": 0}, {"threads": -1}):
        with pytest.raises(ValueError, match="at least 1"):
            playback.prefetch(**arguments)
    for arguments, limit in (({"threads": 65}, 64), ({"depth": 4097}, 4096), ({"depth": 2**64}, 4096)):
        with pytest.raises(ValueError, match=f"at least 1 and at most {limit}, not"):
            playback.prefetch(**arguments)
    for wrong in ("2", 2.0):
        with pytest.raises(TypeError, match=f"threads must be an int or None, not {type(wrong).__name__}"):
            playback.prefetch(threads=wrong)  # type: ignore[arg-type]
    assert len(list(playback.prefetch(depth=4096, threads=64))) == 30


def test_two_threads_may_share_one_prefetch(playback: k.Playback) -> None:
    prefetch = playback.prefetch(threads=2)
    taken: list[int] = []

    def take() -> None:
        taken.extend(capture.device_timestamp_usec for capture in prefetch)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 30


def test_other_providers_read_one_by_one(microsoft, shared_recording: Path) -> None:  # type: ignore[no-untyped-def]
    with k.Playback(shared_recording, provider=microsoft) as playback:
        assert len(list(playback.prefetch())) == 1
        assert len(list(playback.captures.prefetch())) == 1


def resident_kib() -> int:
    text = Path("/proc/self/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0])


@linux_only
def test_thousand_breaks_leave_no_thread_no_memory_and_no_file(playback: k.Playback) -> None:
    def loop(times: int) -> None:
        for _ in range(times):
            playback.seek(0)
            for index, capture in enumerate(playback.prefetch(depth=6, threads=2)):
                capture.depth.array  # noqa: B018
                if index == 2:
                    break

    loop(100)
    threads, files, memory = len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd")), resident_kib()
    loop(1000)
    assert len(os.listdir("/proc/self/task")) == threads
    assert len(os.listdir("/proc/self/fd")) == files
    assert resident_kib() - memory < 8 * 1024


@pytest.mark.parametrize("ending", ["pass", "raise SystemExit(0)", "os._exit(0)", "playback.close()"])
def test_interpreter_ends_while_reading_ahead(record: Callable, ending: str) -> None:  # type: ignore[type-arg]
    path = record(frames=30).path
    code = (
        "import os, pyk4a_rp as k\n"
        f"playback = k.Playback({str(path)!r})\n"
        "prefetch = playback.prefetch(depth=8, threads=3)\n"
        "next(prefetch)\n"
        f"{ending}\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@linux_only
def test_forked_child_is_told_and_does_not_hang(record: Callable) -> None:  # type: ignore[type-arg]
    path = record(frames=30).path
    code = (
        "import os, pyk4a_rp as k\n"
        f"playback = k.Playback({str(path)!r})\n"
        "prefetch = playback.prefetch(depth=2, threads=2)\n"
        "next(prefetch)\n"
        "import time; time.sleep(0.2)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try:\n"
        "        next(prefetch)\n"
        "    except k.K4AError as error:\n"
        "        assert 'after fork()' in str(error), error\n"
        "        prefetch.close()\n"
        "        os._exit(7)\n"
        "    os._exit(1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7\n"
        "assert sum(1 for _ in prefetch) == 29\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
