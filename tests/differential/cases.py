"""The list of differential cases: a name, how its file is made, and what is looked at."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.differential import edge_files, harness, recordings
from tests.differential.recordings import Unavailable

EVERYTHING = [
    "metadata",
    "raw_calibration",
    "captures",
    "imu",
    "blocks",
    "ends",
    "repeated_eof",
    "outlive",
    "seeks",
    "conversions",
    "protocol",
]
HAND_MADE = ["metadata", "raw_calibration", "captures", "imu", "blocks", "ends"]
# Seeks are looked at where the file's times and clusters are what is special, and not nonsense.
HAND_MADE_SEEKS = [
    "blocks_before_the_cluster_time",
    "captures_across_clusters",
    "cues_at_the_end",
    "custom_lace_duration_exact",
    "custom_lace_duration_one",
    "custom_lace_duration_odd",
    "custom_lace_two_frames",
    "delay_junk_after",
    "delay_minus",
    "everything_after_the_clusters",
    "first_cluster_does_not_start_at_zero",
    "imu_gyro_clock_behind",
    "imu_wrong_in_the_middle",
    "many_captures_in_one_cluster",
    "offset_missing",
    "plain",
    "plain_with_seek_head",
    "prerelease_0_4",
    "release_1_0",
    "segment_size_unknown",
    "timecode_scale_100_ns",
    "voids_between_everything",
    "voids_inside_cluster_and_tracks",
]
# What the edge files of these names are about is looked at besides.
HAND_MADE_MORE = {
    "attachment": ["protocol"],
    "calibration": ["protocol"],
    "color_fourcc": ["conversions"],
    "plain": ["repeated_eof", "outlive", "conversions", "protocol"],
    "tag_": ["protocol"],
}
EDGE_TAGS = ("ONE", "TWO", "TWICE", "ONLY_HERE", "Größe")


class Case(NamedTuple):
    """One file and the questions asked about it. `make(maker)` returns the file's path or raises Unavailable."""

    name: str
    make: Callable
    sections: list
    more: dict


def _shared_case(name, relative):
    def make(maker):
        path = maker.shared / relative
        if not path.exists():
            raise Unavailable(f"no {relative} in the shared data")
        return path

    return Case(name, make, EVERYTHING, {})


def _generated_case(recording, how="make"):
    suffix = {"make": "", "remux": "_remuxed", "make_unclosed": "_unclosed"}[how]
    more = {"tags": recording.tags, "attachments": recording.attachments}
    return Case(
        f"generated/{recording.name}{suffix}",
        lambda maker: getattr(maker.generator, how)(recording.name)[0],
        [name for name in EVERYTHING if name != "conversions" or recording.name in CONVERTED],
        more,
    )


def _edge_case(name):
    sections = HAND_MADE + next((extra for start, extra in HAND_MADE_MORE.items() if name.startswith(start)), [])
    if name in HAND_MADE_SEEKS:
        sections = [*sections, "seeks"]
    more = {"tags": EDGE_TAGS, "attachments": ("notes.txt", "other", "second.txt"), "seconds": 10}
    return Case(f"edge/{name}", lambda maker: maker.edge(name), sections, more)


def _color_case(name):
    return Case(f"colors/{name}", lambda maker: maker.colors(name), ["captures", "conversions"], {})


def grouping_cases(shared):
    """The cases of the grouping vectors, as a list of (name, vector)."""
    path = shared / "spec" / "vectors" / "playback_grouping.json"
    if not path.exists():
        return []
    vectors = json.loads(path.read_text())["cases"]
    return [(vector["name"].replace("/", " and ").replace(",", "").replace(" ", "_"), vector) for vector in vectors]


def _grouping_case(name, vector):
    sections = ["grouping", *EVERYTHING]
    return Case(f"grouping/{name}", lambda maker: maker.grouping(name, vector), sections, {"case": vector})


SHARED = {
    "shared/nfov_unbinned": "recordings/nfov_unbinned_mjpg720_5fps.mkv",
    "shared/prerelease": "recordings/prerelease_layout_no_frames.mkv",
    **{
        f"vectors/{name}": f"spec/vectors/mkv/{name}.mkv"
        for name in ("custom_tracks", "flush_only_not_closed", "imu_30fps", "offset_1s")
    },
}
# One recording of each format, and some without colour, are asked for conversions; it is what takes longest.
CONVERTED = ("mjpg_720p", "nv12_720p", "yuy2_720p_15fps", "bgra_720p_5fps", "nfov_unbinned", "imu_only", "drops")
REMUXED = ("custom_tracks", "delay_minus_160", "tags_and_attachments", "nv12_720p")
UNCLOSED = ("three_seconds", "drops", "offset_33_bits_long")


def all_cases(shared=None):
    """Every case there is; those of the grouping vectors only where the shared data are."""
    by_name = recordings.BY_NAME
    return [
        *(_shared_case(name, path) for name, path in SHARED.items()),
        *(_generated_case(recording) for recording in recordings.RECORDINGS),
        *(_generated_case(by_name[name], "remux") for name in REMUXED),
        *(_generated_case(by_name[name], "make_unclosed") for name in UNCLOSED),
        *(_color_case(name) for name in ("NV12", "YUY2", "BGRA")),
        *(_grouping_case(name, vector) for name, vector in (grouping_cases(shared) if shared else [])),
        *(_edge_case(name) for name in edge_files.FILES if name not in edge_files.UNDEFINED),
    ]


class Maker:
    """Makes the files of cases into `folder`."""

    def __init__(self, folder, shared, module="pyk4a_rp.k4a", python=sys.executable):
        self.folder, self.shared, self.module, self.python = Path(folder), Path(shared), module, python
        self.folder.mkdir(parents=True, exist_ok=True)
        self.generator = recordings.Generator(self.folder / "generated", self.shared, python)
        self.unavailable = {}

    def edge(self, name):
        """A file made by hand."""
        path = self.folder / "edge" / f"{name}.mkv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(edge_files.FILES[name]())
        return path

    def _written(self, path, section, **job):
        """A file that Microsoft's library writes, driven through the flat module."""
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            reason = harness.why_not("microsoft", self.module, self.python)
            if reason:
                raise Unavailable(reason)
            part = path.with_suffix(".part")
            job = {"id": path.stem, "path": str(part), "sections": [section], **job}
            answer = harness.run_jobs("microsoft", [job], self.module, self.python)[path.stem][section]
            if not isinstance(answer, list):
                raise RuntimeError(f"writing {path.name} failed: {answer}")
            path.with_suffix(".results").write_text(json.dumps(answer))
            part.replace(path)
        return path

    def grouping(self, name, vector):
        """A case of the grouping vectors; the results of writing are beside it."""
        return self._written(self.folder / "grouping" / f"{name}.mkv", "write_grouping", case=vector)

    def colors(self, name):
        """Two frames of noise in an uncompressed format."""
        return self._written(self.folder / "colors" / f"{name}.mkv", "write_colors", format=name)

    def _path(self, case):
        try:
            return case.make(self)
        except Unavailable as error:
            self.unavailable[case.name] = str(error)
            return None

    def jobs(self, cases):
        """Jobs for the harness; cases whose file cannot be made go to `unavailable`, with the reason."""
        with ThreadPoolExecutor(2) as pool:
            paths = list(pool.map(self._path, cases))
        return [
            {"id": case.name, "path": str(path), "sections": case.sections, "seeks": 200, "seconds": 60, **case.more}
            for case, path in zip(cases, paths, strict=True)
            if path is not None
        ]
