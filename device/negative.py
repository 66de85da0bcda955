"""One photograph on its way to the card: each file is made when its turn comes and kept until all of them are safe."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

from device.album import DCIM, Album, Name
from device.buffers import Bytes
from device.photograph import Photograph
from device.storage import Card

File = tuple[str, Sequence[Bytes]]  # suffix and content: ("DNG", [header, mosaic])
Finish = Callable[[Photograph], Iterable[File]]


class NotMade(Exception):
    """A file could not be made of a photograph; the cause is the exception that says why."""


class Negative:
    """A photograph, and what has been made of it so far.

    Args:
        photograph: what was taken.
        finish: makes its files, what must not be lost first. A generator is asked for the next file only when the one
            before is on the card, so that the DNG is safe before the JPEG is begun.
        early: it is a frame of before a press.

    Attributes:
        paths: of its files on the card, below DCIM.
    """

    def __init__(self, photograph: Photograph, finish: Finish, *, early: bool = False) -> None:
        self.photograph, self.early = photograph, early
        self.paths: list[str] = []
        self._name: Name | None = None
        self._made: list[File] = []
        self._rest = _making(photograph, finish)

    @property
    def name(self) -> str:
        """Under which it is on the card, "100MCAM_/MCAM0001"; "" as long as nothing of it is."""
        return str(self._name) if self.paths else ""

    @property
    def safe(self) -> str:
        """What of it is on the card, for a sentence."""
        return f"{', '.join(self.paths)} is safe" if self.paths else "nothing of it is on the card"

    @property
    def size_bytes(self) -> int:
        """Of the files made so far."""
        return sum(memoryview(buffer).nbytes for _, buffers in self._made for buffer in buffers)

    def save(self, card: Card, album: Album) -> None:
        """Put every file on the card that is not there yet, all under one name that nobody had.

        To be called again after a failure. When the card is another by then, or lost what it had, all of the
        photograph is written to it under a new name.

        Raises:
            CardFull, CardMissing, CardReadOnly: the card takes no more now.
            FileExistsError: somebody took the name meanwhile; the next attempt finds another.
            NotMade: a file cannot be made; those before it are on the card.
        """
        for index, (suffix, buffers) in enumerate(self._files()):
            if index == 0:
                self._begin(card, album, suffix, buffers)
            self._put(card, album, f"{self._name}.{suffix}", buffers)
        if self._name is not None:
            album.wrote(self._name)

    def _begin(self, card: Card, album: Album, suffix: str, buffers: Sequence[Bytes]) -> None:
        """Keep the name when its first file is already there from an earlier attempt, else take the next."""
        if self._name is None or not card.holds(f"{DCIM}/{self._name}.{suffix}", buffers):
            self._name = album.next_name()
            self.paths = []

    def _put(self, card: Card, album: Album, path: str, buffers: Sequence[Bytes]) -> None:
        try:
            if not card.holds(f"{DCIM}/{path}", buffers):
                card.write(f"{DCIM}/{path}", buffers)
        except FileExistsError:
            album.forget()
            self._name, self.paths = None, []
            raise
        if path not in self.paths:
            self.paths.append(path)

    def _files(self) -> Iterator[File]:
        for index in count():
            if index == len(self._made) and not self._make():
                return
            yield self._made[index]

    def _make(self) -> bool:
        try:
            file = next(self._rest, None)
        except Exception as error:
            raise NotMade(str(error) or type(error).__name__) from error
        if file is not None:
            self._made.append(file)
        return file is not None


def _making(photograph: Photograph, finish: Finish) -> Iterator[File]:
    yield from finish(photograph)
