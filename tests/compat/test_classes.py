"""What the module does better than pyk4a, and what it says when something goes wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp
import pyk4a_rp.compat.pyk4a as pyk4a
from pyk4a_rp import Capture, ColorResolution, DepthMode, Image, ImageFormat
from pyk4a_rp.compat.pyk4a import (
    Calibration,
    CalibrationType,
    Config,
    K4AException,
    K4ATimeoutException,
    PyK4A,
    PyK4ACapture,
    PyK4APlayback,
    PyK4ARecord,
)

NFOV = (DepthMode.NFOV_2X2BINNED, ColorResolution.RES_720P)


def open_recording(path: Path) -> PyK4APlayback:
    playback = PyK4APlayback(path)
    playback.open()
    return playback


# ---- recordings ----


def test_capture_after_its_recording_is_closed_can_still_be_transformed(simulated_recordings: dict[str, Path]):
    playback = open_recording(simulated_recordings["mjpg"])
    capture = playback.get_next_capture()
    playback.close()
    with pyk4a_rp.Playback(simulated_recordings["mjpg"]) as ours:
        expected = ours.captures[0]
        transformation = pyk4a_rp.Transformation(ours.calibration)
        np.testing.assert_array_equal(capture.depth, expected.depth.array)
        np.testing.assert_array_equal(capture.transformed_depth, transformation.depth_to_color(expected.depth.array))
        np.testing.assert_array_equal(
            capture.transformed_color, transformation.color_to_depth(expected.depth.array, expected.color.to_bgra())
        )


@pytest.mark.parametrize("kind", ["mjpg", "nv12", "yuy2", "bgra"])
def test_transformed_color_of_every_format_shows_the_scene(kind: str, simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings[kind]) as playback:
        capture = playback.get_next_capture()
    found = capture.transformed_color
    assert found is not None and found is capture.transformed_color
    with pyk4a_rp.Playback(simulated_recordings["bgra"]) as playback:
        expected = playback.captures[0].transformed_color.array
    assert (found.any(axis=2) == expected.any(axis=2)).all()
    assert np.abs(found.astype(int) - expected).mean() < 4  # JPEG and halved chroma
    by_array = pyk4a.color_image_to_depth_camera(capture.color, capture.depth, capture._calibration, True)
    np.testing.assert_array_equal(by_array, found)


def test_transformed_ir_leaves_transformed_depth_alone(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["bgra"]) as playback:
        capture = playback.get_next_capture()
    depth = capture.transformed_depth
    ir = capture.transformed_ir
    assert capture.transformed_depth is depth and ir is not None and not (ir == depth).all()
    assert capture.transformed_depth_point_cloud[..., 2].tolist() == depth.astype(np.int16).tolist()


def test_recording_without_calibration_is_read_and_the_error_comes_with_the_transform(
    simulated_recordings: dict[str, Path],
):
    with PyK4APlayback(simulated_recordings["without_calibration"]) as playback:
        capture = playback.get_next_capture()
        assert capture.depth.any()
        with pytest.raises(K4AException, match="no calibration"):
            playback.calibration  # noqa: B018
        with pytest.raises(K4AException, match="no calibration"):
            playback.calibration_raw  # noqa: B018
    with pytest.raises(K4AException, match="no calibration"):
        capture.depth_point_cloud  # noqa: B018


def test_calibration_that_is_set_gives_a_recording_without_one_points(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["bgra"]) as other:
        text = other.calibration_raw
    with PyK4APlayback(simulated_recordings["without_calibration"]) as playback:
        playback.calibration_raw = text
        assert playback.calibration.calibration.raw == text.encode()
        assert playback.get_next_capture().depth_point_cloud.any()


def test_captures_without_color_and_without_depth(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["depth_only"]) as playback:
        capture = playback.get_next_capture()
    assert capture.color is None and capture.transformed_color is None and capture.color_timestamp_usec == 0
    assert capture.depth_point_cloud.shape == (288, 320, 3)
    with pytest.raises(K4AException, match="color camera is off"):
        capture.transformed_depth  # noqa: B018
    with PyK4APlayback(simulated_recordings["color_only"]) as playback:
        capture = playback.get_next_capture()
    names = ("depth", "ir", "transformed_depth", "transformed_ir", "transformed_color", "depth_point_cloud")
    assert [getattr(capture, name) for name in names] == [None] * 6


def test_unfinished_recording_opens(simulated_recordings: dict[str, Path], tmp_path: Path):
    whole = simulated_recordings["bgra"].read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole[: len(whole) * 3 // 4])
    with PyK4APlayback(cut) as playback:
        count = 0
        with pytest.raises(EOFError):
            while True:
                assert playback.get_next_capture().depth.any()
                count += 1
    assert 2 <= count < 5


@pytest.mark.parametrize("make", ["missing", "empty", "text", "folder"])
def test_file_that_is_no_recording_is_refused_with_its_name_and_the_reason(make: str, tmp_path: Path):
    path = tmp_path / f"{make}.mkv"
    if make == "folder":
        path.mkdir()
    elif make != "missing":
        path.write_bytes(b"" if make == "empty" else b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(K4AException, match=f"{make}.mkv") as caught:
        PyK4APlayback(path).open()
    assert caught.value.__cause__ is not None and len(str(caught.value)) > len(str(path))


def test_wrong_types_are_type_errors(simulated_recordings: dict[str, Path]):
    with pytest.raises(TypeError):
        PyK4APlayback(5)  # type: ignore[arg-type]
    with PyK4APlayback(simulated_recordings["bgra"]) as playback, pytest.raises(TypeError):
        playback.seek(1.5)  # type: ignore[arg-type]


def test_recording_without_calibration_says_so_once(
    simulated_recordings: dict[str, Path], caplog: pytest.LogCaptureFixture
):
    with PyK4APlayback(simulated_recordings["without_calibration"]) as playback:
        captures = [playback.get_next_capture() for _ in range(2)]
        for capture in captures:
            with pytest.raises(K4AException, match="no calibration") as caught:
                capture.depth_point_cloud  # noqa: B018
            assert len(caught.traceback) < 10
    assert sum("holds no calibration" in record.getMessage() for record in caplog.records) <= 1


def test_color_that_a_program_decoded_takes_the_place_of_the_recorded_one(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["mjpg"]) as playback:
        capture = playback.get_next_capture()
    recorded = capture.transformed_color
    picture = np.zeros((720, 1280, 4), np.uint8)
    picture[..., 1] = 200
    capture._color, capture._color_format = picture, ImageFormat.COLOR_BGRA32
    assert capture.color is picture and capture._color is picture
    seen = capture.transformed_color
    assert (seen[recorded.any(axis=2)] == (0, 200, 0, 0)).all()
    capture._color = picture[..., 1]
    assert capture.color.shape == (720, 1280)
    capture._depth = np.full((288, 320), 1000, np.uint16)
    assert (capture.depth_point_cloud[..., 2] == 1000).mean() > 0.7


@pytest.mark.parametrize("kind", ["bgra", "nv12"])
def test_array_that_was_made_read_only_stays_it(kind: str, simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings[kind]) as playback:
        capture = playback.get_next_capture()
    for name in ("color", "depth", "ir"):
        getattr(capture, name).flags.writeable = False
        assert not getattr(capture, name).flags.writeable, name
    other = Image.from_array(np.full((288, 320), 900, np.uint16), ImageFormat.DEPTH16)
    capture.capture.depth = other
    assert (capture.depth == 900).all() and capture.depth.flags.writeable


def test_numbers_have_their_names_with_an_underscore_too(simulated_recordings: dict[str, Path]):
    with PyK4APlayback(simulated_recordings["bgra"]) as playback:
        capture = playback.get_next_capture()
    for camera in ("color", "depth", "ir"):
        assert getattr(capture, f"_{camera}_timestamp_usec") == getattr(capture, f"{camera}_timestamp_usec") > 0
    with pytest.raises(AttributeError, match="_nonsense"):
        capture._nonsense  # noqa: B018


# ---- arrays ----


def test_depth_upside_down_gives_its_own_points(capture: Capture, calibration: Calibration):
    depth = capture.depth.array
    flipped = pyk4a.depth_image_to_point_cloud(depth[::-1], calibration, True)
    np.testing.assert_array_equal(flipped[..., 2], depth[::-1].astype(np.int16))


@pytest.fixture(scope="module")
def calibration(capture: Capture) -> Calibration:
    return Calibration.from_raw(capture.calibration.raw.decode(), *NFOV)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda depth: depth.astype(np.float64), TypeError, "float64"),
        (lambda depth: depth[:100], ValueError, r"\(100, 320\)"),
        (lambda depth: None, TypeError, "depth is None"),
    ],
)
def test_arrays_that_are_no_depth_image_are_refused(
    change: Any, error: type[Exception], words: str, capture: Capture, calibration: Calibration
):
    depth = change(capture.depth.array)
    color = capture.color.array
    for call in (
        lambda: pyk4a.depth_image_to_point_cloud(depth, calibration, True),
        lambda: pyk4a.depth_image_to_color_camera(depth, calibration, True),
        lambda: pyk4a.depth_image_to_color_camera_custom(depth, capture.ir.array, calibration, True),
        lambda: pyk4a.color_image_to_depth_camera(color, depth, calibration, True),
    ):
        with pytest.raises(error, match=words):
            call()


def test_custom_of_eight_bits_stays_one(capture: Capture, calibration: Calibration):
    labels = (capture.depth.array > 2000).astype(np.uint8) + 1
    found, depth = pyk4a.depth_image_to_color_camera_custom(capture.depth.array, labels, calibration, True)
    assert found.dtype == np.uint8 and set(np.unique(found)) == {0, 1, 2}
    assert ((found == 0) == (depth == 0)).all()


def test_custom_of_another_type_and_what_is_no_calibration_are_refused(capture: Capture, calibration: Calibration):
    depth = capture.depth.array
    with pytest.raises(TypeError, match="custom has the dtype float32 instead of uint8 or uint16"):
        pyk4a.depth_image_to_color_camera_custom(depth, depth.astype(np.float32), calibration, True)
    for wrong in (None, calibration.calibration):
        with pytest.raises(TypeError, match="calibration must be a Calibration, not "):
            pyk4a.depth_image_to_point_cloud(depth, wrong, True)


@pytest.mark.parametrize("shape", [(720, 1280, 3), (720, 1280), (10, 10, 4)])
def test_color_of_another_shape_is_refused(shape: tuple[int, ...], capture: Capture, calibration: Calibration):
    with pytest.raises((ValueError, K4AException), match="color"):
        pyk4a.color_image_to_depth_camera(np.zeros(shape, np.uint8), capture.depth.array, calibration, True)


def test_damaged_jpeg_is_a_k4a_exception(capture: Capture, calibration: Calibration):
    with pytest.raises(K4AException, match=r"(?i)jpeg"):
        pyk4a.color_image_to_depth_camera(np.zeros(1000, np.uint8), capture.depth.array, calibration, True)


# ---- calibrations ----


def test_points_of_a_camera_that_is_off_are_refused(capture: Capture):
    calibration = Calibration.from_raw(capture.calibration.raw, DepthMode.NFOV_UNBINNED, ColorResolution.OFF)
    with pytest.raises(K4AException, match="DEPTH to COLOR"):
        calibration.convert_3d_to_2d((0, 0, 1000), CalibrationType.DEPTH, CalibrationType.COLOR)
    with pytest.raises(ValueError, match="off"):
        calibration.get_camera_matrix(CalibrationType.COLOR)
    with pytest.raises(ValueError, match="sees nothing at 0 mm"):
        calibration.convert_2d_to_3d((1, 1), 0, CalibrationType.DEPTH)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_point_with_too_few_or_too_many_coordinates_is_refused(count: int, calibration: Calibration):
    depth, point = CalibrationType.DEPTH, (160.0, 144.0, 900.0, 1.0)[:count]
    for size, call in (
        (2, lambda: calibration.convert_2d_to_3d(point, 1000.0, depth)),
        (3, lambda: calibration.convert_3d_to_2d(point, depth)),
        (3, lambda: calibration.depth_to_color_3d(point)),
        (3, lambda: calibration.color_to_depth_3d(point)),
    ):
        if count == size:
            assert np.isfinite(call()).all()
            continue
        with pytest.raises(ValueError, match=rf"coordinates are {size} numbers, x, y.*not {count}: \("):
            call()


def test_point_that_is_found_costs_no_text(calibration: Calibration, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pyk4a_rp.Calibration, "__repr__", lambda calibration: pytest.fail("text for an error"))
    depth = CalibrationType.DEPTH
    x, y, _ = calibration.convert_2d_to_3d((160.0, 144.0), 1000.0, depth)
    assert calibration.convert_3d_to_2d((x, y, 1000.0), depth) == pytest.approx((160.0, 144.0), abs=0.01)
    assert calibration.color_to_depth_3d(calibration.depth_to_color_3d((x, y, 1000.0)))[2] == pytest.approx(1000.0)


@pytest.mark.parametrize("text", ["", "{}", "nonsense"])
def test_text_that_is_no_calibration_is_refused_with_a_reason(text: str):
    with pytest.raises(K4AException, match="not a calibration"):
        Calibration.from_raw(text, *NFOV)


def test_extrinsic_translation_is_in_metres(calibration: Calibration):
    rotation, translation = calibration.get_extrinsic_parameters(CalibrationType.DEPTH, CalibrationType.COLOR)
    matrix = calibration.calibration.extrinsics("depth", "color")
    np.testing.assert_array_equal(rotation, matrix[:3, :3])
    np.testing.assert_array_equal(translation, matrix[:3, 3].reshape(1, 3) / 1000)
    assert 0.02 < abs(translation[0, 0]) < 0.05


# ---- cameras ----


def test_camera_in_a_with_statement_runs_and_is_closed(simulated: None):
    with PyK4A(Config(depth_mode=DepthMode.NFOV_2X2BINNED)) as camera:
        assert camera.opened and camera.is_running
        assert camera.get_capture(5000).depth.shape == (288, 320)
        assert camera.device.running
    assert not camera.opened and not camera.is_running
    camera.stop()  # does nothing


def test_camera_that_does_not_start_says_why(simulated: None):
    camera = PyK4A(Config(color_resolution=ColorResolution.OFF))
    with pytest.raises(K4AException, match="synchronized_images_only"):
        camera.start()
    assert camera.opened and not camera.is_running
    camera.close()
    with pytest.raises(K4AException, match="1 attached"):
        PyK4A(device_id=3).start()


def test_camera_in_a_with_statement_that_does_not_start_is_closed(simulated: None):
    camera = PyK4A(Config(color_resolution=ColorResolution.OFF))
    with pytest.raises(K4AException, match="synchronized_images_only"), camera:
        pass
    assert not camera.opened
    with PyK4A() as other:  # nobody has it
        assert other.is_running


def test_without_a_library_for_cameras_the_error_names_what_was_tried(monkeypatch: pytest.MonkeyPatch):
    from pyk4a_rp import ProviderError
    from pyk4a_rp.compat.pyk4a import pyk4a as cameras

    def none(purpose: str) -> Any:
        raise ProviderError("no library; tried: nowhere")

    monkeypatch.setattr(cameras, "default_provider", none)
    with pytest.raises(K4AException, match="tried: nowhere"):
        pyk4a.connected_device_count()


def test_waiting_in_vain_is_a_timeout(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pyk4a_rp.Device, "open", lambda index: pyk4a_rp.Device.simulated(speed=0.001))
    with PyK4A() as camera:
        with pytest.raises(K4ATimeoutException) as caught:
            camera.get_capture(0)
        assert isinstance(caught.value, TimeoutError)
        with pytest.raises(K4ATimeoutException):
            while True:
                camera.get_imu_sample(0)


@pytest.mark.parametrize(("timeout", "seconds"), [(0, 0), (1, 0.001), (2500, 2.5), (-1, None), (-7, None)])
def test_timeouts_are_milliseconds(
    timeout: int, seconds: float | None, simulated: None, monkeypatch: pytest.MonkeyPatch
):
    waited: list[float | None] = []

    def wait(device: Any, timeout: float | None) -> Any:
        waited.append(timeout)
        raise pyk4a_rp.K4ATimeoutError("nothing")

    with PyK4A() as camera:
        monkeypatch.setattr(pyk4a_rp.Device, "get_capture", wait)
        monkeypatch.setattr(pyk4a_rp.Device, "get_imu_sample", wait)
        for method in (camera.get_capture, camera.get_imu_sample):
            with pytest.raises(K4ATimeoutException):
                method(timeout)
    assert waited == [seconds, seconds]


def test_settings_out_of_range_name_the_range(simulated: None):
    with PyK4A() as camera:
        with pytest.raises(K4AException, match="brightness is from 0 to 255, not 256"):
            camera.brightness = 256
        with pytest.raises(K4AException, match="no setting auto_exposure_priority"):
            camera._set_color_control(pyk4a.ColorControlCommand.AUTO_EXPOSURE_PRIORITY, 1)
        camera.exposure = 8330
        assert (camera.exposure, camera.exposure_mode_auto) == (8330, False)
        camera.exposure_mode_auto = True
        camera.exposure_mode_auto = False
        assert camera.exposure == 16670
        camera.reset_color_control_to_default()
        assert camera.exposure_mode_auto and camera.brightness == 128


def test_modes_of_an_open_camera_can_be_changed_and_the_calibration_follows(simulated: None):
    camera = PyK4A(Config(depth_mode=DepthMode.NFOV_UNBINNED))
    camera.open()
    text = camera.calibration_raw
    for text_of_its_own in (False, True):
        if text_of_its_own:
            camera.calibration_raw = text
        for mode, size in ((DepthMode.WFOV_2X2BINNED, (512, 512)), (DepthMode.NFOV_2X2BINNED, (320, 288))):
            camera._config = Config(depth_mode=mode)
            camera._start_cameras()
            assert camera.get_capture().depth_point_cloud.shape == (*size[::-1], 3)
            assert camera.calibration.calibration.depth.size == size
            camera._stop_cameras()
    with pytest.raises(K4AException, match="not running"):
        camera.get_capture()
    with pytest.raises(K4AException, match="IMU"):
        camera.get_imu_sample()
    camera.close()


@pytest.mark.parametrize(
    "call",
    [
        lambda capture: capture.transformed_depth,
        lambda capture: capture.transformed_ir,
        lambda capture: capture.transformed_color,
        lambda capture: capture.depth_point_cloud,
    ],
)
def test_engine_that_fails_is_a_k4a_exception(
    call: Any, simulated_recordings: dict[str, Path], monkeypatch: pytest.MonkeyPatch
):
    def fail(self: Any, code: int, name: str) -> None:
        raise pyk4a_rp.K4AError("the engine failed", call=name, code=1)

    monkeypatch.setattr(pyk4a_rp.Transformation, "_check", fail)
    with PyK4APlayback(simulated_recordings["bgra"]) as playback:
        capture = playback.get_next_capture()
    with pytest.raises(K4AException, match="the engine failed") as caught:
        call(capture)
    assert caught.value.code == 1 and caught.value.call


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda camera, path: PyK4A("x"), "config must be a Config, not 'x'"),
        (lambda camera, path: PyK4A(0), "config must be a Config, not 0"),
        (lambda camera, path: PyK4A(device_id="abc"), "device_id must be the number of a camera, not 'abc'"),
        (lambda camera, path: PyK4A(device_id=None), "device_id must be the number of a camera, not None"),
        (lambda camera, path: PyK4ARecord(path, None), "config must be a Config, not None"),
        (lambda camera, path: PyK4ARecord(path, Config(), 0), "device must be a PyK4A, not 0"),
        (lambda camera, path: camera.get_capture(None), "timeout must be a number of milliseconds, not None"),
        (lambda camera, path: camera.get_imu_sample("1"), "timeout must be a number of milliseconds, not '1'"),
        (lambda camera, path: setattr(camera, "exposure", None), "exposure_time_absolute must be a whole number, not"),
        (lambda camera, path: setattr(camera, "gain", "9"), "gain must be a whole number, not '9'"),
        (lambda camera, path: setattr(camera, "gain", 9.0), "gain must be a whole number, not 9.0"),
    ],
)
def test_value_of_a_wrong_type_is_a_type_error_that_names_it(call: Any, words: str, simulated: None, tmp_path: Path):
    with PyK4A() as camera, pytest.raises(TypeError, match=f"^{re.escape(words)}"):
        call(camera, tmp_path / "out.mkv")
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_numpy_are_numbers(simulated: None):
    with PyK4A(device_id=np.int64(0)) as camera:
        camera.gain = np.int32(9)
        assert camera.gain == 9
        assert camera.get_capture(np.uint16(5000)).depth.any()


def test_exceptions_take_any_arguments():
    error = K4AException(1, "two")
    assert error.args == (1, "two") and K4AException().args == ()
    assert isinstance(K4ATimeoutException("late"), TimeoutError) and str(K4ATimeoutException("late")) == "late"


def focal_length(calibrated: PyK4A | PyK4APlayback) -> float:
    return calibrated.calibration.get_camera_matrix(CalibrationType.DEPTH)[0, 0]


def test_calibration_file_is_written_and_used(simulated: None, tmp_path: Path, other_calibration: str):
    path = tmp_path / "calibration.json"
    camera = PyK4A(Config(depth_mode=DepthMode.NFOV_2X2BINNED))
    camera.open()
    camera.save_calibration_json(path)
    own, text = focal_length(camera), camera.calibration_raw
    assert path.read_text(encoding="utf-8") == text
    with pytest.raises(FileNotFoundError):
        camera.load_calibration_json(tmp_path / "not there")
    assert focal_length(camera) == own
    path.write_text(other_calibration, encoding="utf-8")
    camera.load_calibration_json(str(path))
    assert focal_length(camera) == pytest.approx(1.25 * own)
    assert camera.calibration_raw == text  # of the camera itself
    camera._start_cameras()
    assert camera.get_capture()._calibration is camera.calibration
    camera.close()
    with pytest.raises(K4AException, match="not open"):
        camera.calibration  # noqa: B018


def test_calibration_that_is_set_stays_when_a_camera_is_stopped_and_opened(simulated: None, other_calibration: str):
    camera = PyK4A(Config(depth_mode=DepthMode.NFOV_2X2BINNED))
    camera.open()
    own = focal_length(camera)
    with pytest.raises(K4AException, match="not a calibration"):
        camera.calibration_raw = "{}"
    assert focal_length(camera) == own
    camera.calibration_raw = other_calibration
    for _ in range(2):
        assert focal_length(camera) == pytest.approx(1.25 * own)
        camera.stop()
        camera.open()
    camera.close()


def test_calibration_that_is_set_stays_when_a_recording_is_closed_and_opened(
    simulated_recordings: dict[str, Path], other_calibration: str
):
    playback = open_recording(simulated_recordings["bgra"])
    own, text = focal_length(playback), playback.calibration_raw
    with pytest.raises(K4AException, match="not a calibration"):
        playback.calibration_raw = "{}"
    assert focal_length(playback) == own
    playback.calibration_raw = other_calibration
    for _ in range(2):
        assert focal_length(playback) == pytest.approx(1.25 * own)
        assert playback.get_next_capture()._calibration is playback.calibration
        assert playback.calibration_raw == text  # of the file itself
        playback.close()
        playback.open()
    playback.close()


def test_capture_made_of_our_capture_has_its_images(calibration: Calibration):
    depth = Image.from_array(np.full((288, 320), 1500, np.uint16), ImageFormat.DEPTH16, device_timestamp_usec=7)
    capture = PyK4ACapture(calibration, Capture(depth=depth), ImageFormat.COLOR_BGRA32)
    assert capture.depth_timestamp_usec == 7 and capture.depth_point_cloud[144, 160, 2] == 1500
    del depth
    assert (capture.depth == 1500).all()


# ---- recording ----


def test_record_in_a_with_statement_is_complete_afterwards(simulated: None, tmp_path: Path):
    path = tmp_path / "out.mkv"
    path.write_text("an old file")
    config = Config(depth_mode=DepthMode.NFOV_2X2BINNED, color_format=ImageFormat.COLOR_NV12)
    with PyK4A(config) as camera, PyK4ARecord(path, config, camera) as record:
        arrays = []
        for _ in range(3):
            capture = camera.get_capture()
            record.write_capture(capture)
            arrays.append(capture.depth.copy())
        assert record.captures_count == 3
    assert not record.created and not camera.opened
    with PyK4APlayback(path) as playback:
        assert playback.playback.damage is None
        for depth in arrays:
            np.testing.assert_array_equal(playback.get_next_capture().depth, depth)


def test_record_that_cannot_be_created_says_why(tmp_path: Path, simulated: None):
    with pytest.raises(K4AException, match="No such file or directory"):
        PyK4ARecord(tmp_path / "no" / "out.mkv", Config()).create()
    with pytest.raises(K4AException, match="not open"):
        PyK4ARecord(tmp_path / "out.mkv", Config(), PyK4A()).create()
    assert not (tmp_path / "out.mkv").exists()


def test_capture_of_another_size_than_the_record_is_refused(capture: Capture, calibration: Calibration, tmp_path: Path):
    wrapped = PyK4ACapture(calibration, capture, ImageFormat.COLOR_BGRA32)
    record = PyK4ARecord(tmp_path / "out.mkv", Config(depth_mode=DepthMode.NFOV_UNBINNED))
    record.create()
    with pytest.raises(K4AException, match=r"out\.mkv does not take the capture"):
        record.write_capture(wrapped)
    assert record.captures_count == 0
    with pytest.raises(TypeError, match="capture must be a PyK4ACapture, not None"):
        record.write_capture(None)  # type: ignore[arg-type]
    record.close()


def test_record_that_is_forgotten_is_complete_and_says_nothing(
    simulated_recordings: dict[str, Path], tmp_path: Path, recwarn: pytest.WarningsRecorder
):
    record = PyK4ARecord(tmp_path / "out.mkv", Config(depth_mode=DepthMode.NFOV_2X2BINNED))
    record.create()
    with PyK4APlayback(simulated_recordings["bgra"]) as playback:
        record.write_capture(playback.get_next_capture())
    del record
    assert [warning.message for warning in recwarn] == []
    with PyK4APlayback(tmp_path / "out.mkv") as playback:
        assert playback.playback.damage is None and playback.get_next_capture().depth.any()


def test_record_that_is_forgotten_and_not_complete_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(recorder: Any) -> None:
        raise pyk4a_rp.K4AError("the disk is gone")

    record = PyK4ARecord(tmp_path / "out.mkv", Config())
    record.create()
    recorder = record.recorder
    with monkeypatch.context() as changed:
        changed.setattr(pyk4a_rp.Recorder, "close", fail)
        del record
    assert [entry.getMessage() for entry in caplog.records if entry.name == "pyk4a_rp.recorder"] == ["the disk is gone"]
    recorder.close()


@pytest.mark.parametrize("kind", ["depth_only", "color_only", "wfov"])
def test_recording_of_one_camera_is_copied_with_its_modes_and_the_defaults(
    kind: str, simulated_recordings: dict[str, Path], tmp_path: Path
):
    with PyK4APlayback(simulated_recordings[kind]) as playback:
        modes = playback.configuration
        # What no camera does: synchronized images of one, and WFOV_UNBINNED at 30 fps.
        config = Config(modes["color_resolution"], modes["color_format"], modes["depth_mode"])
        with PyK4ARecord(tmp_path / "copy.mkv", config) as record:
            captures = [playback.get_next_capture() for _ in range(2)]
            for capture in captures:
                record.write_capture(capture)
    with PyK4APlayback(tmp_path / "copy.mkv") as copied:
        assert copied.configuration["depth_mode"] == modes["depth_mode"]
        assert copied.configuration["color_resolution"] == modes["color_resolution"]
        for capture in captures:
            other = copied.get_next_capture()
            np.testing.assert_array_equal(other.color, capture.color)
            np.testing.assert_array_equal(other.depth, capture.depth)


@pytest.mark.parametrize(
    ("name", "value"),
    [("color_format", ImageFormat.DEPTH16), ("depth_mode", DepthMode(17)), ("camera_fps", pyk4a.FPS(30))],
)
def test_record_of_modes_that_there_are_not_is_refused(name: str, value: int, tmp_path: Path):
    with pytest.raises(K4AException, match=f"{name} is .*must be one of"):
        PyK4ARecord(tmp_path / "out.mkv", Config(**{name: value})).create()
    assert not (tmp_path / "out.mkv").exists()


SUBORDINATE = Config(
    color_format=ImageFormat.COLOR_NV12,
    depth_mode=DepthMode.NFOV_2X2BINNED,
    camera_fps=pyk4a.FPS.FPS_15,
    depth_delay_off_color_usec=-160,
    wired_sync_mode=pyk4a.WiredSyncMode.SUBORDINATE,
    subordinate_delay_off_master_usec=320,
    disable_streaming_indicator=True,
)


def test_all_of_a_configuration_reaches_the_camera(simulated: None, monkeypatch: pytest.MonkeyPatch):
    reached: list[pyk4a_rp.DeviceConfiguration] = []
    monkeypatch.setattr(pyk4a_rp.Device, "start", lambda device, configuration: reached.append(configuration))
    camera = PyK4A(SUBORDINATE)
    camera.open()
    camera._start_cameras()
    camera.close()
    assert reached == [
        pyk4a_rp.DeviceConfiguration(
            color_format=ImageFormat.COLOR_NV12,
            color_resolution=ColorResolution.RES_720P,
            depth_mode=DepthMode.NFOV_2X2BINNED,
            camera_fps=pyk4a.FPS.FPS_15,
            synchronized_images_only=True,
            depth_delay_off_color_usec=-160,
            wired_sync_mode=pyk4a.WiredSyncMode.SUBORDINATE,
            subordinate_delay_off_master_usec=320,
            disable_streaming_indicator=True,
        )
    ]


def test_all_of_a_configuration_that_a_recording_keeps_is_in_it(simulated_recordings: dict[str, Path], tmp_path: Path):
    path = tmp_path / "out.mkv"
    with PyK4APlayback(simulated_recordings["nv12"]) as playback, PyK4ARecord(path, SUBORDINATE) as record:
        record.write_capture(playback.get_next_capture())
    with PyK4APlayback(path) as playback:
        found = playback.configuration
    kept = {name: getattr(SUBORDINATE, name) for name in found if hasattr(SUBORDINATE, name)}
    assert len(kept) == 7 and {name: found[name] for name in kept} == kept  # type: ignore[literal-required]


def test_flush_makes_the_file_playable_before_it_is_closed(simulated_recordings: dict[str, Path], tmp_path: Path):
    path = tmp_path / "out.mkv"
    with PyK4APlayback(simulated_recordings["bgra"]) as playback:
        record = PyK4ARecord(path, Config(depth_mode=DepthMode.NFOV_2X2BINNED))
        record.create()
        record.write_capture(playback.get_next_capture())
        record.flush()
        with PyK4APlayback(path) as unfinished:
            assert unfinished.get_next_capture().depth.any()
        record.close()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs the device /dev/full")
def test_record_on_a_full_disk_fails_and_says_so(capture: Capture, calibration: Calibration):
    record = PyK4ARecord("/dev/full", Config(depth_mode=DepthMode.NFOV_2X2BINNED))
    with pytest.raises(K4AException, match="/dev/full"):
        record.create()
        record.write_capture(PyK4ACapture(calibration, capture, ImageFormat.COLOR_BGRA32))
        record.close()
