"""The settings of the lens and of the reader of its code; see mcam.toml."""

from dataclasses import dataclass
from typing import Annotated, Literal

from device.lens_table import KEY, KEY_MEANING
from device.rules import NumberOrZero, Text, Whole

FNumber = Annotated[float, NumberOrZero(0.7, 64)]
Pin = Annotated[int, Whole(0, 27)]  # the GPIO numbers of the 40-pin header
READER_PINS = ("present", "code_32", "code_16", "code_8", "code_4", "code_2", "code_1")


@dataclass(frozen=True, slots=True)
class LensConfig:
    """[lens]."""

    key: Annotated[str, Text(KEY.pattern, KEY_MEANING)]
    f_number: FNumber
    folder: str
    flat_field: bool
    circle_of_confusion: Literal["pixel", "diagonal"]


@dataclass(frozen=True, slots=True)
class LensReaderConfig:
    """[lens_reader]: GPIO numbers, or lines of an expander."""

    enabled: bool
    chip: Annotated[int, Whole(-1, 99)]
    black_is: Literal["high", "low"]
    present: Pin
    code_32: Pin
    code_16: Pin
    code_8: Pin
    code_4: Pin
    code_2: Pin
    code_1: Pin

    @property
    def pins(self) -> dict[str, int]:
        """Contact -> GPIO number or line."""
        return {key: getattr(self, key) for key in READER_PINS}

    @property
    def pins_of_the_header(self) -> dict[str, int]:
        """Those that it takes from everything else."""
        return {f"lens_reader.{key}": pin for key, pin in self.pins.items()} if self.enabled and self.chip < 0 else {}
