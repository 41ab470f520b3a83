"""Several threads: the GIL is free while files are read, and sharing a playback loses and doubles nothing."""

from __future__ import annotations

import queue
import sys
import threading
import time

import numpy as np
import pytest

from pyk4a_rp import Image, ImageFormat, Playback, colorize
from pyk4a_rp.color import jpeg_available

needs_codec = pytest.mark.skipif(not jpeg_available(), reason="this build has no JPEG codec")


@pytest.fixture
def no_forced_switches():
    """Threads change only where somebody gives up the GIL."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(20)
    yield
    sys.setswitchinterval(interval)


class Ticker:
    """A thread that waits for tokens and counts them; to count one it needs the GIL."""

    def __init__(self):
        self.ticks = 0
        self._tokens = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while self._tokens.get():
            self.ticks += 1

    def offer(self):
        """Wake the thread up. This does not give up the GIL: only what the caller does next can."""
        self._tokens.put(True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._tokens.put(False)
        self._thread.join()


def gets_to_run(ticker, prepare, action):
    """Whether the other thread runs during `action`, tried often: a short call may end before the other one is awake.

    If the GIL were held all the time, no number of attempts would help.
    """
    for _ in range(3000):
        prepared = prepare()
        ticker.offer()
        ticker.ticks = 0
        action(prepared)
        ticks = ticker.ticks
        if isinstance(prepared, Playback):
            prepared.close()
        if ticks:
            return True
    return False


def test_gil_is_free_while_captures_are_read(provider, record, no_forced_switches):
    recording = record(frames=20, depth_mode="WFOV_UNBINNED")
    with Playback(recording.path, provider=provider) as playback, Ticker() as ticker:
        assert gets_to_run(
            ticker, lambda: playback.seek(0), lambda _: memoryview(playback.next_capture().depth).release()
        )


def test_gil_is_free_while_recordings_are_opened(provider, record, no_forced_switches):
    path = record(frames=60, imu_per_frame=30).path
    with Ticker() as ticker:
        assert gets_to_run(ticker, lambda: None, lambda _: Playback(path, provider=provider).close())


def test_gil_is_free_while_captures_are_counted(provider, record, no_forced_switches):
    path = record(frames=60, color=None).path
    with Ticker() as ticker:
        assert gets_to_run(ticker, lambda: Playback(path, provider=provider), lambda playback: len(playback.captures))


def test_gil_is_free_while_the_imu_is_read(provider, record, no_forced_switches):
    path = record(frames=60, imu_per_frame=30).path
    with Ticker() as ticker:
        assert gets_to_run(ticker, lambda: Playback(path, provider=provider), lambda playback: playback.imu)


def test_gil_is_held_by_plain_python(no_forced_switches):
    """The tests above prove something: without calls that give up the GIL the other thread stands still."""
    with Ticker() as ticker:
        ticker.offer()
        total = sum(i * i for i in range(500_000))
        ticks = ticker.ticks
    assert total > 0
    assert ticks == 0
    assert ticker.ticks == 1


def test_two_threads_share_a_playback(provider, record):
    recording = record(frames=60, color=None)
    found = [[], []]
    with Playback(recording.path, provider=provider) as playback:

        def read(mine):
            for capture in playback:
                mine.append((capture.depth.device_timestamp_usec, int(capture.depth.array[3, 4])))

        threads = [threading.Thread(target=read, args=(mine,)) for mine in found]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    expected = [(recording.timestamp_usec("DEPTH", i), int(recording.array("DEPTH", i)[3, 4])) for i in range(60)]
    assert sorted(found[0] + found[1]) == expected


def test_two_threads_share_the_captures(provider, record):
    recording = record(frames=12, color=None)
    wrong = []
    with Playback(recording.path, provider=provider) as playback:
        captures = playback.captures

        def read(numbers):
            for number in numbers:
                time = captures[number].depth.device_timestamp_usec
                if time != recording.timestamp_usec("DEPTH", number):
                    wrong.append((number, time))

        threads = [threading.Thread(target=read, args=(list(range(12))[::step] * 5,)) for step in (1, -1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_close_while_another_thread_reads_ends_it_with_value_error(provider, record):
    recording = record(frames=5, color=None)
    playback = Playback(recording.path, provider=provider)
    started, outcome = threading.Event(), []

    def read():
        try:
            while True:
                for capture in playback:
                    capture.depth.array.sum()
                    started.set()
                playback.seek(0)
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    started.wait(20)
    playback.close()
    thread.join(20)
    assert not thread.is_alive()
    assert [type(error) for error in outcome] == [ValueError]
    assert "closed" in str(outcome[0])


def test_close_while_another_thread_counts_captures_does_not_wait_for_all(microsoft, record, monkeypatch):
    playback = Playback(record(frames=30, color=None).path, provider=microsoft)
    closer, steps, step = threading.Thread(target=playback.close), [], Playback._step_capture

    def close_at_the_fifth(self, handle, *, forwards):
        steps.append(handle)
        if len(steps) == 5:
            closer.start()
            while not playback.closed:
                time.sleep(0.001)
        return step(self, handle, forwards=forwards)

    monkeypatch.setattr(Playback, "_step_capture", close_at_the_fifth)
    with pytest.raises(ValueError, match="is closed"):
        len(playback.captures)
    closer.join(20)
    assert not closer.is_alive()
    assert len(steps) == 5
    assert steps[0].released  # the second handle that counts


def test_image_is_loaded_once_by_many_threads(provider, record):
    recording = record(frames=20, depth_mode="WFOV_UNBINNED", color=None)
    expected = recording.array("DEPTH", 7)
    with Playback(recording.path, provider=provider) as playback:
        images = [capture.depth for capture in playback]
        barrier, addresses, same = threading.Barrier(4), [], []

        def look():
            barrier.wait()
            arrays = [image.array for image in images]
            barrier.wait()
            addresses.append([array.ctypes.data for array in arrays])
            same.append(bool((arrays[7] == expected).all()))

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert same == [True] * 4
    assert addresses == [addresses[0]] * 4  # loaded twice, it would lie elsewhere


def picture():
    pixels = np.random.default_rng(1).integers(0, 256, (720, 1280, 4), np.uint8)
    return Image.from_array(pixels, ImageFormat.COLOR_BGRA32)


@pytest.mark.parametrize(
    "action",
    [
        Image.to_rgb,
        Image.to_gray,
        lambda image: image.convert(ImageFormat.COLOR_NV12),
        pytest.param(Image.encode_jpeg, marks=needs_codec),
    ],
    ids=["to_rgb", "to_gray", "convert", "encode_jpeg"],
)
def test_gil_is_free_while_colors_are_converted(action, no_forced_switches):
    image = picture()
    with Ticker() as ticker:
        assert gets_to_run(ticker, lambda: image, action)


def test_gil_is_free_while_depth_is_colored(no_forced_switches):
    depth = np.random.default_rng(1).integers(0, 5000, (576, 640), np.uint16)
    with Ticker() as ticker:
        assert gets_to_run(ticker, lambda: depth, lambda array: colorize(array, (500, 4000)))


@needs_codec
def test_gil_is_free_while_a_recorded_picture_is_decoded(shared_recording, no_forced_switches):
    with Playback(shared_recording, color_format=ImageFormat.COLOR_BGRA32) as playback, Ticker() as ticker:

        def next_capture():
            playback.seek(0)
            return playback.next_capture()

        assert gets_to_run(ticker, next_capture, lambda capture: capture.color)


def test_gil_is_free_while_waiting_for_a_prefetched_capture(record, no_forced_switches):
    recording = record(frames=20, depth_mode="WFOV_UNBINNED")
    with Playback(recording.path) as playback, Ticker() as ticker:

        def start():
            playback.seek(0)
            return playback.prefetch(threads=1)

        assert gets_to_run(ticker, start, next)
