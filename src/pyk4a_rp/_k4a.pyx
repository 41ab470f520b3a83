# cython: language_level=3, auto_pickle=False
"""The functions of libk4a for the library as a whole and for devices, and the handle of a device.

Output pointers of C leave the parameter list and come back after the result code; they are None on failure. Callbacks
are Python callables that run when the mailbox is drained, in a thread that calls a flat function.
"""

from libc.stddef cimport size_t
from libc.stdint cimport int32_t, uint32_t
from libc.string cimport memset
from libcpp cimport bool as cbool

from pyk4a_rp._abi cimport (
    K4A_RESULT_SUCCEEDED,
    K4A_WAIT_RESULT_SUCCEEDED,
    K4A_WAIT_RESULT_TIMEOUT,
    k4a_api,
    k4a_buffer_result_t,
    k4a_calibration_t,
    k4a_capture_t,
    k4a_color_control_command_t,
    k4a_color_control_mode_t,
    k4a_color_resolution_t,
    k4a_depth_mode_t,
    k4a_device_configuration_t,
    k4a_device_t,
    k4a_hardware_version_t,
    k4a_imu_sample_t,
    k4a_result_t,
    k4a_wait_result_t,
)
from pyk4a_rp._capture cimport new_capture
from pyk4a_rp._convert cimport (
    Query,
    as_int,
    as_uint32,
    color_control_mode,
    from_calibration,
    from_hardware_version,
    from_imu_sample,
    get_bytes,
    get_text,
    result,
    to_device_configuration,
    wait_result,
)
from pyk4a_rp._handle cimport Handle, choose_provider, enter, leave, table
from pyk4a_rp._provider cimport poll_mailbox, set_allocator, set_message_handler


cdef class DeviceHandle(Handle):
    """An open device.

    Releasing it while another thread waits for a capture or a sample stops the streams, so that the waiting call fails
    and returns; the device is closed then.
    """

    cdef void destroy(self, void *ptr) noexcept nogil:
        self.api.k4a_device_close(<k4a_device_t>ptr)

    cdef void interrupt(self, void *ptr) noexcept nogil:
        self.api.k4a_device_stop_imu(<k4a_device_t>ptr)
        self.api.k4a_device_stop_cameras(<k4a_device_t>ptr)

    cdef str kind(self):
        return "device"


# ---- library ----


def k4a_device_get_installed_count(*, provider=None):
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
    cdef const k4a_api *api = choose_provider(provider, "device").api
    cdef uint32_t count
    with nogil:
        count = api.k4a_device_get_installed_count()
    poll_mailbox()
    return count


def k4a_set_debug_message_handler(message_cb, message_cb_context, min_level, *, provider=None):
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
    cdef int level = as_int(min_level, "min_level")
    cdef int code = set_message_handler(choose_provider(provider, "files"), message_cb, message_cb_context, level)
    poll_mailbox()
    return result(code)


def k4a_set_allocator(allocate, free, *, provider=None):
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
    cdef int code = set_allocator(choose_provider(provider, "files"), allocate, free)
    poll_mailbox()
    return result(code)


# ---- device ----


def k4a_device_open(index, *, provider=None):
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
    cdef uint32_t number = as_uint32(index, "index")
    cdef const k4a_api *api = choose_provider(provider, "device").api
    cdef k4a_device_t device = NULL
    cdef k4a_result_t code
    with nogil:
        code = api.k4a_device_open(number, &device)
    cdef DeviceHandle handle = None
    if code == K4A_RESULT_SUCCEEDED:
        handle = DeviceHandle.__new__(DeviceHandle)
        handle.ptr = device
        handle.api = api
    poll_mailbox()
    return result(code), handle


def k4a_device_close(DeviceHandle device_handle):
    """Stop the streams and close a device. None and released handles are left alone.

    Parameters
    ----------
    device_handle : DeviceHandle | None
        The device.
    """
    if device_handle is not None:
        device_handle.release()


def k4a_device_get_capture(DeviceHandle device_handle not None, timeout_in_ms):
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
    cdef int32_t timeout = as_int(timeout_in_ms, "timeout_in_ms")
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_capture_t capture = NULL
    cdef k4a_wait_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_get_capture(device, &capture, timeout)
    leave(device_handle)
    if code == K4A_WAIT_RESULT_SUCCEEDED and capture is NULL:
        code = K4A_WAIT_RESULT_TIMEOUT  # a native library that woke up for nothing
    cdef object handle = new_capture(api, capture) if code == K4A_WAIT_RESULT_SUCCEEDED else None
    poll_mailbox()
    return wait_result(code), handle


def k4a_device_get_imu_sample(DeviceHandle device_handle not None, timeout_in_ms):
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
    cdef int32_t timeout = as_int(timeout_in_ms, "timeout_in_ms")
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_imu_sample_t sample
    cdef k4a_wait_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        memset(&sample, 0, sizeof(sample))
        code = api.k4a_device_get_imu_sample(device, &sample, timeout)
    leave(device_handle)
    poll_mailbox()
    return wait_result(code), from_imu_sample(&sample) if code == K4A_WAIT_RESULT_SUCCEEDED else None


def k4a_device_start_cameras(DeviceHandle device_handle not None, config):
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
    cdef k4a_device_configuration_t c
    to_device_configuration(config, "config", &c)
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_start_cameras(device, &c)
    leave(device_handle)
    poll_mailbox()
    return result(code)


def k4a_device_stop_cameras(DeviceHandle device_handle not None):
    """Stop the cameras. A thread that waits for a capture gets FAILED.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    """
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        api.k4a_device_stop_cameras(device)
    leave(device_handle)
    poll_mailbox()


def k4a_device_start_imu(DeviceHandle device_handle not None):
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
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_start_imu(device)
    leave(device_handle)
    poll_mailbox()
    return result(code)


def k4a_device_stop_imu(DeviceHandle device_handle not None):
    """Stop the IMU. A thread that waits for a sample gets FAILED.

    Parameters
    ----------
    device_handle : DeviceHandle
        The device.
    """
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        api.k4a_device_stop_imu(device)
    leave(device_handle)
    poll_mailbox()


cdef k4a_buffer_result_t ask_serialnum(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_device_get_serialnum(<k4a_device_t>query.handle, data, size)


def k4a_device_get_serialnum(DeviceHandle device_handle not None, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(device_handle)
    return get_text(ask_serialnum, &query, device_handle, NULL, size)


def k4a_device_get_version(DeviceHandle device_handle not None):
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
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_hardware_version_t version
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        memset(&version, 0, sizeof(version))
        code = api.k4a_device_get_version(device, &version)
    leave(device_handle)
    poll_mailbox()
    return result(code), from_hardware_version(&version) if code == K4A_RESULT_SUCCEEDED else None


def k4a_device_get_color_control_capabilities(DeviceHandle device_handle not None, command):
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
    cdef int number = as_int(command, "command")
    cdef const k4a_api *api = table(device_handle)
    cdef cbool supports_auto = False
    cdef int32_t low = 0
    cdef int32_t high = 0
    cdef int32_t step = 0
    cdef int32_t default = 0
    cdef k4a_color_control_mode_t mode = <k4a_color_control_mode_t>0
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_get_color_control_capabilities(
            device, <k4a_color_control_command_t>number, &supports_auto, &low, &high, &step, &default, &mode
        )
    leave(device_handle)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None, None, None, None, None
    return result(code), bool(supports_auto), low, high, step, default, color_control_mode(mode)


def k4a_device_get_color_control(DeviceHandle device_handle not None, command):
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
    cdef int number = as_int(command, "command")
    cdef const k4a_api *api = table(device_handle)
    cdef int32_t value = 0
    cdef k4a_color_control_mode_t mode = <k4a_color_control_mode_t>0
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_get_color_control(device, <k4a_color_control_command_t>number, &mode, &value)
    leave(device_handle)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), color_control_mode(mode), value


def k4a_device_set_color_control(DeviceHandle device_handle not None, command, mode, value):
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
    cdef int number = as_int(command, "command")
    cdef int c_mode = as_int(mode, "mode")
    cdef int32_t c_value = as_int(value, "value")
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_set_color_control(
            device, <k4a_color_control_command_t>number, <k4a_color_control_mode_t>c_mode, c_value
        )
    leave(device_handle)
    poll_mailbox()
    return result(code)


cdef k4a_buffer_result_t ask_raw_calibration(const Query *query, char *data, size_t *size) noexcept nogil:
    return query.api.k4a_device_get_raw_calibration(<k4a_device_t>query.handle, <unsigned char *>data, size)


def k4a_device_get_raw_calibration(DeviceHandle device_handle not None, size=None):
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
    cdef Query query
    memset(&query, 0, sizeof(query))
    query.api = table(device_handle)
    return get_bytes(ask_raw_calibration, &query, device_handle, NULL, size, True)


def k4a_device_get_calibration(DeviceHandle device_handle not None, depth_mode, color_resolution):
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
    cdef int mode = as_int(depth_mode, "depth_mode")
    cdef int resolution = as_int(color_resolution, "color_resolution")
    cdef const k4a_api *api = table(device_handle)
    cdef k4a_calibration_t calibration
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        memset(&calibration, 0, sizeof(calibration))
        code = api.k4a_device_get_calibration(
            device, <k4a_depth_mode_t>mode, <k4a_color_resolution_t>resolution, &calibration
        )
    leave(device_handle)
    poll_mailbox()
    return result(code), from_calibration(&calibration) if code == K4A_RESULT_SUCCEEDED else None


def k4a_device_get_sync_jack(DeviceHandle device_handle not None):
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
    cdef const k4a_api *api = table(device_handle)
    cdef cbool sync_in = False
    cdef cbool sync_out = False
    cdef k4a_result_t code
    cdef k4a_device_t device = <k4a_device_t>enter(device_handle)
    with nogil:
        code = api.k4a_device_get_sync_jack(device, &sync_in, &sync_out)
    leave(device_handle)
    poll_mailbox()
    if code != K4A_RESULT_SUCCEEDED:
        return result(code), None, None
    return result(code), bool(sync_in), bool(sync_out)
