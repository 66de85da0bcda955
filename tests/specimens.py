"""DNGs of every kind that mcam writes: of each sensor, depth, filter pattern and compression."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np

from device import files
from device.colour import daylight_neutral
from device.dng import RawForm
from device.frame import Cfa, Frame, Levels, Raw
from device.sensor_catalogue import SENSORS
from device.sensor_facts import NATIVE_BITS, SensorModel
from tests.conftest import build_frame
from tests.judges import Specimen
from tests.photographs import photograph, smooth_mosaic

MODELS = tuple(SENSORS[name] for name in ("IMX477", "IMX283", "IMX296", "IMX708"))
DEPTHS = (10, 12, 14, 16)
FORMS: tuple[RawForm, ...] = get_args(RawForm)
CUT = (290, 420)  # rows and columns of the small ones: two tiles beyond the picture; RawTherapee wants 100 kB a file


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What one DNG shall be."""

    model: SensorModel
    bits: int
    cfa: Cfa
    form: RawForm

    def written(self, folder: Path, raw: Raw) -> Specimen:
        """A file of that kind with that mosaic."""
        taken = photograph(self._frame(raw), facts=self.model.facts)
        path = folder / f"{self.model.facts.model}-{self.bits}-{self.cfa}-{self.form}-{len(raw)}.dng"
        path.write_bytes(b"".join(files.negative_of(taken, self.form)))
        return Specimen(path, raw)

    def _frame(self, raw: Raw) -> Frame:
        black = self.model.black_dn * 2.0 ** (self.bits - NATIVE_BITS)
        return build_frame(
            raw,
            bits=self.bits,
            cfa=self.cfa,
            levels=Levels((black,) * 4, (1 << self.bits) - 1),
            neutral=daylight_neutral(self.model.facts.colour),
        )


def kinds() -> Iterator[Kind]:
    """All there are."""
    return (Kind(*each) for each in product(MODELS, DEPTHS, Cfa, FORMS))


def chosen_kinds() -> Iterator[Kind]:
    """Fewer of them, in which each sensor still meets each depth, each filter pattern and each compression."""
    turns = range(len(MODELS))
    for (which, model), turn, form in product(enumerate(MODELS), turns, FORMS):
        yield Kind(model, DEPTHS[(which + turn) % 4], list(Cfa)[turn], form)


def small(folder: Path, wanted: Iterator[Kind]) -> list[Specimen]:
    """Cut-outs of those kinds."""
    return [kind.written(folder, smooth_mosaic(*CUT, kind.bits)) for kind in wanted]


def whole(folder: Path) -> Iterator[Specimen]:
    """Each sensor at full size with its own depth and filters, both ways of storing it."""
    for model, form in product(MODELS, FORMS):
        bits = next(iter(model.modes.values())).bits
        kind = Kind(model, bits, model.cfa, form)
        yield kind.written(folder, _large_mosaic(model.facts.height, model.facts.width, bits))


def _large_mosaic(rows: int, columns: int, bits: int) -> Raw:
    """One small one after the other, so that little memory is needed."""
    part = smooth_mosaic(512, 512, bits)
    return np.ascontiguousarray(np.tile(part, (-(-rows // 512), -(-columns // 512)))[:rows, :columns])
