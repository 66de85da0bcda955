"""Which plan each drive mode begins at a press of the shutter. Pure.

"single" begins none: the press's own frame is all. "bulb" begins one that needs its place at once (`shutter.py`).
"""

from collections.abc import Callable

from device import bracketing
from device.aim import Aim
from device.bracketing import Bracketing
from device.continuous import LOW_PERIOD_NS, Continuous
from device.frame import SensorFacts
from device.interval import Interval
from device.long_exposure import for_live_view
from device.plan import NS, Plan
from device.rack import Rack
from device.self_timer import SelfTimer
from device.shooting_states import DriveMode, DriveState
from device.trap_focus import TrapFocus

WEIGHING = ("best-of-rack", "trap-focus")


def places_wanted(drive: DriveState) -> int:
    """Photographs for which there must be room at the press."""
    return drive.bracket_frames if drive.mode == "bracketing" else 1


def planned(when_ns: int, aim: Aim, facts: SensorFacts, room: int) -> Plan:
    """What goes on after a press in any mode but "single".

    Args:
        when_ns: the instant of the press.
        aim: what the dials say.
        facts: of the sensor, whose limits end a bracket.
        room: photographs that may still wait for the card.
    """
    drive = aim.drive
    plans: dict[DriveMode, Callable[[], Plan]] = {
        "continuous-low": lambda: Continuous(when_ns, LOW_PERIOD_NS),
        "continuous-high": lambda: Continuous(when_ns, 0),
        "timer-2": lambda: SelfTimer(when_ns + 2 * NS),
        "timer-10": lambda: SelfTimer(when_ns + 10 * NS),
        "interval": lambda: _interval(when_ns, drive),
        "bracketing": lambda: _bracket(when_ns, aim, facts),
        "best-of-rack": lambda: Rack(when_ns, min(drive.rack_keep, room)),
        "trap-focus": lambda: TrapFocus(when_ns),
    }
    return plans[drive.mode]()


def _interval(when_ns: int, drive: DriveState) -> Interval:
    first_ns = when_ns + round(drive.interval_delay_s * NS)
    return Interval(first_ns, round(drive.interval_s * NS), drive.interval_frames)


def _bracket(when_ns: int, aim: Aim, facts: SensorFacts) -> Bracketing:
    drive = aim.drive
    biases = bracketing.order(drive.bracket_frames, drive.bracket_ev)
    wanted = bracketing.steps(aim.exposure, biases, facts, by_gain=aim.keeps_shutter)
    return Bracketing(when_ns, for_live_view(aim.exposure, facts), wanted, drive.bracket_frames)
