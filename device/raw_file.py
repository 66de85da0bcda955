"""A RAW file as a value: its mosaic and everything that must be known to use it.

LibRaw decodes the mosaic, every maker's way of storing it. What LibRaw keeps to itself or rounds (matrices, fractions
of black levels, noise, exposure) is read from the tags; numbers of tags are those of TIFF/EP, EXIF 2.32 and DNG 1.4.
"""

import math
import mmap
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device import regular_file, tiff
from device.colour import SRGB_TO_XYZ
from device.errors import BadPicture, MissingPackage
from device.frame import Cfa, Colour, Exposure, Levels, Matrix, Noise, Raw, Triple
from device.noise import estimate
from device.tiff import Ifd

MODEL, UNIQUE_MODEL = 272, 50708
EXPOSURE_TIME, ISO = 33434, 34855
FOCAL_LENGTH, FOCAL_LENGTH_35MM = 37386, 41989
FOCAL_PLANE_X, FOCAL_PLANE_UNIT = 41486, 41488
BLACK_REPEAT, BLACK_LEVEL, ACTIVE_AREA = 50713, 50714, 50829
MATRICES, ILLUMINANTS, AS_SHOT_NEUTRAL, NOISE_PROFILE = (50721, 50722), (50778, 50779), 50728, 51041

WARM = (3, 17, 24)  # EXIF LightSource: tungsten, standard light A, ISO studio tungsten
D65 = 21
INCH = 2
UNIT_UM = {INCH: 25_400.0, 3: 10_000.0, 4: 1000.0, 5: 1.0}  # FocalPlaneResolutionUnit: inch, cm, mm, um
FULL_FRAME_MM = 36.0


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a file before its mosaic is decoded."""

    model: str
    rows: int
    columns: int
    pixel_pitch_um: float
    exposure: Exposure
    colour: Colour


@dataclass(frozen=True, slots=True, eq=False)
class StoredRaw:
    """The mosaic's active area and what it means."""

    raw: Raw
    bits: int
    cfa: Cfa
    levels: Levels
    noise: Noise
    neutral: Triple


def read_head(path: Path) -> Head:
    """Look at a file and see that all of it is there.

    Raises:
        BadPicture: it is no TIFF-based RAW with a Bayer mosaic, or only part of one.
        MissingPackage: rawpy is not installed.
    """
    ifds = _whole_tags(path)
    with _opened(path) as file:
        rows, columns = int(file.sizes.height), int(file.sizes.width)
        return Head(
            model=(tiff.find_text(ifds, UNIQUE_MODEL) or tiff.find_text(ifds, MODEL)).removeprefix("mcam "),
            rows=rows,
            columns=columns,
            pixel_pitch_um=_pixel_pitch_um(ifds, columns),
            exposure=_exposure(ifds),
            colour=_colour(ifds, file),
        )


def read(path: Path) -> StoredRaw:
    """Decode a file.

    Returns:
        The active area as LibRaw sees it, (rows, columns) uint16 as stored, in memory of its own. Noise is the file's
        own NoiseProfile, else estimated from the mosaic.

    Raises:
        BadPicture, MissingPackage: as `read_head`.
    """
    ifds = _whole_tags(path)
    with _opened(path) as file:
        cfa = _cfa(file, path)
        raw = np.array(file.raw_image_visible, np.uint16, order="C")
        levels = Levels(_black(ifds, file, cfa), int(file.white_level))
        if levels.white <= max(levels.black):
            raise BadPicture(f"{path.name} is damaged: its black level is not below its white level.")
        return StoredRaw(
            raw=raw,
            bits=max(levels.white.bit_length(), int(raw.max(initial=0)).bit_length()),
            cfa=cfa,
            levels=levels,
            noise=_noise(ifds, levels) or estimate(raw, cfa, levels),
            neutral=_neutral(ifds, file),
        )


def _whole_tags(path: Path) -> list[Ifd]:
    """The file's directories, once every strip they name is seen to lie inside it.

    The file is mapped, not read: the views that the directories hold keep the map alive.
    """
    try:
        with regular_file.opened(path) as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise BadPicture(f"{path.name} cannot be read ({error.strerror}): check it.") from error
    except ValueError as error:  # nothing can be mapped of it
        raise BadPicture(f"{path.name} is empty: copy it from the card again.") from error
    try:
        ifds = tiff.read(data)
    except BadPicture as error:
        raise BadPicture(f"{path.name}: {error}") from error
    if not tiff.holds_its_data(ifds, len(data)):
        raise BadPicture(f"{path.name} is only part of a picture: copy it from the card again.")
    return ifds


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """LibRaw's view of the file; whatever it has to complain about is one sentence."""
    try:
        import rawpy  # noqa: PLC0415 - an optional package
    except ImportError as error:
        raise MissingPackage(f"Stored RAW files need LibRaw: {sys.executable} -m pip install rawpy.") from error
    try:
        with rawpy.imread(str(path)) as file:
            yield file
    except rawpy.LibRawError as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise BadPicture(f"LibRaw cannot read {path.name}: {reason}.") from error


def _cfa(file: Any, path: Path) -> Cfa:  # noqa: ANN401 - rawpy ships no types
    """The pattern from the visible area's top left; LibRaw moves odd margins to even ones, so it knows best."""
    pattern = file.raw_pattern
    if pattern is not None and pattern.shape == (2, 2) and file.raw_image is not None:
        letters = "".join(chr(file.color_desc[index]) for index in pattern.ravel())
        if letters in set(Cfa):
            return Cfa(letters)
    raise BadPicture(f"{path.name} holds no Bayer mosaic, which is all that mcam can show: choose another file.")


def _black(ifds: list[Ifd], file: Any, cfa: Cfa) -> tuple[float, float, float, float]:  # noqa: ANN401 - as above
    """Per channel. The tag's pattern begins at the active area, which LibRaw may have cut by a row or column."""
    by_place = np.zeros((2, 2))
    stored, repeat = tiff.find(ifds, BLACK_LEVEL), tiff.find(ifds, BLACK_REPEAT) or (1.0, 1.0)
    if len(stored) in (1, 4) and len(stored) == repeat[0] * repeat[1] and np.isfinite(stored).all():
        top, left = (int(edge) for edge in (tiff.find(ifds, ACTIVE_AREA) or (0, 0))[:2])
        cut = (file.sizes.top_margin - top, file.sizes.left_margin - left)
        by_place[:] = np.roll(np.reshape(stored, (int(repeat[0]), int(repeat[1]))), (-cut[0], -cut[1]), (0, 1))
    else:
        by_place[:] = np.array(file.black_level_per_channel)[file.raw_pattern]
    ordered = by_place.ravel()[cfa.places]
    return float(ordered[0]), float(ordered[1]), float(ordered[2]), float(ordered[3])


def _noise(ifds: list[Ifd], levels: Levels) -> Noise | None:
    """NoiseProfile: variance = S x + O with x from 0 at black to 1 at white; the greens', of one or three planes."""
    stored = tiff.find(ifds, NOISE_PROFILE)
    if len(stored) not in (2, 6):
        return None
    scale, offset = stored[2:4] if len(stored) == 6 else stored
    full_dn = levels.white - levels.green_black
    noise = Noise(scale * full_dn, offset * full_dn**2)
    return noise if 0 < noise.slope_dn < math.inf and 0 < noise.floor_dn2 < math.inf else None


def _neutral(ifds: list[Ifd], file: Any) -> Triple:  # noqa: ANN401 - as above
    """AsShotNeutral, else what the camera's or else LibRaw's daylight gains make neutral, with green 1."""
    gains = (np.array(wb[:3], float) for wb in (file.camera_whitebalance, file.daylight_whitebalance))
    with np.errstate(divide="ignore"):
        candidates = [np.array(tiff.find(ifds, AS_SHOT_NEUTRAL)), *(1 / gain for gain in gains), np.ones(3)]
    found = next(c for c in candidates if c.size == 3 and np.isfinite(c).all() and c.min() > 0)
    return float(found[0] / found[1]), 1.0, float(found[2] / found[1])


def _number(ifds: list[Ifd], tag: int, otherwise: float = 0.0) -> float:
    """The first value of a tag; where there is none, or it is no number, the other."""
    value = next(iter(tiff.find(ifds, tag)), otherwise)
    return value if math.isfinite(value) else otherwise


def _exposure(ifds: list[Ifd]) -> Exposure:
    """As the tags say; 0, which is unknown, where they say nothing that can be."""
    time_s, iso = _number(ifds, EXPOSURE_TIME), _number(ifds, ISO)
    return Exposure(round(max(time_s, 0) * 1e6), max(iso, 0) / 100)


def _colour(ifds: list[Ifd], file: Any) -> Colour:  # noqa: ANN401 - as above
    """The matrices, the one for daylight last; a file that tells none is taken to be sRGB already."""
    found: list[tuple[int, Matrix]] = []
    for matrix_tag, illuminant_tag in zip(MATRICES, ILLUMINANTS, strict=True):
        matrix = _matrix(np.array(tiff.find(ifds, matrix_tag)))
        if matrix:
            found.append((int(_number(ifds, illuminant_tag)) or D65, matrix))
    known = _matrix(np.array(file.rgb_xyz_matrix)[:3].ravel()) or _matrix(np.linalg.inv(SRGB_TO_XYZ).ravel())
    assert known is not None  # noqa: S101 - sRGB's can be inverted
    found = sorted(found, key=lambda pair: pair[0] not in WARM) or [(D65, known)]
    return Colour(tuple(matrix for _, matrix in found), tuple(illuminant for illuminant, _ in found))


def _matrix(values: NDArray[np.float64]) -> Matrix | None:
    """Nine values that can be inverted."""
    if values.size != 9 or not np.isfinite(values).all() or abs(np.linalg.det(values.reshape(3, 3))) < 1e-9:
        return None
    r, g, b = ((float(row[0]), float(row[1]), float(row[2])) for row in values.reshape(3, 3))
    return r, g, b


def _pixel_pitch_um(ifds: list[Ifd], columns: int) -> float:
    """From the focal plane's resolution, else from the two focal lengths, else as if the sensor were full frame."""
    per_unit = _number(ifds, FOCAL_PLANE_X)
    unit_um = UNIT_UM.get(int(_number(ifds, FOCAL_PLANE_UNIT, INCH)))
    if unit_um and per_unit > 0:
        return unit_um / per_unit
    focal, equivalent = (_number(ifds, tag) for tag in (FOCAL_LENGTH, FOCAL_LENGTH_35MM))
    crop = equivalent / focal if focal > 0 and equivalent > 0 else 1.0
    return 1000 * FULL_FRAME_MM / crop / columns
