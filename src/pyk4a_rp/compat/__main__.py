"""`python -m pyk4a_rp.compat program.py`: run a program written for pyk4a, unchanged."""

from __future__ import annotations

import argparse
import os
import runpy
import sys

from . import install


def main(arguments: list[str] | None = None) -> None:
    """Run a program whose ``import pyk4a`` finds `pyk4a_rp.compat.pyk4a`.

    Parameters
    ----------
    arguments
        The command line; None for that of the process.
    """
    parser = argparse.ArgumentParser(
        prog="python -m pyk4a_rp.compat",
        description="Run a program written for pyk4a: its `import pyk4a` finds pyk4a_rp. An installed pyk4a stays out.",
        allow_abbrev=False,
    )
    parser.add_argument("-m", dest="module", action="store_true", help="PROGRAM is a module, as for python -m")
    parser.add_argument("program", metavar="PROGRAM", help="the program (.py)")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="what the program is given")
    args = parser.parse_args(arguments)
    install(replace=True)
    sys.argv = [args.program, *args.arguments]
    if args.module:
        sys.path.insert(0, os.getcwd())
        runpy.run_module(args.program, run_name="__main__", alter_sys=True)
        return
    if not os.path.exists(args.program):
        parser.error(f"there is no program {args.program}")
    sys.path.insert(0, os.path.dirname(os.path.abspath(args.program)))
    runpy.run_path(args.program, run_name="__main__")


if __name__ == "__main__":
    main()
