"""The documented rules of grouping and seeking, in the simplest form: a third opinion beside the two libraries.

It works on lists of block times that the tests read from the file themselves, and has none of Microsoft's defects.
"""

PERIODS = {0: 200_000_000, 1: 66_666_666, 2: 33_333_333}


class Cursor:
    """Where a track is read: `before` and `after` are the indices that previous and next would take."""

    def __init__(self, times):
        self.times = times
        self.seek(0)

    def seek(self, target):
        """Into the gap before the first item at or after the target."""
        self.after = next((i for i, time in enumerate(self.times) if time >= target), len(self.times))
        self.before = self.after - 1
        self.fresh = True

    def candidate(self, step):
        """Index of the neighbour in the direction of `step` (+1 or -1), or None."""
        index = self.after if step > 0 else self.before
        return index if 0 <= index < len(self.times) else None

    def stand_on(self, index):
        """The item was returned: its neighbours are next. Beyond an end, the outermost item is the way back."""
        self.before, self.after, self.fresh = index - 1, index + 1, False

    def run_out(self, step):
        """Nothing was left in this direction."""
        if step > 0:
            self.before, self.after = len(self.times) - 1, len(self.times)
        else:
            self.before, self.after = -1, 0


class Captures:
    """Captures of a recording; items are (track name, index) and times are nanoseconds, delays already added."""

    def __init__(self, times, fps_enum):
        self.cursors = {name: Cursor(track) for name, track in times.items()}
        self.window = PERIODS[fps_enum] // 2

    def seek(self, target):
        """Move all cursors."""
        for cursor in self.cursors.values():
            cursor.seek(target)

    def _step(self, step):
        """Names and indices of the tracks that join, by the rule for their direction; the others' cursors stay."""
        candidates = {name: cursor.candidate(step) for name, cursor in self.cursors.items()}
        found = {name: index for name, index in candidates.items() if index is not None}
        if not found:
            joined = {}
        else:
            edge = (min if step > 0 else max)(self.cursors[name].times[index] for name, index in found.items())
            near = {name: abs(self.cursors[name].times[index] - edge) < self.window for name, index in found.items()}
            joined = {name: index for name, index in found.items() if near[name]}
        return joined, [name for name, index in candidates.items() if index is None]

    def _take(self, joined, ran_out, step):
        for name in ran_out:
            self.cursors[name].run_out(step)
        for name, index in joined.items():
            self.cursors[name].stand_on(index)
        return joined

    def next(self):
        """Indices by track of the next capture, empty at the end."""
        fresh = all(cursor.fresh for cursor in self.cursors.values())
        joined, ran_out = self._step(+1)
        if fresh and joined:
            latest = max(self.cursors[name].times[index] for name, index in joined.items())
            for name, cursor in self.cursors.items():
                inside = cursor.before >= 0 and latest - cursor.times[cursor.before] < self.window
                if name not in joined and inside:
                    joined[name] = cursor.before
        return self._take(joined, [name for name in ran_out if name not in joined], +1)

    def previous(self):
        """Indices by track of the previous capture, empty at the start."""
        fresh = all(cursor.fresh for cursor in self.cursors.values())
        joined, ran_out = self._step(-1)
        if fresh and joined:
            earliest = min(self.cursors[name].times[index] for name, index in joined.items())
            inside = {}
            for name, cursor in self.cursors.items():
                near = cursor.after < len(cursor.times) and cursor.times[cursor.after] - earliest < self.window
                if name not in joined and near:
                    inside[name] = cursor.after
            if inside:  # the seek fell inside a capture: that one is the position, the one before it is wanted
                self._take({**joined, **inside}, [], -1)
                joined, ran_out = self._step(-1)
        return self._take(joined, ran_out, -1)
