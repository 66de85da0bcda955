"""How photographs are looked through: which one, how near, and what a button does there. Pure.

Left is the one before, right the one after; up looks nearer, down turns to the next page of figures. While one looks
nearer, the four move the window, OK doubles it and the encoder goes on to other photographs at the same place. OK on a
page opens what can be done. "function" goes back a step, and from the picture out.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

from device.face_states import Magnification, ReviewChoice, ReviewPage

PAGES: tuple[ReviewPage, ...] = get_args(ReviewPage)
QUESTION: tuple[ReviewChoice, ...] = ("keep", "really-delete")  # the harmless answer first
MOVE = 0.6  # of the window that is seen, which a press moves it by
RATING_MAX = 5
_MOVES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_TURNS = {"up": 1, "right": 1, "down": -1, "left": -1}

Kind = Literal["close", "step", "rate", "protect", "delete", "undo"]


class Action(NamedTuple):
    """What a button asked for: to go `value` photographs on (newer is positive), or to give it that rating."""

    kind: Kind
    value: int = 0


class About(NamedTuple):
    """What there is to know of the photograph that is seen."""

    is_there: bool = False  # there is one at all
    is_saved: bool = False
    rating: int = 0
    deleted: int = 0  # how many can be brought back
    window: tuple[float, float] = (0.2, 0.2)  # the shares of its height and width that the magnifier sees


@dataclass(frozen=True, slots=True)
class Review:
    """How it is looked at.

    Attributes:
        page: what is shown.
        zoom: a window of it is seen, one pixel to a photosite or more.
        magnification: panel pixels to a photosite, each way.
        x: where the window is, as a share of the width from the left,
        y: and of the height from the top.
        choices: what can be done, or the answers to whether to delete; empty: neither is open.
        cursor: of these, the one that OK means.
    """

    page: ReviewPage = "picture"
    zoom: bool = False
    magnification: Magnification = 1
    x: float = 0.5
    y: float = 0.5
    choices: tuple[ReviewChoice, ...] = ()
    cursor: int = 0


def pressed(review: Review, button: str, about: About) -> tuple[Review, Action | None]:
    """A press of the pad, of OK, or of "function"."""
    if review.choices:
        return _in_list(review, button, about)
    if button == "function":
        return _back(review)
    if review.zoom:
        return _in_zoom(review, button, about), None
    if button in ("left", "right"):
        return review, Action("step", _TURNS[button])
    return _on_page(review, button, about), None


def turned(review: Review, steps: int) -> tuple[Review, Action | None]:
    """The encoder: to other photographs, or along a list."""
    if review.choices:
        return _moved_cursor(review, steps), None
    return review, Action("step", steps)


def offered(about: About) -> tuple[ReviewChoice, ...]:
    """What can be done now."""
    own: tuple[ReviewChoice, ...] = ("rate", "protect", "delete") if about.is_there and about.is_saved else ()
    return (*own, "undo") if about.deleted else own


def _back(review: Review) -> tuple[Review, Action | None]:
    if review.zoom:
        return replace(review, zoom=False), None
    if review.page != "picture":
        return replace(review, page="picture"), None
    return review, Action("close")


def _on_page(review: Review, button: str, about: About) -> Review:
    if button == "ok":
        return replace(review, choices=offered(about), cursor=0)
    if button == "down":
        return replace(review, page=PAGES[(PAGES.index(review.page) + 1) % len(PAGES)])
    return replace(review, zoom=True, page="picture") if about.is_there else review


def _in_zoom(review: Review, button: str, about: About) -> Review:
    if button == "ok":
        return replace(review, magnification=1 if review.magnification == 2 else 2)
    right, down = _MOVES.get(button, (0, 0))
    high, wide = about.window
    return replace(
        review,
        x=_inside(review.x + right * MOVE * wide, wide),
        y=_inside(review.y + down * MOVE * high, high),
    )


def _inside(at: float, share: float) -> float:
    """Not so far into a corner that the way back would begin with presses that do nothing."""
    return round(min(max(at, share / 2), max(1 - share / 2, share / 2)), 4)


def _in_list(review: Review, button: str, about: About) -> tuple[Review, Action | None]:
    if button == "function":
        return replace(review, choices=(), cursor=0), None
    chosen = review.choices[review.cursor]
    if button in ("up", "down"):
        return _moved_cursor(review, -_TURNS[button]), None
    if button in ("left", "right"):
        if chosen == "rate":
            return review, _rating(about.rating, _TURNS[button])
        return (_moved_cursor(review, _TURNS[button]) if review.choices == QUESTION else review), None
    return _chosen(review, chosen, about)


def _rating(now: int, step: int) -> Action | None:
    wanted = min(max(max(now, 0) + step, 0), RATING_MAX)
    return Action("rate", wanted) if wanted != now else None


def _moved_cursor(review: Review, steps: int) -> Review:
    return replace(review, cursor=min(max(review.cursor + steps, 0), len(review.choices) - 1))


def _chosen(review: Review, chosen: ReviewChoice, about: About) -> tuple[Review, Action | None]:
    closed = replace(review, choices=(), cursor=0)
    if chosen == "rate":
        return review, Action("rate", (max(about.rating, 0) + 1) % (RATING_MAX + 1))
    if chosen == "protect":
        return closed, Action("protect")
    if chosen == "delete":
        return replace(review, choices=QUESTION, cursor=0), None
    if chosen == "keep":
        return closed, None
    return closed, Action("undo" if chosen == "undo" else "delete")
