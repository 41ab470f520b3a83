"""All devices: which are attached, and starting several together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from . import k4a as _k
from ._provider import Provider, default_provider, load_provider
from .device import Device
from .enums import WiredSyncMode
from .errors import K4AError
from .structs import k4a_hardware_version_t

__all__ = ["DeviceInfo", "list_devices", "start_synchronized"]


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """An attached device, as `list_devices` found it.

    Attributes
    ----------
    index
        Its number, for `Device.open`. It may change when devices come and go.
    serial
        Its serial number; None when the device cannot be opened, or does not tell.
    version
        Versions of its firmware; None likewise.
    problem
        Why the device cannot be opened (most often somebody else has it); None when it can.
    """

    index: int
    serial: str | None = None
    version: k4a_hardware_version_t | None = None
    problem: str | None = None

    @property
    def busy(self) -> bool:
        """Whether the device cannot be opened."""
        return self.problem is not None


def list_devices(*, provider: Provider | str | os.PathLike[str] | None = None) -> list[DeviceInfo]:
    """Say which devices are attached, those included that somebody else has open.

    Each is opened for a moment to read its serial number. Stands on ``k4a_device_get_installed_count``.

    Parameters
    ----------
    provider
        Name, path or `Provider` of the library that drives them; None for the default one for devices.

    Raises
    ------
    ProviderError
        There is no library for cameras.
    """
    chosen = default_provider("device") if provider is None else load_provider(provider)
    found = []
    for index in range(_k.k4a_device_get_installed_count(provider=chosen)):
        try:
            with Device.open(index, provider=chosen) as device:
                found.append(DeviceInfo(index, device.serial, device.version))
        except K4AError as error:
            found.append(DeviceInfo(index, problem=str(error)))
    return found


def start_synchronized(devices: Sequence[Device], *, imu: bool = False) -> None:
    """Start cameras that are connected by cables: the subordinates first, then the master, whose signal they wait for.

    Parameters
    ----------
    devices
        The devices; the `configuration` of one says MASTER, those of the others SUBORDINATE.
    imu
        Start the IMUs, too.

    Raises
    ------
    ValueError
        There is not one master, or a device that is neither.
    K4AError
        One of them (or its IMU) did not start; all are stopped then.
    """
    modes = [device.configuration.wired_sync_mode for device in devices]
    if modes.count(WiredSyncMode.MASTER) != 1 or modes.count(WiredSyncMode.SUBORDINATE) != len(modes) - 1:
        raise ValueError(f"one device must be MASTER and the others SUBORDINATE, not {[mode.name for mode in modes]}")
    if len({device.configuration.camera_fps for device in devices}) > 1:
        raise ValueError("devices that are synchronised have the same camera_fps")
    started = []
    try:
        for device in sorted(devices, key=lambda device: device.configuration.wired_sync_mode == WiredSyncMode.MASTER):
            started.append(device)
            device.start(imu=imu)
    except BaseException:
        for device in started:
            with contextlib.suppress(ValueError, K4AError):  # closed meanwhile; why it did not start matters more
                device.stop()
        raise
