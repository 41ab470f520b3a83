"""`python -m pyk4a_rp.compat program.py`: run a program written for pyk4a, unchanged."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from . import install


def main(arguments: list[str] | None = None) -> None:
    """Run a program whose ``import pyk4a`` finds `pyk4a_rp.compat.pyk4a`. All else is as when Python runs it.

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
    program = os.path.abspath(args.program)
    if not args.module and not os.path.exists(program):
        parser.error(f"there is no program {args.program}")
    install(replace=True)
    sys.argv = [args.program, *words[end:]]
    if args.module:
        _set_path(os.getcwd())
        runpy.run_module(args.program, run_name="__main__", alter_sys=True)
        return
    holds_modules = os.path.isdir(program) or zipfile.is_zipfile(program)
    _set_path(program if holds_modules else os.path.dirname(os.path.realpath(program)))
    if holds_modules or program.endswith(".pyc"):
        runpy.run_path(program, run_name="__main__")
    else:
        _run_file(program)


def _set_path(first: str) -> None:
    """Let the program find what is in `first`, where Python does that, and the processes that it starts our pyk4a."""
    stand_in = str(Path(__file__).with_name("stand_in"))
    own = [] if sys.flags.safe_path else [first]
    sys.path[: len(own)] = [*own, stand_in]  # in place of the working folder, which was there for us
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = stand_in if not inherited else f"{stand_in}{os.pathsep}{inherited}"


def _run_file(program: str) -> None:
    """Run a file in a module that stays `__main__`, for threads that go on; `runpy` would change `sys.argv`, too."""
    loader = SourceFileLoader("__main__", program)
    module = ModuleType("__main__")
    module.__file__, module.__loader__ = program, loader
    sys.modules["__main__"] = module
    exec(loader.source_to_code(loader.get_data(program), program), module.__dict__)


if __name__ == "__main__":
    main()
