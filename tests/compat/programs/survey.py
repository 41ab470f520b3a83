"""Cameras that are there, and their settings."""

import pyk4a

for number in range(pyk4a.connected_device_count() + 1):
    camera = pyk4a.PyK4A(device_id=number)
    try:
        camera.open()
    except pyk4a.K4AException:
        print("no camera", number)
        break
    print(camera.serial, "in" if camera.sync_jack_status[0] else "-", "out" if camera.sync_jack_status[1] else "-")
    for command in pyk4a.ColorControlCommand:
        print(command.name, camera._get_color_control(command)[0], end="; ")
    camera.sharpness, camera.exposure = 4, 16_670
    print(camera.sharpness, camera.exposure, camera.exposure_mode_auto)
    camera.exposure_mode_auto = True
    print(camera._get_color_control_capabilities(pyk4a.ColorControlCommand.SATURATION))
    fx = camera.calibration.get_camera_matrix(pyk4a.CalibrationType.COLOR)[0, 0]
    print("focal length", round(float(fx)), camera.calibration.get_distortion_coefficients(0).shape)
    camera.close()
