"""The ABI is the same everywhere it is written down: list, table, .pxd, headers, enums.py, libraries."""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyk4a_rp import enums
from pyk4a_rp.provider import dropin_directory, engine_path
from tests.conftest import INCLUDE, REPOSITORY
from tests.elf import Library, read_library

HEADERS = ("k4a/k4a.h", "k4arecord/record.h", "k4arecord/playback.h")
TYPE_HEADERS = ("k4a/k4atypes.h", "k4arecord/types.h")
ALL_HEADERS = (*HEADERS, *TYPE_HEADERS, "k4a/k4aversion.h", "k4a/k4a_export.h", "k4a_rp/k4a_rp.h")

LENS_PARAMETERS = (
    *("cx", "cy", "fx", "fy", "k1", "k2", "k3", "k4", "k5", "k6"),
    *("codx", "cody", "p2", "p1", "metric_radius"),
)

# (size, alignment) and offsets of the members, on 64-bit systems.
STRUCTURES: dict[str, tuple[int, int, dict[str, int]]] = {
    "k4a_device_configuration_t": (
        36,
        4,
        {
            "color_format": 0,
            "color_resolution": 4,
            "depth_mode": 8,
            "camera_fps": 12,
            "synchronized_images_only": 16,
            "depth_delay_off_color_usec": 20,
            "wired_sync_mode": 24,
            "subordinate_delay_off_master_usec": 28,
            "disable_streaming_indicator": 32,
        },
    ),
    "k4a_calibration_extrinsics_t": (48, 4, {"rotation": 0, "translation": 36}),
    "k4a_calibration_intrinsic_parameters_t": (
        60,
        4,
        {"v": 0} | {f"param.{name}": 4 * index for index, name in enumerate(LENS_PARAMETERS)},
    ),
    "k4a_calibration_intrinsics_t": (68, 4, {"type": 0, "parameter_count": 4, "parameters": 8}),
    "k4a_calibration_camera_t": (
        128,
        4,
        {"extrinsics": 0, "intrinsics": 48, "resolution_width": 116, "resolution_height": 120, "metric_radius": 124},
    ),
    "k4a_calibration_t": (
        1032,
        4,
        {
            "depth_camera_calibration": 0,
            "color_camera_calibration": 128,
            "extrinsics": 256,
            "extrinsics[0][1]": 304,
            "extrinsics[1][0]": 448,
            "depth_mode": 1024,
            "color_resolution": 1028,
        },
    ),
    "k4a_version_t": (12, 4, {"major": 0, "minor": 4, "iteration": 8}),
    "k4a_hardware_version_t": (
        56,
        4,
        {"rgb": 0, "depth": 12, "audio": 24, "depth_sensor": 36, "firmware_build": 48, "firmware_signature": 52},
    ),
    "k4a_float2_t": (8, 4, {"xy.x": 0, "xy.y": 4, "v": 0}),
    "k4a_float3_t": (12, 4, {"xyz.x": 0, "xyz.y": 4, "xyz.z": 8, "v": 0}),
    "k4a_imu_sample_t": (
        48,
        8,
        {"temperature": 0, "acc_sample": 4, "acc_timestamp_usec": 16, "gyro_sample": 24, "gyro_timestamp_usec": 40},
    ),
    "k4a_record_configuration_t": (
        36,
        4,
        {
            "color_format": 0,
            "color_resolution": 4,
            "depth_mode": 8,
            "camera_fps": 12,
            "color_track_enabled": 16,
            "depth_track_enabled": 17,
            "ir_track_enabled": 18,
            "imu_track_enabled": 19,
            "depth_delay_off_color_usec": 20,
            "wired_sync_mode": 24,
            "subordinate_delay_off_master_usec": 28,
            "start_timestamp_offset_usec": 32,
        },
    ),
    "k4a_record_video_settings_t": (24, 8, {"width": 0, "height": 8, "frame_rate": 16}),
    "k4a_record_subtitle_settings_t": (1, 1, {"high_freq_data": 0}),
}

# The class of enums.py and the prefix that its names do without.
ENUMERATIONS = {
    "k4a_result_t": ("Result", "K4A_RESULT_"),
    "k4a_buffer_result_t": ("BufferResult", "K4A_BUFFER_RESULT_"),
    "k4a_wait_result_t": ("WaitResult", "K4A_WAIT_RESULT_"),
    "k4a_stream_result_t": ("StreamResult", "K4A_STREAM_RESULT_"),
    "k4a_log_level_t": ("LogLevel", "K4A_LOG_LEVEL_"),
    "k4a_depth_mode_t": ("DepthMode", "K4A_DEPTH_MODE_"),
    "k4a_color_resolution_t": ("ColorResolution", "K4A_COLOR_RESOLUTION_"),
    "k4a_image_format_t": ("ImageFormat", "K4A_IMAGE_FORMAT_"),
    "k4a_transformation_interpolation_type_t": ("InterpolationType", "K4A_TRANSFORMATION_INTERPOLATION_TYPE_"),
    "k4a_fps_t": ("FramesPerSecond", "K4A_FRAMES_PER_SECOND_"),
    "k4a_color_control_command_t": ("ColorControlCommand", "K4A_COLOR_CONTROL_"),
    "k4a_color_control_mode_t": ("ColorControlMode", "K4A_COLOR_CONTROL_MODE_"),
    "k4a_wired_sync_mode_t": ("WiredSyncMode", "K4A_WIRED_SYNC_MODE_"),
    "k4a_calibration_type_t": ("CalibrationType", "K4A_CALIBRATION_TYPE_"),
    "k4a_calibration_model_type_t": ("CalibrationModelType", "K4A_CALIBRATION_LENS_DISTORTION_MODEL_"),
    "k4a_firmware_build_t": ("FirmwareBuild", "K4A_FIRMWARE_BUILD_"),
    "k4a_firmware_signature_t": ("FirmwareSignature", "K4A_FIRMWARE_SIGNATURE_"),
    "k4a_playback_seek_origin_t": ("SeekOrigin", "K4A_PLAYBACK_SEEK_"),
}
# Names that cannot be Python's because they begin with a digit.
DIGIT_PREFIXES = {"k4a_color_resolution_t": "RES_", "k4a_fps_t": "FPS_"}


# ---- the five places ----


def listed_functions() -> dict[str, str]:
    """Functions of the list, with the macro that says their library."""
    text = (REPOSITORY / "src" / "_native" / "abi" / "k4a_functions.inc").read_text()
    return {name: macro for macro, name in re.findall(r"^(K4A_LIBK4A(?:RECORD)?)\((k4a_\w+)\)$", text, re.M)}


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def normal(text: str) -> str:
    """A C or Cython signature with what does not change its type taken out."""
    text = re.sub(r"\s+", " ", text).strip()
    parameters = []
    for parameter in text.split(","):
        parameter = parameter.strip()
        if "*" not in parameter:
            parameter = parameter.removeprefix("const ")
        parameter = re.sub(r"\bcbool\b", "bool", parameter)
        # A parameter of function type is a pointer to the function.
        parameter = re.sub(r"^(k4a_memory_\w+_cb_t) (\w+)$", r"\1 *\2", parameter)
        parameters.append(re.sub(r" ?\* ?", "*", parameter))
    joined = ",".join(parameters)
    return "" if joined == "void" else joined


def declared_functions(header: str) -> dict[str, tuple[str, str]]:
    """(result, parameters) of the functions that a header declares."""
    text = without_comments((INCLUDE / header).read_text())
    found = re.findall(r"K4A(?:RECORD)?_EXPORT\s+([^;()]*?)(k4a_\w+)\(([^;]*)\);", text, re.S)
    return {name: (normal(result), normal(parameters)) for result, name, parameters in found}


def cython_functions() -> dict[str, tuple[str, str]]:
    """(result, parameters) of the members of the table in _abi.pxd."""
    text = (REPOSITORY / "src" / "pyk4a_rp" / "_abi.pxd").read_text()
    table = text[text.index("ctypedef struct k4a_api:") :]
    found = re.findall(r"^\s+(\S[^\n(]*)\(\*(k4a_\w+)\)\(([^()]*)\) noexcept nogil$", table, re.M)
    return {name: (normal(result), normal(parameters)) for result, name, parameters in found}


def header_enumerators() -> dict[str, list[str]]:
    """Names of the enumerators by the name of their type."""
    found: dict[str, list[str]] = {}
    for header in TYPE_HEADERS:
        text = without_comments((INCLUDE / header).read_text())
        for body, name in re.findall(r"typedef enum\s*\{(.*?)\}\s*(\w+);", text, re.S):
            found[name] = re.findall(r"(K4A_\w+)\s*=", body)
    return found


@pytest.fixture(scope="module")
def enumerator_values(compile_program: Callable[..., Path]) -> dict[str, int]:
    """Values of the enumerators as a C compiler sees them."""
    names = [name for members in header_enumerators().values() for name in members]
    lines = "\n".join(f'    printf("{name} %d\\n", (int){name});' for name in names)
    program = compile_program(
        f"#include <stdio.h>\n#include <k4a/k4a.h>\n#include <k4arecord/types.h>\nint main(void)\n{{\n{lines}\n}}\n",
        name="enumerators",
    )
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return {name: int(value) for name, value in (line.split() for line in output.splitlines())}


# ---- names and signatures ----


def test_list_of_functions_has_65_and_40_names() -> None:
    macros = list(listed_functions().values())
    assert macros.count("K4A_LIBK4A") == 65
    assert macros.count("K4A_LIBK4ARECORD") == 40


def test_list_of_functions_equals_the_headers() -> None:
    listed = listed_functions()
    of_k4a = set(declared_functions("k4a/k4a.h"))
    of_record = set(declared_functions("k4arecord/record.h")) | set(declared_functions("k4arecord/playback.h"))
    assert {name for name, macro in listed.items() if macro == "K4A_LIBK4A"} == of_k4a
    assert {name for name, macro in listed.items() if macro == "K4A_LIBK4ARECORD"} == of_record


def test_cython_declarations_equal_the_headers() -> None:
    declared = {name: signature for header in HEADERS for name, signature in declared_functions(header).items()}
    assert cython_functions() == declared


def test_cython_declarations_of_the_extensions_equal_the_header() -> None:
    header = without_comments((INCLUDE / "k4a_rp" / "k4a_rp.h").read_text())
    body = re.search(r"typedef struct _k4a_rp_extensions_t\s*\{(.*?)\}\s*k4a_rp_extensions_t;", header, re.S)
    assert body is not None
    in_header = re.findall(r"([^;{}(]*?)\(\*(\w+)\)\(([^;]*)\);", body.group(1), re.S)
    pxd = (REPOSITORY / "src" / "pyk4a_rp" / "_abi.pxd").read_text()
    table = pxd[pxd.index("ctypedef struct k4a_rp_extensions_t:") :]
    in_pxd = re.findall(r"^\s+(\S[^\n(]*)\(\*(\w+)\)\(([^()]*)\) noexcept nogil$", table, re.M)
    assert {name: (normal(result), normal(parameters)) for result, name, parameters in in_pxd} == {
        name: (normal(result), normal(parameters)) for result, name, parameters in in_header
    }


def test_table_has_one_pointer_per_listed_function(compile_program: Callable[..., Path]) -> None:
    checks = "\n".join(
        f'static_assert(offsetof(k4a_api, {name}) == {index} * sizeof(void *), "{name}");'
        for index, name in enumerate(listed_functions())
    )
    compile_program(
        f'#include "abi/k4a_api.h"\n{checks}\nstatic_assert(sizeof(k4a_api) == 105 * sizeof(void *), "size");\n'
        "int main() {}\n",
        f"-I{REPOSITORY / 'src' / '_native'}",
        language="c++",
        name="table",
    )


def test_flat_module_has_every_listed_function() -> None:
    from pyk4a_rp import k4a

    assert [name for name in listed_functions() if not callable(getattr(k4a, name, None))] == []


def test_list_of_functions_equals_the_shared_list_of_exports(shared_dir: Path) -> None:
    lines = (shared_dir / "spec" / "vectors" / "exports.txt").read_text().split()
    assert set(listed_functions()) == {line for line in lines if line.startswith("k4a_")}


# ---- exported symbols ----


def k4a_exports(library: Library) -> set[str]:
    return {name for name in library.exports if name.startswith("k4a_")}


needs_elf = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads ELF files")


@needs_elf
def test_microsoft_libraries_export_what_the_list_says(microsoft) -> None:  # type: ignore[no-untyped-def]
    listed = listed_functions()
    assert k4a_exports(read_library(microsoft.path)) == {n for n, macro in listed.items() if macro == "K4A_LIBK4A"}
    assert k4a_exports(read_library(microsoft.record_path)) == {
        name for name, macro in listed.items() if macro == "K4A_LIBK4ARECORD"
    }


@needs_elf
def test_dropin_k4a_exports_all_105_functions_and_nothing_else() -> None:
    assert read_library(dropin_directory() / "libk4a.so.1.4").exports == set(listed_functions())


@needs_elf
def test_engine_exports_the_functions_and_its_extensions() -> None:
    assert read_library(engine_path()).exports == set(listed_functions()) | {"k4a_rp_get_extensions"}


@needs_elf
def test_dropin_libraries_have_microsofts_names_and_find_each_other() -> None:
    folder = dropin_directory()
    k4a, record = read_library(folder / "libk4a.so.1.4"), read_library(folder / "libk4arecord.so.1.4")
    assert (k4a.soname, record.soname) == ("libk4a.so.1.4", "libk4arecord.so.1.4")
    assert "libk4a.so.1.4" in record.needed
    # A repaired wheel adds its folder of bundled libraries.
    assert "$ORIGIN" in str(record.runpath).split(":")
    assert read_library(engine_path()).soname not in (None, "libk4a.so.1.4")
    for name in ("libk4a", "libk4arecord"):
        unversioned = read_library(folder / f"{name}.so")
        assert f"{name}.so.1.4" in unversioned.needed
        assert "$ORIGIN" in str(unversioned.runpath).split(":")


@needs_elf
@pytest.mark.parametrize("name", ["libk4a.so", "libk4a.so.1.4", "libk4arecord.so", "libk4arecord.so.1.4"])
def test_dropin_library_opened_by_path_gives_every_function(name: str) -> None:
    # In a process of its own: the SONAMEs are those of Microsoft's libraries.
    code = (
        "import ctypes, sys\n"
        "library = ctypes.CDLL(sys.argv[1])\n"
        "print(sum(hasattr(library, name) for name in sys.argv[2:]))\n"
        "print(sum('libk4a.so.1.4' in line and ' r-xp ' in line for line in open('/proc/self/maps')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(dropin_directory() / name), *listed_functions()],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["105", "1"]


@needs_elf
def test_headers_are_installed_beside_the_dropin_pair() -> None:
    folder = dropin_directory() / "include"
    for header in (*HEADERS, *TYPE_HEADERS, "k4a/k4aversion.h", "k4a/k4a_export.h"):
        assert (folder / header).read_text() == (INCLUDE / header).read_text()


# ---- headers ----


@pytest.mark.parametrize("language", ["c", "c++"])
@pytest.mark.parametrize("header", ALL_HEADERS)
def test_header_alone_compiles_without_warnings(
    compile_program: Callable[..., Path], header: str, language: str
) -> None:
    name = f"alone_{header.replace('/', '_')}_{'c' if language == 'c' else 'cpp'}"
    compile_program(f"#include <{header}>\nint main(void) {{ return 0; }}\n", language=language, name=name)


def test_structures_have_the_sizes_and_offsets_of_the_abi(compile_program: Callable[..., Path]) -> None:
    lines = []
    for name, (_, _, members) in STRUCTURES.items():
        lines.append(f'printf("{name} %zu %zu\\n", sizeof({name}), alignof({name}));')
        lines += [
            f'printf("{name}.{member} %zu\\n", (size_t)((char *)&one_{name}.{member} - (char *)&one_{name}));'
            for member in members
        ]
    ones = "\n".join(f"static {name} one_{name};" for name in STRUCTURES)
    body = "\n    ".join(lines)
    program = compile_program(
        "#include <stdalign.h>\n#include <stdio.h>\n#include <k4a/k4a.h>\n#include <k4arecord/types.h>\n"
        f"{ones}\nint main(void)\n{{\n    {body}\n}}\n",
        name="structures",
    )
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    expected = []
    for name, (size, alignment, members) in STRUCTURES.items():
        expected.append(f"{name} {size} {alignment}")
        expected += [f"{name}.{member} {offset}" for member, offset in members.items()]
    assert output == expected


def test_initial_configuration_has_everything_off(compile_program: Callable[..., Path]) -> None:
    program = compile_program(
        "#include <stdio.h>\n#include <k4a/k4a.h>\nint main(void)\n{\n"
        "    const k4a_device_configuration_t c = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;\n"
        '    printf("%d %d %d %d %d %d %d %u %d\\n", c.color_format, c.color_resolution, c.depth_mode, c.camera_fps,\n'
        "           c.synchronized_images_only, c.depth_delay_off_color_usec, c.wired_sync_mode,\n"
        "           c.subordinate_delay_off_master_usec, c.disable_streaming_indicator);\n}\n",
        name="configuration",
    )
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    assert output.split() == ["0", "0", "0", "2", "0", "0", "0", "0", "0"]


# ---- enumerations ----


def test_enumerations_in_python_equal_those_of_c(enumerator_values: dict[str, int]) -> None:
    members_of = header_enumerators()
    assert set(members_of) == set(ENUMERATIONS)
    for c_name, (class_name, prefix) in ENUMERATIONS.items():
        expected = {}
        for name in members_of[c_name]:
            short = name.removeprefix(prefix)
            expected[DIGIT_PREFIXES.get(c_name, "") + short if short[0].isdigit() else short] = enumerator_values[name]
        assert {member.name: member.value for member in getattr(enums, class_name)} == expected


def test_enumerations_equal_the_shared_description(shared_dir: Path, enumerator_values: dict[str, int]) -> None:
    text = (shared_dir / "spec" / "abi.md").read_text().replace("\N{MINUS SIGN}", "-")
    for c_name, members in header_enumerators().items():
        row = re.search(rf"^\| {c_name} \| (.*?) \|$", text, re.M)
        assert row is not None, c_name
        items = re.findall(r"(\w+) (-?\d+)(?: \(deprecated\))?(?:, |$)", row.group(1))
        assert len(items) == len(members), c_name
        for name, (short, value) in zip(members, items, strict=True):
            assert name.endswith(short), (name, short)
            assert enumerator_values[name] == int(value), name


def test_structure_sizes_equal_the_shared_description(shared_dir: Path) -> None:
    text = (shared_dir / "spec" / "abi.md").read_text()
    described = {
        name: (int(size), int(alignment))
        for name, size, alignment in re.findall(r"^\| (k4a_\w+) \((\d+), (\d+)\)", text, re.M)
    }
    assert described == {name: (size, alignment) for name, (size, alignment, _) in STRUCTURES.items()}


def test_pointers_are_64_bits_wide() -> None:
    assert ctypes.sizeof(ctypes.c_void_p) == 8
