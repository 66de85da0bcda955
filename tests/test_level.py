"""The level on a sysfs made by hand, as the kernel's Documentation/ABI/testing/sysfs-bus-iio describes it."""

import math
from pathlib import Path

import pytest

from device.level import IioLevel, NoLevel, level_of
from device.tilt import Tilt, calmed, mapped, tilt_of

G = 9.80665
SCALE = 0.000598  # m/s^2 to a count, of an LSM6DS3 at 2 g


def sysfs(root: Path, up: tuple[float, float, float], **files: str) -> Path:
    """A simulated accelerometer, beside a light sensor; `up` is in multiples of g along the chip's axes."""
    light, chip = (root / "bus/iio/devices" / name for name in ("iio:device0", "iio:device1"))
    light.mkdir(parents=True)
    chip.mkdir()
    (light / "in_illuminance_raw").write_text("80\n")
    (chip / "in_accel_scale").write_text(f"{SCALE}\n")
    for axis, share in zip("xyz", up, strict=True):
        (chip / f"in_accel_{axis}_raw").write_text(f"{round(share * G / SCALE)}\n")
    for name, text in files.items():
        (chip / name).write_text(text)
    return root


@pytest.mark.parametrize("roll", [0.0, 3.0, -30.0, 90.0, 170.0])
@pytest.mark.parametrize("pitch", [0.0, 20.0, -45.0])
def test_roll_and_pitch_are_those_of_a_camera_that_was_turned_so(tmp_path: Path, roll: float, pitch: float) -> None:
    """Turned clockwise, the direction up moves to the camera's left; lens up, it moves away from the photographer."""
    r, p = math.radians(roll), math.radians(pitch)
    up = (-math.sin(r) * math.cos(p), math.cos(r) * math.cos(p), -math.sin(p))
    tilt = level_of(sysfs(tmp_path, up), "x y z").read()
    assert tilt is not None
    assert (tilt.roll_deg, tilt.pitch_deg) == pytest.approx((roll, pitch), abs=0.05)


def test_a_chip_mounted_otherwise_is_read_by_its_axes(tmp_path: Path) -> None:
    level = level_of(sysfs(tmp_path, (1.0, 0.0, 0.0)), "-y x z")  # its x points up
    assert level.read() == Tilt(pytest.approx(0.0), pytest.approx(0.0))  # type: ignore[arg-type]
    assert mapped((1.0, 2.0, 3.0), "-z x -y") == (-3.0, 1.0, -2.0)


@pytest.mark.parametrize("name", ["in_accel_mount_matrix", "in_mount_matrix", "mount_matrix"])
def test_the_device_trees_mount_matrix_is_obeyed(tmp_path: Path, name: str) -> None:
    root = sysfs(tmp_path, (-1.0, 0.0, 0.0), **{name: "0, 1, 0; -1, 0, 0; 0, 0, 1\n"})
    tilt = level_of(root, "x y z").read()
    assert tilt is not None
    assert tilt.roll_deg == pytest.approx(0, abs=0.01)


def test_a_scale_of_its_own_goes_before_the_shared_one(tmp_path: Path) -> None:
    root = sysfs(tmp_path, (0.1, 0.1, 0.0), in_accel_x_scale=f"{2 * SCALE}\n")
    tilt = level_of(root, "x y z").read()
    assert tilt is not None
    assert tilt.roll_deg == pytest.approx(-math.degrees(math.atan(2)), abs=0.05)


def test_without_an_accelerometer_there_is_a_level_that_knows_nothing(tmp_path: Path) -> None:
    level = level_of(tmp_path, "x y z")
    assert isinstance(level, NoLevel)
    assert level.read() is None


@pytest.mark.parametrize("trouble", ["gone", "rubbish", "free fall", "half a matrix"])
def test_a_chip_in_trouble_says_nothing(tmp_path: Path, trouble: str) -> None:
    root = sysfs(tmp_path, (0.0, 0.01 if trouble == "free fall" else 1.0, 0.0))
    chip = root / "bus/iio/devices/iio:device1"
    level = level_of(root, "x y z")
    assert isinstance(level, IioLevel)
    if trouble == "gone":
        (chip / "in_accel_y_raw").unlink()
    elif trouble == "rubbish":
        (chip / "in_accel_y_raw").write_text("\n")
    elif trouble == "half a matrix":
        (chip / "in_mount_matrix").write_text("0, 1; 1, 0\n")
    assert level.read() is None


@pytest.mark.parametrize(("roll", "off"), [(0.0, 0.0), (44.0, 44.0), (46.0, -44.0), (91.0, 1.0), (-178.0, 2.0)])
def test_a_camera_held_upright_is_level_too(roll: float, off: float) -> None:
    assert Tilt(roll, 0.0).off_deg == pytest.approx(off)
    assert Tilt(roll, 0.0).level == (abs(off) <= 0.5)


def test_a_trembling_hand_is_calmed_and_a_turn_is_followed_at_once() -> None:
    before = Tilt(1.0, 0.0)
    after = calmed(before, Tilt(2.0, 1.0))
    assert after is not None
    assert 1.0 < after.roll_deg < 1.5
    assert calmed(before, Tilt(90.0, 0.0)) == Tilt(90.0, 0.0)
    assert calmed(before, None) is None
    assert calmed(None, before) == before


def test_nothing_is_said_of_the_direction_in_free_fall() -> None:
    assert tilt_of((0.0, 0.3, 0.2)) is None
