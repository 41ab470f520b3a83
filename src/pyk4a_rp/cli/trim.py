"""`pyk4a-rp trim`: cut a recording, or leave out tracks, without decoding anything."""

from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command to argparse."""
    parser = subparsers.add_parser(
        "trim",
        help="cut a recording or leave out tracks",
        description="Copy a part of a recording. Nothing is decoded; calibration, tags, custom tracks and the exact "
        "device timestamps are kept.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("output", metavar="OUT")
    parser.add_argument("--start", type=float, metavar="S", help="seconds from the beginning of the recording")
    parser.add_argument("--end", type=float, metavar="S", help="seconds; the first moment that is left out")
    parser.add_argument("--tracks", metavar="A,B", help="names of the tracks to keep, for example DEPTH,IR,IMU")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    from ..maintenance import copy

    tracks = args.tracks.split(",") if args.tracks is not None else None
    report = copy(args.file, args.output, args.start, args.end, tracks, overwrite=args.overwrite)
    if report.damaged:
        print(f"{args.file}: {report}")
    print(f"{args.output}: {report.frames} frames, {report.bytes / 1e6:.1f} MB")
    return 0
