"""Calibrations, images and scenes that the geometry tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from pyk4a_rp import k4a

DEPTH_SIZES = {1: (288, 320), 2: (576, 640), 3: (512, 512), 4: (1024, 1024), 5: (1024, 1024)}
COLOR_SIZES = {1: (720, 1280), 2: (1080, 1920), 3: (1440, 2560), 4: (1536, 2048), 5: (2160, 3840), 6: (3072, 4096)}
FORMATS = {"depth": 4, "custom8": 6, "custom16": 7, "custom": 8, "bgra": 3}


def examples(count: int) -> settings:
    """Settings of a property: so many examples, the same ones every time, however long they take."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture(scope="session")
def vectors(shared_dir: Path) -> Path:
    """Folder of results measured with Microsoft's library."""
    return shared_dir / "spec" / "vectors"


@pytest.fixture(scope="session")
def raw_calibration(vectors: Path) -> Callable[[str], bytes]:
    """Text of the calibration `real` or `synthetic`, which the vectors were measured with."""
    return lambda name: (vectors / f"calibration_{name}_raw.json").read_bytes()


@pytest.fixture(scope="session")
def calibration_files(shared_dir: Path) -> list[Path]:
    """Calibrations of real units, in every shape they come in."""
    files = sorted(path for path in (shared_dir / "calibrations").iterdir() if path.suffix in (".json", ".bin"))
    assert len(files) == 8
    return files


def image_of(provider: Any, kind: str, array: np.ndarray) -> Any:
    """A C image over the memory of an array; the array is (H, W), (H, W, 3) int16 or (H, W, 4) uint8."""
    height, width = array.shape[:2]
    result, image = k4a.k4a_image_create_from_buffer(
        FORMATS[kind], width, height, array.strides[0], array, provider=provider
    )
    assert result == k4a.K4A_RESULT_SUCCEEDED
    return image


class Geometry:
    """One transformation, called with arrays; outputs are full of rubbish before the call."""

    def __init__(self, provider: Any, raw: bytes, depth_mode: int, color_resolution: int) -> None:
        self.provider = provider
        result, self.calibration = k4a.k4a_calibration_get_from_raw(
            raw, depth_mode, color_resolution, provider=provider
        )
        assert result == k4a.K4A_RESULT_SUCCEEDED
        self.handle = k4a.k4a_transformation_create(self.calibration, provider=provider)
        assert self.handle is not None
        self.depth_shape = DEPTH_SIZES.get(depth_mode)
        self.color_shape = COLOR_SIZES.get(color_resolution)

    def image(self, kind: str, array: np.ndarray) -> Any:
        return image_of(self.provider, kind, array)

    def depth_to_color(self, depth: np.ndarray) -> np.ndarray:
        out = np.full(self.color_shape, 0xAAAA, np.uint16)
        result = k4a.k4a_transformation_depth_image_to_color_camera(
            self.handle, self.image("depth", depth), self.image("depth", out)
        )
        assert result == k4a.K4A_RESULT_SUCCEEDED
        return out

    def custom(self, depth: np.ndarray, custom: np.ndarray, linear: bool, invalid: int) -> tuple[Any, Any]:
        kind = "custom8" if custom.dtype == np.uint8 else "custom16"
        out_depth = np.full(self.color_shape, 0xAAAA, np.uint16)
        out = np.full(self.color_shape, 0x55, custom.dtype)
        result = k4a.k4a_transformation_depth_image_to_color_camera_custom(
            self.handle,
            self.image("depth", depth),
            self.image(kind, custom),
            self.image("depth", out_depth),
            self.image(kind, out),
            int(linear),
            invalid,
        )
        assert result == k4a.K4A_RESULT_SUCCEEDED
        return out_depth, out

    def color_to_depth(self, depth: np.ndarray, color: np.ndarray) -> np.ndarray:
        out = np.full((*self.depth_shape, 4), 0x55, np.uint8)
        result = k4a.k4a_transformation_color_image_to_depth_camera(
            self.handle, self.image("depth", depth), self.image("bgra", color), self.image("bgra", out)
        )
        assert result == k4a.K4A_RESULT_SUCCEEDED
        return out

    def points(self, depth: np.ndarray, camera: int = 0) -> np.ndarray:
        out = np.full((*depth.shape, 3), 0x55, np.int16)
        result = k4a.k4a_transformation_depth_image_to_point_cloud(
            self.handle, self.image("depth", depth), camera, self.image("custom", out)
        )
        assert result == k4a.K4A_RESULT_SUCCEEDED
        return out


@pytest.fixture(scope="session")
def make_geometry(bundled: Any) -> Callable[..., Geometry]:
    """Make a transformation of a provider, the bundled one unless told."""

    def make(raw: bytes, depth_mode: int, color_resolution: int, provider: Any = None) -> Geometry:
        return Geometry(provider or bundled, raw, depth_mode, color_resolution)

    return make


@pytest.fixture(scope="session")
def real_scene(vectors: Path, raw_calibration: Any, make_geometry: Any) -> SimpleNamespace:
    """A real frame (NFOV_UNBINNED), its transformation to 720P and what Microsoft's library makes of it."""
    frame = np.load(vectors / "real_frame.npz")
    return SimpleNamespace(
        depth=np.ascontiguousarray(frame["depth"]),
        ir=np.ascontiguousarray(frame["ir"]),
        geometry=make_geometry(raw_calibration("real"), 2, 1),
        images=np.load(vectors / "transform_real_nfov_unbinned_720p.npz"),
        samples=json.loads((vectors / "transform_real_samples.json").read_text()),
    )


def formula_color(shape: tuple[int, int]) -> np.ndarray:
    """A colour image (H, W, 4) made by a formula that the vectors were measured with."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    channels = [x & 255, y & 255, ((x + y) >> 2) & 255, np.full_like(x, 255)]
    return np.ascontiguousarray(np.stack(channels, -1).astype(np.uint8))


def formula_custom(shape: tuple[int, int], a: int, b: int, dtype: Any) -> np.ndarray:
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.ascontiguousarray((a * x + b * y).astype(dtype))
