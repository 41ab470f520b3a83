"""Depth scenes by number: the same number gives the same scene everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

KINDS = ("plane", "slanted", "steps", "holes", "noise", "near", "far")


def depth_scene(kind: str, shape: tuple[int, int], seed: int) -> np.ndarray:
    """A depth image (H, W) uint16 in millimetres.

    "noise" is a wall with the noise of a real camera: pixels that jump more are cut out of the mesh by comparing two
    floats, which decides differently in another implementation.
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]] * (576 / shape[0])
    base = rng.uniform(700, 3500)
    ramp = base + rng.uniform(-0.5, 1.5) * x + rng.uniform(-0.5, 1.5) * y
    if kind == "plane":
        depth = np.full(shape, base)
    elif kind == "slanted":
        depth = ramp
    elif kind == "steps":
        depth = base + (x // 90 % 3 + y // 70 % 4) * 200
    elif kind == "holes":
        depth = np.where(rng.random(shape) < 0.1, 0, ramp)
    elif kind == "noise":
        depth = ramp + rng.normal(0, 1.5, shape)
    elif kind == "near":
        depth = 250 + 0.1 * x + 0.05 * y
    else:
        depth = 7000 + 2.0 * x
    return np.ascontiguousarray(depth.clip(0, 15000).astype(np.uint16))


def custom_scene(shape: tuple[int, int], seed: int) -> np.ndarray:
    """Smooth values (H, W) uint16, as of an IR image."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.ascontiguousarray((2000 + 900 * np.sin(x / 25 + seed) + 900 * np.cos(y / 19)).astype(np.uint16))


def color_scene(shape: tuple[int, int]) -> np.ndarray:
    """A smooth colour image (H, W, 4) uint8."""
    y, x = np.mgrid[: shape[0], : shape[1]] / shape[0]
    channels = [127 + 120 * np.sin(9 * x), 127 + 120 * np.cos(7 * y), 127 + 120 * np.sin(5 * (x + y)), 255 + 0 * x]
    return np.ascontiguousarray(np.stack(channels, -1).astype(np.uint8))


def transform_all(transformation: Any, kind: str, seed: int) -> dict[str, np.ndarray]:
    """Every transformation of one scene; custom values by turns linear and nearest, since the other engine is slow."""
    calibration = transformation.calibration
    width, height = calibration.depth.size
    depth = depth_scene(kind, (height, width), seed)
    custom = custom_scene((height, width), seed)
    results = {"points": transformation.depth_to_point_cloud(depth)}
    name = ("linear", "nearest")[seed % 2]
    results["depth"], results[name] = transformation.depth_to_color_custom(
        depth, custom, interpolation=name, invalid_value=0
    )
    width, height = calibration.color.size
    results["color"] = transformation.color_to_depth(depth, color_scene((height, width)))
    return results
