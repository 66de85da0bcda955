"""A picture as a JPEG with the same EXIF as the DNG. Knows no files."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device import exif, tiff_writer
from device.dng import EmbeddedJpeg
from device.enlarge import enlarged
from device.looks import NATURAL, Look
from device.photograph import Photograph
from device.tiff import EXIF_IFD, JPEG_BYTE_COUNT, JPEG_OFFSET, Bytes, Type
from device.tiff_writer import Directory

Picture = NDArray[np.uint8]

_THUMBNAIL_SIZE = (160, 120)  # EXIF's own, DCF 2.0
_PREVIEW_QUALITY, _THUMBNAIL_QUALITY = 85, 75
_START, _END, _SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA


def encode(picture: Picture, photograph: Photograph, quality: int, look: Look = NATURAL) -> bytes:
    """A JPEG file, chroma at full resolution, marked as sRGB in EXIF, with a thumbnail.

    Args:
        picture: (rows, columns, 3) uint8 sRGB.
        photograph: what EXIF shall say.
        quality: 1 to 95, libjpeg's scale.
        look: with which it was developed; EXIF tells of its contrast and saturation.
    """
    image = Image.fromarray(picture)
    return _compressed(image, quality, "4:4:4", b"Exif\0\0" + _exif(image, photograph, look))


def preview(picture: Picture, columns_min: int = 0) -> EmbeddedJpeg:
    """The same picture as the DNG wants it inside, enlarged if it has fewer columns than that."""
    rows, columns, _ = picture.shape
    if columns < columns_min:
        picture = enlarged(picture, round(rows * columns_min / columns), columns_min)
    image = Image.fromarray(picture)
    return EmbeddedJpeg(_compressed(image, _PREVIEW_QUALITY, "4:2:0"), image.height, image.width)


def thumbnail(picture: Picture, longest: int) -> Picture:
    """The picture made smaller, so that its longer side has at most that many pixels."""
    image = Image.fromarray(picture)
    image.thumbnail((longest, longest))
    return np.asarray(image)


def is_whole(data: Bytes) -> bool:
    """Whether a JPEG is complete: segments one after the other up to the scan, and the end marker at the very end."""
    view = memoryview(data).cast("B")
    if bytes(view[:2]) != _START or bytes(view[-2:]) != _END:
        return False
    at = 2
    while at + 4 <= len(view) and view[at] == 0xFF:
        if view[at + 1] == _SCAN:
            return True
        at += 2 + int.from_bytes(view[at + 2 : at + 4], "big")
    return False


def _compressed(image: Image.Image, quality: int, chroma: str, exif_block: bytes = b"") -> bytes:
    memory = BytesIO()
    image.save(memory, "JPEG", quality=quality, subsampling=chroma, exif=exif_block)
    return memory.getvalue()


def _exif(image: Image.Image, photograph: Photograph, look: Look) -> bytes:
    ifd0 = Directory()
    exif.describe(ifd0, photograph)
    ifd0.put(531, Type.SHORT, 1)  # YCbCrPositioning: centred
    _put_resolution(ifd0)
    details = ifd0.children[EXIF_IFD][0]
    details.put(37121, Type.UNDEFINED, bytes((1, 2, 3, 0)))  # ComponentsConfiguration: Y Cb Cr
    details.put(40960, Type.UNDEFINED, b"0100")  # FlashpixVersion, which EXIF demands
    details.put(40961, Type.SHORT, 1)  # ColorSpace: sRGB
    details.put(40962, Type.LONG, image.width)
    details.put(40963, Type.LONG, image.height)
    details.put(41992, Type.SHORT, look.exif_contrast)
    details.put(41993, Type.SHORT, look.exif_saturation)
    ifd0.following = _thumbnail(image)
    return b"".join(tiff_writer.write(ifd0))


def _thumbnail(image: Image.Image) -> Directory:
    small = image.copy() if image.width <= _THUMBNAIL_SIZE[0] else image.reduce(image.width // _THUMBNAIL_SIZE[0])
    small.thumbnail(_THUMBNAIL_SIZE)
    ifd1 = Directory()
    ifd1.put(259, Type.SHORT, 6)  # Compression: JPEG
    _put_resolution(ifd1)
    ifd1.blocks[JPEG_OFFSET, JPEG_BYTE_COUNT] = [_compressed(small, _THUMBNAIL_QUALITY, "4:2:0")]
    return ifd1


def _put_resolution(ifd: Directory) -> None:
    ifd.put(282, Type.RATIONAL, (72, 1))
    ifd.put(283, Type.RATIONAL, (72, 1))
    ifd.put(296, Type.SHORT, 2)
