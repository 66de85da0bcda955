"""Patches that are laid over the panel together: one row of pixels after the other, so that one call lays them all."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from ui.blending import blend_all
from ui.screen import Pixels

Stamp = tuple[Pixels, int, int]  # a premultiplied patch and the column and row of its upper left corner


class Strip(msgspec.Struct, frozen=True, eq=False):
    """Made once and laid as often as the same is to be seen.

    Attributes:
        pixels: (all * 4,) uint8, those of the patches one behind the other.
        places: (patches, 5) int64: first pixel, rows, columns, left, top.
    """

    pixels: NDArray[np.uint8]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, stamps: Sequence[Stamp]) -> "Strip":
        """Of patches that lie wholly on the panel; later ones lie over earlier ones."""
        sizes = [patch.shape[0] * patch.shape[1] for patch, _, _ in stamps]
        firsts = [sum(sizes[:n]) for n in range(len(sizes))]
        places = [(first, *stamp[0].shape[:2], *stamp[1:]) for first, stamp in zip(firsts, stamps, strict=True)]
        pixels = [patch.ravel() for patch, _, _ in stamps]
        return cls(np.concatenate([np.zeros(0, np.uint8), *pixels]), np.array(places, np.int64).reshape(-1, 5))

    def lay(self, out: Pixels) -> None:
        """Over the panel."""
        blend_all(out.reshape(out.shape[0], -1), self.pixels, self.places)
