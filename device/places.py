"""How many photographs may wait for the card, and how many frames of before a press besides them. Pure.

Two bounds, so that a press after a row of early frames is not refused because of them: memory was reckoned for both.
"""

from device.errors import Busy, CardFull
from device.storage import FULL


class Places:
    """Those taken, whether the photograph is there yet or only reserved.

    Args:
        size: photographs that may wait.
        early: frames of before a press that may wait besides.
    """

    def __init__(self, size: int, early: int) -> None:
        self._sizes = {False: size, True: early}
        self._taken = {False: 0, True: 0}

    @property
    def taken(self) -> int:
        """Of both kinds."""
        return sum(self._taken.values())

    @property
    def is_full(self) -> bool:
        """For photographs."""
        return not self._free(early=False)

    def room(self, shots_left: int, *, early: bool) -> int:
        """So many more; `shots_left` is what the card has room for, the taken ones included."""
        return max(0, min(self._free(early=early), shots_left - self.taken))

    def take(self, shots_left: int, *, early: bool) -> None:
        """One.

        Raises:
            Busy: as many wait as may.
            CardFull: what waits already will fill the card.
        """
        if not self._free(early=early):
            raise Busy
        if self.taken >= shots_left:
            raise CardFull(FULL)
        self._taken[early] += 1

    def give_back(self, *, early: bool) -> None:
        """The photograph is safe, given up, or will not be."""
        self._taken[early] -= 1

    def _free(self, *, early: bool) -> int:
        return self._sizes[early] - self._taken[early]
