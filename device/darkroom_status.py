"""What the darkroom tells of itself and of its card."""

from dataclasses import dataclass

from device.storage import CardState


@dataclass(frozen=True, slots=True)
class Status:
    """How the darkroom stands, from memory: asking never touches the card."""

    queued: int  # photographs taken and not yet safe
    size: int
    is_full: bool  # counting the places that are reserved
    card: CardState
    sentence: str  # what is wrong with the card, or empty
    shots_left: int
    last: str  # the newest photograph on the card, "" when there is none
