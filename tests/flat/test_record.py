"""`k4a_record_*` on a library that records."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from pyk4a_rp.k4a import *
from tests.flat.conftest import START_USEC, make_capture, make_sample

OK, FAILED = K4A_RESULT_SUCCEEDED, K4A_RESULT_FAILED


def configuration() -> k4a_device_configuration_t:
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED
    return config


@pytest.fixture
def writer(provider: Any, tmp_path: Path) -> RecordHandle:
    result, recording = k4a_record_create(tmp_path / "new.mkv", None, configuration(), provider=provider)
    assert result == OK and recording is not None
    return recording


def test_create_where_no_file_can_be_fails(provider: Any, tmp_path: Path) -> None:
    made = k4a_record_create(tmp_path / "missing" / "x.mkv", None, configuration(), provider=provider)
    assert made == (FAILED, None)


def test_create_with_an_unknown_mode_fails(provider: Any, tmp_path: Path) -> None:
    config = configuration()
    config.depth_mode = 17  # type: ignore[assignment]
    assert k4a_record_create(tmp_path / "x.mkv", None, config, provider=provider) == (FAILED, None)


def test_order_of_calls_is_that_of_c(writer: RecordHandle, provider: Any) -> None:
    capture = make_capture(provider, 0)
    assert k4a_record_write_capture(writer, capture) == FAILED
    assert k4a_record_write_imu_sample(writer, make_sample(0)) == FAILED
    assert k4a_record_flush(writer) == FAILED
    assert k4a_record_add_imu_track(writer) == OK
    assert k4a_record_add_imu_track(writer) == FAILED
    assert k4a_record_write_header(writer) == OK
    assert k4a_record_write_header(writer) == FAILED
    assert k4a_record_add_tag(writer, "A", "b") == FAILED
    assert k4a_record_add_attachment(writer, "a", b"b") == FAILED
    assert k4a_record_write_capture(writer, capture) == OK
    assert k4a_record_write_capture(writer, None) == OK  # NULL writes nothing, and C does not mind
    assert k4a_record_flush(writer) == OK
    # Too late for Microsoft's library; the engine still sorts it in.
    late = OK if provider.name == "bundled" else FAILED
    assert k4a_record_write_capture(writer, capture) == late


def test_null_and_empty_data_are_told_apart(writer: RecordHandle) -> None:
    assert k4a_record_add_attachment(writer, "null", None) == FAILED
    assert k4a_record_add_attachment(writer, "empty", b"") == OK
    assert k4a_record_add_custom_subtitle_track(writer, "WORDS", "S", None, None) == OK
    assert k4a_record_add_custom_subtitle_track(writer, "WORDS", "S", None, None) == FAILED
    assert k4a_record_add_custom_subtitle_track(writer, "words", "S", None, None) == FAILED
    assert k4a_record_write_header(writer) == OK
    assert k4a_record_write_custom_track_data(writer, "WORDS", START_USEC, None) == FAILED
    assert k4a_record_write_custom_track_data(writer, "WORDS", START_USEC, bytearray()) == OK
    assert k4a_record_write_custom_track_data(writer, "DEPTH", START_USEC, b"x") == FAILED
    assert k4a_record_write_custom_track_data(writer, "NONE", START_USEC, b"x") == FAILED


def test_frame_rate_of_zero_fails_instead_of_ending_the_process(writer: RecordHandle) -> None:
    assert k4a_record_add_custom_video_track(writer, "V", "V_X", None, k4a_record_video_settings_t(4, 4, 0)) == FAILED
    assert k4a_record_add_custom_video_track(writer, "V", "V_X", None, k4a_record_video_settings_t(4, 4, 1)) == OK


def test_released_recording_answers_like_null(writer: RecordHandle) -> None:
    k4a_record_close(writer)
    k4a_record_close(writer)
    assert k4a_record_close(None) is None
    assert writer.released
    settings = k4a_record_video_settings_t(4, 4, 1)
    assert k4a_record_add_tag(writer, "A", "b") == FAILED
    assert k4a_record_add_imu_track(writer) == FAILED
    assert k4a_record_add_attachment(writer, "a", b"b") == FAILED
    assert k4a_record_add_custom_video_track(writer, "V", "V_X", None, settings) == FAILED
    assert k4a_record_add_custom_subtitle_track(writer, "S", "S_X", None, None) == FAILED
    assert k4a_record_write_header(writer) == FAILED
    assert k4a_record_write_capture(writer, None) == FAILED
    assert k4a_record_write_imu_sample(writer, make_sample(0)) == FAILED
    assert k4a_record_write_custom_track_data(writer, "S", 0, b"x") == FAILED
    assert k4a_record_flush(writer) == FAILED


def test_several_threads_write_at_once(writer: RecordHandle, provider: Any, tmp_path: Path) -> None:
    assert k4a_record_add_imu_track(writer) == OK
    assert k4a_record_write_header(writer) == OK
    results: list[int] = []

    def captures() -> None:
        for number in range(30):
            results.append(k4a_record_write_capture(writer, make_capture(provider, number)))

    def samples() -> None:
        for number in range(1000):
            results.append(k4a_record_write_imu_sample(writer, make_sample(number)))

    threads = [threading.Thread(target=function) for function in (captures, samples)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) == {OK}
    assert k4a_record_flush(writer) == OK
    k4a_record_close(writer)
    _, playback = k4a_playback_open(tmp_path / "new.mkv", provider="bundled")
    assert playback is not None
    count = 0
    while k4a_playback_get_next_imu_sample(playback)[0] == 0:
        count += 1
    assert count == 1000


def test_capture_of_another_provider_is_refused(microsoft: Any, bundled: Any, tmp_path: Path) -> None:
    _, writer = k4a_record_create(tmp_path / "new.mkv", None, configuration(), provider=microsoft)
    assert writer is not None
    with pytest.raises(ValueError, match="'microsoft' and capture of provider 'bundled'"):
        k4a_record_write_capture(writer, make_capture(bundled, 0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: k4a_record_create("x.mkv", None, None), "device_config must be k4a_device_configuration_t"),
        (lambda w: k4a_record_create("x.mkv", w, configuration()), "device.*DeviceHandle.*RecordHandle"),
        (lambda w: k4a_record_create(None, None, configuration()), "path must be str, bytes or os.PathLike"),
        (lambda w: k4a_record_add_tag(w, 5, "x"), "name must be str, not int"),
        (lambda w: k4a_record_add_tag(w, "A", None), "value must be str, not NoneType"),
        (lambda w: k4a_record_add_attachment(w, "a", "text"), "buffer must be bytes or another buffer, not str"),
        (lambda w: k4a_record_add_custom_video_track(w, "V", "V", None, None), "k4a_record_video_settings_t"),
        (lambda w: k4a_record_add_custom_subtitle_track(w, "V", "V", None, 5), "k4a_record_subtitle_settings_t"),
        (lambda w: k4a_record_write_imu_sample(w, 3), "imu_sample must be k4a_imu_sample_t, not int"),
        (lambda w: k4a_record_write_capture(w, w), "capture_handle.*CaptureHandle.*RecordHandle"),
        (
            lambda w: k4a_record_write_custom_track_data(w, "A", "now", b""),
            "device_timestamp_usec must be int, not str",
        ),
    ],
)
def test_wrong_type_raises_and_names_parameter_and_type(writer: RecordHandle, call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(writer)
