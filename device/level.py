"""The accelerometer, as Linux's Industrial I/O shows it in sysfs; where there is none, a level that knows nothing.

Names and units: Documentation/ABI/testing/sysfs-bus-iio of the Linux kernel. in_accel_x_raw times the scale is m/s^2.
"""

from pathlib import Path
from typing import Protocol

from device.tilt import Tilt, Vector, mapped, tilt_of

SYSFS = Path("/sys")


class Level(Protocol):
    """Tells how the camera is held."""

    def read(self) -> Tilt | None:
        """Now; None where that is not known."""
        ...


class NoLevel:
    """A camera without an accelerometer."""

    def read(self) -> Tilt | None:
        """Nothing."""
        return None


class IioLevel:
    """An accelerometer of the kernel's.

    Args:
        folder: its iio:device in sysfs.
        axes: which of its axes point right, up and to the photographer, "x y z".
    """

    def __init__(self, folder: Path, axes: str) -> None:
        self._folder, self._axes = folder, axes

    def read(self) -> Tilt | None:
        """From three numbers; None when the chip does not answer, or answers what is no number."""
        try:
            x, y, z = (self._acceleration(axis) for axis in "xyz")
            return tilt_of(mapped(self._turned((x, y, z)), self._axes))
        except (OSError, ValueError):
            return None

    def _acceleration(self, axis: str) -> float:
        own, shared = self._folder / f"in_accel_{axis}_scale", self._folder / "in_accel_scale"
        scale = float((own if own.exists() else shared).read_text())
        return scale * float((self._folder / f"in_accel_{axis}_raw").read_text())

    def _turned(self, chip: Vector) -> Vector:
        """By the mount matrix that the device tree gives, "0, 1, 0; 1, 0, 0; 0, 0, -1", where it gives one."""
        for name in ("in_accel_mount_matrix", "in_mount_matrix", "mount_matrix"):
            path = self._folder / name
            if path.exists():
                rows = [[float(part) for part in row.split(",")] for row in path.read_text().split(";")]
                x, y, z = (sum(a * b for a, b in zip(row, chip, strict=True)) for row in rows)
                return x, y, z
        return chip


def level_of(sysfs: Path, axes: str) -> Level:
    """The first accelerometer under that sysfs."""
    for folder in sorted(sysfs.glob("bus/iio/devices/iio:device*")):
        if (folder / "in_accel_x_raw").exists():
            return IioLevel(folder, axes)
    return NoLevel()
