"""`python -m pyk4a_rp.compat program.py`: run a program written for pyk4a, unchanged."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from pathlib import Path

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
    parser.add_argument("program", metavar="PROGRAM ...", help="the program (.py), and what it is given")
    words = sys.argv[1:] if arguments is None else arguments
    # What follows the program is the program's, also where it looks like an option.
    end = next((number + 1 for number, word in enumerate(words) if not word.startswith("-")), len(words))
    args = parser.parse_args(words[:end])
    install(replace=True)
    sys.argv = [args.program, *words[end:]]
    if args.module:
        _prepend(os.getcwd())
        runpy.run_module(args.program, run_name="__main__", alter_sys=True)
        return
    if not os.path.exists(args.program):
        parser.error(f"there is no program {args.program}")
    _prepend(os.path.dirname(os.path.abspath(args.program)))
    runpy.run_path(args.program, run_name="__main__")


def _prepend(folder: str) -> None:
    """Let the program find its neighbours, and the processes that it starts our pyk4a."""
    stand_in = str(Path(__file__).with_name("stand_in"))
    sys.path[:0] = [stand_in, folder]
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = stand_in if not inherited else f"{stand_in}{os.pathsep}{inherited}"


if __name__ == "__main__":
    main()
