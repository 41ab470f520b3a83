"""`pyk4a-rp repair`: make an unfinished or damaged recording readable for every player."""

from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command to argparse."""
    parser = subparsers.add_parser(
        "repair",
        help="make an unfinished or damaged recording readable",
        description="Write a complete recording of all that can be read of FILE, and tell what was lost.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="OUT", help="the new file; FILE-repaired.mkv if not given")
    where.add_argument("--in-place", action="store_true", help="replace FILE, in one step when the new one is complete")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    from pathlib import Path

    from ..maintenance import repair

    report = repair(args.file, args.output, in_place=args.in_place, overwrite=args.overwrite)
    source = Path(args.file)
    target = source if args.in_place else args.output or source.with_name(f"{source.stem}-repaired{source.suffix}")
    print(f"{args.file}: {report}")
    print(f"{target}: {report.frames} frames, {report.bytes / 1e6:.1f} MB")
    return 0
