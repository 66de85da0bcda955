"""How many photographs may wait for the card in the memory that a machine has left.

A photograph that waits takes its mosaic and its preview: 26 MB of 4056 x 3040 photosites. One at a time is made into
files, which takes nine bytes more for each photosite, 111 MB: measured on x86-64 as the growth of the resident set
(VmHWM), 19 MB for a packed DNG that stays until the JPEG is safe and 91 MB while that is made. With a map of hot
pixels it is two bytes more, the mended copy, which are not reckoned with. With six buffers of a sensor yet to be had,
and one photograph of the card that is looked at, this makes five places of 600 MB that are available, two of 512, and
one of what a Zero 2 W, with 512 MB in all, can have left.
"""

import ctypes
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
MAKING_BYTES = 9  # for each photosite, while the files of one photograph are made
OTHERS_BYTES = 160 << 20  # viewfinder and page, which start later (48 and 29 MB of their own), kernels yet to be loaded
FRAMES_OF_FILM_MIN, FRAMES_OF_FILM_MAX = 6, 150  # without the former there is no film; the latter is 5 s of 30


def available_bytes(meminfo: Path = MEMINFO) -> int | None:
    """What can still be had without swapping, as the kernel reckons it; None where it does not say."""
    lines = meminfo.read_text("ascii").splitlines() if meminfo.is_file() else []
    found = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return None if found is None else int(found) * 1024


def give_back() -> None:
    """Hand to the system what was freed between blocks that stay: by itself glibc does so only at its heap's end."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries have none
        trim(0)


def waiting_bytes(photosites: int, preview_pixels: int) -> int:
    """What a photograph takes while it waits: uint16 for each photosite, and its preview in YUV 4:2:0."""
    return 2 * photosites + preview_pixels * 3 // 2


def frames_of_film(photosites: int, available: int | None) -> int:
    """How many frames of film may wait for the card, and as many from before a clip: a third of what is left each.

    Args:
        photosites: of a frame.
        available: bytes; None is unknown.
    """
    if available is None:
        return FRAMES_OF_FILM_MAX
    return max(FRAMES_OF_FILM_MIN, min(FRAMES_OF_FILM_MAX, (available - OTHERS_BYTES) // 3 // (2 * photosites)))


def places(wanted: int, photosites: int, preview_pixels: int, buffers: int, available: int | None) -> int:
    """How many photographs may wait: as many as wanted, fewer where memory is short, but one always.

    Args:
        wanted: at most so many.
        photosites: of the sensor.
        preview_pixels: of a frame's preview, the largest.
        buffers: frames that the sensor is yet to have at once.
        available: bytes; None is unknown, and then nothing is held back.
    """
    if available is None:
        return wanted
    each = waiting_bytes(photosites, preview_pixels)
    room = available - OTHERS_BYTES - MAKING_BYTES * photosites - (buffers + 1) * each  # one is looked at
    return max(1, min(wanted, room // each))
