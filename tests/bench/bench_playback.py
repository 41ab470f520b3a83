#!/usr/bin/env python3
"""Playback against Microsoft's library and the package pyk4a, in one run; prints ratios.

    python tests/bench/bench_playback.py RECORDING [--long RECORDING] [--rounds 3] [--pyk4a-python PYTHON]

RECORDING   60 s of MJPG_1080P + NFOV_UNBINNED + IMU with a calibration (pyk4a opens nothing without one), see
            the README of the generator in the shared folder; the page cache should hold it (the first round warms
            it up)
--long      an hour of colour, for opening and seeking
--pyk4a-python   an interpreter with pyk4a and NumPy 1, for the comparison from Python

Both libraries run the same C program (playback_bench.c), turn by turn; the best round of each counts, since other work
on the machine only adds. CPU time, because Microsoft's library uses a second thread. "limit" is the same file through
read() into one reused buffer, 16-bit words swapped, every byte touched: a reader that copies cannot be faster.
"""

import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyk4a_rp

HERE = Path(__file__).parent
HEADERS = HERE.parents[1] / "vendor" / "k4a" / "include"

PYK4A = """
import sys, time
from pyk4a import PyK4APlayback
playback = PyK4APlayback(sys.argv[1]); playback.open()
start = time.process_time(); count = 0; total = 0
try:
    while True:
        capture = playback.get_next_capture(); count += 1
        total += int(capture.depth[0, 0]) + int(capture.ir[0, 0]) + int(capture.color[0])
except EOFError:
    pass
print(count, time.process_time() - start)
"""

OURS = """
import sys, time
import pyk4a_rp
with pyk4a_rp.Playback(sys.argv[1]) as playback:
    start = time.process_time(); count = 0; total = 0
    for capture in playback:
        count += 1
        total += int(capture.depth.array[0, 0]) + int(capture.ir.array[0, 0]) + int(capture.color.array[0])
    print(count, time.process_time() - start)
"""


def build(folder: Path, name: str, libraries: list[str]) -> Path:
    program = folder / name
    paths = sorted({str(Path(library).parent) for library in libraries})
    command = ["cc", "-O3", "-march=native", f"-I{HEADERS}", str(HERE / "playback_bench.c"), "-o", str(program)]
    command += libraries
    command += [f"-Wl,-rpath,{path}" for path in paths] + ["-Wl,--allow-shlib-undefined"]
    subprocess.run(command, check=True)
    return program


def run(program: Path, mode: str, recording: str, n: int = 100) -> dict:
    environment = {**os.environ, "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    command = [str(program), mode, recording, str(n)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)


def best(runs: list[dict], key: str) -> float:
    return min(one[key] for one in runs)


def print_row(name: str, unit: str, microsoft: float, ours: float, limit: float | None = None) -> None:
    ratio = microsoft / ours if ours > 0 else float("inf")
    text = f"{name:34} {microsoft:12.4g} {ours:12.4g} {unit:12} {ratio:9.1f}x"
    print(text + (f"   limit {limit:.4g}" if limit is not None else ""))


def compare(programs: dict[str, Path], recording: str, long: str | None, rounds: int) -> None:
    def both(mode: str, path: str, n: int = 100) -> dict[str, list[dict]]:
        results: dict[str, list[dict]] = {name: [] for name in programs}
        for _ in range(rounds):
            for name, program in programs.items():
                results[name].append(run(program, mode, path, n))
        return results

    def row(name: str, mode: str, unit: str, scale: float, key: str = "cpu", path: str = recording, n: int = 100,
            each: bool = True, limit: float | None = None) -> None:  # fmt: skip
        results = both(mode, path, n)
        count = results["bundled"][0]["count"] if each else 1
        values = {name: best(runs, key) / count * scale for name, runs in results.items()}
        print_row(name, unit, values["microsoft"], values["bundled"], limit)

    captures = run(programs["bundled"], "timestamps", recording)["count"]
    floor = best([run(programs["bundled"], "limit", recording) for _ in range(rounds)], "cpu") / captures * 1e3
    print(f"{'':34} {'microsoft':>12} {'bundled':>12}")
    row("every pixel, forwards", "full", "ms CPU/capture", 1e3, limit=floor)
    row("every pixel, backwards", "backwards", "ms CPU/capture", 1e3, limit=floor)
    row("depth only", "depth", "ms CPU/capture", 1e3)
    row("timestamps only", "timestamps", "ms CPU/capture", 1e3)
    row("random seek + capture, median", "seek", "ms", 1e3, key="median", each=False)
    row("all IMU samples, one call each", "imu", "ms CPU", 1e3, each=False)
    row("peak memory of reading everything", "full", "MiB", 1 / 1024, key="peak_kib", each=False)
    row("memory of one open handle", "handle", "MiB", 1 / 1024, key="rss_kib", each=False)
    for name, path in (("open", recording), ("open, long recording", long)):
        if path:
            row(name, "open", "ms", 1e3, key="wall", path=path, n=20)
    if long:
        row("random seek + capture, long", "seek", "ms", 1e3, key="median", path=long, each=False)


def bulk_imu(recording: str) -> None:
    with pyk4a_rp.Playback(recording) as playback:
        start = time.process_time()
        samples = len(playback.imu)
        warm = time.process_time() - start
    descriptor = os.open(recording, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)

    def read_bytes() -> int:
        lines = Path("/proc/self/io").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("read_bytes")))

    before = read_bytes()
    with pyk4a_rp.Playback(recording) as playback:
        samples = len(playback.imu)
    share = (read_bytes() - before) / os.path.getsize(recording) * 100
    print(f"playback.imu: {samples} samples in {warm * 1e3:.1f} ms CPU; cold it reads {share:.2f} % of the file")


def from_python(recording: str, pyk4a_python: str | None) -> None:
    def measure(python: str, program: str) -> float:
        # The idle threads of NumPy's OpenBLAS spin for a while after the import; that is nobody's playback.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        command = [python, "-c", program, recording]
        out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
        count, seconds = out.split()[-2:]
        return int(count) / float(seconds)

    moved = PYK4A.replace("from pyk4a import", "from pyk4a_rp.compat.pyk4a import")
    ours, compat = (max(measure(sys.executable, program) for _ in range(2)) for program in (OURS, moved))
    print(f"from Python: {ours:.0f} captures per CPU second (color, depth and IR arrays of each)")
    print(f"program for pyk4a with our import: {compat:.0f}")
    if pyk4a_python:
        theirs = max(measure(pyk4a_python, PYK4A) for _ in range(2))
        print(f"pyk4a: {theirs:.0f}; ratios {ours / theirs:.1f}x and {compat / theirs:.1f}x")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording")
    parser.add_argument("--long")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pyk4a-python")
    arguments = parser.parse_args()

    microsoft = pyk4a_rp.load_provider("microsoft")
    dropin = Path(pyk4a_rp.__file__).parent / "dropin"
    foreign = [microsoft.record_path, microsoft.path]
    foreign += glob.glob(str(Path(microsoft.path).parent / "libudev*"))
    with tempfile.TemporaryDirectory() as folder:
        programs = {
            "microsoft": build(Path(folder), "microsoft", foreign),
            "bundled": build(Path(folder), "bundled", [str(p) for p in sorted(dropin.glob("*.so.1.4"), reverse=True)]),
        }
        compare(programs, arguments.recording, arguments.long, arguments.rounds)
    bulk_imu(arguments.recording)
    from_python(arguments.recording, arguments.pyk4a_python)
    return 0


if __name__ == "__main__":
    sys.exit(main())
