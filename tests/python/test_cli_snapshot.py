"""`pyk4a-rp snapshot` writes images that others can open."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp.cli import main
from pyk4a_rp.color import jpeg_available

needs_codec = pytest.mark.skipif(not jpeg_available(), reason="this build has no JPEG codec")


def read_png(path: Path) -> np.ndarray:
    """The pixels of a PNG as `snapshot` writes them: rows predicted from the row above."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + content)
        chunks[name] = content
        at += 12 + length
    width, height, bits, kind = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert (rows[:, 0] == 2).all()
    pixels = np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8)
    if bits == 16:
        return pixels.view(">u2").astype(np.uint16)
    return pixels.reshape(height, width, 3) if kind == 2 else pixels


@pytest.fixture
def path(record: Callable) -> Path:  # type: ignore[type-arg]
    return record(frames=6, color="NV12", color_size=(64, 48)).path


def test_snapshot_of_color_is_the_nearest_image(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "shot.png"
    assert main(["snapshot", str(path), "-t", "0.1", "-o", str(out)]) == 0
    with k.Playback(path) as playback:
        assert np.array_equal(read_png(out), playback.captures[3].color.to_rgb())


def test_snapshot_of_depth_is_colored_and_raw_holds_the_values(path: Path, tmp_path: Path) -> None:
    colored, raw = tmp_path / "colored.png", tmp_path / "raw.png"
    options = ["--track", "depth", "-t", "99"]
    assert (
        main(["snapshot", str(path), *options, "--range", "500", "4000", "--colormap", "heat", "-o", str(colored)]) == 0
    )
    assert main(["snapshot", str(path), *options, "--raw", "-o", str(raw)]) == 0
    with k.Playback(path) as playback:
        depth = playback.captures[-1].depth
        assert np.array_equal(read_png(raw), depth.array)
        assert np.array_equal(read_png(colored), k.colorize(depth, (500, 4000), "heat"))


@needs_codec
def test_snapshot_as_jpeg_keeps_the_bytes_of_a_recorded_one(shared_recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "shot.jpg"
    assert main(["snapshot", str(shared_recording), "-o", str(out)]) == 0
    with k.Playback(shared_recording) as playback:
        assert out.read_bytes() == bytes(playback.captures[0].color.array)
    assert main(["snapshot", str(shared_recording), "--track", "ir", "-o", str(out)]) == 0
    assert out.read_bytes()[:2] == b"\xff\xd8"


@needs_codec
def test_snapshot_opens_in_pillow(path: Path, tmp_path: Path) -> None:
    pil = pytest.importorskip("PIL.Image")
    for track, mode in (("color", "RGB"), ("ir", "RGB")):
        for suffix in ("png", "jpg"):
            out = tmp_path / f"{track}.{suffix}"
            assert main(["snapshot", str(path), "--track", track, "-o", str(out)]) == 0
            with pil.open(out) as image:
                image.load()
                assert (image.mode, image.size) == (mode, (64, 48) if track == "color" else (320, 288))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "shot.bmp"], "must end with .png"),
        (["--raw", "-o", "shot.jpg"], "--raw needs a .png"),
        (["--track", "depth", "--colormap", "rainbow", "-o", "shot.png"], "there is no colormap"),
    ],
)
def test_snapshot_says_what_it_cannot_do(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["snapshot", str(path), *arguments]) == 1
    assert message in capsys.readouterr().err


def test_snapshot_of_a_track_that_was_not_recorded_fails(
    record: Callable,  # type: ignore[type-arg]
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = record(frames=2, color=None).path
    assert main(["snapshot", str(path), "--track", "color", "-o", str(tmp_path / "shot.png")]) == 1
    assert "has no color images" in capsys.readouterr().err
