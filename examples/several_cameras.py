"""Record several cameras that are connected by synchronisation cables: camera0.mkv, camera1.mkv...

    python several_cameras.py [--sets 100]
    PYK4A_RP_SIMULATED=scene:0,scene:1 python several_cameras.py

The camera with nothing in "sync in" is the master. The others fire 160 us after each other, or their lasers would
blind each other. Captures that belong together have the same number in all recordings.
"""

import argparse
import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pyk4a_rp as k

MODES = k.DeviceConfiguration(color_resolution=k.ColorResolution.RES_720P, synchronized_images_only=True)


def capture_sets(devices: list[k.Device]) -> Iterator[list[k.Capture]]:
    """Captures that belong to the same pulse of the master, one of each camera."""
    delays = [device.configuration.subordinate_delay_off_master_usec for device in devices]
    while True:
        captures = [device.get_capture(timeout=10) for device in devices]
        pulses = [capture.color.device_timestamp_usec - delay for capture, delay in zip(captures, delays, strict=True)]
        while max(pulses) - min(pulses) >= MODES.frame_period_usec // 2:  # a frame was lost
            behind = pulses.index(min(pulses))
            captures[behind] = devices[behind].get_capture(timeout=10)
            pulses[behind] = captures[behind].color.device_timestamp_usec - delays[behind]
        yield captures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=100)
    sets = range(parser.parse_args().sets)
    with contextlib.ExitStack() as stack:
        devices = [stack.enter_context(k.Device.open(info.index)) for info in k.list_devices()]
        if len(devices) < 2:
            raise SystemExit(f"this is for two cameras and more, connected by cables: there are {len(devices)}")
        devices.sort(key=lambda device: device.sync_jacks.sync_in)  # the master first
        for part, device in enumerate(devices):
            role = k.WiredSyncMode.SUBORDINATE if part else k.WiredSyncMode.MASTER
            device.configuration = replace(MODES, wired_sync_mode=role, subordinate_delay_off_master_usec=160 * part)
        k.start_synchronized(devices)
        recorders = [stack.enter_context(k.Recorder(f"camera{i}.mkv", device=d)) for i, d in enumerate(devices)]
        for _, captures in zip(sets, capture_sets(devices), strict=False):
            print(*(capture.color.device_timestamp_usec for capture in captures))
            for recorder, capture in zip(recorders, captures, strict=True):
                recorder.write_capture(capture)


if __name__ == "__main__":
    try:
        main()
    except FileExistsError as error:
        raise SystemExit(f"{error.filename} exists already") from None
    except k.K4AError as error:
        raise SystemExit(str(error)) from None
