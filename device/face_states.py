"""What a person looks at, as clients see it: the live view with its tools, the menu, the photographs."""

from typing import Literal

from device.strict import Struct

InfoLevel = Literal["clean", "basic", "full"]
Magnification = Literal[1, 2]
Aspect = Literal["off", "3:2", "16:9", "65:24", "1:1", "4:5"]
PeakingStrength = Literal["low", "medium", "high"]
PeakingColour = Literal["red", "green", "blue", "yellow", "white"]
Waveform = Literal["off", "luma", "rgb"]
ReviewPage = Literal["picture", "histogram", "exif"]
ReviewChoice = Literal["rate", "protect", "delete", "undo", "keep", "really-delete"]  # the last two answer a question
RawStanding = Literal["none", "reading", "ready"]  # whether the tools can tell of a photograph's RAW
RowKind = Literal["page", "choice", "number", "action", "told"]


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
    orientation: int = 1  # EXIF's: 3, 6 and 8 were taken with the camera turned


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
