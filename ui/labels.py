"""The words of a panel, each measured into its place. Nothing is drawn here."""

from collections.abc import Callable
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from device import engraved
from device.frame import Reading, Source
from device.states import State
from ui import drive_wording, exposure_wording, status_wording, wording
from ui.arrangement import Place
from ui.exposure_wording import Wordings
from ui.false_colour import Band, legend
from ui.layout import Layout
from ui.rect import Rect, divided
from ui.spoken import said
from ui.state import Seen
from ui.text import drawable, fitted, height, width, wrapped
from ui.theme import BLACK, CHANNEL, GREY, WHITE, Colour


class Label(msgspec.Struct, frozen=True):
    """A line of text and where exactly it goes."""

    item: str
    text: str
    size: int
    colour: Colour
    rect: Rect


_TELLS: dict[str, tuple[Callable[[State], Wordings], Colour]] = {
    "mode": (lambda s: exposure_wording.mode(s.exposure), WHITE),
    "shutter": (drive_wording.shutter, WHITE),
    "aperture": (lambda s: (engraved.aperture(s.exposure.f_number),), WHITE),
    "iso": (lambda s: exposure_wording.iso(s.exposure), WHITE),
    "ev": (lambda s: exposure_wording.compensation(s.exposure), WHITE),
    "metering": (lambda s: exposure_wording.metering(s.exposure), GREY),
    "white_balance": (lambda s: exposure_wording.white_balance(s.white_balance), GREY),
    "shots": (lambda s: ("",) if wording.view_only(s.sensor) else wording.shots(s.card), GREY),
    "bits": (lambda s: wording.bits(s.sensor), GREY),
    "focal": (wording.focal, GREY),
    "depth": (lambda s: wording.depth(s.lens), GREY),
}
SMALL_ITEMS = ("metering", "white_balance")  # that a dial changes, but that small panels have no place for


def labels(layout: Layout, seen: Seen, reading: Reading | None) -> list[Label]:
    """All that is written on the panel.

    Args:
        layout: of the panel.
        seen: what the daemon says; without one there is nothing to write here.
        reading: of the newest frame, None before there is one.
    """
    state = seen.camera
    if state is None:
        return []
    written = [
        label
        for item, (tell, colour) in _TELLS.items()
        if item in layout.places
        for label in _lines(item, tell(state), colour, layout.places[item])
    ]
    written += _lens(layout, state)
    written += _state(layout, state, seen.note) + _headroom(layout, reading) + _shares(layout, reading)
    written += _legend(layout)
    return written + _message(layout, state.message)


def absent(panel: Rect, value: int, small: int) -> list[Label]:
    """What stands on the panel while no daemon answers."""
    rect = Rect(
        panel.left, panel.top + (panel.rows - height(value) - 2 * height(small)) // 2, panel.columns, height(value)
    )
    inside = rect.inset(small, 0)
    below = Rect(inside.left, rect.bottom, inside.columns, 2 * height(small))
    return _lines("absent", ("No camera",), WHITE, Place(inside, value, "centre")) + _lines(
        "absent", ("Start it with: mcam run",), GREY, Place(below, small, "centre", 2)
    )


def dot_diameter(layout: Layout) -> int:
    """Of the light before the camera's state."""
    return layout.measures.medium * 5 // 8


def highlighted(written: list[Label], item: str) -> Label | None:
    """The label that the dial changes; what has no place of its own stands where the state does."""
    by_item = {label.item: label for label in written}
    return by_item.get(item, by_item.get("state") if item in SMALL_ITEMS else None)


def _state(layout: Layout, state: State, note: str) -> list[Label]:
    place = layout.places.get("state")
    if place is None:
        return []
    indent = dot_diameter(layout) + layout.measures.gap * 2
    beside_dot = Rect(place.rect.left + indent, place.rect.top, place.rect.columns - indent, place.rect.rows)
    item = state.view.highlight
    words = wording.doing(state, note)
    if item in SMALL_ITEMS and item not in layout.places and not state.shooting.kind:
        words = _TELLS[item][0](state)
    if not words[0]:
        words = status_wording.standing(state.status, state.view.info)
    return _lines("state", words, WHITE, Place(beside_dot, place.size))


def _lens(layout: Layout, state: State) -> list[Label]:
    """Alone where the focal length has a place of its own."""
    place = layout.places.get("lens")
    if place is None:
        return []
    return _lines("lens", (state.lens.name,) if "focal" in layout.places else wording.lens(state), GREY, place)


def _headroom(layout: Layout, reading: Reading | None) -> list[Label]:
    place = layout.places.get("headroom")
    if place is None or reading is None:
        return []
    if reading.source is Source.LUMA:
        return _lines("headroom", wording.luma(), WHITE, place)
    words = wording.headroom(reading.headroom_ev, float(reading.clipped_share.max()))
    return _lines("headroom", words, GREY, place)


def _shares(layout: Layout, reading: Reading | None) -> list[Label]:
    """Side by side what red, green and blue have lost, each in its colour; nothing of a channel that lost nothing.

    Nor anything where only luma was read, which does not tell them apart.
    """
    place = layout.places.get("shares")
    if place is None or reading is None or reading.source is Source.LUMA:
        return []
    red, gr, gb, blue = (float(share) for share in reading.clipped_share)
    written = []
    for name, share, colour, rect in zip(
        "RGB", (red, max(gr, gb), blue), (CHANNEL[0], CHANNEL[1], CHANNEL[3]), divided(place.rect, [1, 1, 1], 0),
        strict=True,
    ):  # fmt: skip
        written += _lines("shares", wording.share(name, share), colour, Place(rect, place.size))
    return written


def _legend(layout: Layout) -> list[Label]:
    """False colour's bands, named in black or white."""
    if "legend" not in layout.places:
        return []
    written = []
    for band, place in bands(layout.places["legend"]):
        ink = BLACK if sum(band.colour) > 380 else WHITE
        written += _lines("legend", band.names, ink, place)
    return written


def bands(place: Place) -> list[tuple[Band, Place]]:
    """The fields of false colour's legend, side by side."""
    fields = legend()
    cells = divided(place.rect, [1.0] * len(fields), 0)
    return [(band, replace(place, rect=cell)) for band, cell in zip(fields, cells, strict=True)]


def spot(square: Rect, picture: Rect, ev: float, size: int) -> Label:
    """What the spot meter reads, below its square."""
    text, fitting = fitted(said(wording.spot(ev)), size, picture.columns)
    columns, rows = width(text, fitting), height(fitting)
    left = square.left + (square.columns - columns) // 2
    top = min(square.bottom + size // 4, picture.bottom - rows)
    return Label("spot", text, fitting, WHITE, Rect(left, top, columns, rows))


def corner(picture: Rect, words: Wordings, size: int) -> Label:
    """A remark in a picture's upper left corner."""
    text, fitting = fitted(said(words), size, picture.columns * 3 // 4)
    return Label("corner", text, fitting, WHITE, Rect(picture.left, picture.top, width(text, fitting), height(fitting)))


def right_corner(picture: Rect, words: Wordings, size: int) -> Label:
    """A short remark in a picture's upper right corner; the left one's room ends before it."""
    text, fitting = fitted(said(words), size, picture.columns // 4)
    columns = width(text, fitting)
    return Label("corner", text, fitting, WHITE, Rect(picture.right - columns, picture.top, columns, height(fitting)))


def spot_square(picture: Rect, side: int) -> Rect:
    """What the spot meter measures, in the middle of a picture."""
    left, top = picture.left + (picture.columns - side) // 2, picture.top + (picture.rows - side) // 2
    return Rect(left, top, side, side)


def _message(layout: Layout, message: str) -> list[Label]:
    return _lines("message", (message,), WHITE, layout.places["message"]) if message else []


def _lines(item: str, wordings: Wordings, colour: Colour, place: Place) -> list[Label]:
    return list(_measured(item, said(tuple(wordings)), colour, place))


@lru_cache(maxsize=256)
def _measured(item: str, wordings: Wordings, colour: Colour, place: Place) -> tuple[Label, ...]:
    """To find out what fits takes longer than to draw it, and is the same from frame to frame."""
    wordings = tuple(drawable(words) for words in wordings)
    if not wordings[0]:
        return ()
    if place.lines > 1:
        lines, size = wrapped(wordings[0], place.size, place.rect.columns, place.lines), place.size
    else:
        text, size = fitted(wordings, place.size, place.rect.columns)
        lines = [text]
    rows = place.rect.rows // place.lines
    return tuple(
        Label(item, text, size, colour, _aligned(text, size, place, place.rect.top + i * rows, rows))
        for i, text in enumerate(lines)
    )


def _aligned(text: str, size: int, place: Place, top: int, rows: int) -> Rect:
    columns, high = width(text, size), height(size)
    spare = place.rect.columns - columns
    left = place.rect.left + {"left": 0, "centre": spare // 2, "right": spare}[place.align]
    return Rect(left, top + (rows - high) // 2, columns, high)
