"""`pyk4a-rp config`: what a C compiler needs to use the drop-in pair."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

__all__ = ["add_parser", "cflags", "libs", "run"]


def add_parser(subparsers: Any) -> None:
    """Add the sub-command to the command line."""
    parser = subparsers.add_parser(
        "config",
        help="print compiler and linker flags for C programs",
        description="Print what a C or C++ compiler needs to use libk4a and libk4arecord of this package: "
        "cc program.c $(pyk4a-rp config --cflags --libs)",
        allow_abbrev=False,
    )
    parser.add_argument("--cflags", action="store_true", help="where the headers are")
    parser.add_argument("--libs", action="store_true", help="the libraries, and where the program finds them later")
    parser.add_argument("--includedir", action="store_true", help="print the folder of the headers")
    parser.add_argument("--libdir", action="store_true", help="print the folder of the libraries")


def cflags(folder: Path) -> list[str]:
    """Return the compiler's flags for a drop-in folder."""
    return [("/I" if sys.platform == "win32" else "-I") + str(folder / "include")]


def libs(folder: Path) -> list[str]:
    """Return the linker's flags for a drop-in folder.

    On Linux the versioned files are linked by name: the unversioned ones are for dlopen and have no symbols of their
    own.
    """
    if sys.platform == "win32":
        return [str(folder / "k4arecord.lib"), str(folder / "k4a.lib")]
    if sys.platform == "darwin":
        names = ["-lk4arecord.1.4", "-lk4a.1.4"]
    else:
        # The recording functions are in our libk4a too, and a linker that leaves out what it does not need would make a
        # program that cannot run on Microsoft's pair.
        names = ["-Wl,--push-state,--no-as-needed", "-l:libk4arecord.so.1.4", "-l:libk4a.so.1.4", "-Wl,--pop-state"]
    return [f"-L{folder}", f"-Wl,-rpath,{folder}", *names]


def run(args: argparse.Namespace) -> int:
    """Print what was asked for; without a question, everything."""
    from ..provider import dropin_directory

    folder = dropin_directory()
    if not (folder / "include" / "k4a" / "k4a.h").exists():
        print(f"pyk4a-rp config: no headers in {folder}: the installation is damaged", file=sys.stderr)
        return 1
    if args.includedir:
        print(folder / "include")
    if args.libdir:
        print(folder)
    if args.includedir or args.libdir:
        return 0
    flags = [] if args.libs and not args.cflags else cflags(folder)
    if args.libs or not args.cflags:
        flags += libs(folder)
    if sys.platform == "win32":
        print(" ".join(f'"{flag}"' if " " in flag else flag for flag in flags))
    else:
        print(shlex.join(flags))
    return 0
