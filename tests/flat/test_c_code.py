"""C code moves over line by line: what was `//` is the C, what stands below it the Python."""

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
    path = str(recording)
    # // k4a_playback_t playback = NULL;
    playback = None
    # // if (k4a_playback_open(path, &playback) != K4A_RESULT_SUCCEEDED) {
    # //     printf("Failed to open recording\n");
    # //     return 1;
    # // }
    result, playback = k4a_playback_open(path)
    if result != K4A_RESULT_SUCCEEDED:
        print("Failed to open recording")
        return
    # // uint64_t length = k4a_playback_get_recording_length_usec(playback);
    # // printf("Recording is %lld seconds long\n", length / 1000000);
    length = k4a_playback_get_recording_length_usec(playback)
    print(f"Recording is {length // 1000000} seconds long")
    # // k4a_record_configuration_t config;
    # // if (K4A_FAILED(k4a_playback_get_record_configuration(playback, &config))) exit(1);
    # // if (config.depth_track_enabled) printf("Depth mode %d\n", config.depth_mode);
    result, config = k4a_playback_get_record_configuration(playback)
    if K4A_FAILED(result):
        exit(1)
    if config.depth_track_enabled:
        print(f"Depth mode {config.depth_mode:d}")
    # // k4a_playback_close(playback);
    k4a_playback_close(playback)
    assert capsys.readouterr().out == "Recording is 0 seconds long\nDepth mode 1\n"


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    # // k4a_playback_t playback = NULL;
    # // if (K4A_FAILED(k4a_playback_open("missing.mkv", &playback))) goto Exit;
    # // ...
    # // Exit:
    # // k4a_playback_close(playback);
    result, playback = k4a_playback_open(tmp_path / "missing.mkv")
    assert K4A_FAILED(result)
    k4a_playback_close(playback)


def test_reading_all_captures(recording: Path) -> None:
    _, playback = k4a_playback_open(recording)
    images = count = 0
    # // k4a_capture_t capture = NULL;
    # // k4a_stream_result_t result = K4A_STREAM_RESULT_SUCCEEDED;
    # // while (result == K4A_STREAM_RESULT_SUCCEEDED) {
    # //     result = k4a_playback_get_next_capture(playback, &capture);
    # //     if (result == K4A_STREAM_RESULT_SUCCEEDED) {
    # //         k4a_image_t depth = k4a_capture_get_depth_image(capture);
    # //         if (depth != NULL) {
    # //             uint16_t *pixels = (uint16_t *)(void *)k4a_image_get_buffer(depth);
    # //             ... pixels[0] ...
    # //             k4a_image_release(depth);
    # //         }
    # //         k4a_capture_release(capture);
    # //     } else if (result == K4A_STREAM_RESULT_EOF) {
    # //         break;
    # //     }
    # // }
    # // if (result == K4A_STREAM_RESULT_FAILED) { printf("Failed to read the recording\n"); return 1; }
    result = K4A_STREAM_RESULT_SUCCEEDED
    while result == K4A_STREAM_RESULT_SUCCEEDED:
        result, capture = k4a_playback_get_next_capture(playback)
        if result == K4A_STREAM_RESULT_SUCCEEDED:
            depth = k4a_capture_get_depth_image(capture)
            if depth is not None:
                pixels = k4a_image_get_buffer(depth).cast("H")
                images += pixels[0] == count
                k4a_image_release(depth)
            count += 1
            k4a_capture_release(capture)
        elif result == K4A_STREAM_RESULT_EOF:
            break
    if result == K4A_STREAM_RESULT_FAILED:
        raise AssertionError("Failed to read the recording")
    k4a_playback_close(playback)
    assert (images, count) == (6, 6)


def test_the_four_seeks(recording: Path) -> None:
    _, playback = k4a_playback_open(recording)
    times = []

    def note() -> None:
        result, capture = k4a_playback_get_next_capture(playback)
        image = k4a_capture_get_depth_image(capture) if result == K4A_STREAM_RESULT_SUCCEEDED else None
        times.append(None if image is None else k4a_image_get_device_timestamp_usec(image))

    # // // Seek to the beginning of the file.
    # // if (k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN) != K4A_RESULT_SUCCEEDED) return 1;
    if k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN) != K4A_RESULT_SUCCEEDED:
        raise AssertionError
    note()
    # // // Seek to the end of the file.
    # // if (k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_END) != K4A_RESULT_SUCCEEDED) return 1;
    if k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_END) != K4A_RESULT_SUCCEEDED:
        raise AssertionError
    note()
    # // // Seek to 50 milliseconds from the start.
    # // if (k4a_playback_seek_timestamp(playback, 50 * 1000, K4A_PLAYBACK_SEEK_BEGIN) != K4A_RESULT_SUCCEEDED) return 1;
    if k4a_playback_seek_timestamp(playback, 50 * 1000, K4A_PLAYBACK_SEEK_BEGIN) != K4A_RESULT_SUCCEEDED:
        raise AssertionError
    note()
    # // // Seek to 50 milliseconds from the end.
    # // if (k4a_playback_seek_timestamp(playback, -50 * 1000, K4A_PLAYBACK_SEEK_END) != K4A_RESULT_SUCCEEDED) return 1;
    if k4a_playback_seek_timestamp(playback, -50 * 1000, K4A_PLAYBACK_SEEK_END) != K4A_RESULT_SUCCEEDED:
        raise AssertionError
    note()
    # // k4a_playback_close(playback);
    k4a_playback_close(playback)
    assert times == [1000000, None, 1066666, 1133332]


def test_reading_a_tag(recording: Path) -> None:
    _, playback = k4a_playback_open(recording)
    # // char value[256];
    # // size_t size = 256;
    # // k4a_buffer_result_t result = k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", value, &size);
    # // if (result == K4A_BUFFER_RESULT_SUCCEEDED) printf("Tag: %s\n", value);
    # // else if (result == K4A_BUFFER_RESULT_TOO_SMALL) printf("Tag's content is too long.\n");
    # // else printf("Tag does not exist.\n");
    result, value = k4a_playback_get_tag(playback, "K4A_DEPTH_MODE")
    if result == K4A_BUFFER_RESULT_SUCCEEDED:
        text = f"Tag: {value}"
    else:
        text = "Tag does not exist."
    assert text == "Tag: NFOV_2X2BINNED"
    # The buffer of C, with its size:
    result, value, size = k4a_playback_get_tag(playback, "K4A_DEPTH_MODE", size=4)
    assert result == K4A_BUFFER_RESULT_TOO_SMALL and value is None and size == len("NFOV_2X2BINNED") + 1
    k4a_playback_close(playback)


def test_making_an_image() -> None:
    # // k4a_image_t image = NULL;
    # // if (K4A_RESULT_SUCCEEDED != k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM16, 4, 2, 4 * 2, &image)) return false;
    # // uint16_t *pixels = (uint16_t *)(void *)k4a_image_get_buffer(image);
    # // for (int i = 0; i < 4 * 2; i++) pixels[i] = i;
    result, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM16, 4, 2, 4 * 2)
    if result != K4A_RESULT_SUCCEEDED:
        raise AssertionError
    pixels = k4a_image_get_buffer(image).cast("H")
    for i in range(4 * 2):
        pixels[i] = i
    assert np.asarray(image).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    # // k4a_image_release(image);
    k4a_image_release(image)
