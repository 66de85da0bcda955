"""A burst as a CinemaDNG sequence (Adobe, CinemaDNG Image Data Format Specification 1.1.0.0): a DNG for each frame.

The mosaic is in IFD0 and nothing else is in the file: no thumbnail and no preview are made, so a frame costs no more
than its RAW. Only bytes are made here; `Card.write` puts each file on the card.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from device import dng
from device.dng import FrameMarks, RawForm
from device.errors import BadValue
from device.ljpeg import Each
from device.photograph import Photograph
from device.tiff import Bytes

COUNTED_MAX = 40  # frames a second: a time code has two bits for the tens of a frame's number


def sequence(
    photographs: Sequence[Photograph],
    frame_rate: Fraction,
    reel: str = "",
    raw: RawForm = "lossless",
    each: Each = map,
) -> Iterator[tuple[str, list[Bytes]]]:
    """Frame after frame, each made when it is asked for.

    Args:
        photographs: in the order they were taken.
        frame_rate: to be played with, per second. A frame that was not taken leaves a gap in the time codes, not in
            the numbers of the files.
        reel: the clip's name, or "".
        raw: as in `dng.encode`.
        each: as in `ljpeg.encode`.

    Yields:
        What the file's name ends in, "000001.DNG", and its buffers.

    Raises:
        BadValue: no time code can count that many frames a second.
    """
    if not 0 < frame_rate <= COUNTED_MAX:
        raise BadValue(f"A sequence has up to {COUNTED_MAX} frames a second, not {frame_rate}: choose a slower rate.")
    start_ns = photographs[0].wall_ns if photographs else 0
    for number, photograph in enumerate(photographs, 1):
        later = round(Fraction(photograph.wall_ns - start_ns, 1_000_000_000) * frame_rate)
        marks = FrameMarks(frame_rate, time_code(_since_midnight(photographs[0], frame_rate) + later, frame_rate), reel)
        yield f"{number:06}.DNG", dng.encode_frame(photograph, marks, raw, each)


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
