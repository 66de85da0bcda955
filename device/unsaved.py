"""Photographs that were taken and are not yet safe: made of a frame and a press, answered by what becomes of them."""

from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from device import decisions, opcodes
from device.dials import Dials
from device.dust import NO_DUST
from device.errors import McamError
from device.flat_field import NO_GAINS
from device.frame import Frame, SensorFacts
from device.hot_pixels import NO_HOT_PIXELS
from device.lens import Lens
from device.metering import compensation_ev
from device.opcodes import NO_OPCODES
from device.photograph import Orientation, Photograph
from device.presses import Press
from device.protocol import Photo
from device.states import ExposureState


class Unsaved:
    """Those of one camera. Not for several threads at once.

    Args:
        wall: (wall_ns, utc_offset_s) at an instant of the sensor's clock.
    """

    def __init__(self, wall: Callable[[int], tuple[int, int]]) -> None:
        self.gains = NO_GAINS  # of the flat field; film, which takes a part of the sensor, goes without
        self.dust, self.hot = NO_DUST, NO_HOT_PIXELS  # likewise
        self.orientation = Orientation.UPRIGHT  # likewise
        self._wall = wall
        self._waiting: dict[int, tuple[Photograph, Future[Photo]]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, frame: Frame, press: Press, facts: SensorFacts, lens: Lens, dials: Dials) -> None:
        """Make a photograph of a frame that is nobody else's, and leave it to the darkroom."""
        shot = press.shot
        exposure = dials.exposure if shot.summed is None else by_hand(dials.exposure)
        wall_ns, utc_offset_s = self._wall(frame.exposure_start_ns)
        is_automatic = exposure.mode == "A" or exposure.auto_iso
        photograph = Photograph(
            frame=frame,
            facts=facts,
            lens=lens,
            f_number=exposure.f_number,
            wall_ns=wall_ns,
            utc_offset_s=utc_offset_s,
            press_offset_ns=frame.exposure_start_ns - shot.pressed_ns,
            gains=self.gains,
            hot=self.hot,
            dust=self.dust,
            opcodes=opcodes.of_hot_pixels(self.hot, frame) if dials.card.fix_bad_pixels else NO_OPCODES,
            bias_ev=shot.step_ev + (compensation_ev(exposure.metering, exposure.ev) if is_automatic else 0.0),
            number=shot.number,
            of=shot.of,
            decisions=decisions.of(exposure, dials.white_balance),
            summed=shot.summed,
            orientation=self.orientation,
        )
        self._waiting[id(photograph)] = (photograph, press.saved)
        press.ticket.submit(photograph)

    def unpressed(self, frame: Frame, facts: SensorFacts, lens: Lens, exposure: ExposureState) -> Photograph:
        """A frame of film, that nobody waits for."""
        wall = self._wall(frame.exposure_start_ns)
        return Photograph(frame, facts, lens, exposure.f_number, *wall, press_offset_ns=0)

    def done(self, photograph: Photograph, outcome: Photo | McamError) -> None:
        """It is safe on the card, or cannot be."""
        _, saved = self._waiting.pop(id(photograph))
        if isinstance(outcome, McamError):
            saved.set_exception(outcome)
        else:
            saved.set_result(outcome)


def by_hand(exposure: ExposureState) -> ExposureState:
    """What the dials come to where the photographer alone said how long: nothing was metered or compensated."""
    return msgspec.structs.replace(exposure, mode="M", auto_iso=False)
