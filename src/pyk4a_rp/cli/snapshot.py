"""`pyk4a-rp snapshot`: one image of a recording as a PNG or JPEG file, or its points as a PLY file."""

from __future__ import annotations

import argparse
import math
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..capture import Capture
    from ..image import Image
    from ..playback import Playback

__all__ = ["add_parser", "find", "run"]

CAMERAS = ("color", "depth", "ir")
ALIGNED, POINTS = "aligned", "points"
JPEGS = (".jpg", ".jpeg")
PICTURES = (".png", *JPEGS)
CLOUD = ".ply"
QUALITY = 90


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "snapshot",
        help="one image of a recording as PNG or JPEG, or its points as PLY",
        description="Write the image of a recording that lies nearest to a time. Depth and IR are shown in colors. "
        "--track aligned lays the depth image, seen from the color camera, over the color image. "
        "--track points writes the points of the depth image with the colors of the color image as a PLY file for "
        "MeshLab, CloudCompare or Open3D: in metres, seen from the depth camera, x to the right, y down, z forward; "
        "pixels without data are left out, points that the color camera does not see are black, and where no color "
        "image belongs to a depth image points have no colors.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="the recording (.mkv)")
    parser.add_argument(
        "-t", "--time", type=float, default=0.0, metavar="SECONDS", help="time in the recording (the beginning)"
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="what to write: .png, .jpg or .jpeg; .ply of points"
    )
    parser.add_argument(
        "--track",
        choices=(*CAMERAS, ALIGNED, POINTS),
        help="a camera, depth over color, or points (points for a .ply, else the first of color, depth, ir that was "
        "recorded)",
    )
    parser.add_argument(
        "--range", nargs=2, type=float, metavar=("LOW", "HIGH"), help="values of the first and last color: mm for depth"
    )
    parser.add_argument("--colormap", metavar="NAME", help="spectrum, heat or gray; gives points the colors of depth")
    parser.add_argument(
        "--raw", action="store_true", help="depth, ir and aligned: the values as a PNG of 16 bits, not colors"
    )
    parser.add_argument(
        "--quality",
        type=int,
        help=f"of a JPEG, 1 to 100 ({QUALITY}); without it, color that was recorded as JPEG is written as it is",
    )


def run(args: argparse.Namespace) -> int:
    """Write the file; 0, or 1 through the exception that `main` reports."""
    from ..playback import Playback

    kind = os.path.splitext(args.output)[1].lower()
    if kind not in (*PICTURES, CLOUD):
        raise ValueError(f"{args.output}: the name must end with .png, .jpg or .jpeg, or with .ply for points")
    if args.track is None and kind == CLOUD:
        args.track = POINTS
    if args.track == POINTS and kind != CLOUD:
        raise ValueError(f"{args.output}: for --track points the name must end with .ply")
    if args.track != POINTS and kind == CLOUD:
        raise ValueError(f"{args.output}: for --track {args.track} the name must end with .png or .jpg, not with .ply")
    _check_options(args, kind)
    with Playback(args.file) as playback:
        track = args.track or _first_track(playback)
        _check_colors(args, track)
        if track == POINTS:
            _write_points(playback, args)
        elif track == "color":
            _write_color(find(playback, track, args.time), args, kind)
        elif track == ALIGNED:
            _write_aligned(playback, args, kind)
        else:
            image = find(playback, track, args.time)
            _write_picture(image.array if args.raw else _colored(image, args), args, kind)
    return 0


def _check_options(args: argparse.Namespace, kind: str) -> None:
    """Refuse values that mean nothing, and options that such a file has no use for."""
    from ..color import named_colormap

    if not math.isfinite(args.time):
        raise ValueError(f"{args.time} is not a time in a recording")
    if args.raw and kind != ".png":
        raise ValueError("--raw needs a .png")
    if args.quality is not None:
        if kind not in JPEGS:
            raise ValueError(f"--quality is for a .jpg, not for a {kind}")
        if not 1 <= args.quality <= 100:
            raise ValueError(f"--quality goes from 1 to 100, not {args.quality}")
    if args.colormap is not None:
        named_colormap(args.colormap)


def _check_colors(args: argparse.Namespace, track: str) -> None:
    """Refuse to give colors to what has its own, or shall have none."""
    if args.raw and track == "color":
        raise ValueError("--raw is for depth, ir and aligned")
    for option in ("range", "colormap"):
        if getattr(args, option) is not None and (args.raw or track == "color"):
            raise ValueError(f"--{option} is for depth and ir in colors, not for {'--raw' if args.raw else 'color'}")


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
    image: Image = getattr(_find_capture(playback, (track,), seconds), track)
    return image


def _find_capture(playback: Playback, tracks: tuple[str, ...], seconds: float) -> Capture:
    """The capture with images of all tracks of which the first lies nearest to a time."""
    import numpy as np

    times = playback.captures.timestamps_usec
    start = playback.configuration.start_timestamp_offset_usec
    for track in tracks:
        if not (times[track] >= 0).any():
            raise ValueError(f"{playback.path} has no {track} images")
    there = np.flatnonzero(np.all([times[track] >= 0 for track in tracks], axis=0))
    if not len(there):
        raise ValueError(f"{playback.path} has no {' and '.join(tracks)} images that belong together")
    distance = np.abs(times[tracks[0]][there] - (start + seconds * 1e6))
    capture = playback.captures[int(there[distance.argmin()])]
    for track in tracks:
        if getattr(capture, track) is None:
            raise ValueError(f"{playback.path}: the {track} image at {seconds} s cannot be read")
    return capture


def _write_color(image: Image, args: argparse.Namespace, kind: str) -> None:
    from ..export.files import write_whole

    if kind in JPEGS and args.quality is None and image.format.name == "COLOR_MJPG":
        write_whole(args.output, [memoryview(image)])  # it is one already
    else:
        _write_picture(image.to_rgb(), args, kind)


def _require_color_camera(playback: Playback) -> None:
    if playback.calibration.color is None:
        raise ValueError(f"{playback.path}: its color images are of no size the camera has: what they see is unknown")


def _write_aligned(playback: Playback, args: argparse.Namespace, kind: str) -> None:
    capture = _find_capture(playback, ("color", "depth"), args.time)
    assert capture.color is not None
    _require_color_camera(playback)
    depth = capture.transformed_depth
    assert depth is not None
    if args.raw:
        return _write_picture(depth.array, args, kind)
    picture = capture.color.to_rgb()
    seen = depth.array > 0
    picture[seen] = picture[seen] // 2 + _colored(depth, args)[seen] // 2
    _write_picture(picture, args, kind)


def _write_points(playback: Playback, args: argparse.Namespace) -> None:
    import numpy as np

    from ..export import write_ply
    from ..transformation import Transformation

    by_depth = args.range is not None or args.colormap is not None
    times = playback.captures.timestamps_usec
    both = bool(((times["depth"] >= 0) & (times["color"] >= 0)).any())
    with_color = both and not by_depth
    capture = _find_capture(playback, ("depth", "color") if with_color else ("depth",), args.time)
    depth = capture.depth
    assert depth is not None
    if not np.any(depth.array):
        raise ValueError(f"{playback.path}: the depth image at {args.time} s has no data, so there are no points")
    if with_color:
        _require_color_camera(playback)
    transformation = Transformation(playback.calibration)
    colors = _colored(depth, args) if by_depth else capture.transformed_color if with_color else None
    comments = ["pyk4a-rp: metres, seen from the depth camera, x to the right, y down, z forward"]
    write_ply(args.output, transformation.depth_to_points(depth), colors, comments=comments)
    if colors is None:
        print(f"{args.output} has no colors: no capture has a depth and a color image", file=sys.stderr)


def _write_picture(pixels: npt.NDArray[Any], args: argparse.Namespace, kind: str) -> None:
    from ..export import write_png
    from ..export.files import write_whole

    if kind == ".png":
        write_png(args.output, pixels)
    else:
        write_whole(args.output, [memoryview(_as_bgra(pixels).encode_jpeg(quality=args.quality or QUALITY))])


def _colored(image: Image, args: argparse.Namespace) -> npt.NDArray[np.uint8]:
    from ..color import colorize

    return colorize(image, tuple(args.range) if args.range else None, args.colormap)


def _first_track(playback: Playback) -> str:
    configuration = playback.configuration
    for track in CAMERAS:
        if getattr(configuration, f"{track}_track_enabled"):
            return track
    raise ValueError(f"{playback.path} has no images")


def _as_bgra(rgb: npt.NDArray[Any]) -> Image:
    import numpy as np

    from ..enums import ImageFormat
    from ..image import Image

    bgra = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    bgra[..., :3] = rgb[..., ::-1]
    return Image.from_array(bgra, ImageFormat.COLOR_BGRA32, provider="bundled")
