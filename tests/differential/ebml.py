"""Just enough EBML to write files by hand and to find the blocks of files that others wrote."""

from typing import NamedTuple

EBML, SEGMENT, SEEK_HEAD, INFO, TRACKS, ATTACHMENTS = (
    0x1A45DFA3,
    0x18538067,
    0x114D9B74,
    0x1549A966,
    0x1654AE6B,
    0x1941A469,
)
TAGS, CLUSTER, CUES, VOID, CRC = 0x1254C367, 0x1F43B675, 0x1C53BB6B, 0xEC, 0xBF
TIMECODE, SIMPLE_BLOCK, BLOCK_GROUP, BLOCK, BLOCK_DURATION = 0xE7, 0xA3, 0xA0, 0xA1, 0x9B


def unsigned(value, width=None):
    """Big-endian bytes, the fewest that hold the value (at least one) or `width`."""
    return value.to_bytes(width or max(1, (value.bit_length() + 7) // 8), "big")


def size_field(size, width=None):
    """An element's size; `width` forces its number of bytes; a size of None means unknown."""
    if size is None:
        width = width or 8
        return unsigned((1 << 7 * width + 1) - 1, width)
    width = width or next(n for n in range(1, 9) if size < (1 << 7 * n) - 1)
    return unsigned(size | 1 << 7 * width, width)


def element(identifier, *content, size_width=None, size=...):
    """Bytes of an element of bytes, str, int or lists of these; `size` replaces the true size (None: unknown)."""
    payload = b"".join(_flat(content))
    return unsigned(identifier) + size_field(len(payload) if size is ... else size, size_width) + payload


def _flat(content):
    for item in content:
        if isinstance(item, (list, tuple)):
            yield from _flat(item)
        elif isinstance(item, str):
            yield item.encode()
        elif isinstance(item, int):
            yield unsigned(item)
        else:
            yield bytes(item)


def void(total):
    """A Void element of `total` bytes, at least 2."""
    width = 1 if total <= 127 else 2 if total <= 16_000 else 8
    return element(VOID, bytes(total - 1 - width), size_width=width)


# ---------------------------------------------------------------- reading
class Element(NamedTuple):
    """Where an element lies: `start` of its ID, `data` of its content, `end` (the parent's, if the size is unknown)."""

    identifier: int
    start: int
    data: int
    end: int


class Block(NamedTuple):
    """One block of a file: track number, file time and duration in ticks, frames, and where it and its cluster end."""

    track: int
    time: int
    duration: int | None
    frames: int
    end: int
    cluster: int
    cluster_end: int


def _read_number(data, at, keep_marker):
    first = data[at]
    width = 9 - first.bit_length()
    value = int.from_bytes(data[at : at + width], "big")
    if not keep_marker:
        value &= (1 << 7 * width) - 1
        if value == (1 << 7 * width) - 1:
            value = None
    return value, at + width


def elements(data, start=0, end=None):
    """The elements of a range, one level deep."""
    end = len(data) if end is None else end
    at = start
    while at < end:
        identifier, after = _read_number(data, at, True)
        size, after = _read_number(data, after, False)
        stop = end if size is None else min(after + size, end)
        yield Element(identifier, at, after, stop)
        at = stop


def segment_of(data):
    """The Segment element; a size of 0, as a killed recorder leaves it, is taken as unknown."""
    found = next(item for item in elements(data) if item.identifier == SEGMENT)
    return found._replace(end=len(data)) if found.end == found.data else found


def blocks(data):
    """All blocks of all clusters in file order."""
    segment = segment_of(data)
    found = []
    for cluster in elements(data, segment.data, segment.end):
        if cluster.identifier != CLUSTER:
            continue
        time = 0
        for child in elements(data, cluster.data, cluster.end):
            if child.identifier == TIMECODE:
                time = int.from_bytes(data[child.data : child.end], "big")
            inner = list(elements(data, child.data, child.end)) if child.identifier == BLOCK_GROUP else [child]
            durations = [int.from_bytes(data[i.data : i.end], "big") for i in inner if i.identifier == BLOCK_DURATION]
            for block in inner:
                if block.identifier in (SIMPLE_BLOCK, BLOCK):
                    track, at = _read_number(data, block.data, False)
                    relative = int.from_bytes(data[at : at + 2], "big", signed=True)
                    frames = data[at + 3] + 1 if data[at + 2] & 6 else 1
                    duration = durations[0] if durations else None
                    found.append(Block(track, time + relative, duration, frames, child.end, cluster.start, cluster.end))
    return found
