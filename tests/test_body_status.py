"""Battery, heat and clock, from the files by which Linux tells them; what no file tells is unknown."""

from pathlib import Path

import pytest

from device.body_status import LOOK_NS, BodyStatus, charge_percent
from device.face_states import InfoLevel
from device.languages import languages, words
from device.menu_pages import STATUS
from device.menu_standing import Standing
from device.states import StatusState
from tests.synthetic_view import synthetic_state, synthetic_view
from ui import status_wording
from ui.labels import labels
from ui.layout import layout_of
from ui.state import Seen

BUILT_S = 1_700_000_000.0
GAUGE = "sys/class/power_supply/battery"


class Body:
    """A machine of files."""

    def __init__(self, root: Path, files: dict[str, str], wall_s: float = BUILT_S + 1) -> None:
        self.root, self.told = root, 0
        for name, text in files.items():
            self.write(name, text)
        self.status = BodyStatus(root, lambda: wall_s, BUILT_S, self.tell)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def tell(self) -> None:
        self.told += 1

    @property
    def seen(self) -> StatusState:
        self.status.look(0)
        return self.status.state


def test_a_machine_that_tells_nothing_is_well(tmp_path: Path) -> None:
    body = Body(tmp_path, {})
    assert body.seen == StatusState()
    assert body.told == 0


@pytest.mark.parametrize(
    ("status", "charging"), [("Charging", True), ("Full", True), ("Discharging", False), ("Unknown", None), ("", None)]
)
def test_a_gauge_of_the_kernels_class_tells_the_charge(tmp_path: Path, status: str, charging: bool | None) -> None:
    mains = {"sys/class/power_supply/ac/type": "Mains", "sys/class/power_supply/ac/capacity": "3"}
    files = {f"{GAUGE}/type": "Battery\n", f"{GAUGE}/capacity": "81\n", f"{GAUGE}/status": f"{status}\n"}
    seen = Body(tmp_path, mains | files).seen
    assert (seen.battery_percent, seen.charging) == (81, charging)


def test_a_gauge_that_reckons_beyond_full_is_full(tmp_path: Path) -> None:
    assert Body(tmp_path, {f"{GAUGE}/type": "Battery", f"{GAUGE}/capacity": "104"}).seen.battery_percent == 100


@pytest.mark.parametrize("rubbish", ["", "full", "8" * 5000, "-"])
def test_rubbish_is_not_a_charge(tmp_path: Path, rubbish: str) -> None:
    assert Body(tmp_path, {f"{GAUGE}/type": "Battery", f"{GAUGE}/capacity": rubbish}).seen.battery_percent is None


def test_a_voltage_is_guessed_from_and_another_sensors_is_not(tmp_path: Path) -> None:
    other = {"sys/class/hwmon/hwmon0/name": "nvme", "sys/class/hwmon/hwmon0/in1_input": "3300"}
    assert Body(tmp_path / "a", other).seen.battery_percent is None
    ours = {"sys/class/hwmon/hwmon1/name": "ina219\n", "sys/class/hwmon/hwmon1/in1_input": "3900\n"}
    assert Body(tmp_path / "b", other | ours).seen.battery_percent == 75


@pytest.mark.parametrize(
    ("voltage_mv", "percent"), [(2800, 0), (3000, 0), (3600, 50), (4200, 100), (4300, 100), (7200, 50), (12_600, 100)]
)
def test_cells_in_series_share_the_voltage(voltage_mv: int, percent: int) -> None:
    assert charge_percent(voltage_mv) == percent


@pytest.mark.parametrize(
    ("bits", "slowed"), [("0", False), ("4", True), ("0x8", True), ("2", True), ("1", False), ("40000", False)]
)
def test_the_firmware_tells_whether_it_is_slowed_down_now(tmp_path: Path, bits: str, slowed: bool) -> None:
    files = {"sys/devices/platform/soc/soc:firmware/get_throttled": bits}
    assert Body(tmp_path, files).seen.slowed is slowed


@pytest.mark.parametrize(("millidegrees", "degrees", "slowed"), [("48312", 48, False), ("81000", 81, True)])
def test_heat_is_the_processors(tmp_path: Path, millidegrees: str, degrees: int, slowed: bool) -> None:
    seen = Body(tmp_path, {"sys/class/thermal/thermal_zone0/temp": millidegrees}).seen
    assert (seen.temperature_c, seen.slowed) == (degrees, slowed)


@pytest.mark.parametrize(
    ("files", "after_s", "is_set"),
    [
        ({}, 1, True),
        ({}, -1, False),
        ({"run/systemd/timesync/clock": ""}, 1, False),
        ({"run/systemd/timesync/clock": "", "run/systemd/timesync/synchronized": ""}, 1, True),
        ({"run/systemd/timesync/clock": "", "sys/class/rtc/rtc0/name": "ds3231"}, 1, True),
        ({"run/systemd/timesync/synchronized": "", "sys/class/rtc/rtc0/name": "ds3231"}, -1, False),
    ],
    ids=["nobody knows", "before we were made", "waits for the network", "synchronised", "has a clock", "a dead one"],
)
def test_a_clock_that_nobody_set_is_seen(tmp_path: Path, files: dict[str, str], after_s: int, is_set: bool) -> None:
    assert Body(tmp_path, files, BUILT_S + after_s).seen.clock_set is is_set


def test_it_looks_every_ten_seconds_and_tells_of_changes_only(tmp_path: Path) -> None:
    body = Body(tmp_path, {f"{GAUGE}/type": "Battery", f"{GAUGE}/capacity": "50"})
    body.status.look(1)
    body.write(f"{GAUGE}/capacity", "49")
    body.status.look(LOOK_NS)
    assert (body.status.state.battery_percent, body.told) == (50, 1)
    body.status.look(LOOK_NS + 1)
    body.status.look(3 * LOOK_NS)
    assert (body.status.state.battery_percent, body.told) == (49, 2)


# ---- as it is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "info", "said"),
    [
        (StatusState(), "full", ""),
        (StatusState(battery_percent=87), "full", "87 %"),
        (StatusState(battery_percent=87), "basic", ""),
        (StatusState(battery_percent=15), "basic", "Battery 15 %"),
        (StatusState(battery_percent=15, charging=True), "basic", ""),
        (StatusState(temperature_c=83, slowed=True), "basic", "Hot: 83 °C"),
        (StatusState(clock_set=False), "basic", "Clock not set"),
    ],
)
def test_the_panel_says_what_needs_attention(status: StatusState, info: InfoLevel, said: str) -> None:
    assert status_wording.standing(status, info)[0] == said


def test_it_stands_where_the_camera_has_nothing_to_say_and_only_there() -> None:
    low = StatusState(battery_percent=9)
    for camera, said in (("live", "Battery 9 %"), ("armed", "Armed")):
        state = synthetic_state(camera=camera, status=low)
        written = labels(layout_of((800, 480), state.view), Seen(camera=state), synthetic_view().reading)
        assert [each.text for each in written if each.item == "state"] == [said]


@pytest.mark.parametrize("language", languages())
def test_the_menu_tells_every_figure(language: str) -> None:
    known = Standing(StatusState(battery_percent=87, charging=True, temperature_c=52), 412)
    unknown = Standing(StatusState(clock_set=False), 0)
    spoken = words(language)
    assert [known.told(row, spoken) for row in STATUS][:3] == ["87 % +", "52 °C", "412"]
    assert [unknown.told(row, spoken) for row in STATUS][1:3] == ["--", "0"]
    assert len({known.told("status.clock", spoken), unknown.told("status.clock", spoken)}) == 2
