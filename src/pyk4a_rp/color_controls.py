"""The settings of a color camera."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from . import k4a as _k
from .device_stream import DeviceLostError
from .enums import ColorControlCommand, ColorControlMode
from .errors import K4AError, fail, take_messages

if TYPE_CHECKING:
    from .device import Device

__all__ = ["ColorControl", "ColorControlRange", "ColorControls"]


@dataclass(frozen=True, slots=True)
class ColorControlRange:
    """What a setting can be. C: ``k4a_device_get_color_control_capabilities``.

    Attributes
    ----------
    supports_auto
        Whether the camera can decide by itself.
    minimum, maximum, step
        The values there are. Exposure is in microseconds, white balance in kelvin.
    default_value, default_mode
        What a camera begins with.
    """

    supports_auto: bool
    minimum: int
    maximum: int
    step: int
    default_value: int
    default_mode: ColorControlMode


class ColorControl:
    """One setting of a color camera; found in `Device.color_controls`.

    Settings stay in the camera until it loses power, whoever opens it next.
    """

    __slots__ = ("_device", "command")

    def __init__(self, device: Device, command: ColorControlCommand) -> None:
        self._device = device
        self.command = command

    @property
    def name(self) -> str:
        """Name of the setting, as "exposure_time_absolute"."""
        return self.command.name.lower()

    @property
    def range(self) -> ColorControlRange:
        """What it can be. Stands on ``k4a_device_get_color_control_capabilities``."""
        result, auto, low, high, step, value, mode = _k.k4a_device_get_color_control_capabilities(
            self._device.handle, self.command
        )
        if result or low is None or high is None or step is None or value is None or mode is None:
            self._fail("has no range that can be read", "k4a_device_get_color_control_capabilities", result)
        return ColorControlRange(bool(auto), low, high, step, value, mode)

    def _get(self) -> tuple[ColorControlMode, int]:
        result, mode, value = _k.k4a_device_get_color_control(self._device.handle, self.command)
        if result or mode is None or value is None:
            self._fail("cannot be read", "k4a_device_get_color_control", result)
        return mode, value

    def _set(self, mode: ColorControlMode, value: int) -> None:
        result = _k.k4a_device_set_color_control(self._device.handle, self.command, mode, value)
        if result:
            what = f"cannot be set to {mode.name if mode == ColorControlMode.AUTO else value}"
            self._fail(what, "k4a_device_set_color_control", result)

    def _fail(self, what: str, call: str, code: int) -> NoReturn:
        provider = self._device.provider
        messages = take_messages(provider)
        lost = _has_no_jacks(self._device) and not _readable(self._device)
        error = DeviceLostError if lost else K4AError
        fail(f"{self._device}: {self.name} {what}", call,
             provider=provider, code=int(code), error=error, messages=messages)  # fmt: skip

    @property
    def value(self) -> int:
        """The value; in mode AUTO what the camera reports. Assigning one makes the mode MANUAL.

        Stands on ``k4a_device_get_color_control`` and ``k4a_device_set_color_control``.

        Raises
        ------
        ValueError
            A value outside of `range` is assigned.
        TypeError
            What is assigned is no whole number.
        DeviceLostError
            The device is gone.
        """
        return self._get()[1]

    @value.setter
    def value(self, value: int) -> None:
        try:
            value = operator.index(value)
        except TypeError:
            raise TypeError(f"{self.name} is a whole number, not {value!r}") from None
        known = self.range
        if not known.minimum <= value <= known.maximum:
            raise ValueError(f"{self.name} is from {known.minimum} to {known.maximum}, not {value}")
        self._set(ColorControlMode.MANUAL, value)

    @property
    def mode(self) -> ColorControlMode:
        """Who decides: the camera (AUTO) or `value` (MANUAL). Can be set."""
        return self._get()[0]

    @mode.setter
    def mode(self, mode: ColorControlMode) -> None:
        if mode not in tuple(ColorControlMode):
            raise ValueError(f"the mode of {self.name} is AUTO or MANUAL, not {mode!r}")
        self._set(ColorControlMode(mode), self._get()[1])

    @property
    def auto(self) -> bool:
        """Whether the camera decides. Can be set."""
        return self.mode == ColorControlMode.AUTO

    @auto.setter
    def auto(self, auto: bool) -> None:
        self.mode = ColorControlMode.AUTO if auto else ColorControlMode.MANUAL

    def reset(self) -> None:
        """Go back to the default."""
        known = self.range
        self._set(known.default_mode, known.default_value)

    def __repr__(self) -> str:
        return f"<ColorControl {self.name}>"


class ColorControls(Mapping[str, ColorControl]):
    """The settings of a color camera by name, those that it has: "exposure_time_absolute", "whitebalance", "gain"...

    Raises
    ------
    KeyError
        The camera has no such setting; the message says which it has.
    DeviceLostError
        The device is gone.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._known: dict[str, ColorControl] | None = None

    def _controls(self) -> dict[str, ColorControl]:
        self._device.handle  # noqa: B018 - raises when closed
        if self._known is None:
            there = _readable(self._device)
            if not there and _has_no_jacks(self._device):
                fail(f"{self._device} is lost: none of its color controls can be read",
                     "k4a_device_get_color_control_capabilities",
                     provider=self._device.provider, error=DeviceLostError)  # fmt: skip
            self._known = {command.name.lower(): ColorControl(self._device, command) for command in there}
        return self._known

    def __getitem__(self, name: str | ColorControlCommand) -> ColorControl:
        key = name.name.lower() if isinstance(name, ColorControlCommand) else name
        known = self._controls()
        if key not in known:
            raise KeyError(f"{self._device} has no color control {key!r}, it has {', '.join(known) or 'none'}")
        return known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._controls())

    def __len__(self) -> int:
        return len(self._controls())

    def reset(self) -> None:
        """Set everything back to the defaults."""
        for control in self._controls().values():
            control.reset()

    def __repr__(self) -> str:
        try:
            return f"<ColorControls: {', '.join(self._controls())}>"
        except (ValueError, K4AError):
            return f"<ColorControls of {self._device!r} that cannot be read>"


def _readable(device: Device) -> list[ColorControlCommand]:
    """The settings that the camera has; none, too, when it does not answer."""
    handle = device.handle
    return [
        command
        for command in ColorControlCommand
        if not _k.k4a_device_get_color_control_capabilities(handle, command)[0]
    ]


def _has_no_jacks(device: Device) -> bool:
    """Whether it does not say which cables are plugged in; versions and serial number are known to a lost one."""
    return bool(_k.k4a_device_get_sync_jack(device.handle)[0])
