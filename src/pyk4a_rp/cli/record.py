"""`pyk4a-rp record` and `k4arecorder`: record cameras."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .record_options import CompatError, Settings, add_options, parse_compat, settings_of

if TYPE_CHECKING:
    from ..device import Device
    from ..device_configuration import DeviceConfiguration
    from ..recorder import Recorder

__all__ = ["add_parser", "k4arecorder", "run"]

DONE, FAILED, USAGE, DEVICE_LOST, NO_SPACE = range(5)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) if hasattr(errno, "EDQUOT") else (errno.ENOSPC, errno.EFBIG)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "record",
        help="record a camera",
        description="Record cameras. The options are those of Microsoft's k4arecorder, and more.",
        epilog="Exit status: 0 done; 1 failed; 2 wrong usage; 3 the camera was lost, 4 the disk is full: the file is "
        "complete up to there.",
        allow_abbrev=False,
    )
    add_options(parser)
    parser.set_defaults(usage_error=parser.error)


def run(args: argparse.Namespace) -> int:
    """Record; the exit status."""
    if args.list:
        return _list()
    settings = settings_of(args, args.usage_error)
    try:
        configurations = _configurations(settings)
    except ValueError as error:
        args.usage_error(str(error))
    return _Session(settings, configurations).run()


def k4arecorder(argv: Sequence[str] | None = None) -> int:
    """Run as the command `k4arecorder`; with `--compat` first, scripts made for Microsoft's find what they expect."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] != ["--compat"]:
        from . import main

        return main(["record", *words])
    try:
        settings = parse_compat(words[1:])
    except CompatError as error:
        if str(error):
            print(error, file=sys.stderr)
            return FAILED
        settings = "help"
    if settings == "help":
        _compat_usage()
        return DONE
    import logging

    logging.getLogger("pyk4a_rp").addHandler(logging.NullHandler())
    try:
        if isinstance(settings, str):
            return _list()
        return _Session(settings, _configurations(settings)).run()
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        print(error, file=sys.stderr)
        return FAILED


def _compat_usage() -> None:
    parser = argparse.ArgumentParser(prog="k4arecorder", usage="k4arecorder [options] output.mkv", add_help=False)
    add_options(parser)
    parser.print_help(sys.stdout)


def _list() -> int:
    from ..devices import list_devices

    devices = list_devices()
    for device in devices:
        if device.version is None:
            print(f"Index:{device.index}\tDevice Open Failed")
        else:
            color, depth = device.version.rgb, device.version.depth
            print(f"Index:{device.index}\tSerial:{device.serial or 'ERROR'}\tColor:{color}\tDepth:{depth}")
    if not devices:
        print("No devices connected.")
    return DONE


def _configurations(settings: Settings) -> list[DeviceConfiguration]:
    """One for each camera; ValueError for what no camera can do."""
    from ..device_configuration import FRAMES_A_SECOND, DeviceConfiguration, highest_rate
    from ..enums import ColorResolution, DepthMode, ImageFormat, WiredSyncMode

    depth, resolution = DepthMode[settings.depth], ColorResolution[settings.color[0]]
    if depth == DepthMode.OFF and resolution == ColorResolution.OFF:
        raise ValueError("Either the color or depth modes must be enabled to record.")
    if settings.sync_delay and settings.sync != "SUBORDINATE":
        raise ValueError("--sync-delay is only valid if --external-sync is set to Subordinate.")
    highest = highest_rate(depth, resolution)
    fps = next((fps for fps, number in FRAMES_A_SECOND.items() if number == settings.rate), highest)
    if fps > highest:
        raise ValueError(f"Error: {settings.rate} Frames per second is not supported by this camera mode.")
    count = max(len(settings.sources), len(settings.serials), len(settings.devices), 1)
    configurations = []
    for number in range(count):
        sync = WiredSyncMode[settings.sync]
        if sync == WiredSyncMode.MASTER and number:
            sync = WiredSyncMode.SUBORDINATE
        configurations.append(
            DeviceConfiguration(
                color_format=ImageFormat[settings.color[1]],
                color_resolution=resolution,
                depth_mode=depth,
                camera_fps=fps,
                depth_delay_off_color_usec=settings.depth_delay,
                wired_sync_mode=sync,
                subordinate_delay_off_master_usec=settings.sync_delay,
            )
        )
    return configurations


@dataclass
class _Camera:
    """A camera, its file, and how its recording ended."""

    device: Device
    recorder: Recorder
    error: BaseException | None = None


class _Session:
    """One run: cameras on, first capture, recording, and everything closed whatever happens."""

    def __init__(self, settings: Settings, configurations: list[DeviceConfiguration]) -> None:
        self._settings = settings
        self._configurations = configurations
        self._stop = threading.Event()
        self._cameras: list[_Camera] = []
        self._no_space = False

    def run(self) -> int:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_signals(self._stop))
            try:
                devices = [stack.enter_context(device) for device in self._open()]
                for number, device in enumerate(devices):
                    self._prepare(device)
                    self._cameras.append(_Camera(device, self._create(device, number, len(devices))))
                self._start(devices)
                if self._wait_for_first():
                    self._record()
            finally:
                closed = self._close()
        return self._status(closed)

    def _open(self) -> Iterator[Device]:
        from ..device import Device

        s = self._settings
        for number, configuration in enumerate(self._configurations):
            if s.sources:
                yield Device.simulated(s.sources[number], configuration=configuration)
            elif s.serials:
                yield Device.open(serial=s.serials[number], configuration=configuration)
            else:
                yield Device.open(s.devices[number] if s.devices else 0, configuration=configuration)

    def _prepare(self, device: Device) -> None:
        """Say which camera it is, and set it up; what it does not take is said and does not matter."""
        v = device.version
        sensor = f"{v.depth_sensor.major}.{v.depth_sensor.minor}"
        build = "Rel" if v.firmware_build == 0 else "Dbg"
        print(f"Device serial number: {device.serial}")
        print(f"Device version: {build}; C: {v.rgb}; D: {v.depth}[{sensor}]; A: {v.audio}")
        exposure = self._settings.exposure
        wanted = [("exposure_time_absolute", "auto" if exposure is None else str(exposure))]
        if self._settings.gain is not None:
            wanted.append(("gain", str(self._settings.gain)))
        for name, value in [*wanted, *self._settings.controls]:
            try:
                control = device.color_controls[name]
                if value == "auto":
                    control.auto = True
                else:
                    control.value = int(value)
            except KeyError:
                print(f"The camera has no {name}: {', '.join(device.color_controls)}", file=sys.stderr)
            except (ValueError, RuntimeError) as error:
                print(error, file=sys.stderr)

    def _create(self, device: Device, number: int, count: int) -> Recorder:
        from ..recorder import Recorder

        path = Path(self._settings.output)
        if count > 1:
            path = path.with_name(f"{path.stem}-{number}{path.suffix}")
        s = self._settings
        return Recorder(path, device=device, imu=s.imu, metadata=s.metadata, overwrite=s.overwrite)

    def _start(self, devices: list[Device]) -> None:
        from ..devices import start_synchronized

        if len(devices) > 1 and self._settings.sync == "MASTER":
            start_synchronized(devices)
        else:
            for device in devices:
                device.start()
        print("Device started")

    def _wait_for_first(self) -> bool:
        subordinate = self._settings.sync == "SUBORDINATE"
        if subordinate:
            print("[subordinate mode] Waiting for signal from master")
        for camera in self._cameras:
            capture = camera.device._next_capture(360.0 if subordinate else 60.0, self._stop)
            if capture is None:
                return False
            if self._settings.keep_first:
                camera.recorder.write_capture(capture)
        print("Started recording")
        if self._settings.length is None:
            print("Press Ctrl-C to stop recording.")
        sys.stdout.flush()
        return True

    def _record(self) -> None:
        threads = [threading.Thread(target=self._work, args=[camera]) for camera in self._cameras]
        show = None if self._settings.quiet or not sys.stderr.isatty() else _Progress(self._settings.length)
        for thread in threads:
            thread.start()
        looked = 0.0
        while any(thread.is_alive() for thread in threads) and not self._stop.wait(0.1):
            if time.monotonic() - looked >= 0.5:
                looked = time.monotonic()
                self._watch_space()
                if show is not None:
                    show([camera.recorder for camera in self._cameras])
        # Sleeping in between: a loop that only asks takes the GIL from those who have samples to write. A recorder that
        # begins just now forgets that it was stopped, so it is told again.
        while any(thread.is_alive() for thread in threads):
            for camera in self._cameras:
                camera.recorder.stop()
            for thread in threads:
                thread.join(0.1)
        if show is not None:
            print(file=sys.stderr)
        print("Stopping recording...\nSaving recording...")

    def _work(self, camera: _Camera) -> None:
        try:
            length = self._settings.length
            if length == 0:  # in compatibility mode: one try
                camera.recorder.record(frames=1, timeout=None)
            elif not self._stop.is_set():
                camera.recorder.record(seconds=length, timeout=None)
        except BaseException as error:
            camera.error = error
            self._stop.set()

    def _watch_space(self) -> None:
        limit = self._settings.min_free_mb << 20
        if limit and min(camera.recorder.free_bytes for camera in self._cameras) < limit:
            self._no_space = True
            self._stop.set()

    def _close(self) -> list[_Camera]:
        """Complete the files, and remove those in which nothing is; the cameras whose files stay."""
        kept = []
        for camera in self._cameras:
            camera.device.close()
            count = camera.recorder.state.captures
            try:
                camera.recorder.close()
            except (OSError, RuntimeError) as error:
                camera.error = camera.error or error
            if count:
                kept.append(camera)
            else:
                Path(camera.recorder.path).unlink(missing_ok=True)
        return kept

    def _status(self, kept: list[_Camera]) -> int:
        from ..device import DeviceLostError

        status = DONE
        for camera in self._cameras:
            error = camera.error
            if error is None:
                continue
            print(error, file=sys.stderr)
            if isinstance(error, DeviceLostError):
                # Microsoft's tool takes that for an end like any other.
                status = status or (DONE if self._settings.compat else DEVICE_LOST)
            else:
                status = NO_SPACE if getattr(error, "errno", None) in _FULL else FAILED
        if self._no_space:
            print("The disk is full.", file=sys.stderr)
            status = status or NO_SPACE
        if not kept and status == DONE and not self._settings.compat:
            print("Nothing was recorded.", file=sys.stderr)
            status = FAILED
        for camera in kept:
            size = os.path.getsize(camera.recorder.path) / 1e6
            captures, dropped = camera.recorder._captures, camera.recorder.dropped_captures
            how_many = f"at most {captures}" if getattr(camera.error, "errno", None) else f"{captures}"
            print(f"Saved {camera.recorder.path}: {how_many} captures, {dropped} dropped, {size:.1f} MB")
        print("Done")
        return status


class _Progress:
    """A line on the terminal that says how it goes."""

    def __init__(self, length: float | None) -> None:
        self._length = length
        self._began = self._last = time.monotonic()
        self._bytes = 0

    def __call__(self, recorders: list[Recorder]) -> None:
        now = time.monotonic()
        states = [recorder.state for recorder in recorders]
        total = sum(state.bytes_on_disk or 0 for state in states)
        speed = (total - self._bytes) / 1e6 / max(now - self._last, 1e-3)
        self._last, self._bytes = now, total
        captures = sum(state.captures for state in states)
        dropped = sum(recorder.dropped_captures for recorder in recorders)
        left = "" if self._length is None else f", {max(self._length - (now - self._began), 0):.0f} s left"
        line = f"{captures} captures, {dropped} dropped, {speed:.1f} MB/s{left}"
        print(f"\r{line:<70}", end="", file=sys.stderr, flush=True)


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C and its kin end the recording; Ctrl-C more than a second later ends the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    first: list[float] = []

    def handler(number: int, _frame: Any) -> None:
        now = time.monotonic()
        if first and number == signal.SIGINT and now - first[0] > 1:
            os.write(2, b"Forcing stop.\n")
            os._exit(FAILED)
        first.append(now)
        stop.set()

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before: list[tuple[int, Callable[..., Any] | int | None]] = [(n, signal.signal(n, handler)) for n in numbers]
    try:
        yield
    finally:
        for number, old in before:
            signal.signal(number, signal.SIG_DFL if old is None else old)
