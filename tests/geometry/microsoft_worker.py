"""Transforms scenes with Microsoft's engine; run by test_transformation_microsoft.py with a display."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    from scenes import transform_all

    from pyk4a_rp import Calibration, ColorResolution, DepthMode, Transformation

    transformations: dict[tuple[str, int, int], Transformation] = {}
    for line in sys.stdin:
        job = json.loads(line)
        key = (job["file"], job["depth_mode"], job["color_resolution"])
        if key not in transformations:
            transformations.clear()
            calibration = Calibration.from_file(
                key[0], DepthMode(key[1]), ColorResolution(key[2]), provider="microsoft"
            )
            transformations[key] = Transformation(calibration)
        np.savez(folder / f"{job['number']}.npz", **transform_all(transformations[key], job["kind"], job["number"]))
        print(job["number"], flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(Path(sys.argv[1]))
