"""What must be true of geometry with any numbers: hypothesis looks for those with which it is not.

Runs on the simulated camera's calibration, and on those of real units where the shared data is. The same examples every
time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pyk4a_rp import (
    Calibration,
    CameraCalibration,
    ColorResolution,
    DepthMode,
    Device,
    Transformation,
    get_thread_count,
    set_thread_count,
)
from tests.conftest import find_shared

from .conftest import examples
from .scenes import KINDS, color_scene, custom_scene, depth_scene

SENSORS = ("depth", "color", "gyro", "accel")
CAMERAS = st.sampled_from(("depth", "color"))
MODES = [
    (DepthMode.NFOV_2X2BINNED, ColorResolution.RES_720P),
    (DepthMode.NFOV_UNBINNED, ColorResolution.RES_3072P),
    (DepthMode.WFOV_2X2BINNED, ColorResolution.RES_1536P),
    (DepthMode.WFOV_UNBINNED, ColorResolution.RES_2160P),
]
EPSILON = float(np.finfo(np.float32).eps)
# The engine stops looking for a ray when its pixel is nearer than this.
SEARCH_PIXELS = 1e-3


def source_names() -> list[str]:
    folder = find_shared()
    files = sorted((folder / "calibrations").iterdir()) if folder else []
    return ["simulated", *(path.name for path in files if path.suffix in (".json", ".bin"))]


@cache
def raw_of(name: str) -> bytes:
    if name == "simulated":
        with Device.simulated() as device:
            return device.raw_calibration
    folder = find_shared()
    assert folder is not None
    return (folder / "calibrations" / name).read_bytes()


@pytest.fixture(scope="module", params=source_names())
def calibrations(request: pytest.FixtureRequest, bundled: Any) -> list[Calibration]:
    """One unit in several pairs of modes."""
    return [Calibration(raw_of(request.param), *modes, provider=bundled) for modes in MODES]


@pytest.fixture(scope="module", params=MODES[::2], ids=lambda modes: modes[0].name)
def transformation(request: pytest.FixtureRequest, bundled: Any) -> Transformation:
    """Of the simulated camera, whose images are small enough for many calls."""
    modes = (request.param[0], ColorResolution.RES_720P)
    return Transformation(Calibration(raw_of("simulated"), *modes, provider=bundled))


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(np.float32(low).item(), np.float32(high).item(), width=32)


def vectors(*limits: tuple[float, float], count: int = 40) -> st.SearchStrategy[np.ndarray]:
    """Arrays (count, len(limits)) float32, each column between its limits."""
    columns = [hnp.arrays(np.float32, count, elements=floats(*limit)) for limit in limits]
    return st.tuples(*columns).map(lambda found: np.stack(found, -1))


FRACTIONS = vectors((0, 1), (0, 1))
DEPTHS = hnp.arrays(np.float32, 40, elements=floats(100, 10000))
POINTS = vectors((-5000, 5000), (-5000, 5000), (-1000, 10000))


def rounding_pixels(lens: CameraCalibration, points: np.ndarray) -> np.ndarray:
    """How many pixels float32 is worth to the lens model at points.

    Its two polynomials are small differences of large terms, which costs digits near the corners of the image.
    """
    x, y = (points[:, :2].astype(float) / points[:, 2:]).T - np.array(lens.center_of_distortion)[:, None]
    r2 = x * x + y * y
    powers = np.stack([r2**0, r2, r2**2, r2**3])
    k = lens.distortion
    above, below = (np.array([1, *k[chosen]])[:, None] * powers for chosen in ([0, 1, 4], [5, 6, 7]))
    lost = sum(np.abs(terms).sum(axis=0) / np.abs(terms.sum(axis=0)) for terms in (above, below))
    bent = np.sqrt(r2) * np.abs(above.sum(axis=0) / below.sum(axis=0))
    return EPSILON * (2 * max(lens.size) + lens.camera_matrix[0, 0] * bent * lost)


# ---- points ----


@examples(20)
@given(mode=st.integers(0, len(MODES) - 1), camera=CAMERAS, fractions=FRACTIONS, depth=DEPTHS)
def test_project_of_unproject_is_the_pixel(
    calibrations: list[Calibration], mode: int, camera: str, fractions: np.ndarray, depth: np.ndarray
) -> None:
    calibration = calibrations[mode]
    size = np.array(calibration.camera(camera).size)
    pixels = (fractions * (size - 1)).astype(np.float32)
    points = calibration.unproject(pixels, depth, camera)
    seen = ~np.isnan(points[:, 0])
    assert (points[seen, 2] == depth[seen]).all()
    back = calibration.project(points, camera)
    limit = SEARCH_PIXELS + rounding_pixels(calibration.camera(camera), points[seen])
    assert (np.abs(back[seen] - pixels[seen]).max(axis=1, initial=0) <= limit).all()
    assert np.isnan(back[~seen]).all()
    centre = calibration.camera(camera).camera_matrix[:2, 2]
    middle = np.hypot(*(pixels - centre).T) < 0.25 * size.min()
    assert seen[middle].all()


@examples(20)
@given(mode=st.integers(0, len(MODES) - 1), camera=CAMERAS, angle=floats(0, 6.28), depth=floats(1, 10000))
def test_project_ends_at_the_radius_of_the_lens(
    calibrations: list[Calibration], mode: int, camera: str, angle: float, depth: float
) -> None:
    lens = calibrations[mode].camera(camera)
    direction = np.array([np.cos(angle), np.sin(angle)])
    inside, outside = (
        calibrations[mode].project(
            [*(depth * (lens.center_of_distortion + scale * lens.metric_radius * direction)), depth], camera
        )
        for scale in (0.9999, 1.0001)
    )
    assert np.isfinite(inside).all() and np.isnan(outside).all()


def rigid_sensors(calibration: Calibration) -> list[str]:
    """The sensors that are turned and not also squeezed, as the color camera of one template is."""
    rotations = {name: calibration.extrinsics("depth", name)[:3, :3] for name in SENSORS}
    rigid = [name for name, matrix in rotations.items() if np.abs(matrix @ matrix.T - np.eye(3)).max() < 1e-5]
    assert len(rigid) == len(SENSORS) or (calibration.raw or b"").find(b"Rational6KT") > 0
    assert len(rigid) >= 3
    return rigid


@examples(12)
@given(mode=st.integers(0, len(MODES) - 1), points=POINTS)
def test_transform_points_and_back_is_the_point(calibrations: list[Calibration], mode: int, points: np.ndarray) -> None:
    for source, target in itertools.product(rigid_sensors(calibrations[mode]), repeat=2):
        there = calibrations[mode].transform_points(points, source, target)
        matrix = calibrations[mode].extrinsics(source, target)
        limit = 8 * EPSILON * (np.abs(points).max() + np.abs(matrix[:3, 3]).max())
        expected = points.astype(float) @ matrix[:3, :3].T + matrix[:3, 3]
        np.testing.assert_allclose(there, points if source == target else expected, rtol=0, atol=limit)
        back = calibrations[mode].transform_points(there, target, source)
        # The rotations in the files are orthonormal to about seven digits.
        np.testing.assert_allclose(back, points, rtol=0, atol=2 * limit)


def test_extrinsics_compose_and_invert(calibrations: list[Calibration]) -> None:
    for calibration in calibrations:
        for a, b, c in itertools.product(rigid_sensors(calibration), repeat=3):
            direct, detour = (
                calibration.extrinsics(a, c),
                calibration.extrinsics(b, c) @ calibration.extrinsics(a, b),
            )
            np.testing.assert_allclose(detour[:, :3], direct[:, :3], atol=1e-6)
            np.testing.assert_allclose(detour[:, 3], direct[:, 3], atol=1e-4)


@examples(12)
@given(
    mode=st.integers(0, len(MODES) - 1),
    source=CAMERAS,
    target=CAMERAS,
    fractions=vectors((-0.5, 1.5), (-0.5, 1.5)),
    depth=hnp.arrays(np.float32, 40, elements=st.one_of(st.just(0.0), floats(-100, 8000))),
    points=POINTS,
)
def test_arrays_give_what_single_points_give(
    calibrations: list[Calibration],
    mode: int,
    source: str,
    target: str,
    fractions: np.ndarray,
    depth: np.ndarray,
    points: np.ndarray,
) -> None:
    calibration = calibrations[mode]
    pixels = fractions * np.array(calibration.camera(source).size, np.float32)
    calls: list[Callable[[Any], np.ndarray]] = [
        lambda i: calibration.unproject(pixels[i], depth[i], source, target),
        lambda i: calibration.pixel_to_pixel(pixels[i], depth[i], source, target),
        lambda i: calibration.project(points[i], target, source),
        lambda i: calibration.transform_points(points[i], source, target),
    ]
    for call in calls:
        whole = call(np.s_[:])
        for index in (0, 1, 17, 39):
            np.testing.assert_array_equal(call(index), whole[index])
        every_third = call(np.s_[::-3])  # not contiguous
        np.testing.assert_array_equal(every_third, whole[::-3])
        half = np.isnan(whole).any(axis=-1)
        assert np.isnan(whole[half]).all()  # a point is valid or it is not
    empty = depth == 0
    assert np.isnan(calibration.unproject(pixels, depth, source, target)[empty]).all()
    if source != target:
        assert np.isnan(calibration.pixel_to_pixel(pixels, depth, source, target)[empty]).all()


@examples(12)
@given(shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4), data=st.data())
def test_depth_is_broadcast_over_pixels_of_any_shape(
    calibrations: list[Calibration], shape: tuple[int, ...], data: st.DataObject
) -> None:
    calibration = calibrations[0]
    pixels = data.draw(hnp.arrays(np.float32, (*shape, 2), elements=floats(0, 300)))
    ones = data.draw(st.lists(st.booleans(), min_size=len(shape), max_size=len(shape)))
    first = data.draw(st.integers(0, len(shape)))
    smaller = [1 if one else side for one, side in zip(ones, shape, strict=True)][first:]
    depth = data.draw(hnp.arrays(np.float32, tuple(smaller), elements=floats(1, 5000)))
    full = np.broadcast_to(depth, shape)
    for call in (calibration.unproject, lambda p, d, c: calibration.pixel_to_pixel(p, d, c, "color")):
        found = call(pixels, depth, "depth")
        assert found.shape[:-1] == shape and found.dtype == np.float32
        np.testing.assert_array_equal(found, call(pixels, full, "depth"))
        np.testing.assert_array_equal(found, call(pixels.tolist(), depth.astype(float), "depth"))


@examples(30)
@given(
    camera=CAMERAS,
    points=hnp.arrays(np.float32, (8, 3), elements=st.floats(width=32)),
    depth=hnp.arrays(np.float32, 8, elements=st.floats(width=32)),
)
def test_points_of_any_floats_are_answered(
    calibrations: list[Calibration], camera: str, points: np.ndarray, depth: np.ndarray
) -> None:
    calibration = calibrations[0]
    behind = ~(points[:, 2] > 0)
    assert np.isnan(calibration.project(points, camera)[behind]).all()
    unknown = np.isnan(points[:, :2]).any(axis=1)
    assert np.isnan(calibration.project(points, camera)[unknown]).any(axis=1).all()
    assert calibration.unproject(points[:, :2], depth, camera).shape == (8, 3)
    assert calibration.pixel_to_pixel(points[:, :2], depth, camera, "depth").shape == (8, 2)


# ---- a wall that stands straight before the depth camera, in closed form ----


def wall_in_color_camera(calibration: Calibration, depth_mm: float, rays: np.ndarray) -> np.ndarray:
    """Depth at which rays (..., 2) of the color camera meet the plane z = depth_mm of the depth camera."""
    motion = calibration.extrinsics("depth", "color")
    normal = motion[:3, 2]
    distance = depth_mm + normal @ motion[:3, 3]
    return distance / (rays @ normal[:2] + normal[2])


@examples(8)
@given(depth_mm=st.integers(300, 8000))
def test_wall_is_seen_where_and_as_far_as_it_is(transformation: Transformation, depth_mm: int) -> None:
    calibration = transformation.calibration
    width, height = calibration.camera("depth").size
    found = transformation.depth_to_color(np.full((height, width), depth_mm, np.uint16))
    step = np.s_[::3, ::3]
    rays = transformation.rays("color")[step].astype(float)
    expected = wall_in_color_camera(calibration, depth_mm, rays)
    found = found[step]
    covered = found > 0
    # The image holds whole millimetres; what is computed between four rays of the depth camera is nearly exact.
    assert np.abs(found - expected)[covered].max() <= 0.5 + 1e-3 + 1e-6 * depth_mm
    # Where the depth camera's image covers the wall, two pixels from its borders, it is seen; beyond them it is not.
    points = np.concatenate([rays * expected[..., None], expected[..., None]], -1)
    x, y = np.moveaxis(calibration.project(points, "depth", "color"), -1, 0)
    has_ray = ~np.isnan(transformation.rays("depth")[..., 0])
    assert not (covered & ~((x > -1) & (x < width) & (y > -1) & (y < height))).any()
    inside = (x > 2) & (x < width - 3) & (y > 2) & (y < height - 3)
    column, row = (np.where(inside, np.nan_to_num(c), 2).astype(int) for c in (x, y))
    for down, right in itertools.product((-2, 3), repeat=2):
        inside &= has_ray[row + down, column + right]
    assert inside.mean() > 0.3
    assert covered[inside].all()


@examples(8)
@given(depth_mm=st.integers(300, 8000))
def test_wall_has_the_colors_that_are_before_it(transformation: Transformation, depth_mm: int) -> None:
    calibration = transformation.calibration
    width, height = calibration.camera("depth").size
    color_width, color_height = calibration.camera("color").size
    y, x = np.mgrid[:color_height, :color_width]
    ramps = np.stack([x * 255 / color_width, y * 255 / color_height, 0 * x + 7, 0 * x + 255], -1)
    depth = np.full((height, width), depth_mm, np.uint16)
    found = transformation.color_to_depth(depth, ramps.round().astype(np.uint8))
    y, x = np.mgrid[:height, :width]
    u, v = np.moveaxis(calibration.pixel_to_pixel(np.stack([x, y], -1), depth_mm, "depth", "color"), -1, 0)
    seen = (u >= 0) & (v >= 0) & (u < color_width - 1) & (v < color_height - 1)
    assert seen.mean() > 0.2
    near_border = sum(abs(c - end) < 0.01 for c, end in ((u, 0), (v, 0), (u, color_width - 1), (v, color_height - 1)))
    np.testing.assert_array_equal(found.any(axis=2)[near_border == 0], seen[near_border == 0])
    seen = seen & found.any(axis=2)
    # A ramp is rounded twice: in the image, and between its pixels.
    assert np.abs(found[seen][:, 0] - u[seen] * 255 / color_width).max() <= 1.01
    assert np.abs(found[seen][:, 1] - v[seen] * 255 / color_height).max() <= 1.01
    assert (found[seen][:, 2:] == [7, 255]).all()


@examples(8)
@given(depth_mm=st.integers(1, 20000), camera=CAMERAS)
def test_wall_of_points_is_flat_and_as_wide_as_its_rays(
    transformation: Transformation, depth_mm: int, camera: str
) -> None:
    rays = transformation.rays(camera).astype(float)
    depth = np.full(rays.shape[:2], depth_mm, np.uint16)
    there = ~np.isnan(rays[..., 0])
    points = transformation.depth_to_point_cloud(depth, camera)
    assert not points[~there].any() and (points[there][:, 2] == depth_mm).all()
    expected = (rays * depth_mm)[there].clip(-32768, 32767)
    assert np.abs(points[there][:, :2] - expected).max() <= 0.5 + 1e-3
    metres = transformation.depth_to_points(depth, camera)
    assert np.isnan(metres[~there]).all()
    np.testing.assert_allclose(metres[there][:, :2], (rays * depth_mm)[there] / 1000, rtol=4 * EPSILON, atol=1e-9)
    np.testing.assert_allclose(metres[there][:, 2], depth_mm / 1000, rtol=2 * EPSILON)


# ---- the same result however it is asked for ----


@pytest.fixture
def thread_count() -> Iterator[Callable[[int], None]]:
    """Sets how many threads work on one call; afterwards it is the default again."""
    before = get_thread_count()
    yield set_thread_count
    set_thread_count(0)
    assert get_thread_count() == before


def test_thread_count_that_is_none_is_refused_and_changes_nothing(thread_count: Callable[[int], None]) -> None:
    thread_count(2)
    for count in (-1, 1 << 32, 10**12):
        with pytest.raises(ValueError, match=f"the number of threads cannot be {count}"):
            thread_count(count)
    for other in ("2", 2.0, None):
        with pytest.raises(TypeError, match=f"is a whole number, not a {type(other).__name__}"):
            thread_count(other)  # type: ignore[arg-type]
    thread_count(np.uint8(2))
    assert get_thread_count() == 2


def images_of(transformation: Transformation, kind: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Depth, custom and color image of a scene."""
    width, height = transformation.calibration.camera("depth").size
    depth = depth_scene(kind, (height, width), seed)
    width, height = transformation.calibration.camera("color").size
    return depth, custom_scene(depth.shape, seed), color_scene((height, width))


def calls_of(transformation: Transformation, custom: np.ndarray, color: np.ndarray) -> dict[str, Callable[..., Any]]:
    """Everything that takes a depth image, and `out`."""

    def custom_only(how: str, values: np.ndarray) -> Callable[..., Any]:
        def call(depth: np.ndarray, out: Any = None, values: np.ndarray = values) -> Any:
            room = None if out is None else (np.empty(out.shape, np.uint16), out)
            return transformation.depth_to_color_custom(depth, values, interpolation=how, invalid_value=3, out=room)[1]

        return call

    return {
        "depth": transformation.depth_to_color,
        "linear": custom_only("linear", custom),
        "nearest": custom_only("nearest", (custom >> 4).astype(np.uint8)),
        "color": lambda depth, out=None: transformation.color_to_depth(depth, color, out=out),
        "points": lambda depth, out=None: transformation.depth_to_point_cloud(depth, out=out),
    }


SCENES = {"kind": st.sampled_from(KINDS), "seed": st.integers(0, 2**31)}


@examples(4)
@given(**SCENES)
def test_results_are_the_same_on_any_number_of_threads(
    transformation: Transformation, thread_count: Callable[[int], None], kind: str, seed: int
) -> None:
    depth, custom, color = images_of(transformation, kind, seed)
    pixels = np.random.default_rng(seed).uniform(0, 500, (5000, 2)).astype(np.float32)
    calls = calls_of(transformation, custom, color)
    calls["unproject"] = lambda _: transformation.calibration.unproject(pixels, 900, "depth", "color")
    calls["project"] = lambda _: transformation.calibration.project(np.pad(pixels, ((0, 0), (0, 1))) + 5, "color")
    thread_count(1)
    expected = {name: call(depth) for name, call in calls.items()}
    assert (expected["depth"] > 0).mean() > 0.1
    for count in (2, 3, 8):
        thread_count(count)
        assert get_thread_count() == count
        for name, call in calls.items():
            np.testing.assert_array_equal(call(depth), expected[name], err_msg=f"{name} on {count} threads")


def laid_out(array: np.ndarray, layout: str) -> np.ndarray:
    """The same pixels, stored in another way."""
    height, width = array.shape[:2]
    rest = array.shape[2:]
    if layout == "padded":
        room = np.full((height + 2, width + 13, *rest), 0xA5, array.dtype)[1:-1, 5 : 5 + width]
    elif layout == "upside down":
        room = np.full(array.shape, 0xA5, array.dtype)[::-1]
    elif layout == "columns":
        room = np.asfortranarray(np.full(array.shape, 0xA5, array.dtype))
    elif layout == "odd":
        memory = np.full(array.nbytes + 1, 0xA5, np.uint8)[1:]
        room = memory.view(array.dtype).reshape(array.shape)
    else:
        room = np.full((height, 2 * width, *rest), 0xA5, array.dtype)[:, ::2]
    room[:] = array
    return room


LAYOUTS = st.sampled_from(["padded", "upside down", "columns", "odd", "every other"])


@examples(6)
@given(**SCENES, layout=LAYOUTS, out_layout=LAYOUTS)
def test_results_are_the_same_in_any_layout_of_memory(
    transformation: Transformation, kind: str, seed: int, layout: str, out_layout: str
) -> None:
    depth, custom, color = images_of(transformation, kind, seed)
    plain = calls_of(transformation, custom, color)
    strange = calls_of(transformation, laid_out(custom, layout), laid_out(color, layout))
    before = depth.copy()
    for name, call in plain.items():
        expected = call(depth)
        out = laid_out(np.full_like(expected, 0x5A), out_layout)
        assert strange[name](laid_out(depth, layout), out=out) is out
        np.testing.assert_array_equal(out, expected, err_msg=name)
    np.testing.assert_array_equal(depth, before)
