"""The panel's picture: live view, tools and words, composed."""

from functools import lru_cache

import numpy as np

from device.face_states import ViewState
from device.frame import MAGNIFIED_SPOT_SHARE, SPOT_SHARE, Reading, Source
from device.languages import ENGLISH
from device.preview import PreviewFrame
from device.protocol import LookCall
from device.states import State
from ui import drawing, wording
from ui.arrangement import Place
from ui.blending import blend
from ui.drive_wording import is_lit
from ui.ghost import Ghosts, no_ghosts
from ui.guide_lines import draw_guides
from ui.labels import Label, absent, bands, corner, dot_diameter, highlighted, labels, right_corner, spot, spot_square
from ui.layout import Layout, fitted_picture, layout_of
from ui.magnified import beside, glass, little_map, noise_in, outline
from ui.menu import draw_menu
from ui.overlays import meter_share
from ui.picture import Looks, paint_clipped, paint_view
from ui.rect import Rect
from ui.review import draw_review
from ui.screen import Pixels
from ui.spoken import speaking
from ui.state import Seen
from ui.steady import SteadyLuma
from ui.strip import Strip
from ui.text import dot, patch
from ui.theme import DIMMED, GREY, PEAKING, RED, SHADE, WHITE, Measures, measures


class Viewfinder:
    """Draws panels of one size; owns the one buffer that it draws them in."""

    def __init__(self, size: tuple[int, int], ghosts: Ghosts = no_ghosts) -> None:
        self.size = size
        self._ghosts = ghosts
        self._steady, self._near = SteadyLuma(), SteadyLuma()
        self._out = np.zeros((size[1], size[0], 4), np.uint8)

    def draw(self, seen: Seen, view: PreviewFrame | None) -> Pixels:
        """One panel.

        Args:
            seen: what is known of the camera.
            view: the newest frame, None before there is one.

        Returns:
            (rows, columns, 4) uint8, blue, green, red, unused; valid until the next call.
        """
        self._clear(seen.camera, view)
        with speaking(ENGLISH if seen.camera is None else seen.camera.view.language):
            self._draw(seen, view)
        return self._out

    def _draw(self, seen: Seen, view: PreviewFrame | None) -> None:
        if seen.camera is None:
            self._draw_absence(view)
        elif seen.camera.camera == "asleep":
            self._out[:] = 0
        elif seen.camera.menu.open:
            draw_menu(self._out, seen.camera.menu)
        elif seen.camera.review.open:
            draw_review(self._out, self.size, seen.camera, view, self._looks(seen.camera.view))
        else:
            self._draw_presence(seen, seen.camera, view)

    def room(self, shown: ViewState) -> LookCall:
        """What the whole picture and the magnifier's window have room for with that view."""
        picture = layout_of(self.size, shown).picture
        whole, glass_at = beside(picture) if shown.split and shown.magnifier else (picture, picture)
        return LookCall(
            columns=whole.columns, rows=whole.rows, magnifier_columns=glass_at.columns, magnifier_rows=glass_at.rows
        )

    def _draw_presence(self, seen: Seen, state: State, view: PreviewFrame | None) -> None:
        layout = layout_of(self.size, state.view)
        if view is not None:
            self._draw_view(layout, seen, state, view)
        for rect in layout.shades:
            drawing.darken(self._out, rect, SHADE)
        if view is not None:
            self._draw_tools(layout, seen, view.reading)
            self._draw_scopes(layout, state.view, view)
        written = labels(layout, seen, None if view is None else view.reading)
        self._draw_message_ground(layout, written)
        self._write(written)
        self._draw_dot(layout, state)
        self._underline(layout, highlighted(written, state.view.highlight))

    def _clear(self, state: State | None, view: PreviewFrame | None) -> None:
        """Black wherever no whole picture will be painted over it."""
        if view is None or state is None or not _shows_whole_picture(state):
            self._out[:] = 0
            return
        rect = fitted_picture(layout_of(self.size, state.view).picture, view.preview.y.shape)
        self._out[: rect.top] = self._out[rect.bottom :] = 0
        self._out[rect.top : rect.bottom, : rect.left] = self._out[rect.top : rect.bottom, rect.right :] = 0

    def _draw_view(self, layout: Layout, seen: Seen, state: State, view: PreviewFrame) -> None:
        """The whole picture, the magnified window, or one beside the other."""
        shown, m = state.view, layout.measures
        whole, strip = beside(layout.picture) if shown.split else (layout.picture, layout.picture)
        if view.magnified is None or not shown.magnifier:
            rect = self._draw_whole(layout.picture, seen, state, view)
            if shown.magnifier and view.reading.source is Source.LUMA:
                self._remark(corner(self._free(rect, layout), wording.nothing_to_magnify(), m.small), m)
            return
        look = glass(view, view.magnified, strip, shown.magnification)
        where = (
            self._draw_whole(whole, seen, state, view) if shown.split else little_map(look.rect, view.raw_size, m.gap)
        )
        steady = self._near.of_window(look.view, noise_in(view)) if shown.peaking else None
        paint_view(look.view, look.rect, self._looks(shown), self._out, steady)
        if not shown.split:
            drawing.darken(self._out, where, 2 * SHADE)
        drawing.outline(self._out, where, m.line, layout.picture)
        drawing.outline(self._out, outline(look.window, view.raw_size, where), m.line, layout.picture)
        words = wording.magnification(shown.magnification, view.raw_size)
        self._remark(corner(self._free(look.rect, layout), words, m.small), m)
        spot_side = round(view.magnified.window.rows * MAGNIFIED_SPOT_SHARE) * shown.magnification
        self._draw_spot(look.rect, spot_side, shown, view, m)

    def _free(self, picture: Rect, layout: Layout) -> Rect:
        """The picture without its edge, and without the legend of false colour."""
        legend = layout.places.get("legend")
        covered = 0 if legend is None else max(0, legend.rect.bottom - picture.top)
        return picture.inset(2 * layout.measures.gap, layout.measures.gap).moved(0, covered)

    def _draw_whole(self, region: Rect, seen: Seen, state: State, view: PreviewFrame) -> Rect:
        """The whole picture in the middle of that region; says where."""
        shown, m = state.view, measures(self.size)
        rect = fitted_picture(region, view.preview.y.shape)
        paint_view(view, rect, self._looks(shown), self._out, self._steady.of(view) if shown.peaking else None)
        for label in draw_guides(self._out, rect, state, seen.tilt, m, self._ghosts):
            self._remark(label, m)
        if shown.zebra_level and shown.info == "full":
            place = self._free(rect, layout_of(self.size, shown))
            self._remark(right_corner(place, wording.level_of_zebra(shown.zebra_level), m.small), m)
        if not shown.magnifier:
            self._draw_spot(rect, max(4, round(rect.rows * SPOT_SHARE)), shown, view, m)
        return rect

    def _draw_spot(self, picture: Rect, side: int, shown: ViewState, view: PreviewFrame, m: Measures) -> None:
        if shown.spot and shown.info == "full":
            square = spot_square(picture, side)
            drawing.outline(self._out, square, m.line, picture)
            self._remark(spot(square, picture, view.reading.spot_ev, m.medium), m)

    def _remark(self, label: Label, m: Measures) -> None:
        """Words on the picture, on a shade of their own."""
        drawing.darken(self._out, label.rect.inset(-m.gap, 0), SHADE)
        self._write([label])

    def _looks(self, shown: ViewState) -> Looks:
        return Looks(
            colour=PEAKING[shown.peaking_colour],
            peaking=shown.peaking,
            strength=shown.peaking_strength,
            zebra=shown.zebra,
            zebra_level=shown.zebra_level,
            underexposure=shown.underexposure,
            false_colour=shown.false_colour,
        )

    def _draw_tools(self, layout: Layout, seen: Seen, reading: Reading) -> None:
        if "histogram" in layout.places:
            drawing.histogram(self._out, layout.places["histogram"].rect, reading, layout.measures)
        if "meter" in layout.places:
            shares = meter_share(seen.focus_score), meter_share(seen.focus_peak)
            drawing.meter(self._out, layout.places["meter"].rect, *shares, layout.measures.line)

    def _draw_scopes(self, layout: Layout, shown: ViewState, view: PreviewFrame) -> None:
        line = layout.measures.line
        if "waveform" in layout.places:
            rect = layout.places["waveform"].rect
            drawing.waveform(self._out, rect, view.preview, shown.waveform, shown.zebra_level, line)
        if "legend" in layout.places:
            self._draw_legend(layout.places["legend"])

    def _draw_legend(self, legend: Place) -> None:
        """The bands' colours; below the last of them the stripes that mean clipped."""
        for band, place in bands(legend):
            drawing.fill(self._out, place.rect, band.colour)
        edge = legend.rect.rows // 4
        paint_clipped(Rect(place.rect.left, place.rect.bottom - edge, place.rect.columns, edge), self._out)

    def _draw_message_ground(self, layout: Layout, written: list[Label]) -> None:
        """Darkness behind the message, and the red bar that says it matters."""
        lines = [label.rect for label in written if label.item == "message"]
        if not lines:
            return
        m, place = layout.measures, layout.places["message"].rect
        rows = lines[-1].bottom - place.top + 2 * m.gap
        ground = Rect(place.left - 2 * m.gap, place.top - m.gap, place.columns + 4 * m.gap, rows)
        drawing.darken(self._out, ground, SHADE / 2)
        drawing.fill(self._out, Rect(ground.left, ground.top, 2 * m.line, ground.rows), RED)

    def _draw_dot(self, layout: Layout, state: State) -> None:
        place = layout.places.get("state")
        if place is None:
            return
        diameter = dot_diameter(layout)
        counts = state.shooting.kind in ("timer", "interval")
        works = is_lit(state.shooting) if counts else state.camera in ("armed", "exposing")
        lit = works or state.film.recording or wording.alarming(state)
        colour = RED if lit else WHITE if state.card.queued else GREY
        top = place.rect.top + (place.rect.rows - diameter) // 2
        blend(self._out, dot(diameter, colour), place.rect.left, top)

    def _underline(self, layout: Layout, label: Label | None) -> None:
        if label is not None:
            m = layout.measures
            rect = Rect(label.rect.left, label.rect.bottom - 2 * m.line, label.rect.columns, 2 * m.line)
            drawing.fill(self._out, rect, RED)

    def _draw_absence(self, view: PreviewFrame | None) -> None:
        m, panel = measures(self.size), Rect(0, 0, *self.size)
        if view is not None:
            rect = fitted_picture(panel, view.preview.y.shape)
            paint_view(view, rect, Looks(), self._out)
            drawing.darken(self._out, panel, DIMMED)
        self._write(absent(panel, m.value, m.medium))

    def _write(self, written: list[Label]) -> None:
        panel = Rect(0, 0, *self.size)
        kept = tuple(each for each in written if panel.contains(each.rect))  # the kernel would write beyond it
        _strip(kept).lay(self._out)


def _shows_whole_picture(state: State) -> bool:
    return not (state.menu.open or state.review.open or state.view.magnifier or state.view.false_colour)


@lru_cache(maxsize=8)
def _strip(written: tuple[Label, ...]) -> Strip:
    """Words change seldom."""
    return Strip.of([(patch(each.text, each.size, each.colour), each.rect.left, each.rect.top) for each in written])
