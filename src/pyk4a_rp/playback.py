"""Playback: reading a recording."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import warnings
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np
import numpy.typing as npt

from . import _color, _extensions
from . import k4a as _k
from ._provider import Provider, default_provider, load_provider
from .capture import Capture, LateCalibration
from .captures import Captures, CursorSource, NativeSource
from .enums import ImageFormat, SeekOrigin, StreamResult
from .errors import EndOfRecording, K4AError, NotSupportedError, RecordingError, fail
from .imu import IMU_DTYPE, ImuSample, read_all_samples
from .prefetch import Prefetch
from .probe import why_unreadable
from .recording import Damage, DamageKind, RecordConfiguration
from .tags import Attachments, Tags
from .tracks import Tracks

if TYPE_CHECKING:
    from .calibration import Calibration
    from .k4a import PlaybackHandle

__all__ = ["Playback"]


class Playback:
    """A recording that is open for reading. Stands on ``k4a_playback_open`` and ``k4a_playback_close``.

    It has one position for captures, one for IMU samples and one for each custom track. Iterating yields the captures
    from the current position on; `captures`, `imu` and `Track.data_blocks` do not depend on positions and move none.
    Several threads may use one playback; each item goes to one of them.

    Close it with `close` or a `with` statement. Captures and images stay valid after that. What a forked child may do
    with a playback that it inherited is to close it (provider `bundled`); to read, it opens one of its own.

    Of a file that is still being written it has what was there when it was opened; open another one for what came
    later. The frames that were just being written then may be found by what reads later (iterating, say) and be missing
    in what has read before (`captures`, `imu`).

    Parameters
    ----------
    path
        The file.
    provider
        Name, path or `Provider` of the library that reads it; None for the default one (the bundled engine, unless
        the environment variable ``PYK4A_RP_PROVIDER`` says otherwise).
    color_format
        Convert color images to this format, as `Playback.color_format`; None leaves them as they are stored.

    Raises
    ------
    FileNotFoundError, PermissionError, IsADirectoryError
        As `open` does.
    RecordingError
        The file is not a recording, or too damaged; the message says what is wrong with it.

    Examples
    --------
    >>> from pyk4a_rp import Playback
    >>> with Playback("session.mkv") as playback:
    ...     for capture in playback:
    ...         if capture.depth is not None:
    ...             print(capture.depth.device_timestamp_usec, capture.depth.array.shape)
    1000000 (288, 320)
    1033333 (288, 320)
    1066666 (288, 320)
    """

    _handle: PlaybackHandle | None = None  # for __del__, should __init__ fail

    def __init__(
        self,
        path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
        *,
        provider: Provider | str | os.PathLike[str] | None = None,
        color_format: ImageFormat | None = None,
    ) -> None:
        self.path = os.fsdecode(path)
        mode = os.stat(self.path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode) or stat.S_ISDIR(mode)):
            # Opening a pipe would wait for its other end.
            raise RecordingError(f"{self.path} cannot be played: it is a pipe or device, not a file")
        with open(self.path, "rb"):
            pass  # says what is wrong better than any provider
        self._provider = default_provider("files") if provider is None else load_provider(provider)
        # The file is opened again later; the working directory may be another one then.
        self._absolute_path = os.path.abspath(self.path)
        self._handle = self._open_handle()
        self._get_calibration = LateCalibration(self, _read_calibration)
        self._imu: npt.NDArray[Any] | None = None
        self._imu_target_usec: int | None = None  # see _go_to_imu_target
        native = _extensions.available(self._handle)
        self._captures: NativeSource | CursorSource = NativeSource() if native else CursorSource()
        try:
            self._configuration, self._offset_correction_usec = self._read_configuration(self._handle)
            self._color_format = self._configuration.color_format
            if color_format is not None:
                self.color_format = color_format
        except BaseException:
            self.close()
            raise

    def __reduce__(self) -> NoReturn:
        # A copy would close the file under the original.
        raise TypeError("a Playback stands for an open file and cannot be pickled or copied: open the file again")

    def _open_handle(self) -> PlaybackHandle:
        result, handle = _k.k4a_playback_open(self._absolute_path, provider=self._provider)
        if handle is None:
            reason = why_unreadable(self._absolute_path)
            if self._provider.name != "bundled" and ("never closed" in reason or "cut off" in reason):
                reason += "; provider 'bundled' reads what can be read"
            fail(f"{self.path} cannot be played: {reason}", "k4a_playback_open",
                 provider=self._provider, code=result, error=RecordingError)  # fmt: skip
        return handle

    @contextlib.contextmanager
    def _open_another(self) -> Iterator[PlaybackHandle]:
        """A second handle of the same recording, with positions of its own."""
        self.handle  # noqa: B018 - raises when closed
        handle = self._open_handle()
        try:
            yield handle
        finally:
            handle.release()

    def _read_configuration(self, handle: PlaybackHandle) -> tuple[RecordConfiguration, int]:
        """The configuration, and what has to be added to the timestamps this provider reports."""
        result, c = _k.k4a_playback_get_record_configuration(handle)
        if c is None:
            fail(f"{self.path}: the configuration cannot be read", "k4a_playback_get_record_configuration",
                 provider=self._provider, code=result, error=RecordingError)  # fmt: skip
        start = c.start_timestamp_offset_usec
        if _extensions.available(handle):
            # The engine uses all 64 bits; only the structure of C is too small for them.
            start = _extensions.playback_get_start_offset_nsec(handle) // 1000
            return RecordConfiguration._of(c, start), 0
        correction = 0
        if self._provider.dialect == "microsoft":
            # There the offset is cut to 32 bits before it is added to the timestamps of images and data blocks.
            _, text = _k.k4a_playback_get_tag(handle, "K4A_START_OFFSET_NS")
            number = re.match(r"\s*\+?(\d+)", text or "")
            whole = int(number[1]) // 1000 if number else start
            if whole % 2**32 == start:
                correction = whole - start
        return RecordConfiguration._of(c, start + correction), correction

    # ---- its life ----

    @property
    def handle(self) -> PlaybackHandle:
        """The handle for functions of the flat layer.

        Raises
        ------
        ValueError
            The playback is closed.
        """
        if self._handle is None:
            raise ValueError(f"the playback of {self.path} is closed")
        self._require_open(self._handle)
        return self._handle

    def _require_open(self, handle: PlaybackHandle) -> None:
        if handle.released:
            raise ValueError(f"the playback of {self.path} is closed")

    def _fail(
        self, handle: PlaybackHandle, what: str, call: str, code: int, error: type[K4AError] = RecordingError
    ) -> NoReturn:
        """Raise for a call that failed: ValueError when another thread closed the handle before it."""
        self._require_open(handle)
        fail(f"{self.path}{what}", call, provider=self._provider, code=code, error=error)

    @property
    def provider(self) -> Provider:
        """The library that reads the file."""
        return self._provider

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle is None or self._handle.released

    def close(self) -> None:
        """Close the file. Does nothing the second time. Stands on ``k4a_playback_close``.

        Images whose pixels nobody looked at still lie in the file, and hold it open until they are gone.
        """
        if self._handle is not None:
            self._handle.release()
            self._captures.close()

    def __enter__(self) -> Self:
        self.handle  # noqa: B018 - raises when closed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._handle is not None and not self._handle.released:
            warnings.warn(f"unclosed {self!r}", ResourceWarning, stacklevel=2, source=self)
            self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else f"provider {self._provider.name!r}"
        return f"<Playback {self.path!r}, {state}>"

    # ---- what it is ----

    @property
    def configuration(self) -> RecordConfiguration:
        """How the recording was made. Stands on ``k4a_playback_get_record_configuration``."""
        return self._configuration

    @property
    def duration_usec(self) -> int:
        """Length in microseconds, to the end of the last frame or sample.

        Stands on ``k4a_playback_get_recording_length_usec``.
        """
        handle = self.handle
        duration = _k.k4a_playback_get_recording_length_usec(handle)
        self._require_open(handle)
        return duration

    @property
    def raw_calibration(self) -> bytes:
        """The calibration as the camera stores it: JSON text. Stands on ``k4a_playback_get_raw_calibration``.

        Raises
        ------
        RecordingError
            The recording has no calibration, or an empty one.
        """
        handle = self.handle
        if not _extensions.available(handle):
            # An empty attachment crashes Microsoft's library.
            for name in {self.tags.get("K4A_CALIBRATION_FILE", "calibration.json"), "calibration.json"}:
                if self.attachments.get(name) == b"":
                    raise RecordingError(f"{self.path}: the attachment {name} is empty")
        result, data = _k.k4a_playback_get_raw_calibration(handle)
        if data is None:
            self._fail(handle, " has no calibration", "k4a_playback_get_raw_calibration", result)
        if not data.rstrip(b"\0"):
            raise RecordingError(f"{self.path}: the attached calibration is empty")
        return data

    @property
    def calibration(self) -> Calibration:
        """The calibration for the modes of the recording. Stands on ``k4a_playback_get_calibration``.

        Raises
        ------
        RecordingError
            The recording has no calibration, or one that cannot be read.
        """
        return self._get_calibration()

    @property
    def tags(self) -> Tags:
        """The tags by name."""
        self.handle  # noqa: B018 - raises when closed
        return Tags(self)

    @property
    def attachments(self) -> Attachments:
        """The attached files by name."""
        self.handle  # noqa: B018 - raises when closed
        return Attachments(self)

    @property
    def tracks(self) -> Tracks:
        """The tracks by name."""
        self.handle  # noqa: B018 - raises when closed
        return Tracks(self)

    @property
    def damage(self) -> Damage | None:
        """What is known so far to be wrong with the file, None if nothing is.

        It grows as the file is read, and is logged as a warning then. Only provider `bundled` can tell;
        others refuse a file or ignore what is wrong with it.
        """
        handle = self.handle
        if not _extensions.available(handle):
            return None
        _result, damage = _extensions.playback_get_damage(handle)
        self._require_open(handle)
        if damage is None or not damage.kinds:
            return None
        _, text = _extensions.playback_get_damage_text(handle)
        return Damage(
            DamageKind(damage.kinds), damage.offset, damage.lost_bytes, bool(damage.start_offset_restored), text or ""
        )

    # ---- captures ----

    @property
    def color_format(self) -> ImageFormat:
        """Format in which color images are read. Set it to have them converted from then on.

        Stands on ``k4a_playback_set_color_conversion``.

        Raises
        ------
        NotSupportedError
            The provider cannot convert the color images of this recording to that format.
        """
        return self._color_format

    @color_format.setter
    def color_format(self, value: ImageFormat) -> None:
        wanted = ImageFormat(value)
        self._convert_color(self.handle, None, wanted)
        self._color_format = wanted

    def _convert_color(self, handle: PlaybackHandle, current: int | None, wanted: ImageFormat | None = None) -> None:
        """Have a handle convert to `wanted` (None: what this playback converts to) unless it does already."""
        wanted = self._color_format if wanted is None else wanted
        if wanted == current:
            return
        stored = self._configuration.color_format
        what = (
            f"{stored.name} images to {wanted.name}" if self._configuration.color_track_enabled else "color: no track"
        )
        result = _k.k4a_playback_set_color_conversion(handle, wanted)
        if result:
            call = "k4a_playback_set_color_conversion"
            self._fail(handle, f": cannot convert {what}", call, result, NotSupportedError)

    @property
    def damaged_color_count(self) -> int:
        """Color images that were asked for and are missing because their pixels are damaged.

        With a conversion on (`color_format`), a picture that cannot be decoded costs the color image of its capture:
        ``capture.color`` is None, one line is logged, and it counts here: once for each capture object, so again when
        the same capture is read again. Only provider `bundled`; with others such a capture cannot be read at all.
        """
        handle = self.handle
        if not _extensions.available(handle):
            return 0
        _result, count = _color.playback_get_damaged_color_count(handle)
        self._require_open(handle)
        return count or 0

    def prefetch(self, depth: int | None = None, threads: int | None = None) -> Prefetch:
        """The captures from the current position on, read and decoded ahead on native threads.

        Parameters
        ----------
        depth
            Captures that are held ready at most, from 1 to 4096; None: twice the threads.
        threads
            How many read and decode, from 1 to 64; None: one for each core.

        Returns
        -------
        Prefetch
            An iterator of `Capture`. The position follows what has been taken.

        Raises
        ------
        ValueError
            One of the numbers is too small or too large.

        Examples
        --------
        >>> from pyk4a_rp import Playback
        >>> with Playback("session.mkv") as playback:
        ...     sum(capture.depth is not None for capture in playback.prefetch(threads=2))
        3
        """
        return Prefetch(self, depth=depth, threads=threads)

    @property
    def captures(self) -> Captures:
        """All captures as a sequence; does not depend on the position and does not move it."""
        self.handle  # noqa: B018 - raises when closed
        return Captures(self)

    def __iter__(self) -> Iterator[Capture]:
        # Not a generator: after a capture that cannot be read the next one can be asked for.
        return iter(lambda: self._step_capture(self.handle, forwards=True), None)

    def next_capture(self) -> Capture:
        """The capture after the current position. Stands on ``k4a_playback_get_next_capture``.

        Raises
        ------
        EndOfRecording
            There is none.
        RecordingError
            It cannot be read.
        """
        capture = self._step_capture(self.handle, forwards=True)
        if capture is None:
            raise EndOfRecording(f"{self.path}: no more captures", call="k4a_playback_get_next_capture", code=2)
        return capture

    def previous_capture(self) -> Capture:
        """The capture before the current position. Stands on ``k4a_playback_get_previous_capture``.

        Raises
        ------
        EndOfRecording
            There is none.
        RecordingError
            It cannot be read.
        """
        capture = self._step_capture(self.handle, forwards=False)
        if capture is None:
            raise EndOfRecording(f"{self.path}: no capture before this one", call="k4a_playback_get_previous_capture",
                                 code=2)  # fmt: skip
        return capture

    def _step_capture(self, handle: PlaybackHandle, *, forwards: bool) -> Capture | None:
        if forwards:
            call = "k4a_playback_get_next_capture"
            result, found = _k.k4a_playback_get_next_capture(handle)
        else:
            call = "k4a_playback_get_previous_capture"
            result, found = _k.k4a_playback_get_previous_capture(handle)
        if found is None:
            if result == StreamResult.EOF:
                return None
            self._fail(handle, ": a capture cannot be read", call, result)
        capture = Capture._wrap(found, self._get_calibration)
        if self._offset_correction_usec:
            for image in (capture.color, capture.depth, capture.ir):
                if image is not None:
                    image.device_timestamp_usec += self._offset_correction_usec
        return capture

    def seek(self, offset_usec: int, origin: SeekOrigin = SeekOrigin.BEGIN) -> None:
        """Move all positions to a time. Stands on ``k4a_playback_seek_timestamp``.

        After that the next capture is the first one of which an image was taken at that time or later, the previous
        one is the last of which all images were taken before. Times before the beginning and after the end are
        accepted. With a depth delay (`RecordConfiguration.depth_delay_off_color_usec`) the images of the earlier camera
        count as taken that much later, together with those of the other.

        Parameters
        ----------
        offset_usec
            Microseconds: after the beginning of the file (BEGIN), after its end, so mostly negative (END), or of
            device time, as timestamps of images are (DEVICE_TIME).
        origin
            What the offset is counted from.

        Raises
        ------
        OverflowError
            The offset does not fit into 64 bits.
        RecordingError
            The file cannot be read.
        """
        origin = SeekOrigin(origin)
        correction = self._offset_correction_usec if origin == SeekOrigin.DEVICE_TIME else 0
        handle = self.handle
        result = _k.k4a_playback_seek_timestamp(handle, offset_usec - correction, origin)
        if result:
            what = f": cannot seek to {offset_usec} us from {origin.name}"
            self._fail(handle, what, "k4a_playback_seek_timestamp", result)
        if self._offset_correction_usec:
            start = self._configuration.start_timestamp_offset_usec
            zero = {SeekOrigin.BEGIN: start, SeekOrigin.END: start + self.duration_usec + 1}.get(origin, 0)
            self._imu_target_usec = zero + offset_usec

    # ---- IMU ----

    @property
    def imu(self) -> npt.NDArray[Any]:
        """All IMU samples; does not depend on the position and does not move it.

        Read once and kept, therefore read-only. Provider `bundled` reads them in one pass; others stand on
        ``k4a_playback_get_next_imu_sample``.

        Returns
        -------
        numpy.ndarray
            Shape (samples,), structured: `acc_timestamp_usec` and `gyro_timestamp_usec`, int64 microseconds of device
            time; `acc`, float32 (3,) in metres per second squared; `gyro`, float32 (3,) in radians per second;
            `temperature_c`, float32 degrees Celsius, NaN where unknown, as in all recordings. Empty without IMU track.

        Raises
        ------
        RecordingError
            The file cannot be read; with providers other than `bundled` also, a sample cannot be.
        """
        handle = self.handle
        if self._imu is None:
            if not self._configuration.imu_track_enabled:
                samples = np.empty(0, IMU_DTYPE)
            elif _extensions.available(handle):
                try:
                    samples = read_all_samples(handle, self.path)
                except RecordingError:
                    self._require_open(handle)
                    raise
            else:
                with self._open_another() as another:
                    samples = read_all_samples(another, self.path)
            samples.flags.writeable = False
            self._imu = samples
        return self._imu

    def next_imu_sample(self) -> ImuSample:
        """The sample after the current position. Stands on ``k4a_playback_get_next_imu_sample``.

        Raises
        ------
        EndOfRecording
            There is none.
        RecordingError
            It cannot be read.
        """
        sample = self._step_imu(forwards=True) if self._imu_target_usec is None else self._go_to_imu_target()
        if sample is None:
            call = "k4a_playback_get_next_imu_sample"
            raise EndOfRecording(f"{self.path}: no more IMU samples", call=call, code=2)
        return sample

    def previous_imu_sample(self) -> ImuSample:
        """The sample before the current position. Stands on ``k4a_playback_get_previous_imu_sample``.

        Raises
        ------
        EndOfRecording
            There is none.
        RecordingError
            It cannot be read.
        """
        if self._imu_target_usec is not None:
            self._go_to_imu_target()
        sample = self._step_imu(forwards=False)
        if sample is None:
            call = "k4a_playback_get_previous_imu_sample"
            raise EndOfRecording(f"{self.path}: no IMU sample before this one", call=call, code=2)
        return sample

    def _step_imu(self, *, forwards: bool) -> ImuSample | None:
        handle = self.handle
        if forwards:
            call = "k4a_playback_get_next_imu_sample"
            result, sample = _k.k4a_playback_get_next_imu_sample(handle)
        else:
            call = "k4a_playback_get_previous_imu_sample"
            result, sample = _k.k4a_playback_get_previous_imu_sample(handle)
        if result == StreamResult.EOF:
            return None
        if sample is None or result != StreamResult.SUCCEEDED:
            self._fail(handle, ": an IMU sample cannot be read", call, result)
        return ImuSample._of(sample)

    def _go_to_imu_target(self) -> ImuSample | None:
        """Step to the first sample at or after the time sought, and return it; None at the end.

        Needed where the provider cuts the start offset to 32 bits: samples have all bits of their times, so that after
        a seek it finds no more than the right block of them.
        """
        target, self._imu_target_usec = self._imu_target_usec, None
        while (sample := self._step_imu(forwards=True)) is not None:
            if target is None or sample.acc_timestamp_usec >= target:
                break
        return sample


def _read_calibration(playback: Playback) -> Calibration:
    from .calibration import Calibration

    handle = playback.handle
    try:
        return Calibration.from_playback(playback)
    except RecordingError:
        playback._require_open(handle)
        raise
