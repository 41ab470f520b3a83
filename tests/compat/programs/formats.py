"""One picture in each color format, decoded by hand where it is MJPG."""

import pyk4a


def decode(jpeg):
    """Stands for a JPEG library: rows of one color."""
    import numpy as np

    assert jpeg[:2].tolist() == [0xFF, 0xD8]
    return np.full((720, 1280, 4), (10, 20, 30, 255), np.uint8)


for kind in pyk4a.ImageFormat.COLOR_YUY2, pyk4a.ImageFormat.COLOR_NV12, pyk4a.ImageFormat.COLOR_MJPG:
    camera = pyk4a.PyK4A(config=pyk4a.Config(color_format=kind, color_resolution=pyk4a.ColorResolution.RES_720P))
    camera.start()
    shot = camera.get_capture()
    print(kind.name, shot.color.dtype, shot.color.shape if shot.color.ndim > 1 else "a file", shot.color_exposure_usec)
    print(shot._color_timestamp_usec == shot.color_timestamp_usec > 0, shot.color_white_balance)
    if kind == pyk4a.ImageFormat.COLOR_MJPG:
        # What many programs do, so that everything that follows finds BGRA.
        shot._color = decode(shot.color)
        shot._color_format = pyk4a.ImageFormat.COLOR_BGRA32
        print("replaced", shot.color.shape, shot.color[5, 7].tolist())
    camera.stop()
