"""What a recorder tells of itself: how far it has come, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import K4AError

__all__ = ["RecorderError", "RecorderState"]


class RecorderError(K4AError, OSError):
    """Something could not be written.

    Attributes
    ----------
    errno : int or None
        Why the system refused, as `errno.ENOSPC`; None when it was not the system that did.
    filename : str
        The recording.
    bytes_on_disk : int or None
        How much of it is in the file and can be played; None when the provider does not tell.
    frames_on_disk : int or None
        Images, IMU samples and custom data in it.
    """

    bytes_on_disk: int | None = None
    frames_on_disk: int | None = None

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@dataclass(frozen=True, slots=True)
class RecorderState:
    """How far a recorder has come. What its provider does not tell is None.

    Attributes
    ----------
    captures, imu_samples
        How many were handed to it.
    bytes_on_disk
        Size of the recording as players would see it now.
    frames_on_disk
        Images, IMU samples and custom data in that.
    pending_bytes, peak_pending_bytes
        What waits in memory, and the most that ever did.
    late_frames
        Came out of order and were sorted in.
    refused_late
        Came too late and were refused.
    """

    captures: int
    imu_samples: int
    bytes_on_disk: int | None = None
    frames_on_disk: int | None = None
    pending_bytes: int | None = None
    peak_pending_bytes: int | None = None
    late_frames: int | None = None
    refused_late: int | None = None
