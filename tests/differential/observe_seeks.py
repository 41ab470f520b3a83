"""The section of random seeks: 200 targets on, between and beyond the items, each followed by random steps."""

import random

from tests.differential.observe import BEGIN, CAMERAS, DEVICE_TIME, END, SUCCEEDED, Opened, move, sources, walk


def device_time_base(k4a, handle):
    """The device time (us) of file time 0: as this provider counts it, and as the file has it.

    The configuration's field has 32 bits; a provider that is not limited by it shows in its images' timestamps.
    """
    _, configuration = k4a.k4a_playback_get_record_configuration(handle)
    low, first = int(configuration.start_timestamp_offset_usec), []
    for what in sources(k4a, handle):
        item = move(k4a, handle, what, "next", pixels=False)
        if isinstance(item, dict):
            first.append(min(item[name]["at"] for name in CAMERAS if name in item))
        elif isinstance(item, list) and what != "imu":
            first.append(item[0])
    k4a.k4a_playback_seek_timestamp(handle, 0, BEGIN)
    result, text = k4a.k4a_playback_get_tag(handle, "K4A_START_OFFSET_NS")
    if int(result) == SUCCEEDED and text.strip().isdigit():
        full = int(text) // 1000
    else:
        full = low + max(min(first, default=0) - low, 0) // 2**32 * 2**32
    return (full if all(at >= full for at in first) else low), full


class Layout:
    """What a forward walk says about a recording: times of all items (us since its start), and where images lie.

    `images` has the images' times with and without the sync delay, `first` and `last` the outermost of each camera,
    with the delay or without it, whichever is further in.
    """

    def __init__(self, k4a, handle):
        base, full = device_time_base(k4a, handle)
        _, configuration = k4a.k4a_playback_get_record_configuration(handle)
        delay = int(configuration.depth_delay_off_color_usec)
        late = {"color": max(delay, 0), "depth": max(-delay, 0), "ir": max(-delay, 0)}
        self.window = (100_000, 33_333, 16_667)[int(configuration.camera_fps)] + abs(delay)
        times, self.images, self.first, self.last = set(), set(), {}, {}
        for what in sources(k4a, handle):
            k4a.k4a_playback_seek_timestamp(handle, 0, BEGIN)
            for item in walk(k4a, handle, what, "next", pixels=False):
                if isinstance(item, dict):
                    for name in item.keys() & set(CAMERAS):
                        time = item[name]["at"] - base
                        times.add(time)
                        self.images.update((time, time + late[name]))
                        self.first.setdefault(name, time + late[name])
                        self.last[name] = time
                elif isinstance(item, list):
                    times.add(item[0] - (full if what == "imu" else base))
        self.base, self.times = base, sorted(times)

    def weak_spot(self, target, origin):
        """Which weak spot of Microsoft's seek the target hits: `first`, `last` or none (`inside`).

        Some track has nothing before the target, or nothing at or after it, and another has an image on that side which
        belongs to the same capture.
        """
        late = target + (origin == END)  # END adds up to a microsecond, what the length is rounded down by
        for first in self.first.values():
            if first >= target and any(first - self.window < time < late for time in self.images):
                return "first"
        for last in self.last.values():
            if last < late and any(target <= time < last + self.window for time in self.images):
                return "last"
        return "inside"

    def ended(self, item, way):
        """Whether the step that gave this item found nothing left of some track, so that it is at that track's end.

        Microsoft's library loses its place when it goes on from there in the same direction.
        """
        if not isinstance(item, dict):
            return item == "EOF"
        at = [item[name]["at"] - self.base for name in CAMERAS if name in item]
        absent = [name for name in self.first if name not in item]
        if way == "next":
            return any(self.last[name] < max(at) for name in absent)
        return any(self.first[name] > min(at) for name in absent)


def _targets(rng, times, length):
    """Endless file times to seek to: on, beside and between items, at and beyond the ends."""
    while True:
        dice = rng.random()
        if dice < 0.45 and times:
            yield rng.choice(times) + rng.choice((-1000, -1, 0, 0, 1, 1000))
        elif dice < 0.85:
            yield rng.randint(-length // 10 - 1, length + length // 10 + 1)
        elif dice < 0.95:
            yield rng.choice((0, 1, -1, length - 1, length, length + 1))
        else:
            yield rng.choice((-(10**12), 10**12, -(2**31), 2**32, 2**40))


def _steps(k4a, handle, layout, rng):
    """Up to six random steps of random cursors, none of them beyond an end that was reached already."""
    tracks, steps, at_end = sources(k4a, handle), {}, {}
    for number in range(rng.randint(1, 6)):
        what, way = rng.choice(tracks), rng.choice(("next", "previous"))
        if at_end.get(what) != way:
            item = move(k4a, handle, what, way)
            at_end[what] = way if layout.ended(item, way) else None
            steps[f"{number} {way} {what}"] = item
    return steps


def section_seeks(k4a, job):
    """Random seeks with all origins, each followed by random steps of the cursors."""
    with Opened(k4a, job["path"]) as opened:
        handle = opened.handle
        if handle is None:
            return None
        layout = Layout(k4a, handle)
        length = int(k4a.k4a_playback_get_recording_length_usec(handle))
        rng = random.Random(job["id"])
        targets = _targets(rng, layout.times, length)
        seen = {}
        for number in range(job.get("seeks", 200)):
            target, origin = next(targets), rng.choice((BEGIN, END, DEVICE_TIME))
            offset = target + {BEGIN: 0, END: -length, DEVICE_TIME: layout.base}[origin]
            named = {BEGIN: f"begin {target}", END: f"end {offset}", DEVICE_TIME: f"device time {target}"}[origin]
            if origin == END and offset > 0:
                target = length + 1
            result = int(k4a.k4a_playback_seek_timestamp(handle, offset, origin))
            steps = {"result": result, **_steps(k4a, handle, layout, rng)}
            seen[f"{number} {layout.weak_spot(target, origin)} {named}"] = steps
        seen["bad origin"] = [int(k4a.k4a_playback_seek_timestamp(handle, 0, origin)) for origin in (3, -1, 99)]
        return seen


SECTIONS = {"seeks": section_seeks}
