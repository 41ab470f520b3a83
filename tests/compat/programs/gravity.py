"""Which way is down, by the accelerometer."""

from math import dist

import pyk4a

modes = pyk4a.Config(depth_mode=pyk4a.DepthMode.PASSIVE_IR, color_resolution=0, synchronized_images_only=False)
camera = pyk4a.PyK4A(modes)
camera.start()
first = camera.get_imu_sample(timeout=5000)
print(*sorted(first))
accelerations = [first["acc_sample"]] + [camera.get_imu_sample()["acc_sample"] for _ in range(99)]
camera.stop()
mean = [sum(axis) / len(accelerations) for axis in zip(*accelerations, strict=True)]
print("g", round(dist(mean, (0, 0, 0)), 1), "down is axis", max(range(3), key=lambda axis: abs(mean[axis])))
