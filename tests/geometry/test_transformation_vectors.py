"""Transformations against images that were measured with Microsoft's library."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .conftest import formula_color, formula_custom


def check_depth(found: np.ndarray, expected: np.ndarray) -> None:
    """Within 1 mm on 99.9 % of the pixels, the same pixels covered on 99 %."""
    difference = np.abs(found.astype(int) - expected)
    assert (difference <= 1).mean() >= 0.999
    assert ((found > 0) == (expected > 0)).mean() >= 0.99


def test_depth_to_color_real_frame_is_within_a_millimetre(real_scene: Any):
    found = real_scene.geometry.depth_to_color(real_scene.depth)
    expected = real_scene.images["d2c"]
    check_depth(found, expected)
    # Much closer than what is asked for, and expected to stay so.
    assert (found != expected).sum() < 200
    assert ((found > 0) != (expected > 0)).sum() < 10


@pytest.mark.parametrize(("linear", "name"), [(False, "nearest"), (True, "linear")])
def test_custom8_real_frame_gives_measured_values(real_scene: Any, linear: bool, name: str):
    pattern = formula_custom(real_scene.depth.shape, 3, 5, np.uint8)
    depth, found = real_scene.geometry.custom(real_scene.depth, pattern, linear, 9)
    expected = real_scene.images[f"custom8_{name}_pattern_inv9"]
    assert (depth == real_scene.geometry.depth_to_color(real_scene.depth)).all()
    assert (found != expected).sum() < 200
    if linear:
        assert (np.abs(found.astype(int) - expected) <= 1).mean() >= 0.9999


@pytest.mark.parametrize(("linear", "name"), [(False, "nearest"), (True, "linear")])
def test_custom16_real_frame_gives_measured_samples(real_scene: Any, linear: bool, name: str):
    _, found = real_scene.geometry.custom(real_scene.depth, real_scene.ir, linear, 777)
    x, y, expected = np.array(real_scene.samples[f"custom16_{name}_ir_inv777_samples"]).T
    assert (np.abs(found[y, x].astype(int) - expected) <= 1).mean() >= 0.999


def test_color_to_depth_real_frame_is_within_two(real_scene: Any):
    color = formula_color(real_scene.geometry.color_shape)
    found = real_scene.geometry.color_to_depth(real_scene.depth, color)
    samples = np.array(real_scene.samples["c2d_pattern_samples"])
    x, y = samples[:, 0], samples[:, 1]
    assert np.abs(found[y, x].astype(int) - samples[:, 2:]).max() <= 2


def test_point_cloud_real_frame_is_identical(real_scene: Any):
    found = real_scene.geometry.points(real_scene.depth)
    assert hashlib.sha256(found.tobytes()).hexdigest() == real_scene.samples["pointcloud_depth_sha256"]


def test_point_cloud_of_color_camera_is_identical(real_scene: Any):
    found = real_scene.geometry.points(np.ascontiguousarray(real_scene.images["d2c"]), camera=1)
    assert hashlib.sha256(found.tobytes()).hexdigest() == real_scene.samples["pointcloud_color_of_d2c_sha256"]


@pytest.fixture(scope="module")
def synthetic(vectors: Path, raw_calibration: Any, make_geometry: Any) -> Any:
    return np.load(vectors / "transform_synthetic_nfov2x2_720p.npz"), make_geometry(raw_calibration("synthetic"), 1, 1)


@pytest.mark.parametrize("scene", ["const", "mixed"])
def test_synthetic_scene_gives_measured_images(synthetic: Any, scene: str):
    images, geometry = synthetic
    depth = np.ascontiguousarray(images[f"{scene}_depth"])
    check_depth(geometry.depth_to_color(depth), images[f"{scene}_d2c"])
    custom = formula_custom(depth.shape, 7, 13, np.uint16)
    for linear, name in ((False, "nearest"), (True, "linear")):
        _, found = geometry.custom(depth, custom, linear, 65535)
        expected = images[f"{scene}_custom16_{name}_inv65535"]
        assert (np.abs(found.astype(int) - expected) <= 1).mean() >= 0.9999
    color = geometry.color_to_depth(depth, formula_color(geometry.color_shape))
    expected = images[f"{scene}_c2d"]
    covered = color.any(axis=2) & expected.any(axis=2)
    assert (color.any(axis=2) == expected.any(axis=2)).mean() >= 0.99
    assert np.abs(color[covered].astype(int) - expected[covered]).max() <= 2
    assert (geometry.points(depth) == images[f"{scene}_pointcloud"]).all()
