"""`k4a_image_*`: both providers give the same answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *

DEPTH16 = K4A_IMAGE_FORMAT_DEPTH16
FORMATS = list(ImageFormat)[:9]


def create(provider: Any, *shape: Any) -> ImageHandle:
    result, image = k4a_image_create(*shape, provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    return image


@pytest.mark.parametrize(
    ("shape", "stride", "size"),
    [
        ((K4A_IMAGE_FORMAT_COLOR_NV12, 6, 4, 0), 6, 36),
        ((K4A_IMAGE_FORMAT_COLOR_NV12, 6, 4, 10), 10, 60),
        ((K4A_IMAGE_FORMAT_COLOR_YUY2, 6, 3, 0), 12, 36),
        ((K4A_IMAGE_FORMAT_COLOR_BGRA32, 5, 3, 0), 20, 60),
        ((DEPTH16, 5, 3, 0), 10, 30),
        ((DEPTH16, 5, 3, 11), 11, 33),
        ((K4A_IMAGE_FORMAT_IR16, 5, 3, 0), 10, 30),
        ((K4A_IMAGE_FORMAT_CUSTOM16, 19999, 1, 0), 39998, 39998),
        ((K4A_IMAGE_FORMAT_CUSTOM8, 1, 19999, 0), 1, 19999),
        ((K4A_IMAGE_FORMAT_CUSTOM, 5, 3, 1), 1, 3),
    ],
)
def test_create_gives_the_shape_asked_for(provider: Any, shape: Any, stride: int, size: int) -> None:
    image = create(provider, *shape)
    assert k4a_image_get_format(image) == shape[0]
    assert k4a_image_get_width_pixels(image) == shape[1]
    assert k4a_image_get_height_pixels(image) == shape[2]
    assert k4a_image_get_stride_bytes(image) == stride
    assert k4a_image_get_size(image) == size
    view = k4a_image_get_buffer(image)
    assert view is not None and (view.nbytes, view.format, view.readonly) == (size, "B", False)


@pytest.mark.parametrize(
    "shape",
    [
        (K4A_IMAGE_FORMAT_COLOR_MJPG, 8, 8, 0),
        (K4A_IMAGE_FORMAT_COLOR_NV12, 7, 4, 0),
        (K4A_IMAGE_FORMAT_COLOR_NV12, 6, 5, 0),
        (K4A_IMAGE_FORMAT_COLOR_YUY2, 7, 4, 0),
        (K4A_IMAGE_FORMAT_CUSTOM, 5, 3, 0),
        (DEPTH16, 5, 3, 9),
        (DEPTH16, 0, 3, 0),
        (DEPTH16, 5, 0, 0),
        (DEPTH16, -1, 3, 0),
        (DEPTH16, 20000, 3, 0),
        (DEPTH16, 5, 20000, 0),
        (9, 5, 3, 100),
        (-1, 5, 3, 100),
    ],
)
def test_create_with_an_unacceptable_shape_fails(provider: Any, shape: Any) -> None:
    assert k4a_image_create(*shape, provider=provider) == (K4A_RESULT_FAILED, None)


ATTRIBUTES = [
    ("device_timestamp_usec", 2**64 - 1),
    ("system_timestamp_nsec", 2**64 - 1),
    ("exposure_usec", 2**64 - 1),
    ("white_balance", 2**32 - 1),
    ("iso_speed", 2**32 - 1),
]


@pytest.mark.parametrize(("name", "largest"), ATTRIBUTES)
def test_attribute_holds_what_was_set(provider: Any, name: str, largest: int) -> None:
    image = create(provider, DEPTH16, 2, 2, 0)
    get, set_ = globals()[f"k4a_image_get_{name}"], globals()[f"k4a_image_set_{name}"]
    assert get(image) == 0
    for value in (1, largest, 0, np.uint32(77)):
        set_(image, value)
        assert get(image) == value == getattr(image, name)
        setattr(image, name, value)
        assert get(image) == value


@pytest.mark.parametrize(("name", "largest"), ATTRIBUTES)
@pytest.mark.parametrize("bad", [-1, "past the largest"])
def test_attribute_out_of_range_raises_and_names_the_parameter(
    provider: Any, name: str, largest: int, bad: Any
) -> None:
    image = create(provider, DEPTH16, 2, 2, 0)
    value = -1 if bad == -1 else largest + 1
    with pytest.raises(OverflowError, match="is out of range for a C int"):
        globals()[f"k4a_image_set_{name}"](image, value)
    with pytest.raises(OverflowError, match=name):
        setattr(image, name, value)
    assert getattr(image, name) == 0


def test_deprecated_names_do_the_same(provider: Any) -> None:
    image = create(provider, DEPTH16, 2, 2, 0)
    k4a_image_set_timestamp_usec(image, 2**40)
    k4a_image_set_exposure_time_usec(image, 33)
    assert k4a_image_get_timestamp_usec(image) == k4a_image_get_device_timestamp_usec(image) == 2**40
    assert k4a_image_get_exposure_usec(image) == 33


def test_released_image_answers_like_null(provider: Any) -> None:
    image = create(provider, DEPTH16, 2, 2, 0)
    k4a_image_release(image)
    k4a_image_release(image)
    assert image.released and image.address == 0
    assert repr(image) == "<ImageHandle released>"
    assert k4a_image_get_format(image) == K4A_IMAGE_FORMAT_CUSTOM
    assert k4a_image_get_buffer(image) is None
    for name in ("size", "width_pixels", "height_pixels", "stride_bytes", "timestamp_usec"):
        assert globals()[f"k4a_image_get_{name}"](image) == 0
    for name, _ in ATTRIBUTES:
        globals()[f"k4a_image_set_{name}"](image, 1)
        assert globals()[f"k4a_image_get_{name}"](image) == 0
        with pytest.raises(ValueError, match="released"):
            getattr(image, name)
        with pytest.raises(ValueError, match="released"):
            setattr(image, name, 1)
    k4a_image_reference(image)
    assert image.released


def test_references_are_counted(provider: Any) -> None:
    image = create(provider, DEPTH16, 2, 2, 0)
    k4a_image_reference(image)
    k4a_image_release(image)
    assert not image.released and k4a_image_get_size(image) == 8
    k4a_image_release(image)
    assert image.released


def test_release_method_drops_all_references(provider: Any) -> None:
    released: list[Any] = []
    result, image = k4a_image_create_from_buffer(
        K4A_IMAGE_FORMAT_CUSTOM8, 4, 1, 4, bytearray(4), lambda *args: released.append(args), provider=provider
    )
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    k4a_image_reference(image)
    k4a_image_reference(image)
    image.release()
    assert image.released and len(released) == 1


def test_release_takes_none_as_c_takes_null() -> None:
    assert k4a_image_release(None) is None


@pytest.mark.parametrize("format", FORMATS)
def test_from_buffer_wraps_any_format_and_stride(provider: Any, format: ImageFormat) -> None:
    memory = bytearray(b"0123456789")
    for stride in (0, -5, 4, 1000):
        result, image = k4a_image_create_from_buffer(format, 20000, 20000, stride, memory, provider=provider)
        assert result == K4A_RESULT_SUCCEEDED and image is not None
        assert k4a_image_get_stride_bytes(image) == stride
        assert k4a_image_get_size(image) == 10
        assert bytes(k4a_image_get_buffer(image) or b"") == b"0123456789"
        # Too small for its rows: the buffer is flat.
        assert memoryview(image).shape == (10,)


@pytest.mark.parametrize(
    ("format", "width", "height", "size"),
    [(9, 4, 4, 16), (-1, 4, 4, 16), (6, 0, 4, 16), (6, 4, 0, 16), (6, 20001, 4, 16), (6, 4, 20001, 16), (6, 4, 4, 0)],
)
def test_from_buffer_with_unacceptable_arguments_fails_and_calls_nobody(
    provider: Any, format: Any, width: int, height: int, size: int
) -> None:
    released: list[Any] = []
    memory = bytearray(size)
    made = k4a_image_create_from_buffer(
        format, width, height, 4, memory, lambda *args: released.append(args), provider=provider
    )
    assert made == (K4A_RESULT_FAILED, None)
    assert released == []
    memory.append(0)  # not exported any more


def test_from_buffer_tells_when_c_lets_go(provider: Any) -> None:
    told: list[Any] = []
    memory, context = bytearray(12), object()
    result, image = k4a_image_create_from_buffer(
        DEPTH16, 3, 2, 6, memory, lambda *args: told.append(args), context, provider=provider
    )
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    _, capture = k4a_capture_create(provider=provider)
    assert capture is not None
    k4a_capture_set_depth_image(capture, image)
    k4a_image_release(image)
    assert told == []  # the capture has it
    with pytest.raises(BufferError):
        memory.append(0)
    k4a_capture_release(capture)
    assert len(told) == 1 and told[0][0] is memory and told[0][1] is context
    memory.append(0)


def test_from_buffer_without_callback_lets_go_of_the_memory(provider: Any) -> None:
    memory = bytearray(12)
    result, image = k4a_image_create_from_buffer(DEPTH16, 3, 2, 6, memory, provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    np.asarray(image)[1, 2] = 0x0201
    assert memory[10:] == b"\x01\x02"
    image.release()
    memory.append(0)


def test_from_buffer_takes_readonly_and_array_memory(provider: Any) -> None:
    pixels = np.arange(6, dtype=np.uint16).reshape(2, 3)
    for memory in (pixels, pixels.tobytes()):
        result, image = k4a_image_create_from_buffer(DEPTH16, 3, 2, 6, memory, provider=provider)
        assert result == K4A_RESULT_SUCCEEDED and image is not None
        assert np.asarray(image).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda i: k4a_image_create("DEPTH16", 1, 1, 0), "format must be int, not str"),
        (lambda i: k4a_image_create(4, 1.5, 1, 0), "width_pixels must be int, not float"),
        (lambda i: k4a_image_create(4, 1, None, 0), "height_pixels must be int, not NoneType"),
        (lambda i: k4a_image_create(4, 1, 1, b""), "stride_bytes must be int, not bytes"),
        (lambda i: k4a_image_create_from_buffer(4, 1, 1, 2, "text"), "buffer must be an object with a buffer, not str"),
        (lambda i: k4a_image_create_from_buffer(4, 1, 1, 2, b"12", 5), "buffer_release_cb must be callable or None"),
        (lambda i: k4a_image_get_size(None), "image_handle"),
        (lambda i: k4a_image_get_size(b"image"), "image_handle.*ImageHandle.*bytes"),
        (lambda i: k4a_image_release(5), "image_handle.*ImageHandle.*int"),
        (lambda i: k4a_image_set_iso_speed(i, "fast"), "iso_speed must be int, not str"),
    ],
)
def test_wrong_type_raises_and_names_parameter_and_type(bundled: Any, call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(create(bundled, DEPTH16, 1, 1, 0))


def test_numbers_too_large_for_c_raise() -> None:
    with pytest.raises(OverflowError, match="width_pixels is out of range for a C int: 2147483648"):
        k4a_image_create(4, 2**31, 1, 0)


def test_strided_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="buffer must be contiguous"):
        k4a_image_create_from_buffer(4, 2, 2, 4, np.zeros((4, 4), np.uint16)[::2, ::2])


def test_provider_can_be_named_or_given(provider: Any) -> None:
    for way in (provider, provider.name):
        _, image = k4a_image_create(DEPTH16, 2, 2, 0, provider=way)
        assert image is not None and image.provider is provider


def test_default_provider_for_images_is_the_bundled_one(bundled: Any) -> None:
    _, image = k4a_image_create(DEPTH16, 2, 2, 0)
    assert image is not None and image.provider is bundled
    assert repr(image).endswith(" of bundled>")
