"""Repairing, copying and verifying whole recordings; nothing is decoded."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from . import _extensions
from ._provider import Provider, default_provider, load_provider
from .errors import RecordingError, check

__all__ = ["RecordingReport", "VerifyReport", "copy", "repair", "verify"]

_AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]

_NOT_CLOSED, _TRUNCATED, _CORRUPT, _OFFSET_LOST = 1, 2, 4, 8
_LONGEST_SECONDS = 9e9  # below 2 ** 63 nanoseconds


@dataclass(frozen=True)
class RecordingReport:
    """What was found in a recording, and written of it.

    Attributes
    ----------
    frames
        Images, IMU samples and custom data; of a copy those that were written.
    clusters
        Clusters (32 ms of a recording each) they lie in.
    bytes
        Size of the file; of a copy that of the new one.
    lost_bytes
        Bytes of the source that could not be used, as far as known.
    closed
        Whether the source was finished by its recorder.
    truncated
        Whether the source ends inside something.
    corrupt
        Whether parts of the source could not be read.
    start_offset_restored
        Whether the device time of the beginning had to be recovered from the IMU samples.
    start_offset_lost
        Whether it could not be: device timestamps begin at 0 then.
    """

    frames: int
    clusters: int
    bytes: int
    lost_bytes: int
    closed: bool
    truncated: bool
    corrupt: bool
    start_offset_restored: bool
    start_offset_lost: bool

    @property
    def damaged(self) -> bool:
        """Whether anything was wrong with the source."""
        return not self.closed or self.truncated or self.corrupt or self.start_offset_lost

    def __str__(self) -> str:
        """Say in a sentence what was wrong with the source."""
        parts = []
        if not self.closed:
            parts.append("it was never closed")
        if self.truncated:
            parts.append("it is cut off")
        if self.corrupt:
            parts.append("parts of it cannot be read")
        if self.lost_bytes:
            parts.append(f"{self.lost_bytes} bytes are lost")
        if self.start_offset_restored:
            parts.append("its start offset was recovered from the IMU samples")
        if self.start_offset_lost:
            parts.append("its start offset is lost, device timestamps begin at 0")
        return "; ".join(parts) or "no damage"


@dataclass(frozen=True)
class VerifyReport(RecordingReport):
    """What `verify` found.

    Attributes
    ----------
    problem_count
        How many problems there are.
    problems
        A line for each of the first of them.
    """

    problem_count: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there is no problem at all."""
        return self.problem_count == 0


def _fields(report: _extensions.RecordingReport) -> tuple[int, int, int, int, bool, bool, bool, bool, bool]:
    kinds = report.damage_kinds
    return (
        report.frames,
        report.clusters,
        report.bytes,
        report.lost_bytes,
        not kinds & _NOT_CLOSED,
        bool(kinds & _TRUNCATED),
        bool(kinds & _CORRUPT),
        bool(report.start_offset_restored),
        bool(kinds & _OFFSET_LOST),
    )


def _engine() -> Provider:
    chosen = default_provider("files")
    # Only our own engine can do this, whoever else plays the recordings.
    return chosen if _extensions.get_version(chosen) is not None else load_provider("bundled")


def _existing(path: _AnyPath) -> Path:
    found = Path(os.fsdecode(path))
    if not found.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(found))
    return found


def _new(path: _AnyPath, overwrite: bool) -> Path:
    found = Path(os.fsdecode(path))
    if not overwrite and os.path.lexists(found):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(found))
    return found


def _range_usec(start: float | None, end: float | None) -> tuple[int, int | None]:
    begin, stop = 0.0 if start is None else start, math.inf if end is None else end
    if 0 <= begin < _LONGEST_SECONDS and begin < stop:  # never true of NaN
        begin_usec, end_usec = round(begin * 1e6), round(stop * 1e6) if stop < _LONGEST_SECONDS else None
        if end_usec is None or begin_usec < end_usec:
            return begin_usec, end_usec
    raise ValueError(f"nothing lies from start={start} to end={end}, in seconds from the beginning")


def copy(
    src: _AnyPath,
    dst: _AnyPath,
    start: float | None = None,
    end: float | None = None,
    tracks: Iterable[str] | None = None,
    *,
    overwrite: bool = False,
) -> RecordingReport:
    """Copy a recording, or a part of it, without decoding anything.

    Calibration, tags, attachments, custom tracks and the exact device timestamps are kept.
    Ctrl-C ends it and leaves no half file. Always done by our own engine. C: ``k4a_rp recording_copy``.

    Parameters
    ----------
    src
        The recording.
    dst
        The new file.
    start
        What is earlier is left out; seconds from the beginning of the recording. None: nothing is.
    end
        The first moment that is left out, in the same way. None or infinity: nothing is.
    tracks
        Names of the tracks to take, such as ``["DEPTH", "IMU"]``; None takes all. Kept metadata goes with them.
    overwrite
        Whether an existing file may be replaced: in one step when the new one is complete and on the disk, keeping the
        mode of the old one. It stays as it is when copying fails. On Windows nobody may have it open.

    Returns
    -------
    RecordingReport
        What was written.

    Raises
    ------
    RecordingError
        When the source cannot be read, has no such track, nothing of it is left, or the target cannot be written.
    FileNotFoundError, FileExistsError
        There is no source; there is something at `dst`, without `overwrite`.
    TypeError, ValueError
        `tracks` is a single string; nothing can lie between `start` and `end`.
    """
    if isinstance(tracks, str | bytes):
        raise TypeError(f"tracks are a list of names, not the single name {tracks!r}")
    source, target = _existing(src), _new(dst, overwrite)
    begin_usec, end_usec = _range_usec(start, end)
    names = None if tracks is None else list(tracks)
    provider = _engine()
    result, report = _extensions.recording_copy(
        source, target, begin_usec, end_usec, names, overwrite, provider=provider
    )
    check(
        result,
        "k4a_rp recording_copy",
        f"{source} cannot be copied to {target}",
        provider=provider,
        error=RecordingError,
    )
    assert report is not None
    return RecordingReport(*_fields(report))


def repair(
    path: _AnyPath,
    output: _AnyPath | None = None,
    *,
    in_place: bool = False,
    overwrite: bool = False,
) -> RecordingReport:
    """Make a complete recording of all that can be read of an unfinished or damaged one.

    Afterwards every player of Azure Kinect recordings opens it. Ctrl-C ends it and leaves no half file. Always done by
    our own engine. C: ``k4a_rp recording_repair``.

    Parameters
    ----------
    path
        The recording.
    output
        The new file; None: beside the old one, with ``-repaired`` in its name.
    in_place
        Replace the recording itself instead, in one step when the new one is complete and on the disk. Its mode is
        kept; a link stays one, and what it leads to is replaced.
    overwrite
        Whether an existing `output` may be replaced, in the same way. It stays as it is when repairing fails.

    Returns
    -------
    RecordingReport
        What was written, and what was wrong.

    Raises
    ------
    RecordingError
        When nothing can be read of the source or the new file cannot be written.
    FileNotFoundError, FileExistsError
        There is no source; there is something at `output`, without `overwrite`.
    ValueError
        `output` is given, and `in_place` too.
    """
    source = _existing(path)
    if in_place and output is not None:
        raise ValueError("a recording is repaired in place or into another file, not both")
    target = None
    if not in_place:
        beside = source.with_name(f"{source.stem}-repaired{source.suffix}")
        target = _new(beside if output is None else output, overwrite)
    provider = _engine()
    result, report = _extensions.recording_repair(source, target, overwrite, provider=provider)
    check(result, "k4a_rp recording_repair", f"{source} cannot be repaired", provider=provider, error=RecordingError)
    assert report is not None
    return RecordingReport(*_fields(report))


def verify(path: _AnyPath) -> VerifyReport:
    """Read all of a recording and check checksums, timestamps and sizes.

    Ctrl-C ends it. Always done by our own engine. C: ``k4a_rp recording_verify``.

    Parameters
    ----------
    path
        The recording.

    Returns
    -------
    VerifyReport
        What was found.

    Raises
    ------
    RecordingError
        When the file cannot be opened as a recording at all.
    FileNotFoundError
        There is no such file.
    """
    source = _existing(path)
    provider = _engine()
    result, report, lines = _extensions.recording_verify(source, provider=provider)
    check(result, "k4a_rp recording_verify", f"{source} cannot be verified", provider=provider, error=RecordingError)
    assert report is not None and lines is not None
    return VerifyReport(*_fields(report), report.problems, lines)
