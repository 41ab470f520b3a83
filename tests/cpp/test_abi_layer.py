"""The table, the loader and the mailbox in C++, also under sanitizers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="builds Linux libraries")

NATIVE = REPOSITORY / "src" / "_native"
SOURCES = [str(NATIVE / "abi" / "mailbox.cpp"), str(NATIVE / "abi" / "provider_loader.cpp")]


@pytest.fixture(scope="module")
def small_library(compile_program: Callable[..., Path]) -> Path:
    return compile_program(
        "#include <k4a/k4a.h>\n"
        "uint32_t k4a_device_get_installed_count(void) { return 7; }\n"
        "k4a_result_t k4a_device_open(uint32_t index, k4a_device_t *h)\n"
        "{ (void)index; (void)h; return K4A_RESULT_FAILED; }\n",
        "-shared",
        "-fPIC",
        name="libk4a_small.so",
    )


@pytest.mark.parametrize("sanitizer", ["none", "address,undefined", "thread"])
def test_loader_and_mailbox_without_python_keep_their_promises(
    compile_program: Callable[..., Path], small_library: Path, sanitizer: str
) -> None:
    flags = [] if sanitizer == "none" else [f"-fsanitize={sanitizer}", "-fno-sanitize-recover=all", "-g"]
    program = compile_program(
        REPOSITORY / "tests" / "cpp" / "abi_layer.cpp",
        *SOURCES,
        f"-I{NATIVE}",
        "-O1",
        "-pthread",
        "-ldl",
        *flags,
        language="c++",
        name=f"abi_layer_{sanitizer.replace(',', '_')}",
    )
    # Tables live for ever by design.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([program, small_library], capture_output=True, text=True, env=environment, timeout=120)
    assert done.stdout == "0 failures\n", done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
