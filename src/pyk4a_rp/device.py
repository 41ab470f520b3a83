"""Device: a camera, real or simulated."""

from __future__ import annotations

import contextlib
import operator
import os
import threading
import warnings
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, NoReturn, Self

from . import k4a as _k
from ._provider import Provider, default_provider, load_provider
from .calibration import Calibration
from .capture import Capture, LateCalibration
from .color_controls import ColorControls
from .device_configuration import DeviceConfiguration
from .device_stream import DeviceLostError, Flag, Stream, check_timeout
from .enums import ColorResolution, DepthMode
from .errors import check, fail
from .imu import ImuSample
from .k4a import CaptureHandle, DeviceHandle
from .structs import k4a_imu_sample_t

__all__ = ["Device", "DeviceLostError", "SyncJacks"]


class SyncJacks(NamedTuple):
    """Whether synchronisation cables are plugged into "sync in" and "sync out"."""

    sync_in: bool
    sync_out: bool


class Device:
    """An open camera. Stands on ``k4a_device_open`` and ``k4a_device_close``.

    Get one from `Device.open` or `Device.simulated`. Its cameras start with `start`, or when the first capture is asked
    for. Waiting ends within a tenth of a second on Ctrl-C, and when another thread closes the device.

    Close it with `close` or a `with` statement. Captures and images stay valid after that.

    Attributes
    ----------
    serial : str or None
        Serial number (``k4a_device_get_serialnum``); None when it cannot be read.
    version : k4a_hardware_version_t
        Versions of the firmware (``k4a_device_get_version``).

    Examples
    --------
    >>> from pyk4a_rp import ColorResolution, DepthMode, Device, DeviceConfiguration
    >>> configuration = DeviceConfiguration(color_resolution=ColorResolution.OFF, depth_mode=DepthMode.NFOV_UNBINNED)
    >>> with Device.simulated("scene", configuration=configuration, on_demand=True) as device:
    ...     device.get_capture(timeout=5).depth.array.shape
    (576, 640)
    """

    _handle: DeviceHandle | None = None  # for __del__, should __init__ fail

    def __init__(self, handle: DeviceHandle, configuration: DeviceConfiguration | None, name: str) -> None:
        self._handle = handle
        self._name = name
        self._provider = handle.provider
        self._configuration = DeviceConfiguration() if configuration is None else configuration
        self._lock = threading.RLock()
        self._cameras = Stream[CaptureHandle](_k.k4a_device_get_capture, "k4a_device_get_capture", "capture")
        self._imu = Stream[k4a_imu_sample_t](_k.k4a_device_get_imu_sample, "k4a_device_get_imu_sample", "IMU sample")
        self._replays: str | None = None  # a recording
        self._imu_wanted = False  # starts with the cameras
        self._imu_taken = False  # its samples go to a recorder
        self._raw_calibration: bytes | None = None
        self._get_calibration = LateCalibration(self, _read_calibration)
        try:
            self.serial = _k.k4a_device_get_serialnum(handle)[1]
            result, version = _k.k4a_device_get_version(handle)
            if version is None:
                fail(f"{name}: the versions cannot be read", "k4a_device_get_version",
                     provider=self._provider, code=result)  # fmt: skip
            self.version = version
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls,
        index: int = 0,
        *,
        serial: str | None = None,
        configuration: DeviceConfiguration | None = None,
        provider: Provider | str | os.PathLike[str] | None = None,
    ) -> Self:
        """Open an attached device for exclusive use. Stands on ``k4a_device_open``.

        Parameters
        ----------
        index
            Number of the device.
        serial
            Serial number of the device, instead of its index.
        configuration
            How it will stream; None for `DeviceConfiguration()`.
        provider
            Name, path or `Provider` of the library that drives it; None for the default one for devices: an installed
            SDK, or the simulated cameras that the environment variable ``PYK4A_RP_SIMULATED`` asks for.

        Raises
        ------
        K4AError
            There is no such device, or it is in use; the message says which there are.
        TypeError, ValueError
            The index is no whole number, or below 0.
        """
        chosen = default_provider("device") if provider is None else load_provider(provider)
        if serial is not None:
            return cls(*_open_serial(serial, chosen, configuration))
        try:
            index = operator.index(index)
        except TypeError:
            raise TypeError(f"index is {index!r}: it must be a whole number; serial= takes serial numbers") from None
        if index < 0:
            raise ValueError(f"index is {index}: devices are counted from 0")
        result, handle = _k.k4a_device_open(index, provider=chosen)
        if handle is None:
            count = _k.k4a_device_get_installed_count(provider=chosen)
            fail(f"device {index} cannot be opened; {count} attached", "k4a_device_open", provider=chosen, code=result)
        return cls(handle, configuration, f"device {index}")

    @classmethod
    def simulated(
        cls,
        source: str | os.PathLike[str] = "scene",
        *,
        configuration: DeviceConfiguration | None = None,
        speed: float = 1.0,
        on_demand: bool = False,
        repeat: bool = False,
        lose_depth_every: int = 0,
        sync_jacks: tuple[bool, bool] | None = None,
        serial: str | None = None,
    ) -> Self:
        """Open a camera that does not exist, and behaves as those that do.

        Parameters
        ----------
        source
            "scene" or "scene:SEED" for a room with things in it, or the path of a recording to play as if it were live.
        configuration
            How it will stream; None for `DeviceConfiguration()`, or that of the recording even if no camera has it.
        speed
            How fast its clock runs, 1 for real time.
        on_demand
            Let its clock move on with each capture that is taken instead: no waiting, nothing is ever dropped.
        repeat
            Begin a recording again when it ends.
        lose_depth_every
            Every so many depth images gets lost; 0 for none.
        sync_jacks
            Whether "sync in" and "sync out" are connected; None connects each simulated device to the next one.
        serial
            Its serial number; None for that of the recording, or one made up.

        Raises
        ------
        K4AError
            There is no such scene, or an option is impossible; the message says which.
        FileNotFoundError, RecordingError
            The recording cannot be read, or has neither color nor depth.
        """
        from ._simulated import simulated_device_open

        text = os.fsdecode(source)
        replays = text != "scene" and not text.startswith("scene:")
        if configuration is None and replays:
            from .replayed import replayed

            configuration = replayed(text).configuration
        engine = load_provider("bundled")
        result, handle = simulated_device_open(
            text,
            speed=speed,
            on_demand=on_demand,
            repeat=repeat,
            lose_depth_every=lose_depth_every,
            sync_jacks=sync_jacks,
            serial_number=serial,
            provider=engine,
        )
        if handle is None:
            fail(f"{text} cannot be simulated", "k4a_rp simulated_device_open", provider=engine, code=result)
        device = cls(handle, configuration, f"simulated {text}")
        device._replays = text if replays else None
        return device

    # ---- its life ----

    @property
    def handle(self) -> DeviceHandle:
        """The handle for functions of the flat layer.

        Raises
        ------
        ValueError
            The device is closed.
        """
        if self._handle is None or self._handle.released:
            raise ValueError(f"{self._name} is closed")
        return self._handle

    @property
    def provider(self) -> Provider:
        """The library that drives it."""
        return self._provider

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle is None or self._handle.released

    def close(self) -> None:
        """Stop everything and close the device. Does nothing the second time. Any thread may."""
        if self._handle is not None:
            self._imu.stopped()
            self._cameras.stopped()
            self._handle.release()

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

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r} stands for a camera and cannot be pickled or copied")

    def __str__(self) -> str:
        return self._name

    def __repr__(self) -> str:
        state = "closed" if self.closed else "running" if self.running else "stopped"
        return f"<Device {self._name}, {state}, provider {self._provider.name!r}>"

    def unplug(self) -> None:
        """Pull the cable of a simulated device: who waits gets `DeviceLostError`.

        Raises
        ------
        NotSupportedError
            The device is a real one.
        """
        from ._simulated import simulated_device_unplug

        check(simulated_device_unplug(self.handle), "k4a_rp simulated_device_unplug", f"{self} cannot be unplugged",
              provider=self._provider)  # fmt: skip

    # ---- streaming ----

    @property
    def configuration(self) -> DeviceConfiguration:
        """How it streams, or will. Can be set while the cameras do not run."""
        return self._configuration

    @configuration.setter
    def configuration(self, configuration: DeviceConfiguration) -> None:
        with self._lock:
            if self.running:
                raise ValueError(f"{self} is running: stop it before its configuration changes")
            self._configuration = configuration
            self._get_calibration = LateCalibration(self, _read_calibration)

    @property
    def running(self) -> bool:
        """Whether the cameras run."""
        return self._cameras.running

    @property
    def imu_running(self) -> bool:
        """Whether the IMU runs."""
        return self._imu.running

    def start(self, configuration: DeviceConfiguration | None = None, *, imu: bool = False) -> None:
        """Start the cameras. Stands on ``k4a_device_start_cameras``.

        Parameters
        ----------
        configuration
            How to stream; None for `configuration`.
        imu
            Start the IMU, too.

        Raises
        ------
        K4AError
            The device refuses; the message says why. Where it is the IMU that does not start, the cameras are stopped.
        """
        with self._lock:
            if configuration is not None:
                self.configuration = configuration
            check(_k.k4a_device_start_cameras(self.handle, self._configuration.to_native()), "k4a_device_start_cameras",
                  f"{self} does not start", provider=self._provider)  # fmt: skip
            self._cameras.running = True
            try:
                if imu or self._imu_wanted:
                    self.start_imu()
            except BaseException:
                with contextlib.suppress(ValueError):  # closed meanwhile
                    self.stop()
                raise

    def stop(self) -> None:
        """Stop IMU and cameras. Stands on ``k4a_device_stop_cameras``. Who waits for a capture gets K4AError.

        That is so even if they start again at once.
        """
        with self._lock:
            self.stop_imu()
            self._cameras.stopped()
            _k.k4a_device_stop_cameras(self.handle)

    def start_imu(self) -> None:
        """Start the IMU, which needs running cameras. Stands on ``k4a_device_start_imu``."""
        with self._lock:
            check(_k.k4a_device_start_imu(self.handle), "k4a_device_start_imu", f"{self}: the IMU does not start",
                  provider=self._provider)  # fmt: skip
            self._imu.running = True

    def stop_imu(self) -> None:
        """Stop the IMU. Stands on ``k4a_device_stop_imu``."""
        with self._lock:
            self._imu.stopped()
            _k.k4a_device_stop_imu(self.handle)

    def _require_running(self, *, imu: bool) -> None:
        if not (self.imu_running if imu else self.running):
            with self._lock:
                if not self.running:
                    self.start(imu=imu)
                if imu and not self.imu_running:
                    self.start_imu()

    def get_capture(self, timeout: float | None = None) -> Capture:
        """Wait for the next capture. Stands on ``k4a_device_get_capture``. Starts the cameras where they do not run.

        Parameters
        ----------
        timeout
            Seconds; 0 does not wait, None waits for ever. C's -1 is refused.

        Returns
        -------
        Capture
            It knows the calibration.

        Raises
        ------
        K4ATimeoutError
            Nothing came in time.
        DeviceLostError
            The device is gone.
        EndOfRecording
            The simulated device has played its recording to the end.
        RecordingError
            The simulated device plays a recording that is damaged here, or was cut off meanwhile.
        K4AError
            The cameras were stopped meanwhile.
        ValueError
            The device was closed, meanwhile or before; or the timeout is below 0 or not a number.
        """
        check_timeout(timeout)
        self._require_running(imu=False)
        capture = self._next_capture(timeout, None)
        assert capture is not None
        return capture

    def captures(self, timeout: float | None = None, *, skip: int = 0) -> Iterator[Capture]:
        """Yield captures until the device is closed or stopped. Starts the cameras where they do not run.

        A stop ends it even if they start again at once.

        Parameters
        ----------
        timeout
            How long to wait for each, seconds; None waits for ever.
        skip
            Leave out the first ones, while the exposure settles: up to 8 with a manual one, 20 with automatic.

        Yields
        ------
        Capture

        Raises
        ------
        K4ATimeoutError, DeviceLostError, RecordingError, ValueError
            As `get_capture`. The end of a recording ends the iteration.
        """
        check_timeout(timeout)
        self._require_running(imu=False)
        for handle in self._cameras.items(self, timeout):
            if skip > 0:
                skip -= 1
                handle.release()
            else:
                yield Capture._wrap(handle, self._get_calibration)

    def get_imu_sample(self, timeout: float | None = None) -> ImuSample:
        """Wait for the next IMU sample. Stands on ``k4a_device_get_imu_sample``. Starts what does not run.

        Parameters
        ----------
        timeout
            Seconds; 0 does not wait, None waits for ever.

        Raises
        ------
        K4ATimeoutError, DeviceLostError, EndOfRecording, RecordingError, K4AError, ValueError
            As `get_capture`.
        """
        check_timeout(timeout)
        self._require_running(imu=True)
        sample = self._imu.next(self, timeout)
        assert sample is not None
        return ImuSample._of(sample)

    def imu_samples(self, timeout: float | None = None) -> Iterator[ImuSample]:
        """Yield IMU samples until the device is closed or stopped. Starts what does not run.

        A stop ends it even if the IMU starts again at once.

        Parameters
        ----------
        timeout
            How long to wait for each, seconds; None waits for ever.

        Yields
        ------
        ImuSample

        Raises
        ------
        K4ATimeoutError, DeviceLostError, RecordingError, ValueError
            As `get_capture`. The end of a recording ends the iteration.
        """
        check_timeout(timeout)
        self._require_running(imu=True)
        for sample in self._imu.items(self, timeout):
            yield ImuSample._of(sample)

    def _next_capture(self, timeout: float | None, stopped: Flag | None) -> Capture | None:
        """The next capture; None when `stopped` was set first."""
        handle = self._cameras.next(self, timeout, stopped=stopped)
        return None if handle is None else Capture._wrap(handle, self._get_calibration)

    # ---- what it is ----

    @property
    def raw_calibration(self) -> bytes:
        """The factory calibration: JSON text. Stands on ``k4a_device_get_raw_calibration``."""
        if self._raw_calibration is None:
            result, data = _k.k4a_device_get_raw_calibration(self.handle)
            if data is None:
                fail(f"{self}: the calibration cannot be read", "k4a_device_get_raw_calibration",
                     provider=self._provider, code=result)  # fmt: skip
            self._raw_calibration = data
        return self._raw_calibration

    @property
    def calibration(self) -> Calibration:
        """The calibration for the modes of `configuration`."""
        return self._get_calibration()

    def get_calibration(self, depth_mode: DepthMode, color_resolution: ColorResolution) -> Calibration:
        """Return the calibration for a pair of modes. Stands on ``k4a_device_get_calibration``.

        Parameters
        ----------
        depth_mode, color_resolution
            The modes; a camera that is OFF is not calibrated.
        """
        result, native = _k.k4a_device_get_calibration(self.handle, depth_mode, color_resolution)
        if native is None:
            fail(f"{self}: no calibration for {DepthMode(depth_mode).name}, {ColorResolution(color_resolution).name}",
                 "k4a_device_get_calibration", provider=self._provider, code=result)  # fmt: skip
        calibration = Calibration.from_native(native, provider=self._provider)
        calibration.raw = self.raw_calibration
        return calibration

    @property
    def color_controls(self) -> ColorControls:
        """The settings of the color camera: ``device.color_controls["exposure_time_absolute"].value = 8330``."""
        return ColorControls(self)

    @property
    def sync_jacks(self) -> SyncJacks:
        """Which synchronisation cables are plugged in. Stands on ``k4a_device_get_sync_jack``."""
        result, sync_in, sync_out = _k.k4a_device_get_sync_jack(self.handle)
        if sync_in is None or sync_out is None:
            fail(f"{self}: the sync jacks cannot be read", "k4a_device_get_sync_jack",
                 provider=self._provider, code=result)  # fmt: skip
        return SyncJacks(sync_in, sync_out)


def _read_calibration(device: Device) -> Calibration:
    return device.get_calibration(device.configuration.depth_mode, device.configuration.color_resolution)


def _open_serial(
    serial: str, provider: Provider, configuration: DeviceConfiguration | None
) -> tuple[DeviceHandle, DeviceConfiguration | None, str]:
    others = []
    for index in range(_k.k4a_device_get_installed_count(provider=provider)):
        _, handle = _k.k4a_device_open(index, provider=provider)
        if handle is None:
            others.append(f"device {index} cannot be opened")
            continue
        _, found = _k.k4a_device_get_serialnum(handle)
        if found == serial:
            return handle, configuration, f"device {serial}"
        handle.release()
        others.append(found or f"device {index} without a serial number")
    there = ", ".join(others) or "none"
    fail(f"there is no device with serial number {serial} that can be opened; there are: {there}", "k4a_device_open",
         provider=provider)  # fmt: skip
