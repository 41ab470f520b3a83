"""What can be seen of a recording through the flat module, as plain JSON values.

Each function of `SECTIONS` takes the flat module and a job (see `worker.py`), opens the file itself and returns what it
saw. Everything a section does depends only on the job and on what the library answered before, so that two providers
that agree are asked exactly the same questions.
"""

import math
import os
import struct
import zlib
from pathlib import Path

SUCCEEDED, FAILED, EOF = 0, 1, 2
CAMERAS = ("color", "depth", "ir")
BEGIN, END, DEVICE_TIME = 0, 1, 2

STANDARD_TAGS = [
    "K4A_COLOR_TRACK",
    "K4A_COLOR_MODE",
    "K4A_DEPTH_TRACK",
    "K4A_DEPTH_MODE",
    "K4A_IR_TRACK",
    "K4A_IR_MODE",
    "K4A_DEPTH_DELAY_NS",
    "K4A_WIRED_SYNC_MODE",
    "K4A_SUBORDINATE_DELAY_NS",
    "K4A_COLOR_FIRMWARE_VERSION",
    "K4A_DEPTH_FIRMWARE_VERSION",
    "K4A_DEVICE_SERIAL_NUMBER",
    "K4A_CALIBRATION_FILE",
    "K4A_IMU_TRACK",
    "K4A_IMU_MODE",
    "K4A_START_OFFSET_NS",
    "no_such_tag",
]
CONFIGURATION = [
    "color_format",
    "color_resolution",
    "depth_mode",
    "camera_fps",
    "color_track_enabled",
    "depth_track_enabled",
    "ir_track_enabled",
    "imu_track_enabled",
    "depth_delay_off_color_usec",
    "wired_sync_mode",
    "subordinate_delay_off_master_usec",
    "start_timestamp_offset_usec",
]


class Opened:
    """A playback handle for a `with` statement; `handle` is None when the library refused the file."""

    def __init__(self, k4a, path):
        self.k4a = k4a
        self.result, self.handle = k4a.k4a_playback_open(str(path))
        self.result = int(self.result)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        if self.handle is not None:
            self.k4a.k4a_playback_close(self.handle)
            self.handle = None


def _checksum(data):
    return None if data is None else f"{zlib.crc32(data):08x}"


def _number(value):
    """A float as JSON can hold it, to the last bit."""
    return "nan" if math.isnan(value) else struct.pack("<f", value).hex()


# ---------------------------------------------------------------- single items
def image_seen(k4a, image, pixels=True):
    """All there is to know of one image, or None; releases nothing."""
    if image is None:
        return None
    others = [
        int(k4a.k4a_image_get_system_timestamp_nsec(image)),
        int(k4a.k4a_image_get_exposure_usec(image)),
        int(k4a.k4a_image_get_white_balance(image)),
        int(k4a.k4a_image_get_iso_speed(image)),
    ]
    shape = (
        f"format {int(k4a.k4a_image_get_format(image))} {k4a.k4a_image_get_width_pixels(image)}x"
        f"{k4a.k4a_image_get_height_pixels(image)} stride {k4a.k4a_image_get_stride_bytes(image)} "
        f"size {k4a.k4a_image_get_size(image)}"
    )
    seen = {"at": int(k4a.k4a_image_get_device_timestamp_usec(image)), "shape": shape}
    if pixels:
        seen["crc"] = _checksum(k4a.k4a_image_get_buffer(image))
    if any(others):
        seen["others"] = others
    return seen


def images_of(k4a, capture):
    return {name: getattr(k4a, f"k4a_capture_get_{name}_image")(capture) for name in CAMERAS}


def capture_seen(k4a, capture, pixels=True):
    """The capture's images by name and its temperature; releases the capture."""
    seen = {}
    for name, image in images_of(k4a, capture).items():
        if image is not None:
            seen[name] = image_seen(k4a, image, pixels)
            k4a.k4a_image_release(image)
    temperature = k4a.k4a_capture_get_temperature_c(capture)
    if not math.isnan(temperature):
        seen["temperature"] = _number(temperature)
    k4a.k4a_capture_release(capture)
    return seen


def _xyz(vector):
    return struct.pack("<3f", *(vector if not hasattr(vector, "xyz") else vector.v)).hex()


def sample_seen(sample):
    return [
        int(sample.acc_timestamp_usec),
        int(sample.gyro_timestamp_usec),
        _xyz(sample.acc_sample),
        _xyz(sample.gyro_sample),
        _number(sample.temperature),
    ]


def block_seen(k4a, block):
    size = int(k4a.k4a_playback_data_block_get_buffer_size(block))
    checksum = _checksum(k4a.k4a_playback_data_block_get_buffer(block) if size else b"")
    at = int(k4a.k4a_playback_data_block_get_device_timestamp_usec(block))
    k4a.k4a_playback_data_block_release(block)
    return [at, size, checksum]


# ---------------------------------------------------------------- moving
def move(k4a, handle, what, direction, pixels=True):
    """One step of one cursor: `what` is "capture", "imu" or "block NAME", `direction` is "next" or "previous".

    Returns what came, or "EOF" or "FAILED".
    """
    kind, _, track = what.partition(" ")
    if kind == "capture":
        result, item = getattr(k4a, f"k4a_playback_get_{direction}_capture")(handle)
    elif kind == "imu":
        result, item = getattr(k4a, f"k4a_playback_get_{direction}_imu_sample")(handle)
    else:
        result, item = getattr(k4a, f"k4a_playback_get_{direction}_data_block")(handle, track)
    if int(result) != SUCCEEDED:
        if item is not None:
            return f"result {int(result)} with an item"
        return {EOF: "EOF", FAILED: "FAILED"}.get(int(result), f"result {int(result)}")
    if kind == "capture":
        return capture_seen(k4a, item, pixels)
    return sample_seen(item) if kind == "imu" else block_seen(k4a, item)


def walk(k4a, handle, what, direction, pixels=True, limit=200_000):
    """Items up to the first EOF; a failed read is noted and passed over, ten in a row end the walk."""
    items, failures = [], 0
    while len(items) < limit and failures < 10:
        item = move(k4a, handle, what, direction, pixels)
        if item == "EOF":
            return items
        failures = failures + 1 if item == "FAILED" else 0
        items.append(item)
    return [*items, "gave up"]


def there_and_back(k4a, handle, what):
    """Forwards to EOF, backwards to EOF, and the first again; no EOF is asked for twice."""
    seen = {"forward": walk(k4a, handle, what, "next"), "backward": walk(k4a, handle, what, "previous")}
    seen["first again"] = move(k4a, handle, what, "next")
    return seen


# ---------------------------------------------------------------- sections
def section_open(k4a, job):
    with Opened(k4a, job["path"]) as opened:
        return {"result": opened.result, "handle": opened.handle is not None}


def custom_tracks(k4a, handle):
    names = []
    for index in range(k4a.k4a_playback_get_track_count(handle)):
        result, name = k4a.k4a_playback_get_track_name(handle, index)
        if int(result) == SUCCEEDED and not k4a.k4a_playback_track_is_builtin(handle, name):
            names.append(name)
    return names


def _track_seen(k4a, handle, name):
    result, settings = k4a.k4a_playback_track_get_video_settings(handle, name)
    video = [int(result)]
    if int(result) == SUCCEEDED:
        video += [int(settings.width), int(settings.height), int(settings.frame_rate)]
    codec_result, codec = k4a.k4a_playback_track_get_codec_id(handle, name)
    context_result, context = k4a.k4a_playback_track_get_codec_context(handle, name)
    return {
        "exists": bool(k4a.k4a_playback_check_track_exists(handle, name)),
        "builtin": bool(k4a.k4a_playback_track_is_builtin(handle, name)),
        "video": video,
        "codec": [int(codec_result), codec],
        "context": [int(context_result), None if context is None else context.hex()],
    }


def section_metadata(k4a, job):
    """Configuration, lengths, tracks, tags, attachments and raw calibration."""
    with Opened(k4a, job["path"]) as opened:
        handle = opened.handle
        seen = {"open": opened.result}
        if handle is None:
            return seen
        result, configuration = k4a.k4a_playback_get_record_configuration(handle)
        seen["configuration result"] = int(result)
        seen["configuration"] = {name: int(getattr(configuration, name)) for name in CONFIGURATION}
        seen["length"] = int(k4a.k4a_playback_get_recording_length_usec(handle))
        seen["last"] = int(k4a.k4a_playback_get_last_timestamp_usec(handle))
        count = int(k4a.k4a_playback_get_track_count(handle))
        names = []
        for index in range(count + 1):
            result, name = k4a.k4a_playback_get_track_name(handle, index)
            names.append([int(result), name])
        seen["track names"] = names
        asked = [name for _, name in names if name is not None] + ["NO_SUCH_TRACK", "color"]
        seen["tracks"] = {name: _track_seen(k4a, handle, name) for name in asked}
        tags = [*STANDARD_TAGS, *(f"K4A_CUSTOM_TRACK_{name}" for name in asked), *job.get("tags", ())]
        seen["tags"] = {}
        for name in tags:
            result, value = k4a.k4a_playback_get_tag(handle, name)
            seen["tags"][name] = [int(result), value]
        seen["attachments"] = {}
        for name in ["calibration.json", "no such file", *job.get("attachments", ())]:
            result, data = k4a.k4a_playback_get_attachment(handle, name)
            seen["attachments"][name] = [int(result), None if data is None else [len(data), _checksum(data)]]
        return seen


def section_raw_calibration(k4a, job):
    """The closing NUL is counted by C and not part of the flat module's bytes; it is left out here."""
    with Opened(k4a, job["path"]) as opened:
        if opened.handle is None:
            return None
        result, data = k4a.k4a_playback_get_raw_calibration(opened.handle)
        if data is None:
            return [int(result), None]
        data = data[:-1] if data.endswith(b"\0") else data
        return [int(result), len(data), _checksum(data)]


def section_captures(k4a, job):
    with Opened(k4a, job["path"]) as opened:
        return None if opened.handle is None else there_and_back(k4a, opened.handle, "capture")


def section_imu(k4a, job):
    with Opened(k4a, job["path"]) as opened:
        return None if opened.handle is None else there_and_back(k4a, opened.handle, "imu")


def section_blocks(k4a, job):
    """Every custom track, and what built-in and unknown tracks answer."""
    with Opened(k4a, job["path"]) as opened:
        if opened.handle is None:
            return None
        seen = {name: there_and_back(k4a, opened.handle, f"block {name}") for name in custom_tracks(k4a, opened.handle)}
        for name in ("COLOR", "DEPTH", "IR", "IMU", "NO_SUCH_TRACK"):
            seen[name] = [move(k4a, opened.handle, f"block {name}", way) for way in ("next", "previous")]
        return seen


def sources(k4a, handle):
    """What a handle can be walked along: captures and samples always, so that their absence is seen too."""
    return ["capture", "imu", *(f"block {name}" for name in custom_tracks(k4a, handle))]


def section_ends(k4a, job):
    """EOF at both ends, once: `previous` first on a fresh handle, then forwards from there, and mixed steps."""
    with Opened(k4a, job["path"]) as opened:
        if opened.handle is None:
            return None
        seen = {}
        for what in sources(k4a, opened.handle):
            ways = ("previous", "next", "next", "previous", "previous")
            seen[what] = [move(k4a, opened.handle, what, way) for way in ways]
        k4a.k4a_playback_seek_timestamp(opened.handle, 0, END)
        for what in sources(k4a, opened.handle):
            ways = ("next", "previous", "previous", "next", "next")
            seen[f"{what} from the end"] = [move(k4a, opened.handle, what, way) for way in ways]
        return seen


def section_repeated_eof(k4a, job):
    """Three EOFs in a row, then back: where Microsoft's library forgets the last (first) cluster."""
    seen = {}
    with Opened(k4a, job["path"]) as opened:
        if opened.handle is None:
            return None
        for what in sources(k4a, opened.handle):
            k4a.k4a_playback_seek_timestamp(opened.handle, 0, BEGIN)
            at_the_end = [len(walk(k4a, opened.handle, what, "next", pixels=False))]
            at_the_end += [move(k4a, opened.handle, what, "next") for _ in range(2)]
            back = [move(k4a, opened.handle, what, "previous") for _ in range(3)]
            k4a.k4a_playback_seek_timestamp(opened.handle, 0, BEGIN)
            at_the_start = [move(k4a, opened.handle, what, "previous") for _ in range(3)]
            on = [move(k4a, opened.handle, what, "next") for _ in range(3)]
            seen[what] = {"end": at_the_end, "back": back, "start": at_the_start, "on": on}
    return seen


def section_outlive(k4a, job):
    """Images and data blocks are read after the capture and the playback they came from are gone."""
    with Opened(k4a, job["path"]) as opened:
        if opened.handle is None:
            return None
        images, blocks = [], []
        for _ in range(3):
            result, capture = k4a.k4a_playback_get_next_capture(opened.handle)
            if int(result) != SUCCEEDED:
                break
            images.append(images_of(k4a, capture))
            k4a.k4a_capture_release(capture)
        for name in custom_tracks(k4a, opened.handle):
            result, block = k4a.k4a_playback_get_next_data_block(opened.handle, name)
            if int(result) == SUCCEEDED:
                blocks.append(block)
        opened.close()
        seen = {"images": [], "blocks": [block_seen(k4a, block) for block in blocks]}
        for by_name in images:
            seen["images"].append({name: image_seen(k4a, image) for name, image in by_name.items()})
            for image in by_name.values():
                if image is not None:
                    k4a.k4a_image_release(image)
        return seen


def section_grouping(k4a, job):
    """What the grouping vectors list: both directions, and each seek from scratch, next and previous."""

    def times(item):
        return item if isinstance(item, str) else [item[name]["at"] if name in item else None for name in CAMERAS]

    with Opened(k4a, job["path"]) as opened:
        handle = opened.handle
        seen = {
            "forward": [times(item) for item in walk(k4a, handle, "capture", "next")],
            "backward_after_eof": [times(item) for item in walk(k4a, handle, "capture", "previous")],
            "length_usec": int(k4a.k4a_playback_get_recording_length_usec(handle)),
            "seeks": [],
        }
    for seek in job["case"]["seeks"]:
        with Opened(k4a, job["path"]) as opened:
            answer = {"offset_usec": seek["offset_usec"], "origin": seek["origin"]}
            for name, way in (("then_next", "next"), ("then_previous", "previous")):
                k4a.k4a_playback_seek_timestamp(opened.handle, seek["offset_usec"], seek["origin"])
                answer[name] = [times(move(k4a, opened.handle, "capture", way)) for _ in range(2)]
            seen["seeks"].append(answer)
    return seen


def section_truncations(k4a, job):
    """Cut a copy of the file at each point of `cuts` (from the largest down); captures, samples and blocks of each."""
    seen = {}
    copy = Path(job["path"]).with_suffix(".cut")
    copy.write_bytes(Path(job["path"]).read_bytes())
    for cut in sorted(job["cuts"], reverse=True):
        os.truncate(copy, cut)
        with Opened(k4a, copy) as opened:
            if opened.handle is None:
                seen[str(cut)] = None
                continue
            tracks = sources(k4a, opened.handle)
            seen[str(cut)] = {what: walk(k4a, opened.handle, what, "next") for what in tracks}
    copy.unlink()
    return seen


# ---------------------------------------------------------------- colour conversion and buffers
def section_conversions(k4a, job):
    """Each target format on a fresh handle; converted pixels go to `blobs` so that they can be compared closely."""
    seen = {}
    for target in range(9):
        with Opened(k4a, job["path"]) as opened:
            if opened.handle is None:
                return None
            result = int(k4a.k4a_playback_set_color_conversion(opened.handle, target))
            _, configuration = k4a.k4a_playback_get_record_configuration(opened.handle)
            steps = {"set": result, "configuration": int(configuration.color_format), "images": []}
            for number in range(2):
                result, capture = k4a.k4a_playback_get_next_capture(opened.handle)
                if int(result) != SUCCEEDED:
                    steps["images"].append(int(result))
                    continue
                image = k4a.k4a_capture_get_color_image(capture)
                described = image_seen(k4a, image, pixels=False)
                if image is not None:
                    if job.get("blobs"):
                        blob = Path(job["blobs"]) / f"{job['id'].replace('/', '_')}-{target}-{number}.raw"
                        blob.write_bytes(k4a.k4a_image_get_buffer(image))
                    k4a.k4a_image_release(image)
                k4a.k4a_capture_release(capture)
                steps["images"].append(described)
            seen[f"to {target}"] = steps
    with Opened(k4a, job["path"]) as opened:
        seen["bad"] = [int(k4a.k4a_playback_set_color_conversion(opened.handle, f)) for f in (9, -1, 1000)]
    return seen


def _sized(answer):
    """(result, bytes or None, size reported) of a call with `size=`, however much of it the flat module returns."""
    result, data, *rest = answer
    if data is not None:
        data = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else bytes(data)
        data = data.rstrip(b"\0")
    return [int(result), None if data is None else data.hex()[:200], *map(int, rest)]


def section_protocol(k4a, job):
    """The buffer-size protocol: no buffer, the text's size, one less, one and more bytes more."""
    with Opened(k4a, job["path"]) as opened:
        handle = opened.handle
        if handle is None:
            return None
        calls = {
            "raw calibration": (k4a.k4a_playback_get_raw_calibration, ()),
            "track name": (k4a.k4a_playback_get_track_name, (0,)),
            "track name out of range": (k4a.k4a_playback_get_track_name, (1000,)),
        }
        for track in ("COLOR", "DEPTH", "IMU", "NO_SUCH_TRACK"):
            calls[f"codec of {track}"] = (k4a.k4a_playback_track_get_codec_id, (track,))
            calls[f"context of {track}"] = (k4a.k4a_playback_track_get_codec_context, (track,))
        for tag in ("K4A_DEPTH_MODE", "K4A_START_OFFSET_NS", "no_such_tag", *job.get("tags", ())):
            calls[f"tag {tag}"] = (k4a.k4a_playback_get_tag, (tag,))
        for name in ("calibration.json", "no such file", *job.get("attachments", ())):
            calls[f"attachment {name}"] = (k4a.k4a_playback_get_attachment, (name,))
        seen = {}
        for label, (function, arguments) in calls.items():
            result, data = function(handle, *arguments)
            size = len(data.encode("utf-8", "surrogateescape")) if isinstance(data, str) else len(data or b"")
            seen[label] = {"free": int(result)}
            for room in sorted({0, *(size + extra for extra in (-1, 0, 1, 2, 100) if size + extra > 0)}):
                seen[label][f"{room} bytes"] = _sized(function(handle, *arguments, size=room))
        return seen


SECTIONS = {
    name.removeprefix("section_"): function for name, function in globals().items() if name.startswith("section_")
}
DEFAULT_SECTIONS = [
    "metadata",
    "raw_calibration",
    "captures",
    "imu",
    "blocks",
    "ends",
    "repeated_eof",
    "outlive",
    "seeks",
    "conversions",
    "protocol",
]
