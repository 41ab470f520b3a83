"""Typical programs, as a type checker sees them. tests/python/test_types.py checks this file strictly and runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

import pyk4a_rp as k
import pyk4a_rp.compat.pyk4a as pyk4a
from pyk4a_rp.color_controls import ColorControl, ColorControlRange
from pyk4a_rp.compat.pyk4a import CalibrationType, Config, PyK4A, PyK4ACapture, PyK4APlayback, PyK4ARecord
from pyk4a_rp.device import SyncJacks
from pyk4a_rp.export import write_ply, write_png
from pyk4a_rp.k4a import (
    CaptureHandle,
    ImageHandle,
    PlaybackHandle,
    k4a_capture_get_depth_image,
    k4a_image_get_buffer,
    k4a_image_get_device_timestamp_usec,
    k4a_playback_close,
    k4a_playback_get_next_capture,
    k4a_playback_get_recording_length_usec,
    k4a_playback_get_tag,
    k4a_playback_open,
)


def play(path: Path) -> None:
    with k.Playback(path) as playback:
        assert_type(playback, k.Playback)
        assert_type(playback.configuration, k.RecordConfiguration)
        assert_type(playback.configuration.depth_mode, k.DepthMode)
        assert_type(playback.duration_usec, int)
        assert_type(playback.tags["K4A_DEVICE_SERIAL_NUMBER"], str)
        assert_type(playback.attachments["calibration.json"], bytes)
        assert_type(playback.tracks["DEPTH"], k.Track)
        assert_type(playback.damage, k.Damage | None)
        assert_type(playback.imu, npt.NDArray[Any])
        assert_type(playback.color_format, k.ImageFormat)
        for capture in playback:
            assert_type(capture, k.Capture)
        playback.seek(-1, k.SeekOrigin.END)
        assert_type(playback.previous_capture(), k.Capture)
        assert_type(playback.captures[-1], k.Capture)
        assert_type(playback.captures[::2], k.Captures)
        assert_type(len(playback.captures), int)
        assert_type(playback.captures.timestamps_usec, npt.NDArray[Any])
        assert_type([capture for capture in playback.prefetch(threads=1)], list[k.Capture])
        try:
            playback.seek(0, k.SeekOrigin.END)
            playback.next_capture()
        except k.EndOfRecording as error:
            assert_type(error.call, str | None)


def look_at(capture: k.Capture) -> npt.NDArray[np.uint8]:
    assert_type(capture.color, k.Image | None)
    assert_type(capture.timestamps.depth_usec, int | None)
    assert_type(capture.transformed_depth, k.Image | None)
    assert_type(capture.point_cloud, npt.NDArray[np.int16] | None)
    assert_type(capture.temperature_c, float)
    depth = capture.depth
    if depth is None:
        raise ValueError("no depth")
    assert_type(depth, k.Image)
    assert_type(depth.array, npt.NDArray[Any])
    assert_type(np.asarray(depth), npt.NDArray[Any])
    assert_type(memoryview(depth), memoryview)
    assert_type(depth.format, k.ImageFormat)
    assert_type((depth.width_pixels, depth.device_timestamp_usec), tuple[int, int])
    if capture.color is not None:
        assert_type(capture.color.to_rgb(), npt.NDArray[np.uint8])
        assert_type(capture.color.to_gray(out=np.empty((720, 1280), np.uint8)), npt.NDArray[np.uint8])
        assert_type(capture.color.convert(k.ImageFormat.COLOR_BGRA32), k.Image)
    picture = k.colorize(depth, range=(500, 4000))
    assert_type(picture, npt.NDArray[np.uint8])
    return picture


def make_image() -> k.Image:
    image = k.Image.from_array(np.zeros((288, 320), np.uint16), k.ImageFormat.DEPTH16, device_timestamp_usec=1000)
    image.exposure_usec = 5
    capture = k.Capture(depth=image)
    capture.color = None
    assert_type(capture.depth, k.Image | None)
    return image


def measure(calibration: k.Calibration, depth: k.Image, color: k.Image) -> None:
    assert_type(calibration.depth, k.CameraCalibration | None)
    assert_type(calibration.camera("color").camera_matrix, npt.NDArray[np.float64])
    assert_type(calibration.extrinsics("depth", k.CalibrationType.COLOR), npt.NDArray[np.float64])
    points = calibration.unproject([[10, 20]], 1000.0, "depth")
    assert_type(points, npt.NDArray[np.float32])
    assert_type(calibration.project(points, "color", source="depth"), npt.NDArray[np.float32])
    assert_type(calibration.to_opencv("color"), dict[str, Any])
    with k.Transformation(calibration) as transformation:
        # An image for an image, an array for an array.
        assert_type(transformation.depth_to_color(depth), k.Image)
        assert_type(transformation.depth_to_color(depth.array), npt.NDArray[Any])
        assert_type(transformation.color_to_depth(depth, color), k.Image)
        assert_type(transformation.color_to_depth(depth.array, color.to_bgra()), npt.NDArray[Any])
        labels = np.zeros(depth.array.shape, np.uint8)
        custom = k.Image.from_array(labels, k.ImageFormat.CUSTOM8)
        assert_type(transformation.depth_to_color_custom(depth, custom), tuple[k.Image, k.Image])
        assert_type(
            transformation.depth_to_color_custom(depth.array, labels, interpolation="nearest"),
            tuple[npt.NDArray[Any], npt.NDArray[Any]],
        )
        assert_type(transformation.depth_to_point_cloud(depth), npt.NDArray[np.int16])
        assert_type(transformation.depth_to_points(depth.array, "depth"), npt.NDArray[np.float32])
        assert_type(transformation.rays("depth"), npt.NDArray[np.float32])


def export(folder: Path, points: npt.NDArray[np.int16], picture: npt.NDArray[np.uint8]) -> int:
    write_png(folder / "picture.png", picture)
    return write_ply(folder / "cloud.ply", points, picture)


def take(path: Path) -> None:
    configuration = k.DeviceConfiguration(
        color_resolution=k.ColorResolution.RES_720P, color_format=k.ImageFormat.COLOR_NV12, depth_mode=k.DepthMode(1)
    )
    assert_type(configuration.frame_period_usec, int)
    with k.Device.simulated(configuration=configuration, on_demand=True) as device:
        assert_type(device, k.Device)
        assert_type(device.serial, str | None)
        assert_type(device.sync_jacks, SyncJacks)
        assert_type(device.color_controls["exposure_time_absolute"], ColorControl)
        assert_type(device.color_controls["exposure_time_absolute"].range, ColorControlRange)
        device.color_controls["exposure_time_absolute"].value = 8330
        assert_type(device.captures(), Iterator[k.Capture])
        device.start(imu=True)
        assert_type(device.get_capture(timeout=1.5), k.Capture)
        sample = device.get_imu_sample(1)
        assert_type(sample, k.ImuSample)
        assert_type(sample.acc, tuple[float, float, float])
        assert_type(device.calibration, k.Calibration)
        with k.Recorder(path, device=device, imu=True) as recorder:
            recorder.add_tag("OPERATOR", "me")
            assert_type(recorder.record(frames=2), int)
            assert_type(recorder.state, k.RecorderState)
    assert_type(k.list_devices(provider="bundled"), list[k.DeviceInfo])


def take_c(path: Path) -> None:
    """The flat layer: what C returns through pointers is None on failure."""
    result, playback = k4a_playback_open(path)
    assert_type(playback, PlaybackHandle | None)
    if playback is None:
        raise SystemExit(int(result))
    assert_type(k4a_playback_get_recording_length_usec(playback), int)
    capture = k4a_playback_get_next_capture(playback)[1]
    assert_type(capture, CaptureHandle | None)
    if capture is not None:
        depth = k4a_capture_get_depth_image(capture)
        assert_type(depth, ImageHandle | None)
        if depth is not None:
            assert_type(k4a_image_get_device_timestamp_usec(depth), int)
            k4a_image_get_buffer(depth)
    assert_type(k4a_playback_get_tag(playback, "K4A_DEPTH_MODE")[1], str | None)
    k4a_playback_close(playback)


def check(path: Path) -> None:
    assert_type(k.verify(path), k.VerifyReport)
    assert_type(k.load_provider("bundled"), k.Provider)
    assert_type(k.__version__, str)
    assert_type(k.get_thread_count(), int)


def with_pyk4a(path: Path) -> None:
    """A program that moved over with its import."""
    config = Config(
        color_resolution=pyk4a.ColorResolution.RES_720P,
        color_format=pyk4a.ImageFormat.COLOR_NV12,
        camera_fps=pyk4a.FPS.FPS_30,
        depth_mode=pyk4a.DepthMode.NFOV_2X2BINNED,
    )
    assert_type(pyk4a.connected_device_count(), int)
    with PyK4A(config, device_id=0) as camera, PyK4ARecord(path, config=config, device=camera) as record:
        assert_type(camera, PyK4A)
        assert_type((camera.serial, camera.sync_jack_status), tuple[str, tuple[bool, bool]])
        camera.exposure = 8330
        camera.whitebalance_mode_auto = True
        assert_type((camera.exposure, camera.exposure_mode_auto), tuple[int, bool])
        command = pyk4a.ColorControlCommand.GAIN
        assert_type(camera._get_color_control_capabilities(command)["max_value"], int)
        sample = camera.get_imu_sample()
        assert_type(sample, pyk4a.ImuSample)
        assert_type(sample["acc_sample"], tuple[float, float, float])
        record.write_capture(camera.get_capture(timeout=1000))
        assert_type(record.captures_count, int)
        assert_type((camera.device, record.recorder), tuple[k.Device, k.Recorder])
    with PyK4APlayback(path) as playback:
        assert_type(playback.configuration["depth_mode"], pyk4a.DepthMode)
        assert_type((playback.length, playback.calibration_raw), tuple[int, str])
        playback.seek(0, pyk4a.SeekOrigin.BEGIN)
        capture = playback.get_next_capture()
        assert_type(capture, PyK4ACapture)
        measure_pyk4a(capture, playback.calibration)
        try:
            playback.get_next_capture()
        except EOFError:
            assert_type(playback.playback, k.Playback)


def measure_pyk4a(capture: PyK4ACapture, calibration: pyk4a.Calibration) -> None:
    assert_type(capture.color, npt.NDArray[np.uint8] | None)
    assert_type(capture.depth_point_cloud, npt.NDArray[np.int16] | None)
    assert_type((capture.depth_timestamp_usec, capture.capture), tuple[int, k.Capture])
    depth = capture.depth
    if depth is None or capture.color is None:
        raise ValueError("not both images")
    assert_type(depth, npt.NDArray[np.uint16])
    assert_type(pyk4a.depth_image_to_point_cloud(depth, calibration, thread_safe=True), npt.NDArray[np.int16])
    assert_type(pyk4a.color_image_to_depth_camera(capture.color, depth, calibration, True), npt.NDArray[np.uint8])
    point = calibration.convert_2d_to_3d((160, 144), 1000.0, CalibrationType.DEPTH)
    assert_type(point, tuple[float, float, float])
    assert_type(calibration.convert_3d_to_2d(point, CalibrationType.DEPTH), tuple[float, float])
    assert_type(calibration.get_camera_matrix(CalibrationType.COLOR), npt.NDArray[np.float64])
    assert_type(calibration.calibration, k.Calibration)
