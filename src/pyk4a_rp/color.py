"""Pixels for people and their programs: RGB, BGRA and gray arrays, JPEG, false colours."""

from __future__ import annotations

import math
import operator
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from . import _color, _extensions
from . import k4a as _k
from ._provider import load_provider
from .enums import ImageFormat
from .errors import NotSupportedError, RecordingError, fail
from .k4a import ImageHandle

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

    from .image import Image

__all__ = ["COLORMAPS", "colorize", "jpeg_available", "named_colormap"]


class Pixels(IntEnum):
    """How pixels are laid out. C: ``k4a_rp_pixels_t``."""

    BGRA = 0
    RGB = 1
    BGR = 2
    GRAY = 3


_CHANNELS = {Pixels.BGRA: 4, Pixels.RGB: 3, Pixels.BGR: 3}
_COLOR_FORMATS = (
    ImageFormat.COLOR_MJPG,
    ImageFormat.COLOR_NV12,
    ImageFormat.COLOR_YUY2,
    ImageFormat.COLOR_BGRA32,
)
_SIXTEEN_BITS = (ImageFormat.DEPTH16, ImageFormat.IR16, ImageFormat.CUSTOM16)

# Position from 0 to 1, then red, green, blue; in between, colours are mixed evenly.
COLORMAPS = {
    "spectrum": (
        (0.0, 48, 18, 110),
        (0.12, 50, 80, 220),
        (0.3, 30, 180, 235),
        (0.48, 60, 225, 130),
        (0.62, 190, 235, 50),
        (0.76, 250, 180, 45),
        (0.89, 235, 80, 20),
        (1.0, 120, 10, 10),
    ),
    "heat": ((0.0, 0, 0, 0), (0.35, 150, 0, 30), (0.65, 240, 90, 0), (0.87, 255, 210, 60), (1.0, 255, 255, 255)),
    "gray": ((0.0, 0, 0, 0), (1.0, 255, 255, 255)),
}
"""Colours of `colorize` by name."""


def jpeg_available() -> bool:
    """Whether the engine was built with a JPEG codec: MJPG images can be decoded, and JPEG files written."""
    features = _extensions.get_features(load_provider("bundled")) or ""
    return "jpeg=off" not in features.split()


def named_colormap(name: str) -> npt.NDArray[np.uint8]:
    """The colours of a name in `COLORMAPS`.

    Parameters
    ----------
    name
        "spectrum", "heat" or "gray".

    Returns
    -------
    numpy.ndarray
        Shape (256, 3), uint8: red, green, blue.
    """
    try:
        points = np.array(COLORMAPS[name])
    except KeyError:
        raise ValueError(f"there is no colormap {name!r}; there are {', '.join(COLORMAPS)}") from None
    where = np.linspace(0, 1, 256)
    return np.stack([np.interp(where, points[:, 0], points[:, i]) for i in (1, 2, 3)], axis=1).round().astype(np.uint8)


def colorize(
    image: Image | npt.ArrayLike,
    range: tuple[float, float] | None = None,
    colormap: str | npt.ArrayLike | None = None,
    *,
    out: npt.NDArray[np.uint8] | None = None,
) -> npt.NDArray[np.uint8]:
    """Show depth or infrared in colours.

    Parameters
    ----------
    image
        A DEPTH16, IR16 or CUSTOM16 image, or a uint16 array of shape (H, W).
    range
        Values of the first and of the last colour (millimetres for depth); what is beyond gets the same colours. None:
        the range that holds all but the lowest and the highest hundredth of the values that are not 0.
    colormap
        A name in `COLORMAPS` or an array (256, 3) of uint8; None: "gray" for IR16, else "spectrum".
    out
        An array (H, W, 3) of uint8 to write into, rows may be padded; None makes a new one.

    Returns
    -------
    numpy.ndarray
        Shape (H, W, 3), uint8: red, green, blue. Where the value is 0, which means no data, it is black.

    Examples
    --------
    >>> import numpy as np
    >>> from pyk4a_rp import colorize
    >>> colorize(np.array([[0, 500, 4000]], np.uint16), range=(500, 4000), colormap="gray").tolist()
    [[[0, 0, 0], [0, 0, 0], [255, 255, 255]]]
    """
    if not isinstance(image, ImageHandle):
        image = _image_of(np.asarray(image))
    elif image.format not in _SIXTEEN_BITS:
        raise ValueError(f"colors are given to 16-bit images, not to {image.format.name}")
    array = np.asarray(image)
    low, high = _usual_range(array) if range is None else range
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"the range of values from {low} to {high} is not finite")
    first, last = (min(max(round(value), 0), 65535) for value in (low, high))
    if first >= last:
        raise ValueError(f"the range of values from {low} to {high} is empty")
    if colormap is None:
        colormap = "gray" if image.format == ImageFormat.IR16 else "spectrum"
    colors = _colors(colormap)
    pixels = _room((*array.shape, 3), out)
    result = _color.image_colorize(_native(image), first, last, colors.tobytes(), pixels)
    if result:
        fail(f"{image!r} cannot be colored", "k4a_rp image_colorize", provider=load_provider("bundled"), code=result,
             error=RecordingError)  # fmt: skip
    return pixels


def _colors(colormap: str | npt.ArrayLike) -> npt.NDArray[np.uint8]:
    if isinstance(colormap, str):
        return named_colormap(colormap)
    colors = np.asarray(colormap)
    if colors.shape != (256, 3) or colors.dtype != np.uint8:
        raise ValueError(f"a colormap is an array (256, 3) of uint8, not {colors.shape} of {colors.dtype}")
    return colors


def _usual_range(array: npt.NDArray[Any]) -> tuple[int, int]:
    counts = np.bincount(array.ravel(), minlength=2)
    counts[0] = 0
    total = int(counts.sum())
    if total == 0:
        return 0, 1  # no data: any range shows it
    low, high = np.searchsorted(counts.cumsum(), [total / 100, total - total / 100])
    return min(int(low), 65534), max(int(high), min(int(low), 65534) + 1)


def _image_of(array: npt.NDArray[Any]) -> Image:
    from .image import Image

    if array.dtype != np.uint16 or array.ndim != 2:
        raise ValueError(f"colors are given to arrays (H, W) of uint16, not {array.shape} of {array.dtype}")
    lent = array.flags.writeable and array.strides[1] == 2 and array.strides[0] >= 2 * array.shape[1]
    return Image.from_array(array, ImageFormat.CUSTOM16, copy=not lent, provider="bundled")


def _native(image: ImageHandle) -> ImageHandle:
    """The image itself, or one of the engine's over the same memory."""
    if _extensions.available(image):
        return image
    try:
        memory = memoryview(image)
    except BufferError:
        fail("the pixels of the image cannot be read", "k4a_image_get_buffer", provider=image.provider,
             error=RecordingError)  # fmt: skip
    result, handle = _k.k4a_image_create_from_buffer(
        image.format, image.width_pixels, image.height_pixels, image.stride_bytes, memory, provider="bundled"
    )
    if handle is None:
        fail(f"{image!r} cannot be lent to the engine", "k4a_image_create_from_buffer",
             provider=load_provider("bundled"), code=result)  # fmt: skip
    handle.device_timestamp_usec = image.device_timestamp_usec
    handle.system_timestamp_nsec = image.system_timestamp_nsec
    handle.exposure_usec = image.exposure_usec
    handle.white_balance = image.white_balance
    handle.iso_speed = image.iso_speed
    return handle


def _room(shape: tuple[int, ...], out: npt.NDArray[np.uint8] | None) -> npt.NDArray[np.uint8]:
    if out is None:
        return np.empty(shape, np.uint8)
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array, not {type(out).__name__}")
    if out.shape != shape or out.dtype != np.uint8:
        raise ValueError(f"out must be an array {shape} of uint8, not {out.shape} of {out.dtype}")
    if not out.flags.writeable:
        raise ValueError("out is read-only")
    return out


def _require_color(image: ImageHandle, what: str) -> None:
    if image.format not in _COLOR_FORMATS:
        raise ValueError(f"a {image.format.name} image cannot be {what}: it has no colors")


def read_pixels(image: ImageHandle, layout: Pixels, out: npt.NDArray[np.uint8] | None) -> npt.NDArray[np.uint8]:
    """The pixels of a color image in a layout; `Image.to_rgb` and its kin."""
    _require_color(image, "read as colors")
    channels = (_CHANNELS[layout],) if layout in _CHANNELS else ()
    pixels = _room((image.height_pixels, image.width_pixels, *channels), out)
    result = _color.image_read_pixels(_native(image), layout, pixels)
    if result:
        _fail(image, f"{image!r} cannot be read as {layout.name}", "image_read_pixels", result)
    return pixels


def convert(image: ImageHandle, format: ImageFormat) -> ImageHandle:
    """A new image of another color format."""
    _require_color(image, "converted")
    format = ImageFormat(format)
    if format not in _COLOR_FORMATS:
        raise ValueError(f"a color image cannot become a {format.name} image")
    result, handle = _color.image_convert(_native(image), format)
    if handle is None:
        _fail(image, f"{image!r} cannot be converted to {format.name}", "image_convert", result, format)
    return handle


def encode_jpeg(image: ImageHandle, quality: int) -> ImageHandle:
    """A new MJPG image."""
    _require_color(image, "encoded")
    try:
        quality = operator.index(quality)
    except TypeError:
        raise TypeError(f"the quality of a JPEG must be an int, not {type(quality).__name__}") from None
    if not 1 <= quality <= 100:
        raise ValueError(f"the quality of a JPEG goes from 1 to 100, not {quality}")
    result, handle = _color.image_encode_jpeg(_native(image), quality)
    if handle is None:
        _fail(image, f"{image!r} cannot be encoded", "image_encode_jpeg", result, ImageFormat.COLOR_MJPG)
    return handle


def to_pil(image: Image) -> PilImage:
    """A Pillow image."""
    from PIL import Image as pil

    if image.format in _COLOR_FORMATS:
        return pil.fromarray(read_pixels(image, Pixels.RGB, None))
    if image.array.ndim != 2:
        raise ValueError(f"a {image.format.name} image has no rows of pixels")
    return pil.fromarray(image.array)


def _fail(image: ImageHandle, message: str, call: str, code: int, target: ImageFormat | None = None) -> NoReturn:
    if ImageFormat.COLOR_MJPG in (image.format, target) and not jpeg_available():
        fail(f"{message}: this build has no JPEG codec (see `pyk4a-rp doctor`)", f"k4a_rp {call}", code=code,
             error=NotSupportedError)  # fmt: skip
    fail(message, f"k4a_rp {call}", provider=load_provider("bundled"), code=code, error=RecordingError)
