"""`pyk4a-rp snapshot`: one image of a recording as a PNG or JPEG file."""

from __future__ import annotations

import argparse
import os
import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..image import Image
    from ..playback import Playback

__all__ = ["add_parser", "find", "png", "run"]

TRACKS = ("color", "depth", "ir")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "snapshot",
        help="one image of a recording as PNG or JPEG",
        description="Write the image of a recording that lies nearest to a time. Depth and IR are shown in colors.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="the recording (.mkv)")
    parser.add_argument(
        "-t", "--time", type=float, default=0.0, metavar="SECONDS", help="time in the recording (the beginning)"
    )
    parser.add_argument("-o", "--output", required=True, metavar="IMAGE", help="what to write: .png, .jpg or .jpeg")
    parser.add_argument(
        "--track", choices=TRACKS, help="which camera (the first of color, depth, ir that was recorded)"
    )
    parser.add_argument(
        "--range", nargs=2, type=float, metavar=("LOW", "HIGH"), help="values of the first and last color: mm for depth"
    )
    parser.add_argument("--colormap", metavar="NAME", help="spectrum, heat or gray")
    parser.add_argument("--raw", action="store_true", help="depth and IR: the values as a PNG of 16 bits, not colors")
    parser.add_argument("--quality", type=int, default=90, help="of a JPEG, 1 to 100 (90)")


def run(args: argparse.Namespace) -> int:
    """Write the file; 0, or 1 through the exception that `main` reports."""
    from ..color import colorize
    from ..image import Image
    from ..playback import Playback

    kind = os.path.splitext(args.output)[1].lower()
    if kind not in (".png", ".jpg", ".jpeg"):
        raise ValueError(f"{args.output}: the name must end with .png, .jpg or .jpeg")
    if args.raw and kind != ".png":
        raise ValueError("--raw needs a .png")
    with Playback(args.file) as playback:
        track = args.track or _first_track(playback)
        image = find(playback, track, args.time)
        pixels: npt.NDArray[Any]
        if track == "color":
            if kind != ".png" and image.format.name == "COLOR_MJPG":
                return _write(args.output, bytes(memoryview(image)))  # it is one already
            pixels = image.to_rgb()
        elif args.raw:
            pixels = image.array
        else:
            pixels = colorize(image, tuple(args.range) if args.range else None, args.colormap)
        if kind == ".png":
            return _write(args.output, png(pixels))
        return _write(args.output, bytes(memoryview(_as_bgra(pixels, Image).encode_jpeg(quality=args.quality))))


def find(playback: Playback, track: str, seconds: float) -> Image:
    """The image of a track that lies nearest to a time.

    Parameters
    ----------
    playback
        The recording. Its position stays.
    track
        "color", "depth" or "ir".
    seconds
        Time from the beginning of the recording.

    Returns
    -------
    Image
    """
    import numpy as np

    times = playback.captures.timestamps_usec[track]
    start = playback.configuration.start_timestamp_offset_usec
    there = np.flatnonzero(times >= 0)
    if not len(there):
        raise ValueError(f"{playback.path} has no {track} images")
    distance = np.abs(times[there] - (start + round(seconds * 1e6)))
    image: Image | None = getattr(playback.captures[int(there[distance.argmin()])], track)
    if image is None:
        raise ValueError(f"{playback.path}: the {track} image at {seconds} s cannot be read")
    return image


def png(pixels: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> bytes:
    """A PNG file.

    Parameters
    ----------
    pixels
        Shape (H, W, 3) of uint8, or (H, W) of uint8 or uint16.

    Returns
    -------
    bytes
    """
    import numpy as np

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


def _first_track(playback: Playback) -> str:
    configuration = playback.configuration
    for track in TRACKS:
        if getattr(configuration, f"{track}_track_enabled"):
            return track
    raise ValueError(f"{playback.path} has no images")


def _as_bgra(rgb: npt.NDArray[Any], kind: type[Image]) -> Image:
    import numpy as np

    from ..enums import ImageFormat

    bgra = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    bgra[..., :3] = rgb[..., ::-1]
    return kind.from_array(bgra, ImageFormat.COLOR_BGRA32, provider="bundled")


def _write(path: str, data: bytes) -> int:
    with open(path, "wb") as file:
        file.write(data)
    return 0
