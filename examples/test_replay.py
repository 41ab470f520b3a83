"""Tests of your own camera code that run in CI, where no camera is: a recording plays as if it were live.

Run `pytest test_replay.py` for a simulated room, `CAMERA=session.mkv pytest test_replay.py` for a recording that your
repository keeps, `CAMERA=live pytest test_replay.py` for the camera on your desk.
"""

import os
from collections.abc import Iterator

import numpy as np
import pytest

import pyk4a_rp as k

CAMERA = os.environ.get("CAMERA", "scene")
MODES = k.DeviceConfiguration(color_format=k.ImageFormat.COLOR_NV12, color_resolution=k.ColorResolution.RES_720P)


def nearest(device: k.Device) -> Iterator[int | None]:
    """Stands for your code, which would be imported: the smallest distance in each frame, None without data."""
    for capture in device.captures(timeout=10):
        depth = None if capture.depth is None else capture.depth.array
        yield None if depth is None or not depth.any() else int(depth[depth > 0].min())


@pytest.fixture
def camera() -> Iterator[k.Device]:
    if CAMERA == "live":
        device = k.Device.open(configuration=MODES)
    else:  # on_demand: every frame arrives, at once; the test does not depend on the speed of the machine
        device = k.Device.simulated(CAMERA, configuration=MODES if CAMERA == "scene" else None, on_demand=True)
    with device:
        yield device


def test_nearest_thing_is_in_the_range_of_the_camera(camera):
    found = [distance for distance, _ in zip(nearest(camera), range(10), strict=False)]
    assert found
    assert all(distance is not None and 200 < distance < 6000 for distance in found)


def test_captures_know_the_calibration(camera):
    points = camera.get_capture(timeout=10).point_cloud
    width, height = camera.calibration.depth.size
    assert points.shape == (height, width, 3)
    assert np.median(points[points[..., 2] > 0][:, 2]) < 6000


def test_lost_depth_images_are_survived():
    with k.Device.simulated(configuration=MODES, on_demand=True, lose_depth_every=3) as device:
        assert sum(distance is None for distance, _ in zip(nearest(device), range(30), strict=False)) == 10


def test_pulled_cable_is_an_error_that_can_be_caught():
    with k.Device.simulated(configuration=MODES) as device, pytest.raises(k.DeviceLostError):
        next(nearest(device))
        device.unplug()
        next(nearest(device))
