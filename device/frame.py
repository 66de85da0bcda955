"""Values that travel: what a sensor delivers and what is known of it. No behaviour beyond arithmetic.

Units stand in the names: times are integer nanoseconds of the sensor's clock, exposures microseconds, gain a ratio
(ISO = 100 x gain), DN (digital numbers) are raw values right-justified in uint16.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Raw = NDArray[np.uint16]  # (rows, columns), right-justified
Plane = NDArray[np.uint8]  # (rows, columns)
Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

CHANNELS = ("R", "Gr", "Gb", "B")  # the order of every per-channel value; Gr is the green of the red rows
QUANTISATION_DN2 = 1 / 12  # variance of rounding to whole DN: no reading is quieter than that


class Cfa(StrEnum):
    """The colour filter array's 2 x 2 pattern, read row by row from the top left of the delivered array."""

    RGGB = "RGGB"
    BGGR = "BGGR"
    GRBG = "GRBG"
    GBRG = "GBRG"

    @property
    def pattern(self) -> NDArray[np.uint8]:
        """(2, 2) uint8: the index into CHANNELS of the pixel at (row & 1, column & 1)."""
        return np.array(_PATTERNS[self], np.uint8)

    @property
    def places(self) -> NDArray[np.intp]:
        """(4,) in CHANNELS order: where in the quad each channel stands, counted row by row."""
        return np.argsort(self.pattern.ravel())

    def shifted(self, rows: int, columns: int) -> "Cfa":
        """The pattern seen after cutting off that many rows and columns at the top left."""
        letters = np.roll(np.array(list(self)).reshape(2, 2), (-rows, -columns), (0, 1))
        return Cfa("".join(letters.ravel()))


_PATTERNS = {
    Cfa.RGGB: ((0, 1), (2, 3)),
    Cfa.BGGR: ((3, 2), (1, 0)),
    Cfa.GRBG: ((1, 0), (3, 2)),
    Cfa.GBRG: ((2, 3), (0, 1)),
}


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a sensor is told, or reports of one frame: microseconds and gain as a ratio; 0 where no file tells."""

    exposure_us: int
    gain: float

    @property
    def is_known(self) -> bool:
        """Both are."""
        return self.exposure_us > 0 and self.gain > 0

    @property
    def iso(self) -> int:
        """100 x gain, rounded; 0 is unknown."""
        return round(100 * self.gain)


@dataclass(frozen=True, slots=True)
class Levels:
    """Black per channel in CHANNELS order and the value at which a pixel is clipped, all in DN."""

    black: tuple[float, float, float, float]
    white: int

    @property
    def green_black(self) -> float:
        """The mean of the two greens' black."""
        return (self.black[1] + self.black[2]) / 2


@dataclass(frozen=True, slots=True)
class Noise:
    """Poisson-Gaussian noise at the frame's gain: variance_dn2 = slope_dn * (dn - black) + floor_dn2."""

    slope_dn: float
    floor_dn2: float


@dataclass(frozen=True, slots=True)
class Colour:
    """Camera colour as in DNG: XYZ to camera, row major, for one or two illuminants (EXIF LightSource codes)."""

    matrices: tuple[Matrix, ...]
    illuminants: tuple[int, ...]  # 17 = standard light A, 21 = D65


@dataclass(frozen=True, slots=True)
class Preview:
    """The screen-sized picture of the same exposure: full-range BT.601 YUV 4:2:0.

    y is (rows, columns) uint8 with both even; u and v are half that each way.
    """

    y: Plane
    u: Plane
    v: Plane


@dataclass(frozen=True, slots=True, eq=False)
class LiveFrame:
    """One exposure of a camera whose stack gives no RAW: enough to be seen, and not to be photographed.

    Everything that makes a photograph asks for a `Frame`, so no such frame can become one. sensor_timestamp_ns is as in
    `Frame`; such a camera exposes by itself and need not tell how.
    """

    sequence: int
    sensor_timestamp_ns: int
    exposure: Exposure
    preview: Preview

    @property
    def measured(self) -> tuple[int, int]:
        """(rows, columns) of what the meter reads: here of the preview's luma."""
        rows, columns = self.preview.y.shape
        return rows, columns


@dataclass(frozen=True, slots=True, eq=False)
class Frame(LiveFrame):
    """One exposure with its mosaic. Lent by a sensor until given back: `copied()` is what may outlive that.

    sensor_timestamp_ns is the end of the first row's exposure, as libcamera's SensorTimestamp is used by picamera2:
    the exposure of that row began exposure_us before it.
    """

    raw: Raw
    bits: int
    cfa: Cfa
    levels: Levels
    noise: Noise
    neutral: Triple  # camera RGB of a neutral surface under the scene's light, green = 1 (DNG AsShotNeutral)

    @property
    def measured(self) -> tuple[int, int]:
        """(rows, columns) of what the meter reads: the mosaic."""
        rows, columns = self.raw.shape
        return rows, columns

    @property
    def depth(self) -> int:
        """Bits that hold every value: the white of a sum of exposures may need more than the sensor granted."""
        return max(self.bits, self.levels.white.bit_length())

    @property
    def exposure_start_ns(self) -> int:
        """When the first row began to collect light."""
        return self.sensor_timestamp_ns - self.exposure.exposure_us * 1000

    def copied(self) -> "Frame":
        """The same frame in memory of its own."""
        planes = Preview(self.preview.y.copy(), self.preview.u.copy(), self.preview.v.copy())
        return replace(self, raw=self.raw.copy(), preview=planes)


@dataclass(frozen=True, slots=True)
class SensorFacts:
    """What is true of a sensor in every mode."""

    model: str  # "IMX477"
    width: int  # full resolution, photosites
    height: int
    pixel_pitch_um: float  # 0 where nobody knows
    gain_min: float
    gain_max: float
    exposure_min_us: int
    exposure_max_us: int
    colour: Colour
    finds_white: bool = False  # its frames tell the neutral of their light, as libcamera's automatic and files do
    obeys_exposure: bool = True  # False of stored frames, and of a camera that exposes by itself

    def covering(self, covered: tuple[int, int]) -> "SensorFacts":
        """Of the part that a cropped picture is of, `Granted.covered`: as if the sensor were no larger."""
        columns, rows = covered
        return replace(self, width=columns, height=rows) if columns and rows else self

    @property
    def crop_factor(self) -> float:
        """43.27 mm, the diagonal of 24 x 36, over this sensor's; 0 where that is not known."""
        diagonal_um = float(np.hypot(self.width, self.height)) * self.pixel_pitch_um
        return 43267.0 / diagonal_um if diagonal_um else 0.0


HISTOGRAM_STOPS = 14  # the histogram's reach below clipping; 12-bit sensors end before it
BINS_PER_STOP = 8
HISTOGRAM_BINS = HISTOGRAM_STOPS * BINS_PER_STOP
FOCUS_CELL = 8  # photosites each way
STEPS_PER_STOP = 16  # of Reading.stops
CLIPPED_STOPS = HISTOGRAM_STOPS * STEPS_PER_STOP  # what Reading.stops says of a cell whose greens are all clipped
SPOT_SHARE = 1 / 20  # of the picture's height: the side of the spot meter's square
MAGNIFIED_SPOT_SHARE = 1 / 4  # of the magnifier's
MIDDLE_GREY = 0.18  # share of white - black: 18 % reflectance where white is as bright as the sensor can tell


class Source(StrEnum):
    """What a meter read."""

    RAW = "raw"
    LUMA = "luma"  # of the preview, where there is no RAW


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the meter says of one mosaic, or in its absence of a preview's luma. Per channel in CHANNELS order.

    Attributes:
        histogram: (4, HISTOGRAM_BINS) float32 counts, of all photosites or of a part spread evenly; bin i spans EV
            -14 + i/8 to -14 + (i+1)/8 relative to clipping, the first also takes all below and the last all clipped.
        clipped_share: (4,) float32, share of each channel's photosites at or above white.
        mean: (4,) float32, mean signal as a share of white - black.
        focus: (rows // 8, columns // 8) float32, sharpness of each cell in standard deviations of pure noise; of a live
            picture that of the last frames together (`steady_detail`).
        clipped: (rows // 2n, columns // 2n) uint8 for some n >= 1, bits 1 = R, 2 = G, 4 = B clipped somewhere in it.
        focus_score: sharpness of the centre, one figure for a meter.
        noise_floor_ev: EV below clipping at which signal equals noise.
        headroom_ev: stops more light until 0.1 % of a channel clips; 0 when they do, HISTOGRAM_STOPS at most.
        stops: (rows // 8, columns // 8) uint8, how bright the greens of each cell are on average: STEPS_PER_STOP to
            the stop, 0 for -HISTOGRAM_STOPS EV and below, CLIPPED_STOPS for clipping.
        spot_ev: how bright the greens in the spot meter's square are on average, EV relative to clipping.
        source: what was read. From luma all channels are alike, and `focus` and `clipped` are of the preview's pixels
            instead of photosites (`device/luma.py`).
    """

    histogram: NDArray[np.float32]
    clipped_share: NDArray[np.float32]
    mean: NDArray[np.float32]
    focus: NDArray[np.float32]
    clipped: Plane
    focus_score: float
    noise_floor_ev: float
    headroom_ev: float
    stops: Plane
    spot_ev: float
    source: Source = Source.RAW
