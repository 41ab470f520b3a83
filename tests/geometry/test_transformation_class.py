"""`Transformation`: arrays and images in and out, points, maps, and arguments that do not fit."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import (
    Calibration,
    Capture,
    ColorResolution,
    DepthMode,
    Image,
    ImageFormat,
    InterpolationType,
    K4AError,
    Playback,
    Transformation,
    k4a,
)

from .conftest import formula_color

MODES = DepthMode.NFOV_UNBINNED, ColorResolution.RES_720P


@pytest.fixture(scope="module")
def transformation(bundled: Any, raw_calibration: Any) -> Transformation:
    return Transformation(Calibration(raw_calibration("real"), *MODES, provider=bundled))


def test_depth_to_color_arrays_and_images_give_the_same(transformation: Transformation, real_scene: Any):
    array = transformation.depth_to_color(real_scene.depth)
    assert isinstance(array, np.ndarray) and array.shape == (720, 1280) and array.dtype == np.uint16
    np.testing.assert_array_equal(array, real_scene.geometry.depth_to_color(real_scene.depth))
    image = Image.from_array(real_scene.depth, ImageFormat.DEPTH16, device_timestamp_usec=77)
    result = transformation.depth_to_color(image)
    assert isinstance(result, Image) and result.device_timestamp_usec == 77
    np.testing.assert_array_equal(result.array, array)


def test_depth_to_color_out_is_reused_in_any_layout(transformation: Transformation, real_scene: Any):
    expected = transformation.depth_to_color(real_scene.depth)
    plain = np.full((720, 1280), 9, np.uint16)
    padded = np.full((720, 1300), 9, np.uint16)[:, 7:1287]
    upside_down = np.full((720, 1280), 9, np.uint16)[::-1]
    odd = np.full(720 * 1280 * 2 + 1, 9, np.uint8)[1:].view(np.uint16).reshape(720, 1280)
    for out in (plain, padded, upside_down, odd):
        assert transformation.depth_to_color(real_scene.depth, out=out) is out
        np.testing.assert_array_equal(out, expected)
    image = Image(ImageFormat.DEPTH16, 1280, 720)
    assert transformation.depth_to_color(real_scene.depth, out=image) is image
    np.testing.assert_array_equal(image.array, expected)


def test_depth_to_color_input_of_any_layout(transformation: Transformation, real_scene: Any):
    expected = transformation.depth_to_color(real_scene.depth)
    padded = np.zeros((576, 700), np.uint16)[:, 3:643]
    padded[:] = real_scene.depth
    read_only = real_scene.depth.copy()
    read_only.setflags(write=False)
    for depth in (padded, np.asfortranarray(real_scene.depth), read_only):
        np.testing.assert_array_equal(transformation.depth_to_color(depth), expected)


def test_depth_to_color_custom_follows_the_arguments(transformation: Transformation, real_scene: Any):
    for linear, name in ((True, "linear"), (False, InterpolationType.NEAREST)):
        depth, custom = transformation.depth_to_color_custom(
            real_scene.depth, real_scene.ir, interpolation=name, invalid_value=777
        )
        expected_depth, expected = real_scene.geometry.custom(real_scene.depth, real_scene.ir, linear, 777)
        np.testing.assert_array_equal(depth, expected_depth)
        np.testing.assert_array_equal(custom, expected)
    labels = (real_scene.ir >> 4).astype(np.uint8)
    out = np.zeros((720, 1280), np.uint16), np.zeros((720, 1280), np.uint8)
    result = transformation.depth_to_color_custom(real_scene.depth, labels, interpolation="nearest", out=out)
    assert result[0] is out[0] and result[1] is out[1]
    assert set(np.unique(out[1])) <= set(np.unique(labels)) | {0}
    with pytest.raises(ValueError, match="300 does not fit CUSTOM8"):
        transformation.depth_to_color_custom(real_scene.depth, labels, invalid_value=300)


def test_color_to_depth_gives_the_flat_result(transformation: Transformation, real_scene: Any):
    color = formula_color((720, 1280))
    found = transformation.color_to_depth(real_scene.depth, color)
    np.testing.assert_array_equal(found, real_scene.geometry.color_to_depth(real_scene.depth, color))
    yuy2 = Image(ImageFormat.COLOR_YUY2, 1280, 720)
    yuy2.array[..., 0], yuy2.array[..., 1] = 100, 120
    converted = transformation.color_to_depth(real_scene.depth, yuy2.to_bgra())
    np.testing.assert_array_equal(transformation.color_to_depth(real_scene.depth, yuy2), converted)


def test_point_clouds_agree_with_each_other(transformation: Transformation, real_scene: Any):
    points = transformation.depth_to_point_cloud(real_scene.depth)
    np.testing.assert_array_equal(points, real_scene.geometry.points(real_scene.depth))
    metres = transformation.depth_to_points(real_scene.depth)
    has_data = points[..., 2] != 0
    np.testing.assert_array_equal(np.isnan(metres).any(axis=2), ~has_data)
    np.testing.assert_allclose(metres[has_data] * 1000, points[has_data], atol=0.51)
    out = np.zeros((576, 2 * 640, 3), np.int16)[:, ::2]
    assert transformation.depth_to_point_cloud(real_scene.depth, out=out) is out
    np.testing.assert_array_equal(out, points)
    color = transformation.depth_to_color(real_scene.depth)
    assert transformation.depth_to_point_cloud(color, camera="color").shape == (720, 1280, 3)


def test_points_of_what_is_no_depth_are_refused(transformation: Transformation):
    depth = np.full((576, 640), 1500, np.uint16)
    for points in (transformation.depth_to_points, transformation.depth_to_point_cloud):
        for dtype in (bool, np.float64, np.int32):
            with pytest.raises(TypeError, match=f"depth has the dtype {np.dtype(dtype)} instead of uint16"):
                points(depth.astype(dtype))
        with pytest.raises(ValueError, match="depth is an infrared image"):
            points(Image.from_array(depth, ImageFormat.IR16))
        with pytest.raises(ValueError, match=r"depth has the shape \(576, 639\) instead of \(576, 640\)"):
            points(depth[:, 1:])
        with pytest.raises(TypeError, match="depth is an image or an array, not a NoneType"):
            points(None)


def test_constant_plane_is_where_geometry_says(transformation: Transformation):
    """A wall in front of the depth camera, against the closed form of the plane in the color camera."""
    depth = np.full((576, 640), 1500, np.uint16)
    found = transformation.depth_to_color(depth)
    motion = transformation.calibration.extrinsics("depth", "color")
    normal = motion[:3, 2]
    distance = normal @ (motion[:3, :3] @ [0, 0, 1500] + motion[:3, 3])
    rays = transformation.rays("color").astype(np.float64)
    expected = distance / (rays @ normal[:2] + normal[2])
    covered = (found > 0) & ~np.isnan(expected)
    assert covered.mean() > 0.5
    assert np.abs(found[covered] - expected[covered]).max() <= 1.0


def test_undistort_maps_straighten_what_project_bends(transformation: Transformation):
    map_x, map_y = transformation.undistort_maps("color")
    assert map_x.shape == map_y.shape == (720, 1280) and map_x.dtype == np.float32
    matrix = transformation.calibration.camera("color").camera_matrix
    ray = np.linalg.inv(matrix) @ [200, 500, 1]
    np.testing.assert_allclose(
        [map_x[500, 200], map_y[500, 200]], transformation.calibration.project(ray, "color"), atol=1e-3
    )
    small, _ = transformation.undistort_maps("depth", size=(64, 32), camera_matrix=np.diag([30.0, 30, 1]))
    assert small.shape == (32, 64) and (small == -1).any()


def test_out_that_overlaps_what_is_read_is_refused(transformation: Transformation, real_scene: Any):
    memory = np.zeros(720 * 1280 * 4 + 64, np.uint8)
    depth = memory[: 576 * 640 * 2].view(np.uint16).reshape(576, 640)
    depth[:] = real_scene.depth
    out = memory[: 720 * 1280 * 2].view(np.uint16).reshape(720, 1280)
    color = memory[: 720 * 1280 * 4].reshape(720, 1280, 4)
    image = Image.from_array(depth, ImageFormat.DEPTH16)
    points = memory[64 : 64 + 576 * 640 * 6].view(np.int16).reshape(576, 640, 3)
    small = memory[64 : 64 + 576 * 640 * 4].reshape(576, 640, 4)
    other = np.zeros((720, 1280), np.uint16)
    for message, call in (
        ("out overlaps depth", lambda: transformation.depth_to_color(depth, out=out)),
        ("out overlaps depth", lambda: transformation.depth_to_color(image, out=out)),
        (r"out\[0\] overlaps depth", lambda: transformation.depth_to_color_custom(depth, depth, out=(out, other))),
        (
            r"out\[1\] overlaps custom",
            lambda: transformation.depth_to_color_custom(real_scene.depth, depth, out=(other, out)),
        ),
        (
            r"out\[1\] overlaps out\[0\]",
            lambda: transformation.depth_to_color_custom(real_scene.depth, real_scene.ir, out=(other, other)),
        ),
        ("out overlaps color", lambda: transformation.color_to_depth(real_scene.depth, color, out=small)),
        ("out overlaps depth", lambda: transformation.depth_to_point_cloud(depth, out=points)),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    np.testing.assert_array_equal(depth, real_scene.depth)
    # Beside each other in one array is no overlap.
    both = np.zeros((720, 1280 + 640), np.uint16)
    both[:576, 1280:] = real_scene.depth
    transformation.depth_to_color(both[:576, 1280:], out=both[:, :1280])
    np.testing.assert_array_equal(both[:, :1280], transformation.depth_to_color(real_scene.depth))


def test_out_of_a_point_cloud_is_checked_as_others_are(transformation: Transformation, real_scene: Any):
    out = np.zeros((576, 640, 3), np.int16)
    read_only = out.copy()
    read_only.setflags(write=False)
    for error, message, wrong in (
        (TypeError, "out has the dtype int32 instead of int16", out.astype(np.int32)),
        (ValueError, r"out has the shape \(576, 640\) instead of \(576, 640, 3\)", out[..., 0]),
        (ValueError, "out is read-only", read_only),
        (TypeError, "out is an image or a numpy array, not a list", [[[0, 0, 0]]]),
        (TypeError, "out has the dtype", Image(ImageFormat.CUSTOM, 640, 576, 640 * 6)),
    ):
        with pytest.raises(error, match=message):
            transformation.depth_to_point_cloud(real_scene.depth, out=wrong)  # type: ignore[arg-type]
    assert transformation.depth_to_point_cloud(real_scene.depth, out=out) is out
    np.testing.assert_array_equal(out, real_scene.geometry.points(real_scene.depth))


def test_out_that_is_not_memory_is_refused(transformation: Transformation, real_scene: Any):
    class Dataset:
        """What becomes an array by a copy, which would get the result in place of it."""

        def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
            return np.zeros((720, 1280), np.uint16)

    with pytest.raises(TypeError, match="out is an image or a numpy array, not a Dataset"):
        transformation.depth_to_color(real_scene.depth, out=Dataset())  # type: ignore[call-overload]
    for out in (np.zeros((720, 1280), np.uint16), (np.zeros((720, 1280), np.uint16),)):
        with pytest.raises(TypeError, match="out is a pair, for depth and custom"):
            transformation.depth_to_color_custom(real_scene.depth, real_scene.ir, out=out)  # type: ignore[arg-type]


def test_out_keeps_its_timestamp_when_an_array_has_none(transformation: Transformation, real_scene: Any):
    out = Image(ImageFormat.DEPTH16, 1280, 720)
    out.device_timestamp_usec = 123
    transformation.depth_to_color(real_scene.depth, out=out)
    assert out.device_timestamp_usec == 123
    depth = Image.from_array(real_scene.depth, ImageFormat.DEPTH16, device_timestamp_usec=5)
    transformation.depth_to_color(depth, out=out)
    assert out.device_timestamp_usec == 5


def test_depth_beyond_16_bits_with_a_sign_wraps_in_int16_and_not_in_metres(transformation: Transformation):
    depth = np.full((576, 640), 40000, np.uint16)
    assert transformation.depth_to_point_cloud(depth)[288, 320, 2] == 40000 - 65536
    assert transformation.depth_to_points(depth)[288, 320, 2] == np.float32(40)


def test_arguments_that_do_not_fit_are_refused_by_name(transformation: Transformation, real_scene: Any):
    depth = real_scene.depth
    with pytest.raises(TypeError, match="depth has the dtype float32 instead of uint16"):
        transformation.depth_to_color(depth.astype(np.float32))
    with pytest.raises(ValueError, match=r"depth has the shape \(575, 640\) instead of \(576, 640\)"):
        transformation.depth_to_color(depth[:-1])
    with pytest.raises(ValueError, match=r"out has the shape \(576, 640\) instead of \(720, 1280\)"):
        transformation.depth_to_color(depth, out=depth)
    with pytest.raises(TypeError, match="custom has the dtype int64"):
        transformation.depth_to_color_custom(depth, depth.astype(np.int64))
    with pytest.raises(ValueError, match="GYRO is not a camera"):
        transformation.depth_to_point_cloud(depth, "gyro")
    with pytest.raises(ValueError, match="there is no interpolation 'cubic'; there are 'nearest' and 'linear'"):
        transformation.depth_to_color_custom(depth, depth, interpolation="cubic")
    with pytest.raises(ValueError, match="there is no interpolation 7; there are 'nearest' and 'linear'"):
        transformation.depth_to_color_custom(depth, depth, interpolation=7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="invalid_value is an integer, not a str"):
        transformation.depth_to_color_custom(depth, depth, invalid_value="3")  # type: ignore[arg-type]
    for matrix in (np.zeros((3, 3)), np.full((3, 3), np.nan)):
        with pytest.raises(ValueError, match="camera_matrix cannot be inverted"):
            transformation.undistort_maps("color", camera_matrix=matrix)
    with pytest.raises(ValueError, match=r"size is \(-1, 5\), which is not positive"):
        transformation.undistort_maps("color", size=(-1, 5))
    with pytest.raises(TypeError):
        transformation.undistort_maps("color", size=(1.5, 2))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="depth is an infrared image"):
        transformation.depth_to_color(Image.from_array(depth, ImageFormat.IR16))
    with pytest.raises(TypeError, match="depth is an image or an array, not a Capture"):
        transformation.depth_to_color(Capture())  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="made of a Calibration, not of a bytes"):
        Transformation(b"{}")  # type: ignore[arg-type]
    read_only = np.zeros((720, 1280), np.uint16)
    read_only.setflags(write=False)
    with pytest.raises(ValueError, match="out is read-only"):
        transformation.depth_to_color(depth, out=read_only)


def test_closed_transformation_is_refused(bundled: Any, raw_calibration: Any, real_scene: Any):
    with Transformation(Calibration(raw_calibration("real"), *MODES, provider=bundled)) as transformation:
        assert not transformation.closed
    transformation.close()
    with pytest.raises(ValueError, match="the transformation is closed"):
        transformation.depth_to_color(real_scene.depth)
    assert "closed" in repr(transformation)


def test_one_camera_is_enough_for_its_points(provider: Any, raw_calibration: Any, real_scene: Any):
    calibration = Calibration(raw_calibration("real"), MODES[0], ColorResolution.OFF, provider=provider)
    transformation = Transformation(calibration)
    points = transformation.depth_to_point_cloud(real_scene.depth)
    np.testing.assert_array_equal(points, real_scene.geometry.points(real_scene.depth))
    with pytest.raises(ValueError, match="the color camera is off"):
        transformation.depth_to_color(real_scene.depth)


@pytest.mark.parametrize("runs_at", [1, 3, 99])
def test_call_of_another_engine_that_changes_nothing_is_repeated(
    bundled: Any, raw_calibration: Any, real_scene: Any, monkeypatch: pytest.MonkeyPatch, runs_at: int
):
    """Some calls of Microsoft's engine succeed and do nothing. Here a function of ours does so in its place."""
    transformation = Transformation(Calibration(raw_calibration("real"), *MODES, provider=bundled))
    expected = transformation.depth_to_color(real_scene.depth)
    function = k4a.k4a_transformation_depth_image_to_color_camera
    calls = 0

    def sometimes(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        return function(*arguments) if calls == runs_at else 0

    monkeypatch.setattr(k4a, "k4a_transformation_depth_image_to_color_camera", sometimes)
    monkeypatch.setattr("pyk4a_rp.transformation._PAUSE_SECONDS", 0)
    monkeypatch.setattr("pyk4a_rp.transformation._SURE", ())
    if runs_at < 99:
        np.testing.assert_array_equal(transformation.depth_to_color(real_scene.depth), expected)
        assert calls == runs_at
    else:
        with pytest.raises(K4AError, match="succeeded 20 times and wrote nothing"):
            transformation.depth_to_color(real_scene.depth)
        assert calls == 20


@pytest.mark.skipif(sys.platform != "linux", reason="X displays")
def test_transformation_of_microsofts_without_a_display_says_what_it_needs(
    microsoft: Any, raw_calibration: Any, tmp_path: Path
):
    (tmp_path / "calibration.json").write_bytes(raw_calibration("real"))
    code = (
        "import sys, pyk4a_rp as k\n"
        "modes = k.DepthMode.NFOV_UNBINNED, k.ColorResolution.RES_720P\n"
        "k.Transformation(k.Calibration.from_file(sys.argv[1], *modes, provider='microsoft'))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "calibration.json"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1 and "K4AError: cannot make a transformation" in done.stderr
    assert "this provider needs an X display with OpenGL 4.4 (Xvfb will do), DISPLAY is not set" in done.stderr


def test_several_threads_share_one_transformation(transformation: Transformation, real_scene: Any):
    expected = transformation.depth_to_color(real_scene.depth)
    wrong: list[int] = []

    def work() -> None:
        for _ in range(5):
            wrong.append(int((transformation.depth_to_color(real_scene.depth) != expected).sum()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [0] * 20


def test_recorded_depth_is_transformed_without_decoding_anything_else(bundled: Any, shared_recording: Path):
    with Playback(shared_recording, provider=bundled) as playback:
        transformation = Transformation(playback.calibration)
        depth = playback.captures[0].depth
        assert depth is not None
        aligned = transformation.depth_to_color(depth)
    assert aligned.device_timestamp_usec == depth.device_timestamp_usec
    assert (aligned.array > 0).mean() > 0.5


# ---- captures that know their calibration ----


def test_capture_of_a_recording_computes_what_transformation_does(bundled: Any, shared_recording: Path):
    with Playback(shared_recording, provider=bundled) as playback:
        for capture in (playback.captures[0], next(iter(playback))):
            assert capture.calibration is playback.calibration
            depth, color = capture.depth, capture.color
            assert depth is not None and color is not None
            transformation = Transformation(playback.calibration)
            aligned = capture.transformed_depth
            assert aligned is not None and aligned.device_timestamp_usec == depth.device_timestamp_usec
            assert capture.transformed_depth is aligned
            np.testing.assert_array_equal(aligned.array, transformation.depth_to_color(depth.array))
            np.testing.assert_array_equal(capture.point_cloud, transformation.depth_to_point_cloud(depth))


def test_capture_keeps_its_calibration_after_the_playback(bundled: Any, shared_recording: Path):
    with Playback(shared_recording, provider=bundled) as playback:
        calibration, capture, late = playback.calibration, playback.captures[0], None
    assert capture.calibration is calibration
    with Playback(shared_recording, provider=bundled) as playback:
        late = playback.captures[0]
    with pytest.raises(ValueError, match="closed"):
        late.calibration  # noqa: B018
    del playback
    with pytest.raises(ValueError, match="its playback is gone"):
        late.calibration  # noqa: B018


def test_capture_without_calibration_says_what_it_needs(transformation: Transformation, real_scene: Any):
    capture = Capture(depth=Image.from_array(real_scene.depth, ImageFormat.DEPTH16))
    assert capture.calibration is None and capture.transformed_color is None
    with pytest.raises(ValueError, match=r"which point_cloud needs: set capture\.calibration"):
        capture.point_cloud  # noqa: B018
    capture.calibration = transformation.calibration
    points = capture.point_cloud
    np.testing.assert_array_equal(points, real_scene.geometry.points(real_scene.depth))
    assert capture.point_cloud is points
    other = np.zeros_like(real_scene.depth)
    capture.depth = Image.from_array(other, ImageFormat.DEPTH16)
    assert not capture.point_cloud.any()  # type: ignore[union-attr]
    with pytest.raises(TypeError, match="calibration must be a Calibration or None, not str"):
        capture.calibration = "calibration.json"  # type: ignore[assignment]


def test_capture_that_gets_other_images_computes_anew(transformation: Transformation):
    """Memory of an image that is gone is used again at once: an address does not tell images apart."""
    def plane(z: int) -> Image:
        return Image.from_array(np.full((576, 640), z, np.uint16), ImageFormat.DEPTH16)

    capture = Capture(depth=plane(500))
    capture.calibration = transformation.calibration
    for number in range(20):
        assert capture.point_cloud is not None
        capture.depth = plane(700 + number)
        capture.depth = plane(900 + number)  # nobody looked at the one before
        assert capture.point_cloud[300, 300, 2] == 900 + number
    for number in range(20):
        capture.depth = plane(1000 + number)
        assert capture.point_cloud[300, 300, 2] == 1000 + number
        capture.depth = None
        assert capture.point_cloud is None


def test_calibration_is_freed_with_its_last_reference(bundled: Any, raw_calibration: Any):
    """Its ray tables are large; a circle of references would keep them until the garbage collector comes by."""
    gc.collect()
    gc.disable()
    try:
        calibration = Calibration(raw_calibration("real"), *MODES, provider=bundled)
        rays, gone = weakref.ref(calibration.rays("color")), weakref.ref(calibration)
        capture = Capture(depth=Image.from_array(np.full((576, 640), 900, np.uint16), ImageFormat.DEPTH16))
        capture.calibration = calibration
        assert capture.transformed_depth is not None
        del capture, calibration
        assert gone() is None and rays() is None
    finally:
        gc.enable()
