"""Why a file is not a readable recording, found out without any native library.

Microsoft's libk4arecord logs its reasons where no handler hears them, so that a failed open is a bare FAILED. Only the
outermost Matroska elements are read here: it is a diagnosis, not a reader.
"""

from __future__ import annotations

import os
from typing import BinaryIO

__all__ = ["why_unreadable"]

_EBML = 0x1A45DFA3
_DOC_TYPE = 0x4282
_SEGMENT = 0x18538067
_INFO = 0x1549A966
_TRACKS = 0x1654AE6B
_CLUSTER = 0x1F43B675
_TRACK_ENTRY = 0xAE
_KNOWN = {_INFO, _TRACKS, _CLUSTER, 0x114D9B74, 0x1941A469, 0x1254C367, 0x1C53BB6B, 0xEC, 0xBF, 0x1043A770}
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_MAXIMUM_HEAD = 4096
_MAXIMUM_ELEMENTS = 1_000_000


def why_unreadable(path: str) -> str:
    """Say in one sentence what is wrong with a recording that could not be opened.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        The reason, or that nothing obvious was found.
    """
    size = os.stat(path).st_size
    if size == 0:
        return "the file is empty (a recording whose first data never reached the disk, or a failed copy)"
    with open(path, "rb") as file:
        start = file.read(len(_LFS_POINTER))
        if start == _LFS_POINTER:
            return "the file is a Git LFS pointer, not the recording itself (fetch it with `git lfs pull`)"
        if not any(start):
            return "the file does not begin with a Matroska header, but with zeros (lost in a crash or a failed copy?)"
        if start[:4] != _EBML.to_bytes(4, "big"):
            return f"not a Matroska file (it begins with {start[:8]!r})"
        file.seek(0)
        return _why_matroska_unreadable(file, size)


def _read_number(file: BinaryIO, *, keep_marker: bool) -> int | None:
    """An EBML variable-length number; None at the end of the file, -1 for the reserved value "unknown"."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    rest = file.read(length - 1)
    if len(rest) != length - 1:
        return None
    number = int.from_bytes(first + rest, "big")
    if keep_marker:
        return number
    number &= (1 << 7 * length) - 1
    return -1 if number == (1 << 7 * length) - 1 else number


def _read_head(file: BinaryIO) -> tuple[int, int] | None:
    """Id and size of the element at the file's position, which is left at its data."""
    identifier = _read_number(file, keep_marker=True)
    if identifier is None:
        return None
    size = _read_number(file, keep_marker=False)
    return None if size is None else (identifier, size)


def _why_matroska_unreadable(file: BinaryIO, file_size: int) -> str:
    head = _read_head(file)
    if head is None or not 0 <= head[1] <= min(file_size, _MAXIMUM_HEAD):
        return "the Matroska header is cut off or damaged"
    end = file.tell() + head[1]
    while file.tell() < end:
        child = _read_head(file)
        if child is None or child[1] < 0 or file.tell() + child[1] > end:
            return "the Matroska header is damaged"
        value = file.read(child[1])
        if child[0] == _DOC_TYPE and value.rstrip(b"\0") != b"matroska":
            return f"the document type is {value.decode('latin-1')!r}, not 'matroska'"
    segment = _read_head(file)
    if segment is None:
        return "the file ends after the Matroska header: there is no recording in it"
    if segment[0] != _SEGMENT:
        return "no Matroska segment follows the header"
    return _why_segment_unreadable(file, segment[1], file_size)


def _why_segment_unreadable(file: BinaryIO, size: int, file_size: int) -> str:
    start = file.tell()
    missing = start + size - file_size if size > 0 else 0
    found: set[int] = set()
    tracks = 0
    for _ in range(_MAXIMUM_ELEMENTS):
        head = _read_head(file)
        if head is None or head[0] not in _KNOWN:
            break
        identifier, length = head
        found.add(identifier)
        data = file.tell()
        if identifier == _TRACKS and length >= 0:
            tracks = _count_tracks(file, min(data + length, file_size))
        if length < 0 or data + length > file_size or found >= {_INFO, _TRACKS, _CLUSTER}:
            break
        file.seek(data + length)
    if size == 0:
        data_there = " although there are frames in it" if _CLUSTER in found else ""
        return (
            "the recording was never closed (its recorder was killed, or the disk was full) and counts as empty"
            f"{data_there}"
        )
    if missing > 0 and not found >= {_INFO, _TRACKS, _CLUSTER}:
        return f"the file is cut off: {missing} of its bytes are missing, and all of its frames with them"
    if _TRACKS not in found or tracks == 0:
        return "the recording has no tracks"
    if _INFO not in found:
        return "the recording has no segment information"
    if _CLUSTER not in found:
        return "the recording has no frames"
    if missing > 0:
        return f"the file is cut off: {missing} of its bytes are missing"
    return "it is a Matroska file with tracks and frames, but not one that an Azure Kinect recorder wrote, or damaged"


def _count_tracks(file: BinaryIO, end: int) -> int:
    count = 0
    while file.tell() < end:
        head = _read_head(file)
        if head is None or head[1] < 0:
            break
        count += head[0] == _TRACK_ENTRY
        file.seek(file.tell() + head[1])
    return count
