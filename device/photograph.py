"""A photograph on its way to the card: the chosen frame and everything the files shall say about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum

from device.decisions import NO_DECISIONS, Decisions
from device.dust import NO_DUST, Dust
from device.flat_field import NO_GAINS, Gains
from device.frame import Frame, SensorFacts
from device.hot_pixels import NO_HOT_PIXELS, HotPixels
from device.lens import Lens
from device.opcodes import NO_OPCODES, OpcodeLists
from device.summed import Summed


class Orientation(IntEnum):
    """Which way up a picture lies in its file (EXIF 2.32, Orientation), said by what makes it upright."""

    UPRIGHT = 1
    TURN_HALF = 3
    TURN_CLOCKWISE = 6
    TURN_ANTICLOCKWISE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """One press of the shutter that got its frame.

    Attributes:
        frame: a copy that nobody else holds.
        f_number: what the user said is set on the lens; None is unknown.
        wall_ns: start of the exposure, nanoseconds since 1970 UTC.
        utc_offset_s: the local zone's offset then.
        press_offset_ns: start of the exposure minus the press; negative for a frame from before it.
        bias_ev: stops brighter (above 0) or darker than metered, wanted so: compensation and a bracket's step.
        number: in a series of photographs, from 1; 0: it belongs to none.
        of: as many as the series has; 0: nobody knew.
        decisions: what was left to the camera, and what not.
        orientation: how the picture is to be turned to stand upright, as EXIF numbers it.
        opcodes: what a developer of the DNG shall do to it, beside the flat field.
        summed: what it was added up of; None: it is one exposure of the sensor.
        hot: pixels of the sensor: pictures are developed without them, the RAW keeps them.
        gains: of the flat field: the JPEG is developed with them, and the DNG carries them as opcodes.
        dust: whose shadows are lifted in pictures; the RAW keeps them, and the DNG tells of them to mcam alone.
    """

    frame: Frame
    facts: SensorFacts
    lens: Lens
    f_number: float | None
    wall_ns: int
    utc_offset_s: int
    press_offset_ns: int
    bias_ev: float = 0.0
    number: int = 0
    of: int = 0
    decisions: Decisions = NO_DECISIONS
    orientation: Orientation = Orientation.UPRIGHT
    opcodes: OpcodeLists = NO_OPCODES
    gains: Gains = field(default_factory=lambda: NO_GAINS)
    hot: HotPixels = NO_HOT_PIXELS
    dust: Dust = NO_DUST
    summed: Summed | None = None

    @property
    def iso(self) -> int:
        """100 x gain, rounded."""
        return self.frame.exposure.iso

    @property
    def taken_at(self) -> datetime:
        """Local time of the start of the exposure, to the microsecond."""
        whole_s, rest_ns = divmod(self.wall_ns, 1_000_000_000)
        utc = datetime.fromtimestamp(whole_s, UTC) + timedelta(microseconds=rest_ns // 1000)
        return utc.astimezone(timezone(timedelta(seconds=self.utc_offset_s)))
