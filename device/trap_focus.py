"""Trap focus: takes the sharpest frame when the focus has passed its best, because a ring or the subject moves. Pure.

The focus meter must have risen by RISE above the lowest that it showed since the trap was set, and fall again to FALL
of the peak: in a sharp picture noise does neither in the meter, which is an average of thousands of cells. At the peak
more cells must be sharp than noise can make, by the measure that peaking uses, standard deviations of the noise at that
gain: a meter that dances on a blurred or dark picture springs nothing.
"""

from collections.abc import Sequence

import numpy as np

from device.frame import Frame, Reading
from device.plan import Kept, Plan, Shot
from device.shooting_states import ShootingState

RISE = 1.25
FALL = 0.93
SHARP_SIGMAS = 4.0  # of a focus cell; noise alone gets one in ten thousand there
SHARP_SHARE = 0.003  # of all cells: thirty times what noise makes


class TrapFocus(Plan):
    """One that is set as long as a button is held, and set again after each photograph.

    Args:
        pressed_ns: when the button went down.
    """

    def __init__(self, pressed_ns: int) -> None:
        self._pressed_ns = pressed_ns
        self._lowest = float("inf")
        self._best: Frame | None = None
        self._best_score = 0.0
        self._taken = 0

    def weighed(self, frame: Frame, reading: Reading) -> Sequence[Kept]:
        """Keep the best on the way up; give it when the meter falls."""
        score = reading.focus_score
        if self._best is not None and score <= FALL * self._best_score:
            return [self._sprung(self._best, score)]
        if score > max(self._best_score, RISE * self._lowest) and has_sharp_cells(reading):
            self._best, self._best_score = frame.copied(), score
        self._lowest = min(self._lowest, score)
        return ()

    def let_go(self, when_ns: int) -> Sequence[Kept]:
        """Nothing has passed its best yet."""
        del when_ns
        self.over = True
        return ()

    def waits(self, now_ns: int) -> bool:
        """Nobody knows when."""
        del now_ns
        return False

    def told(self, now_ns: int) -> ShootingState:
        """How often it has sprung."""
        del now_ns
        return ShootingState(kind="trap", taken=self._taken)

    def _sprung(self, best: Frame, score: float) -> Kept:
        """The photograph; from here on it must rise anew."""
        self._taken += 1
        self._best, self._best_score, self._lowest = None, 0.0, score
        return Kept(best, Shot(self._pressed_ns, 0.0, self._taken))


def has_sharp_cells(reading: Reading) -> bool:
    """Whether more of the picture is sharp than noise can make so; anywhere, as the magnifier may look anywhere."""
    return float(np.mean(reading.focus > SHARP_SIGMAS)) > SHARP_SHARE
