"""Change the field of view of an open camera, and read the IMU only where it is asked for."""

import pyk4a

camera = pyk4a.PyK4A(pyk4a.Config(depth_mode=pyk4a.DepthMode.NFOV_UNBINNED))
camera.open()
camera._start_cameras()
print(camera.get_capture().depth.shape, camera.is_running)
camera._stop_cameras()
camera._config = pyk4a.Config(depth_mode=pyk4a.DepthMode.WFOV_2X2BINNED)
camera._start_cameras()
print(camera.get_capture().depth.shape)
camera._start_imu()
print(round(camera.get_imu_sample()["temperature"]) > 0)
camera._stop_imu()
camera._stop_cameras()
camera.close()
