"""A program written for pyk4a: it records some captures, prints what is in them, and plays the recording.

On pyk4a: `python pyk4a_program.py OUT.mkv [CAPTURES]`. On pyk4a_rp, unchanged:
`python -m pyk4a_rp.compat pyk4a_program.py OUT.mkv [CAPTURES]`.
"""

import sys

import numpy as np
import pyk4a
from pyk4a import Config, PyK4A, PyK4APlayback, PyK4ARecord


def main() -> None:
    path = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 30

    config = Config(
        color_resolution=pyk4a.ColorResolution.RES_720P,
        color_format=pyk4a.ImageFormat.COLOR_MJPG,
        depth_mode=pyk4a.DepthMode.NFOV_UNBINNED,
        synchronized_images_only=True,
    )
    k4a = PyK4A(config=config)
    k4a.start()
    k4a.whitebalance = 4500
    record = PyK4ARecord(path=path, config=config, device=k4a)
    record.create()

    accelerations = []
    for _ in range(count):
        capture = k4a.get_capture()
        accelerations.append(k4a.get_imu_sample()["acc_sample"])
        record.write_capture(capture)
        points = capture.depth_point_cloud
        print(capture.depth_timestamp_usec, "us", points[288, 320, 2], "mm", capture.transformed_depth.shape)
    print("acceleration", np.mean(accelerations, axis=0).round(2).tolist(), "white balance", k4a.whitebalance)
    record.flush()
    record.close()
    k4a.stop()

    playback = PyK4APlayback(path)
    playback.open()
    taken = 0
    while True:
        try:
            playback.get_next_capture()
        except EOFError:
            break
        taken += 1
    print(taken, "captures,", playback.length / 1e6, "s, camera", playback.configuration["camera_fps"].name)
    playback.close()


if __name__ == "__main__":
    main()
