"""Where everything stands on a panel of any size and either orientation: rectangles, nothing drawn. Pure.

Places do not depend on what is switched on, so that switching one thing moves no other; only with INFO at "clean",
when nothing is left but the picture, that moves to the middle. Where tools lie on the picture, the waveform takes the
place of those it would cover; a message covers false colour's legend.
"""

from functools import lru_cache

import msgspec
from msgspec.structs import replace

from device.face_states import InfoLevel, ViewState
from ui.arrangement import FIGURES, Place, arranged
from ui.rect import Rect
from ui.theme import Measures, measures

BASIC = frozenset({"state", "shots", *FIGURES})
FULL = BASIC | {
    *("metering", "white_balance", "lens", "focal", "depth", "bits", "histogram", "headroom", "shares", "meter"),
    *("waveform", "legend"),
}
LEVELS: dict[InfoLevel, frozenset[str]] = {"clean": frozenset(), "basic": BASIC, "full": FULL}


class Layout(msgspec.Struct, frozen=True):
    """One panel.

    Attributes:
        panel: all of it.
        picture: what the live view is fitted into.
        places: of all items that are shown, by name; "message" always has one.
        shades: parts of the picture that are darkened under items.
        measures: the sizes that were used.
    """

    panel: Rect
    picture: Rect
    places: dict[str, Place]
    shades: tuple[Rect, ...]
    measures: Measures


@lru_cache(maxsize=16)
def layout(size: tuple[int, int], info: InfoLevel, off: frozenset[str]) -> Layout:
    """The layout of a panel of (columns, rows) with INFO at that level, without the items that are switched off."""
    m, panel = measures(size), Rect(0, 0, *size)
    arrangement = arranged(size, m)
    shown = LEVELS[info] - off
    if "waveform" in shown:
        shown -= _under(arrangement.places["waveform"].rect, arrangement.places)
    places = {name: place for name, place in arrangement.places.items() if name in shown | {"message"}}
    shades = tuple(rect for rect, items in arrangement.shades if items & shown)
    if info == "clean":
        return _centred(Layout(panel, arrangement.picture, places, shades, m))
    return Layout(panel, arrangement.picture, places, shades, m)


def layout_of(size: tuple[int, int], view: ViewState) -> Layout:
    """The layout for what the daemon says is to be shown."""
    off = set() if view.histogram else {"histogram", "headroom", "shares"}
    off |= set() if view.focus_meter else {"meter"}
    off |= set() if view.waveform != "off" else {"waveform"}
    off |= set() if view.false_colour else {"legend"}
    return layout(size, view.info, frozenset(off))


def _under(rect: Rect, places: dict[str, Place]) -> set[str]:
    """The tools that it would cover, each with what belongs to it."""
    covered = {name for name in ("histogram", "headroom", "shares", "meter") if name in places}
    covered = {name for name in covered if places[name].rect.overlaps(rect)}
    return covered | ({"histogram", "headroom", "shares"} if covered - {"meter"} else set())


def fitted_picture(region: Rect, picture: tuple[int, int]) -> Rect:
    """The largest rectangle in the middle of the region with the proportions of a picture of (rows, columns).

    One that was made for the region, of even sides, is not enlarged to fill an odd one.
    """
    rows, columns = picture
    scale = min(region.columns / columns, region.rows / rows)
    if scale >= 1 and min(region.columns - columns, region.rows - rows) < 2:
        scale = 1.0
    wide, high = max(2, round(columns * scale)), max(2, round(rows * scale))
    wide, high = min(wide, region.columns), min(high, region.rows)
    return Rect(region.left + (region.columns - wide) // 2, region.top + (region.rows - high) // 2, wide, high)


def _centred(one: Layout) -> Layout:
    right = (one.panel.columns - one.picture.columns) // 2 - one.picture.left
    down = (one.panel.rows - one.picture.rows) // 2 - one.picture.top
    message = one.places["message"]
    places = {"message": replace(message, rect=message.rect.moved(right, down))}
    return replace(one, picture=one.picture.moved(right, down), places=places)
