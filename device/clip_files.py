"""A clip's frames on the card: written one by one, made durable together, and seen to after a power cut."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from device import clips
from device.buffers import Bytes
from device.clips import CINEMA
from device.errors import CardFull
from device.folder import Folder
from device.storage import FULL, Card


def next_clip(card: Card) -> str:
    """The name of a clip that is not on the card yet.

    Raises:
        CardFull, CardMissing, CardReadOnly: it takes none.
    """
    if not card.room_bytes():
        raise CardFull(FULL)
    return clips.next_clip(card.names(CINEMA))


def lay(card: Card, clip: str, name: str, buffers: Sequence[Bytes]) -> None:
    """Put a frame on the card that `settle` will make durable and name.

    Raises:
        CardFull, CardMissing, CardReadOnly: nothing is left of the attempt, as far as the card still answers.
    """
    if not card.room_bytes():
        raise CardFull(FULL)
    with card.in_a_sentence(), card.opened(CINEMA, clip, make=True) as folder:
        folder.lay(name, buffers)


def settle(card: Card, clip: str, names: Sequence[str]) -> None:
    """Make frames that were laid durable, and name them.

    Raises:
        FileExistsError: a name is taken; what has it is untouched.
        CardFull, CardMissing, CardReadOnly: some may have no name yet; `adopt` will see to them.
    """
    with card.in_a_sentence(), card.opened(CINEMA, clip) as folder:
        folder.settle(names)


def named(card: Card, clip: str) -> set[str]:
    """The frames of a clip that have their names.

    Raises:
        CardMissing, CardReadOnly: it cannot be read.
    """
    return {name for name in card.names(CINEMA, clip) if not clips.final_name(name)}


def adopt(card: Card, is_whole: Callable[[memoryview], bool]) -> None:
    """Name the frames that a power cut left whole and without a name, remove the others.

    Raises:
        CardFull, CardMissing, CardReadOnly: those not yet judged are left as they are.
    """
    for clip in filter(clips.is_clip, card.names(CINEMA)):
        with card.in_a_sentence(), card.opened(CINEMA, clip) as folder:
            for part in filter(clips.final_name, sorted(folder.names())):
                _judge(folder, part, is_whole)


def _judge(folder: Folder, part: str, is_whole: Callable[[memoryview], bool]) -> None:
    try:
        content = folder.content(part)
    except OSError:  # it stays as it is
        return
    if not is_whole(memoryview(content)):
        folder.remove(part)
        return
    with suppress(FileExistsError):  # what has the name stays, and this one, too
        folder.finish(clips.final_name(part) or part)
