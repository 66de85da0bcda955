"""A simulated sensor's frames: mosaic and preview of what is planned, made ahead where there is time."""

from device.clock import Clock
from device.delivery import Format
from device.frame import Frame
from device.frame_schedule import Planned
from device.sensor_facts import Mode, SensorModel
from device.simulated_mosaics import SimulatedMosaics
from device.simulated_previews import SimulatedPreviews


class SimulatedFrames:
    """Makes them.

    Args:
        clock: that paces the frames.
        model: which sensor.
        mosaics: the light's numbers, in buffers of theirs.
        previews: drawn of those.
    """

    def __init__(
        self, clock: Clock, model: SensorModel, mosaics: SimulatedMosaics, previews: SimulatedPreviews
    ) -> None:
        self._clock, self._model, self._mosaics, self._previews = clock, model, mosaics, previews
        self._ahead_ns = 0  # how long it took last time to work ahead of a frame's end

    def work_ahead(self, mode: Mode, form: Format, planned: Planned, next_ns: int) -> None:
        """Expose and draw the frame that ends next, as sensor and image processor do while its rows are read.

        Not where the last time it took longer than there is: it would be done in vain.
        """
        began_ns = self._clock.now_ns()
        if began_ns + self._ahead_ns > next_ns:
            self._ahead_ns -= self._ahead_ns // 8  # it may not be so for ever
            return
        raw = self._mosaics.expose_ahead(mode, form, planned)
        if raw is not None:
            self._previews.draw_ahead(raw, form.bits, planned)
            self._ahead_ns = self._clock.now_ns() - began_ns

    def frame(self, mode: Mode, form: Format, planned: Planned) -> Frame:
        """The whole frame; its RAW is one of the mosaics' buffers until that is put back."""
        bits, cfa = form.bits, self._model.cfa
        raw = self._mosaics.take(mode, form, planned)
        return Frame(
            sequence=planned.sequence, sensor_timestamp_ns=planned.sensor_timestamp_ns, exposure=planned.exposure,
            raw=raw, bits=bits, cfa=cfa, levels=self._model.levels(bits),
            noise=self._model.noise(planned.exposure.gain, mode, bits),
            neutral=self._previews.neutral, preview=self._previews.take(raw, bits, planned),
        )  # fmt: skip
