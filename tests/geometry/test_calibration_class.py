"""`Calibration`: intrinsics, extrinsics, points in arrays, and what other software gets."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import Calibration, CalibrationType, ColorResolution, DepthMode, K4AError, Playback, RecordingError, k4a
from pyk4a_rp.structs import k4a_float2_t, k4a_float3_t

MODES = DepthMode.NFOV_UNBINNED, ColorResolution.RES_720P


@pytest.fixture(scope="module")
def calibration(bundled: Any, raw_calibration: Any) -> Calibration:
    return Calibration(raw_calibration("real"), *MODES, provider=bundled)


@pytest.fixture(scope="module", params=["bundled", "microsoft"])
def either(request: pytest.FixtureRequest, raw_calibration: Any) -> Calibration:
    """The same calibration on each provider."""
    return Calibration(raw_calibration("real"), *MODES, provider=request.getfixturevalue(request.param))


def test_cameras_have_intrinsics_in_opencv_order(calibration: Calibration):
    depth = calibration.depth
    assert depth is not None
    assert depth.size == (640, 576)
    np.testing.assert_allclose(
        depth.camera_matrix[[0, 1, 0, 1], [2, 2, 0, 1]], [332.781067, 348.829712, 504.607635, 504.732513]
    )
    p = calibration.native.depth_camera_calibration.intrinsics.parameters
    assert depth.distortion.tolist() == [p.k1, p.k2, p.p1, p.p2, p.k3, p.k4, p.k5, p.k6]
    assert not depth.camera_matrix.flags.writeable


def test_camera_that_is_off_is_none_and_refused_by_name(bundled: Any, raw_calibration: Any):
    only = Calibration(raw_calibration("real"), DepthMode.OFF, ColorResolution.RES_1080P, provider=bundled)
    assert only.depth is None
    assert only.color is not None and only.color.size == (1920, 1080)
    for call in (
        lambda: only.camera("depth"),
        lambda: only.project([0, 0, 1], "depth"),
        lambda: only.unproject([0, 0], 1, "depth"),
        lambda: only.transform_points([0, 0, 1], "color", "depth"),
        lambda: only.extrinsics("depth", "color"),
        lambda: only.rays("depth"),
    ):
        with pytest.raises(ValueError, match="the depth camera is off"):
            call()


def test_sensors_that_do_not_exist_are_refused_by_name(calibration: Calibration):
    with pytest.raises(ValueError, match="there is no sensor 'infrared'"):
        calibration.extrinsics("infrared", "depth")
    with pytest.raises(ValueError, match="GYRO is not a camera"):
        calibration.project([0, 0, 1], "gyro")
    with pytest.raises(ValueError):
        calibration.extrinsics(CalibrationType.NUM, "depth")


def test_extrinsics_are_inverse_and_agree_with_points(calibration: Calibration):
    there, back = calibration.extrinsics("depth", "color"), calibration.extrinsics("color", "depth")
    np.testing.assert_allclose(there @ back, np.eye(4), atol=1e-4)
    point = [100.0, -50.0, 1200.0]
    moved = calibration.transform_points(point, "depth", "color")
    np.testing.assert_allclose(moved, (there @ [*point, 1])[:3], rtol=1e-6)


def test_points_in_arrays_equal_single_calls(either: Calibration):
    rng = np.random.default_rng(4)
    pixels = rng.uniform(-100, 1300, (60, 2)).astype(np.float32)
    depths = rng.choice([0, 500.5, 3000], 60).astype(np.float32)
    points = rng.uniform([-2000, -2000, -100], [2000, 2000, 4000], (60, 3)).astype(np.float32)
    found = (
        either.unproject(pixels, depths, "color", "depth"),
        either.pixel_to_pixel(pixels, depths, "depth", "color"),
        either.project(points, "color", "depth"),
        either.transform_points(points, "depth", "gyro"),
    )
    for i in range(60):
        uv, xyz, depth = k4a_float2_t(*pixels[i]), k4a_float3_t(*points[i]), float(depths[i])
        answers = (
            k4a.k4a_calibration_2d_to_3d(either.native, uv, depth, 1, 0, provider=either.provider),
            k4a.k4a_calibration_2d_to_2d(either.native, uv, depth, 0, 1, provider=either.provider),
            k4a.k4a_calibration_3d_to_2d(either.native, xyz, 0, 1, provider=either.provider),
            (*k4a.k4a_calibration_3d_to_3d(either.native, xyz, 0, 2, provider=either.provider), 1),
        )
        for array, (_, value, valid) in zip(found, answers, strict=True):
            if valid:
                assert array[i].tolist() == list(value)
            else:
                assert np.isnan(array[i]).all()


def test_single_points_are_those_of_arrays(either: Calibration):
    pixel, depth, point = [300.5, 280.25], 1234.0, [120.0, -60.0, 1500.0]
    for single, array in (
        (either.unproject(pixel, depth, "depth"), either.unproject([pixel], [depth], "depth")),
        (either.project(point, "color", "depth"), either.project([point], "color", "depth")),
        (
            either.pixel_to_pixel(pixel, depth, "depth", "color"),
            either.pixel_to_pixel([pixel], depth, "depth", "color"),
        ),
        (either.transform_points(point, "color", "accel"), either.transform_points([point], "color", "accel")),
    ):
        assert not np.isnan(single).any()
        np.testing.assert_array_equal(single, array[0])


def test_points_of_a_lens_nobody_can_compute_raise(provider: Any, raw_calibration: Any):
    text = raw_calibration("real").replace(b"LensDistortionModelBrownConrady", b"LensDistortionModelTheta")
    calibration = Calibration(text, *MODES, provider=provider)
    for call in (
        lambda: calibration.project([[0, 0, 1000]], "depth"),
        lambda: calibration.unproject([[320, 288]], 1000, "depth"),
        lambda: calibration.pixel_to_pixel([[320, 288]], 1000, "depth", "color"),
        lambda: calibration.rays("color"),
        lambda: calibration.color_pixel_to_depth_pixel([[640, 360]], np.zeros((576, 640), np.uint16)),
    ):
        with pytest.raises(K4AError, match=r"(points|pixels) of (DEPTH|COLOR) have no (points|pixels|rays)"):
            call()


def test_points_shapes_are_kept_and_depth_is_broadcast(calibration: Calibration):
    assert calibration.unproject([320, 288], 1000, "depth").shape == (3,)
    assert calibration.unproject(np.zeros((4, 5, 2)), np.ones(5), "depth").shape == (4, 5, 3)
    assert calibration.project(np.ones((0, 3)), "depth").shape == (0, 2)
    assert calibration.transform_points(np.ones((2, 3)), "depth", "depth").dtype == np.float32
    with pytest.raises(ValueError, match=r"pixels has the shape \(3,\) instead of \(..., 2\)"):
        calibration.unproject([1, 2, 3], 1, "depth")
    with pytest.raises(ValueError, match=r"depth_mm has the shape \(3,\), the pixels \(2,\)"):
        calibration.unproject(np.zeros((2, 2)), np.ones(3), "depth")


def test_points_project_of_unproject_is_the_pixel(calibration: Calibration):
    rng = np.random.default_rng(9)
    for name in ("depth", "color"):
        width, height = calibration.camera(name).size
        pixels = rng.uniform(0, [width - 1, height - 1], (100_000, 2)).astype(np.float32)
        depth = rng.uniform(100, 8000, 100_000).astype(np.float32)
        points = calibration.unproject(pixels, depth, name)
        seen = ~np.isnan(points[:, 0])
        assert seen.mean() > 0.99
        np.testing.assert_allclose(calibration.project(points, name)[seen], pixels[seen], atol=2e-3)


def test_color_pixel_to_depth_pixel_is_found(calibration: Calibration, real_scene: Any):
    pixels = np.array([[[640, 360], [700, 400]], [[0, 0], [500, 300]]])
    found = calibration.color_pixel_to_depth_pixel(pixels, real_scene.depth)
    assert found.shape == pixels.shape
    x, y = found[0, 0]
    depth = real_scene.depth[round(y), round(x)]
    np.testing.assert_allclose(calibration.pixel_to_pixel([x, y], depth, "depth", "color"), [640, 360], atol=3)
    with pytest.raises(ValueError, match=r"depth_image has the shape \(575, 640\) instead of \(576, 640\)"):
        calibration.color_pixel_to_depth_pixel([0, 0], real_scene.depth[:-1])
    with pytest.raises(TypeError, match="depth_image is an image or an array, not a NoneType"):
        calibration.color_pixel_to_depth_pixel([0, 0], None)
    with pytest.raises(TypeError, match="depth_image has the dtype float64 instead of uint16"):
        calibration.color_pixel_to_depth_pixel([0, 0], real_scene.depth.astype(np.float64))


def test_rays_are_the_unprojected_pixels(calibration: Calibration):
    rays = calibration.rays("depth")
    assert rays.shape == (576, 640, 2) and not rays.flags.writeable
    assert calibration.rays(CalibrationType.DEPTH) is rays
    y, x = np.mgrid[:576, :640]
    points = calibration.unproject(np.stack([x, y], -1), 1.0, "depth")
    np.testing.assert_array_equal(rays, points[..., :2])
    assert np.isnan(rays[0, 0]).sum() in (0, 2)


# ---- sources ----


def test_from_every_known_file(bundled: Any, calibration_files: list[Path]):
    for path in calibration_files:
        calibration = Calibration.from_file(path, *MODES, provider=bundled)
        assert calibration.raw == path.read_bytes()
        text = Calibration(path.read_bytes().rstrip(b"\0").decode("utf-8-sig"), *MODES, provider=bundled)
        assert text == calibration


def test_from_playback_is_that_of_the_recording(provider: Any, shared_recording: Path, raw_calibration: Any):
    with Playback(shared_recording, provider=provider) as playback:
        calibration = playback.calibration
        assert playback.calibration is calibration
        assert calibration.raw == playback.raw_calibration
        assert calibration.provider is playback.provider
    assert calibration == Calibration(raw_calibration("real"), *MODES, provider=provider)


def test_from_native_takes_a_copy(calibration: Calibration):
    native = calibration.native
    twin = Calibration.from_native(native, provider=calibration.provider)
    assert twin == calibration and twin.raw is None
    twin.native.depth_camera_calibration.resolution_width = 5
    assert native.depth_camera_calibration.resolution_width == 640


def test_text_that_is_no_calibration_is_refused_with_its_reason(bundled: Any):
    with pytest.raises(K4AError, match="NFOV_UNBINNED and RES_720P") as caught:
        Calibration(b'{"CalibrationInformation": [1, 2}', *MODES, provider=bundled)
    assert "expected ',' or ']' at line 1, column 33" in str(caught.value)


def test_recording_without_calibration_is_refused(bundled: Any, tmp_path: Path, shared_dir: Path):
    sources = sorted((shared_dir / "spec" / "vectors" / "mkv").glob("*.mkv"))
    for path in sources:
        with Playback(path, provider=bundled) as playback:
            if "calibration.json" not in playback.attachments:
                with pytest.raises(RecordingError, match="has no calibration"):
                    playback.calibration  # noqa: B018
                return
    pytest.skip("every recording has a calibration")


def test_copies_keep_class_and_provider(either: Calibration):
    class Special(Calibration):
        pass

    special = Special.from_native(either.native, provider=either.provider)
    for twin in (copy.copy(special), copy.deepcopy(special)):
        assert twin == either and twin.provider is either.provider and type(twin) is Special


def test_what_is_no_calibration_is_refused_by_name(bundled: Any, raw_calibration: Any, tmp_path: Path):
    raw = raw_calibration("real")
    for wrong, kind in ((10, "int"), (tmp_path, type(tmp_path).__name__), (None, "NoneType"), ([1, 2], "list")):
        with pytest.raises(TypeError, match=f"text of a calibration.json, not a {kind}; Calibration.from_file reads"):
            Calibration(wrong, *MODES, provider=bundled)  # type: ignore[arg-type]
    with pytest.raises(K4AError, match=r"nor JSON \(Calibration.from_file reads a file\)"):
        Calibration("unit/calibration.json", *MODES, provider=bundled)
    for text in (bytearray(raw), memoryview(raw), np.frombuffer(raw, np.uint8)):
        assert Calibration(text, *MODES, provider=bundled).raw == raw
    with pytest.raises(TypeError, match="depth_mode is a member of DepthMode, not <ColorResolution"):
        Calibration(raw, MODES[1], MODES[0], provider=bundled)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="color_resolution is a member of ColorResolution, not <DepthMode"):
        Calibration(raw, MODES[0], MODES[0], provider=bundled)  # type: ignore[arg-type]


def test_pickled_calibration_is_equal(calibration: Calibration):
    assert pickle.loads(pickle.dumps(calibration)) == calibration


# ---- other software ----


def test_to_opencv_projects_to_the_same_pixels(calibration: Calibration):
    cv2 = pytest.importorskip("cv2")
    points = np.random.default_rng(1).uniform([-500, -400, 600], [500, 400, 3000], (2000, 3)).astype(np.float32)
    for camera in ("depth", "color"):
        arguments = calibration.to_opencv(camera)
        pixels, _ = cv2.projectPoints(
            points, np.zeros(3), np.zeros(3), arguments["cameraMatrix"], arguments["distCoeffs"]
        )
        np.testing.assert_allclose(calibration.project(points, camera), pixels[:, 0], atol=2e-3)


def test_to_opencv_of_another_lens_model_is_refused_unless_asked_for(bundled: Any, shared_dir: Path):
    path = shared_dir / "calibrations" / "orbbec_wrapper_template_6KT.json"
    calibration = Calibration.from_file(path, *MODES, provider=bundled)
    for call in (calibration.to_opencv, calibration.to_ros_camera_info):
        with pytest.raises(ValueError, match=r"no lens model like RATIONAL_6KT.*approximate=True"):
            call("color")
    found = calibration.to_opencv("color", approximate=True)
    np.testing.assert_array_equal(found["distCoeffs"], calibration.camera("color").distortion)
    assert calibration.to_ros_camera_info("color", approximate=True)["d"] == found["distCoeffs"].tolist()


def test_to_ros_camera_info_is_plain_and_complete(calibration: Calibration):
    info = calibration.to_ros_camera_info("color", frame_id="color_camera")
    assert json.loads(json.dumps(info)) == info
    assert (info["width"], info["height"]) == (1280, 720)
    assert info["distortion_model"] == "rational_polynomial" and len(info["d"]) == 8
    assert info["k"][2] == info["p"][2] == calibration.color.camera_matrix[0, 2]  # type: ignore[union-attr]
    assert len(info["p"]) == 12 and info["header"] == {"frame_id": "color_camera"}


def test_to_json_says_what_the_attributes_say(calibration: Calibration):
    document = json.loads(calibration.to_json())
    for name in ("depth", "color"):
        camera = calibration.camera(name)
        assert document[name] == {
            "size": list(camera.size),
            "camera_matrix": camera.camera_matrix.tolist(),
            "distortion": camera.distortion.tolist(),
            "model": "BROWN_CONRADY",
            "center_of_distortion": [0.0, 0.0],
            "metric_radius": camera.metric_radius,
        }
    for target in ("color", "gyro", "accel"):
        np.testing.assert_array_equal(document[f"depth_to_{target}_mm"], calibration.extrinsics("depth", target))


def test_to_json_without_a_camera_has_the_rest(bundled: Any, raw_calibration: Any):
    only = Calibration(raw_calibration("real"), DepthMode.OFF, ColorResolution.RES_720P, provider=bundled)
    document = json.loads(only.to_json())
    assert document["depth"] is None and "color_to_depth_mm" not in document
    np.testing.assert_array_equal(document["color_to_accel_mm"], only.extrinsics("color", "accel"))
