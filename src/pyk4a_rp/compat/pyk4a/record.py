"""pyk4a's recorder."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from ...recorder import Recorder
from .capture import PyK4ACapture
from .config import Config
from .errors import K4AException, check_type, translated
from .pyk4a import PyK4A

__all__ = ["PyK4ARecord"]

_log = logging.getLogger("pyk4a_rp.recorder")


class PyK4ARecord:
    """A recording that is being written, between `create` and `close`, or inside a ``with`` statement.

    The file can be played at any moment, also when the program dies.

    Parameters
    ----------
    path
        The file; one that exists is overwritten.
    config
        What will be written.
    device
        The camera, whose serial number, versions and calibration are stored; open it first.
    thread_safe
        Accepted for programs that pass it.
    """

    _recorder: Recorder | None = None

    def __init__(
        self, path: str | os.PathLike[str], config: Config, device: PyK4A | None = None, thread_safe: bool = True
    ) -> None:
        check_type("config", config, Config)
        if device is not None:
            check_type("device", device, PyK4A)
        self._path = Path(path)
        self._config = config
        self._device = device
        self.thread_safe = thread_safe
        self._header_written = False
        self._captures_count = 0

    @property
    def recorder(self) -> Recorder:
        """What it stands on: tags, attachments, IMU samples, tracks of your own, and how far writing has come."""
        if self._recorder is None:
            raise K4AException(f"{self._path} is not being recorded: create it")
        return self._recorder

    def create(self) -> None:
        """Create the file. K4AException says why it cannot be."""
        if self._recorder is not None:
            raise K4AException(f"{self._path} is being recorded already")
        with translated():
            self._recorder = Recorder(
                self._path,
                device=None if self._device is None else self._device.device,
                configuration=self._config.to_recorded_configuration(),
                overwrite=True,
            )
        self._header_written = False
        self._captures_count = 0

    def close(self) -> None:
        """Complete the file. K4AException when it is not being written, or not all of it could be."""
        recorder = self.recorder
        self._recorder = None
        with translated():
            recorder.close()

    def __enter__(self) -> Self:
        if self._recorder is None:
            self.create()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._recorder is None:
            return
        try:
            self.close()
        except K4AException as problem:
            if error is None:
                raise
            error.add_note(str(problem))  # what went wrong first matters more

    def __del__(self) -> None:
        if self._recorder is not None:  # as in pyk4a, what was forgotten is completed, without a warning
            try:
                self.close()
            except K4AException as error:
                _log.error("%s", error)

    # ---- writing ----

    def write_header(self) -> None:
        """Write the header; the first capture does it otherwise. K4AException the second time."""
        recorder = self.recorder
        if self._header_written:
            raise K4AException(f"{self._path}: the header has been written")
        with translated():
            recorder._require_header()
        self._header_written = True

    def write_capture(self, capture: PyK4ACapture) -> None:
        """Write the images of a capture.

        Parameters
        ----------
        capture
            The capture. What is written is a copy.

        Raises
        ------
        K4AException
            An image does not fit the configuration, or the file cannot be written.
        """
        check_type("capture", capture, PyK4ACapture)
        if not self._header_written:
            self.write_header()
        with translated():
            self.recorder.write_capture(capture.capture)
        self._captures_count += 1

    def flush(self) -> None:
        """Write everything there is to the disk. K4AException when the header is missing, or not all can be written."""
        recorder = self.recorder
        if not self._header_written:
            raise K4AException(f"{self._path}: nothing to flush before the header")
        with translated():
            recorder.flush()

    # ---- how far it is ----

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def created(self) -> bool:
        """Whether it is being written."""
        return self._recorder is not None

    @property
    def header_written(self) -> bool:
        """Whether the header has been written."""
        return self._header_written

    @property
    def captures_count(self) -> int:
        """How many captures have been written."""
        return self._captures_count
