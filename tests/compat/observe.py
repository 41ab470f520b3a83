"""What a module with pyk4a's surface answers; run by test_same_as_pyk4a.py in a process for each of two modules.

`python observe.py MODULE SECTION OUT [FILE...]` writes OUT.json, the answers by name, and OUT.npz, the arrays in them.
An answer is a value in plain types, {"array": key, ...}, {"raises": name} or {"object": class name}. Needs nothing but
numpy and the module, since the other one has an environment of its own.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
from enum import Enum
from pathlib import Path

import numpy as np

PLAIN = (bool, int, float, str, type(None))
# What programs catch, the most special first.
CAUGHT = ("K4ATimeoutException", "K4AException", "EOFError", "ValueError", "TypeError", "AttributeError")
POINTS_3D = [(0.0, 0.0, 1000.0), (100.0, 200.0, 1500.5), (-350.0, 80.0, 700.0), (5.0, -5.0, -1.0), (9e4, 0.0, 1.0)]
PIXELS = [(300, 200), (0.0, 0.0), (319.5, 287.25), (1279.0, 719.0), (-4000.0, 12.0)]
DEPTHS = [1000.0, 1, 0, 7500.25]
BAD_TEXTS = ["", "{}", "nonsense", '{"CalibrationInformation":{"Cameras":[]}}']


class Answers:
    """Collects answers under names."""

    def __init__(self, module):
        self.module = module
        self.found = {}
        self.arrays = {}
        self.kept = []  # cameras: pyk4a crashes when one that was closed is deleted

    def save(self, out):
        Path(f"{out}.json").write_text(json.dumps(self.found, indent=1))
        np.savez(f"{out}.npz", **self.arrays)

    def ask(self, name, question, *arguments):
        """Keep what `question(*arguments)` answers, or raises; return the answer, None in the second case."""
        assert name not in self.found, f"{name} was asked before"
        try:
            answer = question(*arguments)
        except Exception as error:
            known = {cls.__name__ for cls in type(error).__mro__}
            self.found[name] = {"raises": next((kind for kind in CAUGHT if kind in known), type(error).__name__)}
            return None
        self.found[name] = self.plain(name, answer)
        return answer

    def keep(self, name, answer):
        """Keep an answer that was had elsewhere."""
        self.ask(name, lambda: answer)

    def plain(self, name, value):
        if isinstance(value, Enum):
            return [value.name, int(value)]
        if type(value) in PLAIN:
            return value
        if isinstance(value, np.ndarray):
            self.arrays[name] = np.array(value)
            return {"array": name, "dtype": str(value.dtype), "shape": list(value.shape)}
        if isinstance(value, dict):
            return {str(key): self.plain(f"{name}/{key}", item) for key, item in value.items()}
        if isinstance(value, tuple):
            return [self.plain(f"{name}/{index}", item) for index, item in enumerate(value)]
        if isinstance(value, Path):
            return str(value)
        return {"object": type(value).__name__}

    def properties(self, name, thing, left_out=()):
        """Ask for every public property."""
        for attribute in public_properties(type(thing)):
            if attribute not in left_out:
                self.ask(f"{name}/{attribute}", getattr, thing, attribute)


def public_properties(cls):
    """Names of properties and of what looks like them."""
    return [
        name for name in dir(cls) if not name.startswith("_") and hasattr(inspect.getattr_static(cls, name), "__set__")
    ]


TRANSFORMED = [
    "depth_point_cloud",
    "transformed_color",
    "transformed_depth",
    "transformed_depth_point_cloud",
    "transformed_ir",
]


# ---- the names ----


def section_surface(answers):
    """Every public name, with the parameters of what can be called."""
    module = answers.module
    for name in module.__all__:
        thing = getattr(module, name)
        if isinstance(thing, type) and issubclass(thing, Enum):
            answers.found[f"{name}/members"] = {key: int(value) for key, value in thing.__members__.items()}
        elif isinstance(thing, type) and not issubclass(thing, dict | Exception):
            answers.found[f"{name}()"] = parameters(thing.__init__)
            for attribute in dir(thing):
                found = inspect.getattr_static(thing, attribute)
                if attribute.startswith("_"):
                    continue
                if hasattr(found, "__set__"):
                    answers.found[f"{name}.{attribute}"] = "property"
                elif callable(getattr(thing, attribute)):
                    answers.found[f"{name}.{attribute}()"] = parameters(getattr(thing, attribute))
                else:
                    answers.found[f"{name}.{attribute}"] = found
        elif callable(thing) and not isinstance(thing, type):
            answers.found[f"{name}()"] = parameters(thing)
        else:
            answers.found[name] = "class"
    answers.ask("Config/unpack", module.Config(module.ColorResolution.RES_1080P).unpack)
    answers.ask("Config/negative delay", lambda: module.Config(subordinate_delay_off_master_usec=-5))
    answers.ask("FPS/repr", repr, module.FPS.FPS_30)
    answers.ask("K4ATimeoutException/is an OSError", issubclass, module.K4ATimeoutException, OSError)
    names = ["calibration", "capture", "config", "errors", "playback", "pyk4a", "record", "results", "transformation"]
    for name in names:
        part = importlib.import_module(f"{module.__name__}.{name}")
        for key, value in vars(part).items():
            # What pyk4a defines in a module, ours may import into the module of that name.
            if module.__name__ != "pyk4a" or getattr(value, "__module__", None) == part.__name__:
                answers.found[f"module {name}.{key}"] = "there"


def parameters(function):
    """Name and default of each parameter."""
    return [
        [item.name, "none" if item.default is item.empty else repr(getattr(item.default, "value", item.default))]
        for item in inspect.signature(function).parameters.values()
    ]


# ---- recordings ----


def section_playback(answers, *files):
    """Everything a recording answers, in the order in which programs ask."""
    for file in files:
        name = Path(file).stem
        playback = answers.module.PyK4APlayback(file)
        for attribute in ("configuration", "length", "calibration", "calibration_raw", "path"):
            answers.ask(f"{name}/not open/{attribute}", getattr, playback, attribute)
        for method in ("get_next_capture", "get_previous_capture", "get_next_imu_sample", "close"):
            answers.ask(f"{name}/not open/{method}", getattr(playback, method))
        answers.ask(f"{name}/not open/seek", playback.seek, 0)
        answers.ask(f"{name}/open", playback.open)
        answers.ask(f"{name}/open again", playback.open)
        answers.properties(f"{name}/opened", playback)
        answers.ask(f"{name}/same calibration", is_same, playback, "calibration")
        answers.ask(f"{name}/same configuration", is_same, playback, "configuration")
        read_captures(answers, name, playback)
        read_imu(answers, name, playback)
        seek_about(answers, name, playback)
        answers.ask(f"{name}/close", playback.close)
        answers.ask(f"{name}/close again", playback.close)
        answers.ask(f"{name}/length after close", getattr, playback, "length")
        answers.ask(f"{name}/capture after close", playback.get_next_capture)
        answers.ask(f"{name}/open after close", playback.open)
        answers.ask(f"{name}/length after open", getattr, playback, "length")
        playback.close()
    answers.ask("missing", lambda: answers.module.PyK4APlayback("not/there.mkv").open())
    answers.ask("no recording", lambda: answers.module.PyK4APlayback(__file__).open())
    answers.ask("with missing", lambda: answers.module.PyK4APlayback("not/there.mkv").__enter__())
    with answers.module.PyK4APlayback(files[0]) as opened:
        answers.ask("length in with", lambda: opened.length)
    answers.ask("capture after with", opened.get_next_capture)


def is_same(playback, attribute):
    return getattr(playback, attribute) is getattr(playback, attribute)


def read_captures(answers, name, playback):
    """All captures forwards, then backwards by their times."""
    captures = []
    while (capture := answers.ask(f"{name}/capture {len(captures)}", playback.get_next_capture)) is not None:
        answers.properties(f"{name}/capture {len(captures)}", capture, TRANSFORMED)
        captures.append(capture)
    for step in range(len(captures) + 1):
        method = ("get_previous_capture", "get_previouse_capture")[step % 2]
        place = f"{name}/{method} {step}"
        capture = answers.ask(place, getattr(playback, method))
        if capture is not None:
            answers.ask(f"{place}/times", max, capture.color_timestamp_usec, capture.ir_timestamp_usec)
    # The end that is met twice, and the way back from there.
    playback.seek(0)
    for _ in captures:
        playback.get_next_capture()
    for number in range(2):
        answers.ask(f"{name}/end {number}", playback.get_next_capture)
    answers.ask(f"{name}/previous after the end twice", lambda: playback.get_previous_capture().depth_timestamp_usec)
    # Arrays stay valid when their captures are gone.
    arrays = [(capture.color, capture.depth, capture.ir) for capture in captures[:2]]
    del captures
    for index, (color, depth, ir) in enumerate(arrays):
        answers.ask(f"{name}/kept {index}", tuple, (color, depth, ir))


def read_imu(answers, name, playback):
    playback.seek(0)
    for number in range(40):
        if answers.ask(f"{name}/imu {number}", playback.get_next_imu_sample) is None:
            break


def seek_about(answers, name, playback):
    """The capture after a seek."""
    origins = answers.module.SeekOrigin
    length = playback.length
    first = playback.configuration["start_timestamp_offset_usec"]
    targets = [(offset, origins.BEGIN) for offset in (0, length // 2, length, 10 * length)]
    targets += [(-offset, origins.END) for offset in (0, length // 3, length)]
    targets += [(first + offset, origins.DEVICE_TIME) for offset in (0, length // 2, 10**9)]
    for offset, origin in targets:
        place = f"{name}/seek {offset} {origin.name}"
        answers.ask(place, playback.seek, offset, origin)
        capture = answers.ask(f"{place}/capture", playback.get_next_capture)
        if capture is not None:
            answers.ask(f"{place}/time", max, capture.color_timestamp_usec, capture.depth_timestamp_usec)
    answers.ask(f"{name}/seek to nowhere", playback.seek, 0, 7)


# ---- calibrations ----


def section_calibration(answers, *files):
    """Every method of the calibrations of recordings, and of texts."""
    module = answers.module
    for file in files:
        with module.PyK4APlayback(file) as playback:
            ask_calibration(answers, Path(file).stem, playback.calibration)
            text = playback.calibration_raw
            answers.ask(f"{Path(file).stem}/transformation_handle", is_something, playback.calibration)
            for depth_mode, resolution in ((1, 6), (3, 4), (4, 0), (0, 2), (5, 5)):
                modes = module.DepthMode(depth_mode), module.ColorResolution(resolution)
                place = f"{Path(file).stem} {depth_mode} {resolution}"
                made = answers.ask(f"{place}/from_raw", module.Calibration.from_raw, text, *modes)
                ask_calibration(answers, place, made)
            playback.calibration_raw = text
            answers.ask(f"{Path(file).stem}/set", getattr, playback, "calibration_raw")
            for bad in BAD_TEXTS:
                answers.ask(f"{place} bad {bad}", module.Calibration.from_raw, bad, *modes)


def is_something(calibration):
    """Whether there is a handle; without a display pyk4a's is one of nothing."""
    return calibration.transformation_handle is not None


def ask_calibration(answers, name, calibration):
    module = answers.module
    types = module.CalibrationType
    answers.ask(f"{name}/depth_mode", lambda: calibration.depth_mode)
    answers.ask(f"{name}/color_resolution", lambda: calibration.color_resolution)
    for a in (types.DEPTH, types.COLOR, types.GYRO, types.ACCEL):
        answers.ask(f"{name}/get_camera_matrix {a.name}", calibration.get_camera_matrix, a)
        answers.ask(f"{name}/get_distortion_coefficients {a.name}", calibration.get_distortion_coefficients, a)
        for b in (types.DEPTH, types.COLOR, types.GYRO, types.ACCEL):
            pair = f"{a.name} {b.name}"
            answers.ask(f"{name}/get_extrinsic_parameters {pair}", calibration.get_extrinsic_parameters, a, b)
            for point in POINTS_3D:
                answers.ask(f"{name}/convert_3d_to_2d {pair} {point}", calibration.convert_3d_to_2d, point, a, b)
            for pixel in PIXELS:
                for depth in DEPTHS:
                    place = f"{name}/convert_2d_to_3d {pair} {pixel} {depth}"
                    answers.ask(place, calibration.convert_2d_to_3d, pixel, depth, a, b)
        answers.ask(f"{name}/convert_3d_to_2d {a.name}", calibration.convert_3d_to_2d, POINTS_3D[1], a)
        answers.ask(f"{name}/convert_2d_to_3d {a.name}", calibration.convert_2d_to_3d, PIXELS[0], 500.0, a)
    for point in POINTS_3D:
        answers.ask(f"{name}/depth_to_color_3d {point}", calibration.depth_to_color_3d, point)
        answers.ask(f"{name}/color_to_depth_3d {point}", calibration.color_to_depth_3d, point)
    for point in ((), (1.0,), (1.0, 2.0), (1.0, 2.0, 3.0, 4.0)):
        answers.ask(f"{name}/{len(point)} coordinates 3d to 2d", calibration.convert_3d_to_2d, point, types.DEPTH)
        answers.ask(f"{name}/{len(point)} coordinates depth to color", calibration.depth_to_color_3d, point)


# ---- transformations ----


def section_transformation(answers, *files):
    """Every transformation of the first capture; a call that may have done nothing is made again."""
    module = answers.module
    for file in files:
        with module.PyK4APlayback(file) as playback:
            transform_first(answers, Path(file).stem, playback)


def transform_first(answers, name, playback):
    module, calibration = answers.module, playback.calibration

    def computed(attribute):
        playback.seek(0)
        return getattr(playback.get_next_capture(), attribute)

    for attribute in TRANSFORMED:
        again(answers, f"{name}/{attribute}", computed, attribute)
    color, depth, ir = computed("color"), computed("depth"), computed("ir")
    if color.ndim != 3:
        return  # a second for every call: the functions are asked about the other recording
    # The same input for both, and not what either of them made of the depth image.
    seen = np.zeros(color_size(calibration), np.uint16)
    seen[100:-100, 150:-150] = 1234
    for function, label, *arguments in (
        (module.depth_image_to_color_camera, "", depth, calibration, True),
        (module.depth_image_to_color_camera_custom, " nearest", depth, ir, calibration, True),
        (module.depth_image_to_color_camera_custom, " linear", depth, ir, calibration, True, False),
        (module.depth_image_to_point_cloud, "", depth, calibration, True),
        (module.depth_image_to_point_cloud, " color", seen, calibration, True, False),
        (module.color_image_to_depth_camera, "", color, depth, calibration, True),
    ):
        again(answers, f"{name}/{function.__name__}{label}", function, *arguments)


def color_size(calibration):
    """Height and width."""
    return {"RES_720P": (720, 1280), "RES_1080P": (1080, 1920)}[calibration.color_resolution.name]


def again(answers, name, question, *arguments):
    """Ask until two answers that follow each other are equal and not empty."""
    before = None
    for _ in range(10):
        try:
            now = question(*arguments)
        except Exception:
            break  # `ask` tells
        parts = now if type(now) is tuple else (now,)
        flat = None if now is None else np.concatenate([np.ravel(part) for part in parts])
        if flat is not None and before is not None and flat.any() and (flat == before).all():
            answers.keep(name, now)
            return
        before = flat
    answers.ask(name, question, *arguments)


# ---- writing ----


def section_record(answers, folder, source, *others):
    """A recorder without a device, fed with the captures of recordings; its files are compared by the test."""
    module = answers.module
    for file in others:
        copy_recording(answers, folder, Path(file).stem, file)
    copy_recording(answers, folder, "not of its mode", source, depth_mode=module.DepthMode.WFOV_UNBINNED)
    subordinate = {"wired_sync_mode": module.WiredSyncMode.SUBORDINATE, "subordinate_delay_off_master_usec": 160}
    copy_recording(answers, folder, "subordinate", source, depth_delay_off_color_usec=-160, **subordinate)
    copy_recording(answers, folder, "delay without a master", source, subordinate_delay_off_master_usec=160)
    copy_recording(answers, folder, "delay above a period", source, depth_delay_off_color_usec=99999)
    path = Path(folder) / "written.mkv"
    with module.PyK4APlayback(source) as playback:
        c = playback.configuration
        config = module.Config(
            color_format=c["color_format"],
            color_resolution=c["color_resolution"],
            depth_mode=c["depth_mode"],
            camera_fps=c["camera_fps"],
        )
        record = module.PyK4ARecord(path, config)
        answers.properties("new", record, ["path"])
        for method in ("write_header", "flush", "close"):
            answers.ask(f"new/{method}", getattr(record, method))
        answers.ask("new/write_capture", lambda: record.write_capture(playback.get_next_capture()))
        answers.ask("create", record.create)
        answers.ask("create again", record.create)
        answers.properties("created", record, ["path"])
        answers.ask("flush before header", record.flush)
        playback.seek(0)
        answers.ask("write", lambda: record.write_capture(playback.get_next_capture()))
        answers.ask("header again", record.write_header)
        answers.ask("flush", record.flush)
        answers.ask("write more", lambda: record.write_capture(playback.get_next_capture()))
        answers.properties("written", record, ["path"])
        answers.ask("close", record.close)
        answers.ask("close again", record.close)
        answers.ask("write after close", lambda: record.write_capture(playback.get_previous_capture()))
        answers.properties("closed", record, ["path"])
    for name, value in (("color_format", 4), ("color_resolution", 9), ("depth_mode", 17), ("camera_fps", 30)):
        record = module.PyK4ARecord(Path(folder) / "unknown.mkv", module.Config(**{name: value}))
        answers.ask(f"unknown {name}/create", record.create)
    answers.ask("no folder", lambda: module.PyK4ARecord(Path(folder) / "no" / "x.mkv", config).create())


def copy_recording(answers, folder, name, source, **values):
    """Write two captures with the modes of their recording and the defaults of `Config`, as programs do."""
    module = answers.module
    with module.PyK4APlayback(source) as playback:
        c = playback.configuration
        modes = {key: c[key] for key in ("color_format", "color_resolution", "depth_mode")}
        record = module.PyK4ARecord(Path(folder) / f"{name}.mkv", module.Config(**{**modes, **values}))
        answers.ask(f"{name}/create", record.create)
        for number in range(2):
            answers.ask(f"{name}/write {number}", lambda: record.write_capture(playback.get_next_capture()))
        answers.ask(f"{name}/captures_count", lambda: record.captures_count)
        answers.ask(f"{name}/close", record.close)


# ---- cameras ----


def section_device(answers, folder):
    """A simulated camera, which the other module reaches through the drop-in libraries for C programs."""
    module = answers.module
    answers.ask("connected_device_count", module.connected_device_count)
    camera = open_later(answers, color_resolution=module.ColorResolution.RES_720P)
    answers.properties("not open", camera)
    for method in ("get_capture", "get_imu_sample", "close", "reset_color_control_to_default"):
        answers.ask(f"not open/{method}", getattr(camera, method))
    answers.ask("open", camera.open)
    answers.ask("open again", camera.open)
    answers.properties("opened", camera)
    answers.ask("opened/get_capture", lambda: camera.get_capture(100))
    answers.ask("opened/get_imu_sample", lambda: camera.get_imu_sample(100))
    answers.ask("opened/is_running", lambda: camera.is_running)
    ask_settings(answers, camera)
    path = Path(folder) / "calibration.json"
    answers.ask("save_calibration_json", lambda: camera.save_calibration_json(path))
    answers.ask("saved", lambda: path.read_text() == camera.calibration_raw)
    answers.ask("load_calibration_json", lambda: camera.load_calibration_json(path))
    answers.ask("start", camera.start)
    answers.ask("start again", camera.start)
    answers.ask("is_running", lambda: camera.is_running)
    ask_capture(answers, "capture", camera)
    answers.ask("imu", lambda: sorted(camera.get_imu_sample()) and None)
    answers.ask("stop", camera.stop)
    answers.ask("stopped/opened", lambda: camera.opened)
    answers.ask("start after stop", camera.start)
    answers.ask("second", open_later(answers).open)
    answers.ask("close", camera.close)
    answers.ask("close again", camera.close)
    answers.kept.append(module.PyK4A(device_id=7))
    answers.ask("no such device", answers.kept[-1].start)
    for name, values in (
        ("sync without color", {"color_resolution": module.ColorResolution.OFF}),
        ("nothing on", {"color_resolution": module.ColorResolution.OFF, "depth_mode": module.DepthMode.OFF}),
        ("too fast", {"depth_mode": module.DepthMode.WFOV_UNBINNED}),
        ("nv12 1080p", {"color_format": module.ImageFormat.COLOR_NV12, "color_resolution": module.ColorResolution(2)}),
    ):
        camera = open_later(answers, **values)
        answers.ask(f"bad/{name}", camera.start)
        camera.close()
    for name in ("COLOR_MJPG", "COLOR_NV12", "COLOR_YUY2"):
        camera = open_later(answers, color_format=module.ImageFormat[name])
        camera.start()
        ask_capture(answers, name, camera)
        camera.stop()
    for name, kind in (("color_resolution", module.ColorResolution), ("depth_mode", module.DepthMode)):
        camera = open_later(answers, **{name: kind.OFF, "synchronized_images_only": False})
        camera.start()
        ask_capture(answers, f"no {name}", camera)
        camera.stop()

    ask_other_calibration(answers)


def ask_other_calibration(answers):
    """One that is set, and modes that change, over a restart."""
    camera = open_later(answers)
    camera.open()
    text = json.loads(camera.calibration_raw)
    for lens in text["CalibrationInformation"]["Cameras"]:
        lens["Intrinsics"]["ModelParameters"][2] *= 1.25
    for name in ("set", "stopped"):
        if name == "set":
            camera.calibration_raw = json.dumps(text)
        answers.ask(f"other calibration {name}", lambda: camera.calibration.get_camera_matrix(1))
        camera.stop()
        camera.open()
    camera.stop()
    camera = open_later(answers)
    answers.ask("calibration_raw before open", setattr, camera, "calibration_raw", json.dumps(text))
    camera = open_later(answers)
    camera.start()
    answers.ask("changed/before", lambda: camera.calibration.depth_mode)
    camera.stop()
    camera._config.depth_mode = answers.module.DepthMode.WFOV_2X2BINNED
    camera.start()
    answers.ask("changed/capture", lambda: camera.get_capture().depth.shape)
    answers.ask("changed/calibration", lambda: camera.calibration.depth_mode)
    camera.stop()


def open_later(answers, **values):
    answers.kept.append(answers.module.PyK4A(answers.module.Config(**values)))
    return answers.kept[-1]


def ask_capture(answers, name, camera):
    """What does not depend on when it was taken."""
    capture = camera.get_capture()
    for attribute in ("color", "depth", "ir"):
        answers.ask(f"{name}/{attribute}", shape_of, getattr(capture, attribute))
    for attribute in ("color_exposure_usec", "color_white_balance", "color_iso_speed"):
        answers.ask(f"{name}/{attribute}", getattr, capture, attribute)
    for camera_name in ("color", "depth", "ir"):
        for unit in ("timestamp_usec", "system_timestamp_nsec"):
            answers.ask(f"{name}/{camera_name}_{unit}", bool, getattr(capture, f"{camera_name}_{unit}"))


def shape_of(array):
    """Shape and dtype; not the length of a JPEG file, which is another one every time."""
    return None if array is None else (str(array.dtype), *(array.shape if array.ndim > 1 else ()))


def ask_settings(answers, camera):
    module = answers.module
    settings = [name for name in public_properties(type(camera)) if name not in ("calibration_raw",)]
    for name in settings:
        if name in ("calibration", "opened", "serial", "sync_jack_status"):
            continue
        old = getattr(camera, name)
        answers.ask(f"set {name}", setattr, camera, name, old)
        answers.ask(f"got {name}", getattr, camera, name)
    for name, value in (("exposure", 8330), ("whitebalance", 5000), ("brightness", 10**6), ("gain", -1)):
        answers.ask(f"set {name} {value}", setattr, camera, name, value)
        answers.ask(f"got {name} {value}", getattr, camera, name)
    for name, value in (("exposure", False), ("exposure", True), ("whitebalance", False), ("whitebalance", True)):
        place = f"{name} auto {value}"
        answers.ask(f"set {place}", setattr, camera, f"{name}_mode_auto", value)
        answers.ask(f"got {place}", lambda name=name: (getattr(camera, f"{name}_mode_auto"), getattr(camera, name)))
    for command in module.ColorControlCommand:
        answers.ask(f"capabilities {command.name}", camera._get_color_control_capabilities, command)
        answers.ask(f"control {command.name}", camera._get_color_control, command)
    answers.ask("reset", camera.reset_color_control_to_default)
    answers.ask("after reset", lambda: (camera.exposure_mode_auto, camera.whitebalance_mode_auto, camera.brightness))


if __name__ == "__main__":
    answers_ = Answers(importlib.import_module(sys.argv[1]))
    globals()[f"section_{sys.argv[2]}"](answers_, *sys.argv[4:])
    answers_.save(sys.argv[3])
    os._exit(0)
