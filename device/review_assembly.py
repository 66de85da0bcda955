"""The review of photographs put together, from the card and what the viewfinder shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from device.config import Config
from device.darkroom import Darkroom
from device.dials import Dials
from device.hot_pixels import HotOf
from device.light_table import LightTable
from device.looked_at import Sizes
from device.marks import Marks
from device.on_screen import OnScreen
from device.review_face import ReviewFace
from device.reviewer import Reviewer
from device.showing import Showing
from device.storage import Card

_ONE_AT_A_TIME = ("single", "timer-2", "timer-10", "interval", "bulb")


@contextmanager
def reviewing(
    config: Config,
    card: Card,
    darkroom: Darkroom,
    face: ReviewFace,
    on_screen: OnScreen,
    showing: Showing,
    hot_of: HotOf,
    marks: Marks,
) -> Iterator[Reviewer]:
    """The thread behind a face; stopped at the end."""
    table = LightTable(card, darkroom.waiting, _sizes(config, showing), hot_of)
    reviewer = Reviewer(face, table, on_screen, marks)
    reviewer.start()
    try:
        yield reviewer
    finally:
        reviewer.stop()


def review_seconds(dials: Dials) -> int:
    """How long a photograph is shown after the shot: not amidst a burst, which wants live view and processor."""
    return dials.view.review_s if dials.drive.mode in _ONE_AT_A_TIME else 0


def _sizes(config: Config, showing: Showing) -> Callable[[], Sizes]:
    """As the viewfinder that spoke last draws; until one did, as large as the settings have it."""
    picture_max = config.preview.max_rows, config.preview.max_columns
    return lambda: Sizes(showing.picture or picture_max, showing.magnified)
