"""The command `pyk4a-rp`.

Each sub-command is a module with `add_parser(subparsers)`, which must not import numpy or a native module (so that
`--help` answers at once), and `run(args) -> int`, which may.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]

COMMANDS = ("record", "info", "snapshot", "verify", "repair", "trim", "doctor", "config")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from .. import __version__

        print(f"{parser.prog} {__version__}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pyk4a-rp", description="Azure Kinect recordings and cameras.", allow_abbrev=False
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f".{name}", __name__).add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 failed (the reason is on stderr), 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names and tags hold whatever somebody wrote there
    args = _parser().parse_args(argv)
    command = importlib.import_module(f".{args.command}", __name__)
    import logging

    # What the libraries log is in the exceptions, too: nobody wants to read it twice.
    logging.getLogger("pyk4a_rp").addHandler(logging.NullHandler())
    try:
        status = int(command.run(args))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # The reader of our output has gone (`pyk4a-rp info ... | head`): not worth a word. Python flushes stdout once
        # more at exit, and must not find the closed pipe then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (OSError, RuntimeError, ValueError, OverflowError, ImportError) as error:
        print(f"pyk4a-rp {args.command}: {error}", file=sys.stderr)
        return 1
