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
from typing import TYPE_CHECKING, Any, NamedTuple

from .record_options import CompatError, Settings, add_options, default_color, parse_compat, settings_of

if TYPE_CHECKING:
    from ..capture import Capture
    from ..device import Device
    from ..device_configuration import DeviceConfiguration
    from ..recorder import Recorder
    from ..replayed import Replayed

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
    from ..errors import RecordingError

    settings = settings_of(args, args.usage_error)
    try:
        plans = _plans(settings)
    except RecordingError:
        raise
    except ValueError as error:
        args.usage_error(str(error))
    return _Session(settings, plans).run()


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
        return _Session(settings, _plans(settings)).run()
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


class _Plan(NamedTuple):
    """How one of the cameras is to stream, and into what."""

    configuration: DeviceConfiguration
    imu: bool
    path: Path


def _plans(settings: Settings) -> list[_Plan]:
    """One for each camera; ValueError for what no camera can do."""
    count = max(len(settings.sources), len(settings.serials), len(settings.devices), 1)
    if settings.sync_delay and settings.sync != "SUBORDINATE" and not (settings.sync == "MASTER" and count > 1):
        raise ValueError("--sync-delay is only valid if --external-sync is set to Subordinate.")
    output = Path(settings.output)
    plans = []
    for number in range(count):
        source = settings.sources[number] if settings.sources else None
        if source is None or source == "scene" or source.startswith("scene:"):
            configuration, imu = _configuration(settings, number), True
        else:
            configuration, imu = _replayed(settings, number, source)
        path = output if count == 1 else output.with_name(f"{output.stem}-{number}{output.suffix}")
        plans.append(_Plan(configuration, imu if settings.imu is None else settings.imu, path))
    return plans


def _sync(settings: Settings, number: int) -> dict[str, Any]:
    """Of several cameras the first is the master, and each comes `sync_delay` after the one before."""
    from ..enums import WiredSyncMode

    if settings.sync == "MASTER" and number:
        delay = number * settings.sync_delay
        return {"wired_sync_mode": WiredSyncMode.SUBORDINATE, "subordinate_delay_off_master_usec": delay}
    delay = settings.sync_delay if settings.sync == "SUBORDINATE" else 0
    return {"wired_sync_mode": WiredSyncMode[settings.sync], "subordinate_delay_off_master_usec": delay}


def _configuration(settings: Settings, number: int) -> DeviceConfiguration:
    from ..device_configuration import FRAMES_A_SECOND, DeviceConfiguration, highest_rate
    from ..enums import ColorResolution, DepthMode, ImageFormat

    color = settings.color or default_color(settings.sources)
    depth, resolution = DepthMode[settings.depth or "NFOV_UNBINNED"], ColorResolution[color[0]]
    if depth == DepthMode.OFF and resolution == ColorResolution.OFF:
        raise ValueError("Either the color or depth modes must be enabled to record.")
    highest = highest_rate(depth, resolution)
    fps = next((fps for fps, number in FRAMES_A_SECOND.items() if number == settings.rate), highest)
    if fps > highest:
        raise ValueError(f"Error: {settings.rate} Frames per second is not supported by this camera mode.")
    return DeviceConfiguration(
        color_format=ImageFormat[color[1]],
        color_resolution=resolution,
        depth_mode=depth,
        camera_fps=fps,
        depth_delay_off_color_usec=settings.depth_delay or 0,
        **_sync(settings, number),
    )


def _replayed(settings: Settings, number: int, source: str) -> Replayed:
    """As the recording was made, but for what the options say."""
    from ..device_configuration import FRAMES_A_SECOND
    from ..enums import ColorResolution, DepthMode, ImageFormat
    from ..replayed import replayed

    changes = _sync(settings, number)
    if settings.color is not None:
        changes["color_resolution"] = ColorResolution[settings.color[0]]
        changes["color_format"] = ImageFormat[settings.color[1]]
    if settings.depth is not None:
        changes["depth_mode"] = DepthMode[settings.depth]
    if settings.rate is not None:
        changes["camera_fps"] = next(fps for fps, number in FRAMES_A_SECOND.items() if number == settings.rate)
    if settings.depth_delay is not None:
        changes["depth_delay_off_color_usec"] = settings.depth_delay
    return replayed(source, **changes)


class _Stop:
    """What a signal handler sets. A `threading.Event` has a lock, which the interrupted code may be holding."""

    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set


@dataclass
class _Camera:
    """A camera, its file, and how its recording ended."""

    device: Device
    recorder: Recorder
    new: bool  # there was no such file
    error: BaseException | None = None


class _Session:
    """One run: cameras on, first capture, recording, and everything closed whatever happens."""

    def __init__(self, settings: Settings, plans: list[_Plan]) -> None:
        self._settings = settings
        self._plans = plans
        self._stop = _Stop()
        self._cameras: list[_Camera] = []
        self._no_space = False

    def run(self) -> int:
        self._check_paths()
        with contextlib.ExitStack() as stack:
            stack.enter_context(_signals(self._stop))
            try:
                devices = [stack.enter_context(device) for device in self._open()]
                for device in devices:
                    self._prepare(device)
                self._start(devices)
                captures = self._wait_for_first(devices)
                if captures is not None:
                    # Not before: a camera that does not start must not cost a file that was there.
                    self._create(devices, captures)
                    self._record()
            finally:
                closed = self._close()
        return self._status(closed)

    def _check_paths(self) -> None:
        """Find out what is wrong with the files before cameras are opened."""
        sources = self._settings.sources or os.environ.get("PYK4A_RP_SIMULATED", "").split(",")
        for path in (plan.path for plan in self._plans):
            if not path.exists():
                if not path.parent.is_dir():
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
                continue
            for source in filter(os.path.exists, map(str.strip, sources)):
                if path.samefile(source):
                    raise ValueError(f"{path} is the recording that is to be replayed: choose another output")
            if not self._settings.overwrite:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))

    def _open(self) -> Iterator[Device]:
        from ..device import Device

        s = self._settings
        for number, plan in enumerate(self._plans):
            if s.sources:
                device = Device.simulated(s.sources[number], configuration=plan.configuration)
            elif s.serials:
                device = Device.open(serial=s.serials[number], configuration=plan.configuration)
            else:
                device = Device.open(s.devices[number] if s.devices else 0, configuration=plan.configuration)
            device._imu_wanted = plan.imu
            yield device

    def _prepare(self, device: Device) -> None:
        """Say which camera it is, and set it up; what it does not take is said and does not matter."""
        v = device.version
        sensor = f"{v.depth_sensor.major}.{v.depth_sensor.minor}"
        build = "Rel" if v.firmware_build == 0 else "Dbg"
        print(f"Device serial number: {device.serial}")
        print(f"Device version: {build}; C: {v.rgb}; D: {v.depth}[{sensor}]; A: {v.audio}")
        s = self._settings
        wanted = [("exposure_time_absolute", "auto" if s.exposure is None else str(s.exposure))]
        if s.gain is not None:
            wanted.append(("gain", str(s.gain)))
        wanted += s.controls
        # Which exposures there are depends on the frequency.
        for name, value in sorted(wanted, key=lambda pair: pair[0] != "powerline_frequency"):
            try:
                control = device.color_controls[name]
                if value == "auto":
                    control.auto = True
                else:
                    control.value = int(value)
            except KeyError as error:
                print(error.args[0], file=sys.stderr)
            except (ValueError, RuntimeError) as error:
                print(error, file=sys.stderr)

    def _start(self, devices: list[Device]) -> None:
        from ..devices import start_synchronized

        if len(devices) > 1 and self._settings.sync == "MASTER":
            start_synchronized(devices)
        else:
            for device in devices:
                device.start()
        print("Device started")

    def _wait_for_first(self, devices: list[Device]) -> list[Capture] | None:
        """The first capture of each; None when it was stopped before."""
        subordinate = self._settings.sync == "SUBORDINATE"
        if subordinate:
            print("[subordinate mode] Waiting for signal from master", flush=True)
        captures = []
        for device in devices:
            capture = device._next_capture(360.0 if subordinate else 60.0, self._stop)
            if capture is None:
                return None
            captures.append(capture)
        return captures

    def _create(self, devices: list[Device], captures: list[Capture]) -> None:
        from ..recorder import Recorder

        s = self._settings
        for plan, device, capture in zip(self._plans, devices, captures, strict=True):
            new = not plan.path.exists()
            recorder = Recorder(plan.path, device=device, imu=plan.imu, metadata=s.metadata, overwrite=s.overwrite)
            self._cameras.append(_Camera(device, recorder, new))
            if s.keep_first:
                recorder.write_capture(capture)
            capture.release()
        print("Started recording")
        if s.length is None:
            print("Press Ctrl-C to stop recording.")
        sys.stdout.flush()

    def _record(self) -> None:
        threads = [threading.Thread(target=self._work, args=[camera]) for camera in self._cameras]
        show = None if self._settings.quiet or not sys.stderr.isatty() else _Progress(self._settings.length)
        for thread in threads:
            thread.start()
        looked = 0.0
        while any(thread.is_alive() for thread in threads) and not self._stop.is_set():
            time.sleep(0.1)
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
        for camera in self._cameras:
            # A folder that was moved away is no reason to end: the open file went with it.
            with contextlib.suppress(OSError):
                if limit and camera.recorder.free_bytes < limit:
                    self._no_space = True
                    self._stop.set()

    def _close(self) -> list[_Camera]:
        """Complete the files, and remove new ones in which nothing is; the cameras whose files stay."""
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
            elif camera.new:
                with contextlib.suppress(OSError):
                    os.unlink(camera.recorder.path)
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
            captures, dropped = camera.recorder._captures, camera.recorder.dropped_captures
            how_many = f"at most {captures}" if getattr(camera.error, "errno", None) else f"{captures}"
            try:
                size = f"{os.path.getsize(camera.recorder.path) / 1e6:.1f} MB"
            except OSError:
                size = "moved or removed meanwhile"
            print(f"Saved {camera.recorder.path}: {how_many} captures, {dropped} dropped, {size}")
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
def _signals(stop: _Stop) -> Iterator[None]:
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
