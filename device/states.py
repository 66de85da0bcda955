"""The camera's state as its clients see it, a section to a subject; kept by the daemon, told through `protocol.py`.

What a press sets going is in `shooting_states.py`, what a person looks at in `face_states.py`.
"""

from typing import Literal

from device.face_states import MenuState, ReviewState, ViewfinderState, ViewState
from device.shooting_states import DriveState, FilmState, ShootingState, TimingState
from device.strict import Struct

CameraState = Literal["idle", "live", "armed", "exposing", "busy", "faulted", "asleep"]
ExposureMode = Literal["A", "M"]
Metering = Literal["multi", "centre", "spot", "highlight"]
WhiteBalanceMode = Literal["auto", "daylight", "cloudy", "shade", "tungsten", "fluorescent", "kelvin", "grey"]
AntiFlicker = Literal["off", "50 Hz", "60 Hz"]  # of the mains
SlowestShutter = Literal["auto", "fixed"]
CardState = Literal["ok", "full", "missing", "read-only"]


class SensorState(Struct, frozen=True):
    """What the sensor really gives."""

    model: str = ""
    setting: str = "smooth"
    width: int = 0
    height: int = 0
    bits: int = 0
    raw_format: str = ""
    cfa: str = ""
    frames_per_s: float = 0.0  # measured over the last second or so
    dropped: int = 0
    crop_factor: float = 1.0
    hot_pixels: int = 0  # that `mcam hotpixels` found, and JPEGs go without


class ExposureState(Struct, frozen=True):
    """What the photographer set, and what the camera makes of it."""

    mode: ExposureMode = "A"
    auto_iso: bool = True
    ev: float = 0.0  # compensation, stops
    shutter_us: int = 10_000  # of the next shot; of a stored frame its own; 0 is unknown
    iso: int = 100  # likewise
    off_ev: float | None = None  # by which the next shot is brighter than metered, in thirds; None is unknown
    locked: bool = False  # half-pressed: what was metered stands
    flickers: bool = False  # the light is too bright for a shutter that suits the mains
    metering: Metering = "multi"
    highlight_share: float = 0.1  # percent of a channel that may clip with "highlight"
    lock_on_half_press: bool = True
    anti_flicker: AntiFlicker = "off"
    slowest_shutter: SlowestShutter = "auto"  # before auto ISO raises the gain: by the lens, or `slowest_shutter_us`
    slowest_shutter_factor: float = 1.0  # 1 / (factor x equivalent focal length)
    slowest_shutter_us: int = 20_000
    iso_max: int = 1600
    set_shutter_us: int = 10_000  # what M uses
    set_iso: int = 100  # what is used without auto ISO
    f_number: float | None = None  # what the user says is set on the lens; None is unknown


class WhiteBalanceState(Struct, frozen=True):
    """What is taken for grey."""

    mode: WhiteBalanceMode = "auto"  # "grey" is "auto" until a grey point is picked
    kelvin: int = 5500  # of "kelvin"
    grey_red: float = 0.0  # of the grey point that was picked, to green: camera RGB; 0 is none
    grey_blue: float = 0.0
    temperature_k: int = 0  # of the light that the next shot is balanced for; 0 is unknown


class LensState(Struct, frozen=True):
    """The lens in use."""

    key: str = "none"  # its name in the drawer
    maker: str = ""
    name: str = ""
    focal_length_mm: float | None = None  # None is unknown, here and below
    focal_lengths_mm: tuple[float, ...] = ()  # all that can be chosen, of a lens that has several
    max_aperture: float | None = None
    min_aperture: float | None = None
    flat_field: bool = True  # whether photographs shall be corrected by what was measured
    flattened: bool = False  # whether they are: it was measured near that aperture
    circle_of_confusion: Literal["pixel", "diagonal"] = "pixel"  # the rule
    circle_of_confusion_um: float = 0.0  # what it makes of this sensor
    hyperfocal_m: float | None = None
    near_m: float | None = None  # from where it is sharp, where the distance in focus is known
    far_m: float | None = None  # to where; with a near limit, None is infinity, which JSON cannot say


class LensEntry(Struct, frozen=True):
    """A lens of the drawer."""

    key: str
    maker: str
    name: str
    focal_lengths_mm: tuple[float, ...]  # the only one, or all; empty is unknown
    max_aperture: float | None
    code: int | None  # the six bits on its flange


class CardStatus(Struct, frozen=True):
    """Where the pictures go."""

    state: CardState = "ok"
    folder: str = ""
    shots_left: int = 0
    queued: int = 0  # photographs taken and not yet safe on the card
    queue_size: int = 0
    last: str = ""  # "100MCAM_/MCAM0001": the newest photograph, without suffix
    deleted: int = 0  # photographs that Undelete can still bring back
    changes: int = 0  # grows when photographs were rated, protected, deleted or brought back: who lists them looks anew
    fix_bad_pixels: bool = False  # the DNG tells an editor where hot pixels are


class BenchState(Struct, frozen=True):
    """The rings of a simulated lens; all None with a real one."""

    simulated: bool = False
    focus_m: float | None = None  # None is infinity, which JSON cannot say
    f_number: float | None = None
    light_ev: float | None = None


class PowerState(Struct, frozen=True):
    """What the photographer set of it."""

    sleep_after_s: int = 60  # seconds without a touch; 0 is never


class StatusState(Struct, frozen=True):
    """How the camera's body stands."""

    battery_percent: int | None = None  # None: no gauge that Linux knows of
    charging: bool | None = None  # None is unknown
    temperature_c: int | None = None  # of the processor; None is unknown
    slowed: bool = False  # by its heat
    clock_set: bool = True


class State(Struct, frozen=True):
    """Everything there is to know. A client that connects gets this first."""

    camera: CameraState = "idle"
    message: str = ""  # one sentence when something is wrong, else empty
    sensor: SensorState = SensorState()
    exposure: ExposureState = ExposureState()
    white_balance: WhiteBalanceState = WhiteBalanceState()
    lens: LensState = LensState()
    card: CardStatus = CardStatus()
    view: ViewState = ViewState()
    film: FilmState = FilmState()
    bench: BenchState = BenchState()
    power: PowerState = PowerState()
    status: StatusState = StatusState()
    menu: MenuState = MenuState()
    review: ReviewState = ReviewState()
    viewfinder: ViewfinderState = ViewfinderState()
    drive: DriveState = DriveState()
    shooting: ShootingState = ShootingState()
    timing: TimingState = TimingState()
