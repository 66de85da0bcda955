"""Every page of the review as it stands on the panel."""

from dataclasses import replace

import numpy as np
from msgspec.structs import replace as replace_facts
from PIL import Image

from device.face_states import PhotoFacts, ReviewState
from device.frame import FOCUS_CELL, Preview, Reading
from device.preview import PreviewFrame
from device.window import Magnified, Window
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.state import Seen
from ui.viewfinder import Viewfinder

SIZES = [(240, 240), (480, 800), (800, 480)]
FACTS = PhotoFacts(
    camera="IMX477",
    lens="Summicron-M 35 mm f/2 ASPH",
    taken_at="2026:03:01 14:15:16",
    exposure_us=8000,
    iso=400,
    f_number=2.8,
    focal_length_mm=35.0,
    columns=4056,
    rows=3040,
    bits=12,
    bytes=14_200_000,
)
ONE = ReviewState(
    open=True, picture=1, name="100MCAM_/MCAM0012", position=12, count=340, raw="ready", rating=3, protected=True,
    facts=FACTS,
)  # fmt: skip
OFFERED = ("rate", "protect", "delete", "undo")
DAMAGED = "MCAM0012.DNG cannot be read (it is cut short): copy it to a computer before it is deleted."


def state(**changes: object) -> ReviewState:
    return ReviewState(**{**{name: getattr(ONE, name) for name in ONE.__struct_fields__}, **changes})  # type: ignore[arg-type]


PANELS: dict[str, ReviewState] = {
    "picture": ONE,
    "turned": state(facts=replace_facts(FACTS, orientation=6)),
    "not-saved": state(name="", rating=0, protected=False, position=340),
    "reading": state(raw="reading", rating=0, protected=False),
    "histogram": state(page="histogram"),
    "histogram-without-raw": state(page="histogram", raw="none", rating=-1, protected=False),
    "exif": state(page="exif"),
    "zoom": state(zoom=True),
    "zoom-twice": state(zoom=True, magnification=2),
    "zoom-without-raw": state(zoom=True, raw="none"),
    "choices": state(choices=OFFERED, deleted=2),
    "question": state(choices=("keep", "really-delete"), protected=False),
    "damaged": state(picture=0, raw="none", message=DAMAGED, facts=PhotoFacts(bytes=5000), rating=0, protected=False),
    "protected": state(message="MCAM0012 is protected: take the protection away first."),
    "empty": ReviewState(open=True),
    "no-card": ReviewState(open=True, message="No card at /media/card: put it in, or set card.folder to another."),
}


def view_of(review: ReviewState) -> PreviewFrame:
    """The synthetic view as a photograph; magnified where it is looked at so."""
    view = replace(synthetic_view(), review=review.picture)
    if not review.zoom or review.raw == "none":
        return view
    rows, columns = (320 // review.magnification, 480 // review.magnification)
    return replace(view, magnified=magnified(view.preview, view.reading, Window(656, 736, rows, columns)))


def magnified(preview: Preview, reading: Reading, window: Window) -> Magnified:
    """The window of the whole picture, enlarged: the same things at twice the pixels."""
    top, left = window.top // 2, window.left // 2
    part = np.s_[top : top + window.rows // 2, left : left + window.columns // 2]
    half = np.s_[top // 2 : top // 2 + window.rows // 4, left // 2 : left // 2 + window.columns // 4]
    y = preview.y[part].repeat(2, 0).repeat(2, 1)
    u, v = (plane[half].repeat(2, 0).repeat(2, 1) for plane in (preview.u, preview.v))
    assert window.rows % FOCUS_CELL == 0
    return Magnified(window, Preview(y, u, v), np.ascontiguousarray(reading.clipped[part]))


def panel(size: tuple[int, int], name: str) -> Image.Image:
    """As the viewfinder draws it."""
    review = PANELS[name]
    seen = Seen(camera=synthetic_state(review=review))
    pixels = Viewfinder(size).draw(seen, view_of(review) if review.picture else None)
    return Image.fromarray(pixels[..., 2::-1].copy())
