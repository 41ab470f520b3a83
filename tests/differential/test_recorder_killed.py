"""Recordings whose recorder was killed: both libraries open them and find the same."""

import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.differential import harness

CHILD = Path(__file__).resolve().with_name("recording_child.py")
MOST_LOST_USEC = 200_000
MOST_LOST_IN_CI_USEC = 300_000  # on a machine that has other things to do


def kill_at(provider, folder, moments, seconds, at_once, *more):
    """Record `seconds` a time and kill at each of the moments (s); `[(path, captures written, time of the last)]`."""
    results, waiting, running = [], list(enumerate(moments)), []
    while waiting or running:
        while waiting and len(running) < at_once:
            number, moment = waiting.pop()
            path, progress = folder / f"{provider}-{number}.mkv", folder / f"{provider}-{number}.progress"
            progress.write_bytes(bytes(16))
            command = [sys.executable, str(CHILD), provider, str(path), str(seconds), str(progress), *more]
            child = subprocess.Popen(command)
            running.append([child, None, moment, path, progress])
        time.sleep(0.002)
        for entry in list(running):
            child, began, moment, path, progress = entry
            assert child.poll() is None, "the recording ended by itself"
            count, _ = struct.unpack("<QQ", progress.read_bytes())
            if began is None and count:
                entry[1] = time.monotonic()
            elif began is not None and time.monotonic() - began >= moment:
                child.send_signal(signal.SIGKILL)
                child.wait()
                results.append((path, *struct.unpack("<QQ", progress.read_bytes())))
                running.remove(entry)
    return results


def check(results):
    """Both libraries agree on every file; returns how much each of them lost (us)."""
    jobs = [{"id": path.name, "path": str(path), "sections": ["open", "captures", "imu"]} for path, _, _ in results]
    ours, theirs = (harness.run_jobs(reader, jobs) for reader in ("bundled", "microsoft"))
    lost = []
    for path, _, last in results:
        assert ours[path.name]["open"]["result"] == 0, path.name
        assert theirs[path.name]["open"] == ours[path.name]["open"], path.name
        for section in ("captures", "imu"):
            assert ours[path.name][section]["forward"] == theirs[path.name][section]["forward"], (path.name, section)
        times = [capture["depth"]["at"] for capture in ours[path.name]["captures"]["forward"] if "depth" in capture]
        assert times == sorted(set(times))
        lost.append(last - times[-1])
    return lost


def test_killed_recorder_leaves_a_recording_that_both_libraries_open(microsoft, tmp_path):
    """Four moments; at most the last 0.2 s is lost."""
    rng = random.Random()
    lost = check(kill_at("bundled", tmp_path, [rng.uniform(0.5, 2.5) for _ in range(4)], 30, 2))
    assert max(lost) <= MOST_LOST_IN_CI_USEC


def test_killed_recorder_that_replaces_clusters_leaves_nothing_twice(microsoft, tmp_path):
    """Samples come late all the time, so that clusters are written again; how much is waited for varies with that."""
    rng = random.Random()
    check(kill_at("bundled", tmp_path, [rng.uniform(1.5, 4) for _ in range(4)], 30, 4, "late"))


@pytest.mark.slow
def test_killed_recorder_at_fifty_moments_loses_the_last_moment_at_most(microsoft, tmp_path):
    """Fifty of ours and twenty of Microsoft's, of ten seconds each."""
    rng = random.Random(50)
    moments = [rng.uniform(0.4, 9.8) for _ in range(50)]
    lost = check(kill_at("bundled", tmp_path, moments, 30, 2))
    theirs = kill_at("microsoft", tmp_path, moments[:20], 30, 2)
    jobs = [{"id": path.name, "path": str(path), "sections": ["open"]} for path, _, _ in theirs]
    opened = sum(answer["open"]["result"] == 0 for answer in harness.run_jobs("microsoft", jobs).values())
    print(f"\nbundled: 50 of 50 opened by both; lost at most {max(lost) / 1000:.0f} ms")
    print(f"microsoft: {opened} of 20 opened by its own library")
    assert max(lost) <= MOST_LOST_USEC
