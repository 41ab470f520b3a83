"""Calibration files: what does not matter about the text, and that whatever is wrong with it is named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyk4a_rp import Calibration, ColorResolution, DepthMode, K4AError

from .conftest import examples
from .test_properties import raw_of, source_names

MODES = DepthMode.WFOV_2X2BINNED, ColorResolution.RES_1440P
# What the engine looks at; the rest of a file may be missing.
CAMERAS = ("CALIBRATION_CameraLocationD0", "CALIBRATION_CameraLocationPV0")
SENSORS = ("CALIBRATION_InertialSensorType_Gyro", "CALIBRATION_InertialSensorType_Accelerometer")
IGNORED = {"Id", "Purpose", "SerialId", "Shutter", "ThermalAdjustmentParams"}


@pytest.fixture(scope="module", params=source_names())
def text(request: pytest.FixtureRequest) -> str:
    """The text of a calibration that is right."""
    return raw_of(request.param).rstrip(b"\0").decode("utf-8-sig")


def needed_paths(document: Any) -> list[tuple[str | int, ...]]:
    """Where in a document there is a member that must be there."""
    information = document["CalibrationInformation"]
    found: list[tuple[str | int, ...]] = [("CalibrationInformation",)]
    for name, key, wanted in (("Cameras", "Location", CAMERAS), ("InertialSensors", "SensorType", SENSORS)):
        found.append(("CalibrationInformation", name))
        kinds = [entry[key] for entry in information[name]]
        for index in map(kinds.index, wanted):
            found += walk(information[name][index], ("CalibrationInformation", name, index))
    return found


def walk(entry: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = []
    for key, value in entry.items():
        if key not in IGNORED:
            found.append((*path, key))
            found += walk(value, (*path, key)) if isinstance(value, dict) else []
    return found


def parse(text: str | bytes, bundled: Any) -> Calibration:
    return Calibration(text, *MODES, provider=bundled)


# ---- what does not matter ----


def write(value: Any, spaces: Any, shuffle: Any) -> str:
    """JSON with spaces where they may be, and members in another order."""
    if isinstance(value, dict):
        items = shuffle([(json.dumps(key), write(member, spaces, shuffle)) for key, member in value.items()])
        return "{" + ",".join(f"{spaces()}{key}{spaces()}:{member}" for key, member in items) + spaces() + "}"
    if isinstance(value, list):
        return spaces() + "[" + ",".join(write(item, spaces, shuffle) for item in value) + "]" + spaces()
    return spaces() + json.dumps(value) + spaces()


@examples(5)
@given(
    random=st.randoms(use_true_random=False),
    mark=st.booleans(),
    end=st.sampled_from([b"", b"\0", b"\0\0\0", b" \n\0 rubbish {"]),
    ignored=st.dictionaries(st.sampled_from(sorted(IGNORED)), st.sampled_from([None, 1, "text", [], {}])),
)
def test_spaces_order_marks_ends_and_unknown_members_do_not_matter(
    text: str, bundled: Any, random: Any, mark: bool, end: bytes, ignored: dict[str, Any]
) -> None:
    def shuffled(items: list[Any]) -> list[Any]:
        return random.sample(items, len(items))

    def spaces() -> str:
        return random.choice(("", "", " ", "\t", "\r\n", "\n  "))

    document = json.loads(text)
    for camera in document["CalibrationInformation"]["Cameras"]:
        camera.update(ignored)
    written = write(document, spaces, shuffled).encode()
    found = parse((b"\xef\xbb\xbf" if mark else b"") + written + end, bundled)
    assert bytes(found.native) == bytes(parse(text, bundled).native)


# ---- what does ----

OTHERS = (None, True, -1.5e300, "text", [], {}, [None], ["text"])


def misspelt(key: str, data: st.DataObject) -> str:
    index = data.draw(st.integers(0, len(key) - 1))
    return key[:index] + data.draw(st.sampled_from(["", "q", key[index] * 2])) + key[index + 1 :]


@examples(20)
@given(data=st.data())
def test_member_that_is_missing_misspelt_or_of_another_type_is_named(
    text: str, bundled: Any, data: st.DataObject
) -> None:
    document = json.loads(text)
    *parents, last = data.draw(st.sampled_from(needed_paths(document)))
    assert isinstance(last, str)
    place = document
    for key in parents:
        place = place[key]
    value = place.pop(last)
    how = data.draw(st.sampled_from(["missing", "misspelt", "another type"]))
    if how == "misspelt":
        place[misspelt(last, data)] = value
    elif how == "another type":
        kinds = (int, float) if isinstance(value, (int, float)) else type(value)
        others = [other for other in OTHERS if not isinstance(other, kinds) or isinstance(other, bool)]
        place[last] = data.draw(st.sampled_from([*others, [None] * 3] if kinds is not list else [*OTHERS[:4], {}]))
    with pytest.raises(K4AError) as caught:
        parse(json.dumps(document), bundled)
    assert last in str(caught.value)


@examples(20)
@given(data=st.data())
def test_number_in_a_list_that_is_none_or_too_many_or_too_few_is_named(
    text: str, bundled: Any, data: st.DataObject
) -> None:
    document = json.loads(text)
    paths = [path for path in needed_paths(document) if path[-1] not in ("Cameras", "InertialSensors")]
    lists = [path for path in paths if isinstance(at(document, path), list)]
    path = data.draw(st.sampled_from(lists))
    numbers = at(document, path)
    index = data.draw(st.integers(0, len(numbers) - 1))
    match data.draw(st.sampled_from(["other", "fewer", "more"])):
        case "other":
            numbers[index] = data.draw(st.sampled_from([None, False, "1.0", [1.0], {}, 1e39, -1e300]))
            complaint = f"{path[-1]}[{index}]"
        case "fewer":
            del numbers[index:]
            complaint = f"{path[-1]} has {index} values"
        case _:
            numbers.insert(index, 0.5)
            complaint = f"{path[-1]} has {len(numbers)} values"
    with pytest.raises(K4AError) as caught:
        parse(json.dumps(document), bundled)
    assert complaint in str(caught.value)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


@examples(20)
@given(data=st.data())
def test_text_that_is_cut_or_spoilt_is_refused_or_understood(text: str, bundled: Any, data: st.DataObject) -> None:
    raw = bytearray(text.rstrip().encode())
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(0, len(raw) - 1)) :]
        with pytest.raises(K4AError, match=r"at line|no member"):
            parse(bytes(raw), bundled)
        return
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = parse(bytes(raw), bundled)
    except K4AError as error:
        assert "calibration" in str(error)
    else:
        assert found.depth is not None and found.depth.size == (512, 512)


def test_needed_members_are_those_without_which_nothing_works(text: str, bundled: Any) -> None:
    """The list above is complete: without everything else the file is as good."""
    document = json.loads(text)
    needed = set(needed_paths(document))
    assert len(needed) > 40

    def strip(value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, dict):
            return {key: strip(member, (*path, key)) for key, member in value.items() if (*path, key) in needed}
        if isinstance(value, list) and path[-1] in ("Cameras", "InertialSensors"):
            stripped = [strip(item, (*path, index)) for index, item in enumerate(value)]
            return [item for item in stripped if item]
        return value

    bare = strip(copy.deepcopy(document), ())
    assert bytes(parse(json.dumps(bare), bundled).native) == bytes(parse(text, bundled).native)
