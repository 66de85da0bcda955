"""Every message between the daemon and its clients, in one file and checked both ways; the state is in `states.py`.

`varlink.py` has how they travel, and the same interface in varlink's own language. A test holds the two together.
"""

from typing import Literal

from device.states import LensEntry, State
from device.strict import Struct

INTERFACE = "io.github.mcam"
MESSAGE_MAX = 64 * 1024  # bytes; the longest honest message, a map of hot pixels, is just shorter

ButtonName = Literal[
    "s1", "s2", "function", "up", "down", "left", "right", "ok", "encoder", "encoder_press", "menu", "playback", "back"
]


class Photo(Struct, frozen=True):
    """One photograph, as far as a client needs it."""

    name: str  # "100MCAM_/MCAM0001"
    files: list[str]  # paths below DCIM, the DNG first
    exposure_us: int = 0
    iso: int = 0
    taken_at: str = ""  # ISO 8601 with offset
    press_offset_us: int = 0  # start of the exposure minus the press


class Event(Struct, frozen=True):
    """Something that happened, told once."""

    kind: Literal["saved", "failed", "recovered", "warning", "button", "filmed"]
    photo: Photo | None = None
    text: str = ""


# ---- calls: method name -> parameters -> reply -------------------------------------------------------------------


class Nothing(Struct, frozen=True):
    """No parameters, or an empty reply."""


class GetStateReply(Struct, frozen=True):
    """Answer to GetState."""

    state: State


class MonitorReply(Struct, frozen=True):
    """One step of Monitor: first the full `state`, then only the sections of State that changed, or an event."""

    state: State | None = None
    changes: dict[str, object] | None = None
    event: Event | None = None


class SetCall(Struct, frozen=True):
    """Change a setting: a key such as "exposure.ev" or "view.peaking" and its value."""

    key: str
    value: bool | int | float | str | None


class ArmCall(Struct, frozen=True):
    """Half-press, and its release."""

    on: bool


class ShootCall(Struct, frozen=True):
    """Press the shutter. With `wait`, the answer comes when the picture is safe on the card."""

    count: int = 1
    wait: bool = True


class ShootReply(Struct, frozen=True):
    """The photographs, when they were waited for."""

    photos: list[Photo]


class ButtonCall(Struct, frozen=True):
    """A button of the page or the keyboard: down and, when it is let go, up; or steps of the encoder.

    A connection that ends lets go of what it held.
    """

    name: ButtonName
    down: bool = True
    steps: int = 0


class FocusCall(Struct, frozen=True):
    """Turn the rings of the simulated lens; None leaves a ring alone, `infinity` turns the focus to its stop."""

    focus_m: float | None = None
    infinity: bool = False
    f_number: float | None = None
    light_ev: float | None = None


class LookCall(Struct, frozen=True):
    """A viewfinder's room for the picture and for the magnifier's window, panel pixels."""

    columns: int
    rows: int
    magnifier_columns: int
    magnifier_rows: int


class ShownCall(Struct, frozen=True):
    """How long a viewfinder's last pictures took from a frame's end until their pixels were written."""

    delay_us: int  # the median
    worst_us: int


class AlbumCall(Struct, frozen=True):
    """The newest photographs, newest first."""

    limit: int = 12


class AlbumReply(Struct, frozen=True):
    """What is on the card."""

    photos: list[Photo]


class RateCall(Struct, frozen=True):
    """Stars for a photograph on the card, 0 to 5."""

    name: str  # "100MCAM_/MCAM0001"
    rating: int


class ProtectCall(Struct, frozen=True):
    """Protect a photograph from being deleted, or no longer."""

    name: str
    on: bool


class DeleteCall(Struct, frozen=True):
    """Delete a photograph; Undelete brings the last one back as long as `card.deleted` tells of some."""

    name: str


class FlatFieldCall(Struct, frozen=True):
    """What was measured of the lens in use: gains of the four channels, each a grid row by row over the frame.

    And the dust that was seen at it, as `device.dust.encoded` has it in base64.
    """

    f_number: float
    rows: int
    columns: int
    gains: list[float]
    dust: str = ""


class HotPixelsCall(Struct, frozen=True):
    """The sensor's hot pixels, counted in reading order: the first, then from each to the next; none forgets them."""

    rows: int
    columns: int
    steps: list[int]


class LensesReply(Struct, frozen=True):
    """The lens drawer; "none" is not told."""

    lenses: list[LensEntry]


class DiscardReply(Struct, frozen=True):
    """How many photographs will not be saved."""

    count: int


class ErrorReply(Struct, frozen=True):
    """Every error of ours: one sentence for the person."""

    message: str


CALLS: dict[str, type[Struct]] = {
    "GetState": Nothing,
    "Monitor": Nothing,
    "Set": SetCall,
    "Arm": ArmCall,
    "Shoot": ShootCall,
    "Button": ButtonCall,
    "Focus": FocusCall,
    "Look": LookCall,
    "Shown": ShownCall,
    "Album": AlbumCall,
    "Rate": RateCall,
    "Protect": ProtectCall,
    "Delete": DeleteCall,
    "Undelete": Nothing,
    "Lenses": Nothing,
    "FlatField": FlatFieldCall,
    "HotPixels": HotPixelsCall,
    "PickGrey": Nothing,
    "Discard": Nothing,
    "Reset": Nothing,
}
REPLIES: dict[str, type[Struct]] = {
    "GetState": GetStateReply,
    "Monitor": MonitorReply,
    "Set": Nothing,
    "Arm": Nothing,
    "Shoot": ShootReply,
    "Button": Nothing,
    "Focus": Nothing,
    "Look": Nothing,
    "Shown": Nothing,
    "Album": AlbumReply,
    "Rate": Nothing,
    "Protect": Nothing,
    "Delete": Nothing,
    "Undelete": Nothing,
    "Lenses": LensesReply,
    "FlatField": Nothing,
    "HotPixels": Nothing,
    "PickGrey": Nothing,
    "Discard": DiscardReply,
    "Reset": Nothing,
}
