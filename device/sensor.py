"""What the camera asks of any sensor.

Verbs in the order of life: `start`, then `wait` and `give_back` for each frame with `set` at any time, `stop`, and
once at the end `close`. A sensor may be started again after `stop`, in another setting. Calls come from one thread,
but for `set` and `balance`, which may come from any.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from device.dust import NO_DUST, Dust
from device.errors import NotSimulated
from device.flat_field import Gains
from device.frame import Cfa, Exposure, LiveFrame, SensorFacts, Triple
from device.hot_pixels import HotPixels


class Setting(StrEnum):
    """The ways a sensor runs: binned and quick for framing, every photosite for the shot, and two that film.

    Not every sensor has the last two: `Sensor.settings` tells.
    """

    SMOOTH = "smooth"
    ARMED = "armed"
    CINEMA = "cinema"
    SLOW_MOTION = "slow-motion"


TO_PHOTOGRAPH = frozenset({Setting.SMOOTH, Setting.ARMED})


@dataclass(frozen=True, slots=True)
class Granted:
    """What the sensor really gives after a start, read back and never assumed."""

    width: int
    height: int
    bits: int  # 0 without RAW
    cfa: Cfa | None  # None without RAW
    raw_format: str  # the stack's own name, "SBGGR12"; "" without RAW
    frame_duration_us: int
    readout_us: int = 0  # from a frame's timestamp until its last row is read; 0 where nobody knows
    covered: tuple[int, int] = (0, 0)  # columns and rows of full resolution that the picture is of; 0: all of them

    @property
    def gives_raw(self) -> bool:
        """Whether photographs can be made of its frames."""
        return self.bits > 0


class Sensor(Protocol):
    """A source of frames: `frame.Frame`, or nothing but `frame.LiveFrame` where the stack gives no RAW.

    Frames are lent: hold at most `buffers - 3` of them at once (research on picamera2 showed that a camera with fewer
    free buffers drops frames) and give each back exactly once, in any order. A frame given back may be overwritten.
    """

    @property
    def facts(self) -> SensorFacts:
        """What is true in every setting."""
        ...

    @property
    def buffers(self) -> int:
        """How many frames exist at once."""
        ...

    @property
    def settings(self) -> frozenset[Setting]:
        """Those it has: at least smooth and armed."""
        ...

    def start(self, setting: Setting, exposure: Exposure, frame_duration_us: int = 0) -> Granted:
        """Stream in that setting, the first frame already at that exposure; says what was really granted.

        Args:
            setting: one that the sensor has.
            exposure: of the first frames.
            frame_duration_us: from one frame to the next at least, as film wants it; 0: as short as can be.

        Raises:
            LossyRaw: the stack grants only a lossy format.
            NoCamera: there is nothing to start.
        """
        ...

    def wait(self, timeout_s: float) -> LiveFrame | None:
        """The next frame, lent; None when none came in time.

        Raises:
            CameraLost: the sensor went away.
        """
        ...

    def give_back(self, frame: LiveFrame) -> None:
        """End the loan of a frame."""
        ...

    def set(self, exposure: Exposure) -> None:
        """Ask for an exposure; it reaches the light frames later: believe each frame's own `exposure`."""
        ...

    def fit_previews(self, rows: int, columns: int) -> None:
        """Have previews as large as fits into that, so that nobody need scale them.

        From the next frame on, or from the next start where the camera's own hardware draws them; until then, and
        where the hardware cannot, they stay as they are.
        """
        ...

    def balance(self, neutral: Triple | None) -> None:
        """Ask for a white balance: camera RGB of grey, green = 1, or None for what the stack finds by itself.

        It is the preview's, and `Frame.neutral` tells which a frame has; the RAW has none.
        """
        ...

    def correct(self, gains: Gains) -> None:
        """Have previews corrected by that flat field of all that the sensor shows; NO_GAINS: not at all.

        Where the camera's own hardware draws them they stay as they are. The RAW is never corrected.
        """
        ...

    def mend(self, hot: HotPixels, dust: Dust = NO_DUST) -> None:
        """Have previews without these photosites and shadows where they are drawn of the mosaic; none: as it is.

        Where there are any, the mosaics lent from then on may be written to for a while, and must be as they were when
        they are given back.
        """
        ...

    def stop(self) -> None:
        """Stop streaming; frames still lent stay readable until given back."""
        ...

    def close(self) -> None:
        """Let the hardware go. Safe to call twice, and without `stop` first."""
        ...


class Bench(Protocol):
    """The optical bench in front of a simulated sensor: what a hand does to a real lens."""

    def turn(self, focus_m: float | None, f_number: float | None, light_ev: float | None) -> None:
        """Turn the focus ring, the aperture ring, or change the light in stops; None leaves a ring alone.

        Raises:
            NotSimulated: a real lens is turned by hand.
            BadValue: outside what the ring allows.
        """
        ...

    def position(self) -> tuple[float, float, float] | None:
        """Focus in metres (inf for infinity), f-number, light in stops; None where nobody can know."""
        ...


class RealLens:
    """The `Bench` in front of every sensor that is not simulated: a lens that only a hand can turn."""

    def turn(self, focus_m: float | None, f_number: float | None, light_ev: float | None) -> None:
        """Refuse."""
        del focus_m, f_number, light_ev
        raise NotSimulated

    def position(self) -> None:
        """Nobody can know."""
