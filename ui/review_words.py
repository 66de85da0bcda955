"""How the review of photographs says things, the longest wording first. Pure."""

from device import engraved
from device.face_states import PhotoFacts, ReviewState
from device.frame import Reading
from ui import wording
from ui.exposure_wording import Wordings

_CHOICES = {"rate": "Rating", "delete": "Delete", "keep": "Keep", "really-delete": "Delete"}


def name(review: ReviewState) -> Wordings:
    """What the photograph is called."""
    if not review.count:
        return ("Photographs",)
    return (review.name.rpartition("/")[2],) if review.name else ("Not saved yet", "Not saved")


def position(review: ReviewState) -> Wordings:
    """Which of how many: "12 of 340"."""
    if not review.count:
        return ("",)
    return (f"{review.position} of {review.count}", f"{review.position}/{review.count}")


def nothing() -> str:
    """Where there is no photograph."""
    return "No photographs on this card"


def raw_standing(review: ReviewState) -> Wordings:
    """Why the tools say nothing yet, or at all."""
    if review.raw == "reading":
        return ("Reading the RAW ...", "Reading ...")
    return ("No RAW to measure", "No RAW")


def exposure(facts: PhotoFacts) -> list[str]:
    """What a photographer sets: shutter, aperture and ISO."""
    shutter = engraved.shutter(facts.exposure_us) if facts.exposure_us else ""
    aperture = engraved.aperture(facts.f_number) if facts.f_number else ""
    iso = f"ISO {facts.iso}" if facts.iso else ""
    return [each for each in (shutter, aperture, iso) if each]


def basics(facts: PhotoFacts) -> list[Wordings]:
    """Under the picture, where there is room: that and the day."""
    return [*((each,) for each in exposure(facts)), *(line[-1:] for line in _taken(facts.taken_at))]


def exif(facts: PhotoFacts, *, is_narrow: bool) -> list[Wordings]:
    """All that is known of how it was taken, a line each."""
    lines = _taken(facts.taken_at) + _together(exposure(facts), is_narrow=is_narrow)
    if facts.lens or facts.focal_length_mm:
        lines.append((facts.lens or f"{facts.focal_length_mm:g} mm",))
    lines += [(facts.camera,)] if facts.camera else []
    lines += [_size(facts)] if facts.columns and facts.rows else []
    lines += [(f"{facts.bytes / 1e6:.1f} MB",)] if facts.bytes else []
    return lines


def readings(reading: Reading, *, is_narrow: bool) -> list[Wordings]:
    """What the meter says of the RAW, a line each."""
    red, gr, gb, blue = (float(share) for share in reading.clipped_share)
    lines = [wording.headroom(reading.headroom_ev, max(red, gr, gb, blue))]
    if max(red, gr, gb, blue) > 0:
        shares = zip("RGB", (red, max(gr, gb), blue), strict=True)
        lines += _together([f"{channel} {wording.percent(share)} %" for channel, share in shares], is_narrow=is_narrow)
    return [*lines, (f"noise floor {reading.noise_floor_ev:.1f} EV", f"noise {reading.noise_floor_ev:.1f}")]


def choice(review: ReviewState, chosen: str) -> str:
    """One line of what can be done."""
    if chosen == "protect":
        return "Protected: yes" if review.protected else "Protected: no"
    if chosen == "undo":
        return f"Undo delete ({review.deleted})"
    return _CHOICES[chosen]


def question(review: ReviewState) -> str:
    """Before a photograph is deleted."""
    return f"Delete {name(review)[0]}?"


def hint(review: ReviewState) -> str:
    """What the buttons do in a list."""
    if "keep" in review.choices:
        return "It can be undone until the review is left."
    return "left, right: stars" if review.choices[review.cursor : review.cursor + 1] == ("rate",) else ""


def rejected() -> str:
    """A rating below none, which other programs give."""
    return "rejected"


def _together(words: list[str], *, is_narrow: bool) -> list[Wordings]:
    """In one line, or where that is too long, in one each."""
    return [(each,) for each in words] if is_narrow else [("  ".join(words),)] if words else []


def _taken(taken_at: str) -> list[Wordings]:
    """EXIF's "2026:03:01 14:15:16" as people write it."""
    date, _, time = taken_at.partition(" ")
    date = date.replace(":", "-")
    return [(f"{date}  {time}", f"{date} {time[:5]}", date)] if time else []


def _size(facts: PhotoFacts) -> Wordings:
    size = f"{facts.columns} x {facts.rows}"
    return (f"{size}, {facts.bits} bit", size) if facts.bits else (size,)
