"""Recorder: writing a recording."""

from __future__ import annotations

import errno
import logging
import operator
import os
import re
import shutil
import threading
import time
import warnings
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

from . import _extensions, _points
from . import k4a as _k
from ._provider import Provider, default_provider, load_provider
from .calibration import Calibration
from .device_configuration import DeviceConfiguration
from .enums import ColorResolution, DepthMode
from .errors import EndOfRecording, K4AError, NotSupportedError, fail, take_messages
from .foreign_captures import copy_capture
from .imu import ImuSample
from .k4a import CaptureHandle
from .recorder_state import RecorderError, RecorderState
from .structs import (
    k4a_float3_t,
    k4a_imu_sample_t,
    k4a_record_subtitle_settings_t,
    k4a_record_video_settings_t,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from .device import Device
    from .k4a import RecordHandle
    from .tracks import VideoSettings

__all__ = ["Recorder", "RecorderError", "RecorderState"]

LOW_SPACE_BYTES = 256 << 20
_NAME = re.compile(r"[A-Z0-9_-]+")
_SPACE_CHECK_SECONDS = 1.0
_log = logging.getLogger("pyk4a_rp.recorder")


class Recorder:
    """A recording that is being written. Stands on ``k4a_record_create`` and ``k4a_record_close``.

    Tags, attachments and tracks are added first; the first data end that. Provider `bundled` keeps the file playable at
    any moment. Several threads may write to one recorder.

    Close it with `close` or a `with` statement, which say whether everything was written.

    Parameters
    ----------
    path
        The file.
    device
        The camera whose captures will be written: its configuration, serial number, versions and calibration are
        stored. It may belong to another provider.
    configuration
        What will be written; None for that of the device.
    imu
        Add an IMU track. With a device, its IMU runs with its cameras and its samples are written along with captures.
    calibration
        The calibration to store instead of the device's: a `Calibration` that knows its text, or the text.
    metadata
        Keep system times, exposure, white balance, ISO speed and temperatures, which recordings of Microsoft's SDK
        lose, in a track of their own that other players take for a custom track. Only provider `bundled` can.
    overwrite
        Whether an existing file may be replaced.
    queue_limit_bytes
        Memory for data that waits to be written; writing blocks when it is full. 0: the provider decides. Only
        provider `bundled`.
    provider
        Name, path or `Provider` of the library that writes; None for the default one for files.

    Raises
    ------
    FileExistsError
        The file exists.
    RecorderError
        It cannot be created; its `errno` and message say why.

    Examples
    --------
    >>> from pyk4a_rp import Capture, ColorResolution, DeviceConfiguration, DepthMode, Image, ImageFormat, Recorder
    >>> configuration = DeviceConfiguration(color_resolution=ColorResolution.OFF, depth_mode=DepthMode.NFOV_UNBINNED)
    >>> with Recorder("new.mkv", configuration=configuration) as recorder:
    ...     recorder.add_tag("OPERATOR", "me")
    ...     recorder.write_capture(Capture(depth=Image(ImageFormat.DEPTH16, 640, 576)))
    """

    _handle: RecordHandle | None = None  # for __del__, should __init__ fail

    def __init__(
        self,
        path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
        *,
        device: Device | None = None,
        configuration: DeviceConfiguration | None = None,
        imu: bool = False,
        calibration: Calibration | bytes | str | None = None,
        metadata: bool = True,
        overwrite: bool = False,
        queue_limit_bytes: int = 0,
        provider: Provider | str | os.PathLike[str] | None = None,
    ) -> None:
        self.path = os.fsdecode(path)
        self.device = device
        if configuration is None:
            if device is None:
                raise TypeError("a recorder needs a device or a configuration")
            configuration = device.configuration
        if not isinstance(configuration, DeviceConfiguration):
            raise TypeError(f"configuration is a DeviceConfiguration, not a {type(configuration).__name__}")
        self.configuration = configuration
        self._provider = default_provider("files") if provider is None else load_provider(provider)
        raw = _calibration_text(calibration)
        limit = _queue_limit(queue_limit_bytes, self._provider)
        self._absolute_path = os.path.abspath(self.path)
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._recording = threading.RLock()  # held by `record`
        self._header_written = False
        self._imu = False
        self._captures = self._imu_samples = 0
        self._missing = 0
        self._last_usec: int | None = None
        self._stop = threading.Event()
        self._next_space_check = 0.0
        self._space_warned = False
        source = None if device is None else device._replays
        if source is not None and os.path.exists(self._absolute_path) and os.path.samefile(source, self._absolute_path):
            raise ValueError(f"{self.path} is the recording that {device} replays")
        # What can fail comes before the file is touched: a recording that is to be replaced must not be lost for it.
        if imu and device is not None:
            self._take_imu(device)
        created = False
        try:
            created = _reserve(self._absolute_path, overwrite)
            self._create(raw)
            self._set_options(metadata, limit)
            if imu:
                self._check(_k.k4a_record_add_imu_track(self.handle), "k4a_record_add_imu_track", "has no IMU track")
        except BaseException:
            if self._handle is not None:
                self._handle.release()
            self._give_imu_back()
            if created:
                os.unlink(self._absolute_path)
            raise

    def _take_imu(self, device: Device) -> None:
        """Have the IMU run with the cameras, for this recorder alone: a sample can be taken once."""
        if device._imu_taken:
            raise ValueError(f"{self.path}: the IMU samples of {device} go to another recorder already")
        if device.running and not device.imu_running:
            device.start_imu()
        device._imu_wanted = device._imu_taken = self._imu = True

    def _give_imu_back(self) -> None:
        if self._imu and self.device is not None:
            self.device._imu_wanted = self.device._imu_taken = self._imu = False

    def _create(self, raw: bytes | None) -> None:
        device = self.device
        own = device is not None and raw is None and device.provider is self._provider
        result, handle = _k.k4a_record_create(
            self._absolute_path,
            device.handle if own and device is not None else None,
            self.configuration.to_native(),
            provider=self._provider,
        )
        if handle is None:
            fail(f"{self.path} cannot be created", "k4a_record_create", provider=self._provider, code=result,
                 error=RecorderError)  # fmt: skip
        self._handle = handle
        if own:
            return
        if device is not None:
            self.add_tag("K4A_COLOR_FIRMWARE_VERSION", str(device.version.rgb))
            self.add_tag("K4A_DEPTH_FIRMWARE_VERSION", str(device.version.depth))
            if device.serial:
                self.add_tag("K4A_DEVICE_SERIAL_NUMBER", device.serial)
            raw = device.raw_calibration if raw is None else raw
        if raw is not None:
            self.add_attachment("calibration.json", raw)
            self.add_tag("K4A_CALIBRATION_FILE", "calibration.json")

    def _set_options(self, metadata: bool, queue_limit_bytes: int) -> None:
        handle = self.handle
        if not _extensions.available(handle):
            return
        _, options = _extensions.record_get_options(handle)
        assert options is not None
        options = options._replace(keep_metadata=int(metadata), queue_limit_bytes=queue_limit_bytes)
        self._check(_extensions.record_set_options(handle, options), "k4a_rp record_set_options", "takes no options")

    # ---- its life ----

    @property
    def handle(self) -> RecordHandle:
        """The handle for functions of the flat layer.

        Raises
        ------
        ValueError
            The recorder is closed.
        """
        if self._handle is None or self._handle.released:
            raise ValueError(f"the recorder of {self.path} is closed")
        return self._handle

    @property
    def provider(self) -> Provider:
        """The library that writes the file."""
        return self._provider

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle is None or self._handle.released

    def close(self) -> None:
        """Write the rest and complete the file. Does nothing the second time. Stands on ``k4a_record_close``.

        Waits for a `record` of another thread, which it ends. In a process that was forked meanwhile the recorder is
        given up, and the file left alone.

        Raises
        ------
        RecorderError
            Not everything could be written. The recorder is closed nevertheless.
        """
        if self._process != os.getpid():  # forked: the file belongs to the process that began it
            if self._handle is not None:
                self._handle.release()
            return
        self.stop()
        with self._recording, self._lock:
            handle = self._handle
            if handle is None or handle.released:
                return
            try:
                self._require_header()
                if _extensions.available(handle):
                    self._check(_extensions.record_finish(handle), "k4a_rp record_finish", "could not be completed")
                else:
                    self._check(_k.k4a_record_flush(handle), "k4a_record_flush", "could not be completed")
            finally:
                handle.release()
                self._give_imu_back()

    def __enter__(self) -> Self:
        self.handle  # noqa: B018 - raises when closed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.close()
        except RecorderError as problem:
            if error is None:
                raise
            error.add_note(str(problem))  # what went wrong first matters more

    def __del__(self) -> None:
        if self._handle is not None and not self._handle.released:
            if self._process != os.getpid():
                self.close()
                return
            warnings.warn(f"unclosed {self!r}", ResourceWarning, stacklevel=2, source=self)
            try:
                self.close()
            except (K4AError, OSError) as error:
                _log.error("%s", error)

    def __reduce__(self) -> Any:
        raise TypeError("a Recorder writes a file and cannot be pickled or copied")

    def __repr__(self) -> str:
        state = "closed" if self.closed else f"provider {self._provider.name!r}"
        return f"<Recorder {self.path!r}, {state}>"

    # ---- before the data ----

    def add_tag(self, name: str, value: str) -> None:
        """Add a tag. Stands on ``k4a_record_add_tag``.

        Parameters
        ----------
        name
            Capital letters, digits, ``_`` and ``-``.
        value
            Any text.

        Raises
        ------
        ValueError
            The name has other characters, or data have been written.
        """
        self._check(_k.k4a_record_add_tag(self._before("tag", name), name, value), "k4a_record_add_tag",
                    f"does not take the tag {name}")  # fmt: skip

    def add_attachment(self, name: str, data: Buffer) -> None:
        """Attach a file. Stands on ``k4a_record_add_attachment``.

        Parameters
        ----------
        name
            Its name.
        data
            Its bytes, which are copied.
        """
        self._check(_k.k4a_record_add_attachment(self._before("attachment"), name, data), "k4a_record_add_attachment",
                    f"does not take the attachment {name}")  # fmt: skip

    def add_custom_video_track(
        self, name: str, codec_id: str, settings: VideoSettings, codec_context: Buffer | None = None
    ) -> None:
        """Add a video track of your own. Stands on ``k4a_record_add_custom_video_track``.

        Parameters
        ----------
        name
            Capital letters, digits, ``_`` and ``-``.
        codec_id
            What the frames are, in the words of Matroska: "V_MPEG4/ISO/AVC".
        settings
            Size and rate.
        codec_context
            What a decoder needs to know.
        """
        if min(settings.width, settings.height, settings.frame_rate) <= 0:
            raise ValueError(f"width, height and frame_rate of a video track are greater than 0: not {settings}")
        native = k4a_record_video_settings_t(settings.width, settings.height, settings.frame_rate)
        self._check(
            _k.k4a_record_add_custom_video_track(self._before("track", name), name, codec_id, codec_context, native),
            "k4a_record_add_custom_video_track",
            f"does not take the track {name}",
        )

    def add_custom_subtitle_track(
        self, name: str, codec_id: str, codec_context: Buffer | None = None, *, high_frequency: bool = False
    ) -> None:
        """Add a data track of your own. Stands on ``k4a_record_add_custom_subtitle_track``.

        Parameters
        ----------
        name
            Capital letters, digits, ``_`` and ``-``.
        codec_id
            What the data are, in the words of Matroska: "S_TEXT/UTF8", or something of your own beginning with "S_".
        codec_context
            What a decoder needs to know.
        high_frequency
            Many small pieces: stores several in one block.
        """
        settings = k4a_record_subtitle_settings_t(high_frequency)
        self._check(
            _k.k4a_record_add_custom_subtitle_track(
                self._before("track", name), name, codec_id, codec_context, settings
            ),
            "k4a_record_add_custom_subtitle_track",
            f"does not take the track {name}",
        )

    def _before(self, what: str, name: str = "A") -> RecordHandle:
        handle = self.handle
        if self._header_written:
            raise ValueError(f"{self.path}: too late for a {what}, data have been written")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a {what}: it has capital letters, digits, _ and - only")
        if what == "track" and name.startswith("PYK4A_RP_"):
            raise ValueError(f"{name!r} is no name of a {what}: PYK4A_RP_ is for what the recorder keeps itself")
        return handle

    # ---- the data ----

    def _require_header(self) -> RecordHandle:
        if not self._header_written:
            with self._lock:
                if not self._header_written:
                    result = _k.k4a_record_write_header(self.handle)
                    self._check(result, "k4a_record_write_header", "takes no header")
                    self._header_written = True
        return self.handle

    def write_capture(self, capture: CaptureHandle) -> None:
        """Write the images of a capture, and the IMU samples there are. Stands on ``k4a_record_write_capture``.

        Parameters
        ----------
        capture
            The capture, of any provider. What is written is a copy.

        Raises
        ------
        RecorderError
            An image does not fit its track, came too late, or the file cannot be written.
        """
        if not isinstance(capture, CaptureHandle):
            raise TypeError(f"capture is a Capture, not a {type(capture).__name__}")
        handle = self._require_header()
        if capture.released:
            raise ValueError("the capture has been released")
        own = capture if capture.provider is self._provider else copy_capture(capture, self._provider)
        self._check(_k.k4a_record_write_capture(handle, own), "k4a_record_write_capture",
                    "does not take the capture")  # fmt: skip
        self._captures += 1
        self._watch_space()
        if self._imu and self.device is not None:
            self.write_imu_samples()

    def write_imu_sample(self, sample: ImuSample | k4a_imu_sample_t) -> None:
        """Write an IMU sample. Stands on ``k4a_record_write_imu_sample``.

        Parameters
        ----------
        sample
            The sample. Samples are ordered by the time of the acceleration.

        Raises
        ------
        RecorderError
            There is no IMU track, the sample came too late, or the file cannot be written.
        """
        if isinstance(sample, ImuSample):
            sample = k4a_imu_sample_t(
                sample.temperature_c,
                k4a_float3_t(*sample.acc),
                sample.acc_timestamp_usec,
                k4a_float3_t(*sample.gyro),
                sample.gyro_timestamp_usec,
            )
        self._check(_k.k4a_record_write_imu_sample(self._require_header(), sample), "k4a_record_write_imu_sample",
                    "does not take the IMU sample")  # fmt: skip
        self._imu_samples += 1

    def write_imu_samples(self) -> int:
        """Write the samples that wait in the device, and return how many they were. Does not wait for any."""
        device = self.device
        if device is None:
            raise ValueError(f"the recorder of {self.path} has no device")
        if not device.imu_running:
            return 0
        result, count = _extensions.record_write_waiting_imu_samples(self._require_header(), device.handle)
        self._imu_samples += count
        self._check(result, "k4a_record_write_imu_sample", "does not take the IMU sample")
        return count

    def write_custom_track_data(self, track: str, device_timestamp_usec: int, data: Buffer) -> None:
        """Write a block of a track of your own. Stands on ``k4a_record_write_custom_track_data``.

        Parameters
        ----------
        track
            Name of the track.
        device_timestamp_usec
            When it belongs, microseconds of device time.
        data
            The bytes, which are copied.
        """
        result = _k.k4a_record_write_custom_track_data(self._require_header(), track, device_timestamp_usec, data)
        self._check(result, "k4a_record_write_custom_track_data", f"does not take the data for track {track}")

    def flush(self) -> None:
        """Write everything there is to the disk. Stands on ``k4a_record_flush``.

        Raises
        ------
        RecorderError
            Not everything could be written.
        """
        self._check(_k.k4a_record_flush(self._require_header()), "k4a_record_flush", "could not be flushed")

    def record(self, *, seconds: float | None = None, frames: int | None = None, timeout: float | None = 10.0) -> int:
        """Write what the device delivers, IMU samples included. Starts the cameras where they do not run.

        Parameters
        ----------
        seconds
            For how long, in device time from the first capture; None for any.
        frames
            How many captures; None for any. Without both it goes on until `stop`, or the end of a recording that is
            replayed.
        timeout
            How long to wait for a capture, seconds; None waits for ever.

        Returns
        -------
        int
            How many captures were written.

        Raises
        ------
        K4ATimeoutError
            No capture came in time.
        DeviceLostError
            The device is gone. What was recorded is in the file, which can be closed as ever.
        RecorderError
            Something could not be written.
        """
        device = self.device
        if device is None:
            raise ValueError(f"the recorder of {self.path} has no device")
        if seconds is not None and not seconds > 0:
            raise ValueError(f"seconds are greater than 0, not {seconds}")
        if frames is not None and operator.index(frames) <= 0:
            raise ValueError(f"frames are greater than 0, not {frames}")
        with self._recording:
            self.handle  # noqa: B018 - raises when closed
            self._stop.clear()
            self._last_usec = None  # a pause is no loss
            if not device.running:
                device.start()
            return self._record(device, seconds, frames, timeout)

    def _record(self, device: Device, seconds: float | None, frames: int | None, timeout: float | None) -> int:
        first: int | None = None
        count = 0
        while not self._stop.is_set() and (frames is None or count < frames):
            try:
                capture = device._next_capture(timeout, self._stop)
            except EndOfRecording:
                break
            if capture is None:
                break
            at = capture.device_timestamp_usec
            if at is not None:
                first = at if first is None else first
                if seconds is not None and at - first >= seconds * 1e6:
                    break
                self._count_missing(at)
            self.write_capture(capture)
            capture.release()
            count += 1
        return count

    def stop(self) -> None:
        """End a `record` that another thread is in, or a signal handler interrupted. Without one it does nothing."""
        self._stop.set()

    def _count_missing(self, at_usec: int) -> None:
        if self._last_usec is not None:
            periods = (at_usec - self._last_usec) / self.configuration.frame_period_usec
            self._missing += max(round(periods) - 1, 0)
        self._last_usec = at_usec

    # ---- how it goes ----

    @property
    def dropped_captures(self) -> int:
        """Captures that `record` should have got by their times, and did not."""
        return self._missing

    @property
    def state(self) -> RecorderState:
        """How far writing has come. Any thread may ask."""
        handle = self.handle
        if not _extensions.available(handle):
            return RecorderState(self._captures, self._imu_samples)
        _, state = _extensions.record_get_state(handle)
        assert state is not None
        return RecorderState(
            self._captures,
            self._imu_samples,
            state.bytes_on_disk,
            state.frames_on_disk,
            state.pending_bytes,
            state.peak_pending_bytes,
            state.late_frames,
            state.refused_late,
        )

    @property
    def free_bytes(self) -> int:
        """Free space where the file is, bytes. OSError when its folder is not there any more."""
        return shutil.disk_usage(os.path.dirname(self._absolute_path)).free

    def _watch_space(self) -> None:
        now = time.monotonic()
        if self._space_warned or now < self._next_space_check:
            return
        self._next_space_check = now + _SPACE_CHECK_SECONDS
        try:
            free = self.free_bytes
        except OSError:  # the folder was renamed, which does not hurt the open file
            return
        if free < LOW_SPACE_BYTES:
            self._space_warned = True
            _log.warning("%s: only %d MB are free on its disk", self.path, free >> 20)

    def _check(self, result: int, call: str, what: str) -> None:
        if result:
            self._fail(int(result), call, what)

    def _fail(self, code: int, call: str, what: str) -> NoReturn:
        handle = self.handle
        messages = take_messages(self._provider)  # before other calls take their place
        message = f"{self.path} {what}"
        number = saved_bytes = saved_frames = None
        if _extensions.available(handle):
            _, state = _extensions.record_get_state(handle)
            _, text = _extensions.record_get_error_text(handle)
            if state is not None:
                saved_bytes, saved_frames = state.bytes_on_disk, state.frames_on_disk
                if state.failed:
                    number = state.error_code or None
                    message += f": {text}; {saved_frames} frames ({saved_bytes} bytes) are in the file"
        try:
            fail(message, call, provider=self._provider, code=code, error=RecorderError, messages=messages)
        except RecorderError as error:
            error.errno, error.filename = number, self.path
            error.bytes_on_disk, error.frames_on_disk = saved_bytes, saved_frames
            raise


def _calibration_text(calibration: Calibration | bytes | str | None) -> bytes | None:
    """The text of a calibration, which must be one that can be read again."""
    if calibration is None:
        return None
    if not isinstance(calibration, Calibration):
        calibration = Calibration(calibration, DepthMode.NFOV_UNBINNED, ColorResolution.RES_720P, provider="bundled")
    if calibration.raw is None:
        raise ValueError("this calibration does not know its text, which is what a recording stores")
    return calibration.raw


def _queue_limit(size: int, provider: Provider) -> int:
    if not 0 <= operator.index(size) < 1 << 64:
        raise ValueError(f"queue_limit_bytes is a number of bytes, not {size}")
    if size and not _points.available(provider):
        raise NotSupportedError(f"provider {provider.name!r} has no limit of its queue")
    return size


def _reserve(path: str, overwrite: bool) -> bool:
    """Make the file, so that nobody else does meanwhile; say whether it is new. Raises as `open` does."""
    try:
        with open(path, "xb"):
            return True
    except FileExistsError:
        if not overwrite:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
    with open(path, "ab"):
        return False
