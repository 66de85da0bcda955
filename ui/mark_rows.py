"""Peaking's marks, row by row of a picture, as `pixels.paint` wants them. Inner numba kernels.

The rule (`peaking.py`): a pixel is on the dark side of an edge by its cell's limit at least, and of the 6 x 6 pixels
around its block of 2 x 2, 3 times the sum of absolute Laplacians is above 2 times the sum of absolute gradients. Both
sums are one, a block's lead: 3 bends - 2 slopes. Of blocks there are a quarter as many to add up as of pixels.

A pixel that was marked in the frame before stays so down to half its limit; and in a block of which any pixel was, the
sum may be below 0 by less than twice that block's bends (hysteresis, as Canny's of edges: IEEE PAMI 8, 1986, section
VIII, but in time): what noise moves across one limit seldom gets across the other. Where the limit is NEVER nothing
stays.

A lead lies between -4080 and 12240. Sums of three and of nine stop at what 16 bits hold, which changes no sign: from
there the rest cannot bring them below 0, and at the lower end only the last sum stops. Limits are bytes, and so is what
is compared with them: Laplacians above 255 count as 255.
"""

import numpy as np
from numpy.typing import NDArray

from device.byte_lanes import add_wide
from device.frame import Plane
from device.kernel import inner
from device.lanes import load32, store
from device.narrow import add_signed
from ui.block_leads import BLOCKS, PIXELS, Bytes, Numbers, find_leads

TURNS = 4  # rows whose marks are being found, or were found last: each has a place at its number % TURNS
SMALLEST = 10, 48  # rows and columns of a picture that has any marks: `find_leads` reads on into the next row
NEVER = 255  # no Laplacian is above it
_EDGE = 2  # blocks at each border in which nothing is marked: what lies around them is not whole
_LANES = 8  # pixels that get a cell's limit at once: one register
_ROUND = 16  # blocks: so many at a time are a whole number of registers
_SUMS = 6 * BLOCKS + _ROUND  # behind three rows of leads, each with a row of what eases it

NUMBERS = 7 * BLOCKS + 2 * _ROUND
BYTES = TURNS * PIXELS
PROGRESS = 7
_DONE, _NEXT, _LAST, _LEFT, _BEHIND, _LINE = range(6)  # the last takes two

Spans = NDArray[np.int32]
Index = NDArray[np.int32]
Pairs = NDArray[np.uint16]  # marks of two pixels side by side
Progress = NDArray[np.int64]
Flags = NDArray[np.bool_]


@inner
def mark_row(
    y: Plane, limits: Plane, spans: Spans, cell_rows: Index, firsts: Index, row: int,
    progress: Progress, numbers: Numbers, dark: Bytes, lines: Bytes, marks: Plane, pairs: Pairs, some: Flags,
) -> None:  # fmt: skip
    """See that a row's marks are in `marks`, in place of those of the frame before, and in `some` whether it has any.

    Args:
        y: luma, 4096 columns at most.
        limits: by cell, above which a mark's Laplacian must be.
        spans: (cells down, 2), the first sharp cell of a row and the one behind its last; both 0: none.
        cell_rows: the cell row of each pixel row.
        firsts: (cells across + 1,) the first pixel column of each cell, and how many columns there are.
        row: in one picture rows are asked for from above; the last two may be asked for again.
        progress: (PROGRESS,) of -1 at first.
        numbers: (NUMBERS,) int16, scratch.
        dark: (BYTES,) uint8, likewise,
        lines: and likewise.
        marks: (rows, columns) uint8, 255 or 0; columns are even.
        pairs: the same memory, (rows, columns / 2) uint16.
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
            _add(y, limits, spans, cell_rows, firsts, each, progress, numbers, dark, lines, marks)
        progress[_NEXT] = block + 2
        some[k], some[k + 1] = _mark_block(block, y.shape[1] >> 1, progress, numbers, dark, pairs)
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
def _line(limits: Plane, spans: Spans, firsts: Index, cell: int, kept: int, progress: Progress, lines: Bytes) -> int:
    """Where in `lines` the limits of a cell row's pixels are; they are laid there, but not over the line `kept`."""
    line = 1 if progress[_LINE + 1] == cell else 0
    if progress[_LINE + line] != cell:
        line = 1 - kept
        progress[_LINE + line] = cell
        at, first, behind = line * PIXELS, spans[cell, 0], spans[cell, 1]
        lines[at + 2 * progress[_LEFT] : at + 2 * progress[_BEHIND]] = np.uint8(NEVER)
        if behind > 0:
            _spread(limits[cell, first:behind], firsts[first : behind + 1], lines[at:])
    return line


@inner
def _spread(cells: Bytes, firsts: Index, line: Bytes) -> None:
    """The cells' limits for each pixel of a row: a register for each cell, of which the next overwrites the rest."""
    n = np.uint64
    for j in range(cells.size):
        at = n(firsts[j])
        for k in range(_LANES):
            line[at + n(k)] = cells[j]
    wide, last = firsts[1] - firsts[0] >= _LANES, cells.size - 1
    for j in range(0 if wide else last, cells.size):  # the last takes an incomplete one, too
        for x in range(firsts[j] + _LANES, firsts[j + 1]):
            line[n(x)] = cells[j]
    for k in range(_LANES):
        line[n(firsts[cells.size]) + n(k)] = np.uint8(NEVER)


@inner
def _add(
    y: Plane, limits: Plane, spans: Spans, cell_rows: Index, firsts: Index, block: int, progress: Progress,
    numbers: Numbers, dark: Bytes, lines: Bytes, marks: Plane,
) -> None:  # fmt: skip
    """The leads of one row of blocks, and which of its pixels are on the dark side of an edge."""
    left, row = progress[_LEFT], 2 * block
    upper = _line(limits, spans, firsts, cell_rows[row], 0, progress, lines)
    lower = _line(limits, spans, firsts, cell_rows[row + 1], upper, progress, lines)
    find_leads(
        y, row * y.shape[1] + 2 * left, marks, row * marks.shape[1] + 2 * left, progress[_BEHIND] - left,
        lines, upper * PIXELS + 2 * left, lower * PIXELS + 2 * left,
        numbers, 2 * (block % 3) * BLOCKS + left, dark, (row & (TURNS - 2)) * PIXELS + 2 * left,
    )  # fmt: skip


@inner
def _mark_block(
    block: int, columns: int, progress: Progress, numbers: Numbers, dark: Bytes, pairs: Pairs
) -> tuple[bool, bool]:  # fmt: skip
    """Mark two rows of pixels, which have so many blocks; whether each has any mark."""
    left, behind, first = progress[_LEFT], progress[_BEHIND], 2 * block
    _sum(block, left, behind, numbers)
    ease = numbers[(2 * (block % 3) + 1) * BLOCKS + left :]
    both = dark.view(np.uint16)[(first & (TURNS - 2)) * PIXELS // 2 + left :]
    some, below_some = _mark(
        numbers[_SUMS + left - 1 : _SUMS + behind + 1], ease, both, both[PIXELS // 2 :],
        pairs[first, left:behind], pairs[first + 1, left:behind],
    )  # fmt: skip
    _clear(pairs, first, left, behind, columns)
    return some, below_some


@inner
def _sum(block: int, left: int, behind: int, numbers: Numbers) -> None:
    """The leads of three rows of blocks; 32 blocks at a time, so of more than there are at the end."""
    before, here, after = 2 * ((block - 1) % 3) * BLOCKS, 2 * (block % 3) * BLOCKS, 2 * ((block + 1) % 3) * BLOCKS
    for x in range(left, behind, 32):
        two = add_wide(load32(numbers, before + x), load32(numbers, here + x))
        store(add_wide(two, load32(numbers, after + x)), numbers, _SUMS + x)


@inner
def _mark(
    sums: Numbers, ease: Numbers, dark: Pairs, below_dark: Pairs, marks: Pairs, below_marks: Pairs
) -> tuple[bool, bool]:  # fmt: skip
    """Mark what is dark and leads, in the two rows of a row of blocks; whether there is any.

    Half of an edge is dark: a line half as wide, and seen best there. Beyond the outermost blocks nothing is dark, so
    that it does not matter what is summed up there.
    """
    middle, right = sums[1:], sums[2:]
    u, some, below_some = np.uint16, np.uint16(0), np.uint16(0)
    for x in range(marks.size):
        total = add_signed(add_signed(sums[x], middle[x]), right[x])
        leads = u(0xFFFF) if add_signed(total, ease[x]) > 0 else u(0)
        one, other = u(dark[x] & leads), u(below_dark[x] & leads)
        marks[x], below_marks[x] = one, other
        some, below_some = u(some | one), u(below_some | other)
    return bool(some != 0), bool(below_some != 0)


@inner
def _clear(pairs: Pairs, first: int, left: int, behind: int, columns: int) -> None:
    """Take marks away where none were looked for in two rows, and those at the borders."""
    for row in range(first, first + 2):
        pairs[row, : max(left, _EDGE)] = np.uint16(0)
        pairs[row, min(behind, columns - _EDGE) :] = np.uint16(0)
