"""The IMU: single samples, and all samples of a recording as one array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _extensions
from . import k4a as _k
from .enums import StreamResult
from .errors import RecordingError, fail

if TYPE_CHECKING:
    from .k4a import PlaybackHandle
    from .structs import k4a_imu_sample_t

__all__ = ["IMU_DTYPE", "ImuSample"]

IMU_DTYPE = np.dtype(
    {
        "names": ["acc_timestamp_usec", "acc", "gyro_timestamp_usec", "gyro", "temperature_c"],
        "formats": ["<i8", ("<f4", (3,)), "<i8", ("<f4", (3,)), "<f4"],
        "offsets": [16, 4, 40, 24, 0],
        "itemsize": 48,
    }
)
"""The layout of ``k4a_imu_sample_t``. Times are signed here, because differences of unsigned ones wrap around."""


class ImuSample(NamedTuple):
    """One sample of accelerometer and gyroscope. C: ``k4a_imu_sample_t``.

    Attributes
    ----------
    acc_timestamp_usec
        Device time of the acceleration, microseconds.
    acc
        Acceleration in metres per second squared, x, y, z.
    gyro_timestamp_usec
        Device time of the angular velocity, microseconds.
    gyro
        Angular velocity in radians per second, x, y, z.
    temperature_c
        Temperature in degrees Celsius; NaN when unknown, as in recordings.
    """

    acc_timestamp_usec: int
    acc: tuple[float, float, float]
    gyro_timestamp_usec: int
    gyro: tuple[float, float, float]
    temperature_c: float

    @classmethod
    def _of(cls, c: k4a_imu_sample_t) -> ImuSample:
        acc, gyro = c.acc_sample, c.gyro_sample
        return cls(
            c.acc_timestamp_usec, (acc.x, acc.y, acc.z), c.gyro_timestamp_usec, (gyro.x, gyro.y, gyro.z), c.temperature
        )


def read_all_samples(handle: PlaybackHandle, path: str) -> npt.NDArray[Any]:
    """All samples of a recording; `handle` is one whose cursor nobody else needs. Returns an array of `IMU_DTYPE`."""
    if _extensions.available(handle):
        return _read_in_one_pass(handle, path)
    samples = []
    while True:
        result, sample = _k.k4a_playback_get_next_imu_sample(handle)
        if sample is None or result != StreamResult.SUCCEEDED:
            break
        samples.append(ImuSample._of(sample))
    if result == StreamResult.FAILED:
        fail(
            f"{path}: IMU sample {len(samples)} cannot be read",
            "k4a_playback_get_next_imu_sample",
            provider=handle.provider,
            code=result,
            error=RecordingError,
        )
    return np.array(samples, IMU_DTYPE)


def _read_in_one_pass(handle: PlaybackHandle, path: str) -> npt.NDArray[Any]:
    result, samples = _extensions.playback_read_imu_samples(handle)
    if samples is None:
        fail(
            f"{path}: the IMU samples cannot be read",
            "k4a_rp playback_read_imu_samples",
            provider=handle.provider,
            code=result,
            error=RecordingError,
        )
    return np.frombuffer(samples, IMU_DTYPE)
