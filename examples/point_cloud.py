"""Write the colored point cloud of one capture as a PLY file, for MeshLab, CloudCompare or Open3D.

    python point_cloud.py OUT.ply --recording SESSION.mkv [--capture N]
    python point_cloud.py OUT.ply [--simulate]

Points are in metres: x to the right, y down, z forward, seen from the depth camera.
"""

import argparse

import pyk4a_rp as k
from pyk4a_rp.export import write_ply

CONFIGURATION = k.DeviceConfiguration(
    color_format=k.ImageFormat.COLOR_BGRA32,
    color_resolution=k.ColorResolution.RES_720P,
    depth_mode=k.DepthMode.NFOV_UNBINNED,
    synchronized_images_only=True,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", metavar="OUT.ply")
    parser.add_argument("--recording", metavar="SESSION.mkv")
    parser.add_argument("--capture", type=int, default=0, metavar="N", help="negative ones count from the end")
    parser.add_argument("--simulate", action="store_true")
    args = parser.parse_args()

    if args.recording:
        with k.Playback(args.recording) as playback:
            capture, calibration = playback.captures[args.capture], playback.calibration
    else:
        open_device = k.Device.simulated if args.simulate else k.Device.open
        with open_device(configuration=CONFIGURATION) as device:
            capture = next(device.captures(timeout=10, skip=20))  # when the exposure has settled
            calibration = device.calibration
    if capture.depth is None:
        raise SystemExit("the capture has no depth image")

    with k.Transformation(calibration) as transformation:
        points = transformation.depth_to_points(capture.depth)  # (H, W, 3) float32, NaN where there is no data
        colors = None if capture.color is None else transformation.color_to_depth(capture.depth, capture.color)
    print(write_ply(args.path, points, colors), "points in", args.path)


if __name__ == "__main__":
    main()
