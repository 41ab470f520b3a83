"""`pyk4a-rp verify`: read all of a recording and tell what is wrong with it."""

from __future__ import annotations

import argparse
import sys


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command to argparse."""
    parser = subparsers.add_parser(
        "verify",
        help="check recordings from beginning to end",
        description="Read everything; check checksums, timestamps and sizes. Exit status 0: all is well, 1: not.",
        allow_abbrev=False,
    )
    parser.add_argument("files", metavar="FILE", nargs="+")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    from ..maintenance import verify

    status = 0
    for file in args.files:
        try:
            report = verify(file)
        except (OSError, RuntimeError, ValueError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            status = 1
            continue
        if report.ok:
            print(f"{file}: ok, {report.frames} frames, {report.bytes / 1e6:.1f} MB")
            continue
        status = 1
        print(f"{file}: {report.problem_count} problem{'' if report.problem_count == 1 else 's'}")
        for line in report.problems:
            print(f"  {line}")
    return status
