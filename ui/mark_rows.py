"""Peaking's marks, row by row of a picture, as `pixels.paint` wants them. Inner numba kernels.

The rule (`peaking.py`): a pixel is on the dark side of an edge by its cell's limit at least, and of the 6 x 6 pixels
around its block of 2 x 2, 3 times the sum of absolute Laplacians is above 2 times the sum of absolute gradients. Both
sums are one, a block's lead: 3 bends - 2 slopes. Of blocks there are a quarter as many to add up as of pixels.

A pixel that was marked in the frame before stays so down to half its limit, and where the sum is below 0 by less than
twice its block's bends (hysteresis, as Canny's of edges: IEEE PAMI 8, 1986, section VIII, but in time): what noise
moves across one limit seldom gets across the other. Where the limit is NEVER nothing stays.

A lead lies between -4080 and 12240. Sums of three and of nine stop at what 16 bits hold, which changes no sign: from
there the rest cannot bring them below 0, and at the lower end only the last sum stops.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner
from device.narrow import add_signed

TURNS = 4  # rows whose marks are being found, or were found last: each has a place at its number % TURNS
SMALLEST = 10  # rows, or columns, of a picture that has any marks
NEVER = 2041  # more than twice what a Laplacian can be
_EDGE = 2  # blocks at each border in which nothing is marked: what lies around them is not whole
_LANES = 8  # pixels that get a cell's limit at once: one register
_ROUND = 16  # blocks: so many at a time are a whole number of registers
_BLOCKS, _PIXELS = 2048 + 416, 4096 + 864  # numbers from one scratch row to the next; powers of two share cache lines
_BENDS, _DARK, _SUMS = 3 * _BLOCKS, 5 * _BLOCKS, 9 * _BLOCKS + _ROUND
_LIMITS = 10 * _BLOCKS + 2 * _ROUND

SCRATCH = _LIMITS + 2 * _PIXELS
PROGRESS = 7
_DONE, _NEXT, _LAST, _LEFT, _BEHIND, _LINE = range(6)  # the last takes two

Cells = NDArray[np.int16]
Spans = NDArray[np.int32]
Index = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int16]
Pairs = NDArray[np.uint16]  # marks of two pixels side by side
Progress = NDArray[np.int64]


@inner
def mark_row(
    y: Plane, limits: Cells, spans: Spans, cell_rows: Index, firsts: Index, row: int,
    progress: Progress, scratch: Numbers, pairs: Pairs, some: NDArray[np.bool_],
) -> None:  # fmt: skip
    """See that a row's marks are in `pairs`, in place of those of the frame before, and in `some` whether it has any.

    Args:
        y: luma, 4096 columns at most.
        limits: of a mark's Laplacian, by cell.
        spans: (cells down, 2), the first sharp cell of a row and the one behind its last; both 0: none.
        cell_rows: the cell row of each pixel row.
        firsts: (cells across + 1,) the first pixel column of each cell, and how many columns there are.
        row: in one picture rows are asked for from above; the last two may be asked for again.
        progress: (PROGRESS,) of -1 at first.
        scratch: (SCRATCH,) int16.
        pairs: (rows, pairs of columns) uint16, two marks each, 255 or 0.
        some: (TURNS,) bool, of the last rows.
    """
    block, first, k = row >> 1, row & -2, row & (TURNS - 2)
    if block <= progress[_DONE]:
        return
    progress[_DONE] = block
    some[k] = some[k + 1] = False
    if _EDGE <= block < y.shape[0] // 2 - _EDGE and _is_sharp(spans, cell_rows, block):
        if block > progress[_LAST]:
            _begin(spans, cell_rows, firsts, block, progress)
        for each in range(progress[_NEXT], block + 2):
            _add(y, limits, spans, cell_rows, firsts, each, progress, scratch, pairs)
        progress[_NEXT] = block + 2
        some[k], some[k + 1] = _mark(block, progress[_LEFT], progress[_BEHIND], scratch, pairs[first], pairs[first + 1])
        _clear(pairs, first, progress[_LEFT], progress[_BEHIND], y.shape[1] // 2)
    for each in range(first, min(first + 2, y.shape[0])):
        if not some[each & (TURNS - 1)]:
            pairs[each][:] = np.uint16(0)


@inner
def _is_sharp(spans: Spans, cell_rows: Index, block: int) -> bool:
    return bool(spans[cell_rows[2 * block], 1] > 0 or spans[cell_rows[2 * block + 1], 1] > 0)


@inner
def _begin(spans: Spans, cell_rows: Index, firsts: Index, first: int, progress: Progress) -> None:
    """Which blocks to look at, for all sharp rows from `first` on that lie so close that they share some."""
    columns, last = firsts[-1], first
    left, behind, block = columns, 0, first
    while block <= last + 2 and 2 * block + 1 < cell_rows.size:
        for r in range(2 * block, 2 * block + 2):
            span = spans[cell_rows[r]]
            if span[1] > 0:
                left, behind, last = min(left, firsts[span[0]]), max(behind, firsts[span[1]]), block
        block += 1
    progress[_NEXT], progress[_LAST] = first - 1, last
    progress[_LEFT] = max(0, (left >> 1) - 1) // _ROUND * _ROUND
    progress[_BEHIND] = min(columns >> 1, ((behind >> 1) + 1 + _ROUND) // _ROUND * _ROUND)
    progress[_LINE:] = -1


@inner
def _line(
    limits: Cells, spans: Spans, firsts: Index, cell: int, kept: int, progress: Progress, scratch: Numbers
) -> int:
    """Where in `scratch` the limits of a cell row's pixels are; they are laid there, but not over the line `kept`."""
    line = 1 if progress[_LINE + 1] == cell else 0
    if progress[_LINE + line] != cell:
        line = 1 - kept
        progress[_LINE + line] = cell
        at = _LIMITS + line * _PIXELS
        scratch[at + 2 * progress[_LEFT] : at + 2 * progress[_BEHIND]] = np.int16(NEVER)
        _spread(limits[cell], firsts, spans[cell, 0], spans[cell, 1], scratch[at:])
    return line


@inner
def _spread(cells: Numbers, firsts: Index, first: int, behind: int, line: Numbers) -> None:
    """The cells' limits for each pixel of a row: a register for each cell, of which the next overwrites the rest."""
    n, wide = np.uint64, firsts[first + 1] - firsts[first] >= _LANES
    for j in range(first, behind):
        limit, at = cells[n(j)], n(firsts[n(j)])
        for k in range(_LANES):
            line[at + n(k)] = limit
        if wide:
            for x in range(firsts[n(j)] + _LANES, firsts[n(j + 1)]):
                line[n(x)] = limit
    for x in range(firsts[behind - 1] + _LANES if behind > 0 else 0, firsts[behind]):  # it takes an incomplete one, too
        line[n(x)] = cells[n(behind - 1)]
    end = n(firsts[behind])
    for k in range(_LANES if behind > 0 else 0):
        line[end + n(k)] = np.int16(NEVER)


@inner
def _add(
    y: Plane, limits: Cells, spans: Spans, cell_rows: Index, firsts: Index, block: int, progress: Progress,
    scratch: Numbers, pairs: Pairs,
) -> None:  # fmt: skip
    """The leads of one row of blocks, and which of its pixels are on the dark side of an edge."""
    left, behind, columns, k = progress[_LEFT], progress[_BEHIND], y.shape[1], 2 * block & (TURNS - 2)
    upper = _line(limits, spans, firsts, cell_rows[2 * block], 0, progress, scratch)
    lower = _line(limits, spans, firsts, cell_rows[2 * block + 1], upper, progress, scratch)
    _lead(
        y, 2 * block * columns + 2 * left, columns,
        scratch[_LIMITS + upper * _PIXELS + 2 * left :], scratch[_LIMITS + lower * _PIXELS + 2 * left :],
        pairs[2 * block, left:], pairs[2 * block + 1, left:],
        scratch[block % 3 * _BLOCKS + left : block % 3 * _BLOCKS + behind],
        scratch[_BENDS + (block & 1) * _BLOCKS + left :],
        scratch[_DARK + k * _BLOCKS + left :], scratch[_DARK + (k + 1) * _BLOCKS + left :],
    )  # fmt: skip


@inner
def _lead(
    y: Plane, first: int, columns: int, limit: Numbers, below_limit: Numbers, mark: Pairs, below_mark: Pairs,
    lead: Numbers, bend: Numbers, dark: Numbers, below_dark: Numbers,
) -> None:  # fmt: skip
    """Four pixels for each block, the first of which lies `first` pixels after y's first.

    Row 0 is taken for all of y, as rows follow one another. 16 bits, and unsigned indices: numba's own 64, or its test
    for negative ones, would fill registers with zeros.
    """
    n, u = np.int16, np.uint64
    top, here, below, bottom = u(first - columns), u(first), u(first + columns), u(first + 2 * columns)
    all_of_y, one = u(0), u(1)
    for x in range(lead.size):
        i = u(x) + u(x)
        j = i + one
        a, b = y[all_of_y, here + i - one], y[all_of_y, here + i]
        c, d = y[all_of_y, here + j], y[all_of_y, here + j + one]
        e, f = y[all_of_y, below + i - one], y[all_of_y, below + i]
        g, h = y[all_of_y, below + j], y[all_of_y, below + j + one]
        above_b, above_c = y[all_of_y, top + i], y[all_of_y, top + j]
        below_f, below_g = y[all_of_y, bottom + i], y[all_of_y, bottom + j]
        bend_b, bend_c = _bend(a, c, above_b, f, b), _bend(b, d, above_c, g, c)
        bend_f, bend_g = _bend(e, g, b, below_f, f), _bend(f, h, c, below_g, g)
        bends = n(n(_size(bend_b) + _size(bend_c)) + n(_size(bend_f) + _size(bend_g)))
        slopes = n(n(_apart(a, c) + _apart(above_b, f)) + n(_apart(b, d) + _apart(above_c, g)))
        slopes = n(slopes + n(n(_apart(e, g) + _apart(b, below_f)) + n(_apart(f, h) + _apart(c, below_g))))
        lead[x] = n(n(n(3) * bends) - n(slopes + slopes))
        bend[x] = bends
        dark[x] = _dark(bend_b, bend_c, limit[i], limit[j], n(mark[x]))
        below_dark[x] = _dark(bend_f, bend_g, below_limit[i], below_limit[j], n(below_mark[x]))


@inner
def _bend(before: np.uint8, after: np.uint8, above: np.uint8, below: np.uint8, here: np.uint8) -> np.int16:
    n = np.int16
    return n(n(n(n(before) + n(after)) + n(n(above) + n(below))) - n(n(4) * n(here)))


@inner
def _size(bend: np.int16) -> np.int16:
    return np.int16(abs(bend))


@inner
def _apart(one: np.uint8, other: np.uint8) -> np.int16:
    n = np.int16
    return n(abs(n(n(one) - n(other))))


@inner
def _dark(left: np.int16, right: np.int16, least: np.int16, right_least: np.int16, marks: np.int16) -> np.int16:
    """Which of two pixels is on the dark side of an edge, 0xFF each; half as much will do where there was a mark."""
    n = np.int16
    left = n(left + n(left & n(n(marks << n(8)) >> n(8))))
    right = n(right + n(right & n(marks >> n(8))))
    return n((n(0xFF) if left >= least else n(0)) | (n(-0x100) if right >= right_least else n(0)))


@inner
def _mark(
    block: int, left: int, behind: int, scratch: Numbers, marks: Pairs, below_marks: Pairs
) -> tuple[bool, bool]:  # fmt: skip
    """Mark what is dark and leads, in the two rows of a row of blocks; whether there is any.

    Half of an edge is dark: a line half as wide, and seen best there. Beyond `left` and `behind` nothing is dark, so
    that it does not matter what is summed up there.
    """
    before, after = scratch[(block - 1) % 3 * _BLOCKS + left :], scratch[(block + 1) % 3 * _BLOCKS + left :]
    here, bends = scratch[block % 3 * _BLOCKS + left :], scratch[_BENDS + (block & 1) * _BLOCKS + left :]
    sums, k = scratch[_SUMS + left - 1 : _SUMS + behind + 1], 2 * block & (TURNS - 2)
    for x in range(behind - left):
        sums[x + 1] = add_signed(add_signed(before[x], here[x]), after[x])
    dark, below_dark = scratch[_DARK + k * _BLOCKS + left :], scratch[_DARK + (k + 1) * _BLOCKS + left :]
    middle, right, first, second = sums[1:], sums[2:], marks[left:behind], below_marks[left:behind]
    n, u, some, below_some = np.int16, np.uint16, np.uint16(0), np.uint16(0)
    for x in range(first.size):
        total = add_signed(add_signed(sums[x], middle[x]), right[x])
        leads = n(-1) if total > 0 else n(0)
        eased = n(-1) if add_signed(total, n(bends[x] + bends[x])) > 0 else n(0)
        one = u(dark[x] & n(leads | n(n(first[x]) & eased)))
        other = u(below_dark[x] & n(leads | n(n(second[x]) & eased)))
        first[x], second[x] = one, other
        some, below_some = u(some | one), u(below_some | other)
    return bool(some != 0), bool(below_some != 0)


@inner
def _clear(pairs: Pairs, first: int, left: int, behind: int, columns: int) -> None:
    """Take marks away where none were looked for in two rows, and those at the borders."""
    for row in range(first, first + 2):
        pairs[row, : max(left, _EDGE)] = np.uint16(0)
        pairs[row, min(behind, columns - _EDGE) :] = np.uint16(0)
