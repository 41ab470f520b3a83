"""PLY files: point clouds for MeshLab, CloudCompare, Open3D and their like."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..image import Image
from .files import write_whole

__all__ = ["write_ply"]


def write_ply(
    path: str | os.PathLike[str],
    points: npt.ArrayLike,
    colors: Image | npt.NDArray[np.uint8] | None = None,
    *,
    comments: Iterable[str] = (),
) -> int:
    """Write a point cloud as a PLY file, binary and little endian. Points without data are left out.

    An existing file is replaced when the new one is complete.

    Parameters
    ----------
    path
        The file.
    points
        (..., 3), in any unit, which the file does not tell: `Transformation.depth_to_points` makes metres, which most
        programs expect, `Transformation.depth_to_point_cloud` millimetres. A point without data is NaN or infinite; of
        integers, all 0. They are written as float32.
    colors
        Of the same points: (..., 3) uint8, red, green, blue; or what `Transformation.color_to_depth` returns, BGRA as
        an image or (..., 4) uint8, whose points without color become black. None writes no colors.
    comments
        Lines for the head of the file; ASCII.

    Returns
    -------
    int
        How many points were written.

    Raises
    ------
    ValueError
        The arrays have other shapes or types, or a comment is not one line of text.
    OSError
        The file cannot be written; nothing is left of it then.

    Examples
    --------
    >>> from pyk4a_rp import Playback, Transformation
    >>> from pyk4a_rp.export import write_ply
    >>> with Playback("session.mkv") as playback:
    ...     depth = playback.captures[0].depth
    ...     points = Transformation(playback.calibration).depth_to_points(depth)
    >>> count = write_ply("cloud.ply", points)
    """
    xyz = np.asarray(points)
    if xyz.ndim == 0 or xyz.shape[-1] != 3 or xyz.dtype.kind not in "iuf":
        raise ValueError(f"points are numbers (..., 3), not {xyz.shape} of {xyz.dtype}")
    if xyz.dtype.kind == "f":
        with np.errstate(over="ignore"):
            xyz = xyz.astype(np.float32, copy=False)  # what is beyond becomes infinite, and is left out
        there = np.isfinite(xyz).all(-1)
    else:
        there = xyz.any(-1)
    fields: list[tuple[str, str]] = [("x", "<f4"), ("y", "<f4"), ("z", "<f4")]
    rgb = None
    if colors is not None:
        rgb = _rgb(colors, xyz.shape[:-1])
        fields += [("red", "u1"), ("green", "u1"), ("blue", "u1")]
    vertices = np.empty(int(np.count_nonzero(there)), np.dtype(fields))
    for i, name in enumerate("xyz"):
        vertices[name] = xyz[..., i][there]
    if rgb is not None:
        for i, name in enumerate(("red", "green", "blue")):
            vertices[name] = rgb[..., i][there]
    write_whole(path, [_head(vertices, comments), vertices.data])
    return len(vertices)


def _rgb(colors: Image | npt.NDArray[np.uint8], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    array = colors.to_bgra() if isinstance(colors, Image) else np.asarray(colors)
    if array.dtype != np.uint8 or array.shape not in ((*shape, 3), (*shape, 4)):
        raise ValueError(
            f"colors are {(*shape, 3)} or {(*shape, 4)} of uint8 for these points, not {array.shape} of {array.dtype}"
        )
    return array if array.shape[-1] == 3 else array[..., 2::-1]


def _head(vertices: npt.NDArray[Any], comments: Iterable[str]) -> bytes:
    lines = ["ply", "format binary_little_endian 1.0"]
    if isinstance(comments, str):
        raise TypeError("comments is a list of lines, not one string")
    for comment in comments:
        if not isinstance(comment, str) or not comment.isprintable():
            raise ValueError(f"a comment is one line of text, not {comment!r}")
        lines.append(f"comment {comment}")
    lines.append(f"element vertex {len(vertices)}")
    types = {"<f4": "float", "|u1": "uchar"}
    lines += [f"property {types[vertices.dtype[name].str]} {name}" for name in vertices.dtype.names or ()]
    return "\n".join([*lines, "end_header", ""]).encode("ascii", "backslashreplace")
