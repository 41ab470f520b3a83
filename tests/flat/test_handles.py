"""Who owns a C object, and when it goes."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *

KINDS = [
    ImageHandle,
    CaptureHandle,
    DeviceHandle,
    TransformationHandle,
    PlaybackHandle,
    RecordHandle,
    DataBlockHandle,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_handle_made_by_hand_is_empty(kind: Any) -> None:
    handle = kind()
    assert handle.released and handle.address == 0
    handle.release()
    assert repr(handle) == f"<{kind.__name__} released>"
    assert handle.provider.name == "bundled"  # whom its functions would ask


def test_functions_with_empty_handles_fail_and_do_not_crash() -> None:
    image, capture, playback = ImageHandle(), CaptureHandle(), PlaybackHandle()
    assert k4a_image_get_size(image) == 0
    assert k4a_capture_get_depth_image(capture) is None
    assert k4a_playback_get_next_capture(playback) == (K4A_STREAM_RESULT_FAILED, None)
    assert k4a_playback_data_block_get_buffer(DataBlockHandle()) is None
    assert k4a_record_flush(RecordHandle()) == K4A_RESULT_FAILED
    assert k4a_device_get_serialnum(DeviceHandle()) == (K4A_BUFFER_RESULT_FAILED, None)
    transformation = TransformationHandle()
    assert k4a_transformation_depth_image_to_point_cloud(transformation, image, 0, image) == K4A_RESULT_FAILED
    k4a_capture_set_depth_image(capture, image)


def test_handles_cannot_be_copied_or_pickled(bundled: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 1, 1, 0, provider=bundled)
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            attempt(image)


def test_forgotten_handles_release_themselves(provider: Any) -> None:
    told: list[int] = []
    for number in range(3):
        _, image = k4a_image_create_from_buffer(
            K4A_IMAGE_FORMAT_CUSTOM8, 1, 1, 1, bytearray(1), lambda _, n: told.append(n), number, provider=provider
        )
        k4a_image_reference(image)  # type: ignore[arg-type]
    del image
    gc.collect()
    k4a_capture_create(provider=provider)
    assert told == [0, 1, 2]


def test_adopt_moves_the_object(provider: Any) -> None:
    _, a = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 2, 2, 0, provider=provider)
    _, b = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 3, 3, 0, provider=provider)
    assert a is not None and b is not None
    assert memoryview(a).shape == (2, 2)  # works the layout out, which must not stay
    address = b.address
    assert a._adopt(b) is a
    assert (a.address, b.released) == (address, True)
    assert memoryview(a).shape == (3, 3)
    assert a._adopt(a) is a and not a.released


def test_adopt_moves_references_too(provider: Any) -> None:
    told: list[int] = []
    _, a = k4a_image_create_from_buffer(
        K4A_IMAGE_FORMAT_CUSTOM8, 1, 1, 1, bytearray(1), lambda *_: told.append(1), provider=provider
    )
    assert a is not None
    k4a_image_reference(a)
    b = ImageHandle()
    b._adopt(a)
    a.release()
    k4a_image_release(b)
    assert told == [] and not b.released
    k4a_image_release(b)
    assert told == [1]


def test_adopt_refuses_other_kinds_and_used_handles(provider: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 2, 2, 0, provider=provider)
    assert image is not None
    with pytest.raises(TypeError, match="kind capture cannot adopt a ImageHandle"):
        CaptureHandle()._adopt(image)
    with pytest.raises(TypeError):
        ImageHandle()._adopt("image")  # type: ignore[arg-type]
    view = memoryview(image)
    with pytest.raises(RuntimeError, match="in use"):
        ImageHandle()._adopt(image)
    view.release()
    assert not ImageHandle()._adopt(image).released


def test_adopted_playback_keeps_its_path(provider: Any, recording: Path) -> None:
    _, opened = k4a_playback_open(str(recording), provider=provider)
    assert opened is not None
    mine = PlaybackHandle()
    mine._adopt(opened)
    del opened
    gc.collect()
    assert k4a_playback_get_next_capture(mine)[0] == K4A_STREAM_RESULT_SUCCEEDED


# ---- threads ----


def in_threads(*functions: Any) -> None:
    """Run functions at the same time; what one of them raises is raised here."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(functions))

    def run(function: Any) -> None:
        start.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(function,), daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


def test_playback_closed_in_the_middle_of_calls_of_another_thread(provider: Any, recording: Path) -> None:
    for _ in range(50):
        _, playback = k4a_playback_open(recording, provider=provider)
        assert playback is not None
        answers: list[int] = []

        under_way = threading.Event()

        def read(
            playback: PlaybackHandle = playback,
            answers: list[int] = answers,
            under_way: threading.Event = under_way,
        ) -> None:
            while True:
                result, capture = k4a_playback_get_next_capture(playback)
                answers.append(result)
                if len(answers) > 2:
                    under_way.set()
                if result == K4A_STREAM_RESULT_FAILED:
                    return
                if result == K4A_STREAM_RESULT_EOF:
                    k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN)
                else:
                    image = k4a_capture_get_depth_image(capture)  # type: ignore[arg-type]
                    assert np.asarray(image).shape == (288, 320)

        def close(playback: PlaybackHandle = playback, under_way: threading.Event = under_way) -> None:
            under_way.wait(60)
            playback.release()

        in_threads(read, read, close)
        assert K4A_STREAM_RESULT_SUCCEEDED in answers


def test_threads_on_one_playback_get_every_sample_once(provider: Any, recording: Path) -> None:
    _, playback = k4a_playback_open(recording, provider=provider)
    assert playback is not None
    for _ in range(20):
        k4a_playback_seek_timestamp(playback, 0, K4A_PLAYBACK_SEEK_BEGIN)
        found: list[int] = []

        def read(found: list[int] = found) -> None:
            while True:
                result, sample = k4a_playback_get_next_imu_sample(playback)
                if sample is None:
                    assert result == K4A_STREAM_RESULT_EOF
                    return
                found.append(sample.acc_timestamp_usec)

        in_threads(read, read, read)
        assert sorted(found) == [1_000_000 + 1000 * number for number in range(6)]


def test_images_are_shared_and_released_by_several_threads(provider: Any) -> None:
    # Enough turns for Microsoft's library to hand out an image that is gone, if it were called by two threads at once.
    _, capture = k4a_capture_create(provider=provider)
    assert capture is not None

    def work() -> None:
        for number in range(6000):
            _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 64, 64, 0, provider=provider)
            assert image is not None
            k4a_capture_set_color_image(capture, image)
            other = k4a_capture_get_color_image(capture)
            if other is not None:
                np.asarray(other)[...] = number % 256
                other.release()
            image.release()

    in_threads(work, work, work)
    image = k4a_capture_get_color_image(capture)
    assert image is not None and not image.released


def test_image_released_while_views_are_taken(provider: Any) -> None:
    for _ in range(200):
        _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 16, 16, 0, provider=provider)
        assert image is not None

        def look(image: ImageHandle = image) -> None:
            try:
                view = memoryview(image)
            except BufferError:
                return
            assert view.nbytes == 256
            view[15, 15] = 1

        in_threads(look, look, image.release)
        assert image.released
