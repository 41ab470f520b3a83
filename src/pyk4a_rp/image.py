"""Images: a native buffer with its metadata, seen from Python as an array."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from . import color
from . import k4a as _k
from ._provider import default_provider, load_provider
from .enums import ImageFormat
from .errors import RecordingError, fail
from .k4a import ImageHandle

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

    from ._provider import Provider

__all__ = ["Image"]

_UINT16_FORMATS = (ImageFormat.DEPTH16, ImageFormat.IR16, ImageFormat.CUSTOM16)
_SHAPES = {
    ImageFormat.COLOR_MJPG: "(size,)",
    ImageFormat.COLOR_NV12: "(height * 3 / 2, width) with even height and width",
    ImageFormat.COLOR_YUY2: "(height, width, 2) with even width",
    ImageFormat.COLOR_BGRA32: "(height, width, 4)",
    ImageFormat.DEPTH16: "(height, width)",
    ImageFormat.IR16: "(height, width)",
    ImageFormat.CUSTOM8: "(height, width)",
    ImageFormat.CUSTOM16: "(height, width)",
    ImageFormat.CUSTOM: "(size,)",
}


class Image(ImageHandle):
    """An image in native memory. Stands on ``k4a_image_create``.

    The array, `memoryview` and DLPack views share the image's memory and keep it alive, also when the image, its
    capture and its playback are gone. An image is a handle of the flat layer, too: the functions of `pyk4a_rp.k4a`
    take it.

    Parameters
    ----------
    format
        What the pixels are. Not COLOR_MJPG, which has no size of its own: see `from_array`.
    width_pixels, height_pixels
        Size, at most 19999 each.
    stride_bytes
        Bytes from one row to the next; 0 for rows without padding.
    provider
        Name, path or `Provider` of the library that allocates; None for the default one.

    Attributes
    ----------
    format : ImageFormat
        What the pixels are (``k4a_image_get_format``).
    width_pixels, height_pixels : int
        Size (``k4a_image_get_width_pixels``, ``k4a_image_get_height_pixels``).
    stride_bytes : int
        Bytes from one row to the next, 0 for MJPG (``k4a_image_get_stride_bytes``).
    size : int
        Bytes of the buffer (``k4a_image_get_size``).
    device_timestamp_usec : int
        Middle of the exposure in microseconds of device time, 0 when unknown. Can be set, as all that follow
        (``k4a_image_get_device_timestamp_usec``, ``k4a_image_set_device_timestamp_usec``).
    system_timestamp_nsec : int
        Arrival at the host in nanoseconds of its monotonic clock; 0 when unknown, as in recordings
        (``k4a_image_get_system_timestamp_nsec``, ``k4a_image_set_system_timestamp_nsec``).
    exposure_usec : int
        Exposure time in microseconds; 0 when unknown, as in recordings
        (``k4a_image_get_exposure_usec``, ``k4a_image_set_exposure_usec``).
    white_balance : int
        White balance in kelvin; 0 when unknown, as in recordings
        (``k4a_image_get_white_balance``, ``k4a_image_set_white_balance``).
    iso_speed : int
        ISO speed; 0 when unknown, as in recordings (``k4a_image_get_iso_speed``, ``k4a_image_set_iso_speed``).
    released : bool
        Whether `release` (``k4a_image_release``) was called. What is asked of a released image raises ValueError.

    Notes
    -----
    The pixels of a new image are not initialised.

    Arrays by format (uint8 unless said otherwise):

    ============================  ======================  ==========================================================
    format                        shape                   elements
    ============================  ======================  ==========================================================
    DEPTH16                       (H, W) uint16           millimetres along the optical axis; 0 means no data
    IR16                          (H, W) uint16           active brightness, no unit
    COLOR_BGRA32                  (H, W, 4)               blue, green, red, alpha
    COLOR_YUY2                    (H, W, 2)               luma, and by turns U and V
    COLOR_NV12                    (H * 3 / 2, W)          H rows of luma, then H / 2 rows of U and V by turns
    COLOR_MJPG                    (size,)                 a JPEG file
    CUSTOM8                       (H, W)                  the maker's
    CUSTOM16                      (H, W) uint16           the maker's
    CUSTOM                        (size,)                 the maker's
    ============================  ======================  ==========================================================

    Examples
    --------
    >>> import numpy as np
    >>> from pyk4a_rp import Image, ImageFormat
    >>> pixels = np.zeros((576, 640), np.uint16)
    >>> image = Image.from_array(pixels, ImageFormat.DEPTH16, device_timestamp_usec=1000)
    >>> image
    <Image DEPTH16 640 x 576, 737280 bytes, at 1000 us>
    >>> image.array[0, 0] = 1234
    >>> int(pixels[0, 0])
    1234
    """

    __slots__ = ("__weakref__", "_array")
    _array: weakref.ref[npt.NDArray[Any]] | None

    def __init__(
        self,
        format: ImageFormat,
        width_pixels: int,
        height_pixels: int,
        stride_bytes: int = 0,
        *,
        provider: Provider | str | None = None,
    ) -> None:
        self._array = None
        result, handle = _k.k4a_image_create(format, width_pixels, height_pixels, stride_bytes, provider=provider)
        if handle is None:
            hint = "; from_array makes MJPG images" if format == ImageFormat.COLOR_MJPG else ""
            fail(
                f"cannot create a {ImageFormat(format).name} image of {width_pixels} x {height_pixels} pixels, "
                f"stride {stride_bytes}{hint}",
                "k4a_image_create",
                provider=_chosen(provider),
                code=result,
            )
        self._adopt(handle)

    @classmethod
    def _wrap(cls, handle: ImageHandle) -> Self:
        """An image that takes the C object out of a handle of the flat layer."""
        image = cls.__new__(cls)
        image._array = None
        image._adopt(handle)
        return image

    @classmethod
    def from_array(
        cls,
        array: npt.ArrayLike,
        format: ImageFormat,
        *,
        width_pixels: int | None = None,
        height_pixels: int | None = None,
        device_timestamp_usec: int = 0,
        copy: bool = False,
        provider: Provider | str | None = None,
    ) -> Self:
        """Make an image of the memory of an array. Stands on ``k4a_image_create_from_buffer``.

        Parameters
        ----------
        array
            The pixels: an array, or what exports a buffer, of the shape and dtype the format has (see `Image`). Rows
            may be padded; within a row the elements must follow each other.
        format
            What the pixels are.
        width_pixels, height_pixels
            Size of an MJPG or CUSTOM image, which cannot be told from the array's shape; not for the others.
        device_timestamp_usec
            When it was taken, microseconds of device time.
        copy
            False: the image uses the array's memory, which lives until the last user of the image is gone. True: the
            image has memory of its own, and the array need only hold the right elements, in any memory layout.
        provider
            Name, path or `Provider` of the library whose image it is; None for the default one.

        Returns
        -------
        Image

        Raises
        ------
        TypeError
            The dtype is not the format's.
        ValueError
            The shape is not the format's; or, without `copy`, the memory layout does not suit or is read-only.
        """
        format = ImageFormat(format)
        pixels = np.asarray(array)
        width, height = _size_of(pixels, format, width_pixels, height_pixels)
        if copy:
            pixels = pixels.copy(order="C")
        stride, memory = _memory_of(pixels, format)
        result, handle = _k.k4a_image_create_from_buffer(format, width, height, stride, memory, provider=provider)
        if handle is None:
            fail(
                f"cannot make a {format.name} image of {width} x {height} pixels from an array",
                "k4a_image_create_from_buffer",
                provider=_chosen(provider),
                code=result,
            )
        image = cls._wrap(handle)
        if device_timestamp_usec:
            image.device_timestamp_usec = device_timestamp_usec
        return image

    # ---- the pixels ----

    @property
    def array(self) -> npt.NDArray[Any]:
        """The pixels: a writable view of the image's memory, no copy. Stands on ``k4a_image_get_buffer``.

        Shape, dtype, unit and the value that means "no data" are in the table of `Image`. An image whose buffer does
        not have the size its format asks for is seen as (size,) uint8. The pixels of a recorded image are read from
        the file when they are first looked at.

        While somebody holds that array, everybody who asks gets the same one: to change its shape or its flags, take a
        view of it (``image.array.view()``).

        Raises
        ------
        RecordingError
            The pixels could not be read.
        """
        # Held weakly: an array holds its image, so that an image that held its array would live for ever.
        array = None if self._array is None else self._array()
        if array is None or self.released:
            if self.released:
                raise ValueError("the image has been released")
            try:
                view = memoryview(self)
            except BufferError:
                fail(
                    "the pixels of the image cannot be read",
                    "k4a_image_get_buffer",
                    provider=self.provider,
                    error=RecordingError,
                )
            array = np.asarray(view)
            self._array = weakref.ref(array)
        return array

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        array = self.array
        if dtype is not None and np.dtype(dtype) != array.dtype:
            if copy is False:
                raise ValueError(
                    f"a view of {array.dtype} pixels cannot have dtype {np.dtype(dtype)}: a copy is needed"
                )
            return array.astype(dtype)
        return array.copy() if copy else array

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.array.__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.array.__dlpack_device__()

    # ---- the pixels of color images, in other forms ----

    def to_bgra(self, *, out: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.uint8]:
        """The pixels as blue, green, red and alpha (255), decoded or converted from any of the color formats.

        Works on images of all providers, with the engine's own code; pixels are those that
        ``k4a_playback_set_color_conversion`` gives.

        Parameters
        ----------
        out
            An array of the shape and dtype of the result to write into; rows may be padded. None makes a new one.

        Returns
        -------
        numpy.ndarray
            Shape (H, W, 4), uint8; a copy.

        Raises
        ------
        ValueError
            The image is not of a color format.
        RecordingError
            The pixels are damaged.
        NotSupportedError
            The image is MJPG and this build has no JPEG codec.
        """
        return color.read_pixels(self, color.Pixels.BGRA, out)

    def to_rgb(self, *, out: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.uint8]:
        """The pixels as red, green and blue: shape (H, W, 3), uint8. Everything else as `to_bgra`."""
        return color.read_pixels(self, color.Pixels.RGB, out)

    def to_bgr(self, *, out: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.uint8]:
        """The pixels as OpenCV has them: blue, green and red, shape (H, W, 3), uint8. Everything else as `to_bgra`."""
        return color.read_pixels(self, color.Pixels.BGR, out)

    def to_gray(self, *, out: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.uint8]:
        """The luma from 0 (black) to 255 (white): shape (H, W), uint8. Everything else as `to_bgra`."""
        return color.read_pixels(self, color.Pixels.GRAY, out)

    def convert(self, format: ImageFormat) -> Image:
        """A new image of another color format with the same metadata; to COLOR_MJPG with quality 95."""
        return type(self)._wrap(color.convert(self, format))

    def encode_jpeg(self, quality: int = 90) -> Image:
        """A new COLOR_MJPG image with the same metadata.

        ``Path("shot.jpg").write_bytes(image.encode_jpeg())`` writes a file.

        Parameters
        ----------
        quality
            From 1 to 100.
        """
        return type(self)._wrap(color.encode_jpeg(self, quality))

    def to_pil(self) -> PilImage:
        """A Pillow image: RGB for color (a copy), the values themselves for 16-bit images (their memory)."""
        return color.to_pil(self)

    def __repr__(self) -> str:
        if self.released:
            return "<Image, released>"
        return (
            f"<Image {self.format.name} {self.width_pixels} x {self.height_pixels}, {self.size} bytes, "
            f"at {self.device_timestamp_usec} us>"
        )


def _chosen(provider: Provider | str | None) -> Provider:
    """The provider that was meant; its messages say why it failed."""
    return default_provider("files") if provider is None else load_provider(provider)


def _size_of(
    pixels: npt.NDArray[Any], format: ImageFormat, width_pixels: int | None, height_pixels: int | None
) -> tuple[int, int]:
    """Width and height of an image of these pixels, after all checks of dtype and shape."""
    if format not in _SHAPES:
        raise ValueError(f"images of format {format!r} cannot be made from arrays")
    dtype = np.dtype(np.uint16 if format in _UINT16_FORMATS else np.uint8)
    if pixels.dtype != dtype:
        raise TypeError(f"a {format.name} image is made from {dtype} pixels, not {pixels.dtype}")
    shape = pixels.shape
    wrong = ValueError(f"the array of a {format.name} image has the shape {_SHAPES[format]}, not {shape}")
    if 0 in shape:
        raise ValueError(f"an image cannot be made from an empty array, shape {shape}")
    if format in (ImageFormat.COLOR_MJPG, ImageFormat.CUSTOM):
        if pixels.ndim != 1:
            raise wrong
        if width_pixels is None or height_pixels is None:
            raise ValueError(f"a {format.name} image needs width_pixels and height_pixels")
        return width_pixels, height_pixels
    if width_pixels is not None or height_pixels is not None:
        raise ValueError(f"the array says the size of a {format.name} image: no width_pixels and height_pixels, please")
    channels = {ImageFormat.COLOR_BGRA32: (4,), ImageFormat.COLOR_YUY2: (2,)}.get(format, ())
    if pixels.ndim != 2 + len(channels) or shape[2:] != channels:
        raise wrong
    height, width = shape[:2]
    if format == ImageFormat.COLOR_NV12:
        if height % 3 or width % 2:
            raise wrong
        height = height * 2 // 3
    if format == ImageFormat.COLOR_YUY2 and width % 2:
        raise wrong
    return width, height


def _memory_of(pixels: npt.NDArray[Any], format: ImageFormat) -> tuple[int, npt.NDArray[np.uint8]]:
    """Stride of the rows, and all bytes from the first to the last pixel as one array."""
    if not pixels.flags.writeable:
        raise ValueError("the array is read-only, but images are writable: pass copy=True")
    row = pixels.itemsize
    for length, stride in zip(pixels.shape[:0:-1], pixels.strides[:0:-1], strict=True):
        if stride != row and length > 1:
            raise ValueError(
                f"the elements of a row must follow each other, but the strides are {pixels.strides}: pass copy=True"
            )
        row *= length
    rows = pixels.shape[0]
    stride = pixels.strides[0] if rows > 1 else row
    if stride < row or (pixels.ndim == 1 and stride != row):
        raise ValueError(
            f"rows of {row} bytes cannot have the stride {stride} (reversed, repeated or skipping): pass copy=True"
        )
    # Axes of length one may have any stride: spelt out, so that the bytes can be seen as such.
    inner = [pixels.itemsize * math.prod(pixels.shape[axis + 1 :]) for axis in range(1, pixels.ndim)]
    spelt = np.lib.stride_tricks.as_strided(pixels, pixels.shape, (stride, *inner)).view(np.uint8)
    flat = np.lib.stride_tricks.as_strided(spelt, (stride * (rows - 1) + row,), (1,))
    if pixels.ndim == 1:
        stride = 0 if format == ImageFormat.COLOR_MJPG else rows
    return stride, flat
