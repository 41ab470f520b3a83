"""The bundled engine says what the recordings are: by the generator's manifest, and by the rules of grouping."""

import json
import zlib

import pytest

from tests.differential import recordings, truth

GROUPS = ("generated", "grouping", "vectors", "shared")


def _opened(answers, case):
    """Answers of the engine and the file's bytes, of a case that opens."""
    seen = answers.of("bundled", case)
    if seen["metadata"]["open"] != 0:
        assert case == "generated/drops_unclosed", "only the recording without a cluster is refused"
        pytest.skip("nothing was recorded")
    return seen, answers.cases[case].make(answers.maker).read_bytes()


def _truth(seen, data):
    result, text = seen["metadata"]["tags"]["K4A_START_OFFSET_NS"]
    offset = int(text) // 1000 if result == 0 else 0
    if result and seen["imu"]["forward"]:
        offset = truth.recovered_offset(data, seen["imu"]["forward"][0][0])
    return truth.Truth(data, seen["metadata"]["configuration"], offset)


def test_captures_walked_in_both_directions_follow_the_rules(answers, case):
    """Every capture has the images the documented rules give it."""
    seen, data = _opened(answers, case)
    walks = _truth(seen, data).forward_and_back()
    assert [truth.times_of(item) for item in seen["captures"]["forward"]] == walks["forward"]
    assert [truth.times_of(item) for item in seen["captures"]["backward"]] == walks["backward"]
    assert seen["captures"]["first again"] == (seen["captures"]["forward"] or ["EOF"])[0]


def test_captures_after_seeks_follow_the_rules(answers, case):
    """So do those after 200 random seeks, also where Microsoft's library has its weak spots."""
    seen, data = _opened(answers, case)
    rules, wrong = _truth(seen, data), []
    for label, steps in seen["seeks"].items():
        if label != "bad origin":
            expected = rules.after_seek(label, steps)
            found = {step: truth.times_of(steps[step]) for step in expected}
            if found != expected:
                wrong.append((label, expected, found))
    assert not wrong, f"{len(wrong)} of {len(seen['seeks'])}: {wrong[:2]}"


def test_items_after_repeated_eof_are_the_outermost(answers, case):
    """However often EOF was asked for, the way back begins with the last (first) item."""
    seen, _ = _opened(answers, case)
    walks = {"capture": seen["captures"], "imu": seen["imu"]}
    walks.update({f"block {name}": walk for name, walk in seen["blocks"].items() if isinstance(walk, dict)})
    for what, ends in seen["repeated_eof"].items():
        assert ends["end"][1:] == ["EOF", "EOF"]
        assert ends["back"] == (walks[what]["backward"] + ["EOF"] * 3)[:3]
        assert ends["start"] == ["EOF"] * 3
        assert ends["on"] == (walks[what]["forward"] + ["EOF"] * 3)[:3]


def test_walk_backwards_has_the_items_of_the_walk_forwards(answers, case):
    """Samples and data blocks are the same both ways; images too, though captures may pair them differently."""
    seen, _ = _opened(answers, case)
    assert seen["imu"]["backward"] == seen["imu"]["forward"][::-1]
    for walk in seen["blocks"].values():
        if isinstance(walk, dict):
            assert walk["backward"] == walk["forward"][::-1]
    for name in ("color", "depth", "ir"):
        forward = [item[name] for item in seen["captures"]["forward"] if name in item]
        backward = [item[name] for item in seen["captures"]["backward"] if name in item]
        assert backward == forward[::-1]


@pytest.mark.parametrize("name", [recording.name for recording in recordings.RECORDINGS])
def test_generated_recording_read_in_full_is_what_was_written(answers, name):
    """Bytes and device times of every image, sample and data block against the generator's manifest."""
    seen = answers.of("bundled", f"generated/{name}")
    manifest = json.loads(answers.maker.generator.make(name)[1].read_text())
    for camera in ("color", "depth", "ir"):
        written = [(at, size, f"{crc:08x}") for kind, at, size, crc in manifest["images"] if kind == camera]
        images = [item[camera] for item in seen["captures"]["forward"] if camera in item]
        found = [(image["at"], int(image["shape"].split()[-1]), image["crc"]) for image in images]
        assert found == sorted(written)
    for track in {name for name, *_ in manifest["custom"]}:
        written = [[at, size, f"{crc:08x}"] for name, at, size, crc in manifest["custom"] if name == track]
        found = seen["blocks"][track]["forward"]
        assert [block[1:] for block in found] == [block[1:] for block in written]
        # The time of a frame inside a lace is spread evenly, which rounds differently.
        assert all(abs(one[0] - two[0]) <= 1 for one, two in zip(found, written, strict=True))
    if "imu" in manifest:
        crc = 0
        for acc_time, gyro_time, acc, gyro, _ in seen["imu"]["forward"]:
            packed = acc_time.to_bytes(8, "little") + bytes.fromhex(acc)
            crc = zlib.crc32(packed + gyro_time.to_bytes(8, "little") + bytes.fromhex(gyro), crc)
        assert (len(seen["imu"]["forward"]), crc) == (manifest["imu"]["count"], manifest["imu"]["crc32"])
