"""Colour conversion gives the pixels of Microsoft's library."""

import pytest

from tests.differential import harness
from tests.differential.recordings import Unavailable

NV12, YUY2, BGRA32 = 1, 2, 3
TOLERANCE = 2
PAIRS = [("NV12", YUY2), ("NV12", BGRA32), ("YUY2", NV12), ("YUY2", BGRA32)]


def can_decode_jpeg():
    from pyk4a_rp.color import jpeg_available

    return jpeg_available()


@pytest.fixture(scope="module")
def converted(maker, tmp_path_factory):
    """Folder of each provider's converted pixels, for noise and for pictures."""
    sources = {name: lambda name=name: maker.colors(name) for name in ("NV12", "YUY2")}
    sources["NV12 picture"] = lambda: maker.generator.make("nv12_720p")[0]
    sources["YUY2 picture"] = lambda: maker.generator.make("yuy2_720p_15fps")[0]
    if can_decode_jpeg():
        sources["MJPG picture"] = lambda: maker.generator.make("mjpg_720p")[0]
        sources["MJPG large"] = lambda: maker.generator.make("mjpg_1080p")[0]
    try:
        paths = {name: make() for name, make in sources.items()}
    except Unavailable as error:
        pytest.skip(str(error))
    folders = {}
    for provider in ("microsoft", "bundled"):
        folders[provider] = tmp_path_factory.mktemp(f"converted_{provider}")
        jobs = [
            {"id": name, "path": str(path), "sections": ["conversions"], "blobs": str(folders[provider])}
            for name, path in paths.items()
        ]
        answers = harness.run_jobs(provider, jobs)
        assert not any(harness.died(answer["conversions"]) for answer in answers.values())
    yield folders
    for folder in folders.values():
        for file in folder.iterdir():
            file.unlink()


@pytest.mark.parametrize("content", ["", " picture"], ids=["noise", "picture"])
@pytest.mark.parametrize("source, target", PAIRS)
def test_conversion_of_uncompressed_color_has_microsofts_pixels(converted, source, target, content):
    """Within 2 of 255; noise has every value, in and outside of limited range."""
    numpy = pytest.importorskip("numpy")
    for number in range(2):
        name = f"{source}{content}-{target}-{number}.raw"
        one, two = (numpy.fromfile(converted[provider] / name, numpy.uint8) for provider in ("microsoft", "bundled"))
        assert one.size == two.size > 0
        difference = numpy.abs(one.astype(numpy.int16) - two)
        assert difference.max() <= TOLERANCE, f"{int((difference > TOLERANCE).sum())} of {difference.size} bytes"


@pytest.mark.parametrize("source, target", [pair for pair in PAIRS if pair[1] == BGRA32])
def test_conversion_to_bgra_is_exact(converted, source, target):
    """Not one byte of noise differs."""
    for number in range(2):
        name = f"{source}-{target}-{number}.raw"
        one, two = ((converted[provider] / name).read_bytes() for provider in ("microsoft", "bundled"))
        assert one == two


@pytest.mark.parametrize("content", ["picture", "large"])
@pytest.mark.parametrize("target", [NV12, YUY2, BGRA32])
def test_decoded_jpeg_has_microsofts_pixels(converted, content, target):
    """Mean difference 1.5 at most, single ones within 2: the engine decodes with the same settings."""
    numpy = pytest.importorskip("numpy")
    if not can_decode_jpeg():
        pytest.skip("this build has no JPEG codec")
    for number in range(2):
        name = f"MJPG {content}-{target}-{number}.raw"
        one, two = (numpy.fromfile(converted[provider] / name, numpy.uint8) for provider in ("microsoft", "bundled"))
        assert one.size == two.size > 0
        difference = numpy.abs(one.astype(numpy.int16) - two)
        assert difference.mean() <= 1.5
        assert difference.max() <= TOLERANCE
