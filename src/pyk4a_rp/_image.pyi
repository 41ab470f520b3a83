"""The 23 `k4a_image_*` functions and the handle of an image.

What only reads or sets a number of the C object keeps the GIL: giving it up costs more than the call, and lets another
thread take it for a whole switch interval. Everything that may allocate, free, load pixels or log gives it up.
"""

import os
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray
from typing_extensions import Buffer, disjoint_base

from ._handle import Handle
from ._provider import Provider
from .enums import ImageFormat, Result

@disjoint_base
class ImageHandle(Handle):
    """A reference to a C image.

    It is a writable buffer of the pixels, without a copy: DEPTH16, IR16 and CUSTOM16 (H, W) of uint16, BGRA32
    (H, W, 4), YUY2 (H, W, 2), NV12 (3H/2, W) and CUSTOM8 (H, W) of uint8, each with the stride of the image; MJPG and
    CUSTOM, and images that hold fewer bytes than their size and stride say, (size,) of uint8. The memory stays as long
    as anything looks at it, also after `release`.

    The attributes are those of the C image. They raise ValueError when the handle is released.
    """

    def __buffer__(self, flags: int, /) -> memoryview: ...
    @property
    def __array_interface__(self) -> dict[str, Any]:
        """The pixels as NumPy's array interface, version 3. They stay until this object is gone, despite `release`."""

    @property
    def format(self) -> ImageFormat:
        """`ImageFormat` of the pixels."""

    @property
    def width_pixels(self) -> int:
        """Pixels in a row."""

    @property
    def height_pixels(self) -> int:
        """Number of rows."""

    @property
    def stride_bytes(self) -> int:
        """Bytes from one row to the next; 0 for MJPG."""

    @property
    def size(self) -> int:
        """Bytes of the buffer."""

    @property
    def device_timestamp_usec(self) -> int:
        """Device time in the middle of the exposure, microseconds. Can be set."""

    @device_timestamp_usec.setter
    def device_timestamp_usec(self, value: int) -> None: ...
    @property
    def system_timestamp_nsec(self) -> int:
        """Time of arrival at the host, nanoseconds of a monotonic clock; 0 when unknown. Can be set."""

    @system_timestamp_nsec.setter
    def system_timestamp_nsec(self, value: int) -> None: ...
    @property
    def exposure_usec(self) -> int:
        """Exposure time of a color image, microseconds; 0 when unknown. Can be set."""

    @exposure_usec.setter
    def exposure_usec(self, value: int) -> None: ...
    @property
    def white_balance(self) -> int:
        """White balance of a color image, kelvin; 0 when unknown. Can be set."""

    @white_balance.setter
    def white_balance(self, value: int) -> None: ...
    @property
    def iso_speed(self) -> int:
        """ISO speed of a color image; 0 when unknown. Can be set."""

    @iso_speed.setter
    def iso_speed(self, value: int) -> None: ...

def k4a_image_create(
    format: ImageFormat,
    width_pixels: int,
    height_pixels: int,
    stride_bytes: int,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, ImageHandle | None]:
    """Create an image with memory of its own. The pixels are not cleared.

    Parameters
    ----------
    format : ImageFormat
        Any format but COLOR_MJPG.
    width_pixels : int
        Pixels in a row, 1 to 19999; even for NV12 and YUY2.
    height_pixels : int
        Number of rows, 1 to 19999; even for NV12.
    stride_bytes : int
        Bytes from one row to the next; 0 takes the smallest that fits the format.
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose image it is; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when an argument is not acceptable or memory is short.
    image_handle : ImageHandle | None
        The image; None on failure.
    """

def k4a_image_create_from_buffer(
    format: ImageFormat,
    width_pixels: int,
    height_pixels: int,
    stride_bytes: int,
    buffer: Buffer | NDArray[Any],
    buffer_release_cb: Callable[[Any, Any], object] | None = None,
    buffer_release_cb_context: Any = None,
    *,
    provider: Provider | str | os.PathLike[str] | None = None,
) -> tuple[Result, ImageHandle | None]:
    """Create an image on memory of a Python object, without a copy.

    The object is kept until C has dropped its last reference and the mailbox has been drained, which every flat call
    does. Memory of a read-only object is wrapped as well: do not let anything write to such an image.

    Parameters
    ----------
    format : ImageFormat
        Any format.
    width_pixels : int
        Pixels in a row, 1 to 20000.
    height_pixels : int
        Number of rows, 1 to 20000.
    stride_bytes : int
        Bytes from one row to the next. It is not held against the size of the buffer.
    buffer : Buffer
        An object with a contiguous buffer, not empty; its size in bytes takes the place of C's `buffer_size`.
    buffer_release_cb : Callable[[Any, Any], object] | None, optional
        Called as `buffer_release_cb(buffer, buffer_release_cb_context)`, once, when the mailbox is drained after the
        last reference to the C image is gone; never when this function fails.
    buffer_release_cb_context : Any, optional
        The second argument of the callback.
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose image it is; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when an argument is not acceptable.
    image_handle : ImageHandle | None
        The image; None on failure.
    """

def k4a_image_reference(image_handle: ImageHandle) -> None:
    """Add a reference: the handle then stands for one more `k4a_image_release`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    """

def k4a_image_release(image_handle: ImageHandle | None) -> None:
    """Drop a reference. The handle is released with its last one; None and released handles are left alone.

    Parameters
    ----------
    image_handle : ImageHandle | None
        The image.
    """

def k4a_image_get_buffer(image_handle: ImageHandle) -> memoryview | None:
    """Get the bytes of an image, without a copy. Loads them when that has not happened yet.

    For rows and columns take the handle itself, `numpy.asarray(image_handle)`: it is a buffer with the image's shape.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    memoryview | None
        A writable view of all `k4a_image_get_size` bytes, valid also after a release; None on failure.
    """

def k4a_image_get_size(image_handle: ImageHandle) -> int:
    """Get the size of the buffer.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Bytes; 0 on failure.
    """

def k4a_image_get_format(image_handle: ImageHandle) -> ImageFormat:
    """Get the format of the pixels.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    ImageFormat
        The format; CUSTOM on failure.
    """

def k4a_image_get_width_pixels(image_handle: ImageHandle) -> int:
    """Get the width.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Pixels; 0 on failure.
    """

def k4a_image_get_height_pixels(image_handle: ImageHandle) -> int:
    """Get the height.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Pixels; 0 on failure.
    """

def k4a_image_get_stride_bytes(image_handle: ImageHandle) -> int:
    """Get the distance from one row to the next.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Bytes; 0 for MJPG and on failure.
    """

def k4a_image_get_device_timestamp_usec(image_handle: ImageHandle) -> int:
    """Get the device time in the middle of the exposure.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Microseconds of the device's clock; 0 when unset and on failure.
    """

def k4a_image_get_system_timestamp_nsec(image_handle: ImageHandle) -> int:
    """Get the time of arrival at the host.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Nanoseconds of a monotonic clock; 0 when unset (in recordings always) and on failure.
    """

def k4a_image_get_exposure_usec(image_handle: ImageHandle) -> int:
    """Get the exposure time of a color image.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Microseconds; 0 when unset and on failure.
    """

def k4a_image_get_white_balance(image_handle: ImageHandle) -> int:
    """Get the white balance of a color image.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Kelvin; 0 when unset and on failure.
    """

def k4a_image_get_iso_speed(image_handle: ImageHandle) -> int:
    """Get the ISO speed of a color image.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        ISO speed; 0 when unset and on failure.
    """

def k4a_image_set_device_timestamp_usec(image_handle: ImageHandle, timestamp_usec: int) -> None:
    """Set the device time.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    timestamp_usec : int
        Microseconds of the device's clock.
    """

def k4a_image_set_system_timestamp_nsec(image_handle: ImageHandle, timestamp_nsec: int) -> None:
    """Set the time of arrival at the host.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    timestamp_nsec : int
        Nanoseconds of a monotonic clock.
    """

def k4a_image_set_exposure_usec(image_handle: ImageHandle, exposure_usec: int) -> None:
    """Set the exposure time.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    exposure_usec : int
        Microseconds.
    """

def k4a_image_set_white_balance(image_handle: ImageHandle, white_balance: int) -> None:
    """Set the white balance.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    white_balance : int
        Kelvin.
    """

def k4a_image_set_iso_speed(image_handle: ImageHandle, iso_speed: int) -> None:
    """Set the ISO speed.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    iso_speed : int
        ISO speed.
    """

def k4a_image_get_timestamp_usec(image_handle: ImageHandle) -> int:
    """Get the device time. Deprecated: use `k4a_image_get_device_timestamp_usec`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.

    Returns
    -------
    int
        Microseconds of the device's clock; 0 when unset and on failure.
    """

def k4a_image_set_timestamp_usec(image_handle: ImageHandle, timestamp_usec: int) -> None:
    """Set the device time. Deprecated: use `k4a_image_set_device_timestamp_usec`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    timestamp_usec : int
        Microseconds of the device's clock.
    """

def k4a_image_set_exposure_time_usec(image_handle: ImageHandle, exposure_usec: int) -> None:
    """Set the exposure time. Deprecated: use `k4a_image_set_exposure_usec`.

    Parameters
    ----------
    image_handle : ImageHandle
        The image.
    exposure_usec : int
        Microseconds.
    """
