"""JPEGs made late: of DNGs that a power cut, or the end of the process, kept from theirs."""

from collections.abc import Callable, Sequence

from device.album import DCIM, SUFFIXES, Album, Picture, deleted_name
from device.buffers import Bytes
from device.card_watch import Recovered
from device.errors import CardFull, CardMissing, CardReadOnly
from device.outcome import NotPrinted
from device.storage import Card

NEWEST = 3  # photographs looked at: one is left over by each end without warning, and a user's deleting is respected

PrintOf = Callable[[bytearray], Sequence[Bytes]]


class Prints:
    """The newest DNGs of a card without a JPEG, and their JPEGs. Only the darkroom's worker calls its methods.

    Args:
        card: where they are.
        album: lists them.
        print_of: makes the JPEG of a DNG; None when no JPEGs are wanted.
        tell: hears of each.
    """

    def __init__(
        self, card: Card, album: Album, print_of: PrintOf | None, tell: Callable[[Recovered | NotPrinted], None]
    ) -> None:
        self._card, self._album, self._print_of, self._tell = card, album, print_of, tell
        self._missing: list[str] = []

    def find(self) -> None:
        """A card has come: see what it lacks.

        Raises:
            CardMissing, CardReadOnly: it cannot be read.
        """
        newest = self._album.newest(NEWEST) if self._print_of else []
        self._missing = [photo.files[0] for photo in newest if self._lacks_its_own(photo)]

    def _lacks_its_own(self, photo: Picture) -> bool:
        """Not where it lies deleted, as a power cut amidst an undo leaves it: it comes back, and needs its name."""
        folder, _, stem = photo.name.partition("/")
        hidden = deleted_name(f"{stem}.{SUFFIXES[1]}").upper()
        is_alone = photo.files[-1].upper().endswith(SUFFIXES[0])
        return is_alone and hidden not in map(str.upper, self._card.names(DCIM, folder))

    def step(self) -> bool:
        """Make one; whether there was one to make. A card that does not take it is asked again when it comes anew."""
        if not self._missing or self._print_of is None:
            return False
        negative = self._missing.pop()
        late = f"{negative.rpartition('.')[0]}.{SUFFIXES[1]}"
        try:
            self._card.write(f"{DCIM}/{late}", self._print_of(self._card.content(f"{DCIM}/{negative}")))
        except FileExistsError:
            pass  # its photograph still waited in memory when the card came, and made its own since
        except (CardFull, CardMissing, CardReadOnly):
            self._missing.clear()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one old file must not end the darkroom
            reason = str(error) or type(error).__name__
            self._tell(NotPrinted(f"{negative} has no JPEG, and none can be made of it ({reason}): the RAW is kept."))
        else:
            self._tell(Recovered((late,)))
        return True
