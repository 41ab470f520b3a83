"""Hand-made recordings whose tracks, tags or attachments are unusual."""

from tests.differential.ebml import ATTACHMENTS, element
from tests.differential.layout import (
    COLOR,
    EXTRA,
    IMU,
    PERIOD_30,
    Layout,
    attachment,
    attachment_target,
    bitmap_header,
    color,
    depth,
    imu,
    ir,
    tag,
    track,
    track_target,
    with_tracks,
)

FILES = {}


def edge_file(function):
    """Add the function's file under its name."""
    FILES[function.__name__] = function
    return function


# ---------------------------------------------------------------- video tracks
def _track_case(name, *tracks, **more):
    FILES[name] = lambda: with_tracks(*tracks, **more)


_track_case("color_is_subtitle", color(kind=17), depth(), ir())
_track_case("color_is_audio", color(kind=2), depth(), ir())
_track_case("color_codec_other", color(codec="V_MJPEG"), depth(), ir())
_track_case("color_without_private", color(private=None), depth(), ir())
_track_case("color_private_39", color(private=bitmap_header(b"MJPG", 1280, 720)[:39]), depth(), ir())
_track_case("color_private_44", color(private=bitmap_header(b"MJPG", 1280, 720) + b"\0" * 4), depth(), ir())
_track_case("color_fourcc_unknown", color(b"H264"), depth(), ir())
_track_case("color_fourcc_lower_case", color(b"mjpg"), depth(), ir())
_track_case("color_fourcc_b16g", color(b"b16g"), depth(), ir())
_track_case("color_fourcc_nv12", color(b"NV12"), depth(), ir())
_track_case("color_fourcc_yuy2", color(b"YUY2"), depth(), ir())
_track_case("color_fourcc_bgra", color(b"BGRA"), depth(), ir())
_track_case("color_size_unusual", color(size=(1279, 719)), depth(), ir())
_track_case("color_size_one", color(size=(1, 1)), depth(), ir())
_track_case("color_size_zero", color(size=(0, 0)), depth(), ir())
_track_case("color_without_video", track(COLOR, "COLOR", private=bitmap_header(b"MJPG", 1280, 720)), depth(), ir())
_track_case("color_header_size_differs", color(private=bitmap_header(b"MJPG", 1920, 1080)), depth(), ir())
_track_case("depth_fourcc_nv12", color(), depth(b"NV12"), ir())
_track_case("depth_fourcc_mjpg", color(), depth(b"MJPG"), ir())
_track_case("depth_fourcc_bgra", color(), depth(b"BGRA"), ir())
_track_case("depth_fourcc_yuy2", color(), depth(b"YUY2"), ir(b"YUY2"))
_track_case("depth_named_depth_ir", color(), depth(), ir(name="DEPTH_IR"))
_track_case("depth_size_wrong", color(), depth(size=(320, 287)), ir())
_track_case("ir_size_wrong", color(), depth(), ir(size=(640, 576)))
_track_case("depth_and_ir_of_another_mode", color(), depth(size=(640, 576)), ir(size=(640, 576)))
_track_case("depth_without_ir", color(), depth())
_track_case("ir_without_depth", color(), ir())
_track_case("no_duration_color", color(duration=None), depth(), ir())
_track_case("no_duration_imu_only", imu())
_track_case("fps_color_differs", color(duration=66_666_666), depth(), ir())
_track_case("fps_ir_differs", color(), depth(), ir(duration=200_000_000))
for _duration in (
    33_333_334,
    33_333_332,
    32_300_000,
    32_258_065,
    66_666_666,
    66_666_667,
    62_500_001,
    200_000_000,
    40_000_000,
    100_000_000,
    1,
    0,
    10**9,
    10**10,
):
    _track_case(f"fps_duration_{_duration}", *(part(duration=_duration) for part in (color, depth, ir)))
_track_case("track_names_twice", color(), depth(), ir(), color(b"NV12", number=EXTRA))
_track_case(
    "track_names_twice_custom",
    color(),
    depth(),
    ir(),
    track(IMU, "X", kind=17, codec="A"),
    track(EXTRA, "X", kind=17, codec="B"),
)
_track_case("track_unnamed", color(), depth(), ir(), track(EXTRA, None, kind=17, codec="S_X", duration=None))
_track_case("track_named_empty", color(), depth(), ir(), track(EXTRA, "", kind=17, codec="S_X", duration=None))
_track_case("track_custom_video", color(), depth(), ir(), track(EXTRA, "Z", codec="V_X", size=(8, 6), duration=10**8))
_track_case(
    "track_custom_video_no_duration", color(), depth(), ir(), track(EXTRA, "Z", codec="V_X", size=(8, 6), duration=None)
)
_track_case("track_custom_video_no_size", color(), depth(), ir(), track(EXTRA, "Z", codec="V_X", duration=10**8))
_track_case("track_custom_audio", color(), depth(), ir(), track(EXTRA, "A", kind=2, codec="A_PCM", private=b"abc"))
_track_case("track_private_empty", color(), depth(), ir(), track(EXTRA, "A", kind=17, codec="S_X", private=b""))
_track_case("track_name_utf8", color(), depth(), ir(), track(EXTRA, "Übung 東", kind=17, codec="S_X"))
_track_case(
    "track_number_200",
    color(),
    depth(),
    ir(),
    element(
        0xAE, element(0xD7, 200), element(0x73C5, 9), element(0x83, 17), element(0x86, "S_X"), element(0x536E, "BIG")
    ),
)
_track_case(
    "track_without_codec",
    color(),
    depth(),
    ir(),
    element(0xAE, element(0xD7, 5), element(0x73C5, 9), element(0x83, 17), element(0x536E, "NOCODEC")),
)
_track_case(
    "track_without_uid",
    color(),
    depth(),
    ir(),
    element(0xAE, element(0xD7, 5), element(0x83, 17), element(0x86, "S_X"), element(0x536E, "NOUID")),
)
_track_case("tracks_in_other_order", ir(), imu(), depth(), color())
_track_case("imu_is_video", color(), depth(), ir(), imu(kind=1, size=(1, 1), duration=10**8))
_track_case("imu_codec_other", color(), depth(), ir(), imu(codec="S_OTHER"))
_track_case("imu_with_default_duration", color(), depth(), ir(), imu(duration=PERIOD_30))
_track_case(
    "imu_named_otherwise", color(), depth(), ir(), track(IMU, "MOTION", kind=17, codec="S_K4A/IMU", duration=None)
)
_track_case("color_named_otherwise", color(name="RGB"), depth(), ir())


@edge_file
def color_named_otherwise_no_tag():
    return Layout([color(name="RGB"), depth(), ir()]).set_tag("K4A_COLOR_TRACK", None).build()


# ---------------------------------------------------------------- tags
def _tag_case(name, *changes, tracks=None):
    def build():
        layout = Layout(tracks)
        for change in changes:
            layout.set_tag(*change)
        return layout.build()

    FILES[name] = build


_tag_case("mode_missing", ("K4A_DEPTH_MODE", None))
_tag_case("mode_off", ("K4A_DEPTH_MODE", "OFF"))
_tag_case("mode_off_color_only", ("K4A_DEPTH_MODE", "OFF"), tracks=[color()])
_tag_case("mode_unknown_color_only", ("K4A_DEPTH_MODE", "NFOV"), tracks=[color()])
_tag_case("mode_known_color_only", ("K4A_DEPTH_MODE", "WFOV_UNBINNED"), tracks=[color()])
_tag_case("mode_missing_color_only", ("K4A_DEPTH_MODE", None), tracks=[color()])
_tag_case("mode_missing_ir_only", ("K4A_DEPTH_MODE", None), tracks=[ir()])
_tag_case("mode_old_spelling", ("K4A_DEPTH_MODE", "NFOV_2x2BINNED"))
_tag_case("mode_lower_case", ("K4A_DEPTH_MODE", "nfov_2x2binned"))
_tag_case("mode_with_blank", ("K4A_DEPTH_MODE", "NFOV_2X2BINNED "))
_tag_case("mode_empty", ("K4A_DEPTH_MODE", ""))
_tag_case(
    "mode_wfov_old_spelling",
    ("K4A_DEPTH_MODE", "WFOV_2x2BINNED"),
    tracks=[color(), depth(size=(512, 512)), ir(size=(512, 512))],
)
_tag_case("mode_passive_ir", ("K4A_DEPTH_MODE", "PASSIVE_IR"), tracks=[color(), ir(size=(1024, 1024))])
_tag_case(
    "mode_passive_ir_with_depth",
    ("K4A_DEPTH_MODE", "PASSIVE_IR"),
    tracks=[color(), depth(size=(1024, 1024)), ir(size=(1024, 1024))],
)
for _tag_name in ("K4A_DEPTH_DELAY_NS", "K4A_START_OFFSET_NS"):
    _short_name = "delay" if "DELAY" in _tag_name else "offset"
    for _label, _value in [
        ("missing", None),
        ("empty", ""),
        ("word", "none"),
        ("junk_after", "5000000 ns"),
        ("blank_before", "  5000000"),
        ("plus", "+5000000"),
        ("minus", "-5000000"),
        ("fraction", "5000000.9"),
        ("hexadecimal", "0x10000"),
        ("octal", "0100000"),
        ("exponent", "5e6"),
        ("newline_before", "\n5000000"),
        ("below_a_usec", "999"),
        ("minus_below_a_usec", "-1999"),
        ("above_32_bits_usec", str((2**32 + 5) * 1000)),
        ("above_64_bits", "99999999999999999999999"),
        ("largest_int64", str(2**63 - 1)),
        ("largest_uint64", str(2**64 - 1)),
        ("minus_only", "-"),
    ]:
        _tag_case(f"{_short_name}_{_label}", (_tag_name, _value))
for _label, _value in [
    ("missing", None),
    ("master", "MASTER"),
    ("lower_case", "standalone"),
    ("empty", ""),
    ("unknown", "SLAVE"),
]:
    _tag_case(f"sync_{_label}", ("K4A_WIRED_SYNC_MODE", _value))
_tag_case("subordinate_no_delay", ("K4A_WIRED_SYNC_MODE", "SUBORDINATE"))
for _label, _value in [
    ("delay", "123456"),
    ("delay_word", "x"),
    ("delay_negative", "-5000"),
    ("delay_large", str(2**45)),
    ("delay_junk", "7000x"),
]:
    _tag_case(f"subordinate_{_label}", ("K4A_WIRED_SYNC_MODE", "SUBORDINATE"), ("K4A_SUBORDINATE_DELAY_NS", _value))
_tag_case("standalone_delay_word", ("K4A_SUBORDINATE_DELAY_NS", "x"))
_tag_case("standalone_delay", ("K4A_SUBORDINATE_DELAY_NS", "5000"))

_TWO_COLORS = [color(name="A"), depth(), ir(), color(b"NV12", number=EXTRA, name="COLOR")]
_tag_case("color_tag_wins_over_name", tracks=_TWO_COLORS)
_tag_case("color_tag_by_text", ("K4A_COLOR_TRACK", "1001"), tracks=_TWO_COLORS)
_tag_case("color_tag_text_unreadable", ("K4A_COLOR_TRACK", "abc"), tracks=_TWO_COLORS)
_tag_case("color_tag_text_with_junk", ("K4A_COLOR_TRACK", "1001abc"), tracks=_TWO_COLORS)
_tag_case("color_tag_of_no_track", ("K4A_COLOR_TRACK", "424242"), tracks=_TWO_COLORS)
_tag_case("color_tag_target_and_text_differ", ("K4A_COLOR_TRACK", "1005", track_target(1001)), tracks=_TWO_COLORS)
_tag_case("color_tag_target_without_type", ("K4A_COLOR_TRACK", "1005", (element(0x63C5, 1001),)), tracks=_TWO_COLORS)
_tag_case(
    "color_tag_target_lower_case",
    ("K4A_COLOR_TRACK", "1005", (element(0x63CA, "track"), element(0x63C5, 1001))),
    tracks=_TWO_COLORS,
)
_tag_case(
    "color_tag_target_type_value",
    ("K4A_COLOR_TRACK", "1005", (element(0x68CA, 30), element(0x63C5, 1001))),
    tracks=_TWO_COLORS,
)
_tag_case("color_tag_of_depth_track", ("K4A_COLOR_TRACK", "1002", track_target(1002)))
_tag_case("imu_tag_of_color_track", ("K4A_IMU_TRACK", "1001", track_target(1001)))
_tag_case(
    "imu_tag_of_custom_track",
    ("K4A_IMU_TRACK", "1005", track_target(1005)),
    tracks=[color(), depth(), ir(), track(EXTRA, "E", kind=17, codec="S_K4A/IMU", duration=None)],
)


@edge_file
def tags_twice():
    layout = Layout()
    layout.tag_list["again"] = tag("K4A_DEPTH_MODE", "WFOV_UNBINNED")
    layout.tag_list["more"] = tag("TWICE", "one")
    layout.tag_list["and more"] = tag("TWICE", "two")
    return layout.build()


@edge_file
def tag_with_two_simple_tags():
    layout = Layout()
    simple = [element(0x67C8, element(0x45A3, name), element(0x4487, name.lower())) for name in ("ONE", "TWO")]
    layout.tag_list["extra"] = element(0x7373, element(0x63C0), simple)
    return layout.build()


@edge_file
def tag_nested_in_a_tag():
    layout = Layout()
    inner = element(0x67C8, element(0x45A3, "TWO"), element(0x4487, "inside"))
    layout.tag_list["extra"] = element(
        0x7373, element(0x63C0), element(0x67C8, element(0x45A3, "ONE"), element(0x4487, "1"), inner)
    )
    return layout.build()


@edge_file
def tag_without_targets():
    layout = Layout()
    layout.tag_list["extra"] = element(0x7373, element(0x67C8, element(0x45A3, "ONE"), element(0x4487, "1")))
    return layout.build()


@edge_file
def tag_without_string():
    layout = Layout()
    layout.tag_list["extra"] = element(0x7373, element(0x63C0), element(0x67C8, element(0x45A3, "ONE")))
    return layout.build()


@edge_file
def tag_without_name():
    layout = Layout()
    layout.tag_list["extra"] = element(0x7373, element(0x63C0), element(0x67C8, element(0x4487, "1")))
    return layout.build()


@edge_file
def tag_with_binary_value():
    layout = Layout()
    layout.tag_list["extra"] = element(
        0x7373, element(0x63C0), element(0x67C8, element(0x45A3, "ONE"), element(0x4485, b"\1\2"))
    )
    return layout.build()


@edge_file
def tag_with_nul_inside():
    layout = Layout()
    layout.tag_list["extra"] = tag("ONE", "before\0after")
    layout.tag_list["padded"] = tag("TWO", "padded\0\0\0")
    return layout.build()


@edge_file
def tag_utf8():
    layout = Layout()
    layout.tag_list["extra"] = tag("ONE", "größer 東京 🎥")
    layout.tag_list["named"] = tag("Größe", "1")
    return layout.build()


@edge_file
def tag_not_utf8():
    layout = Layout()
    layout.tag_list["extra"] = tag("ONE", b"\xff\xfe\x80abc")
    return layout.build()


# ---------------------------------------------------------------- attachments and calibration
def _attachment_case(name, *attached, calibration_tag=None):
    def build():
        layout = Layout()
        layout.attachments = element(ATTACHMENTS, *attached)
        if calibration_tag:
            layout.set_tag("K4A_CALIBRATION_FILE", *calibration_tag)
        return layout.build()

    FILES[name] = build


_attachment_case("calibration_by_name", attachment("calibration.json", b'{"a": 1}', 5))
_attachment_case("calibration_with_nul", attachment("calibration.json", b'{"a": 1}\0', 5))
_attachment_case("calibration_with_two_nuls", attachment("calibration.json", b'{"a": 1}\0\0', 5))
_attachment_case(
    "calibration_by_tag",
    attachment("calibration.json", b"name", 5),
    attachment("other", b"tag", 6),
    calibration_tag=("other", attachment_target(6)),
)
_attachment_case(
    "calibration_tag_without_target",
    attachment("calibration.json", b"name", 5),
    attachment("other", b"tag", 6),
    calibration_tag=("other",),
)
_attachment_case(
    "calibration_tag_of_nothing",
    attachment("calibration.json", b"name", 5),
    calibration_tag=("other", attachment_target(99)),
)
_attachment_case(
    "calibration_tag_text_is_uid",
    attachment("calibration.json", b"name", 5),
    attachment("other", b"tag", 6),
    calibration_tag=("6",),
)
_attachment_case(
    "attachments_with_one_name", attachment("notes.txt", b"first", 5), attachment("notes.txt", b"second", 6)
)
_attachment_case("attachments_empty")
_attachment_case("attachment_without_data", element(0x61A7, element(0x466E, "notes.txt"), element(0x46AE, 5)))
_attachment_case("attachment_without_name", element(0x61A7, element(0x465C, b"data"), element(0x46AE, 5)))
_attachment_case("attachment_empty", attachment("notes.txt", b"", 5))
_attachment_case("calibration_empty", attachment("calibration.json", b"", 5))
