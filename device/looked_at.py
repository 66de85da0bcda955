"""The photograph that is looked at: what of it can be shown by now, and the next part of it to be read.

From memory all of it at once. From the card first the small picture that its file carries; then its RAW, the parts
under the magnifier before the others; and once all of that is there, the same picture and the same readings as the live
view has of a frame.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from device import isp, magnifier, meter, photo_facts
from device.dust_removal import cleaned, remove, removed
from device.errors import BadPicture, BadValue
from device.face_states import PhotoFacts, RawStanding
from device.frame import CHANNELS, FOCUS_CELL, HISTOGRAM_BINS, Exposure, Frame, LiveFrame, Preview, Reading
from device.hot_pixels import NO_HOT_PIXELS, HotOf, none_of
from device.mending import REACHES, mend, mended, passed_over
from device.partial_raw import PartialRaw
from device.photograph import Photograph
from device.quad_scaling import fitted_shape
from device.review import Review
from device.roll import Shot
from device.seeking import SeekedFile
from device.stored_pictures import StoredPicture, reason
from device.window import Magnified, Window

Size = tuple[int, int]
_DAMAGE = (ValueError, ArithmeticError, IndexError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Sizes:
    """(rows, columns) of what the viewfinder shows at most: a picture, and the magnifier's window in panel pixels."""

    picture: Size
    window: Size


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is laid into the ring."""

    frame: LiveFrame
    reading: Reading
    magnified: Magnified | None = None


class LookedAt:
    """One photograph. One thread uses it.

    Args:
        shot: which.
        stored: what of it could be read from the card at once; None for one that is in memory.
        path: of its DNG.
        sizes: of what is shown.
        hot_of: what is known of the sensor of that model.

    Attributes:
        fault: what is wrong with it, empty when nothing is.
        facts: how it was taken.
    """

    def __init__(
        self, shot: Shot, stored: StoredPicture | None, path: Path, sizes: Sizes, hot_of: HotOf = none_of
    ) -> None:
        self.shot, self.fault = shot, "" if stored is None else stored.fault
        self._path, self._sizes = path, sizes
        self._preview = None if stored is None else stored.preview
        self._raw: PartialRaw | None = None
        self._whole: View | None = None
        self._hot_of, self._hot = hot_of, NO_HOT_PIXELS
        self._photograph = shot.photograph
        if shot.photograph is not None:
            self.facts = photo_facts.of_photograph(shot.photograph)
            self._whole = _in_memory(shot.photograph)
        else:
            self.facts = PhotoFacts() if stored is None else stored.facts
            self._begin(stored)

    def _begin(self, stored: StoredPicture | None) -> None:
        if stored is None or stored.dng is None:
            return
        try:
            self._raw = PartialRaw(stored.dng)
            self._photograph = self._raw.photograph
            self._hot = self._hot_of(self._photograph.facts.model)
        except BadPicture:  # of another program: its picture can be seen all the same
            self._raw = None

    @property
    def standing(self) -> RawStanding:
        """Whether its RAW tells anything."""
        if self._whole is not None:
            return "ready"
        return "none" if self._raw is None else "reading"

    def window(self, review: Review) -> Window | None:
        """Where the magnifier looks; None while it does not, or cannot."""
        if self._photograph is None or not review.zoom:
            return None
        high, wide = self._sizes.window
        wanted = high // review.magnification, wide // review.magnification
        return magnifier.window_at(self._photograph.frame.raw.shape, review.x, review.y, wanted)

    def share(self, review: Review) -> tuple[float, float]:
        """The shares of height and width that the magnifier's window has, or would have."""
        window = self.window(replace(review, zoom=True))
        if window is None or self._photograph is None:
            return 1.0, 1.0
        rows, columns = self._photograph.frame.raw.shape
        return window.rows / rows, window.columns / columns

    def stage(self, review: Review) -> tuple[Literal["nothing", "picture", "window", "whole"], Window | None]:
        """What `view` would show now; another answer means that it is worth showing anew."""
        window = self.window(review)
        if self._whole is not None:
            return "whole", window
        if window is not None and self._raw is not None and self._raw.has(self._needed(window)):
            return "window", window
        return ("nothing" if self._preview is None else "picture"), None

    def view(self, review: Review) -> View | None:
        """What can be shown by now; None: nothing of it."""
        stage, window = self.stage(review)
        if self._whole is not None:
            return self._magnified(self._whole, window)
        if self._photograph is not None and stage == "window":
            frame = replace(self._photograph.frame, preview=self._preview or _black(self._sizes.picture))
            dust = self._photograph.dust
            with passed_over(frame.raw, self._hot), removed(frame.raw, frame.cfa, frame.levels, dust):
                return self._magnified(View(frame, _nothing_read(frame.measured)), window)
        if self._preview is None:
            return None
        picture = LiveFrame(0, 0, Exposure(0, 0.0), self._preview)
        return View(picture, _nothing_read(picture.measured))

    def read_on(self, review: Review) -> bool:
        """Read one more part of its RAW; whether there was one, or something became known by it."""
        raw = self._raw
        if raw is None or self._whole is not None:
            return False
        try:
            if not raw.is_whole:
                window = self.window(review)
                with SeekedFile(self._path) as data:
                    raw.read_next(data, None if window is None else self._needed(window))
            if raw.is_whole:
                self._whole = self._developed(raw.photograph)
        except (*_DAMAGE, OSError) as error:
            self.give_up(f"Its RAW cannot be read ({reason(error)}): copy the file to a computer before it is deleted.")
        return True

    def _needed(self, window: Window) -> Window:
        """With the neighbours that speak for hot pixels in it."""
        far = REACHES[-1] if self._hot.count else 0
        return Window(window.top - far, window.left - far, window.rows + 2 * far, window.columns + 2 * far)

    def give_up(self, sentence: str) -> None:
        """Show no more than its picture, and why."""
        self._raw = self._photograph = self._whole = None
        self.fault = sentence

    def _developed(self, photograph: Photograph) -> View:
        """Of a mosaic that is nobody else's, so mended where it lies; meters count dust in."""
        frame = photograph.frame
        mend(frame.raw, self._hot)
        with removed(frame.raw, frame.cfa, frame.levels, photograph.dust):
            frame = replace(frame, preview=self._drawn(photograph))
        reading = meter.read(frame)
        remove(frame.raw, frame.cfa, frame.levels, photograph.dust)
        return View(frame, reading)

    def _drawn(self, photograph: Photograph) -> Preview:
        """As the live view's, so that every tool tells the same of it."""
        frame = photograph.frame
        try:
            rows, columns = frame.raw.shape
            shape = fitted_shape(rows, columns, *self._sizes.picture)
            colour, gains = photograph.facts.colour, photograph.gains
            return isp.render(frame.raw, frame.cfa, frame.levels, frame.neutral, colour, shape, gains)
        except BadValue as error:
            raise BadPicture(str(error)) from error

    def _magnified(self, view: View, window: Window | None) -> View:
        photograph = self._photograph
        if window is None or photograph is None or not isinstance(view.frame, Frame):
            return view
        cut = magnifier.cut(view.frame, photograph.facts.colour, window, photograph.gains)
        return replace(view, magnified=cut)


def _in_memory(photograph: Photograph) -> View:
    """Of copies where there is anything to mend: the darkroom may be reading the mosaic. Meters count dust in."""
    frame, hot = photograph.frame, photograph.hot
    reading = meter.read(replace(frame, raw=mended(frame.raw, hot)))
    return View(replace(frame, raw=cleaned(frame.raw, frame.cfa, frame.levels, hot, photograph.dust)), reading)


def _black(size: Size) -> Preview:
    rows, columns = size[0] // 2 * 2, size[1] // 2 * 2
    half = (rows // 2, columns // 2)
    return Preview(np.zeros((rows, columns), np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))


def _nothing_read(measured: Size) -> Reading:
    """Of a mosaic of that size before all of it is there: no tool paints anything by it."""
    cells = (measured[0] // FOCUS_CELL, measured[1] // FOCUS_CELL)
    none = np.zeros(len(CHANNELS), np.float32)
    return Reading(
        histogram=np.zeros((len(CHANNELS), HISTOGRAM_BINS), np.float32),
        clipped_share=none,
        mean=none,
        focus=np.zeros(cells, np.float32),
        clipped=np.zeros((1, 1), np.uint8),
        focus_score=0.0,
        noise_floor_ev=0.0,
        headroom_ev=0.0,
        stops=np.zeros(cells, np.uint8),
        spot_ev=0.0,
    )
