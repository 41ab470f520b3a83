"""Found as `pyk4a` by processes that `python -m pyk4a_rp.compat` and its children start."""

import sys

_installed = True
try:
    import pyk4a_rp.compat
except ModuleNotFoundError as _error:
    if _error.name not in ("pyk4a_rp", "pyk4a_rp.compat"):
        raise
    _installed = False

if _installed:
    pyk4a_rp.compat.install(replace=True)
else:  # another Python, which inherited PYTHONPATH: it shall find what it has itself, or say that there is none
    import os

    _folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [_entry for _entry in sys.path if os.path.abspath(_entry) != _folder]
    del sys.modules["pyk4a"]
    import pyk4a as pyk4a
