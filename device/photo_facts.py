"""What a photograph tells of how it was taken: from its file, or before there is one. Pure."""

import math

from device import tiff
from device.dng import raw_ifd
from device.face_states import PhotoFacts
from device.photograph import Orientation, Photograph
from device.tiff import Ifd

TEXT_MAX = 80  # characters; other programs' texts may be of any length


def of_file(ifds: list[Ifd], size_bytes: int) -> PhotoFacts:
    """From the tags of TIFF 6.0 and EXIF 2.32; what is absent or senseless is unknown.

    Args:
        ifds: of a DNG, or of a JPEG's EXIF.
        size_bytes: of all files of the photograph.
    """
    raw = raw_ifd(ifds)
    columns, rows = (_whole(ifds if raw is None else [raw], *tags) for tags in ((256, 0xA002), (257, 0xA003)))
    return PhotoFacts(
        camera=_text(ifds, 272),
        lens=_text(ifds, 42036),
        taken_at=_text(ifds, 36867),
        exposure_us=_whole(ifds, 33434, times=1_000_000),
        iso=_whole(ifds, 34866, 34855),
        f_number=_number(ifds, 33437),
        focal_length_mm=_number(ifds, 37386),
        columns=columns,
        rows=rows,
        bits=0 if raw is None else _whole([raw], 258),
        bytes=size_bytes,
        orientation=_orientation(ifds),
    )


def of_photograph(photograph: Photograph) -> PhotoFacts:
    """The same, from memory."""
    frame, lens = photograph.frame, photograph.lens
    rows, columns = frame.raw.shape
    return PhotoFacts(
        camera=photograph.facts.model,
        lens=lens.name,
        taken_at=f"{photograph.taken_at:%Y:%m:%d %H:%M:%S}",
        exposure_us=frame.exposure.exposure_us,
        iso=photograph.iso,
        f_number=photograph.f_number,
        focal_length_mm=lens.focal_length_mm or None,
        columns=columns,
        rows=rows,
        bits=frame.bits,
        orientation=int(photograph.orientation),
    )


def _orientation(ifds: list[Ifd]) -> int:
    """Of the four that a camera is held in; mirrored pictures are none of them."""
    told = _whole(ifds, 274)
    return told if told in set(Orientation) else Orientation.UPRIGHT.value


def _text(ifds: list[Ifd], tag: int) -> str:
    return tiff.find_text(ifds, tag)[:TEXT_MAX]


def _number(ifds: list[Ifd], *tags: int) -> float | None:
    """The first of these that is there, positive and finite."""
    for tag in tags:
        value = next(iter(tiff.find(ifds, tag)), 0.0)
        if math.isfinite(value) and 0 < value < 1e12:
            return round(value, 6)
    return None


def _whole(ifds: list[Ifd], *tags: int, times: int = 1) -> int:
    return round((_number(ifds, *tags) or 0) * times)
