"""What the engine tells and takes about writing, through Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyk4a_rp import NotSupportedError, _extensions
from pyk4a_rp.k4a import *
from tests.flat.conftest import make_capture

OK, FAILED = K4A_RESULT_SUCCEEDED, K4A_RESULT_FAILED


def create(provider: Any, path: Path) -> RecordHandle:
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED
    result, writer = k4a_record_create(path, None, config, provider=provider)
    assert result == OK and writer is not None
    return writer


@pytest.fixture
def writer(bundled: Any, tmp_path: Path) -> RecordHandle:
    return create(bundled, tmp_path / "new.mkv")


def test_options_hold_what_was_set_until_the_header(writer: RecordHandle) -> None:
    result, options = _extensions.record_get_options(writer)
    assert result == OK and options is not None and options.sort_window_usec == 150000
    changed = options._replace(sort_window_usec=50000)
    assert _extensions.record_set_options(writer, changed) == OK
    stored = _extensions.record_get_options(writer)[1]
    assert stored is not None and stored.sort_window_usec == 50000
    assert k4a_record_write_header(writer) == OK
    assert _extensions.record_set_options(writer, options) == FAILED


def test_options_of_a_wrong_type_raise(writer: RecordHandle) -> None:
    with pytest.raises(TypeError, match="options must be RecordOptions, not dict"):
        _extensions.record_set_options(writer, {})  # type: ignore[arg-type]
    with pytest.raises(OverflowError, match="queue_limit_bytes is out of range"):
        _extensions.record_set_options(writer, _extensions.RecordOptions(-1, 0, 0))


def test_state_counts_what_was_written(writer: RecordHandle, bundled: Any, tmp_path: Path) -> None:
    assert k4a_record_write_header(writer) == OK
    for number in range(3):
        assert k4a_record_write_capture(writer, make_capture(bundled, number)) == OK
    assert _extensions.record_finish(writer) == OK
    result, state = _extensions.record_get_state(writer)
    assert result == OK and state is not None
    assert state.frames_on_disk == 6 and state.pending_bytes == 0 and state.failed == 0
    assert state.bytes_on_disk == (tmp_path / "new.mkv").stat().st_size
    assert _extensions.record_get_error_text(writer) == (K4A_BUFFER_RESULT_SUCCEEDED, "")
    assert _extensions.record_get_error_text(writer, size=0) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 1)


def test_device_of_another_library_is_stored(writer: RecordHandle, bundled: Any, tmp_path: Path) -> None:
    version = k4a_hardware_version_t(rgb=k4a_version_t(1, 6, 110), depth=k4a_version_t(1, 6, 80))
    assert _extensions.record_set_device(writer, version, "000123", b'{"CalibrationInformation":{}}') == OK
    assert k4a_record_write_header(writer) == OK
    assert k4a_record_write_capture(writer, make_capture(bundled, 0)) == OK
    k4a_record_close(writer)
    _, playback = k4a_playback_open(tmp_path / "new.mkv", provider=bundled)
    assert playback is not None
    assert k4a_playback_get_tag(playback, "K4A_DEVICE_SERIAL_NUMBER") == (K4A_BUFFER_RESULT_SUCCEEDED, "000123")
    assert k4a_playback_get_tag(playback, "K4A_COLOR_FIRMWARE_VERSION")[1] == "1.6.110"
    assert k4a_playback_get_raw_calibration(playback)[1] == b'{"CalibrationInformation":{}}'


def test_device_of_a_wrong_type_raises(writer: RecordHandle) -> None:
    version = k4a_hardware_version_t()
    with pytest.raises(TypeError, match="version must be k4a_hardware_version_t, not NoneType"):
        _extensions.record_set_device(writer, None, None, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="serial_number must be str, not int"):
        _extensions.record_set_device(writer, version, 123, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="calibration must be bytes or another buffer, not str"):
        _extensions.record_set_device(writer, version, None, "{}")  # type: ignore[arg-type]


def test_released_recording_fails(writer: RecordHandle) -> None:
    writer.release()
    assert _extensions.record_get_options(writer) == (FAILED, None)
    assert _extensions.record_set_options(writer, _extensions.RecordOptions(0, 0, 0)) == FAILED
    assert _extensions.record_set_device(writer, k4a_hardware_version_t(), None, None) == FAILED
    assert _extensions.record_get_state(writer) == (FAILED, None)
    assert _extensions.record_get_error_text(writer) == (K4A_BUFFER_RESULT_FAILED, None)
    assert _extensions.record_finish(writer) == FAILED


def test_provider_without_the_table_is_named(microsoft: Any, tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError, match="provider 'microsoft' has no record_get_state"):
        _extensions.record_get_state(create(microsoft, tmp_path / "new.mkv"))


def test_waiting_samples_are_written_in_one_call_until_one_is_refused(bundled: Any, tmp_path: Path) -> None:
    from pyk4a_rp import ColorResolution, Device, DeviceConfiguration

    modes = DeviceConfiguration(color_resolution=ColorResolution.OFF)
    with Device.simulated(configuration=modes, on_demand=True) as device:
        device.start(imu=True)
        _, writer = k4a_record_create(tmp_path / "imu.mkv", None, modes.to_native(), provider=bundled)
        assert writer is not None and k4a_record_add_imu_track(writer) == OK
        assert _extensions.record_write_waiting_imu_samples(writer, device.handle) == (OK, 0)
        for _ in range(3):
            device.get_capture(5)
        # Before the header nothing is taken: one sample is lost.
        assert _extensions.record_write_waiting_imu_samples(writer, device.handle) == (FAILED, 0)
        assert k4a_record_write_header(writer) == OK
        result, count = _extensions.record_write_waiting_imu_samples(writer, device.handle)
        assert result == OK and count > 50
        assert _extensions.record_write_waiting_imu_samples(writer, device.handle) == (OK, 0)
        k4a_record_close(writer)
        released, empty = DeviceHandle(), RecordHandle()
        assert _extensions.record_write_waiting_imu_samples(writer, device.handle) == (OK, 0)
        assert _extensions.record_write_waiting_imu_samples(empty, released) == (OK, 0)
    from pyk4a_rp import Playback

    with Playback(tmp_path / "imu.mkv") as playback:
        assert len(playback.imu) == count
