"""Calibrations: where the sensors of a device are, and what their lenses do."""

from __future__ import annotations

import json
import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from . import k4a as _k
from ._provider import Provider, default_provider, load_provider
from .camera_calibration import CameraCalibration
from .enums import CalibrationType, ColorResolution, DepthMode, ImageFormat
from .errors import RecordingError, fail
from .image import Image
from .pixels import checked_pixels
from .points import (
    Floats,
    color_pixels_to_depth_pixels,
    pixels_and_depth,
    pixels_to_pixels,
    pixels_to_points,
    pixels_to_rays,
    points_to_pixels,
    points_to_points,
    vectors,
)
from .structs import k4a_calibration_t

if TYPE_CHECKING:
    from .playback import Playback
    from .transformation import Transformation

__all__ = ["Calibration", "CameraCalibration", "Sensor"]

Sensor = CalibrationType | str


def sensor_of(sensor: Sensor) -> CalibrationType:
    """Return the member that a name like "depth" or a member means."""
    if isinstance(sensor, str):
        try:
            return CalibrationType[sensor.upper()]
        except KeyError:
            raise ValueError(f"there is no sensor {sensor!r}; there are 'depth', 'color', 'gyro' and 'accel'") from None
    return CalibrationType(sensor)


class Calibration:
    """The calibration of one device in one pair of modes. Stands on ``k4a_calibration_get_from_raw``.

    Points are in millimetres, x to the right, y down, z forward. Pixels are (x, y), the centre of the first one is
    (0, 0). Sensors are members of `CalibrationType` or their names: "depth", "color", "gyro", "accel". All methods
    that take points take arrays of any shape (..., 2) or (..., 3) and return float32 arrays, NaN where there is no
    answer; they raise `K4AError` for a lens model that cannot be computed.

    Parameters
    ----------
    raw
        The factory calibration: the text of a calibration.json, as str or bytes. `from_file` reads a file.
    depth_mode, color_resolution
        The modes; a camera that is OFF is not calibrated.
    provider
        Name, path or `Provider` of the library that reads it and computes; None for the default one.

    Attributes
    ----------
    native : k4a_calibration_t
        The structure of C, for the functions of `pyk4a_rp.k4a`. Not to be changed: `from_native` makes a calibration of
        a changed copy.
    raw : bytes or None
        The text it was made from, where that is known.
    depth, color : CameraCalibration or None
        The cameras; None for one that is off.

    Raises
    ------
    K4AError
        The text is not a calibration; the message says what is wrong with it.
    TypeError
        `raw` is not text, or a mode belongs to the other camera.

    Notes
    -----
    Copies keep the provider. Calibrations that were pickled compute with the default one where they are read.
    """

    def __init__(
        self,
        raw: bytes | str,
        depth_mode: DepthMode,
        color_resolution: ColorResolution,
        *,
        provider: Provider | str | os.PathLike[str] | None = None,
    ) -> None:
        data = _text(raw)
        for name, value, kind in (
            ("depth_mode", depth_mode, DepthMode),
            ("color_resolution", color_resolution, ColorResolution),
        ):
            if isinstance(value, Enum) and not isinstance(value, kind):
                raise TypeError(f"{name} is a member of {kind.__name__}, not {value!r}")
        chosen = _provider(provider)
        result, native = _k.k4a_calibration_get_from_raw(data, depth_mode, color_resolution, provider=chosen)
        if native is None:
            hint = "" if b"{" in data else ", nor JSON (Calibration.from_file reads a file)"
            fail(
                f"this is not a calibration for {DepthMode(depth_mode).name} and "
                f"{ColorResolution(color_resolution).name}{hint}",
                "k4a_calibration_get_from_raw",
                provider=chosen,
                code=result,
            )
        self._set(native, chosen, data)

    def _set(self, native: k4a_calibration_t, provider: Provider, raw: bytes | None) -> None:
        self.native = native
        self.raw = raw
        self._provider = provider
        self._rays: dict[CalibrationType, Floats] = {}
        self._transformation_handle: _k.TransformationHandle | None = None
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

        Raises
        ------
        OSError
            The file cannot be read.
        K4AError
            It is not a calibration.
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
        return _restore, (type(self), bytes(self.native), self.raw)

    def __copy__(self) -> Self:
        return _restore(type(self), bytes(self.native), self.raw, self._provider)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.__copy__()

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

        Raises
        ------
        ValueError
            There is no such sensor, or its camera is off.
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

        Raises
        ------
        ValueError
            `points_mm` has another shape, there is no such sensor, or its camera is off.
        """
        xyz = vectors(points_mm, 3, "points_mm")
        return points_to_points(self.native, self._checked(source), self._checked(target), xyz, self._provider)

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

        Raises
        ------
        ValueError
            `points_mm` has another shape, there is no such sensor, or its camera is off.
        K4AError
            The lens model cannot be computed.
        """
        xyz = vectors(points_mm, 3, "points_mm")
        self.camera(camera)
        target = sensor_of(camera)
        origin = target if source is None else self._checked(source)
        return points_to_pixels(self.native, origin, target, xyz, self._provider)

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

        Raises
        ------
        ValueError
            `pixels` or `depth_mm` has another shape, there is no such sensor, or its camera is off.
        K4AError
            The lens model cannot be computed.
        """
        xy, depth = pixels_and_depth(pixels, depth_mm)
        self.camera(camera)
        source = sensor_of(camera)
        goal = source if target is None else self._checked(target)
        return pixels_to_points(self.native, source, goal, xy, depth, self._provider)

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
            (..., 2) float32, pixels of `target`; NaN where there is none. With the same camera as `source` and `target`
            the pixels themselves, whatever their depth.

        Raises
        ------
        ValueError
            `pixels` or `depth_mm` has another shape, or a camera is off.
        K4AError
            The lens model cannot be computed.
        """
        xy, depth = pixels_and_depth(pixels, depth_mm)
        self.camera(source), self.camera(target)
        return pixels_to_pixels(self.native, sensor_of(source), sensor_of(target), xy, depth, self._provider)

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

        Raises
        ------
        TypeError
            `depth_image` is not an image or array, or of another dtype.
        ValueError
            `pixels` or `depth_image` has another shape, or a camera is off.
        K4AError
            The lens model cannot be computed.
        """
        xy = vectors(pixels, 2, "pixels")
        self.camera(CalibrationType.COLOR)
        size = self.camera(CalibrationType.DEPTH).size
        array = np.ascontiguousarray(checked_pixels(depth_image, "depth_image", size, ImageFormat.DEPTH16))
        image = Image.from_array(array, ImageFormat.DEPTH16, copy=not array.flags.writeable, provider=self._provider)
        return color_pixels_to_depth_pixels(self.native, xy, image, self._provider)

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

        Raises
        ------
        ValueError
            The camera is off.
        K4AError
            The lens model cannot be computed.
        """
        size = self.camera(camera).size
        which = sensor_of(camera)
        rays = self._rays.get(which)
        if rays is None:
            rays = pixels_to_rays(self.native, which, size, self._provider)
            rays.setflags(write=False)
            self._rays[which] = rays
        return rays

    @property
    def _transformation(self) -> Transformation:
        """What the captures of this calibration share."""
        from .transformation import Transformation

        return Transformation._shared(self)

    # ---- for other software ----

    def to_opencv(self, camera: Sensor, *, approximate: bool = False) -> dict[str, Any]:
        """Return the arguments that OpenCV's functions call ``cameraMatrix``, ``distCoeffs`` and ``imageSize``.

        Parameters
        ----------
        camera
            DEPTH or COLOR.
        approximate
            As of `CameraCalibration.to_opencv`.

        Raises
        ------
        ValueError
            OpenCV has no such lens model, or the camera is off.
        """
        return self.camera(camera).to_opencv(approximate=approximate)

    def to_ros_camera_info(self, camera: Sensor, frame_id: str = "", *, approximate: bool = False) -> dict[str, Any]:
        """Return the members of a ROS ``sensor_msgs/CameraInfo`` message, in plain types.

        Parameters
        ----------
        camera
            DEPTH or COLOR.
        frame_id
            Name of the frame, for the header.
        approximate
            As of `CameraCalibration.to_opencv`.

        Raises
        ------
        ValueError
            ROS has no such lens model, or the camera is off.
        """
        return self.camera(camera).to_ros_camera_info(frame_id, approximate=approximate)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the intrinsics of the cameras, and where the other sensors are, as JSON text.

        Under names like "depth_to_color_mm" stand the matrices of `extrinsics` from the depth camera, or else the color
        camera, to the other sensors. The factory calibration itself is `raw`.

        Parameters
        ----------
        indent
            Spaces per level; None for one line.
        """
        document: dict[str, Any] = {
            "depth_mode": self.depth_mode.name,
            "color_resolution": self.color_resolution.name,
            "depth": self.depth and self.depth.to_dict(),
            "color": self.color and self.color.to_dict(),
        }
        source = "depth" if self.depth else "color"
        for target in ("color", "gyro", "accel"):
            if target != source and (target != "color" or self.color):
                document[f"{source}_to_{target}_mm"] = self.extrinsics(source, target).tolist()
        return json.dumps(document, indent=indent, allow_nan=False)

    def _checked(self, sensor: Sensor) -> CalibrationType:
        which = sensor_of(sensor)
        if which in (CalibrationType.DEPTH, CalibrationType.COLOR):
            self.camera(which)
        elif which not in (CalibrationType.GYRO, CalibrationType.ACCEL):
            raise ValueError(f"{which!r} is no sensor")
        return which


def _provider(provider: Provider | str | os.PathLike[str] | None) -> Provider:
    return default_provider("files") if provider is None else load_provider(provider)


Kind = TypeVar("Kind", bound=Calibration)


def _restore(kind: type[Kind], native: bytes, raw: bytes | None, provider: Provider | None = None) -> Kind:
    calibration = kind.__new__(kind)
    calibration._set(k4a_calibration_t(native), _provider(provider), raw)
    return calibration


def _text(raw: bytes | str) -> bytes:
    if isinstance(raw, str):
        return raw.encode()
    try:
        return bytes(memoryview(raw))
    except TypeError:
        raise TypeError(
            f"raw is the text of a calibration.json, not a {type(raw).__name__}; Calibration.from_file reads a file"
        ) from None
