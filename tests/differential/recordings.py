"""Recordings made by the generator with Microsoft's writer; the file name has a hash of how each was made."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

SMALL = ["--tiny-color", "--jpeg-quality", "20", "--pool", "3"]
OFFSET_33_BITS = 2**32 + 123_456_789


class Recording(NamedTuple):
    """One generated recording: the generator's options, and tags and attachments to ask a reader for."""

    name: str
    options: str
    tags: tuple = ()
    attachments: tuple = ()


RECORDINGS = [
    # every colour format and resolution
    Recording("mjpg_720p", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 20 --imu"),
    Recording("mjpg_1080p", "--color MJPG_1080P --depth OFF --frames 8"),
    Recording("mjpg_1440p_5fps", "--color MJPG_1440P --depth NFOV_2X2BINNED --fps 5 --frames 6 --imu"),
    Recording("mjpg_1536p_15fps", "--color MJPG_1536P --depth WFOV_2X2BINNED --fps 15 --frames 8"),
    Recording("mjpg_2160p", "--color MJPG_2160P --depth OFF --frames 4"),
    Recording("mjpg_3072p_15fps", "--color MJPG_3072P --depth OFF --fps 15 --frames 3 --imu"),
    Recording("nv12_720p", "--color NV12_720P --depth NFOV_2X2BINNED --frames 8"),
    Recording("yuy2_720p_15fps", "--color YUY2_720P --depth OFF --fps 15 --frames 6 --imu"),
    Recording("bgra_720p_5fps", "--color BGRA_720P --depth NFOV_2X2BINNED --fps 5 --frames 4"),
    # every depth mode
    Recording("nfov_unbinned", "--color OFF --depth NFOV_UNBINNED --frames 12 --imu"),
    Recording("nfov_2x2binned", "--color OFF --depth NFOV_2X2BINNED --frames 30"),
    Recording("wfov_unbinned_15fps", "--color MJPG_720P --depth WFOV_UNBINNED --fps 15 --frames 8"),
    Recording("wfov_2x2binned_5fps", "--color OFF --depth WFOV_2X2BINNED --fps 5 --frames 8 --imu"),
    Recording("passive_ir", "--color MJPG_720P --depth PASSIVE_IR --frames 10 --imu"),
    # lost and shaken frames
    Recording(
        "drops",
        "--color MJPG_720P --depth NFOV_2X2BINNED --frames 60 --drop color:0,depth:7,capture:10-14,ir:20-22 --imu",
    ),
    Recording("drops_random", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 60 --drop-rate 0.2 --seed 5"),
    Recording("color_ends_early", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 30 --drop color:12-29 --imu"),
    Recording("depth_ends_early", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 30 --drop depth:12-29"),
    Recording("depth_starts_late", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 30 --drop depth:0-11"),
    Recording("jitter_60us", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 40 --jitter-usec 60 --imu"),
    Recording("jitter_6ms", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 60 --jitter-usec 6000 --seed 3 --imu"),
    Recording(
        "jitter_15ms_drops",
        "--color MJPG_720P --depth NFOV_2X2BINNED --frames 90 --jitter-usec 15000 --drop-rate 0.1 --seed 11",
    ),
    # depth before and after color
    Recording("delay_plus_160", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 30 --depth-delay-usec 160 --imu"),
    Recording("delay_plus_30000", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 40 --depth-delay-usec 30000"),
    Recording("delay_minus_160", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 30 --depth-delay-usec -160"),
    Recording(
        "delay_minus_30000", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 40 --depth-delay-usec -30000 --imu"
    ),
    Recording(
        "delay_plus_5fps", "--color MJPG_720P --depth NFOV_2X2BINNED --fps 5 --frames 8 --depth-delay-usec 150000"
    ),
    Recording(
        "delay_minus_5fps", "--color MJPG_720P --depth NFOV_2X2BINNED --fps 5 --frames 8 --depth-delay-usec -150000"
    ),
    # start offsets
    Recording("offset_0", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 10 --imu --start-offset-usec 0"),
    Recording(
        "offset_32_bits", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 10 --imu --start-offset-usec 4294900000"
    ),
    Recording(
        "offset_33_bits",
        "--color MJPG_720P --depth NFOV_2X2BINNED --frames 20 --imu "
        f"--custom-track EVENTS:50 --start-offset-usec {OFFSET_33_BITS}",
    ),
    Recording(
        "offset_33_bits_long",
        f"--color OFF --depth NFOV_2X2BINNED --fps 5 --frames 16 --imu --start-offset-usec {OFFSET_33_BITS}",
    ),
    # custom tracks
    Recording(
        "custom_tracks",
        "--color MJPG_720P --depth NFOV_2X2BINNED --frames 20 --custom-track EVENTS:100 "
        "--custom-track FAST:2000:highfreq --custom-video-track THERMAL:10:80x60 --imu",
    ),
    Recording(
        "custom_tracks_only",
        "--color OFF --depth OFF --seconds 1 --custom-track EVENTS:100 --custom-track FAST:1500:highfreq",
    ),
    Recording("custom_video_only", "--color OFF --depth OFF --seconds 1 --custom-video-track THERMAL:15:80x60"),
    # one kind of data only
    Recording("imu_only", "--color OFF --depth OFF --imu --seconds 2"),
    Recording("color_only", "--color MJPG_720P --depth OFF --frames 30"),
    Recording("depth_only_15fps", "--color OFF --depth NFOV_2X2BINNED --fps 15 --frames 15"),
    Recording("one_capture", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 1"),
    # headers
    Recording("sync_master", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 3 --sync MASTER"),
    Recording(
        "sync_subordinate",
        "--color MJPG_720P --depth NFOV_2X2BINNED --frames 3 --sync SUBORDINATE --subordinate-delay-usec 1234",
    ),
    Recording(
        "tags_and_attachments",
        "--color OFF --depth NFOV_2X2BINNED --frames 3 --tag FIRST=1 --tag EMPTY= "
        "--tag TEXT=Grüße,_東京 --tag FIRST=2 --attach {folder}/notes.txt --attach {folder}/empty.bin "
        "--attach {folder}/bytes.bin --calibration {shared}/calibrations/pyk4a_001514394512_compact.json",
        ("FIRST", "EMPTY", "TEXT", "first"),
        ("notes.txt", "empty.bin", "bytes.bin", "NOTES.TXT"),
    ),
    # written in pieces
    Recording("flushed_often", "--color MJPG_720P --depth NFOV_2X2BINNED --frames 75 --flush-every 0.5 --imu"),
    Recording(
        "three_seconds",
        "--color MJPG_720P --depth NFOV_2X2BINNED --seconds 3 --imu --jitter-usec 40 --drop-rate 0.03 --seed 9",
    ),
]
BY_NAME = {recording.name: recording for recording in RECORDINGS}


class Unavailable(Exception):
    """A file cannot be made here; the text says why."""


def _attachment_files(folder):
    (folder / "notes.txt").write_text("a note\n")
    (folder / "empty.bin").write_bytes(b"")
    (folder / "bytes.bin").write_bytes(bytes(range(256)) * 300)


class Generator:
    """Makes recordings into `folder` once; `shared` is the folder of shared data with `tools/make_recording.py`."""

    def __init__(self, folder, shared, python=sys.executable):
        self.folder, self.shared, self.python = Path(folder), Path(shared), python
        self.tool = self.shared / "tools" / "make_recording.py"

    def why_not(self):
        """The reason why nothing can be generated, or None."""
        if not self.tool.exists():
            return f"the recording generator {self.tool} is not there"
        missing = [name for name in ("pyk4a", "numpy") if importlib.util.find_spec(name) is None]
        if not any(importlib.util.find_spec(name) for name in ("simplejpeg", "PIL")):
            missing.append("simplejpeg or Pillow")
        return f"the recording generator needs {', '.join(missing)}" if missing else None

    def make(self, name):
        """Paths of the recording and its manifest."""
        recording = BY_NAME[name]
        reason = self.why_not()
        if reason:
            raise Unavailable(reason)
        key = hashlib.sha256(json.dumps([recording.options, SMALL, self.tool.stat().st_size]).encode()).hexdigest()[:12]
        path = self.folder / f"{name}-{key}.mkv"
        manifest = path.with_suffix(".json")
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
                scratch = Path(scratch)
                _attachment_files(scratch)
                options = recording.options.format(folder=scratch, shared=self.shared).split()
                made = scratch / "made.mkv"
                self._run([str(made), *SMALL, *options, "--quiet", "--manifest", str(manifest)])
                os.replace(made, path)
        return path, manifest

    def make_unclosed(self, name):
        """A copy of the recording as it was on disk just before it was closed: what a killed recorder leaves behind."""
        path, manifest = self.make(name)
        unclosed = path.with_name(f"{path.stem}-unclosed.mkv")
        if not unclosed.exists():
            options = BY_NAME[name].options.format(folder=self.folder, shared=self.shared).split()
            with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
                made, copy = Path(scratch) / "made.mkv", Path(scratch) / "copy.mkv"
                self._run([str(made), *SMALL, *options, "--quiet"], unclosed_copy=copy)
                os.replace(copy, unclosed)
        return unclosed, manifest

    def _run(self, arguments, unclosed_copy=None):
        command = [self.python, str(self.tool), *arguments]
        if unclosed_copy:
            command = [self.python, __file__, str(unclosed_copy), str(self.tool), *arguments]
        environment = {**os.environ, "K4A_ENABLE_LOG_TO_STDOUT": "0"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the recording generator failed ({done.returncode}): {done.stderr[-2000:]}")

    def remux(self, name):
        """The recording rewritten by mkvmerge."""
        tool = shutil.which("mkvmerge")
        if tool is None:
            raise Unavailable("mkvmerge (Debian package mkvtoolnix) is not installed")
        path, manifest = self.make(name)
        remuxed = path.with_name(f"{path.stem}-remuxed.mkv")
        if not remuxed.exists():
            scratch = remuxed.with_suffix(".part")
            done = subprocess.run([tool, "-q", "-o", str(scratch), str(path)], capture_output=True, text=True)
            if done.returncode > 1:
                raise RuntimeError(f"mkvmerge failed: {done.stdout[-1000:]}")
            os.replace(scratch, remuxed)
        return remuxed, manifest


def run_generator_unclosed(copy, tool, arguments):
    """Run the generator in this process and copy its file, once no more is being written, before it is closed."""
    import time

    spec = importlib.util.spec_from_file_location("make_recording", tool)
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    made = Path(arguments[0])

    class Sdk(generator.Sdk):
        def __init__(self, *given):
            super().__init__(*given)
            close = self.rec.k4a_record_close

            def copy_and_close(handle):
                if made.exists():
                    size, quiet = -1, 0
                    while quiet < 5:
                        time.sleep(0.02)
                        quiet = quiet + 1 if made.stat().st_size == size else 0
                        size = made.stat().st_size
                    shutil.copyfile(made, copy)
                close(handle)

            self.rec.k4a_record_close = copy_and_close

    generator.Sdk = Sdk
    return generator.main(arguments)


if __name__ == "__main__":
    sys.exit(run_generator_unclosed(sys.argv[1], sys.argv[2], sys.argv[3:]))
