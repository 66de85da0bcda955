"""The review of photographs put together, from the card and what the viewfinder shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from device.config import Config
from device.darkroom import Darkroom
from device.light_table import LightTable
from device.looked_at import Sizes
from device.on_screen import OnScreen
from device.review_face import ReviewFace
from device.reviewer import Reviewer
from device.showing import Showing
from device.storage import Card


@contextmanager
def reviewing(
    config: Config, card: Card, darkroom: Darkroom, face: ReviewFace, on_screen: OnScreen, showing: Showing
) -> Iterator[Reviewer]:
    """The thread behind a face; stopped at the end."""
    table = LightTable(card, darkroom.waiting, _sizes(config, showing))
    reviewer = Reviewer(face, table, on_screen)
    reviewer.start()
    try:
        yield reviewer
    finally:
        reviewer.stop()


def _sizes(config: Config, showing: Showing) -> Callable[[], Sizes]:
    """As the viewfinder that spoke last draws; until one did, as large as the settings have it."""
    picture_max = config.preview.max_rows, config.preview.max_columns
    return lambda: Sizes(showing.picture or picture_max, showing.magnified)
