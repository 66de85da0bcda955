"""Shutters that last whole flashes of a lamp on the mains, so that no band and no flicker shows. Pure.

Such a lamp flashes twice in each cycle of the mains: every 1/100 s at 50 Hz, every 1/120 s at 60 Hz. An exposure of
any number of whole flashes gets the same light whenever it begins; one shorter than a flash cannot.
"""

import math

FLASH_US = {"off": 0.0, "50 Hz": 1e6 / 100, "60 Hz": 1e6 / 120}
NEARLY = 0.05  # of a flash: so little need not be cut off, nor a shutter that lacks so little be taken for too short
STAYING_EV = 0.25  # by so much another number of flashes must be better, or noise would have the shutter to and fro


def is_short(shutter_us: float, flash_us: float) -> bool:
    """Whether the shutter is too short for a whole flash, so that nothing can be done."""
    return shutter_us < (1 - NEARLY) * flash_us


def below(shutter_us: float, flash_us: float) -> float:
    """The longest whole number of flashes within the shutter; the shutter itself where it is too short for one."""
    flashes = math.floor(shutter_us / flash_us + NEARLY)
    return flashes * flash_us or shutter_us


def above(shutter_us: float, flash_us: float) -> float:
    """The shortest whole number of flashes that is no shorter than the shutter."""
    return max(1, math.ceil(shutter_us / flash_us - NEARLY)) * flash_us


def nearest(shutter_us: float, flash_us: float, now_us: float) -> float:
    """The whole number of flashes that is fewest stops from the shutter; a little rather the one there is now.

    The shutter itself where it is too short for one.
    """
    if is_short(shutter_us, flash_us):
        return shutter_us
    return min((below(shutter_us, flash_us), above(shutter_us, flash_us)), key=lambda us: _cost(us, shutter_us, now_us))


def _cost(flashes_us: float, shutter_us: float, now_us: float) -> float:
    stays = abs(now_us / flashes_us - 1) < 0.01
    return abs(math.log2(flashes_us / shutter_us)) - (STAYING_EV if stays else 0.0)
