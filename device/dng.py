"""A photograph as a DNG: RAW as the sensor gave it, bit for bit, with thumbnail, preview and EXIF. Knows no files."""

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from device import dng_tags, exif, ljpeg, tiff
from device.checksum import checksum
from device.errors import BadPicture
from device.ljpeg import Each
from device.opcodes import with_gains
from device.pack import depth_of, packed
from device.photograph import Photograph
from device.tiff import STRIP_BYTE_COUNTS, STRIP_OFFSETS, SUB_IFDS, TILE_BYTE_COUNTS, TILE_OFFSETS, Bytes, Ifd, Type
from device.tiff_writer import Directory, write

RawForm = Literal["lossless", "packed"]  # lossless JPEG, or uncompressed in as few bits as there are


@dataclass(frozen=True, slots=True)
class EmbeddedJpeg:
    """The preview inside a DNG: sRGB, chroma halved both ways (4:2:0), without EXIF of its own."""

    data: bytes
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class FrameMarks:
    """What CinemaDNG says of one frame of a sequence: eight bytes of time code, and the reel's name, "" for none."""

    frame_rate: Fraction
    time_code: bytes
    reel: str


def encode(
    photograph: Photograph,
    thumbnail: NDArray[np.uint8],
    preview: EmbeddedJpeg,
    raw: RawForm = "lossless",
    each: Each = map,
) -> list[Bytes]:
    """A DNG 1.4 file as buffers to be written one after the other.

    Args:
        photograph: what was taken.
        thumbnail: (rows, columns, 3) uint8 sRGB, about 256 wide: the first picture of the file.
        preview: the second.
        raw: how the mosaic is stored; one that lossless JPEG would make longer is packed all the same.
        each: as in `ljpeg.encode`.

    Returns:
        Buffers of bytes; the raw data are brought into their file form and not copied again.
    """
    mosaic = _mosaic(photograph, raw, each)
    ifd0 = _thumbnail(thumbnail)
    _describe(ifd0, photograph, mosaic)
    ifd0.children[SUB_IFDS] = [mosaic, _preview(preview, photograph)]
    return write(ifd0)


def encode_frame(photograph: Photograph, marks: FrameMarks, raw: RawForm = "lossless", each: Each = map) -> list[Bytes]:
    """One frame of a CinemaDNG sequence: the same without thumbnail and preview, the mosaic being the only picture."""
    mosaic = _mosaic(photograph, raw, each)
    _describe(mosaic, photograph, mosaic)
    dng_tags.put_marks(mosaic, marks.frame_rate, marks.time_code, marks.reel)
    return write(mosaic)


def raw_ifd(ifds: list[Ifd]) -> Ifd | None:
    """The directory of the mosaic among those of a DNG; None where there is none."""
    return next((ifd for ifd in ifds if ifd.integers(262) == (dng_tags.COLOUR_FILTER_ARRAY,)), None)


def is_whole(data: Bytes) -> bool:
    """Whether a DNG is complete: all it names lies inside and, if we wrote it, its raw data are those we wrote."""
    try:
        ifds = tiff.read(data)
    except BadPicture:
        return False
    raw = raw_ifd(ifds)
    if raw is None or not tiff.holds_its_data(ifds, memoryview(data).nbytes):
        return False
    return not tiff.find_text(ifds, 305).startswith(exif.MAKER) or _raw_is_ours(memoryview(data), ifds, raw)


def _raw_is_ours(data: memoryview, ifds: list[Ifd], raw: Ifd) -> bool:
    offsets = raw.integers(STRIP_OFFSETS) or raw.integers(TILE_OFFSETS)
    counts = raw.integers(STRIP_BYTE_COUNTS) or raw.integers(TILE_BYTE_COUNTS)
    blocks: list[Bytes] = [data[at : at + count] for at, count in zip(offsets, counts, strict=True)]
    written = tiff.find(ifds, dng_tags.RAW_DATA_UNIQUE_ID)  # numbers of any kind, where the card gives back rubbish
    return len(written) == 16 and written[12:] == tuple(struct.pack(">I", checksum(blocks)))


def _describe(ifd0: Directory, photograph: Photograph, mosaic: Directory) -> None:
    """What holds for the whole file."""
    exif.describe(ifd0, photograph)
    dng_tags.put_camera(ifd0, photograph)
    (raw_data,) = mosaic.blocks.values()
    ifd0.put(dng_tags.RAW_DATA_UNIQUE_ID, Type.BYTE, dng_tags.unique_id(photograph, raw_data))
    dng_tags.put_dust(ifd0, photograph.dust)


def _mosaic(photograph: Photograph, form: RawForm, each: Each) -> Directory:
    mosaic, frame = Directory(), photograph.frame
    bits = frame.depth
    dng_tags.put_opcodes(mosaic, with_gains(photograph.opcodes, photograph.gains, frame.cfa, frame.raw.shape))
    if form == "lossless":
        depth = depth_of(frame.raw, bits)
        tiles = ljpeg.encode(frame.raw, depth, each)
        if tiles is not None:
            dng_tags.put_mosaic(mosaic, frame, depth, dng_tags.JPEG)
            dng_tags.put_tiles(mosaic, tiles)
            return mosaic
    bits, samples = packed(frame.raw, bits)
    dng_tags.put_mosaic(mosaic, frame, bits, dng_tags.UNCOMPRESSED)
    dng_tags.put_strip(mosaic, len(frame.raw), samples.data)
    return mosaic


def _thumbnail(picture: NDArray[np.uint8]) -> Directory:
    ifd0 = Directory()
    rows, columns, _ = picture.shape
    dng_tags.put_picture(ifd0, rows, columns, kind=1, photometric=2)
    dng_tags.put_colours(ifd0)
    dng_tags.put_strip(ifd0, rows, picture.tobytes())
    return ifd0


def _preview(preview: EmbeddedJpeg, photograph: Photograph) -> Directory:
    ifd = Directory()
    dng_tags.put_picture(ifd, preview.rows, preview.columns, kind=1, photometric=6, compression=dng_tags.JPEG)
    dng_tags.put_colours(ifd)
    ifd.put(530, Type.SHORT, 2, 2)  # YCbCrSubSampling
    ifd.put(531, Type.SHORT, 1)  # YCbCrPositioning: centred, as in JFIF
    ifd.put(532, Type.RATIONAL, (0, 1), (255, 1), (128, 1), (255, 1), (128, 1), (255, 1))  # ReferenceBlackWhite
    ifd.put(50966, Type.ASCII, exif.MAKER)  # PreviewApplicationName
    ifd.put(50967, Type.ASCII, exif.SOFTWARE.removeprefix(exif.MAKER).strip())
    ifd.put(50970, Type.LONG, 2)  # PreviewColorSpace: sRGB
    ifd.put(50971, Type.ASCII, photograph.taken_at.isoformat(timespec="seconds"))
    dng_tags.put_strip(ifd, preview.rows, preview.data)
    return ifd
