"""Colour images as RGB, BGRA, gray and JPEG; false colours; conversion while reading."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pyk4a_rp as k
from pyk4a_rp import Image, ImageFormat, k4a
from pyk4a_rp.color import COLORMAPS, jpeg_available, named_colormap

needs_codec = pytest.mark.skipif(not jpeg_available(), reason="this build has no JPEG codec")
BGRA = ImageFormat.COLOR_BGRA32


def scene(width: int = 64, height: int = 48) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 255 // width, y * 255 // height, (x + y) % 256, np.full_like(x, 255)]).astype(np.uint8)


@pytest.fixture
def bgra() -> Image:
    return Image.from_array(scene(), BGRA, device_timestamp_usec=42)


# ---- arrays ----


def test_layouts_of_a_bgra_image_hold_its_pixels(bgra: Image) -> None:
    assert np.array_equal(bgra.to_bgra(), scene())
    assert np.array_equal(bgra.to_bgr(), scene()[..., :3])
    assert np.array_equal(bgra.to_rgb(), scene()[..., 2::-1])
    b, g, r = np.moveaxis(scene()[..., :3].astype(int), 2, 0)
    assert np.array_equal(bgra.to_gray(), (29 * b + 150 * g + 77 * r + 128) >> 8)


@pytest.mark.parametrize("format", [ImageFormat.COLOR_NV12, ImageFormat.COLOR_YUY2])
def test_yuv_image_shows_the_colors_it_was_made_from(format: ImageFormat) -> None:
    flat = np.full((8, 16, 4), (200, 90, 30, 255), np.uint8)
    image = Image.from_array(flat, BGRA, device_timestamp_usec=9).convert(format)
    assert image.format == format
    assert image.device_timestamp_usec == 9
    assert np.abs(image.to_bgra().astype(int) - flat).max() <= 4
    assert np.array_equal(image.to_rgb(), image.to_bgra()[..., 2::-1])


def test_padded_rows_give_the_same_pixels() -> None:
    wide = np.zeros((48, 100, 4), np.uint8)
    wide[:, :64] = scene()
    image = Image.from_array(wide[:, :64], BGRA)
    assert image.stride_bytes == 400
    assert np.array_equal(image.to_rgb(), scene()[..., 2::-1])


def test_out_is_written_and_returned_also_with_padded_rows(bgra: Image) -> None:
    room = np.full((48, 80, 3), 7, np.uint8)
    out = room[:, :64]
    assert bgra.to_rgb(out=out) is out
    assert np.array_equal(out, scene()[..., 2::-1])
    assert (room[:, 64:] == 7).all()


@pytest.mark.parametrize(
    "out",
    [
        np.empty((48, 64, 4), np.uint8),
        np.empty((48, 64, 3), np.uint16),
        np.empty((48, 63, 3), np.uint8),
        np.frombuffer(bytes(48 * 64 * 3), np.uint8).reshape(48, 64, 3),
        np.empty((48, 128, 3), np.uint8)[:, ::2],
        np.empty((48, 64, 3), np.uint8)[::-1],
    ],
    ids=["channels", "dtype", "width", "read-only", "skipping", "reversed"],
)
def test_out_that_does_not_fit_is_refused(bgra: Image, out: np.ndarray) -> None:
    with pytest.raises(ValueError):
        bgra.to_rgb(out=out)


@pytest.mark.parametrize("out", [[1, 2], bytearray(9216), memoryview(bytearray(9216))], ids=lambda out: str(type(out)))
def test_out_that_is_no_array_is_a_type_error(bgra: Image, out: object) -> None:
    with pytest.raises(TypeError, match=f"out must be an array, not {type(out).__name__}"):
        bgra.to_rgb(out=out)  # type: ignore[arg-type]


@pytest.mark.parametrize("quality", ["9", 9.0, None])
def test_quality_that_is_no_number_is_a_type_error(bgra: Image, quality: object) -> None:
    with pytest.raises(TypeError, match=f"quality of a JPEG must be an int, not {type(quality).__name__}"):
        bgra.encode_jpeg(quality)  # type: ignore[arg-type]


def test_image_without_colors_is_refused() -> None:
    depth = Image(ImageFormat.DEPTH16, 8, 8)
    for method in (depth.to_rgb, depth.to_gray, depth.encode_jpeg):
        with pytest.raises(ValueError, match="DEPTH16 image cannot be"):
            method()
    with pytest.raises(ValueError, match="cannot become a DEPTH16"):
        Image.from_array(scene(), BGRA).convert(ImageFormat.DEPTH16)


# ---- JPEG ----


@needs_codec
def test_jpeg_is_encoded_and_decoded_with_its_metadata(bgra: Image) -> None:
    jpeg = bgra.encode_jpeg(quality=95)
    assert (jpeg.format, jpeg.width_pixels, jpeg.height_pixels) == (ImageFormat.COLOR_MJPG, 64, 48)
    assert jpeg.device_timestamp_usec == 42
    assert bytes(jpeg.array[:2]) == b"\xff\xd8"
    assert np.abs(jpeg.to_rgb().astype(int) - bgra.to_rgb()).mean() < 6
    assert np.array_equal(jpeg.to_bgra(), jpeg.convert(BGRA).array)
    assert bgra.encode_jpeg(quality=20).size < jpeg.size
    with pytest.raises(ValueError, match="quality"):
        bgra.encode_jpeg(quality=0)


@needs_codec
def test_jpeg_opens_in_pillow_with_about_the_same_pixels(shared_recording: Path) -> None:
    pil = pytest.importorskip("PIL.Image")
    with k.Playback(shared_recording) as playback:
        image = playback.next_capture().color
    assert image is not None
    other = np.asarray(pil.open(io.BytesIO(bytes(image.array))).convert("RGB")).astype(int)
    assert np.abs(image.to_rgb() - other).mean() < 1.5
    assert np.array_equal(np.asarray(image.to_pil()), image.to_rgb())


@needs_codec
def test_damaged_jpeg_is_an_error_of_its_image(bgra: Image) -> None:
    file = np.array(bgra.encode_jpeg().array)
    broken = Image.from_array(file[: len(file) // 2].copy(), ImageFormat.COLOR_MJPG, width_pixels=64, height_pixels=48)
    with pytest.raises(k.RecordingError, match="cannot be read as RGB"):
        broken.to_rgb()
    other_size = Image.from_array(file, ImageFormat.COLOR_MJPG, width_pixels=64, height_pixels=47)
    with pytest.raises(k.RecordingError, match="64 x 48 pixels, not 64 x 47"):
        other_size.to_rgb()
    assert bgra.encode_jpeg().to_rgb().shape == (48, 64, 3)


@pytest.mark.skipif(jpeg_available(), reason="this build has a JPEG codec")
def test_build_without_codec_says_so_where_it_is_needed(bgra: Image) -> None:
    jpeg = Image.from_array(np.zeros(100, np.uint8), ImageFormat.COLOR_MJPG, width_pixels=8, height_pixels=8)
    for call in (jpeg.to_rgb, bgra.encode_jpeg):
        with pytest.raises(k.NotSupportedError, match="no JPEG codec"):
            call()


def test_depth_in_pillow_shares_the_memory_of_the_image() -> None:
    pytest.importorskip("PIL.Image")
    depth = Image.from_array(np.arange(64, dtype=np.uint16).reshape(8, 8), ImageFormat.DEPTH16)
    assert np.array_equal(np.asarray(depth.to_pil()), depth.array)


@needs_codec
def test_image_of_another_provider_is_decoded_with_the_same_bytes(microsoft, shared_recording: Path) -> None:
    with k.Playback(shared_recording) as ours, k.Playback(shared_recording, provider=microsoft) as theirs:
        one, two = ours.next_capture().color, theirs.next_capture().color
        assert one is not None and two is not None
        assert np.array_equal(one.to_bgra(), two.to_bgra())
        assert two.encode_jpeg().device_timestamp_usec == two.device_timestamp_usec
        theirs.seek(0)
        theirs.color_format = BGRA
        converted = theirs.next_capture().color
        assert converted is not None
        assert np.array_equal(converted.array, one.to_bgra())  # the same decoder with the same settings


# ---- while reading ----


def jpegs(record: Callable[..., k.Playback], count: int, damaged: set[int]):  # type: ignore[no-untyped-def]
    """A recording of `count` captures; the JPEGs of some are damaged."""
    recording = record(frames=0, color_size=(64, 48))
    good = bytes(Image.from_array(scene(), BGRA).encode_jpeg().array)
    bad = good[: len(good) // 3]

    def array(track: str, index: int) -> np.ndarray:
        if track != "COLOR":
            return np.full((288, 320), index + 1, np.uint16)
        return np.frombuffer(bad if index in damaged else good, np.uint8)

    recording.frames = count
    recording.array = array
    recording.write(recording.path)
    return recording.path


@needs_codec
def test_damaged_picture_costs_the_color_image_alone(record: Callable[..., k.Playback]) -> None:
    path = jpegs(record, 6, {1, 4})
    with k.Playback(path, color_format=BGRA) as playback:
        captures = list(playback)
        assert [capture.color is None for capture in captures] == [False, True, False, False, True, False]
        assert [int(capture.depth.array[0, 0]) for capture in captures] == [1, 2, 3, 4, 5, 6]
        assert all(capture.ir is not None for capture in captures)
        assert playback.damaged_color_count == 2
        assert playback.captures[1].color is None
        assert playback.captures[2].color.array.shape == (48, 64, 4)
        playback.color_format = ImageFormat.COLOR_MJPG  # stored pictures are not looked at
        assert playback.captures[1].color.size > 100


@needs_codec
def test_times_of_a_capture_are_told_without_decoding(record: Callable[..., k.Playback]) -> None:
    path = jpegs(record, 3, {0, 1, 2})
    with k.Playback(path, color_format=BGRA) as playback:
        times = playback.captures.timestamps_usec
        for index, capture in enumerate(playback):
            assert tuple(capture.timestamps) == tuple(times[index].item())
            assert capture.device_timestamp_usec == times["color"][index]
            assert repr(capture).startswith(f"<Capture: color at {times['color'][index]} us, depth at ")
        assert playback.damaged_color_count == 0  # decoding would have found them
        assert capture.color is None
        assert capture.timestamps.color_usec == times["color"][2]
        assert playback.damaged_color_count == 1


@needs_codec
@pytest.mark.parametrize("format", [ImageFormat.COLOR_NV12, ImageFormat.COLOR_YUY2, BGRA])
def test_conversion_while_reading_gives_what_converting_the_image_gives(
    shared_recording: Path, format: ImageFormat
) -> None:
    with k.Playback(shared_recording) as playback:
        stored = playback.next_capture().color
        playback.color_format = format
        playback.seek(0)
        converted = playback.next_capture().color
    assert stored is not None and converted is not None
    assert converted.format == format
    assert converted.stride_bytes == {ImageFormat.COLOR_NV12: 1280, ImageFormat.COLOR_YUY2: 2560, BGRA: 5120}[format]
    assert np.array_equal(converted.array, stored.convert(format).array)


# ---- false colours ----


def test_colorize_spans_the_range_and_leaves_no_data_black() -> None:
    depth = np.array([[0, 100, 500, 2250, 4000, 9000]], np.uint16)
    gray = k.colorize(depth, range=(500, 4000), colormap="gray")
    assert gray.tolist() == [[[0] * 3, [0] * 3, [0] * 3, [127] * 3, [255] * 3, [255] * 3]]
    colored = k.colorize(depth, range=(500, 4000))
    spectrum = named_colormap("spectrum")
    assert colored[0, 0].tolist() == [0, 0, 0]
    assert np.array_equal(colored[0, 2], spectrum[0])
    assert np.array_equal(colored[0, 5], spectrum[255])


def test_colorize_takes_images_maps_and_room_of_ones_own() -> None:
    image = Image.from_array(np.arange(1, 65, dtype=np.uint16).reshape(8, 8), ImageFormat.DEPTH16)
    colors = np.random.default_rng(1).integers(0, 256, (256, 3), np.uint8)
    out = np.empty((8, 8, 3), np.uint8)
    assert k.colorize(image, (1, 64), colors, out=out) is out
    index = np.round((np.arange(64) * ((255 << 16) // 63) + (1 << 15)) // 65536).astype(int)
    assert np.array_equal(out.reshape(64, 3), colors[index])
    assert np.array_equal(k.colorize(image.array[:, ::2], (1, 64), colors), out[:, ::2])
    infrared = Image.from_array(np.array(image.array), ImageFormat.IR16)
    assert (np.ptp(k.colorize(infrared), axis=2) == 0).all()


def test_colorize_without_range_spans_the_values_that_are_there() -> None:
    values = np.zeros((100, 100), np.uint16)
    values[50:] = np.linspace(1000, 2000, 5000).reshape(50, 100).round()
    pixels = k.colorize(values, colormap="gray")
    assert pixels[50, 0].tolist() == [0, 0, 0]
    assert pixels[-1, -1].tolist() == [255, 255, 255]
    assert abs(int(pixels[75, 0, 0]) - 127) < 4
    assert (k.colorize(np.zeros((4, 4), np.uint16)) == 0).all()
    assert k.colorize(np.full((4, 4), 65535, np.uint16)).shape == (4, 4, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((4, 4), np.uint8),), "uint16"),
        ((np.zeros((4, 4), np.uint16), (5, 5)), "empty"),
        ((np.zeros((4, 4), np.uint16), (float("nan"), 5)), "from nan to 5 is not finite"),
        ((np.zeros((4, 4), np.uint16), (5, float("inf"))), "from 5 to inf is not finite"),
        ((np.zeros((4, 4), np.uint16), (0, 9), "rainbow"), "spectrum, heat, gray"),
        ((np.zeros((4, 4), np.uint16), (0, 9), np.zeros((4, 3), np.uint8)), "256"),
    ],
)
def test_colorize_says_what_does_not_fit(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        k.colorize(*arguments)


def test_colorize_of_a_short_buffer_says_why_it_fails() -> None:
    _, short = k4a.k4a_image_create_from_buffer(ImageFormat.DEPTH16, 8, 8, 16, bytearray(50), provider="bundled")
    with pytest.raises(k.RecordingError, match=r"(?s)cannot be colored \(.*too few for 8 x 8 pixels"):
        k.colorize(short, (1, 5))


@pytest.mark.parametrize("name", COLORMAPS)
def test_colormaps_have_256_colors_without_jumps(name: str) -> None:
    colors = named_colormap(name).astype(int)
    assert colors.shape == (256, 3)
    assert np.abs(np.diff(colors, axis=0)).max() <= 8


# ---- what a build says about its codec ----


def test_metadata_and_doctor_say_whether_there_is_a_codec() -> None:
    import importlib.metadata

    from pyk4a_rp.cli import doctor

    text = importlib.metadata.distribution("pyk4a-rp").read_text("features.txt")
    assert text is not None
    codec = text.strip().removeprefix("jpeg=")
    assert (codec != "off") == jpeg_available()
    found = doctor._probe("bundled")
    lines = list(doctor._provider_lines("bundled", found))
    assert f"jpeg={codec}" in found["features"].split()
    assert any(f"jpeg={codec}" in text for _, text in lines)
    assert (doctor.BAD, doctor.NO_JPEG) not in lines or not jpeg_available()


def test_doctor_says_what_to_do_about_a_missing_codec() -> None:
    from pyk4a_rp.cli import doctor

    found = {"version": "1", "path": "x", "record_path": "x", "problem": None, "missing": []}
    lines = list(doctor._provider_lines("bundled", {**found, "features": "jpeg=off simd=avx2"}))
    assert (doctor.BAD, doctor.NO_JPEG) in lines
    lines = list(doctor._provider_lines("bundled", {**found, "features": "jpeg=libjpeg-turbo-3 simd=avx2"}))
    assert (doctor.BAD, doctor.NO_JPEG) not in lines
