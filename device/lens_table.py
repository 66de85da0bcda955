"""What a table of a lens file may hold, and the lens that it makes. Pure: tables in, lenses and faults out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from device.faults import faults_of
from device.lens import NO_LENS, Lens
from device.rules import Number, NumberOrZero, Rule, Text, Whole, shown

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEY_MEANING = 'lower-case letters, digits and hyphens, such as "summicron-35"'
CODE = Whole(1, 63)  # six bits; all white is a lens without a code
RESERVED = (NO_LENS.key, "simulated")

_FOCAL_LENGTH = Number(1, 2000, "mm")
_REQUIRED = ("name", "focal_length_mm", "max_aperture")


@dataclass(frozen=True, slots=True)
class FocalLengths:
    """One focal length, or a list of those that a lens of several has, shortest first."""

    @property
    def allowed(self) -> str:
        """The form."""
        return f"{_FOCAL_LENGTH.allowed}, or a list of them, shortest first"

    def accepts(self, value: object) -> bool:
        """A number, or at least one and all of them in order."""
        if not isinstance(value, list):
            return _FOCAL_LENGTH.accepts(value)
        return bool(value) and all(map(_FOCAL_LENGTH.accepts, value)) and sorted(set(value)) == value


RULES: dict[str, Rule] = {
    "name": Text("[^\\x00-\\x1f\\x7f\\ud800-\\udfff]{1,80}", "its name in quotes, up to 80 letters"),
    "maker": Text("[^\\x00-\\x1f\\x7f\\ud800-\\udfff]{0,40}", "its maker in quotes, up to 40 letters"),
    "focal_length_mm": FocalLengths(),
    "max_aperture": NumberOrZero(0.7, 64),
    "min_aperture": NumberOrZero(0.7, 128),
    "code": CODE,
}


def lenses_of(tables: Mapping[str, Any]) -> tuple[dict[str, Lens], list[str]]:
    """The lenses that tables describe, by key, and what is wrong with the others, a sentence each.

    Args:
        tables: key -> what is said of the lens, as a TOML parser gives it: anything may stand anywhere.
    """
    lenses: dict[str, Lens] = {}
    faults: list[str] = []
    for key, table in tables.items():
        wrong = faults_in(key, table)
        faults += wrong
        if not wrong:
            lenses[key] = _lens(key, table)
    return lenses, faults


def faults_in(key: str, table: object) -> list[str]:
    """All that is wrong with one lens."""
    if not isinstance(table, dict):
        return [f"{key} stands outside a lens: begin one with a line such as [summicron-35]."]
    if not KEY.fullmatch(key):
        return [f"The key [{shown(key)}] must be {KEY_MEANING}."]
    if key in RESERVED:
        return [f"The key [{key}] is taken: choose another."]
    wrong = faults_of({key: table}, {}, {key: RULES}, ())
    wrong += [f"{key}.{name} is missing." for name in _REQUIRED if name not in table]
    return wrong or _apertures_in_order(key, table)


def _apertures_in_order(key: str, table: Mapping[str, Any]) -> list[str]:
    widest, smallest = table["max_aperture"], table.get("min_aperture", 0)
    if not smallest or smallest >= widest:
        return []
    return [f"{key}.min_aperture, the smallest, must have a larger f-number than max_aperture, the widest."]


def _lens(key: str, table: Mapping[str, Any]) -> Lens:
    lengths = _floats(table["focal_length_mm"])
    return Lens(
        key=key,
        name=table["name"],
        maker=table.get("maker", ""),
        focal_length_mm=lengths[0],
        max_aperture=float(table["max_aperture"]),
        min_aperture=float(table.get("min_aperture", 0)),
        focal_lengths_mm=lengths if len(lengths) > 1 else (),
        code=table.get("code"),
    )


def _floats(value: float | Sequence[float]) -> tuple[float, ...]:
    return tuple(map(float, value)) if isinstance(value, list | tuple) else (float(value),)  # type: ignore[arg-type]


def as_toml(key: str, table: Mapping[str, Any]) -> str:
    """A lens as it stands in a file."""
    lines = [f"{name} = {_toml(value)}" for name, value in table.items()]
    return "\n".join([f"[{key}]", *lines, ""])


def _toml(value: object) -> str:
    """As `shown` writes a text, but never cut short."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, list) else f"{value:g}"
