"""Keep a few captures in a file, and see that they are there."""

import pathlib
import sys

import pyk4a

target = pathlib.Path(sys.argv[1])
modes = pyk4a.Config(color_format=pyk4a.ImageFormat.COLOR_NV12, depth_mode=pyk4a.DepthMode.NFOV_2X2BINNED)
camera = pyk4a.PyK4A(modes)
camera.start()
writer = pyk4a.PyK4ARecord(target, modes, camera)
writer.create()
writer.write_header()
times = []
while writer.captures_count < 5:
    shot = camera.get_capture()
    writer.write_capture(shot)
    times.append(shot.depth_timestamp_usec)
writer.flush()
writer.close()
text = camera.calibration_raw
camera.stop()
print("closed", writer.created, writer.header_written, writer.captures_count)

reader = pyk4a.PyK4APlayback(target)
reader.open()
print("calibration kept", reader.calibration_raw == text, "format", reader.configuration["color_format"].name)
print("times kept", [reader.get_next_capture().depth_timestamp_usec for _ in times] == times)
reader.close()
