"""A film for tests: recordings that are not started, so that what waits in them can be looked at."""

from collections.abc import Callable
from pathlib import Path

from device.buffers import Bytes
from device.cinema import Clip
from device.film import Film
from device.photograph import Photograph
from device.recording import Filmed, Recording
from device.sensor import TO_PHOTOGRAPH, Setting
from device.storage import Card

WITH_FILM = frozenset(Setting)


def film(
    settings: frozenset[Setting] = TO_PHOTOGRAPH,
    begin: Callable[[Clip], Recording] | None = None,
    room: int = 100,
    held_per_s: float = 0.0,
) -> Film:
    """With nothing that films unless asked for."""

    def refuse(_: Clip) -> Recording:
        raise AssertionError("nothing was to be filmed")

    return Film(settings=settings, begin=begin or refuse, room=room, measure=lambda _, told: told(held_per_s))


def recording(
    folder: Path,
    clip: Clip,
    room: int = 100,
    encode: Callable[[Photograph, Clip], list[Bytes]] | None = None,
    ended: Callable[[Filmed], None] = lambda _: None,
    former: Recording | None = None,
) -> Recording:
    """Of a clip onto the card in that folder, its frames' files their numbers and the reel's name."""

    def named(photograph: Photograph, clip: Clip) -> list[Bytes]:
        return [f"{clip.reel} {photograph.frame.sequence} of a size".encode()]

    card = Card(folder, reserve_bytes=0)
    return Recording(clip=clip, card=card, room=room, encode=encode or named, each=map, ended=ended, former=former)
