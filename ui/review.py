"""The review of photographs on the panel: the picture with the live view's tools, and what is known of it."""

from device.face_states import ReviewState
from device.frame import Reading
from device.preview import PreviewFrame
from device.states import State
from ui import drawing, review_words, wording
from ui.arrangement import line
from ui.blending import blend
from ui.exposure_wording import Wordings
from ui.layout import fitted_picture
from ui.magnified import glass, little_map, noise_in, outline
from ui.picture import Looks, paint_view
from ui.rect import Rect
from ui.review_layout import ReviewLayout, review_layout
from ui.screen import Pixels
from ui.spoken import said
from ui.steady import window_alone
from ui.text import drawable, fitted, height, patch, width, wrapped
from ui.theme import FAINT, GREY, RED, SHADE, WHITE, Colour, Measures
from ui.upright import upright

RATING_MAX = 5
DARK = 0.08  # of the picture stays visible under a page or a list


def draw_review(out: Pixels, size: tuple[int, int], state: State, view: PreviewFrame | None, looks: Looks) -> None:
    """One panel of it.

    Args:
        out: (rows, columns, 4) uint8, black.
        size: (columns, rows) of it.
        state: of the camera, with its review.
        view: the newest that is in the ring; drawn if it is of the photograph that the state tells of.
        looks: what to lay over the picture.
    """
    look, review = review_layout(size), state.review
    seen = view if view is not None and review.picture and view.review == review.picture else None
    if seen is not None and not _nearer(out, look, review, seen, looks):
        _whole(out, look, review, seen, looks)
    _title(out, look, review)
    if review.count and (look.is_roomy or not review.zoom):
        _foot(out, look, review)
        _page(out, look, review, None if seen is None else seen.reading)
    sentence = review.message or ("" if review.count else review_words.nothing())
    if sentence:
        _message(out, look, sentence, is_fault=bool(review.message))
    if review.choices:
        _choices(out, look, review)


def _told(looks: Looks, review: ReviewState) -> Looks:
    """No tool paints before the RAW is there."""
    return looks if review.raw == "ready" else Looks()


def _whole(out: Pixels, look: ReviewLayout, review: ReviewState, view: PreviewFrame, looks: Looks) -> None:
    """All of it, as it was before the lens; nearer it lies as the sensor does."""
    turned = upright(view, review.facts.orientation)
    paint_view(turned, fitted_picture(look.picture, turned.preview.y.shape), _told(looks, review), out)


def _nearer(out: Pixels, look: ReviewLayout, review: ReviewState, view: PreviewFrame, looks: Looks) -> bool:
    """The magnified window, when one is looked at and there; whether it was drawn."""
    if not review.zoom:
        return False
    m = look.measures
    if view.magnified is None:
        _whole(out, look, review, view, looks)
        words = wording.nothing_to_magnify() if review.raw == "none" else review_words.raw_standing(review)
        _remark(out, look, words)
        return True
    shown = glass(view, view.magnified, look.picture, review.magnification)
    steady = window_alone(shown.view, noise_in(view)) if looks.peaking and review.raw == "ready" else None
    looks = looks if review.raw == "ready" else Looks(zebra=looks.zebra)  # what is clipped there is known already
    paint_view(shown.view, shown.rect, looks, out, steady)
    where = little_map(shown.rect, view.raw_size, m.gap)
    where = where if look.is_roomy else where.moved(0, look.title.rows)
    drawing.darken(out, where, 2 * SHADE)
    drawing.outline(out, where, m.line, look.picture)
    drawing.outline(out, outline(shown.window, view.raw_size, where), m.line, look.picture)
    _remark(out, look, wording.magnification(review.magnification, view.raw_size))
    return True


def _remark(out: Pixels, look: ReviewLayout, words: Wordings) -> None:
    """In the picture's lower left corner."""
    m, picture = look.measures, look.picture
    text, size = fitted(tuple(map(drawable, said(words))), m.small, picture.columns * 3 // 4)
    rect = Rect(picture.left + 2 * m.gap, picture.bottom - height(size) - m.gap, width(text, size), height(size))
    drawing.darken(out, rect.inset(-m.gap, 0), SHADE)
    blend(out, patch(text, size, WHITE), rect.left, rect.top)


def _title(out: Pixels, look: ReviewLayout, review: ReviewState) -> None:
    m, rect = look.measures, look.title
    if not look.is_roomy:
        drawing.darken(out, rect, SHADE)
        rect = rect.inset(m.pad, 0)
    if rect.rows >= 2 * line(m.medium):
        half = Rect(rect.left, rect.top, rect.columns, rect.rows // 2)
        _write(out, half, review_words.name(review), m.medium, WHITE)
        _write(out, half.moved(0, half.rows), review_words.position(review), m.medium, GREY)
        return
    right = Rect(rect.left + rect.columns * 11 // 20, rect.top, rect.columns * 9 // 20, rect.rows)
    left = Rect(rect.left, rect.top, rect.columns * 11 // 20 - m.gap, rect.rows)
    _write(out, left, review_words.name(review), m.medium, WHITE)
    _write(out, right, review_words.position(review), m.medium, GREY, align="right")


def _foot(out: Pixels, look: ReviewLayout, review: ReviewState) -> None:
    """Stars and lock."""
    m, rect = look.measures, look.foot
    if not look.is_roomy:
        drawing.darken(out, rect, SHADE)
        rect = rect.inset(m.pad, 0)
    left = _stars(out, rect, review, look.text, m.line)
    if review.protected:
        from ui.icons import lock  # noqa: PLC0415 - Pillow, which nothing else wants

        blend(out, lock(look.text, WHITE), left + m.gap, rect.top + (rect.rows - look.text) // 2)


def _stars(out: Pixels, rect: Rect, review: ReviewState, size: int, gap: int) -> int:
    """From the left edge; says where they end."""
    if review.rating < 0:
        _write(out, rect, (review_words.rejected(),), size, RED)
        return rect.left + width(said((review_words.rejected(),))[0], size) + gap
    from ui.icons import star  # noqa: PLC0415 - as above

    top = rect.top + (rect.rows - size) // 2
    for k in range(RATING_MAX):
        blend(out, star(size, WHITE if k < review.rating else FAINT), rect.left + k * (size + gap), top)
    return rect.left + RATING_MAX * (size + gap)


def _page(out: Pixels, look: ReviewLayout, review: ReviewState, reading: Reading | None) -> None:
    m, rect, facts = look.measures, look.page, review.facts
    if not look.is_roomy:
        if review.page == "picture":
            return
        drawing.darken(out, rect, DARK)
        rect = rect.inset(m.pad, m.gap)
    if review.page == "histogram":
        _histogram(out, rect, look, review, reading)
    elif review.page == "exif":
        _lines(out, rect, review_words.exif(facts, is_narrow=look.is_narrow), look)
    else:
        _lines(out, rect, review_words.basics(facts), look)


def _histogram(
    out: Pixels, rect: Rect, look: ReviewLayout, review: ReviewState, reading: Reading | None
) -> None:  # fmt: skip
    """With its figures below; where that would be too narrow, on the lower part of the picture."""
    if review.raw != "ready" or reading is None:
        _lines(out, rect, [review_words.raw_standing(review)], look)
        return
    m, words = look.measures, review_words.readings(reading, is_narrow=look.is_narrow)
    if look.is_narrow:
        share = look.picture.rows * 2 // 5
        place = Rect(look.picture.left, look.picture.bottom - share, look.picture.columns, share)
        drawing.darken(out, place, SHADE / 2)
        drawing.histogram(out, place.inset(m.pad, m.pad), reading, m)
        _lines(out, rect, words, look)
        return
    rows = min(rect.rows - len(words) * line(look.text) - 2 * m.gap, rect.columns * 3 // 5)
    drawing.histogram(out, Rect(rect.left, rect.top, rect.columns, rows), reading, m)
    below = rect.top + rows + 2 * m.gap
    _lines(out, Rect(rect.left, below, rect.columns, rect.bottom - below), words, look)


def _lines(out: Pixels, rect: Rect, words: list[Wordings], look: ReviewLayout) -> None:
    """One below the other; a long one that has no shorter wording may take three."""
    high, top = line(look.text), rect.top
    for wordings in words:
        for text in _in_lines(wordings, look.text, rect.columns):
            if top + high > rect.bottom:
                return
            _write(out, Rect(rect.left, top, rect.columns, high), (text,), look.text, WHITE)
            top += high


def _in_lines(wordings: Wordings, size: int, columns: int) -> list[str]:
    wordings = said(wordings)
    text = drawable(wordings[0])
    if len(wordings) > 1 or width(text, size) <= columns:
        return [fitted(tuple(map(drawable, wordings)), size, columns)[0]]
    return wrapped(text, size, columns, 3)


def _message(out: Pixels, look: ReviewLayout, sentence: str, *, is_fault: bool) -> None:
    """In the middle of the picture, with a red bar when something is wrong."""
    m, picture = look.measures, look.picture
    lines = wrapped(drawable(said((sentence,))[0]), m.medium, picture.columns - 4 * m.pad, 5)
    rows = len(lines) * line(m.medium) + 2 * m.gap
    top = picture.top + (picture.rows - rows) // 2
    ground = Rect(picture.left + m.pad, top, picture.columns - 2 * m.pad, rows)
    drawing.darken(out, ground, SHADE / 2)
    if is_fault:
        drawing.fill(out, Rect(ground.left, ground.top, 2 * m.line, ground.rows), RED)
    for k, text in enumerate(lines):
        rect = Rect(ground.left + m.pad, top + m.gap + k * line(m.medium), ground.columns - 2 * m.pad, line(m.medium))
        _write(out, rect, (text,), m.medium, WHITE)


def _choices(out: Pixels, look: ReviewLayout, review: ReviewState) -> None:
    """A list in the middle of the panel; the line that OK means has a red bar."""
    m, panel = look.measures, look.panel
    heading = review_words.question(review) if "keep" in review.choices else review_words.name(review)[0]
    hint, high = review_words.hint(review), line(m.value)
    rows = (len(review.choices) + 2) * high + 4 * m.gap
    columns = min(panel.columns - 2 * m.pad, 22 * m.value)
    left, top = panel.left + (panel.columns - columns) // 2, panel.top + (panel.rows - rows) // 2
    drawing.darken(out, panel, 2 * SHADE)
    drawing.fill(out, Rect(left, top, columns, rows), (16, 16, 16))
    inside = Rect(left, top, columns, rows).inset(m.pad, 2 * m.gap)
    _write(out, Rect(inside.left, inside.top, inside.columns, high), (heading,), m.medium, GREY)
    for k, chosen in enumerate(review.choices):
        row = Rect(inside.left, inside.top + (k + 1) * high, inside.columns, high)
        if k == review.cursor:
            drawing.fill(out, Rect(row.left, row.top + m.gap, 2 * m.line + 1, high - 2 * m.gap), RED)
        indented = Rect(row.left + 2 * m.gap + 2 * m.line, row.top, row.columns - 2 * m.gap - 2 * m.line, high)
        _choice(out, indented, review, chosen, m, WHITE if k == review.cursor else GREY)
    _write(out, Rect(inside.left, inside.bottom - high, inside.columns, high), (hint,), m.small, GREY)


def _choice(out: Pixels, rect: Rect, review: ReviewState, chosen: str, m: Measures, colour: Colour) -> None:
    words = review_words.choice(review, chosen)
    _write(out, rect, (words,), m.value, colour)
    if chosen == "rate":
        beside = width(words, m.value) + 2 * m.gap
        _stars(out, Rect(rect.left + beside, rect.top, rect.columns - beside, rect.rows), review, m.medium, m.line)


def _write(out: Pixels, rect: Rect, words: Wordings, size: int, colour: Colour, align: str = "left") -> None:
    """A line in the middle of a rectangle's height, made to fit."""
    if not words[0] or rect.columns <= 0:
        return
    text, size = fitted(tuple(map(drawable, said(words))), size, rect.columns)
    columns, rows = width(text, size), height(size)
    left = rect.left + (rect.columns - columns if align == "right" else 0)
    top = rect.top + (rect.rows - rows) // 2
    if Rect(0, 0, out.shape[1], out.shape[0]).contains(Rect(left, top, columns, rows)):  # the kernel writes anywhere
        blend(out, patch(text, size, colour), left, top)
