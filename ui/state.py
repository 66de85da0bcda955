"""What is to be seen: a frozen value, and how each thing that happens changes it. Pure; times are passed in."""

import msgspec
from msgspec.structs import replace

from device.errors import BadMessage
from device.face_states import ViewState
from device.preview import PreviewFrame
from device.protocol import Event
from device.states import State
from device.tilt import Tilt, calmed

_SECTIONS = {field.name: field.type for field in msgspec.structs.fields(State)}

PEAK_HOLD_NS = 4_000_000_000  # long enough to turn a focus ring past the best point and back to it
NOTE_NS = 2_000_000_000  # how long "saved" stays


def merged(state: State, changes: dict[str, object]) -> State:
    """The state with the sections that changed, as Monitor sends them: section name to the whole section.

    Raises:
        BadMessage: a section we do not know, or one that cannot be read.
    """
    try:
        sections = {name: msgspec.convert(value, _SECTIONS[name]) for name, value in changes.items()}
    except (KeyError, msgspec.ValidationError) as error:
        raise BadMessage(f"The camera told what this version cannot read ({error}): restart mcam.") from error
    return msgspec.structs.replace(state, **sections)


class Seen(msgspec.Struct, frozen=True):
    """All that decides what the panel shows, but for the picture.

    Attributes:
        camera: what the daemon says; None while it is gone.
        focus_score: sharpness of the centre in the newest frame.
        focus_peak: the best of it within the last PEAK_HOLD_NS.
        peak_ns: when that was, on the sensor's clock.
        note: one line about the newest photograph, empty when there is nothing to say.
        note_ns: when that was said, on the caller's clock.
        tilt: how the camera is held; None while that is not known, or not wanted.
    """

    camera: State | None = None
    focus_score: float = 0.0
    focus_peak: float = 0.0
    peak_ns: int = 0
    note: str = ""
    note_ns: int = 0
    tilt: Tilt | None = None


def told(seen: Seen, camera: State | None) -> Seen:
    """After word from the daemon, or its loss; what was measured goes with it, and with another place to measure at."""
    if camera is None:
        return Seen()
    if seen.camera is not None and _looks_at(camera.view) != _looks_at(seen.camera.view):
        seen = replace(seen, focus_score=0.0, focus_peak=0.0)
    return replace(seen, camera=camera)


def _looks_at(view: ViewState) -> tuple[object, ...]:
    """What the focus meter measures depends on these."""
    return view.magnifier, view.magnification, view.magnifier_x, view.magnifier_y


def happened(seen: Seen, event: Event, now_ns: int) -> Seen:
    """After a photograph became safe, or did not, or there is something to mind."""
    if event.kind == "saved" and event.photo is not None:
        return replace(seen, note=event.photo.name.rpartition("/")[2], note_ns=now_ns)
    if event.kind in ("failed", "warning", "filmed"):
        return replace(seen, note=event.text, note_ns=now_ns)
    return seen


def looked(seen: Seen, view: PreviewFrame) -> Seen:
    """After a new frame: the peak is held, then let go."""
    score, now_ns = view.reading.focus_score, view.sensor_timestamp_ns
    held = 0 <= now_ns - seen.peak_ns < PEAK_HOLD_NS and score <= seen.focus_peak
    if held:
        return replace(seen, focus_score=score)
    return replace(seen, focus_score=score, focus_peak=score, peak_ns=now_ns)


def held(seen: Seen, tilt: Tilt | None) -> Seen:
    """After the level was read."""
    return replace(seen, tilt=calmed(seen.tilt, tilt))


def passed(seen: Seen, now_ns: int) -> Seen:
    """After some time: an old note goes."""
    return replace(seen, note="") if seen.note and now_ns - seen.note_ns >= NOTE_NS else seen
