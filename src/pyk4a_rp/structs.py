"""The structures of the k4a C ABI as mutable Python classes with the names and fields of C.

Two kinds, for one reason each. Small structures are plain objects with slots: their fields are read far more often
than they cross into C. The calibration structures are views of the bytes that C sees, so that a calibration which
came from one function goes into the next one bit for bit.

Structures compare by value (NaN equals NaN: the temperature of a recorded sample is always NaN), cannot be hashed,
and can be copied and pickled. Numbers are checked when a structure is handed to C, not when a field is assigned.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar, overload

from .enums import (
    CalibrationModelType,
    CalibrationType,
    ColorResolution,
    DepthMode,
    FirmwareBuild,
    FirmwareSignature,
    FramesPerSecond,
    ImageFormat,
    WiredSyncMode,
)

__all__ = [
    "k4a_calibration_camera_t",
    "k4a_calibration_extrinsics_t",
    "k4a_calibration_intrinsic_parameters_t",
    "k4a_calibration_intrinsics_t",
    "k4a_calibration_t",
    "k4a_device_configuration_t",
    "k4a_float2_t",
    "k4a_float3_t",
    "k4a_hardware_version_t",
    "k4a_imu_sample_t",
    "k4a_record_configuration_t",
    "k4a_record_subtitle_settings_t",
    "k4a_record_video_settings_t",
    "k4a_version_t",
]


def _same(a: object, b: object) -> bool:
    return a is b or bool(a == b) or (a != a and b != b)


class _Struct:
    """Equality and repr over `_fields_`; subclasses may add fields of their own without being compared by them."""

    __slots__ = ()
    _fields_: ClassVar[tuple[str, ...]] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Struct) or self._fields_ != other._fields_:
            return NotImplemented
        return all(_same(getattr(self, name), getattr(other, name)) for name in self._fields_)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields_)
        return f"{type(self).__name__}({fields})"


class _Floats(_Struct):
    """A union of named members and `v`; equal when the numbers are."""

    __slots__ = ("_v",)
    _v: list[float]

    @property
    def v(self) -> list[float]:
        """The numbers as a list; assigning to an element changes the structure."""
        return self._v

    @v.setter
    def v(self, values: Iterable[float]) -> None:
        new = list(values)
        if len(new) != len(self._v):
            raise ValueError(f"{type(self).__name__}.v has {len(self._v)} numbers, not {len(new)}")
        self._v = new

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Floats):
            return NotImplemented
        return len(self._v) == len(other._v) and all(map(_same, self._v, other._v))

    def __iter__(self) -> Any:
        return iter(self._v)


class k4a_float2_t(_Floats):
    """Two floats, `xy.x` and `xy.y` or `v[0]` and `v[1]`.

    Parameters
    ----------
    x, y
        The numbers; for a point in an image, pixels.
    """

    __slots__ = ()
    _fields_ = ("x", "y")

    def __init__(self, x: float = 0.0, y: float = 0.0) -> None:
        self._v = [x, y]

    @property
    def xy(self) -> k4a_float2_t:
        """The structure itself, so that `point.xy.x` reads as in C."""
        return self

    @property
    def x(self) -> float:
        """The first number."""
        return self._v[0]

    @x.setter
    def x(self, value: float) -> None:
        self._v[0] = value

    @property
    def y(self) -> float:
        """The second number."""
        return self._v[1]

    @y.setter
    def y(self, value: float) -> None:
        self._v[1] = value


class k4a_float3_t(_Floats):
    """Three floats, `xyz.x`, `xyz.y`, `xyz.z` or `v[0]`, `v[1]`, `v[2]`.

    Parameters
    ----------
    x, y, z
        The numbers; for a point in space, millimetres.
    """

    __slots__ = ()
    _fields_ = ("x", "y", "z")

    def __init__(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> None:
        self._v = [x, y, z]

    @property
    def xyz(self) -> k4a_float3_t:
        """The structure itself, so that `point.xyz.x` reads as in C."""
        return self

    @property
    def x(self) -> float:
        """The first number."""
        return self._v[0]

    @x.setter
    def x(self, value: float) -> None:
        self._v[0] = value

    @property
    def y(self) -> float:
        """The second number."""
        return self._v[1]

    @y.setter
    def y(self, value: float) -> None:
        self._v[1] = value

    @property
    def z(self) -> float:
        """The third number."""
        return self._v[2]

    @z.setter
    def z(self, value: float) -> None:
        self._v[2] = value


class k4a_imu_sample_t(_Struct):
    """One sample of accelerometer and gyroscope.

    Parameters
    ----------
    temperature
        Degrees Celsius; NaN in samples of a recording.
    acc_sample
        Acceleration in metres per second squared.
    acc_timestamp_usec
        Device time of the acceleration in microseconds.
    gyro_sample
        Angular velocity in radians per second.
    gyro_timestamp_usec
        Device time of the angular velocity in microseconds.
    """

    __slots__ = _fields_ = (
        "temperature",
        "acc_sample",
        "acc_timestamp_usec",
        "gyro_sample",
        "gyro_timestamp_usec",
    )

    def __init__(
        self,
        temperature: float = 0.0,
        acc_sample: k4a_float3_t | None = None,
        acc_timestamp_usec: int = 0,
        gyro_sample: k4a_float3_t | None = None,
        gyro_timestamp_usec: int = 0,
    ) -> None:
        self.temperature = temperature
        self.acc_sample = k4a_float3_t() if acc_sample is None else acc_sample
        self.acc_timestamp_usec = acc_timestamp_usec
        self.gyro_sample = k4a_float3_t() if gyro_sample is None else gyro_sample
        self.gyro_timestamp_usec = gyro_timestamp_usec


class k4a_device_configuration_t(_Struct):
    """How a device streams. The defaults are those of `K4A_DEVICE_CONFIG_INIT_DISABLE_ALL`.

    Parameters
    ----------
    color_format
        `ImageFormat` of color images: MJPG, NV12, YUY2 or BGRA32.
    color_resolution
        `ColorResolution`; OFF turns the color camera off.
    depth_mode
        `DepthMode`; OFF turns the depth camera off.
    camera_fps
        `FramesPerSecond` of both cameras.
    synchronized_images_only
        Deliver only captures that have both a depth and a color image.
    depth_delay_off_color_usec
        Microseconds from the color image to the depth image, at most one frame period either way.
    wired_sync_mode
        `WiredSyncMode` of this device.
    subordinate_delay_off_master_usec
        Microseconds after the master's images; 0 unless this device is SUBORDINATE.
    disable_streaming_indicator
        Keep the light on the camera off.
    """

    __slots__ = _fields_ = (
        "color_format",
        "color_resolution",
        "depth_mode",
        "camera_fps",
        "synchronized_images_only",
        "depth_delay_off_color_usec",
        "wired_sync_mode",
        "subordinate_delay_off_master_usec",
        "disable_streaming_indicator",
    )

    def __init__(
        self,
        color_format: ImageFormat = ImageFormat.COLOR_MJPG,
        color_resolution: ColorResolution = ColorResolution.OFF,
        depth_mode: DepthMode = DepthMode.OFF,
        camera_fps: FramesPerSecond = FramesPerSecond.FPS_30,
        synchronized_images_only: bool = False,
        depth_delay_off_color_usec: int = 0,
        wired_sync_mode: WiredSyncMode = WiredSyncMode.STANDALONE,
        subordinate_delay_off_master_usec: int = 0,
        disable_streaming_indicator: bool = False,
    ) -> None:
        self.color_format = color_format
        self.color_resolution = color_resolution
        self.depth_mode = depth_mode
        self.camera_fps = camera_fps
        self.synchronized_images_only = synchronized_images_only
        self.depth_delay_off_color_usec = depth_delay_off_color_usec
        self.wired_sync_mode = wired_sync_mode
        self.subordinate_delay_off_master_usec = subordinate_delay_off_master_usec
        self.disable_streaming_indicator = disable_streaming_indicator


class k4a_record_configuration_t(_Struct):
    """What a recording contains.

    Parameters
    ----------
    color_format
        `ImageFormat` of the color track as stored; CUSTOM when there is none.
    color_resolution
        `ColorResolution`; OFF without a color track, and for a size that no camera has.
    depth_mode
        `DepthMode`.
    camera_fps
        `FramesPerSecond` of the video tracks.
    color_track_enabled, depth_track_enabled, ir_track_enabled, imu_track_enabled
        Whether the recording has that track.
    depth_delay_off_color_usec
        Microseconds from a color image to the depth image of the same capture.
    wired_sync_mode
        `WiredSyncMode` of the device that recorded.
    subordinate_delay_off_master_usec
        Microseconds after the master's images.
    start_timestamp_offset_usec
        Device time at which the recording begins, in microseconds; its low 32 bits, except where a provider has a
        field of 64 bits.
    """

    __slots__ = _fields_ = (
        "color_format",
        "color_resolution",
        "depth_mode",
        "camera_fps",
        "color_track_enabled",
        "depth_track_enabled",
        "ir_track_enabled",
        "imu_track_enabled",
        "depth_delay_off_color_usec",
        "wired_sync_mode",
        "subordinate_delay_off_master_usec",
        "start_timestamp_offset_usec",
    )

    def __init__(
        self,
        color_format: ImageFormat = ImageFormat.COLOR_MJPG,
        color_resolution: ColorResolution = ColorResolution.OFF,
        depth_mode: DepthMode = DepthMode.OFF,
        camera_fps: FramesPerSecond = FramesPerSecond.FPS_5,
        color_track_enabled: bool = False,
        depth_track_enabled: bool = False,
        ir_track_enabled: bool = False,
        imu_track_enabled: bool = False,
        depth_delay_off_color_usec: int = 0,
        wired_sync_mode: WiredSyncMode = WiredSyncMode.STANDALONE,
        subordinate_delay_off_master_usec: int = 0,
        start_timestamp_offset_usec: int = 0,
    ) -> None:
        self.color_format = color_format
        self.color_resolution = color_resolution
        self.depth_mode = depth_mode
        self.camera_fps = camera_fps
        self.color_track_enabled = color_track_enabled
        self.depth_track_enabled = depth_track_enabled
        self.ir_track_enabled = ir_track_enabled
        self.imu_track_enabled = imu_track_enabled
        self.depth_delay_off_color_usec = depth_delay_off_color_usec
        self.wired_sync_mode = wired_sync_mode
        self.subordinate_delay_off_master_usec = subordinate_delay_off_master_usec
        self.start_timestamp_offset_usec = start_timestamp_offset_usec


class k4a_record_video_settings_t(_Struct):
    """Size and rate of a video track.

    Parameters
    ----------
    width, height
        Pixels.
    frame_rate
        Frames per second, not 0.
    """

    __slots__ = _fields_ = ("width", "height", "frame_rate")

    def __init__(self, width: int = 0, height: int = 0, frame_rate: int = 0) -> None:
        self.width = width
        self.height = height
        self.frame_rate = frame_rate


class k4a_record_subtitle_settings_t(_Struct):
    """How a data track is laid out.

    Parameters
    ----------
    high_freq_data
        Many small samples: put several into one block group.
    """

    __slots__ = _fields_ = ("high_freq_data",)

    def __init__(self, high_freq_data: bool = False) -> None:
        self.high_freq_data = high_freq_data


class k4a_version_t(_Struct):
    """Version of a piece of firmware.

    Parameters
    ----------
    major, minor, iteration
        The three numbers of `major.minor.iteration`.
    """

    __slots__ = _fields_ = ("major", "minor", "iteration")

    def __init__(self, major: int = 0, minor: int = 0, iteration: int = 0) -> None:
        self.major = major
        self.minor = minor
        self.iteration = iteration

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.iteration}"


class k4a_hardware_version_t(_Struct):
    """Versions of a device's firmware.

    Parameters
    ----------
    rgb, depth, audio, depth_sensor
        `k4a_version_t` of the color camera, the depth camera, the microphones and the depth sensor.
    firmware_build
        `FirmwareBuild`.
    firmware_signature
        `FirmwareSignature`.
    """

    __slots__ = _fields_ = ("rgb", "depth", "audio", "depth_sensor", "firmware_build", "firmware_signature")

    def __init__(
        self,
        rgb: k4a_version_t | None = None,
        depth: k4a_version_t | None = None,
        audio: k4a_version_t | None = None,
        depth_sensor: k4a_version_t | None = None,
        firmware_build: FirmwareBuild = FirmwareBuild.RELEASE,
        firmware_signature: FirmwareSignature = FirmwareSignature.MSFT,
    ) -> None:
        self.rgb = k4a_version_t() if rgb is None else rgb
        self.depth = k4a_version_t() if depth is None else depth
        self.audio = k4a_version_t() if audio is None else audio
        self.depth_sensor = k4a_version_t() if depth_sensor is None else depth_sensor
        self.firmware_build = firmware_build
        self.firmware_signature = firmware_signature


# ---- structures that are views of the bytes of C ----

_M = TypeVar("_M", bound="_Memory")
_V = TypeVar("_V")


class _Memory:
    """A structure over memory: its own, or a part of another structure's."""

    __slots__ = ("_memory",)
    _size_: ClassVar[int]
    _fields_: ClassVar[tuple[str, ...]]
    _memory: memoryview

    def __init__(self, data: Any = None) -> None:
        copy = bytearray(self._size_) if data is None else bytearray(memoryview(data).cast("B"))
        if len(copy) != self._size_:
            raise ValueError(f"{type(self).__name__} has {self._size_} bytes, not {len(copy)}")
        self._memory = memoryview(copy)

    @classmethod
    def _at(cls: type[_M], memory: memoryview, offset: int) -> _M:
        view = cls.__new__(cls)
        view._memory = memory[offset : offset + cls._size_]
        return view

    def __bytes__(self) -> bytes:
        return bytes(self._memory)

    def _canonical(self) -> bytes:
        """The bytes that take part in comparisons."""
        return bytes(self._memory)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Memory) or self._fields_ != other._fields_:
            return NotImplemented
        return self._canonical() == other._canonical()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return type(self), (bytes(self._memory),)

    def __copy__(self: _M) -> _M:
        return type(self)(self._memory)

    def __deepcopy__(self: _M, memo: Any) -> _M:
        return type(self)(self._memory)

    def __repr__(self) -> str:
        def text(value: Any) -> str:
            return repr(value.tolist() if isinstance(value, memoryview) else value)

        fields = ", ".join(f"{name}={text(getattr(self, name))}" for name in self._fields_)
        return f"{type(self).__name__}({fields})"


class _Field(Generic[_V]):
    """A field at a place in a `_Memory`."""

    def __init__(self, offset: int, doc: str) -> None:
        self.offset = offset
        self.__doc__ = doc
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{owner.__name__}.{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> _Field[_V]: ...
    @overload
    def __get__(self, instance: _Memory, owner: type) -> _V: ...
    def __get__(self, instance: _Memory | None, owner: type) -> _Field[_V] | _V:
        return self if instance is None else self.read(instance._memory)

    def __set__(self, instance: _Memory, value: _V) -> None:
        try:
            self.write(instance._memory, value)
        except struct.error as error:
            raise TypeError(f"{self.name}: {error}, got {value!r}") from None

    def read(self, memory: memoryview) -> _V:
        raise NotImplementedError

    def write(self, memory: memoryview, value: _V) -> None:
        raise NotImplementedError


class _Float(_Field[float]):
    def read(self, memory: memoryview) -> float:
        number: float = struct.unpack_from("f", memory, self.offset)[0]
        return number

    def write(self, memory: memoryview, value: float) -> None:
        struct.pack_into("f", memory, self.offset, value)


class _Int(_Field[int]):
    def __init__(self, offset: int, doc: str, code: str = "i") -> None:
        super().__init__(offset, doc)
        self.code = code

    def read(self, memory: memoryview) -> int:
        number: int = struct.unpack_from(self.code, memory, self.offset)[0]
        return number

    def write(self, memory: memoryview, value: int) -> None:
        struct.pack_into(self.code, memory, self.offset, value)


class _Enum(_Field[_V]):
    def __init__(self, offset: int, doc: str, enum: type[_V]) -> None:
        super().__init__(offset, doc)
        self.enum: Any = enum

    def read(self, memory: memoryview) -> _V:
        member: _V = self.enum(struct.unpack_from("i", memory, self.offset)[0])
        return member

    def write(self, memory: memoryview, value: _V) -> None:
        struct.pack_into("i", memory, self.offset, value)


class _FloatArray(_Field["memoryview[float]"]):
    def __init__(self, offset: int, doc: str, count: int) -> None:
        super().__init__(offset, doc)
        self.count = count

    def read(self, memory: memoryview) -> memoryview[float]:
        return memory[self.offset : self.offset + 4 * self.count].cast("f")

    def write(self, memory: memoryview, value: Sequence[float]) -> None:
        struct.pack_into(f"{self.count}f", memory, self.offset, *value)


class _Part(_Field[_M]):
    def __init__(self, offset: int, doc: str, part: type[_M]) -> None:
        super().__init__(offset, doc)
        self.part = part

    def read(self, memory: memoryview) -> _M:
        return self.part._at(memory, self.offset)

    def write(self, memory: memoryview, value: _M) -> None:
        if not isinstance(value, self.part):
            raise TypeError(f"{self.name} must be {self.part.__name__}, not {type(value).__name__}")
        memory[self.offset : self.offset + self.part._size_] = value._memory


class k4a_calibration_extrinsics_t(_Memory):
    """A rotation and a translation from one sensor to another.

    Parameters
    ----------
    data
        48 bytes of the C structure to copy; None for zeros.
    """

    __slots__ = ()
    _size_ = 48
    _fields_ = ("rotation", "translation")
    rotation = _FloatArray(0, "3x3 matrix row by row: a writable memoryview of 9 float32.", 9)
    translation = _FloatArray(36, "Millimetres: a writable memoryview of 3 float32.", 3)


class k4a_calibration_intrinsic_parameters_t(_Memory):
    """Lens parameters, by name (`param.cx`) or by index (`v[0]`).

    Parameters
    ----------
    data
        60 bytes of the C union to copy; None for zeros.
    """

    __slots__ = ()
    _size_ = 60
    _fields_ = (
        "cx",
        "cy",
        "fx",
        "fy",
        "k1",
        "k2",
        "k3",
        "k4",
        "k5",
        "k6",
        "codx",
        "cody",
        "p2",
        "p1",
        "metric_radius",
    )
    v = _FloatArray(0, "All of them in C's order: a writable memoryview of 15 float32.", 15)
    cx = _Float(0, "Principal point, x, pixels.")
    cy = _Float(4, "Principal point, y, pixels.")
    fx = _Float(8, "Focal length, x, pixels.")
    fy = _Float(12, "Focal length, y, pixels.")
    k1 = _Float(16, "Radial distortion.")
    k2 = _Float(20, "Radial distortion.")
    k3 = _Float(24, "Radial distortion.")
    k4 = _Float(28, "Radial distortion.")
    k5 = _Float(32, "Radial distortion.")
    k6 = _Float(36, "Radial distortion.")
    codx = _Float(40, "Centre of distortion, x.")
    cody = _Float(44, "Centre of distortion, y.")
    p2 = _Float(48, "Tangential distortion; comes before p1.")
    p1 = _Float(52, "Tangential distortion.")
    metric_radius = _Float(56, "Often not filled in: use that of `k4a_calibration_camera_t`.")

    @property
    def param(self) -> k4a_calibration_intrinsic_parameters_t:
        """The structure itself, so that `parameters.param.cx` reads as in C."""
        return self


class k4a_calibration_intrinsics_t(_Memory):
    """The lens model of a camera.

    Parameters after `parameter_count` are not compared: native libraries leave garbage there.

    Parameters
    ----------
    data
        68 bytes of the C structure to copy; None for zeros.
    """

    __slots__ = ()
    _size_ = 68
    _fields_ = ("type", "parameter_count", "parameters")
    type = _Enum(0, "`CalibrationModelType` of the lens.", CalibrationModelType)
    parameter_count = _Int(4, "How many of the parameters are valid.", "I")
    parameters = _Part(8, "The parameters.", k4a_calibration_intrinsic_parameters_t)

    def _canonical(self) -> bytes:
        return bytes(self._memory[: 8 + 4 * min(self.parameter_count, 15)])


class k4a_calibration_camera_t(_Memory):
    """Calibration of one camera.

    Parameters
    ----------
    data
        128 bytes of the C structure to copy; None for zeros.
    """

    __slots__ = ()
    _size_ = 128
    _fields_ = ("extrinsics", "intrinsics", "resolution_width", "resolution_height", "metric_radius")
    extrinsics = _Part(0, "Where the camera is.", k4a_calibration_extrinsics_t)
    intrinsics = _Part(48, "Its lens.", k4a_calibration_intrinsics_t)
    resolution_width = _Int(116, "Width of its images, pixels.")
    resolution_height = _Int(120, "Height of its images, pixels.")
    metric_radius = _Float(124, "Largest radius in the normalised image plane for which the lens model holds.")

    def _canonical(self) -> bytes:
        return self.extrinsics._canonical() + self.intrinsics._canonical() + bytes(self._memory[116:])


class k4a_calibration_t(_Memory):
    """Calibration of a device in one mode. Holds the 1032 bytes of the C structure; the attributes are views of them.

    Parameters
    ----------
    data
        1032 bytes of the C structure to copy; None for zeros.
    """

    __slots__ = ()
    _size_ = 1032
    _fields_ = (
        "depth_camera_calibration",
        "color_camera_calibration",
        "extrinsics",
        "depth_mode",
        "color_resolution",
    )
    depth_camera_calibration = _Part(0, "The depth camera.", k4a_calibration_camera_t)
    color_camera_calibration = _Part(128, "The color camera.", k4a_calibration_camera_t)
    depth_mode = _Enum(1024, "`DepthMode` the calibration is for.", DepthMode)
    color_resolution = _Enum(1028, "`ColorResolution` the calibration is for.", ColorResolution)

    @property
    def extrinsics(self) -> tuple[tuple[k4a_calibration_extrinsics_t, ...], ...]:
        """`extrinsics[source][target]`, 4 by 4, indexed by `CalibrationType`."""
        count, size = CalibrationType.NUM.value, k4a_calibration_extrinsics_t._size_
        return tuple(
            tuple(
                k4a_calibration_extrinsics_t._at(self._memory, 256 + size * (count * source + target))
                for target in range(count)
            )
            for source in range(count)
        )

    def _canonical(self) -> bytes:
        cameras = self.depth_camera_calibration._canonical() + self.color_camera_calibration._canonical()
        return cameras + bytes(self._memory[256:])
