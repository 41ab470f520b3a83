"""What a recording's captures must be, worked out from the file's own blocks by the rules in `model.py`."""

from tests.differential import ebml, model

CAMERAS = ("color", "depth", "ir")
NAMES = {"COLOR": "color", "DEPTH": "depth", "IR": "ir", "DEPTH_IR": "ir", "IMU": "imu"}
NAME, TRACK_NUMBER, TRACK_ENTRY, TIMECODE_SCALE = 0x536E, 0xD7, 0xAE, 0x2AD7B1


def _fields(data, parent):
    """Contents of an element's children by ID."""
    return {child.identifier: data[child.data : child.end] for child in ebml.elements(data, parent.data, parent.end)}


def _tracks(data):
    """Names of the built-in tracks by number, and the time scale in ns."""
    segment = ebml.segment_of(data)
    names, scale = {}, 1000  # what recordings have that were never closed and so have no Info
    for part in ebml.elements(data, segment.data, segment.end):
        if part.identifier == ebml.INFO:
            scale = int.from_bytes(_fields(data, part).get(TIMECODE_SCALE, b"\x0f\x42\x40"), "big")
        if part.identifier == ebml.TRACKS:
            for track in ebml.elements(data, part.data, part.end):
                fields = _fields(data, track) if track.identifier == TRACK_ENTRY else {}
                name = NAMES.get(fields.get(NAME, b"").decode())
                if name:
                    names[int.from_bytes(fields[TRACK_NUMBER], "big")] = name
    return names, scale


def blocks(data):
    """All blocks with the name of their built-in track (or None), and their time in ns."""
    names, scale = _tracks(data)
    return [(names.get(block.track), block.time * scale, block) for block in ebml.blocks(data)]


def recovered_offset(data, first_sample_usec):
    """Start offset (us) of a file without its tag: the device time of the first sample less its file time."""
    return first_sample_usec - next(time for name, time, _ in blocks(data) if name == "imu") // 1000


class Truth:
    """Captures by the rules, as dictionaries of device times (us) by camera."""

    def __init__(self, data, configuration, offset_usec, end=None):
        self.offset = offset_usec
        delay = configuration["depth_delay_off_color_usec"] * 1000
        late = {"color": max(delay, 0), "depth": max(-delay, 0), "ir": max(-delay, 0)}
        names, self.scale = _tracks(data)
        self.device = {name: [] for name in names.values() if name in CAMERAS}
        times = {name: [] for name in self.device}
        complete = [entry for entry in blocks(data) if end is None or entry[2].end <= end]
        for name, time, _ in complete:
            if name in times:
                self.device[name].append(time // 1000 + offset_usec)
                times[name].append(time + late[name])
        self.samples = sum(block.frames for name, _, block in complete if name == "imu")
        self.last_time = max(
            (self._end(time, block) for _, time, block in complete if self._in_last(block, complete)), default=0
        )
        self.captures = model.Captures(times, configuration["camera_fps"])

    def _end(self, time, block):
        return time if block.duration is None else time + block.duration * self.scale - 1

    @staticmethod
    def _in_last(block, complete):
        return block.cluster == complete[-1][2].cluster

    def _times(self, joined):
        return {name: self.device[name][joined[name]] for name in CAMERAS if name in joined} or "EOF"

    def walk(self, way):
        """All captures in one direction from where the cursors are."""
        found = []
        while (capture := self._times(getattr(self.captures, way)())) != "EOF":
            found.append(capture)
        return found

    def forward_and_back(self):
        """Both directions from the start."""
        self.captures.seek(0)
        return {"forward": self.walk("next"), "backward": self.walk("previous")}

    def target(self, label):
        """File time (ns) of a seek, from its label in the observations."""
        *_, origin, number = label.split()
        number = int(number) * 1000
        if origin != "end":
            return max(number, 0)
        back = max(-number, 0)
        return 0 if back > self.last_time else self.last_time + 1 - back

    def after_seek(self, label, steps):
        """What each capture step of a seek must give."""
        self.captures.seek(self.target(label))
        names = [step for step in steps if step.endswith(" capture")]
        return {step: self._times(getattr(self.captures, step.split()[1])()) for step in names}


def times_of(item):
    """Device times by camera of an observed capture; words stay."""
    return {name: item[name]["at"] for name in CAMERAS if name in item} if isinstance(item, dict) else item
