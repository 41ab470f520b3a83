"""Colour and reading ahead: members of the engine's own table that work on pixels, in the style of the flat layer.

Names are those of `k4a_rp/k4a_rp.h`. Where the provider of a handle has no such table they raise `NotSupportedError`.
"""

from typing import Any

from numpy.typing import NDArray
from typing_extensions import Buffer, disjoint_base

from ._capture import CaptureHandle
from ._handle import Handle
from ._image import ImageHandle
from ._k4arecord import PlaybackHandle
from .enums import Result

@disjoint_base
class PrefetchHandle(Handle):
    """Captures of a recording that threads read ahead. Releasing it stops the threads."""

def image_convert(image_handle: ImageHandle, format: int) -> tuple[Result, ImageHandle | None]:
    """Make an image of another colour format.

    Parameters
    ----------
    image_handle : ImageHandle
        An image of a colour format.
    format : int
        `ImageFormat` of the new image. MJPG is written with quality 95.

    Returns
    -------
    result : Result
        FAILED when one of the formats has no colours, the pixels are damaged, or the build has no JPEG codec.
    converted_handle : ImageHandle | None
        The new image with the same attributes; None on failure.
    """

def image_encode_jpeg(image_handle: ImageHandle, quality: int) -> tuple[Result, ImageHandle | None]:
    """Make an MJPG image.

    Parameters
    ----------
    image_handle : ImageHandle
        An image of a colour format.
    quality : int
        From 1 to 100.

    Returns
    -------
    result : Result
        FAILED when the image has no colours or the build has no JPEG codec.
    jpeg_handle : ImageHandle | None
        The new image with the same attributes; None on failure.
    """

def image_read_pixels(image_handle: ImageHandle, layout: int, pixels: Buffer | NDArray[Any]) -> Result:
    """Write the pixels of a colour image into memory of the caller's.

    Parameters
    ----------
    image_handle : ImageHandle
        An image of a colour format.
    layout : int
        0 BGRA, 1 RGB, 2 BGR, 3 gray.
    pixels : Buffer
        Writable rows of bytes, (height, width, channels) or (height, width); rows may be padded.

    Returns
    -------
    Result
        FAILED when there is too little room, the pixels are damaged, or the build has no JPEG codec.
    """

def image_colorize(
    image_handle: ImageHandle, low: int, high: int, color_map: bytes, pixels: Buffer | NDArray[Any]
) -> Result:
    """Write the values of a 16-bit image as colours into memory of the caller's.

    Parameters
    ----------
    image_handle : ImageHandle
        A DEPTH16, IR16 or CUSTOM16 image.
    low : int
        Value of the first colour; values below get the same.
    high : int
        Value of the last colour, more than `low`; values above get the same.
    color_map : bytes
        256 colours of 3 bytes.
    pixels : Buffer
        Writable rows of bytes, (height, width, 3). Pixels of value 0, no data, become black.

    Returns
    -------
    Result
        FAILED when there is too little room or the image is not of 16 bits.
    """

def playback_get_damaged_color_count(playback: PlaybackHandle) -> tuple[Result, int | None]:
    """Count the colour images that were asked for and are missing because their pixels are damaged.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.

    Returns
    -------
    result : Result
        FAILED when the handle has been released.
    count : int | None
        How many; None on failure.
    """

def prefetch_create(
    playback: PlaybackHandle,
    depth: int = 0,
    threads: int = 0,
    images: int = 0,
    indexed: bool = False,
    first: int = 0,
    step: int = 1,
    count: int = 0,
) -> tuple[Result, PrefetchHandle | None]:
    """Begin to read captures ahead.

    Parameters
    ----------
    playback : PlaybackHandle
        The recording.
    depth : int, optional
        Captures that are held ready at most; 0: twice the threads.
    threads : int, optional
        How many read and decode; 0: one for each core.
    images : int, optional
        Which images to load: 1 colour, 2 depth, 4 IR, added up; 0: all.
    indexed : bool, optional
        False: the captures behind the position of the playback, which follows. True: those with the numbers `first`,
        `first + step` and so on, `count` of them; the position stays.
    first : int, optional
        See `indexed`.
    step : int, optional
        See `indexed`.
    count : int, optional
        See `indexed`.

    Returns
    -------
    result : Result
        FAILED when there are too many threads or captures, or no thread can be started.
    prefetch_handle : PrefetchHandle | None
        What to ask for captures; None on failure.
    """

def prefetch_next(prefetch_handle: PrefetchHandle, timeout_in_ms: int) -> tuple[int, CaptureHandle | None]:
    """Get the next capture.

    Parameters
    ----------
    prefetch_handle : PrefetchHandle
        What `prefetch_create` returned.
    timeout_in_ms : int
        How long to wait, milliseconds; -1 waits for ever.

    Returns
    -------
    result : int
        0 succeeded, 1 failed (that capture cannot be read, or the playback has been closed), 2 end, 3 timeout.
    capture_handle : CaptureHandle | None
        The capture; None unless it succeeded.
    """
