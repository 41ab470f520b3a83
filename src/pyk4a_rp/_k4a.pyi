"""The functions of libk4a for the library as a whole and for devices, and the handle of a device.

Output pointers of C leave the parameter list and come back after the result code; they are None on failure. Callbacks
are Python callables that run when the mailbox is drained, in a thread that calls a flat function.
"""

import os
from collections.abc import Callable
from typing import Any, overload

from ._capture import CaptureHandle
from ._handle import Handle
from ._provider import Provider
from .enums import (
    BufferResult,
    ColorControlCommand,
    ColorControlMode,
    ColorResolution,
    DepthMode,
    LogLevel,
    Result,
    WaitResult,
)
from .structs import k4a_calibration_t, k4a_device_configuration_t, k4a_hardware_version_t, k4a_imu_sample_t

class DeviceHandle(Handle):
    """An open device.

    Releasing it while another thread waits for a capture or a sample stops the streams, so that the waiting call fails
    and returns; the device is closed then.
    """

def k4a_device_get_installed_count(*, provider: Provider | str | os.PathLike[str] | None = None) -> int:
    """Count the attached devices.

    Parameters
    ----------
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose devices; None takes the default provider for devices.

    Returns
    -------
    int
        Number of devices, open or not.
    """

def k4a_set_debug_message_handler(
    message_cb: Callable[[Any, int, str, int, str], object] | None,
    message_cb_context: Any,
    min_level: LogLevel,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Set the callable that gets the messages of a library; they still go to `logging` as well.

    Native threads leave their messages in the mailbox. The callable runs when it is drained, at the end of every flat
    call, in the thread that made the call. What it raises goes to `sys.unraisablehook`.

    Parameters
    ----------
    message_cb : Callable[[Any, int, str, int, str], object] | None
        Called as `message_cb(message_cb_context, level, file, line, message)`; None takes the handler away.
    message_cb_context : Any
        The first argument of the callable.
    min_level : LogLevel
        The least important level that is wanted; OFF for none.
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose messages; None takes the default provider for files.

    Returns
    -------
    Result
        FAILED when another handler is set, or the level is not one of 0 to 5.
    """

def k4a_set_allocator(
    allocate: Callable[[int, int], object] | None,
    free: Callable[[int], object] | None,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> Result:
    """Be told about the memory of images that a library allocates from now on.

    C lets a program bring its own memory. From Python that could not work, since native threads allocate and free
    without the GIL: the memory stays native (aligned to 64 bytes), and the callables get notices of it when the mailbox
    is drained, at the end of every flat call. A block is reported to the pair that was set when it was allocated.
    Images of recordings do not come from here in Microsoft's library.

    Parameters
    ----------
    allocate : Callable[[int, int], object] | None
        Called as `allocate(size, address)` with bytes and address of a new block; what it returns is ignored.
    free : Callable[[int], object] | None
        Called as `free(address)` when a block has been freed. Both None: the library's own allocator, no notices.
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose memory; None takes the default provider for files.

    Returns
    -------
    Result
        FAILED when one of the two is None and the other is not.
    """

def k4a_device_open(
    index: int, *, provider: Provider | str | os.PathLike[str] | None = None
) -> tuple[Result, DeviceHandle | None]:
    """Open a device for exclusive use.

    Parameters
    ----------
    index : int
        Number of the device, from `K4A_DEVICE_DEFAULT` (0) on.
    provider : Provider | str | os.PathLike[str] | None, optional
        Who drives it; None takes the default provider for devices.

    Returns
    -------
    result : Result
        FAILED when there is no such device, or it is in use.
    device_handle : DeviceHandle | None
        The device; None on failure.
    """

def k4a_device_close(device_handle: DeviceHandle | None) -> None:
    """Stop the streams and close a device. None and released handles are left alone.

    Parameters
    ----------
    device_handle : DeviceHandle | None
        The device.
    """

def k4a_device_get_capture(device_handle: DeviceHandle, timeout_in_ms: int) -> tuple[WaitResult, CaptureHandle | None]:
    """Wait for the next capture.

    Parameters
    ----------
    device_handle : DeviceHandle
        A device whose cameras run.
    timeout_in_ms : int
        Milliseconds; 0 does not wait, `K4A_WAIT_INFINITE` (-1) waits for ever. Ctrl-C is seen when the call returns.

    Returns
    -------
    result : WaitResult
        TIMEOUT when nothing came in time; FAILED when the cameras do not run or the stream is over.
    capture_handle : CaptureHandle | None
        The capture; None unless SUCCEEDED.
    """

def k4a_device_get_imu_sample(
    device_handle: DeviceHandle, timeout_in_ms: int
) -> tuple[WaitResult, k4a_imu_sample_t | None]:
    """Wait for the next sample of the IMU.

    Parameters
    ----------
    device_handle : DeviceHandle
        A device whose IMU runs.
    timeout_in_ms : int
        Milliseconds; 0 does not wait, `K4A_WAIT_INFINITE` (-1) waits for ever. Ctrl-C is seen when the call returns.

    Returns
    -------
    result : WaitResult
        TIMEOUT when nothing came in time; FAILED when the IMU does not run or the stream is over.
    imu_sample : k4a_imu_sample_t | None
        The calibrated sample; None unless SUCCEEDED.
    """

def k4a_device_start_cameras(device_handle: DeviceHandle, config: k4a_device_configuration_t) -> Result:
    """Start the cameras.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    config : k4a_device_configuration_t
        What to stream; `K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()` is where to start from.

    Returns
    -------
    Result
        FAILED when the configuration is not acceptable, or the cameras or the IMU run already.
    """

def k4a_device_stop_cameras(device_handle: DeviceHandle) -> None:
    """Stop the cameras. A thread that waits for a capture gets FAILED.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    """

def k4a_device_start_imu(device_handle: DeviceHandle) -> Result:
    """Start the IMU.

    Parameters
    ----------
    device_handle : DeviceHandle
        A device whose cameras run.

    Returns
    -------
    Result
        FAILED when no camera runs, or the IMU runs already.
    """

def k4a_device_stop_imu(device_handle: DeviceHandle) -> None:
    """Stop the IMU. A thread that waits for a sample gets FAILED.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    """

@overload
def k4a_device_get_serialnum(device_handle: DeviceHandle, size: None = None) -> tuple[BufferResult, str | None]:
    """Get the serial number.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        TOO_SMALL only when `size` was given.
    serial_number : str | None
        The serial number; None unless SUCCEEDED.
    serial_number_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def k4a_device_get_serialnum(device_handle: DeviceHandle, size: int) -> tuple[BufferResult, str | None, int]: ...
def k4a_device_get_version(device_handle: DeviceHandle) -> tuple[Result, k4a_hardware_version_t | None]:
    """Get the versions of the firmware.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.

    Returns
    -------
    result : Result
        FAILED when they could not be read.
    version : k4a_hardware_version_t | None
        The versions; None on failure.
    """

def k4a_device_get_color_control_capabilities(
    device_handle: DeviceHandle, command: ColorControlCommand
) -> tuple[Result, bool | None, int | None, int | None, int | None, int | None, ColorControlMode | None]:
    """Get the range of a setting of the color camera.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    command : ColorControlCommand
        The setting.

    Returns
    -------
    result : Result
        FAILED when there is no such setting; everything else is None then.
    supports_auto : bool | None
        Whether the camera can decide by itself.
    min_value : int | None
        Smallest value. Exposure is in microseconds, white balance in kelvin.
    max_value : int | None
        Largest value.
    step_value : int | None
        Step between values.
    default_value : int | None
        Value of the default.
    default_mode : ColorControlMode | None
        Mode of the default.
    """

def k4a_device_get_color_control(
    device_handle: DeviceHandle, command: ColorControlCommand
) -> tuple[Result, ColorControlMode | None, int | None]:
    """Get a setting of the color camera.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    command : ColorControlCommand
        The setting.

    Returns
    -------
    result : Result
        FAILED when there is no such setting.
    mode : ColorControlMode | None
        Who decides; None on failure.
    value : int | None
        The value, which has a meaning in mode MANUAL only; None on failure.
    """

def k4a_device_set_color_control(
    device_handle: DeviceHandle, command: ColorControlCommand, mode: ColorControlMode, value: int
) -> Result:
    """Change a setting of the color camera. It stays in the camera until that loses power.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    command : ColorControlCommand
        The setting.
    mode : ColorControlMode
        AUTO or MANUAL.
    value : int
        The value; ignored in mode AUTO.

    Returns
    -------
    Result
        FAILED when the setting does not have the mode or the value.
    """

@overload
def k4a_device_get_raw_calibration(device_handle: DeviceHandle, size: None = None) -> tuple[BufferResult, bytes | None]:
    """Get the calibration as JSON text.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    size : int | None, optional
        Bytes of the buffer to ask C with, 0 for a NULL pointer; None makes one that is large enough.

    Returns
    -------
    result : BufferResult
        TOO_SMALL only when `size` was given.
    data : bytes | None
        The text without its closing NUL; None unless SUCCEEDED.
    data_size : int
        Only when `size` was given: what C left there, the bytes written or needed, closing NUL included.
    """

@overload
def k4a_device_get_raw_calibration(
    device_handle: DeviceHandle, size: int
) -> tuple[BufferResult, bytes | None, int]: ...
def k4a_device_get_calibration(
    device_handle: DeviceHandle, depth_mode: DepthMode, color_resolution: ColorResolution
) -> tuple[Result, k4a_calibration_t | None]:
    """Get the calibration for a depth mode and a color resolution.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    depth_mode : DepthMode
        The depth mode.
    color_resolution : ColorResolution
        The color resolution.

    Returns
    -------
    result : Result
        FAILED when the modes are not acceptable or the calibration could not be read.
    calibration : k4a_calibration_t | None
        The calibration; None on failure.
    """

def k4a_device_get_sync_jack(device_handle: DeviceHandle) -> tuple[Result, bool | None, bool | None]:
    """Ask whether synchronisation cables are plugged in.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.

    Returns
    -------
    result : Result
        FAILED when that could not be read.
    sync_in_jack_connected : bool | None
        Whether a cable is in the "sync in" jack; None on failure.
    sync_out_jack_connected : bool | None
        Whether a cable is in the "sync out" jack; None on failure.
    """
