"""What a recording holds, stream by stream."""

import sys

import numpy as np
import pyk4a


def steps(step):
    """What `step` returns until there is no more."""
    while True:
        try:
            yield step()
        except EOFError:
            return


with pyk4a.PyK4APlayback(sys.argv[1]) as recording:
    settings = recording.configuration
    print({name: int(settings[name]) for name in sorted(settings)}, recording.length)
    streams = {"color": [], "depth": [], "ir": []}
    for capture in steps(recording.get_next_capture):
        for name, found in streams.items():
            pixels = getattr(capture, name)
            if pixels is not None:
                when = getattr(capture, f"{name}_timestamp_usec")
                found.append((when, pixels.shape, str(pixels.dtype), int(np.percentile(pixels, 75))))
    for name, found in streams.items():
        print(name, len(found), found[:1], found[-1:])
    backwards = sum(1 for _ in steps(recording.get_previous_capture))
    print("as many backwards", backwards == max(map(len, streams.values())))
    recording.seek(recording.length // 2, pyk4a.SeekOrigin.BEGIN)
    print("second half", sum(1 for _ in steps(recording.get_next_capture)))
    recording.seek(0)
    samples = list(steps(recording.get_next_imu_sample))
    print("imu", len(samples), [(s["acc_timestamp"], s["gyro_timestamp"], np.round(s["acc_sample"], 3).tolist())
                                for s in samples[:2]])  # fmt: skip
