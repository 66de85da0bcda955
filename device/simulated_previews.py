"""The previews of the simulated sensor, drawn as its image processor would; also ahead, while rows are read."""

from functools import partial

from device import isp
from device.colour import daylight_neutral
from device.dust import NO_DUST
from device.dust_removal import removed
from device.flat_field import NO_GAINS
from device.frame import Preview, Raw, Triple
from device.frame_schedule import Planned
from device.hot_pixels import NO_HOT_PIXELS
from device.mending import passed_over
from device.quad_scaling import fitted_shape
from device.sensor_facts import SensorModel


class SimulatedPreviews:
    """Draws them.

    Args:
        model: of the sensor whose mosaics they show.
        largest: rows and columns that one may have until `fit` says more.

    Attributes:
        neutral: what they take for white; by itself D65, which is the light of every scene.
        gains: of the flat field that they are corrected by.
        hot: the photosites that they go without,
        dust: and the shadows.
    """

    def __init__(self, model: SensorModel, largest: tuple[int, int]) -> None:
        self._model = model
        self._shape_of = partial(isp.preview_shape, max_rows=largest[0], max_columns=largest[1])
        self._ahead: tuple[Planned, Preview] | None = None
        self.neutral = daylight_neutral(model.facts.colour)
        self.gains = NO_GAINS
        self.hot, self.dust = NO_HOT_PIXELS, NO_DUST

    def fit(self, rows: int, columns: int) -> None:
        """Draw them that large from the next one on."""
        self._shape_of = partial(fitted_shape, max_rows=rows, max_columns=columns)

    def balance(self, neutral: Triple | None) -> None:
        """Their white; None: by itself."""
        self.neutral = neutral or daylight_neutral(self._model.facts.colour)

    def draw_ahead(self, raw: Raw, bits: int, planned: Planned) -> None:
        """That of the frame that is to complete next."""
        self._ahead = planned, self._drawn(raw, bits)

    def take(self, raw: Raw, bits: int, planned: Planned) -> Preview:
        """That of a frame, drawn now unless it was ahead."""
        ahead, self._ahead = self._ahead, None
        return ahead[1] if ahead is not None and ahead[0] == planned else self._drawn(raw, bits)

    def forget(self) -> None:
        """The frame to come will not."""
        self._ahead = None

    def _drawn(self, raw: Raw, bits: int) -> Preview:
        model, shape = self._model, self._shape_of(*raw.shape)
        levels, colour = model.levels(bits), model.facts.colour
        with passed_over(raw, self.hot), removed(raw, model.cfa, levels, self.dust):
            return isp.render(raw, model.cfa, levels, self.neutral, colour, shape, self.gains)
