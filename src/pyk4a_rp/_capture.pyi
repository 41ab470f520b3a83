"""The 11 `k4a_capture_*` functions and the handle of a capture."""

import os

from ._handle import Handle
from ._image import ImageHandle
from ._provider import Provider
from .enums import Result

class CaptureHandle(Handle):
    """A reference to a C capture: up to three images taken at the same time."""

def k4a_capture_create(
    *, provider: Provider | str | os.PathLike[str] | None = None
) -> tuple[Result, CaptureHandle | None]:
    """Create a capture without images.

    Parameters
    ----------
    provider : Provider | str | os.PathLike[str] | None, optional
        Whose capture it is; None takes the default provider for files.

    Returns
    -------
    result : Result
        FAILED when memory is short.
    capture_handle : CaptureHandle | None
        The capture; None on failure.
    """

def k4a_capture_release(capture_handle: CaptureHandle | None) -> None:
    """Drop a reference. The handle is released with its last one; None and released handles are left alone.

    Parameters
    ----------
    capture_handle : CaptureHandle | None
        The capture.
    """

def k4a_capture_reference(capture_handle: CaptureHandle) -> None:
    """Add a reference: the handle then stands for one more `k4a_capture_release`.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    """

def k4a_capture_get_color_image(capture_handle: CaptureHandle) -> ImageHandle | None:
    """Get the color image.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    ImageHandle | None
        A new reference to the image; None when there is none and on failure.
    """

def k4a_capture_get_depth_image(capture_handle: CaptureHandle) -> ImageHandle | None:
    """Get the depth image.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    ImageHandle | None
        A new reference to the image; None when there is none and on failure.
    """

def k4a_capture_get_ir_image(capture_handle: CaptureHandle) -> ImageHandle | None:
    """Get the infrared image.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    ImageHandle | None
        A new reference to the image; None when there is none and on failure.
    """

def k4a_capture_set_color_image(capture_handle: CaptureHandle, image_handle: ImageHandle | None) -> None:
    """Put a color image into a capture. The capture takes a reference of its own; the format is not checked.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    image_handle : ImageHandle | None
        The image, of the same provider; None empties the place.
    """

def k4a_capture_set_depth_image(capture_handle: CaptureHandle, image_handle: ImageHandle | None) -> None:
    """Put a depth image into a capture. The capture takes a reference of its own; the format is not checked.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    image_handle : ImageHandle | None
        The image, of the same provider; None empties the place.
    """

def k4a_capture_set_ir_image(capture_handle: CaptureHandle, image_handle: ImageHandle | None) -> None:
    """Put an infrared image into a capture. The capture takes a reference of its own; the format is not checked.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    image_handle : ImageHandle | None
        The image, of the same provider; None empties the place.
    """

def k4a_capture_set_temperature_c(capture_handle: CaptureHandle, temperature_c: float) -> None:
    """Set the temperature of the device.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.
    temperature_c : float
        Degrees Celsius; NaN is refused, the old value stays then.
    """

def k4a_capture_get_temperature_c(capture_handle: CaptureHandle) -> float:
    """Get the temperature of the device.

    Parameters
    ----------
    capture_handle : CaptureHandle
        The capture.

    Returns
    -------
    float
        Degrees Celsius; NaN when unset (in recordings always) and on failure.
    """
