"""Write the colored point cloud of one capture as a PLY file, for MeshLab, CloudCompare or Open3D.

    python point_cloud.py OUT.ply --recording SESSION.mkv [--capture N]
    python point_cloud.py OUT.ply [--simulate]

Points are in millimetres: x to the right, y down, z forward, seen from the depth camera.
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


def take_one(simulate: bool) -> k.Capture:
    """A capture of a camera, when its exposure has settled."""
    open_device = k.Device.simulated if simulate else k.Device.open
    with open_device(configuration=CONFIGURATION) as device:
        capture = next(device.captures(timeout=10, skip=20))
        capture.calibration  # noqa: B018 - asked for while the device is open, kept by the capture
        return capture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", metavar="OUT.ply")
    parser.add_argument("--recording", metavar="SESSION.mkv")
    parser.add_argument("--capture", type=int, default=0, metavar="N", help="negative ones count from the end")
    parser.add_argument("--simulate", action="store_true")
    args = parser.parse_args()

    if args.recording:
        with k.Playback(args.recording) as playback:
            capture = playback.captures[args.capture]
            cloud, color = capture.point_cloud, capture.transformed_color
    else:
        capture = take_one(args.simulate)
        cloud, color = capture.point_cloud, capture.transformed_color
    if cloud is None:
        raise SystemExit("the capture has no depth image")

    there = cloud[..., 2] > 0  # the others have no data
    colors = None if color is None else color.to_rgb()[there]
    write_ply(args.path, cloud[there], colors)
    print(f"{there.sum()} points in {args.path}")


if __name__ == "__main__":
    main()
