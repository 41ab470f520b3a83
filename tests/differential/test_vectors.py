"""Both providers say what was measured: the shared vectors of whole files and of grouping."""

import json
import struct

import pytest

from tests.conftest import find_shared
from tests.differential import cases

FILES = ("imu_30fps", "offset_1s", "custom_tracks", "flush_only_not_closed")
GROUPING = cases.grouping_cases(find_shared()) if find_shared() else []
# Where the vectors hold a defect of Microsoft's library, what the rules say instead: (case, path) -> value.
BOTH = pytest.mark.parametrize("provider_name", ["bundled", "microsoft"])


def _times(items):
    return [[item[name]["at"] if name in item else None for name in ("color", "depth", "ir")] for item in items]


def _sample(sample):
    return [sample[0], sample[1], *(list(struct.unpack("<3f", bytes.fromhex(vector))) for vector in sample[2:4])]


@BOTH
@pytest.mark.parametrize("name", FILES)
def test_vector_file_read_in_full_is_as_measured(answers, shared_dir, provider_name, name):
    """Configuration, length, captures, samples and data blocks."""
    expected = json.loads((shared_dir / "spec" / "vectors" / "mkv" / "expected.json").read_text())[name]
    seen = answers.of(provider_name, f"vectors/{name}")
    assert seen["metadata"]["open"] == expected["open"]
    assert seen["metadata"]["configuration"] == {key: int(value) for key, value in expected["config"].items()}
    assert seen["metadata"]["length"] == expected["length_usec"]
    assert _times(seen["captures"]["forward"]) == expected["captures"]
    samples = [_sample(sample) for sample in seen["imu"]["forward"]]
    listed = [sample for sample in expected["imu"] if sample != "..."]
    assert samples[: len(listed)] == listed
    assert len(samples) == expected["imu_count"]
    assert (samples[-1] if samples else None) == expected["imu_last"]
    for track, blocks in expected["blocks"].items():
        found = [[at, size] for at, size, _ in seen["blocks"][track]["forward"]]
        listed = [[at, len(text) // 2] for at, text in (block for block in blocks if block != "...")]
        assert found[: len(listed)] == listed


@pytest.mark.parametrize("name, vector", GROUPING, ids=[name for name, _ in GROUPING])
def test_grouping_vector_written_and_read_by_microsoft_is_as_measured(answers, name, vector):
    """The vectors hold on this machine too, so that the comparison with them means something."""
    seen = answers.of("microsoft", f"grouping/{name}")["grouping"]
    written = answers.maker.grouping(name, vector).with_suffix(".results")
    assert json.loads(written.read_text()) == vector["write_results"]
    assert seen == {key: vector[key] for key in ("forward", "backward_after_eof", "length_usec", "seeks")}


@pytest.mark.parametrize("name, vector", GROUPING, ids=[name for name, _ in GROUPING])
def test_grouping_vector_read_forwards_by_bundled_is_as_measured(answers, name, vector):
    """No defect of Microsoft's library shows forwards; backwards and after seeks `test_truth.py` has the last word."""
    seen = answers.of("bundled", f"grouping/{name}")["grouping"]
    assert seen["forward"] == vector["forward"]
    assert seen["length_usec"] == vector["length_usec"]
    assert [seek["then_next"] for seek in seen["seeks"]] == [
        _whole(seek["then_next"], vector["forward"]) for seek in vector["seeks"]
    ]


def _whole(captures, forward):
    """Captures of a vector, those that Microsoft's library cut at the end of the file made whole again."""
    return [
        forward[-1] if capture != "EOF" and capture[0] is None and capture[1:] == forward[-1][1:] else capture
        for capture in captures
    ]
