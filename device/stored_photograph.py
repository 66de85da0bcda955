"""A photograph from the DNG that we made of it: what a JPEG of it needs, told by the file alone."""

import math
import re
import struct

import numpy as np

from device import dng, dng_tags, exif, opcodes, stored_mosaic, tiff
from device.decisions import Decisions
from device.dust import NO_DUST, Dust, decoded
from device.errors import BadPicture, BadValue
from device.flat_field import NO_GAINS, Gains
from device.frame import Cfa, Colour, Exposure, Frame, Levels, Matrix, Noise, Preview, Raw, SensorFacts
from device.lens import Lens
from device.photograph import Orientation, Photograph
from device.summed import Summed
from device.tiff import Bytes, Ifd

# What tags that another program changed lead to.
DAMAGE = (ArithmeticError, ValueError, IndexError, KeyError, TypeError, struct.error)

_COMMENT = re.compile(
    r"began ([\d.]+) ms (before|after) the press; raw (\d+)-bit \w+(?:; (\d+)(?: of (\d+))?)?"
    r"(?:; sum of (\d+) exposures, (\d+) missing, ([\d.]+) % of ([\d.]+) s not exposed)?\."
)  # as `exif.press` writes it
_NO_PREVIEW = Preview(*(np.zeros((2, 2), np.uint8) for _ in range(3)))  # the screen's, which no file is made of


def read(data: Bytes) -> Photograph:
    """The photograph that a DNG of ours holds.

    Returns:
        As it was when the DNG was made, to the digits that the DNG gives. Its frame has no preview; of the opcodes only
        the flat field is read, as no JPEG is made by the others.

    Raises:
        BadPicture: it is not whole, or none of ours.
    """
    if not dng.is_whole(data):
        raise BadPicture("it is not whole")
    try:
        return _read(data)
    except BadPicture:
        raise
    except DAMAGE as error:
        raise BadPicture("another program changed its tags") from error


def _read(data: Bytes) -> Photograph:
    ifds = tiff.read(data)
    raw = dng.raw_ifd(ifds)
    mosaic = np.empty((0, 0) if raw is None else stored_mosaic.shape(raw), np.uint16)
    taken = described(ifds, mosaic)
    for part in stored_mosaic.parts(raw) if raw else ():
        stored_mosaic.read_part(data, part, mosaic)
    return taken


def described(ifds: list[Ifd], mosaic: Raw) -> Photograph:
    """The same of a mosaic that is at hand, or yet to be read into that array.

    Raises:
        BadPicture: the directories are none of ours.
    """
    raw, comment = dng.raw_ifd(ifds), _COMMENT.search(_comment(ifds))
    if raw is None or comment is None or not tiff.find_text(ifds, 305).startswith(exif.MAKER):
        raise BadPicture("another program made or changed it")
    offset_ms, side, bits, number, of, *summed = comment.groups()
    wall_ns, sequence = struct.unpack(">qI", bytes(map(int, tiff.find(ifds, dng_tags.RAW_DATA_UNIQUE_ID)[:12])))
    frame = _frame(mosaic, ifds, raw, sequence, int(bits))
    return Photograph(
        frame=frame,
        facts=_facts(ifds, frame),
        lens=_lens(ifds),
        f_number=_number(ifds, 33437) or None,
        wall_ns=wall_ns,
        utc_offset_s=_utc_offset_s(tiff.find_text(ifds, 36881)),
        press_offset_ns=round(float(offset_ms) * 1e6) * (-1 if side == "before" else 1),
        bias_ev=_number(ifds, 37380),
        number=int(number or 0),
        of=int(of or 0),
        decisions=Decisions(*(int(_number(ifds, tag)) for tag in (34850, 37383, 37384))),
        orientation=_orientation(ifds),
        gains=_gains(raw, frame.cfa),
        dust=_dust(ifds),
        summed=_summed(*summed),
    )


def _summed(frames: str | None, lost: str, dark_percent: str, span_s: str) -> Summed | None:
    """What it was added up of, to the digits of the comment."""
    if frames is None:
        return None
    span_ns = round(float(span_s) * 1e9)
    return Summed(int(frames), int(lost), span_ns, round(float(dark_percent) / 100 * span_ns))


def _orientation(ifds: list[Ifd]) -> Orientation:
    try:
        return Orientation(int(_number(ifds, 274)))
    except ValueError as error:
        raise BadPicture("another program mirrored it") from error


def _gains(raw: Ifd, cfa: Cfa) -> Gains:
    """Of the flat field; the other opcodes stay in the DNG, as no JPEG is made by them."""
    try:
        gains = opcodes.gains_in(bytes(raw.entries[51009].data), cfa) if 51009 in raw.entries else None  # OpcodeList2
    except (struct.error, ValueError) as error:
        raise BadPicture("another program changed its opcodes") from error
    return NO_GAINS if gains is None else gains


def _dust(ifds: list[Ifd]) -> Dust:
    """What lay on the sensor, as it was known when the photograph was taken."""
    entries = (ifd.entries[dng_tags.PRIVATE_DATA] for ifd in ifds if dng_tags.PRIVATE_DATA in ifd.entries)
    data = next((bytes(entry.data) for entry in entries), b"")
    if not data.startswith(dng_tags.PRIVATE_HEAD):
        return NO_DUST
    try:
        return decoded(data.removeprefix(dng_tags.PRIVATE_HEAD))
    except BadValue as error:
        raise BadPicture("another program changed what it tells of dust") from error


def _comment(ifds: list[Ifd]) -> str:
    """UserComment, behind the eight bytes that name its alphabet."""
    found = (bytes(ifd.entries[37510].data)[8:].decode("ascii", "replace") for ifd in ifds if 37510 in ifd.entries)
    return next(found, "")


def _frame(mosaic: Raw, ifds: list[Ifd], raw: Ifd, sequence: int, bits: int) -> Frame:
    cfa = Cfa("".join("RGB"[colour] for colour in raw.integers(33422)))
    black = [raw.numbers(50714)[place] for place in cfa.places]
    levels = Levels((black[0], black[1], black[2], black[3]), raw.integers(50717)[0])
    if bits > 16 or not all(level < levels.white < 2**16 for level in levels.black):
        raise BadPicture("another program changed its levels")
    scale, offset = tiff.find(ifds, 51041)[2:4]  # NoiseProfile: the greens'
    full_dn = levels.white - levels.green_black
    red, green, blue = tiff.find(ifds, 50728)  # AsShotNeutral
    return Frame(
        sequence=sequence,
        sensor_timestamp_ns=0,
        raw=mosaic,
        bits=bits,
        cfa=cfa,
        levels=levels,
        noise=Noise(scale * full_dn, offset * full_dn**2),
        exposure=Exposure(round(_number(ifds, 33434) * 1e6), _number(ifds, 34866) / 100),
        neutral=(red, green, blue),
        preview=_NO_PREVIEW,
    )


def _facts(ifds: list[Ifd], frame: Frame) -> SensorFacts:
    """Of the sensor as far as a file of ours tells; what it could have been set to is no longer known."""
    rows, columns = frame.raw.shape
    exposure = frame.exposure
    return SensorFacts(
        model=tiff.find_text(ifds, 272),
        width=columns,
        height=rows,
        pixel_pitch_um=10_000 / _number(ifds, 41486),
        gain_min=exposure.gain,
        gain_max=exposure.gain,
        exposure_min_us=exposure.exposure_us,
        exposure_max_us=exposure.exposure_us,
        colour=_colour(ifds),
    )


def _colour(ifds: list[Ifd]) -> Colour:
    pairs = [(tiff.find(ifds, matrix), tiff.find(ifds, light)) for matrix, light in ((50721, 50778), (50722, 50779))]
    known = [(_matrix(matrix), int(light[0])) for matrix, light in pairs if matrix and light]
    return Colour(tuple(matrix for matrix, _ in known), tuple(light for _, light in known))


def _matrix(values: tuple[float, ...]) -> Matrix:
    a, b, c, d, e, f, g, h, i = values
    return (a, b, c), (d, e, f), (g, h, i)


def _lens(ifds: list[Ifd]) -> Lens:
    """As far as a file tells: of a lens of several focal lengths the shortest and the longest, and the one used."""
    shortest, longest, widest = (*tiff.find(ifds, 42034), math.nan, math.nan, math.nan)[:3]  # LensSpecification
    return Lens(
        key="",
        name=tiff.find_text(ifds, 42036),
        maker=tiff.find_text(ifds, 42035),
        focal_length_mm=_number(ifds, 37386),
        max_aperture=widest if math.isfinite(widest) else 0.0,  # 0/0 is unknown
        focal_lengths_mm=(shortest, longest) if shortest < longest else (),
    )


def _number(ifds: list[Ifd], tag: int) -> float:
    """The first value of a tag, 0 where it is absent."""
    return next(iter(tiff.find(ifds, tag)), 0.0)


def _utc_offset_s(text: str) -> int:
    """Of "+01:00" for instance."""
    hours, _, minutes = text[1:].partition(":")
    return (int(hours) * 3600 + int(minutes) * 60) * (-1 if text[0] == "-" else 1)
