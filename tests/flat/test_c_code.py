"""C code moves over line by line: after `//` stands the C, below it the Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *


@pytest.fixture(autouse=True)
def with_each_provider(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """C names no provider, and neither do these: the environment does."""
    monkeypatch.setenv("PYK4A_RP_PROVIDER", provider.name)


def test_opening_a_recording(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # //  k4a_playback_t recording = NULL;
    # //  if (K4A_FAILED(k4a_playback_open(argv[1], &recording)))
    # //      return fputs("no recording\n", stderr);
    path = str(recording)
    result, playback = k4a_playback_open(path)
    if K4A_FAILED(result):
        print("no recording")
        return
    # //  k4a_record_configuration_t about;
    # //  memset(&about, 0, sizeof about);
    # //  k4a_playback_get_record_configuration(playback, &about);
    # //  printf("mode %d, %d us, starts at %u\n", about.depth_mode,
    # //         (int)k4a_playback_get_recording_length_usec(playback), about.start_timestamp_offset_usec);
    _, about = k4a_playback_get_record_configuration(playback)
    length = k4a_playback_get_recording_length_usec(playback)
    print(f"mode {about.depth_mode:d}, {length} us, starts at {about.start_timestamp_offset_usec}")
    # //  k4a_playback_close(playback);
    k4a_playback_close(playback)
    assert capsys.readouterr().out == f"mode 1, {length} us, starts at 1000000\n"
    assert length >= 166665


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    # //  k4a_playback_t playback = NULL;
    # //  k4a_result_t result = k4a_playback_open("missing.mkv", &playback);
    # //  k4a_playback_close(playback);
    # //  return result != K4A_RESULT_SUCCEEDED;
    result, playback = k4a_playback_open(tmp_path / "missing.mkv")
    k4a_playback_close(playback)
    assert result != K4A_RESULT_SUCCEEDED


def test_reading_all_captures(recording: Path) -> None:
    _, playback = k4a_playback_open(recording)
    # //  size_t captures = 0, matches = 0;
    # //  k4a_stream_result_t state;
    # //  for (;;) {
    # //      k4a_capture_t capture = NULL;
    # //      state = k4a_playback_get_next_capture(playback, &capture);
    # //      if (state != K4A_STREAM_RESULT_SUCCEEDED)
    # //          break;
    # //      k4a_image_t depth = k4a_capture_get_depth_image(capture);
    # //      if (depth) {
    # //          const uint16_t *millimetres = (const uint16_t *)k4a_image_get_buffer(depth);
    # //          matches += millimetres[0] == captures;
    # //          k4a_image_release(depth);
    # //      }
    # //      captures++;
    # //      k4a_capture_release(capture);
    # //  }
    # //  return state == K4A_STREAM_RESULT_EOF ? 0 : 1;
    captures = matches = 0
    while True:
        state, capture = k4a_playback_get_next_capture(playback)
        if state != K4A_STREAM_RESULT_SUCCEEDED:
            break
        depth = k4a_capture_get_depth_image(capture)
        if depth:
            millimetres = k4a_image_get_buffer(depth).cast("H")
            matches += millimetres[0] == captures
            k4a_image_release(depth)
        captures += 1
        k4a_capture_release(capture)
    assert state == K4A_STREAM_RESULT_EOF
    assert (captures, matches) == (6, 6)
    k4a_playback_close(playback)


def test_the_four_seeks(recording: Path) -> None:
    _, playback = k4a_playback_open(recording)
    times = []

    def note() -> None:
        result, capture = k4a_playback_get_next_capture(playback)
        image = k4a_capture_get_depth_image(capture) if result == K4A_STREAM_RESULT_SUCCEEDED else None
        times.append(None if image is None else k4a_image_get_device_timestamp_usec(image))

    # //  if (K4A_FAILED(k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN))) return 1;
    assert not K4A_FAILED(k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN))
    note()
    # //  if (K4A_FAILED(k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_END))) return 1;
    assert not K4A_FAILED(k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_END))
    note()
    # //  if (K4A_FAILED(k4a_playback_seek_timestamp(playback, -50000, K4A_PLAYBACK_SEEK_END))) return 1;
    assert not K4A_FAILED(k4a_playback_seek_timestamp(playback, -50000, K4A_PLAYBACK_SEEK_END))
    note()
    # //  if (K4A_FAILED(k4a_playback_seek_timestamp(playback, 1050000, K4A_PLAYBACK_SEEK_DEVICE_TIME))) return 1;
    assert not K4A_FAILED(k4a_playback_seek_timestamp(playback, 1050000, K4A_PLAYBACK_SEEK_DEVICE_TIME))
    note()
    # //  k4a_playback_close(playback);
    k4a_playback_close(playback)
    assert times == [1000000, None, 1133332, 1066666]


def test_reading_a_tag(recording: Path) -> None:
    _, playback = k4a_playback_open(recording)
    # //  size_t size = 0;
    # //  if (k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", NULL, &size) == K4A_BUFFER_RESULT_TOO_SMALL) {
    # //      char *mode = malloc(size);
    # //      k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", mode, &size);
    # //      puts(mode);
    # //      free(mode);
    # //  }
    result, mode = k4a_playback_get_tag(playback, "K4A_DEPTH_MODE")
    if result == K4A_BUFFER_RESULT_SUCCEEDED:
        assert mode == "NFOV_2X2BINNED"
    # The same with the sizes of C:
    result, mode, size = k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", size=0)
    if result == K4A_BUFFER_RESULT_TOO_SMALL:
        result, mode, size = k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", size=size)
    assert (result, mode, size) == (K4A_BUFFER_RESULT_SUCCEEDED, "NFOV_2X2BINNED", 15)
    k4a_playback_close(playback)


def test_making_an_image() -> None:
    # //  k4a_image_t mask = NULL;
    # //  if (K4A_FAILED(k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 3, 2, 0, &mask))) return 1;
    # //  memset(k4a_image_get_buffer(mask), 255, k4a_image_get_size(mask));
    # //  k4a_image_set_device_timestamp_usec(mask, 5);
    result, mask = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 3, 2, 0)
    assert not K4A_FAILED(result)
    k4a_image_get_buffer(mask)[:] = b"\xff" * k4a_image_get_size(mask)
    k4a_image_set_device_timestamp_usec(mask, 5)
    assert np.asarray(mask).tolist() == [[255] * 3] * 2
    # //  k4a_image_release(mask);
    k4a_image_release(mask)
