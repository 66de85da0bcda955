"""The tags of DNG 1.4 (Adobe, Digital Negative Specification 1.4.0.0) as we fill them. Numbers in IFD0 and raw IFD."""

import struct
from fractions import Fraction
from itertools import chain

from device import exif
from device.checksum import checksum
from device.dust import Dust
from device.dust import encoded as encoded_dust
from device.frame import Frame, Matrix
from device.ljpeg import Tiles
from device.opcodes import OpcodeLists, encoded
from device.photograph import Photograph
from device.tiff import STRIP_BYTE_COUNTS, STRIP_OFFSETS, TILE_BYTE_COUNTS, TILE_OFFSETS, Bytes, Type
from device.tiff_writer import Directory, fraction

CROP_MARGIN = 8  # photosites; the DNG SDK wants two at least, a demosaic's border is wider
COLOUR_FILTER_ARRAY = 32803
UNCOMPRESSED, JPEG = 1, 7  # lossless where the picture is a mosaic
RAW_DATA_UNIQUE_ID = 50781
PRIVATE_DATA = 50740  # DNGPrivateData: begins with whose it is
PRIVATE_HEAD = b"mcam dust\0"
_MATRIX_DENOMINATOR = 10_000  # matrices are published with four digits
_COLOURS = {"R": 0, "G": 1, "B": 2}


def put_camera(ifd0: Directory, photograph: Photograph) -> None:
    """The camera, its colour, and the lens: what holds for the whole file."""
    ifd0.put(50706, Type.BYTE, bytes((1, 4, 0, 0)))
    ifd0.put(50707, Type.BYTE, bytes((1, 1, 0, 0)))  # DNGBackwardVersion: who reads 1.1 loses nothing of the picture
    ifd0.put(50708, Type.ASCII, f"{exif.MAKER} {photograph.facts.model}")
    _put_colour(ifd0, photograph)
    for tag in (50731, 50732, 50734):  # BaselineNoise, BaselineSharpness, LinearResponseLimit
        ifd0.put(tag, Type.RATIONAL, (1, 1))
    ifd0.put(50730, Type.SRATIONAL, (0, 1))  # BaselineExposure
    ifd0.put(51041, Type.DOUBLE, *noise_profile(photograph.frame))
    if photograph.lens.focal_length_mm:
        ifd0.put(50736, Type.RATIONAL, *exif.lens_specification(photograph))


def put_opcodes(raw: Directory, opcodes: OpcodeLists) -> None:
    """What a developer shall do to the mosaic and the picture; lists without an opcode are left out."""
    for tag, opcode_list in ((51008, opcodes.stored), (51009, opcodes.linear)):
        if opcode_list:
            raw.put(tag, Type.UNDEFINED, encoded(opcode_list))


def put_dust(ifd0: Directory, dust: Dust) -> None:
    """Where it lies, for mcam alone.

    darktable takes the flat field's GainMaps only if there are four and all are of the whole picture (its
    src/iop/rawprepare.c, _check_gain_maps), so that one more to each shadow would have it leave them all out.
    """
    if dust.specks:
        ifd0.put(PRIVATE_DATA, Type.BYTE, PRIVATE_HEAD + encoded_dust(dust))


def put_marks(ifd0: Directory, frame_rate: Fraction, time_code: bytes, reel: str) -> None:
    """Where a frame stands in a CinemaDNG sequence."""
    ifd0.put(51043, Type.BYTE, time_code)  # TimeCodes
    ifd0.put(51044, Type.SRATIONAL, frame_rate.as_integer_ratio())  # FrameRate
    if reel:
        ifd0.put(51081, Type.ASCII, reel)  # ReelName


def put_mosaic(raw: Directory, frame: Frame, bits: int, compression: int) -> None:
    """Size, filters and levels of the raw data."""
    rows, columns = frame.raw.shape
    put_picture(raw, rows, columns, kind=0, photometric=COLOUR_FILTER_ARRAY, compression=compression)
    raw.put(258, Type.SHORT, bits)
    raw.put(277, Type.SHORT, 1)
    raw.put(33421, Type.SHORT, 2, 2)
    raw.put(33422, Type.BYTE, bytes(_COLOURS[letter] for letter in frame.cfa))
    raw.put(50710, Type.BYTE, bytes((0, 1, 2)))  # CFAPlaneColor
    raw.put(50711, Type.SHORT, 1)  # CFALayout: rectangular
    raw.put(50713, Type.SHORT, 2, 2)
    raw.put(50714, Type.RATIONAL, *(fraction(level, 1000) for level in black_by_place(frame)))
    raw.put(50717, Type.LONG, frame.levels.white)
    raw.put(50718, Type.RATIONAL, (1, 1), (1, 1))  # DefaultScale
    raw.put(50829, Type.LONG, 0, 0, rows, columns)  # ActiveArea: all of it
    _put_crop(raw, rows, columns)


def put_picture(
    ifd: Directory, rows: int, columns: int, kind: int, photometric: int, compression: int = UNCOMPRESSED
) -> None:
    """What every picture of the file says of itself; `kind` is NewSubFileType, 1 for a reduced one."""
    ifd.put(254, Type.LONG, kind)
    ifd.put(256, Type.LONG, columns)
    ifd.put(257, Type.LONG, rows)
    ifd.put(259, Type.SHORT, compression)
    ifd.put(262, Type.SHORT, photometric)
    ifd.put(284, Type.SHORT, 1)


def put_strip(ifd: Directory, rows: int, data: Bytes) -> None:
    """All of a picture's data in one piece."""
    ifd.put(278, Type.LONG, rows)  # RowsPerStrip
    ifd.blocks[STRIP_OFFSETS, STRIP_BYTE_COUNTS] = [data]


def put_tiles(ifd: Directory, tiles: Tiles) -> None:
    """A picture's data in rectangles, row by row."""
    ifd.put(322, Type.LONG, tiles.columns)
    ifd.put(323, Type.LONG, tiles.rows)
    ifd.blocks[TILE_OFFSETS, TILE_BYTE_COUNTS] = list(tiles.data)


def put_colours(ifd: Directory) -> None:
    """Three samples of eight bits."""
    ifd.put(258, Type.SHORT, 8, 8, 8)
    ifd.put(277, Type.SHORT, 3)


def black_by_place(frame: Frame) -> tuple[float, ...]:
    """Black of the four places of the 2 x 2 pattern, row by row, which is DNG's order; ours is by channel."""
    return tuple(frame.levels.black[channel] for channel in frame.cfa.pattern.ravel())


def noise_profile(frame: Frame) -> tuple[float, ...]:
    """NoiseProfile, scale and offset for R, G and B: variance = S x + O with x from 0 at black to 1 at white."""
    red, _, _, blue = frame.levels.black
    ranges = (frame.levels.white - black for black in (red, frame.levels.green_black, blue))
    return tuple(chain.from_iterable((frame.noise.slope_dn / dn, frame.noise.floor_dn2 / dn**2) for dn in ranges))


def unique_id(photograph: Photograph, mosaic: list[Bytes]) -> bytes:
    """RawDataUniqueID: when, which, and a checksum of the raw data as they lie in the file.

    With it a file that has its right length but lost its content in a power cut is told from a whole one.
    """
    return struct.pack(">qII", photograph.wall_ns, photograph.frame.sequence & 0xFFFFFFFF, checksum(mosaic))


def _put_colour(ifd0: Directory, photograph: Photograph) -> None:
    colour = photograph.facts.colour
    pairs = zip(((50721, 50778), (50722, 50779)), colour.matrices, colour.illuminants, strict=False)
    for (matrix_tag, illuminant_tag), matrix, illuminant in pairs:
        ifd0.put(matrix_tag, Type.SRATIONAL, *_fractions(matrix))
        ifd0.put(illuminant_tag, Type.SHORT, illuminant)
    ifd0.put(50727, Type.RATIONAL, (1, 1), (1, 1), (1, 1))  # AnalogBalance
    ifd0.put(50728, Type.RATIONAL, *(fraction(share, 1_000_000) for share in photograph.frame.neutral))


def _fractions(matrix: Matrix) -> list[tuple[int, int]]:
    return [fraction(value, _MATRIX_DENOMINATOR) for row in matrix for value in row]


def _put_crop(raw: Directory, rows: int, columns: int) -> None:
    margin = CROP_MARGIN if min(rows, columns) > 4 * CROP_MARGIN else 0
    raw.put(50719, Type.RATIONAL, (margin, 1), (margin, 1))
    raw.put(50720, Type.RATIONAL, (columns - 2 * margin, 1), (rows - 2 * margin, 1))
