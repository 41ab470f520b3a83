"""`pyk4a-rp doctor`: what is here, what is missing, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["add_parser", "run"]

USB_VENDOR = "045e"
# Hub, depth and color camera, microphones of an Azure Kinect.
USB_PRODUCTS = ("097a", "097b", "097c", "097d", "097e")
UDEV_FOLDERS = ("/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
                "/lib/udev/rules.d")  # fmt: skip
UDEV_RULE = f'SUBSYSTEM=="usb", ATTRS{{idVendor}}=="{USB_VENDOR}", ATTRS{{idProduct}}=="097[a-e]", MODE="0666"'
UDEV_FILE = "/etc/udev/rules.d/99-k4a.rules"

NO_DISPLAY = (
    "display: DISPLAY is not set, and Microsoft's depth engine draws with OpenGL: start an X server or run the program "
    "under `xvfb-run`. The bundled engine needs none"
)
NO_SDK = (
    "cameras: no native SDK was found. pip install 'pyk4a-rp[sdk]', or install the Azure Kinect SDK 1.4 or Orbbec's "
    "K4A wrapper, or set PYK4A_RP_PROVIDER to the path of a libk4a. Recordings need none of them"
)

NO_JPEG = (
    "this build has no JPEG codec: MJPG color images can be read but not decoded. Install libjpeg-turbo's development "
    "files (Debian: libturbojpeg0-dev) and build again: pip install --force-reinstall --no-binary pyk4a-rp pyk4a-rp"
)

# A library that is looked at may crash, and only one foreign provider fits into a process.
PROBE = """
import json, sys
from pyk4a_rp import ProviderError, load_provider
try:
    provider = load_provider(sys.argv[1])
except ProviderError as error:
    print(json.dumps({"error": str(error)}))
else:
    found = {name: getattr(provider, name) for name in ("name", "path", "record_path", "version", "problem", "dialect")}
    found["missing"] = sorted(provider.missing)
    from pyk4a_rp import _extensions
    found["features"] = _extensions.get_features(provider)
    if sys.argv[1] != "bundled":
        from pyk4a_rp import k4a
        found["devices"] = int(k4a.k4a_device_get_installed_count(provider=provider))
    print(json.dumps(found))
"""

# good, worth knowing, something to do
OK, NOTE, BAD = "ok", "note", "MISSING"
Line = tuple[str, str]


def add_parser(subparsers: Any) -> None:
    """Add the sub-command to the command line."""
    parser = subparsers.add_parser(
        "doctor",
        help="say which libraries were found, what is missing and what to do about it",
        description="Look at this installation: versions, native libraries, and what cameras need. "
        "The exit status is 0 when recordings can be read.",
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


# ---- findings ----


def _probe(name: str) -> dict[str, Any]:
    """Load a provider in a process of its own and return what it says, or {'error': ...}."""
    try:
        done = subprocess.run([sys.executable, "-c", PROBE, name], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        return {"error": f"could not be looked at: {error}"}
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        what = f"ended with status {done.returncode}"
        last = done.stderr.strip().splitlines()[-1:] or [""]
        return {"error": f"provider {name!r}: loading it {what} {last[0]}".rstrip()}
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def _versions() -> Iterator[Line]:
    from importlib import metadata

    yield OK, f"Python {platform.python_version()} at {sys.executable} on {platform.platform()}"
    for name in ("pyk4a-rp", "numpy"):
        try:
            yield OK, f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield BAD, f"{name} is not installed: pip install {name}"


def _environment() -> Iterator[Line]:
    for name, value in sorted(os.environ.items()):
        if name.startswith(("K4A_", "PYK4A_RP_")):
            yield NOTE, f"environment: {name}={value}"
    if os.environ.get("K4A_ENABLE_LOG_TO_A_FILE"):
        yield NOTE, "K4A_ENABLE_LOG_TO_A_FILE: any value, even 0, makes Microsoft's library write a file"


def _provider_lines(name: str, found: dict[str, Any]) -> Iterator[Line]:
    if "error" in found:
        needed = BAD if name == "bundled" else NOTE
        yield needed, found["error"]
        return
    version = f" {found['version']}" if found["version"] else ""
    yield OK, f"provider {name}{version}: {found['path']}"
    if found["record_path"] is None:
        reason = found["problem"] or "there is none beside libk4a"
        yield BAD, f"provider {name}: no libk4arecord, so it reads and writes no recordings: {reason}"
    elif found["record_path"] != found["path"]:
        yield OK, f"provider {name}: {found['record_path']}"
    if found.get("features"):
        yield OK, f"provider {name}: built with {found['features']}"
        if "jpeg=off" in found["features"].split():
            yield BAD, NO_JPEG
    if found["missing"]:
        shown = ", ".join(found["missing"][:5]) + (", ..." if len(found["missing"]) > 5 else "")
        yield NOTE, f"provider {name}: {len(found['missing'])} functions are missing: {shown}"
    if name != "bundled":
        yield (OK if found["devices"] else NOTE), f"provider {name}: {found['devices']} cameras found"


def _udev_rules() -> list[Path]:
    rules = []
    for folder in UDEV_FOLDERS:
        for path in Path(folder).glob("*.rules"):
            try:
                text = path.read_text(errors="replace").lower()
            except OSError:
                continue
            if USB_VENDOR in text and any(product in text for product in (*USB_PRODUCTS, "097[")):
                rules.append(path)
    return rules


def _usb_cameras() -> int:
    """Count the depth cameras that the kernel sees, whoever may open them."""
    count = 0
    for folder in Path("/sys/bus/usb/devices").glob("*"):
        try:
            vendor, product = (folder / "idVendor").read_text(), (folder / "idProduct").read_text()
        except OSError:
            continue
        count += vendor.strip() == USB_VENDOR and product.strip() == "097c"
    return count


def _linux_camera_lines() -> Iterator[Line]:
    rules = _udev_rules()
    if rules:
        yield OK, f"udev rule: {rules[0]}"
    else:
        yield BAD, f"udev rule: none, so only root may open a camera. Put this line into {UDEV_FILE}: {UDEV_RULE}"
    seen = _usb_cameras()
    yield (OK if seen else NOTE), f"USB: {seen} Azure Kinect depth cameras are connected"
    if os.environ.get("DISPLAY"):
        yield OK, f"display: {os.environ['DISPLAY']} (Microsoft's depth engine draws with OpenGL)"
    else:
        yield BAD, NO_DISPLAY
    try:
        memory = int(Path("/sys/module/usbcore/parameters/usbfs_memory_mb").read_text())
    except (OSError, ValueError):
        return
    if 0 < memory < 32:
        yield NOTE, f"USB: {memory} MB of buffers suffice for one camera; several need more (usbcore.usbfs_memory_mb)"


def _depth_engine_line(k4a_path: str) -> Line:
    pattern = "depthengine_*.dll" if sys.platform == "win32" else "libdepthengine.so.*"
    folder = Path(k4a_path).parent
    # Debian's package keeps it in a folder beside the library.
    beside = [*folder.glob(pattern), *folder.glob(f"*k4a*/{pattern}")]
    if beside:
        return OK, f"depth engine: {beside[0]}"
    if sys.platform != "win32":
        from .. import _provider

        if not _provider._preload("libdepthengine.so.2.0"):
            return OK, "depth engine: libdepthengine.so.2.0, found by the system's loader"
    return BAD, (
        f"depth engine: no {pattern} beside {k4a_path}; cameras deliver no depth without it. It comes with Microsoft's "
        "SDK and with pip install 'pyk4a-rp[sdk]'"
    )


def _camera_lines(microsoft: dict[str, Any], orbbec: dict[str, Any]) -> Iterator[Line]:
    if "error" in microsoft and "error" in orbbec:
        yield BAD, NO_SDK
    if "error" not in microsoft:
        yield _depth_engine_line(microsoft["path"])
    if sys.platform.startswith("linux"):
        yield from _linux_camera_lines()


# ---- the command ----


def run(args: argparse.Namespace) -> int:
    """Print the findings; 0 when the bundled engine works."""
    providers = {name: _probe(name) for name in ("bundled", "microsoft", "orbbec")}
    sections: dict[str, list[Line]] = {"Versions": list(_versions())}
    environment = list(_environment())
    if environment:
        sections["Environment"] = environment
    sections["Providers"] = [line for name, found in providers.items() for line in _provider_lines(name, found)]
    sections["Cameras"] = list(_camera_lines(providers["microsoft"], providers["orbbec"]))
    if args.json:
        findings = {
            title: [{"state": state, "text": text} for state, text in lines] for title, lines in sections.items()
        }
        print(json.dumps({"providers": providers, "findings": findings}, indent=2))
    else:
        for title, lines in sections.items():
            print(title)
            for state, text in lines:
                print(f"  {state + ':':<9}" + text.replace("\n", "\n" + " " * 11))
    return 1 if "error" in providers["bundled"] else 0
