"""`Transformation.depth_to_points`: floats in metres, to the bit, on both providers and into any memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import (
    Calibration,
    ColorResolution,
    DepthMode,
    Image,
    ImageFormat,
    K4AError,
    NotSupportedError,
    Transformation,
    _points,
    get_thread_count,
    set_thread_count,
)
from pyk4a_rp.enums import CalibrationType, Result

DEPTH = CalibrationType.DEPTH
FILES = ("real", "synthetic")


@pytest.fixture(scope="module")
def transformation(bundled: Any, raw_calibration: Any) -> Transformation:
    calibration = Calibration(
        raw_calibration("real"), DepthMode.NFOV_UNBINNED, ColorResolution.RES_720P, provider=bundled
    )
    return Transformation(calibration)


@pytest.fixture
def threads() -> Iterator[None]:
    """Afterwards as many threads as before."""
    yield
    set_thread_count(0)


def any_depth(shape: tuple[int, int]) -> np.ndarray:
    """Depth (H, W) with everything in it: no data, 1 mm, 65535 mm."""
    random = np.random.default_rng(7)
    depth = random.integers(0, 1 << 16, shape).astype(np.uint16)
    depth[random.random(shape) < 0.2] = 0
    depth[shape[0] // 2, shape[1] // 2 : shape[1] // 2 + 3] = 1, 65535, 0
    return depth


def expected_bits(transformation: Transformation, depth: np.ndarray, camera: str) -> np.ndarray:
    """The points as NumPy makes them, as integers, so that NaN equals NaN."""
    rays = transformation.rays(camera)
    z = depth.astype(np.float32) * np.float32(0.001)
    points = np.stack([rays[..., 0] * z, rays[..., 1] * z, z], -1)
    points[(depth == 0) | np.isnan(rays[..., 0])] = np.nan
    return points.view(np.uint32)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("depth_mode", [mode for mode in DepthMode if mode != DepthMode.OFF])
def test_depth_to_points_has_the_bits_of_numpy(
    bundled: Any, raw_calibration: Any, threads: None, file: str, depth_mode: DepthMode
):
    calibration = Calibration(raw_calibration(file), depth_mode, ColorResolution.RES_720P, provider=bundled)
    with Transformation(calibration) as transformation:
        for camera in ("depth", "color"):
            width, height = calibration.camera(camera).size
            depth = any_depth((height, width))
            expected = expected_bits(transformation, depth, camera)
            for count in (1, 2, 5):
                set_thread_count(count)
                assert get_thread_count() == count
                found = transformation.depth_to_points(depth, camera)
                assert found.shape == (height, width, 3) and found.dtype == np.float32
                np.testing.assert_array_equal(found.view(np.uint32), expected)


def test_depth_to_points_is_the_same_on_both_providers(
    transformation: Transformation, microsoft: Any, raw_calibration: Any, real_scene: Any
):
    """With the color camera off, since Microsoft's library wants a display for two cameras."""
    calibration = Calibration(raw_calibration("real"), DepthMode.NFOV_UNBINNED, ColorResolution.OFF, provider=microsoft)
    expected = transformation.depth_to_points(real_scene.depth)
    assert not _points.available(microsoft)
    with Transformation(calibration) as other:
        np.testing.assert_array_equal(other.depth_to_points(real_scene.depth), expected)
        out = np.full((3, 576, 640), 9, np.float32).transpose(1, 2, 0)
        assert other.depth_to_points(real_scene.depth, out=out) is out
        np.testing.assert_array_equal(out, expected)
        with pytest.raises(ValueError, match="out is read-only"):
            other.depth_to_points(real_scene.depth, out=np.broadcast_to(np.float32(0), out.shape))


def test_depth_to_points_out_of_any_layout_receives_the_result(transformation: Transformation, real_scene: Any):
    expected = transformation.depth_to_points(real_scene.depth)
    assert 0.5 < np.isfinite(expected).mean() < 1
    contiguous = np.full((576, 640, 3), 9, np.float32)
    every_second = np.full((576, 2 * 640, 3), 9, np.float32)[:, ::2]
    upside_down = np.full((576, 640, 3), 9, np.float32)[::-1]
    with_more = np.full((576, 640, 4), 9, np.float32)
    odd = np.full(576 * 640 * 12 + 1, 9, np.uint8)[1:].view(np.float32).reshape(576, 640, 3)
    assert not odd.flags.aligned
    for out in (contiguous, every_second, upside_down, with_more[..., :3], np.asfortranarray(contiguous), odd):
        assert transformation.depth_to_points(real_scene.depth, out=out) is out
        np.testing.assert_array_equal(out, expected)
    assert (with_more[..., 3] == 9).all()


def test_depth_to_points_input_of_any_layout_is_read(transformation: Transformation, real_scene: Any):
    expected = transformation.depth_to_points(real_scene.depth)
    padded = np.zeros((576, 700), np.uint16)[:, 3:643]
    padded[:] = real_scene.depth
    read_only = real_scene.depth.copy()
    read_only.setflags(write=False)
    odd = np.zeros(576 * 640 * 2 + 1, np.uint8)[1:].view(np.uint16).reshape(576, 640)
    odd[:] = real_scene.depth
    image = Image.from_array(real_scene.depth, ImageFormat.DEPTH16)
    for depth in (padded, np.asfortranarray(real_scene.depth), read_only, odd, image):
        np.testing.assert_array_equal(transformation.depth_to_points(depth), expected)


def test_depth_to_points_out_that_does_not_fit_is_refused_by_name(transformation: Transformation, real_scene: Any):
    depth = real_scene.depth
    read_only = np.zeros((576, 640, 3), np.float32)
    read_only.setflags(write=False)
    memory = np.zeros(576 * 640 * 12, np.uint8)
    shared = memory[: 576 * 640 * 2].view(np.uint16).reshape(576, 640)
    for out, error, message in (
        ([[[0.0]]], TypeError, "out is an image or a numpy array, not a list"),
        (np.zeros((576, 640, 3)), TypeError, "out has the dtype float64 instead of float32"),
        (np.zeros((576, 640, 3), np.int16), TypeError, "out has the dtype int16 instead of float32"),
        (np.zeros((576, 640, 3), ">f4"), TypeError, "out has the dtype >f4 instead of float32"),
        (np.zeros((576, 640), np.float32), ValueError, r"out has the shape \(576, 640\) instead of \(576, 640, 3\)"),
        (np.zeros((720, 1280, 3), np.float32), ValueError, r"out has the shape \(720, 1280, 3\) instead of"),
        (read_only, ValueError, "out is read-only"),
    ):
        with pytest.raises(error, match=message):
            transformation.depth_to_points(depth, out=out)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="out overlaps depth"):
        transformation.depth_to_points(shared, out=memory.view(np.float32).reshape(576, 640, 3))
    assert not memory.any() and not read_only.any()


def test_depth_to_points_camera_or_transformation_that_is_not_there_is_refused(
    bundled: Any, raw_calibration: Any, real_scene: Any
):
    calibration = Calibration(raw_calibration("real"), DepthMode.NFOV_UNBINNED, ColorResolution.OFF, provider=bundled)
    transformation = Transformation(calibration)
    with pytest.raises(ValueError, match="the color camera is off"):
        transformation.depth_to_points(real_scene.depth, "color")
    with pytest.raises(ValueError, match="GYRO is not a camera"):
        transformation.depth_to_points(real_scene.depth, "gyro")
    transformation.close()
    with pytest.raises(ValueError, match="the transformation is closed"):
        transformation.depth_to_points(real_scene.depth)


def test_flat_function_arguments_that_do_not_fit_fail(
    transformation: Transformation, microsoft: Any, raw_calibration: Any, real_scene: Any
):
    image = Image.from_array(real_scene.depth, ImageFormat.DEPTH16, provider=transformation.provider)
    points = np.full(576 * 640 * 3, 9, np.float32)
    call = _points.depth_image_to_points
    assert call(transformation.handle, image, DEPTH, points[:-3]) == Result.FAILED
    assert call(transformation.handle, image, CalibrationType.COLOR, points) == Result.FAILED
    assert call(transformation.handle, image, 77, points) == Result.FAILED
    assert call(transformation.handle, Image(ImageFormat.IR16, 640, 576), DEPTH, points) == Result.FAILED
    assert (points == 9).all()
    with pytest.raises(ValueError, match="points_m has 1105919 numbers, which is not a multiple of 3"):
        call(transformation.handle, image, DEPTH, points[:-1])
    theirs = Image.from_array(real_scene.depth, ImageFormat.DEPTH16, provider=microsoft)
    with pytest.raises(ValueError, match="provider"):
        call(transformation.handle, theirs, DEPTH, points)
    off = Calibration(raw_calibration("real"), DepthMode.NFOV_UNBINNED, ColorResolution.OFF, provider=microsoft)
    with Transformation(off) as other, pytest.raises(NotSupportedError, match="no depth_image_to_points"):
        call(other.handle, theirs, DEPTH, points)
    assert call(transformation.handle, image, DEPTH, points) == Result.SUCCEEDED
    np.testing.assert_array_equal(points.reshape(576, 640, 3), transformation.depth_to_points(real_scene.depth))


def test_failure_of_the_library_is_raised_with_its_message(
    transformation: Transformation, real_scene: Any, monkeypatch: pytest.MonkeyPatch
):
    call = _points.depth_image_to_points
    monkeypatch.setattr(_points, "depth_image_to_points", lambda *a: call(*a[:3], a[3][:-3]))
    with pytest.raises(K4AError, match="there is room for 368639 points, the camera has 368640 pixels"):
        transformation.depth_to_points(real_scene.depth)
