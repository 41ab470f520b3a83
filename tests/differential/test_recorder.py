"""Recordings by the engine and by Microsoft's library from the same calls, read by both: four ways equal."""

import shutil
import subprocess

import pytest

from pyk4a_rp import _extensions, k4a
from tests.differential import harness, recorded

SECTIONS = ["metadata", "captures", "imu", "blocks"]
WRITERS = READERS = ("bundled", "microsoft")


@pytest.fixture(scope="module")
def written(bundled, microsoft, tmp_path_factory):
    """`{scenario: {writer: (path, answers of the calls)}}`"""
    folder = tmp_path_factory.mktemp("recorded")
    found = {}
    for name, write in recorded.SCENARIOS.items():
        found[name] = {}
        for provider in (bundled, microsoft):
            path = folder / f"{name}-{provider.name}.mkv"
            found[name][provider.name] = path, write(k4a, provider, path)
    yield found
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def seen(written):
    """`{(scenario, writer, reader): answers}`"""
    jobs = []
    for name, files in written.items():
        for writer, (path, _) in files.items():
            tags = ("SOME_TAG", "EMPTY", "LATE")
            more = {"tags": tags, "attachments": ("one.bin", "empty.bin")}
            jobs.append({"id": f"{name} {writer}", "path": str(path), "sections": SECTIONS, "seconds": 120, **more})
    found = {}
    for reader in READERS:
        for identifier, answers in harness.run_jobs(reader, jobs).items():
            found[(*identifier.split(), reader)] = answers
    return found


def without_uids(answers):
    """The tags that hold random numbers are left out."""
    metadata = dict(answers["metadata"])
    metadata["tags"] = {name: value for name, value in metadata["tags"].items() if not (
        name.endswith("_TRACK") or name.startswith("K4A_CUSTOM_TRACK_")) or value[0] != 0}  # fmt: skip
    return {**answers, "metadata": metadata}


@pytest.mark.parametrize("scenario", recorded.SCENARIOS)
def test_calls_of_a_recorder_answer_alike(written, scenario):
    """Every call's result, call by call."""
    assert written[scenario]["bundled"][1] == written[scenario]["microsoft"][1]


@pytest.mark.parametrize("scenario", recorded.SCENARIOS)
def test_recordings_of_both_writers_read_by_both_are_equal(seen, scenario):
    """Captures, samples, blocks, tracks, tags, attachments and times: what Microsoft's library says of its own file."""
    expected = without_uids(seen[scenario, "microsoft", "microsoft"])
    assert expected["metadata"]["open"] == 0
    for writer in WRITERS:
        for reader in READERS:
            found = list(harness.differences(expected, without_uids(seen[scenario, writer, reader])))
            text = harness.describe(found, 10, ("microsoft", f"{writer} read by {reader}"))
            assert not found, f"written by {writer}, read by {reader}: {len(found)} differences\n{text}"


@pytest.mark.skipif(not shutil.which("mkvinfo"), reason="mkvinfo is not installed")
@pytest.mark.parametrize("scenario", ["fps_30", "custom_tracks", "late", "flushed_in_the_middle"])
def test_mkvinfo_has_no_complaint(written, scenario):
    """Neither in its exit status nor in its words; checksums included."""
    path = written[scenario]["bundled"][0]
    done = subprocess.run(["mkvinfo", "-v", "-v", "-c", str(path)], capture_output=True, text=True)
    assert done.returncode == 0
    bad = [line for line in done.stdout.splitlines() if "invalid" in line.lower() or "error" in line.lower()]
    assert not bad


@pytest.mark.skipif(not shutil.which("mkvmerge"), reason="mkvmerge is not installed")
@pytest.mark.parametrize("scenario", ["fps_30", "custom_tracks", "late"])
def test_remux_by_mkvmerge_plays_in_both_as_that_of_the_other_writer(written, scenario, tmp_path):
    """Either library says the same of both remuxes, and finds the captures that were in the original."""
    jobs = []
    for writer in WRITERS:
        source, remuxed = written[scenario][writer][0], tmp_path / f"{writer}.mkv"
        done = subprocess.run(["mkvmerge", "-q", "-o", str(remuxed), str(source)], capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout
        for path in (source, remuxed):
            jobs.append({"id": f"{writer} {path is source}", "path": str(path), "sections": ["captures", "imu"]})
    for reader in READERS:
        answers = harness.run_jobs(reader, jobs)
        assert answers["bundled False"]["captures"] == answers["microsoft False"]["captures"]
        # mkvmerge rounds block times to milliseconds; a first sample of its own is lost to Microsoft's library then.
        samples = [answers[f"{writer} False"]["imu"]["forward"] for writer in WRITERS]
        assert [one for one in samples[0] if one not in samples[1]] in ([], samples[0][:1])
        assert [one for one in samples[1] if one not in samples[0]] in ([], samples[1][:1])
        crcs = [
            [[image["crc"] for image in capture.values()] for capture in answers[of]["captures"]["forward"]]
            for of in ("bundled True", "bundled False")
        ]
        assert crcs[0] == crcs[1]


def test_kept_metadata_is_a_custom_track_to_microsofts_library_and_restored_by_ours(bundled, microsoft, tmp_path):
    """Microsoft's library reads images and samples as ever."""
    path = tmp_path / "kept.mkv"
    session = recorded.Session(k4a, bundled, path, depth_mode=1, camera_fps=2)
    _, options = _extensions.record_get_options(session.handle)
    assert _extensions.record_set_options(session.handle, options._replace(keep_metadata=1)) == 0
    session.call("add_imu_track")
    session.call("write_header")
    for number in range(30):
        at = recorded.START_USEC + number * session.period
        image = session.image(recorded.DEPTH16, (320, 288), number, at)
        k4a.k4a_image_set_system_timestamp_nsec(image, 10**18 + number)
        _, capture = k4a.k4a_capture_create(provider=bundled)
        k4a.k4a_capture_set_depth_image(capture, image)
        k4a.k4a_capture_set_temperature_c(capture, 40.0 + number)
        session.call("write_capture", capture)
        session.imu_until(number * 55, at)
    assert set(session.close()) == {0}
    job = {"id": "kept", "path": str(path), "sections": SECTIONS, "tags": ("PYK4A_RP_START_UNIX_NS",)}
    theirs, ours = (harness.run_jobs(reader, [job])["kept"] for reader in ("microsoft", "bundled"))
    assert theirs["metadata"] == ours["metadata"]
    assert theirs["blocks"] == ours["blocks"]
    assert theirs["metadata"]["tracks"]["PYK4A_RP_METADATA"]["builtin"] is False
    assert int(theirs["metadata"]["tags"]["PYK4A_RP_START_UNIX_NS"][1]) > 10**18
    assert len(theirs["captures"]["forward"]) == 30
    for number, (plain, restored) in enumerate(
        zip(theirs["captures"]["forward"], ours["captures"]["forward"], strict=True)
    ):
        assert restored["depth"]["crc"] == plain["depth"]["crc"] and restored["depth"]["at"] == plain["depth"]["at"]
        assert restored["depth"]["others"][0] == 10**18 + number
        assert "temperature" in restored and "temperature" not in plain
    assert [one[:4] for one in theirs["imu"]["forward"]] == [one[:4] for one in ours["imu"]["forward"]]
    assert {one[4] for one in theirs["imu"]["forward"]} == {"nan"} and "nan" not in {
        one[4] for one in ours["imu"]["forward"]
    }
