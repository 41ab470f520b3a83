"""Pixels as buffers: shapes, strides, no copies, and memory that lives as long as anybody looks at it."""

from __future__ import annotations

import gc
import hashlib
import weakref
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *


def wrap(provider: Any, format: Any, width: int, height: int, stride: int, memory: Any) -> ImageHandle:
    result, image = k4a_image_create_from_buffer(format, width, height, stride, memory, provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    return image


@pytest.mark.parametrize(
    ("format", "width", "height", "stride", "size", "shape", "strides", "code"),
    [
        (K4A_IMAGE_FORMAT_DEPTH16, 5, 3, 10, 30, (3, 5), (10, 2), "H"),
        (K4A_IMAGE_FORMAT_IR16, 5, 3, 16, 48, (3, 5), (16, 2), "H"),
        (K4A_IMAGE_FORMAT_CUSTOM16, 5, 3, 16, 42, (3, 5), (16, 2), "H"),
        (K4A_IMAGE_FORMAT_CUSTOM8, 5, 3, 8, 24, (3, 5), (8, 1), "B"),
        (K4A_IMAGE_FORMAT_COLOR_BGRA32, 5, 3, 24, 72, (3, 5, 4), (24, 4, 1), "B"),
        (K4A_IMAGE_FORMAT_COLOR_YUY2, 6, 3, 12, 36, (3, 6, 2), (12, 2, 1), "B"),
        (K4A_IMAGE_FORMAT_COLOR_NV12, 6, 4, 8, 48, (6, 6), (8, 1), "B"),
        (K4A_IMAGE_FORMAT_COLOR_MJPG, 6, 4, 0, 17, (17,), (1,), "B"),
        (K4A_IMAGE_FORMAT_CUSTOM, 6, 4, 7, 28, (28,), (1,), "B"),
        # Fewer bytes than rows: flat.
        (K4A_IMAGE_FORMAT_DEPTH16, 5, 3, 16, 41, (41,), (1,), "B"),
        (K4A_IMAGE_FORMAT_DEPTH16, 5, 3, 8, 48, (48,), (1,), "B"),
        (K4A_IMAGE_FORMAT_DEPTH16, 5, 3, -10, 48, (48,), (1,), "B"),
        (K4A_IMAGE_FORMAT_COLOR_BGRA32, 1280, 720, 5120, 4, (4,), (1,), "B"),
    ],
)
def test_buffer_has_the_shape_of_its_format(
    provider: Any, format: Any, width: int, height: int, stride: int, size: int, shape: Any, strides: Any, code: str
) -> None:
    memory = np.arange(size, dtype=np.uint8)
    image = wrap(provider, format, width, height, stride, memory)
    view = memoryview(image)
    assert (view.shape, view.strides, view.format, view.readonly) == (shape, strides, code, False)
    array = np.asarray(image)
    expected = np.lib.stride_tricks.as_strided(memory.view(np.uint8), (size,), (1,))
    assert array.__array_interface__["data"] == (expected.ctypes.data, False)
    last = tuple(n - 1 for n in shape)
    offset = sum(n * stride for n, stride in zip(last, strides, strict=True))
    assert array[last] == int.from_bytes(memory[offset : offset + array.itemsize].tobytes(), "little")
    assert bytes(k4a_image_get_buffer(image) or b"") == memory.tobytes()


def test_padded_rows_are_refused_to_who_wants_contiguous_memory(provider: Any) -> None:
    image = wrap(provider, K4A_IMAGE_FORMAT_DEPTH16, 5, 3, 16, bytearray(48))
    with pytest.raises(BufferError, match="padded rows"):
        hashlib.sha256(image)
    assert np.ascontiguousarray(np.asarray(image)).nbytes == 30
    assert memoryview(image).tobytes() == bytes(30)


def test_tight_rows_are_given_to_who_wants_flat_memory(provider: Any) -> None:
    image = wrap(provider, K4A_IMAGE_FORMAT_DEPTH16, 4, 2, 8, bytearray(range(16)))
    assert np.frombuffer(image, np.uint8).tolist() == list(range(16))
    assert bytes(image) == bytes(range(16))
    assert hashlib.sha256(image).digest() == hashlib.sha256(bytes(range(16))).digest()


def test_no_copy_is_made(provider: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 0, provider=provider)
    assert image is not None
    first, second, flat = np.asarray(image), np.asarray(memoryview(image)), k4a_image_get_buffer(image)
    assert flat is not None and np.shares_memory(first, second)
    first[...] = 0
    first[3, 5] = 0xABCD
    assert second[3, 5] == 0xABCD
    assert flat[3 * 1280 + 10] == 0xCD
    flat[3 * 1280 + 10] = 0xEF
    assert first[3, 5] == 0xABEF


def test_views_outlive_image_capture_and_playback(playback: PlaybackHandle) -> None:
    from tests.flat.conftest import depth_pixels

    _, capture = k4a_playback_get_next_capture(playback)
    assert capture is not None
    image = k4a_capture_get_depth_image(capture)
    assert image is not None
    array, flat = np.asarray(image), k4a_image_get_buffer(image)
    image.release()
    capture.release()
    playback.release()
    assert image.released and flat is not None
    del image, capture
    gc.collect()
    # Whoever gets the memory now would write to it.
    others = [k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 320, 288, 0, provider="bundled")[1] for _ in range(50)]
    for other in others:
        np.asarray(other)[...] = 0xFFFF
    assert np.array_equal(array, depth_pixels(0))
    assert flat[:2].tolist() == [0, 0] and flat.nbytes == array.nbytes
    array[0, 0] = 9
    assert flat[0] == 9


def test_memory_is_given_back_when_the_last_view_goes(provider: Any) -> None:
    told: list[Any] = []
    result, image = k4a_image_create_from_buffer(
        K4A_IMAGE_FORMAT_CUSTOM8, 4, 4, 4, bytearray(16), lambda *args: told.append(1), provider=provider
    )
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    array, flat, row = np.asarray(image), k4a_image_get_buffer(image), np.asarray(image)[2]
    for step in ("release", "array", "flat"):
        if step == "release":
            image.release()
        elif step == "array":
            del array
        else:
            del flat
        k4a_image_release(None)
        k4a_capture_create(provider=provider)  # any call drains the mailbox
        assert told == [], step
    del row
    k4a_capture_create(provider=provider)
    assert told == [1]


def test_array_interface_keeps_the_memory_despite_release(provider: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 4, 3, 10, provider=provider)
    assert image is not None
    np.asarray(image)[...] = 7
    interface = image.__array_interface__
    assert interface["shape"] == (3, 4) and interface["strides"] == (10, 2) and interface["typestr"] == "<u2"

    class Holder:
        __array_interface__ = interface
        owner = image

    array = np.asarray(Holder())
    image.release()
    assert array.tolist() == [[7] * 4] * 3
    assert interface["data"][0] == array.ctypes.data


def test_buffer_of_a_released_image_raises(provider: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 4, 3, 0, provider=provider)
    assert image is not None
    image.release()
    with pytest.raises(BufferError, match="released"):
        memoryview(image)
    with pytest.raises(BufferError, match="released"):
        np.asarray(image)


def test_buffer_of_an_image_released_after_a_view_raises(provider: Any) -> None:
    """The handle knows where the pixels were; that memory may be another image's by now."""
    for looked_at in (memoryview, np.asarray):
        _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 4, 3, 0, provider=provider)
        assert image is not None
        memoryview(image).release()
        image.release()
        with pytest.raises(BufferError, match="the image has been released"):
            looked_at(image)  # type: ignore[call-overload]


def test_buffer_behind_a_view_raises_when_the_image_is_released(provider: Any) -> None:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 4, 3, 0, provider=provider)
    assert image is not None
    view = k4a_image_get_buffer(image)
    assert view is not None
    memory = view.obj
    again = memoryview(memory)  # as long as the image is there
    assert again.nbytes == 24
    view.release(), again.release()
    image.release()
    with pytest.raises(BufferError, match="the image has been released"):
        memoryview(memory)
    _, other = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 4, 3, 0, provider=provider)
    assert other is not None
    image._adopt(other)
    with pytest.raises(BufferError, match="the image has been released"):
        memoryview(memory)


def test_subclass_in_python_is_a_buffer_too(provider: Any) -> None:
    class Image(ImageHandle):
        pass

    _, handle = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 4, 3, 0, provider=provider)
    assert handle is not None
    image = Image()
    assert image.released
    image._adopt(handle)
    assert handle.released and not image.released
    np.asarray(image)[...] = 5
    gone = weakref.ref(image)
    array = np.asarray(image)
    del image
    gc.collect()
    assert gone() is not None and array.tolist() == [[5] * 4] * 3
    del array
    assert gone() is None


def test_memory_of_bundled_images_is_aligned_for_simd(bundled: Any) -> None:
    for width in (1, 3, 640):
        _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, width, 7, 0, provider=bundled)
        assert np.asarray(image).ctypes.data % 64 == 0


def test_data_block_view_outlives_the_block(playback: PlaybackHandle) -> None:
    _, block = k4a_playback_get_next_data_block(playback, "WORDS")
    assert block is not None
    view = k4a_playback_data_block_get_buffer(block)
    k4a_playback_data_block_release(block)
    playback.release()
    del block
    gc.collect()
    assert view is not None and bytes(view) == b"word 0"
