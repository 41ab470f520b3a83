"""The intrinsics of one camera, also in the words of other software."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .enums import CalibrationModelType
from .structs import k4a_calibration_camera_t

__all__ = ["CameraCalibration"]


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
        Where the distortion is centred, in the normalised image plane; (0, 0) but for some Rational 6KT lenses.
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

    # ---- for other software ----

    def to_opencv(self, *, approximate: bool = False) -> dict[str, Any]:
        """Return the arguments that OpenCV's functions call ``cameraMatrix``, ``distCoeffs`` and ``imageSize``.

        Parameters
        ----------
        approximate
            Whether a Rational 6KT lens may be taken for OpenCV's rational model, which counts the mixed tangential
            terms twice and knows no centre of distortion: off by fractions of a pixel, most in the corners.

        Raises
        ------
        ValueError
            OpenCV has no such lens model.
        """
        usable = self.model in (CalibrationModelType.BROWN_CONRADY, CalibrationModelType.RATIONAL_6KT)
        exact = self.center_of_distortion == (0.0, 0.0) and (
            self.model == CalibrationModelType.BROWN_CONRADY or not self.distortion[2:4].any()
        )
        if not usable or not (exact or approximate):
            raise ValueError(
                f"OpenCV has no lens model like {self.model.name} with distortion centred at "
                f"{self.center_of_distortion}" + ("; approximate=True takes the nearest it has" if usable else "")
            )
        return {
            "cameraMatrix": self.camera_matrix.copy(),
            "distCoeffs": self.distortion.copy(),
            "imageSize": self.size,
        }

    def to_ros_camera_info(self, frame_id: str = "", *, approximate: bool = False) -> dict[str, Any]:
        """Return the members of a ROS ``sensor_msgs/CameraInfo`` message, in plain types.

        Parameters
        ----------
        frame_id
            Name of the frame, for the header.
        approximate
            As of `to_opencv`, whose lens model ROS has.
        """
        found = self.to_opencv(approximate=approximate)
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

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes in types that JSON has."""
        return {
            "size": list(self.size),
            "camera_matrix": self.camera_matrix.tolist(),
            "distortion": self.distortion.tolist(),
            "model": self.model.name,
            "center_of_distortion": list(self.center_of_distortion),
            "metric_radius": self.metric_radius,
        }
