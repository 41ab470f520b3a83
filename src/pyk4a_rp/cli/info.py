"""`pyk4a-rp info`: what is in a recording."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..playback import Playback

__all__ = ["add_parser", "collect", "count_dropped_frames", "run"]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "info",
        help="what is in a recording",
        description="Print what is in a recording: configuration, tracks, captures, dropped frames, IMU, tags, damage.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="the recording (.mkv)")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser.add_argument(
        "--provider", metavar="NAME", help="library to read with: bundled (the default), microsoft, orbbec, or a path"
    )


def run(args: argparse.Namespace) -> int:
    """Print the facts; 0, or 1 through the exception that `main` reports."""
    from ..playback import Playback

    with Playback(args.file, provider=args.provider) as playback:
        facts = collect(playback)
    if args.json:
        import json

        print(json.dumps(facts, indent=2))
    else:
        print("\n".join(_lines(facts)))
    return 0


def collect(playback: Playback) -> dict[str, Any]:
    """All facts about a recording as plain values, as `--json` prints them. Moves the positions of the playback.

    Parameters
    ----------
    playback
        The recording.

    Returns
    -------
    dict
    """
    import numpy as np

    configuration = playback.configuration
    timestamps = playback.captures.timestamps_usec
    present = {name: timestamps[name] >= 0 for name in timestamps.dtype.names or ()}
    enabled = {name: getattr(configuration, f"{name}_track_enabled") for name in present}
    complete = [present[name] for name in present if enabled[name]]
    frames = {name.upper(): int(there.sum()) for name, there in present.items() if enabled[name]}
    imu = _imu(playback)
    if imu is not None:
        frames["IMU"] = imu["samples"]
    tags, attachments, listed = _tags_and_attachments(playback)
    delay = configuration.depth_delay_off_color_usec
    shifts = {"color": max(delay, 0), "depth": max(-delay, 0), "ir": max(-delay, 0)}
    rate = configuration.camera_fps.rate
    return {
        "path": playback.path,
        "size_bytes": os.stat(playback.path).st_size,
        "provider": {
            "name": playback.provider.name,
            "version": playback.provider.version,
            "path": playback.provider.record_path,
        },
        "duration_usec": playback.duration_usec,
        "configuration": _configuration(configuration),
        "tracks": [_track(track, frames.get(name)) for name, track in playback.tracks.items()],
        "captures": {
            "count": len(timestamps),
            "complete": int(np.logical_and.reduce(complete).sum()) if complete else 0,
            "first_usec": _extreme(timestamps, min),
            "last_usec": _extreme(timestamps, max),
        },
        "dropped_frames": None
        if rate is None
        else count_dropped_frames(
            {name: timestamps[name][there] + shifts[name] for name, there in present.items() if enabled[name]}, rate
        ),
        "imu": imu,
        "tags": tags,
        "attachments": attachments,
        "tags_and_attachments_listed": listed,
        "damage": _damage(playback),
    }


def count_dropped_frames(times_usec: dict[str, npt.NDArray[Any]], rate: int) -> dict[str, int]:
    """Count the frames that should be there, from the first to the last frame of any track, but are not.

    Parameters
    ----------
    times_usec
        For each track the times of its frames, ascending, with the delay between the cameras taken out.
    rate
        Frames per second.

    Returns
    -------
    dict
        Missing frames by track.
    """
    import numpy as np

    there = [times for times in times_usec.values() if len(times)]
    if not there:
        return dict.fromkeys(times_usec, 0)
    period = 1e6 / rate
    start, end = min(times[0] for times in there), max(times[-1] for times in there)
    dropped = {}
    for name, times in times_usec.items():
        # Period by period and not by the total: the clock of a camera is not exactly that of the nominal rate.
        edges = np.concatenate(([start - period], times, [end + period]))
        missing = np.rint(np.diff(edges) / period).astype(int) - 1
        dropped[name] = int(missing[missing > 0].sum())
    return dropped


def _configuration(configuration: Any) -> dict[str, Any]:
    facts = {}
    for name in configuration.__dataclass_fields__:
        value = getattr(configuration, name)
        facts[name] = value.name if hasattr(value, "name") else value
    facts["camera_fps"] = configuration.camera_fps.rate or configuration.camera_fps.name
    return facts


def _track(track: Any, frames: int | None) -> dict[str, Any]:
    video = track.video_settings
    if frames is None:
        from ..errors import NotSupportedError

        try:
            frames = track.frame_count
        except NotSupportedError:
            frames = sum(1 for _ in track.data_blocks())
    return {
        "name": track.name,
        "builtin": track.is_builtin,
        "codec_id": track.codec_id,
        "width": None if video is None else video.width,
        "height": None if video is None else video.height,
        "frame_rate": None if video is None else video.frame_rate,
        "frames": frames,
    }


def _extreme(timestamps: npt.NDArray[Any], which: Any) -> int | None:
    times = [timestamps[name][timestamps[name] >= 0] for name in timestamps.dtype.names or ()]
    extreme: int | None = which((int(which(one)) for one in times if len(one)), default=None)
    return extreme


def _imu(playback: Playback) -> dict[str, Any] | None:
    """Number and rate of the samples, without reading all of them where the provider can count."""
    if not playback.configuration.imu_track_enabled:
        return None
    from ..enums import SeekOrigin
    from ..errors import EndOfRecording, NotSupportedError

    try:
        count = playback.tracks["IMU"].frame_count if "IMU" in playback.tracks else len(playback.imu)
    except NotSupportedError:
        count = len(playback.imu)
    rate = None
    try:
        playback.seek(0)
        first = playback.next_imu_sample().acc_timestamp_usec
        playback.seek(0, SeekOrigin.END)
        last = playback.previous_imu_sample().acc_timestamp_usec
        if last > first and count > 1:
            rate = round((count - 1) / (last - first) * 1e6, 3)
    except EndOfRecording:
        pass
    return {"samples": count, "rate_hz": rate}


def _tags_and_attachments(playback: Playback) -> tuple[list[list[str]], list[dict[str, Any]], bool]:
    """Tags, attachments, and whether those are all (else only those that recorders usually write)."""
    from ..errors import NotSupportedError
    from ..tags import KNOWN_ATTACHMENTS, KNOWN_TAGS

    tags, attachments = playback.tags, playback.attachments
    try:
        pairs, names, listed = tags.pairs(), list(attachments), True
    except NotSupportedError:
        pairs = [(name, tags[name]) for name in KNOWN_TAGS if name in tags]
        names, listed = [name for name in KNOWN_ATTACHMENTS if name in attachments], False
    sizes = [{"name": name, "size_bytes": len(attachments[name])} for name in names]
    return [[name, value] for name, value in pairs], sizes, listed


def _damage(playback: Playback) -> dict[str, Any] | None:
    damage = playback.damage
    if damage is None:
        return None
    return {
        "kinds": [kind.name for kind in type(damage.kinds) if kind in damage.kinds],
        "offset": damage.offset,
        "lost_bytes": damage.lost_bytes,
        "start_offset_restored": damage.start_offset_restored,
        "text": damage.text,
    }


# ---- for people ----


def _lines(facts: dict[str, Any]) -> list[str]:
    provider, configuration, captures = facts["provider"], facts["configuration"], facts["captures"]
    version = f" {provider['version']}" if provider["version"] else ""
    lines = [
        facts["path"],
        _line("size", f"{facts['size_bytes']:,} bytes"),
        _line("read with", f"{provider['name']}{version}"),
        _line("damage", facts["damage"]["text"] if facts["damage"] else "none"),
        _line("duration", f"{facts['duration_usec'] / 1e6:.6f} s"),
        _line("start offset", f"{configuration['start_timestamp_offset_usec']} us"),
        *_camera_lines(configuration),
        _line("captures", f"{captures['count']} ({captures['complete']} complete)"),
    ]
    if facts["dropped_frames"]:
        dropped = ", ".join(f"{name} {count}" for name, count in facts["dropped_frames"].items())
        lines.append(_line("dropped frames", dropped))
    if facts["imu"]:
        rate = facts["imu"]["rate_hz"]
        lines.append(_line("imu", _plural(facts["imu"]["samples"], "sample") + (f", {rate:.1f} Hz" if rate else "")))
    lines += ["tracks", *(f"  {_track_text(track)}" for track in facts["tracks"])]
    usual = "" if facts["tags_and_attachments_listed"] else f" (the usual ones; {provider['name']} cannot list them)"
    if facts["tags"]:
        lines += [f"tags{usual}", *(f"  {name} = {value}" for name, value in facts["tags"])]
    if facts["attachments"]:
        lines.append(f"attachments{usual}")
        lines += [f"  {one['name']}, {one['size_bytes']:,} bytes" for one in facts["attachments"]]
    return lines


def _line(name: str, value: str) -> str:
    return f"{name:<16}{value}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _camera_lines(configuration: dict[str, Any]) -> list[str]:
    color = "off"
    if configuration["color_track_enabled"]:
        size = configuration["color_resolution"].removeprefix("RES_")
        color = f"{configuration['color_format'].removeprefix('COLOR_')} {size if size != 'OFF' else 'of unusual size'}"
    lines = [
        _line("color", color),
        _line("depth mode", configuration["depth_mode"].replace("OFF", "off")),
        _line("frame rate", f"{configuration['camera_fps']} fps"),
    ]
    if configuration["depth_delay_off_color_usec"]:
        lines.append(_line("depth delay", f"{configuration['depth_delay_off_color_usec']} us after color"))
    sync = configuration["wired_sync_mode"].lower()
    if configuration["subordinate_delay_off_master_usec"]:
        sync += f", {configuration['subordinate_delay_off_master_usec']} us after the master"
    return [*lines, _line("wired sync", sync)]


def _track_text(track: dict[str, Any]) -> str:
    size = "" if track["width"] is None else f" {track['width']} x {track['height']} at {track['frame_rate']} fps"
    frames = _plural(track["frames"], "sample" if track["name"] == "IMU" and track["builtin"] else "frame")
    custom = "" if track["builtin"] else ", custom"
    return f"{track['name'] or '(unnamed)'}: {frames},{size} {track['codec_id']}{custom}"
