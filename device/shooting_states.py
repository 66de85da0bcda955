"""What the shutter does, as clients see it: how it is set, what a press has set going, how quick it was; and film."""

from typing import Literal

from device.strict import Struct

FilmMode = Literal["off", "cinema", "slow-motion"]
FrameRate = Literal[24, 25, 30]
SlowRate = Literal[60, 90, 120]
DriveMode = Literal[
    "single", "continuous-low", "continuous-high", "timer-2", "timer-10", "interval", "bracketing", "best-of-rack",
    "trap-focus", "bulb",
]  # fmt: skip
BracketFrames = Literal[3, 5, 7]
BulbEnd = Literal["hold", "press"]
BracketStep = Literal["1/3", "1/2", "2/3", "1", "2"]
Shooting = Literal["", "burst", "timer", "interval", "bracket", "long", "rack", "trap", "bulb"]


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
    bulb: BulbEnd = "hold"  # open while S2 is held, or from one press to the next
    bulb_longest_s: float = 1800.0  # then it ends by itself


class ShootingState(Struct, frozen=True):
    """What a press of the shutter has set going, as long as it goes on."""

    kind: Shooting = ""
    taken: int = 0  # photographs; of a bulb exposure, exposures that were added up
    total: int = 0  # of so many; 0: nobody knows
    remaining_s: int = 0  # until the next photograph, or until a long exposure ends; begun seconds count
    elapsed_s: int = 0  # of a long exposure
    missed: int = 0  # that could not be taken; of a bulb exposure, exposures that are missing in it
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
    bulb_frames: int = 0  # exposures that the last bulb exposure was added up of
    bulb_lost: int = 0  # that are missing in it
    bulb_span_us: int = 0  # from its beginning to its end
    bulb_dark_us: int = 0  # of that, during which nothing was exposed


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
