"""How a simulated sensor's numbers reach the computer: the packings that camera stacks deliver, made by hand.

Layouts: MIPI CSI-2 RAW10 and RAW12 (V4L2 documentation, "10-bit Bayer formats" SRGGB10P and SRGGB12P), and a Pi 5's
16 bits with the sample on the left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from device import unpack
from device.frame import Cfa, Raw

Delivery = Literal["unpacked16", "unpacked10", "left16", "csi2p12", "csi2p10", "pisp_comp1"]
WIDE: set[Delivery] = {"unpacked16", "left16", "csi2p12"}  # what a converter of 10 bits cannot fill

STRIDE_BYTES = 32  # rows of a packed format begin at multiples of it, as on a Pi 4
Packed = NDArray[np.uint8]  # (rows, stride)


@dataclass(frozen=True, slots=True)
class Format:
    """A granted format: the stack's name of it, its depth, and what packs it where it is not delivered as it is."""

    name: str
    bits: int
    pack: Callable[[Raw], Packed] | None

    def carry(self, raw: Raw) -> None:
        """Send numbers on their way: pack them, and let what unpacks a real sensor's bytes put them back in place."""
        if self.pack is not None:
            unpack.unpack(self.pack(raw), self.name, *raw.shape, sensor_bits=self.bits, out=raw)


def granted(delivery: Delivery, cfa: Cfa, converter_bits: int = 12) -> Format:
    """The format that a stack grants for that delivery of a converter with so many bits.

    Raises:
        LossyRaw: it throws levels away.
    """
    suffix, bits, pack = FORMATS["unpacked10" if converter_bits == 10 and delivery in WIDE else delivery]
    name = f"S{cfa}{suffix}"
    unpack.parse(name, bits)
    return Format(name, bits, pack)


def pack12(raw: Raw) -> Packed:
    """RAW12: two high bytes, then a byte with the low nibbles, the first sample's in bits 3-0."""
    first, second = raw[:, 0::2], raw[:, 1::2]
    return _strided(first >> 4, second >> 4, first & 15 | (second & 15) << 4)


def pack10(raw: Raw) -> Packed:
    """RAW10: four high bytes, then a byte with their low bits, the first sample's in bits 1-0."""
    samples = [raw[:, i::4] for i in range(4)]
    low = sum((sample & 3) << 2 * i for i, sample in enumerate(samples))
    return _strided(*(sample >> 2 for sample in samples), np.asarray(low))


def pack_left16(raw: Raw) -> Packed:
    """Little-endian words, twelve bits on the left."""
    return (raw << 4).astype("<u2").view(np.uint8)


def _strided(*groups: NDArray[np.integer]) -> Packed:
    """One byte of each in turn along the row, and rows padded to the stride."""
    rows, columns = groups[0].shape
    used = columns * len(groups)
    out = np.zeros((rows, -(-used // STRIDE_BYTES) * STRIDE_BYTES), np.uint8)
    for i, group in enumerate(groups):
        out[:, i : used : len(groups)] = group
    return out


FORMATS: dict[Delivery, tuple[str, int, Callable[[Raw], Packed] | None]] = {
    "unpacked16": ("12", 12, None),
    "unpacked10": ("10", 10, None),
    "left16": ("16", 12, pack_left16),
    "csi2p12": ("12_CSI2P", 12, pack12),
    "csi2p10": ("10_CSI2P", 10, pack10),
    "pisp_comp1": ("_PISP_COMP1", 12, None),
}
