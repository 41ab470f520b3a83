"""Enumerations survive numbers that the ABI does not know."""

from __future__ import annotations

import copy
import pickle

import pytest

from pyk4a_rp import enums
from pyk4a_rp.enums import CalibrationType, DepthMode, FramesPerSecond, ImageFormat


def test_unknown_value_keeps_its_number_and_gets_a_name() -> None:
    unknown = FramesPerSecond(25)
    assert unknown == 25
    assert unknown.name == "UNKNOWN_25"
    assert repr(unknown) == "<FramesPerSecond.UNKNOWN_25: 25>"
    assert not unknown.known
    assert unknown.rate is None


def test_unknown_value_is_one_object_and_no_member() -> None:
    assert FramesPerSecond(26) is FramesPerSecond(26)
    assert pickle.loads(pickle.dumps(FramesPerSecond(26))) is FramesPerSecond(26)
    assert copy.deepcopy(FramesPerSecond(26)) is FramesPerSecond(26)
    assert len(FramesPerSecond) == 3


def test_negative_unknown_value_has_a_name_that_is_an_identifier() -> None:
    assert CalibrationType(-7).name == "UNKNOWN_MINUS_7"
    assert CalibrationType(-1) is CalibrationType.UNKNOWN


@pytest.mark.parametrize("value", ["NFOV_UNBINNED", 2.5, None])
def test_value_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is not a valid DepthMode"):
        DepthMode(value)


def test_members_are_ints_with_the_names_of_c() -> None:
    assert DepthMode.NFOV_UNBINNED == 2
    assert ImageFormat.COLOR_MJPG == 0
    assert [mode.rate for mode in FramesPerSecond] == [5, 15, 30]
    assert DepthMode(2).known


def test_every_enumeration_is_public() -> None:
    types = {name: value for name, value in vars(enums).items() if isinstance(value, type)}
    classes = {name for name, value in types.items() if issubclass(value, enums.K4AEnum)}
    assert classes == set(enums.__all__)
