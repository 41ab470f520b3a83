"""Captures of one provider as those of another."""

from __future__ import annotations

from . import k4a as _k
from ._provider import Provider
from .enums import ImageFormat
from .errors import RecordingError, fail
from .k4a import CaptureHandle, ImageHandle

__all__ = ["copy_capture"]


def copy_capture(capture: CaptureHandle, provider: Provider) -> CaptureHandle:
    """The same capture as one of another provider; pixels are shared, not copied."""
    result, copy = _k.k4a_capture_create(provider=provider)
    if copy is None:
        fail("cannot create a capture", "k4a_capture_create", provider=provider, code=result)
    pairs = (
        (_k.k4a_capture_get_color_image, _k.k4a_capture_set_color_image),
        (_k.k4a_capture_get_depth_image, _k.k4a_capture_set_depth_image),
        (_k.k4a_capture_get_ir_image, _k.k4a_capture_set_ir_image),
    )
    for get, put in pairs:
        image = get(capture)
        if image is not None:
            put(copy, _copy_image(image, provider))
    temperature = _k.k4a_capture_get_temperature_c(capture)
    if temperature == temperature:
        _k.k4a_capture_set_temperature_c(copy, temperature)
    return copy


def _copy_image(image: ImageHandle, provider: Provider) -> ImageHandle:
    pixels = _k.k4a_image_get_buffer(image)
    if pixels is None:
        raise RecordingError("the pixels of an image cannot be read")
    result, copy = _k.k4a_image_create_from_buffer(
        ImageFormat(_k.k4a_image_get_format(image)),
        _k.k4a_image_get_width_pixels(image),
        _k.k4a_image_get_height_pixels(image),
        _k.k4a_image_get_stride_bytes(image),
        pixels,
        provider=provider,
    )
    if copy is None:
        fail("cannot take over an image", "k4a_image_create_from_buffer", provider=provider, code=result)
    _k.k4a_image_set_device_timestamp_usec(copy, _k.k4a_image_get_device_timestamp_usec(image))
    _k.k4a_image_set_system_timestamp_nsec(copy, _k.k4a_image_get_system_timestamp_nsec(image))
    _k.k4a_image_set_exposure_usec(copy, _k.k4a_image_get_exposure_usec(image))
    _k.k4a_image_set_white_balance(copy, _k.k4a_image_get_white_balance(image))
    _k.k4a_image_set_iso_speed(copy, _k.k4a_image_get_iso_speed(image))
    return copy
