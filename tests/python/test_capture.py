"""Capture: made of images, asked for images."""

from __future__ import annotations

import gc
import math

import numpy as np
import pytest

from pyk4a_rp import Capture, Image, ImageFormat, k4a


def depth_image(provider, timestamp=0):
    image = Image.from_array(np.arange(48, dtype=np.uint16).reshape(6, 8), ImageFormat.DEPTH16,
                             device_timestamp_usec=timestamp, provider=provider)  # fmt: skip
    return image


def test_capture_made_of_images_holds_them(provider):
    depth = depth_image(provider, 200)
    color = Image(ImageFormat.COLOR_BGRA32, 4, 2, provider=provider)
    color.device_timestamp_usec = 100
    capture = Capture(color=color, depth=depth, temperature_c=25.5)
    assert capture.provider is provider
    assert capture.depth is depth
    assert capture.color is color
    assert capture.ir is None
    assert capture.temperature_c == 25.5
    assert capture.timestamps == (100, 200, None)
    assert capture.device_timestamp_usec == 100
    assert repr(capture) == "<Capture: color at 100 us, depth at 200 us>"
    assert k4a.k4a_capture_get_depth_image(capture).address == depth.address


def test_capture_empty_has_nothing(provider):
    capture = Capture(provider=provider)
    assert (capture.color, capture.depth, capture.ir) == (None, None, None)
    assert capture.device_timestamp_usec is None
    assert capture.timestamps == (None, None, None)
    assert math.isnan(capture.temperature_c)
    assert repr(capture) == "<Capture: no images>"


def test_capture_timestamps_follow_what_is_set(provider):
    capture = Capture(depth=depth_image(provider, 2**40), provider=provider)
    assert capture.timestamps == (None, 2**40, None)
    capture.depth.device_timestamp_usec = 5
    capture.ir = depth_image(provider, 3)
    assert capture.timestamps == (None, 5, 3)
    assert capture.device_timestamp_usec == 3


def test_capture_image_replaced_and_removed(provider):
    capture = Capture(ir=depth_image(provider, 1), provider=provider)
    other = depth_image(provider, 2)
    capture.ir = other
    assert capture.ir is other
    capture.ir = None
    assert capture.ir is None


def test_capture_image_replaced_by_flat_function_is_seen(provider):
    capture = Capture(depth=depth_image(provider, 1))
    assert capture.depth.device_timestamp_usec == 1
    k4a.k4a_capture_set_depth_image(capture, depth_image(provider, 2))
    assert capture.depth.device_timestamp_usec == 2
    assert capture.depth is capture.depth


def test_image_outlives_its_capture(provider):
    capture = Capture(depth=depth_image(provider))
    depth = capture.depth
    array = depth.array
    del capture, depth
    gc.collect()
    assert array[5, 7] == 47


def test_capture_wrong_types_say_which(provider):
    with pytest.raises(TypeError, match="depth must be an Image or None, not ndarray"):
        Capture(depth=np.zeros((6, 8), np.uint16), provider=provider)
    capture = Capture(provider=provider)
    with pytest.raises(TypeError, match="color must be an Image or None, not int"):
        capture.color = 5
    with pytest.raises(ValueError, match="NaN"):
        capture.temperature_c = math.nan
    with pytest.raises(TypeError, match="temperature_c"):
        capture.temperature_c = "warm"
    released = depth_image(provider)
    released.release()
    with pytest.raises(ValueError, match="the depth image has been released"):
        capture.depth = released


def test_capture_released_raises_value_error(provider):
    capture = Capture(depth=depth_image(provider))
    capture.release()
    capture.release()
    for name in ("color", "depth", "ir", "temperature_c", "timestamps", "device_timestamp_usec"):
        with pytest.raises(ValueError, match="the capture has been released"):
            getattr(capture, name)
    assert repr(capture) == "<Capture, released>"


def test_capture_of_one_provider_refuses_image_of_another(bundled, microsoft):
    with pytest.raises(ValueError, match=r"bundled.*microsoft|microsoft.*bundled"):
        Capture(depth=depth_image(microsoft), provider=bundled)
