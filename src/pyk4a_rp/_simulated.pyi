"""Simulated devices of the engine's own table, in the style of the flat layer.

The environment variable PYK4A_RP_SIMULATED asks for such devices as well: a comma-separated list of sources, one for
each device, that `k4a_device_open` of provider 'bundled' opens by index.
"""

import os

from ._k4a import DeviceHandle
from ._provider import Provider
from .enums import Result

def simulated_device_open(
    source: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    *,
    speed: float = 1.0,
    on_demand: bool = False,
    repeat: bool = False,
    lose_depth_every: int = 0,
    sync_jacks: tuple[bool, bool] | None = None,
    serial_number: str | bytes | None = None,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, DeviceHandle | None]:
    """Plug in a simulated device and open it; closing unplugs it again.

    Parameters
    ----------
    source : str | bytes | os.PathLike[str] | os.PathLike[bytes]
        "scene", "scene:SEED" (a number below 2**32), or the path of a recording.
    speed : float, optional
        How fast its clock runs, 1 for real time, at most 1000. Devices that are synchronised need the same.
    on_demand : bool, optional
        Whether its clock moves on with each capture that is taken instead: the next capture is there at once and none
        is ever dropped; IMU samples come as far as the newest capture.
    repeat : bool, optional
        Whether a recording begins again when it ends. Times go on then.
    lose_depth_every : int, optional
        Every so many depth images of a scene gets lost, with the infrared image; 0 for none.
    sync_jacks : tuple[bool, bool] | None, optional
        Whether sync in and sync out are connected; None connects each device to the next one.
    serial_number : str | bytes | None, optional
        Serial number; None takes that of the recording, or makes one up.
    provider : Provider | str | os.PathLike[str] | None, optional
        The engine; None takes 'bundled'.

    Returns
    -------
    result : Result
        FAILED when there is no such source.
    device_handle : DeviceHandle | None
        The device; None on failure.
    """

def simulated_device_unplug(device_handle: DeviceHandle) -> Result:
    """Pull the cable of a simulated device.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device. Who waits for a capture or a sample gets FAILED, and so does every call but closing from now on.

    Returns
    -------
    Result
        FAILED for a device that was unplugged before.
    """

def simulated_device_has_ended(device_handle: DeviceHandle) -> tuple[Result, bool, bool]:
    """Ask why a simulated device has nothing more: whether it played its recording to the end.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.

    Returns
    -------
    result : Result
        FAILED for a device that was unplugged.
    captures : bool
        Whether a capture was asked for after the last one, since the cameras started.
    imu_samples : bool
        Whether a sample was asked for after the last one, since the IMU started.
    """
