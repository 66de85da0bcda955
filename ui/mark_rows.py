"""Peaking's marks, one row of pixels after the other, as `pixels.paint` wants them. Inner numba kernels.

The rule (`peaking.py`): a pixel is on the dark side of an edge by its cell's limit at least, and of the 5 x 5 pixels
around it 3 times the sum of absolute Laplacians is above 2 times the sum of absolute gradients. Both sums are one, of
3 bends - 2 slopes, kept down the last five rows near sharp cells and begun anew there. It has 16 bits and a meaning up
to 25 times MOST, so a pixel counts MOST at most: a line of one pixel from black to white has 1530, so that only a
checkerboard or a lone pixel, each of which leads by far, has more.

A pixel that was marked in the frame before stays so down to half its limit, and where the sum is below 0 by no more
than HELD times its Laplacian (hysteresis, as Canny's of edges: IEEE PAMI 8, 1986, section VIII, but in time): what
noise moves across one limit seldom gets across the other. Where the limit is `peaking.NEVER` nothing stays.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner

WINDOW = 5  # pixels across which bends and slopes are summed
BEYOND = WINDOW // 2
MARGIN = BEYOND + 1  # at the borders nothing is marked
MOST = 1601
_BELOW = 25 * 1020  # what the sum may be below 0
HELD = 4
_PITCH = 4096 + 864  # numbers from one scratch row to the next: rows a power of two apart would share few cache lines
_BENDS, _TOTAL, _LIMIT = WINDOW * _PITCH, 2 * WINDOW * _PITCH, (2 * WINDOW + 1) * _PITCH
_LANES = 8  # pixels that get a cell's limit at once: one register

SCRATCH = (2 * WINDOW + 2) * _PITCH + _LANES
PROGRESS = 5
_NEXT, _LAST, _LEFT, _BEHIND, _SPREAD = range(PROGRESS)

Cells = NDArray[np.int16]
Spans = NDArray[np.int32]
Index = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int16]


@inner
def mark_row(
    y: Plane, limits: Cells, spans: Spans, cell_rows: Index, firsts: Index, middle: int,
    progress: NDArray[np.int64], scratch: Numbers, found: Bytes,
) -> bool:  # fmt: skip
    """A row's marks in place of those that it had in the frame before; whether there are any.

    To do it twice changes nothing.

    Args:
        y: luma, 4096 columns at most.
        limits: of a mark's Laplacian, by cell.
        spans: (cells down, 2), the first sharp cell of a row and the one behind its last; both 0: none.
        cell_rows: the cell row of each pixel row.
        firsts: (cells across + 1,) the first pixel column of each cell, and how many columns there are.
        middle: the row; in one picture rows are asked for from above.
        progress: (PROGRESS,) of -1 at first.
        scratch: (SCRATCH,) int16.
        found: 255 or 0, as long as a row of y.
    """
    columns, cell = y.shape[1], cell_rows[middle]
    left, behind = max(MARGIN, firsts[spans[cell, 0]]), min(columns - MARGIN, firsts[spans[cell, 1]])
    if middle < MARGIN or middle >= y.shape[0] - MARGIN or left >= behind:
        found[:] = np.uint8(0)
        return False
    if middle > progress[_LAST]:
        _begin(spans, cell_rows, firsts, middle, progress, scratch)
    for r in range(progress[_NEXT], middle + BEYOND + 1):
        _add(y, r, progress[_LEFT], progress[_BEHIND], scratch)
    progress[_NEXT] = middle + BEYOND + 1
    if cell != progress[_SPREAD]:
        _spread(limits[cell], firsts, spans[cell, 0], spans[cell, 1], scratch)
        progress[_SPREAD] = cell
    found[:left] = np.uint8(0)
    found[behind:] = np.uint8(0)
    part, sums = slice(_LIMIT + left, _LIMIT + behind), _TOTAL + left - BEYOND
    bends = _BENDS + middle % WINDOW * _PITCH
    return _mark(scratch[bends + left : bends + behind], scratch[part], scratch[sums:], found[left:behind])


@inner
def _begin(
    spans: Spans, cell_rows: Index, firsts: Index, first: int, progress: NDArray[np.int64], scratch: Numbers
) -> None:
    """Sums for the sharp rows from `first` on that lie so close that they share some: where to, and from zero."""
    columns = firsts[-1]
    left, behind, last, r = columns, 0, first, first
    while r < cell_rows.size and r <= last + 2 * BEYOND:
        span = spans[cell_rows[r]]
        if span[1] > 0:
            left, behind, last = min(left, firsts[span[0]]), max(behind, firsts[span[1]]), r
        r += 1
    progress[_NEXT], progress[_LAST] = first - BEYOND, last
    progress[_LEFT], progress[_BEHIND] = max(1, left - BEYOND), min(columns - 1, behind + BEYOND)
    scratch[:_BENDS] = np.int16(0)
    scratch[_TOTAL:_LIMIT] = np.int16(0)


@inner
def _spread(cells: Numbers, firsts: Index, first: int, behind: int, scratch: Numbers) -> None:
    """The cells' limits for each pixel of a row: a register for each cell, of which the next overwrites the rest."""
    n, line, wide = np.uint64, scratch[_LIMIT:], firsts[first + 1] - firsts[first] >= _LANES
    for j in range(first, behind):
        limit, at = cells[n(j)], n(firsts[n(j)])
        for k in range(_LANES):
            line[at + n(k)] = limit
        if j == behind - 1 or wide:
            for x in range(at, firsts[n(j + 1)]):
                line[n(x)] = limit


@inner
def _add(y: Plane, r: int, left: int, behind: int, scratch: Numbers) -> None:
    """Add one row to the sums, take away that of WINDOW rows ago, and keep the row's Laplacian.

    Slices and 16 bits: numba's own 64, or offsets, end vectorisation or fill registers with zeros.
    """
    before, here, after = y[r, left - 1 : behind - 1], y[r, left:behind], y[r, left + 1 : behind + 1]
    above, below = y[r - 1, left:behind], y[r + 1, left:behind]
    kept = scratch[r % WINDOW * _PITCH + left : r % WINDOW * _PITCH + behind]
    bends = scratch[_BENDS + r % WINDOW * _PITCH + left : _BENDS + r % WINDOW * _PITCH + behind]
    total = scratch[_TOTAL + left : _TOTAL + behind]
    n = np.int16
    for x in range(here.size):
        around = n(n(n(before[x]) + n(after[x])) + n(n(above[x]) + n(below[x])))
        bend = n(around - n(n(4) * n(here[x])))
        slope = n(n(abs(n(n(after[x]) - n(before[x])))) + n(abs(n(n(below[x]) - n(above[x])))))
        more = min(n(n(n(3) * n(abs(bend))) - n(slope + slope)), n(MOST))
        total[x] = n(n(total[x] - kept[x]) + more)
        kept[x] = more
        bends[x] = bend


@inner
def _mark(darker: Numbers, limit: Numbers, total: Numbers, found: Bytes) -> bool:
    """One row's marks, if any: on the dark side of an edge, half as wide and seen best. `total` begins earlier."""
    t0, t1, t2, t3, t4 = total, total[1:], total[2:], total[3:], total[4:]
    n, u, some = np.int16, np.uint16, np.uint8(0)
    for x in range(found.size):
        lead = n(n(n(t0[x] + t1[x]) + n(t2[x] + t3[x])) + t4[x])
        held = n(darker[x] & n(np.int8(found[x])))  # the Laplacian where a mark was, else 0
        sharp = (n(darker[x] + held) >= limit[x]) & (u(lead + n(_BELOW)) > u(n(_BELOW) - n(n(HELD) * held)))
        mark = np.uint8(255) if sharp else np.uint8(0)
        found[x] = mark
        some = np.uint8(some | mark)
    return bool(some != 0)
