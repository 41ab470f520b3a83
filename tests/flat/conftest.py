"""Recordings that the tests of the flat layer play, one of them written with the flat layer itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import ProviderError
from pyk4a_rp.k4a import *

FRAMES = 6
PERIOD_USEC = 33333
START_USEC = 1_000_000
SHAPE = (288, 320)  # NFOV_2X2BINNED
ATTACHMENT = bytes(range(256)) * 3 + b"\0"


def depth_pixels(number: int) -> np.ndarray[Any, Any]:
    """The depth of frame `number`: another value in every row and frame."""
    return (np.arange(SHAPE[0], dtype=np.uint16)[:, None] + np.zeros(SHAPE, np.uint16)) * 7 + number


def make_image(provider: Any, format: Any, pixels: np.ndarray[Any, Any], timestamp_usec: int) -> ImageHandle:
    height, width = pixels.shape[:2]
    result, image = k4a_image_create(format, width, height, 0, provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    np.asarray(image)[...] = pixels
    k4a_image_set_device_timestamp_usec(image, timestamp_usec)
    return image


def make_capture(provider: Any, number: int) -> CaptureHandle:
    """A capture of depth and infrared, frame `number` of the recording."""
    result, capture = k4a_capture_create(provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and capture is not None
    timestamp = START_USEC + number * PERIOD_USEC
    k4a_capture_set_depth_image(
        capture, make_image(provider, K4A_IMAGE_FORMAT_DEPTH16, depth_pixels(number), timestamp)
    )
    k4a_capture_set_ir_image(capture, make_image(provider, K4A_IMAGE_FORMAT_IR16, depth_pixels(number) + 1, timestamp))
    return capture


def make_sample(number: int) -> k4a_imu_sample_t:
    sample = k4a_imu_sample_t()
    sample.acc_sample.xyz.x, sample.acc_sample.v[1], sample.acc_sample.z = 1.0, 2.0, 3.0 + number
    sample.gyro_sample.v = [-1.0, -2.0, -3.0 - number]
    sample.acc_timestamp_usec = sample.gyro_timestamp_usec = START_USEC + 1000 * number
    return sample


def write_recording(provider: Any, path: Path) -> None:
    """Depth, infrared, IMU, a video and a data track of our own, tags and attachments."""
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED
    config.camera_fps = K4A_FRAMES_PER_SECOND_30
    result, recording = k4a_record_create(path, None, config, provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and recording is not None
    video = k4a_record_video_settings_t(width=4, height=2, frame_rate=30)
    for done in (
        k4a_record_add_tag(recording, "GREETING", "gr\u00fc\u00df Gott"),
        k4a_record_add_tag(recording, "EMPTY", ""),
        k4a_record_add_tag(recording, "LONG", "x" * 1000),
        k4a_record_add_imu_track(recording),
        k4a_record_add_attachment(recording, "numbers.bin", ATTACHMENT),
        k4a_record_add_attachment(recording, "empty.bin", b""),
        k4a_record_add_custom_video_track(recording, "PIXELS", "V_MS/VFW/FOURCC", b"context\0", video),
        k4a_record_add_custom_subtitle_track(
            recording, "WORDS", "S_K4A/WORDS", None, k4a_record_subtitle_settings_t(high_freq_data=False)
        ),
        k4a_record_write_header(recording),
    ):
        assert done == K4A_RESULT_SUCCEEDED
    for number in range(FRAMES):
        timestamp = START_USEC + number * PERIOD_USEC
        assert k4a_record_write_capture(recording, make_capture(provider, number)) == K4A_RESULT_SUCCEEDED
        assert k4a_record_write_imu_sample(recording, make_sample(number)) == K4A_RESULT_SUCCEEDED
        for track, data in (("PIXELS", b"12345678"), ("WORDS", b"word %d" % number)):
            assert k4a_record_write_custom_track_data(recording, track, timestamp, data) == K4A_RESULT_SUCCEEDED
    assert k4a_record_flush(recording) == K4A_RESULT_SUCCEEDED
    k4a_record_close(recording)
    assert recording.released


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of `FRAMES` captures, written through the flat layer, by Microsoft's library if it is installed."""
    try:
        writer = load_provider("microsoft")
    except ProviderError:
        writer = load_provider("bundled")
    path = tmp_path_factory.mktemp("flat") / "written.mkv"
    write_recording(writer, path)
    return path


@pytest.fixture
def open_playback(provider: Any) -> Iterator[Callable[[Path], PlaybackHandle]]:
    """Open a recording with the provider at hand; closed at the end of the test."""
    opened = []

    def open_(path: Path) -> PlaybackHandle:
        result, playback = k4a_playback_open(path, provider=provider)
        assert result == K4A_RESULT_SUCCEEDED and playback is not None
        opened.append(playback)
        return playback

    yield open_
    for playback in opened:
        playback.release()


@pytest.fixture
def playback(open_playback: Callable[[Path], PlaybackHandle], recording: Path) -> PlaybackHandle:
    """The recording, opened."""
    return open_playback(recording)
