"""The inner loops of the lossless JPEG encoder: differences of one colour counted, and put one after the other as bits.

Predictor 1 (ITU T.81, H.1.2.1) for two components that take turns, which are the two colours of a mosaic's row: each
sample is predicted by the one two places before it, the first two of a row by those above. Four samples' words are
joined before they are written, which shortens the chain of shifts that takes the time.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Raw
from device.kernel import inner, kernel

Stream = NDArray[np.uint8]  # bits, the first of them highest
Codes = NDArray[np.uint64]  # by the difference modulo 65536, see huffman.py
Bits = tuple[np.uint64, np.uint64, np.uint64]  # up to 7 that wait, highest first; how many; their byte to come

CODED_BYTES_MAX = 4  # of one sample: 16 bits of code and 15 more
_PUT_BYTES = 8  # written at once, of which the last may be written again
_JOINED_BITS_MAX = np.uint64(56)  # with 7 that wait they fit into 64
_BYTE = np.uint64(0xFF)


@kernel("void(u2[:, :], i8, u1[::1], i8[::1])")
def count_categories(raw: Raw, row_step: int, category: NDArray[np.uint8], counts: NDArray[np.int64]) -> None:
    """Add to `counts` the category of each difference along every so many rows, the first two of a row left out."""
    rows, columns = raw.shape
    for row in range(0, rows, row_step):
        samples = raw[row]
        for column in range(2, columns):
            counts[category[np.uint16(samples[column] - samples[column - 2])]] += 1


@kernel("i8(u2[:, :], i8, i8, i8, u8[::1], u1[::1])")
def encode_tile(raw: Raw, rows: int, columns: int, middle: int, codes: Codes, out: Stream) -> int:
    """Code a tile, the last byte filled up with ones; without the zeros that JPEG puts behind each byte 0xFF.

    Args:
        raw: (1 to `rows`, 1 to `columns`) uint16; what lies beyond it in the tile is coded as no difference.
        rows: of the tile.
        columns: of the tile, even.
        middle: what the first two samples are predicted to be.
        codes: HuffmanTable.codes.
        out: (bytes,) uint8 to write into.

    Returns:
        The bytes that count, or -1 when a row might not have had room: `room_for` says what one needs.
    """
    given_rows, given_columns = raw.shape
    state = np.uint64(0), np.uint64(0), np.uint64(0)
    for row in range(rows):
        if np.int64(state[2]) + room_for(columns) > out.size:
            return -1
        coded = 0
        if row < given_rows:
            state = _put_first(raw, row, np.uint16(middle), codes, out, state)
            state = _put_row(raw[row], codes, out, state)
            coded = given_columns + given_columns % 2
        for _ in range(coded, columns):
            state = _put(codes[0], out, state)
    waiting, bits, at = state
    if bits:
        out[at] = np.uint8((waiting | (~np.uint64(0) >> bits)) >> np.uint64(56))
    return int(at) + int(bits > 0)


@kernel("i8(i8)")
def room_for(columns: int) -> int:
    """Bytes that a row of that many samples needs at most."""
    return CODED_BYTES_MAX * columns + _PUT_BYTES


@inner
def _put_first(raw: Raw, row: int, middle: np.uint16, codes: Codes, out: Stream, state: Bits) -> Bits:
    """The first pair of a row."""
    state = _put(codes[np.uint16(raw[row, 0] - (raw[row - 1, 0] if row else middle))], out, state)
    if raw.shape[1] == 1:
        return _put(codes[0], out, state)
    return _put(codes[np.uint16(raw[row, 1] - (raw[row - 1, 1] if row else middle))], out, state)


@inner
def _put_row(samples: NDArray[np.uint16], codes: Codes, out: Stream, state: Bits) -> Bits:
    """All of a row but its first pair; an odd row gets one more sample that is no different."""
    waiting, bits, byte = state
    joined = max(0, samples.size - 2) // 4
    for index in range(joined):
        at = 4 * index + 2
        one = codes[np.uint16(samples[at] - samples[at - 2])]
        two = codes[np.uint16(samples[at + 1] - samples[at - 1])]
        three = codes[np.uint16(samples[at + 2] - samples[at])]
        four = codes[np.uint16(samples[at + 3] - samples[at + 1])]
        length = (three & _BYTE) + (four & _BYTE)
        total = (one & _BYTE) + (two & _BYTE) + length
        if total <= _JOINED_BITS_MAX:
            word = _joined(one, two) << length | _joined(three, four)
            waiting, bits, byte = _put_bits(word, total, out, (waiting, bits, byte))
        else:
            for code in (one, two, three, four):
                waiting, bits, byte = _put(code, out, (waiting, bits, byte))
    for at in range(4 * joined + 2, samples.size):
        waiting, bits, byte = _put(codes[np.uint16(samples[at] - samples[at - 2])], out, (waiting, bits, byte))
    if samples.size > 1 and samples.size % 2:
        waiting, bits, byte = _put(codes[0], out, (waiting, bits, byte))
    return waiting, bits, byte


@inner
def _joined(one: np.uint64, two: np.uint64) -> np.uint64:
    return (one >> np.uint64(8) << (two & _BYTE)) | (two >> np.uint64(8))


@inner
def _put(code: np.uint64, out: Stream, state: Bits) -> Bits:
    """Append one word of `Codes`."""
    return _put_bits(code >> np.uint64(8), code & _BYTE, out, state)


@inner
def _put_bits(word: np.uint64, length: np.uint64, out: Stream, state: Bits) -> Bits:
    """Append 1 to 56 bits. Eight bytes are stored each time, only full ones are kept: no branch.

    The compiler makes one instruction of the eight stores.
    """
    waiting, bits, at = state
    bits += length
    waiting |= word << (np.uint64(64) - bits)
    out[at] = np.uint8(waiting >> np.uint64(56))
    out[at + np.uint64(1)] = np.uint8(waiting >> np.uint64(48))
    out[at + np.uint64(2)] = np.uint8(waiting >> np.uint64(40))
    out[at + np.uint64(3)] = np.uint8(waiting >> np.uint64(32))
    out[at + np.uint64(4)] = np.uint8(waiting >> np.uint64(24))
    out[at + np.uint64(5)] = np.uint8(waiting >> np.uint64(16))
    out[at + np.uint64(6)] = np.uint8(waiting >> np.uint64(8))
    out[at + np.uint64(7)] = np.uint8(waiting)
    return waiting << (bits & np.uint64(56)), bits & np.uint64(7), at + (bits >> np.uint64(3))


@kernel("i8(u8[::1], i8, u1[::1])")
def stuff(words: NDArray[np.uint64], size: int, out: Stream) -> int:
    """Bytes with a zero behind each 0xFF, so that it is no marker (T.81, F.1.2.3).

    Args:
        words: (size / 8 or more) uint64, little-endian, the bytes eight by eight.
        size: how many of them count.
        out: (bytes,) uint8 to write into.

    Returns:
        Bytes written, or -1 when there might not have been room: twice `size` is always enough.
    """
    at, spare = np.uint64(0), out.size - size
    if spare < 0:
        return -1
    for index in range(size // 8):
        word = words[index]
        complement = ~word  # has a zero where there is a 0xFF, and the borrow of a zero byte shows
        if (complement - np.uint64(0x0101010101010101)) & word & np.uint64(0x8080808080808080) == np.uint64(0):
            for place in range(8):
                out[at + np.uint64(place)] = np.uint8(word >> np.uint64(8 * place))
            at += np.uint64(8)
        else:
            spare -= 8
            if spare < 0:
                return -1
            at = _stuff_bytes(word, 8, out, at)
    if spare < size % 8:
        return -1
    return int(_stuff_bytes(words[size // 8], size % 8, out, at) if size % 8 else at)


@inner
def _stuff_bytes(word: np.uint64, count: int, out: Stream, at: np.uint64) -> np.uint64:
    """The first bytes of a word, one by one."""
    for place in range(count):
        byte = np.uint8(word >> np.uint64(8 * place))
        out[at] = byte
        at += np.uint64(1)
        if byte == 0xFF:
            out[at] = 0
            at += np.uint64(1)
    return at
