"""The options of `pyk4a-rp record` and `k4arecorder`: those of Microsoft's k4arecorder, and more."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CompatError", "Settings", "add_options", "parse_compat", "settings_of"]

_SIZES = ("3072p", "2160p", "1536p", "1440p", "1080p", "720p")
DEPTH_MODES = ("NFOV_2X2BINNED", "NFOV_UNBINNED", "WFOV_2X2BINNED", "WFOV_UNBINNED", "PASSIVE_IR", "OFF")
SYNC_MODES = {
    "master": "MASTER",
    "subordinate": "SUBORDINATE",
    "sub": "SUBORDINATE",
    "standalone": "STANDALONE",
}
Color = tuple[str, str]  # names of resolution and format


@dataclass
class Settings:
    """What to record, and how. Cameras that no option mentions: the first one.

    Modes that are None: those of a recording that is replayed, else 1080P, NFOV_UNBINNED and the IMU on.
    """

    output: str = ""
    devices: list[int] = field(default_factory=list)
    serials: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)  # of simulated cameras
    length: float | None = None
    color: Color | None = None
    depth: str | None = None
    depth_delay: int | None = None
    rate: int | None = None
    imu: bool | None = None
    sync: str = "STANDALONE"
    sync_delay: int = 0
    exposure: int | None = None
    gain: int | None = None
    controls: list[tuple[str, str]] = field(default_factory=list)
    overwrite: bool = False
    keep_first: bool = False
    metadata: bool = True
    min_free_mb: int = 100
    quiet: bool = False
    compat: bool = False


# ---- values; what raises ValueError says what Microsoft's tool says ----


def color_mode(text: str, more: bool = True) -> Color:
    """Resolution and format of "1080p", "720p_NV12", "OFF"; with `more` also of "1080p_BGRA"."""
    name = text.lower()
    if name == "off":
        return "OFF", "COLOR_MJPG"
    if name in ("720p_nv12", "720p_yuy2"):
        return "RES_720P", f"COLOR_{name[5:].upper()}"
    if name in _SIZES:
        return f"RES_{name.upper()}", "COLOR_MJPG"
    if more and name.endswith("_bgra") and name[:-5] in _SIZES:
        return f"RES_{name[:-5].upper()}", "COLOR_BGRA32"
    raise ValueError(f"Unknown color mode specified: {text}")


def depth_mode(text: str) -> str:
    """Name of the mode."""
    if text.upper() not in DEPTH_MODES:
        raise ValueError(f"Unknown depth mode specified: {text}")
    return text.upper()


def rate(text: str) -> int:
    """Frames per second."""
    if text not in ("30", "15", "5"):
        raise ValueError(f"Unknown frame rate specified: {text}")
    return int(text)


def imu_mode(text: str) -> bool:
    """ON or OFF."""
    if text.upper() not in ("ON", "OFF"):
        raise ValueError(f"Unknown imu mode specified: {text}")
    return text.upper() == "ON"


def sync_mode(text: str) -> str:
    """Name of the mode."""
    if text.lower() not in SYNC_MODES:
        raise ValueError(f"Unknown external sync mode specified: {text}")
    return SYNC_MODES[text.lower()]


def exposure(value: int) -> int:
    """Microseconds of an exposure given in microseconds or as a power of two of seconds."""
    if -11 <= value <= 1:
        return int(2.0**value * 1_000_000)
    if 2 <= value <= 200_000:
        return value
    raise ValueError("Exposure value range is 2 to 5s, or -11 to 1.")


def _in_range(low: int, high: int | None, message: str) -> Callable[[int], int]:
    def check(value: int) -> int:
        if value < low or (high is not None and value > high):
            raise ValueError(message)
        return value

    return check


_index = _in_range(0, 255, "Device index must 0-255")
_gain = _in_range(0, 255, "Gain value must be between 0 and 255.")
_sync_delay = _in_range(0, None, "External sync delay must be positive.")
_compat_length = _in_range(0, None, "Recording length must be positive")


def _length(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError("Recording length must be positive")
    return value


def _control(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"auto|-?\d+", value):
        raise ValueError(f"a control is NAME=NUMBER or NAME=auto, not {text}")
    return name.lower(), value


# ---- the usual way, with argparse ----


def _argument(parse: Callable[[Any], Any], number: bool = False) -> Callable[[str], Any]:
    def convert(text: str) -> Any:
        try:
            return parse(int(text) if number else text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all options and the name of the file."""
    add = parser.add_argument
    add("output", nargs="?", metavar="OUTPUT.mkv", help="the file; with several cameras their numbers are put into it")
    add("--list", action="store_true", help="list the cameras and exit")
    add("--device", action="append", type=_argument(_index, True), metavar="N", help="index of the camera (0); repeat")
    add("--serial", action="append", metavar="S", help="serial number of the camera, instead; can be repeated")
    add("--simulate", action="store_true", help="record a simulated camera")
    add("--source", action="append", metavar="SOURCE",
        help="what the simulated camera shows: scene, scene:SEED or a recording, whose modes are the defaults then; "
        "can be repeated")  # fmt: skip
    add("-l", "--record-length", type=_argument(_length), metavar="SECONDS", help="how long (until Ctrl-C)")
    add("-c", "--color-mode", type=_argument(color_mode), metavar="MODE",
        help="3072p, 2160p, 1536p, 1440p, 1080p, 720p (MJPG), any of them with _BGRA, 720p_NV12, 720p_YUY2, OFF"
        " (1080p; of a simulated camera 720p_NV12 where there is no JPEG codec)")  # fmt: skip
    add("-d", "--depth-mode", type=_argument(depth_mode), metavar="MODE",
        help=f"{', '.join(DEPTH_MODES)} (NFOV_UNBINNED)")  # fmt: skip
    add("--depth-delay", type=int, metavar="USEC", help="depth images after color images (0)")
    add("-r", "--rate", type=_argument(rate), metavar="FPS", help="30, 15 or 5 (the highest that the modes permit)")
    add("--imu", type=_argument(imu_mode), metavar="ON|OFF", help="record the IMU (ON)")
    add("--external-sync", type=_argument(sync_mode), default="Standalone", metavar="MODE",
        help="Master, Subordinate or Standalone; of several cameras the first is the master (Standalone)")  # fmt: skip
    add("--sync-delay", type=_argument(_sync_delay, True), default=0, metavar="USEC",
        help="of a subordinate after its master; of several cameras each after the one before (0)")  # fmt: skip
    add("-e", "--exposure-control", type=_argument(exposure, True), metavar="VALUE",
        help="exposure: 2 to 200000 microseconds, or -11 to 1 for 2^VALUE seconds (auto)")  # fmt: skip
    add("-g", "--gain", type=_argument(_gain, True), metavar="VALUE", help="gain, 0 to 255")
    add("--control", action="append", type=_argument(_control), metavar="NAME=VALUE",
        help="another setting of the color camera, as brightness=100 or whitebalance=auto; repeat")  # fmt: skip
    add("--overwrite", action="store_true", help="replace the file if there is one")
    add("--keep-first", action="store_true", help="record the first capture, too")
    add("--no-metadata", action="store_true", help="leave out exposures, system times and temperatures")
    add("--min-free", type=int, default=100, metavar="MB", help="stop when no more is free on the disk (100)")
    add("-q", "--quiet", action="store_true", help="no progress")


def default_color(sources: Sequence[str]) -> Color:
    """1080P MJPG as Microsoft's tool, or what a simulated camera can send without a JPEG codec."""
    if sources:
        from ..color import jpeg_available

        if not jpeg_available():
            return color_mode("720p_NV12")
    return color_mode("1080p")


def settings_of(args: argparse.Namespace, fail: Callable[[str], Any]) -> Settings:
    """What the options say; `fail` gets what is wrong with their combination."""
    if not args.output:
        fail("the name of the file is missing")
    sources = args.source or (["scene"] if args.simulate else [])
    if bool(args.device) + bool(args.serial) + bool(sources) > 1:
        fail("cameras are chosen by --device, by --serial or by --simulate, not by two of them")
    return Settings(
        output=args.output,
        devices=args.device or [],
        serials=args.serial or [],
        sources=sources,
        length=args.record_length,
        color=args.color_mode,
        depth=args.depth_mode,
        depth_delay=args.depth_delay,
        rate=args.rate,
        imu=args.imu,
        sync=args.external_sync,
        sync_delay=args.sync_delay,
        exposure=args.exposure_control,
        gain=args.gain,
        controls=args.control or [],
        overwrite=args.overwrite,
        keep_first=args.keep_first,
        metadata=not args.no_metadata,
        min_free_mb=args.min_free,
        quiet=args.quiet,
    )


# ---- as Microsoft's tool reads them ----


class CompatError(Exception):
    """What ends Microsoft's tool while it reads its options. No message: the usage is printed."""


def _stoi(text: str) -> int:
    number = re.match(r"\s*[+-]?\d+", text)
    if not number or not -(2**31) <= int(number[0]) < 2**31:
        raise ValueError("stoi")
    return int(number[0])


def parse_compat(argv: Sequence[str]) -> Settings | str:
    """Settings, or "help" or "list" for what acts at once; `CompatError` for what ends it.

    Options come before the file, the first word that is none ends them, of repeated ones the last wins.
    """
    settings = Settings(overwrite=True, metadata=False, min_free_mb=0, compat=True)
    words = list(argv)

    def number(check: Callable[[int], Any]) -> Callable[[str], Any]:
        return lambda text: check(_stoi(text))

    def plain_color(text: str) -> Color:
        resolution, format = color_mode(text, more=False)
        before = settings.color and settings.color[1]
        if before in ("COLOR_NV12", "COLOR_YUY2") and format == "COLOR_MJPG":
            format = before  # it never goes back to MJPG
        return resolution, format

    handlers: dict[tuple[str, ...], tuple[str, Callable[[str], Any]]] = {
        ("--device",): ("devices", number(lambda value: [_index(value)])),
        ("-l", "--record-length"): ("length", number(_compat_length)),
        ("-c", "--color-mode"): ("color", plain_color),
        ("-d", "--depth-mode"): ("depth", depth_mode),
        ("--depth-delay",): ("depth_delay", _stoi),
        ("-r", "--rate"): ("rate", rate),
        ("--imu",): ("imu", imu_mode),
        ("--external-sync",): ("sync", sync_mode),
        ("--sync-delay",): ("sync_delay", number(_sync_delay)),
        ("-e", "--exposure-control"): ("exposure", number(exposure)),
        ("-g", "--gain"): ("gain", number(_gain)),
    }
    by_name = {name: (name, *handler) for names, handler in handlers.items() for name in names}
    while words:
        word = words[0]
        if word in ("-h", "--help"):
            return "help"
        if word == "--list":
            return "list"
        if word == "--simulate":  # ours
            settings.sources = ["scene"]
            del words[0]
            continue
        if word not in by_name:
            break
        if len(words) < 2:
            raise CompatError
        name, attribute, parse = by_name[word]
        try:
            setattr(settings, attribute, parse(words[1]))
        except ValueError as error:
            raise CompatError(str(error) if str(error) == "stoi" else f"{name}: {error}") from None
        del words[:2]
    if len(words) != 1:
        raise CompatError
    settings.output = words[0]
    return settings
