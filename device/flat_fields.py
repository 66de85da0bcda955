"""The flat fields that were measured, each in a file of its own: by lens, focal length, aperture and sensor.

A file is numpy's of the gains, and behind that the dust that was found with them, as `dust.encoded` has it.
"""

import io
import re
import sys
import tokenize
from math import log2
from pathlib import Path
from typing import NamedTuple

import numpy as np

from device import state_file
from device.dust import NO_DUST, Dust, decoded, encoded
from device.errors import BadValue
from device.flat_field import NO_GAINS, Gains
from device.lens import Lens

FOLDER = "flat-fields"
# How far the aperture may be from the one measured, as the barrel's shadow shrinks with each stop: one, and what the
# figures on the ring are rounded by.
NEAR_STOPS = 1.1
# Dust of half a stop away: one stop away a shadow is twice as dark or half, so that to lift it by what was measured
# would leave as much as it takes.
NEAR_DUST_STOPS = 0.6
GAIN_MAX = 64.0
_F_NUMBERS = (0.5, 128.0)  # from the widest aperture that any lens has to beyond the smallest
# What numpy raises of a file with a few wrong bytes: it reads a header by Python's own tokenizer, and takes memory for
# whatever size that says.
_DAMAGE = (OSError, ValueError, EOFError, TypeError, MemoryError, tokenize.TokenError)


class Measured(NamedTuple):
    """What a flat field was measured with."""

    key: str
    focal_length_mm: float
    f_number: float
    model: str


class FlatFields:
    """All of a folder; read once, at the start.

    Args:
        folder: of the files, which need not be there.
        model: of the sensor; those of others are left alone.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self._folder = folder
        self._model = model
        self._known: dict[Measured, tuple[Gains, Dust]] = {}
        for path in sorted(folder.glob("*.npy")):
            measured, found = _measured(path), _read(path)
            if measured is None or found is None:
                sys.stderr.write(f"mcam: {path} is no flat field: remove it, or measure it again.\n")
            else:
                self._known[measured] = found

    def gains(self, lens: Lens, f_number: float | None) -> Gains:
        """The map for a lens at an aperture: the nearest that was measured; NO_GAINS where none is near enough."""
        found = self._nearest(lens, f_number, NEAR_STOPS)
        return found[0] if found else NO_GAINS

    def dust(self, lens: Lens, f_number: float | None) -> Dust:
        """What lay on the sensor when that map was measured, if that was at nearly the same aperture; else NO_DUST."""
        found = self._nearest(lens, f_number, NEAR_DUST_STOPS)
        return found[1] if found else NO_DUST

    def _nearest(self, lens: Lens, f_number: float | None, stops: float) -> tuple[Gains, Dust] | None:
        if f_number is None:
            return None
        distances = {
            measured: abs(2 * log2(measured.f_number / f_number))
            for measured in self._known
            if measured[:2] == (lens.key, lens.focal_length_mm) and measured.model == _plain(self._model)
        }
        nearest = min(distances, key=distances.__getitem__, default=None)
        return self._known[nearest] if nearest and distances[nearest] <= stops else None

    def keep(self, lens: Lens, f_number: float, gains: Gains, dust: Dust = NO_DUST) -> None:
        """A new one, or in place of the old.

        Raises:
            BadValue: it is no map of gains, or it cannot be written.
        """
        if not (is_map(gains) and _F_NUMBERS[0] <= f_number <= _F_NUMBERS[1]):
            raise BadValue("This is no flat field: measure it by `mcam lens flatfield`.")
        measured = Measured(lens.key, lens.focal_length_mm, f_number, _plain(self._model))
        path, data = self._folder / _name(measured), io.BytesIO()
        np.save(data, gains)
        try:
            state_file.replace(path, data.getvalue() + encoded(dust))
        except OSError as fault:
            raise BadValue(f"{path} cannot be written ({fault.strerror}): make room for it.") from fault
        self._known = {**self._known, measured: (gains, dust)}  # another thread may be looking through the old one


def is_map(gains: Gains) -> bool:
    """Whether these may be gains: of four channels, on a grid, none below 1 and none absurd."""
    shape_fits = gains.ndim == 3 and gains.shape[0] == 4 and min(gains.shape[1:]) >= 2
    return bool(shape_fits and np.isfinite(gains).all() and gains.min() >= 1 and gains.max() <= GAIN_MAX)


def _name(measured: Measured) -> str:
    return f"{measured.key}@{measured.focal_length_mm:g}mm@f{measured.f_number:g}@{measured.model}.npy"


def _plain(model: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", model)


def _measured(path: Path) -> Measured | None:
    match = re.fullmatch(r"([a-z0-9-]+)@(\d+\.?\d*)mm@f(\d+\.?\d*)@([A-Za-z0-9._-]+)\.npy", path.name)
    return Measured(match[1], float(match[2]), float(match[3]), match[4]) if match and float(match[3]) else None


def _read(path: Path) -> tuple[Gains, Dust] | None:
    try:
        with path.open("rb") as file:
            gains = np.ascontiguousarray(np.lib.format.read_array(file, allow_pickle=False), np.float32)
            dust = decoded(file.read())
    except _DAMAGE:
        return None
    return (gains, dust) if is_map(gains) else None
