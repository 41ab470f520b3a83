"""PNG files."""

from __future__ import annotations

import os
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ..image import Image
from .files import write_whole

__all__ = ["write_png"]


def write_png(path: str | os.PathLike[str], pixels: Image | npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> None:
    """Write a picture as a PNG file. An existing file is replaced when the new one is complete.

    Parameters
    ----------
    path
        The file.
    pixels
        Shape (H, W, 3) of uint8, red, green, blue; or (H, W) of uint8 or uint16. Or an image: of color its colors, else
        its values.

    Raises
    ------
    ValueError
        The pixels are of another kind, or there are none.
    OSError
        The file cannot be written; nothing is left of it then.
    """
    if isinstance(pixels, Image):
        array: npt.NDArray[Any] = pixels.to_rgb() if pixels.format.name.startswith("COLOR_") else pixels.array
    else:
        array = np.asarray(pixels)
    kind = (array.dtype.name, array.ndim)
    if kind not in (("uint8", 2), ("uint16", 2), ("uint8", 3)) or array.shape[2:] not in ((), (3,)):
        raise ValueError(
            f"a picture is (H, W, 3) of uint8 or (H, W) of uint8 or uint16, not {array.shape} of {array.dtype}"
        )
    if not array.size:
        raise ValueError(f"a picture of the shape {array.shape} has no pixels")
    write_whole(path, [_encode(array)])


def _encode(pixels: npt.NDArray[Any]) -> bytes:
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
