"""How the camera's body stands: battery, heat and clock, from what Linux tells in files. Not to know is an answer.

Battery: the kernel's class power_supply (Documentation/power/power_supply_class.rst), which the gauges MAX17040 to
MAX17059 have a driver for; and INA219 and INA226, which measure a voltage and are hwmon devices
(Documentation/hwmon/ina2xx.rst): of those the charge can only be guessed from the cells' voltage. Where there is
neither, a PiSugar may have a server of its own.
"""

import re
from collections.abc import Callable
from pathlib import Path

from device.doctor_power import CAPPED, THROTTLED, TOO_HOT_C, WARM
from device.pisugar import UNKNOWN, Charge
from device.states import StatusState

LOOK_NS = 10_000_000_000
CELL_EMPTY_MV, CELL_FULL_MV = 3000, 4200  # of lithium-ion cells, as Waveshare's examples for their UPS HATs have it
CELLS_MAX = 4
_SLOWED = CAPPED | THROTTLED | WARM


class BodyStatus:
    """Looks every ten seconds; any thread may read `state`.

    Args:
        root: "/", or what a test puts in its place.
        wall_s: seconds since 1970 now.
        built_s: when this software was made: no clock that is set is before that.
        changed: told when there is something new.
        elsewhere: the charge where no file tells it.
    """

    def __init__(
        self,
        root: Path,
        wall_s: Callable[[], float],
        built_s: float,
        changed: Callable[[], None],
        elsewhere: Callable[[], Charge] = lambda: UNKNOWN,
    ) -> None:
        self._root, self._wall_s, self._built_s, self._changed = root, wall_s, built_s, changed
        self._elsewhere = elsewhere
        self._due_ns = 0
        self.state = StatusState()

    def look(self, now_ns: int) -> None:
        """Look, if the last time was long enough ago."""
        if now_ns < self._due_ns:
            return
        self._due_ns = now_ns + LOOK_NS
        percent, charging = self._battery()
        state = StatusState(
            battery_percent=percent,
            charging=charging,
            temperature_c=self._temperature_c(),
            slowed=self._is_slowed(),
            clock_set=self._is_clock_set(),
        )
        if state != self.state:
            self.state = state
            self._changed()

    def _battery(self) -> Charge:
        for folder in self._found("sys/class/power_supply/*"):
            percent = self._number(folder / "capacity")
            if self._text(folder / "type") == "Battery" and percent is not None:
                status = self._text(folder / "status")
                return min(percent, 100), None if status in ("", "Unknown") else status in ("Charging", "Full")
        for folder in self._found("sys/class/hwmon/hwmon*"):
            voltage_mv = self._number(folder / "in1_input")
            if self._text(folder / "name") in ("ina219", "ina226") and voltage_mv:
                return charge_percent(voltage_mv), None
        return self._elsewhere()

    def _temperature_c(self) -> int | None:
        millidegrees = self._number(self._root / "sys/class/thermal/thermal_zone0/temp")
        return None if millidegrees is None else round(millidegrees / 1000)

    def _is_slowed(self) -> bool:
        """By its heat, as the firmware tells, or must be by the temperature."""
        for place in self._found("sys/devices/platform/*/*firmware/get_throttled"):
            if re.fullmatch(r"(0x)?[0-9a-fA-F]+", text := self._text(place)):
                return bool(int(text, 16) & _SLOWED)
        return (self._temperature_c() or 0) >= TOO_HOT_C

    def _is_clock_set(self) -> bool:
        """A Pi without a clock of its own begins at the time of its last shutdown until the network tells it better."""
        if self._wall_s() < self._built_s:
            return False
        waits_for_network = (self._root / "run/systemd/timesync").is_dir()
        synchronised = (self._root / "run/systemd/timesync/synchronized").exists()
        return synchronised or not waits_for_network or bool(self._found("sys/class/rtc/rtc*"))

    def _found(self, pattern: str) -> list[Path]:
        return sorted(self._root.glob(pattern))

    def _text(self, place: Path) -> str:
        try:
            return place.read_text(errors="replace").strip()
        except OSError:
            return ""

    def _number(self, place: Path) -> int | None:
        text = self._text(place)
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None


def charge_percent(voltage_mv: int) -> int:
    """About what is left in as many cells as that voltage is of, to be read with a grain of salt."""
    cells = next((n for n in range(1, CELLS_MAX) if voltage_mv <= n * (CELL_FULL_MV + 150)), CELLS_MAX)
    share = (voltage_mv / cells - CELL_EMPTY_MV) / (CELL_FULL_MV - CELL_EMPTY_MV)
    return round(100 * min(max(share, 0.0), 1.0))
