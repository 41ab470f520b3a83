"""Record cameras and IMU, and say what is in the file.

    python record_imu.py OUT.mkv [--simulate] [--seconds 5] [--operator NAME]

Ctrl-C ends it early; the file is complete at any moment.
"""

import argparse
import contextlib

import numpy as np

import pyk4a_rp as k

CONFIGURATION = k.DeviceConfiguration(color_resolution=k.ColorResolution.RES_720P, synchronized_images_only=True)


def tell(path: str) -> None:
    """Print what is in a recording."""
    with k.Playback(path) as playback:
        imu = playback.imu
        print(f"{len(playback.captures)} captures in {playback.duration_usec / 1e6:.3f} s")
        if len(imu) < 2:
            print(f"{len(imu)} IMU samples, too few for a rate")
            return
        length = np.ptp(imu["acc_timestamp_usec"]) / 1e6
        print(f"{len(imu)} IMU samples, {(len(imu) - 1) / length:.0f} a second")
        print("mean acceleration", imu["acc"].mean(axis=0).round(3).tolist(), "m/s^2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", metavar="OUT.mkv")
    parser.add_argument("--simulate", action="store_true")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--operator")
    args = parser.parse_args()
    if not args.seconds > 0:
        parser.error("--seconds is more than 0")

    open_device = k.Device.simulated if args.simulate else k.Device.open
    with open_device(configuration=CONFIGURATION) as device, k.Recorder(args.path, device=device, imu=True) as recorder:
        if args.operator:
            recorder.add_tag("OPERATOR", args.operator)
        with contextlib.suppress(KeyboardInterrupt):
            recorder.record(seconds=args.seconds)  # waits without the GIL: other threads go on
        if recorder.dropped_captures:
            print(f"{recorder.dropped_captures} captures were lost")
    tell(args.path)


if __name__ == "__main__":
    try:
        main()
    except FileExistsError as error:
        raise SystemExit(f"{error.filename} exists already") from None
