# cython: language_level=3, auto_pickle=False
"""Simulated devices of the engine's own table, in the style of the flat layer.

The environment variable PYK4A_RP_SIMULATED asks for such devices as well: a comma-separated list of sources, one for
each device, that `k4a_device_open` of provider 'bundled' opens by index.
"""

from libc.string cimport memset
from libcpp cimport bool as cbool

from pyk4a_rp._abi cimport (
    K4A_RESULT_SUCCEEDED,
    K4A_RP_SYNC_JACK_IN,
    K4A_RP_SYNC_JACK_OUT,
    K4A_RP_SYNC_JACKS_SET,
    k4a_device_t,
    k4a_result_t,
    k4a_rp_extensions_t,
    k4a_rp_simulated_options_t,
)
from pyk4a_rp._convert cimport as_path, as_text, as_uint32, result
from pyk4a_rp._handle cimport choose_provider, enter, leave, table
from pyk4a_rp._k4a cimport DeviceHandle
from pyk4a_rp._provider cimport Provider, poll_mailbox, provider_of


cdef const k4a_rp_extensions_t *extensions(Provider provider, str name) except NULL:
    if provider.extensions is NULL:
        from pyk4a_rp.errors import NotSupportedError

        raise NotSupportedError(f"provider {provider.name!r} has no {name}; provider 'bundled' has")
    return provider.extensions


def simulated_device_open(
    source,
    *,
    speed=1.0,
    on_demand=False,
    repeat=False,
    lose_depth_every=0,
    sync_jacks=None,
    serial_number=None,
    provider=None,
):
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
    cdef bytes c_source = as_path(source, "source")
    cdef bytes serial = None if serial_number is None else as_text(serial_number, "serial_number")
    cdef k4a_rp_simulated_options_t options
    memset(&options, 0, sizeof(options))
    options.speed = speed
    if options.speed == 0:
        options.speed = -1.0  # 0 means "not given" in C
    options.on_demand = bool(on_demand)
    options.repeat = bool(repeat)
    options.lose_depth_every = as_uint32(lose_depth_every, "lose_depth_every")
    if sync_jacks is not None:
        jack_in, jack_out = sync_jacks
        options.sync_jacks = (
            K4A_RP_SYNC_JACKS_SET
            | (K4A_RP_SYNC_JACK_IN if jack_in else 0)
            | (K4A_RP_SYNC_JACK_OUT if jack_out else 0)
        )
    if serial is not None:
        options.serial_number = serial
    cdef Provider engine = choose_provider("bundled" if provider is None else provider, "device")
    cdef const k4a_rp_extensions_t *more = extensions(engine, "simulated_device_open")
    cdef const char *text = c_source
    cdef k4a_device_t device = NULL
    cdef k4a_result_t code
    with nogil:
        code = more.simulated_device_open(text, &options, &device)
    cdef DeviceHandle handle = None
    if code == K4A_RESULT_SUCCEEDED:
        handle = DeviceHandle.__new__(DeviceHandle)
        handle.ptr = device
        handle.api = engine.api
    poll_mailbox()
    return result(code), handle


def simulated_device_unplug(DeviceHandle device_handle not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(provider_of(table(device_handle)), "simulated_device_unplug")
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = more.simulated_device_unplug(device)
    leave(device_handle)
    poll_mailbox()
    return result(code)


def simulated_device_has_ended(DeviceHandle device_handle not None):
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
    cdef const k4a_rp_extensions_t *more = extensions(provider_of(table(device_handle)), "simulated_device_has_ended")
    cdef k4a_result_t code
    cdef cbool captures = False
    cdef cbool imu_samples = False
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = more.simulated_device_has_ended(device, &captures, &imu_samples)
    leave(device_handle)
    poll_mailbox()
    return result(code), bool(captures), bool(imu_samples)
