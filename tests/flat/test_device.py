"""`k4a_device_*` with a library that has a device of its own making."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def run(compile_program: Callable[..., Path]) -> Callable[[str], str]:
    """Run Python with an open `device`; a process has room for one foreign library, so it is another process."""
    if sys.platform == "win32":
        pytest.skip("the library is written with pthread")
    source = Path(__file__).with_name("fake_device.c")
    library = compile_program(source, "-shared", "-fPIC", "-D_GNU_SOURCE", "-lpthread", name="libk4a.so")
    before = f"""
        import threading
        from pyk4a_rp import load_provider
        from pyk4a_rp.k4a import *
        provider = load_provider({str(library)!r})
        assert "k4a_device_open" not in provider.missing and "k4a_image_create" in provider.missing
        result, device = k4a_device_open(2, provider=provider)
        assert result == K4A_RESULT_SUCCEEDED and device.provider is provider
        config = k4a_device_configuration_t(
            K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_COLOR_RESOLUTION_2160P, K4A_DEPTH_MODE_WFOV_UNBINNED,
            K4A_FRAMES_PER_SECOND_15, True, -160, K4A_WIRED_SYNC_MODE_SUBORDINATE, 4000000000, True,
        )
    """

    def run_(code: str) -> str:
        text = textwrap.dedent(before) + textwrap.dedent(code)
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run_


def test_device_is_opened_once_and_again_after_close(run: Callable[[str], str]) -> None:
    run("""
        assert k4a_device_get_installed_count(provider=provider) == 3
        assert k4a_device_open(2, provider=provider) == (K4A_RESULT_FAILED, None)
        k4a_device_close(device)
        k4a_device_close(device)
        assert device.released
        assert k4a_device_get_serialnum(device) == (K4A_BUFFER_RESULT_FAILED, None)
        result, device = k4a_device_open(2, provider=provider)
        assert result == K4A_RESULT_SUCCEEDED
        del device
        assert k4a_device_open(2, provider=provider)[0] == K4A_RESULT_SUCCEEDED
    """)


def test_answers_come_back_in_the_order_of_c(run: Callable[[str], str]) -> None:
    run("""
        assert k4a_device_get_serialnum(device) == (K4A_BUFFER_RESULT_SUCCEEDED, "FAKE0001")
        assert k4a_device_get_serialnum(device, size=8) == (K4A_BUFFER_RESULT_TOO_SMALL, None, 9)
        assert k4a_device_get_serialnum(device, size=9) == (K4A_BUFFER_RESULT_SUCCEEDED, "FAKE0001", 9)
        assert k4a_device_get_raw_calibration(device) == (K4A_BUFFER_RESULT_SUCCEEDED, b'{"fake": true}')
        assert k4a_device_get_raw_calibration(device, size=15) == (K4A_BUFFER_RESULT_SUCCEEDED, b'{"fake": true}', 15)
        result, version = k4a_device_get_version(device)
        assert result == K4A_RESULT_SUCCEEDED
        assert version == k4a_hardware_version_t(
            k4a_version_t(1, 2, 3), k4a_version_t(4, 5, 6), k4a_version_t(7, 8, 9), k4a_version_t(10, 11, 12),
            K4A_FIRMWARE_BUILD_DEBUG, K4A_FIRMWARE_SIGNATURE_UNSIGNED,
        )
        assert k4a_device_get_sync_jack(device) == (K4A_RESULT_SUCCEEDED, True, False)
        result, calibration = k4a_device_get_calibration(device, K4A_DEPTH_MODE_PASSIVE_IR, K4A_COLOR_RESOLUTION_3072P)
        assert calibration.depth_mode == K4A_DEPTH_MODE_PASSIVE_IR
        assert calibration.color_resolution == K4A_COLOR_RESOLUTION_3072P
        assert calibration.color_camera_calibration.metric_radius == 1.5
        assert calibration.depth_camera_calibration == k4a_calibration_camera_t()
    """)


def test_color_controls_are_read_and_set(run: Callable[[str], str]) -> None:
    run("""
        manual, automatic = K4A_COLOR_CONTROL_MODE_MANUAL, K4A_COLOR_CONTROL_MODE_AUTO
        gain, balance = K4A_COLOR_CONTROL_GAIN, K4A_COLOR_CONTROL_WHITEBALANCE
        assert k4a_device_get_color_control_capabilities(device, gain) == (0, False, -1, 100, 10, 50, manual)
        assert k4a_device_get_color_control_capabilities(device, balance)[1] is True
        assert k4a_device_set_color_control(device, gain, manual, -77) == K4A_RESULT_SUCCEEDED
        assert k4a_device_get_color_control(device, gain) == (K4A_RESULT_SUCCEEDED, manual, -77)
        assert k4a_device_get_color_control(device, balance) == (K4A_RESULT_SUCCEEDED, automatic, 0)
        assert k4a_device_get_color_control(device, 10) == (K4A_RESULT_FAILED, None, None)
        assert k4a_device_set_color_control(device, -1, manual, 0) == K4A_RESULT_FAILED
    """)


def test_configuration_arrives_as_it_was_given(run: Callable[[str], str]) -> None:
    run("""
        assert k4a_device_start_cameras(device, K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()) == K4A_RESULT_FAILED
        assert k4a_device_start_imu(device) == K4A_RESULT_FAILED
        assert k4a_device_start_cameras(device, config) == K4A_RESULT_SUCCEEDED
        assert k4a_device_start_imu(device) == K4A_RESULT_SUCCEEDED
        assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_TIMEOUT, None)
        assert k4a_device_get_imu_sample(device, 0) == (K4A_WAIT_RESULT_TIMEOUT, None)
        assert k4a_device_get_capture(device, 12345) == (K4A_WAIT_RESULT_TIMEOUT, None)
        assert k4a_device_get_imu_sample(device, 7) == (K4A_WAIT_RESULT_SUCCEEDED, k4a_imu_sample_t(
            25.5, k4a_float3_t(1, 2, 3), 2**40, k4a_float3_t(-1, -2, -3), 2**40 + 1
        ))
        k4a_device_stop_imu(device)
        k4a_device_stop_cameras(device)
        assert k4a_device_get_imu_sample(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
        assert k4a_device_get_capture(device, 0) == (K4A_WAIT_RESULT_FAILED, None)
    """)


def test_close_wakes_threads_that_wait(run: Callable[[str], str]) -> None:
    out = run("""
        k4a_device_start_cameras(device, config)
        k4a_device_start_imu(device)
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(k4a_device_get_capture(device, K4A_WAIT_INFINITE))),
            threading.Thread(target=lambda: answers.append(k4a_device_get_imu_sample(device, K4A_WAIT_INFINITE))),
        ]
        for thread in threads:
            thread.start()
        while k4a_device_get_capture(device, 0) != (K4A_WAIT_RESULT_TIMEOUT, None):
            pass
        threading.Event().wait(0.2)  # both are waiting by now, or will find the streams stopped
        k4a_device_close(device)
        assert device.released
        for thread in threads:
            thread.join(30)
        print(answers == [(K4A_WAIT_RESULT_FAILED, None)] * 2)
        print(k4a_device_open(2, provider=provider)[0] == K4A_RESULT_SUCCEEDED)
    """)
    assert out == "True\nTrue\n"


def test_missing_functions_of_a_library_fail_and_are_listed(run: Callable[[str], str]) -> None:
    run("""
        assert k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 2, 2, 0, provider=provider) == (K4A_RESULT_FAILED, None)
        assert k4a_playback_open("x.mkv", provider=provider) == (K4A_RESULT_FAILED, None)
        assert k4a_transformation_create(k4a_calibration_t(), provider=provider) is None
    """)


def test_device_of_one_library_is_not_recorded_by_another(run: Callable[[str], str]) -> None:
    run("""
        try:
            k4a_record_create("x.mkv", device, config, provider="bundled")
        except ValueError as error:
            assert "cannot be used with provider 'bundled'" in str(error), error
        else:
            raise AssertionError
    """)
