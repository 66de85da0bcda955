"""How the panel says what a press takes, and what one has set going: the longest wording first. Pure."""

from device import engraved
from device.shooting_states import DriveState, ShootingState
from device.states import State

Wordings = tuple[str, ...]

_MODES: dict[str, Wordings] = {
    "continuous-low": ("Continuous low", "Burst low", "Low"),
    "continuous-high": ("Continuous high", "Burst high", "High"),
    "timer-2": ("Self timer 2 s", "Timer 2 s", "2 s"),
    "timer-10": ("Self timer 10 s", "Timer 10 s", "10 s"),
    "best-of-rack": ("Best of rack", "Rack"),
    "trap-focus": ("Trap focus", "Trap"),
}


def mode(drive: DriveState) -> Wordings | None:
    """What a press takes, where that is more than a frame."""
    if drive.mode == "interval":
        return (f"Interval {drive.interval_s:g} s", "Interval")
    if drive.mode == "bracketing":
        return (f"Bracket {drive.bracket_frames} x {drive.bracket_ev} EV", f"Bracket {drive.bracket_frames}")
    if drive.mode == "bulb":
        return ("Bulb", "B") if drive.bulb == "hold" else ("Bulb by press", "Bulb T", "T")
    return _MODES.get(drive.mode)


def shutter(state: State) -> Wordings:
    """The time that the next shot gets; with bulb the letter that a dial has for it."""
    if state.drive.mode == "bulb" and state.film.mode == "off":
        return ("B",) if state.drive.bulb == "hold" else ("T",)
    return (engraved.shutter(state.exposure.shutter_us),)


def under_way(now: ShootingState) -> Wordings:
    """What goes on, with its counts."""
    if now.held_up:
        return (f"Busy, {now.taken} taken", f"Busy, {now.taken}", "Busy")
    return {
        "burst": (f"Burst {now.taken}",),
        "timer": (f"Self timer {clock(now.remaining_s)}", f"Timer {now.remaining_s}", f"{now.remaining_s} s"),
        "interval": _interval(now),
        "bracket": (f"Bracket {now.taken} of {now.total}", f"{now.taken} of {now.total}"),
        "long": _long(now),
        "rack": (f"Best of rack, {now.taken} kept", f"Rack, {now.taken} kept", f"{now.taken} kept"),
        "trap": (f"Trap set, {now.taken} taken", f"Trap, {now.taken}") if now.taken else ("Trap set", "Trap"),
        "bulb": _bulb(now),
        "": ("Exposing",),
    }[now.kind]


def clock(seconds: int) -> str:
    """So many seconds, as a clock counts them: "12 s", "2:05", "1:00:00"."""
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def is_lit(now: ShootingState) -> bool:
    """Whether the light before a countdown burns: it blinks with the seconds."""
    return now.remaining_s % 2 == 1


def _interval(now: ShootingState) -> Wordings:
    count = f"{now.taken} of {now.total}" if now.total else f"{now.taken} taken"
    missed = f", {now.missed} missed" if now.missed else ""
    coming = clock(now.remaining_s)
    return (f"{count}{missed}, next {coming}", f"{count}, {coming}", f"{now.taken}, {coming}", coming)


def _long(now: ShootingState) -> Wordings:
    whole, so_far = clock(now.elapsed_s + now.remaining_s), clock(now.elapsed_s)
    return (f"Exposing {so_far} of {whole}", f"{so_far} of {whole}", so_far)


def _bulb(now: ShootingState) -> Wordings:
    """How long it is open already, and what is missing in it."""
    so_far = clock(now.elapsed_s)
    if now.missed:
        return (f"Bulb {so_far}, {now.missed} lost", f"{so_far}, {now.missed} lost", f"{so_far} -{now.missed}")
    return (f"Bulb {so_far}", so_far)
