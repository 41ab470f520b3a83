"""Image: its memory seen as arrays, arrays seen as images."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from pyk4a_rp import Image, ImageFormat, K4AError, k4a

SHAPES = [
    (ImageFormat.DEPTH16, (6, 8), np.uint16),
    (ImageFormat.IR16, (6, 8), np.uint16),
    (ImageFormat.CUSTOM16, (5, 7), np.uint16),
    (ImageFormat.CUSTOM8, (5, 7), np.uint8),
    (ImageFormat.COLOR_BGRA32, (6, 8, 4), np.uint8),
    (ImageFormat.COLOR_YUY2, (6, 8, 2), np.uint8),
    (ImageFormat.COLOR_NV12, (9, 8), np.uint8),
]


def numbered(shape, dtype):
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


@pytest.mark.parametrize(("format", "shape", "dtype"), SHAPES)
def test_image_created_has_array_of_its_format(provider, format, shape, dtype):
    height = shape[0] * 2 // 3 if format == ImageFormat.COLOR_NV12 else shape[0]
    image = Image(format, shape[1], height, provider=provider)
    assert (image.format, image.width_pixels, image.height_pixels) == (format, shape[1], height)
    assert (image.array.shape, image.array.dtype) == (shape, dtype)
    assert image.array.nbytes == image.size
    image.array[...] = numbered(shape, dtype)
    assert bytes(k4a.k4a_image_get_buffer(image)) == numbered(shape, dtype).tobytes()


def test_image_created_with_stride_has_padded_view(provider):
    image = Image(ImageFormat.DEPTH16, 8, 6, 32, provider=provider)
    assert image.array.strides == (32, 2)
    assert image.array.shape == (6, 8)
    image.array[...] = numbered((6, 8), np.uint16)
    raw = np.frombuffer(k4a.k4a_image_get_buffer(image), np.uint16).reshape(6, 16)
    assert np.array_equal(raw[:, :8], numbered((6, 8), np.uint16))


def test_image_created_as_mjpg_says_what_makes_one(provider):
    with pytest.raises(RuntimeError, match=r"COLOR_MJPG image of 8 x 6 .* from_array"):
        Image(ImageFormat.COLOR_MJPG, 8, 6, provider=provider)


@pytest.mark.parametrize(("format", "shape", "dtype"), SHAPES)
def test_from_array_shares_memory_both_ways(provider, format, shape, dtype):
    array = numbered(shape, dtype)
    image = Image.from_array(array, format, device_timestamp_usec=1234, provider=provider)
    assert image.device_timestamp_usec == 1234
    assert np.array_equal(image.array, array)
    assert np.shares_memory(image.array, array)
    assert image.array.__array_interface__["data"][0] == array.__array_interface__["data"][0]
    image.array[0, 0] = 77
    assert np.all(array[0, 0] == 77)


def test_image_that_cannot_be_made_says_why(bundled):
    with pytest.raises(K4AError, match=r"(?s)COLOR_BGRA32 image of 4 x 4 .*stride of 3 bytes is too small") as caught:
        Image(ImageFormat.COLOR_BGRA32, 4, 4, 3, provider=bundled)
    assert len(caught.value.native_messages) == 1
    with pytest.raises(K4AError, match=r"(?s)COLOR_MJPG image of -1 x 4 pixels from an array .*-1"):
        Image.from_array(numbered((9,), np.uint8), ImageFormat.COLOR_MJPG, width_pixels=-1, height_pixels=4,
                         provider="bundled")  # fmt: skip


def test_from_array_of_padded_rows_keeps_the_stride(provider):
    whole = numbered((6, 16), np.uint16)
    image = Image.from_array(whole[:, 3:11], ImageFormat.IR16, provider=provider)
    assert (image.width_pixels, image.height_pixels, image.stride_bytes) == (8, 6, 32)
    assert np.array_equal(image.array, whole[:, 3:11])
    assert np.shares_memory(image.array, whole)
    image.array[5, 7] = 9999
    assert whole[5, 10] == 9999


def test_from_array_of_mjpg_bytes_keeps_size(provider):
    jpeg = np.frombuffer(bytearray(b"\xff\xd8 not really a jpeg \xff\xd9"), np.uint8)
    image = Image.from_array(jpeg, ImageFormat.COLOR_MJPG, width_pixels=1280, height_pixels=720, provider=provider)
    assert (image.width_pixels, image.height_pixels, image.stride_bytes, image.size) == (1280, 720, 0, len(jpeg))
    assert image.array.tobytes() == jpeg.tobytes()


def test_from_array_keeps_the_array_alive_until_the_image_is_gone(provider):
    class Owner(np.ndarray):
        pass

    array = numbered((6, 8), np.uint16).view(Owner)
    gone = weakref.ref(array)
    image = Image.from_array(array, ImageFormat.DEPTH16, provider=provider)
    view = image.array
    del array, image
    gc.collect()
    assert view[5, 7] == 47
    assert view.base is not None
    del view
    k4a.k4a_image_create(ImageFormat.CUSTOM8, 1, 1, 0, provider=provider)  # any call drains the mailbox
    gc.collect()
    assert gone() is None or not gone().base


@pytest.mark.parametrize(
    ("array", "format", "error", "message"),
    [
        (np.zeros((6, 8)), ImageFormat.DEPTH16, TypeError, "a DEPTH16 image is made from uint16 pixels, not float64"),
        (np.zeros((6, 8), np.int16), ImageFormat.IR16, TypeError, "uint16 pixels, not int16"),
        (np.zeros((6, 8), ">u2"), ImageFormat.IR16, TypeError, "not >u2"),
        (
            np.zeros((6, 8, 3), np.uint8),
            ImageFormat.COLOR_BGRA32,
            ValueError,
            r"shape \(height, width, 4\), not \(6, 8, 3\)",
        ),
        (np.zeros(48, np.uint16), ImageFormat.DEPTH16, ValueError, r"shape \(height, width\), not \(48,\)"),
        (np.zeros((8, 8), np.uint8), ImageFormat.COLOR_NV12, ValueError, "height \\* 3 / 2"),
        (np.zeros((6, 7, 2), np.uint8), ImageFormat.COLOR_YUY2, ValueError, "even width"),
        (np.zeros((0, 8), np.uint16), ImageFormat.DEPTH16, ValueError, "empty"),
        (np.zeros((6, 8), np.uint16)[::-1], ImageFormat.DEPTH16, ValueError, "reversed.*copy=True"),
        (np.zeros((6, 8), np.uint16)[:, ::2], ImageFormat.DEPTH16, ValueError, "of a row.*copy=True"),
        (np.zeros((6, 8), np.uint16).T, ImageFormat.DEPTH16, ValueError, "of a row.*copy=True"),
        (np.broadcast_to(np.zeros(8, np.uint16), (6, 8)), ImageFormat.DEPTH16, ValueError, "copy=True"),
        (np.zeros(10, np.uint8), ImageFormat.COLOR_MJPG, ValueError, "needs width_pixels and height_pixels"),
        (np.zeros(20, np.uint8)[::2], ImageFormat.CUSTOM, ValueError, "needs width_pixels"),
        (np.zeros((6, 8), np.uint16), ImageFormat(77), ValueError, "UNKNOWN_77"),
        ("text", ImageFormat.CUSTOM8, TypeError, "uint8 pixels"),
    ],
)
def test_from_array_of_unfit_array_says_why(bundled, array, format, error, message):
    with pytest.raises(error, match=message):
        Image.from_array(array, format, provider=bundled)


def test_from_array_of_read_only_array_is_refused(bundled):
    array = numbered((6, 8), np.uint16)
    array.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        Image.from_array(array, ImageFormat.DEPTH16, provider=bundled)


def test_from_array_with_copy_takes_any_layout(provider):
    array = numbered((8, 6), np.uint16).T[::-1]
    array.flags.writeable = False
    image = Image.from_array(array, ImageFormat.DEPTH16, copy=True, provider=provider)
    assert np.array_equal(image.array, array)
    assert not np.shares_memory(image.array, array)
    assert image.array.flags.writeable


def test_asarray_shares_memory_and_asks_for_no_copy(provider):
    image = Image(ImageFormat.DEPTH16, 8, 6, provider=provider)
    one, two = np.asarray(image), np.asarray(memoryview(image))
    assert np.shares_memory(one, two)
    one[3, 4] = 1234
    assert image.array[3, 4] == 1234
    assert np.array(image)[3, 4] == 1234
    assert not np.shares_memory(np.array(image), one)
    assert np.asarray(image, dtype=np.float32)[3, 4] == 1234.0


def test_array_method_follows_the_rules_of_copy(bundled):
    image = Image(ImageFormat.DEPTH16, 8, 6, provider=bundled)
    assert np.shares_memory(image.__array__(), image.array)
    assert np.shares_memory(image.__array__(copy=False), image.array)
    assert not np.shares_memory(image.__array__(copy=True), image.array)
    assert image.__array__(np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copy is needed"):
        image.__array__(np.float64, copy=False)


def test_array_interface_shares_memory(provider):
    image = Image(ImageFormat.COLOR_BGRA32, 8, 6, provider=provider)

    class Consumer:
        __array_interface__ = image.__array_interface__

    assert np.shares_memory(np.asarray(Consumer()), image.array)


def test_dlpack_shares_memory(provider):
    image = Image(ImageFormat.CUSTOM8, 8, 6, provider=provider)
    array = np.from_dlpack(image)
    assert np.shares_memory(array, image.array)
    assert image.__dlpack_device__() == (1, 0)
    address = image.array.__array_interface__["data"][0]
    del image
    gc.collect()
    assert array.__array_interface__["data"][0] == address
    assert array.shape == (6, 8)


def test_array_is_the_same_object_while_it_lives_and_no_cycle(provider):
    image = Image(ImageFormat.CUSTOM8, 8, 6, provider=provider)
    array = image.array
    assert image.array is array
    gone = weakref.ref(image)
    del array
    gc.disable()
    try:
        del image
        assert gone() is None
    finally:
        gc.enable()


def test_array_outlives_release(provider):
    image = Image(ImageFormat.CUSTOM8, 8, 6, provider=provider)
    array = image.array
    array[...] = 5
    image.release()
    assert image.released
    assert array.sum() == 5 * 48
    for name in ("array", "format", "width_pixels", "size", "device_timestamp_usec"):
        with pytest.raises(ValueError, match="released"):
            getattr(image, name)
    assert repr(image) == "<Image, released>"


def test_image_metadata_set_is_read_back(provider):
    image = Image(ImageFormat.DEPTH16, 8, 6, provider=provider)
    values = {
        "device_timestamp_usec": 2**40 + 1,
        "system_timestamp_nsec": 2**50 + 2,
        "exposure_usec": 33,
        "white_balance": 4500,
        "iso_speed": 200,
    }
    for name, value in values.items():
        assert getattr(image, name) == 0
        setattr(image, name, value)
    assert {name: getattr(image, name) for name in values} == values
    assert repr(image) == f"<Image DEPTH16 8 x 6, 96 bytes, at {2**40 + 1} us>"
    with pytest.raises(TypeError, match="exposure_usec"):
        image.exposure_usec = "long"
    with pytest.raises((OverflowError, ValueError)):
        image.white_balance = -1


def test_image_is_a_handle_of_the_flat_module(provider):
    image = Image(ImageFormat.DEPTH16, 8, 6, provider=provider)
    image.device_timestamp_usec = 42
    assert k4a.k4a_image_get_device_timestamp_usec(image) == 42
    assert image.provider is provider
