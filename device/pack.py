"""Samples packed as TIFF wants them: big-endian bit order (FillOrder 1), each row starting on a byte of its own."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Raw
from device.kernel import kernel

_DEPTH_MIN = 8  # of which TIFF knows single samples


def depth_of(raw: Raw, bits: int) -> int:
    """The depth to store a mosaic with: what the sensor granted, but at least 8 and what the samples need."""
    return max(_DEPTH_MIN, bits, int(raw.max()).bit_length())


def packed(raw: Raw, bits: int) -> tuple[int, NDArray[np.uint8]]:
    """Pack a mosaic into as few bytes as its bit depth allows.

    Args:
        raw: (rows, columns) uint16, right-justified.
        bits: what the sensor granted.

    Returns:
        The depth used, and (bytes,) uint8 row after row. It is that of the sensor, at least 8, or 16 where a sample
        needs more, as it would spill over its neighbours, or where a row would end within a byte. 16-bit samples are
        little-endian, as the whole file is (TIFF 6.0: only samples of up to 8 bits and odd depths are a stream of
        bits); for 9 to 15 bits DNG 1.4, "BitsPerSample", asks for that stream.
    """
    rows, columns = raw.shape
    depth = max(_DEPTH_MIN, bits)
    if depth < 16 and columns * depth % 8 == 0:  # other rows are legal, but exiftool's check calls them long
        out = np.empty((rows, columns * depth // 8), np.uint8)
        whole = np.ascontiguousarray(raw)
        seen = _pack12(whole, out) if depth == 12 else _pack(whole, depth, out)
        if seen >> depth == 0:
            return depth, out.reshape(-1)
    return 16, np.ascontiguousarray(raw, "<u2").reshape(-1).view(np.uint8)


@kernel("i8(u2[:, ::1], u1[:, ::1])")
def _pack12(raw: Raw, out: NDArray[np.uint8]) -> int:
    """Two samples in three bytes; the depth of the IMX477, so it has a loop that the compiler can vectorise.

    Returns:
        Every bit that any sample has, so that nobody has to look for the largest before.
    """
    rows, columns = raw.shape
    seen = np.uint16(0)
    for row in range(rows):
        source, target = raw[row], out[row]
        for pair in range(columns // 2):
            left, right = source[2 * pair], source[2 * pair + 1]
            seen |= left | right
            target[3 * pair] = np.uint8(left >> 4)
            target[3 * pair + 1] = np.uint8(((left & 0xF) << 4) | (right >> 8))
            target[3 * pair + 2] = np.uint8(right & 0xFF)
    return int(seen)


@kernel("i8(u2[:, ::1], i8, u1[:, ::1])")
def _pack(raw: Raw, depth: int, out: NDArray[np.uint8]) -> int:
    """Any depth from 8 to 15, most significant bit first; the same comes back."""
    rows, columns = raw.shape
    seen = np.uint16(0)
    for row in range(rows):
        waiting, waiting_bits, at = np.int64(0), 0, 0
        for column in range(columns):
            seen |= raw[row, column]
            waiting = ((waiting << depth) | np.int64(raw[row, column])) & 0xFFFFFF  # at most 7 + 15 bits wait
            waiting_bits += depth
            while waiting_bits >= 8:
                waiting_bits -= 8
                out[row, at] = np.uint8((waiting >> waiting_bits) & 0xFF)
                at += 1
    return int(seen)
