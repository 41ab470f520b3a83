"""Write the images of a recording as PNG files, with a table of their times.

    python export_png.py SESSION.mkv FOLDER [--every 1]

Color is 8 bits RGB. Depth and IR are the values themselves, 16 bits: millimetres, 0 where there is no data. times.csv
has one line for each capture: its number and the device times of its images in microseconds.
"""

import argparse
import csv
from pathlib import Path

import pyk4a_rp as k
from pyk4a_rp.export import write_png


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", metavar="SESSION.mkv")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every N-th capture")
    args = parser.parse_args()
    if args.every < 1:
        parser.error("--every is 1 or more")

    playback = k.Playback(args.recording)
    args.folder.mkdir(parents=True, exist_ok=True)  # there is something to write
    with playback, open(args.folder / "times.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("capture", "color_usec", "depth_usec", "ir_usec"))
        chosen = playback.captures[:: args.every]
        numbers = range(0, len(playback.captures), args.every)
        for number, capture in zip(numbers, chosen.prefetch(), strict=True):  # read ahead on all cores
            table.writerow((number, *capture.timestamps))
            if capture.color is not None:
                write_png(args.folder / f"{number:06}_color.png", capture.color.to_rgb())
            if capture.depth is not None:
                write_png(args.folder / f"{number:06}_depth.png", capture.depth.array)
            if capture.ir is not None:
                write_png(args.folder / f"{number:06}_ir.png", capture.ir.array)
    print(f"{len(numbers)} captures in {args.folder}")


if __name__ == "__main__":
    main()
