"""What the panel says of battery, heat and clock where there is nothing else to say; the longest first. Pure."""

from device.face_states import InfoLevel
from device.states import StatusState

Wordings = tuple[str, ...]

LOW_PERCENT = 15


def standing(status: StatusState, info: InfoLevel) -> Wordings:
    """What needs attention; the battery's charge where everything is told."""
    percent = status.battery_percent
    if percent is not None and percent <= LOW_PERCENT and not status.charging:
        return (f"Battery {percent} %", f"{percent} %")
    if status.slowed:
        return (f"Hot: {status.temperature_c} °C", f"{status.temperature_c} °C")
    if not status.clock_set:
        return ("Clock not set", "No clock")
    return (f"{percent} %",) if percent is not None and info == "full" else ("",)
