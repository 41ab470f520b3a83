"""PNG files, without another package."""

from __future__ import annotations

import os
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["png", "write_png"]


def png(pixels: npt.NDArray[Any]) -> bytes:
    """Make a PNG file, without loss.

    Parameters
    ----------
    pixels
        Shape (H, W, 3) of uint8 for red, green and blue; or (H, W) of uint8 or uint16: gray values, millimetres.

    Returns
    -------
    bytes

    Raises
    ------
    TypeError
        The dtype is another one.
    ValueError
        The shape is another one.
    """
    pixels = np.asarray(pixels)
    if pixels.dtype not in (np.uint8, np.uint16):
        raise TypeError(f"a PNG file is made from uint8 or uint16 pixels, not {pixels.dtype}")
    if 0 in pixels.shape or not (pixels.ndim == 2 or (pixels.shape[2:] == (3,) and pixels.dtype == np.uint8)):
        raise ValueError(
            f"a PNG file is made from (H, W) or (H, W, 3) uint8 or (H, W) uint16 pixels, "
            f"not {pixels.shape} {pixels.dtype}"
        )
    height, width = pixels.shape[:2]
    depth = 8 * pixels.dtype.itemsize
    rows = pixels.astype(">u2", copy=False) if depth == 16 else pixels
    lines = np.ascontiguousarray(rows).view(np.uint8).reshape(height, -1)
    # Each row begins with how it is predicted: 2, from the row above.
    filtered = np.empty((height, lines.shape[1] + 1), np.uint8)
    filtered[:, 0] = 2
    filtered[0, 1:] = lines[0]
    np.subtract(lines[1:], lines[:-1], out=filtered[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, depth, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 4)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def write_png(path: str | os.PathLike[str], pixels: npt.NDArray[Any]) -> None:
    """Write a PNG file, without loss.

    Parameters
    ----------
    path
        The file.
    pixels
        As of `png`: colors (H, W, 3) uint8, gray (H, W) uint8, or the values of a depth or IR image, (H, W) uint16.
    """
    data = png(pixels)
    with open(path, "wb") as file:
        file.write(data)
