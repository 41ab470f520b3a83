"""Recordings made by the same calls on any provider: what is written, and what the calls answered."""

import random
import zlib

SIZES = {1: (1280, 720), 2: (1920, 1080), 3: (2560, 1440), 4: (2048, 1536), 5: (3840, 2160), 6: (4096, 3072)}
DEPTH_SIZES = {1: (320, 288), 2: (640, 576), 3: (512, 512), 4: (1024, 1024), 5: (1024, 1024)}
MJPG, NV12, YUY2, BGRA, DEPTH16, IR16 = range(6)
START_USEC = 3_000_000


class Session:
    """One recording under way; every call's result is kept in `answers`."""

    def __init__(self, k4a, provider, path, **modes):
        self.k4a, self.provider, self.answers = k4a, provider, []
        configuration = k4a.K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
        for name, value in modes.items():
            setattr(configuration, name, value)
        self.modes = configuration
        result, self.handle = k4a.k4a_record_create(str(path), None, configuration, provider=provider)
        self.answers.append(int(result))
        self.period = {0: 200_000, 1: 66_667, 2: 33_333}[int(configuration.camera_fps)]

    def call(self, name, *arguments):
        """One of the functions k4a_record_*."""
        self.answers.append(int(getattr(self.k4a, f"k4a_record_{name}")(self.handle, *arguments)))
        return self.answers[-1]

    def close(self):
        self.k4a.k4a_record_close(self.handle)
        return self.answers

    # ---- data
    def image(self, image_format, size, number, time_usec):
        """An image whose bytes depend on its number and format alone."""
        width, height = size
        seed = zlib.crc32(b"%d %d" % (number, image_format)).to_bytes(4, "little")
        if image_format == MJPG:
            data = bytearray(b"\xff\xd8" + seed * (900 + 7 * (number % 50)) + b"\xff\xd9")
            stride = 0
        else:
            stride = {NV12: width, YUY2: 2 * width, BGRA: 4 * width, DEPTH16: 2 * width, IR16: 2 * width}[image_format]
            size_bytes = stride * height * (3 if image_format == NV12 else 2) // 2
            data = bytearray((seed + bytes(range(1, 30))) * (size_bytes // 33 + 1))[:size_bytes]
        _, image = self.k4a.k4a_image_create_from_buffer(
            image_format, width, height, stride, data, None, None, provider=self.provider
        )
        self.k4a.k4a_image_set_device_timestamp_usec(image, time_usec)
        return image

    def capture(self, number, time_usec=None, parts="cdi"):
        """Capture `number`, with the parts that the modes have of colour, depth and IR."""
        time_usec = START_USEC + number * self.period if time_usec is None else time_usec
        _, capture = self.k4a.k4a_capture_create(provider=self.provider)
        color, depth = int(self.modes.color_resolution), int(self.modes.depth_mode)
        after = int(self.modes.depth_delay_off_color_usec)
        images = []
        if color and "c" in parts:
            images.append(("color", self.image(int(self.modes.color_format), SIZES[color], number, time_usec)))
        if depth not in (0, 5) and "d" in parts:
            images.append(("depth", self.image(DEPTH16, DEPTH_SIZES[depth], number, time_usec + after)))
        if depth and "i" in parts:
            images.append(("ir", self.image(IR16, DEPTH_SIZES[depth], number, time_usec + after)))
        for name, image in images:
            getattr(self.k4a, f"k4a_capture_set_{name}_image")(capture, image)
            self.k4a.k4a_image_release(image)
        self.call("write_capture", capture)
        self.k4a.k4a_capture_release(capture)

    def imu(self, number, rate=1666):
        """IMU sample `number`."""
        sample = self.k4a.k4a_imu_sample_t()
        sample.acc_timestamp_usec = START_USEC + number * 1_000_000 // rate
        sample.gyro_timestamp_usec = sample.acc_timestamp_usec + 3
        sample.acc_sample.v = [0.5 + number, -9.8, number * 0.25]
        sample.gyro_sample.v = [1e-3 * number, -1.0, 2.0]
        sample.temperature = 30.5
        self.call("write_imu_sample", sample)

    def imu_until(self, written, time_usec, rate=1666):
        """Samples from number `written` up to a device time; returns the next number."""
        while START_USEC + written * 1_000_000 // rate < time_usec:
            self.imu(written, rate)
            written += 1
        return written


def plain(frames, imu=True, **modes):
    """A scenario: `frames` captures in order, with IMU samples between them."""

    def write(k4a, provider, path):
        session = Session(k4a, provider, path, **modes)
        if imu:
            session.call("add_imu_track")
        session.call("write_header")
        written = 0
        for number in range(frames):
            session.capture(number)
            written = session.imu_until(written, START_USEC + (number + 1) * session.period) if imu else 0
        session.call("flush")
        return session.close()

    return write


def custom_tracks(k4a, provider, path):
    """Every kind of custom track, tags, attachments, and calls that are refused."""
    session = Session(k4a, provider, path, depth_mode=1)
    video = k4a.k4a_record_video_settings_t(8, 4, 10)
    session.call("add_tag", "SOME_TAG", "first")
    session.call("add_custom_video_track", "THERMAL", "V_MS/VFW/FOURCC", b"abc", video)
    session.call("add_imu_track")
    session.call("add_imu_track")
    session.call("add_custom_subtitle_track", "EVENTS", "S_EVENTS", b"context", None)
    session.call("add_custom_subtitle_track", "EVENTS", "S_EVENTS", b"context", None)
    session.call("add_custom_subtitle_track", "DEPTH", "S_EVENTS", b"context", None)
    session.call("add_custom_subtitle_track", "bad name", "S_EVENTS", b"context", None)
    fast = k4a.k4a_record_subtitle_settings_t(True)
    session.call("add_custom_subtitle_track", "FAST", "S_FAST", None, fast)
    session.call("add_custom_subtitle_track", "VARIED", "S_FAST", b"", fast)
    session.call("add_tag", "SOME_TAG", "second")
    session.call("add_tag", "EMPTY", "")
    session.call("add_attachment", "one.bin", bytes(range(256)))
    session.call("add_attachment", "empty.bin", b"")
    session.call("write_custom_track_data", "EVENTS", START_USEC, b"early")
    session.call("write_header")
    session.call("add_tag", "LATE", "x")
    rng = random.Random(4)
    for number in range(12):
        session.capture(number)
        time_usec = START_USEC + number * session.period
        session.call("write_custom_track_data", "EVENTS", time_usec + 5, b"event %d" % number)
        session.call("write_custom_track_data", "THERMAL", time_usec + 2000, bytes(32))
        for step in range(40):
            at = time_usec + 100 + step * 800
            session.call("write_custom_track_data", "FAST", at, b"%06d" % (100 * number + step))
            if step % 10 == 4:
                session.call("write_custom_track_data", "VARIED", at + 100, b"")
            if step % 10 == 9:
                # Several of a track in a row share a block; with an empty one in it, Microsoft's reader crashes on what
                # Microsoft's writer makes of them.
                for varied in range(10):
                    size = rng.choice([1, 3, 300, 700])
                    session.call("write_custom_track_data", "VARIED", at + 10 * varied, bytes([step]) * size)
    session.call("write_custom_track_data", "DEPTH", START_USEC, b"x")
    session.call("write_custom_track_data", "NONE", START_USEC, b"x")
    session.call("flush")
    return session.close()


def out_of_order(k4a, provider, path):
    """Parts of captures and samples in a shuffled order, up to 120 ms apart."""
    session = Session(k4a, provider, path, color_resolution=1, color_format=MJPG, depth_mode=1)
    session.call("add_imu_track")
    session.call("write_header")
    rng = random.Random(11)
    jobs = [(START_USEC + n * session.period + rng.randrange(120_000), part, n) for n in range(40) for part in "cdi"]
    jobs += [(START_USEC + n * 1_000_000 // 400 + rng.randrange(120_000), "imu", n) for n in range(520)]
    session.capture(0)
    session.imu(0, 400)
    for _, part, number in sorted(jobs):
        if number == 0:
            continue
        if part == "imu":
            session.imu(number, 400)
        else:
            session.capture(number, parts=part)
    session.call("flush")
    return session.close()


def late(k4a, provider, path):
    """The samples of every second half come a second after the captures."""
    session = Session(k4a, provider, path, depth_mode=1)
    session.call("add_imu_track")
    session.call("write_header")
    session.imu(0, 200)
    written = 1
    for number in range(120):
        session.capture(number)
        if number >= 30 and number % 10 == 0:
            written = session.imu_until(written, START_USEC + (number - 30) * session.period, 200)
    session.call("flush")
    return session.close()


def flushed_in_the_middle(k4a, provider, path):
    """A flush after every seventh capture."""
    session = Session(k4a, provider, path, color_resolution=1, color_format=MJPG, depth_mode=1)
    session.call("add_imu_track")
    session.call("write_header")
    session.call("flush")
    written = 0
    for number in range(30):
        session.capture(number)
        if number % 7 == 6:
            session.call("flush")
        written = session.imu_until(max(written, number * 56), START_USEC + (number + 1) * session.period)
    session.call("flush")
    session.call("flush")
    return session.close()


def gaps(k4a, provider, path):
    """Nothing for ten seconds, then a piece of the gap is filled."""
    session = Session(k4a, provider, path, depth_mode=1)
    session.call("write_header")
    for number in (0, 1, 2, 300, 150, 301):
        session.capture(number)
    session.call("flush")
    return session.close()


def custom_only(k4a, provider, path):
    """No camera at all."""
    session = Session(k4a, provider, path)
    session.call("add_custom_subtitle_track", "EVENTS", "S_EVENTS", None, None)
    session.call("write_header")
    for number in range(50):
        session.call("write_custom_track_data", "EVENTS", START_USEC + number * 9_000, b"%d" % number)
    session.call("flush")
    return session.close()


SCENARIOS = {
    **{
        f"mjpg_{resolution}": plain(4, color_resolution=resolution, color_format=MJPG, camera_fps=1)
        for resolution in SIZES
    },
    "nv12": plain(3, color_resolution=1, color_format=NV12),
    "yuy2": plain(3, color_resolution=1, color_format=YUY2, depth_mode=1),
    "bgra": plain(3, color_resolution=1, color_format=BGRA, depth_mode=1),
    **{f"depth_{mode}": plain(5, depth_mode=mode, camera_fps=1) for mode in DEPTH_SIZES},
    "fps_5": plain(12, color_resolution=1, depth_mode=1, camera_fps=0),
    "fps_30": plain(60, color_resolution=1, depth_mode=1, camera_fps=2),
    "passive_ir_with_color": plain(4, color_resolution=1, depth_mode=5),
    "delay_plus": plain(30, color_resolution=1, depth_mode=1, depth_delay_off_color_usec=12_000),
    "delay_minus": plain(30, color_resolution=1, depth_mode=1, depth_delay_off_color_usec=-12_000),
    "master": plain(3, color_resolution=1, wired_sync_mode=1),
    "subordinate": plain(3, depth_mode=1, wired_sync_mode=2, subordinate_delay_off_master_usec=321),
    "imu_only": plain(20),
    "custom_only": custom_only,
    "custom_tracks": custom_tracks,
    "out_of_order": out_of_order,
    "late": late,
    "flushed_in_the_middle": flushed_in_the_middle,
    "gaps": gaps,
}
