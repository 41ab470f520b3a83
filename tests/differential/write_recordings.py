"""Sections that write recordings through k4a_record_*, for files the generator does not make."""

import random

COLOR_FORMAT = {"MJPG": 0, "NV12": 1, "YUY2": 2, "BGRA": 3}
PIXEL_SIZE = {"NV12": 1.5, "YUY2": 2, "BGRA": 4}
STRIDE = {"NV12": 1, "YUY2": 2, "BGRA": 4}
RESOLUTION_720P, NFOV_UNBINNED = 1, 2
DEPTH16, IR16 = 4, 5


def _capture(k4a, images):
    """A capture of (slot, format, width, height, stride, bytes, device time) images."""
    _, capture = k4a.k4a_capture_create()
    for slot, image_format, width, height, stride, data, at in images:
        result, image = k4a.k4a_image_create_from_buffer(image_format, width, height, stride, data)
        assert int(result) == 0, "k4a_image_create_from_buffer failed"
        k4a.k4a_image_set_device_timestamp_usec(image, at)
        getattr(k4a, f"k4a_capture_set_{slot}_image")(capture, image)
        k4a.k4a_image_release(image)
    return capture


def _write(k4a, path, settings, captures):
    """Results of writing each capture to a new recording."""
    configuration = k4a.K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    for name, value in settings.items():
        setattr(configuration, name, value)
    result, recording = k4a.k4a_record_create(path, None, configuration)
    assert int(result) == 0, "k4a_record_create failed"
    assert int(k4a.k4a_record_write_header(recording)) == 0, "k4a_record_write_header failed"
    results = []
    for images in captures:
        capture = _capture(k4a, images)
        results.append(int(k4a.k4a_record_write_capture(recording, capture)))
        k4a.k4a_capture_release(capture)
    k4a.k4a_record_close(recording)
    return results


def section_write_grouping(k4a, job):
    """One case of the grouping vectors: all images are the same 64 bytes."""
    case, data = job["case"], bytes(range(64))
    settings = {
        "color_format": COLOR_FORMAT["MJPG"],
        "color_resolution": RESOLUTION_720P,
        "depth_mode": NFOV_UNBINNED,
        "camera_fps": case["fps_enum"],
        "depth_delay_off_color_usec": case["depth_delay_off_color_usec"],
    }
    slots = {
        "c": ("color", COLOR_FORMAT["MJPG"], 1280, 720, 0),
        "d": ("depth", DEPTH16, 640, 576, 1280),
        "i": ("ir", IR16, 640, 576, 1280),
    }
    captures = [[(*slots[track], data, at) for track in tracks] for tracks, at in case["writes"]]
    return _write(k4a, job["path"], settings, captures)


def color_pixels(name, number):
    """Pixels of a 720P frame that visit every value: noise, and in the second frame only the extremes."""
    rng = random.Random(f"{name} {number}")
    size = int(1280 * 720 * PIXEL_SIZE[name])
    if number % 2 == 0:
        return rng.randbytes(size)
    return bytes(rng.choices((0, 1, 15, 16, 17, 127, 128, 129, 235, 236, 240, 254, 255), k=4099)) * (size // 4099 + 1)


def section_write_colors(k4a, job):
    """Two frames of an uncompressed format with all values, also those outside of limited range."""
    name = job["format"]
    settings = {"color_format": COLOR_FORMAT[name], "color_resolution": RESOLUTION_720P}
    size = int(1280 * 720 * PIXEL_SIZE[name])
    captures = []
    for number in range(2):
        data = color_pixels(name, number)[:size]
        at = 1_000_000 + number * 33_333
        captures.append([("color", COLOR_FORMAT[name], 1280, 720, 1280 * STRIDE[name], data, at)])
    return _write(k4a, job["path"], settings, captures)


SECTIONS = {
    name.removeprefix("section_"): function for name, function in globals().items() if name.startswith("section_")
}
