"""How clips are numbered and named: `CINEMA/CLIP0001/CLIP0001_000001.DNG`.

A folder to a clip, as film editors want it, and outside DCIM: DCF knows photographs only, and a viewer that finds
thousands of frames among them is no pleasure. Pure: knows names and no files.
"""

import re
from collections.abc import Iterable

from device.errors import CardFull

CINEMA = "CINEMA"
LAST_CLIP = 9999

_CLIP = re.compile(r"CLIP(\d{4})", re.IGNORECASE | re.ASCII)
_PART = re.compile(r"\.(CLIP\d{4}_\d{6}\.DNG)\.part", re.ASCII)


def next_clip(names: Iterable[str]) -> str:
    """The clip after the highest of those names, which anything may have.

    Raises:
        CardFull: the numbers are used up.
    """
    number = max((int(match[1]) for name in names if (match := _CLIP.fullmatch(name))), default=0) + 1
    if number > LAST_CLIP:
        raise CardFull(f"The last number there is, CLIP{LAST_CLIP}, is used: put in an empty card.")
    return f"CLIP{number:04}"


def frame_name(clip: str, number: int) -> str:
    """Of a clip's frame, counted from 1."""
    return f"{clip}_{number:06}.DNG"


def is_clip(name: str) -> bool:
    """Whether a folder of that name holds a clip of ours."""
    return _CLIP.fullmatch(name) is not None


def final_name(part: str) -> str | None:
    """The name that an unfinished frame of ours was to get; None for any other file."""
    match = _PART.fullmatch(part)
    return match[1] if match else None
