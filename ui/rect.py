"""Rectangles, and dividing them among what has to stand in them. Pure."""

import msgspec


class Rect(msgspec.Struct, frozen=True):
    """Pixels from a left upper corner."""

    left: int
    top: int
    columns: int
    rows: int

    @property
    def right(self) -> int:
        """The column after the last."""
        return self.left + self.columns

    @property
    def bottom(self) -> int:
        """The row after the last."""
        return self.top + self.rows

    def inset(self, across: int, down: int) -> "Rect":
        """Smaller by that much on every side."""
        return Rect(self.left + across, self.top + down, self.columns - 2 * across, self.rows - 2 * down)

    def moved(self, right: int, down: int) -> "Rect":
        """The same size elsewhere."""
        return Rect(self.left + right, self.top + down, self.columns, self.rows)

    def within(self, other: "Rect") -> "Rect":
        """What it shares with the other; without columns or rows where that is nothing."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(left, top, max(0, right - left), max(0, bottom - top))

    def contains(self, other: "Rect") -> bool:
        """Whether the other lies wholly inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def overlaps(self, other: "Rect") -> bool:
        """Whether they share a pixel."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Row(msgspec.Struct, frozen=True):
    """Something that wants a height. Where there is not enough, the highest rank goes first; rank 0 never."""

    name: str
    rows: int
    rank: int = 0


SPACE = Row("", 0)  # takes its share of what is left over


def stacked(region: Rect, wanted: list[Row]) -> dict[str, Rect]:
    """The rows from the top of the region downwards, as many as fit; each SPACE takes an equal share of the rest."""
    kept = list(wanted)
    while sum(row.rows for row in kept) > region.rows and any(row.rank for row in kept):
        kept.remove(max(kept, key=lambda row: row.rank))
    spaces = max(1, kept.count(SPACE))
    share = max(0, region.rows - sum(row.rows for row in kept)) // spaces
    placed: dict[str, Rect] = {}
    top = region.top
    for row in kept:
        rows = share if row is SPACE else row.rows
        if row.name:
            placed[row.name] = Rect(region.left, top, region.columns, rows)
        top += rows
    return placed


def divided(region: Rect, weights: list[float], gap: int) -> list[Rect]:
    """Side by side, as wide as their weights, with gaps between."""
    room = region.columns - gap * (len(weights) - 1)
    edges = [round(room * sum(weights[:i]) / sum(weights)) for i in range(len(weights) + 1)]
    return [
        Rect(region.left + edges[i] + gap * i, region.top, edges[i + 1] - edges[i], region.rows)
        for i in range(len(weights))
    ]
