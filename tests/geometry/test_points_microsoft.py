"""Random points through Microsoft's library and through ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyk4a_rp import Calibration, ColorResolution, DepthMode, k4a
from pyk4a_rp.structs import k4a_float2_t

MODES = [(1, 1), (2, 6), (3, 4), (4, 2), (2, 5), (5, 3)]


def pairs_of(files: list[Path], bundled: Any, microsoft: Any) -> Any:
    for number, path in enumerate(files):
        for depth_mode, resolution in MODES[number % 2 :: 2]:
            modes = DepthMode(depth_mode), ColorResolution(resolution)
            yield tuple(Calibration.from_file(path, *modes, provider=provider) for provider in (bundled, microsoft))


def compare_points(files: list[Path], bundled: Any, microsoft: Any, total: int) -> None:
    """`total` queries of each function, spread over calibrations, modes and cameras, far outside the images too."""
    rng = np.random.default_rng(11)
    count = total // (len(files) * len(MODES) // 2 * 4) + 1
    flips = queries = 0
    for ours, theirs in pairs_of(files, bundled, microsoft):
        for source in ("depth", "color"):
            for target in ("depth", "color"):
                size = np.array(ours.camera(source).size)
                pixels = (rng.uniform(-0.3, 1.3, (count, 2)) * size).astype(np.float32)
                depths = rng.uniform(1, 10000, count).astype(np.float32)
                points = rng.uniform([-3000, -3000, -200], [3000, 3000, 5000], (count, 3)).astype(np.float32)
                a, b = (c.unproject(pixels, depths, source, target) for c in (ours, theirs))
                limit = 2e-6 * np.maximum(1, np.linalg.norm(b, axis=1, keepdims=True))
                both = ~(np.isnan(a) | np.isnan(b))
                assert (np.abs(a - b) <= limit)[both].all()
                flips += (np.isnan(a) != np.isnan(b)).any(axis=1).sum()
                # A ray that differs in its last bit is worth a few thousandths of a pixel in the largest images.
                for limit, one, other in (
                    (0.005, *(c.pixel_to_pixel(pixels, depths, source, target) for c in (ours, theirs))),
                    (0.002, *(c.project(points, target, source) for c in (ours, theirs))),
                ):
                    both = ~(np.isnan(one) | np.isnan(other))
                    assert (np.abs(one - other)[both] <= limit).all()
                    flips += (np.isnan(one) != np.isnan(other)).any(axis=1).sum()
                a, b = (c.transform_points(points, source, target) for c in (ours, theirs))
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-3)
                queries += 4 * count
    print(f"{queries} queries, {flips} differ in validity")
    assert queries >= 4 * total
    assert flips <= queries * 0.002


def test_random_points_agree(bundled: Any, microsoft: Any, calibration_files: list[Path]):
    compare_points(calibration_files, bundled, microsoft, 3000)


@pytest.mark.slow
def test_hundred_thousand_random_points_agree(bundled: Any, microsoft: Any, calibration_files: list[Path]):
    compare_points(calibration_files, bundled, microsoft, 100_000)


def compare_searches(real_scene: Any, raw: bytes, bundled: Any, microsoft: Any, count: int) -> None:
    rng = np.random.default_rng(12)
    modes = DepthMode.NFOV_UNBINNED, ColorResolution.RES_720P
    answers = []
    pixels = rng.uniform(0, [1280, 720], (count, 2))
    for provider in (bundled, microsoft):
        native = Calibration(raw, *modes, provider=provider).native
        _, image = k4a.k4a_image_create_from_buffer(4, 640, 576, 1280, real_scene.depth, provider=provider)
        found = np.full((count, 2), np.nan)
        for i, pixel in enumerate(pixels):
            _, answer, valid = k4a.k4a_calibration_color_2d_to_depth_2d(
                native, k4a_float2_t(*pixel), image, provider=provider
            )
            if valid:
                found[i] = list(answer)
        answers.append(found)
    ours, theirs = answers
    both = ~(np.isnan(ours) | np.isnan(theirs)).any(axis=1)
    assert both.mean() > 0.5
    flips = (np.isnan(ours) != np.isnan(theirs)).any(axis=1).mean()
    same = (np.abs(ours - theirs)[both].max(axis=1) <= 0.01).mean()
    print(f"{count} searches, {flips:.4%} differ in validity, {same:.4%} of the others are within 0.01 px")
    assert flips <= 0.002
    assert same >= 0.99


def test_random_color_to_depth_searches_agree(bundled: Any, microsoft: Any, real_scene: Any, raw_calibration: Any):
    compare_searches(real_scene, raw_calibration("real"), bundled, microsoft, 1000)


@pytest.mark.slow
def test_ten_thousand_color_to_depth_searches_agree(
    bundled: Any, microsoft: Any, real_scene: Any, raw_calibration: Any
):
    compare_searches(real_scene, raw_calibration("real"), bundled, microsoft, 10_000)
