"""Mistakes that a type checker finds. Each marked line gives the error it names, no other line gives any."""

from __future__ import annotations

import numpy as np

import pyk4a_rp as k
import pyk4a_rp.compat.pyk4a as pyk4a
from pyk4a_rp.k4a import k4a_image_get_size, k4a_playback_get_recording_length_usec, k4a_playback_open

playback = k.Playback("session.mkv", color_format="COLOR_BGRA32")  # error: arg-type
print(playback.length)  # error: attr-defined
playback.seek(0, k.ImageFormat.DEPTH16)  # error: arg-type
capture = playback.captures["first"]  # error: call-overload
capture = playback.captures[0]
print(capture.depth.array)  # error: union-attr
print(capture.timestamps.depth_usec + 1)  # error: operator
capture.color = np.zeros((720, 1280, 4), np.uint8)  # error: assignment
playback.configuration.depth_mode = k.DepthMode.OFF  # error: misc
k.Image(k.ImageFormat.DEPTH16, "640", 576)  # error: arg-type
k.DeviceConfiguration(depth_mode=2)  # error: arg-type
k.Device.open(serial=1514394512)  # error: arg-type
k.Recorder("out.mkv", device=playback)  # error: arg-type
transformation = k.Transformation(playback)  # error: arg-type
transformation.depth_to_color(capture)  # error: call-overload
k4a_playback_get_recording_length_usec(k4a_playback_open("session.mkv")[1])  # error: arg-type
k4a_image_get_size(capture)  # error: arg-type
camera = pyk4a.PyK4A(pyk4a.Config(depth_mode="NFOV_UNBINNED"))  # error: arg-type
camera.exposure = "8330"  # error: assignment
print(camera.get_capture().depth.shape)  # error: union-attr
print(camera.get_imu_sample()["acc"])  # error: typeddict-item
print(camera.get_capture().depth_pointcloud)  # error: attr-defined
