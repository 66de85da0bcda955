"""Three ways to stand around a 4:3 picture: a column beside it, rows below it, or bars over it. Pure."""

import math

import msgspec
from msgspec import field

from ui.rect import SPACE, Rect, Row, divided, stacked
from ui.theme import Measures


class Place(msgspec.Struct, frozen=True):
    """Where an item stands, how large its text is, to which side it leans, and in how many lines it may be told."""

    rect: Rect
    size: int = 0
    align: str = "left"
    lines: int = 1


class Arrangement(msgspec.Struct):
    """A picture, the places of everything else by name, and shades over the picture with the items they are for."""

    picture: Rect
    places: dict[str, Place]
    shades: list[tuple[Rect, set[str]]] = field(default_factory=list)


FIGURES = ("mode", "shutter", "aperture", "iso", "ev")
FIGURE_WEIGHTS = [0.55, 1.4, 1.1, 1.45, 1.25]
MESSAGE_LINES = 3


def line(size: int) -> int:
    """Rows of a line of text of that size, with what hangs below it."""
    return math.ceil(1.3 * size)


def arranged(size: tuple[int, int], m: Measures) -> Arrangement:
    """The way that suits a panel of (columns, rows)."""
    columns, rows = size
    if columns - rows * 4 // 3 >= 8 * m.small:
        return beside(size, m)
    below_it = rows - columns * 3 // 4
    if below_it >= line(2 * m.value) * 4:
        return tall(size, m)
    return short(size, m) if below_it >= line(m.value) + line(m.medium) else over(size, m)


def beside(size: tuple[int, int], m: Measures) -> Arrangement:
    """A column at the right of a picture that takes the whole height."""
    picture = Rect(0, 0, size[1] * 4 // 3, size[1])
    column = Rect(picture.right, 0, size[0] - picture.right, size[1]).inset(m.pad, m.pad)
    gap = Row("", m.gap)
    rows = stacked(column, [
        Row("state", line(m.medium)), Row("shots", line(m.small)), SPACE,
        Row("mode and ev", line(m.value)), Row("shutter", line(m.value)), Row("aperture", line(m.value)),
        Row("iso", line(m.value)), Row("light", line(m.small), 3), SPACE,
        Row("meter", m.gap * 2, 3), gap, gap, Row("histogram", min(column.columns // 2, size[1] // 6), 4), gap,
        Row("headroom", line(m.small), 4), Row("shares", line(m.small), 6), SPACE,
        Row("lens", 2 * line(m.small), 2), Row("focal", line(m.small), 2), Row("bits", line(m.small), 5),
        Row("depth", line(m.small), 7),
    ])  # fmt: skip
    sizes = {"state": m.medium, "shutter": m.value, "aperture": m.value, "iso": m.value}
    places = {name: Place(rect, sizes.get(name, m.small)) for name, rect in rows.items() if name != "light"}
    both = divided(places.pop("mode and ev").rect, [2, 3], m.gap)
    places |= _light(rows, m)
    places |= {"mode": Place(both[0], m.value), "ev": Place(both[1], m.value, "right")}
    if "lens" in places:
        places["lens"] = Place(rows["lens"], m.small, lines=2)
    places["message"] = _message(picture, m)
    return _with_scopes(Arrangement(picture, places), picture, m)


def tall(size: tuple[int, int], m: Measures) -> Arrangement:
    """A strip above the picture, and room for large figures and a wide histogram below."""
    strip = Rect(0, 0, size[0], line(m.medium) + 2 * m.pad)
    picture = Rect(0, strip.rows, size[0], size[0] * 3 // 4)
    block = Rect(0, picture.bottom, size[0], size[1] - picture.bottom).inset(m.pad, m.pad)
    large = round(m.value * 1.5)
    rows = stacked(block, [
        SPACE, Row("large", line(large)), Row("", m.gap), Row("small", line(m.value)),
        Row("light", line(m.small), 3), SPACE,
        Row("meter", m.gap * 2, 3), SPACE, Row("histogram", round(block.columns * 0.3), 4), Row("", m.gap),
        Row("headroom", line(m.small), 4), Row("shares", line(m.small), 6), SPACE, Row("lens", line(m.small), 2),
        Row("depth", line(m.small), 7),
    ])  # fmt: skip
    upper = divided(rows.pop("large"), [1, 1], m.gap)
    lower = divided(rows.pop("small"), [0.7, 1.4, 1.2], m.gap)
    places = {name: Place(rect, m.small) for name, rect in rows.items() if name != "light"}
    places |= _light(rows, m)
    places |= {"shutter": Place(upper[0], large), "aperture": Place(upper[1], large, "right")}
    places |= {
        "mode": Place(lower[0], m.value),
        "iso": Place(lower[1], m.value, "centre"),
        "ev": Place(lower[2], m.value, "right"),
    }
    places |= _status(strip.inset(m.pad, m.pad), m, with_lens=False)
    places["message"] = _message(picture, m)
    return _with_scopes(Arrangement(picture, places), picture, m)


def short(size: tuple[int, int], m: Measures) -> Arrangement:
    """Two rows below the picture; what does not fit there lies on its lower corners."""
    picture = Rect(0, 0, size[0], size[0] * 3 // 4)
    block = Rect(0, picture.bottom, size[0], size[1] - picture.bottom).inset(m.pad, 0)
    rows = stacked(block, [
        SPACE, Row("figures", line(m.value)), SPACE, Row("lens", line(m.small), 2), SPACE,
        Row("status", line(m.medium)), SPACE,
    ])  # fmt: skip
    places = _figures(rows["figures"], m) | _status(rows["status"], m, with_lens="lens" not in rows)
    if "lens" in rows:
        places["lens"] = Place(rows["lens"], m.small)
    places["message"] = _message(picture, m)
    return _with_scopes(_with_tools(Arrangement(picture, places), picture.inset(m.pad, m.pad), m), picture, m)


def over(size: tuple[int, int], m: Measures) -> Arrangement:
    """A bar at the top and one at the bottom of a picture that takes the whole panel."""
    picture = Rect(0, 0, *size)
    top = Rect(0, 0, size[0], line(m.medium) + 2 * m.gap)
    bottom_rows = line(m.value) + 2 * m.gap
    bottom = Rect(0, size[1] - bottom_rows, size[0], bottom_rows)
    places = _figures(bottom.inset(m.pad, m.gap), m) | _status(top.inset(m.pad, m.gap), m, with_lens=True)
    between = Rect(0, top.bottom, size[0], bottom.top - top.bottom)
    places["message"] = _message(between, m)
    shades = [(top, {"state", "shots"}), (bottom, set(FIGURES))]
    return _with_scopes(_with_tools(Arrangement(picture, places, shades), between.inset(m.pad, m.pad), m), between, m)


def _light(rows: dict[str, Rect], m: Measures) -> dict[str, Place]:
    """Metering and white balance side by side where there is a row for them."""
    if "light" not in rows:
        return {}
    left, right = divided(rows["light"], [1, 1], m.gap)
    return {"metering": Place(left, m.small), "white_balance": Place(right, m.small, "right")}


def _figures(row: Rect, m: Measures) -> dict[str, Place]:
    cells = divided(row, FIGURE_WEIGHTS, m.gap)
    sides = ("left", "centre", "centre", "centre", "right")
    return {name: Place(cell, m.value, side) for name, cell, side in zip(FIGURES, cells, sides, strict=True)}


def _status(row: Rect, m: Measures, *, with_lens: bool) -> dict[str, Place]:
    """What the camera is doing at the left, what it has left at the right, the lens between where there is room."""
    if with_lens and row.columns >= 30 * m.small:
        state, lens, bits, shots = divided(row, [1.5, 3.3, 0.95, 0.85], m.gap)
        return {
            "state": Place(state, m.medium),
            "lens": Place(lens, m.small, "centre"),
            "bits": Place(bits, m.small, "right"),
            "shots": Place(shots, m.small, "right"),
        }
    state, bits, shots = divided(row, [1.7, 1, 1], m.gap)
    return {
        "state": Place(state, m.medium),
        "bits": Place(bits, m.small, "right"),
        "shots": Place(shots, m.small, "right"),
    }


def _with_tools(arrangement: Arrangement, inside: Rect, m: Measures) -> Arrangement:
    """Histogram in the lower left corner of the picture, focus meter in the lower right one, both on shades.

    A panel on which they would reach the message has none.
    """
    columns = round(inside.columns * 0.34)
    box_rows = columns // 2 + line(m.small) + 2 * m.gap
    box = Rect(inside.left, inside.bottom - box_rows, columns, box_rows)
    if box.overlaps(arrangement.places["message"].rect):
        return arrangement
    rows = stacked(box.inset(m.gap, m.gap), [Row("histogram", columns // 2), Row("headroom", line(m.small))])
    meter = Rect(inside.right - columns, inside.bottom - 4 * m.gap, columns, 4 * m.gap)
    arrangement.places |= {
        "histogram": Place(rows["histogram"]),
        "headroom": Place(rows["headroom"], m.small),
        "meter": Place(meter.inset(m.gap, m.gap)),
    }
    arrangement.shades += [(box, {"histogram"}), (meter, {"meter"})]
    return arrangement


def _with_scopes(arrangement: Arrangement, region: Rect, m: Measures) -> Arrangement:
    """The waveform along the bottom of the picture, on a shade; false colour's legend along its top."""
    rows = round(region.rows * 0.3)
    box = Rect(region.left, region.bottom - rows, region.columns, rows).inset(m.pad, m.pad)
    arrangement.places |= {
        "waveform": Place(box.inset(m.gap, m.gap)),
        "legend": Place(Rect(region.left, region.top, region.columns, line(m.small)), m.small, "centre"),
    }
    arrangement.shades.append((box, {"waveform"}))
    return arrangement


def _message(region: Rect, m: Measures) -> Place:
    rows = MESSAGE_LINES * line(m.medium)
    rect = Rect(region.left + m.pad, region.top + m.pad + m.gap, region.columns - 2 * m.pad, rows)
    return Place(rect.inset(2 * m.gap, 0), m.medium, lines=MESSAGE_LINES)
