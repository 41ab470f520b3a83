"""Where the middle of the depth image lies, by two ways, and how much of the cloud has a color."""

import numpy as np
from pyk4a import CalibrationType, ColorResolution, Config, DepthMode, PyK4A

camera = PyK4A(Config(depth_mode=DepthMode.WFOV_2X2BINNED, color_resolution=ColorResolution.RES_720P))
camera.start()
shot = camera.get_capture(10_000)
row, column = (length // 2 for length in shot.depth.shape)
by_cloud = shot.depth_point_cloud[row, column]
by_hand = camera.calibration.convert_2d_to_3d((column, row), float(shot.depth[row, column]), CalibrationType.DEPTH)
print("agree", bool(np.abs(by_cloud - by_hand).max() <= 1), shot.depth_point_cloud.dtype, shot.depth_point_cloud.shape)
painted = shot.transformed_color
print("painted", painted.shape, painted.dtype, bool((painted[..., 3] > 0).mean() > 0.2))
print("aligned", shot.transformed_depth.shape, shot.transformed_depth_point_cloud.shape[2], shot.transformed_ir.dtype)
camera.stop()
