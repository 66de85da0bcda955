"""How the panel says things: from State to the words on it, the longest wording first. Pure."""

import math

from device.frame import HISTOGRAM_STOPS, MIDDLE_GREY
from device.shooting_states import FilmState
from device.states import CardStatus, LensState, SensorState, State
from device.tilt import Tilt
from ui import drive_wording, exposure_wording
from ui.exposure_wording import Wordings

MIDDLE_EV = math.log2(MIDDLE_GREY)  # below clipping

MOST_SHOTS = 9999


def percent(share: float) -> str:
    """A share in percent, to a hundredth of one as long as that is short."""
    return f"{100 * share:.2f}" if share < 0.1 else f"{100 * share:.1f}"


def share(channel: str, clipped: float) -> Wordings:
    """What a channel has lost, in percent of its photosites: "R 1.37"; nothing below 0.005 %."""
    return (f"{channel} {percent(clipped)}", percent(clipped)) if clipped >= 0.00005 else ("",)


def luma() -> Wordings:
    """In place of the headroom: the tools read the picture's luma, which says nothing of the sensor's."""
    return ("LUMA, not RAW", "LUMA")


def headroom(stops: float, clipped_share: float) -> Wordings:
    """How much brighter it may become, or how much is lost already."""
    if stops > 0:
        return (f"headroom +{stops:.1f} EV", f"+{stops:.1f} EV", f"+{stops:.1f}")
    lost = f"{percent(clipped_share)} %"
    return (f"{lost} clipped", f"{lost} clip", lost)


def spot(ev: float) -> Wordings:
    """What the spot meter reads, relative to clipping, as stops from middle grey."""
    if ev >= 0:
        return ("clipped",)
    stops = round(ev - MIDDLE_EV, 1) + 0.0  # no -0.0
    return (f"{stops:+.1f} EV",) if ev > -HISTOGRAM_STOPS else ("black",)


def magnification(times: int, raw_size: tuple[int, int]) -> Wordings:
    """Panel pixels to a photosite, and of which RAW: a binned one has fewer photosites than the sensor."""
    rows, columns = raw_size
    return (f"{times}:1 of {columns} x {rows}", f"{times}:1 of {columns}", f"{times}:1")


def level_of_zebra(ire: int) -> Wordings:
    """From where on the level lines lie."""
    return (f"zebra {ire} IRE", f"{ire} IRE")


def no_frame_lines() -> Wordings:
    """A line needs the lens in use, and the sensor's size."""
    return ("frame lines: name the lens", "name the lens", "no lens")


def frame_lines_outside(equivalent_mm: float) -> Wordings:
    """No line is inside the picture: a longer lens sees less than any of them."""
    return (f"frame lines lie outside {equivalent_mm:.0f} mm", "lines outside", "outside")


def level(tilt: Tilt | None) -> Wordings:
    """Roll and pitch in degrees, clockwise and upward positive."""
    if tilt is None:
        return ("no level", "--")
    roll, pitch = round(tilt.off_deg, 1) + 0.0, round(tilt.pitch_deg) + 0
    return (f"{roll:+.1f}° {pitch:+d}°", f"{roll:+.1f}°")


def nothing_to_magnify() -> Wordings:
    """A camera without RAW has no pixels but those that are seen already."""
    return ("no RAW to magnify", "no RAW")


def focal(state: State) -> Wordings:
    """The focal length, and what it would be called on 24 x 36 where the sensor's size is known."""
    focal_mm = state.lens.focal_length_mm
    if not focal_mm:
        return ("",)
    if not state.sensor.crop_factor:
        return (f"{focal_mm:g} mm",)
    equivalent = f"{focal_mm * state.sensor.crop_factor:.0f} mm eq."
    return (f"{focal_mm:g} mm · {equivalent}", equivalent)


def lens(state: State) -> Wordings:
    """The lens's name with its equivalent focal length; that alone where there is no room for the name."""
    name, lengths = state.lens.name, focal(state)
    if not name or not lengths[0]:
        return (name, *lengths) if name else lengths
    return (f"{name} · {lengths[-1]}", *lengths)


def depth(lens: LensState) -> Wordings:
    """From where to where it is sharp, where the distance is known, and the hyperfocal distance."""
    if lens.hyperfocal_m is None:
        return ("",)
    hyperfocal = f"H {metres(lens.hyperfocal_m)} m"
    if lens.near_m is None:
        return (f"hyperfocal {metres(lens.hyperfocal_m)} m", hyperfocal)
    near = metres(lens.near_m)
    sharp = f"from {near} m" if lens.far_m is None else f"{near}–{metres(lens.far_m)} m"
    return (f"sharp {sharp} · {hyperfocal}", f"{sharp} · {hyperfocal}", sharp)


def metres(distance_m: float) -> str:
    """To the digits that matter when focusing: 0.702, 2.13, 14.2, 142."""
    digits = next((digits for digits, below_m in ((3, 1), (2, 10), (1, 100)) if distance_m < below_m), 0)
    return f"{distance_m:.{digits}f}"


def shots(card: CardStatus) -> Wordings:
    """How many photographs there is room for; nothing where there is no card to speak of, as for a stored RAW."""
    if not card.folder:
        return ("",)
    count = f"{card.shots_left}" if card.shots_left <= MOST_SHOTS else f"{MOST_SHOTS}+"
    return (f"{count} left", count)


def view_only(sensor: SensorState) -> bool:
    """Whether the camera runs and gives no RAW, so that no photograph can be taken with it."""
    return sensor.width > 0 and not sensor.bits


def bits(sensor: SensorState) -> Wordings:
    """The depth that the sensor really grants."""
    if view_only(sensor):
        return ("no RAW",)
    return (f"{sensor.bits} bit RAW", f"{sensor.bits} bit", f"{sensor.bits}b") if sensor.bits else ("",)


_CARD = {
    "full": ("Card full",),
    "missing": ("No card",),
    "read-only": ("Card read-only", "Read-only"),
}
_FILM = {
    "cinema": ("Film",),
    "slow-motion": ("Slow motion", "Slow"),
}
_CAMERA = {
    "idle": ("Starting",),
    "live": ("",),
    "armed": ("Armed",),
    "busy": ("Busy",),
    "faulted": ("Fault",),
    "asleep": ("Asleep",),
}


def doing(state: State, note: str) -> Wordings:
    """The one most important thing about the camera now; nothing while it simply runs."""
    if state.camera == "faulted":
        return _CAMERA["faulted"]
    if state.film.recording:
        return _recording(state.film)
    return _hindered(state) or _at_work(state, note)


def _hindered(state: State) -> Wordings:
    return _waiting(_CARD[state.card.state], state.card.queued) if state.card.state != "ok" else ()


def _at_work(state: State, note: str) -> Wordings:
    if state.shooting.kind or state.camera == "exposing":
        return drive_wording.under_way(state.shooting)
    if view_only(state.sensor) and not note:
        return ("No RAW: view only", "View only", "No RAW")
    if state.card.queued:
        return (f"Writing {state.card.queued}", f"W {state.card.queued}")
    return _at_rest(state, note)


def _at_rest(state: State, note: str) -> Wordings:
    if note and state.camera == "live":
        return (note,)
    if state.camera == "live" and state.film.mode != "off":
        return _FILM[state.film.mode]
    is_ready = state.camera in ("live", "armed")
    ready = (drive_wording.mode(state.drive) if is_ready else None) or _CAMERA[state.camera]
    return exposure_wording.trouble(state.exposure) or ready


def _recording(film: FilmState) -> Wordings:
    """How long the clip is already when it is played, and what is missing in it."""
    minutes, seconds = divmod(film.frames // film.frames_per_s, 60)
    time = f"REC {minutes}:{seconds:02}"
    return (f"{time}, {film.lost} missing", f"{time} -{film.lost}") if film.lost else (time,)


def _waiting(trouble: Wordings, queued: int) -> Wordings:
    """A card's trouble, and how many photographs there are in memory that it keeps from being safe."""
    return (f"{trouble[0]}, {queued} waiting", *trouble) if queued else trouble


def alarming(state: State) -> bool:
    """Whether no photograph can be taken until somebody does something."""
    return state.camera == "faulted" or state.card.state != "ok" or view_only(state.sensor)
