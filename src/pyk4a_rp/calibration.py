"""Calibrations: where the sensors of a device are, and what their lenses do."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from . import _points
from . import k4a as _k
from ._provider import Provider, default_provider, load_provider
from .enums import CalibrationModelType, CalibrationType, ColorResolution, DepthMode, ImageFormat
from .errors import RecordingError, fail
from .image import Image
from .structs import k4a_calibration_camera_t, k4a_calibration_t, k4a_float2_t, k4a_float3_t

if TYPE_CHECKING:
    from .playback import Playback
    from .transformation import Transformation

__all__ = ["Calibration", "CameraCalibration", "Sensor"]

Sensor = CalibrationType | str
Floats = npt.NDArray[np.float32]

_LENS_MODELS = (CalibrationModelType.BROWN_CONRADY, CalibrationModelType.RATIONAL_6KT)


def sensor_of(sensor: Sensor) -> CalibrationType:
    """Return the member that a name like "depth" or a member means."""
    if isinstance(sensor, str):
        try:
            return CalibrationType[sensor.upper()]
        except KeyError:
            raise ValueError(f"there is no sensor {sensor!r}; there are 'depth', 'color', 'gyro' and 'accel'") from None
    return CalibrationType(sensor)


@dataclass(frozen=True, eq=False)
class CameraCalibration:
    """The intrinsics of one camera in one mode.

    Attributes
    ----------
    size : tuple of int
        Width and height of the images, pixels.
    camera_matrix : numpy.ndarray
        (3, 3) float64, pixels; the centre of the first pixel is (0, 0), as in OpenCV.
    distortion : numpy.ndarray
        (8,) float64 in OpenCV's order: k1, k2, p1, p2, k3, k4, k5, k6.
    model : CalibrationModelType
        The lens model. Brown-Conrady is OpenCV's rational model; in Rational 6KT, of pre-production units, the mixed
        tangential terms count half.
    center_of_distortion : tuple of float
        Where the distortion is centred, in the normalised image plane; (0, 0) in all units seen so far.
    metric_radius : float
        Largest radius in the normalised image plane for which the model holds.
    """

    size: tuple[int, int]
    camera_matrix: npt.NDArray[np.float64]
    distortion: npt.NDArray[np.float64]
    model: CalibrationModelType
    center_of_distortion: tuple[float, float]
    metric_radius: float

    @classmethod
    def _from_native(cls, camera: k4a_calibration_camera_t) -> Self:
        p = camera.intrinsics.parameters
        matrix = np.array([[p.fx, 0, p.cx], [0, p.fy, p.cy], [0, 0, 1]], np.float64)
        distortion = np.array([p.k1, p.k2, p.p1, p.p2, p.k3, p.k4, p.k5, p.k6], np.float64)
        for array in (matrix, distortion):
            array.setflags(write=False)
        return cls(
            (camera.resolution_width, camera.resolution_height),
            matrix,
            distortion,
            CalibrationModelType(camera.intrinsics.type),
            (p.codx, p.cody),
            camera.metric_radius,
        )


class Calibration:
    """The calibration of one device in one pair of modes. Stands on ``k4a_calibration_get_from_raw``.

    Points are in millimetres, x to the right, y down, z forward. Pixels are (x, y), the centre of the first one is
    (0, 0). Sensors are members of `CalibrationType` or their names: "depth", "color", "gyro", "accel". All methods
    that take points take arrays of any shape (..., 2) or (..., 3) and return float32 arrays, NaN where there is no
    answer.

    Parameters
    ----------
    raw
        The factory calibration: the text of a calibration.json.
    depth_mode, color_resolution
        The modes; a camera that is OFF is not calibrated.
    provider
        Name, path or `Provider` of the library that reads it and computes; None for the default one.

    Attributes
    ----------
    native : k4a_calibration_t
        The structure of C, for the functions of `pyk4a_rp.k4a`.
    raw : bytes or None
        The text it was made from, where that is known.
    depth, color : CameraCalibration or None
        The cameras; None for one that is off.

    Raises
    ------
    K4AError
        The text is not a calibration; the message says what is wrong with it.
    """

    def __init__(
        self,
        raw: bytes | str,
        depth_mode: DepthMode,
        color_resolution: ColorResolution,
        *,
        provider: Provider | str | os.PathLike[str] | None = None,
    ) -> None:
        data = raw.encode() if isinstance(raw, str) else bytes(raw)
        chosen = _provider(provider)
        result, native = _k.k4a_calibration_get_from_raw(data, depth_mode, color_resolution, provider=chosen)
        if native is None:
            fail(
                f"this is not a calibration for {DepthMode(depth_mode).name} and "
                f"{ColorResolution(color_resolution).name}",
                "k4a_calibration_get_from_raw",
                provider=chosen,
                code=result,
            )
        self._set(native, chosen, data)

    def _set(self, native: k4a_calibration_t, provider: Provider, raw: bytes | None) -> None:
        self.native = native
        self.raw = raw
        self._provider = provider
        self.depth = (
            CameraCalibration._from_native(native.depth_camera_calibration)
            if native.depth_mode != DepthMode.OFF
            else None
        )
        self.color = (
            CameraCalibration._from_native(native.color_camera_calibration)
            if native.color_resolution != ColorResolution.OFF
            else None
        )

    @classmethod
    def from_native(
        cls, native: k4a_calibration_t, *, provider: Provider | str | os.PathLike[str] | None = None
    ) -> Self:
        """Make a calibration of C's structure, of which a copy is taken.

        Parameters
        ----------
        native
            The structure.
        provider
            Name, path or `Provider` of the library that computes; None for the default one.
        """
        calibration = cls.__new__(cls)
        calibration._set(k4a_calibration_t(bytes(native)), _provider(provider), None)
        return calibration

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        depth_mode: DepthMode,
        color_resolution: ColorResolution,
        *,
        provider: Provider | str | os.PathLike[str] | None = None,
    ) -> Self:
        """Read a calibration.json. Parameters as of the class.

        Parameters
        ----------
        path
            The file.
        depth_mode, color_resolution
            The modes.
        provider
            Name, path or `Provider` of the library that reads it and computes; None for the default one.
        """
        return cls(Path(path).read_bytes(), depth_mode, color_resolution, provider=provider)

    @classmethod
    def from_playback(cls, playback: Playback) -> Self:
        """Make the calibration of a recording. Stands on ``k4a_playback_get_calibration``.

        Parameters
        ----------
        playback
            An open recording.

        Raises
        ------
        RecordingError
            The recording has no calibration, or one that cannot be read.
        """
        result, native = _k.k4a_playback_get_calibration(playback.handle)
        if native is None:
            fail(
                f"{playback.path} has no calibration that can be read",
                "k4a_playback_get_calibration",
                provider=playback.provider,
                code=result,
                error=RecordingError,
            )
        calibration = cls.__new__(cls)
        calibration._set(native, playback.provider, playback.raw_calibration)
        return calibration

    @property
    def provider(self) -> Provider:
        """The library that computes."""
        return self._provider

    @property
    def depth_mode(self) -> DepthMode:
        """Mode of the depth camera."""
        return self.native.depth_mode

    @property
    def color_resolution(self) -> ColorResolution:
        """Mode of the color camera."""
        return self.native.color_resolution

    def __repr__(self) -> str:
        return f"<Calibration {self.depth_mode.name}, color {self.color_resolution.name}>"

    def __eq__(self, other: object) -> bool:
        return self.native == other.native if isinstance(other, Calibration) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return _unpickle, (bytes(self.native), self.raw)

    def camera(self, sensor: Sensor) -> CameraCalibration:
        """Return `depth` or `color`; ValueError when it is off or not a camera.

        Parameters
        ----------
        sensor
            DEPTH or COLOR.
        """
        which = sensor_of(sensor)
        if which not in (CalibrationType.DEPTH, CalibrationType.COLOR):
            raise ValueError(f"{which.name} is not a camera; there are 'depth' and 'color'")
        found = self.depth if which == CalibrationType.DEPTH else self.color
        if found is None:
            raise ValueError(f"the {which.name.lower()} camera is off in this calibration")
        return found

    def extrinsics(self, source: Sensor, target: Sensor) -> npt.NDArray[np.float64]:
        """Return the motion from the coordinates of one sensor to those of another.

        Parameters
        ----------
        source, target
            The sensors.

        Returns
        -------
        numpy.ndarray
            (4, 4) float64 for homogeneous points in millimetres: ``target = matrix @ source``.
        """
        found = self.native.extrinsics[self._checked(source)][self._checked(target)]
        matrix = np.eye(4)
        matrix[:3, :3] = np.reshape(found.rotation, (3, 3))
        matrix[:3, 3] = found.translation
        return matrix

    # ---- points ----

    def transform_points(self, points_mm: npt.ArrayLike, source: Sensor, target: Sensor) -> Floats:
        """Bring points from the coordinates of one sensor to those of another. Stands on ``k4a_calibration_3d_to_3d``.

        Parameters
        ----------
        points_mm
            (..., 3), millimetres.
        source, target
            The sensors.

        Returns
        -------
        numpy.ndarray
            (..., 3) float32, millimetres.
        """
        points = _array(points_mm, 3, "points_mm")
        a, b = self._checked(source), self._checked(target)
        out = np.empty_like(points)
        if _points.available(self._provider):
            _points.points_3d_to_3d(self.native, a, b, points.ravel(), out.reshape(-1), provider=self._provider)
        else:
            for index in np.ndindex(points.shape[:-1]):
                _, point = _k.k4a_calibration_3d_to_3d(
                    self.native, k4a_float3_t(*points[index]), a, b, provider=self._provider
                )
                out[index] = np.nan if point is None else list(point)
        return out

    def project(self, points_mm: npt.ArrayLike, camera: Sensor, source: Sensor | None = None) -> Floats:
        """Find the pixels that see points. Stands on ``k4a_calibration_3d_to_2d``.

        Parameters
        ----------
        points_mm
            (..., 3), millimetres.
        camera
            Whose pixels: DEPTH or COLOR.
        source
            In whose coordinates the points are; None for those of `camera`.

        Returns
        -------
        numpy.ndarray
            (..., 2) float32, NaN for points behind the camera or outside its lens model. Pixels may lie outside the
            image.
        """
        points = _array(points_mm, 3, "points_mm")
        self.camera(camera)
        b = sensor_of(camera)
        a = b if source is None else self._checked(source)
        out = np.empty((*points.shape[:-1], 2), np.float32)
        if _points.available(self._provider):
            _points.points_3d_to_2d(self.native, a, b, points.ravel(), out.reshape(-1), provider=self._provider)
        else:
            for index in np.ndindex(points.shape[:-1]):
                _, pixel, valid = _k.k4a_calibration_3d_to_2d(
                    self.native, k4a_float3_t(*points[index]), a, b, provider=self._provider
                )
                out[index] = list(pixel) if valid and pixel is not None else np.nan
        return out

    def unproject(
        self, pixels: npt.ArrayLike, depth_mm: npt.ArrayLike, camera: Sensor, target: Sensor | None = None
    ) -> Floats:
        """Find the points that pixels see. Stands on ``k4a_calibration_2d_to_3d``.

        Parameters
        ----------
        pixels
            (..., 2).
        depth_mm
            Depth of each pixel in millimetres, of a shape that broadcasts to (...).
        camera
            Whose pixels: DEPTH or COLOR.
        target
            In whose coordinates the points shall be; None for those of `camera`.

        Returns
        -------
        numpy.ndarray
            (..., 3) float32, millimetres; NaN for pixels that have no ray or depth 0.
        """
        xy, depth = _pixels_and_depth(pixels, depth_mm)
        self.camera(camera)
        a = sensor_of(camera)
        b = a if target is None else self._checked(target)
        out = np.empty((*xy.shape[:-1], 3), np.float32)
        if _points.available(self._provider):
            _points.points_2d_to_3d(
                self.native, a, b, xy.ravel(), depth.ravel(), out.reshape(-1), provider=self._provider
            )
        else:
            for index in np.ndindex(depth.shape):
                _, point, valid = _k.k4a_calibration_2d_to_3d(
                    self.native, k4a_float2_t(*xy[index]), float(depth[index]), a, b, provider=self._provider
                )
                out[index] = list(point) if valid and point is not None else np.nan
        return out

    def pixel_to_pixel(self, pixels: npt.ArrayLike, depth_mm: npt.ArrayLike, source: Sensor, target: Sensor) -> Floats:
        """Find the pixels of one camera that see what pixels of the other see. Stands on ``k4a_calibration_2d_to_2d``.

        Parameters
        ----------
        pixels
            (..., 2), of `source`.
        depth_mm
            Depth of each pixel in the coordinates of `source`, millimetres, of a shape that broadcasts to (...).
        source, target
            The cameras: DEPTH or COLOR.

        Returns
        -------
        numpy.ndarray
            (..., 2) float32, pixels of `target`; NaN where there is none.
        """
        xy, depth = _pixels_and_depth(pixels, depth_mm)
        self.camera(source), self.camera(target)
        a, b = sensor_of(source), sensor_of(target)
        out = np.empty_like(xy)
        if _points.available(self._provider):
            _points.points_2d_to_2d(
                self.native, a, b, xy.ravel(), depth.ravel(), out.reshape(-1), provider=self._provider
            )
        else:
            for index in np.ndindex(depth.shape):
                _, pixel, valid = _k.k4a_calibration_2d_to_2d(
                    self.native, k4a_float2_t(*xy[index]), float(depth[index]), a, b, provider=self._provider
                )
                out[index] = list(pixel) if valid and pixel is not None else np.nan
        return out

    def color_pixel_to_depth_pixel(self, pixels: npt.ArrayLike, depth_image: Image | npt.NDArray[np.uint16]) -> Floats:
        """Find the depth pixels that see what color pixels see. Stands on ``k4a_calibration_color_2d_to_depth_2d``.

        The depth of a color pixel is not known, so the depth image is searched along the line on which it can lie.

        Parameters
        ----------
        pixels
            (..., 2), of the color camera.
        depth_image
            The depth image, (H, W) uint16 in millimetres.

        Returns
        -------
        numpy.ndarray
            (..., 2) float32, NaN where nothing was found.
        """
        xy = _array(pixels, 2, "pixels")
        self.camera(CalibrationType.COLOR)
        width, height = self.camera(CalibrationType.DEPTH).size
        array = np.ascontiguousarray(depth_image.array if isinstance(depth_image, Image) else depth_image)
        if array.shape != (height, width):
            raise ValueError(f"the depth image has the shape {array.shape}, the camera {(height, width)}")
        image = Image.from_array(array, ImageFormat.DEPTH16, copy=not array.flags.writeable, provider=self._provider)
        out = np.empty_like(xy)
        for index in np.ndindex(xy.shape[:-1]):
            _, pixel, valid = _k.k4a_calibration_color_2d_to_depth_2d(
                self.native, k4a_float2_t(*xy[index]), image, provider=self._provider
            )
            out[index] = list(pixel) if valid and pixel is not None else np.nan
        return out

    def rays(self, camera: Sensor) -> Floats:
        """Return the ray of every pixel of a camera.

        Parameters
        ----------
        camera
            DEPTH or COLOR.

        Returns
        -------
        numpy.ndarray
            (H, W, 2) float32, X/Z and Y/Z; NaN where a pixel has no ray. Computed once, read-only.
        """
        self.camera(camera)
        return self._rays[sensor_of(camera)]

    @cached_property
    def _rays(self) -> _Rays:
        return _Rays(self)

    @cached_property
    def _transformation(self) -> Transformation:
        """What the captures of this calibration share."""
        from .transformation import Transformation

        return Transformation(self)

    # ---- for other software ----

    def to_opencv(self, camera: Sensor) -> dict[str, Any]:
        """Return the arguments that OpenCV's functions call ``cameraMatrix``, ``distCoeffs`` and ``imageSize``.

        Parameters
        ----------
        camera
            DEPTH or COLOR.

        Raises
        ------
        ValueError
            The lens model is not one OpenCV has.
        """
        found = self.camera(camera)
        if found.model not in _LENS_MODELS or found.center_of_distortion != (0.0, 0.0):
            raise ValueError(
                f"OpenCV has no lens model like this one: {found.model.name}, {found.center_of_distortion}"
            )
        return {
            "cameraMatrix": found.camera_matrix.copy(),
            "distCoeffs": found.distortion.copy(),
            "imageSize": found.size,
        }

    def to_ros_camera_info(self, camera: Sensor, frame_id: str = "") -> dict[str, Any]:
        """Return the members of a ROS ``sensor_msgs/CameraInfo`` message, in plain types.

        Parameters
        ----------
        camera
            DEPTH or COLOR.
        frame_id
            Name of the frame, for the header.
        """
        found = self.to_opencv(camera)
        matrix = found["cameraMatrix"]
        width, height = found["imageSize"]
        return {
            "header": {"frame_id": frame_id},
            "width": width,
            "height": height,
            "distortion_model": "rational_polynomial",
            "d": found["distCoeffs"].tolist(),
            "k": matrix.ravel().tolist(),
            "r": np.eye(3).ravel().tolist(),
            "p": np.hstack([matrix, np.zeros((3, 1))]).ravel().tolist(),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the intrinsics of the cameras and the motion from depth to color as JSON text.

        Parameters
        ----------
        indent
            Spaces per level; None for one line.
        """
        document: dict[str, Any] = {
            "depth_mode": self.depth_mode.name,
            "color_resolution": self.color_resolution.name,
        }
        for name, camera in (("depth", self.depth), ("color", self.color)):
            document[name] = camera and {
                "size": camera.size,
                "camera_matrix": camera.camera_matrix.tolist(),
                "distortion": camera.distortion.tolist(),
                "model": camera.model.name,
                "metric_radius": camera.metric_radius,
            }
        if self.depth and self.color:
            document["depth_to_color_mm"] = self.extrinsics("depth", "color").tolist()
        return json.dumps(document, indent=indent)

    def _checked(self, sensor: Sensor) -> CalibrationType:
        which = sensor_of(sensor)
        if which in (CalibrationType.DEPTH, CalibrationType.COLOR):
            self.camera(which)
        elif which not in (CalibrationType.GYRO, CalibrationType.ACCEL):
            raise ValueError(f"{which!r} is no sensor")
        return which


class _Rays(dict[CalibrationType, Floats]):
    """Rays of a calibration's cameras, computed when first asked for."""

    def __init__(self, calibration: Calibration) -> None:
        super().__init__()
        self._calibration = calibration

    def __missing__(self, camera: CalibrationType) -> Floats:
        calibration = self._calibration
        width, height = calibration.camera(camera).size
        rays = np.empty((height, width, 2), np.float32)
        if _points.available(calibration.provider):
            _points.get_rays(calibration.native, camera, rays.reshape(-1), provider=calibration.provider)
        else:
            y, x = np.mgrid[:height, :width]
            rays[:] = calibration.unproject(np.stack([x, y], -1), 1.0, camera)[..., :2]
        rays.setflags(write=False)
        self[camera] = rays
        return rays


def _provider(provider: Provider | str | os.PathLike[str] | None) -> Provider:
    return default_provider("files") if provider is None else load_provider(provider)


def _unpickle(native: bytes, raw: bytes | None) -> Calibration:
    calibration = Calibration.__new__(Calibration)
    calibration._set(k4a_calibration_t(native), _provider(None), raw)
    return calibration


def _array(values: npt.ArrayLike, dimensions: int, name: str) -> Floats:
    array = np.ascontiguousarray(values, np.float32)
    if array.ndim == 0 or array.shape[-1] != dimensions:
        raise ValueError(f"{name} has the shape {array.shape} instead of (..., {dimensions})")
    return array


def _pixels_and_depth(pixels: npt.ArrayLike, depth_mm: npt.ArrayLike) -> tuple[Floats, Floats]:
    xy = _array(pixels, 2, "pixels")
    depth = np.asarray(depth_mm, np.float32)
    try:
        depth = np.broadcast_to(depth, xy.shape[:-1])
    except ValueError:
        raise ValueError(f"depth_mm has the shape {depth.shape}, the pixels {xy.shape[:-1]}") from None
    return xy, np.ascontiguousarray(depth)
