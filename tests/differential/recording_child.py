"""Records depth, IR and IMU samples as a camera would deliver them, until it is killed or done.

    python recording_child.py PROVIDER PATH SECONDS PROGRESS [late]

PROGRESS holds two 64-bit numbers: captures written, and the device time (us) of the last of them. With `late` the
samples of 0.8 s come after 0.8 s of captures, again and again.
"""

import mmap
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pyk4a_rp import _provider, k4a
from tests.differential.recorded import START_USEC, Session


def main():
    name, path, seconds, progress, *late = sys.argv[1:]
    provider = _provider.load_provider(name)
    with open(progress, "r+b") as file:
        shared = mmap.mmap(file.fileno(), 16)
    session = Session(k4a, provider, path, depth_mode=1, camera_fps=2)
    session.call("add_imu_track")
    session.call("write_header")
    began, samples = time.monotonic(), 0
    for number in range(int(float(seconds) * 30)):
        time.sleep(max(0.0, began + number / 30 - time.monotonic()))
        session.capture(number)
        at = START_USEC + number * session.period
        if session.answers[-1] == 0:
            shared[:16] = struct.pack("<QQ", number + 1, at)
        if not late or number % 24 == 23:
            samples = session.imu_until(samples, at)
    session.close()


if __name__ == "__main__":
    main()
