"""The inner loops of the lossless JPEG encoder: differences of one colour counted, and put one after the other as bits.

Predictor 1 (ITU T.81, H.1.2.1) for two components that take turns, which are the two colours of a mosaic's row: each
sample is predicted by the one two places before it, the first two of a row by those above. Samples go in pairs, one of
each component: their words are joined before they are written, which halves the chain of shifts that takes the time.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from device.frame import Raw

Words = NDArray[np.uint32]  # bits, the first of them highest
Codes = NDArray[np.uint64]  # by the difference modulo 65536, see huffman.py
Bits = tuple[np.uint64, np.uint64, np.uint64]  # those that wait, how many of them, and the word they will end up in

_ONE_WORD = np.uint64(32)
_BYTE = np.uint64(0xFF)


@njit(cache=True, nogil=True)
def count_categories(raw: Raw, row_step: int, category: NDArray[np.uint8], counts: NDArray[np.int64]) -> None:
    """Add to `counts` the category of each difference along every so many rows, the first two of a row left out."""
    rows, columns = raw.shape
    for row in range(0, rows, row_step):
        samples = raw[row]
        for column in range(2, columns):
            counts[category[np.uint16(samples[column] - samples[column - 2])]] += 1


@njit(cache=True, nogil=True)
def encode_tile(raw: Raw, rows: int, columns: int, middle: int, codes: Codes, out: Words) -> int:
    """Code a tile, the last word filled up with ones; without the zeros that JPEG puts behind each byte 0xFF.

    Args:
        raw: (1 to `rows`, 1 to `columns`) uint16; what lies beyond it in the tile is coded as no difference.
        rows: of the tile.
        columns: of the tile, even.
        middle: what the first two samples are predicted to be.
        codes: HuffmanTable.codes.
        out: (words,) uint32 to write into.

    Returns:
        The bytes that count, or -1 when a row might not have had room: one needs up to `columns` + 1 words.
    """
    given_rows, given_columns = raw.shape
    state = np.uint64(0), np.uint64(0), np.uint64(0)
    for row in range(rows):
        if np.int64(state[2]) + columns + 1 > out.size:
            return -1
        coded = 0
        if row < given_rows:
            state = _put_first(raw, row, np.uint16(middle), codes, out, state)
            state = _put_row(raw[row], codes, out, state)
            coded = (given_columns + 1) // 2
        for _ in range(coded, columns // 2):
            state = _put_pair(codes[0], codes[0], out, state)
    waiting, bits, word = state
    if bits:
        out[word] = np.uint32(((waiting << _ONE_WORD) | np.uint64(0xFFFFFFFF)) >> bits)
    return int(word) * 4 + int(bits + np.uint64(7)) // 8


@njit(cache=True, nogil=True)
def _put_first(raw: Raw, row: int, middle: np.uint16, codes: Codes, out: Words, state: Bits) -> Bits:
    """The first pair of a row."""
    one = np.uint16(raw[row, 0] - (raw[row - 1, 0] if row else middle))
    if raw.shape[1] == 1:
        return _put_pair(codes[one], codes[0], out, state)
    two = np.uint16(raw[row, 1] - (raw[row - 1, 1] if row else middle))
    return _put_pair(codes[one], codes[two], out, state)


@njit(cache=True, nogil=True)
def _put_row(samples: NDArray[np.uint16], codes: Codes, out: Words, state: Bits) -> Bits:
    """All pairs of a row but the first."""
    waiting, bits, word = state
    for pair in range(1, samples.size // 2):
        at = 2 * pair
        one = codes[np.uint16(samples[at] - samples[at - 2])]
        two = codes[np.uint16(samples[at + 1] - samples[at - 1])]
        waiting, bits, word = _put_pair(one, two, out, (waiting, bits, word))
    if samples.size > 1 and samples.size % 2:
        last = codes[np.uint16(samples[-1] - samples[-3])]
        waiting, bits, word = _put_pair(last, codes[0], out, (waiting, bits, word))
    return waiting, bits, word


@njit(cache=True, nogil=True)
def _put_pair(one: np.uint64, two: np.uint64, out: Words, state: Bits) -> Bits:
    """Append two words: both at once, unless together they are longer than 32 bits."""
    first, second = one & _BYTE, two & _BYTE
    if first + second <= _ONE_WORD:
        return _put((one >> np.uint64(8) << second) | (two >> np.uint64(8)), first + second, out, state)
    return _put(two >> np.uint64(8), second, out, _put(one >> np.uint64(8), first, out, state))


@njit(cache=True, nogil=True)
def _put(code: np.uint64, length: np.uint64, out: Words, state: Bits) -> Bits:
    """Append up to 32 bits to fewer than 32 that wait. A word is stored each time, only a full one kept: no branch."""
    waiting, bits, word = state
    waiting = (waiting << length) | code
    bits += length
    out[word] = np.uint32(waiting >> (bits & np.uint64(31)))
    return waiting, bits & np.uint64(31), word + (bits >> np.uint64(5))


@njit(cache=True, nogil=True)
def count_ff(words: Words, size: int) -> int:
    """How many of the first `size` bytes are 0xFF, or a few more: bytes that fill up the last word may count, too."""
    found = np.uint32(0)
    for index in range((size + 3) // 4):
        word = words[index]
        for shift in range(0, 32, 8):
            found += np.uint32((word >> np.uint32(shift)) & np.uint32(0xFF) == np.uint32(0xFF))
    return int(found)


@njit(cache=True, nogil=True)
def stuff(words: Words, size: int, out: NDArray[np.uint8]) -> int:
    """Words as bytes, the highest first, and a zero behind each 0xFF, so that it is no marker (T.81, F.1.2.3).

    Args:
        words: as from `encode_tile`.
        size: bytes of them that count.
        out: (size + count_ff,) uint8 at least.

    Returns:
        Bytes written.
    """
    at = np.uint64(0)
    for index in range(size // 4):
        word = words[index]
        complement = np.uint32(~word)  # has a zero where there is a 0xFF, and the borrow of a zero byte shows
        if np.uint32(complement - np.uint32(0x01010101)) & word & np.uint32(0x80808080) == np.uint32(0):
            out[at] = np.uint8(word >> np.uint32(24))
            out[at + np.uint64(1)] = np.uint8(word >> np.uint32(16))
            out[at + np.uint64(2)] = np.uint8(word >> np.uint32(8))
            out[at + np.uint64(3)] = np.uint8(word)
            at += np.uint64(4)
        else:
            at = _stuff_bytes(word, 4, out, at)
    return int(_stuff_bytes(words[size // 4], size % 4, out, at) if size % 4 else at)


@njit(cache=True, nogil=True)
def _stuff_bytes(word: np.uint32, count: int, out: NDArray[np.uint8], at: np.uint64) -> np.uint64:
    """The first bytes of a word, one by one."""
    for place in range(count):
        byte = np.uint8(word >> np.uint32(24 - 8 * place))
        out[at] = byte
        at += np.uint64(1)
        if byte == 0xFF:
            out[at] = 0
            at += np.uint64(1)
    return at
