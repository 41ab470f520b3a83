"""Messages, allocator notices, and devices where there are none."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pyk4a_rp.k4a import *


def fail_once(provider: Any) -> None:
    assert k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, -1, 1, 0, provider=provider) == (K4A_RESULT_FAILED, None)


@pytest.fixture
def without_handler(provider: Any) -> Iterator[None]:
    yield
    k4a_set_debug_message_handler(None, None, K4A_LOG_LEVEL_OFF, provider=provider)
    k4a_set_allocator(None, None, provider=provider)


pytestmark = pytest.mark.usefixtures("without_handler")


# ---- messages ----


def test_handler_gets_messages_in_the_calling_thread(provider: Any) -> None:
    told: list[tuple[Any, ...]] = []
    context = object()

    def handler(*message: Any) -> None:
        told.append((threading.get_ident(), *message))

    assert k4a_set_debug_message_handler(handler, context, K4A_LOG_LEVEL_WARNING, provider=provider) == 0
    fail_once(provider)
    assert told
    for thread, given, level, file, line, message in told:
        assert thread == threading.get_ident() and given is context
        assert level <= K4A_LOG_LEVEL_WARNING and isinstance(file, str) and line >= 0 and message


def test_handler_that_is_taken_away_gets_nothing(provider: Any) -> None:
    told: list[Any] = []
    handler = lambda *message: told.append(message)  # noqa: E731
    assert k4a_set_debug_message_handler(handler, None, K4A_LOG_LEVEL_ERROR, provider=provider) == 0
    assert k4a_set_debug_message_handler(None, None, K4A_LOG_LEVEL_OFF, provider=provider) == 0
    fail_once(provider)
    assert told == []


def test_second_handler_is_refused_and_the_same_one_updated(provider: Any) -> None:
    told: list[Any] = []

    def first(context: Any, *message: Any) -> None:
        told.append(context)

    assert k4a_set_debug_message_handler(first, 1, K4A_LOG_LEVEL_ERROR, provider=provider) == 0
    assert k4a_set_debug_message_handler(print, None, K4A_LOG_LEVEL_ERROR, provider=provider) == K4A_RESULT_FAILED
    assert k4a_set_debug_message_handler(first, 2, K4A_LOG_LEVEL_OFF, provider=provider) == 0
    fail_once(provider)
    assert told == []
    assert k4a_set_debug_message_handler(first, 3, K4A_LOG_LEVEL_ERROR, provider=provider) == 0
    fail_once(provider)
    assert set(told) == {3}


@pytest.mark.parametrize("level", [-1, 6])
def test_level_that_c_does_not_have_fails(provider: Any, level: Any) -> None:
    assert k4a_set_debug_message_handler(print, None, level, provider=provider) == K4A_RESULT_FAILED


def test_messages_still_go_to_logging(provider: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger=f"pyk4a_rp.native.{provider.name}"):
        k4a_set_debug_message_handler(lambda *message: None, None, K4A_LOG_LEVEL_ERROR, provider=provider)
        fail_once(provider)
    assert [record.name for record in caplog.records][:1] == [f"pyk4a_rp.native.{provider.name}"]


def test_what_a_handler_raises_spoils_no_call(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: raised.append(unraisable.exc_value))

    def handler(*message: Any) -> None:
        raise ZeroDivisionError("mine")

    k4a_set_debug_message_handler(handler, None, K4A_LOG_LEVEL_ERROR, provider=provider)
    fail_once(provider)
    assert raised and all(isinstance(error, ZeroDivisionError) for error in raised)


def test_handler_may_call_the_library(provider: Any) -> None:
    seen: list[int] = []

    def handler(*message: Any) -> None:
        if len(seen) < 3:
            seen.append(1)
            fail_once(provider)

    k4a_set_debug_message_handler(handler, None, K4A_LOG_LEVEL_ERROR, provider=provider)
    fail_once(provider)
    fail_once(provider)
    assert len(seen) == 3


def test_what_is_no_handler_raises(provider: Any) -> None:
    with pytest.raises(TypeError, match="message_cb must be callable or None, not int"):
        k4a_set_debug_message_handler(5, None, K4A_LOG_LEVEL_ERROR, provider=provider)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="min_level must be int, not str"):
        k4a_set_debug_message_handler(print, None, "ERROR", provider=provider)  # type: ignore[arg-type]


# ---- allocator ----


def test_allocator_gets_notices_of_blocks_and_their_end(provider: Any) -> None:
    blocks: dict[int, int] = {}
    freed: list[int] = []
    assert k4a_set_allocator(lambda size, address: blocks.update({address: size}), freed.append, provider=provider) == 0
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 100, 50, 0, provider=provider)
    assert image is not None
    assert len(blocks) == 1 and freed == []
    ((address, size),) = blocks.items()
    assert 5000 <= size <= 5000 + 4096
    view = k4a_image_get_buffer(image)
    assert view is not None
    image.release()
    k4a_capture_create(provider=provider)
    assert freed == []  # somebody still looks
    view.release()
    k4a_capture_create(provider=provider)
    assert freed == [address]


def test_block_is_reported_to_whom_it_was_reported_before(provider: Any) -> None:
    first: list[int] = []
    second: list[int] = []
    k4a_set_allocator(lambda size, address: None, first.append, provider=provider)
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 100, 50, 0, provider=provider)
    k4a_set_allocator(lambda size, address: None, second.append, provider=provider)
    _, other = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 100, 50, 0, provider=provider)
    assert k4a_set_allocator(None, None, provider=provider) == K4A_RESULT_SUCCEEDED
    _, third = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM8, 100, 50, 0, provider=provider)
    for handle in (third, other, image):
        k4a_image_release(handle)
    assert (len(first), len(second)) == (1, 1)


def test_half_an_allocator_fails(provider: Any) -> None:
    assert k4a_set_allocator(lambda size, address: None, None, provider=provider) == K4A_RESULT_FAILED
    assert k4a_set_allocator(None, lambda address: None, provider=provider) == K4A_RESULT_FAILED
    with pytest.raises(TypeError, match="free must be callable or None, not int"):
        k4a_set_allocator(print, 3, provider=provider)  # type: ignore[arg-type]


# ---- devices ----


def test_no_device_is_found_and_none_can_be_opened(provider: Any) -> None:
    count = k4a_device_get_installed_count(provider=provider)
    if count:
        pytest.skip("a device is attached")
    assert count == 0
    assert k4a_device_open(K4A_DEVICE_DEFAULT, provider=provider) == (K4A_RESULT_FAILED, None)
    assert k4a_device_open(2**32 - 1, provider=provider) == (K4A_RESULT_FAILED, None)
    with pytest.raises(OverflowError, match="index is out of range"):
        k4a_device_open(-1, provider=provider)


def test_device_functions_without_a_device_fail() -> None:
    device = DeviceHandle()
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_get_capture(device, K4A_WAIT_INFINITE) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_get_imu_sample(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    assert k4a_device_start_cameras(device, config) == K4A_RESULT_FAILED
    assert k4a_device_start_imu(device) == K4A_RESULT_FAILED
    assert k4a_device_stop_cameras(device) is None and k4a_device_stop_imu(device) is None
    assert k4a_device_get_serialnum(device) == (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_device_get_serialnum(device, size=5) == (K4A_BUFFER_RESULT_FAILED, None, 5)
    assert k4a_device_get_raw_calibration(device) == (K4A_BUFFER_RESULT_FAILED, None)
    assert k4a_device_get_version(device) == (K4A_RESULT_FAILED, None)
    assert k4a_device_get_sync_jack(device) == (K4A_RESULT_FAILED, None, None)
    assert k4a_device_get_calibration(device, 2, 1) == (K4A_RESULT_FAILED, None)  # type: ignore[arg-type]
    gain = K4A_COLOR_CONTROL_GAIN
    assert k4a_device_get_color_control(device, gain) == (K4A_RESULT_FAILED, None, None)
    assert k4a_device_get_color_control_capabilities(device, gain) == (K4A_RESULT_FAILED, *[None] * 6)
    assert k4a_device_set_color_control(device, gain, K4A_COLOR_CONTROL_MODE_AUTO, 0) == K4A_RESULT_FAILED
    assert k4a_device_close(device) is None and k4a_device_close(None) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: k4a_device_start_cameras(d, None), "config must be k4a_device_configuration_t, not NoneType"),
        (lambda d: k4a_device_get_capture(d, 0.5), "timeout_in_ms must be int, not float"),
        (lambda d: k4a_device_open("0"), "index must be int, not str"),
        (lambda d: k4a_device_get_serialnum(None), "device_handle"),
    ],
)
def test_wrong_type_raises_and_names_parameter_and_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(DeviceHandle())


def test_configuration_with_a_wrong_field_raises_and_names_it() -> None:
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.depth_mode = "NFOV"  # type: ignore[assignment]
    with pytest.raises(TypeError, match="depth_mode must be int, not str"):
        k4a_device_start_cameras(DeviceHandle(), config)
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.subordinate_delay_off_master_usec = -1
    with pytest.raises(OverflowError, match="subordinate_delay_off_master_usec is out of range"):
        k4a_device_start_cameras(DeviceHandle(), config)
