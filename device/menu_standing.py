"""The figures on the menu's page of status: battery, temperature, photographs left, clock. Pure."""

from dataclasses import dataclass

from device.engraved import UNKNOWN
from device.languages import Words
from device.states import StatusState


@dataclass(frozen=True, slots=True)
class Standing:
    """How camera and card stand."""

    body: StatusState
    shots_left: int

    def told(self, row: str, words: Words) -> str:
        """What stands beside a row of `menu_pages.STATUS`."""
        body = self.body
        if row == "status.battery":
            return _battery(body, words)
        if row == "status.temperature":
            return UNKNOWN if body.temperature_c is None else f"{body.temperature_c} °C"
        if row == "status.card":
            return f"{self.shots_left}"
        return words.value["clock.set" if body.clock_set else "clock.unset"]


def _battery(body: StatusState, words: Words) -> str:
    if body.battery_percent is None:
        return words.value["no_gauge"]
    return f"{body.battery_percent} %" + (" +" if body.charging else "")
