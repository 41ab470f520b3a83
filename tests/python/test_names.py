"""What `import pyk4a_rp` offers, in the three places that say it."""

from __future__ import annotations

import ast
import importlib

import pyk4a_rp
from tests.conftest import REPOSITORY

NAMES = {*pyk4a_rp.__all__} - {"__version__", "k4a"}


def names_for_type_checkers() -> dict[str, str]:
    """Name -> module, of the imports under TYPE_CHECKING."""
    tree = ast.parse((REPOSITORY / "src" / "pyk4a_rp" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom) and node.module]
    return {node.names[0].name: node.module or "" for node in imports}


def test_every_public_name_is_where_it_is_said_to_be() -> None:
    assert set(pyk4a_rp._HOME) == NAMES
    for name, home in pyk4a_rp._HOME.items():
        assert getattr(pyk4a_rp, name) is getattr(importlib.import_module(f"pyk4a_rp.{home}"), name)


def test_type_checkers_see_the_same_names_in_the_same_modules() -> None:
    assert names_for_type_checkers() == pyk4a_rp._HOME


def test_star_import_brings_all_public_names() -> None:
    found: dict[str, object] = {}
    exec("from pyk4a_rp import *", found)
    assert set(pyk4a_rp.__all__) <= set(found)
    assert found["__version__"] == pyk4a_rp.__version__
