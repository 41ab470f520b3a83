"""pyk4a's calibration: single points in millimetres, extrinsic translations in metres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ... import calibration as ours
from ... import k4a as _k
from ...enums import CalibrationType, ColorResolution, DepthMode, Result
from ...errors import fail
from ...structs import k4a_float2_t, k4a_float3_t
from ...transformation import Transformation
from .errors import translated

__all__ = ["Calibration", "CalibrationType"]

Point2 = tuple[float, float]
Point3 = tuple[float, float, float]


class Calibration:
    """The calibration of a device in one pair of modes.

    Parameters
    ----------
    handle
        Our calibration.
    depth_mode, color_resolution
        The modes it is for.
    thread_safe
        Accepted for programs that pass it.

    Attributes
    ----------
    calibration : pyk4a_rp.Calibration
        What it stands on: arrays of points, rays, OpenCV's and ROS's arguments, JSON.
    """

    def __init__(
        self,
        handle: ours.Calibration,
        depth_mode: DepthMode,
        color_resolution: ColorResolution,
        thread_safe: bool = True,
    ) -> None:
        self.calibration = handle
        self.thread_safe = thread_safe
        self._depth_mode = depth_mode
        self._color_resolution = color_resolution

    @classmethod
    def from_raw(
        cls, value: str | bytes, depth_mode: DepthMode, color_resolution: ColorResolution, thread_safe: bool = True
    ) -> Self:
        """Read the text of a calibration.json. Stands on ``k4a_calibration_get_from_raw``.

        Parameters
        ----------
        value
            The text.
        depth_mode, color_resolution
            The modes.
        thread_safe
            Accepted for programs that pass it.

        Raises
        ------
        K4AException
            It is no calibration; the message says what is wrong.
        """
        with translated():
            return cls(ours.Calibration(value, depth_mode, color_resolution), depth_mode, color_resolution, thread_safe)

    @property
    def depth_mode(self) -> DepthMode:
        """Mode of the depth camera."""
        return self._depth_mode

    @property
    def color_resolution(self) -> ColorResolution:
        """Mode of the color camera."""
        return self._color_resolution

    @property
    def transformation(self) -> Transformation:
        """What transforms the images of this calibration; made once."""
        with translated():
            return self.calibration._transformation

    @property
    def transformation_handle(self) -> _k.TransformationHandle:
        """The handle of `transformation`, for the functions of `pyk4a_rp.k4a`."""
        return self.transformation.handle

    # ---- points ----

    def _name(self, camera: CalibrationType) -> str:
        return f"{CalibrationType(camera).name} of {self.calibration!r}"

    def convert_3d_to_2d(
        self, coordinates: Sequence[float], source_camera: CalibrationType, target_camera: CalibrationType | None = None
    ) -> Point2:
        """Find the pixel that sees a point. Stands on ``k4a_calibration_3d_to_2d``.

        Parameters
        ----------
        coordinates
            x, y, z in millimetres.
        source_camera
            In whose coordinates.
        target_camera
            Whose pixel; None for `source_camera`.

        Returns
        -------
        tuple of float
            x, y in pixels.

        Raises
        ------
        ValueError
            No pixel sees it, or `coordinates` are not three numbers.
        K4AException
            A camera is off, or none.
        """
        target = source_camera if target_camera is None else target_camera
        point = k4a_float3_t(*_numbers(coordinates, "xyz"))
        native, provider = self.calibration.native, self.calibration.provider
        result, pixel, valid = _k.k4a_calibration_3d_to_2d(native, point, source_camera, target, provider=provider)
        self._check(result, "k4a_calibration_3d_to_2d", source_camera, target)
        if not valid or pixel is None:
            raise ValueError(f"no pixel of {self._name(target)} sees {tuple(coordinates)}")
        return pixel.x, pixel.y

    def convert_2d_to_3d(
        self,
        coordinates: Sequence[float],
        depth: float,
        source_camera: CalibrationType,
        target_camera: CalibrationType | None = None,
    ) -> Point3:
        """Find the point that a pixel sees. Stands on ``k4a_calibration_2d_to_3d``.

        Parameters
        ----------
        coordinates
            x, y in pixels.
        depth
            Its depth in millimetres.
        source_camera
            Whose pixel.
        target_camera
            In whose coordinates the point shall be; None for those of `source_camera`.

        Returns
        -------
        tuple of float
            x, y, z in millimetres.

        Raises
        ------
        ValueError
            The pixel sees nothing: it lies outside the lens model, or its depth is 0. Or `coordinates` are not two
            numbers.
        K4AException
            A camera is off, or none.
        """
        target = source_camera if target_camera is None else target_camera
        pixel = k4a_float2_t(*_numbers(coordinates, "xy"))
        native, provider = self.calibration.native, self.calibration.provider
        result, point, valid = _k.k4a_calibration_2d_to_3d(
            native, pixel, float(depth), source_camera, target, provider=provider
        )
        self._check(result, "k4a_calibration_2d_to_3d", source_camera, target)
        if not valid or point is None:
            raise ValueError(f"pixel {tuple(coordinates)} of {self._name(source_camera)} sees nothing at {depth} mm")
        return point.x, point.y, point.z

    def depth_to_color_3d(self, point_3d: Sequence[float]) -> Point3:
        """Bring a point (x, y, z in mm) to the coordinates of the color camera. ``k4a_calibration_3d_to_3d``."""
        return self._convert_3d_to_3d(point_3d, CalibrationType.DEPTH, CalibrationType.COLOR)

    def color_to_depth_3d(self, point_3d: Sequence[float]) -> Point3:
        """Bring a point (x, y, z in mm) to the coordinates of the depth camera. ``k4a_calibration_3d_to_3d``."""
        return self._convert_3d_to_3d(point_3d, CalibrationType.COLOR, CalibrationType.DEPTH)

    def _convert_3d_to_3d(
        self, source_point_3d: Sequence[float], source_camera: CalibrationType, target_camera: CalibrationType
    ) -> Point3:
        result, point = _k.k4a_calibration_3d_to_3d(
            self.calibration.native,
            k4a_float3_t(*_numbers(source_point_3d, "xyz")),
            source_camera,
            target_camera,
            provider=self.calibration.provider,
        )
        self._check(result, "k4a_calibration_3d_to_3d", source_camera, target_camera)
        assert point is not None
        return point.x, point.y, point.z

    def _check(self, result: Result, call: str, source: CalibrationType, target: CalibrationType) -> None:
        if result == Result.SUCCEEDED:
            return  # before any text is made: this is called for single points
        names = f"{CalibrationType(source).name} to {CalibrationType(target).name}"
        with translated():
            fail(f"{self.calibration!r} does not lead from {names}", call, provider=self.calibration.provider,
                 code=int(result))  # fmt: skip

    # ---- what it says ----

    def _camera(self, camera: CalibrationType) -> ours.CameraCalibration:
        return self.calibration.camera(camera)

    def get_camera_matrix(self, camera: CalibrationType) -> npt.NDArray[np.float64]:
        """Return the camera matrix of OpenCV: (3, 3) float64, pixels. ValueError when the camera is off, or none.

        Parameters
        ----------
        camera
            DEPTH or COLOR.
        """
        return self._camera(camera).camera_matrix.copy()

    def get_distortion_coefficients(self, camera: CalibrationType) -> npt.NDArray[np.float64]:
        """Return k1, k2, p1, p2, k3, k4, k5, k6: (8,) float64. ValueError when the camera is off, or none.

        Parameters
        ----------
        camera
            DEPTH or COLOR.
        """
        return self._camera(camera).distortion.copy()

    def get_extrinsic_parameters(
        self, source_camera: CalibrationType, target_camera: CalibrationType
    ) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the motion from the coordinates of one sensor to those of another.

        Parameters
        ----------
        source_camera, target_camera
            The sensors.

        Returns
        -------
        rotation : numpy.ndarray
            (3, 3) float64.
        translation : numpy.ndarray
            (1, 3) float64, in metres.
        """
        with translated():
            matrix = self.calibration.extrinsics(source_camera, target_camera)
        return matrix[:3, :3].copy(), matrix[:3, 3].reshape(1, 3) / 1000


def _numbers(coordinates: Sequence[float], axes: str) -> tuple[float, ...]:
    found = tuple(coordinates)
    if len(found) != len(axes):
        raise ValueError(f"coordinates are {len(axes)} numbers, {', '.join(axes)}, and not {len(found)}: {found}")
    return found
