"""`pyk4a-rp snapshot` writes images that others can open."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp.cli import main
from pyk4a_rp.color import jpeg_available
from tests.python.test_export import files_at_most, read_ply, rgb_of, xyz_of

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
        color = playback.captures[0].color
        assert out.read_bytes() == bytes(color.array)
    assert main(["snapshot", str(shared_recording), "--quality", "10", "-o", str(out)]) == 0
    assert len(out.read_bytes()) < color.size / 2  # made anew, as was asked for
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
        (["--raw", "-o", "shot.png"], "--raw is for depth, ir and aligned"),
        (["--track", "points", "-o", "shot.png"], "shot.png: for --track points the name must end with .ply"),
        (
            ["--track", "aligned", "-o", "cloud.ply"],
            "for --track aligned the name must end with .png or .jpg, not with",
        ),
        (["-t", "nan", "-o", "shot.png"], "nan is not a time"),
        (["--track", "depth", "--colormap", "rainbow", "-o", "shot.png"], "there is no colormap"),
        (["--track", "depth", "--raw", "--colormap", "rainbow", "-o", "shot.png"], "there is no colormap"),
        (["--track", "depth", "--raw", "--colormap", "heat", "-o", "shot.png"], "--colormap is for depth and ir in"),
        (["--track", "depth", "--raw", "--range", "1", "9", "-o", "shot.png"], "in colors, not for --raw"),
        (["--colormap", "heat", "-o", "shot.png"], "--colormap is for depth and ir in colors, not for color"),
        (["--range", "1", "9", "-o", "shot.jpg"], "--range is for depth and ir in colors, not for color"),
        (["--track", "ir", "--range", "nan", "5", "-o", "shot.png"], "the range of values from nan to 5.0 is not fin"),
        (["--track", "ir", "--range", "1", "inf", "-o", "shot.png"], "the range of values from 1.0 to inf is not fin"),
        (["--quality", "999", "-o", "shot.jpg"], "--quality goes from 1 to 100, not 999"),
        (["--quality", "0", "-o", "shot.jpeg"], "--quality goes from 1 to 100, not 0"),
        (["--quality", "80", "-o", "shot.png"], "--quality is for a .jpg, not for a .png"),
        (["--quality", "80", "-o", "cloud.ply"], "--quality is for a .jpg, not for a .ply"),
    ],
)
def test_snapshot_says_what_it_cannot_do(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["snapshot", str(path), *arguments]) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


def test_snapshot_of_a_track_that_was_not_recorded_fails(
    record: Callable,  # type: ignore[type-arg]
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = record(frames=2, color=None).path
    assert main(["snapshot", str(path), "--track", "color", "-o", str(tmp_path / "shot.png")]) == 1
    assert "has no color images" in capsys.readouterr().err


def test_snapshot_on_a_full_disk_leaves_the_old_picture(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shot.png"
    out.write_bytes(b"old")
    with files_at_most(1000):
        assert main(["snapshot", str(path), "--track", "depth", "-o", str(out)]) == 1
    assert str(out) in capsys.readouterr().err
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == sorted([path, out])


# ---- depth over color, and points ----


def simulate(path: Path, count: int = 2, lose_depth_every: int = 0, **modes: Any) -> Path:
    """A recording of the simulated camera, which has a calibration."""
    configuration = k.DeviceConfiguration(synchronized_images_only=False, **modes)
    with (
        k.Device.simulated(configuration=configuration, on_demand=True, lose_depth_every=lose_depth_every) as device,
        k.Recorder(path, device=device) as recorder,
    ):
        for _, capture in zip(range(count), device.captures(), strict=False):
            recorder.write_capture(capture)
    return path


BOTH = {
    "color_format": k.ImageFormat.COLOR_NV12,
    "color_resolution": k.ColorResolution.RES_720P,
    "depth_mode": k.DepthMode.NFOV_2X2BINNED,
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("scene") / "scene.mkv", **BOTH)


def check_aligned(recording: Path, out: Path, time: str = "0", index: int = 0) -> None:
    """The picture is color where there is no depth, and half color, half the color of depth where there is."""
    arguments = ["snapshot", str(recording), "--track", "aligned", "-t", time, "-o", str(out)]
    assert main([*arguments, "--range", "500", "4000"]) == 0
    picture = read_png(out).astype(int)
    assert main([*arguments, "--raw"]) == 0
    raw = read_png(out)
    with k.Playback(recording) as playback:
        capture = playback.captures[index]
        depth = k.Transformation(playback.calibration).depth_to_color(capture.depth.array)
        color = capture.color.to_rgb().astype(int)
    np.testing.assert_array_equal(raw, depth)
    seen = depth > 0
    assert 0.1 < seen.mean() < 1
    np.testing.assert_array_equal(picture[~seen], color[~seen])
    expected = (color + k.colorize(depth, (500, 4000)))[seen] / 2
    assert np.abs(picture[seen] - expected).max() <= 1


def check_points(recording: Path, out: Path, index: int = 0) -> None:
    """The points are those of the depth image, in their order, with the colors that the color camera sees there."""
    assert main(["snapshot", str(recording), "-o", str(out)]) == 0
    vertices, comments = read_ply(out)
    with k.Playback(recording) as playback:
        capture = playback.captures[index]
        transformation = k.Transformation(playback.calibration)
        points = transformation.depth_to_points(capture.depth)
        there = ~np.isnan(points[..., 2])
        np.testing.assert_array_equal(xyz_of(vertices), points[there])
        colors = transformation.color_to_depth(capture.depth, capture.color).array
        np.testing.assert_array_equal(rgb_of(vertices), colors[there][:, 2::-1])
        assert np.median(vertices["z"]) == pytest.approx(np.median(capture.depth.array[there]) / 1000)
    assert len(vertices) > 10_000 and rgb_of(vertices).any(axis=1).mean() > 0.4
    assert comments == ["pyk4a-rp: metres, seen from the depth camera, x to the right, y down, z forward"]


@pytest.mark.parametrize(
    "modes",
    [
        {},
        {"depth_mode": k.DepthMode.WFOV_2X2BINNED},
        {"color_format": k.ImageFormat.COLOR_YUY2},
        {"color_format": k.ImageFormat.COLOR_BGRA32, "color_resolution": k.ColorResolution.RES_1080P},
        pytest.param({"color_format": k.ImageFormat.COLOR_MJPG}, marks=needs_codec),
    ],
    ids=str,
)
def test_snapshot_aligned_and_points_of_every_kind_of_recording(tmp_path: Path, modes: dict[str, Any]) -> None:
    recording = simulate(tmp_path / "scene.mkv", 1, **{**BOTH, **modes})
    check_aligned(recording, tmp_path / "aligned.png")
    check_points(recording, tmp_path / "cloud.ply")


@needs_codec
def test_snapshot_aligned_and_points_of_a_real_recording(shared_recording: Path, tmp_path: Path) -> None:
    check_aligned(shared_recording, tmp_path / "aligned.png")
    check_points(shared_recording, tmp_path / "cloud.ply")
    assert main(["snapshot", str(shared_recording), "--track", "aligned", "-o", str(tmp_path / "aligned.jpg")]) == 0
    assert (tmp_path / "aligned.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_snapshot_takes_the_nearest_capture_with_both_images(tmp_path: Path) -> None:
    recording = simulate(tmp_path / "scene.mkv", 6, lose_depth_every=2, **BOTH)
    with k.Playback(recording) as playback:
        times = playback.captures.timestamps_usec
        complete = [bool(has) for has in (times["color"] >= 0) & (times["depth"] >= 0)]
        start = playback.configuration.start_timestamp_offset_usec
        lost = complete.index(False, 1)
        nearest = lost - 1
        at = (times["color"][lost] - start) / 1e6 - 0.005
    assert complete[nearest]
    check_aligned(recording, tmp_path / "aligned.png", str(at), nearest)


def test_snapshot_of_points_without_color_has_none_unless_asked_for(tmp_path: Path) -> None:
    modes = {"color_resolution": k.ColorResolution.OFF, "depth_mode": k.DepthMode.NFOV_2X2BINNED}
    recording = simulate(tmp_path / "scene.mkv", 1, **modes)
    out = tmp_path / "cloud.ply"
    assert main(["snapshot", str(recording), "--track", "points", "-o", str(out)]) == 0
    plain, _ = read_ply(out)
    assert plain.dtype.names == ("x", "y", "z")
    assert main(["snapshot", str(recording), "-o", str(out), "--colormap", "heat", "--range", "500", "4000"]) == 0
    colored, _ = read_ply(out)
    np.testing.assert_array_equal(xyz_of(colored), xyz_of(plain))
    with k.Playback(recording) as playback:
        depth = playback.captures[0].depth.array
        points = k.Transformation(playback.calibration).depth_to_points(depth)
    there = ~np.isnan(points[..., 0])
    np.testing.assert_array_equal(xyz_of(plain), points[there])
    np.testing.assert_array_equal(rgb_of(colored), k.colorize(depth, (500, 4000), "heat")[there])


@pytest.mark.parametrize("color", ["no images", "images beside depth"])
def test_snapshot_of_points_that_no_color_belongs_to_has_none_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], color: str
) -> None:
    path, out = tmp_path / "scene.mkv", tmp_path / "cloud.ply"
    configuration = k.DeviceConfiguration(**BOTH)
    with (
        k.Device.simulated(configuration=configuration, on_demand=True) as device,
        k.Recorder(path, device=device) as recorder,
    ):
        first, second = device.get_capture(1), device.get_capture(1)
        recorder.write_capture(k.Capture(depth=first.depth))
        if color != "no images":
            recorder.write_capture(k.Capture(second.color))
    assert main(["snapshot", str(path), "-o", str(out)]) == 0
    assert capsys.readouterr().err == f"{out} has no colors: no capture has a depth and a color image\n"
    vertices, _ = read_ply(out)
    assert vertices.dtype.names == ("x", "y", "z")
    assert len(vertices) == np.count_nonzero(first.depth.array)
    assert main(["snapshot", str(path), "-o", str(out), "--colormap", "heat"]) == 0
    assert capsys.readouterr().err == ""
    assert read_ply(out)[0].dtype.names[3:] == ("red", "green", "blue")


@pytest.mark.parametrize("out", ["aligned.png", "cloud.ply"])
def test_snapshot_says_what_the_recording_lacks(
    record: Callable,  # type: ignore[type-arg]
    scene: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    out: str,
) -> None:
    track = "aligned" if out == "aligned.png" else "points"
    with k.Playback(scene) as playback:
        attachments = [("calibration.json", playback.raw_calibration)]
    passive = {**BOTH, "depth_mode": k.DepthMode.PASSIVE_IR}
    depth_only = {**BOTH, "color_resolution": k.ColorResolution.OFF}
    cases = [
        (record(color="NV12").path, "has no calibration"),
        (simulate(tmp_path / "passive.mkv", 1, **passive), "has no depth images"),
        (record(color="MJPG", attachments=attachments).path, "cannot be read"),
    ]
    small = record(color="NV12", color_size=(64, 48), attachments=attachments).path
    cases.append((small, "its color images are of no size the camera has"))
    if track == "aligned":
        cases.append((simulate(tmp_path / "depth.mkv", 1, **depth_only), "has no color images"))
    for path, message in cases:
        assert main(["snapshot", str(path), "--track", track, "-o", str(tmp_path / out)]) == 1
        error = capsys.readouterr().err
        assert message in error and "Traceback" not in error
        assert not (tmp_path / out).exists()


def test_snapshot_of_depth_without_data_is_color_and_no_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "dark.mkv", tmp_path / "aligned.png"
    configuration = k.DeviceConfiguration(**BOTH)
    color = k.Image.from_array(np.full((1080, 1280), 128, np.uint8), k.ImageFormat.COLOR_NV12)
    depth = k.Image.from_array(np.zeros((288, 320), np.uint16), k.ImageFormat.DEPTH16)
    with k.Device.simulated(configuration=configuration) as device:
        raw = device.raw_calibration
    with k.Recorder(path, configuration=configuration, calibration=raw) as recorder:
        recorder.write_capture(k.Capture(color, depth))
    assert main(["snapshot", str(path), "--track", "aligned", "-o", str(out)]) == 0
    np.testing.assert_array_equal(read_png(out), color.to_rgb())
    assert main(["snapshot", str(path), "-o", str(tmp_path / "cloud.ply")]) == 1
    assert "has no data, so there are no points" in capsys.readouterr().err
    assert not (tmp_path / "cloud.ply").exists()
