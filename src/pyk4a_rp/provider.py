"""Where implementations of the k4a ABI are looked for.

The public names are `load_provider`, `default_provider` and `Provider`; the rest finds files for them.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyk4a_rp import _provider
from pyk4a_rp._provider import NATIVE_DIRECTORY, Provider, default_provider, load_provider, loaded_providers

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "Provider",
    "default_provider",
    "dropin_directory",
    "engine_path",
    "load_provider",
    "loaded_providers",
]

ENVIRONMENT_VARIABLE = "PYK4A_RP_PROVIDER"
SIMULATED_VARIABLE = "PYK4A_RP_SIMULATED"
NAMES = ("auto", "bundled", "microsoft", "orbbec")
SDK_DISTRIBUTION = "pyk4a-bundle"


@dataclass(frozen=True)
class Candidate:
    """A library pair that may be there."""

    place: str
    path: str
    record_path: str | None


@dataclass
class Search:
    """What was tried, for the error message."""

    wanted: str
    tried: list[str] = field(default_factory=list)

    def fail(self, hint: str = "") -> ImportError:
        from pyk4a_rp.errors import ProviderError

        lines = [f"provider {self.wanted!r} could not be loaded; tried:"]
        lines += [f"  {line}" for line in self.tried]
        if hint:
            lines.append(hint)
        return ProviderError("\n".join(lines))


# ---- our own files ----


def engine_path() -> Path:
    """Return the file of the bundled engine."""
    name = {"win32": "k4a_rp.dll", "darwin": "libk4a_rp.dylib"}.get(sys.platform, "libk4a_rp.so")
    return Path(NATIVE_DIRECTORY, "_libs", name)


def dropin_directory() -> Path:
    """Return the folder of the C drop-in pair (libk4a, libk4arecord) and its headers."""
    return Path(NATIVE_DIRECTORY, "dropin")


# ---- names of files ----


def _library_names() -> tuple[str, str]:
    """Return the names under which the system's loader knows libk4a and libk4arecord."""
    if sys.platform == "win32":
        return "k4a.dll", "k4arecord.dll"
    if sys.platform == "darwin":
        return "libk4a.1.4.dylib", "libk4arecord.1.4.dylib"
    return "libk4a.so.1.4", "libk4arecord.so.1.4"


# Wheels rename what they carry: libk4a-f64cb9eb.so.1.4.2, k4a-0123abcd.dll.
_K4A_FILE = re.compile(r"(lib)?k4a(-[0-9a-f]+)?(\.[0-9.]+)?\.(so|dll|dylib)(\.[0-9.]+)?", re.IGNORECASE)
_RECORD_FILE = re.compile(r"(lib)?k4arecord(-[0-9a-f]+)?(\.[0-9.]+)?\.(so|dll|dylib)(\.[0-9.]+)?", re.IGNORECASE)


def _version_key(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", re.sub(r"-[0-9a-f]{6,}", "", text))]


def _newest(paths: Iterable[Path]) -> Path | None:
    return max(paths, key=lambda path: (_version_key(path.name), path.name), default=None)


def _k4a_in(folder: Path) -> Path | None:
    try:
        return _newest(path for path in folder.iterdir() if _K4A_FILE.fullmatch(path.name))
    except OSError:
        return None


def _record_beside(path: Path) -> Path | None:
    """Find the libk4arecord that belongs to a libk4a."""
    same_name = path.with_name(re.sub("k4a", "k4arecord", path.name, count=1, flags=re.IGNORECASE))
    if same_name.exists():
        return same_name
    try:
        return _newest(one for one in path.parent.iterdir() if _RECORD_FILE.fullmatch(one.name))
    except OSError:
        return None


def _pair(place: str, path: Path) -> Candidate:
    record_path = _record_beside(path)
    return Candidate(place, str(path), None if record_path is None else str(record_path))


# ---- places ----


def _from_path(search: Search, place: str, text: str) -> Iterator[Candidate]:
    path = Path(text).expanduser()
    if path.is_dir():
        found = _k4a_in(path)
        if found is None:
            search.tried.append(f"{place}: no libk4a in {path}")
            return
        path = found
    elif not path.exists() and path.name == text:
        # A bare name is for the system's loader.
        record = re.sub("k4a", "k4arecord", text, count=1, flags=re.IGNORECASE)
        yield Candidate(place, text, record if record != text else None)
        return
    elif not path.exists():
        search.tried.append(f"{place}: no such file: {path}")
        return
    yield _pair(place, path.absolute())


def _from_environment(search: Search) -> Iterator[Candidate]:
    value = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if value in NAMES or not value:
        search.tried.append(f"environment variable {ENVIRONMENT_VARIABLE}: names no path")
        return
    yield from _from_path(search, f"environment variable {ENVIRONMENT_VARIABLE}", value)


def _from_system() -> Iterator[Candidate]:
    path, record_path = _library_names()
    yield Candidate("the system's loader", path, record_path)


def _sdk_folders(maker: str) -> list[Path]:
    """Return the folders that installers of a native SDK use, newest version first."""
    patterns: list[tuple[Path, str]] = []
    if sys.platform == "win32":
        roots = [Path(os.environ[name]) for name in ("ProgramW6432", "ProgramFiles") if os.environ.get(name)]
        for root in dict.fromkeys(roots):
            if maker == "microsoft":
                patterns.append((root, "Azure Kinect SDK v*/sdk/windows-desktop/amd64/release/bin"))
            else:
                patterns.append((root, "OrbbecSDK K4A Wrapper*/bin"))
                patterns.append((root, "OrbbecSDK_K4A_Wrapper*/bin"))
    elif maker == "microsoft":
        for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"):
            patterns.append((Path(folder), "."))
        patterns += [(Path("/usr/local/lib"), "."), (Path("/opt"), "[Aa]zure*[Kk]inect*/**/lib")]
    else:
        for base in (Path("/opt"), Path("/usr/local"), Path.home()):
            patterns += [(base, "OrbbecSDK*K4A*/lib"), (base, "OrbbecSDK*K4A*/bin"), (base, "OrbbecSDK*K4A*")]
    folders: list[Path] = []
    for root, pattern in patterns:
        try:
            found = [root] if pattern == "." else list(root.glob(pattern))
        except OSError:
            continue
        folders += sorted((one for one in found if one.is_dir()), key=lambda one: _version_key(str(one)), reverse=True)
    return list(dict.fromkeys(folders))


def _from_folders(search: Search, maker: str) -> Iterator[Candidate]:
    folders = _sdk_folders(maker)
    if not folders:
        search.tried.append("the SDK's usual folders: none of them exists")
    for folder in folders:
        found = _k4a_in(folder)
        if found is None:
            search.tried.append(f"{folder}: no libk4a there")
        else:
            yield _pair(str(folder), found)


def _from_distribution(search: Search) -> Iterator[Candidate]:
    place = f"distribution {SDK_DISTRIBUTION}"
    try:
        files = importlib.metadata.distribution(SDK_DISTRIBUTION).files or []
    except importlib.metadata.PackageNotFoundError:
        search.tried.append(f"{place}: not installed (pip install 'pyk4a-rp[sdk]')")
        return
    paths = [Path(str(file.locate())) for file in files if _K4A_FILE.fullmatch(file.name)]
    found = _newest(path for path in paths if path.exists())
    if found is None:
        search.tried.append(f"{place}: installed, but has no libk4a for this system")
        return
    if sys.platform == "win32":
        # libk4a asks for its depth engine by name when a camera is started.
        for engine in found.parent.glob("depthengine*.dll"):
            _provider._preload(str(engine))
    yield _pair(place, found.absolute())


def _candidates(search: Search, maker: str) -> Iterator[Candidate]:
    yield from _from_environment(search)
    yield from _from_system()
    yield from _from_folders(search, maker)
    if maker == "microsoft":
        yield from _from_distribution(search)


# ---- finding ----


def _foreign() -> Provider | None:
    return next((provider for provider in loaded_providers() if provider.name != "bundled"), None)


def _try(search: Search, name: str, candidates: Iterable[Candidate], maker: str) -> Provider | None:
    for candidate in candidates:
        try:
            provider = _provider._open(name, candidate.path, candidate.record_path, maker)
        except OSError as error:
            search.tried.append(f"{candidate.place}: {error}")
            continue
        return provider
    return None


def _same_file(first: str, second: str) -> bool:
    try:
        return os.path.samefile(first, second)
    except OSError:
        return first == second


def _find_bundled() -> Provider:
    for provider in loaded_providers():
        if provider.name == "bundled":
            return provider
    search = Search("bundled")
    path = engine_path()
    candidate = Candidate("this package", str(path), None)
    found = _try(search, "bundled", [candidate], "any")
    if found is None:
        raise search.fail("The installation is damaged: the engine is part of this package. Install it again.")
    return found


def _refuse_second(wanted: str, loaded: Provider) -> ImportError:
    search = Search(wanted)
    search.tried.append(
        f"nothing: {loaded.name!r} is loaded from {loaded.path}, and a process can have one provider besides 'bundled' "
        "(two libraries of the same name would be mixed up by the system's loader)"
    )
    return search.fail("Use another process for it.")


def _find_sdk(name: str) -> Provider:
    loaded = _foreign()
    if loaded is not None:
        if loaded.name == name:
            return loaded
        raise _refuse_second(name, loaded)
    search = Search(name)
    found = _try(search, name, _candidates(search, name), name)
    if found is None:
        hint = "`pyk4a-rp doctor` says more. Recordings can be read without an SDK: provider 'bundled'."
        raise search.fail(hint)
    return found


def _find_path(text: str) -> Provider:
    search = Search(text)
    if os.path.basename(text) == text and "k4a" not in text.lower() and not os.path.exists(text):
        search.tried.append(f"nothing: it is no path, and known names are {', '.join(map(repr, NAMES))}")
        raise search.fail()
    loaded = _foreign()
    for candidate in _from_path(search, "path", text):
        if _same_file(candidate.path, str(engine_path())):
            return _find_bundled()
        if loaded is not None:
            if _same_file(candidate.path, loaded.path):
                return loaded
            raise _refuse_second(text, loaded)
        found = _try(search, "custom", [candidate], "any")
        if found is not None:
            return found
    raise search.fail()


def find_provider(name: str) -> Provider:
    """Find, and load if necessary, what `load_provider` was asked for."""
    if name in ("auto", "bundled"):
        return _find_bundled()
    if name in NAMES:
        return _find_sdk(name)
    return _find_path(name)


def _find_any_sdk() -> Provider:
    loaded = _foreign()
    if loaded is not None:
        return loaded
    search = Search("microsoft")
    found = _try(search, "microsoft", _candidates(search, "microsoft"), "microsoft")
    if found is None:
        search.wanted = "auto"
        search.tried.append("and for provider 'orbbec':")
        found = _try(search, "orbbec", _candidates(search, "orbbec"), "orbbec")
    if found is None:
        raise search.fail("Cameras need a native SDK; `pyk4a-rp doctor` says more.")
    return found


def find_default(purpose: str) -> Provider:
    """Find what `default_provider` was asked for."""
    if purpose not in ("files", "device"):
        raise ValueError(f"purpose must be 'files' or 'device', not {purpose!r}")
    asked = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if asked and asked != "auto":
        return find_provider(asked)
    # Nobody gets a simulated camera without asking for one: this is asking.
    simulated = os.environ.get(SIMULATED_VARIABLE, "").strip()
    return _find_bundled() if purpose == "files" or simulated else _find_any_sdk()
