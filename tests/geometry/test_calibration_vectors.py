"""Calibration against results that were measured with Microsoft's library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import k4a
from pyk4a_rp.structs import k4a_float2_t, k4a_float3_t

UNIT_NAMES = ("real", "synthetic")
UNTOUCHED = -9999.0


def camera_facts(camera: Any) -> dict[str, Any]:
    return {
        "width": camera.resolution_width,
        "height": camera.resolution_height,
        "metric_radius": camera.metric_radius,
        "type": int(camera.intrinsics.type),
        "parameter_count": camera.intrinsics.parameter_count,
        "params": list(camera.intrinsics.parameters.v)[:14],
        "rotation": list(camera.extrinsics.rotation),
        "translation_mm": list(camera.extrinsics.translation),
    }


@pytest.mark.parametrize("unit", UNIT_NAMES)
def test_get_from_raw_every_mode_gives_measured_cameras(provider: Any, vectors: Path, raw_calibration: Any, unit: str):
    expected = json.loads((vectors / f"calibration_{unit}_modes.json").read_text())
    raw = raw_calibration(unit)
    for mode, facts in expected["depth"].items():
        result, calibration = k4a.k4a_calibration_get_from_raw(raw, int(mode), 1, provider=provider)
        assert result == k4a.K4A_RESULT_SUCCEEDED
        assert camera_facts(calibration.depth_camera_calibration) == facts
    for resolution, facts in expected["color"].items():
        result, calibration = k4a.k4a_calibration_get_from_raw(raw, 2, int(resolution), provider=provider)
        assert result == k4a.K4A_RESULT_SUCCEEDED
        assert camera_facts(calibration.color_camera_calibration) == facts


@pytest.mark.parametrize("unit", UNIT_NAMES)
def test_get_from_raw_gives_measured_extrinsics(provider: Any, vectors: Path, raw_calibration: Any, unit: str):
    expected = json.loads((vectors / f"calibration_{unit}_modes.json").read_text())["extrinsics_source_target"]
    _, calibration = k4a.k4a_calibration_get_from_raw(raw_calibration(unit), 2, 1, provider=provider)
    for source in range(4):
        for target in range(4):
            found = calibration.extrinsics[source][target]
            np.testing.assert_allclose(found.rotation, expected[source][target]["rotation"], atol=2e-7)
            np.testing.assert_allclose(found.translation, expected[source][target]["translation_mm"], atol=1e-5)


@pytest.fixture(params=UNIT_NAMES)
def point_cases(request: pytest.FixtureRequest, provider: Any, vectors: Path, raw_calibration: Any) -> Any:
    """Pairs of a calibration and the measured points of its modes."""
    cases = json.loads((vectors / f"calibration_{request.param}_points.json").read_text())["cases"]
    assert len(cases) == 6
    pairs = []
    for case in cases:
        modes = case["depth_mode"], case["color_resolution"]
        result, calibration = k4a.k4a_calibration_get_from_raw(
            raw_calibration(request.param), *modes, provider=provider
        )
        assert result == k4a.K4A_RESULT_SUCCEEDED
        pairs.append((calibration, case))
    return pairs


def test_2d_to_3d_measured_pixels_give_measured_points(provider: Any, point_cases: Any):
    count = 0
    for calibration, case in point_cases:
        for pixel, depth, source, target, expected_result, expected_valid, expected in case["p2d_to_3d"]:
            result, point, valid = k4a.k4a_calibration_2d_to_3d(
                calibration, k4a_float2_t(*pixel), depth, source, target, provider=provider
            )
            assert (int(result), int(valid)) == (expected_result, expected_valid), (pixel, depth, source, target)
            if valid:
                limit = 2e-6 * max(1.0, float(np.linalg.norm(expected)))
                np.testing.assert_allclose(list(point), expected, rtol=0, atol=limit)
            count += 1
    assert count == 600


def test_3d_to_2d_measured_points_give_measured_pixels(provider: Any, point_cases: Any):
    count = 0
    for calibration, case in point_cases:
        for point, source, target, expected_result, expected_valid, expected in case["p3d_to_2d"]:
            result, pixel, valid = k4a.k4a_calibration_3d_to_2d(
                calibration, k4a_float3_t(*point), source, target, provider=provider
            )
            assert (int(result), int(valid)) == (expected_result, expected_valid), (point, source, target)
            if valid:
                np.testing.assert_allclose(list(pixel), expected, rtol=0, atol=0.002)
            count += 1
    assert count == 552


def test_2d_to_2d_measured_pixels_give_measured_pixels(provider: Any, point_cases: Any):
    count = 0
    for calibration, case in point_cases:
        for pixel, depth, source, target, expected_result, expected_valid, expected in case["p2d_to_2d"]:
            result, found, valid = k4a.k4a_calibration_2d_to_2d(
                calibration, k4a_float2_t(*pixel), depth, source, target, provider=provider
            )
            assert (int(result), int(valid)) == (expected_result, expected_valid), (pixel, depth, source, target)
            if valid:
                np.testing.assert_allclose(list(found), expected, rtol=0, atol=0.002)
            count += 1
    assert count == 288


def test_3d_to_3d_measured_points_give_measured_points(provider: Any, point_cases: Any):
    for calibration, case in point_cases:
        for point, source, target, expected_result, expected in case["p3d_to_3d"]:
            result, found = k4a.k4a_calibration_3d_to_3d(
                calibration, k4a_float3_t(*point), source, target, provider=provider
            )
            assert int(result) == expected_result
            np.testing.assert_allclose(list(found), expected, rtol=0, atol=1e-6 * max(1, np.linalg.norm(expected)))


def test_color_2d_to_depth_2d_measured_pixels_give_measured_pixels(bundled: Any, vectors: Path, real_scene: Any):
    cases = json.loads((vectors / "color2d_to_depth2d_real.json").read_text())["results"]
    assert len(cases) == 144
    geometry = real_scene.geometry
    image = geometry.image("depth", real_scene.depth)
    for pixel, expected_result, expected_valid, expected in cases:
        result, found, valid = k4a.k4a_calibration_color_2d_to_depth_2d(
            geometry.calibration, k4a_float2_t(*pixel), image, provider=bundled
        )
        assert (int(result), int(valid)) == (expected_result, expected_valid), pixel
        if expected[0] != UNTOUCHED:
            np.testing.assert_allclose(list(found), expected, rtol=0, atol=0.01)
