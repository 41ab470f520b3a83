"""Files that cannot be played, and files that are damaged: what the user is told."""

from __future__ import annotations

import logging
import os

import numpy as np
import pytest

from pyk4a_rp import DamageKind, Playback, ProviderError, RecordingError
from pyk4a_rp.probe import why_unreadable


def test_missing_file_is_file_not_found(provider, tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        Playback(tmp_path / "none.mkv", provider=provider)
    assert caught.value.filename == str(tmp_path / "none.mkv")


def test_folder_is_a_directory(provider, tmp_path):
    with pytest.raises(IsADirectoryError):
        Playback(tmp_path, provider=provider)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_permission_error(provider, record):
    path = record(frames=1).path
    path.chmod(0)
    with pytest.raises(PermissionError):
        Playback(path, provider=provider)


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a2146" * 8 + b"\nsize 12345\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (LFS, "Git LFS pointer.*git lfs pull"),
        (b"RIFF\0\0\0\0AVI ", "not a Matroska file .*RIFF"),
        (bytes(5000), "zeros"),
        (b"\x1a\x45", "not a Matroska file"),
        (b"\x1a\x45\xdf\xa3\x9f", "header is cut off"),
        (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm", "document type is 'webm'"),
        (b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska", "no recording in it"),
    ],
)
def test_unplayable_file_says_why(provider, tmp_path, content, reason):
    path = tmp_path / "file.mkv"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=rf"(?s)file\.mkv cannot be played: .*{reason}") as caught:
        Playback(path, provider=provider)
    assert isinstance(caught.value, ValueError)
    assert caught.value.call == "k4a_playback_open"
    assert provider.name in str(caught.value)


def test_recording_without_tracks_says_so(provider, record):
    path = record(frames=2, color=None, depth_mode=None).path
    assert why_unreadable(str(path)) == "the recording has no tracks"


def test_recording_without_frames_says_so(provider, record):
    path = record(frames=0).path
    with pytest.raises(RecordingError, match="the recording has no frames"):
        Playback(path, provider=provider)


def test_recording_never_closed_says_so_on_microsoft(microsoft, record):
    path = record(frames=3, closed=False).path
    with pytest.raises(RecordingError, match=r"never closed.*although there are frames in it.*'bundled' reads"):
        Playback(path, provider=microsoft)


def test_recording_never_closed_is_read_by_bundled(bundled, record, caplog):
    recording = record(frames=3, closed=False)
    with caplog.at_level(logging.WARNING, "pyk4a_rp"), Playback(recording.path, provider=bundled) as playback:
        assert DamageKind.NOT_CLOSED in playback.damage.kinds
        assert playback.damage.text
        assert [tuple(capture.timestamps) for capture in playback] == [recording.timestamps(i) for i in range(3)]
    assert any(
        record.levelno == logging.WARNING and recording.path.name in record.getMessage() for record in caplog.records
    )


def test_recording_cut_off_is_read_up_to_the_cut(bundled, record):
    recording = record(frames=4)
    data = recording.path.read_bytes()
    recording.path.write_bytes(data[: len(data) - 1000])
    with Playback(recording.path, provider=bundled) as playback:
        captures = [tuple(capture.timestamps) for capture in playback]
        assert captures[:3] == [recording.timestamps(i) for i in range(3)]
        assert DamageKind.TRUNCATED in playback.damage.kinds
        assert playback.damage.lost_bytes > 0
        assert str(playback.damage) == playback.damage.text


def test_file_that_shrinks_after_the_capture_was_read_says_so(bundled, record):
    recording = record(frames=3)
    with Playback(recording.path, provider=bundled) as playback:
        depth = playback.next_capture().depth
        os.truncate(recording.path, 2000)
        with pytest.raises(RecordingError, match=r"(?s)pixels of the image cannot be read.*shorter than it was"):
            _ = depth.array
        with pytest.raises(BufferError):
            np.asarray(depth)
        assert depth.device_timestamp_usec == recording.timestamp_usec("DEPTH", 0)


def test_recording_intact_has_no_damage(provider, record):
    with Playback(record(frames=2).path, provider=provider) as playback:
        list(playback)
        assert playback.damage is None


def test_cut_off_inside_the_tracks_says_so(tmp_path, record):
    path = record(frames=2).path
    data = path.read_bytes()
    path.write_bytes(data[:250])
    assert why_unreadable(str(path)).startswith("the file is cut off")


def test_shared_recordings_are_not_called_broken(shared_dir):
    for path in sorted((shared_dir / "spec" / "vectors" / "mkv").glob("*.mkv")):
        assert why_unreadable(str(path)).startswith("it is a Matroska file with tracks and frames")


def test_provider_that_is_not_there_lists_places(record):
    with pytest.raises(ProviderError, match="no_such_folder"):
        Playback(record(frames=1).path, provider="/no_such_folder/libk4a.so")
    with pytest.raises(TypeError):
        Playback(record(frames=1).path, provider=5)


def test_path_of_wrong_type_is_type_error(bundled):
    with pytest.raises(TypeError):
        Playback(5, provider=bundled)
    with pytest.raises(TypeError):
        Playback(None, provider=bundled)
