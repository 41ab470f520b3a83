"""Other bindings' names over ours: programs written for them run with another import.

`pyk4a_rp.compat.pyk4a` is the public surface of pyk4a 1.5. Where the import cannot be edited, `install` makes
``import pyk4a`` find it, and ``python -m pyk4a_rp.compat program.py`` runs a program that way.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys

__all__ = ["install"]

_NAME = "pyk4a"
_MODULES = ("calibration", "capture", "config", "errors", "playback", "pyk4a", "record", "results", "transformation")


def install(*, replace: bool = False) -> None:
    """Make ``import pyk4a`` import `pyk4a_rp.compat.pyk4a`, in this process and from now on.

    Parameters
    ----------
    replace
        Whether to take the place of a pyk4a that is installed, or imported already. Modules that have imported it keep
        what they have.

    Raises
    ------
    RuntimeError
        There is another pyk4a, and `replace` is False.
    """
    home = f"{__name__}.{_NAME}"
    package = importlib.import_module(home)
    if not replace and sys.modules.get(_NAME) is not package:
        other = _find_other()
        if other is not None:
            raise RuntimeError(f"pyk4a is installed ({other}): install(replace=True) takes its place")
    for name in [name for name in sys.modules if name == _NAME or name.startswith(f"{_NAME}.")]:
        del sys.modules[name]
    sys.modules[_NAME] = package
    for name in _MODULES:
        sys.modules[f"{_NAME}.{name}"] = importlib.import_module(f"{home}.{name}")


def _find_other() -> str | None:
    """Where another pyk4a is; None when there is none."""
    try:
        spec = importlib.util.find_spec(_NAME)
    except ValueError:  # something without a spec was put there by hand
        return "imported already"
    return None if spec is None else spec.origin or "a folder of that name"
