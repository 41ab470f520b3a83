"""The module as a whole: every function and every constant of C is there, and says what it does."""

from __future__ import annotations

import inspect
import re

import pytest

import pyk4a_rp.k4a as k
from pyk4a_rp import structs
from tests.conftest import INCLUDE, REPOSITORY

FUNCTIONS = re.findall(
    r"^K4A_LIB\w+\((k4a_\w+)\)", (REPOSITORY / "src/_native/abi/k4a_functions.inc").read_text(), re.MULTILINE
)
HEADERS = [INCLUDE / "k4a/k4a.h", INCLUDE / "k4arecord/record.h", INCLUDE / "k4arecord/playback.h"]
TYPES = [INCLUDE / "k4a/k4atypes.h", INCLUDE / "k4arecord/types.h"]

# Output pointers, and sizes that a Python object knows by itself, are no parameters.
NOT_PARAMETERS = {
    "raw_calibration_size",
    "buffer_size",
    "codec_context_size",
    "custom_data_size",
}


def declared_parameters(name: str) -> list[str]:
    text = "\n".join(path.read_text() for path in HEADERS)
    declaration = re.search(rf"\b{name}\((.*?)\);", text, re.DOTALL)
    assert declaration is not None, name
    return re.findall(r"(\w+)\s*(?:,|$)", declaration[1]) if declaration[1].strip() != "void" else []


def test_the_list_of_functions_has_all_105() -> None:
    assert len(FUNCTIONS) == len(set(FUNCTIONS)) == 105


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_has_the_parameters_of_c_in_their_order(name: str) -> None:
    signature = inspect.signature(getattr(k, name))
    ours = [p.name for p in signature.parameters.values() if p.name not in ("provider", "size")]
    theirs = [parameter for parameter in declared_parameters(name) if parameter not in NOT_PARAMETERS]
    assert ours == [parameter for parameter in theirs if parameter in ours]
    assert set(theirs) - set(ours) <= {line.split(" : ")[0] for line in documented(name, "Returns")}


def documented(name: str, section: str) -> list[str]:
    doc = inspect.cleandoc(getattr(k, name).__doc__)
    found = re.search(rf"^{section}\n-+\n((?:.*\n?)*?)(?=^\w.*\n---|\Z)", doc, re.MULTILINE)
    return [line for line in found[1].split("\n") if line and not line.startswith(" ")] if found else []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_documents_all_its_parameters(name: str) -> None:
    names = [line.split(" : ")[0] for line in documented(name, "Parameters")]
    assert names == list(inspect.signature(getattr(k, name)).parameters)


def enumerators() -> dict[str, int]:
    found = {}
    for path in TYPES:
        for name, value in re.findall(r"^\s+(K4A_\w+) = (-?\d+)", path.read_text(), re.MULTILINE):
            found[name] = int(value)
    return found


def test_every_enumerator_of_the_headers_is_a_constant() -> None:
    theirs = enumerators()
    assert len(theirs) == 78
    assert {name: int(getattr(k, name)) for name in theirs} == theirs


def test_other_constants_have_the_values_of_the_headers() -> None:
    text = "".join(path.read_text() for path in (*TYPES, INCLUDE / "k4a/k4aversion.h"))
    strings = dict(re.findall(r'#define (K4A_[A-Z_]+) "(.*)"', text))
    numbers = {name: int(value) for name, value in re.findall(r"#define (K4A_[A-Z_]+) \(?(-?\d+)\)?$", text, re.M)}
    assert {"K4A_TRACK_NAME_COLOR", "K4A_VERSION_STR"} <= set(strings)
    assert {"K4A_WAIT_INFINITE", "K4A_DEVICE_DEFAULT", "K4A_VERSION_MAJOR"} <= set(numbers)
    assert {name: getattr(k, name) for name in strings} == strings
    assert {name: getattr(k, name) for name in numbers} == numbers


def test_every_structure_of_the_headers_is_a_class() -> None:
    text = "".join(path.read_text() for path in TYPES)
    names = set(re.findall(r"^\} (k4a_\w+_t);", text, re.MULTILINE)) & set(structs.__all__)
    assert names == set(structs.__all__)
    for name in names:
        assert getattr(k, name) is getattr(structs, name)


def test_every_type_of_the_headers_has_its_name() -> None:
    text = "".join(path.read_text() for path in TYPES)
    handles = re.findall(r"^K4A_DECLARE_HANDLE\((k4a_\w+_t)\)", text, re.MULTILINE)
    enums = re.findall(r"^\} (k4a_\w+_t);", text, re.MULTILINE)
    assert len(handles) == 7
    assert [name for name in handles + enums if not isinstance(getattr(k, name, None), type)] == []


def test_everything_public_is_exported() -> None:
    public = {name for name in vars(k) if not name.startswith("_")} - {"annotations", "Final"}
    assert public == set(k.__all__)


def test_initial_configuration_is_new_each_time() -> None:
    first, second = k.K4A_DEVICE_CONFIG_INIT_DISABLE_ALL(), k.K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    assert first == second
    first.depth_mode = k.K4A_DEPTH_MODE_NFOV_UNBINNED
    assert second.depth_mode == k.K4A_DEPTH_MODE_OFF
    assert second.camera_fps == k.K4A_FRAMES_PER_SECOND_30
    assert second.color_format == k.K4A_IMAGE_FORMAT_COLOR_MJPG


def test_macros_tell_success_from_everything_else() -> None:
    assert k.K4A_SUCCEEDED(k.K4A_RESULT_SUCCEEDED) and not k.K4A_FAILED(k.K4A_RESULT_SUCCEEDED)
    for other in (k.K4A_RESULT_FAILED, k.K4A_BUFFER_RESULT_TOO_SMALL, k.K4A_WAIT_RESULT_TIMEOUT, 7):
        assert k.K4A_FAILED(other) and not k.K4A_SUCCEEDED(other)
