"""Every deliberate difference between the recorders is listed, and is one."""

import time

import pytest

from pyk4a_rp import k4a
from tests.differential.allowed_differences import RECORDER
from tests.differential.recorded import DEPTH16, START_USEC, Session


def opened(provider, path):
    session = Session(k4a, provider, path, depth_mode=1, camera_fps=2)
    session.call("write_header")
    return session


def write_depth(session, size, data_bytes=None):
    """One depth image of any size, of which a part may be missing."""
    image = session.image(DEPTH16, size, 0, START_USEC)
    if data_bytes is not None:
        _, image = k4a.k4a_image_create_from_buffer(
            DEPTH16, *size, 2 * size[0], bytearray(data_bytes), None, None, provider=session.provider
        )
    _, capture = k4a.k4a_capture_create(provider=session.provider)
    k4a.k4a_capture_set_depth_image(capture, image)
    return session.call("write_capture", capture)


def tag_with_a_name_that_cannot_be_stored(provider, path):
    return Session(k4a, provider, path, depth_mode=1).call("add_tag", "lower case", "x")


def data_in_the_past_of_a_flush(provider, path):
    session = opened(provider, path)
    session.capture(0)
    session.capture(2)
    session.call("flush")
    session.capture(1)
    return session.answers[-1]


def data_before_the_first_on_disk(provider, path):
    session = opened(provider, path)
    for number in range(10, 30):
        session.capture(number)
    time.sleep(0.3)
    session.capture(0)
    return session.answers[-1]


def image_of_another_size_than_its_track(provider, path):
    return write_depth(opened(provider, path), (324, 288))


def image_with_fewer_bytes_than_its_size(provider, path):
    return write_depth(opened(provider, path), (320, 288), 1000)


def wrong_configuration_and_the_old_file(provider, path):
    path.write_bytes(b"something")
    configuration = k4a.K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    configuration.depth_mode = 17
    result, _ = k4a.k4a_record_create(path, None, configuration, provider=provider)
    return int(result), path.stat().st_size


# What Microsoft's library answers, and what ours does.
EXPECTED = {
    tag_with_a_name_that_cannot_be_stored: (0, 1),
    data_in_the_past_of_a_flush: (1, 0),
    data_before_the_first_on_disk: (0, 1),
    image_of_another_size_than_its_track: (0, 1),
    image_with_fewer_bytes_than_its_size: (0, 1),
    wrong_configuration_and_the_old_file: ((1, 0), (1, 9)),
}


@pytest.mark.parametrize("difference", EXPECTED, ids=lambda one: one.__name__)
def test_recorders_differ_as_listed(difference, bundled, microsoft, tmp_path):
    """A difference that is gone must leave the list."""
    theirs, ours = (difference(provider, tmp_path / f"{provider.name}.mkv") for provider in (microsoft, bundled))
    assert (theirs, ours) == EXPECTED[difference]


def test_list_of_differences_is_complete():
    """Neither more nor less than what is shown here."""
    assert {case.__name__ for case in EXPECTED} == set(RECORDER)
