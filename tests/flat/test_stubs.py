"""The `.pyi` files say what the built modules say."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY

MODULES = [
    "_handle",
    "_image",
    "_capture",
    "_geometry",
    "_k4a",
    "_record",
    "_k4arecord",
    "_extensions",
    "_color",
    "_points",
    "_simulated",
]
ADVICE = "run tests/make_stubs.py"
ALLOWED = REPOSITORY / "tests" / "typing" / "stubtest_allowlist.txt"
ALLOWED_SINCE_312 = REPOSITORY / "tests" / "typing" / "stubtest_allowlist_python312.txt"


def stub_of(name: str) -> ast.Module:
    return ast.parse((REPOSITORY / "src" / "pyk4a_rp" / f"{name}.pyi").read_text())


def clean(doc: str | None) -> str:
    return inspect.cleandoc(doc or "").strip()


def functions_in(tree: ast.Module) -> dict[str, list[ast.FunctionDef]]:
    found: dict[str, list[ast.FunctionDef]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
    return found


def is_own_function(module: Any, name: str) -> bool:
    value = getattr(module, name)
    return not name.startswith("_") and inspect.isroutine(value) and value.__module__ == module.__name__


@pytest.mark.parametrize("name", MODULES)
def test_stub_has_the_functions_of_the_module_and_their_docstrings(name: str) -> None:
    module = importlib.import_module(f"pyk4a_rp.{name}")
    stubs = functions_in(stub_of(name))
    runtime = {key for key in vars(module) if is_own_function(module, key)}
    assert set(stubs) == runtime, ADVICE
    for key in runtime:
        function = getattr(module, key)
        assert clean(ast.get_docstring(stubs[key][0])) == clean(function.__doc__) != "", f"{key}: {ADVICE}"
        for node in stubs[key]:
            arguments = [argument.arg for argument in node.args.args + node.args.kwonlyargs]
            assert arguments == list(inspect.signature(function).parameters), f"{key}: {ADVICE}"
            assert node.returns is not None


@pytest.mark.parametrize("name", MODULES)
def test_stub_has_the_classes_of_the_module_and_their_docstrings(name: str) -> None:
    module = importlib.import_module(f"pyk4a_rp.{name}")
    assert clean(ast.get_docstring(stub_of(name))) == clean(module.__doc__) != "", ADVICE
    stubs = {node.name: node for node in stub_of(name).body if isinstance(node, ast.ClassDef)}
    runtime = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__ and not key.startswith("_")
    }
    assert set(stubs) == set(runtime), ADVICE
    for key, kind in runtime.items():
        assert clean(ast.get_docstring(stubs[key])) == clean(kind.__doc__) != "", f"{key}: {ADVICE}"
        members = {node.name: node for node in reversed(stubs[key].body) if isinstance(node, ast.FunctionDef)}
        for member, value in vars(kind).items():
            if inspect.isgetsetdescriptor(value):
                assert clean(ast.get_docstring(members[member])) == clean(value.__doc__) != "", f"{key}.{member}"


def test_stubtest_finds_no_difference_in_any_module(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy.stubtest", "pyk4a_rp", "--allowlist", str(ALLOWED)]
    if sys.version_info >= (3, 12):
        # Some entries are for 3.11, or for the newest NumPy.
        command += ["--allowlist", str(ALLOWED_SINCE_312), "--ignore-unused-allowlist"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    modules = re.search(r"no issues found in (\d+) modules", done.stdout)
    assert modules is not None and int(modules[1]) > 40
