"""What is known of a recording as a whole: how it was made, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING

from .enums import ColorResolution, DepthMode, FramesPerSecond, ImageFormat, WiredSyncMode

if TYPE_CHECKING:
    from .structs import k4a_record_configuration_t

__all__ = ["Damage", "DamageKind", "RecordConfiguration"]


@dataclass(frozen=True, slots=True)
class RecordConfiguration:
    """How a recording was made. C: ``k4a_record_configuration_t``.

    Attributes
    ----------
    color_format
        Format in which color images are stored; CUSTOM without a color track. `Playback.color_format` is the format
        in which they are read.
    color_resolution
        OFF without a color track, or when the size is not one of the camera's.
    depth_mode
        OFF without depth and IR tracks.
    camera_fps
        Frames per second of all cameras.
    color_track_enabled, depth_track_enabled, ir_track_enabled, imu_track_enabled
        Which tracks there are.
    depth_delay_off_color_usec
        Microseconds from a color image to the depth image that belongs to it.
    wired_sync_mode
        Part of this camera among several.
    subordinate_delay_off_master_usec
        Microseconds from the master's images to this camera's; 0 unless SUBORDINATE.
    start_timestamp_offset_usec
        Device time of the beginning of the file, microseconds. All 64 bits of it, where C has 32.
    """

    color_format: ImageFormat
    color_resolution: ColorResolution
    depth_mode: DepthMode
    camera_fps: FramesPerSecond
    color_track_enabled: bool
    depth_track_enabled: bool
    ir_track_enabled: bool
    imu_track_enabled: bool
    depth_delay_off_color_usec: int
    wired_sync_mode: WiredSyncMode
    subordinate_delay_off_master_usec: int
    start_timestamp_offset_usec: int

    @classmethod
    def _of(cls, c: k4a_record_configuration_t, start_timestamp_offset_usec: int) -> RecordConfiguration:
        return cls(
            color_format=ImageFormat(c.color_format),
            color_resolution=ColorResolution(c.color_resolution),
            depth_mode=DepthMode(c.depth_mode),
            camera_fps=FramesPerSecond(c.camera_fps),
            color_track_enabled=c.color_track_enabled,
            depth_track_enabled=c.depth_track_enabled,
            ir_track_enabled=c.ir_track_enabled,
            imu_track_enabled=c.imu_track_enabled,
            depth_delay_off_color_usec=c.depth_delay_off_color_usec,
            wired_sync_mode=WiredSyncMode(c.wired_sync_mode),
            subordinate_delay_off_master_usec=c.subordinate_delay_off_master_usec,
            start_timestamp_offset_usec=start_timestamp_offset_usec,
        )


class DamageKind(IntFlag):
    """What can be wrong with a recording. C: ``k4a_rp_damage_kind_t``."""

    NOT_CLOSED = 1
    """The recorder never finished the file."""
    TRUNCATED = 2
    """The file ends inside an element."""
    CORRUPT = 4
    """Bytes that make no sense were skipped."""
    START_OFFSET_LOST = 8
    """Device time of the beginning is unknown, and was not to be had from the IMU; times count from 0."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a recording that can be read in spite of it. C: ``k4a_rp_damage_t``.

    Attributes
    ----------
    kinds
        What is wrong.
    offset
        Where in the file the first damage is, bytes.
    lost_bytes
        How much of the file could not be used, bytes, as far as known.
    start_offset_restored
        Whether device time of the beginning was missing and has been recovered from the IMU.
    text
        All that in one line.
    """

    kinds: DamageKind
    offset: int
    lost_bytes: int
    start_offset_restored: bool
    text: str

    def __str__(self) -> str:
        return self.text
