"""The camera's state as its clients see it, a section to a subject; kept by the daemon, told through `protocol.py`."""

from typing import Literal

import msgspec

CameraState = Literal["idle", "live", "armed", "exposing", "busy", "faulted", "asleep"]
ExposureMode = Literal["A", "M"]
Metering = Literal["multi", "centre", "spot", "highlight"]
WhiteBalanceMode = Literal["auto", "daylight", "cloudy", "shade", "tungsten", "fluorescent", "kelvin", "grey"]
AntiFlicker = Literal["off", "50 Hz", "60 Hz"]  # of the mains
SlowestShutter = Literal["auto", "fixed"]
InfoLevel = Literal["clean", "basic", "full"]
Magnification = Literal[1, 2]
Aspect = Literal["off", "3:2", "16:9", "65:24", "1:1", "4:5"]
PeakingStrength = Literal["low", "medium", "high"]
PeakingColour = Literal["red", "green", "blue", "yellow", "white"]
Waveform = Literal["off", "luma", "rgb"]
FilmMode = Literal["off", "cinema", "slow-motion"]
FrameRate = Literal[24, 25, 30]
SlowRate = Literal[60, 90, 120]
CardState = Literal["ok", "full", "missing", "read-only"]
ReviewPage = Literal["picture", "histogram", "exif"]
ReviewChoice = Literal["rate", "protect", "delete", "undo", "keep", "really-delete"]  # the last two answer a question
RawStanding = Literal["none", "reading", "ready"]  # whether the tools can tell of a photograph's RAW
RowKind = Literal["page", "choice", "number", "action", "told"]
DriveMode = Literal[
    "single", "continuous-low", "continuous-high", "timer-2", "timer-10", "interval", "bracketing", "best-of-rack",
    "trap-focus",
]  # fmt: skip
BracketFrames = Literal[3, 5, 7]
BracketStep = Literal["1/3", "1/2", "2/3", "1", "2"]
Shooting = Literal["", "burst", "timer", "interval", "bracket", "long", "rack", "trap"]


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen, and strict about what it is given."""


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


class ViewState(Struct, frozen=True):
    """What the viewfinder shows; kept by the daemon so that a restarted viewfinder loses nothing."""

    info: InfoLevel = "full"
    peaking: bool = True
    peaking_strength: PeakingStrength = "medium"  # low marks only the sharpest, high also what is nearly sharp
    peaking_colour: PeakingColour = "red"
    zebra: bool = True
    histogram: bool = True
    focus_meter: bool = True
    grid: bool = False
    zebra_level: int = 0  # IRE of the developed picture, 70 to 100; 0 is off
    underexposure: bool = False
    false_colour: bool = False
    waveform: Waveform = "off"
    spot: bool = False
    magnifier: bool = False
    magnification: Magnification = 1  # panel pixels to a photosite, each way
    magnifier_x: float = 0.5  # where it looks, as a share of the picture's width from the left
    magnifier_y: float = 0.5  # and of its height from the top
    split: bool = False  # the magnifier beside the whole picture rather than in its place
    centre: bool = False
    frame_lines: bool = False  # what 28 to 90 mm would see on full frame
    aspect: Aspect = "off"
    ghost: bool = False  # the last photograph, faintly
    level: bool = False
    review_s: int = 0  # how long a photograph is shown after the shot, seconds; 0 is off
    language: str = "en"  # of menu and viewfinder: a name of languages.languages()
    highlight: str = "shutter"  # the item that the encoder changes: a name in dials.ITEMS


class DriveState(Struct, frozen=True):
    """What the photographer set of the shutter."""

    mode: DriveMode = "single"
    pre_capture_frames: int = 0  # frames of before a press that are kept while armed, as far as memory goes
    bracket_frames: BracketFrames = 3
    bracket_ev: BracketStep = "1"  # from one photograph to the next, stops
    interval_s: float = 10.0  # from one photograph to the next
    interval_frames: int = 0  # 0: until the shutter is pressed again
    interval_delay_s: float = 0.0  # from the press to the first
    rack_keep: int = 3  # best of rack keeps so many


class ShootingState(Struct, frozen=True):
    """What a press of the shutter has set going, as long as it goes on."""

    kind: Shooting = ""
    taken: int = 0  # photographs
    total: int = 0  # of so many; 0: nobody knows
    remaining_s: int = 0  # until the next photograph, or until a long exposure ends; begun seconds count
    elapsed_s: int = 0  # of a long exposure
    missed: int = 0  # that could not be taken
    held_up: bool = False  # it waits for room in the queue


class TimingState(Struct, frozen=True):
    """How quick the shutter is, by the sensor's timestamps; 0 where nothing was measured yet.

    `press` is from a press in the armed setting to the start of the exposure that it got, of the last hundred presses;
    `shot` from one exposure's start to the next one's, within the last burst.
    """

    presses: int = 0  # of which the figures are
    press_last_us: int = 0
    press_median_us: int = 0
    press_worst_us: int = 0
    press_worst_frames: float = 0.0  # the same in frame times
    press_from_live_us: int = 0  # the last that had to wait for full resolution, or for a long exposure's beginning
    frame_us: int = 0  # the armed setting's frame time, as granted
    burst: int = 0  # photographs of the last burst
    shot_median_us: int = 0
    shot_worst_us: int = 0
    lost: int = 0  # frames that the armed sensor took and that never came
    queue_full: int = 0  # times that a photograph was wanted and no more could wait for the card


class FilmState(Struct, frozen=True):
    """What was set for filming, and the clip that is being recorded, or was last."""

    mode: FilmMode = "off"
    frames_per_s: FrameRate = 24  # that a clip is played with, and taken with but for slow motion
    slow_frames_per_s: SlowRate = 120  # that slow motion is taken with
    pre_roll_s: float = 0.0  # from before the start
    recording: bool = False
    reel: str = ""  # "CLIP0001"
    frames: int = 0
    lost: int = 0  # frames that are missing in it
    waiting: int = 0  # for the card
    held_per_s: float = 0.0  # frames that the card was measured to hold; 0 is unknown
    sentence: str = ""  # why it ended by itself


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


class MenuRow(Struct, frozen=True):
    """One line of the menu, in the user's language."""

    label: str
    value: str = ""  # as it is set; empty where there is nothing to set
    help: str = ""  # one line
    kind: RowKind = "choice"


class MenuState(Struct, frozen=True):
    """What of the menu is to be drawn: a page of it, or a question with its answers as rows; nothing when closed."""

    open: bool = False
    title: str = ""
    question: str = ""  # of a dialog; empty on a page
    rows: tuple[MenuRow, ...] = ()
    cursor: int = 0  # the row that the buttons mean
    editing: bool = False  # up and down change that row's value, and do not leave it


class PhotoFacts(Struct, frozen=True):
    """What a photograph tells of how it was taken; 0, None and "" are unknown."""

    camera: str = ""
    lens: str = ""
    taken_at: str = ""  # "2026:03:01 14:15:16", local time, as EXIF writes it
    exposure_us: int = 0
    iso: int = 0
    f_number: float | None = None
    focal_length_mm: float | None = None
    columns: int = 0
    rows: int = 0
    bits: int = 0  # of its RAW
    bytes: int = 0  # of all its files


class ReviewState(Struct, frozen=True):
    """The photographs looked at: which, how, and what can be done with it."""

    open: bool = False
    picture: int = 0  # the number that it has in the preview ring; 0: none can be seen
    name: str = ""  # "100MCAM_/MCAM0001"; empty while it is not saved
    position: int = 0  # from 1, the oldest
    count: int = 0
    page: ReviewPage = "picture"
    zoom: bool = False
    magnification: Magnification = 1
    raw: RawStanding = "none"
    rating: int = 0  # 0 to 5; -1 is rejected, which other programs write
    protected: bool = False
    deleted: int = 0  # photographs that undoing would bring back
    choices: tuple[ReviewChoice, ...] = ()  # of the list or question that is open
    cursor: int = 0
    message: str = ""  # one sentence when something is wrong with it
    facts: PhotoFacts = PhotoFacts()


class ViewfinderState(Struct, frozen=True):
    """How large the viewfinder draws the picture, and how late; all 0 where none does."""

    columns: int = 0
    rows: int = 0
    delay_us: int = 0  # from a frame's end until its pixels are written: median of the last hundred or so,
    worst_us: int = 0  # and the longest of them


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
