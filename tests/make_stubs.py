"""Write the `.pyi` files of the flat layer from the built extension modules.

    python tests/make_stubs.py

Names, defaults and docstrings come from the modules, types from the sections Parameters and Returns of the docstrings.
tests/flat/test_stubs.py fails when a stub is older than its module.
"""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

# Module -> classes to describe, in order. What a module only imports is not described there.
MODULES = {
    "_handle": ["Handle"],
    "_image": ["ImageHandle"],
    "_capture": ["CaptureHandle"],
    "_geometry": ["TransformationHandle"],
    "_k4a": ["DeviceHandle"],
    "_record": ["RecordHandle"],
    "_k4arecord": ["PlaybackHandle", "DataBlockHandle"],
    "_extensions": ["Damage", "RecordOptions", "RecordState", "RecordingReport"],
    "_color": ["PrefetchHandle"],
    "_points": [],
    "_simulated": [],
}

# What a docstring has no place for.
PROPERTIES = {
    "provider": "Provider",
    "released": "bool",
    "address": "int",
    "format": "ImageFormat",
    "__array_interface__": "dict[str, Any]",
}
METHODS = {"release": "def release(self) -> None:", "_adopt": "def _adopt(self, other: Handle) -> Self:"}
EXTRA = {
    "Handle": "    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...\n",
    "ImageHandle": "    def __buffer__(self, flags: int, /) -> memoryview: ...\n",
}

IMPORTS = {
    "Any": "from typing import Any",
    "Self": "from typing import Self",
    "NamedTuple": "from typing import NamedTuple",
    "overload": "from typing import overload",
    "Callable": "from collections.abc import Callable",
    "Buffer": "from typing_extensions import Buffer",
    "disjoint_base": "from typing_extensions import disjoint_base",
    "NDArray": "from numpy.typing import NDArray",
    "os": "import os",
    "Handle": "from ._handle import Handle",
    "ImageHandle": "from ._image import ImageHandle",
    "CaptureHandle": "from ._capture import CaptureHandle",
    "TransformationHandle": "from ._geometry import TransformationHandle",
    "DeviceHandle": "from ._k4a import DeviceHandle",
    "RecordHandle": "from ._record import RecordHandle",
    "PlaybackHandle": "from ._k4arecord import PlaybackHandle",
    "Provider": "from ._provider import Provider",
}


def indent(text: str, by: str) -> str:
    return "\n".join(by + line if line else "" for line in text.split("\n"))


def docstring(text: str, by: str) -> str:
    return indent(f'"""{inspect.cleandoc(text)}{chr(10) if chr(10) in text.strip() else ""}"""', by)


def section(doc: str, title: str) -> list[str]:
    """Lines of a section that are not indented: 'name : type', or just a type."""
    found = re.search(rf"^{title}\n-+\n((?:.*\n?)*?)(?=^\w.*\n---|\Z)", doc, re.MULTILINE)
    return [line for line in found[1].split("\n") if line and not line.startswith(" ")] if found else []


def describe_function(name: str, function: object) -> str:
    doc = inspect.cleandoc(function.__doc__ or "")
    types = dict(line.split(" : ", 1) for line in section(doc, "Parameters"))
    returns = [line.rsplit(" : ", 1)[-1] for line in section(doc, "Returns")]
    parts: dict[bool, list[str]] = {False: [], True: []}  # by whether `size` is given
    star = False
    for parameter in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        kind = types[parameter.name].removesuffix(", optional")
        # Before Python 3.12 the stubs of NumPy do not say that arrays are buffers.
        kind = re.sub(r"\bBuffer\b", "Buffer | NDArray[Any]", kind)
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            star = True
            parts[False].append("*")
            parts[True].append("*")
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        sized = parameter.name == "size" and default
        parts[False].append(f"{parameter.name}: {'None' if sized else kind}{default}")
        parts[True].append(f"{parameter.name}: {'int' if sized else kind}{'' if sized else default}")

    def signature(sized: bool, values: list[str]) -> str:
        answer = "None" if not values else values[0] if len(values) == 1 else f"tuple[{', '.join(values)}]"
        line = f"def {name}({', '.join(parts[sized])}) -> {answer}:"
        if len(line) > 116:
            line = f"def {name}(\n    {', '.join(parts[sized])}\n) -> {answer}:"
        if len(max(line.split("\n"), key=len)) > 120:
            line = f"def {name}(\n" + "".join(f"    {part},\n" for part in parts[sized]) + f") -> {answer}:"
        return line

    body = docstring(doc, "    ") + "\n"
    if "size" in types and types["size"].endswith(", optional"):
        return f"@overload\n{signature(False, returns[:-1])}\n{body}\n@overload\n{signature(True, returns)} ...\n"
    return f"{signature(False, returns)}\n{body}"


def describe_class(name: str, kind: type) -> str:
    doc = docstring(kind.__doc__ or "", "    ")
    if issubclass(kind, tuple):
        fields = "".join(f"    {field}: int\n" for field in kind._fields)  # type: ignore[attr-defined]
        return f"class {name}(NamedTuple):\n{doc}\n\n{fields}"
    parent = kind.__base__ or object
    base = "" if parent is object else f"({parent.__name__})"
    # Classes with fields of their own in C: no class can be derived from two of them.
    mark = "@disjoint_base\n" if kind.__basicsize__ > parent.__basicsize__ else ""
    text = f"{mark}class {name}{base}:\n{doc}\n\n" + EXTRA.get(name, "")
    setters = re.compile(r"Can be set\.")
    for attribute, value in vars(kind).items():
        if inspect.isgetsetdescriptor(value):
            answer = PROPERTIES.get(attribute, "int")
            text += (
                f"    @property\n    def {attribute}(self) -> {answer}:\n{docstring(value.__doc__ or '', ' ' * 8)}\n\n"
            )
            if setters.search(value.__doc__ or ""):
                text += f"    @{attribute}.setter\n    def {attribute}(self, value: {answer}) -> None: ...\n"
        elif attribute in METHODS:
            text += f"    {METHODS[attribute]}\n{docstring(value.__doc__ or '', ' ' * 8)}\n\n"
    return text.rstrip("\n") + "\n"


def describe(name: str, module: ModuleType) -> str:
    functions = [
        (key, value)
        for key, value in vars(module).items()
        if not key.startswith("_")
        and callable(value)
        and not isinstance(value, type)
        and value.__module__ == module.__name__
    ]
    blocks = [describe_class(key, getattr(module, key)) for key in MODULES[name]]
    blocks += [describe_function(key, value) for key, value in functions]
    body = "\n".join(blocks)
    code = re.sub(r'"""(.|\n)*?"""', "", body)

    def used(word: str) -> bool:
        return re.search(rf"(?<![\w.]){word}\b", code) is not None and f"class {word}" not in code

    imports = [line for word, line in IMPORTS.items() if used(word) and f"class {word}" not in code]
    for source in ("enums", "structs"):
        words = [word for word in importlib.import_module(f"pyk4a_rp.{source}").__all__ if used(word)]
        if words:
            imports.append(f"from .{source} import {', '.join(sorted(words))}")
    return docstring(module.__doc__ or "", "") + "\n\n" + "\n".join(imports) + "\n\n" + body


def main() -> int:
    folder = Path(__file__).resolve().parent.parent / "src" / "pyk4a_rp"
    stubs = {folder / f"{name}.pyi": describe(name, importlib.import_module(f"pyk4a_rp.{name}")) for name in MODULES}
    for path, text in stubs.items():
        path.write_text(text)
    # Sorts imports and breaks lines; part of the extra [test].
    for command in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *stubs], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
