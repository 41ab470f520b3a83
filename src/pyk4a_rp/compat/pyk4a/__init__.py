"""The public surface of pyk4a 1.5, on our classes: ``import pyk4a_rp.compat.pyk4a as pyk4a``.

Names, signatures, units, return types and exceptions are those of pyk4a. What is better: recordings and transforms need
no SDK and no display, the GIL is free while anything is waited for or computed, transforms take every color format.
What was a defect there is not copied: a failure raises instead of returning None, arrays are checked. ``thread_safe``
is accepted and has nothing to do. ``docs/migration.md`` lists the differences.

Every class here gives what it stands on, so that a program can move over bit by bit: `PyK4A.device`,
`PyK4APlayback.playback`, `PyK4ARecord.recorder`, `PyK4ACapture.capture`, `Calibration.calibration`.
"""

from __future__ import annotations

from . import results as results
from .calibration import Calibration, CalibrationType
from .capture import PyK4ACapture
from .config import (
    FPS,
    ColorControlCommand,
    ColorControlMode,
    ColorResolution,
    Config,
    DepthMode,
    ImageFormat,
    WiredSyncMode,
)
from .errors import K4AException, K4ATimeoutException
from .playback import PyK4APlayback, SeekOrigin
from .pyk4a import ColorControlCapabilities, ImuSample, PyK4A, connected_device_count
from .record import PyK4ARecord
from .transformation import (
    color_image_to_depth_camera,
    depth_image_to_color_camera,
    depth_image_to_color_camera_custom,
    depth_image_to_point_cloud,
)

__all__ = [
    "FPS",
    "Calibration",
    "CalibrationType",
    "ColorControlCapabilities",
    "ColorControlCommand",
    "ColorControlMode",
    "ColorResolution",
    "Config",
    "DepthMode",
    "ImageFormat",
    "ImuSample",
    "K4AException",
    "K4ATimeoutException",
    "PyK4A",
    "PyK4ACapture",
    "PyK4APlayback",
    "PyK4ARecord",
    "SeekOrigin",
    "WiredSyncMode",
    "color_image_to_depth_camera",
    "connected_device_count",
    "depth_image_to_color_camera",
    "depth_image_to_color_camera_custom",
    "depth_image_to_point_cloud",
]
