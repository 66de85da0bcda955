"""What hardware.md tells makers agrees with mcam.toml, with the Pi's header, and with arithmetic."""

import re
from math import hypot
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from device.boot_config import pins_taken, settings
from device.config import load
from tests.drawings.wiring import PANEL_GPIO, rigs, table

ROOT = Path(__file__).parents[1]
DRAWINGS = ROOT / "tests" / "drawings"
PAGE = (ROOT / "hardware.md").read_text()
PINS = load(None).buttons.pins
WIRING = {row[0]: row[1:] for row in re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)}
SENSORS = re.findall(r"^\| (\*?[\w ()/]+\*?) \| ([\d.]+) x ([\d.]+) \| ([\d.]+) \| ([\d |]+) \|", PAGE, re.MULTILINE)
HEADER = MockFactory().board_info.headers["J8"].pins


def test_every_contact_of_the_settings_is_in_the_wiring_table_and_no_other() -> None:
    assert {name: int(gpio) for name, (gpio, _, _) in WIRING.items()} == PINS


def test_the_wiring_table_is_that_of_the_settings() -> None:
    assert table() in PAGE, "make drawings"


@pytest.mark.parametrize("name", PINS)
def test_the_header_has_that_gpio_and_that_ground(name: str) -> None:
    gpio, pin, ground = map(int, WIRING[name])
    assert HEADER[pin].name == f"GPIO{gpio}"
    assert HEADER[ground].name == "GND"


@pytest.mark.parametrize("name", PINS)
def test_a_drawing_joins_the_contact_to_its_pin_on_one_level(name: str) -> None:
    _, pin, _ = WIRING[name]
    drawn = (DRAWINGS / "dsi.svg").read_text()
    heights = {words: y for y, words in re.findall(r'<text x="[\d.]+" y="(\d+)"[^>]*>([^<]+)</text>', drawn)}
    assert heights[name] == heights[pin]


@pytest.mark.parametrize("name", ["dsi.svg", "spi.svg", "screenless.svg"])
def test_the_drawings_are_those_of_the_settings(name: str) -> None:
    assert (DRAWINGS / name).read_text() == rigs()[name], "make drawings"
    assert f"(tests/drawings/{name})" in PAGE


def test_the_lines_for_an_spi_panel_leave_the_buttons_their_pins() -> None:
    lines = re.search(r"```\n(dtparam=spi=on\n.*?)```", PAGE, re.DOTALL)
    assert lines
    taken = pins_taken(settings(lines[1], 4))
    assert not set(taken) & set(PINS.values())
    assert set(PANEL_GPIO.values()) < set(taken)


@pytest.mark.parametrize(("sensor", "width", "height", "crop", "lenses"), SENSORS)
def test_the_crop_table_is_the_diagonals_ratio(sensor: str, width: str, height: str, crop: str, lenses: str) -> None:
    factor = hypot(36, 24) / hypot(float(width), float(height))
    assert float(crop) == pytest.approx(factor, rel=0.005), sensor
    for focal, equivalent in zip((15, 21, 28, 35, 50, 90), map(int, lenses.split("|")), strict=True):
        assert equivalent == pytest.approx(focal * factor, rel=0.01), sensor


def test_the_table_has_the_sensors_that_makers_use() -> None:
    assert len(SENSORS) == 6


def test_every_source_that_is_named_is_listed_and_the_reverse() -> None:
    text, _, sources = PAGE.partition("## Sources")
    assert set(re.findall(r"\[(\d+)\]", text)) == set(re.findall(r"\[(\d+)\]", sources))


def test_the_readers_pins_are_those_of_the_settings_and_of_the_header() -> None:
    rows = re.findall(r"^\| (present|code_\d+)[^|]* \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    assert {name: int(gpio) for name, gpio, _ in rows} == load(None).lens_reader.pins
    assert all(HEADER[int(pin)].name == f"GPIO{gpio}" for _, gpio, pin in rows)
