"""Every setting, checked. The file `mcam.toml` beside this one holds each default with a remark: it is the manual.

The defaults stand only there. What a setting may be stands in its field's type, as a rule of rules.py; what must hold
between settings stands in TOGETHER. Whoever reads a file learns all its faults at once.
"""

import operator
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from itertools import combinations, product
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from device import toml_file
from device.buttons_config import PINS, ButtonsConfig, FocusLightConfig
from device.drive_config import DriveConfig
from device.errors import BadConfig
from device.exposure_config import ExposureConfig, WhiteBalanceConfig
from device.faults import Tables, Together, faults_of
from device.lens_config import READER_PINS, LensConfig, LensReaderConfig, Pin
from device.looks import LOOKS
from device.rules import Address, Number, OneOf, Size, Text, Whole, WholeOrOff, rule_of
from device.shooting_states import FilmMode, FrameRate, SlowRate
from device.view_config import ViewConfig

OF_THE_USER, OF_THE_MACHINE = Path("~/.config/mcam/mcam.toml"), Path("/etc/mcam/mcam.toml")

SENSOR = Text("auto|simulated|picamera2|replay:[^\\x00-\\x1f]+", '"auto", "simulated", "picamera2" or "replay:PATH"')
SCREEN = Text("memory|fb:/dev/[^\\x00-\\x1f]+", '"memory" or "fb:/dev/..." such as "fb:/dev/fb0"')
PANEL_SIZE = Size(128, 4096)


@dataclass(frozen=True, slots=True)
class SensorConfig:
    """[sensor]."""

    kind: Annotated[str, SENSOR]
    scene: str
    seed: Annotated[int, Whole(0, 2**32 - 1)]
    buffers: Annotated[int, Whole(4, 16)]
    upside_down: bool


@dataclass(frozen=True, slots=True)
class FilmConfig:
    """[film]."""

    mode: FilmMode
    frames_per_s: FrameRate
    slow_frames_per_s: SlowRate
    pre_roll_s: Annotated[float, Number(0, 5, "seconds")]


@dataclass(frozen=True, slots=True)
class CardConfig:
    """[card]."""

    folder: Annotated[str, Text("[^\\x00-\\x1f\\ud800-\\udfff]+", "the path of a folder, in UTF-8")]
    queue: Annotated[int, Whole(1, 64)]
    raw: Literal["lossless", "packed"]
    jpeg: bool
    jpeg_quality: Annotated[int, Whole(1, 100)]
    jpeg_look: Annotated[str, OneOf(lambda: tuple(LOOKS))]
    fix_bad_pixels: bool


@dataclass(frozen=True, slots=True)
class PreviewConfig:
    """[preview]."""

    max_columns: Annotated[int, Whole(160, 4096)]
    max_rows: Annotated[int, Whole(120, 4096)]
    magnifier_columns: Annotated[int, Whole(64, 2048)]
    magnifier_rows: Annotated[int, Whole(64, 2048)]


@dataclass(frozen=True, slots=True)
class ScreenConfig:
    """[screen]."""

    kind: Annotated[str, SCREEN]
    size: Annotated[str, PANEL_SIZE]
    rotation: Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True)
class WebConfig:
    """[web]."""

    address: Annotated[str, Address()]


@dataclass(frozen=True, slots=True)
class PowerConfig:
    """[power]."""

    sleep_after_s: Annotated[int, WholeOrOff(10, 3600, "seconds")]


@dataclass(frozen=True, slots=True)
class SimulationConfig:
    """[simulation]: where the rings of the simulated lens stand at the start, and how dirty the sensor is."""

    focal_length_mm: Annotated[float, Number(8, 400, "mm")]
    focus_m: Annotated[float, Number(0.3, 1000, "metres")]
    f_number: Annotated[float, Number(0.7, 64)]
    light_ev: Annotated[float, Number(-10, 10, "stops")]
    dust: Annotated[int, Whole(0, 100, "specks")]


@dataclass(frozen=True, slots=True)
class Config:
    """All of mcam.toml."""

    sensor: SensorConfig
    drive: DriveConfig
    exposure: ExposureConfig
    white_balance: WhiteBalanceConfig
    lens: LensConfig
    card: CardConfig
    film: FilmConfig
    preview: PreviewConfig
    view: ViewConfig
    screen: ScreenConfig
    web: WebConfig
    buttons: ButtonsConfig
    lens_reader: LensReaderConfig
    focus_light: FocusLightConfig
    power: PowerConfig
    simulation: SimulationConfig


def _apart(pin: object, other: object) -> bool:
    """Not on one pin; two contacts that are not wired are on none."""
    return pin != other or pin == "none"


SECTIONS: dict[str, Any] = get_type_hints(Config)
HINTS = {section: get_type_hints(table, include_extras=True) for section, table in SECTIONS.items()}
RULES = {section: {key: rule_of(hint) for key, hint in hints.items()} for section, hints in HINTS.items()}
TOGETHER = [
    Together(
        ("exposure.iso_max", "exposure.iso"), operator.ge, "exposure.iso_max must be at least as high as exposure.iso."
    ),
    *(
        Together((one, other), _apart, f"{one} and {other} are on one pin: give each a GPIO number of its own.")
        for one, other in (
            *combinations([f"buttons.{key}" for key in PINS], 2),
            *combinations([f"lens_reader.{key}" for key in READER_PINS], 2),
            *((f"buttons.{key}", "focus_light.pin") for key in PINS if HINTS["buttons"][key] is Pin),
        )
    ),
    Together(
        ("buttons.encoder_press", "focus_light.pin"),
        lambda one, other: one != other or one == "none",
        "buttons.encoder_press and focus_light.pin are on one pin: give each a GPIO number of its own.",
    ),
    *(
        Together(
            (one, other, "lens_reader.enabled", "lens_reader.chip"),
            lambda pin, another, enabled, chip: pin != another or not enabled or chip >= 0,
            f"{one} and {other} are on one pin: give each a GPIO number of its own.",
        )
        for one, other in product(
            [*(f"buttons.{key}" for key in PINS), "focus_light.pin"], [f"lens_reader.{key}" for key in READER_PINS]
        )
    ),
]


def find() -> Path | None:
    """The user's file, else the machine's, else None: the defaults alone."""
    places = (OF_THE_USER.expanduser(), OF_THE_MACHINE)
    return next((place for place in places if place.is_file()), None)


def load(path: Path | None) -> Config:
    """The defaults, with what that file changes; None: the defaults alone.

    Raises:
        BadConfig: the file cannot be read, or has faults; all of them.
    """
    return _changed(_defaults(), toml_file.read(path) if path else {}, str(path))


def with_changes(config: Config, changes: Mapping[str, object]) -> Config:
    """The same settings but for those named, "card.folder" for instance, as a command line asks.

    Raises:
        BadConfig: a name or a value is wrong; all of them.
    """
    tables: dict[str, Any] = {}
    for name, value in changes.items():
        section, _, key = name.partition(".")
        tables.setdefault(section, {})[key] = value
    return _changed(asdict(config), tables, "The command line")


def _changed(settings: Tables, changes: Mapping[str, Any], source: str) -> Config:
    faults = faults_of(changes, settings, RULES, TOGETHER)
    if faults:
        raise BadConfig(faults, source)
    sections: dict[str, Any] = {name: _section(name, settings[name] | changes.get(name, {})) for name in SECTIONS}
    return Config(**sections)


def _section(name: str, values: Mapping[str, Any]) -> object:
    floats = {key for key, hint in get_type_hints(SECTIONS[name]).items() if hint is float}
    return SECTIONS[name](**{key: float(value) if key in floats else value for key, value in values.items()})


def _defaults() -> Tables:
    return tomllib.loads((resources.files("device") / "mcam.toml").read_text("utf-8"))
