"""Nothing is lost: neither references to Python objects nor native memory, and the GIL is free while C works."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *

MEBIBYTE = 2**20


def resident_bytes() -> int:
    try:
        text = Path("/proc/self/statm").read_text()
    except OSError:
        pytest.skip("no /proc here")
    return int(text.split()[1]) * 4096


def grows(work: Callable[[], object], times: int) -> int:
    """By how much the process grows over `times` calls, after it has warmed up."""
    for _ in range(times // 2):
        work()
    gc.collect()
    before = resident_bytes()
    for _ in range(times):
        work()
    gc.collect()
    return resident_bytes() - before


def test_images_and_views_give_their_memory_back(provider: Any) -> None:
    def work() -> None:
        _, image = k4a_image_create(K4A_IMAGE_FORMAT_COLOR_BGRA32, 640, 360, 0, provider=provider)
        assert image is not None
        np.asarray(image)[...] = 1
        k4a_image_reference(image)
        k4a_image_get_buffer(image)
        _, capture = k4a_capture_create(provider=provider)
        assert capture is not None
        k4a_capture_set_color_image(capture, image)
        k4a_capture_get_color_image(capture)

    assert grows(work, 100) < 20 * MEBIBYTE  # 100 images have 90 MiB


def test_reading_gives_its_memory_back(provider: Any, recording: Path) -> None:
    def work() -> None:
        _, playback = k4a_playback_open(recording, provider=provider)
        assert playback is not None
        while True:
            _, capture = k4a_playback_get_next_capture(playback)
            if capture is None:
                break
            np.asarray(k4a_capture_get_depth_image(capture))
        k4a_playback_get_attachment(playback, "numbers.bin")
        k4a_playback_get_tag(playback, "LONG")
        k4a_playback_get_next_imu_sample(playback)

    assert grows(work, 60) < 20 * MEBIBYTE  # 60 times 6 captures have 126 MiB


def test_failures_give_their_memory_back(provider: Any) -> None:
    memory = bytearray(MEBIBYTE)

    def work() -> None:
        wrong: Any = 99
        k4a_image_create_from_buffer(wrong, 1, 1, 1, memory, lambda *args: None, provider=provider)
        k4a_playback_open("no such file", provider=provider)

    assert grows(work, 300) < 10 * MEBIBYTE
    memory.append(0)


def test_references_to_arguments_are_given_back(provider: Any) -> None:
    class Marker:
        pass

    callback, context, memory = lambda *args: None, Marker(), bytearray(16)
    k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_CUSTOM8, 4, 4, 4, memory, callback, context, provider=provider)
    k4a_capture_create(provider=provider)
    before = [sys.getrefcount(thing) for thing in (callback, context, memory)]
    for _ in range(50):
        k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_CUSTOM8, 4, 4, 4, memory, callback, context, provider=provider)
        wrong: Any = 77
        k4a_image_create_from_buffer(wrong, 4, 4, 4, memory, callback, context, provider=provider)
    k4a_capture_create(provider=provider)
    assert [sys.getrefcount(thing) for thing in (callback, context, memory)] == before


def test_results_are_not_shared_between_calls(playback: PlaybackHandle) -> None:
    first, second = (k4a_playback_get_record_configuration(playback)[1] for _ in range(2))
    assert first == second and first is not second


@pytest.fixture
def rare_switches() -> Any:
    """The interpreter takes the GIL away every 20 s only: who runs meanwhile was given it."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(20)
    yield
    sys.setswitchinterval(before)


def ticks_during(work: Callable[[], object], wanted: int = 0, times: int = 1) -> int:
    """How often another thread runs while `work` does, which is done `times` times at most or until it ran so often."""
    count = 0
    stop = threading.Event()

    def tick() -> None:
        nonlocal count
        while not stop.is_set():
            count += 1
            time.sleep(0)

    thread = threading.Thread(target=tick)
    thread.start()
    before = after = count
    for _ in range(times):
        work()
        after = count
        if after - before >= wanted > 0:
            break
    stop.set()
    thread.join()
    return after - before


@pytest.mark.usefixtures("rare_switches")
def test_gil_is_free_while_a_recording_is_read(playback: PlaybackHandle) -> None:
    def work() -> None:
        k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN)
        while True:
            _, capture = k4a_playback_get_next_capture(playback)
            if capture is None:
                break
            memoryview(k4a_capture_get_depth_image(capture))  # type: ignore[arg-type]

    assert ticks_during(work, wanted=20, times=2000) >= 20


@pytest.mark.usefixtures("rare_switches")
def test_gil_is_kept_by_what_only_reads_a_number(provider: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 4, 4, 0, provider=provider)
    assert image is not None

    def work() -> None:
        for _ in range(1000):
            k4a_image_get_size(image)
            k4a_image_get_device_timestamp_usec(image)

    assert ticks_during(work) == 0
