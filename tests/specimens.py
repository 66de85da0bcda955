"""DNGs of every kind that mcam writes: of each sensor, depth, filter pattern and compression."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
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
from tests.photographs import noise_mosaic, photograph, smooth_mosaic, tiled_mosaic

MODELS = tuple(SENSORS[name] for name in ("IMX477", "IMX283", "IMX296", "IMX708"))
DEPTHS = (10, 12, 14, 16)
FORMS: tuple[RawForm, ...] = get_args(RawForm)
BORDERS = ((512, 64), (513, 65), (511, 63), (529, 161), (305, 129), (304, 449), (63, 96), (64, 97))
CUT = (290, 420)  # rows and columns of the small ones: two tiles beyond the picture; RawTherapee wants 100 kB a file


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What one DNG shall be."""

    model: SensorModel
    bits: int
    cfa: Cfa
    form: RawForm

    def written(self, folder: Path, raw: Raw, name: str) -> Specimen:
        """A file of that kind with that mosaic."""
        taken = photograph(self._frame(raw), facts=self.model.facts)
        path = folder / f"{self.model.facts.model}-{self.bits}-{self.cfa}-{self.form}-{name}.dng"
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
    return [kind.written(folder, smooth_mosaic(*CUT, kind.bits), "cut") for kind in wanted]


def whole(folder: Path) -> Iterator[Specimen]:
    """Each sensor at full size with its own depth and filters, both ways of storing it."""
    for model, form in product(MODELS, FORMS):
        bits = next(iter(model.modes.values())).bits
        kind = Kind(model, bits, model.cfa, form)
        yield kind.written(folder, tiled_mosaic(model.facts.height, model.facts.width, bits), "whole")


def edges(folder: Path) -> list[Specimen]:
    """Sizes around the borders of tiles, and contents that compress best, worst, or by differences of all sizes."""
    sizes = {f"{rows}x{columns}": smooth_mosaic(rows, columns) for rows, columns in BORDERS}
    return [
        Kind(MODELS[0], bits, cfa, form).written(folder, raw, name)
        for bits, mosaics in ((12, sizes | _contents(12)), (16, _contents(16)))
        for cfa, (name, raw) in zip(cycle(Cfa), mosaics.items(), strict=False)
        for form in FORMS
    ]


def _contents(bits: int) -> dict[str, Raw]:
    """At 16 bits the jumps are of 32768, the one difference that has no sign (T.81, H.1.2.2)."""
    smooth, noise = smooth_mosaic(65, 130, bits), noise_mosaic(65, 130, bits)
    top = (1 << bits) - 1
    down, across = np.indices(smooth.shape)
    partly, spikes = smooth.copy(), np.full_like(smooth, 5)
    partly[20:, 40:] = top
    spikes[noise % 32 == 0] = noise[noise % 32 == 0]
    return {
        "black": np.zeros_like(smooth),
        "white": np.full_like(smooth, top),
        "partly white": partly,
        "noise": noise,
        "spikes": spikes,
        "jumps along": np.asarray(across // 2 % 2 << bits - 1, np.uint16),
        "jumps down": np.asarray(down % 2 << bits - 1, np.uint16),
        "ends": np.asarray(across // 2 % 2 * top, np.uint16),
    }
