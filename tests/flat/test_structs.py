"""Structures as Python classes."""

from __future__ import annotations

import copy
import math
import pickle
import struct

import numpy as np
import pytest

from pyk4a_rp.k4a import *


def test_float3_reads_the_same_by_name_and_by_index() -> None:
    point = k4a_float3_t(1.0, 2.0, 3.0)
    point.xyz.y = 5.0
    point.v[2] = 7.0
    assert (point.v, point.xyz.x, point.y, point.z) == ([1.0, 5.0, 7.0], 1.0, 5.0, 7.0)
    assert repr(point) == "k4a_float3_t(x=1.0, y=5.0, z=7.0)"
    assert list(point) == [1.0, 5.0, 7.0]


def test_float2_refuses_another_number_of_values() -> None:
    point = k4a_float2_t()
    point.v = (3.0, 4.0)
    assert (point.xy.x, point.xy.y) == (3.0, 4.0)
    with pytest.raises(ValueError, match=r"k4a_float2_t\.v has 2 numbers, not 3"):
        point.v = [1.0, 2.0, 3.0]


def test_samples_with_nan_are_equal_when_all_else_is() -> None:
    first, second = k4a_imu_sample_t(temperature=math.nan), k4a_imu_sample_t(temperature=float("nan"))
    assert first == second
    second.acc_sample.v[0] = 1.0
    assert first != second
    assert first != 5


def test_structures_of_different_kinds_are_not_equal() -> None:
    assert k4a_float2_t() != k4a_float3_t()
    assert k4a_version_t() != k4a_record_video_settings_t()


@pytest.mark.parametrize(
    "value",
    [
        k4a_imu_sample_t(1.0, k4a_float3_t(1, 2, 3), 4, k4a_float3_t(5, 6, 7), 8),
        k4a_device_configuration_t(depth_mode=K4A_DEPTH_MODE_PASSIVE_IR),
        k4a_record_configuration_t(start_timestamp_offset_usec=2**40),
        k4a_hardware_version_t(rgb=k4a_version_t(1, 6, 110)),
        k4a_calibration_t(bytes(range(256)) * 4 + bytes(8)),
        k4a_calibration_camera_t(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_copies_and_pickles_are_equal_and_independent(value: object) -> None:
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert other == value and other is not value
        assert repr(other) == repr(value)
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)


def test_fields_that_do_not_exist_cannot_be_set() -> None:
    config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL()
    with pytest.raises(AttributeError):
        config.depth_moed = 1  # type: ignore[attr-defined]


def test_calibration_attributes_are_views_of_the_bytes() -> None:
    calibration = k4a_calibration_t()
    calibration.color_camera_calibration.intrinsics.parameters.param.p2 = 0.5
    calibration.extrinsics[1][2].translation[2] = -4.0
    calibration.depth_mode = K4A_DEPTH_MODE_WFOV_UNBINNED
    raw = bytes(calibration)
    assert len(raw) == 1032
    # Offsets of the C structure: camera 128, intrinsics 48, parameters 8, p2 the 13th; extrinsics 256 + 48 (4 i + j).
    assert struct.unpack_from("f", raw, 128 + 48 + 8 + 4 * 12) == (0.5,)
    assert struct.unpack_from("f", raw, 256 + 48 * 6 + 36 + 8) == (-4.0,)
    assert struct.unpack_from("i", raw, 1024) == (4,)
    assert calibration.color_camera_calibration.intrinsics.parameters.v[12] == 0.5
    assert k4a_calibration_t(raw) == calibration


def test_calibration_arrays_are_arrays_for_numpy() -> None:
    extrinsics = k4a_calibration_extrinsics_t()
    extrinsics.rotation = np.eye(3, dtype=np.float32).ravel()
    matrix = np.asarray(extrinsics.rotation).reshape(3, 3)
    matrix[0, 1] = 2.0
    assert extrinsics.rotation.tolist() == [1, 2, 0, 0, 1, 0, 0, 0, 1]


def test_calibration_compares_no_parameters_beyond_their_count() -> None:
    first = k4a_calibration_t()
    first.depth_camera_calibration.intrinsics.parameter_count = 14
    second = k4a_calibration_t(bytes(first))
    second.depth_camera_calibration.intrinsics.parameters.metric_radius = math.nan
    assert bytes(first) != bytes(second)
    assert first == second
    second.depth_camera_calibration.intrinsics.parameters.p1 = 1.0
    assert first != second


def test_calibration_of_a_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="1032 bytes, not 1031"):
        k4a_calibration_t(bytes(1031))


def test_calibration_fields_refuse_wrong_types_by_name() -> None:
    camera = k4a_calibration_camera_t()
    with pytest.raises(TypeError, match=r"k4a_calibration_camera_t\.resolution_width"):
        camera.resolution_width = "wide"  # type: ignore[assignment]
    with pytest.raises(TypeError, match="must be k4a_calibration_extrinsics_t, not int"):
        camera.extrinsics = 3  # type: ignore[assignment]


def test_parts_can_be_assigned_as_a_whole() -> None:
    calibration, part = k4a_calibration_t(), k4a_calibration_extrinsics_t()
    part.rotation[4] = 0.25
    calibration.depth_camera_calibration.extrinsics = part
    assert calibration.depth_camera_calibration.extrinsics == part


def test_unknown_enumerators_in_calibrations_are_kept() -> None:
    intrinsics = k4a_calibration_intrinsics_t()
    intrinsics.type = 25  # type: ignore[assignment]
    assert intrinsics.type == 25 and intrinsics.type.name == "UNKNOWN_25"


def test_version_is_written_with_dots() -> None:
    assert str(k4a_version_t(1, 6, 110)) == "1.6.110"
