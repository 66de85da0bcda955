"""The darkroom put together from the settings, heard, and closed at the end."""

from collections.abc import Callable

from device import files, memory
from device.album import Album
from device.config import Config
from device.darkroom import Darkroom
from device.drive_config import PRE_CAPTURE_MAX
from device.errors import NotDeveloped
from device.hot_pixels import HotOf
from device.ljpeg import Each
from device.looks import LOOKS
from device.outcome import Told
from device.sensor import Sensor
from device.storage import Card

CLOSE_DEADLINE_S = 30.0  # what is queued is written first, but a dead card must not hold a shutdown for ever


class Reports:
    """What the darkroom has to say goes to whoever is built after it."""

    def __init__(self) -> None:
        self._to: Callable[[Told], None] | None = None

    def go_to(self, listener: Callable[[Told], None]) -> None:
        """From now on."""
        self._to = listener

    def tell(self, told: Told) -> None:
        """Pass on."""
        if self._to is not None:
            self._to(told)


def darkroom_of(
    config: Config,
    card: Card,
    album: Album,
    sensor: Sensor,
    reports: Reports,
    each: Each,
    taken: Callable[[], None],
    hot_of: HotOf,
) -> Darkroom:
    """The darkroom of that card, not yet started.

    Args:
        config: the settings.
        card: where photographs go.
        album: what they are called.
        sensor: whose frames will wait in memory.
        reports: to whom it tells what becomes of them.
        each: what `map` does, on threads that compress parts of one photograph.
        taken: called when a photograph was handed over.
        hot_of: the hot pixels of a sensor, for JPEGs of photographs from before the start.
    """
    quality, look = config.card.jpeg_quality if config.card.jpeg else None, LOOKS[config.card.jpeg_look]
    size, early = _places(config, sensor)
    return Darkroom(
        card=card,
        album=album,
        size=size,
        finish=lambda photograph: files.encode(photograph, quality, config.card.raw, each, look),
        is_whole=files.is_whole,
        photograph_bytes=files.likely_bytes(sensor.facts.height * sensor.facts.width),
        tell=reports.tell,
        taken=taken,
        early=early,
        print_of=None if quality is None else lambda negative: files.print_of(negative, quality, look, hot_of),
    )


def _places(config: Config, sensor: Sensor) -> tuple[int, int]:
    """As many photographs may wait as are wanted, and frames of before a press as may be, as far as memory holds."""
    preview_pixels = config.preview.max_rows * config.preview.max_columns
    photosites = sensor.facts.height * sensor.facts.width
    wanted, available = config.card.queue, memory.available_bytes()
    both, size = (
        memory.places(count, photosites, preview_pixels, sensor.buffers, available)
        for count in (wanted + PRE_CAPTURE_MAX, wanted)
    )
    return size, both - size


def close_darkroom(darkroom: Darkroom) -> None:
    """Save what waits; what cannot be saved is said, and is the process's end.

    Raises:
        NotDeveloped: photographs were lost with the process because the card would not take them.
    """
    lost = darkroom.close(CLOSE_DEADLINE_S)
    if lost:
        raise NotDeveloped(f"Photographs that could not be saved: {len(lost)}. {_hindrance(darkroom)}")


def _hindrance(darkroom: Darkroom) -> str:
    """Why a closed darkroom has photographs left."""
    if darkroom.failed is not None:
        return f"The darkroom broke: {darkroom.failed!r}; please report this."
    too_slow = f"The card was too slow for them in {CLOSE_DEADLINE_S:.0f} seconds: use a faster one."
    return darkroom.status().sentence or too_slow
