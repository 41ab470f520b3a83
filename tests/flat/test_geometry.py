"""`k4a_calibration_*` and `k4a_transformation_*`: both providers give the same answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp.k4a import *

OK, FAILED = K4A_RESULT_SUCCEEDED, K4A_RESULT_FAILED
DEPTH, COLOR = K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR
MODES = (K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_720P)


@pytest.fixture(scope="session")
def raw(shared_dir: Path) -> bytes:
    """The calibration of a real device, as its JSON text."""
    path = shared_dir / "calibrations" / "pyk4a_001514394512_compact.json"
    if not path.exists():
        pytest.skip(f"no calibration {path.name} in the shared data")
    return path.read_bytes()


@pytest.fixture
def calibration(provider: Any, raw: bytes) -> k4a_calibration_t:
    result, calibration = k4a_calibration_get_from_raw(raw, *MODES, provider=provider)
    assert result == OK and calibration is not None
    return calibration


# ---- calibration ----


def test_from_raw_gives_the_modes_and_sizes(calibration: k4a_calibration_t) -> None:
    assert (calibration.depth_mode, calibration.color_resolution) == MODES
    depth, color = calibration.depth_camera_calibration, calibration.color_camera_calibration
    assert (depth.resolution_width, depth.resolution_height) == (640, 576)
    assert (color.resolution_width, color.resolution_height) == (1280, 720)
    assert depth.intrinsics.parameter_count == 14 and depth.intrinsics.parameters.param.fx > 100
    assert calibration.extrinsics[DEPTH][DEPTH].rotation.tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_from_raw_takes_any_buffer_with_and_without_nul(provider: Any, raw: bytes) -> None:
    wanted = k4a_calibration_get_from_raw(raw, *MODES, provider=provider)[1]
    for given in (raw + b"\0", bytearray(raw), memoryview(raw), np.frombuffer(raw, np.uint8)):
        assert k4a_calibration_get_from_raw(given, *MODES, provider=provider) == (OK, wanted)


def test_from_raw_of_nonsense_fails(provider: Any, raw: bytes) -> None:
    for given in (b"", b"\0", b"{}", b"not JSON", raw[: len(raw) // 2]):
        assert k4a_calibration_get_from_raw(given, *MODES, provider=provider) == (FAILED, None)
    for modes in ((0, 0), (6, 1), (2, 7), (-1, 1)):
        assert k4a_calibration_get_from_raw(raw, *modes, provider=provider) == (FAILED, None)  # type: ignore[arg-type]


def test_bytes_go_from_one_provider_to_the_other(bundled: Any, microsoft: Any, raw: bytes) -> None:
    pixel = k4a_float2_t(320.0, 288.0)
    found = []
    for maker in (bundled, microsoft):
        _, calibration = k4a_calibration_get_from_raw(raw, *MODES, provider=maker)
        assert calibration is not None
        for computer in (bundled, microsoft):
            answer = k4a_calibration_2d_to_3d(calibration, pixel, 1000.0, DEPTH, COLOR, provider=computer)
            assert answer[0] == OK and answer[2] == 1 and answer[1] is not None
            found.append(answer[1].v)
    assert np.allclose(found, found[0], atol=0.01)


def test_points_go_there_and_back(provider: Any, calibration: k4a_calibration_t) -> None:
    start = k4a_float3_t(10.0, -20.0, 1000.0)
    result, moved = k4a_calibration_3d_to_3d(calibration, start, DEPTH, COLOR, provider=provider)
    assert result == OK and moved is not None and moved != start
    _, back = k4a_calibration_3d_to_3d(calibration, moved, COLOR, DEPTH, provider=provider)
    assert back is not None and np.allclose(back.v, start.v, atol=1e-2)
    result, pixel, valid = k4a_calibration_3d_to_2d(calibration, start, DEPTH, DEPTH, provider=provider)
    assert (result, valid) == (OK, 1) and pixel is not None
    result, point, valid = k4a_calibration_2d_to_3d(calibration, pixel, 1000.0, DEPTH, DEPTH, provider=provider)
    assert (result, valid) == (OK, 1) and point is not None and np.allclose(point.v, start.v, atol=0.1)
    result, other, valid = k4a_calibration_2d_to_2d(calibration, pixel, 1000.0, DEPTH, COLOR, provider=provider)
    seen = k4a_calibration_3d_to_2d(calibration, start, DEPTH, COLOR, provider=provider)
    assert (result, valid) == (OK, 1) and other is not None and seen[1] is not None
    assert np.allclose(other.v, seen[1].v, atol=0.1)


def test_pixel_without_a_ray_is_not_valid(provider: Any, calibration: k4a_calibration_t) -> None:
    far = k4a_float2_t(-5000.0, -5000.0)
    result, _, valid = k4a_calibration_2d_to_3d(calibration, far, 1000.0, DEPTH, DEPTH, provider=provider)
    assert (result, valid) == (OK, 0)


def test_unknown_camera_fails(provider: Any, calibration: k4a_calibration_t) -> None:
    point, pixel = k4a_float3_t(0, 0, 1000), k4a_float2_t(1, 1)
    bad = K4A_CALIBRATION_TYPE_UNKNOWN
    assert k4a_calibration_3d_to_3d(calibration, point, bad, DEPTH, provider=provider) == (FAILED, None)
    assert k4a_calibration_2d_to_3d(calibration, pixel, 1.0, bad, DEPTH, provider=provider) == (FAILED, None, None)
    assert k4a_calibration_3d_to_2d(calibration, point, DEPTH, bad, provider=provider) == (FAILED, None, None)
    assert k4a_calibration_2d_to_2d(calibration, pixel, 1.0, bad, DEPTH, provider=provider) == (FAILED, None, None)


def depth_image(provider: Any, value: int = 1000) -> ImageHandle:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 0, provider=provider)
    assert image is not None
    np.asarray(image)[...] = value
    return image


def test_color_pixel_is_found_in_the_depth_image(provider: Any, calibration: k4a_calibration_t) -> None:
    image = depth_image(provider)
    pixel = k4a_float2_t(640.0, 360.0)
    result, found, valid = k4a_calibration_color_2d_to_depth_2d(calibration, pixel, image)
    assert (result, valid) == (OK, 1) and found is not None
    _, back, _ = k4a_calibration_2d_to_2d(calibration, found, 1000.0, DEPTH, COLOR, provider=provider)
    assert back is not None and np.allclose(back.v, pixel.v, atol=3)
    assert k4a_calibration_color_2d_to_depth_2d(calibration, pixel, image, provider=provider)[0] == OK


def test_small_or_released_depth_image_fails_and_does_not_crash(provider: Any, calibration: k4a_calibration_t) -> None:
    _, small = k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 1280, bytearray(64), provider=provider)
    released = depth_image(provider)
    released.release()
    assert small is not None
    pixel = k4a_float2_t(640, 360)
    assert k4a_calibration_color_2d_to_depth_2d(calibration, pixel, small) == (FAILED, None, None)
    # Microsoft's library says SUCCEEDED for NULL, and that nothing was found.
    assert not k4a_calibration_color_2d_to_depth_2d(calibration, pixel, released)[2]


def test_image_of_another_provider_is_refused(bundled: Any, microsoft: Any, raw: bytes) -> None:
    _, calibration = k4a_calibration_get_from_raw(raw, *MODES, provider=bundled)
    assert calibration is not None
    with pytest.raises(ValueError, match="belongs to provider 'bundled', not to 'microsoft'"):
        k4a_calibration_color_2d_to_depth_2d(calibration, k4a_float2_t(), depth_image(bundled), provider=microsoft)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda c: k4a_calibration_get_from_raw("{}", 2, 1),
            "raw_calibration must be bytes or another buffer, not str",
        ),
        (lambda c: k4a_calibration_get_from_raw(None, 2, 1), "raw_calibration must be bytes or another buffer"),
        (lambda c: k4a_calibration_get_from_raw(b"{}", "NFOV", 1), "depth_mode must be int, not str"),
        (lambda c: k4a_calibration_3d_to_3d(None, k4a_float3_t(), 0, 1), "calibration must be k4a_calibration_t"),
        (lambda c: k4a_calibration_3d_to_3d(c, (1, 2, 3), 0, 1), "source_point3d_mm must be k4a_float3_t, not tuple"),
        (lambda c: k4a_calibration_2d_to_3d(c, k4a_float2_t(), "1 m", 0, 1), "source_depth_mm must be float, not str"),
        (lambda c: k4a_calibration_2d_to_3d(c, k4a_float2_t("a", 1), 1.0, 0, 1), "source_point2d must be float"),
        (lambda c: k4a_calibration_3d_to_2d(c, k4a_float3_t(), None, 1), "source_camera must be int, not NoneType"),
        (lambda c: k4a_calibration_color_2d_to_depth_2d(c, k4a_float2_t(), None), "depth_image"),
        (lambda c: k4a_transformation_create(b"x"), "calibration must be k4a_calibration_t, not bytes"),
        (lambda c: k4a_transformation_destroy(c), "transformation_handle.*TransformationHandle"),
    ],
)
def test_wrong_type_raises_and_names_parameter_and_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(k4a_calibration_t())


# ---- transformation: with one camera Microsoft's library needs no display ----


@pytest.fixture
def transformation(provider: Any, raw: bytes) -> TransformationHandle:
    _, calibration = k4a_calibration_get_from_raw(
        raw, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_OFF, provider=provider
    )
    assert calibration is not None
    transformation = k4a_transformation_create(calibration, provider=provider)
    assert transformation is not None
    return transformation


def points_image(provider: Any) -> ImageHandle:
    _, image = k4a_image_create(K4A_IMAGE_FORMAT_CUSTOM, 640, 576, 640 * 6, provider=provider)
    assert image is not None
    np.asarray(image)[...] = 0
    return image


def test_point_cloud_is_in_millimetres(provider: Any, transformation: TransformationHandle) -> None:
    image, xyz = depth_image(provider), points_image(provider)
    assert k4a_transformation_depth_image_to_point_cloud(transformation, image, DEPTH, xyz) == OK
    points = np.asarray(xyz).view(np.int16).reshape(576, 640, 3)
    z = points[..., 2]
    assert set(np.unique(z)) <= {0, 1000} and (z == 1000).mean() > 0.5
    assert points[288, 0, 0] <= 0 < points[288, 600, 0]


def test_released_transformation_and_images_fail(provider: Any, transformation: TransformationHandle) -> None:
    image, xyz = depth_image(provider), points_image(provider)
    released = depth_image(provider)
    released.release()
    for given, target in ((released, xyz), (image, released)):
        assert k4a_transformation_depth_image_to_point_cloud(transformation, given, DEPTH, target) == FAILED
    k4a_transformation_destroy(transformation)
    k4a_transformation_destroy(transformation)
    assert k4a_transformation_destroy(None) is None
    assert transformation.released
    assert k4a_transformation_depth_image_to_point_cloud(transformation, image, DEPTH, xyz) == FAILED
    assert k4a_transformation_depth_image_to_color_camera(transformation, image, image) == FAILED
    assert k4a_transformation_color_image_to_depth_camera(transformation, image, image, image) == FAILED
    nearest = K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST
    assert (
        k4a_transformation_depth_image_to_color_camera_custom(transformation, image, image, image, image, nearest, 0)
        == FAILED
    )


def test_images_that_lie_about_their_size_fail_and_do_not_crash(
    provider: Any, transformation: TransformationHandle
) -> None:
    def lying(format: Any, stride: int) -> ImageHandle:
        _, image = k4a_image_create_from_buffer(format, 640, 576, stride, bytearray(4096), provider=provider)
        assert image is not None
        return image

    image, xyz = depth_image(provider), points_image(provider)
    small = lying(K4A_IMAGE_FORMAT_DEPTH16, 1280)
    cloud = k4a_transformation_depth_image_to_point_cloud
    assert cloud(transformation, small, DEPTH, xyz) == FAILED
    assert cloud(transformation, image, DEPTH, lying(K4A_IMAGE_FORMAT_CUSTOM, 640 * 6)) == FAILED


@pytest.mark.parametrize("offset", [1, 2])
def test_memory_that_is_not_aligned_is_read_by_ours_and_refused_for_others(
    provider: Any, transformation: TransformationHandle, offset: int
) -> None:
    size = 640 * 576 * 2
    memory = np.zeros(3 * size + 64, np.uint8)
    start = -memory.ctypes.data % 16 + offset
    _, odd = k4a_image_create_from_buffer(
        K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 1280, memory[start : start + size], provider=provider
    )
    assert odd is not None
    memory[start : start + size].view(np.uint16)[:] = 1000
    _, even = k4a_image_create_from_buffer(
        K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 1280, np.full((576, 640), 1000, np.uint16), provider=provider
    )
    expected, found = points_image(provider), points_image(provider)
    cloud = k4a_transformation_depth_image_to_point_cloud
    if provider.name == "bundled":
        assert cloud(transformation, even, DEPTH, expected) == OK
        assert cloud(transformation, odd, DEPTH, found) == OK
        assert any(bytes(memoryview(found))) and memoryview(found) == memoryview(expected)
    else:  # it would crash
        assert cloud(transformation, odd, DEPTH, found) == FAILED


def test_images_of_another_provider_are_refused(bundled: Any, microsoft: Any, raw: bytes) -> None:
    _, calibration = k4a_calibration_get_from_raw(raw, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_OFF)
    assert calibration is not None
    transformation = k4a_transformation_create(calibration)
    assert transformation is not None and transformation.provider is bundled
    with pytest.raises(ValueError, match="transformation of provider 'bundled' and image of provider 'microsoft'"):
        k4a_transformation_depth_image_to_point_cloud(
            transformation, depth_image(microsoft), DEPTH, points_image(bundled)
        )


def test_calibration_of_a_recording_is_that_of_its_text(provider: Any, shared_recording: Path, raw: bytes) -> None:
    _, playback = k4a_playback_open(shared_recording, provider=provider)
    assert playback is not None
    result, calibration = k4a_playback_get_calibration(playback)
    assert result == OK
    _, text = k4a_playback_get_raw_calibration(playback)
    assert text is not None and json.loads(text)["CalibrationInformation"]
    assert k4a_calibration_get_from_raw(text, *MODES, provider=provider) == (OK, calibration)
