"""What six contacts under a lens's flange mean. Pure: levels in, a code out once it is certain.

The pits of a Leica M lens are black for 1 and white, or bare metal, for 0; read clockwise the first is worth 32
(l-camera-forum.com/leica-news/leica-lens-codes). While a lens is turned into its bayonet the readers see anything, so a
code counts once it was read alike several times, and only with a lens before the sensor: without one, all readers may
well see white.
"""

from collections.abc import Sequence

WEIGHTS = (32, 16, 8, 4, 2, 1)


def code_of(black: Sequence[bool]) -> int:
    """The number of six pits, the one worth 32 first."""
    return sum(weight for weight, is_black in zip(WEIGHTS, black, strict=True) if is_black)


class CodeWatch:
    """Tells the code of each lens that is put on, once.

    Args:
        steady: how many readings in a row must agree.
    """

    def __init__(self, steady: int) -> None:
        self._steady = steady
        self._code: int | None = None  # None: no lens
        self._alike = 0

    def step(self, *, present: bool, code: int) -> int | None:
        """One reading: the code when it has just become certain, else None."""
        seen = code if present else None
        self._alike = self._alike + 1 if seen == self._code else 1
        self._code = seen
        return seen if self._alike == self._steady else None
