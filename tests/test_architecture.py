"""The arrows of the architecture: who may include and import whom. They point one way."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

NATIVE = REPOSITORY / "src" / "_native"
PACKAGE = REPOSITORY / "src" / "pyk4a_rp"

# A room includes itself and rooms further right. `mkv` and `image` are neighbours that do not know each other.
ROOMS = ("exports", "simulated", "recording", "transformation", "calibration", "mkv", "image", "core")
STRANGERS = {("mkv", "image"), ("image", "mkv")}

# Python: a layer imports itself and layers below it.
PROVIDER, FLAT, CLASSES, PROGRAMS = range(4)
PROVIDER_MODULES = {"_provider", "_abi", "provider"}
FLAT_MODULES = {"k4a", "enums", "structs", "errors", "logs"}
PROGRAM_MODULES = {"cli", "compat", "export", "viewer", "__main__"}
# The one arrow upwards: the search for a library raises the package's own exception.
ALLOWED_UPWARDS = {("provider", "errors")}


def native_sources(room: str = "*") -> list[Path]:
    return sorted(path for path in NATIVE.glob(f"{room}/**/*") if path.suffix in (".cpp", ".hpp", ".h", ".inc"))


def code_of(path: Path) -> str:
    """A C++ file without comments and strings."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)


def includes_of(path: Path) -> list[str]:
    return re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(), re.M)


# ---- C++ ----


def test_every_folder_of_the_engine_is_a_known_room() -> None:
    folders = {path.name for path in NATIVE.iterdir() if path.is_dir()}
    assert folders <= {*ROOMS, "abi"}


def test_rooms_include_only_rooms_to_their_right() -> None:
    wrong = []
    for room in ROOMS:
        for path in native_sources(room):
            for include in includes_of(path):
                other = include.split("/")[0]
                known = other in ROOMS and "/" in include
                if not known or ROOMS.index(other) < ROOMS.index(room) or (room, other) in STRANGERS:
                    wrong.append(f"{path.relative_to(NATIVE)} includes {include}")
    assert wrong == []


def test_abi_includes_no_room_of_the_engine() -> None:
    wrong = [
        f"{path.name} includes {include}"
        for path in native_sources("abi")
        for include in includes_of(path)
        if not include.startswith("abi/")
    ]
    assert wrong == []


def test_engine_knows_nothing_of_python() -> None:
    assert [path.name for path in native_sources() if "Python.h" in path.read_text()] == []


def listed_functions() -> list[str]:
    return re.findall(r"^K4A_LIBK4A(?:RECORD)?\((\w+)\)$", (NATIVE / "abi" / "k4a_functions.inc").read_text(), re.M)


def test_nobody_inside_the_engine_calls_an_exported_function() -> None:
    # Another libk4a in the process could take such a call over.
    name = re.compile(r"\b(" + "|".join(listed_functions()) + r")\s*\(")
    wrong = [
        f"{path.relative_to(NATIVE)}: {found}"
        for room in ROOMS
        if room != "exports"
        for path in native_sources(room)
        for found in name.findall(code_of(path))
    ]
    assert wrong == []


def test_exported_functions_are_defined_once_and_not_called() -> None:
    name = re.compile(r"\b(" + "|".join(listed_functions()) + r")\s*\(")
    counted = Counter(found for path in native_sources("exports") for found in name.findall(code_of(path)))
    assert {found: count for found, count in counted.items() if count != 1} == {}


# ---- Python ----


def layer_of(module: str) -> int:
    top = module.split(".")[0]
    if top in PROVIDER_MODULES:
        return PROVIDER
    if top in PROGRAM_MODULES:
        return PROGRAMS
    if top in FLAT_MODULES or (PACKAGE / f"{top}.pyx").exists():
        return FLAT
    return CLASSES


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def python_imports(path: Path) -> set[str]:
    """Modules of this package that a .py file imports, wherever in it."""
    package = ("pyk4a_rp", *path.relative_to(PACKAGE).parent.parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            start = ".".join(part for part in (base, node.module or "") if part)
            found |= {f"{start}.{alias.name}" for alias in node.names} | {start}
    return {name.removeprefix("pyk4a_rp.") for name in found if name.startswith("pyk4a_rp.")}


def cython_imports(path: Path) -> set[str]:
    found: set[str] = set()
    imports = re.compile(r"^\s*from\s+(pyk4a_rp[\w.]*|\.[\w.]*)\s+c?import\s+\(?([^#\n)]*)", re.M)
    for start, names in imports.findall(path.read_text()):
        start = re.sub(r"^\.", "pyk4a_rp.", start).rstrip(".")
        found |= {start} | {f"{start}.{name.split()[0]}" for name in names.split(",") if name.split()}
    return {name.removeprefix("pyk4a_rp.") for name in found if name.startswith("pyk4a_rp.")}


def is_module(name: str) -> bool:
    top = name.split(".")[0]
    return any((PACKAGE / f"{top}{suffix}").exists() for suffix in (".py", ".pyx", ".pxd")) or (PACKAGE / top).is_dir()


def test_python_modules_import_only_layers_below() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")) + sorted(PACKAGE.glob("*.pyx")) + sorted(PACKAGE.glob("*.pxd")):
        module = module_name(path)
        if module == "__init__":
            continue  # the public names of all layers
        imported = python_imports(path) if path.suffix == ".py" else cython_imports(path)
        for other in sorted(filter(is_module, imported)):
            upwards = layer_of(other) > layer_of(module)
            if upwards and (module, other.split(".")[0]) not in ALLOWED_UPWARDS:
                wrong.append(f"{module} imports {other}")
    assert wrong == []


def test_modules_are_cimported_in_the_form_that_rebuilds() -> None:
    # Cython leaves `from package cimport module` out of its dependency files.
    wrong = [
        f"{path.name}: {line.strip()}"
        for path in [*PACKAGE.glob("*.pyx"), *PACKAGE.glob("*.pxd")]
        for line in path.read_text().splitlines()
        if re.match(r"\s*from\s+(pyk4a_rp|\.)\s+cimport\b", line)
    ]
    assert wrong == []


def test_extension_modules_do_without_numpy_at_build_time() -> None:
    sources = [*PACKAGE.glob("*.pyx"), *PACKAGE.glob("*.pxd")]
    assert [path.name for path in sources if re.search(r"cimport\s+numpy|numpy\s+cimport", path.read_text())] == []


def test_only_the_provider_modules_load_libraries() -> None:
    loading = re.compile(r"\b(CDLL|dlopen|LoadLibrary\w*|load_provider_libraries)\s*\(|_provider\._open\(")
    found = {
        module_name(path)
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.glob("*.pyx")]
        if loading.search(re.sub(r"#[^\n]*", "", path.read_text()))
    }
    assert found == {"provider", "_provider"}


# ---- form ----


@pytest.mark.parametrize("folder", ["src", "vendor", "tests"])
def test_lines_have_at_most_120_columns(folder: str) -> None:
    suffixes = {".py", ".pyx", ".pxd", ".pyi", ".c", ".cpp", ".hpp", ".h"}
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in (REPOSITORY / folder).rglob("*")
        if path.suffix in suffixes
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    ]
    assert wrong == []
