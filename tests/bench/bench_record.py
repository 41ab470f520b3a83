#!/usr/bin/env python3
"""Recording against Microsoft's library, in one run; prints ratios.

    python tests/bench/bench_record.py [--folder /dev/shm] [--captures 600] [--rounds 3]

MJPG_1080P, NFOV_UNBINNED depth and IR at 30 fps, IMU at 1666 Hz, into a folder that should lie in memory. Both
libraries run the same C program (record_bench.c), turn by turn; the best round of each counts, since other work on the
machine only adds. Peaks of memory hold 4 MiB of inputs. "limit" is copying with swap and CRC-32, and write(), of the
same bytes.
"""

import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyk4a_rp

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def build(folder, name, libraries):
    """The C program, linked against a pair of libraries."""
    program = folder / name
    paths = sorted({str(Path(library).parent) for library in libraries})
    command = ["cc", "-O2", f"-I{ROOT / 'vendor/k4a/include'}", str(HERE / "record_bench.c"), "-o", str(program)]
    command += [*libraries, *[f"-Wl,-rpath,{path}" for path in paths], "-Wl,--allow-shlib-undefined"]
    subprocess.run(command, check=True)
    return program


def run(program, path, captures, paced):
    """One recording; its figures."""
    environment = {**os.environ, "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    command = [str(program), str(path), str(captures), str(int(paced))]
    done = subprocess.run(command, check=True, capture_output=True, env=environment)
    path.unlink()
    figures = json.loads(done.stdout)
    assert figures["failures"] == 0
    return figures


def limit(folder, path, captures, rounds):
    """CPU seconds a capture of what cannot be avoided."""
    program, native = folder / "limit", ROOT / "src" / "_native"
    sources = [str(HERE / "record_limit.cpp"), str(native / "core/crc32.cpp"), str(native / "core/bytes.cpp")]
    subprocess.run(["c++", "-std=c++17", "-O3", f"-I{native}", *sources, "-o", str(program)], check=True)
    best = 1e9
    for _ in range(rounds):
        done = subprocess.run([str(program), str(path), str(captures)], check=True, capture_output=True, text=True)
        best = min(best, float(done.stdout.split()[0]))
        path.unlink()
    return best


def row(name, unit, results, key, scale, worst=False, floor=None):
    """Print the best (or the worst) of both, and the ratio."""
    choose = max if worst else min
    theirs, ours = (choose(one[key] for one in results[of]) * scale for of in ("microsoft", "bundled"))
    text = f"{name:44} {theirs:12.4g} {ours:12.4g} {unit:16} {theirs / ours:8.1f}x"
    print(text + (f"   limit {floor:.4g}" if floor is not None else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default="/dev/shm")
    parser.add_argument("--captures", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()

    microsoft = pyk4a_rp.load_provider("microsoft")
    dropin = Path(pyk4a_rp.load_provider("bundled").path).parents[1] / "dropin"
    foreign = [microsoft.record_path, microsoft.path, *glob.glob(str(Path(microsoft.path).parent / "libudev*"))]
    ours = [str(path) for path in sorted(dropin.glob("*.so.1.4"), reverse=True)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        programs = {"microsoft": build(folder, "microsoft", foreign), "bundled": build(folder, "bundled", ours)}
        path = Path(arguments.folder) / f"bench_record_{os.getpid()}.mkv"
        floor = limit(folder, path, arguments.captures, arguments.rounds)
        print(f"{'':44} {'microsoft':>12} {'bundled':>12}")
        for paced, how in ((False, "as fast as possible"), (True, "paced at 30 fps")):
            captures = arguments.captures if not paced else min(arguments.captures, 300)
            results = {name: [] for name in programs}
            for _ in range(arguments.rounds):
                for name, program in programs.items():
                    results[name].append(run(program, path, captures, paced))
            row(f"CPU, {how}", "ms/capture", results, "cpu", 1e3 / captures, floor=floor * 1e3)
            row(f"peak memory, {how}", "MiB", results, "peak_kib", 1 / 1024, worst=True)
            row(f"last write to closed file, {how}", "s", results, "close", 1)
            row(f"longest write_capture, {how}", "ms", results, "longest", 1e3)
            if not paced:
                row("recording at full speed", "s", results, "wall", 1)
            else:
                row("memory half way", "MiB", results, "half_kib", 1 / 1024, worst=True)
                row("memory at the end", "MiB", results, "end_kib", 1 / 1024, worst=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
