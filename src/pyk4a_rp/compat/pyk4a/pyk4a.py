"""pyk4a's camera."""

from __future__ import annotations

import os
from numbers import Integral, Real
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

from ... import imu as ours
from ... import k4a as _k
from ..._provider import default_provider
from ...color_controls import ColorControl
from ...device import Device
from ...enums import ColorControlCommand, ColorControlMode
from .calibration import Calibration
from .capture import PyK4ACapture
from .config import Config
from .errors import K4AException, check_type, translated

__all__ = ["ColorControlCapabilities", "ImuSample", "PyK4A", "connected_device_count"]


class ImuSample(TypedDict):
    """One sample of accelerometer (metres per second squared) and gyroscope (radians per second).

    Timestamps are microseconds of device time; the temperature is in degrees Celsius, NaN where unknown.
    """

    temperature: float
    acc_sample: tuple[float, float, float]
    acc_timestamp: int
    gyro_sample: tuple[float, float, float]
    gyro_timestamp: int


class ColorControlCapabilities(TypedDict):
    """What a setting of the color camera can be; `default_mode` is 0 for AUTO, 1 for MANUAL."""

    color_control_command: int
    supports_auto: bool
    min_value: int
    max_value: int
    step_value: int
    default_value: int
    default_mode: int


def as_dictionary(sample: ours.ImuSample) -> ImuSample:
    """The sample as pyk4a has it."""
    return ImuSample(
        temperature=sample.temperature_c,
        acc_sample=sample.acc,
        acc_timestamp=sample.acc_timestamp_usec,
        gyro_sample=sample.gyro,
        gyro_timestamp=sample.gyro_timestamp_usec,
    )


def connected_device_count() -> int:
    """Return how many cameras are attached. K4AException when there is no library for cameras."""
    with translated():
        return _k.k4a_device_get_installed_count(provider=default_provider("device"))


class _Setting:
    """A setting of the color camera as an attribute. In mode AUTO it is what the camera chose."""

    def __init__(self, name: str, what: str) -> None:
        self.command = ColorControlCommand[name]
        self.__doc__ = f"{what}. Setting it makes its mode manual."

    def __get__(self, camera: PyK4A | None, owner: type[PyK4A]) -> int:
        if camera is None:
            return self  # type: ignore[return-value] # as properties do
        return camera._get_color_control(self.command)[0]

    def __set__(self, camera: PyK4A, value: int) -> None:
        camera._set_color_control(self.command, value)


class _Auto:
    """Whether the camera decides about a setting, as an attribute."""

    def __init__(self, name: str, what: str) -> None:
        self.command = ColorControlCommand[name]
        self.__doc__ = f"Whether the camera decides about the {what}. Setting False keeps its value."

    def __get__(self, camera: PyK4A | None, owner: type[PyK4A]) -> bool:
        if camera is None:
            return self  # type: ignore[return-value] # as properties do
        return camera._get_color_control(self.command)[1] == ColorControlMode.AUTO

    def __set__(self, camera: PyK4A, auto: bool) -> None:
        mode = ColorControlMode.AUTO if auto else ColorControlMode.MANUAL
        camera._set_color_control(self.command, camera._get_color_control(self.command)[0], mode)


class PyK4A:
    """A camera. It streams from `start` to `stop`, or inside a ``with`` statement.

    Ctrl-C ends `get_capture` and `get_imu_sample` within a tenth of a second; other threads run meanwhile.

    Parameters
    ----------
    config
        How to stream; None for ``Config()``.
    device_id
        Number of the camera. Simulated ones are asked for with the environment variable ``PYK4A_RP_SIMULATED``.
    thread_safe
        Accepted for programs that pass it.

    Attributes
    ----------
    is_running : bool
        Whether it streams.
    """

    TIMEOUT_WAIT_INFINITE = -1

    _device: Device | None = None  # for __del__, should __init__ fail

    def __init__(self, config: Config | None = None, device_id: int = 0, thread_safe: bool = True) -> None:
        self._config = Config() if config is None else config
        check_type("config", self._config, Config)
        check_type("device_id", device_id, Integral, "the number of a camera")
        self._device_id = int(device_id)
        self.thread_safe = thread_safe
        self.is_running = False
        self._calibration: Calibration | None = None
        self._calibration_text: str | None = None  # that was set

    @property
    def device(self) -> Device:
        """What it stands on: iterators over captures, color controls with ranges, versions."""
        if self._device is None:
            raise K4AException(f"device {self._device_id} is not open")
        return self._device

    # ---- its life ----

    @property
    def opened(self) -> bool:
        """Whether it is open."""
        return self._device is not None

    def open(self) -> None:
        """Open the camera. K4AException says why it cannot be opened."""
        if self._device is not None:
            raise K4AException(f"device {self._device_id} is open already")
        with translated():
            self._device = Device.open(self._device_id)

    def close(self) -> None:
        """Stop and close the camera. K4AException when it is not open. A calibration that was set stays set."""
        device = self.device
        self._device = self._calibration = None
        self.is_running = False
        device.close()

    def start(self) -> None:
        """Start cameras and IMU; opens the device where it is not open. K4AException says what was refused, and why."""
        if self._device is None:
            self.open()
        self._start_cameras()
        self._start_imu()
        self.is_running = True

    # The parts of `start` and `stop`, which programs call to change modes, or to do without the IMU.

    def _start_cameras(self) -> None:
        device = self.device
        with translated():
            device.start(self._config.to_device_configuration())

    def _stop_cameras(self) -> None:
        self.device.stop()

    def _start_imu(self) -> None:
        with translated():
            self.device.start_imu()

    def _stop_imu(self) -> None:
        self.device.stop_imu()

    def stop(self) -> None:
        """Stop and close the camera. Does nothing when it is not open."""
        if self._device is not None:
            self.close()

    def __enter__(self) -> Self:
        if not self.is_running:
            try:
                self.start()
            except BaseException:
                self.stop()  # nobody else will
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __del__(self) -> None:
        self.stop()

    # ---- streaming ----

    def get_capture(self, timeout: int = TIMEOUT_WAIT_INFINITE) -> PyK4ACapture:
        """Wait for the next capture.

        Parameters
        ----------
        timeout
            Milliseconds; 0 does not wait, -1 waits for ever.

        Raises
        ------
        K4ATimeoutException
            Nothing came in time.
        K4AException
            The cameras do not run, or are gone.
        """
        device = self.device
        if not device.running:
            raise K4AException(f"{device} is not running: start it")
        with translated():
            capture = device.get_capture(_seconds(timeout))
        return PyK4ACapture(self.calibration, capture, self._config.color_format, self.thread_safe)

    def get_imu_sample(self, timeout: int = TIMEOUT_WAIT_INFINITE) -> ImuSample:
        """Wait for the next IMU sample. Parameters and exceptions as of `get_capture`.

        Parameters
        ----------
        timeout
            Milliseconds; 0 does not wait, -1 waits for ever.
        """
        device = self.device
        if not device.imu_running:
            raise K4AException(f"the IMU of {device} is not running: start it")
        with translated():
            return as_dictionary(device.get_imu_sample(_seconds(timeout)))

    # ---- what it is ----

    @property
    def serial(self) -> str:
        """Serial number."""
        serial = self.device.serial
        if serial is None:
            raise K4AException(f"{self.device} does not tell its serial number")
        return serial

    @property
    def sync_jack_status(self) -> tuple[bool, bool]:
        """Whether cables are plugged into "sync in" and "sync out"."""
        with translated():
            sync_in, sync_out = self.device.sync_jacks
        return sync_in, sync_out

    @property
    def calibration(self) -> Calibration:
        """The calibration for the modes of its configuration."""
        device, modes, known = self.device, (self._config.depth_mode, self._config.color_resolution), self._calibration
        if known is None or (known.depth_mode, known.color_resolution) != modes:
            if self._calibration_text is not None:
                known = Calibration.from_raw(self._calibration_text, *modes, self.thread_safe)
            else:
                with translated():
                    known = Calibration(device.get_calibration(*modes), *modes, self.thread_safe)
            self._calibration = known
        return known

    @property
    def calibration_raw(self) -> str:
        """The text of the camera's factory calibration. Can be set: to another one, which is used from then on."""
        with translated():
            return self.device.raw_calibration.rstrip(b"\0").decode()

    @calibration_raw.setter
    def calibration_raw(self, value: str) -> None:
        c = self._config
        self._calibration = Calibration.from_raw(value, c.depth_mode, c.color_resolution, self.thread_safe)
        self._calibration_text = value

    def save_calibration_json(self, path: str | os.PathLike[str]) -> None:
        """Write `calibration_raw` to a file.

        Parameters
        ----------
        path
            The file.
        """
        Path(path).write_text(self.calibration_raw, encoding="utf-8", newline="")

    def load_calibration_json(self, path: str | os.PathLike[str]) -> None:
        """Use the calibration of a file from now on, as when `calibration_raw` is set.

        Parameters
        ----------
        path
            The file.
        """
        self.calibration_raw = Path(path).read_bytes().decode()

    # ---- the settings of the color camera ----

    brightness = _Setting("BRIGHTNESS", "Brightness")
    contrast = _Setting("CONTRAST", "Contrast")
    saturation = _Setting("SATURATION", "Saturation")
    sharpness = _Setting("SHARPNESS", "Sharpness")
    backlight_compensation = _Setting("BACKLIGHT_COMPENSATION", "Whether backlight is compensated: 0 or 1")
    gain = _Setting("GAIN", "Gain")
    powerline_frequency = _Setting("POWERLINE_FREQUENCY", "Frequency of the mains: 1 for 50 Hz, 2 for 60 Hz")
    exposure = _Setting("EXPOSURE_TIME_ABSOLUTE", "Exposure time in microseconds")
    exposure_mode_auto = _Auto("EXPOSURE_TIME_ABSOLUTE", "exposure time")
    whitebalance = _Setting("WHITEBALANCE", "White balance in kelvin, a multiple of 10")
    whitebalance_mode_auto = _Auto("WHITEBALANCE", "white balance")

    def reset_color_control_to_default(self) -> None:
        """Set everything back to the defaults of the camera."""
        with translated():
            self.device.color_controls.reset()

    def _control(self, cmd: ColorControlCommand) -> ColorControl:
        with translated():
            controls = self.device.color_controls
            name = ColorControlCommand(cmd).name.lower()
            if name not in controls:
                raise K4AException(f"{self.device} has no setting {name}")
            return controls[name]

    def _get_color_control(self, cmd: ColorControlCommand) -> tuple[int, ColorControlMode]:
        if cmd == ColorControlCommand.AUTO_EXPOSURE_PRIORITY:
            return 0, ColorControlMode.AUTO  # cameras have it no more, and programs ask for all there are
        control = self._control(cmd)
        with translated():
            mode, value = control._get()
            return value, mode

    def _set_color_control(
        self, cmd: ColorControlCommand, value: int, mode: ColorControlMode = ColorControlMode.MANUAL
    ) -> None:
        control = self._control(cmd)
        check_type(control.name, value, Integral, "a whole number")
        with translated():
            if mode == ColorControlMode.AUTO:
                control.auto = True
            else:
                control.value = int(value)

    def _get_color_control_capabilities(self, cmd: ColorControlCommand) -> ColorControlCapabilities:
        control = self._control(cmd)
        with translated():
            known = control.range
        return ColorControlCapabilities(
            color_control_command=int(cmd),
            supports_auto=known.supports_auto,
            min_value=known.minimum,
            max_value=known.maximum,
            step_value=known.step,
            default_value=known.default_value,
            default_mode=int(known.default_mode),
        )


def _seconds(timeout_ms: int) -> float | None:
    check_type("timeout", timeout_ms, Real, "a number of milliseconds")
    return None if timeout_ms < 0 else timeout_ms / 1000
