"""A disk that is full while recording: the error surfaces, memory stays bounded, what was written is readable."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.differential import harness

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="uses /proc and mount")

CHILD = r"""
import json, re, resource, signal, sys
sys.path.insert(0, sys.argv[3])
from pyk4a_rp import _extensions, _provider, k4a
from tests.differential.recorded import Session
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if sys.argv[2] != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
def peak_kib():
    return int(re.search(r'VmHWM:\s+(\d+)', open('/proc/self/status').read()).group(1))
before = peak_kib()
session = Session(k4a, _provider.load_provider("bundled"), sys.argv[1], depth_mode=2, camera_fps=2)
session.call("add_imu_track")
session.call("write_header")
failed_at = None
for number in range(90):
    session.capture(number)
    if session.answers[-1] and failed_at is None:
        failed_at = number
flush = session.call("flush")
state = _extensions.record_get_state(session.handle)[1]
words = _extensions.record_get_error_text(session.handle)[1]
peak = peak_kib() - before
session.close()
print(json.dumps([failed_at, session.answers, flush, peak, state.failed, state.error_code, words]))
"""


def record(path, limit):
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), str(limit), root], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (*json.loads(done.stdout.splitlines()[-1]), done.stderr)


def check(path, limit, space, error):
    failed_at, answers, flush, peak_kib, failed, error_code, words, _ = record(path, limit)
    assert (failed, error_code) == (1, error)
    assert str(path) in words and os.strerror(error) in words
    capture_bytes = 2 * 640 * 576 * 2
    held = space // capture_bytes
    assert failed_at is not None and failed_at <= held + 30
    assert flush == 1
    # Refused from then on, without exception.
    assert set(answers[2 + failed_at + 1 :]) == {1}
    assert peak_kib < 64 * 1024  # the queue's 32 MiB, reused image buffers, and the image that is being made
    jobs = [{"id": "full", "path": str(path), "sections": ["open", "captures"]}]
    seen = [harness.run_jobs(reader, jobs)["full"] for reader in ("bundled", "microsoft")]
    for answer in seen:
        assert answer["open"]["result"] == 0
        assert len(answer["captures"]["forward"]) >= held - 2
    assert seen[0]["captures"]["forward"] == seen[1]["captures"]["forward"]


def test_file_size_limit_while_recording_surfaces_and_keeps_what_was_written(microsoft, tmp_path):
    """RLIMIT_FSIZE stands in for a full disk."""
    check(tmp_path / "limited.mkv", 20 << 20, 20 << 20, errno.EFBIG)


def test_full_tmpfs_while_recording_surfaces_and_keeps_what_was_written(microsoft, tmp_path):
    """64 MiB, of which nothing is left at the end."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.name == "posix" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("no tmpfs can be mounted here")
    try:
        check(folder / "full.mkv", 0, 64 << 20, errno.ENOSPC)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
