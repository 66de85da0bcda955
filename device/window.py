"""Part of a mosaic, and its picture with a pixel for each photosite: what a magnifier shows. Values; no behaviour."""

import msgspec

from device.frame import FOCUS_CELL, Plane, Preview


class Window(msgspec.Struct, frozen=True):
    """Part of a mosaic: its first row and column, and how many; photosites, whole focus cells."""

    top: int
    left: int
    rows: int
    columns: int

    @property
    def cells(self) -> tuple[slice, slice]:
        """Its rows and columns of focus cells."""
        rows, columns = (
            slice(first // FOCUS_CELL, (first + count) // FOCUS_CELL)
            for first, count in ((self.top, self.rows), (self.left, self.columns))
        )
        return rows, columns


class Magnified(msgspec.Struct, frozen=True, eq=False):
    """A window of a frame with a pixel for each photosite.

    Attributes:
        window: where it is.
        picture: of exactly its size.
        clipped: (rows // 2, columns // 2) uint8, bits 1 = R, 2 = G, 4 = B clipped in that quad.
    """

    window: Window
    picture: Preview
    clipped: Plane
