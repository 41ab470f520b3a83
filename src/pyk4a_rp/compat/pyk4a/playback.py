"""pyk4a's playback."""

from __future__ import annotations

import os
from copy import copy
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, cast

from ...capture import Capture
from ...enums import SeekOrigin
from ...playback import Playback
from .calibration import Calibration
from .capture import PyK4ACapture
from .config import FPS, ColorResolution, DepthMode, ImageFormat, WiredSyncMode
from .errors import K4AException, translated
from .pyk4a import ImuSample, as_dictionary

__all__ = ["Configuration", "PyK4APlayback", "SeekOrigin"]


class Configuration(TypedDict):
    """How a recording was made."""

    color_format: ImageFormat
    color_resolution: ColorResolution
    depth_mode: DepthMode
    camera_fps: FPS
    color_track_enabled: bool
    depth_track_enabled: bool
    ir_track_enabled: bool
    imu_track_enabled: bool
    depth_delay_off_color_usec: int
    wired_sync_mode: WiredSyncMode
    subordinate_delay_off_master_usec: int
    start_timestamp_offset_usec: int


class PyK4APlayback:
    """A recording. It is read after `open`, or in a ``with`` statement.

    Parameters
    ----------
    path
        The file.
    thread_safe
        Accepted for programs that pass it.
    """

    _playback: Playback | None = None  # for __del__, should __init__ fail

    def __init__(self, path: str | os.PathLike[str], thread_safe: bool = True) -> None:
        self._path = Path(path)
        self.thread_safe = thread_safe
        self._calibration: Calibration | K4AException | None = None  # or why there is none
        self._calibration_text: str | None = None  # that was set

    @property
    def playback(self) -> Playback:
        """What it stands on: random access, all IMU samples at once, tags, attachments, damage."""
        if self._playback is None:
            raise K4AException(f"{self._path} is not open")
        return self._playback

    def open(self) -> None:
        """Open the file; K4AException says why it cannot be."""
        if self._playback is not None:
            raise K4AException(f"{self._path} is open already")
        with translated():
            self._playback = Playback(self._path)

    def close(self) -> None:
        """Close the file; K4AException when it is not open. A calibration that was set stays set."""
        self.playback.close()
        self._playback = self._calibration = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._playback is not None:
            self.close()

    def __del__(self) -> None:
        if self._playback is not None:
            self._playback.close()

    # ---- what it is ----

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def configuration(self) -> Configuration:
        """How it was made."""
        return cast(Configuration, asdict(self.playback.configuration))

    @property
    def length(self) -> int:
        """Length in microseconds."""
        return self.playback.duration_usec

    @property
    def calibration_raw(self) -> str:
        """The text of its calibration.json. Can be set: to that of another calibration, which is used from then on."""
        with translated():
            return self.playback.raw_calibration.rstrip(b"\0").decode()

    @calibration_raw.setter
    def calibration_raw(self, value: str) -> None:
        c = self.playback.configuration
        self._calibration = Calibration.from_raw(value, c.depth_mode, c.color_resolution, self.thread_safe)
        self._calibration_text = value

    @property
    def calibration(self) -> Calibration:
        """The calibration for its modes. K4AException when it has none that can be read."""
        found = self._calibration_or_reason()
        if isinstance(found, K4AException):
            raise copy(found)
        return found

    def _calibration_or_reason(self) -> Calibration | K4AException:
        playback = self.playback
        if self._calibration is None and self._calibration_text is not None:
            self.calibration_raw = self._calibration_text
        if self._calibration is None:
            try:
                with translated():
                    found = playback.calibration
                self._calibration = Calibration(found, found.depth_mode, found.color_resolution, self.thread_safe)
            except K4AException as error:
                self._calibration = copy(error)  # which has no traceback, nor a cause that has one
        return self._calibration

    # ---- what is in it ----

    def seek(self, offset: int, origin: SeekOrigin = SeekOrigin.BEGIN) -> None:
        """Move to a time.

        Parameters
        ----------
        offset
            Microseconds, as of `pyk4a_rp.Playback.seek`.
        origin
            What they are counted from.
        """
        with translated():
            self.playback.seek(offset, origin)

    def get_next_capture(self) -> PyK4ACapture:
        """Return the next capture; EOFError at the end."""
        with translated():
            return self._wrap(self.playback.next_capture())

    def get_previous_capture(self) -> PyK4ACapture:
        """Return the capture before; EOFError at the beginning."""
        with translated():
            return self._wrap(self.playback.previous_capture())

    get_previouse_capture = get_previous_capture  # so spelt in pyk4a, too

    def get_next_imu_sample(self) -> ImuSample:
        """Return the next IMU sample; EOFError at the end, and without an IMU track."""
        with translated():
            return as_dictionary(self.playback.next_imu_sample())

    def _wrap(self, capture: Capture) -> PyK4ACapture:
        # Asked for now, since the recording may be closed when the capture needs it. There may be none.
        return PyK4ACapture(self._calibration_or_reason(), capture, self.playback.color_format, self.thread_safe)
