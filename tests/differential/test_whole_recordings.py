"""Copies, repairs and verification, judged by both libraries."""

import shutil

import pytest

from pyk4a_rp import cli, k4a
from pyk4a_rp.errors import RecordingError
from pyk4a_rp.maintenance import copy, repair, verify
from tests.differential import harness, recorded
from tests.differential.test_recorder_killed import kill_at

SECTIONS = ["metadata", "captures", "imu", "blocks"]


@pytest.fixture(scope="module")
def source(bundled, tmp_path_factory):
    """Colour, depth, IR and samples for two seconds."""
    path = tmp_path_factory.mktemp("whole") / "source.mkv"
    recorded.SCENARIOS["fps_30"](k4a, bundled, path)
    return path


def ask(reader, *paths, tags=()):
    jobs = [{"id": str(path), "path": str(path), "sections": SECTIONS, "tags": tags} for path in paths]
    return list(harness.run_jobs(reader, jobs).values())


@pytest.mark.parametrize("reader", ["bundled", "microsoft"])
@pytest.mark.parametrize("scenario", ["custom_tracks", "late", "passive_ir_with_color", "delay_minus", "gaps"])
def test_copy_of_a_whole_recording_is_equal(bundled, microsoft, tmp_path, scenario, reader):
    """Everything either library can tell, to the last bit."""
    path = tmp_path / "source.mkv"
    recorded.SCENARIOS[scenario](k4a, microsoft, path)
    report = copy(path, tmp_path / "copy.mkv")
    assert not report.damaged and report.frames > 0
    before, after = ask(reader, path, tmp_path / "copy.mkv", tags=("SOME_TAG",))
    assert list(harness.differences(before, after)) == []
    assert verify(tmp_path / "copy.mkv").ok


@pytest.mark.parametrize("reader", ["bundled", "microsoft"])
def test_trim_keeps_exactly_what_lies_in_the_range(microsoft, source, tmp_path, reader):
    """Images and samples by their device time."""
    copy(source, tmp_path / "part.mkv", 0.5, 1.25)
    before, after = ask(reader, source, tmp_path / "part.mkv")
    low, high = recorded.START_USEC + 500_000, recorded.START_USEC + 1_250_000

    def inside(capture):
        return all(low <= image["at"] < high for image in capture.values())

    assert after["captures"]["forward"] == [one for one in before["captures"]["forward"] if inside(one)]
    assert after["imu"]["forward"] == [one for one in before["imu"]["forward"] if low <= one[0] < high]
    assert len(after["imu"]["forward"]) == 1250


@pytest.mark.parametrize("reader", ["bundled", "microsoft"])
def test_copy_of_some_tracks_leaves_the_others_and_their_tags(microsoft, source, tmp_path, reader):
    """IR alone still has its depth mode."""
    copy(source, tmp_path / "ir.mkv", tracks=["IR", "IMU"])
    before, after = ask(reader, source, tmp_path / "ir.mkv")
    assert [name for _, name in after["metadata"]["track names"] if name] == ["IMU", "IR"]
    assert [list(one) for one in after["captures"]["forward"]] == [["ir"]] * 60
    assert after["imu"] == before["imu"]
    assert after["metadata"]["configuration"]["depth_mode"] == 1
    assert after["metadata"]["tags"]["K4A_COLOR_TRACK"][0] == 1
    with pytest.raises(RecordingError, match="no track NONE"):
        copy(source, tmp_path / "none.mkv", tracks=["NONE"])
    assert not (tmp_path / "none.mkv").exists()


def test_repair_makes_killed_recordings_of_microsofts_recorder_readable(microsoft, tmp_path):
    """All whole captures on disk; in place too."""
    ((path, _, _),) = kill_at("microsoft", tmp_path, [4.0], 30, 1)  # its first two seconds reach the disk late
    assert ask("microsoft", path)[0]["metadata"]["open"] != 0
    damaged = ask("bundled", path)[0]
    report = repair(path, tmp_path / "repaired.mkv")
    assert not report.closed and report.start_offset_restored
    theirs, ours = ask("microsoft", tmp_path / "repaired.mkv")[0], ask("bundled", tmp_path / "repaired.mkv")[0]
    assert theirs["metadata"]["open"] == 0
    for section in ("captures", "imu"):
        assert theirs[section]["forward"] == ours[section]["forward"] == damaged[section]["forward"]
    assert len(theirs["captures"]["forward"]) > 30
    repair(path, in_place=True)
    assert ask("microsoft", path)[0]["captures"] == theirs["captures"]
    assert [file.name for file in tmp_path.glob("*.repaired")] == []


def test_repair_of_a_cut_file_keeps_what_is_whole(source, tmp_path):
    """Nothing is written over an existing file unless asked for."""
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    report = repair(cut)
    assert report.truncated
    assert verify(tmp_path / "cut-repaired.mkv").ok
    with pytest.raises(FileExistsError):
        repair(cut)
    with pytest.raises(FileNotFoundError):
        repair(tmp_path / "nothing.mkv")


def test_verify_finds_a_changed_byte_by_its_checksum(source, tmp_path, capsys):
    """Exit status 1, and a line that says where."""
    assert verify(source).ok
    changed = tmp_path / "changed.mkv"
    shutil.copyfile(source, changed)
    with changed.open("r+b") as file:
        file.seek(source.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    report = verify(changed)
    assert report.problem_count == 1 and "checksum" in report.problems[0]
    assert cli.main(["verify", str(source)]) == 0
    assert cli.main(["verify", str(source), str(changed)]) == 1
    assert "checksum" in capsys.readouterr().out


def test_commands_repair_and_trim(source, tmp_path, capsys):
    """The same by the command line."""
    out = tmp_path / "out.mkv"
    assert cli.main(["trim", str(source), str(out), "--start", "0.2", "--end", "0.4", "--tracks", "DEPTH"]) == 0
    assert cli.main(["trim", str(source), str(out)]) == 1
    assert cli.main(["repair", str(out), "-o", str(tmp_path / "again.mkv")]) == 0
    assert "no damage" in capsys.readouterr().out
    assert cli.main(["verify", str(tmp_path / "again.mkv")]) == 0
