"""A recording that is cut off anywhere opens and gives all that was complete before the cut."""

import json
import random

import pytest

from tests.differential import ebml, harness, truth
from tests.differential.recordings import Unavailable

KINDS = ("closed", "unclosed")


def _cuts(data, number):
    """Points after the first complete cluster: random ones, and both sides of the ends of blocks and clusters."""
    found = ebml.blocks(data)
    first, rng = found[0].cluster_end, random.Random(number)
    ends = [end for block in found for end in (block.end, block.cluster_end) if end > first]
    near = [end + rng.choice((-1, 0, 1, 5)) for end in rng.sample(ends, number // 2)]
    return sorted({*near, *(rng.randint(first, len(data)) for _ in range(2 * number))} - {len(data)})[::2][:number]


class Cut:
    """A recording of 3 s cut at 100 points: its bytes, manifest, and what the engine says of each piece."""

    def __init__(self, maker, kind):
        generator = maker.generator
        make = generator.make if kind == "closed" else generator.make_unclosed
        path, manifest = make("three_seconds")
        self.data, self.manifest = path.read_bytes(), json.loads(manifest.read_text())
        rng = random.Random(kind)
        self.cuts = sorted(rng.sample(_cuts(self.data, 300), 100))
        sections = ["truncations", "metadata", "captures", "imu"]
        job = {"id": kind, "path": str(path), "sections": sections, "cuts": self.cuts, "seconds": 300}
        answers = harness.run_jobs("bundled", [job])[kind]
        self.seen, self.whole = answers["truncations"], answers
        assert "raised" not in self.seen and not harness.died(self.seen), self.seen

    def truth(self, cut):
        """The rules applied to the blocks that end before the cut."""
        offset = self.manifest["options"]["start_offset_usec"]
        first = min(at for _, at, *_ in self.manifest["images"])
        return truth.Truth(self.data, self.whole["metadata"]["configuration"], min(offset, first), cut)

    def complete(self, cut):
        """Captures of the manifest all of whose images end before the cut, as dictionaries of device times."""
        start = self.truth(cut).offset
        ends = {(name, time // 1000 + start): block.end for name, time, block in truth.blocks(self.data)}
        for members in self.manifest["captures"]:
            images = {self.manifest["images"][i][0]: self.manifest["images"][i][1] for i in members}
            if all(ends.get((name, at), cut + 1) <= cut for name, at in images.items()):
                yield images


@pytest.fixture(scope="module", params=KINDS)
def cut_recording(request, maker):
    """A closed recording, and one whose recorder was killed, cut at 100 points each."""
    try:
        return Cut(maker, request.param)
    except Unavailable as error:
        pytest.skip(str(error))


def test_recording_cut_anywhere_after_the_first_cluster_opens(cut_recording):
    """At every one of the 100 points."""
    assert len(cut_recording.cuts) == 100
    assert [cut for cut in cut_recording.cuts if cut_recording.seen[str(cut)] is None] == []


def test_recording_cut_anywhere_gives_every_complete_capture(cut_recording):
    """Counted against the generator's manifest."""
    total = 0
    for cut in cut_recording.cuts:
        found = [truth.times_of(item) for item in cut_recording.seen[str(cut)]["capture"]]
        complete = list(cut_recording.complete(cut))
        total += len(complete)
        assert [capture for capture in complete if capture not in found] == [], f"cut at {cut}"
    assert total > 1000


def test_recording_cut_anywhere_gives_nothing_else_and_right_pixels(cut_recording):
    """Captures by the rules from the blocks that are complete, with the bytes of the whole recording; samples too."""
    whole, samples = {}, cut_recording.whole["imu"]["forward"]
    for item in cut_recording.whole["captures"]["forward"]:
        whole.update({(name, item[name]["at"]): item[name] for name in truth.CAMERAS if name in item})
    for cut in cut_recording.cuts:
        seen, rules = cut_recording.seen[str(cut)], cut_recording.truth(cut)
        assert [truth.times_of(item) for item in seen["capture"]] == rules.walk("next"), f"cut at {cut}"
        images = [(name, item[name]) for item in seen["capture"] for name in truth.CAMERAS if name in item]
        assert all(image == whole[name, image["at"]] for name, image in images), f"cut at {cut}"
        assert seen["imu"] == samples[: rules.samples], f"cut at {cut}"
