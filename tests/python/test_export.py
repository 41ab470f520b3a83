"""`pyk4a_rp.export`: files that other programs read, which are there completely or not at all."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pyk4a_rp import Image, ImageFormat
from pyk4a_rp.export import write_ply, write_png

TYPES = {"float": "<f4", "uchar": "u1"}


def read_ply(path: Path) -> tuple[np.ndarray, list[str]]:
    """The vertices of a binary PLY as its own head describes them, and its comments."""
    head, separator, body = path.read_bytes().partition(b"end_header\n")
    assert separator
    lines = head.decode("ascii").splitlines()
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    words = [line.split() for line in lines[2:]]
    (count,) = [int(word[2]) for word in words if word[:2] == ["element", "vertex"]]
    vertices = np.frombuffer(body, np.dtype([(word[2], TYPES[word[1]]) for word in words if word[0] == "property"]))
    assert len(vertices) == count
    return vertices, [line.partition(" ")[2] for line in lines if line.startswith("comment ")]


def xyz_of(vertices: np.ndarray) -> np.ndarray:
    return np.stack([vertices[name] for name in "xyz"], -1)


def rgb_of(vertices: np.ndarray) -> np.ndarray:
    return np.stack([vertices[name] for name in ("red", "green", "blue")], -1)


@contextlib.contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """A disk that takes files of so many bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# ---- PLY ----


def test_write_ply_leaves_out_points_without_data(tmp_path: Path) -> None:
    points = np.arange(24, dtype=np.float64).reshape(2, 4, 3) / 7
    points[0, 1] = np.nan
    points[1, 2, 0] = np.inf
    points[1, 3] = 0
    assert write_ply(tmp_path / "cloud.ply", points, comments=["one", "two words"]) == 6
    vertices, comments = read_ply(tmp_path / "cloud.ply")
    assert vertices.dtype.names == ("x", "y", "z") and comments == ["one", "two words"]
    expected = points.reshape(-1, 3)[[0, 2, 3, 4, 5, 7]].astype(np.float32)
    np.testing.assert_array_equal(xyz_of(vertices), expected)


def test_write_ply_of_whole_millimetres_leaves_out_zeros(tmp_path: Path) -> None:
    points = np.array([[[1, -2, 3000], [0, 0, 0], [0, 0, 5]]], np.int16)
    bgra = np.array([[[1, 2, 3, 255], [9, 9, 9, 255], [0, 0, 0, 0]]], np.uint8)
    for colors in (bgra, Image.from_array(bgra, ImageFormat.COLOR_BGRA32), bgra[..., 2::-1]):
        assert write_ply(tmp_path / "cloud.ply", points, colors) == 2
        vertices, _ = read_ply(tmp_path / "cloud.ply")
        assert xyz_of(vertices).tolist() == [[1, -2, 3000], [0, 0, 5]]
        assert rgb_of(vertices).tolist() == [[3, 2, 1], [0, 0, 0]]


def test_write_ply_of_no_points_is_a_file_of_none(tmp_path: Path) -> None:
    assert write_ply(tmp_path / "cloud.ply", np.full((2, 3), np.nan), np.zeros((2, 3), np.uint8)) == 0
    vertices, _ = read_ply(tmp_path / "cloud.ply")
    assert len(vertices) == 0 and vertices.dtype.names == ("x", "y", "z", "red", "green", "blue")


def test_write_ply_of_arrays_that_do_not_fit_is_refused(tmp_path: Path) -> None:
    points = np.zeros((4, 3))
    for arguments, message in (
        ((np.zeros((4, 2)),), r"points are numbers \(..., 3\), not \(4, 2\) of float64"),
        ((1.0,), r"not \(\) of float64"),
        ((np.zeros((4, 3), complex),), "of complex128"),
        ((points, np.zeros((5, 3), np.uint8)), r"colors are \(4, 3\) or \(4, 4\) of uint8 for these points"),
        ((points, np.zeros((4, 3))), "of float64"),
    ):
        with pytest.raises(ValueError, match=message):
            write_ply(tmp_path / "cloud.ply", *arguments)
    with pytest.raises(ValueError, match="a comment is one line"):
        write_ply(tmp_path / "cloud.ply", points, comments=["one\nelement face 3"])
    with pytest.raises(ValueError, match="a comment is one line of text, not 3"):
        write_ply(tmp_path / "cloud.ply", points, comments=[3])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="comments is a list of lines, not one string"):
        write_ply(tmp_path / "cloud.ply", points, comments="hello")
    assert list(tmp_path.iterdir()) == []


# ---- pictures ----


def test_write_png_is_what_pillow_reads(tmp_path: Path) -> None:
    pil = pytest.importorskip("PIL.Image")
    generator = np.random.default_rng(5)
    for shape, kind in (((7, 5, 3), np.uint8), ((7, 5), np.uint8), ((7, 5), np.uint16), ((1, 1), np.uint16)):
        pixels = generator.integers(0, np.iinfo(kind).max, shape, kind, endpoint=True)
        for layout in (pixels, np.asfortranarray(pixels), pixels[::-1].copy()[::-1]):
            write_png(tmp_path / "picture.png", layout)
            with pil.open(tmp_path / "picture.png") as image:
                np.testing.assert_array_equal(np.asarray(image), pixels)


def test_write_png_of_other_pixels_is_refused(tmp_path: Path) -> None:
    for pixels in (np.zeros((2, 2)), np.zeros((2, 2, 4), np.uint8), np.zeros(4, np.uint8), np.zeros((2, 2, 3), "u2")):
        with pytest.raises(ValueError, match="a picture is"):
            write_png(tmp_path / "picture.png", pixels)
    for shape in ((5, 0), (0, 5), (0, 0), (0, 5, 3), (5, 0, 3)):
        with pytest.raises(ValueError, match="has no pixels"):
            write_png(tmp_path / "picture.png", np.zeros(shape, np.uint8))
    for other in ([[0, 1]], None, Image(ImageFormat.CUSTOM, 3, 3, 3)):
        with pytest.raises(ValueError, match="a picture is"):
            write_png(tmp_path / "picture.png", other)
    assert list(tmp_path.iterdir()) == []


def test_write_png_of_an_image_has_its_colors_or_its_values(tmp_path: Path) -> None:
    pil = pytest.importorskip("PIL.Image")
    bgra = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    nv12 = np.arange(18, dtype=np.uint8).reshape(3, 6)[:, :4].copy()
    values = np.arange(6, dtype=np.uint16).reshape(2, 3) * 999
    color = Image.from_array(nv12, ImageFormat.COLOR_NV12)
    for image, expected in (
        (Image.from_array(bgra, ImageFormat.COLOR_BGRA32), bgra[..., 2::-1]),
        (color, color.to_rgb()),
        (Image.from_array(values, ImageFormat.IR16), values),
    ):
        write_png(tmp_path / "picture.png", image)
        with pil.open(tmp_path / "picture.png") as picture:
            np.testing.assert_array_equal(np.asarray(picture), expected)


# ---- completely or not at all ----


@pytest.mark.parametrize("old", [None, b"an older file"])
def test_file_on_a_full_disk_is_not_half_written(tmp_path: Path, old: bytes | None) -> None:
    path = tmp_path / "cloud.ply"
    if old is not None:
        path.write_bytes(old)
    with files_at_most(10_000), pytest.raises(OSError) as caught:
        write_ply(path, np.ones((100_000, 3)))
    assert caught.value.filename == str(path)
    assert [found.name for found in tmp_path.iterdir()] == ([] if old is None else ["cloud.ply"])
    assert old is None or path.read_bytes() == old
    assert write_ply(path, np.ones((100_000, 3))) == 100_000  # and now there is room


def test_file_in_a_folder_that_is_not_there_is_refused_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path, error in (
        (tmp_path / "nowhere" / "a.ply", FileNotFoundError),
        (tmp_path / "file" / "a.ply", NotADirectoryError),
        (tmp_path, IsADirectoryError),
    ):
        with pytest.raises(error) as caught:
            write_ply(path, np.ones((1, 3)))
        assert caught.value.filename == str(path)


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes of POSIX")
def test_file_follows_links_fills_pipes_and_has_the_usual_mode(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "real.ply"
    target.parent.mkdir()
    link = tmp_path / "link.ply"
    link.symlink_to(target)
    write_ply(link, np.ones((1, 3)))
    assert link.is_symlink() and len(read_ply(target)[0]) == 1
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert target.stat().st_mode == plain.stat().st_mode
    pipe = tmp_path / "pipe.ply"
    os.mkfifo(pipe)
    code = "import sys; from pyk4a_rp.export import write_ply; write_ply(sys.argv[1], [[1.0, 2, 3]])"
    with subprocess.Popen([sys.executable, "-c", code, str(pipe)]) as writer:
        written = pipe.read_bytes()
    assert writer.returncode == 0 and pipe.is_fifo()
    assert written == target.read_bytes()[:-12] + np.array([1, 2, 3], "<f4").tobytes()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    for mode in (0o600, 0o640, 0o664):
        path = tmp_path / f"{mode:o}.ply"
        path.write_bytes(b"old")
        path.chmod(mode)
        write_ply(path, np.ones((1, 3)))
        assert (path.stat().st_mode & 0o7777, len(read_ply(path)[0])) == (mode, 1)


def test_file_may_have_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    for name in ("\N{CJK UNIFIED IDEOGRAPH-6DF1}" * 83, "n" * 251 + ".ply"):
        (tmp_path / name).write_bytes(b"old")  # such names are valid
        write_ply(tmp_path / name, np.ones((1, 3)))
        assert len(read_ply(tmp_path / name)[0]) == 1
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="a device of POSIX")
def test_file_may_be_the_standard_output(tmp_path: Path) -> None:
    code = "from pyk4a_rp.export import write_ply; write_ply('/dev/stdout', [[1.0, 2, 3]])"
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True)
    write_ply(tmp_path / "plain.ply", [[1.0, 2, 3]])
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert piped.stdout == (tmp_path / "plain.ply").read_bytes()
    with open(tmp_path / "redirected.ply", "wb") as file:
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True)
    assert (tmp_path / "redirected.ply").read_bytes() == piped.stdout
