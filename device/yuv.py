"""Pictures as cameras without RAW lay them into memory, and which of those on offer to ask for. Pure.

Formats by libcamera's names, which are the Linux kernel's (Documentation/userspace-api/media/v4l/yuv-formats.rst).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.errors import NoCamera
from device.frame import Plane, Preview

Bytes = NDArray[np.uint8]  # (bytes,) of one picture
Size = tuple[int, int]  # columns, rows


@dataclass(frozen=True, slots=True)
class Stored:
    """One picture in memory.

    Attributes:
        name: of the format, one of `FORMATS`.
        columns: of the picture, as `rows`.
        stride: bytes from row to row.
        limited: luma runs from 16 to 235 and chroma from 16 to 240, not all the way.
    """

    name: str
    columns: int
    rows: int
    stride: int
    limited: bool

    def preview(self, memory: Bytes, max_rows: int, max_columns: int) -> Preview:
        """The picture in memory of its own, in full range.

        One that is larger than wanted is shrunk: each pixel is the mean of n x n, n as small as may be. An odd last row
        or column of pixels is left out.
        """
        n = max(1, -(-self.rows // max_rows), -(-self.columns // max_columns))
        rows, columns = self.rows // n // 2 * 2, self.columns // n // 2 * 2
        y, u, v = _PLANES[self.name](memory, self.rows, self.stride)
        luma, chroma = (_LUMA, _CHROMA) if self.limited else (_AS_IS, _AS_IS)
        half = rows // 2, columns // 2
        return Preview(luma[_shrunk(y, n, rows, columns)], *(chroma[_shrunk(c, n, *half)] for c in (u, v)))


def chosen(offered: Mapping[str, Sequence[Size]], rows: int, columns: int) -> tuple[str, Size]:
    """The format and size to ask for: the largest that fits into those rows and columns, else the smallest.

    Raises:
        NoCamera: there is no format among them that we can read.
    """
    name = next((name for name in FORMATS if offered.get(name)), None)
    if name is None:
        raise NoCamera(
            f"The camera offers no picture that mcam can read ({', '.join(offered) or 'none at all'}): use one that "
            f"offers {', '.join(FORMATS[:-1])} or {FORMATS[-1]}."
        )
    by_area = sorted(offered[name], key=lambda size: size[0] * size[1])
    fitting = [size for size in by_area if size[0] <= columns and size[1] <= rows]
    return name, fitting[-1] if fitting else by_area[0]


def _shrunk(plane: Plane, n: int, rows: int, columns: int) -> Plane:
    """Its first rows and columns of means over n x n pixels."""
    if n == 1:
        return plane[:rows, :columns]
    total = np.full((rows, columns), n * n // 2, np.uint32)  # half a level, so that the division rounds
    for i in range(n):
        for j in range(n):
            total += plane[i : n * rows : n, j : n * columns : n]
    return (total // (n * n)).astype(np.uint8)


def _yuv420(memory: Bytes, rows: int, stride: int) -> tuple[Plane, Plane, Plane]:
    u, v = memory[rows * stride :][: rows // 2 * stride].reshape(2, rows // 2, stride // 2)
    return memory[: rows * stride].reshape(rows, stride), u, v


def _nv12(memory: Bytes, rows: int, stride: int) -> tuple[Plane, Plane, Plane]:
    chroma = memory[rows * stride :][: rows // 2 * stride].reshape(rows // 2, stride)
    return memory[: rows * stride].reshape(rows, stride), chroma[:, ::2], chroma[:, 1::2]


def _yuyv(memory: Bytes, rows: int, stride: int) -> tuple[Plane, Plane, Plane]:
    """Colours are given for each row; every other row's are left out."""
    packed = memory[: rows * stride].reshape(rows, stride)
    return packed[:, ::2], packed[::2, 1::4], packed[::2, 3::4]


def _levels(values: NDArray[np.float64]) -> Bytes:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


_PLANES: Mapping[str, Callable[[Bytes, int, int], tuple[Plane, Plane, Plane]]] = {
    "YUV420": _yuv420,
    "NV12": _nv12,
    "YUYV": _yuyv,
}
FORMATS = tuple(_PLANES)  # the one that takes least work first
# (256,) uint8: what each level of a limited range is in the full one, by the ranges of ITU-R BT.601-7, 2.5.3.
_ALL = np.arange(256, dtype=np.float64)
_LUMA, _CHROMA, _AS_IS = _levels((_ALL - 16) * 255 / 219), _levels((_ALL - 128) * 255 / 224 + 128), _levels(_ALL)
