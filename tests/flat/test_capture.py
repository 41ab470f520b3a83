"""`k4a_capture_*`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *

SLOTS = ("color", "depth", "ir")


def get(slot: str, capture: CaptureHandle) -> ImageHandle | None:
    return globals()[f"k4a_capture_get_{slot}_image"](capture)


def set_(slot: str, capture: CaptureHandle, image: ImageHandle | None) -> None:
    globals()[f"k4a_capture_set_{slot}_image"](capture, image)


def create(provider: Any) -> CaptureHandle:
    result, capture = k4a_capture_create(provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and capture is not None
    return capture


def create_image(provider: Any) -> ImageHandle:
    result, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 3, 2, 0, provider=provider)
    assert result == K4A_RESULT_SUCCEEDED and image is not None
    return image


def test_new_capture_is_empty(provider: Any) -> None:
    capture = create(provider)
    assert [get(slot, capture) for slot in SLOTS] == [None, None, None]
    assert math.isnan(k4a_capture_get_temperature_c(capture))
    assert capture.provider is provider


@pytest.mark.parametrize("slot", SLOTS)
def test_image_put_in_comes_out_with_a_reference_of_its_own(provider: Any, slot: str) -> None:
    capture, image = create(provider), create_image(provider)
    np.asarray(image)[...] = 9  # CUSTOM8: the format is not held against the slot
    set_(slot, capture, image)
    address = image.address
    image.release()
    out = get(slot, capture)
    assert out is not None and out.address == address
    assert [get(other, capture) for other in SLOTS if other != slot] == [None, None]
    capture.release()
    assert np.asarray(out).tolist() == [[9, 9, 9], [9, 9, 9]]


@pytest.mark.parametrize("slot", SLOTS)
def test_none_empties_the_place(provider: Any, slot: str) -> None:
    capture, image = create(provider), create_image(provider)
    set_(slot, capture, image)
    set_(slot, capture, None)
    assert get(slot, capture) is None
    set_(slot, capture, image)
    other = create_image(provider)
    set_(slot, capture, other)
    out = get(slot, capture)
    assert out is not None and out.address == other.address


def test_temperature_holds_what_was_set_but_nan(provider: Any) -> None:
    capture = create(provider)
    k4a_capture_set_temperature_c(capture, 24.5)
    k4a_capture_set_temperature_c(capture, math.nan)
    assert k4a_capture_get_temperature_c(capture) == 24.5
    k4a_capture_set_temperature_c(capture, -3)
    assert k4a_capture_get_temperature_c(capture) == -3.0


def test_released_capture_answers_like_null(provider: Any) -> None:
    capture, image = create(provider), create_image(provider)
    k4a_capture_release(capture)
    k4a_capture_release(capture)
    assert capture.released
    for slot in SLOTS:
        set_(slot, capture, image)
        assert get(slot, capture) is None
    k4a_capture_set_temperature_c(capture, 1.0)
    assert math.isnan(k4a_capture_get_temperature_c(capture))
    assert not image.released and k4a_image_get_size(image) == 6


def test_references_are_counted(provider: Any) -> None:
    capture = create(provider)
    k4a_capture_reference(capture)
    k4a_capture_release(capture)
    k4a_capture_set_temperature_c(capture, 1.0)
    assert k4a_capture_get_temperature_c(capture) == 1.0
    k4a_capture_release(capture)
    assert capture.released
    assert k4a_capture_release(None) is None


def test_image_of_another_provider_is_refused_by_name(bundled: Any, microsoft: Any) -> None:
    capture, image = create(bundled), create_image(microsoft)
    with pytest.raises(ValueError, match="image of provider 'microsoft'") as caught:
        k4a_capture_set_color_image(capture, image)
    assert "capture of provider 'bundled'" in str(caught.value)
    assert k4a_capture_get_color_image(capture) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: k4a_capture_get_color_image(None), "capture_handle"),
        (lambda c: k4a_capture_set_ir_image(c, c), "image_handle.*ImageHandle.*CaptureHandle"),
        (lambda c: k4a_capture_set_temperature_c(c, "warm"), "temperature_c must be float, not str"),
        (lambda c: k4a_capture_get_temperature_c(3), "capture_handle.*CaptureHandle.*int"),
    ],
)
def test_wrong_type_raises_and_names_parameter_and_type(bundled: Any, call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(create(bundled))
