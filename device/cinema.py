"""A clip as a CinemaDNG sequence (Adobe, CinemaDNG Image Data Format Specification 1.1.0.0): a DNG for each frame.

The mosaic is in IFD0 and nothing else is in the file: no thumbnail and no preview are made, so a frame costs no more
than its RAW. Only bytes are made here; `recording.py` puts them on the card.
"""

from dataclasses import dataclass
from fractions import Fraction

from device import dng
from device.buffers import Bytes
from device.dng import FrameMarks, RawForm
from device.errors import BadValue
from device.photograph import Photograph

COUNTED_MAX = 40  # frames a second: a time code has two bits for the tens of a frame's number


@dataclass(frozen=True, slots=True)
class Clip:
    """What the frames of a clip have in common.

    Attributes:
        reel: its name, or "".
        first: the frame that it begins with.
        taken_per_s: frames that were asked of the sensor.
        played_per_s: and that it is to be played with: fewer, for slow motion.
    """

    reel: str
    first: Photograph
    taken_per_s: Fraction
    played_per_s: Fraction

    def index(self, photograph: Photograph) -> int:
        """Which frame of the clip a photograph is, from 0. One that was not taken is counted all the same."""
        later_ns = photograph.frame.sensor_timestamp_ns - self.first.frame.sensor_timestamp_ns
        return round(Fraction(later_ns, 1_000_000_000) * self.taken_per_s)


def encode(photograph: Photograph, clip: Clip, raw: RawForm = "lossless") -> list[Bytes]:
    """One frame of a clip, as buffers to be written one after the other.

    A frame that was not taken leaves a gap in the time codes of those around it.

    Args:
        photograph: the frame.
        clip: that it belongs to.
        raw: as in `dng.encode`.

    Raises:
        BadValue: no time code can count that many frames a second.
    """
    if not 0 < clip.played_per_s <= COUNTED_MAX:
        rate = clip.played_per_s
        raise BadValue(f"A clip is played with up to {COUNTED_MAX} frames a second, not {rate}: choose a slower rate.")
    frame = _since_midnight(clip.first, clip.played_per_s) + clip.index(photograph)
    return dng.encode_frame(
        photograph, FrameMarks(clip.played_per_s, time_code(frame, clip.played_per_s), clip.reel), raw
    )


def time_code(frame: int, frame_rate: Fraction) -> bytes:
    """SMPTE 12M without dropped numbers, in the eight bytes of SMPTE 331M, which CinemaDNG's TimeCodes takes.

    Frames, seconds, minutes and hours as two decimal digits each, the units in the lower half of a byte; then four
    bytes for the user, empty here.

    Args:
        frame: since midnight.
        frame_rate: of which a time code knows the nearest whole number: 24 for 24000/1001.
    """
    seconds, frames = divmod(frame, _counted(frame_rate))
    minutes, hours = seconds // 60, seconds // 3600 % 24
    digits = (frames, seconds % 60, minutes % 60, hours)
    return bytes(value // 10 << 4 | value % 10 for value in digits) + bytes(4)


def _counted(frame_rate: Fraction) -> int:
    return max(1, round(frame_rate))


def _since_midnight(photograph: Photograph, frame_rate: Fraction) -> int:
    at = photograph.taken_at
    seconds = Fraction(at.microsecond, 1_000_000) + at.second + 60 * at.minute + 3600 * at.hour
    return int(seconds * _counted(frame_rate))
