#!/usr/bin/env python3
"""Colour against Microsoft's library, simplejpeg, OpenCV, PyAV and libyuv, in one run; prints times and ratios.

    python tests/bench/bench_color.py RECORDING [--rounds 5] [--frames 60]

RECORDING   MJPG_1080P + NFOV_UNBINNED, two seconds or more; the page cache should hold it

What is not installed is left out. For the picture with restart markers libjpeg-turbo's `cjpeg` is needed (Debian:
libjpeg-turbo-progs). CPU times are those of the process (best round, since other work on the machine only adds);
what is said of several threads is wall time, and means little on a busy machine.
"""

from __future__ import annotations

import argparse
import ctypes.util
import itertools
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measure import best_ms, show

import pyk4a_rp as k
from pyk4a_rp import Image, ImageFormat
from pyk4a_rp._provider import load_provider

BGRA = ImageFormat.COLOR_BGRA32


def import_or_none(name: str):  # type: ignore[no-untyped-def]
    try:
        return __import__(name)
    except ImportError:
        return None


def decoders(file: np.ndarray, out: np.ndarray) -> dict[str, Callable[[], object]]:
    """Ways to decode a JPEG file to BGRA with one thread."""
    data = file.tobytes()
    found: dict[str, Callable[[], object]] = {}
    if simplejpeg := import_or_none("simplejpeg"):
        found["simplejpeg"] = lambda: simplejpeg.decode_jpeg(data, "BGRA", buffer=out)
        found["simplejpeg, fast DCT and upsampling"] = lambda: simplejpeg.decode_jpeg(
            data, "BGRA", fastdct=True, fastupsample=True, buffer=out
        )
    if cv2 := import_or_none("cv2"):
        cv2.setNumThreads(1)
        found["OpenCV (BGR, then BGRA)"] = lambda: cv2.cvtColor(
            cv2.imdecode(file, cv2.IMREAD_COLOR), cv2.COLOR_BGR2BGRA
        )
    if av := import_or_none("av"):
        codec = av.CodecContext.create("mjpeg", "r")
        codec.thread_count = 1
        packet = av.Packet(data)
        found["PyAV (then bgra)"] = lambda: codec.decode(packet)[0].to_ndarray(format="bgra")
    return found


def decode_one(image: Image, rounds: int) -> None:
    out = np.empty((image.height_pixels, image.width_pixels, 4), np.uint8)
    print(f"one {image.width_pixels} x {image.height_pixels} picture of {image.size} bytes to BGRA, one thread, CPU:")
    set_threads(1)
    ours = best_ms(lambda: image.to_bgra(out=out), rounds)
    show("pyk4a_rp", ours)
    for name, work in decoders(image.array, out.copy()).items():
        show(name, best_ms(work, rounds), ("pyk4a_rp", ours))


def with_restart_markers(image: Image, folder: Path) -> np.ndarray | None:
    cjpeg = shutil.which("cjpeg")
    if cjpeg is None:
        return None
    rgb = image.to_rgb()
    source = folder / "picture.ppm"
    source.write_bytes(f"P6 {image.width_pixels} {image.height_pixels} 255\n".encode() + rgb.tobytes())
    command = [cjpeg, "-quality", "95", "-sample", "2x1", "-restart", "1", str(source)]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8).copy()


def two_threads(image: Image, rounds: int, folder: Path) -> None:
    file = with_restart_markers(image, folder)
    if file is None:
        print("no cjpeg: no picture with restart markers")
        return
    size = image.width_pixels, image.height_pixels
    marked = Image.from_array(file, ImageFormat.COLOR_MJPG, width_pixels=size[0], height_pixels=size[1])
    out = np.empty((size[1], size[0], 4), np.uint8)
    print("the same with restart markers, wall:")
    set_threads(1)
    one = best_ms(lambda: marked.to_bgra(out=out), rounds, time.perf_counter)
    show("one thread", one)
    expected = out.copy()
    set_threads(2)
    two = best_ms(lambda: marked.to_bgra(out=out), 3 * rounds, time.perf_counter)
    show("two threads", two, note=f"   {one / two:5.2f} x as fast")
    assert np.array_equal(out, expected)
    set_threads(0)


def play(path: str, provider: str, frames: int, prefetch: int = 0) -> int:
    with k.Playback(path, provider=provider, color_format=BGRA) as playback:
        captures = playback.prefetch(threads=prefetch) if prefetch else iter(playback)
        total = 0
        for capture in itertools.islice(captures, frames):
            total += int(capture.color.array[0, 0, 0]) if capture.color is not None else 0
            if capture.depth is not None:
                total += int(capture.depth.array[0, 0])
            if capture.ir is not None:
                total += int(capture.ir.array[0, 0])
        return total


def playback(path: str, rounds: int, frames: int) -> None:
    print("playback converted to BGRA32, each image touched, per capture:")
    set_threads(1)
    ours = best_ms(lambda: play(path, "bundled", frames), rounds) / frames
    wall = best_ms(lambda: play(path, "bundled", frames), rounds, time.perf_counter) / frames
    show("pyk4a_rp, one thread, CPU", ours)
    try:
        load_provider("microsoft")
        theirs = best_ms(lambda: play(path, "microsoft", frames), rounds) / frames
        show("Microsoft's library, CPU", theirs, ("pyk4a_rp", ours))
    except k.ProviderError:
        print("  Microsoft's library is not installed")
    show("pyk4a_rp, one thread, wall", wall)
    ahead = best_ms(lambda: play(path, "bundled", frames, prefetch=2), 2 * rounds, time.perf_counter) / frames
    show("pyk4a_rp, prefetch(threads=2), wall", ahead, note=f"   {wall / ahead:5.2f} x as fast")
    set_threads(0)


def uncompressed(rounds: int) -> None:
    name = ctypes.util.find_library("yuv") or shutil.which("libyuv.so.0")
    yuv = ctypes.CDLL(name) if name else None
    width, height = 1920, 1080
    random = np.random.default_rng(1)
    out, theirs = (np.empty((height, width, 4), np.uint8) for _ in range(2))
    print(f"{width} x {height} uncompressed to BGRA, CPU:")

    def pointer(array: np.ndarray, offset: int = 0) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data + offset)

    for format, shape in ((ImageFormat.COLOR_NV12, (1620, 1920)), (ImageFormat.COLOR_YUY2, (1080, 1920, 2))):
        source = random.integers(0, 256, shape, np.uint8)
        image = Image.from_array(source, format)
        ours = best_ms(lambda image=image: image.to_bgra(out=out), 10 * rounds)  # type: ignore[misc]
        show(f"pyk4a_rp, {format.name}", ours)
        if yuv is None:
            continue
        if format == ImageFormat.COLOR_NV12:
            arguments = [pointer(source), width, pointer(source, width * height), width, pointer(theirs), 4 * width]
            call = yuv.NV12ToARGB
        else:
            arguments, call = [pointer(source), 2 * width, pointer(theirs), 4 * width], yuv.YUY2ToARGB
        time_ms = best_ms(lambda call=call, a=arguments: call(*a, width, height), 10 * rounds)  # type: ignore[misc]
        equal = "equal bytes" if np.array_equal(out, theirs) else f"{(out != theirs).sum()} BYTES DIFFER"
        show("libyuv", time_ms, ("pyk4a_rp", ours), f", {equal}")


def false_colors(path: str, rounds: int) -> None:
    with k.Playback(path) as playback:
        depth = next((capture.depth for capture in playback if capture.depth is not None), None)
    if depth is None:
        return
    out = np.empty((*depth.array.shape, 3), np.uint8)
    print(f"colorize {depth.array.shape[1]} x {depth.array.shape[0]}, CPU:")
    ours = best_ms(lambda: k.colorize(depth, (500, 4000), out=out), 5 * rounds)
    show("pyk4a_rp", ours)
    if cv2 := import_or_none("cv2"):
        array = depth.array

        def with_opencv() -> object:
            scaled = cv2.convertScaleAbs(array, alpha=255 / 3500, beta=-500 * 255 / 3500)
            return cv2.applyColorMap(scaled, cv2.COLORMAP_JET)

        show("OpenCV", best_ms(with_opencv, 5 * rounds), ("pyk4a_rp", ours))


MEMORY = """
import sys
sys.path.insert(0, sys.argv[1])
from bench_color import play

def peak():
    return next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))

print(peak())
play(sys.argv[2], "bundled", 60)
print(peak())
play(sys.argv[2], "bundled", 10**9, prefetch=2)
print(peak())
"""


def memory(path: str) -> None:
    if not sys.platform.startswith("linux"):
        return
    command = [sys.executable, "-c", MEMORY, str(Path(__file__).parent), path]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    start, plain, ahead = (int(number) / 1024 for number in text.split())
    print(f"peak memory: {start:.0f} MiB before, {plain:.0f} reading one by one, {ahead:.0f} with prefetch(threads=2)")


def set_threads(count: int) -> None:
    from pyk4a_rp import _points

    _points.set_thread_count(load_provider("bundled"), count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=60)
    arguments = parser.parse_args()
    with k.Playback(arguments.recording) as opened:
        image = next(capture.color for capture in opened if capture.color is not None)
    decode_one(image, 10 * arguments.rounds)
    with tempfile.TemporaryDirectory() as folder:
        two_threads(image, 20 * arguments.rounds, Path(folder))
    playback(arguments.recording, arguments.rounds, arguments.frames)
    uncompressed(arguments.rounds)
    false_colors(arguments.recording, arguments.rounds)
    memory(arguments.recording)


if __name__ == "__main__":
    main()
