"""The picture of a stored photograph, quickly: the JPEG inside a DNG, or a JPEG decoded small. Pure."""

from io import BytesIO

import numpy as np
from PIL import Image

from device import tiff
from device.errors import BadPicture
from device.frame import Preview
from device.tiff import STRIP_BYTE_COUNTS, STRIP_OFFSETS, Bytes, Ifd, Parts

PIXELS_MAX = 1 << 28  # of a picture that is looked at: four times the largest sensor's; more is made to do harm
BYTES_MAX = 1 << 26  # of the same as a file: three times the largest JPEG of the largest sensor
_JPEG_START, _EXIF_START = b"\xff\xd8\xff", b"Exif\0\0"
_SCAN, _APP1 = 0xDA, 0xE1
_YCBCR, _RGB = (6,), (2,)
_COLUMNS, _ROWS = 256, 257
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, IndexError, Image.DecompressionBombError)


def is_jpeg(data: Parts) -> bool:
    """Whether a file is a JPEG by its beginning."""
    return bytes(data[:3]) == _JPEG_START


def directories(data: Parts) -> list[Ifd]:
    """Those of a DNG, or of the EXIF in a JPEG; none in a JPEG without.

    Raises:
        BadPicture: it is neither, or damaged.
    """
    if not is_jpeg(data):
        return tiff.read(data)
    block = _exif(data)
    return tiff.read(block) if block else []


def preview(data: Parts, ifds: list[Ifd], rows_max: int, columns_max: int) -> Preview:
    """The picture, at most so large: of several in a DNG the smallest that fills that, else the largest.

    Args:
        data: the file; of a DNG only the embedded picture is read.
        ifds: its `directories`.
        rows_max: pixels.
        columns_max: pixels.

    Raises:
        BadPicture: there is none, or it is damaged.
    """
    if is_jpeg(data):
        return _decoded(_part(data, 0, len(data)), rows_max, columns_max)
    jpegs = sorted((ifd for ifd in ifds if _is_jpeg_strip(ifd)), key=_columns)
    if jpegs:
        wanted = next((ifd for ifd in jpegs if _columns(ifd) >= columns_max), jpegs[-1])
        return _decoded(_strip(data, wanted), rows_max, columns_max)
    plain = next((ifd for ifd in ifds if _is_plain_strip(ifd)), None)
    if plain is None:
        raise BadPicture("it has no picture inside")
    return _fitted(_plain(_strip(data, plain), plain), rows_max, columns_max)


def _exif(data: Parts) -> Bytes | None:
    """The EXIF block of a JPEG, by its segments (ITU T.81, B.1.1)."""
    at = 2
    while at + 4 <= len(data):
        head = bytes(data[at : at + 4])
        marker, size = head[1], int.from_bytes(head[2:], "big")
        if head[0] != 0xFF or marker == _SCAN or size < 2:
            return None
        if marker == _APP1 and bytes(data[at + 4 : at + 10]) == _EXIF_START:
            return data[at + 10 : at + 2 + size]
        at += 2 + size
    return None


def _columns(ifd: Ifd) -> int:
    return next(iter(ifd.integers(_COLUMNS)), 0)


def _is_jpeg_strip(ifd: Ifd) -> bool:
    """Baseline JPEG as DNG embeds previews: compression 7 (or 6, in old files) and YCbCr in one strip."""
    return _is_one_strip(ifd) and ifd.integers(259) in ((6,), (7,)) and ifd.integers(262) == _YCBCR


def _is_plain_strip(ifd: Ifd) -> bool:
    is_plain = ifd.integers(258) == (8, 8, 8) and ifd.integers(259) == (1,) and ifd.integers(262) == _RGB
    return is_plain and _is_one_strip(ifd)


def _is_one_strip(ifd: Ifd) -> bool:
    return all(len(ifd.integers(tag)) == 1 for tag in (_COLUMNS, _ROWS, STRIP_OFFSETS, STRIP_BYTE_COUNTS))


def _strip(data: Parts, ifd: Ifd) -> Bytes:
    (start,), (size,) = ifd.integers(STRIP_OFFSETS), ifd.integers(STRIP_BYTE_COUNTS)
    return _part(data, start, size)


def _part(data: Parts, start: int, size: int) -> Bytes:
    if size > BYTES_MAX:
        raise BadPicture("its picture is too large to be looked at")
    return data[start : start + size]


def _plain(strip: Bytes, ifd: Ifd) -> Image.Image:
    (columns,), (rows,) = ifd.integers(_COLUMNS), ifd.integers(_ROWS)
    if len(strip) != rows * columns * 3:
        raise BadPicture("its picture is cut short")
    return Image.frombytes("RGB", (columns, rows), bytes(strip)).convert("YCbCr")


def _decoded(jpeg: Bytes, rows_max: int, columns_max: int) -> Preview:
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
            if image.width * image.height > PIXELS_MAX:
                raise BadPicture("its picture is too large to be looked at")
            image.draft("YCbCr", (columns_max, rows_max))  # decodes at 1/2, 1/4 or 1/8 right away
            return _fitted(image.convert("YCbCr"), rows_max, columns_max)
    except _DAMAGE as error:
        raise BadPicture(f"its picture is damaged: {error}") from error


def _fitted(image: Image.Image, rows_max: int, columns_max: int) -> Preview:
    """Planes of even size; JPEG's YCbCr is the same full-range BT.601 as a frame's preview (JFIF 1.02)."""
    image.thumbnail((columns_max, rows_max), Image.Resampling.BILINEAR)
    columns, rows = image.width // 2 * 2, image.height // 2 * 2
    if min(columns, rows) < 2:
        raise BadPicture("its picture is too small to be seen")
    y, u, v = image.crop((0, 0, columns, rows)).split()
    small = [np.array(plane.reduce(2)) for plane in (u, v)]
    return Preview(np.array(y), *small)
