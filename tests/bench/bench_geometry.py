#!/usr/bin/env python3
"""Geometry against a plain implementation, OpenCV and Microsoft's engine, in one run; prints times and ratios.

    python tests/bench/bench_geometry.py CALIBRATION [--native PROGRAM] [--rounds 5]

CALIBRATION  calibration.json of a unit with Brown-Conrady lenses, which is the model that OpenCV has too
--native     geometry_bench, built with -DCMAKE_BUILD_TYPE=Release -DK4A_RP_TESTS=ON; without it the plain
             implementation, single instruction sets and the memory limit are left out

All of it is NFOV_UNBINNED and 720P. What is not installed is left out; of OpenCV opencv-contrib-python-headless is
wanted. Times of one thread are processor time, of several wall time, which means little on a busy machine; the best of
many rounds counts, since other work on the machine only adds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from measure import best_ms, show

import pyk4a_rp as k
from pyk4a_rp import _points
from pyk4a_rp._provider import load_provider

MODES = k.DepthMode.NFOV_UNBINNED, k.ColorResolution.RES_720P
POINTS = 1_000_000


def check(what: str, value: float, aim: float, unit: str, *, at_least: bool = False) -> None:
    """A line for a figure that has an aim."""
    met = value >= aim if at_least else value <= aim
    print(f"  {what:<44}{value:10.2f} {unit}, aim {'>=' if at_least else '<='} {aim:g}: {'met' if met else 'MISSED'}")


def set_threads(count: int) -> None:
    _points.set_thread_count(load_provider("bundled"), count)


def depth_image() -> np.ndarray:
    """A slanted wall with a step and some holes, (576, 640) uint16."""
    y, x = np.mgrid[:576, :640]
    depth = 900 + 2.0 * x + y + 400 * (x > 350)
    depth[np.random.default_rng(1).random(depth.shape) < 0.02] = 0
    return depth.astype(np.uint16)


def native(program: str | None, rounds: int) -> None:
    if program is None:
        print("no --native: no plain implementation, no instruction sets, no memory limit")
        return
    text = subprocess.run([program, str(rounds)], capture_output=True, text=True, check=True).stdout
    lines = [line.split("\t") for line in text.splitlines()]
    names = lines[0][1:]
    rows = {line[0]: dict(zip(names, map(float, line[1:]), strict=False)) for line in lines[1:]}
    print("transformations, native, in ms:")
    print(f"  {'':<20}" + "".join(f"{name:>16}" for name in names))
    for name, row in rows.items():
        if len(row) == len(names):
            print(f"  {name:<20}" + "".join(f"{row[column]:16.3f}" for column in names))
    best = [name for name in rows if name.endswith("1 thread")][-1]
    one, two, plain = rows[best], rows[best.replace("1 thread", "2 threads")], rows["plain"]
    print(f"aims ({best}):")
    check("depth to color", one["depth_to_color"], 6, "ms")
    check("depth to color, plain / ours", plain["depth_to_color"] / one["depth_to_color"], 3, "x", at_least=True)
    check("depth to color, two threads / one", 100 * two["depth_to_color"] / one["depth_to_color"], 60, "%")
    limit = rows["two at once"][names[0]]
    print(
        f"    two whole transformations at a time on a thread each, nothing shared: "
        f"{100 * limit / one['depth_to_color']:.0f} % each is what this machine gives"
    )
    for name in ("custom", "color_to_depth", "point_cloud", "metric_points"):
        print(f"    {name}: plain / ours {plain[name] / one[name]:.1f} x")
    for name, row, written in (("point_cloud", "memory", 6), ("metric_points", "metric memory", 12)):
        memory = rows[row][names[0]]
        traffic = 640 * 576 * (10 + written) / 1e6
        print(
            f"    {name}: {one[name] / memory:.2f} x the time of its memory traffic alone "
            f"({traffic:.1f} MB: 10 bytes a pixel read, {written} written, at {traffic / memory:.1f} GB/s)"
        )
    check("ray tables of both cameras, default threads", min(one["ray_tables"], two["ray_tables"]), 15, "ms")


def points(calibration: k.Calibration, cv2: Any, rounds: int) -> None:
    """project and unproject of many points, one thread each."""
    camera = calibration.color
    random = np.random.default_rng(2)
    pixels = (random.random((POINTS, 2)) * camera.size).astype(np.float32)
    depths = random.uniform(500, 5000, POINTS).astype(np.float32)
    xyz = calibration.unproject(pixels, depths, "color")
    print(f"{POINTS} points of the color camera:")
    set_threads(1)
    project = best_ms(lambda: calibration.project(xyz, "color"), rounds)
    unproject = best_ms(lambda: calibration.unproject(pixels, depths, "color"), rounds)
    show("project", project)
    if cv2 is not None:
        matrix, distortion = camera.camera_matrix, camera.distortion
        zero = np.zeros(3)
        theirs = best_ms(lambda: cv2.projectPoints(xyz, zero, zero, matrix, distortion), rounds)
        show("OpenCV's projectPoints", theirs, ("project", project))
        found = cv2.projectPoints(xyz, zero, zero, matrix, distortion)[0].reshape(-1, 2)
        difference = np.nanmax(np.abs(found - calibration.project(xyz, "color")))
        print(f"    results differ by up to {difference:.4f} px; aim faster: {'met' if project < theirs else 'MISSED'}")
    show("unproject", unproject)
    if cv2 is not None:
        theirs = best_ms(lambda: cv2.undistortPoints(pixels, matrix, distortion), rounds)
        show("OpenCV's undistortPoints", theirs, ("unproject", unproject))
        rays = cv2.undistortPoints(pixels, matrix, distortion).reshape(-1, 2)
        errors = []
        for each in (rays, xyz[:, :2] / xyz[:, 2:]):
            back = calibration.project(np.column_stack([each, np.ones(POINTS)]), "color")
            errors.append(float(np.nanmax(np.abs(back - pixels))))
        print(
            f"    projected back, its rays miss by up to {errors[0]:.4f} px (a fixed number of steps), ours by "
            f"{errors[1]:.4f}; aim faster: {'met' if unproject < theirs else 'MISSED'}"
        )
    set_threads(0)


def registration(calibration: k.Calibration, cv2: Any, rounds: int) -> None:
    """Depth to color against OpenCV's registerDepth."""
    depth = depth_image()
    width, height = calibration.color.size
    print("depth to color, one thread, from Python:")
    set_threads(1)
    with k.Transformation(calibration) as transformation:
        out = np.empty((height, width), np.uint16)
        ours = best_ms(lambda: transformation.depth_to_color(depth, out=out), 10 * rounds)
    show("pyk4a_rp", ours, note=f"   covers {(out > 0).mean():.1%} of the image")
    set_threads(0)
    if cv2 is None:
        return
    register = getattr(cv2, "registerDepth", None) or getattr(getattr(cv2, "rgbd", None), "registerDepth", None)
    if register is None:
        print("  this OpenCV has no registerDepth (opencv-contrib-python-headless has)")
        return
    pose = calibration.extrinsics("depth", "color").copy()
    pose[:3, 3] /= 1000
    color = calibration.color
    for dilate in (False, True):
        arguments = (calibration.depth.camera_matrix, color.camera_matrix, color.distortion, pose, depth, color.size)
        theirs = best_ms(lambda a=arguments, d=dilate: register(*a, depthDilation=d), rounds)  # type: ignore[misc]
        covered = (register(*arguments, depthDilation=dilate) > 0).mean()
        name = "OpenCV's registerDepth" + (", dilated" if dilate else "")
        show(name, theirs, ("pyk4a_rp", ours), f", covers {covered:.1%}")
    print("    (single points: no surface between them, and the distortion of the depth lens is left out)")


def searches(path: str, rounds: int) -> None:
    """Depth pixels of color pixels, one thread; Microsoft's function takes one at a time."""
    depth = depth_image()
    pixels = np.random.default_rng(3).uniform(0, [1280, 720], (1000, 2)).astype(np.float32)
    print(f"depth pixels of {len(pixels)} color pixels, one thread:")
    set_threads(1)
    ours = k.Calibration.from_file(path, *MODES)
    time = best_ms(lambda: ours.color_pixel_to_depth_pixel(pixels, depth), 5 * rounds)
    show("pyk4a_rp", time)
    set_threads(0)
    try:
        theirs = k.Calibration.from_file(path, *MODES, provider="microsoft")
    except k.ProviderError:
        print("  Microsoft's library is not installed")
        return
    show(
        "Microsoft's library",
        best_ms(lambda: theirs.color_pixel_to_depth_pixel(pixels, depth), rounds),
        ("pyk4a_rp", time),
    )
    found = [calibration.color_pixel_to_depth_pixel(pixels, depth) for calibration in (ours, theirs)]
    same = (np.abs(found[0] - found[1]).max(axis=1) < 0.001) | np.isnan(found).any(axis=2).all(axis=0)
    print(f"    {same.sum()} of {len(pixels)} answers are the same")


MICROSOFT = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import numpy as np
import pyk4a_rp as k
from bench_geometry import MODES, best_ms, depth_image, set_threads

depth, color = depth_image(), np.full((720, 1280, 4), 99, np.uint8)
with k.Transformation(k.Calibration.from_file(sys.argv[2], *MODES, provider=sys.argv[3])) as transformation:
    aligned = transformation.depth_to_color(depth)
    colors = transformation.color_to_depth(depth, color)
    points = transformation.depth_to_point_cloud(depth)
    assert min((aligned > 0).mean(), (colors > 0).mean(), (points != 0).mean()) > 0.5
    wall = time.perf_counter
    times = {
        "depth to color": best_ms(lambda: transformation.depth_to_color(depth, out=aligned), 3, wall),
        "color to depth": best_ms(lambda: transformation.color_to_depth(depth, color, out=colors), 10, wall),
    }
    set_threads(1)
    times["point cloud"] = best_ms(lambda: transformation.depth_to_point_cloud(depth, out=points), 200)
print(json.dumps(times))
"""


@contextmanager
def display() -> Iterator[dict[str, str] | None]:
    """The environment of a process that may open windows, or None."""
    server = shutil.which("Xvfb")
    if os.environ.get("DISPLAY") or sys.platform != "linux":
        yield dict(os.environ)
    elif server is None:
        yield None
    else:
        read, write = os.pipe()
        command = [server, "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
        process = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        try:
            yield {**os.environ, "DISPLAY": f":{number}"} if number else None
        finally:
            process.terminate()
            process.wait()


def microsoft(path: str) -> None:
    try:
        load_provider("microsoft")
    except k.ProviderError:
        print("Microsoft's library is not installed")
        return
    with display() as environment:
        if environment is None:
            print("no display and no Xvfb: Microsoft's engine is left out")
            return
        environment["K4A_ENABLE_LOG_TO_STDOUT"] = "0"
        results = {}
        for provider in ("bundled", "microsoft"):
            command = [sys.executable, "-c", MICROSOFT, str(Path(__file__).parent), path, provider]
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            if done.returncode != 0:
                print(f"Microsoft's engine does not run here: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
                return
            results[provider] = json.loads(done.stdout.splitlines()[-1])
    print("Microsoft's engine (OpenGL, here maybe in software), all threads, wall; point clouds: one thread:")
    for name, theirs in results["microsoft"].items():
        show(f"{name}, pyk4a_rp", results["bundled"][name])
        show(f"{name}, Microsoft's library", theirs, ("pyk4a_rp", results["bundled"][name]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calibration")
    parser.add_argument("--native")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    try:
        import cv2

        cv2.setNumThreads(1)
        print(f"OpenCV {cv2.__version__}, one thread")
    except ImportError:
        cv2 = None
        print("OpenCV is not installed")
    native(arguments.native, arguments.rounds)
    calibration = k.Calibration.from_file(arguments.calibration, *MODES)
    points(calibration, cv2, arguments.rounds)
    registration(calibration, cv2, arguments.rounds)
    searches(arguments.calibration, arguments.rounds)
    microsoft(arguments.calibration)


if __name__ == "__main__":
    main()
