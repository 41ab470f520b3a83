"""Providers: loading, what they say of themselves, errors that list what was tried."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from pyk4a_rp import ProviderError, load_provider
from pyk4a_rp import provider as search
from pyk4a_rp._provider import Provider, default_provider

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="builds Linux libraries")


def run_python(code: str, *arguments: str, **environment: str) -> str:
    """Run code in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- what a provider says ----


def test_bundled_provider_is_complete_and_has_extensions(bundled: Provider) -> None:
    assert bundled.name == "bundled"
    assert bundled.missing == frozenset()
    assert bundled.problem is None
    assert Path(bundled.path) == search.engine_path()
    assert bundled.record_path == bundled.path
    assert bundled.version == "0.1.0"
    assert repr(bundled).startswith("<Provider bundled 0.1.0 at ")


def test_microsoft_provider_is_complete_and_tells_both_files(microsoft: Provider) -> None:
    assert microsoft.name == "microsoft"
    assert microsoft.missing == frozenset()
    assert microsoft.dialect == "microsoft"
    assert "k4a" in Path(microsoft.path).name
    assert microsoft.record_path is not None
    assert "k4arecord" in Path(microsoft.record_path).name


def test_provider_loaded_twice_is_the_same_object(provider: Provider) -> None:
    assert load_provider(provider.name) is provider
    assert load_provider(provider) is provider
    assert load_provider(provider.path) is provider


def test_provider_cannot_be_constructed() -> None:
    with pytest.raises(TypeError, match="load_provider"):
        Provider()


def test_provider_of_wrong_type_is_named_in_the_error() -> None:
    with pytest.raises(TypeError, match="name_or_path must be a str, a path or a Provider, not int"):
        load_provider(3)  # type: ignore[arg-type]


def test_default_for_files_is_bundled() -> None:
    assert default_provider("files").name == "bundled"
    assert load_provider("auto").name == "bundled"


def test_default_for_unknown_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="'files' or 'device', not 'fun'"):
        default_provider("fun")


def test_default_for_devices_is_the_installed_sdk(microsoft: Provider) -> None:
    assert default_provider("device") is microsoft


def test_environment_variable_with_a_name_decides(microsoft: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYK4A_RP_PROVIDER", "microsoft")
    assert default_provider("files") is microsoft
    monkeypatch.setenv("PYK4A_RP_PROVIDER", "bundled")
    assert default_provider("device").name == "bundled"
    monkeypatch.setenv("PYK4A_RP_PROVIDER", "auto")
    assert default_provider("files").name == "bundled"


def test_environment_variable_with_a_path_decides(microsoft: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYK4A_RP_PROVIDER", microsoft.path)
    assert default_provider("files") is microsoft


# ---- errors ----


def test_path_that_does_not_exist_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="no such file") as caught:
        load_provider(tmp_path / "libk4a.so")
    assert str(tmp_path / "libk4a.so") in str(caught.value)


def test_folder_without_a_library_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="no libk4a in"):
        load_provider(tmp_path)


def test_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ProviderError, match="'auto', 'bundled', 'microsoft', 'orbbec'"):
        load_provider("kinect")


def test_second_foreign_provider_is_refused_with_both_named(microsoft: Provider) -> None:
    with pytest.raises(ProviderError) as caught:
        load_provider("orbbec")
    assert "'orbbec'" in str(caught.value)
    assert microsoft.path in str(caught.value)


def test_search_that_finds_nothing_lists_every_place_and_the_loaders_words(tmp_path: Path) -> None:
    not_a_library = tmp_path / "libk4a.so"
    not_a_library.write_text("this is no library")
    output = run_python(
        """
        import importlib.metadata
        from pyk4a_rp import ProviderError, load_provider, provider

        provider.SDK_DISTRIBUTION = "no-such-distribution"
        provider._library_names = lambda: ("libk4a-nowhere.so", "libk4arecord-nowhere.so")
        provider._sdk_folders = lambda maker: [__import__("pathlib").Path("/nowhere/lib")]
        try:
            load_provider("microsoft")
        except ProviderError as error:
            print(error)
        """,
        PYK4A_RP_PROVIDER=str(not_a_library),
    )
    lines = output.splitlines()
    assert lines[0] == "provider 'microsoft' could not be loaded; tried:"
    assert lines[1].startswith("  environment variable PYK4A_RP_PROVIDER: ")
    assert lines[2].startswith("  the system's loader: ")
    assert "libk4a-nowhere.so" in lines[2]
    assert lines[3] == f"  {Path('/nowhere/lib')}: no libk4a there"
    assert lines[4].startswith("  distribution no-such-distribution: not installed")
    assert "doctor" in lines[5]
    if sys.platform.startswith("linux"):
        assert "file too short" in lines[1] or "invalid ELF header" in lines[1]
        assert "cannot open shared object file" in lines[2]


# ---- libraries made for the test ----


@pytest.fixture(scope="module")
def partial_library(compile_program: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A libk4a that has two functions and is Orbbec's by its exports; there is no libk4arecord beside it."""
    built = compile_program(
        "#include <k4a/k4a.h>\n"
        "K4A_EXPORT int k4a_device_switch_device_clock_sync_mode(void);\n"
        "int k4a_device_switch_device_clock_sync_mode(void) { return 0; }\n"
        "uint32_t k4a_device_get_installed_count(void) { return 7; }\n"
        "k4a_result_t k4a_device_open(uint32_t index, k4a_device_t *h) { (void)index; (void)h;"
        " return K4A_RESULT_FAILED; }\n",
        "-shared",
        "-fPIC",
        name="libk4a_partial.so",
    )
    folder = tmp_path_factory.mktemp("orbbec")
    return Path(shutil.copy(built, folder / "libk4a.so"))


PARTIAL = """
    import json, sys
    from pyk4a_rp import load_provider
    from pyk4a_rp import k4a
    provider = load_provider(sys.argv[1])
    print(json.dumps({
        "name": provider.name,
        "dialect": provider.dialect,
        "missing": sorted(provider.missing),
        "record_path": provider.record_path,
        "count": k4a.k4a_device_get_installed_count(provider=provider),
        "open": list(k4a.k4a_playback_open("x.mkv", provider=provider)),
    }))
"""


@linux_only
def test_library_with_missing_functions_loads_and_lists_them(partial_library: Path) -> None:
    import json

    found = json.loads(run_python(PARTIAL, str(partial_library)))
    assert found["name"] == "custom"
    assert found["dialect"] == "orbbec"
    assert len(found["missing"]) == 103
    assert "k4a_image_create" in found["missing"]
    assert "k4a_device_get_installed_count" not in found["missing"]
    assert found["record_path"] is None
    assert found["count"] == 7
    assert found["open"] == [1, None]


@linux_only
def test_missing_function_that_is_called_fails_and_logs_its_name(partial_library: Path) -> None:
    output = run_python(
        """
        import logging, sys
        logging.basicConfig(stream=sys.stdout, format="%(name)s %(levelname)s %(message)s")
        from pyk4a_rp import k4a, load_provider
        provider = load_provider(sys.argv[1])
        print(k4a.k4a_image_create(4, 2, 2, 4, provider=provider))
        """,
        str(partial_library),
    )
    assert "pyk4a_rp.native.custom ERROR k4a_image_create() failed: " in output
    assert "provider 'custom' does not have this function" in output
    assert "None)" in output


@linux_only
def test_orbbec_library_is_refused_as_microsoft_and_taken_as_orbbec(partial_library: Path) -> None:
    output = run_python(
        """
        import sys
        from pathlib import Path
        from pyk4a_rp import ProviderError, load_provider, provider
        provider.SDK_DISTRIBUTION = "no-such-distribution"
        provider._library_names = lambda: ("libk4a-nowhere.so", "libk4arecord-nowhere.so")
        provider._sdk_folders = lambda maker: [Path(sys.argv[1]).parent]
        try:
            load_provider("microsoft")
        except ProviderError as error:
            print(error)
        print(load_provider("orbbec").name)
        """,
        str(partial_library),
    )
    assert "is Orbbec's libk4a (ask for provider 'orbbec')" in output
    assert output.splitlines()[-1] == "orbbec"


@linux_only
def test_library_that_is_no_k4a_is_refused(compile_program: Callable[..., Path]) -> None:
    other = compile_program(
        "int other(void);\nint other(void) { return 0; }\n", "-shared", "-fPIC", name="libk4a_other.so"
    )
    output = run_python(
        """
        import sys
        from pyk4a_rp import ProviderError, load_provider
        try:
            load_provider(sys.argv[1])
        except ProviderError as error:
            print(error)
        """,
        str(other),
    )
    assert "it is not a libk4a" in output


def test_dropin_pair_loads_as_a_custom_provider() -> None:
    output = run_python(
        """
        import sys
        from pyk4a_rp import load_provider, provider
        custom = load_provider(provider.dropin_directory())
        print(custom.name, len(custom.missing), custom.path != provider.engine_path())
        print(load_provider("bundled").name)
        """
    )
    assert output.split() == ["custom", "0", "True", "bundled"]


# ---- stdout ----


def test_loading_turns_the_libraries_log_on_stdout_off(provider_name: str) -> None:
    code = """
        import os, sys
        from pyk4a_rp import k4a, load_provider
        provider = load_provider(sys.argv[1])
        k4a.k4a_playback_open("/nowhere/x.mkv", provider=provider)
        print("setting", os.environ["K4A_ENABLE_LOG_TO_STDOUT"])
    """
    environment = {name: value for name, value in os.environ.items() if name != "K4A_ENABLE_LOG_TO_STDOUT"}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), provider_name],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert done.stdout == "setting 0\n"


def test_setting_of_the_user_for_stdout_is_kept() -> None:
    output = run_python(
        """
        import os
        from pyk4a_rp import load_provider
        load_provider("bundled")
        print(os.environ["K4A_ENABLE_LOG_TO_STDOUT"])
        """,
        K4A_ENABLE_LOG_TO_STDOUT="1",
    )
    assert output == "1\n"


# ---- names of files ----


@pytest.mark.parametrize(
    "name",
    ["libk4a.so", "libk4a.so.1.4", "libk4a.so.1.4.2", "libk4a-f64cb9eb.so.1.4.2", "k4a.dll", "k4a-0a1b2c3d.dll"],
)
def test_file_of_libk4a_is_recognised_and_that_of_libk4arecord_is_not(name: str) -> None:
    assert search._K4A_FILE.fullmatch(name)
    assert not search._K4A_FILE.fullmatch(name.replace("k4a", "k4arecord"))
    assert search._RECORD_FILE.fullmatch(name.replace("k4a", "k4arecord"))
    assert not search._RECORD_FILE.fullmatch(name)


def test_newest_library_of_a_folder_is_taken(tmp_path: Path) -> None:
    for name in ("libk4a.so.1.4.9", "libk4a.so.1.4.10", "libk4a.so.1.3.12", "libk4arecord.so.1.4.10"):
        (tmp_path / name).touch()
    assert search._k4a_in(tmp_path) == tmp_path / "libk4a.so.1.4.10"
    assert search._record_beside(tmp_path / "libk4a.so.1.4.10") == tmp_path / "libk4arecord.so.1.4.10"
