"""Watch what a depth camera sees: one line per frame in the terminal, and a window where OpenCV has one.

    python live_view.py [--simulate] [--frames N] [--png LAST.png] [--no-window]

Ctrl-C, or q in the window, ends it. --png keeps the last picture.
"""

import argparse
import contextlib
import os
import sys

import numpy as np

import pyk4a_rp as k
from pyk4a_rp.export import write_png

try:
    import cv2
except ImportError:
    cv2 = None

DEPTH_ONLY = k.DeviceConfiguration(color_resolution=k.ColorResolution.OFF, depth_mode=k.DepthMode.NFOV_UNBINNED)


def show(picture: np.ndarray) -> bool:
    """Show an RGB picture; whether to go on."""
    with contextlib.suppress(cv2.error):  # it was built without windows: the lines must do
        cv2.imshow("depth", np.ascontiguousarray(picture[..., ::-1]))  # OpenCV has blue first
        return cv2.waitKey(1) & 0xFF != ord("q")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulate", action="store_true")
    parser.add_argument("--frames", type=int, default=sys.maxsize)
    parser.add_argument("--png")
    parser.add_argument("--no-window", action="store_true")
    args = parser.parse_args()
    window = cv2 and not args.no_window and (sys.platform != "linux" or os.environ.get("DISPLAY"))

    picture = None
    open_device = k.Device.simulated if args.simulate else k.Device.open
    with open_device(configuration=DEPTH_ONLY) as device, contextlib.suppress(KeyboardInterrupt):
        for number, capture in zip(range(1, args.frames + 1), device.captures(timeout=10), strict=False):
            if capture.depth is not None:
                picture = k.colorize(capture.depth, range=(500, 4000))
                middle = capture.depth.array[288, 320]  # mm, 0 where there is no data
                print(f"{number:5} {capture.depth.device_timestamp_usec / 1e6:10.6f} s  middle {middle} mm", flush=True)
                if window and not show(picture):
                    break
    if args.png and picture is not None:
        write_png(args.png, picture)


if __name__ == "__main__":
    main()
