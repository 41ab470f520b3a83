"""Pixels that go into transformations and come out of them: images or arrays, of the caller or new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ._provider import Provider
from .enums import ImageFormat
from .image import Image

__all__ = ["AnyPixels", "Output", "checked_out", "checked_pixels", "empty", "is_aligned", "pixels_of"]

AnyPixels = Image | npt.NDArray[Any]


def pixels_of(value: AnyPixels, name: str) -> npt.NDArray[Any]:
    """Return the pixels of an image, or what NumPy makes an array of; TypeError, which says `name`, for others."""
    if isinstance(value, Image):
        return value.array
    array = np.asarray(value)
    if array.dtype == object:
        raise TypeError(f"{name} is an image or an array, not a {type(value).__name__}")
    return array


def checked_pixels(value: AnyPixels, name: str, size: tuple[int, int], format: ImageFormat) -> npt.NDArray[Any]:
    """Return pixels that can be an image of a format and a size (width, height)."""
    pixels = pixels_of(value, name)
    if format == ImageFormat.DEPTH16 and isinstance(value, Image) and value.format == ImageFormat.IR16:
        raise ValueError(f"{name} is an infrared image")
    _check_layout(pixels, name, *_layout(size, format))
    return pixels


def checked_out(
    out: AnyPixels, name: str, shape: tuple[int, ...], dtype: np.dtype[Any], inputs: dict[str, AnyPixels]
) -> npt.NDArray[Any]:
    """Return the pixels of what a result is to be written to, which may not overlap what is read meanwhile."""
    if not isinstance(out, Image | np.ndarray):
        raise TypeError(f"{name} is an image or a numpy array, not a {type(out).__name__}")
    pixels = pixels_of(out, name)
    _check_layout(pixels, name, shape, dtype)
    if not pixels.flags.writeable:
        raise ValueError(f"{name} is read-only")
    for other, value in inputs.items():
        array = pixels_of(value, other)
        if np.may_share_memory(pixels, array) and np.shares_memory(pixels, array):
            raise ValueError(f"{name} overlaps {other}")
    return pixels


def _layout(size: tuple[int, int], format: ImageFormat) -> tuple[tuple[int, ...], np.dtype[Any]]:
    width, height = size
    wide = format in (ImageFormat.DEPTH16, ImageFormat.CUSTOM16)
    shape = (height, width, 4) if format == ImageFormat.COLOR_BGRA32 else (height, width)
    return shape, np.dtype(np.uint16 if wide else np.uint8)


def _check_layout(pixels: npt.NDArray[Any], name: str, shape: Sequence[int], dtype: np.dtype[Any]) -> None:
    if pixels.dtype != dtype:
        raise TypeError(f"{name} has the dtype {pixels.dtype} instead of {dtype}")
    if pixels.shape != shape:
        raise ValueError(f"{name} has the shape {pixels.shape} instead of {shape}")


def is_aligned(array: npt.NDArray[Any]) -> bool:
    """Return whether the memory suits Microsoft's library, which crashes otherwise."""
    return array.ctypes.data % 16 == 0


def empty(shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Make an array on a 64-byte boundary."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)


class Output:
    """Where an image goes: the caller's memory where that is possible, else memory of our own that is copied.

    Parameters
    ----------
    provider
        Who writes.
    size
        Width and height.
    format
        What is written.
    like
        What it is made of: an image gives an image with its timestamp.
    out
        What the caller wants to be written to, if anything.
    name
        What the caller calls that.
    inputs
        What is read meanwhile, by name.
    """

    def __init__(
        self,
        provider: Provider,
        size: tuple[int, int],
        format: ImageFormat,
        like: AnyPixels,
        out: AnyPixels | None,
        name: str,
        inputs: dict[str, AnyPixels],
    ) -> None:
        self._out = out
        self._as_image = isinstance(like if out is None else out, Image)
        self._timestamp = like.device_timestamp_usec if isinstance(like, Image) else None
        shape, dtype = _layout(size, format)
        pixels = None if out is None else checked_out(out, name, shape, dtype, inputs)
        direct = pixels is not None and pixels.flags.c_contiguous and (provider.name == "bundled" or is_aligned(pixels))
        if isinstance(out, Image) and direct and out.format == format and out.provider is provider:
            self.image = out
        else:
            memory = pixels if pixels is not None and direct else empty(shape, dtype)
            self.image = Image.from_array(memory, format, provider=provider)
        self._copy_to = None if direct else pixels

    def mark(self) -> None:
        """Fill with what no result is full of: depth is not 65535 everywhere, nor all color 255."""
        self.image.array.fill(0xFFFF if self.image.array.dtype == np.uint16 else 0xFF)

    def written(self) -> bool:
        """Return whether anything was written since `mark`."""
        array = self.image.array
        return bool((array != (0xFFFF if array.dtype == np.uint16 else 0xFF)).any())

    def finish(self) -> Any:
        """Return what the caller gets."""
        if self._copy_to is not None:
            self._copy_to[:] = self.image.array
        result: AnyPixels = self._out if self._out is not None else self.image
        if self._out is None and not self._as_image:
            result = self.image.array
        if isinstance(result, Image) and self._timestamp is not None:
            result.device_timestamp_usec = self._timestamp
        return result
