# The device handle.

from pyk4a_rp._abi cimport k4a_device_t
from pyk4a_rp._handle cimport Handle


cdef class DeviceHandle(Handle):
    pass


cdef inline k4a_device_t device_of(DeviceHandle device) noexcept:
    return <k4a_device_t>device.ptr if device is not None else NULL
